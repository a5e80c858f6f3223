//! Small edits inside one block: line breaks, the ids of headings, and text that the target would read differently.

use std::ops::Range;

use super::check::Definitions;
use super::digest::Digest;
use super::edit::Edits;
use super::emit;
use super::inline::{self, Position};
use super::target::{self, Reading};
use crate::model::Target;
use crate::tree::{Node, NodeKind};

/// Makes the small edits inside one block.
pub(super) struct Editor<'a> {
    pub(super) text: &'a str,
    pub(super) reading: Reading,
    /// The link definitions of the text.
    pub(super) definitions: &'a Definitions<'a>,
    /// Headings get the ids of the old page.
    pub(super) with_ids: bool,
    /// Texts may be edited.
    pub(super) inlines: bool,
}

impl Editor<'_> {
    /// Makes the edits of a block.
    pub(super) fn block(&self, node: &Node, edits: &mut Edits) {
        match &node.kind {
            NodeKind::Heading { id, .. } => {
                self.leaf(&node.children, Position::Heading, edits);
                if let (true, Some(id)) = (self.with_ids, id) {
                    self.heading_id(node, id, edits);
                }
            }
            NodeKind::Cell => self.leaf(&node.children, Position::Cell, edits),
            NodeKind::LinkDefinition { label, .. } if label.starts_with('^') => {
                // goldmark and pulldown-cmark take it for the text of a footnote, which would show
                let mark = node.span.start + 1;
                let _ = edits.replace(mark..mark, "\\");
            }
            NodeKind::CodeBlock { .. } if self.reading.target == Target::Hugo => self.fence_info(node, edits),
            _ => {
                if let (true, NodeKind::List { start: Some(start) }) = (self.inlines, &node.kind) {
                    self.first_number(node, *start, edits);
                }
                let mut at = 0;
                while at < node.children.len() {
                    let inlines = node.children[at..].iter().take_while(|child| !child.kind.is_block()).count();
                    if inlines > 0 {
                        self.leaf(&node.children[at..at + inlines], Position::Paragraph, edits);
                        at += inlines;
                    } else {
                        let child = &node.children[at];
                        at += 1;
                        if self.inlines && !emit::has_form(child) {
                            self.as_html(child, at < node.children.len(), edits);
                        } else {
                            self.block(child, edits);
                        }
                    }
                }
            }
        }
    }

    /// The number from which the old page counted; the other numbers do not matter to any target.
    fn first_number(&self, list: &Node, start: u64, edits: &mut Edits) {
        let Some(item) = list.children.first() else { return };
        let Some(typed) = self.text.get(item.span.clone()) else { return };
        let indent = typed.len() - typed.trim_start().len();
        let digits = typed[indent..].bytes().take_while(u8::is_ascii_digit).count();
        let number = &typed[indent..indent + digits];
        if number.parse::<u64>().is_ok_and(|number| number != start) {
            let at = item.span.start + indent;
            let _ = edits.replace(at..at + digits, start.to_string());
        }
    }

    /// Puts a block inside another one as HTML, with the marks of its container before each line.
    fn as_html(&self, node: &Node, followed: bool, edits: &mut Edits) {
        let line = self.text[..node.span.start].rfind('\n').map_or(0, |at| at + 1);
        let marks = &self.text[line..node.span.start];
        let prefix: String = marks.chars().map(|c| if matches!(c, '>' | '\t') { c } else { ' ' }).collect();
        let html = emit::html_block(node);
        let mut lines = html.split('\n');
        let mut written = lines.next().unwrap_or("").to_owned();
        for line in lines {
            written.push('\n');
            written.push_str(&prefix);
            written.push_str(line);
        }
        if followed {
            written.push('\n');
        }
        let _ = edits.replace(node.span.clone(), written);
    }

    /// Edits a run of inlines: its line breaks always, its text where the target would read it differently.
    fn leaf(&self, inlines: &[Node], position: Position, edits: &mut Edits) {
        let pieces = Pieces::of(inlines);
        if !self.reading.hard_breaks && position == Position::Paragraph {
            for &(end, hard) in &pieces.breaks {
                if hard {
                    self.hard_break(end, edits);
                }
            }
        }
        if !self.inlines || self.reads_the_same(inlines, &pieces, position) {
            return;
        }
        let written = inline::write(inlines, self.text, self.reading, position);
        let lines: Vec<&str> = written.split('\n').collect();
        if lines.len() != pieces.spans.len() {
            return;
        }
        for (at, (line, span)) in lines.iter().zip(&pieces.spans).enumerate() {
            // the backslash of a hard break is an edit of its own
            let line = if at + 1 < lines.len() { line.strip_suffix('\\').unwrap_or(line) } else { line };
            if self.text.get(span.clone()).is_some_and(|typed| typed != line) {
                let _ = edits.replace(span.clone(), line);
            }
        }
    }

    /// CommonMark: two spaces or a backslash before the line end.
    fn hard_break(&self, end: usize, edits: &mut Edits) {
        let Some(rest) = self.text.get(end..) else { return };
        let Some(length) = rest.find('\n') else { return };
        let trailer = &rest[..length];
        let is_break = trailer.ends_with("  ") || trailer == "\\";
        if !is_break && trailer.trim_matches(['\\', ' ', '\t', '\r']).is_empty() {
            let _ = edits.replace(end..end + length, "\\");
        }
    }

    /// The inlines as typed, without the marks that begin their lines, read alone by the target.
    fn reads_the_same(&self, inlines: &[Node], pieces: &Pieces, position: Position) -> bool {
        let mut typed = String::new();
        for (at, span) in pieces.spans.iter().enumerate() {
            let Some(piece) = self.text.get(span.clone()) else { return true };
            typed.push_str(if position == Position::Cell { piece.trim() } else { piece });
            if let Some(&(_, hard)) = pieces.breaks.get(at) {
                typed.push_str(if hard && !self.reading.hard_breaks { "\\\n" } else { "\n" });
            }
        }
        self.definitions.follow(&mut typed);
        target::digest(&typed, self.reading) == Digest::of_nodes(inlines)
    }

    /// Hugo (`codeblocks/transform.go`): a brace in a fence's info begins attributes, and fails the build where
    /// they do not parse.
    fn fence_info(&self, node: &Node, edits: &mut Edits) {
        let line = self.text.get(node.span.clone()).and_then(|block| block.lines().next()).unwrap_or("");
        let opens = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        if let Some(brace) = line.find('{').filter(|_| opens) {
            let kept = line[..brace].trim_end().len();
            let _ = edits.replace(node.span.start + kept..node.span.start + line.trim_end().len(), "");
        }
    }

    fn heading_id(&self, node: &Node, id: &str, edits: &mut Edits) {
        let end = node.children.iter().map(|child| child.span.end).max().unwrap_or(node.span.end);
        let Some(rest) = self.text.get(end..) else { return };
        let line_end = end + rest.find('\n').unwrap_or(rest.len());
        let classes: String = node
            .attribute("class")
            .map(|classes| classes.split_whitespace().map(|class| format!(" .{class}")).collect())
            .unwrap_or_default();
        let _ = edits.replace(end..line_end, format!(" {{#{id}{classes}}}"));
    }
}

