//! Bare addresses that marked turns into links (GFM, in marked's own reading: everything up to white space).

use std::sync::LazyLock;

use regex::Regex;

use crate::tree::text::squash;
use crate::tree::{Node, NodeKind};

static BARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:(?:https?|ftp)://|www\.)(?:[a-z0-9-]+\.?)+[^\s<]*",
        r"|[a-z0-9._+-]+@[a-z0-9_-]+(?:\.[a-z0-9-]*[a-z0-9])+"
    ))
    .expect("a valid pattern")
});

/// Replaces the bare addresses in the texts of a node by links. `source` is the text that was read: marked finds
/// addresses before it sets typographic marks.
pub fn link(node: &mut Node, source: &str) {
    if !node.children.iter().any(|child| matches!(&child.kind, NodeKind::Text(text) if text.contains("://") || text.contains("www.") || text.contains('@'))) {
        return;
    }
    let mut children = Vec::with_capacity(node.children.len());
    for child in std::mem::take(&mut node.children) {
        match &child.kind {
            NodeKind::Text(text) => match typed(text, &child, source) {
                Some(typed) if BARE.is_match(typed) => split(typed, &child, &mut children),
                _ => split(text, &child, &mut children),
            },
            _ => children.push(child),
        }
    }
    node.children = children;
}

/// What was typed, where the text differs from it by typographic marks alone.
fn typed<'s>(text: &str, node: &Node, source: &'s str) -> Option<&'s str> {
    let typed = source.get(node.span.clone())?;
    let squashed = |text: &str| {
        let mut out = String::new();
        squash(text, &mut out);
        out
    };
    let marks = ["...", "--"].iter().any(|mark| typed.contains(mark));
    (marks && !typed.contains(['\\', '&', '"', '\'']) && squashed(typed) == squashed(text)).then_some(typed)
}

fn split(text: &str, node: &Node, out: &mut Vec<Node>) {
    // offsets in the text are offsets in the source only where the text stands as typed
    let as_typed = node.span.len() == text.len();
    let span = |from: usize, to: usize| {
        if as_typed { node.span.start + from..node.span.start + to } else { node.span.clone() }
    };
    let mut from = 0;
    let mut at = 0;
    while let Some(found) = BARE.find_at(text, at) {
        let shown = trimmed(found.as_str());
        at = found.end();
        let before = text[..found.start()].chars().next_back();
        let inside_word = before.is_some_and(|c| c.is_ascii_alphanumeric());
        if inside_word || shown.is_empty() {
            continue;
        }
        let end = found.start() + shown.len();
        if from < found.start() {
            out.push(Node::new(
                NodeKind::Text(text[from..found.start()].to_owned()),
                span(from, found.start()),
                Vec::new(),
            ));
        }
        let href = if shown.contains("://") {
            shown.to_owned()
        } else if shown.to_ascii_lowercase().starts_with("www.") {
            format!("http://{shown}")
        } else {
            format!("mailto:{shown}")
        };
        let label = Node::new(NodeKind::Text(shown.to_owned()), span(found.start(), end), Vec::new());
        out.push(Node::new(NodeKind::Link { href, title: None }, span(found.start(), end), vec![label]));
        from = end;
        at = end;
    }
    if from < text.len() {
        out.push(Node::new(NodeKind::Text(text[from..].to_owned()), span(from, text.len()), Vec::new()));
    }
}

/// Closing punctuation does not belong to the address, nor does a parenthesis that it does not open.
fn trimmed(found: &str) -> &str {
    let mut shown = found;
    loop {
        let cut = shown.trim_end_matches(['?', '!', '.', ',', ':', ';', '*', '_', '\'', '"', '~']);
        let unbalanced = cut.ends_with(')') && cut.matches('(').count() < cut.matches(')').count();
        let cut = if unbalanced { &cut[..cut.len() - 1] } else { cut };
        if cut.len() == shown.len() {
            return shown;
        }
        shown = cut;
    }
}
