//! How the blocks of kramdown begin and end: each function answers for the text that it is given, which begins where
//! a line does. Lengths are in bytes.

use super::attributes::{inline_list, name_length};
use super::characters::{is_blank, is_space, spaces};
use super::tags;

/// The first line, its end included.
pub fn line(text: &str) -> &str {
    &text[..memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |at| at + 1)]
}

/// Line by line, ends included.
pub fn each(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = line(rest);
        rest = &rest[first.len()..];
        (!first.is_empty()).then_some(first)
    })
}

/// Up to three spaces (`OPT_SPACE`).
pub fn opt_space(text: &str) -> usize {
    text.bytes().take(3).take_while(|b| *b == b' ').count()
}

/// One tab or four spaces (`INDENT`).
pub fn indent(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [b'\t', ..] => Some(1),
        [b' ', b' ', b' ', b' ', ..] => Some(4),
        _ => None,
    }
}

/// Blank lines (`BLANK_LINE`), all of them.
pub fn blank(text: &str) -> Option<usize> {
    text[..spaces(text)].rfind('\n').map(|at| at + 1)
}

/// The rest of a line if it is white space (`\s*?\n`), its end included.
pub fn line_end(text: &str) -> Option<usize> {
    let spaces = text.bytes().take_while(|b| *b != b'\n' && is_space(char::from(*b))).count();
    (text.as_bytes().get(spaces) == Some(&b'\n')).then_some(spaces + 1)
}

/// A line with `^` alone (`EOB_MARKER`).
pub fn eob(text: &str) -> Option<usize> {
    line_end(text.strip_prefix('^')?).map(|end| end + 1)
}

/// A line that is an attribute list (`IAL_BLOCK_START`): its content and the whole length.
pub fn attribute_line(text: &str) -> Option<(&str, usize)> {
    let space = opt_space(text);
    let (content, length) = inline_list(&text[space..])?;
    let end = line_end(&text[space + length..])?;
    Some((content, space + length + end))
}

/// What ends a lazy continuation (`LAZY_END`).
pub fn lazy_end(text: &str) -> bool {
    text.is_empty() || blank(text).is_some() || attribute_line(text).is_some() || eob(text).is_some() || html(text)
}

/// A line that begins with a tag which is no inline one (`LAZY_END_HTML_START`, `LAZY_END_HTML_STOP`).
pub fn html(text: &str) -> bool {
    let Some(rest) = text[opt_space(text)..].strip_prefix('<') else { return false };
    let (rest, closes) = match rest.strip_prefix('/') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let length = tags::name(rest);
    if length == 0 || tags::begins_with_inline_name(rest) {
        return false;
    }
    !closes || rest[length + spaces(&rest[length..])..].starts_with('>')
}

/// The mark of a list's item with at most so many spaces before it: whether the list is ordered, and the length up to
/// the end of the mark (`LIST_START`).
pub fn list_mark(text: &str, most_spaces: usize) -> Option<(bool, usize)> {
    let space = text.bytes().take(most_spaces).take_while(|b| *b == b' ').count();
    let rest = &text[space..];
    let (ordered, length) = match rest.as_bytes() {
        [b'+' | b'*' | b'-', ..] => (false, 1),
        [b'0'..=b'9', ..] => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if rest.as_bytes().get(digits) != Some(&b'.') {
                return None;
            }
            (true, digits + 1)
        }
        _ => return None,
    };
    pattern_tail(&rest[length..]).then_some((ordered, space + length))
}

/// The mark of a definition (`DEFINITION_LIST_START`).
pub fn definition_mark(text: &str, most_spaces: usize) -> Option<usize> {
    let space = text.bytes().take(most_spaces).take_while(|b| *b == b' ').count();
    (text[space..].starts_with(':') && pattern_tail(&text[space + 1..])).then_some(space + 1)
}

/// What must stand behind a mark (`PATTERN_TAIL`); the bar is in the expression by mistake, and so it is here.
fn pattern_tail(text: &str) -> bool {
    text.starts_with(['\t', '|', ' ']) && memchr::memchr(b'\n', text.as_bytes()).is_some()
}

/// The mark of a quote's line (`BLOCKQUOTE_START`).
pub fn quote_mark(text: &str) -> Option<usize> {
    let space = opt_space(text);
    let rest = text[space..].strip_prefix('>')?;
    Some(space + 1 + usize::from(rest.starts_with(' ')))
}

