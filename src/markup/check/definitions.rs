//! The lines of a text that define link references or footnotes, for pieces of it that are read alone.

use std::collections::{BTreeSet, HashMap};

use memchr::memmem;

/// Those lines, by their labels: a piece is read with the few that it names, however many there are.
#[derive(Debug, Default)]
pub struct Definitions<'a> {
    lines: Vec<&'a str>,
    by_label: HashMap<String, usize>,
}

impl<'a> Definitions<'a> {
    /// Gathers them; of two for one label the first counts (CommonMark).
    pub fn of(text: &'a str) -> Self {
        let mut found = Definitions::default();
        if memmem::find(text.as_bytes(), b"]:").is_none() {
            return found;
        }
        for line in text.lines() {
            let trimmed = line.trim_start();
            let Some(label) = trimmed.strip_prefix('[').filter(|_| line.len() - trimmed.len() <= 3) else { continue };
            let mut ends = label.match_indices("]:").map(|(at, _)| at);
            let Some(end) = ends.find(|at| !is_escaped(label, *at)) else { continue };
            found.by_label.entry(folded(&label[..end])).or_insert(found.lines.len());
            found.lines.push(trimmed);
        }
        found
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Puts those behind a piece that it may name.
    pub fn follow(&self, piece: &mut String) {
        if self.is_empty() || !piece.contains('[') {
            return;
        }
        let mut named = BTreeSet::new();
        let mut open = None;
        let marks = memchr::memchr2_iter(b'[', b']', piece.as_bytes());
        for at in marks.filter(|at| !is_escaped(piece, *at)) {
            match (piece.as_bytes()[at], open) {
                (b'[', _) => open = Some(at + 1),
                // no label has a bracket within it
                (_, Some(start)) => {
                    named.extend(self.by_label.get(&folded(&piece[start..at])).copied());
                    open = None;
                }
                _ => {}
            }
        }
        if !named.is_empty() {
            piece.push_str("\n\n");
        }
        for at in named {
            piece.push_str(self.lines[at]);
            piece.push_str(if self.lines[at].starts_with("[^") { "\n\n" } else { "\n" });
        }
    }
}

/// Whether a backslash takes its meaning from a mark.
fn is_escaped(text: &str, at: usize) -> bool {
    text.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// A label as labels are compared: letter case and the kind of white space do not count.
fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_read_with_the_definitions_that_it_names() {
        let text = "[a]: /a\n  [B  c]: /bc\n[^1]: note\n[a]: /second\n    [d]: code\ntext [e]: no\n[e\\]f]: /ef\n";
        let definitions = Definitions::of(text);
        for (piece, expected) in [
            ("[x][a]", "[x][a]\n\n[a]: /a\n"),
            ("[b\nC] and [a]", "[b\nC] and [a]\n\n[a]: /a\n[B  c]: /bc\n"),
            ("x[^1]", "x[^1]\n\n[^1]: note\n\n"),
            ("[[a] [d] [e]", "[[a] [d] [e]\n\n[a]: /a\n"),
            ("[x][e\\]f]", "[x][e\\]f]\n\n[e\\]f]: /ef\n"),
            ("\\[a]", "\\[a]"),
            ("plain", "plain"),
        ] {
            let mut read = piece.to_owned();
            definitions.follow(&mut read);
            assert_eq!(read, expected);
        }
    }
}
