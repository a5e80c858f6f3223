//! Emphasis (`emStrong`): which run of marks closes which one.
//!
//! marked looks for the end of each run of marks in a copy of the text in which code, links and tags are masked. The runs
//! of that copy are gathered once, with the least that a sum over them can come to, so that an end that does not come is
//! not looked for.

use std::collections::HashMap;
use std::ops::Range;

use super::definition::{self, Definition};
use super::link;
use super::scan::{is_punctuation, is_space};

/// The runs of marks in a text.
pub struct Marks {
    mask: String,
    gfm: bool,
    stars: Runs,
    lines: Runs,
}

/// The runs of one mark.
struct Runs {
    runs: Vec<Run>,
    /// For each remainder of an opening run by three: the sums before each run, and the least sum from there on.
    sums: [Vec<(i64, i64)>; 3],
}

struct Run {
    start: usize,
    length: usize,
    side: Side,
}

/// What a run can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Opens,
    Closes,
    Either,
    Neither,
}

/// Emphasis that was found.
pub struct Found {
    /// Where it ends.
    pub end: usize,
    /// One mark, or two.
    pub width: usize,
}

impl Marks {
    /// The runs of a text.
    pub fn of(text: &str, definitions: &HashMap<String, Definition>, gfm: bool) -> Marks {
        let mask = masked(text, definitions);
        let stars = Runs::of(&mask, b'*', gfm);
        let lines = Runs::of(&mask, b'_', false);
        Marks { mask, gfm, stars, lines }
    }

    /// The emphasis that begins at a byte; `before` is the character before it, if that was text.
    pub fn find(&self, text: &str, at: usize, before: Option<char>) -> Option<Found> {
        let mark = text.as_bytes()[at];
        let length = super::scan::run(&text.as_bytes()[at..], mark);
        let next = text[at + length..].chars().next()?;
        let is_mark = is_punctuation(next) && !(self.gfm && next == '~');
        if !is_mark && is_space(next) {
            return None;
        }
        if !is_mark && mark == b'_' && before.is_some_and(is_letter_or_digit) {
            return None;
        }
        // behind text, a run before punctuation begins nothing
        let apart = |c: char| !matches!(c, '*' | '_') && (is_space(c) || is_single(c) && is_punctuation(c));
        if is_mark && !before.is_none_or(apart) {
            return None;
        }
        let runs = if mark == b'*' { &self.stars } else { &self.lines };
        let from = self.skip_orphan(at + length, mark).unwrap_or(at + length);
        runs.close(from, length)
    }

    /// A lone mark within strong emphasis of the other kind is skipped (the first alternative of `emStrongRDelim`).
    fn skip_orphan(&self, from: usize, mark: u8) -> Option<usize> {
        let bytes = self.mask.as_bytes();
        let next = |at: usize| memchr::memchr2(b'*', b'_', bytes.get(at..)?).map(|found| at + found);
        let twice = |at: usize| bytes[at] != mark && bytes.get(at + 1) == Some(&bytes[at]);
        let open = next(from).filter(|at| twice(*at))?;
        let lone = next(open + 2).filter(|at| bytes[*at] == mark)?;
        next(lone + 1).filter(|at| twice(*at))
    }
}

/// JavaScript sees the second half of a character beyond the first plane, which is neither letter nor punctuation.
fn is_single(c: char) -> bool {
    u32::from(c) < 0x1_0000
}

fn is_letter_or_digit(c: char) -> bool {
    is_single(c) && c.is_alphanumeric() && !is_punctuation(c)
}

impl Runs {
    fn of(mask: &str, mark: u8, gfm: bool) -> Runs {
        let bytes = mask.as_bytes();
        let mut runs = Vec::new();
        let mut at = 0;
        while let Some(found) = memchr::memchr(mark, &bytes[at..]) {
            let start = at + found;
            let length = super::scan::run(&bytes[start..], mark);
            let side = side(mask[..start].chars().next_back(), mask[start + length..].chars().next(), mark, gfm);
            runs.push(Run { start, length, side });
            at = start + length;
        }
        let sums = [0, 1, 2].map(|remainder| sums(&runs, remainder));
        Runs { runs, sums }
    }

    /// The run that closes one of a length before `from`.
    fn close(&self, from: usize, length: usize) -> Option<Found> {
        let first = self.runs.partition_point(|run| run.start < from);
        let wanted = i64::try_from(length).unwrap_or(i64::MAX);
        let (sum, least) = *self.sums[length % 3].get(first)?;
        if least > sum - wanted {
            return None;
        }
        let mut total = wanted;
        let mut passed = 0;
        for run in &self.runs[first..] {
            let own = i64::try_from(run.length).unwrap_or(i64::MAX);
            let weight = weight(run, length % 3);
            if weight == 0 && run.side == Side::Either {
                passed += own;
            }
            total += weight;
            if weight >= 0 || total > 0 {
                continue;
            }
            let used = usize::try_from(own.min(own + total + passed)).unwrap_or(1);
            let width = if length.min(used) % 2 == 1 { 1 } else { 2 };
            return Some(Found { end: run.start + used, width });
        }
        None
    }
}

