//! The targets' Markdown, read in-process: what the new page will show.
//!
//! Zola renders with pulldown-cmark itself. Hugo's goldmark is CommonMark too; what it does beyond is added here
//! (bare addresses become links, heading ids follow GitHub's rule).

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use regex::Regex;

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

/// A block at the top of the target's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its bytes in the target's Markdown.
    pub span: Range<usize>,
    /// What the target makes of it.
    pub html: String,
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

/// Reads Markdown as the target will, block by block.
pub fn blocks(text: &str, reading: Reading) -> Vec<Block> {
    let masked = if reading.math { Masked::new(text) } else { Masked { text: text.into(), anchors: Vec::new() } };
    let mut blocks: Vec<Block> = Vec::new();
    let mut depth = 0usize;
    let mut ids = Ids::new(reading);
    let mut events: Vec<(Event<'_>, &str)> = Vec::new();
    let mut span = 0..0;
    // where a footnote's text stands in a list it is shown elsewhere: at the end of the page
    let mut note_depth: Option<usize> = None;
    for (event, range) in Parser::new_ext(&masked.text, options()).into_offset_iter() {
        if depth == 0 {
            span = masked.original(range.start)..masked.original(range.end);
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
            events.push((event, &masked.text[range]));
        }
        note_depth = note_depth.filter(|outer| depth > *outer);
        if depth == 0 {
            let html = render(std::mem::take(&mut events), reading, &mut ids);
            blocks.push(Block { span: span.clone(), html });
        }
    }
    blocks
}

/// A text whose formulas are opaque, as they are to goldmark's passthrough: nothing in them may be read as Markdown.
/// Letters of the private use area stand for their marks meanwhile.
struct Masked<'a> {
    text: Cow<'a, str>,
    /// Where formulas begin and end: in this text, and in the original.
    anchors: Vec<(usize, usize)>,
}

impl<'a> Masked<'a> {
    fn new(text: &'a str) -> Self {
        static FORMULA: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?s)\\\((?:[^\n]|\n[^\n])*?\\\)|\\\[.*?\\\]|\$\$.*?\$\$").expect("a valid pattern")
        });
        let mut masked = String::with_capacity(text.len());
        let mut anchors = Vec::new();
        let mut rest = 0;
        for found in FORMULA.find_iter(text) {
            masked.push_str(&text[rest..found.start()]);
            anchors.push((masked.len(), found.start()));
            masked.push_str(&mask(found.as_str()));
            anchors.push((masked.len(), found.end()));
            rest = found.end();
        }
        if rest == 0 {
            return Masked { text: text.into(), anchors };
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

/// Renders events, each with the text that it stands for.
fn render(events: Vec<(Event<'_>, &str)>, reading: Reading, ids: &mut Ids) -> String {
    let events = ids.assign(events);
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

/// Heading ids by the target's own rule.
struct Ids {
    reading: Reading,
    /// Every id so far, and the last number that was set behind it: lower ones are taken.
    used: HashMap<String, usize>,
}

impl Ids {
    fn new(reading: Reading) -> Self {
        Ids { reading, used: HashMap::new() }
    }

    /// Gives every heading without an id the one that the target would compute.
    fn assign<'a>(&mut self, mut events: Vec<(Event<'a>, &str)>) -> Vec<Event<'a>> {
        for at in 0..events.len() {
            let (Event::Start(Tag::Heading { id, .. }), _) = &events[at] else { continue };
            let computed = match id {
                Some(id) => {
                    self.used.entry(id.to_string()).or_insert(0);
                    continue;
                }
                None if self.reading.target == Target::Hugo => match hugo_heading_text(&events[at + 1..]) {
                    Some(text) => self.next(&text),
                    None => UNKNOWN_ID.to_owned(),
                },
                None => self.next(&heading_text(&events[at + 1..])),
            };
            if let (Event::Start(Tag::Heading { id, .. }), _) = &mut events[at] {
                *id = Some(computed.into());
            }
        }
        events.into_iter().map(|(event, _)| event).collect()
    }

    /// Hugo, goldmark and Zola number repeated ids from 1.
    fn next(&mut self, text: &str) -> String {
        let base = match self.reading.target {
            Target::Hugo => github_id(text),
            Target::Zola | Target::Html if self.reading.cased_ids => safe_id(text),
            Target::Zola | Target::Html => slug::slugify(text),
        };
        let Some(&last) = self.used.get(&base) else {
            self.used.insert(base.clone(), 0);
            return base;
        };
        let mut number = last + 1;
        let mut id = format!("{base}-{number}");
        while self.used.contains_key(&id) {
            number += 1;
            id = format!("{base}-{number}");
        }
        self.used.insert(base, number);
        self.used.insert(id.clone(), 0);
        id
    }
}

