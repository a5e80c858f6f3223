//! How the blocks of kramdown begin and end: each function answers for the text that it is given, which begins where
//! a line does. Lengths are in bytes.

use super::attributes::{inline_list, name_length};
use super::characters::is_space;
use super::tags;

/// The first line, its end included.
pub fn line(text: &str) -> &str {
    &text[..text.find('\n').map_or(text.len(), |at| at + 1)]
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
    let spaces = text.len() - text.trim_start_matches(is_space).len();
    text[..spaces].rfind('\n').map(|at| at + 1)
}

/// The rest of a line if it is white space (`\s*?\n`), its end included.
pub fn line_end(text: &str) -> Option<usize> {
    let at = text.find('\n')?;
    text[..at].chars().all(is_space).then_some(at + 1)
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
    !closes || rest[length..].trim_start_matches(is_space).starts_with('>')
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
    text.starts_with(['\t', '|', ' ']) && text.contains('\n')
}

/// The mark of a quote's line (`BLOCKQUOTE_START`).
pub fn quote_mark(text: &str) -> Option<usize> {
    let space = opt_space(text);
    let rest = text[space..].strip_prefix('>')?;
    Some(space + 1 + usize::from(rest.starts_with(' ')))
}

/// A thematic break (`HR_START`).
pub fn rule(text: &str) -> Option<usize> {
    let line = line(text);
    let rest = line.strip_suffix('\n')?;
    let rest = &rest[opt_space(rest)..];
    let mark = rest.chars().next().filter(|c| matches!(c, '*' | '-' | '_'))?;
    let marks = rest.chars().filter(|c| *c == mark).count();
    let only = rest.chars().all(|c| c == mark || c == ' ' || c == '\t');
    (only && marks >= 3).then_some(line.len())
}

/// A heading by number signs: its level and its text's bytes in the line.
pub fn atx(text: &str, gfm: bool) -> Option<(u8, std::ops::Range<usize>)> {
    let line = line(text).strip_suffix('\n')?;
    let level = line.bytes().take(6).take_while(|b| *b == b'#').count();
    if level == 0 {
        return None;
    }
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
            && line(&text[at + indent..]).chars().any(|c| !is_space(c))
            && text[at..].contains('\n')
        {
            at += line(&text[at..]).len();
        }
        if at == first {
            return end;
        }
        loop {
            let rest = &text[at..];
            let shown = line(rest).chars().any(|c| !is_space(c)) && rest.contains('\n');
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
