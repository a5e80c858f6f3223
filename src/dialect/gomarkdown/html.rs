//! HTML among blocks (`html` in `parser/block.go`), and the comments that running text has as well.

use memchr::memmem;

use super::super::ends::Ends;
use super::scan;

/// Elements that begin a block of HTML (`blockTags`).
const BLOCK_TAGS: &[&str] = &[
    "blockquote",
    "del",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "iframe",
    "ins",
    "li",
    "math",
    "noscript",
    "ol",
    "pre",
    "p",
    "script",
    "style",
    "table",
    "ul",
    "address",
    "article",
    "aside",
    "canvas",
    "details",
    "dialog",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hgroup",
    "main",
    "nav",
    "output",
    "progress",
    "section",
    "svg",
    "video",
];

/// `html`: an element up to its end tag with a blank line behind it, a comment or an `<hr>` on lines of their own.
pub fn block_length(text: &[u8], start: usize, ends: &mut Ends<&'static str>) -> usize {
    let data = &text[start..];
    let name = data[1..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let Some(tag) = BLOCK_TAGS.iter().copied().find(|tag| tag.as_bytes() == &data[1..1 + name]) else {
        let comment = comment_length(data);
        let size = if comment > 0 { scan::blank(&data[comment..]) } else { 0 };
        return if size > 0 { comment + size } else { rule_tag_length(data) };
    };
    if matches!(tag, "ins" | "del") {
        return 0;
    }
    ends.find_by(start, tag, || element_length(data, tag)).unwrap_or(0)
}

/// The length of an element whose end tag has a blank line behind it.
fn element_length(data: &[u8], tag: &str) -> Option<usize> {
    let close = format!("</{tag}>");
    for offset in memmem::find_iter(&data[1..], close.as_bytes()) {
        let behind = 1 + offset + close.len();
        let line = scan::blank(&data[behind..]);
        let next = behind + line;
        if line > 0 && next >= data.len() {
            return Some(next);
        }
        let blank = if line > 0 { scan::blank(&data[next..]) } else { 0 };
        if blank > 0 {
            return Some(next + blank);
        }
    }
    None
}

/// The comment at the start of a text (`inlineHTMLComment`): its length, 0 for none.
pub fn comment_length(data: &[u8]) -> usize {
    if !data.starts_with(b"<!--") || data.len() < 5 {
        return 0;
    }
    data[3..].windows(3).position(|window| window == b"-->").map_or(0, |at| at + 6)
}

/// `htmlHr`
fn rule_tag_length(data: &[u8]) -> usize {
    if data.len() < 4 || !data[1..3].eq_ignore_ascii_case(b"hr") || !matches!(data[3], b' ' | b'/' | b'>') {
        return 0;
    }
    let line = &data[..scan::until(data, 0, b'\n')];
    let Some(end) = line.iter().position(|b| *b == b'>').map(|at| at + 1) else { return 0 };
    match scan::blank(&data[end..]) {
        0 => 0,
        blank => end + blank,
    }
}
