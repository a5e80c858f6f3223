//! Text of which the page shows what is typed.

use std::borrow::Cow;
use std::ops::Range;

use super::Prover;
use super::inline::Within;
use crate::dialect::character;
use crate::tree::Node;
use crate::tree::text::same_squashed;

impl Prover<'_> {
    /// Text of which the target's page shows the same as the old one.
    pub(super) fn plain_text(&mut self, node: &Node, shown: &str, within: Within) -> Option<()> {
        if node.span.start != self.at || node.span.end > self.end || !self.text.is_char_boundary(node.span.end) {
            return None;
        }
        let read = self.text_shown(node.span.clone(), within)?;
        let same = read == shown || same_squashed(&read, shown);
        same.then(|| self.at = node.span.end)
    }

    /// What the target shows of text in which nothing is marked up; nothing where something may be.
    pub(super) fn text_shown(&self, span: Range<usize>, within: Within) -> Option<Cow<'_, str>> {
        let typed = self.text.get(span.clone())?;
        let mut out = String::new();
        let mut from = 0;
        let mut at = 0;
        while let Some(next) = typed.as_bytes()[at..].iter().position(|b| MEANING[usize::from(*b)]) {
            at += next;
            let rest = &self.text[span.start + at..];
            let (length, stands_for) = self.meaning(rest, span.start + at, within)?;
            if let Some(stands_for) = stands_for {
                out.push_str(&typed[from..at]);
                out.push_str(&stands_for);
                from = at + length;
                if from > typed.len() {
                    return None;
                }
            }
            at += length;
        }
        if from == 0 {
            return Some(Cow::Borrowed(typed));
        }
        out.push_str(&typed[from..]);
        // what is resolved must not make an address of what is none as typed
        let address = self.reading.bare_links && (out.contains("://") || out.contains("www.") || out.contains('@'));
        (!address).then_some(Cow::Owned(out))
    }

    /// How many bytes the mark at the beginning of `rest` takes, and what it stands for if not for itself; nothing
    /// where it may mean more than text.
    fn meaning(&self, rest: &str, at: usize, within: Within) -> Option<(usize, Option<String>)> {
        let bytes = rest.as_bytes();
        let next = bytes.get(1).copied().unwrap_or(b'\n');
        let before = at.checked_sub(1).map_or(b' ', |before| self.text.as_bytes()[before]);
        let bare = self.reading.bare_links && within != Within::Link;
        let itself = match bytes[0] {
            b'\\' => {
                // `\(` and `\[` begin formulas
                let formula = match next {
                    b'$' => bytes.get(2) == Some(&b'$'),
                    _ => b"()[]\\".contains(&next),
                };
                let escapes = next.is_ascii_punctuation() && !(self.reading.math && formula);
                return escapes.then(|| (2, Some(char::from(next).to_string())));
            }
            b'&' if next == b'#' || next.is_ascii_alphanumeric() => return entity(rest),
            b'!' => next != b'[',
            b'&' => true,
            b'<' => next == b' ',
            b':' => !bare || !rest.starts_with("://"),
            b'w' => !bare || !rest.starts_with("www."),
            b'@' => !bare,
            b'$' => !self.reading.math || (next != b'$' && before != b'$' && before != b'\\'),
            // no mark within a word
            b'_' => before.is_ascii_alphanumeric() && next.is_ascii_alphanumeric(),
            _ => false,
        };
        itself.then_some((1, None))
    }
}

/// A character reference that all read alike, or a `&` that begins none.
fn entity(rest: &str) -> Option<(usize, Option<String>)> {
    let name = rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(rest.len() - 1);
    if rest.as_bytes().get(1 + name) != Some(&b';') {
        return Some((1, None));
    }
    let length = name + 2;
    let digits = rest[1..=name].strip_prefix('#');
    // low numbers stand for control characters, or for what Windows made of them
    let known = digits.is_none_or(|digits| digits.parse::<u32>().is_ok_and(|number| (160..0xd800).contains(&number)));
    let character = character(&rest[..length]);
    (known && character.chars().count() == 1).then_some((length, Some(character)))
}

/// The bytes that may mean something in running text.
static MEANING: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 0x20 {
        table[at] = true;
        at += 1;
    }
    table[0x7f] = true;
    let marks = b"*~`[]\\|!&<:w@$_";
    at = 0;
    while at < marks.len() {
        table[marks[at] as usize] = true;
        at += 1;
    }
    table
};
