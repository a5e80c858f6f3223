//! Text that was put together from pieces of the source, and knows where each of its bytes came from.
//!
//! The content of a quote or an item is its lines without their marks: a text of its own for the parser, while
//! every node must know its place in what the author typed.

use std::ops::Range;

/// A text with its origin.
#[derive(Debug, Clone, Default)]
pub struct Text {
    text: String,
    /// The byte of the source from which the first byte came.
    origin: usize,
    /// From this byte of the text on, bytes come from that byte of the source on.
    jumps: Vec<(usize, usize)>,
}

impl Text {
    /// The source itself as the engines take it: line ends are `\n`.
    pub fn adapt(source: &str) -> Text {
        // with room for a line end at its end
        let mut text = Text { text: String::with_capacity(source.len() + 1), ..Text::default() };
        let mut rest = 0;
        for at in memchr::memchr_iter(b'\r', source.as_bytes()) {
            text.push_str(&source[rest..at], rest);
            rest = at + 1;
            if !source[rest..].starts_with('\n') {
                text.push_str("\n", at);
            }
        }
        text.push_str(&source[rest..], rest);
        text
    }

    /// The text with a line end at its end.
    pub fn with_final_line_end(mut self) -> Text {
        if !self.text.ends_with('\n') {
            let end = self.source(self.text.len());
            self.push_str("\n", end);
        }
        self
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The byte of the source from which the byte at `at` came.
    pub fn source(&self, at: usize) -> usize {
        let behind = self.jumps.partition_point(|(start, _)| *start <= at);
        match behind.checked_sub(1).and_then(|last| self.jumps.get(last)) {
            Some((start, origin)) => origin + (at - start),
            None => self.origin + at,
        }
    }

    /// The bytes of the source that a range came from.
    pub fn source_range(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.source(range.start);
        if range.is_empty() {
            return start..start;
        }
        start..(self.source(range.end - 1) + 1).max(start)
    }

    /// Adds a text that stands at a byte of the source.
    pub fn push_str(&mut self, text: &str, origin: usize) {
        if text.is_empty() {
            return;
        }
        let at = self.text.len();
        let (start, known) = self.jumps.last().copied().unwrap_or((0, self.origin));
        if at == 0 {
            self.origin = origin;
        } else if known + (at - start) != origin {
            self.jumps.push((at, origin));
        }
        self.text.push_str(text);
    }

    /// Adds a part of another text.
    pub fn push(&mut self, other: &Text, range: Range<usize>) {
        let mut at = range.start;
        let mut origin = other.source(at);
        let behind = other.jumps.partition_point(|(start, _)| *start <= at);
        for (next, jump) in other.jumps[behind..].iter().take_while(|(next, _)| *next < range.end) {
            self.push_str(&other.text[at..*next], origin);
            (at, origin) = (*next, *jump);
        }
        if at < range.end {
            self.push_str(&other.text[at..range.end], origin);
        }
    }

    /// A part of the text.
    pub fn slice(&self, range: Range<usize>) -> Text {
        let mut part = Text { text: String::with_capacity(range.len()), ..Text::default() };
        part.push(self, range);
        part
    }

    /// The part without white space around it.
    pub fn trimmed(&self, range: Range<usize>) -> Text {
        let part = &self.text[range.clone()];
        let start = range.start + (part.len() - part.trim_ascii_start().len());
        let end = range.end - (part.len() - part.trim_ascii_end().len());
        self.slice(start..end.max(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_know_where_they_came_from() {
        let source = Text::adapt("> a\r\n> b").with_final_line_end();
        assert_eq!(source.as_str(), "> a\n> b\n");
        let mut inner = Text::default();
        inner.push(&source, 2..4);
        inner.push(&source, 6..8);
        assert_eq!(inner.as_str(), "a\nb\n");
        assert_eq!(inner.source(0), 2);
        assert_eq!(inner.source(2), 7);
        assert_eq!(inner.source_range(&(0..3)), 2..8);
    }
}
