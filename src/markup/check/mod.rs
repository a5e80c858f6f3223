//! The self-check: every block of the new page is held against the block of the old one, and where the two
//! differ the next stronger means is taken, until they agree.
//!
//! The means, in order: the author's text as typed; small edits inside it; the block written anew; HTML.

mod definitions;
mod look;
mod proof;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

pub use definitions::Definitions;
use look::{Found, Page};
use memchr::memmem;
use proof::{Proof, Shape};

use crate::markup::digest::Digest;
use crate::markup::edit::Edits;
use crate::markup::editor::Editor;
use crate::markup::emit;
use crate::markup::target::{self, FORMULA_MARKS, Reading};
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

/// A text that is HTML, which no Markdown parser looks into. What a page leaves that only draws a list is no text.
pub fn raw(text: &str) -> Bridged {
    let shielded = if text.trim().is_empty() { String::new() } else { emit::shield(text) };
    Bridged { text: shielded, blocks: Vec::new(), ids: ids::of_html(text) }
}

/// Brings a text that the source dialect reads as `tree` into Markdown that the target reads the same way.
pub fn bridge(text: &str, tree: &Node, reading: Reading) -> Bridged {
    Bridge::new(text, tree, reading).cross()
}

/// A body on its way to the target.
struct Bridge<'a> {
    text: &'a str,
    reading: Reading,
    slots: Vec<Slot<'a>>,
    /// The link definitions of the text, for blocks that are looked at alone.
    definitions: Definitions<'a>,
    /// What is proved is read all the same.
    reads_all: bool,
    /// There are marks of formulas: what holds one may belong to a formula.
    has_formulas: bool,
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
    /// What the old page shows of it; taken when first asked for.
    wanted: Option<Box<Digest>>,
    /// That the target reads the form as the old page shows it, where it is the author's own; looked for once.
    proof: Option<Option<Proof>>,
    means: Means,
    with_ids: bool,
    agrees: bool,
    /// The block by its current means; made when first asked for.
    form: Option<Cow<'a, str>>,
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
        Bridge {
            text,
            reading,
            slots,
            definitions: Definitions::of(text),
            reads_all: leaves_a_comment_open(text),
            has_formulas: reading.math && holds_formula_mark(text),
        }
    }

    /// Strengthens what differs until nothing does, or nothing is left to do.
    fn cross(mut self) -> Bridged {
        let mut page = self.assemble();
        let mut found = self.look(&page);
        // every round takes at least one block one step further, and there are three steps and the ids
        for _ in 0..5 {
            if !self.strengthen(&mut found) {
                break;
            }
            let stronger = self.assemble();
            // a stronger means may come to the same text, which differs as it did
            if stronger.text != page.text {
                page = stronger;
                found = self.look(&page);
            }
        }
        if self.reads_all || found.left_open {
            found.ids = ids::of_html(&target::page(&page.text, self.reading));
        }
        let shown = self.slots.iter().filter(|slot| !matches!(slot.node.kind, NodeKind::LinkDefinition { .. }));
        Bridged { text: page.text, blocks: shown.map(Slot::outcome).collect(), ids: found.ids }
    }

    /// Looks what the target makes of the text.
    fn look(&mut self, page: &Page) -> Found {
        if self.reads_all {
            return look::look(page, &[], self.reading);
        }
        for slot in &mut self.slots {
            slot.prove(self.text, self.reading, self.has_formulas);
        }
        let proofs: Vec<Option<&Proof>> =
            self.slots.iter().map(|slot| slot.proof.as_ref().and_then(Option::as_ref)).collect();
        look::look(page, &proofs, self.reading)
    }

    /// Gives every block that differs a stronger form; false when nothing is left to do.
    fn strengthen(&mut self, found: &mut Found) -> bool {
        let mut changed = false;
        for at in &found.gaps {
            // what stands in a gap was not on the old page
            changed |= !std::mem::replace(&mut self.slots[*at].drop_gap, true);
        }
        for (at, id) in &found.headings {
            changed |= self.slots[*at].judge_id(id);
        }
        for (at, seen) in &mut found.slots {
            let slot = &mut self.slots[*at];
            changed |= slot.judge(&mut seen.digest);
            if seen.ends {
                slot.remember(&seen.ids, &self.definitions, self.reading);
            }
        }
        changed
    }

    /// The whole text with every block in its present form.
    fn assemble(&mut self) -> Page {
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
        Page { text, ranges }
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
        Slot {
            node,
            range,
            gap,
            drop_gap: false,
            wanted: None,
            proof: None,
            means,
            with_ids: false,
            agrees: false,
            form: None,
        }
    }

    /// What the old page shows.
    fn wanted(&mut self) -> &mut Digest {
        self.wanted.get_or_insert_with(|| {
            Box::new(match self.node.kind {
                NodeKind::FootnoteDefinition(_) => Digest::of_nodes(&self.node.children),
                _ => Digest::of_nodes(std::slice::from_ref(self.node)),
            })
        })
    }

    /// Looks for a proof that the block needs no reading.
    fn prove(&mut self, text: &str, reading: Reading, has_formulas: bool) {
        if self.proof.is_some() {
            return;
        }
        let may_be_proved = self.means == Means::Typed
            && !self.with_ids
            && !(has_formulas && holds_formula_mark(&text[self.range.clone()]));
        let proof = may_be_proved.then(|| proof::prove(self.node, text, &self.range, reading)).flatten();
        self.agrees = proof.is_some();
        self.proof = Some(proof);
    }

    /// A block that agrees needs no second reading, where it stands alone whatever becomes of the others.
    fn remember(&mut self, ids: &[String], definitions: &Definitions<'_>, reading: Reading) {
        let Some(form) = self.form.as_deref().filter(|_| self.agrees) else { return };
        let alone = matches!(
            self.node.kind,
            NodeKind::Paragraph
                | NodeKind::BlockQuote
                | NodeKind::CodeBlock { .. }
                | NodeKind::Table { .. }
                | NodeKind::HtmlBlock(_)
                | NodeKind::Element(_)
        );
        let plain = self.wanted.as_ref().is_some_and(|wanted| wanted.ids.is_empty());
        let linked = form.contains('[') && (!definitions.is_empty() || form.contains("]:"));
        // what is indented, or a definition, may go on with what stands before it
        let goes_on = form.starts_with([' ', '\t', '\n', ':']);
        if alone && plain && !linked && !goes_on && !(reading.math && holds_formula_mark(form)) {
            self.proof = Some(Some(Proof { shape: Shape::Read(ids.to_vec()), references: Vec::new() }));
        }
    }

    /// The id that the target makes for a heading that is proved otherwise; true if it needs its old one.
    fn judge_id(&mut self, id: &str) -> bool {
        let wanted = match &self.node.kind {
            NodeKind::Heading { id, .. } => id.as_deref().unwrap_or_default(),
            _ => "",
        };
        // headings that had no id on the old page may have any on the new one
        self.agrees = wanted.is_empty() || wanted == id;
        if !self.agrees {
            self.with_ids = true;
            self.form = None;
            self.proof = None;
        }
        !self.agrees
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
    fn judge(&mut self, found: &mut Digest) -> bool {
        let wanted = self.wanted();
        // headings that had no id on the old page may have any on the new one
        for (found, wanted) in found.ids.iter_mut().zip(&wanted.ids) {
            if wanted.is_empty() {
                found.clear();
            }
        }
        if found == wanted {
            self.agrees = true;
            return false;
        }
        let ids_differ = found.ids != wanted.ids;
        found.ids.clone_from(&wanted.ids);
        let only_ids = found == wanted;
        self.agrees = false;
        if only_ids && ids_differ && !self.with_ids {
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
        self.proof = None;
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

/// A comment that nobody closes hides all that follows it: no block can be judged by itself.
fn leaves_a_comment_open(text: &str) -> bool {
    memmem::rfind(text.as_bytes(), b"<!--").is_some_and(|at| !text[at..].contains("-->"))
}

fn holds_formula_mark(text: &str) -> bool {
    memchr::memchr2(b'$', b'\\', text.as_bytes()).is_some() && FORMULA_MARKS.iter().any(|mark| text.contains(mark))
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
    let line = memchr::memrchr(b'\n', &text.as_bytes()[..span.start]).map_or(0, |at| at + 1);
    let start = if text[line..span.start].trim().is_empty() { line } else { span.start };
    // some parsers count the line ends behind a block to it
    let end = span.start + text[span.clone()].trim_end_matches(['\n', '\r']).len();
    let end = memchr::memchr(b'\n', &text.as_bytes()[end..]).map_or(text.len(), |at| end + at);
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