/// A thematic break (`HR_START`).
pub fn rule(text: &str) -> Option<usize> {
    let start = opt_space(text);
    let bytes = text.as_bytes();
    let mark = *bytes.get(start).filter(|b| matches!(b, b'*' | b'-' | b'_'))?;
    let shown = bytes[start..].iter().take_while(|b| **b == mark || matches!(b, b' ' | b'\t')).count();
    let marks = bytes[start..start + shown].iter().filter(|b| **b == mark).count();
    (marks >= 3 && bytes.get(start + shown) == Some(&b'\n')).then_some(start + shown + 1)
}

/// A heading by number signs: its level and its text's bytes in the line.
pub fn atx(text: &str, gfm: bool) -> Option<(u8, std::ops::Range<usize>)> {
    if !text.starts_with('#') {
        return None;
    }
    let line = line(text).strip_suffix('\n')?;
    let level = line.bytes().take(6).take_while(|b| *b == b'#').count();
    let space = line[level..].bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let start = level + space;
    // `input: GFM` asks for white space, kramdown itself for text
    let begins = if gfm { space > 0 } else { start < line.len() };
    begins.then_some((level as u8, start..line.len()))
}

/// The fence of a code block under GFM (`FENCED_CODEBLOCK_START`), or kramdown's own of tildes.
pub fn fence(text: &str, gfm: bool) -> bool {
    if gfm {
        let rest = &text[opt_space(text)..];
        rest.bytes().take(3).filter(|b| matches!(b, b'~' | b'`')).count() == 3
    } else {
        text.starts_with("~~~")
    }
}

/// What ends a paragraph (`PARAGRAPH_END_GFM`, `PARAGRAPH_END`).
pub fn paragraph_end(text: &str, gfm: bool) -> bool {
    lazy_end(text)
        || definition_mark(text, 3).is_some()
        || (gfm
            && (list_mark(text, 3).is_some()
                || atx(text, true).is_some()
                || quote_mark(text).is_some()
                || fence(text, true)))
}

/// What a block may end before (`BLOCK_BOUNDARY`).
pub fn boundary(text: &str) -> bool {
    text.is_empty() || text == "\n" || blank(text).is_some() || eob(text).is_some() || attribute_line(text).is_some()
}

/// Indented lines with blank lines between them and lazy lines behind them (`CODEBLOCK_MATCH`).
pub fn code_lines(text: &str) -> usize {
    let mut end = 0;
    loop {
        let mut at = end + blank(&text[end..]).unwrap_or(0);
        let first = at;
        while let Some(indent) = indent(&text[at..])
            && !is_blank(line(&text[at + indent..]))
            && line(&text[at..]).ends_with('\n')
        {
            at += line(&text[at..]).len();
        }
        if at == first {
            return end;
        }
        loop {
            let rest = &text[at..];
            let shown = !is_blank(line(rest)) && line(rest).ends_with('\n');
            if !shown || attribute_line(rest).is_some() || eob(rest).is_some() || html(rest) {
                break;
            }
            at += line(rest).len();
        }
        end = at;
    }
}

/// The label of a footnote's definition (`FOOTNOTE_DEFINITION_START`) and the length up to its content.
pub fn footnote(text: &str) -> Option<(&str, usize)> {
    let space = opt_space(text);
    let rest = text[space..].strip_prefix("[^")?;
    let name = name_length(rest);
    (name > 0 && rest[name..].starts_with("]:")).then(|| (&rest[..name], space + 2 + name + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_from_text() {
        assert_eq!(list_mark("  * a\n", 3), Some((false, 3)));
        assert_eq!(list_mark("12. a\n", 3), Some((true, 3)));
        assert_eq!(list_mark("12) a\n", 3), None);
        assert_eq!(list_mark("    * a\n", 3), None);
        assert_eq!(rule("* * *\n"), Some(6));
        assert_eq!(rule("** a\n"), None);
        assert!(html("<div>\n") && html("</div>\n") && !html("<span>\n") && !html("</em>\n"));
        assert_eq!(blank("  \n\n x"), Some(4));
    }

    #[test]
    fn code_takes_lazy_lines_along() {
        assert_eq!(code_lines("    a\n\n    b\nc\n\nd\n"), "    a\n\n    b\nc\n".len());
    }
}
