//! Definitions of links (`def`).

use super::scan::{is_space, outdented, run, trim, unescaped};

/// Where a label leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The address.
    pub href: String,
    /// The title.
    pub title: Option<String>,
}

/// A definition at the start of a text.
pub struct Found {
    /// Its label as typed.
    pub label: String,
    /// Its label as references are looked up.
    pub key: String,
    /// What it says.
    pub definition: Definition,
    /// Its length, line ends behind it included.
    pub length: usize,
}

/// A label as references are looked up.
pub fn key(label: &str) -> String {
    let mut key = String::with_capacity(label.len());
    let mut in_space = false;
    for c in label.chars() {
        if !is_space(c) {
            key.push(c);
        } else if !in_space {
            key.push(' ');
        }
        in_space = is_space(c);
    }
    key.to_lowercase()
}

/// `_blockLabel`: a label without brackets in it, up to its `]`; its length.
pub fn label(text: &str) -> Option<usize> {
    let mut at = 0;
    let bytes = text.as_bytes();
    loop {
        at += memchr::memchr3(b'[', b']', b'\\', bytes.get(at..)?)?;
        match bytes[at] {
            b'\\' => {
                let c = text[at + 1..].chars().next().filter(|c| *c != '\n')?;
                at += 1 + c.len_utf8();
            }
            b']' => return (!trim(&text[..at]).is_empty()).then_some(at),
            _ => return None,
        }
    }
}

/// Reads a definition.
pub fn read(text: &str) -> Option<Found> {
    let indent = run(text.as_bytes(), b' ');
    outdented(&text[..indent])?;
    let start = indent + 1;
    let end = start + label(text.get(start..)?)?;
    let mut at = end + 1;
    if text.as_bytes().get(at) != Some(&b':') {
        return None;
    }
    at += 1;
    at += run(&text.as_bytes()[at..], b' ');
    if text[at..].starts_with('\n') {
        at += 1;
        at += blanks(&text[at..]);
    }
    let label = text[start..end].to_owned();
    let (href, (title, length)) = if text[at..].starts_with('<') {
        let line = super::scan::line(text, at);
        let closes = line.match_indices('>').map(|(close, _)| at + close + 1);
        closes.into_iter().find_map(|end| Some((&text[at + 1..end - 1], behind(text, end)?)))?
    } else {
        let length = text[at..].find(is_space).unwrap_or(text.len() - at);
        if length == 0 {
            return None;
        }
        (&text[at..at + length], behind(text, at + length)?)
    };
    let title = title.map(|title| unescaped(&title));
    Some(Found { key: key(&label), label, definition: Definition { href: unescaped(href), title }, length })
}

fn blanks(text: &str) -> usize {
    text.bytes().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// The title behind an address, if there is one, and where the definition ends.
fn behind(text: &str, at: usize) -> Option<(Option<String>, usize)> {
    let ends = |at: usize| {
        let at = at + run(&text.as_bytes()[at..], b' ');
        let newlines = run(&text.as_bytes()[at..], b'\n');
        (newlines > 0 || at == text.len()).then_some(at + newlines)
    };
    let spaces = run(&text.as_bytes()[at..], b' ');
    let mut open = at + spaces;
    if text[open..].starts_with('\n') {
        open += 1;
        open += blanks(&text[open..]);
    }
    if open > at {
        for close in title_ends(&text[open..]) {
            if let Some(end) = ends(open + close) {
                return Some((Some(text[open + 1..open + close - 1].to_owned()), end));
            }
        }
    }
    ends(at).map(|end| (None, end))
}

/// Where a title at the start may end, the likeliest first.
fn title_ends(text: &str) -> Vec<usize> {
    match text.as_bytes().first() {
        Some(b'"') => quoted_ends(text, b'"'),
        Some(b'\'') => {
            // no blank line in it
            let inner = &text[1..];
            let stop = inner.find("\n\n").map_or(inner.len(), |blank| blank + 1);
            inner[..stop].find('\'').map(|close| close + 2).into_iter().collect()
        }
        Some(b'(') => text[1..]
            .find(['(', ')'])
            .filter(|at| text.as_bytes()[at + 1] == b')')
            .map(|at| at + 2)
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// Where a text in quotes may end: at the first quote without a backslash, else at one behind a backslash, the last
/// first.
pub fn quoted_ends(text: &str, quote: u8) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut escaped = Vec::new();
    let mut at = 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(quote, b'\\', rest)) {
        at += found;
        if bytes[at] == quote {
            escaped.push(at + 1);
            break;
        }
        if bytes.get(at + 1) == Some(&quote) {
            escaped.push(at + 2);
        }
        at += if bytes.get(at + 1) == Some(&quote) { 2 } else { 1 };
    }
    escaped.reverse();
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_end_with_their_lines() {
        let found = read("[A  b]: <c d> \"t\\\"\"\n\nx").expect("a definition");
        assert_eq!((found.key.as_str(), found.definition.href.as_str()), ("a b", "c d"));
        assert_eq!(found.definition.title.as_deref(), Some("t\""));
        assert_eq!(found.length, 21);
        assert!(read("[a]: b c\n").is_none() && read("[a] b").is_none() && read("[a").is_none());
    }
}
