//! pulldown-cmark's events as a tree.

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag};

use super::goldmark::quoted;
use crate::dialect::text::Text;
use crate::tree::text::plain_text;
use crate::tree::{Align, Node, NodeKind};

/// Blocks and inlines deeper than this lose their outer marks: nobody types more, and the stack stays small.
const DEEPEST: usize = 200;

/// Reads a text into a tree, whose spans are those of the source that the text was made of. With `angles`, `<<` and `>>` as
/// typed are quotes.
pub fn read(text: &Text, length: usize, options: Options, angles: bool) -> Node {
    let document = || Node::new(NodeKind::Document, 0..length, Vec::new());
    let mut builder = EventBuilder { stack: vec![document()], skipped: 0, angles, typed: false };
    for (event, span) in Parser::new_ext(text.as_str(), options).into_offset_iter() {
        builder.event(event, text.source_range(&span));
    }
    while builder.stack.len() > 1 {
        builder.close();
    }
    builder.stack.pop().unwrap_or_else(document)
}

struct EventBuilder {
    stack: Vec<Node>,
    /// Open tags beyond [`DEEPEST`].
    skipped: usize,
    /// goldmark's typographer is on.
    angles: bool,
    /// The last text stood there as typed.
    typed: bool,
}

impl EventBuilder {
    fn event(&mut self, event: Event<'_>, span: Range<usize>) {
        match event {
            Event::Start(tag) => self.open(tag, span),
            Event::End(_) if self.skipped > 0 => self.skipped -= 1,
            Event::End(_) => self.close(),
            // what was typed as an entity is no mark
            Event::Text(text) if self.angles && text.len() == span.len() && !self.in_code() => {
                let text = self.joined(quoted(text.into_string()));
                self.text(&text, span);
                self.typed = true;
            }
            Event::Text(text) => {
                self.text(&text, span);
                self.typed = false;
            }
            Event::Code(code) => self.leaf(NodeKind::Code(code.into_string()), span),
            Event::InlineMath(tex) => self.leaf(NodeKind::Math(tex.into_string()), span),
            Event::DisplayMath(tex) => self.leaf(NodeKind::MathBlock(tex.into_string()), span),
            Event::Html(html) => match self.stack.last_mut() {
                Some(Node { kind: NodeKind::HtmlBlock(block), .. }) => block.push_str(&html),
                _ => self.leaf(NodeKind::Html(html.into_string()), span),
            },
            Event::InlineHtml(html) => self.leaf(NodeKind::Html(html.into_string()), span),
            Event::FootnoteReference(label) => self.leaf(NodeKind::FootnoteReference(label.into_string()), span),
            Event::SoftBreak => self.leaf(NodeKind::SoftBreak, span),
            Event::HardBreak => self.leaf(NodeKind::HardBreak, span),
            Event::Rule => self.leaf(NodeKind::Rule, span),
            Event::TaskListMarker(done) => {
                let item = self.stack.iter_mut().rev().find(|node| matches!(node.kind, NodeKind::Item { .. }));
                if let Some(item) = item {
                    item.kind = NodeKind::Item { task: Some(done) };
                }
            }
        }
    }

    /// A mark that comes in two texts: pulldown-cmark parts them where a tag might begin.
    fn joined(&mut self, text: String) -> String {
        let last = self.stack.last_mut().and_then(|parent| parent.children.last_mut());
        let Some(Node { kind: NodeKind::Text(before), .. }) = last.filter(|_| self.typed) else { return text };
        for (mark, quote) in [('<', '«'), ('>', '»')] {
            if before.ends_with(mark)
                && let Some(rest) = text.strip_prefix(mark)
            {
                before.pop();
                return format!("{quote}{rest}");
            }
        }
        text
    }

    fn in_code(&self) -> bool {
        matches!(self.stack.last(), Some(Node { kind: NodeKind::CodeBlock { .. }, .. }))
    }

