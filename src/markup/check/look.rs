//! What the target makes of a body in its present form.
//!
//! Of the blocks that are proved ([`super::proof`]) only the place is read: a short paragraph stands for them, between
//! blank lines. Where the target finds that paragraph, nothing was open before it that would have swallowed the block.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, RefDefs, Tag};

use super::proof::{Proof, Reference, Shape};
use crate::markup::digest::Digest;
use crate::markup::digest::events::Piece;
use crate::markup::heading_ids::Ids;
use crate::markup::target::{Met, Reading, Source};
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

/// What the target makes of a block.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// What it shows.
    pub digest: Digest,
    /// The places in it that a link can name.
    pub ids: Vec<String>,
    /// Nothing that begins in it goes on behind it.
    pub ends: bool,
}

/// What the target makes of a text.
#[derive(Debug, Default)]
pub struct Found {
    /// Of the blocks that were read.
    pub slots: Vec<(usize, Box<Seen>)>,
    /// The ids of the proved headings.
    pub headings: Vec<(usize, String)>,
    /// The gaps in which something shows.
    pub gaps: Vec<usize>,
    /// Every place on the page that a link can name.
    pub ids: Vec<String>,
    /// Raw HTML leaves something open: what ids there are may depend on what follows.
    pub left_open: bool,
}

/// Looks what the target makes of a text, some blocks of which are proved.
pub fn look(page: &Page, proofs: &[Option<&Proof>], reading: Reading) -> Found {
    let known = if can_be_shortened(page, reading) { proofs } else { &[] };
    // without proofs there is nothing that could be swallowed
    read(page, &Shortened::new(page, known), reading)
        .or_else(|| read(page, &Shortened::new(page, &[]), reading))
        .unwrap_or_default()
}

/// Not every line end is one to all parsers, and letters of the private use area may stand for the marks of formulas.
fn can_be_shortened(page: &Page, reading: Reading) -> bool {
    let bytes = page.text.as_bytes();
    memchr::memchr(b'\r', bytes).is_none() && !(reading.math && memchr::memchr(0xEE, bytes).is_some())
}

/// A text in which a short paragraph stands for each run of proved blocks.
struct Shortened<'a> {
    text: Cow<'a, str>,
    /// Where the parts of it begin: here, and in the whole text.
    parts: Vec<(usize, usize)>,
    /// Where the short paragraphs begin, and the blocks for which they stand.
    short: Vec<(usize, Vec<(usize, &'a Proof)>)>,
    /// The blocks that are not read.
    proved: Vec<bool>,
}

impl<'a> Shortened<'a> {
    fn new(page: &'a Page, proofs: &[Option<&'a Proof>]) -> Self {
        let mut out = String::new();
        let mut shortened = Shortened {
            text: Cow::Borrowed(&page.text),
            parts: vec![(0, 0)],
            short: Vec::new(),
            proved: vec![false; page.ranges.len()],
        };
        let mut from = 0;
        let mut after: Option<&Shape> = None;
        for (at, &proof) in proofs.iter().enumerate() {
            let Some(proof) = proof else { continue };
            let range = page.ranges[at].clone();
            let stretch = &page.text[from..range.start];
            let joins = stretch.trim_ascii().is_empty();
            let below = Below::of(&page.text[range.end..]);
            let stands = match proof.shape {
                Shape::List | Shape::IndentedCode => {
                    joins && !matches!(after, Some(Shape::List | Shape::IndentedCode)) && below == Below::Apart
                }
                _ => below != Below::Definition,
            };
            if !stands || !page.stands_apart(&range) {
                continue;
            }
            match shortened.short.last_mut() {
                Some((_, run)) if joins => run.push((at, proof)),
                _ => {
                    out.push_str(stretch);
                    shortened.short.push((out.len(), vec![(at, proof)]));
                    out.push_str("x\n");
                }
            }
            shortened.parts.push((out.len(), range.end));
            shortened.proved[at] = true;
            from = range.end;
            after = Some(&proof.shape);
        }
        if from > 0 {
            out.push_str(&page.text[from..]);
            shortened.text = Cow::Owned(out);
        }
        shortened
    }

    /// The link definitions that the blocks need which are not read.
    fn references(&self) -> impl Iterator<Item = &Reference> {
        self.short.iter().flat_map(|(_, run)| run).flat_map(|(_, proof)| &proof.references)
    }

    /// The place in the whole text.
    fn original(&self, at: usize) -> usize {
        let part = self.parts.partition_point(|(here, _)| *here <= at);
        let (here, there) = self.parts[part.saturating_sub(1)];
        there + (at - here)
    }
}