/// The lines of a run of inlines: their spans without the marks before them, and the breaks between them.
#[derive(Default)]
struct Pieces {
    spans: Vec<Range<usize>>,
    /// For each break the end of the text before it, and whether it is hard.
    breaks: Vec<(usize, bool)>,
    open: Option<Range<usize>>,
}

impl Pieces {
    fn of(inlines: &[Node]) -> Pieces {
        let mut pieces = Pieces::default();
        pieces.collect(inlines);
        let last = pieces.open.take();
        pieces.spans.extend(last);
        pieces
    }

    fn collect(&mut self, inlines: &[Node]) {
        for node in inlines {
            match node.kind {
                NodeKind::SoftBreak | NodeKind::HardBreak => {
                    let piece = self.open.take().unwrap_or(node.span.start..node.span.start);
                    self.breaks.push((piece.end, node.kind == NodeKind::HardBreak));
                    self.spans.push(piece);
                }
                _ => {
                    self.extend(&(node.span.start..node.span.start));
                    self.collect(&node.children);
                    self.extend(&node.span);
                }
            }
        }
    }

    fn extend(&mut self, span: &Range<usize>) {
        match &mut self.open {
            Some(open) => open.end = open.end.max(span.end),
            // a container that goes on behind a break begins anew with what follows the break
            None if span.is_empty() => self.open = Some(span.clone()),
            None => self.open = Some(span.end..span.end),
        }
    }
}
