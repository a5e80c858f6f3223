//! The self-check: every block of the new page is held against the block of the old one, and where the two
//! differ the next stronger means is taken, until they agree.
//!
//! The means, in order: the author's text as typed; small edits inside it; the block written anew; HTML.

use std::borrow::Cow;
use std::ops::Range;

use super::digest::Digest;
use super::digest::events::EventReader;
use super::edit::Edits;
use super::editor::Editor;
use super::emit;
use super::target::{self, Met, Reading, Source};
use crate::tree::{Node, NodeKind, html, ids};

/// How a block came over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Means {
    /// As typed, but for line breaks and heading ids.
    Typed,
    /// Small edits inside the author's text, and blank lines around it.
    Edited,
    /// Written anew as Markdown.
    Rewritten,
    /// As HTML.
    Html,
}

/// A body as the target's Markdown.
#[derive(Debug, Clone, PartialEq)]
pub struct Bridged {
    /// The Markdown.
    pub text: String,
    /// What became of every block at the top.
    pub blocks: Vec<Block>,
    /// Every place on the new page that a link can name: ids, and names of anchors.
    pub ids: Vec<String>,
}

/// What became of a block at the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its bytes in the source text.
    pub span: Range<usize>,
    /// How it came over.
    pub means: Means,
    /// The old page and the new one agree on it.
    pub agrees: bool,
    /// The bytes that became HTML: the whole block, or blocks inside it.
    pub as_html: Vec<Range<usize>>,
}

/// A text that is HTML, which no Markdown parser looks into.
pub fn raw(text: &str) -> Bridged {
    Bridged { text: emit::shield(text), blocks: Vec::new(), ids: ids::of_html(text) }
}

/// Brings a text that the source dialect reads as `tree` into Markdown that the target reads the same way.
pub fn bridge(text: &str, tree: &Node, reading: Reading) -> Bridged {
    let mut bridge = Bridge::new(text, tree, reading);
    let mut page = bridge.assemble();
    let mut found = bridge.look(&page);
    // every round takes at least one block one step further, and there are three steps and the ids
    for _ in 0..5 {
        if !bridge.strengthen(std::mem::take(&mut found)) {
            break;
        }
        page = bridge.assemble();
        found = bridge.look(&page);
    }
    let shown = bridge.slots.iter().filter(|slot| !matches!(slot.node.kind, NodeKind::LinkDefinition { .. }));
    Bridged { text: page.text, blocks: shown.map(Slot::outcome).collect(), ids: found.ids }
}

/// A body on its way to the target.
struct Bridge<'a> {
    text: &'a str,
    reading: Reading,
    slots: Vec<Slot<'a>>,
    /// The link definitions of the text, for blocks that are looked at alone.
    definitions: String,
}

/// One block of the source and the form in which it goes over.
struct Slot<'a> {
    node: &'a Node,
    /// Its whole lines in the source.
    range: Range<usize>,
    /// The lines between the block before and this one.
    gap: Range<usize>,
    /// The gap shows on the new page though it did not on the old one.
    drop_gap: bool,
    wanted: Digest,
    means: Means,
    with_ids: bool,
    agrees: bool,
    /// The block by its current means; made when first asked for.
    form: Option<Cow<'a, str>>,
}

/// The whole text with every block in its present form.
struct Assembled {
    text: String,
    /// The bytes of each block in it.
    ranges: Vec<Range<usize>>,
}

