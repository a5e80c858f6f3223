//! kramdown, as Jekyll sets it up.

use std::collections::HashMap;

use pulldown_cmark::Options;

use super::commonmark;
use crate::markup::ast::{Kind, Node};
use crate::markup::html::plain_text;
use crate::model::MarkupSettings;

/// Reads a text into a tree.
pub fn parse(text: &str, settings: &MarkupSettings) -> Node {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_TASKLISTS;
    if settings.smart {
        options |= Options::ENABLE_SMART_PUNCTUATION;
    }
    let mut tree = commonmark::parse(text, options);
    if settings.heading_ids {
        heading_ids(&mut tree, &mut HashMap::new());
    }
    tree
}

/// kramdown-parser-gfm: letters, digits, marks, `_`, `-`; space and tab become `-`; repetitions are numbered from 1.
fn heading_ids(node: &mut Node, used: &mut HashMap<String, usize>) {
    if matches!(node.kind, Kind::Heading { id: None, .. }) {
        let text = plain_text(&node.children).to_lowercase();
        let mut id: String = text
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '\t'))
            .map(|c| if c == ' ' || c == '\t' { '-' } else { c })
            .collect();
        let count = used.entry(id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            id = format!("{id}-{}", *count - 1);
        }
        if let Kind::Heading { id: place, .. } = &mut node.kind {
            *place = Some(id);
        }
    }
    for child in &mut node.children {
        heading_ids(child, used);
    }
}
