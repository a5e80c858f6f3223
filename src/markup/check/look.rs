//! What the target makes of a body in its present form.
//!
//! The text is read as a whole, or, where much of it is proved, only what lies between the proved blocks
//! ([`super::proof`]). Such a stretch reads alone as it does in its place if nothing reaches into it or out of it: no
//! link definition, no formula, no definition list anywhere; blank lines around it; and behind it nothing open, of
//! which the target itself is asked, with a line of text at its end.

use std::ops::Range;

use super::proof::Proof;
use crate::markup::digest::Digest;
use crate::markup::digest::events::EventReader;
use crate::markup::heading_ids::Ids;
use crate::markup::target::{self, Met, Reading, Source};
use crate::tree::ids;

/// The whole text with every block in its present form.
pub struct Page {
    /// The text.
    pub text: String,
    /// The bytes of each block in it.
    pub ranges: Vec<Range<usize>>,
}

/// Where a byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a block.
    Slot(usize),
    /// Before one.
    Gap(usize),
    /// Behind all of them.
    End,
}

impl Page {
    fn place(&self, at: usize) -> Place {
        let slot = self.ranges.partition_point(|range| range.end <= at);
        match self.ranges.get(slot) {
            Some(range) if range.start <= at => Place::Slot(slot),
            Some(_) => Place::Gap(slot),
            None => Place::End,
        }
    }

    /// A blank line, or nothing, stands before a byte and behind another one.
    fn stands_apart(&self, range: &Range<usize>) -> bool {
        let before = self.text[..range.start].trim_end_matches([' ', '\t']);
        let above = before.strip_suffix('\n').map(|above| above.trim_end_matches([' ', '\t']));
        let below = self.text[range.end..].trim_start_matches([' ', '\t']);
        (before.is_empty() || before.len() == range.start && above.is_some_and(|a| a.is_empty() || a.ends_with('\n')))
            && (below.is_empty() || below.starts_with('\n'))
    }
}

/// What the target makes of a text.
#[derive(Debug, Default)]
pub struct Found {
    /// Of the blocks that were read.
    pub slots: Vec<(usize, Digest)>,
    /// The ids of the proved headings.
    pub headings: Vec<(usize, String)>,
    /// The gaps in which something shows.
    pub gaps: Vec<usize>,
    /// Every place on the page that a link can name.
    pub ids: Vec<String>,
}

/// Reads the whole text.
pub fn whole(page: &Page, reading: Reading) -> Found {
    let mut found = Found::default();
    let blocks = 0..page.ranges.len();
    let read = read(page, (&page.text, 0), blocks, reading, &mut Ids::new(reading), &mut found);
    if read.is_some() { found } else { by_html(page, reading) }
}

/// The same by the rendered page: for raw HTML that reaches beyond itself.
fn by_html(page: &Page, reading: Reading) -> Found {
    let mut slots: Vec<String> = vec![String::new(); page.ranges.len()];
    let mut found = Found::default();
    let mut whole = String::new();
    for block in target::blocks(&page.text, reading) {
        match page.place(block.span.start) {
            Place::Slot(at) => slots[at].push_str(&block.html),
            Place::Gap(at) if Digest::of(&block.html) != Digest::default() => found.gaps.push(at),
            _ => {}
        }
        whole.push_str(&block.html);
    }
    found.ids = ids::of_html(&whole);
    found.slots = slots.iter().map(|html| Digest::of(html)).enumerate().collect();
    found
}

/// Whether nothing in a text reaches from one part of it into another.
pub fn can_be_read_apart(page: &Page, reading: Reading) -> bool {
    let text = page.text.as_str();
    let formulas = reading.math
        && (text.contains("$$") || text.contains("\\(") || text.contains("\\[") || text.as_bytes().contains(&0xEE));
    let defines = |(at, _): (usize, &str)| {
        let line = text[..at].trim_end_matches(' ');
        line.is_empty() || line.ends_with('\n')
    };
    !formulas && !text.contains("]:") && !text.contains('\r') && !text.match_indices(':').any(defines)
}

