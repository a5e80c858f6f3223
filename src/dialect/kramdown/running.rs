//! How text is added to what was read before it.

use std::ops::Range;

use super::super::entities;
use super::span::{Open, SpanReader};
use crate::tree::{Node, NodeKind};

impl SpanReader<'_> {
    /// Adds so many bytes as text; line ends among them become breaks.
    pub(super) fn add_text(&mut self, out: &mut Vec<Node>, length: usize) {
        let in_raw = self.open.last() == Some(&Open::Raw);
        let end = self.at + length;
        while self.at < end {
            let start = self.at;
            let text = &self.text.as_str()[start..end];
            let line = memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len());
            if line == 0 {
                self.at += 1;
                self.line_end(out, start);
                continue;
            }
            let begins_line = matches!(out.last(), Some(Node { kind: NodeKind::HardBreak | NodeKind::SoftBreak, .. }));
            let shown = &text[..line];
            let indent = if begins_line { shown.len() - shown.trim_start_matches([' ', '\t']).len() } else { 0 };
            self.at += line;
            let span = self.span(start + indent);
            if in_raw && shown.contains('&') {
                push_text(out, &entities::decode(&shown[indent..]), span);
            } else if indent < line {
                push_text(out, &shown[indent..], span);
            }
        }
    }

    /// kramdown-parser-gfm: with `hard_wrap` every line end breaks, without it one behind a backslash.
    fn line_end(&self, out: &mut Vec<Node>, at: usize) {
        let settings = self.spans.settings;
        if matches!(out.last(), Some(Node { kind: NodeKind::HardBreak, .. })) {
            return;
        }
        let hard = settings.gfm && (settings.hard_breaks || drop_backslash(out));
        if let Some(Node { kind: NodeKind::Text(text), span, .. }) = out.last_mut() {
            let spaces = text.len() - text.trim_end_matches([' ', '\t']).len();
            text.truncate(text.len() - spaces);
            span.end = span.end.saturating_sub(spaces).max(span.start);
        }
        let place = self.text.source(at);
        let kind = if hard { NodeKind::HardBreak } else { NodeKind::SoftBreak };
        out.push(Node::new(kind, place..place, Vec::new()));
    }
}

/// Adds text; texts that adjoin as typed are one, what was resolved stays apart.
pub(super) fn push_text(out: &mut Vec<Node>, text: &str, span: Range<usize>) {
    match out.last_mut() {
        Some(Node { kind: NodeKind::Text(before), span: known, .. })
            if known.end == span.start && before.len() == known.len() && text.len() == span.len() =>
        {
            before.push_str(text);
            known.end = span.end;
        }
        _ => out.push(Node::new(NodeKind::Text(text.to_owned()), span, Vec::new())),
    }
}

/// Takes the backslash away that ends the text so far.
fn drop_backslash(out: &mut Vec<Node>) -> bool {
    let Some(Node { kind: NodeKind::Text(text), span, .. }) = out.last_mut() else { return false };
    if !text.ends_with('\\') || text.len() != span.len() {
        return false;
    }
    text.pop();
    span.end -= 1;
    if text.is_empty() {
        out.pop();
    }
    true
}
