//! Blocks as the target's Markdown, written anew from the tree: the means between small edits and HTML.

use super::inline::{self, Position};
use super::target::Reading;
use crate::tree::html;
use crate::tree::text::longest_run;
use crate::tree::{Align, Node, NodeKind};

/// Writes one block as lines without a final line end; `None` where Markdown has no form for it.
pub fn block(node: &Node, source: &str, reading: Reading) -> Option<String> {
    Emitter { source, reading }.block(node).map(|lines| lines.join("\n"))
}

/// Whether Markdown has a form for a block at all: a table needs one row as its head.
pub fn has_form(node: &Node) -> bool {
    let is_head = |row: &Node| matches!(row.kind, NodeKind::Row { head: true });
    !matches!(node.kind, NodeKind::Table { .. })
        || (node.children.first().is_some_and(is_head) && !node.children.iter().skip(1).any(is_head))
}

/// One block as HTML that no Markdown parser looks into.
pub fn html_block(node: &Node) -> String {
    shield(&html::render_fragment(std::slice::from_ref(node)))
}

/// HTML as one block that ends nowhere but at its end: CommonMark ends most HTML blocks at a blank line, so there
/// are none in it, and it begins with a tag that begins such a block.
pub fn shield(html: &str) -> String {
    // CommonMark ends a comment where it ends, blank lines or not
    let is_comment =
        html.trim().strip_prefix("<!--").and_then(|rest| rest.find("-->").map(|end| end + 3 == rest.len()));
    if is_comment == Some(true) {
        return html.trim().to_owned();
    }
    let html = without_blank_lines(html.trim());
    if begins_html_block(&html) { html } else { format!("<div>\n{html}\n</div>") }
}

/// CommonMark: whether HTML begins with a tag that begins a block, which ends at a blank line.
pub fn begins_html_block(html: &str) -> bool {
    const BEGINS_BLOCK: &[&str] = &[
        "<p",
        "<div",
        "<ul",
        "<ol",
        "<dl",
        "<table",
        "<blockquote",
        "<h1",
        "<h2",
        "<h3",
        "<h4",
        "<h5",
        "<h6",
        "<hr",
        "<figure",
        "<section",
        "<article",
        "<details",
        "<center",
        "<form",
        "<aside",
        "<header",
        "<footer",
        "<main",
        "<nav",
        "<iframe",
        "<fieldset",
    ];
    let html = html.as_bytes();
    BEGINS_BLOCK.iter().any(|tag| {
        html.len() > tag.len()
            && html[..tag.len()].eq_ignore_ascii_case(tag.as_bytes())
            && (matches!(html[tag.len()], b' ' | b'>' | b'\n') || html[tag.len()..].starts_with(b"/>"))
    })
}

/// Drops blank lines; inside `<pre>` and `<textarea>`, where they show, the line end becomes an entity.
fn without_blank_lines(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut verbatim = 0usize;
    for line in html.split('\n') {
        if line.trim().is_empty() {
            if verbatim > 0 {
                out.push_str("&#10;");
            }
            continue;
        }
        // the entity is the line end of the blank line itself
        if !out.is_empty() && !out.ends_with('\n') && !out.ends_with("&#10;") {
            out.push('\n');
        }
        out.push_str(line);
        let lower = line.to_ascii_lowercase();
        for tag in ["pre", "textarea"] {
            verbatim += lower.matches(&format!("<{tag}")).count();
            verbatim = verbatim.saturating_sub(lower.matches(&format!("</{tag}")).count());
        }
        out.push('\n');
    }
    while out.ends_with('\n') {
        out.pop();
    }
    out
}

struct Emitter<'a> {
    source: &'a str,
    reading: Reading,
}

