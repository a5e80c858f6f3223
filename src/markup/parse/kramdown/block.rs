//! Blocks (`parser/kramdown.rb` and the files beside it), in the order in which kramdown tries them.

use std::collections::HashMap;
use std::ops::Range;

use super::super::text::Text;
use super::attributes::{Attributes, braced, name_length};
use super::element::{Boundary, Element, Kind, Model};
use super::lines::{self, is_space, line, opt_space};
use super::tags;
use crate::model::MarkupSettings;

/// Blocks nested deeper than this are read as text: nobody types more, and the stack stays small.
const DEEPEST: usize = 60;

/// What definitions anywhere in a document say.
#[derive(Debug, Default)]
pub struct Definitions {
    /// Attribute lists by name.
    pub attributes: HashMap<String, Attributes>,
    /// Links by their normalised label: address, title, attributes.
    pub links: HashMap<String, Link>,
    /// Labels of footnotes.
    pub footnotes: Vec<String>,
    /// Abbreviations and what they stand for, in the order of their definition.
    pub abbreviations: Vec<(String, String)>,
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
    depth: usize,
    /// The link that was defined last, for an attribute list right behind it.
    last_link: Option<String>,
}

/// A text that is being read, and what it has come to.
pub(super) struct Level<'t> {
    pub(super) text: &'t Text,
    pub(super) at: usize,
    pub(super) tree: Vec<Element>,
    /// An attribute list that waits for the next block.
    pub(super) ial: Option<Attributes>,
    /// The HTML element whose blocks these are.
    inside: Option<String>,
    /// The end tag of that element was found.
    ended: bool,
}

impl<'t> Level<'t> {
    fn new(text: &'t Text) -> Self {
        Level { text, at: 0, tree: Vec::new(), ial: None, inside: None, ended: false }
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text.as_str()[self.at..]
    }

