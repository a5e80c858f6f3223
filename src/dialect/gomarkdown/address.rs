//! The addresses of links (`link` and `autoLink` in `parser/inline.go`).

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::scan::is_space;

/// The bracket that ends a link's text; what stands behind a backslash does not count.
pub fn closing_bracket(data: &[u8], from: usize) -> Option<usize> {
    let mut level = 1;
    for at in from..data.len() {
        if data[at] != b'\n' && data[at - 1] == b'\\' {
            continue;
        }
        match data[at] {
            b'[' => level += 1,
            b']' => {
                level -= 1;
                if level == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// `(address "title")` from behind the bracket: address, title, and where it ends.
pub fn destination(text: &str, from: usize) -> Option<(String, Option<String>, usize)> {
    let data = text.as_bytes();
    let start = from + data[from..].iter().take_while(|b| is_space(**b)).count();
    let mut at = start;
    let mut depth = 0;
    while at < data.len() {
        match data[at] {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            b'\'' | b'"' => break,
            _ => {}
        }
        at += 1;
    }
    let mut end = at;
    let quote = *data.get(at)?;
    let mut title = None;
    if matches!(quote, b'\'' | b'"') {
        let title_at = at + 1;
        let mut closed = false;
        at = title_at;
        while at < data.len() && !(closed && data[at] == b')') {
            match data[at] {
                b'\\' => at += 1,
                c if c == quote => closed = true,
                _ => {}
            }
            at += 1;
        }
        if at >= data.len() {
            return None;
        }
        let shown = text.get(title_at..at)?.trim_end();
        match shown.strip_suffix(['\'', '"']) {
            Some(shown) => title = Some(shown.to_owned()).filter(|title| !title.is_empty()),
            None => end = at,
        }
    }
    let address = text.get(start..end.max(start))?.trim_end();
    let address = address.strip_prefix('<').unwrap_or(address);
    let address = address.strip_suffix('>').unwrap_or(address);
    Some((address.to_owned(), title, at + 1))
}

/// `unescapeText`: every backslash goes.
pub fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            c => out.push(c),
        }
    }
    out
}

/// `linkEndsWithEntity`
pub fn ends_in_entity(data: &[u8]) -> bool {
    let Some(body) = data.strip_suffix(b";") else { return false };
    let letters = body.iter().rev().take_while(|b| b.is_ascii_lowercase()).count();
    (2..=5).contains(&letters) && body.len() > letters && body[body.len() - letters - 1] == b'&'
}

/// Whether a closing mark at an address's end was opened before the address, on its line.
pub fn closes_outside(data: &[u8], at: usize, end: usize, open: u8) -> bool {
    let close = data[at + end - 1];
    let mut depth = 1;
    for byte in data[..at + end - 1].iter().rev().take_while(|b| **b != b'\n') {
        if *byte == close {
            depth += 1;
        }
        if *byte == open {
            depth -= 1;
        }
        if depth == 0 {
            return true;
        }
    }
    false
}

/// `anchorRe`: an address that is the text of a link in HTML is no link of its own; the length up to the end tag.
pub fn rest_of_anchor(data: &[u8], at: usize) -> Option<usize> {
    static ANCHOR: LazyLock<Regex> = LazyLock::new(|| {
        let address = r"(?:(?:https?|ftp)://|/)[-A-Za-z0-9+&@#/%?=~_|!:,.;()]+";
        let anchor = format!(r#"^<a\shref="{address}"(?:\stitle="[^"<>]+")?\s?>{address}</a>"#);
        Regex::new(&anchor).expect("a valid pattern")
    });
    // a start tag longer than this is none
    const LONGEST: usize = 4096;
    let from = at.saturating_sub(LONGEST);
    let start = from + data[from..at].iter().rposition(|b| *b == b'<')?;
    let end = start + ANCHOR.find(&data[start..])?.end();
    (end > at).then(|| end - at)
}
