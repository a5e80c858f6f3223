//! The ids of headings.

use std::collections::HashMap;

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
            each(root, &mut |level, content| (level >= from).then(|| slug(&plain_text(content), &mut used)))
        }
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

/// hexo-renderer-markdown-it (`anchors.js`): the first repetition is 2.
fn slug(text: &str, used: &mut HashMap<String, usize>) -> String {
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
