//! Blocks (`parser/kramdown.rb` and the files beside it), in the order in which kramdown tries them.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::super::ends::Ends;
use super::super::text::Text;
use super::attributes::Attributes;
use super::characters::{is_blank, is_space};
use super::element::{Boundary, Element, ElementKind};
use super::lines::{self, line, opt_space};
use crate::model::MarkupSettings;

/// Blocks nested deeper than this are read as text: nobody types more, and the stack stays small.
pub(super) const DEEPEST: usize = 60;

/// What definitions anywhere in a document say.
#[derive(Debug, Default)]
pub struct Definitions {
    /// Attribute lists by name.
    pub attributes: HashMap<String, Attributes>,
    /// Links by their normalised label: address, title, attributes.
    pub links: HashMap<String, Link>,
    /// Labels of footnotes.
    pub footnotes: HashSet<String>,
    /// Abbreviations and what they stand for.
    pub abbreviations: HashMap<String, String>,
}

/// A link's definition.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// The address.
    pub href: String,
    /// The title, if any.
    pub title: Option<String>,
    /// What an attribute list behind the definition says.
    pub ial: Option<Attributes>,
}

/// Reads blocks.
pub struct Blocks<'s> {
    pub(super) settings: &'s MarkupSettings,
    /// What was defined so far.
    pub definitions: Definitions,
    pub(super) depth: usize,
    /// The link that was defined last, for an attribute list right behind it.
    pub(super) last_link: Option<String>,
}

/// A text that is being read, and what it has come to.
pub(super) struct Level<'t> {
    pub(super) text: &'t Text,
    pub(super) at: usize,
    pub(super) tree: Vec<Element>,
    /// An attribute list that waits for the next block.
    pub(super) ial: Option<Attributes>,
    /// The HTML element whose blocks these are.
    pub(super) inside: Option<String>,
    /// The end tag of that element was found.
    pub(super) ended: bool,
    /// Ends that were looked for in vain.
    pub(super) ends: Ends<&'t str>,
}

impl<'t> Level<'t> {
    pub(super) fn new(text: &'t Text) -> Self {
        Level { text, at: 0, tree: Vec::new(), ial: None, inside: None, ended: false, ends: Ends::default() }
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text.as_str()[self.at..]
    }

    /// A new element from `start` up to here (line end excluded), with the attribute list that waited for it.
    pub(super) fn push(&mut self, kind: ElementKind, start: usize) -> &mut Element {
        let shown = self.text.as_str()[start..self.at].trim_end_matches('\n').len();
        let mut element = Element::new(kind, self.text.source_range(&(start..start + shown)));
        element.ial = self.ial.take();
        self.tree.push(element);
        let last = self.tree.len() - 1;
        &mut self.tree[last]
    }

    /// `after_block_boundary?`
    pub(super) fn after_boundary(&self) -> bool {
        self.ial.is_some()
            || self.tree.last().is_none_or(|last| {
                matches!(last.kind, ElementKind::Blank { .. } | ElementKind::Boundary(Boundary::Marker))
            })
    }
}

impl<'s> Blocks<'s> {
    /// A reader.
    pub fn new(settings: &'s MarkupSettings) -> Self {
        Blocks { settings, definitions: Definitions::default(), depth: 0, last_link: None }
    }

    /// Reads a text.
    pub fn read(&mut self, text: &Text) -> Vec<Element> {
        self.read_onto(text, Vec::new())
    }

    /// Reads a text whose blocks follow on others.
    pub(super) fn read_onto(&mut self, text: &Text, before: Vec<Element>) -> Vec<Element> {
        let mut level = Level::new(text);
        level.tree = before;
        self.level(&mut level);
        level.tree
    }

    pub(super) fn level(&mut self, level: &mut Level<'_>) {
        self.depth += 1;
        while level.at < level.text.as_str().len() && !level.ended {
            let before = level.at;
            if !self.block(level) {
                let lines = if is_paragraph(level.rest()) { usize::MAX } else { 1 };
                self.paragraph(level, lines);
            }
            debug_assert!(level.at > before || level.ended);
        }
        self.depth -= 1;
    }