/// What a run adds to the marks that wait for their end.
fn weight(run: &Run, remainder: usize) -> i64 {
    let own = i64::try_from(run.length).unwrap_or(i64::MAX);
    match run.side {
        Side::Neither => 0,
        Side::Opens => own,
        // CommonMark's rule of three
        Side::Either if remainder > 0 && (remainder + run.length).is_multiple_of(3) => 0,
        Side::Either | Side::Closes => -own,
    }
}

fn sums(runs: &[Run], remainder: usize) -> Vec<(i64, i64)> {
    let mut sum = 0;
    let mut sums: Vec<(i64, i64)> = runs
        .iter()
        .map(|run| {
            let before = sum;
            sum += weight(run, remainder);
            (before, sum)
        })
        .collect();
    let mut least = i64::MAX;
    for (_, after) in sums.iter_mut().rev() {
        least = least.min(*after);
        *after = least;
    }
    sums
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Mark,
    Other,
}

/// `emStrongRDelimAst`, `emStrongRDelimUnd`: what a run is by the characters around it.
fn side(before: Option<char>, after: Option<char>, mark: u8, gfm: bool) -> Side {
    let class = |c: char| {
        if is_space(c) {
            Class::Space
        } else if is_punctuation(c) && !(gfm && c == '~') {
            Class::Mark
        } else {
            Class::Other
        }
    };
    let Some(before) = before.map(class) else { return Side::Neither };
    match (before, after.map(class)) {
        (Class::Mark, None | Some(Class::Space)) => Side::Closes,
        (Class::Other, None | Some(Class::Space | Class::Mark)) => Side::Closes,
        (Class::Mark | Class::Space, Some(Class::Other)) => Side::Opens,
        (Class::Space, Some(Class::Mark)) => Side::Opens,
        (Class::Mark, Some(Class::Mark)) => Side::Either,
        (Class::Other, Some(Class::Other)) if mark == b'*' => Side::Either,
        _ => Side::Neither,
    }
}

/// The text in which nothing but marks of emphasis is left of what begins something.
fn masked(text: &str, definitions: &HashMap<String, Definition>) -> String {
    let mut mask = text.as_bytes().to_vec();
    if !definitions.is_empty() {
        mask_references(text, definitions, &mut mask);
    }
    mask_escapes(&mut mask);
    mask_others(&mut mask);
    String::from_utf8(mask).unwrap_or_else(|_| text.to_owned())
}

/// Blots out all but the brackets.
fn blot(mask: &mut [u8], range: Range<usize>) {
    mask[range.clone()].fill(b'a');
    mask[range.start] = b'[';
    mask[range.end - 1] = b']';
}

/// `reflinkSearch`
fn mask_references(text: &str, definitions: &HashMap<String, Definition>, mask: &mut [u8]) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'[', rest)) {
        at += found;
        let full = link::label(text, at + 1)
            .filter(|close| bytes.get(close + 1) == Some(&b'['))
            .and_then(|close| definition::label(&text[close + 2..]).map(|length| (close + 2, close + 2 + length)));
        let short = || {
            let close = at + 1 + definition::label(&text[at + 1..])?;
            (bytes.get(close + 1) != Some(&b'(')).then_some((at + 1, close))
        };
        let Some((start, close)) = full.or_else(short) else {
            at += 1;
            continue;
        };
        // the label as it was typed: only small letters are found
        if definitions.contains_key(&text[start..close]) {
            blot(mask, at..close + 1);
        }
        at = close + 1;
    }
}

/// `anyPunctuation`
fn mask_escapes(mask: &mut [u8]) {
    if !mask.contains(&b'\\') {
        return;
    }
    let text = String::from_utf8_lossy(mask).into_owned();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += found + 1;
        if let Some(c) = text[at..].chars().next().filter(|c| is_punctuation(*c)) {
            mask[at - 1..at + c.len_utf8()].fill(b'+');
            at += c.len_utf8();
        }
    }
}

/// `blockSkip`: links, code and tags.
fn mask_others(mask: &mut [u8]) {
    let mut at = 0;
    while let Some(found) = mask.get(at..).and_then(|rest| memchr::memchr3(b'[', b'`', b'<', rest)) {
        at += found;
        let end = match mask[at] {
            b'[' => link_end(mask, at),
            b'`' => memchr::memchr(b'`', &mask[at + 1..]).map(|close| at + 1 + close + 1),
            _ => memchr::memchr2(b'<', b'>', &mask[at + 1..])
                .map(|close| at + 1 + close)
                .filter(|close| mask[*close] == b'>')
                .map(|close| close + 1),
        };
        match end {
            Some(end) => {
                blot(mask, at..end);
                at = end;
            }
            None => at += 1,
        }
    }
}

/// A link without brackets in its text, with one level of parentheses in its address.
fn link_end(mask: &[u8], at: usize) -> Option<usize> {
    let close = at + 1 + memchr::memchr2(b'[', b']', &mask[at + 1..])?;
    if mask[close] != b']' || mask.get(close + 1) != Some(&b'(') {
        return None;
    }
    let mut nested = false;
    let mut at = close + 2;
    loop {
        at += memchr::memchr3(b'(', b')', b'\\', mask.get(at..)?)?;
        match mask[at] {
            b'\\' => at += 1,
            b'(' if nested => return None,
            b'(' => nested = true,
            _ if nested => nested = false,
            _ => return Some(at + 1),
        }
        at += 1;
    }
}