/// An id that no heading has: where it is not worth knowing what the target computes, the heading gets its old one.
const UNKNOWN_ID: &str = "?";

fn heading_text(events: &[(Event<'_>, &str)]) -> String {
    let mut text = String::new();
    for (event, _) in events {
        match event {
            Event::Text(t) | Event::Code(t) => text.push_str(t),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Heading(_)) => break,
            _ => {}
        }
    }
    text
}

/// Hugo (`render/context.go`, `textPlainTo`): the text of a heading's last line, of marks inside it only what their
/// first child holds, numeric references as typed. `None` where marks hold more than one plain text.
fn hugo_heading_text(events: &[(Event<'_>, &str)]) -> Option<String> {
    let mut text = String::new();
    let mut depth = 0usize;
    let mut inner = 0usize;
    for (event, typed) in events {
        match event {
            Event::End(TagEnd::Heading(_)) => break,
            Event::Start(_) => {
                depth += 1;
                inner += usize::from(depth > 1);
            }
            Event::End(_) => {
                depth -= 1;
                inner = 0;
            }
            Event::Text(t) => {
                inner += usize::from(depth > 0);
                let plain = t.chars().all(|c| !c.is_ascii_punctuation() || matches!(c, '-' | ',' | '(' | ')' | '/'));
                if typed.contains("&#") || inner > 1 || (depth > 0 && !plain) {
                    return None;
                }
                text.push_str(t);
            }
            Event::Code(t) => {
                inner += usize::from(depth > 0);
                text.push_str(t);
            }
            Event::SoftBreak | Event::HardBreak => text.clear(),
            Event::InlineHtml(_) if depth > 0 => inner += 1,
            _ => {}
        }
    }
    (inner <= 1).then_some(text)
}

/// Hugo (`autoid.go`, type `github`): letters, digits and `_` lower-cased, space and `-` become `-`, the rest goes.
fn github_id(text: &str) -> String {
    let mut id = String::new();
    for c in text.trim().chars() {
        match c {
            ' ' | '-' => id.push('-'),
            '_' => id.push('_'),
            // Go's `unicode.IsLetter` and `IsDigit`
            c if c.is_alphabetic() || c.is_ascii_digit() => id.extend(c.to_lowercase()),
            c if c.is_numeric() => return UNKNOWN_ID.to_owned(),
            _ => {}
        }
    }
    if id.is_empty() { "heading".to_owned() } else { id }
}

/// Zola with `anchors = "safe"` (`slugs.rs`): only ASCII white space becomes `_`.
fn safe_id(text: &str) -> String {
    text.trim().split_ascii_whitespace().collect::<Vec<_>>().join("_")
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
        let href = if shown.starts_with("www.") {
            format!("http://{shown}")
        } else if !shown.contains("://") {
            format!("mailto:{shown}")
        } else {
            shown.to_owned()
        };
        out.push(Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: href.into(),
            title: "".into(),
            id: "".into(),
        }));
        out.push(Event::Text(shown.to_owned().into()));
        out.push(Event::End(TagEnd::Link));
        from = end;
    }
    out.push(Event::Text(text[from..].to_owned().into()));
}

/// The spans of bare addresses that goldmark turns into links.
pub fn bare_addresses(text: &str) -> Vec<(usize, usize)> {
    static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r#"(?:(?:https?|ftp)://[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-z]+(?::\d+)?(?:[/#?][-a-zA-Z0-9@:%_+.~#$!?&/=();,'">^{}\[\]`]*)?"#,
            r#"|www\.[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-z]+(?:[/#?][-a-zA-Z0-9@:%_+.~#!?&/=();,'">^{}\[\]`]*)?"#,
            r"|[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)+)"
        ))
        .expect("a valid pattern")
    });
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(hit) = ADDRESS.find_at(text, from) {
        from = hit.end();
        let before = text[..hit.start()].chars().next_back();
        if !before.is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '(')) {
            // an address inside a word may be followed by one that begins after a trigger
            from = hit.start() + text[hit.start()..].chars().next().map_or(1, char::len_utf8);
            while from < hit.end() && !matches!(text.as_bytes()[from - 1], b' ' | b'*' | b'_' | b'~' | b'(') {
                from += text[from..].chars().next().map_or(1, char::len_utf8);
            }
            continue;
        }
        let mut shown = hit.as_str();
        if shown.ends_with(')') {
            let open = shown.matches('(').count();
            let close = shown.matches(')').count();
            for _ in open..close {
                shown = shown.strip_suffix(')').unwrap_or(shown);
            }
        }
        shown = shown.trim_end_matches(['?', '!', '.', ',', ':', '*', '_', '~']);
        found.push((hit.start(), hit.start() + shown.len()));
    }
    found
}