    fn block(&mut self, level: &mut Level<'_>) -> bool {
        if self.blank(level) {
            return true;
        }
        let nests = self.depth < DEEPEST;
        self.code(level)
            || self.fenced(level)
            || (nests && self.quote(level))
            || self.atx(level)
            || self.rule(level)
            || (nests && self.list(level))
            || (nests && self.definition_list(level))
            || self.html(level)
            || self.setext(level)
            || self.math(level)
            || self.table(level)
            || (nests && self.footnote(level))
            || self.link_definition(level)
            || self.abbreviation(level)
            || self.extension(level)
            || self.marker(level)
    }

    fn blank(&mut self, level: &mut Level<'_>) -> bool {
        let Some(length) = lines::blank(level.rest()) else { return false };
        let is_single = &level.rest()[..length] == "\n";
        let start = level.at;
        level.at += length;
        match level.tree.last_mut() {
            Some(Element { kind: ElementKind::Blank { single }, .. }) => *single = false,
            _ => {
                level.push(ElementKind::Blank { single: is_single }, start);
            }
        }
        true
    }

    /// `codeblock.rb`: lazy lines join the line before with a space.
    fn code(&mut self, level: &mut Level<'_>) -> bool {
        if lines::indent(level.rest()).is_none() {
            return false;
        }
        let length = lines::code_lines(level.rest());
        if length == 0 {
            return false;
        }
        let mut code = String::new();
        for line in lines::each(&level.rest()[..length]) {
            match lines::indent(line) {
                Some(indent) => code.push_str(&line[indent..]),
                None if !line.trim().is_empty() && code.ends_with('\n') => {
                    code.pop();
                    code.push(' ');
                    code.push_str(line);
                }
                None => code.push_str(line),
            }
        }
        let start = level.at;
        level.at += length;
        level.push(ElementKind::Code { language: String::new(), text: code }, start);
        true
    }

    /// kramdown-parser-gfm (`FENCED_CODEBLOCK_MATCH`): the info is one word, up to a `?`, and without an end there is no
    /// block.
    fn fenced(&mut self, level: &mut Level<'_>) -> bool {
        let gfm = self.settings.gfm;
        if !lines::fence(level.rest(), gfm) {
            return false;
        }
        let rest = level.rest();
        let space = if gfm { opt_space(rest) } else { 0 };
        let fenced = &rest[space..];
        let longest = fenced.bytes().take_while(|b| *b == b'~' || (gfm && *b == b'`')).count();
        // the marks that no end answers are text of the info
        let mut length = longest;
        while length >= 3 {
            let Some((language, opening)) = info(&fenced[length..]) else { return false };
            let content = space + length + opening;
            let fence = &fenced[..length];
            let search = || closing_fence(&rest[content..], fence, gfm);
            if let Some((end, closing)) = level.ends.find_by(level.at + content, fence, search) {
                let text = rest[content..content + end].to_owned();
                let start = level.at;
                level.at += content + end + closing;
                level.push(ElementKind::Code { language, text }, start);
                return true;
            }
            let search = || longest_shared(&rest[content..], &fenced[..length - 1], gfm);
            // under a name too short for a fence
            length = level.ends.find_by(level.at + content, &fenced[..2], search).unwrap_or(0);
        }
        false
    }

    /// `blockquote.rb`
    fn quote(&mut self, level: &mut Level<'_>) -> bool {
        if lines::quote_mark(level.rest()).is_none() {
            return false;
        }
        let start = level.at;
        let mut inner = Text::default();
        loop {
            let line = line(level.rest());
            let mark = lines::quote_mark(line).unwrap_or(0);
            inner.push(level.text, level.at + mark..level.at + line.len());
            level.at += line.len();
            if lines::lazy_end(level.rest()) {
                break;
            }
        }
        let children = self.read(&inner);
        level.push(ElementKind::Quote, start).children = children;
        true
    }

    /// `header.rb`, and the override of kramdown-parser-gfm, under which a heading needs no blank line before it.
    fn atx(&mut self, level: &mut Level<'_>) -> bool {
        let gfm = self.settings.gfm;
        let Some((depth, text)) = lines::atx(level.rest(), gfm) else { return false };
        if !gfm && !level.after_boundary() {
            return false;
        }
        let (mut text, id) = heading_parts(level.rest(), text);
        let shown = &level.rest()[text.clone()];
        let bare = shown.trim_end_matches('#');
        let closes = bare.len() < shown.len() && if gfm { bare.ends_with([' ', '\t']) } else { !bare.ends_with('\\') };
        if closes {
            text.end = text.start + bare.trim_end().len();
        }
        self.heading(level, depth, text, id, line(level.rest()).len())
    }

