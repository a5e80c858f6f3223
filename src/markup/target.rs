//! The targets' Markdown, read in-process: what the new page will show.
//!
//! Zola renders with pulldown-cmark itself. Hugo's goldmark is CommonMark too; what it does beyond is added here
//! (bare addresses become links, heading ids are those of [`super::heading_ids`]).

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, LinkType, Options, Parser, RefDefs, Tag, TagEnd};
use regex::Regex;

use super::digest::Digest;
use super::digest::events::Piece;
use super::heading_ids::Ids;
pub use crate::dialect::commonmark::goldmark::{address_of, bare_addresses};
use crate::escape::escape_text;
use crate::model::Target;

/// How the target is told to read, by the configuration that its writer produces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The target.
    pub target: Target,
    /// A line end is a line break (Hugo's `hardWraps`).
    pub hard_breaks: bool,
    /// `\(…\)` and `$$…$$` pass through as formulas (Hugo's passthrough).
    pub math: bool,
    /// Bare addresses are links (Hugo's `linkify`).
    pub bare_links: bool,
    /// Heading ids keep the case of the text (Zola's `anchors = "safe"`) instead of being slugs.
    pub cased_ids: bool,
}

/// Zola 0.22 (`markdown.rs`): tables, footnotes, strikethrough, task lists and heading attributes are always on;
/// definition lists by the configuration that the writer produces. goldmark as Hugo sets it up has the same.
pub fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
}

/// The page that the target makes of a text.
pub fn page(text: &str, reading: Reading) -> String {
    let source = Source::new(text, reading);
    let mut page = String::new();
    let mut events = Vec::new();
    source.read(&mut Ids::new(reading), |_, met| match met {
        Met::Block(_) => {}
        Met::Event(event) => events.push(event),
        Met::End => page.push_str(&render(std::mem::take(&mut events), reading)),
    });
    page
}

/// The digest of a text as the target reads it.
pub fn digest(text: &str, reading: Reading) -> Digest {
    let source = Source::new(text, reading);
    let mut piece = Piece::new(reading);
    source.read(&mut Ids::new(reading), |_, met| match met {
        Met::Block(_) => {}
        Met::Event(event) => piece.event(event),
        Met::End => piece.end_block(),
    });
    piece.finish(&mut Vec::new()).0
}

/// What the target meets in a text, in order.
pub enum Met<'a> {
    /// A block at the top begins: its bytes in the text.
    Block(Range<usize>),
    /// An event inside the block. Headings have their ids.
    Event(Event<'a>),
    /// The block ends.
    End,
}

/// A text as the target gets it.
pub struct Source<'a> {
    masked: Masked<'a>,
}

impl<'a> Source<'a> {
    /// A text that is to be read.
    pub fn new(text: &'a str, reading: Reading) -> Self {
        Source { masked: if reading.math { Masked::new(text) } else { Masked::plain(text) } }
    }

    /// Tells what the target meets in a text, together with the ids that headings have got so far.
    pub fn read<'s>(&'s self, ids: &mut Ids, see: impl FnMut(&mut Ids, Met<'s>)) {
        self.read_where(ids, |_| true, see);
    }

    /// The same where the link definitions of the text are as they have to be; false where they are not.
    pub fn read_where<'s>(
        &'s self,
        ids: &mut Ids,
        defined: impl FnOnce(&RefDefs<'_>) -> bool,
        mut see: impl FnMut(&mut Ids, Met<'s>),
    ) -> bool {
        let events = Parser::new_ext(&self.masked.text, options()).into_offset_iter();
        if !defined(events.reference_definitions()) {
            return false;
        }
        let mut depth = 0usize;
        // the events of a heading wait for its id
        let mut heading: Vec<(Event<'s>, &'s str)> = Vec::new();
        // where a footnote's text stands in a list it is shown elsewhere: at the end of the page
        let mut note_depth: Option<usize> = None;
        for (event, range) in events {
            if depth == 0 {
                see(ids, Met::Block(self.masked.original(range.start)..self.masked.original(range.end)));
            }
            match event {
                Event::Start(Tag::FootnoteDefinition(_)) if depth > 0 => {
                    note_depth.get_or_insert(depth);
                    depth += 1;
                }
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            if note_depth.is_none() {
                let ends_heading = matches!(event, Event::End(TagEnd::Heading(_)));
                if heading.is_empty() && !matches!(event, Event::Start(Tag::Heading { .. })) {
                    see(ids, Met::Event(event));
                } else {
                    heading.push((event, &self.masked.text[range]));
                }
                if ends_heading {
                    ids.assign(&mut heading);
                    heading.drain(..).for_each(|(event, _)| see(ids, Met::Event(event)));
                }
            }
            note_depth = note_depth.filter(|outer| depth > *outer);
            if depth == 0 {
                see(ids, Met::End);
            }
        }
        true
    }

    /// Whether a place in the text lies in a formula, where nothing is read.
    pub fn in_formula(&self, at: usize) -> bool {
        self.masked.anchors.partition_point(|(_, original)| *original <= at) % 2 == 1
    }
}

/// A text whose formulas are opaque, as they are to goldmark's passthrough: nothing in them may be read as Markdown.
/// Letters of the private use area stand for their marks meanwhile.
struct Masked<'a> {
    text: Cow<'a, str>,
    /// Where formulas begin and end: in this text, and in the original.
    anchors: Vec<(usize, usize)>,
}

impl<'a> Masked<'a> {
    fn plain(text: &'a str) -> Self {
        Masked { text: text.into(), anchors: Vec::new() }
    }

