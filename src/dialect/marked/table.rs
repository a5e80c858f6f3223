//! Tables (`gfmTable`).

use std::ops::Range;

use super::super::text::Text;
use super::block::{begins_code, begins_other_block, newlines};
use super::scan::{line, next_line, outdented, trim};
use super::token::Token;
use crate::tree::{Align, NodeKind};

/// A table may begin at a line: there is a line of dashes below it.
pub fn begins(typed: &str, at: usize) -> bool {
    let first = line(typed, at);
    let below = at + first.len() + 1;
    !first.trim_start_matches(' ').is_empty() && below <= typed.len() && delimiters(line(typed, below)).is_some()
}

/// The line of dashes below the head of a table.
fn delimiters(line: &str) -> Option<&str> {
    let row = outdented(line)?;
    let bytes = row.as_bytes();
    let mut at = 0;
    let spaces = |at: &mut usize| *at += bytes[*at..].iter().take_while(|b| **b == b' ').count();
    if bytes.first() == Some(&b'|') {
        at = 1;
        spaces(&mut at);
    }
    loop {
        at += usize::from(bytes.get(at) == Some(&b':'));
        let dashes = bytes.get(at..)?.iter().take_while(|b| **b == b'-').count();
        if dashes == 0 {
            return None;
        }
        at += dashes;
        at += usize::from(bytes.get(at) == Some(&b':'));
        spaces(&mut at);
        if bytes.get(at) == Some(&b'|') {
            at += 1;
            spaces(&mut at);
        } else {
            return (at == bytes.len()).then_some(row);
        }
        if at == bytes.len() {
            return Some(row);
        }
    }
}

/// Reads the table at a byte; it, and its length.
pub fn read(text: &Text, at: usize) -> Option<(Token, usize)> {
    let typed = text.as_str();
    if !begins(typed, at) {
        return None;
    }
    let first = line(typed, at);
    let below = at + first.len() + 1;
    let second = line(typed, below);
    let row = delimiters(second)?;
    if !row.contains(['|', ':']) {
        return None;
    }
    let head = cells(first);
    let align = alignments(row);
    if head.len() != align.len() {
        return None;
    }
    let mut end = below + second.len();
    let mut rows = vec![self::row(text, at, first, head, true)];
    let mut next = next_line(typed, end);
    while next < typed.len() && next > end {
        let here = line(typed, next);
        if here.bytes().all(|b| b == b' ') && next + here.len() < typed.len() || ends(typed, next) {
            break;
        }
        end = next + here.len();
        // a line of white space at the end is none
        if !(here.bytes().all(|b| matches!(b, b' ' | b'\t')) && end == typed.len()) {
            let mut row_cells = cells(here);
            row_cells.resize(align.len(), here.len()..here.len());
            rows.push(self::row(text, next, here, row_cells, false));
        }
        next = next_line(typed, end);
    }
    if trim(&typed[below + second.len()..end]).is_empty() {
        rows.truncate(1);
    }
    let mut table = Token::new(NodeKind::Table { align }, text, at..end);
    table.children = rows;
    Some((table, end + newlines(&typed[end..]) - at))
}

/// A line that ends the table before it.
fn ends(typed: &str, at: usize) -> bool {
    begins_code(line(typed, at)) || begins_other_block(typed, at)
}

fn alignments(row: &str) -> Vec<Align> {
    let row = row.strip_prefix('|').unwrap_or(row);
    let bare = row.trim_end_matches(' ');
    let row = bare.strip_suffix('|').unwrap_or(row);
    row.split('|')
        .map(|cell| match (cell.trim_matches(' ').starts_with(':'), cell.trim_matches(' ').ends_with(':')) {
            (true, true) => Align::Center,
            (true, false) => Align::Left,
            (false, true) => Align::Right,
            (false, false) => Align::None,
        })
        .collect()
}

/// `splitCells`: what stands between bars without an odd number of backslashes before them.
fn cells(row: &str) -> Vec<Range<usize>> {
    let bytes = row.as_bytes();
    let mut cells = Vec::new();
    let mut start = 0;
    for bar in memchr::memchr_iter(b'|', bytes) {
        let slashes = bytes[..bar].iter().rev().take_while(|b| **b == b'\\').count();
        if slashes % 2 == 0 {
            cells.push(start..bar);
            start = bar + 1;
        }
    }
    cells.push(start..row.len());
    // the first and the last one are no cells where nothing stands in them
    if trim(&row[cells[0].clone()]).is_empty() {
        cells.remove(0);
    }
    if cells.last().is_some_and(|last| trim(&row[last.clone()]).is_empty()) {
        cells.pop();
    }
    cells
}

fn row(text: &Text, at: usize, typed: &str, cells: Vec<Range<usize>>, head: bool) -> Token {
    let mut row = Token::new(NodeKind::Row { head }, text, at..at + typed.len());
    for cell in cells {
        let inner = trim(&typed[cell.clone()]);
        let start =
            cell.start + (typed[cell.clone()].len() - typed[cell].trim_start_matches(super::scan::is_space).len());
        let place = at + start.min(typed.len())..at + (start + inner.len()).min(typed.len());
        let mut content = Text::default();
        let mut rest = place.start;
        // `slashPipe`: a bar with a backslash is a bar
        for (bar, _) in inner.match_indices("\\|") {
            content.push(text, rest..place.start + bar);
            rest = place.start + bar + 1;
        }
        content.push(text, rest..place.end);
        if content.as_str().is_empty() {
            content.push_str("", text.source(place.start));
        }
        row.children.push(Token::new(NodeKind::Cell, text, place).with_text(content));
    }
    row
}
