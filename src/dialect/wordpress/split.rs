//! Tags and comments in a text (wp-includes/formatting.php, `get_html_split_regex`).

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// The end of what begins with a `<`: a comment, a CDATA section, or anything up to the next `>`; of what has no end, that
/// of the text.
pub fn end_of_tag(text: &str, open: usize) -> usize {
    let rest = &text.as_bytes()[open..];
    let end = if rest.starts_with(b"<!--") {
        // the dashes that begin a comment can end it
        memmem::find(&rest[2..], b"-->").map(|end| end + 5)
    } else if rest.starts_with(b"<![CDATA[") {
        memmem::find(rest, b"]]>").map(|end| end + 3)
    } else {
        memchr(b'>', rest).map(|end| end + 1)
    };
    end.map_or(text.len(), |end| open + end)
}

/// A text with something else for a character in its tags and comments (`wp_replace_in_html_tags`).
pub fn in_tags<'a>(text: &'a str, what: char, with: &str) -> Cow<'a, str> {
    let mut out = String::new();
    let (mut rest, mut at) = (0, 0);
    while let Some(open) = memchr(b'<', &text.as_bytes()[at..]).map(|open| at + open) {
        at = end_of_tag(text, open);
        if text[open..at].contains(what) {
            out.push_str(&text[rest..open]);
            out.push_str(&text[open..at].replace(what, with));
            rest = at;
        }
    }
    if rest == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[rest..]);
    Cow::Owned(out)
}

/// The place of the next `[` that stands in no tag.
pub fn next_bracket(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + memchr::memchr2(b'[', b'<', &text.as_bytes()[at..])?;
        if text.as_bytes()[found] == b'[' {
            return Some(found);
        }
        at = end_of_tag(text, found);
        if at >= text.len() {
            return None;
        }
    }
}
