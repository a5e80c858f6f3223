//! Raw HTML: blocks (`html`) and tags in running text (`tag`).

use memchr::memmem;

use super::super::ends::Ends;
use super::scan::{is_space, is_word, line, outdented, run};

/// The elements that begin a block (`_tag`).
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "base",
    "basefont",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "menuitem",
    "meta",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
];

/// The elements whose content is no HTML.
const RAW: &[&str] = &["script", "pre", "style", "textarea"];

/// The block of HTML at the start of a text: its length.
pub fn block(text: &str) -> Option<usize> {
    let rest = outdented(line(text, 0))?;
    let indent = line(text, 0).len() - rest.len();
    let html = &text[indent..];
    let length = if html.starts_with("<!--") {
        comment_block(html)
    } else if html.starts_with("<?") {
        to_end(html, "?>")
    } else if html.starts_with("<![CDATA[") {
        to_end(html, "]]>")
    } else if html.starts_with("<!") && html.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic) {
        to_end(html, ">")
    } else if let Some(length) = raw_block(html) {
        length
    } else if begins_element(html, true) || is_lone_tag(html) {
        to_blank_line(html)
    } else {
        return None;
    };
    Some(indent + length)
}

/// HTML that ends a paragraph before it, at a line's start.
pub fn interrupts(text: &str) -> bool {
    let raw = RAW.iter().any(|name| text[1..].starts_with(name));
    raw || text.starts_with("<!--") || begins_element(text, false)
}

/// (2): a comment, and its line.
fn comment_block(html: &str) -> usize {
    let end = if html.starts_with("<!-->") {
        5
    } else if html.starts_with("<!--->") {
        6
    } else {
        memmem::find(&html.as_bytes()[4..], b"-->").map_or(html.len(), |end| 4 + end + 3)
    };
    let end = end + line(html, end).len();
    end + run(&html.as_bytes()[end..], b'\n')
}

/// (3) to (5): up to a mark, and the line ends behind it.
fn to_end(html: &str, mark: &str) -> usize {
    let end = memmem::find(html.as_bytes(), mark.as_bytes()).map_or(html.len(), |end| end + mark.len());
    end + run(&html.as_bytes()[end..], b'\n')
}

/// (1): an element whose content is no HTML, up to the line of its end tag.
fn raw_block(html: &str) -> Option<usize> {
    let name =
        RAW.iter().find(|name| html.get(1..1 + name.len()).is_some_and(|typed| typed.eq_ignore_ascii_case(name)))?;
    let mut at = 1 + name.len();
    html[at..].chars().next().filter(|c| *c == '>' || is_space(*c))?;
    while let Some(found) = memmem::find(&html.as_bytes()[at..], b"</") {
        at += found + 2;
        let tag = html.get(at..at + name.len()).is_some_and(|typed| typed.eq_ignore_ascii_case(name));
        if tag && html[at + name.len()..].starts_with('>') {
            let end = at + line(html, at).len();
            // without a line end it would go on, to no other end
            return Some(end + run(&html.as_bytes()[end..], b'\n'));
        }
    }
    Some(html.len())
}

/// (6): a tag of an element that begins a block.
fn begins_element(html: &str, any_case: bool) -> bool {
    let inner = &html[1..];
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let length = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = &inner[..length];
    let known =
        if any_case { BLOCKS.iter().any(|known| known.eq_ignore_ascii_case(name)) } else { BLOCKS.contains(&name) };
    known && (inner[length..].starts_with([' ', '\n', '>']) || inner[length..].starts_with("/>"))
}

/// (7): any tag alone on its line.
fn is_lone_tag(html: &str) -> bool {
    let first = line(html, 0);
    let is_end = first[1..].starts_with('/');
    let name = &first[1 + usize::from(is_end)..];
    let raw = RAW.iter().any(|raw| name.get(..raw.len()).is_some_and(|typed| typed.eq_ignore_ascii_case(raw)));
    if raw || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    let length = name.bytes().take_while(|b| is_word(*b) || *b == b'-').count();
    let mut rest = &name[length..];
    if is_end {
        rest = html[1 + 1 + length..].trim_start_matches(is_space);
    } else {
        while let Some(attribute) = attribute(rest, |c| c == ' ') {
            rest = &rest[attribute..];
        }
        rest = rest.trim_start_matches(' ');
        rest = rest.strip_prefix('/').unwrap_or(rest);
    }
    rest.strip_prefix('>').is_some_and(|behind| line(behind, 0).bytes().all(|b| matches!(b, b' ' | b'\t')))
}

