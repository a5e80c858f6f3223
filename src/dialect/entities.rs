//! Character references.

use html5gum::{Token, Tokenizer};

/// The reference at the start of a text (`HTML_ENTITY_RE`): its length.
pub fn reference(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('&')?;
    let end = rest.find(';').filter(|end| *end > 0)?;
    let name = &rest[..end];
    let valid = if let Some(hex) = name.strip_prefix("#x") {
        !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit())
    } else if let Some(number) = name.strip_prefix('#') {
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
    } else {
        name.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'))
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':'))
    };
    valid.then_some(end + 2)
}

/// A text with its references resolved.
pub fn decode(text: &str) -> String {
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
    for (at, c) in text.char_indices() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' if reference(&text[at..]).is_none() => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
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
