//! From kramdown's elements to the document tree that all dialects share.

use super::super::entities;
use super::abbreviations::Abbreviations;
use super::attributes::Attributes;
use super::block::Definitions;
use super::element::{Element, ElementKind as Block};
use super::ids;
use super::span::Spans;
use crate::model::MarkupSettings;
use crate::tree::{Node, NodeKind};

/// Builds the tree of a document.
pub fn build(blocks: Vec<Element>, definitions: &Definitions, settings: &MarkupSettings, length: usize) -> Node {
    let mut builder = TreeBuilder { spans: Spans { settings, definitions }, length, contents: false };
    let mut root = Node::new(NodeKind::Document, 0..length, builder.nodes(blocks));
    ids::settle(&mut root, settings);
    if builder.contents {
        contents(&mut root);
    }
    if !definitions.abbreviations.is_empty() {
        Abbreviations::new(&definitions.abbreviations).mark(&mut root);
    }
    root
}

struct TreeBuilder<'a> {
    spans: Spans<'a>,
    /// Of the source: the line end that kramdown adds is not in it.
    length: usize,
    /// A list waits for the table of contents to take its place.
    contents: bool,
}

/// The attribute under which a list waits for the table of contents to take its place.
const CONTENTS: &str = "\u{0}toc";

impl TreeBuilder<'_> {
    fn nodes(&mut self, elements: Vec<Element>) -> Vec<Node> {
        let mut nodes = Vec::with_capacity(elements.len());
        for element in elements {
            self.node(element, &mut nodes);
        }
        nodes
    }

    fn node(&mut self, element: Element, out: &mut Vec<Node>) {
        let Element { kind, span, ial, own, children } = element;
        let mut attributes = own;
        if let Some(ial) = &ial {
            ial.apply(&self.spans.definitions.attributes, &mut attributes);
        }
        let mut inner = Vec::new();
        let kind = match kind {
            Block::Blank { .. } | Block::Boundary(_) => return,
            Block::Paragraph { text, transparent: true } => {
                out.extend(self.spans.read(&text));
                return;
            }
            Block::Paragraph { text, .. } => {
                inner = self.spans.read(&text);
                NodeKind::Paragraph
            }
            Block::Heading { level, text } => {
                inner = self.spans.read(&text);
                let id = attributes.iter().position(|(name, _)| name == "id").map(|at| attributes.remove(at).1);
                NodeKind::Heading { level, id }
            }
            Block::Quote => NodeKind::BlockQuote,
            Block::List { ordered } => {
                if is_contents(ial.as_ref()) {
                    self.contents = true;
                    attributes.push((CONTENTS.to_owned(), String::new()));
                }
                // kramdown counts from 1, whatever the first number is
                NodeKind::List { start: ordered.then_some(1) }
            }
            Block::Item { task } => NodeKind::Item { task },
            Block::Definitions => NodeKind::DefinitionList,
            Block::Term(text) => {
                inner = self.spans.read(&text);
                NodeKind::Term
            }
            Block::Definition => NodeKind::Definition,
            Block::Code { language, text } => code(language, text, &mut attributes),
            Block::Rule => NodeKind::Rule,
            Block::Table { align } => NodeKind::Table { align },
            Block::Row { head } => NodeKind::Row { head },
            Block::Cell(text) => {
                inner = self.spans.read(&text);
                NodeKind::Cell
            }
            Block::Math(tex) => NodeKind::MathBlock(tex),
            Block::Raw(html) => NodeKind::HtmlBlock(html),
            Block::LinkDefinition { label, href, title } => {
                attributes.clear();
                NodeKind::LinkDefinition { label, href: entities::decoded(href), title: title.map(entities::decoded) }
            }
            Block::Footnote(label) => NodeKind::FootnoteDefinition(label),
            Block::Running(text) => {
                out.extend(self.spans.read(&text));
                return;
            }
            Block::Html { name, closed } if is_raw(&children) => {
                let mut html = String::new();
                push_raw_html(&name, closed, &attributes, &children, &mut html);
                NodeKind::HtmlBlock(html)
            }
            Block::Html { name, .. } => NodeKind::Element(name),
        };
        if matches!(kind, NodeKind::HtmlBlock(_)) {
            attributes.clear();
        } else {
            inner.extend(self.nodes(children));
        }
        let span = span.start.min(self.length)..span.end.min(self.length);
        out.push(Node { kind, span, attributes, children: inner });
    }
}

