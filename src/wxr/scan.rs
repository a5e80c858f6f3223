//! The tokens of an export, out of a buffer that may end in the middle of one.

use memchr::{memchr, memmem};

/// A piece of markup, or the text between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// `<name attributes>`.
    Open {
        /// The name with its prefix.
        name: &'a [u8],
        /// What stands behind the name.
        attributes: &'a [u8],
        /// It ends with `/>`.
        is_empty: bool,
    },
    /// `</name>`.
    Close(&'a [u8]),
    /// Text, references in it unresolved.
    Text(&'a [u8]),
    /// The content of a CDATA section.
    Data(&'a [u8]),
    /// A comment, a processing instruction or a declaration.
    Other,
}

/// The token at a place, and where it ends; `None` where the buffer ends before it does. `within` is the element that the
/// place is in. Where nothing comes behind the buffer (`is_all`), what is unclosed is text.
pub fn next<'a>(bytes: &'a [u8], at: usize, within: &[u8], is_all: bool) -> Option<(Token<'a>, usize)> {
    let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
    if rest[0] != b'<' {
        let end = memchr(b'<', rest);
        return match end {
            Some(end) => Some((Token::Text(&rest[..end]), at + end)),
            None => is_all.then_some((Token::Text(rest), bytes.len())),
        };
    }
    let found = markup(rest, within, is_all);
    match found {
        Some((token, length)) => Some((token, at + length)),
        None => is_all.then_some((Token::Text(rest), bytes.len())),
    }
}

fn markup<'a>(rest: &'a [u8], within: &[u8], is_all: bool) -> Option<(Token<'a>, usize)> {
    const DATA: &[u8] = b"<![CDATA[";
    // what it is must be known before its end is looked for
    if rest.len() < DATA.len() && !is_all {
        return None;
    }
    if let Some(data) = rest.strip_prefix(DATA) {
        let end = end_of_data(data, within, is_all)?;
        return Some((Token::Data(&data[..end]), DATA.len() + end + 3));
    }
    let ends = |mark: &[u8], from: usize| memmem::find(&rest[from..], mark).map(|end| from + end + mark.len());
    if rest.starts_with(b"<!--") {
        return Some((Token::Other, ends(b"-->", 4)?));
    }
    if rest.starts_with(b"<?") {
        return Some((Token::Other, ends(b"?>", 2)?));
    }
    let begins_tag = |first: &u8| first.is_ascii_alphabetic() || matches!(first, b'_' | b':' | b'/' | b'!');
    // a bare `<` in a text
    let bare = Some((Token::Text(&rest[..1]), 1));
    if !rest.get(1).is_some_and(begins_tag) {
        return bare;
    }
    let Some(end) = end_of_tag(rest)? else { return bare };
    let inner = &rest[1..end - 1];
    if inner.starts_with(b"!") {
        return Some((Token::Other, end));
    }
    if let Some(name) = inner.strip_prefix(b"/") {
        return Some((Token::Close(name.trim_ascii()), end));
    }
    let (inner, is_empty) = inner.strip_suffix(b"/").map_or((inner, false), |inner| (inner, true));
    let name = inner.iter().position(u8::is_ascii_whitespace).unwrap_or(inner.len());
    Some((Token::Open { name: &inner[..name], attributes: &inner[name..], is_empty }, end))
}

/// Where a tag ends, if it is one: a `>` in a quoted value ends none, and no tag has a `<` in it (XML 1.0, 3.1). `None`
/// where the buffer ends before it does.
fn end_of_tag(rest: &[u8]) -> Option<Option<usize>> {
    let mut quote = None;
    for (at, byte) in rest.iter().enumerate().skip(1) {
        match (quote, byte) {
            (_, b'<') => return Some(None),
            (None, b'>') => return Some(Some(at + 1)),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if *byte == open => quote = None,
            _ => {}
        }
    }
    None
}

/// Where the content of a CDATA section ends: at the first `]]>` (XML 1.0, 2.7), but for exporters that did not take those
/// apart which stand in the content: there it ends at the one that the element's end stands behind.
fn end_of_data(data: &[u8], within: &[u8], is_all: bool) -> Option<usize> {
    /// So far behind the first `]]>` the other one is looked for.
    const FARTHEST: usize = 32 << 20;
    let first = memmem::find(data, b"]]>")?;
    let close = [b"</", within].concat();
    let behind = data[first + 3..].trim_ascii_start();
    if behind.starts_with(&close) || behind.starts_with(b"<![CDATA[") {
        return Some(first);
    }
    let limit = match memmem::find(&data[first..], &close) {
        Some(limit) => first + limit,
        None if is_all || data.len() - first > FARTHEST => return Some(first),
        None => return None,
    };
    let last = data[..limit].trim_ascii_end();
    Some(if last.ends_with(b"]]>") { last.len() - 3 } else { first })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some((token, end)) = next(text.as_bytes(), at, b"a", true) {
            assert!(end > at, "{text}");
            found.push(token);
            at = end;
        }
        found
    }

    #[test]
    fn markup_is_told_from_text() {
        let open = |name: &'static str, attributes: &'static str, is_empty| Token::Open {
            name: name.as_bytes(),
            attributes: attributes.as_bytes(),
            is_empty,
        };
        assert_eq!(
            tokens("<?xml?><!-- <a> --><a b=\">\">x<c/></a >"),
            [
                Token::Other,
                Token::Other,
                open("a", " b=\">\"", false),
                Token::Text(b"x"),
                open("c", "", true),
                Token::Close(b"a")
            ]
        );
        assert_eq!(tokens("1 < 2"), [Token::Text(b"1 "), Token::Text(b"<"), Token::Text(b" 2")]);
        assert_eq!(tokens("<a"), [Token::Text(b"<a")]);
    }

    #[test]
    fn data_ends_where_it_was_meant_to() {
        assert_eq!(tokens("<![CDATA[</a>]]></a>"), [Token::Data(b"</a>"), Token::Close(b"a")]);
        assert_eq!(
            tokens("<![CDATA[b]]]]><![CDATA[>]]></a>"),
            [Token::Data(b"b]]"), Token::Data(b">"), Token::Close(b"a")]
        );
        assert_eq!(tokens("<![CDATA[b ]]> c]]>\n</a>")[0], Token::Data(b"b ]]> c"));
        assert_eq!(tokens("<![CDATA[b]]> c</a>"), [Token::Data(b"b"), Token::Text(b" c"), Token::Close(b"a")]);
    }

    #[test]
    fn what_may_go_on_waits() {
        for text in ["<", "<![CDA", "<![CDATA[x]", "<![CDATA[x]]>", "<!-- a", "<a b=\"", "text"] {
            assert_eq!(next(text.as_bytes(), 0, b"a", false), None, "{text}");
        }
    }
}