    fn new(text: &'a str) -> Self {
        if !["\\(", "\\[", "$$"].iter().any(|mark| text.contains(mark)) {
            return Masked::plain(text);
        }
        static FORMULA: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?s)\\\((?:[^\n]|\n[^\n])*?\\\)|\\\[.*?\\\]|\$\$.*?\$\$").expect("a valid pattern")
        });
        let mut masked = String::with_capacity(text.len());
        let mut anchors = Vec::new();
        let mut rest = 0;
        for found in FORMULA.find_iter(text) {
            masked.push_str(&text[rest..found.start()]);
            anchors.push((masked.len(), found.start()));
            masked.push_str(&mask(&as_shown(found.as_str())));
            anchors.push((masked.len(), found.end()));
            rest = found.end();
        }
        if rest == 0 {
            return Masked::plain(text);
        }
        masked.push_str(&text[rest..]);
        Masked { text: masked.into(), anchors }
    }

    /// The place in the original; inside a formula it is the formula's start or end.
    fn original(&self, at: usize) -> usize {
        let next = self.anchors.partition_point(|(masked, _)| *masked <= at);
        let Some((masked, original)) = next.checked_sub(1).map(|known| self.anchors[known]) else { return at };
        let place = original + (at - masked);
        self.anchors.get(next).map_or(place, |(_, limit)| place.min(*limit))
    }
}

/// A formula in the form that it has on Hugo's page: the render hook writes all blocks alike.
fn as_shown(formula: &str) -> Cow<'_, str> {
    match formula.strip_prefix("$$").and_then(|rest| rest.strip_suffix("$$")) {
        Some(tex) => Cow::Owned(format!("\\[{tex}\\]")),
        None => Cow::Borrowed(formula),
    }
}

/// What begins and ends formulas.
pub const FORMULA_MARKS: [&str; 5] = ["$$", "\\(", "\\)", "\\[", "\\]"];

/// Punctuation as letters that Markdown has no use for. goldmark looks for blocks first: what begins a line stays.
fn mask(formula: &str) -> String {
    let mut begins_line = false;
    formula
        .chars()
        .map(|c| {
            let keep = begins_line && !matches!(c, '\\' | '$');
            begins_line = c == '\n' || (begins_line && c == ' ');
            if c.is_ascii_punctuation() && !keep { char::from_u32(0xE000 + c as u32).unwrap_or(c) } else { c }
        })
        .collect()
}

/// The punctuation behind a mask.
fn unmask(html: &str) -> String {
    if !html.contains(['\u{E024}', '\u{E05C}']) {
        return html.to_owned();
    }
    let mut out = String::with_capacity(html.len());
    for c in html.chars() {
        match c as u32 {
            code @ 0xE000..=0xE07F => {
                let mark = char::from_u32(code - 0xE000).unwrap_or(c);
                escape_text(mark.encode_utf8(&mut [0; 4]), &mut out);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Renders the events of a block.
pub fn render(events: Vec<Event<'_>>, reading: Reading) -> String {
    let events = if reading.bare_links { linkify(events) } else { events };
    let hard_breaks = reading.hard_breaks;
    let events = events.into_iter().map(move |event| match event {
        Event::SoftBreak if hard_breaks => Event::HardBreak,
        other => other,
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    if reading.math { unmask(&html) } else { html }
}

/// goldmark's linkify extension: bare addresses at a line's start or behind a space, `*`, `_`, `~` or `(`.
fn linkify(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out = Vec::with_capacity(events.len());
    let mut closed = 0usize;
    // adjoining text events are one text to goldmark
    let mut text = String::new();
    for event in events {
        match &event {
            Event::Text(t) if closed == 0 => {
                text.push_str(t);
                continue;
            }
            Event::Start(Tag::Link { .. } | Tag::CodeBlock(_)) => closed += 1,
            Event::End(TagEnd::Link | TagEnd::CodeBlock) => closed -= 1,
            _ => {}
        }
        flush_linkified(&mut text, &mut out);
        out.push(event);
    }
    flush_linkified(&mut text, &mut out);
    out
}

fn flush_linkified<'a>(text: &mut String, out: &mut Vec<Event<'a>>) {
    if text.is_empty() {
        return;
    }
    let text = std::mem::take(text);
    let mut from = 0;
    for (start, end) in bare_addresses(&text) {
        out.push(Event::Text(text[from..start].to_owned().into()));
        let shown = &text[start..end];
        out.push(Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: address_of(shown).into_owned().into(),
            title: "".into(),
            id: "".into(),
        }));
        out.push(Event::Text(shown.to_owned().into()));
        out.push(Event::End(TagEnd::Link));
        from = end;
    }
    out.push(Event::Text(text[from..].to_owned().into()));
}
