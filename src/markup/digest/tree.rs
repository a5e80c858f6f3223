//! The old page: a tree, taken as [`crate::tree::html`] renders it.

use std::borrow::Cow;

use super::{Digest, PageReader, Part, address};
use crate::tree::{Node, NodeKind, html};

impl Digest {
    /// The digest of nodes and all that they hold.
    pub fn of_nodes(nodes: &[Node]) -> Digest {
        let mut reader = PageReader::default();
        reader.nodes(nodes);
        reader.finish().unwrap_or_else(|| Digest::of(&html::render_fragment(nodes)))
    }
}

impl PageReader {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Html(html) => return self.raw(html),
            NodeKind::HtmlBlock(html) => {
                self.raw(html);
                if !html.ends_with('\n') {
                    self.raw("\n");
                }
                return;
            }
            NodeKind::FootnoteDefinition(_) | NodeKind::LinkDefinition { .. } => return,
            NodeKind::Document | NodeKind::Row { .. } | NodeKind::Cell => return self.nodes(&node.children),
            _ => self.settle(),
        }
        self.attributes(node);
        match &node.kind {
            NodeKind::Text(text) => self.text(text),
            NodeKind::Paragraph => self.nodes(&node.children),
            NodeKind::Heading { level, id } => self.heading_node(node, *level, id.as_deref()),
            NodeKind::BlockQuote => self.counted(Part::BlockQuote, node),
            NodeKind::List { start } => self.list(node, *start),
            NodeKind::Item { .. } => self.counted(Part::Li, node),
            NodeKind::DefinitionList => self.counted(Part::Dl, node),
            NodeKind::Term => self.counted(Part::Dt, node),
            NodeKind::Definition => self.counted(Part::Dd, node),
            NodeKind::CodeBlock { text, .. } => self.code_block(text),
            NodeKind::Table { .. } => self.table(node),
            NodeKind::MathBlock(tex) => self.math("\\[", tex, "\\]"),
            NodeKind::Math(tex) => self.math("\\(", tex, "\\)"),
            NodeKind::Element(name) => self.element(name, node),
            NodeKind::Emphasis => self.counted(Part::Em, node),
            NodeKind::Strong => self.counted(Part::Strong, node),
            NodeKind::Strike => self.counted(Part::Del, node),
            NodeKind::Abbreviation(_) => self.counted(Part::Abbr, node),
            NodeKind::Code(text) => {
                self.part(Part::Code);
                self.text(text);
            }
            NodeKind::Link { href, .. } => self.link_node(node, href),
            NodeKind::Image { src, .. } => self.image(address(&as_html(src))),
            // how a reference to a footnote is drawn does not count
            NodeKind::FootnoteReference(_) | NodeKind::Rule | NodeKind::HardBreak | NodeKind::SoftBreak => {}
            NodeKind::Html(_)
            | NodeKind::HtmlBlock(_)
            | NodeKind::FootnoteDefinition(_)
            | NodeKind::LinkDefinition { .. }
            | NodeKind::Document
            | NodeKind::Row { .. }
            | NodeKind::Cell => {}
        }
        self.settle();
    }

    /// Attributes do not count here, but must be what they seem.
    fn attributes(&mut self, node: &Node) {
        self.open |= !node.attributes.iter().all(|(name, _)| is_plain_attribute(name));
    }

    fn counted(&mut self, part: Part, node: &Node) {
        self.part(part);
        self.nodes(&node.children);
    }

    fn heading_node(&mut self, node: &Node, level: u8, id: Option<&str>) {
        let id = id.map(as_html).or_else(|| attribute_of(node, "id")).unwrap_or_default();
        self.heading(level, id.into_owned());
        self.nodes(&node.children);
        self.settle();
        self.end("h1");
    }

    fn list(&mut self, node: &Node, start: Option<u64>) {
        self.part(if start.is_some() { Part::Ol } else { Part::Ul });
        match start {
            Some(1) => {
                let given = attribute_of(node, "start").filter(|start| start != "1");
                self.list_start(given.and_then(|start| start.parse().ok()));
            }
            Some(start) => self.list_start(u32::try_from(start).ok()),
            None => {}
        }
        self.nodes(&node.children);
    }

    fn table(&mut self, table: &Node) {
        self.part(Part::Table);
        for row in &table.children {
            self.settle();
            self.attributes(row);
            let head = matches!(row.kind, NodeKind::Row { head: true });
            self.part(Part::Tr);
            for cell in &row.children {
                self.attributes(cell);
                self.part(if head { Part::Th } else { Part::Td });
                self.nodes(&cell.children);
                self.settle();
            }
        }
    }

    fn math(&mut self, open: &str, tex: &str, close: &str) {
        self.text(open);
        self.text(tex);
        self.text(close);
    }

    fn element(&mut self, name: &str, node: &Node) {
        let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        // what such an element holds is no markup, or white space shows in it
        self.open |= !plain || name == "pre" || html5gum::naive_next_state(name.as_bytes()).is_some();
        self.start(name, |key| attribute_of(node, key), false);
        self.nodes(&node.children);
        self.settle();
        self.end(name);
    }

    fn link_node(&mut self, node: &Node, href: &str) {
        if node.attributes.is_empty() && self.silent.is_empty() {
            self.link(&as_html(href), address);
            return self.nodes(&node.children);
        }
        self.start("a", |key| if key == "href" { Some(as_html(href)) } else { attribute_of(node, key) }, false);
        self.nodes(&node.children);
        self.settle();
        self.end("a");
    }
}

/// An attribute's value as it is read back from HTML.
fn as_html(value: &str) -> Cow<'_, str> {
    if value.contains(['\r', '\0']) {
        return Cow::Owned(value.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}"));
    }
    Cow::Borrowed(value)
}

fn attribute_of<'n>(node: &'n Node, name: &str) -> Option<Cow<'n, str>> {
    let found = node.attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| as_html(value))
}

/// The name of an attribute that is read back as one.
fn is_plain_attribute(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.' | b'@'))
}