/// What the next line that is not blank may be to a block before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Below {
    /// Nothing.
    Apart,
    /// A part of a list.
    Item,
    /// A definition, if the block is a paragraph.
    Definition,
}

impl Below {
    fn of(rest: &str) -> Below {
        let line = rest.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        match line.chars().next() {
            _ if line.trim_start().starts_with(':') => Below::Definition,
            Some(c) if c.is_whitespace() || c.is_ascii_digit() || matches!(c, '-' | '*' | '+') => Below::Item,
            _ => Below::Apart,
        }
    }
}

/// Reads a text; nothing where a block that is not read would have been something else.
fn read(page: &Page, text: &Shortened<'_>, reading: Reading) -> Option<Found> {
    let source = Source::new(&text.text, reading);
    let mut look = Look { found: Found::default(), pieces: vec![None; page.ranges.len()], open: None, end: 0 };
    let mut ids = Ids::new(reading);
    let mut short = text.short.iter().peekable();
    // the next event is the first of a short paragraph
    let mut expects_paragraph = false;
    let mut swallowed = false;
    let defined = |known: &RefDefs<'_>| text.references().all(|reference| reference.is_in(known));
    let as_proved = source.read_where(&mut ids, defined, |ids, met| match met {
        Met::Block(span) => {
            if let Some((_, run)) = short.next_if(|(start, _)| *start == span.start) {
                look.finish(page);
                look.found.proved(run, page, ids);
                expects_paragraph = true;
                return;
            }
            swallowed |= short.peek().is_some_and(|(start, _)| *start < span.start);
            let place = page.place(text.original(span.start));
            // blocks of one slot are one piece; what stands in a gap is not
            if !look.open.as_ref().is_some_and(|(before, _)| *before == place && matches!(place, Place::Slot(_))) {
                look.finish(page);
                look.open = Some((place, Piece::new(reading)));
            }
            look.end = text.original(span.end);
        }
        Met::Event(event) => match &mut look.open {
            Some((_, piece)) => piece.event(event),
            None => {
                swallowed |= expects_paragraph && !matches!(event, Event::Start(Tag::Paragraph));
                expects_paragraph = false;
            }
        },
        Met::End => {
            if let Some((_, piece)) = &mut look.open {
                piece.end_block();
            }
        }
    });
    look.finish(page);
    let in_formula = text.short.iter().any(|(start, _)| source.in_formula(*start));
    if !as_proved || swallowed || in_formula || short.next().is_some() {
        return None;
    }
    let Look { mut found, pieces, .. } = look;
    // where the target finds nothing of a block, nothing is what it makes of it
    let read = pieces.into_iter().enumerate().filter(|(at, _)| !text.proved[*at]);
    found.slots = read.map(|(at, seen)| (at, seen.unwrap_or_default())).collect();
    Some(found)
}

/// What has been seen of a text so far.
struct Look<'s> {
    found: Found,
    /// Of every block, proved or not.
    pieces: Vec<Option<Box<Seen>>>,
    /// Where the present blocks stand, and what is read of them.
    open: Option<(Place, Piece<'s>)>,
    /// Where the last of them ends.
    end: usize,
}

impl Look<'_> {
    fn finish(&mut self, page: &Page) {
        let Some((place, piece)) = self.open.take() else { return };
        let from = self.found.ids.len();
        let (digest, left_open) = piece.finish(&mut self.found.ids);
        self.found.left_open |= left_open;
        match place {
            Place::Slot(at) => {
                let ends = self.end <= page.ranges[at].end;
                self.pieces[at] = Some(Box::new(Seen { digest, ids: self.found.ids[from..].to_vec(), ends }));
            }
            Place::Gap(at) if digest != Digest::default() => self.found.gaps.push(at),
            _ => {}
        }
    }
}

impl Reference {
    /// The target knows the definition, and it leads where the old page's link did.
    fn is_in(&self, known: &RefDefs<'_>) -> bool {
        known.get(&self.label).is_some_and(|definition| *definition.dest == *self.href)
    }
}

impl Found {
    /// Takes note of blocks that are not read.
    fn proved(&mut self, run: &[(usize, &Proof)], page: &Page, ids: &mut Ids) {
        for (at, proof) in run {
            match &proof.shape {
                Shape::Heading(text) => {
                    let id = ids.next(text);
                    self.ids.push(id.clone());
                    self.headings.push((*at, id));
                }
                Shape::Html => self.ids.extend(ids::of_html(&page.text[page.ranges[*at].clone()])),
                Shape::Read(ids) => self.ids.extend_from_slice(ids),
                Shape::Plain | Shape::List | Shape::IndentedCode => {}
            }
        }
    }
}