    /// `header.rb`
    fn setext(&mut self, level: &mut Level<'_>) -> bool {
        let rest = level.rest();
        let first = line(rest);
        let space = opt_space(first);
        let second = line(&rest[first.len()..]);
        let marks = second.trim_end();
        let depth = match marks.as_bytes().first() {
            Some(b'=') => 1,
            Some(b'-') => 2,
            _ => return false,
        };
        let underlined = marks.bytes().all(|b| matches!(b, b'-' | b'=')) && second.ends_with('\n');
        if !underlined || first[space..].starts_with([' ', '\t', '\n']) || !level.after_boundary() {
            return false;
        }
        let (text, id) = heading_parts(rest, space..first.len() - 1);
        self.heading(level, depth, text, id, first.len() + second.len())
    }

    fn heading(
        &mut self,
        level: &mut Level<'_>,
        depth: u8,
        text: Range<usize>,
        id: Option<String>,
        length: usize,
    ) -> bool {
        if text.is_empty() {
            return false;
        }
        let start = level.at;
        let text = level.text.slice(start + text.start..start + text.end);
        level.at += length;
        let heading = level.push(ElementKind::Heading { level: depth, text }, start);
        heading.own.extend(id.map(|id| ("id".to_owned(), id)));
        true
    }

    fn rule(&mut self, level: &mut Level<'_>) -> bool {
        let Some(length) = lines::rule(level.rest()) else { return false };
        let start = level.at;
        level.at += length;
        level.push(ElementKind::Rule, start);
        true
    }

    /// `math.rb`
    fn math(&mut self, level: &mut Level<'_>) -> bool {
        let rest = level.rest();
        let space = opt_space(rest);
        let escaped = rest[space..].starts_with('\\');
        let Some(formula) = rest[space + usize::from(escaped)..].strip_prefix("$$") else { return false };
        if escaped || !level.after_boundary() {
            return false;
        }
        let content = level.text.as_str().len() - formula.len();
        let Some(end) = level.ends.find(level.text.as_str(), content, "$$").map(|end| end - content) else {
            return false;
        };
        let length = space + 2 + end + 2;
        let length = length + lines::line_end(&rest[length..]).unwrap_or(0);
        if !lines::boundary(&rest[length..]) {
            return false;
        }
        let start = level.at;
        level.at += length;
        level.push(ElementKind::Math(formula[..end].trim().to_owned()), start);
        true
    }

    /// `footnote.rb`: the content goes on as long as a code block would.
    fn footnote(&mut self, level: &mut Level<'_>) -> bool {
        let rest = level.rest();
        let Some((label, content)) = lines::footnote(rest) else { return false };
        let first = line(&rest[content..]).len();
        let length = content + first + lines::code_lines(&rest[content + first..]);
        let start = level.at;
        let mut inner = Text::default();
        let mut at = start + content;
        for line in lines::each(&rest[content..length]) {
            inner.push(level.text, at + lines::indent(line).unwrap_or(0)..at + line.len());
            at += line.len();
        }
        level.at += length;
        let label = label.to_owned();
        self.definitions.footnotes.insert(label.clone());
        let children = self.read(&inner);
        level.push(ElementKind::Footnote(label), start).children = children;
        true
    }

    /// `abbreviation.rb`
    fn abbreviation(&mut self, level: &mut Level<'_>) -> bool {
        let line = line(level.rest());
        let Some(named) = line[opt_space(line)..].strip_prefix("*[") else { return false };
        let Some((short, long)) = named.split_once("]:").filter(|(short, _)| !short.is_empty()) else { return false };
        self.last_link = None;
        self.definitions.abbreviations.insert(short.to_owned(), long.trim().to_owned());
        let start = level.at;
        level.at += line.len();
        level.push(ElementKind::Boundary(Boundary::Definition), start);
        true
    }

