//! The ids of headings.

use std::collections::HashMap;

use crate::model::CommonMark;
use crate::slug::hexo::{Case, slugize};
use crate::tree::text::plain_text;
use crate::tree::{Node, NodeKind};

/// Gives headings the ids that the engine gives them.
pub fn number(root: &mut Node, commonmark: &CommonMark) {
    let mut used = HashMap::new();
    each(root, &mut |level, text| {
        if commonmark.slugs_from.is_some_and(|from| level >= from) {
            Some(slug(text, &mut used))
        } else if commonmark.letter_ids {
            Some(letters(text, &mut used))
        } else {
            None
        }
    });
}

fn each(node: &mut Node, id_of: &mut impl FnMut(u8, &str) -> Option<String>) {
    if let NodeKind::Heading { level, .. } = node.kind {
        let id = id_of(level, &plain_text(&node.children));
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

/// jekyll-commonmark-ghpages (`basic_generate_id`, `generate_id`): from the first ASCII letter on, and nothing but ASCII
/// letters, digits, spaces and dashes; the first repetition is 1.
fn letters(html: &str, used: &mut HashMap<String, usize>) -> String {
    let from = html.find(|c: char| c.is_ascii_alphabetic()).map_or("", |at| &html[at..]);
    let kept = from.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'));
    let id: String = kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
    let id = if id.is_empty() { "section".to_owned() } else { id };
    match used.get_mut(&id) {
        Some(count) => {
            *count += 1;
            format!("{id}-{count}")
        }
        None => {
            used.insert(id.clone(), 0);
            id
        }
    }
}