    /// A new element from `start` up to here (line end excluded), with the attribute list that waited for it.
    pub(super) fn push(&mut self, kind: Kind, start: usize) -> &mut Element {
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
            || self
                .tree
                .last()
                .is_none_or(|last| matches!(last.kind, Kind::Blank { .. } | Kind::Boundary(Boundary::Marker)))
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

    fn level(&mut self, level: &mut Level<'_>) {
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
            Some(Element { kind: Kind::Blank { single }, .. }) => *single = false,
            _ => {
                level.push(Kind::Blank { single: is_single }, start);
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
        for line in level.rest()[..length].split_inclusive('\n') {
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
        level.push(Kind::Code { language: String::new(), text: code }, start);
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
        for length in (3..=longest).rev() {
            let Some((language, opening)) = info(&fenced[length..]) else { continue };
            let content = space + length + opening;
            let Some((end, closing)) = closing_fence(&rest[content..], &fenced[..length], gfm) else { continue };
            let text = rest[content..content + end].to_owned();
            let start = level.at;
            level.at += content + end + closing;
            level.push(Kind::Code { language, text }, start);
            return true;
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
        level.push(Kind::Quote, start).children = children;
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
        let heading = level.push(Kind::Heading { level: depth, text }, start);
        heading.own.extend(id.map(|id| ("id".to_owned(), id)));
        true
    }

    fn rule(&mut self, level: &mut Level<'_>) -> bool {
        let Some(length) = lines::rule(level.rest()) else { return false };
        let start = level.at;
        level.at += length;
        level.push(Kind::Rule, start);
        true
    }

    /// `math.rb`
    fn math(&mut self, level: &mut Level<'_>) -> bool {
        let rest = level.rest();
        let space = opt_space(rest);
        let escaped = rest[space..].starts_with('\\');
        let Some(formula) = rest[space + usize::from(escaped)..].strip_prefix("$$") else { return false };
        let Some(end) = formula.find("$$") else { return false };
        if escaped || !level.after_boundary() {
            return false;
        }
        let length = space + 2 + end + 2;
        let length = length + lines::line_end(&rest[length..]).unwrap_or(0);
        if !lines::boundary(&rest[length..]) {
            return false;
        }
        let start = level.at;
        level.at += length;
        level.push(Kind::Math(formula[..end].trim().to_owned()), start);
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
        for line in rest[content..length].split_inclusive('\n') {
            inner.push(level.text, at + lines::indent(line).unwrap_or(0)..at + line.len());
            at += line.len();
        }
        level.at += length;
        let label = label.to_owned();
        if !self.definitions.footnotes.contains(&label) {
            self.definitions.footnotes.push(label.clone());
        }
        let children = self.read(&inner);
        level.push(Kind::Footnote(label), start).children = children;
        true
    }

    /// `link.rb` (`LINK_DEFINITION_START`)
    fn link_definition(&mut self, level: &mut Level<'_>) -> bool {
        let Some((typed, mut link, length)) = link_definition(level.rest()) else { return false };
        let label = normalised(&typed);
        let start = level.at;
        level.at += length;
        link.ial = level.ial.take();
        level.push(Kind::LinkDefinition { label: typed, href: link.href.clone(), title: link.title.clone() }, start);
        self.definitions.links.insert(label.clone(), link);
        self.last_link = Some(label);
        true
    }

    /// `abbreviation.rb`
    fn abbreviation(&mut self, level: &mut Level<'_>) -> bool {
        let line = line(level.rest());
        let Some(rest) = line[opt_space(line)..].strip_prefix("*[") else { return false };
        let Some((short, long)) = rest.split_once("]:").filter(|(short, _)| !short.is_empty()) else { return false };
        self.definitions.abbreviations.retain(|(known, _)| known != short);
        self.last_link = None;
        self.definitions.abbreviations.push((short.to_owned(), long.trim().to_owned()));
        let start = level.at;
        level.at += line.len();
        level.push(Kind::Boundary(Boundary::Definition), start);
        true
    }

    fn marker(&mut self, level: &mut Level<'_>) -> bool {
        let Some(length) = lines::eob(level.rest()) else { return false };
        let start = level.at;
        level.at += length;
        level.push(Kind::Boundary(Boundary::Marker), start);
        true
    }

    /// `extensions.rb`: definitions of attributes, extensions, and attribute lists for the block before or behind.
    fn extension(&mut self, level: &mut Level<'_>) -> bool {
        let rest = level.rest();
        let space = opt_space(rest);
        if !rest[space..].starts_with("{:") {
            return false;
        }
        let start = level.at;
        if let Some((name, list, length)) = attribute_definition(rest) {
            self.definitions.attributes.entry(name.to_owned()).or_default().read(list);
            level.at += length;
            level.push(Kind::Boundary(Boundary::Attributes), start);
            return true;
        }
        if rest[space..].starts_with("{::") {
            return self.block_extension(level);
        }
        let Some((list, length)) = lines::attribute_line(rest) else { return false };
        level.at += length;
        let is_target = level.tree.last().is_some_and(|last| match last.kind {
            Kind::Blank { .. } => false,
            Kind::Boundary(boundary) => boundary == Boundary::Definition,
            _ => true,
        });
        if !is_target {
            level.ial.get_or_insert_default().read(list);
            let waiting = level.ial.take();
            level.push(Kind::Boundary(Boundary::Attributes), start);
            level.ial = waiting;
            return true;
        }
        if let Some(last) = level.tree.last_mut() {
            last.ial.get_or_insert_default().read(list);
            let link = self.last_link.as_ref().and_then(|label| self.definitions.links.get_mut(label));
            if let (Kind::LinkDefinition { .. }, Some(link)) = (&last.kind, link) {
                link.ial.get_or_insert_default().read(list);
            }
        }
        if lines::attribute_line(level.rest()).is_none() {
            level.push(Kind::Boundary(Boundary::Attributes), start);
        }
        true
    }

    /// `{::comment}`, `{::nomarkdown}` and `{::options}` on lines of their own.
    fn block_extension(&mut self, level: &mut Level<'_>) -> bool {
        let rest = level.rest();
        let space = opt_space(rest);
        let Some(extension) = extension_start(&rest[space..]) else { return false };
        let Some(line_end) = lines::line_end(&rest[space + extension.length..]) else { return false };
        let content = space + extension.length + line_end;
        let (body, length) = if extension.closed {
            ("", content)
        } else {
            let Some((end, stop)) = extension_stop_line(&rest[content..], extension.name) else { return false };
            (&rest[content..content + end], content + end + stop)
        };
        let body = body.strip_suffix('\n').unwrap_or(body);
        let kind = match extension.name {
            "comment" if extension.closed => Kind::Boundary(Boundary::Attributes),
            "comment" => Kind::Raw(format!("<!-- {body} -->")),
            "nomarkdown" if extension.is_for_html() => Kind::Raw(body.to_owned()),
            "nomarkdown" | "options" => Kind::Boundary(Boundary::Attributes),
            _ => return false,
        };
        let start = level.at;
        level.at += length;
        level.push(kind, start);
        true
    }

    /// `html.rb`
    fn html(&mut self, level: &mut Level<'_>) -> bool {
        let rest = level.rest();
        let start = level.at;
        if let Some(length) = tags::comment(rest) {
            level.at += length;
            level.push(Kind::Raw(rest[..length].to_owned()), start);
            skip_line_end(level);
            return true;
        }
        let space = opt_space(rest);
        if let Some(tag) = tags::start_tag(&rest[space..]).filter(|tag| !tags::is_inline(&tag.name.to_lowercase())) {
            level.at += space + tag.length;
            let element = self.html_element(level, &tag, start, false);
            let ial = level.ial.take();
            level.tree.push(Element { ial, ..element });
            return true;
        }
        let Some((name, length)) = tags::end_tag(&rest[space..]) else { return false };
        if level.inside.as_deref() == Some(&name.to_lowercase()) {
            level.at += space + length;
            level.ended = true;
            return true;
        }
        false
    }

    /// `handle_html_start_tag` and `handle_kramdown_html_tag`: an element whose start tag was just read.
    fn html_element(&mut self, level: &mut Level<'_>, tag: &tags::Tag, start: usize, in_raw: bool) -> Element {
        let name = tags::canonical(&tag.name);
        let mut attributes = tag.attributes.clone();
        let markdown = attributes.iter().position(|(name, _)| name == "markdown").map(|at| attributes.remove(at).1);
        let own_model = if tags::holds_blocks(&name) {
            Model::Block
        } else if tags::holds_text(&name) {
            Model::Span
        } else {
            Model::Raw
        };
        let model = match markdown.as_deref() {
            Some("1") => own_model,
            Some("block") => Model::Block,
            Some("span") => Model::Span,
            Some("0") => Model::Raw,
            _ if in_raw || !self.settings.block_html => Model::Raw,
            _ => own_model,
        };
        let mut element = Element::new(
            Kind::Html { name: name.clone(), closed: tag.closed && model == Model::Raw },
            level.text.source_range(&(start..level.at)),
        );
        if name == "script" || name == "style" {
            let content = tags::find_end_tag(level.rest(), &name).unwrap_or(level.rest().len());
            let script = level.rest()[..content].to_owned();
            level.at += content + tags::end_tag(&level.rest()[content..]).map_or(0, |(_, length)| length);
            element.children.push(Element::new(Kind::Raw(script), 0..0));
        } else if !tag.closed && !tags::is_empty(&name) {
            self.html_content(level, &name, model, &mut element);
        }
        element.own = attributes;
        element.span = level.text.source_range(&(start..level.at));
        if !in_raw {
            skip_line_end(level);
        }
        element
    }

    fn html_content(&mut self, level: &mut Level<'_>, name: &str, model: Model, element: &mut Element) {
        match model {
            _ if self.depth >= DEEPEST => {
                let rest = level.rest().to_owned();
                level.at += rest.len();
                element.children.push(Element::new(Kind::Raw(rest), 0..0));
            }
            Model::Block => {
                skip_line_end(level);
                let mut inner = Level::new(level.text);
                inner.at = level.at;
                inner.inside = Some(name.to_owned());
                self.level(&mut inner);
                level.at = inner.at;
                element.children = inner.tree;
            }
            Model::Span => {
                let end = tags::find_end_tag(level.rest(), name).unwrap_or(level.rest().len());
                let running = level.text.slice(level.at..level.at + end);
                let span = level.text.source_range(&(level.at..level.at + end));
                element.children.push(Element::new(Kind::Running(running), span));
                level.at += end;
                level.at += tags::end_tag(level.rest()).map_or(0, |(_, length)| length);
            }
            Model::Raw => self.raw_html(level, name, element),
        }
    }

    /// `parse_raw_html`: up to the end tag; what is no tag is text with its marks escaped.
    fn raw_html(&mut self, level: &mut Level<'_>, name: &str, element: &mut Element) {
        self.depth += 1;
        loop {
            let rest = level.rest();
            let at = rest.find('<').unwrap_or(rest.len());
            push_raw(&rest[..at], true, element);
            level.at += at;
            let rest = level.rest();
            if rest.is_empty() {
                break;
            }
            let instruction = rest.starts_with("<?").then(|| rest.find("?>").map(|end| end + 2)).flatten();
            if let Some(length) = tags::comment(rest).or(instruction) {
                push_raw(&rest[..length], false, element);
                level.at += length;
            } else if let Some(tag) = tags::start_tag(rest) {
                let start = level.at;
                level.at += tag.length;
                let child = self.html_element(level, &tag, start, true);
                element.children.push(child);
            } else if let Some((closed, length)) = tags::end_tag(rest) {
                level.at += length;
                if tags::canonical(closed) == name {
                    break;
                }
                push_raw(&rest[..length], true, element);
            } else {
                push_raw("<", true, element);
                level.at += 1;
            }
        }
        self.depth -= 1;
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
        if let Some(Element { kind: Kind::Paragraph { text: before, .. }, span, .. }) = level.tree.last_mut() {
            let breaks = text.as_str()[..start].ends_with("  \n");
            before.push_str(if breaks { "  \n" } else { "\n" }, text.source(start.saturating_sub(1)));
            before.push(text, start..end);
            span.end = text.source_range(&(start..end)).end.max(span.end);
            return;
        }
        let begin = start + (whole.len() - whole.trim_start_matches(is_space).len());
        let paragraph = text.slice(begin..end.max(begin));
        level.push(Kind::Paragraph { text: paragraph, transparent: false }, start);
    }
}

/// `PARAGRAPH_START`; a line that is no code and no paragraph either (two spaces and a tab) stands alone.
fn is_paragraph(text: &str) -> bool {
    !text[opt_space(text)..].starts_with([' ', '\t'])
}

fn skip_line_end(level: &mut Level<'_>) {
    let rest = level.rest();
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if rest[spaces..].starts_with('\n') {
        level.at += spaces + 1;
    }
}

fn push_raw(text: &str, is_text: bool, element: &mut Element) {
    if text.is_empty() {
        return;
    }
    let shown = if is_text { super::super::entities::escape(text) } else { text.to_owned() };
    match element.children.last_mut() {
        Some(Element { kind: Kind::Raw(before), .. }) => before.push_str(&shown),
        _ => element.children.push(Element::new(Kind::Raw(shown), 0..0)),
    }
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
    for line in text.split_inclusive('\n') {
        let space = if gfm { opt_space(line) } else { 0 };
        if let Some(rest) = line[space..].strip_prefix(fence)
            && line.ends_with('\n')
            && rest.trim_start_matches(mark).chars().all(is_space)
        {
            return Some((at, line.len()));
        }
        at += line.len();
    }
    None
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

/// `{:name: attributes}` on a line of its own (`ALD_START`).
fn attribute_definition(text: &str) -> Option<(&str, &str, usize)> {
    let space = opt_space(text);
    let rest = text[space..].strip_prefix("{:")?;
    let name = name_length(rest);
    let list = rest[name..].strip_prefix(':').filter(|_| name > 0)?;
    let length = braced(list)?;
    let head = space + 2 + name + 1 + length + 1;
    let end = lines::line_end(&text[head..])?;
    Some((&rest[..name], &list[..length], head + end))
}

/// The start of an extension: `{::name attributes}`.
pub(super) struct Extension<'a> {
    /// Its name.
    pub name: &'a str,
    attributes: Attributes,
    /// It has no content: `{::name /}`.
    pub closed: bool,
    /// Its length.
    pub length: usize,
}

impl Extension<'_> {
    /// `nomarkdown` can be meant for other outputs alone.
    pub fn is_for_html(&self) -> bool {
        let types = self.attributes.pairs.iter().find(|(name, _)| name == "type").map_or("", |(_, value)| value);
        types.split_whitespace().next().is_none() || types.split_whitespace().any(|name| name == "html")
    }
}

/// The start of an extension at the start of a text (`EXT_START_STR`).
pub(super) fn extension_start(text: &str) -> Option<Extension<'_>> {
    let rest = text.strip_prefix("{::")?;
    let name = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
    if name == 0 {
        return None;
    }
    let list = &rest[name..];
    let length = if list.starts_with('}') { 0 } else { braced(list)? };
    let content = &list[..length];
    if !content.is_empty() && !content.starts_with(is_space) && content != "/" {
        return None;
    }
    let closed = content.ends_with('/');
    let mut attributes = Attributes::default();
    attributes.read(content.strip_suffix('/').unwrap_or(content));
    Some(Extension { name: &rest[..name], attributes, closed, length: 3 + name + length + 1 })
}

/// The line that ends an extension: where it begins, and its length.
fn extension_stop_line(text: &str, name: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let rest = &line[opt_space(line)..];
        let stop = extension_stop(rest, name);
        if stop.is_some_and(|length| rest[length..].chars().all(is_space)) {
            return Some((at, line.len()));
        }
        at += line.len();
    }
    None
}

/// `{:/name}` or `{:/}` at the start of a text: its length.
pub(super) fn extension_stop(text: &str, name: &str) -> Option<usize> {
    let rest = text.strip_prefix("{:/")?;
    let rest = rest.strip_prefix(name).unwrap_or(rest);
    rest.starts_with('}').then(|| text.len() - rest.len() + 1)
}

/// A label as links are looked up by it (`normalize_link_id`).
pub fn normalised(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for c in label.chars() {
        if !is_space(c) {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// `[label]: address "title"`: the label as typed, the link and the length.
fn link_definition(text: &str) -> Option<(String, Link, usize)> {
    let space = opt_space(text);
    let rest = text[space..].strip_prefix('[')?;
    let end = rest.find([']', '\n']).filter(|end| *end > 0 && rest[*end..].starts_with("]:"))?;
    let label = rest[..end].to_owned();
    let head = space + 1 + end + 2;
    let line_length = line(&text[head..]).len();
    let after = text[head..head + line_length].strip_suffix('\n')?;
    let target = after.trim_start_matches([' ', '\t']);
    let target_at = head + after.len() - target.len();
    if let Some(angled) = target.strip_prefix('<')
        && let Some(close) = angled.find('>')
    {
        let link = Link { href: angled[..close].to_owned(), ..Link::default() };
        if let Some((title, length)) = title_and_end(&text[target_at + close + 2..]) {
            return Some((label, Link { title, ..link }, target_at + close + 2 + length));
        }
    }
    let shown = target.trim_end();
    if shown.is_empty() {
        return None;
    }
    // the shortest address behind which a title, or the line's end, follows
    for (at, _) in shown.char_indices().chain([(shown.len(), ' ')]).skip(1) {
        let ends = shown[at..].starts_with([' ', '\t']) || at == shown.len();
        if !ends {
            continue;
        }
        if let Some((title, length)) = title_and_end(&text[target_at + at..]) {
            let href = shown[..at].to_owned();
            if [" \"", " '", "\t\"", "\t'"].iter().any(|mark| href.contains(mark)) {
                return None;
            }
            return Some((label, Link { href, title, ial: None }, target_at + at + length));
        }
    }
    None
}

/// An optional title behind white space (a line end among it), up to the line's end: its length.
fn title_and_end(text: &str) -> Option<(Option<String>, usize)> {
    let blanks = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
    let mut at = blanks(text);
    let mut separated = at > 0;
    if text[at..].starts_with('\n') {
        at += 1;
        at += blanks(&text[at..]);
        separated = true;
    }
    if let Some(quote) = text[at..].chars().next().filter(|c| separated && matches!(c, '"' | '\'')) {
        let inner = &text[at + 1..];
        let line = line(inner);
        for (close, _) in line.match_indices(quote).filter(|(close, _)| *close > 0) {
            let rest = &inner[close + 1..];
            let space = blanks(rest);
            if rest[space..].starts_with('\n') {
                return Some((Some(inner[..close].to_owned()), at + 1 + close + 1 + space + 1));
            }
        }
    }
    let space = blanks(text);
    text[space..].starts_with('\n').then_some((None, space + 1))
}
