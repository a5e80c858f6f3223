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
        if commonmark.slugs_from.is_some_and(|from| level >= from) { Some(slug(text, &mut used)) } else { None }
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
