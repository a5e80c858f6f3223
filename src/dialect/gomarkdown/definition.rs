//! Definitions of links and footnotes (`isReference` in `parser/parser.go`).

use std::ops::Range;

use super::super::text::Text;
use super::scan;

/// A definition: of a link, or of a footnote.
#[derive(Debug, Clone)]
pub enum Definition {
    /// Address and title.
    Link {
        /// Where to.
        href: String,
        /// The title, if any.
        title: Option<String>,
    },
    /// The text of a footnote, and the bytes of the whole definition in the source.
    Footnote(Text, Range<usize>),
}

/// The definition that begins at a place: its label in lower case, what it defines, and its length. Without `notes`
/// there are links alone.
pub fn read(text: &Text, at: usize, notes: bool) -> Option<(String, Definition, usize)> {
    let rest = &text.as_str()[at..];
    let data = rest.as_bytes();
    let start = scan::skip_most(data, 0, b' ', 3);
    let label_at = start + 1;
    if data.get(start) != Some(&b'[') {
        return None;
    }
    let is_note = notes && data.get(label_at) == Some(&b'^');
    let label_at = label_at + usize::from(is_note);
    let label_end = label_at + rest[label_at..].find([']', '\n'])?;
    if !rest[label_end..].starts_with("]:") || (label_at == label_end && !is_note) {
        return None;
    }
    let blanks = |at: usize| at + data[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let mut i = blanks(label_end + 2);
    if data.get(i) == Some(&b'\n') {
        i = blanks(i + 1);
    }
    if i >= data.len() {
        return None;
    }
    let label = rest[label_at..label_end].to_lowercase();
    if is_note {
        let (note, length) = footnote(text, at, i);
        let whole = text.source_range(&(at..at + rest[..length].trim_end().len()));
        return Some((label, Definition::Footnote(note, whole), length));
    }
    let (definition, length) = link(rest, i)?;
    Some((label, definition, length))
}

/// `scanLinkRef`
fn link(rest: &str, at: usize) -> Option<(Definition, usize)> {
    let data = rest.as_bytes();
    let blanks = |at: usize| at + data[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let start = at + usize::from(data[at] == b'<');
    let end = start + data[start..].iter().take_while(|b| !matches!(b, b' ' | b'\t' | b'\n')).count();
    // gomarkdown looks for the second `<` of `<<`, so that a bracket at the end stays
    let href = &rest[start..end];
    let mut i = blanks(end);
    let quote = |at: usize| data.get(at).is_some_and(|b| matches!(b, b'\'' | b'"' | b'('));
    if i < data.len() && data[i] != b'\n' && !quote(i) {
        return None;
    }
    let mut line_end = if i >= data.len() || data[i] == b'\n' { i } else { 0 };
    if line_end > 0 {
        i = blanks((line_end + 1).min(data.len()));
    }
    let mut title = None;
    if i + 1 < data.len() && quote(i) {
        let title_at = i + 1;
        let eol = scan::until(data, title_at, b'\n');
        let shown = rest[title_at..eol].trim_end_matches([' ', '\t']);
        if shown.len() > 1 && shown.ends_with(['\'', '"', ')']) {
            title = Some(shown[..shown.len() - 1].to_owned());
            line_end = eol;
        }
    }
    (line_end > 0).then(|| (Definition::Link { href: href.to_owned(), title }, line_end))
}

/// `scanFootnote`: the rest of the line, and the lines that are indented by four spaces or a tab.
fn footnote(text: &Text, at: usize, from: usize) -> (Text, usize) {
    let data = &text.as_str().as_bytes()[at..];
    let start = scan::skip(data, from, b' ');
    let mut note = Text::default();
    let mut end = start + scan::line(&data[start..]);
    note.push(text, at + start..at + end);
    let mut blank = false;
    let mut last = end;
    while end < data.len() {
        let line = end..end + scan::line(&data[end..]);
        if scan::blank(&data[line.clone()]) > 0 {
            blank = true;
            end = line.end;
            continue;
        }
        let indent = scan::code(&data[line.clone()]);
        if indent == 0 {
            break;
        }
        if blank {
            note.push_str("\n", text.source(at + last.saturating_sub(1)));
            blank = false;
        }
        note.push(text, at + line.start + indent..at + line.end);
        end = line.end;
        last = end;
    }
    (note, end)
}
