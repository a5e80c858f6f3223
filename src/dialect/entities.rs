//! Character references.

use html5gum::{Token, Tokenizer};

/// The reference at the start of a text (`HTML_ENTITY_RE`): its length.
pub fn reference(text: &str) -> Option<usize> {
    let name = text.strip_prefix('&')?.as_bytes();
    let run = |from: usize, belongs: fn(&u8) -> bool| from + name[from..].iter().take_while(|b| belongs(b)).count();
    let (start, end) = if name.starts_with(b"#x") {
        (2, run(2, u8::is_ascii_hexdigit))
    } else if name.starts_with(b"#") {
        (1, run(1, u8::is_ascii_digit))
    } else if name.first().is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':')) {
        (0, run(0, |b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':')))
    } else {
        return None;
    };
    (end > start && name.get(end) == Some(&b';')).then_some(end + 2)
}

/// A text with its references resolved.
pub fn decode(text: &str) -> String {
    decode_by(text, reference)
}

/// The same by a dialect's own rule of what a reference is.
pub fn decode_by(text: &str, reference: impl Fn(&str) -> Option<usize>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = reference(rest).unwrap_or(1);
        if length > 1 {
            out.push_str(&character(&rest[..length]))
        } else {
            out.push('&')
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The same for a text that is nobody else's.
pub fn decoded(text: String) -> String {
    if text.contains('&') { decode(&text) } else { text }
}

/// What one reference stands for; itself where it is unknown.
pub fn character(reference: &str) -> String {
    let mut out = String::new();
    for token in Tokenizer::new(reference).flatten() {
        if let Token::String(text) = token {
            out.push_str(&String::from_utf8_lossy(&text));
        }
    }
    out
}

/// Text between tags with its marks escaped and its references kept (`ESCAPE_TEXT_RE`).
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    for at in memchr::memchr3_iter(b'<', b'>', b'&', text.as_bytes()) {
        let shown = match text.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ if reference(&text[at..]).is_none() => "&amp;",
            _ => continue,
        };
        out.push_str(&text[rest..at]);
        out.push_str(shown);
        rest = at + 1;
    }
    out.push_str(&text[rest..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_and_kept() {
        assert_eq!(decode("a &amp; b &copy;&#65; &nosuchthing; &"), "a & b ©A &nosuchthing; &");
        assert_eq!(escape("1 < 2 &amp; 3 & 4"), "1 &lt; 2 &amp; 3 &amp; 4");
    }
}
