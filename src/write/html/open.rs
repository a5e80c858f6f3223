//! Elements that a text leaves open and that would take the rest of its page into themselves.

use html5gum::{Token, Tokenizer};

use crate::tree::tokens::bounded;

/// HTML (tree construction): the end tag of an element around one of these does not end it, or it is opened again behind
/// that, or nothing within it is an element at all.
const HOLDING: [&[u8]; 33] = [
    b"a",
    b"applet",
    b"b",
    b"big",
    b"button",
    b"caption",
    b"code",
    b"em",
    b"font",
    b"i",
    b"iframe",
    b"marquee",
    b"nobr",
    b"noembed",
    b"noframes",
    b"noscript",
    b"object",
    b"s",
    b"script",
    b"select",
    b"small",
    b"strike",
    b"strong",
    b"style",
    b"table",
    b"td",
    b"template",
    b"textarea",
    b"th",
    b"title",
    b"tt",
    b"u",
    b"xmp",
];

/// The end tags that a text lacks, for whoever writes something behind it. A comment that is left open is ended first.
pub fn end_tags(text: &str) -> String {
    let mut ends = String::new();
    if text.rfind("<!--").is_some_and(|open| !text[open..].contains("-->")) {
        ends.push_str("-->");
    }
    if is_balanced(text) {
        return ends;
    }
    let mut open: Vec<Vec<u8>> = Vec::new();
    for token in Tokenizer::new(&*bounded(text)).flatten() {
        match token {
            Token::StartTag(tag) if place(&tag.name).is_some() => open.push(tag.name.to_vec()),
            Token::EndTag(tag) => {
                if let Some(at) = open.iter().rposition(|name| *name == *tag.name) {
                    open.truncate(at);
                }
            }
            _ => {}
        }
    }
    ends.extend(open.iter().rev().map(|name| format!("</{}>", String::from_utf8_lossy(name))));
    ends
}

fn place(name: &[u8]) -> Option<usize> {
    HOLDING.binary_search_by(|known| known.iter().copied().cmp(name.iter().map(u8::to_ascii_lowercase))).ok()
}

/// Whether each of them is ended as often as it is begun: most texts need no closer look.
fn is_balanced(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut open = [0i64; HOLDING.len()];
    for at in memchr::memchr_iter(b'<', bytes) {
        let ends = bytes.get(at + 1) == Some(&b'/');
        let name = &bytes[at + 1 + usize::from(ends)..];
        let name = &name[..name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()];
        if let Some(place) = place(name) {
            open[place] += if ends { -1 } else { 1 };
        }
    }
    open.iter().all(|count| *count == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_open_is_ended() {
        assert!(HOLDING.is_sorted());
        for (text, ends) in [
            ("<p>a <b>c</b></p>", ""),
            ("<p>Set<Object> a</p>", "</object>"),
            ("<p><a href=x>a <b>c</p>", "</b></a>"),
            ("<b><i>a</b></i>", ""),
            ("<textarea> <p>a", "</textarea>"),
            ("a <!-- b", "-->"),
            ("<!-- a --> <!-- <b> -->", ""),
            ("<table><tr><td>a", "</td></table>"),
            ("<br><img src=x> &lt;b&gt;", ""),
            ("</b></table>", ""),
        ] {
            assert_eq!(end_tags(text), ends, "{text}");
        }
    }
}
