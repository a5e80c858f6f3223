//! A document tree as HTML: what the old page showed.
//!
//! One renderer serves all source dialects: where they differ, their parsers have already said so in the tree.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;

use regex::Regex;

use super::{Align, Node, NodeKind};
use crate::escape::{escape_attribute, escape_text};

/// Renders a tree, footnotes collected at the end in the order of their first reference.
pub fn render(node: &Node) -> String {
    let mut renderer = Renderer::new(node);
    renderer.node(node);
    renderer.footnotes();
    renderer.out
}

/// Renders the nodes of one block's content, without a section of footnotes.
pub fn render_fragment(nodes: &[Node]) -> String {
    let mut renderer = Renderer::default();
    renderer.nodes(nodes);
    renderer.out
}

#[derive(Default)]
struct Renderer<'a> {
    out: String,
    definitions: HashMap<&'a str, &'a Node>,
    /// Labels in the order of their first reference.
    referenced: Vec<&'a str>,
    numbers: HashMap<&'a str, usize>,
}

impl<'a> Renderer<'a> {
    fn new(root: &'a Node) -> Self {
        let mut definitions = HashMap::new();
        collect_definitions(root, &mut definitions);
        // tags take about a quarter more than their marks
        let out = String::with_capacity(root.span.len() + root.span.len() / 4);
        Renderer { out, definitions, ..Renderer::default() }
    }

    fn nodes(&mut self, nodes: &'a [Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    fn node(&mut self, node: &'a Node) {
        match &node.kind {
            NodeKind::Document => self.nodes(&node.children),
            NodeKind::Paragraph => self.element("p", node),
            NodeKind::Heading { level, id } => self.heading(node, *level, id.as_deref()),
            NodeKind::BlockQuote => self.container("blockquote", node),
            NodeKind::List { start } => self.list(node, *start),
            NodeKind::Item { task } => self.item(node, *task),
            NodeKind::DefinitionList => self.container("dl", node),
            NodeKind::Term => self.element("dt", node),
            NodeKind::Definition => self.element("dd", node),
            NodeKind::CodeBlock { info, text } => self.code_block(node, info, text),
            NodeKind::Rule => self.void("hr", node, &[]),
            NodeKind::Table { align } => self.table(node, align),
            NodeKind::Row { .. } | NodeKind::Cell => self.nodes(&node.children),
            NodeKind::MathBlock(tex) => self.math("div", "\\[", tex, "\\]"),
            NodeKind::HtmlBlock(html) => {
                self.out.push_str(html);
                self.line_end();
            }
            NodeKind::Element(name) => self.element(name, node),
            NodeKind::FootnoteDefinition(_) | NodeKind::LinkDefinition { .. } => {}
            NodeKind::Text(text) => escape_text(text, &mut self.out),
            NodeKind::Emphasis => self.inline("em", node),
            NodeKind::Strong => self.inline("strong", node),
            NodeKind::Strike => self.inline("del", node),
            NodeKind::Code(text) => self.code(node, text),
            NodeKind::Link { href, title } => self.link(node, href, title.as_deref()),
            NodeKind::Image { src, title, alt } => self.image(node, src, title.as_deref(), alt),
            NodeKind::Math(tex) => self.math("span", "\\(", tex, "\\)"),
            NodeKind::Html(html) => self.out.push_str(html),
            NodeKind::HardBreak => self.out.push_str("<br />\n"),
            NodeKind::SoftBreak => self.out.push('\n'),
            NodeKind::FootnoteReference(label) => self.footnote_reference(label),
            NodeKind::Abbreviation(long) => {
                self.open("abbr", node, &[("title", long)]);
                self.nodes(&node.children);
                self.out.push_str("</abbr>");
            }
        }
    }

    fn open(&mut self, tag: &str, node: &Node, own: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in own {
            self.attribute(name, value);
        }
        for (name, value) in &node.attributes {
            if !own.iter().any(|(own, _)| own == name) {
                self.attribute(name, value);
            }
        }
        self.out.push('>');
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape_attribute(value, &mut self.out);
        self.out.push('"');
    }

    fn void(&mut self, tag: &str, node: &Node, own: &[(&str, &str)]) {
        self.open(tag, node, own);
        self.out.pop();
        self.out.push_str(" />");
        if tag == "hr" {
            self.line_end();
        }
    }