/// Reads what is not proved; nothing where a stretch turns out to leave something open.
pub fn apart(page: &Page, proofs: &[Option<&Proof>], reading: Reading) -> Option<Found> {
    let mut found = Found::default();
    let mut ids = Ids::new(reading);
    // the bytes and the blocks that are neither read nor proved so far
    let mut from = (0, 0);
    let mut after = None;
    let proved = proofs.iter().enumerate().filter_map(|(at, proof)| Some((at, (*proof)?)));
    let mut any = false;
    for (at, proof) in proved {
        let range = page.ranges[at].clone();
        let stretch = &page.text[from.0..range.start];
        let alone = stretch.trim_ascii().is_empty();
        let is_apart =
            *proof != Proof::List || (alone && after != Some(&Proof::List) && ends_list(&page.text[range.end..]));
        if !page.stands_apart(&range) || !is_apart {
            continue;
        }
        any = true;
        if !alone {
            // what is open would go on in this line
            let text = [stretch, "x\n"].concat();
            let last = read(page, (&text, from.0), from.1..at, reading, &mut ids, &mut found)?;
            if last != stretch.len() {
                return None;
            }
        }
        match proof {
            Proof::Heading(text) => {
                let id = ids.next(text);
                found.ids.push(id.clone());
                found.headings.push((at, id));
            }
            Proof::Html => found.ids.extend(ids::of_html(&page.text[range.clone()])),
            Proof::Plain | Proof::List => {}
        }
        from = (range.end, at + 1);
        after = Some(proof);
    }
    if !any {
        return None;
    }
    let rest = &page.text[from.0..];
    if !rest.trim_ascii().is_empty() {
        read(page, (rest, from.0), from.1..page.ranges.len(), reading, &mut ids, &mut found)?;
    }
    Some(found)
}

/// The next line that is not blank belongs to no list before it.
fn ends_list(rest: &str) -> bool {
    let line = rest.lines().find(|line| !line.trim().is_empty()).unwrap_or("x");
    !line.starts_with(|c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, '-' | '*' | '+'))
}

/// Reads a part of the page, which begins at a byte of it and holds these blocks. Returns where the last block that the
/// target sees begins; nothing where raw HTML reaches beyond itself.
fn read(
    page: &Page,
    (text, offset): (&str, usize),
    blocks: Range<usize>,
    reading: Reading,
    ids: &mut Ids,
    found: &mut Found,
) -> Option<usize> {
    let source = Source::new(text, reading);
    let first = found.slots.len();
    found.slots.extend(blocks.clone().map(|at| (at, Digest::default())));
    let mut last = 0;
    let mut complete = true;
    let mut open: Option<(Place, EventReader)> = None;
    let mut finish = |(place, reader): (Place, EventReader)| {
        let digest = reader.finish(&mut found.ids);
        complete &= digest.is_some();
        match (place, digest) {
            (Place::Slot(at), Some(digest)) if blocks.contains(&at) => {
                found.slots[first + at - blocks.start].1 = digest
            }
            (Place::Gap(at), Some(digest)) if digest != Digest::default() => found.gaps.push(at),
            _ => {}
        }
    };
    source.read(ids, |met| match met {
        Met::Block(span) => {
            last = span.start;
            let place = page.place(offset + span.start);
            // blocks of one slot are one piece; what stands in a gap is not
            if !open.as_ref().is_some_and(|(before, _)| *before == place && matches!(place, Place::Slot(_))) {
                open.take().map(&mut finish);
                open = Some((place, EventReader::new(reading)));
            }
        }
        Met::Event(event) => {
            if let Some((_, reader)) = &mut open {
                reader.event(&event);
            }
        }
        Met::End => {
            if let Some((_, reader)) = &mut open {
                reader.end_block();
            }
        }
    });
    open.take().map(&mut finish);
    complete.then_some(last)
}
