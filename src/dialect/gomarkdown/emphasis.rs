//! Emphasis (`emphasis` and its helpers in `parser/inline.go`): a mark closes what it opened where no space stands before
//! it, outside code and links, and a single one not within a word.

use std::ops::Range;

use super::scan::{self, is_space};

/// Kinds of emphasis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    /// Emphasis.
    One,
    /// Strong.
    Two,
    /// Both.
    Three,
    /// Struck out.
    Struck,
}

/// `emphasis`: the whole length, the kind, and what is emphasised. In blackfriday a single mark closes before white space
/// and ASCII punctuation alone, and one `~` is none.
pub fn emphasis(data: &[u8], blackfriday: bool) -> Option<(usize, Emphasis, Range<usize>)> {
    let c = data[0];
    let one = |data, from, c| one(data, from, c, blackfriday);
    let marks = data.iter().take(4).take_while(|b| **b == c).count();
    if marks > 3 || data.len() <= marks + 1 || is_space(data[marks]) {
        return None;
    }
    match marks {
        1 if blackfriday && c == b'~' => None,
        1 => one(data, 1, c),
        2 => two(data, 2, c),
        3 if c != b'~' => three(data, c, blackfriday),
        _ => None,
    }
}

/// `helperEmphasis` on what stands behind `from`.
fn one(data: &[u8], from: usize, c: u8, blackfriday: bool) -> Option<(usize, Emphasis, Range<usize>)> {
    let inner = &data[from..];
    // two marks at the start were found to be another emphasis
    let passed = if blackfriday { 1 } else { 2 };
    let mut i = if inner.len() > 1 && inner[0] == c && inner[1] == c { passed } else { 0 };
    while i < inner.len() {
        let length = next_mark(&inner[i..], c);
        i += length;
        if i >= inner.len() {
            return None;
        }
        if inner.get(i + 1) == Some(&c) {
            i += passed;
            continue;
        }
        if inner[i] == c && i > 0 && !is_space(inner[i - 1]) {
            let rest = &inner[i + 1..];
            if rest.is_empty() || is_space(rest[0]) || is_punctuation(rest, blackfriday) {
                // one `~` is gomarkdown's own way to emphasise
                return Some((from + i + 1, Emphasis::One, from..from + i));
            }
        }
        if length == 0 {
            return None;
        }
    }
    None
}

/// `helperDoubleEmphasis`
fn two(data: &[u8], from: usize, c: u8) -> Option<(usize, Emphasis, Range<usize>)> {
    let inner = &data[from..];
    let mut i = 0;
    while i < inner.len() {
        let length = next_mark(&inner[i..], c);
        if length == 0 {
            return None;
        }
        i += length;
        if inner.get(i) == Some(&c) && inner.get(i + 1) == Some(&c) && !is_space(inner[i - 1]) {
            let kind = if c == b'~' { Emphasis::Struck } else { Emphasis::Two };
            return Some((from + i + 2, kind, from..from + i));
        }
        i += 1;
    }
    None
}

/// `helperTripleEmphasis`: by the marks that end it first.
fn three(data: &[u8], c: u8, blackfriday: bool) -> Option<(usize, Emphasis, Range<usize>)> {
    let inner = &data[3..];
    let mut i = 0;
    while i < inner.len() {
        let length = next_mark(&inner[i..], c);
        if length == 0 {
            return None;
        }
        i += length;
        if inner.get(i) != Some(&c) || is_space(inner[i - 1]) {
            continue;
        }
        return match (inner.get(i + 1) == Some(&c), inner.get(i + 2) == Some(&c)) {
            (true, true) => Some((3 + i + 3, Emphasis::Three, 3..3 + i)),
            (true, false) => one(data, 1, c, blackfriday),
            _ => two(data, 2, c),
        };
    }
    None
}

/// `helperFindEmphChar`: the next mark outside code and links; 0 for none.
fn next_mark(data: &[u8], c: u8) -> usize {
    let mut i = 0;
    while i < data.len() {
        i += data[i..].iter().position(|b| *b == c || matches!(b, b'`' | b'[')).unwrap_or(data.len() - i);
        if i >= data.len() {
            return 0;
        }
        if i != 0 && data[i - 1] == b'\\' {
            i += 1;
            continue;
        }
        if data[i] == c {
            return i;
        }
        let close = if data[i] == b'`' { b'`' } else { b']' };
        let (found, mut end) = mark_before(data, i + 1, c, close);
        if close == b'`' {
            if end >= data.len() {
                return found;
            }
            i = end + 1;
            continue;
        }
        end += 1;
        end += data.get(end..).unwrap_or(&[]).iter().take_while(|b| matches!(b, b' ' | b'\n')).count();
        if end >= data.len() {
            return found;
        }
        if !matches!(data[end], b'[' | b'(') {
            if found > 0 {
                return found;
            }
            i = end;
            continue;
        }
        let bracket = data[end];
        i = end + 1;
        while i < data.len() && data[i] != bracket {
            if found == 0 && data[i] == c {
                return i;
            }
            i += 1;
        }
        if i >= data.len() {
            return found;
        }
        i += 1;
    }
    0
}

/// The first mark before a closing character, 0 for none, and where that character is.
fn mark_before(data: &[u8], from: usize, c: u8, close: u8) -> (usize, usize) {
    let end = scan::until(data, from, close);
    let found = data[from.min(end)..end].iter().position(|b| *b == c).map_or(0, |at| from + at);
    (found, end)
}

/// `IsPunctuation2`: ASCII or Unicode punctuation; `ispunct` in blackfriday knows ASCII alone.
fn is_punctuation(rest: &[u8], blackfriday: bool) -> bool {
    if rest[0].is_ascii() || blackfriday {
        return rest[0].is_ascii_punctuation();
    }
    let length = rest.len().min(4);
    (1..=length)
        .rev()
        .find_map(|length| std::str::from_utf8(&rest[..length]).ok())
        .and_then(|text| text.chars().next())
        .is_some_and(super::typography::is_unicode_punctuation)
}