/// (6) and (7): up to a blank line.
fn to_blank_line(html: &str) -> usize {
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\n', &bytes[at..]) {
        at += found + 1;
        let mut end = at;
        let mut blank = 0;
        loop {
            let spaces = bytes[end..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            if bytes.get(end + spaces) != Some(&b'\n') {
                break;
            }
            end += spaces + 1;
            blank = end;
        }
        if blank > 0 {
            return blank;
        }
    }
    html.len()
}

/// An attribute with the white space before it: its length.
fn attribute(text: &str, is_blank: fn(char) -> bool) -> Option<usize> {
    let blank = |at: usize| text[at..].len() - text[at..].trim_start_matches(is_blank).len();
    let bytes = text.as_bytes();
    let start = blank(0);
    if start == 0 || !bytes.get(start).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b':' | b'_')) {
        return None;
    }
    let name = start + bytes[start..].iter().take_while(|b| is_word(**b) || matches!(b, b'.' | b':' | b'-')).count();
    let equals = name + blank(name);
    if bytes.get(equals) != Some(&b'=') {
        return Some(name);
    }
    let value = equals + 1 + blank(equals + 1);
    let end = match bytes.get(value) {
        Some(quote @ (b'"' | b'\'')) => {
            let inner = memchr::memchr(*quote, &bytes[value + 1..]).map(|end| value + 1 + end);
            inner.filter(|end| is_blank('\n') || !text[value..*end].contains('\n')).map(|end| end + 1)
        }
        _ => {
            let stops = |c: char| is_space(c) || matches!(c, '"' | '\'' | '=' | '<' | '>' | '`');
            let length = text[value..].find(stops).unwrap_or(text.len() - value);
            (length > 0).then_some(value + length)
        }
    };
    Some(end.unwrap_or(name))
}

/// The tag or comment in running text at a byte: its length.
pub fn tag(text: &str, at: usize, ends: &mut Ends<&'static str>) -> Option<usize> {
    let html = &text[at..];
    let bytes = html.as_bytes();
    let mut to = |from: usize, mark: &'static str| Some(ends.find(text, at + from, mark)? - at + mark.len());
    match bytes.get(1)? {
        b'!' if html.starts_with("<!--") => {
            if html.starts_with("<!-->") {
                return Some(5);
            }
            if html.starts_with("<!--->") {
                return Some(6);
            }
            to(4, "-->")
        }
        b'!' if html.starts_with("<![CDATA[") => to(9, "]]>"),
        b'!' => {
            let name = bytes[2..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
            let apart = html[2 + name..].starts_with(is_space);
            if name > 0 && apart { to(2 + name, ">") } else { None }
        }
        b'?' => to(2, "?>"),
        b'/' => {
            bytes.get(2).filter(|b| b.is_ascii_alphabetic())?;
            let name = bytes[2..].iter().take_while(|b| is_word(**b) || matches!(b, b':' | b'-')).count();
            let rest = html[2 + name..].trim_start_matches(is_space);
            rest.starts_with('>').then(|| html.len() - rest.len() + 1)
        }
        b if b.is_ascii_alphabetic() => {
            let mut end = 1 + bytes[1..].iter().take_while(|b| is_word(**b) || **b == b'-').count();
            while let Some(length) = attribute(&html[end..], is_space) {
                end += length;
            }
            let rest = html[end..].trim_start_matches(is_space);
            let rest = rest.strip_prefix('/').unwrap_or(rest);
            rest.starts_with('>').then(|| html.len() - rest.len() + 1)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag_of(html: &str) -> Option<&str> {
        tag(html, 0, &mut Ends::default()).map(|length| &html[..length])
    }

    #[test]
    fn tags_are_those_of_marked() {
        for html in ["<thread_id>", "<a b=\"c>d\" e>", "</a >", "<br/>", "<!-- a\n-->", "<?php ?>", "<x\ny='1'\n/>"] {
            assert_eq!(tag_of(&format!("{html} rest")), Some(html));
        }
        for text in ["< a>", "<1>", "<a b=\">", "<a:b>", "<!-- a", "<>", "<a b=c\"d>"] {
            assert_eq!(tag_of(text), None, "{text}");
        }
    }

    #[test]
    fn blocks_end_where_marked_ends_them() {
        assert_eq!(block("<div>\na\n\n\nb"), Some(10));
        assert_eq!(block("<pre>\na\n\nb</pre> c\nd"), Some(19));
        assert_eq!(block("<!-- a\n\nb --> c\n\nd"), Some(17));
        assert_eq!(block("<custom-tag>\na\n\nb"), Some(16));
        assert_eq!(block("<b>a</b>\n"), None);
        assert!(interrupts("<div>") && !interrupts("<DIV>") && !interrupts("<b>"));
    }
}
