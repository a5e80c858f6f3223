//! Tables (`parser/kramdown/table.rb`): pipes make them, a head is not needed.

use std::ops::Range;

use super::super::ends::Ends;
use super::super::text::Text;
use super::block::{Blocks, Level};
use super::characters::is_space;
use super::element::{Element, ElementKind};
use super::lines::{self, line, opt_space};
use super::tags;
use crate::tree::Align;

impl Blocks<'_> {
    /// `parse_table`
    pub(super) fn table(&mut self, level: &mut Level<'_>) -> bool {
        let rest = level.rest();
        let space = opt_space(rest);
        let begins = !rest[space..].starts_with(is_space) && has_pipe(line(&rest[space..]));
        if !begins || !level.after_boundary() {
            return false;
        }
        let Some(table) = read(level.text, level.at) else { return false };
        if !lines::boundary(&level.text.as_str()[table.end..]) {
            return false;
        }
        if !pipes_on_every_line(&level.text.as_str()[level.at..table.end]) {
            return false;
        }
        let columns = table.rows.iter().map(|row| row.children.len()).max().unwrap_or(0);
        let mut align = table.align;
        align.resize(columns, Align::None);
        let start = level.at;
        level.at = table.end;
        let element = level.push(ElementKind::Table { align }, start);
        element.children = table.rows;
        for row in &mut element.children {
            let end = row.span.end;
            row.children.resize_with(columns, || Element::new(ElementKind::Cell(Text::default()), end..end));
        }
        true
    }
}

struct Table {
    rows: Vec<Element>,
    align: Vec<Align>,
    end: usize,
}

/// Reads the lines of a table; `None` where it has no body.
fn read(text: &Text, start: usize) -> Option<Table> {
    let leading_pipe = line(&text.as_str()[start..]).trim_start().starts_with('|');
    let mut table = Table { rows: Vec::new(), align: Vec::new(), end: start };
    let mut has_body = false;
    // rows since the last separator
    let mut open = 0;
    let mut has_head = false;
    let mut has_foot = false;
    if is_separator(line(&text.as_str()[start..]), '-') {
        table.end += line(&text.as_str()[start..]).len();
    }
    loop {
        let rest = &text.as_str()[table.end..];
        let line = line(rest);
        if !line.ends_with('\n') || !has_pipe(line) {
            break;
        }
        let at = table.end;
        table.end += line.len();
        if is_separator(line, '-') {
            if open == 0 {
                continue;
            }
            if table.align.is_empty() && !has_head && !has_foot && !has_body {
                for row in &mut table.rows {
                    row.kind = ElementKind::Row { head: true };
                }
                has_head = true;
                table.align = alignments(line);
            } else {
                has_body = true;
            }
            open = 0;
        } else if is_separator(line, '=') {
            has_body |= open > 0;
            has_foot = true;
            open = 0;
        } else {
            table.rows.push(row(text, at..at + line.trim_end().len(), leading_pipe));
            open += 1;
        }
    }
    // the rows behind the last separator are the body, or the foot
    has_body |= open > 0 && !has_foot;
    has_body.then_some(table)
}

/// `TABLE_PIPE_CHECK`: a bar at the start, or one without a backslash.
fn has_pipe(line: &str) -> bool {
    let bytes = line.as_bytes();
    memchr::memchr_iter(b'|', bytes).any(|at| at == 0 || !matches!(bytes[at - 1], b'\\' | b'\n'))
}

/// `TABLE_SEP_LINE`, `TABLE_FSEP_LINE`
fn is_separator(line: &str, mark: char) -> bool {
    let line = line.trim_end_matches('\n');
    line.contains(mark) && line.chars().all(|c| c == mark || matches!(c, '+' | '|' | ':' | ' ' | '\t'))
}

/// `TABLE_HSEP_ALIGN`: a run of dashes with colons around it is a column.
fn alignments(line: &str) -> Vec<Align> {
    let mut found = Vec::new();
    let bytes = line.as_bytes();
    let mut at = 0;
    while let Some(offset) = bytes[at..].iter().position(|b| *b == b'-') {
        let start = at + offset;
        let end = start + bytes[start..].iter().take_while(|b| **b == b'-').count();
        let left = start > at && bytes[start - 1] == b':';
        let right = bytes.get(end) == Some(&b':');
        found.push(match (left, right) {
            (false, false) => Align::None,
            (true, false) => Align::Left,
            (false, true) => Align::Right,
            (true, true) => Align::Center,
        });
        at = end + usize::from(right);
    }
    found
}