    fn marker(&mut self, level: &mut Level<'_>) -> bool {
        let Some(length) = lines::eob(level.rest()) else { return false };
        let start = level.at;
        level.at += length;
        level.push(ElementKind::Boundary(Boundary::Marker), start);
        true
    }

    /// `paragraph.rb`: what nothing else took. Without a blank line between them two paragraphs are one.
    fn paragraph(&mut self, level: &mut Level<'_>, most_lines: usize) {
        let start = level.at;
        let text = level.text;
        for _ in 0..most_lines {
            level.at += line(level.rest()).len();
            if lines::paragraph_end(level.rest(), self.settings.gfm) {
                break;
            }
        }
        let whole = &text.as_str()[start..level.at];
        let end = start + whole.trim_end_matches(is_space).len();
        if let Some(Element { kind: ElementKind::Paragraph { text: before, .. }, span, .. }) = level.tree.last_mut() {
            let breaks = text.as_str()[..start].ends_with("  \n");
            before.push_str(if breaks { "  \n" } else { "\n" }, text.source(start.saturating_sub(1)));
            before.push(text, start..end);
            span.end = text.source_range(&(start..end)).end.max(span.end);
            return;
        }
        let begin = start + (whole.len() - whole.trim_start_matches(is_space).len());
        let paragraph = text.slice(begin..end.max(begin));
        level.push(ElementKind::Paragraph { text: paragraph, transparent: false }, start);
    }
}

/// `PARAGRAPH_START`; a line that is no code and no paragraph either (two spaces and a tab) stands alone.
fn is_paragraph(text: &str) -> bool {
    !text[opt_space(text)..].starts_with([' ', '\t'])
}

/// The word behind a fence, up to a `?`, and the length up to the content.
fn info(text: &str) -> Option<(String, usize)> {
    let trimmed = text.trim_start_matches([' ', '\t', '\r', '\u{b}', '\u{c}']);
    if let Some(end) = lines::line_end(trimmed) {
        return Some((String::new(), text.len() - trimmed.len() + end));
    }
    let word = &trimmed[..trimmed.find(is_space).unwrap_or(trimmed.len())];
    let end = lines::line_end(&trimmed[word.len()..])?;
    let language = match word.split_once('?') {
        Some((language, _)) if !language.is_empty() => language,
        _ => word,
    };
    Some((language.to_owned(), text.len() - trimmed.len() + word.len() + end))
}

/// Where the line with the closing fence begins, and its length.
fn closing_fence(text: &str, fence: &str, gfm: bool) -> Option<(usize, usize)> {
    let mark = fence.chars().next_back()?;
    let mut at = 0;
    for line in lines::each(text) {
        let space = if gfm { opt_space(line) } else { 0 };
        if let Some(rest) = line[space..].strip_prefix(fence)
            && line.ends_with('\n')
            && is_blank(rest.trim_start_matches(mark))
        {
            return Some((at, line.len()));
        }
        at += line.len();
    }
    None
}

/// How much of a fence begins one of the lines that are marks alone, three at least.
fn longest_shared(text: &str, fence: &str, gfm: bool) -> Option<usize> {
    let shared = lines::each(text).filter_map(|line| {
        let marks = &line[if gfm { opt_space(line) } else { 0 }..];
        let shared = marks.bytes().zip(fence.bytes()).take_while(|(a, b)| a == b).count();
        is_blank(marks[shared..].trim_start_matches(['~', '`'])).then_some(shared)
    });
    shared.max().filter(|shared| *shared >= 3)
}

/// A heading's text without the id behind it, and the id (`HEADER_ID`).
fn heading_parts(line: &str, text: Range<usize>) -> (Range<usize>, Option<String>) {
    let shown = line[text.clone()].trim_end();
    let whole = text.start..text.start + shown.len();
    let Some(open) = shown.rfind("{#").filter(|_| shown.ends_with('}')) else { return (whole, None) };
    let id = &shown[open + 2..shown.len() - 1];
    let begins = id.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':');
    let valid = id.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.'));
    let before = &shown[..open];
    if !begins || !valid || !before.ends_with([' ', '\t']) {
        return (whole, None);
    }
    (text.start..text.start + before.trim_end().len(), Some(id.to_owned()))
}