impl Assembled {
    /// Where a byte stands: in a block, or in the gap before one.
    fn place(&self, at: usize) -> Place {
        let slot = self.ranges.partition_point(|range| range.end <= at);
        match self.ranges.get(slot) {
            Some(range) if range.start <= at => Place::Slot(slot),
            Some(_) => Place::Gap(slot),
            None => Place::End,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Slot(usize),
    Gap(usize),
    End,
}

/// What the target makes of an assembled text.
#[derive(Default)]
struct Found {
    /// Of every block.
    slots: Vec<Digest>,
    /// The gaps in which something shows.
    gaps: Vec<usize>,
    /// Every place on the page that a link can name.
    ids: Vec<String>,
}

impl<'a> Bridge<'a> {
    fn new(text: &'a str, tree: &'a Node, reading: Reading) -> Self {
        let mut nodes: Vec<&Node> = tree.children.iter().collect();
        nodes.sort_by_key(|node| node.span.start);
        let mut slots: Vec<Slot<'a>> = Vec::with_capacity(nodes.len());
        let mut end = 0;
        for node in nodes {
            let range = whole_lines(text, &node.span);
            if range.start < end {
                // two blocks on one line: the later one cannot be edited apart, so it joins as text of its own
                let at = end;
                slots.push(Slot::new(node, at..at, at..at, Means::Rewritten));
                continue;
            }
            slots.push(Slot::new(node, range.clone(), end..range.start, Means::Typed));
            end = range.end;
        }
        Bridge { text, reading, slots, definitions: link_definitions(text) }
    }

    /// Reads the assembled text as the target will.
    fn look(&self, page: &Assembled) -> Found {
        let source = Source::new(&page.text, self.reading);
        let mut found = Found { slots: vec![Digest::default(); self.slots.len()], ..Found::default() };
        let mut whole = true;
        let mut open: Option<(Place, EventReader)> = None;
        let mut finish = |(place, reader): (Place, EventReader)| {
            let digest = reader.finish(&mut found.ids);
            whole &= digest.is_some();
            match (place, digest) {
                (Place::Slot(at), Some(digest)) => found.slots[at] = digest,
                (Place::Gap(at), Some(digest)) if digest != Digest::default() => found.gaps.push(at),
                _ => {}
            }
        };
        source.read(|met| match met {
            Met::Block(span) => {
                let place = page.place(span.start);
                // blocks of one slot are one piece; what stands in a gap is not
                if !open.as_ref().is_some_and(|(before, _)| *before == place && matches!(place, Place::Slot(_))) {
                    open.take().map(&mut finish);
                    open = Some((place, EventReader::new(self.reading)));
                }
            }
            Met::Event(event) => {
                if let Some((_, reader)) = &mut open {
                    reader.event(&event);
                }
            }
            Met::End => {
                if let Some((_, reader)) = &mut open {
                    reader.end_block();
                }
            }
        });
        open.take().map(&mut finish);
        if whole { found } else { self.look_at_html(page) }
    }

    /// The same by the rendered page: for raw HTML that reaches beyond itself.
    fn look_at_html(&self, page: &Assembled) -> Found {
        let mut slots: Vec<String> = vec![String::new(); self.slots.len()];
        let mut gaps = Vec::new();
        let mut whole = String::new();
        for block in target::blocks(&page.text, self.reading) {
            match page.place(block.span.start) {
                Place::Slot(at) => slots[at].push_str(&block.html),
                Place::Gap(at) if Digest::of(&block.html) != Digest::default() => gaps.push(at),
                _ => {}
            }
            whole.push_str(&block.html);
        }
        Found { slots: slots.iter().map(|html| Digest::of(html)).collect(), gaps, ids: ids::of_html(&whole) }
    }

    /// Gives every block that differs a stronger form; false when nothing is left to do.
    fn strengthen(&mut self, found: Found) -> bool {
        let mut changed = false;
        for at in found.gaps {
            // what stands in a gap was not on the old page
            changed |= !std::mem::replace(&mut self.slots[at].drop_gap, true);
        }
        for (slot, digest) in self.slots.iter_mut().zip(found.slots) {
            changed |= slot.judge(digest);
        }
        changed
    }

    /// The whole text with every block in its present form.
    fn assemble(&mut self) -> Assembled {
        let mut text = String::with_capacity(self.text.len() + 64);
        let mut ranges = Vec::with_capacity(self.slots.len());
        let mut apart = false;
        for at in 0..self.slots.len() {
            self.fill(at);
            let slot = &self.slots[at];
            if !slot.drop_gap {
                push_gap(&self.text[slot.gap.clone()], &mut text, apart);
            }
            let wrapped = slot.wrapper();
            if (apart || slot.means >= Means::Edited || wrapped.is_some() || slot.drop_gap) && !text.is_empty() {
                end_with_blank_line(&mut text);
            }
            if let Some(open) = &wrapped {
                text.push_str(open);
                text.push_str("\n\n");
            }
            let start = text.len();
            text.push_str(slot.form.as_deref().unwrap_or_default());
            if !text.ends_with('\n') {
                text.push('\n');
            }
            ranges.push(start..text.len());
            if wrapped.is_some() {
                text.push_str("\n</div>\n");
            }
            apart = slot.means >= Means::Edited || wrapped.is_some();
        }
        let end = self.slots.iter().map(|slot| slot.range.end).max().unwrap_or(0);
        push_gap(&self.text[end..], &mut text, apart);
        Assembled { text, ranges }
    }

    /// Makes the form of a block, where it is not made yet.
    fn fill(&mut self, at: usize) {
        let slot = &self.slots[at];
        if slot.form.is_some() {
            return;
        }
        let rewritten = match slot.means {
            Means::Rewritten => emit::block(slot.node, self.text, self.reading),
            _ => None,
        };
        let form = match (slot.means, rewritten) {
            (Means::Typed, _) => self.edits(slot, false).apply(self.text, slot.range.clone()),
            (Means::Edited, _) => self.edits(slot, true).apply(self.text, slot.range.clone()),
            (_, Some(form)) => Cow::Owned(form),
            (_, None) => {
                let form = emit::html_block(slot.node);
                self.slots[at].means = Means::Html;
                Cow::Owned(form)
            }
        };
        self.slots[at].form = Some(form);
    }

    fn edits(&self, slot: &Slot<'_>, inlines: bool) -> Edits {
        let mut edits = Edits::default();
        let editor = Editor {
            text: self.text,
            reading: self.reading,
            definitions: &self.definitions,
            with_ids: slot.with_ids,
            inlines,
        };
        editor.block(slot.node, &mut edits);
        edits
    }
}

impl<'a> Slot<'a> {
    fn new(node: &'a Node, range: Range<usize>, gap: Range<usize>, means: Means) -> Self {
        let wanted = match node.kind {
            NodeKind::FootnoteDefinition(_) => Digest::of_nodes(&node.children),
            _ => Digest::of_nodes(std::slice::from_ref(node)),
        };
        Slot { node, range, gap, drop_gap: false, wanted, means, with_ids: false, agrees: false, form: None }
    }

    fn outcome(&self) -> Block {
        let mut as_html = Vec::new();
        match self.means {
            Means::Typed => {}
            Means::Edited | Means::Rewritten => without_form(self.node, &mut as_html),
            Means::Html => as_html.push(self.range.clone()),
        }
        Block { span: self.range.clone(), means: self.means, agrees: self.agrees, as_html }
    }

    /// Takes note of what the target makes of the block; true if it gets a stronger form.
    fn judge(&mut self, mut found: Digest) -> bool {
        // headings that had no id on the old page may have any on the new one
        for (found, wanted) in found.ids.iter_mut().zip(&self.wanted.ids) {
            if wanted.is_empty() {
                found.clear();
            }
        }
        self.agrees = found == self.wanted;
        if self.agrees {
            return false;
        }
        let ids_differ = found.ids != self.wanted.ids;
        found.ids.clone_from(&self.wanted.ids);
        if found == self.wanted && ids_differ && !self.with_ids {
            self.with_ids = true;
        } else {
            self.with_ids |= ids_differ;
            // as HTML a definition is none, and a reference to a footnote leaves the footnote without one
            let markdown_only =
                matches!(self.node.kind, NodeKind::FootnoteDefinition(_) | NodeKind::LinkDefinition { .. })
                    || refers_to_footnote(self.node);
            self.means = match self.means {
                Means::Typed => Means::Edited,
                Means::Edited => Means::Rewritten,
                Means::Rewritten if !markdown_only => Means::Html,
                _ => return false,
            };
        }
        self.form = None;
        true
    }

    /// The element that carries attributes which the target's Markdown has no place for.
    fn wrapper(&self) -> Option<String> {
        let carried =
            matches!(self.node.kind, NodeKind::Heading { .. } | NodeKind::Element(_) | NodeKind::HtmlBlock(_));
        if self.node.attributes.is_empty() || carried || self.means == Means::Html {
            return None;
        }
        let shell = Node {
            kind: NodeKind::Element("div".to_owned()),
            attributes: self.node.attributes.clone(),
            children: Vec::new(),
            span: 0..0,
        };
        html::render_fragment(&[shell]).trim_end().strip_suffix("</div>").map(str::to_owned)
    }
}

fn refers_to_footnote(node: &Node) -> bool {
    matches!(node.kind, NodeKind::FootnoteReference(_)) || node.children.iter().any(refers_to_footnote)
}

/// The blocks inside a block for which Markdown has no form.
fn without_form(node: &Node, found: &mut Vec<Range<usize>>) {
    for child in &node.children {
        if emit::has_form(child) {
            without_form(child, found);
        } else {
            found.push(child.span.clone());
        }
    }
}

/// Widens a span to whole lines (the last line end excluded) where only white space is added in front.
fn whole_lines(text: &str, span: &Range<usize>) -> Range<usize> {
    let line = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let start = if text[line..span.start].trim().is_empty() { line } else { span.start };
    // some parsers count the line ends behind a block to it
    let end = span.start + text[span.clone()].trim_end_matches(['\n', '\r']).len();
    let end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    start..(end + 1).min(text.len())
}

/// Copies the lines between two blocks: blank lines and link definitions as they stand; kramdown's own lines
/// (attribute lists, abbreviations, end-of-block marks, options), which showed nothing, stay behind.
fn push_gap(gap: &str, out: &mut String, apart: bool) {
    for line in gap.split_inclusive('\n') {
        let trimmed = line.trim();
        let kramdown =
            trimmed.starts_with("{:") || trimmed.starts_with("*[") && trimmed.contains("]:") || trimmed == "^";
        if kramdown {
            continue;
        }
        if apart && !trimmed.is_empty() {
            end_with_blank_line(out);
        }
        out.push_str(line);
    }
}

fn end_with_blank_line(out: &mut String) {
    if out.is_empty() || out.ends_with("\n\n") {
        return;
    }
    out.push_str(if out.ends_with('\n') { "\n" } else { "\n\n" });
}

/// The lines that define link references or footnotes.
fn link_definitions(text: &str) -> String {
    let mut definitions = String::new();
    for line in text.lines() {
        let trimmed = line.trim_start();
        if line.len() - trimmed.len() <= 3 && trimmed.starts_with('[') && trimmed.contains("]:") {
            definitions.push_str(trimmed);
            definitions.push_str(if trimmed.starts_with("[^") { "\n\n" } else { "\n" });
        }
    }
    definitions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Target;

    const ZOLA: Reading =
        Reading { target: Target::Zola, hard_breaks: false, math: false, bare_links: false, cased_ids: true };

    fn text_node(text: &str, from: &str) -> Node {
        let at = from.find(text).expect("the text stands in the source");
        Node::new(NodeKind::Text(text.to_owned()), at..at + text.len(), Vec::new())
    }

    #[test]
    fn what_reads_the_same_stays_as_typed() {
        let source = "One *line*.\n\n\n\nAnother.\n";
        let emphasis = Node::new(NodeKind::Emphasis, 4..10, vec![text_node("line", source)]);
        let first =
            vec![text_node("One ", source), emphasis, Node::new(NodeKind::Text(".".to_owned()), 10..11, vec![])];
        let second = vec![text_node("Another.", source)];
        let tree = Node::new(
            NodeKind::Document,
            0..source.len(),
            vec![Node::new(NodeKind::Paragraph, 0..11, first), Node::new(NodeKind::Paragraph, 15..23, second)],
        );
        let bridged = bridge(source, &tree, ZOLA);
        assert_eq!(bridged.text, source);
        assert!(bridged.blocks.iter().all(|block| block.means == Means::Typed && block.agrees));
    }

    #[test]
    fn text_that_the_target_would_mark_up_is_escaped() {
        let source = "2 * 3 * 4 and *not emphasis*\n";
        let tree = Node::new(
            NodeKind::Document,
            0..source.len(),
            vec![Node::new(NodeKind::Paragraph, 0..28, vec![text_node("2 * 3 * 4 and *not emphasis*", source)])],
        );
        let bridged = bridge(source, &tree, ZOLA);
        assert_eq!(bridged.text, "2 \\* 3 \\* 4 and \\*not emphasis\\*\n");
        assert_eq!(bridged.blocks, [Block { span: 0..29, means: Means::Edited, agrees: true, as_html: Vec::new() }]);
    }
}
