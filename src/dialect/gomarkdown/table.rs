//! Tables (`parser/block_table.go`).

use std::ops::Range;

use super::super::text::Text;
use super::element::Element;
use super::scan::{self, code_length, is_escaped, trimmed};
use crate::tree::{Align, NodeKind};

/// The head of a table: the bytes of its first line, unless that is the line of dashes itself; its columns; its length.
struct Head {
    line: Option<Range<usize>>,
    columns: Vec<Align>,
    length: usize,
}

/// A table begins here.
pub fn begins(data: &[u8]) -> bool {
    head(data).is_some()
}

/// Reads a table; its length.
pub fn read(text: &Text, at: usize, out: &mut Vec<Element>) -> usize {
    let data = &text.as_str().as_bytes()[at..];
    let Some(head) = head(data) else { return 0 };
    let mut rows = Vec::new();
    if let Some(line) = head.line {
        rows.push(row(text, at + line.start..at + line.end, head.columns.len(), true));
    }
    let mut end = head.length;
    while end < data.len() {
        let line = end..end + scan::line(&data[end..]);
        if !data[line.clone()].contains(&b'|') {
            break;
        }
        if !is_footer(&data[line.clone()]) {
            rows.push(row(text, at + line.start..at + line.end, head.columns.len(), false));
        }
        end = line.end;
    }
    let span = text.source_range(&(at..at + trimmed(&data[..end])));
    let mut table = Element::new(NodeKind::Table { align: head.columns }, span);
    table.children = rows;
    out.push(table);
    end
}

/// `tableHeader`
fn head(data: &[u8]) -> Option<Head> {
    let mut i = 0;
    let mut count = 1;
    let mut is_underline = true;
    let mut is_empty = true;
    while i < data.len() && data[i] != b'\n' {
        if data[i] == b'`' {
            match scan::code_span(&data[i..]) {
                Ok(code) => i += code - 1,
                // ticks that end nowhere are not looked for again
                Err(plain) => {
                    (is_underline, is_empty) = (false, false);
                    i += plain;
                    continue;
                }
            }
        }
        if i >= data.len() {
            break;
        }
        if data[i] == b'|' && !is_escaped(data, i) {
            count += 1;
        }
        is_underline &= matches!(data[i], b'-' | b' ' | b':' | b'|');
        is_empty &= matches!(data[i], b' ' | b'|');
        i += 1;
    }
    if count == 1 {
        return None;
    }
    let line = &data[..(i + 1).min(data.len())];
    if data[0] == b'|' {
        count -= 1;
    }
    let shown = line.len() - line.iter().rev().take_while(|b| matches!(b, b'\n' | b' ')).count();
    if shown > 2 && line[shown - 1] == b'|' && !is_escaped(line, shown - 1) {
        count -= 1;
    }
    let own_line = !is_underline || is_empty;
    let begin = if own_line { i + 1 } else { 0 };
    let (columns, length) = underline(data, begin, count)?;
    Some(Head { line: own_line.then_some(0..line.len()), columns, length })
}

/// The line of dashes: the alignments, and where the line ends.
fn underline(data: &[u8], begin: usize, count: usize) -> Option<(Vec<Align>, usize)> {
    if begin >= data.len() || count == 0 {
        return None;
    }
    let bar = |at: usize| data.get(at) == Some(&b'|') && !is_escaped(data, at);
    let mut i = scan::skip(data, begin + usize::from(bar(begin)), b' ');
    let mut columns = vec![Align::None; count];
    let mut column = 0;
    while i < data.len() && data[i] != b'\n' {
        let left = data[i] == b':';
        i += usize::from(left);
        let dashes = data[i..].iter().take_while(|b| **b == b'-').count();
        i += dashes;
        let right = data.get(i) == Some(&b':');
        i += usize::from(right);
        i = scan::skip(data, i, b' ');
        if i == data.len() || column >= count || dashes + usize::from(left) + usize::from(right) < 1 {
            return None;
        }
        columns[column] = match (left, right) {
            (true, true) => Align::Center,
            (true, false) => Align::Left,
            (false, true) => Align::Right,
            (false, false) => Align::None,
        };
        if bar(i) {
            column += 1;
            i = scan::skip(data, i + 1, b' ');
            if column >= count && i < data.len() && data[i] != b'\n' {
                return None;
            }
        } else if column + 1 < count || data[i] != b'\n' {
            return None;
        } else {
            column += 1;
        }
    }
    (column == count).then(|| (columns, (i + 1).min(data.len())))
}

/// `tableFooter`: bars and `=`.
fn is_footer(line: &[u8]) -> bool {
    let start = scan::skip_most(line, 0, b' ', 3);
    let shown = &line[start..scan::until(line, start, b'\n')];
    shown.contains(&b'|') && shown.iter().all(|b| matches!(b, b'|' | b'='))
}

/// `tableRow`: cells between bars; a row of fewer cells is filled up, what is too much is dropped.
fn row(text: &Text, range: Range<usize>, columns: usize, head: bool) -> Element {
    let data = &text.as_str().as_bytes()[range.clone()];
    let shown = trimmed(data);
    let mut row = Element::new(NodeKind::Row { head }, text.source_range(&(range.start..range.start + shown)));
    let mut i = scan::skip(data, 0, b'|');
    let mut spanned = 0usize;
    let mut column = 0;
    while column < columns && i < data.len() {
        i = scan::skip(data, i, b' ');
        let start = i;
        let code = code_length(&data[i..]);
        if code > 0 {
            i += code - 1;
        }
        while i < data.len() && (data[i] != b'|' || is_escaped(data, i)) && data[i] != b'\n' {
            i += 1;
        }
        let mut end = i;
        let mut bars = 0;
        while i < data.len() && data[i] == b'|' && !is_escaped(data, i) {
            i += 1;
            bars += 1;
        }
        while end > start && data[end - 1] == b' ' {
            end -= 1;
        }
        if start == end && spanned > 0 {
            // an empty cell that stands for the one before it
            spanned -= 1;
        } else {
            row.children.push(cell(text, range.start + start..range.start + end));
        }
        if bars > 1 {
            spanned += bars - 1;
        }
        column += 1;
    }
    for _ in column..columns {
        row.children.push(cell(text, range.start + shown..range.start + shown));
    }
    row
}

fn cell(text: &Text, range: Range<usize>) -> Element {
    let mut cell = Element::new(NodeKind::Cell, text.source_range(&range));
    cell.text = Some(text.slice(range));
    cell
}
