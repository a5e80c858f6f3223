//! Links and pictures with brackets (`link`, `reflink`, `nolink`).

use super::definition::quoted_ends;
use super::scan::{is_space, trim, unescaped};

/// `_inlineLabel`: the text of a link from a byte on, with one level of brackets in it; where its `]` stands.
pub fn label(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    let mut nested = false;
    loop {
        let rest = bytes.get(at..)?;
        at += rest.iter().position(|b| matches!(b, b'[' | b']' | b'\\') || (*b == b'`' && !nested))?;
        match bytes[at] {
            b'\\' => {
                let c = text[at + 1..].chars().next().filter(|c| *c != '\n')?;
                at += 1 + c.len_utf8();
                continue;
            }
            b'`' => at += 1 + memchr::memchr(b'`', &bytes[at + 1..])?,
            b'[' if nested => return None,
            b'[' => nested = true,
            _ if nested => nested = false,
            _ => return Some(at),
        }
        at += 1;
    }
}

/// Where a link leads.
pub struct Target {
    /// The address.
    pub href: String,
    /// The title.
    pub title: Option<String>,
    /// Where the link ends.
    pub end: usize,
}

/// The address and title of a link behind its `(` at a byte.
pub fn target(text: &str, open: usize, work: &mut usize) -> Option<Target> {
    let start = open + (text[open..].len() - text[open..].trim_start_matches(is_space).len());
    let (end, tail) = destination(text, start, work)?;
    let typed = &text[start..end];
    let trimmed = trim(typed);
    let mut target = Target { href: trimmed.to_owned(), title: tail.title, end: tail.end };
    if trimmed.starts_with('<') {
        let inner = trimmed.strip_suffix('>').filter(|inner| !inner.is_empty())?;
        // the last angle may not be escaped
        if (inner.len() - inner.trim_end_matches('\\').len()) % 2 == 1 {
            return None;
        }
        target.href = inner[1..].to_owned();
    } else {
        match closing(typed) {
            Closing::Open => return None,
            Closing::At(close) => {
                let end = (open + close + 1).min(text.len());
                target.href = trim(&typed[..close]).to_owned();
                target.title = None;
                // marked counts from the bracket, as if no white space stood there
                target.end = open + trim_end_of(text, open, end);
            }
            Closing::None => {}
        }
    }
    target.href = unescaped(&target.href);
    target.title = target.title.filter(|title| !title.is_empty()).map(|title| unescaped(&title));
    Some(target)
}

fn trim_end_of(text: &str, open: usize, end: usize) -> usize {
    let mut end = end;
    while !text.is_char_boundary(end) {
        end += 1;
    }
    super::scan::trim_end(&text[open..end]).len()
}

struct Tail {
    title: Option<String>,
    end: usize,
}

/// Where the address ends, and what stands behind it up to the `)`.
fn destination(text: &str, start: usize, work: &mut usize) -> Option<(usize, Tail)> {
    if let Some(end) = in_angles(text, start)
        && let Some(tail) = tail(text, end, work)
    {
        return Some((end, tail));
    }
    let length = text.as_bytes()[start..].iter().position(|b| *b <= b' ').unwrap_or(text.len() - start);
    let run = &text[start..start + length];
    // the longest address behind which the link can end
    if let Some(tail) = tail(text, start + length, work) {
        return Some((start + length, tail));
    }
    for (at, c) in run.char_indices().rev() {
        *work = work.checked_sub(1)?;
        if (matches!(c, ')' | '"' | '\'' | '(') || is_space(c))
            && let Some(tail) = tail(text, start + at, work)
        {
            return Some((start + at, tail));
        }
    }
    None
}

/// `<(?:\\.|[^\n<>\\])+>`
fn in_angles(text: &str, start: usize) -> Option<usize> {
    let inner = text[start..].strip_prefix('<')?;
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next().filter(|(_, c)| *c != '\n')?;
            }
            '>' => return (at > 0).then_some(start + 1 + at + 1),
            '<' | '\n' => return None,
            _ => {}
        }
    }
    None
}

/// A title, if there is one, and the `)`.
fn tail(text: &str, at: usize, work: &mut usize) -> Option<Tail> {
    let close = |at: usize| {
        let rest = text[at..].trim_start_matches(is_space);
        rest.starts_with(')').then(|| text.len() - rest.len() + 1)
    };
    let blanks = |at: usize| at + text.as_bytes()[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let mut open = blanks(at);
    if text[open..].starts_with('\n') {
        open = blanks(open + 1);
    }
    let quote = match text.as_bytes().get(open) {
        Some(b'(') => Some(b')'),
        Some(quote @ (b'"' | b'\'')) => Some(*quote),
        _ => None,
    };
    if let Some(quote) = quote {
        let ends = quoted_ends(&text[open..], quote);
        let looked_at = ends.first().copied().unwrap_or(text.len() - open);
        *work = work.checked_sub(looked_at)?;
        for length in ends {
            if let Some(end) = close(open + length) {
                return Some(Tail { title: Some(text[open + 1..open + length - 1].to_owned()), end });
            }
        }
    }
    close(at).map(|end| Tail { title: None, end })
}

enum Closing {
    /// No parenthesis is closed that is not open.
    None,
    /// One is open still.
    Open,
    /// The first one that closes none.
    At(usize),
}

/// `findClosingBracket`
fn closing(text: &str) -> Closing {
    if !text.contains(')') {
        return Closing::None;
    }
    let mut level = 0usize;
    let mut skip = false;
    for (at, b) in text.bytes().enumerate() {
        if std::mem::take(&mut skip) {
            continue;
        }
        match b {
            b'\\' => skip = true,
            b'(' => level += 1,
            b')' if level == 0 => return Closing::At(at),
            b')' => level -= 1,
            _ => {}
        }
    }
    if level > 0 { Closing::Open } else { Closing::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, Option<String>, &str)> {
        let close = label(text, 1)?;
        let target = target(text, close + 2, &mut 1000)?;
        Some((target.href, target.title, &text[..target.end]))
    }

    #[test]
    fn links_end_where_marked_ends_them() {
        for (text, href, title, end) in [
            ("[a](b) c)", "b", None, 6),
            ("[a](b(c)d)e)", "b(c)d", None, 10),
            ("[a](b \"c\")", "b", Some("c"), 10),
            ("[a](<b c> 'd')", "b c", Some("d"), 14),
            ("[a [b] `]`](c)", "c", None, 14),
            ("[a](b\"c\")", "b\"c\"", None, 9),
            ("[a](b\\)c)", "b)c", None, 9),
            ("[a]()", "", None, 5),
        ] {
            let found = read(text).unwrap_or_else(|| panic!("{text} is a link"));
            assert_eq!((found.0.as_str(), found.1.as_deref(), found.2), (href, title, &text[..end]), "{text}");
        }
        for text in ["[a](b", "[a](b c)", "[a](b(()c)", "[a](<b)c)", "[a `](b)"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
