//! The ids of headings.

use std::collections::HashMap;

use crate::model::MarkupSettings;
use crate::tree::{Node, NodeKind};

/// Gives an id to every heading that has none, in the order of the document.
pub fn settle(root: &mut Node, settings: &MarkupSettings) {
    if settings.heading_ids {
        if settings.gfm {
            gfm_ids(root, &mut HashMap::new());
        }
        // kramdown's own ids: everywhere, or where GFM's are not given (inside HTML elements)
        own_ids(root, &mut HashMap::new());
    }
    drop_empty_ids(root);
}

/// A heading can stand in it.
fn holds_headings(node: &Node) -> bool {
    !matches!(node.kind, NodeKind::Paragraph | NodeKind::Table { .. } | NodeKind::Term) && node.kind.is_block()
}

/// kramdown (`utils/html.rb`): an empty id is none.
fn drop_empty_ids(node: &mut Node) {
    if let NodeKind::Heading { id, .. } = &mut node.kind {
        id.take_if(|id| id.trim().is_empty());
    }
    node.children.iter_mut().filter(|child| holds_headings(child)).for_each(drop_empty_ids);
}

/// kramdown-parser-gfm (`generate_gfm_header_id`): letters, digits, marks, `_`, `-`; space and tab become `-`;
/// repetitions are numbered from 1.
fn gfm_ids(node: &mut Node, used: &mut HashMap<String, usize>) {
    for child in node.children.iter_mut().filter(|child| holds_headings(child)) {
        match &mut child.kind {
            NodeKind::Element(_) => {}
            NodeKind::Heading { id, .. } if id.is_none() => {
                let mut text = String::new();
                push_shown_text(&child.children, &mut text);
                let mut new = text.to_lowercase();
                new.retain(|c| is_word(c) || matches!(c, '-' | ' ' | '\t'));
                if new.contains([' ', '\t']) {
                    new = new.replace([' ', '\t'], "-");
                }
                *id = Some(match used.get_mut(&new) {
                    Some(count) => {
                        *count += 1;
                        format!("{new}-{count}")
                    }
                    None => {
                        used.insert(new.clone(), 0);
                        new
                    }
                });
            }
            _ => gfm_ids(child, used),
        }
    }
}

/// Ruby's `\p{Word}`: letters, marks, decimal digits and connecting punctuation.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || c.is_alphanumeric() && !is_other_number(c)
        || matches!(c, '_' | '\u{203f}' | '\u{2040}' | '\u{fe33}' | '\u{fe34}' | '\u{fe4d}'..='\u{fe4f}' | '\u{ff3f}')
        || unicode_normalization::char::is_combining_mark(c)
}

/// Numbers that are no decimal digits (`①`, `½`).
fn is_other_number(c: char) -> bool {
    c.is_numeric()
        && matches!(c, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{bc}'..='\u{be}' | '\u{2070}'..='\u{209c}' | '\u{2150}'..='\u{215f}' | '\u{2189}' | '\u{2460}'..='\u{249b}' | '\u{24ea}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{3220}'..='\u{3229}' | '\u{3248}'..='\u{324f}' | '\u{3251}'..='\u{325f}' | '\u{3280}'..='\u{3289}' | '\u{32b1}'..='\u{32bf}')
}

/// kramdown (`converter/base.rb`, `generate_id`): what stands before the first ASCII letter is dropped, and everything
/// but ASCII letters, digits, spaces and `-`; `section` where nothing is left.
fn own_ids(node: &mut Node, used: &mut HashMap<String, usize>) {
    for child in node.children.iter_mut().filter(|child| holds_headings(child)) {
        if let NodeKind::Heading { id, .. } = &mut child.kind {
            if id.is_none() {
                let mut text = String::new();
                push_shown_text(&child.children, &mut text);
                let mut new: String = text
                    .trim_start_matches(|c: char| !c.is_ascii_alphabetic())
                    .chars()
                    .filter(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'))
                    .map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() })
                    .collect();
                if new.is_empty() {
                    new = "section".to_owned();
                }
                match used.get_mut(&new) {
                    Some(count) => {
                        *count += 1;
                        new = format!("{new}-{count}");
                    }
                    None => {
                        used.insert(new.clone(), 0);
                    }
                }
                *id = Some(new);
            }
        } else {
            own_ids(child, used);
        }
    }
}

/// What an id is made of: text, code and formulas; pictures have no part in it.
fn push_shown_text(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match &node.kind {
            NodeKind::Text(text) | NodeKind::Code(text) | NodeKind::Math(text) => out.push_str(text),
            _ => push_shown_text(&node.children, out),
        }
    }
}