    fn open(&mut self, tag: Tag<'_>, span: Range<usize>) {
        if self.stack.len() > DEEPEST {
            self.skipped += 1;
            return;
        }
        let mut attributes = Vec::new();
        let kind = match tag {
            Tag::Paragraph | Tag::MetadataBlock(_) => NodeKind::Paragraph,
            Tag::Heading { level, id, classes, attrs } => {
                if !classes.is_empty() {
                    attributes.push(("class".to_owned(), classes.join(" ")));
                }
                attributes.extend(
                    attrs
                        .into_iter()
                        .map(|(name, value)| (name.into_string(), value.map(|v| v.into_string()).unwrap_or_default())),
                );
                NodeKind::Heading { level: level_of(level), id: id.map(|id| id.into_string()) }
            }
            Tag::BlockQuote(_) => NodeKind::BlockQuote,
            Tag::CodeBlock(CodeBlockKind::Indented) => NodeKind::CodeBlock { info: String::new(), text: String::new() },
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                NodeKind::CodeBlock { info: info.into_string(), text: String::new() }
            }
            Tag::HtmlBlock => NodeKind::HtmlBlock(String::new()),
            Tag::List(start) => NodeKind::List { start },
            Tag::Item => NodeKind::Item { task: None },
            Tag::FootnoteDefinition(label) => NodeKind::FootnoteDefinition(label.into_string()),
            Tag::DefinitionList => NodeKind::DefinitionList,
            Tag::DefinitionListTitle => NodeKind::Term,
            Tag::DefinitionListDefinition => NodeKind::Definition,
            Tag::Table(align) => NodeKind::Table { align: align.into_iter().map(align_of).collect() },
            Tag::TableHead => NodeKind::Row { head: true },
            Tag::TableRow => NodeKind::Row { head: false },
            Tag::TableCell => NodeKind::Cell,
            Tag::Emphasis => NodeKind::Emphasis,
            Tag::Strong => NodeKind::Strong,
            Tag::Strikethrough => NodeKind::Strike,
            Tag::Superscript => NodeKind::Element("sup".to_owned()),
            Tag::Subscript => NodeKind::Element("sub".to_owned()),
            Tag::Link { dest_url, title, link_type, .. } => {
                // `<a@b.example>` leads to a mail address
                let mail = if matches!(link_type, pulldown_cmark::LinkType::Email) { "mailto:" } else { "" };
                let title = (!title.is_empty()).then(|| title.into_string());
                NodeKind::Link { href: format!("{mail}{dest_url}"), title }
            }
            Tag::Image { dest_url, title, .. } => {
                let title = (!title.is_empty()).then(|| title.into_string());
                NodeKind::Image { src: dest_url.into_string(), title, alt: String::new() }
            }
        };
        self.stack.push(Node { kind, span, attributes, children: Vec::new() });
    }

    fn close(&mut self) {
        let Some(mut node) = self.stack.pop() else { return };
        if let NodeKind::Image { alt, .. } = &mut node.kind {
            *alt = plain_text(&node.children);
            node.children.clear();
        }
        match self.stack.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.stack.push(node),
        }
    }

    fn text(&mut self, text: &str, span: Range<usize>) {
        match self.stack.last_mut() {
            Some(Node { kind: NodeKind::CodeBlock { text: code, .. }, .. }) => code.push_str(text),
            Some(parent) => match parent.children.last_mut() {
                // texts that adjoin are one, unless an escape or entity stands between them
                Some(Node { kind: NodeKind::Text(before), span: known, .. }) if known.end == span.start => {
                    before.push_str(text);
                    known.end = span.end;
                }
                _ => parent.children.push(Node::new(NodeKind::Text(text.to_owned()), span, Vec::new())),
            },
            None => {}
        }
    }

    fn leaf(&mut self, kind: NodeKind, span: Range<usize>) {
        if let Some(parent) = self.stack.last_mut() {
            parent.children.push(Node::new(kind, span, Vec::new()));
        }
    }
}

fn level_of(level: HeadingLevel) -> u8 {
    level as u8
}

fn align_of(align: Alignment) -> Align {
    match align {
        Alignment::None => Align::None,
        Alignment::Left => Align::Left,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::Right,
    }
}
