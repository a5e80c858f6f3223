//! Abbreviations (`parser/kramdown/abbreviation.rb`): wherever one stands as a word, its long form is shown with it.

use std::collections::HashMap;
use std::ops::Range;

use crate::tree::{Node, NodeKind};

/// The abbreviations of a document, as they are looked for.
pub struct Abbreviations<'a> {
    long: &'a HashMap<String, String>,
    /// The lengths that there are, the longest first: of two that begin at one place the longer is meant.
    lengths: Vec<usize>,
    /// The bytes with which one begins.
    begins: [bool; 256],
}

impl<'a> Abbreviations<'a> {
    /// Those of a document.
    pub fn new(long: &'a HashMap<String, String>) -> Self {
        let mut lengths: Vec<usize> = long.keys().map(String::len).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        let mut begins = [false; 256];
        for first in long.keys().filter_map(|short| short.bytes().next()) {
            begins[usize::from(first)] = true;
        }
        Abbreviations { long, lengths, begins }
    }

    /// Marks them in the texts below a node.
    pub fn mark(&self, node: &mut Node) {
        let mut out = Vec::with_capacity(node.children.len());
        for mut child in std::mem::take(&mut node.children) {
            match &child.kind {
                NodeKind::Text(text) => self.split(text, &child, &mut out),
                _ => {
                    self.mark(&mut child);
                    out.push(child);
                }
            }
        }
        node.children = out;
    }

    fn split(&self, text: &str, node: &Node, out: &mut Vec<Node>) {
        let exact = text.len() == node.span.len();
        let span = |range: Range<usize>| {
            if exact { node.span.start + range.start..node.span.start + range.end } else { node.span.clone() }
        };
        let mut start = 0;
        let mut at = 0;
        while at < text.len() {
            let Some((short, long)) = self.at(text, at) else {
                at += 1;
                continue;
            };
            if start < at {
                out.push(Node::new(NodeKind::Text(text[start..at].to_owned()), span(start..at), Vec::new()));
            }
            let end = at + short.len();
            let inner = Node::new(NodeKind::Text(short.to_owned()), span(at..end), Vec::new());
            out.push(Node::new(NodeKind::Abbreviation(long.to_owned()), span(at..end), vec![inner]));
            start = end;
            at = end;
        }
        if start < text.len() {
            out.push(Node::new(NodeKind::Text(text[start..].to_owned()), span(start..text.len()), Vec::new()));
        }
    }

    /// The abbreviation that stands at a byte, as a word, with its long form.
    fn at(&self, text: &str, at: usize) -> Option<(&'a str, &'a str)> {
        let bytes = text.as_bytes();
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        if !self.begins[usize::from(bytes[at])] || (at > 0 && is_word(&bytes[at - 1])) {
            return None;
        }
        self.lengths.iter().find_map(|length| {
            let (short, long) = self.long.get_key_value(text.get(at..at + length)?)?;
            (!bytes.get(at + length).is_some_and(is_word)).then_some((short.as_str(), long.as_str()))
        })
    }
}
