//! HTML tags as kramdown takes them (`parser/html.rs`), and its tables of elements.

use super::characters::is_space;

/// Elements of running text (`HTML_SPAN_ELEMENTS`).
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "big", "bdo", "br", "button", "cite", "code", "del", "dfn", "em", "i", "img", "input",
    "ins", "kbd", "label", "mark", "option", "q", "rb", "rbc", "rp", "rt", "rtc", "ruby", "samp", "select", "small",
    "span", "strong", "sub", "sup", "tt", "u", "var",
];

/// Elements that stand in no running text (`HTML_BLOCK_ELEMENTS`).
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "applet",
    "body",
    "blockquote",
    "caption",
    "col",
    "colgroup",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "head",
    "iframe",
    "legend",
    "menu",
    "li",
    "main",
    "map",
    "nav",
    "ol",
    "optgroup",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tfoot",
    "tr",
    "ul",
];

/// Elements without content (`HTML_ELEMENTS_WITHOUT_BODY`).
const EMPTY: &[&str] = &[
    "area", "base", "br", "col", "command", "embed", "hr", "img", "input", "keygen", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements with blocks in them (`HTML_CONTENT_MODEL_BLOCK`).
const HOLDS_BLOCKS: &[&str] = &[
    "address",
    "applet",
    "article",
    "aside",
    "blockquote",
    "body",
    "dd",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "figcaption",
    "footer",
    "form",
    "header",
    "hgroup",
    "iframe",
    "li",
    "main",
    "map",
    "menu",
    "nav",
    "noscript",
    "object",
    "section",
    "summary",
    "td",
];

/// Elements with running text in them (`HTML_CONTENT_MODEL_SPAN`).
const HOLDS_TEXT: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdo", "big", "button", "cite", "caption", "del", "dfn", "dt", "em", "h1", "h2", "h3",
    "h4", "h5", "h6", "i", "ins", "label", "legend", "optgroup", "p", "q", "rb", "rbc", "rp", "rt", "rtc", "ruby",
    "select", "small", "span", "strong", "sub", "sup", "th", "tt",
];

/// Elements whose content is never Markdown (`HTML_CONTENT_MODEL_RAW`).
const HOLDS_RAW: &[&str] = &["script", "style", "math", "option", "textarea", "pre", "code", "kbd", "samp", "var"];

/// An element of running text.
pub fn is_inline(name: &str) -> bool {
    INLINE.contains(&name)
}

/// An element that stands in no running text.
pub fn is_block(name: &str) -> bool {
    BLOCK.contains(&name)
}

/// Whether an element stands in no running text and what is in it is read as HTML.
pub fn holds_html(name: &str) -> bool {
    is_block(name) && !is_empty(name)
}

/// An element without content.
pub fn is_empty(name: &str) -> bool {
    EMPTY.contains(&name)
}

/// An element that holds blocks where Markdown is read in it.
pub fn holds_blocks(name: &str) -> bool {
    HOLDS_BLOCKS.contains(&name)
}

/// An element that holds running text where Markdown is read in it.
pub fn holds_text(name: &str) -> bool {
    HOLDS_TEXT.contains(&name)
}

fn is_known(name: &str) -> bool {
    [INLINE, BLOCK, EMPTY, HOLDS_BLOCKS, HOLDS_TEXT, HOLDS_RAW].iter().any(|table| table.contains(&name))
}

/// Known elements are written in any case.
pub fn canonical(name: &str) -> String {
    let lower = name.to_lowercase();
    if is_known(&lower) { lower } else { name.to_owned() }
}

/// The text begins with the name of an inline element, as a word (`LAZY_END_HTML_SPAN_ELEMENTS`).
pub fn begins_with_inline_name(text: &str) -> bool {
    let word = text.len() - text.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    let word = &text[..word];
    INLINE.contains(&word) || word == "script"
}

/// The length of an XML name at the start of a text (REXML's `UNAME_STR`), one colon in it allowed.
pub fn name(text: &str) -> usize {
    let length = simple_name(text);
    match text[length..].strip_prefix(':').map(simple_name) {
        Some(more) if length > 0 && more > 0 => length + 1 + more,
        _ => length,
    }
}

fn simple_name(text: &str) -> usize {
    if !text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return 0;
    }
    text.len() - text.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')).len()
}

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The name as typed.
    pub name: String,
    /// Attributes as typed, their values as they stand between the quotes.
    pub attributes: Vec<(String, String)>,
    /// It ends in `/>`.
    pub closed: bool,
    /// Its length in bytes.
    pub length: usize,
}

/// The start tag at the start of a text (`HTML_TAG_RE`): values without quotes are words, everything else is quoted.
pub fn start_tag(text: &str) -> Option<Tag> {
    let rest = text.strip_prefix('<')?;
    let name_end = name(rest);
    if name_end == 0 {
        return None;
    }
    let mut tag =
        Tag { name: rest[..name_end].to_owned(), attributes: Vec::new(), closed: false, length: 1 + name_end };
    loop {
        let rest = &text[tag.length..];
        let space = rest.len() - rest.trim_start_matches(is_space).len();
        let after = &rest[space..];
        let attribute = if space > 0 { name(after) } else { 0 };
        if attribute == 0 {
            tag.length += space;
            break;
        }
        let (value, length) = value(&after[attribute..]);
        tag.attributes.push((after[..attribute].to_lowercase(), value));
        tag.length += space + attribute + length;
    }
    let rest = &text[tag.length..];
    tag.closed = rest.starts_with('/');
    tag.length += usize::from(tag.closed) + 1;
    rest[usize::from(tag.closed)..].starts_with('>').then_some(tag)
}

/// The value behind an attribute's name, and the length that it takes up.
fn value(text: &str) -> (String, usize) {
    let trimmed = text.trim_start_matches(is_space);
    let Some(rest) = trimmed.strip_prefix('=') else { return (String::new(), 0) };
    let rest = rest.trim_start_matches(is_space);
    let before = text.len() - rest.len();
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        return match rest[1..].find(quote) {
            Some(end) => (rest[1..1 + end].to_owned(), before + end + 2),
            None => (String::new(), 0),
        };
    }
    let word = rest.len() - rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    if word == 0 { (String::new(), 0) } else { (rest[..word].to_owned(), before + word) }
}

/// The end tag at the start of a text (`HTML_TAG_CLOSE_RE`): its name and length.
pub fn end_tag(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix("</")?;
    let length = name(rest);
    let after = rest[length..].trim_start_matches(is_space);
    (length > 0 && after.starts_with('>')).then(|| (&rest[..length], text.len() - after.len() + 1))
}

/// Where an element's end tag begins in a text, in any case.
pub fn find_end_tag(text: &str, wanted: &str) -> Option<usize> {
    memchr::memmem::find_iter(text.as_bytes(), "</")
        .find(|at| end_tag(&text[*at..]).is_some_and(|(name, _)| name.eq_ignore_ascii_case(wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_with_their_attributes() {
        let tag = start_tag("<a HREF='x y' b=c d >").expect("a tag");
        let attributes = [("href", "x y"), ("b", "c"), ("d", "")];
        assert_eq!(tag.attributes, attributes.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(tag.length, 21);
        assert!(start_tag("<br/>").is_some_and(|tag| tag.closed));
        assert_eq!(start_tag("<a href=http://x>"), None);
        assert_eq!(end_tag("</DIV >x"), Some(("DIV", 7)));
    }
}
