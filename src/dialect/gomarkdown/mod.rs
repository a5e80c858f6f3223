//! gomarkdown, as Ink sets it up: its common extensions and footnotes, smartypants, no ids of its own for headings.
//!
//! gomarkdown descends from blackfriday, which Ink had before 2023 (`MarkupSettings::blackfriday`), and is no CommonMark. It is read here by its own rules: `block.rs` first, then
//! `inline.rs` once all definitions are known, and `typography.rs` on what is shown. Names in quotes are gomarkdown's
//! own.

mod address;
mod block;
mod definition;
mod element;
mod emphasis;
mod html;
mod inline;
mod list;
mod scan;
mod table;
mod tabs;
mod typography;

use std::ops::Range;

use super::text::Text;
use crate::model::MarkupSettings;
use crate::tree::{Node, NodeKind};
use block::Blocks;
use definition::Definition;
use element::Element;
use inline::Inlines;

/// Reads a text into a tree.
pub fn parse(source: &str, settings: &MarkupSettings) -> Node {
    let text = Text::adapt(source);
    let text = if settings.blackfriday.is_some() { tabs::expanded(text) } else { text };
    let mut blocks = Blocks { blackfriday: settings.blackfriday, ..Blocks::default() };
    let elements = blocks.read(&text);
    let notes = footnotes(&mut blocks);
    let inlines = Inlines { definitions: &blocks.definitions, blackfriday: settings.blackfriday.is_some() };
    let mut root = Node::new(NodeKind::Document, 0..source.len(), nodes(elements, false, &inlines, source.len()));
    root.children.extend(nodes(notes, false, &inlines, source.len()));
    if settings.smart {
        typography::Typography::new(settings.blackfriday.is_some()).set(&mut root);
    }
    root
}

/// The footnotes' texts, read as blocks.
fn footnotes(blocks: &mut Blocks) -> Vec<Element> {
    let mut notes: Vec<(Range<usize>, String, Text)> = blocks
        .definitions
        .iter()
        .filter_map(|(label, definition)| match definition {
            Definition::Footnote(text, span) => Some((span.clone(), label.clone(), text.clone())),
            Definition::Link { .. } => None,
        })
        .collect();
    notes.sort_by_key(|(span, label, _)| (span.start, label.clone()));
    notes
        .into_iter()
        .map(|(span, label, text)| {
            let mut note = Element::new(NodeKind::FootnoteDefinition(label), span);
            note.children = blocks.read(&text);
            note
        })
        .collect()
}

/// The elements as nodes, their running text read. In a tight list a paragraph shows without its own element.
fn nodes(elements: Vec<Element>, tight: bool, inlines: &Inlines<'_>, length: usize) -> Vec<Node> {
    let mut nodes = Vec::with_capacity(elements.len());
    for element in elements {
        let inner = element.text.as_ref().map(|text| inlines.read(text)).unwrap_or_default();
        if tight && element.kind == NodeKind::Paragraph {
            nodes.extend(inner);
            continue;
        }
        let is_list = matches!(element.kind, NodeKind::List { .. } | NodeKind::DefinitionList);
        let mut children = inner;
        for child in element.children {
            let tight = is_list && (element.tight || child.kind == NodeKind::Term);
            children.extend(child_nodes(child, tight, inlines, length));
        }
        let span = element.span.start.min(length)..element.span.end.min(length);
        nodes.push(Node::new(element.kind, span, children));
    }
    nodes
}

/// An item of a list with what it holds, or any other child.
fn child_nodes(child: Element, tight: bool, inlines: &Inlines<'_>, length: usize) -> Vec<Node> {
    let is_item = matches!(child.kind, NodeKind::Item { .. } | NodeKind::Term | NodeKind::Definition);
    if !is_item {
        return nodes(vec![child], false, inlines, length);
    }
    let span = child.span.start.min(length)..child.span.end.min(length);
    vec![Node::new(child.kind, span, nodes(child.children, tight, inlines, length))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Blackfriday;
    use crate::read::ink::MARKUP;

    #[test]
    fn pages_look_as_gomarkdown_made_them() {
        crate::dialect::cases::run(include_str!("cases.txt"), |source| parse(source, &MARKUP));
    }

    #[test]
    fn pages_look_as_blackfriday_made_them() {
        for (version, cases) in [
            (Blackfriday::Late, include_str!("blackfriday.txt")),
            (Blackfriday::Early, include_str!("blackfriday-early.txt")),
        ] {
            let settings = MarkupSettings { blackfriday: Some(version), math: false, ..MARKUP };
            crate::dialect::cases::run(cases, |source| parse(source, &settings));
        }
    }
}