    fn line_end(&mut self) {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn inline(&mut self, tag: &str, node: &'a Node) {
        self.open(tag, node, &[]);
        self.nodes(&node.children);
        self.close(tag);
    }

    fn close(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    fn close_line(&mut self, tag: &str) {
        self.close(tag);
        self.out.push('\n');
    }

    fn element(&mut self, tag: &str, node: &'a Node) {
        self.inline(tag, node);
        self.line_end();
    }

    fn container(&mut self, tag: &str, node: &'a Node) {
        self.open(tag, node, &[]);
        self.line_end();
        self.nodes(&node.children);
        self.line_end();
        self.close_line(tag);
    }

    fn heading(&mut self, node: &'a Node, level: u8, id: Option<&str>) {
        let tag = match level {
            1 => "h1",
            2 => "h2",
            3 => "h3",
            4 => "h4",
            5 => "h5",
            _ => "h6",
        };
        match id {
            Some(id) => self.open(tag, node, &[("id", id)]),
            None => self.open(tag, node, &[]),
        }
        self.nodes(&node.children);
        self.close_line(tag);
    }

    fn list(&mut self, node: &'a Node, start: Option<u64>) {
        let tag = if start.is_some() { "ol" } else { "ul" };
        match start {
            Some(n) if n != 1 => self.open(tag, node, &[("start", &n.to_string())]),
            _ => self.open(tag, node, &[]),
        }
        self.line_end();
        self.nodes(&node.children);
        self.line_end();
        self.close_line(tag);
    }

    fn item(&mut self, node: &'a Node, task: Option<bool>) {
        self.open("li", node, &[]);
        match task {
            Some(true) => self.out.push_str("<input type=\"checkbox\" disabled checked /> "),
            Some(false) => self.out.push_str("<input type=\"checkbox\" disabled /> "),
            None => {}
        }
        for child in &node.children {
            // a nested block after the text of a tight item begins on a line of its own
            if child.kind.is_block() {
                self.line_end();
            }
            self.node(child);
        }
        self.out.push_str("</li>\n");
    }

    fn code_block(&mut self, node: &Node, info: &str, text: &str) {
        let caption = Caption::read(info);
        if let Some(caption) = &caption {
            self.caption(caption);
        }
        self.open("pre", node, &[]);
        let language = info.split_whitespace().next().unwrap_or("");
        if language.is_empty() {
            self.out.push_str("<code>");
        } else {
            self.out.push_str("<code class=\"language-");
            escape_attribute(language, &mut self.out);
            self.out.push_str("\">");
        }
        escape_text(text, &mut self.out);
        self.out.push_str("</code></pre>\n");
        if caption.is_some() {
            self.out.push_str("</figure>\n");
        }
    }

    fn caption(&mut self, caption: &Caption<'_>) {
        self.out.push_str("<figure class=\"highlight\"><figcaption><span>");
        escape_text(caption.text, &mut self.out);
        self.out.push_str("</span>");
        if let Some((address, text)) = caption.link {
            self.out.push_str("<a href=\"");
            escape_attribute(address, &mut self.out);
            self.out.push_str("\">");
            escape_text(text, &mut self.out);
            self.out.push_str("</a>");
        }
        self.out.push_str("</figcaption>\n");
    }

    fn code(&mut self, node: &Node, text: &str) {
        self.open("code", node, &[]);
        escape_text(text, &mut self.out);
        self.out.push_str("</code>");
    }

    fn table(&mut self, node: &'a Node, align: &[Align]) {
        self.open("table", node, &[]);
        self.line_end();
        let mut section = "";
        for row in &node.children {
            let wanted = if matches!(row.kind, NodeKind::Row { head: true }) { "thead" } else { "tbody" };
            if section != wanted {
                self.close_section(section);
                self.out.push('<');
                self.out.push_str(wanted);
                self.out.push_str(">\n");
                section = wanted;
            }
            self.row(row, align, if wanted == "thead" { "th" } else { "td" });
        }
        self.close_section(section);
        self.out.push_str("</table>\n");
    }

    fn close_section(&mut self, section: &str) {
        if !section.is_empty() {
            self.close_line(section);
        }
    }

    fn row(&mut self, row: &'a Node, align: &[Align], tag: &str) {
        self.open("tr", row, &[]);
        self.line_end();
        for (column, cell) in row.children.iter().enumerate() {
            let style = match align.get(column).copied().unwrap_or_default() {
                Align::None => "",
                Align::Left => "text-align: left",
                Align::Center => "text-align: center",
                Align::Right => "text-align: right",
            };
            if style.is_empty() {
                self.open(tag, cell, &[]);
            } else {
                self.open(tag, cell, &[("style", style)]);
            }
            self.nodes(&cell.children);
            self.close_line(tag);
        }
        self.out.push_str("</tr>\n");
    }

    /// Formulas leave in the form that MathJax and KaTeX find by themselves.
    fn math(&mut self, tag: &str, open: &str, tex: &str, close: &str) {
        let class = if tag == "div" { "math display" } else { "math inline" };
        let _ = write!(self.out, "<{tag} class=\"{class}\">{open}");
        escape_text(tex, &mut self.out);
        let _ = write!(self.out, "{close}</{tag}>");
        if tag == "div" {
            self.line_end();
        }
    }

    fn link(&mut self, node: &'a Node, href: &str, title: Option<&str>) {
        match title {
            Some(title) => self.open("a", node, &[("href", href), ("title", title)]),
            None => self.open("a", node, &[("href", href)]),
        }
        self.nodes(&node.children);
        self.out.push_str("</a>");
    }

    fn image(&mut self, node: &Node, src: &str, title: Option<&str>, alt: &str) {
        match title {
            Some(title) => self.void("img", node, &[("src", src), ("alt", alt), ("title", title)]),
            None => self.void("img", node, &[("src", src), ("alt", alt)]),
        }
    }

    fn footnote_reference(&mut self, label: &'a str) {
        let next = self.referenced.len() + 1;
        let number = *self.numbers.entry(label).or_insert(next);
        if number == next {
            self.referenced.push(label);
        }
        self.out.push_str("<sup class=\"footnote-ref\"><a href=\"#fn:");
        escape_attribute(label, &mut self.out);
        self.out.push_str("\" id=\"fnref:");
        escape_attribute(label, &mut self.out);
        let _ = write!(self.out, "\">{number}</a></sup>");
    }

    fn footnotes(&mut self) {
        // a footnote can refer to another one, so the list of references may grow while it is shown
        let mut number = 0;
        while let Some(label) = self.referenced.get(number).copied() {
            if number == 0 {
                self.line_end();
                self.out.push_str("<div class=\"footnotes\">\n<ol>\n");
            }
            number += 1;
            self.out.push_str("<li id=\"fn:");
            escape_attribute(label, &mut self.out);
            self.out.push_str("\">\n");
            if let Some(definition) = self.definitions.get(label).copied() {
                self.nodes(&definition.children);
            }
            self.out.push_str("<a href=\"#fnref:");
            escape_attribute(label, &mut self.out);
            self.out.push_str("\" class=\"footnote-backref\">↩</a></li>\n");
        }
        if number > 0 {
            self.out.push_str("</ol>\n</div>\n");
        }
    }
}

/// What stands above code: words behind its language, and a link.
struct Caption<'a> {
    text: &'a str,
    link: Option<(&'a str, &'a str)>,
}

impl<'a> Caption<'a> {
    /// Hexo (`backtick_code_block.js`): `language caption https://address link text`, options such as `mark:1` aside.
    fn read(info: &'a str) -> Option<Self> {
        static OPTION: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\s(?:line_number|line_threshold|first_line|wrap|mark|language_attr|highlight):\S+.*$")
                .expect("a valid pattern")
        });
        static LINK: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"\s(https?://\S+|/\S+)\s*(.*)$").expect("a valid pattern"));
        if !info.trim().contains(char::is_whitespace) {
            return None;
        }
        let info = &info[..OPTION.find(info).map_or(info.len(), |found| found.start())];
        let rest = info.trim().split_once(char::is_whitespace)?.1.trim();
        let (text, link) = match LINK.captures(rest) {
            Some(found) => {
                let (address, text) = (found.get(1)?.as_str(), found.get(2)?.as_str());
                (&rest[..found.get(0)?.start()], Some((address, if text.is_empty() { "link" } else { text })))
            }
            None => (rest, None),
        };
        (!text.is_empty()).then_some(Caption { text, link })
    }
}

/// The definitions of footnotes, the first of each label. They are blocks: running text is not looked through.
fn collect_definitions<'a>(node: &'a Node, definitions: &mut HashMap<&'a str, &'a Node>) {
    if let NodeKind::FootnoteDefinition(label) = &node.kind {
        definitions.entry(label).or_insert(node);
    }
    for child in node.children.iter().filter(|child| child.kind.is_block() && child.kind != NodeKind::Paragraph) {
        collect_definitions(child, definitions);
    }
}