impl Emitter<'_> {
    fn block(&self, node: &Node) -> Option<Vec<String>> {
        let lines = match &node.kind {
            NodeKind::Paragraph => self.paragraph(&node.children),
            NodeKind::Heading { level, id } => self.heading(node, *level, id.as_deref()),
            NodeKind::BlockQuote => prefixed(self.blocks(&node.children)?, "> ", "> "),
            NodeKind::List { start } => self.list(node, *start)?,
            NodeKind::DefinitionList => self.definitions(node)?,
            NodeKind::CodeBlock { info, text } => code_block(info, text),
            NodeKind::Rule => vec!["---".to_owned()],
            NodeKind::Table { align } => self.table(node, align)?,
            NodeKind::MathBlock(tex) => self.math(tex),
            NodeKind::HtmlBlock(raw) => lines_of(&shield(raw)),
            NodeKind::Element(tag) => self.element(tag, node)?,
            NodeKind::FootnoteDefinition(label) => {
                prefixed(self.blocks(&node.children)?, &format!("[^{label}]: "), "    ")
            }
            NodeKind::LinkDefinition { label, href, title } => {
                vec![inline::definition(label, href, title.as_deref(), self.reading)]
            }
            _ => return None,
        };
        Some(lines)
    }

    /// Blocks and runs of inlines (a tight item's text) with a blank line between any two.
    fn blocks(&self, nodes: &[Node]) -> Option<Vec<String>> {
        self.flow(nodes, true)
    }

    fn flow(&self, nodes: &[Node], apart: bool) -> Option<Vec<String>> {
        let mut lines: Vec<String> = Vec::new();
        let mut at = 0;
        let mut last_list: Option<bool> = None;
        while at < nodes.len() {
            let inlines = nodes[at..].iter().take_while(|node| !node.kind.is_block()).count();
            let list = match nodes[at].kind {
                NodeKind::List { start } if inlines == 0 => Some(start.is_some()),
                _ => None,
            };
            let chunk = if inlines > 0 { self.paragraph(&nodes[at..at + inlines]) } else { self.nested(&nodes[at]) };
            at += inlines.max(1);
            if chunk.iter().all(String::is_empty) {
                continue;
            }
            if !lines.is_empty() && (apart || list.is_none()) {
                lines.push(String::new());
            }
            if list.is_some() && list == last_list {
                // two lists in a row would be read as one
                lines.extend(["<!-- -->".to_owned(), String::new()]);
            }
            last_list = list;
            lines.extend(chunk);
        }
        Some(lines)
    }

    /// A block inside another one: the smallest that Markdown has no form for is HTML.
    fn nested(&self, node: &Node) -> Vec<String> {
        self.block(node).unwrap_or_else(|| lines_of(&html_block(node)))
    }

    fn paragraph(&self, inlines: &[Node]) -> Vec<String> {
        lines_of(inline::write(inlines, self.source, self.reading, Position::Paragraph).trim())
    }

    fn heading(&self, node: &Node, level: u8, id: Option<&str>) -> Vec<String> {
        let text = inline::write(&node.children, self.source, self.reading, Position::Heading);
        let id = id.filter(|id| !id.is_empty()).map(|id| format!(" {{#{id}}}")).unwrap_or_default();
        vec![format!("{} {}{id}", "#".repeat(level.clamp(1, 6) as usize), text.trim())]
    }

    fn list(&self, node: &Node, start: Option<u64>) -> Option<Vec<String>> {
        let loose = node.children.iter().any(|item| item.children.iter().any(|c| c.kind == NodeKind::Paragraph));
        let mut lines = Vec::new();
        for (at, item) in node.children.iter().enumerate() {
            let marker = match start {
                Some(first) => format!("{}. ", first + at as u64),
                None => "- ".to_owned(),
            };
            let mut content = self.flow(&item.children, loose)?;
            if let NodeKind::Item { task: Some(done) } = item.kind {
                let mark = if done { "[x] " } else { "[ ] " };
                match content.first_mut() {
                    Some(first) => first.insert_str(0, mark),
                    None => content.push(mark.to_owned()),
                }
            }
            if content.is_empty() {
                content.push(String::new());
            }
            if loose && at > 0 {
                lines.push(String::new());
            }
            let indent = " ".repeat(marker.len());
            lines.extend(prefixed(content, &marker, &indent));
        }
        Some(lines)
    }

    fn definitions(&self, node: &Node) -> Option<Vec<String>> {
        let mut lines = Vec::new();
        for child in &node.children {
            match child.kind {
                NodeKind::Term => {
                    if !lines.is_empty() {
                        lines.push(String::new());
                    }
                    lines.push(self.paragraph(&child.children).join(" "));
                }
                _ => lines.extend(prefixed(self.blocks(&child.children)?, ":   ", "    ")),
            }
        }
        Some(lines)
    }

    /// A pipe table needs a head of one row, and cells of one line.
    fn table(&self, node: &Node, align: &[Align]) -> Option<Vec<String>> {
        let head = node.children.first().filter(|_| has_form(node))?;
        let columns = head.children.len();
        let mut lines = Vec::new();
        for (at, row) in node.children.iter().enumerate() {
            if row.children.len() != columns
                || row.children.iter().any(|cell| cell.children.iter().any(|c| c.kind.is_block()))
            {
                return None;
            }
            let cells: Vec<String> = row
                .children
                .iter()
                .map(|cell| inline::write(&cell.children, self.source, self.reading, Position::Cell).trim().to_owned())
                .collect();
            lines.push(format!("| {} |", cells.join(" | ")));
            if at == 0 {
                let marks = (0..columns).map(|column| match align.get(column).copied().unwrap_or_default() {
                    Align::None => "---",
                    Align::Left => ":---",
                    Align::Center => ":---:",
                    Align::Right => "---:",
                });
                lines.push(format!("| {} |", marks.collect::<Vec<_>>().join(" | ")));
            }
        }
        Some(lines)
    }

    /// Hugo's passthrough takes `\[…\]`; Zola gets an element that it does not look into.
    fn math(&self, tex: &str) -> Vec<String> {
        // on one line, so that no line of it begins a block; a comment in it would not end
        if self.reading.math && !tex.contains('%') {
            let lines: Vec<&str> = tex.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            return vec![format!("\\[{}\\]", lines.join(" "))];
        }
        let node = Node::new(NodeKind::MathBlock(tex.to_owned()), 0..0, Vec::new());
        lines_of(&html_block(&node))
    }

    fn element(&self, tag: &str, node: &Node) -> Option<Vec<String>> {
        let empty = Node { children: Vec::new(), ..node.clone() };
        let shell = html::render_fragment(std::slice::from_ref(&empty));
        let close = format!("</{tag}>");
        let open = shell.trim_end().strip_suffix(&close)?.to_owned();
        let mut lines = vec![open, String::new()];
        lines.extend(self.blocks(&node.children)?);
        lines.extend([String::new(), close]);
        Some(lines)
    }
}

fn code_block(info: &str, text: &str) -> Vec<String> {
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    // a brace begins attributes in Hugo
    let info = info.split('{').next().unwrap_or("").replace('`', "");
    let mut lines = vec![format!("{fence}{}", info.trim())];
    lines.extend(text.strip_suffix('\n').unwrap_or(text).split('\n').map(str::to_owned));
    lines.push(fence);
    lines
}

fn lines_of(text: &str) -> Vec<String> {
    text.split('\n').map(str::to_owned).collect()
}

fn prefixed(lines: Vec<String>, first: &str, rest: &str) -> Vec<String> {
    lines
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            let prefix = if at == 0 { first } else { rest };
            if line.is_empty() { prefix.trim_end().to_owned() } else { format!("{prefix}{line}") }
        })
        .collect()
}
