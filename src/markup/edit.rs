//! Edits at exact spans: every byte outside them is the byte the author typed.

use std::borrow::Cow;
use std::ops::Range;

/// A set of edits of one text, kept free of overlaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits {
    edits: Vec<(Range<usize>, String)>,
}

/// An edit that overlaps one that is already in the set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the edit of bytes {}..{} overlaps another", .0.start, .0.end)]
pub struct Overlap(pub Range<usize>);

impl Edits {
    /// Replaces a span. Insertions (empty spans) at one place keep the order in which they were made.
    ///
    /// # Errors
    /// [`Overlap`] where the span shares a byte with an earlier edit, or an insertion falls inside one.
    pub fn replace(&mut self, span: Range<usize>, with: impl Into<String>) -> Result<(), Overlap> {
        // the set is sorted by start: only the neighbours on both sides can overlap
        let at = self.edits.partition_point(|(other, _)| (other.start, other.end) <= (span.start, span.end));
        let clear_before = at == 0 || self.edits[at - 1].0.end <= span.start;
        let clear_after = self.edits.get(at).is_none_or(|(next, _)| span.end <= next.start);
        if !(clear_before && clear_after) {
            return Err(Overlap(span));
        }
        self.edits.insert(at, (span, with.into()));
        Ok(())
    }

    /// The part of a text between two offsets with the edits inside it made. Edits that reach out of the
    /// part are left alone.
    pub fn apply<'a>(&self, text: &'a str, part: Range<usize>) -> Cow<'a, str> {
        let first = self.edits.partition_point(|(span, _)| span.start < part.start);
        let edits = self.edits[first..].iter().take_while(|(span, _)| span.end <= part.end);
        let mut out = String::new();
        let mut at = part.start;
        let mut edited = false;
        for (span, with) in edits {
            edited = true;
            out.push_str(&text[at..span.start]);
            out.push_str(with);
            at = span.end;
        }
        if !edited {
            return Cow::Borrowed(&text[part]);
        }
        out.push_str(&text[at..part.end]);
        Cow::Owned(out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn edits_replace_and_insert() {
        let mut edits = Edits::default();
        edits.replace(4..7, "new").unwrap();
        edits.replace(0..0, "> ").unwrap();
        assert_eq!(edits.apply("the old text", 0..12), "> the new text");
        assert_eq!(edits.apply("the old text", 3..7), " new");
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let mut edits = Edits::default();
        edits.replace(2..5, "x").unwrap();
        assert_eq!(edits.replace(4..6, "y"), Err(Overlap(4..6)));
        assert_eq!(edits.replace(3..3, "y"), Err(Overlap(3..3)));
        assert_eq!(edits.replace(5..6, "y"), Ok(()));
    }

    proptest! {
        #[test]
        fn no_edits_give_the_text_back(text in ".*") {
            prop_assert_eq!(Edits::default().apply(&text, 0..text.len()), text.as_str());
        }

        #[test]
        fn bytes_outside_the_edits_stay(spans in proptest::collection::vec((0usize..60, 0usize..8), 0..20)) {
            let text: String = (0..60).map(|i| char::from(b'a' + (i % 26) as u8)).collect();
            let mut edits = Edits::default();
            let mut touched = [false; 60];
            for (start, length) in spans {
                let span = start..(start + length).min(60);
                if edits.replace(span.clone(), "#").is_ok() {
                    touched[span].fill(true);
                }
            }
            let kept: String = text.chars().zip(touched).filter(|(_, t)| !t).map(|(c, _)| c).collect();
            prop_assert_eq!(edits.apply(&text, 0..60).replace('#', ""), kept);
        }
    }
}