/// The language of a code block: its own, or the class that an attribute list gives it (`{: .language-c}`).
fn code(language: String, text: String, attributes: &mut Vec<(String, String)>) -> NodeKind {
    let mut info = language;
    if info.is_empty()
        && let Some((_, class)) = attributes.iter_mut().find(|(name, _)| name == "class")
    {
        let named = class.split_whitespace().find_map(|class| class.strip_prefix("language-")).map(str::to_owned);
        if let Some(language) = named {
            let others: Vec<&str> = class.split_whitespace().filter(|class| !class.starts_with("language-")).collect();
            *class = others.join(" ");
            info = language;
        }
    }
    attributes.retain(|(name, value)| name != "class" || !value.is_empty());
    NodeKind::CodeBlock { info, text }
}

fn is_contents(ial: Option<&Attributes>) -> bool {
    ial.is_some_and(|ial| ial.references.iter().any(|reference| reference == "toc"))
}

/// Nothing in it was read as Markdown.
fn is_raw(elements: &[Element]) -> bool {
    elements.iter().all(|element| match &element.kind {
        Block::Raw(_) => true,
        Block::Html { .. } => is_raw(&element.children),
        _ => false,
    })
}

fn push_raw_html(name: &str, closed: bool, attributes: &[(String, String)], children: &[Element], out: &mut String) {
    out.push('<');
    out.push_str(name);
    for (name, value) in attributes {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        out.push_str(&entities::escape(value).replace('"', "&quot;"));
        out.push('"');
    }
    if closed || (children.is_empty() && super::tags::is_empty(name)) {
        out.push_str(" />");
        return;
    }
    out.push('>');
    for child in children {
        match &child.kind {
            Block::Raw(raw) => out.push_str(raw),
            Block::Html { name, closed } => push_raw_html(name, *closed, &child.own, &child.children, out),
            _ => {}
        }
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// kramdown (`converter/html.rb`, `generate_toc_tree`): the first list marked `{:toc}` becomes a list of the headings.
fn contents(root: &mut Node) {
    let mut headings = Vec::new();
    collect_headings(root, &mut headings);
    let mut done = false;
    replace_contents(root, &headings, &mut done);
}

struct Heading {
    level: u8,
    id: String,
    text: Vec<Node>,
}

fn collect_headings(node: &Node, headings: &mut Vec<Heading>) {
    for child in &node.children {
        if let NodeKind::Heading { level, id: Some(id) } = &child.kind {
            let hidden = child.attribute("class").is_some_and(|class| class.split_whitespace().any(|c| c == "no_toc"));
            if !hidden {
                headings.push(Heading { level: *level, id: id.clone(), text: without_links(&child.children) });
            }
        }
        collect_headings(child, headings);
    }
}

fn without_links(nodes: &[Node]) -> Vec<Node> {
    let mut out = Vec::new();
    for node in nodes {
        match &node.kind {
            NodeKind::FootnoteReference(_) => {}
            NodeKind::Link { .. } => out.extend(without_links(&node.children)),
            _ => out.push(Node { children: without_links(&node.children), ..node.clone() }),
        }
    }
    out
}

fn replace_contents(node: &mut Node, headings: &[Heading], done: &mut bool) {
    let mut at = 0;
    while at < node.children.len() {
        let child = &mut node.children[at];
        if let Some(mark) = child.attributes.iter().position(|(name, _)| name == CONTENTS) {
            child.attributes.remove(mark);
            if !*done {
                *done = true;
                child.children = nested(headings, matches!(child.kind, NodeKind::List { start: Some(_) }));
                if !child.attributes.iter().any(|(name, _)| name == "id") {
                    child.attributes.push(("id".to_owned(), "markdown-toc".to_owned()));
                }
                if headings.is_empty() {
                    node.children.remove(at);
                    continue;
                }
            }
        } else {
            replace_contents(child, headings, done);
        }
        at += 1;
    }
}

/// Items for headings; those of a deeper level that follow are a list in the item.
fn nested(headings: &[Heading], ordered: bool) -> Vec<Node> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(heading) = headings.get(at) {
        let below = headings[at + 1..].iter().take_while(|next| next.level > heading.level).count();
        let link = NodeKind::Link { href: format!("#{}", heading.id), title: None };
        let mut link = Node::new(link, 0..0, heading.text.clone());
        link.attributes.push(("id".to_owned(), format!("markdown-toc-{}", heading.id)));
        let mut children = vec![link];
        if below > 0 {
            let kind = NodeKind::List { start: ordered.then_some(1) };
            children.push(Node::new(kind, 0..0, nested(&headings[at + 1..at + 1 + below], ordered)));
        }
        items.push(Node::new(NodeKind::Item { task: None }, 0..0, children));
        at += 1 + below;
    }
    items
}
