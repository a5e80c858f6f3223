//! The ids of headings.

use std::collections::{HashMap, HashSet};

use crate::model::{CommonMark, HeadingIds};
use crate::slug::hexo::{Case, slugize};
use crate::tree::html::render_fragment;
use crate::tree::text::plain_text;
use crate::tree::{Node, NodeKind};

/// Gives headings the ids that the engine gives them.
pub fn number(root: &mut Node, commonmark: &CommonMark) {
    let mut used = HashMap::new();
    match commonmark.heading_ids {
        HeadingIds::None => each(root, &mut |_, _| None),
        HeadingIds::Slugs { from } => {
            each(root, &mut |level, content| (level >= from).then(|| hexo_slug(&plain_text(content), &mut used)))
        }
        HeadingIds::Github => numbered(root, github),
        HeadingIds::Zola => numbered(root, |text| slug::slugify(text)),
        HeadingIds::ZolaSafe => numbered(root, safe),
        HeadingIds::Ascii => each(root, &mut |_, content| Some(ascii(&render_fragment(content), &mut used))),
    }
}

fn each(node: &mut Node, id_of: &mut impl FnMut(u8, &[Node]) -> Option<String>) {
    if let NodeKind::Heading { level, .. } = node.kind {
        let id = id_of(level, &node.children);
        node.kind = NodeKind::Heading { level, id };
        return;
    }
    node.children.iter_mut().filter(|child| child.kind.is_block()).for_each(|child| each(child, id_of));
}

/// Hugo and Zola leave the ids that authors give, and number the others.
fn numbered(root: &mut Node, id_of: impl Fn(&str) -> String) {
    let mut ids = Numbered::default();
    let mut typed = Vec::new();
    typed_ids(root, &mut typed);
    let mut typed = typed.into_iter();
    each(root, &mut |_, content| {
        Some(match typed.next().flatten() {
            Some(id) => {
                ids.take(&id);
                id
            }
            None => ids.next(id_of(&plain_text(content))),
        })
    });
}

fn typed_ids(node: &Node, typed: &mut Vec<Option<String>>) {
    if let NodeKind::Heading { id, .. } = &node.kind {
        typed.push(id.clone());
        return;
    }
    node.children.iter().filter(|child| child.kind.is_block()).for_each(|child| typed_ids(child, typed));
}

/// Ids of a page, of which none is there twice: Hugo, goldmark and Zola number repeated ones from 1.
#[derive(Default)]
pub(crate) struct Numbered {
    used: HashSet<String>,
    /// The last number that each text has got.
    numbers: HashMap<String, usize>,
}

impl Numbered {
    /// An id that the author gives.
    pub fn take(&mut self, id: &str) {
        self.used.insert(id.to_owned());
    }

    /// The id, or the first number behind it that is free.
    pub fn next(&mut self, base: String) -> String {
        if self.used.insert(base.clone()) {
            return base;
        }
        let last = self.numbers.entry(base.clone()).or_default();
        loop {
            *last += 1;
            let id = format!("{base}-{last}");
            if self.used.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// An id that no heading has: where it is not worth knowing what goldmark computes.
pub(crate) const UNKNOWN: &str = "?";

/// Hugo (`autoid.go`, type `github`): letters, digits and `_` lower-cased, space and `-` become `-`, the rest goes.
pub(crate) fn github(text: &str) -> String {
    let mut id = String::new();
    for c in text.trim().chars() {
        match c {
            ' ' | '-' => id.push('-'),
            '_' => id.push('_'),
            // Go's `unicode.IsLetter` and `IsDigit`
            c if c.is_alphabetic() || c.is_ascii_digit() => id.extend(c.to_lowercase()),
            c if c.is_numeric() => return UNKNOWN.to_owned(),
            _ => {}
        }
    }
    if id.is_empty() { "heading".to_owned() } else { id }
}

/// Zola with `anchors = "safe"` (`slugs.rs`): only ASCII white space becomes `_`.
pub(crate) fn safe(text: &str) -> String {
    text.trim().split_ascii_whitespace().collect::<Vec<_>>().join("_")
}

/// hexo-renderer-markdown-it (`anchors.js`): the first repetition is 2.
fn hexo_slug(text: &str, used: &mut HashMap<String, usize>) -> String {
    let slug = slugize(text, Case::Keep);
    let count = used.entry(slug.clone()).and_modify(|count| *count += 1).or_insert(1);
    if *count > 1 { format!("{slug}-{count}") } else { slug }
}

/// jekyll-commonmark-ghpages (`generate_id`): the HTML of the heading, from its first letter on, without anything but
/// letters, digits, spaces and `-`; the first repetition is 1.
fn ascii(html: &str, used: &mut HashMap<String, usize>) -> String {
    let from = html.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(html.len());
    let kept = html[from..].chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'));
    let id: String = kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
    let id = if id.is_empty() { "section".to_owned() } else { id };
    let count = used.entry(id.clone()).and_modify(|count| *count += 1).or_insert(0);
    if *count > 0 { format!("{id}-{count}") } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn github_pages_makes_ids_of_ascii_letters() {
        let mut used = HashMap::new();
        let ids: Vec<String> = ["1. A <code>b</code>-C!", "A codebcode-C", "标题", "二", "Ünï"]
            .iter()
            .map(|html| ascii(html, &mut used))
            .collect();
        assert_eq!(ids, ["a-codebcode-c", "a-codebcode-c-1", "section", "section-1", "n"]);
    }
}