/// A row: its cells are what stands between bars outside code.
fn row(text: &Text, range: Range<usize>, leading_pipe: bool) -> Element {
    let line = &text.as_str()[range.clone()];
    let mut code = code_ranges(line).into_iter().peekable();
    let mut cells: Vec<Text> = vec![Text::default()];
    let mut at = 0;
    let bytes = line.as_bytes();
    while at < line.len() {
        if let Some(code) = code.next_if(|code| code.start == at) {
            push(&mut cells, text, range.start + code.start..range.start + code.end);
            at = code.end;
            continue;
        }
        match bytes[at] {
            b'\\' if bytes.get(at + 1) == Some(&b'|') => {
                push(&mut cells, text, range.start + at + 1..range.start + at + 2);
                at += 2;
            }
            b'|' => {
                cells.push(Text::default());
                at += 1;
            }
            _ => {
                let end = code.peek().map_or(line.len(), |code| code.start);
                let next = memchr::memchr2(b'\\', b'|', &bytes[at + 1..end]).map_or(end, |offset| at + 1 + offset);
                push(&mut cells, text, range.start + at..range.start + next);
                at = next;
            }
        }
    }
    let is_empty = |cell: &Text| cell.as_str().trim().is_empty();
    if leading_pipe && cells.first().is_some_and(is_empty) {
        cells.remove(0);
    }
    if cells.last().is_some_and(is_empty) {
        cells.pop();
    }
    let span = text.source_range(&range);
    let mut row = Element::new(ElementKind::Row { head: false }, span.clone());
    row.children = cells
        .into_iter()
        .map(|cell| {
            let cell = cell.trimmed(0..cell.as_str().len());
            let whole = 0..cell.as_str().len();
            let span = if whole.is_empty() { span.end..span.end } else { cell.source_range(&whole) };
            Element::new(ElementKind::Cell(cell), span)
        })
        .collect();
    row
}

fn push(cells: &mut [Text], text: &Text, range: Range<usize>) {
    if let Some(cell) = cells.last_mut() {
        cell.push(text, range);
    }
}

/// Code spans and `<code>` elements of a line.
fn code_ranges(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut ends = Ends::default();
    let mut at = 0;
    while let Some(offset) = memchr::memchr2(b'`', b'<', &line.as_bytes()[at..]) {
        let start = at + offset;
        let rest = &line[start..];
        let length = if rest.starts_with("<code") {
            ends.find(line, start, "</code>").map(|end| end + "</code>".len() - start)
        } else {
            code_span(line, start, &mut ends)
        };
        found.extend(length.map(|length| start..start + length));
        at = start + length.unwrap_or_else(|| ticks(rest).max(1));
    }
    found
}

fn ticks(text: &str) -> usize {
    text.bytes().take_while(|b| *b == b'`').count()
}

/// The length of the code span that begins at a place (`codespan.rb`).
fn code_span<'t>(text: &'t str, start: usize, ends: &mut Ends<&'t str>) -> Option<usize> {
    let rest = &text[start..];
    let ticks = ticks(rest);
    let spaced_before = start == 0 || text[..start].ends_with(is_space);
    if ticks == 0 || (ticks == 1 && spaced_before && rest[1..].starts_with(is_space)) {
        return None;
    }
    ends.find(text, start + ticks, &rest[..ticks]).map(|close| close + ticks - start)
}

/// Whether every line has a bar outside code and HTML elements. Code that reaches over one line end is let through
/// where the line before has its bar.
fn pipes_on_every_line(text: &str) -> bool {
    let mut on_line = false;
    for piece in pieces(text.trim_end_matches('\n')) {
        match piece {
            Piece::Code(code) => match code.split('\n').count() {
                1 => {}
                2 if on_line => on_line = false,
                _ => break,
            },
            Piece::Text(text) => {
                // the lines in the middle are known to have a bar
                let several = text.contains('\n');
                let first = text.split('\n').next().unwrap_or("");
                let last = text.rsplit('\n').next().unwrap_or("");
                if several && !on_line && !has_pipe(first) {
                    break;
                }
                on_line = (!several && on_line) || has_pipe(last);
            }
        }
    }
    on_line
}

/// A part of a table's text.
enum Piece<'a> {
    Text(&'a str),
    Code(&'a str),
}

/// Texts and code spans in turn, without HTML elements.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut ends = Ends::default();
    let (mut begin, mut at) = (0, 0);
    while let Some(offset) = memchr::memchr2(b'`', b'<', &text.as_bytes()[at..]) {
        let start = at + offset;
        let rest = &text[start..];
        let code = code_span(text, start, &mut ends);
        let Some(length) = code.or_else(|| element(text, start, &mut ends)) else {
            at = start + ticks(rest).max(1);
            continue;
        };
        if begin < start {
            pieces.push(Piece::Text(&text[begin..start]));
        }
        at = start + length;
        if code.is_some() {
            pieces.push(Piece::Code(&text[start..at]));
        }
        begin = at;
    }
    if begin < text.len() {
        pieces.push(Piece::Text(&text[begin..]));
    }
    pieces
}

/// The length of the inline HTML element that begins at a place.
fn element(whole: &str, start: usize, ends: &mut Ends<&str>) -> Option<usize> {
    let text = &whole[start..];
    if text.starts_with("<!--")
        && let Some(close) = ends.find(whole, start + 4, "-->")
    {
        return Some(close + 3 - start);
    }
    let tag = tags::start_tag(text).filter(|tag| !tags::is_block(&tag.name))?;
    if tag.closed || tags::is_empty(&tag.name) {
        return Some(tag.length);
    }
    let end = tags::find_end_tag(&text[tag.length..], &tag.name).map(|end| tag.length + end);
    Some(end.map_or(text.len(), |end| end + tags::end_tag(&text[end..]).map_or(0, |(_, length)| length)))
}
