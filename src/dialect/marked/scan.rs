//! Characters as marked's regular expressions class them, and the lines of a text.

use std::sync::LazyLock;

use regex::Regex;

use super::super::entities;

/// `\s` of JavaScript.
pub fn is_space(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// `trim`.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// `trimEnd`.
pub fn trim_end(text: &str) -> &str {
    text.trim_end_matches(is_space)
}

/// `\w`.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// `[\p{P}\p{S}]`.
pub fn is_punctuation(c: char) -> bool {
    static MARKS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[\p{P}\p{S}]").expect("a valid pattern"));
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    // most text beyond ASCII is ideographs and kana
    let plain = matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{ac00}'..='\u{d7a3}');
    !plain && MARKS.is_match(c.encode_utf8(&mut [0; 4]))
}

/// The end of the line that begins at, or goes on from, a byte: the place of its `\n`, or of the end.
pub fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end)
}

/// The line from a byte on, without its end.
pub fn line(text: &str, at: usize) -> &str {
    &text[at..line_end(text, at)]
}

/// Where the line behind the one that ends at `end` begins.
pub fn next_line(text: &str, end: usize) -> usize {
    (end + 1).min(text.len())
}

/// How often a byte stands at the start.
pub fn run(bytes: &[u8], byte: u8) -> usize {
    bytes.iter().take_while(|b| **b == byte).count()
}

/// A line without up to three spaces before it; nothing where there are more.
pub fn outdented(line: &str) -> Option<&str> {
    let spaces = run(line.as_bytes(), b' ');
    (spaces <= 3).then(|| &line[spaces..])
}

/// A text with the backslash before any punctuation taken out (`anyPunctuation`).
pub fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let mut behind = rest[at + 1..].chars();
        match behind.next() {
            Some(c) if is_punctuation(c) => out.push(c),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
        rest = behind.as_str();
    }
    out.push_str(rest);
    out
}

/// The character reference at the start of a text that marked leaves as it is (`escapeTestNoEncode`): its length.
pub fn reference(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let count = |from: usize, belongs: fn(&u8) -> bool| {
        bytes[from.min(bytes.len())..].iter().take_while(|b| belongs(b)).count()
    };
    let (start, length, most) = match bytes {
        [b'&', b'#', b'x' | b'X', ..] => (3, count(3, u8::is_ascii_hexdigit), 6),
        [b'&', b'#', ..] => (2, count(2, u8::is_ascii_digit), 7),
        [b'&', ..] => (1, count(1, |b| is_word(*b)), usize::MAX),
        _ => return None,
    };
    ((1..=most).contains(&length) && bytes.get(start + length) == Some(&b';')).then_some(start + length + 1)
}

/// A text as a browser shows it behind marked's escaping: with its references resolved.
pub fn shown(text: &str) -> String {
    entities::decode_by(text, reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_those_that_marked_leaves() {
        assert_eq!(reference("&amp;x"), Some(5));
        assert_eq!(reference("&#x27;"), Some(6));
        assert_eq!(reference("&#12345678;"), None);
        assert_eq!(reference("&amp x"), None);
        assert_eq!(shown("a &lt;b&gt; &copy &nosuch;"), "a <b> &copy &nosuch;");
    }

    #[test]
    fn a_backslash_escapes_any_punctuation() {
        assert_eq!(unescaped(r"a\_b\a\。\\"), r"a_b\a。\");
    }
}
