//! Emphasis, strong emphasis and struck out text (`parser/kramdown/emphasis.rb`, and kramdown-parser-gfm).

use super::super::ends::Ends;
use super::characters::is_space;
use super::span::{DEEPEST, Open, Parsers, SpanReader, Stop};
use crate::tree::{Node, NodeKind};

impl SpanReader<'_> {
    /// `emphasis.rb`
    pub(super) fn emphasis(&mut self, out: &mut Vec<Node>) -> bool {
        let start = self.at;
        let rest = self.rest();
        let single = &rest[..1];
        let double = if rest[1..].starts_with(single) { &rest[..2] } else { single };
        let kind = if double.len() == 2 { Open::Strong } else { Open::Emphasis };
        let in_word = single == "_" && ends_in_word(self.before());
        let behind = &rest[double.len()..];
        if in_word
            || behind.starts_with(is_space)
            || self.open.contains(&kind)
            || self.depth >= DEEPEST
            || self.work == 0
        {
            self.add_text(out, double.len());
            return true;
        }
        let mut found = self.emphasised(double, kind);
        if found.is_none() && kind == Open::Strong && self.open.last() != Some(&Open::Emphasis) {
            self.at = start;
            found = self.emphasised(single, Open::Emphasis);
        }
        match found {
            Some(node) => out.push(node),
            None => {
                self.at = start;
                self.add_text(out, double.len());
            }
        }
        true
    }

    fn emphasised(&mut self, mark: &str, kind: Open) -> Option<Node> {
        let start = self.at;
        self.at += mark.len();
        self.open.push(kind);
        let mut children = Vec::new();
        let found = self.run(&mut children, Stop::Mark(mark), Parsers::All);
        self.open.pop();
        if !found {
            return None;
        }
        self.at += mark.len();
        let kind = if kind == Open::Strong { NodeKind::Strong } else { NodeKind::Emphasis };
        Some(Node::new(kind, self.span(start), children))
    }

    /// `emphasis.rb`: no space before it, not the mark of the other kind, no word behind an underscore.
    pub(super) fn mark_closes(&self, mark: &str, out: &[Node], begin: usize) -> bool {
        let rest = &self.rest()[mark.len()..];
        if self.before().ends_with(is_space) || out.is_empty() || self.at == begin {
            return false;
        }
        if mark.len() == 1 && rest.starts_with(mark) && !rest[1..].starts_with(mark) {
            return false;
        }
        !(mark.starts_with('_') && rest.starts_with(char::is_alphanumeric))
    }

    /// kramdown-parser-gfm (`STRIKETHROUGH_MATCH`)
    pub(super) fn strike(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.rest();
        let Some(inner) = rest.strip_prefix("~~").filter(|_| self.spans.settings.gfm) else { return false };
        if inner.starts_with(is_space) || inner.starts_with('~') {
            return false;
        }
        let end = inner
            .match_indices("~~")
            .map(|(end, _)| end)
            .find(|end| *end > 0 && !inner[..*end].ends_with(is_space) && !inner[..*end].ends_with('~'));
        let Some(end) = end.filter(|_| self.depth < DEEPEST) else { return self.nothing() };
        let start = self.at;
        self.at += end + 4;
        let content = self.text.slice(start + 2..start + 2 + end);
        let mut reader = SpanReader {
            spans: self.spans,
            text: &content,
            at: 0,
            open: Vec::new(),
            ends: Ends::default(),
            last_bracket: memchr::memrchr(b']', content.as_str().as_bytes()),
            work: self.work,
            depth: self.depth + 1,
        };
        let mut children = Vec::new();
        reader.run(&mut children, Stop::Never, Parsers::All);
        out.push(Node::new(NodeKind::Strike, self.span(start), children));
        true
    }
}

/// `[[:alpha:]]-?[[:alpha:]]*\z`
fn ends_in_word(before: &str) -> bool {
    let letters = before.trim_end_matches(char::is_alphabetic);
    if letters.len() < before.len() {
        return true;
    }
    before.strip_suffix('-').is_some_and(|before| before.ends_with(char::is_alphabetic))
}
