//! marked 15, as hexo-renderer-marked 7 sets it up.
//!
//! marked follows CommonMark on its own ways, and differs from it in many places. It is read here by its own rules:
//! `block.rs` first, then `inline.rs` once all definitions are known. What Hexo does around it stands in `fence.rs` (code
//! that it takes out before), `typography.rs` and `heading.rs`. Names in quotes are marked's own.

mod autolink;
pub mod block;
mod definition;
mod emphasis;
mod heading;
mod html;
mod inline;
mod link;
mod list;
mod quote;
pub(super) mod scan;
mod table;
mod token;
mod typography;

use std::collections::HashMap;

use super::fence::{self, with_fences};
use crate::model::MarkupSettings;
use crate::tree::{Node, NodeKind};
use block::Blocks;
use inline::{Inlines, Rules};
use token::{Token, TokenKind};
use typography::Quotes;

/// Reads a text into a tree.
pub fn parse(source: &str, settings: &MarkupSettings) -> Node {
    let prepared = fence::take(source);
    let text = &prepared.text;
    let mut blocks = Blocks::new(settings.gfm, source.len());
    let mut tokens = Vec::new();
    blocks.read(text, &mut tokens, false);
    let rules = Rules {
        gfm: settings.gfm,
        breaks: settings.hard_breaks,
        bare_links: settings.bare_links,
        rooted_pictures: settings.rooted_pictures,
        quotes: settings.smart.then(Quotes::default),
    };
    let mut page = Page { inlines: Inlines::new(rules, &blocks.definitions, &prepared.fences, source.len()) };
    let mut children = Vec::new();
    page.nodes(tokens, true, &mut children);
    let mut root = Node::new(NodeKind::Document, 0..source.len(), children);
    if settings.heading_ids {
        heading::number(&mut root, source, settings.id_text, &mut HashMap::new());
    }
    root
}

/// Makes nodes of tokens (`Parser.parse`).
struct Page<'a> {
    inlines: Inlines<'a>,
}

impl Page<'_> {
    /// `top`: lines of text are a paragraph, as in a loose list.
    fn nodes(&mut self, tokens: Vec<Token>, top: bool, out: &mut Vec<Node>) {
        for token in tokens {
            let is_heading = matches!(token.kind, TokenKind::Node(NodeKind::Heading { .. }));
            let inner = token.text.as_ref().map(|text| self.inlines.block(text, is_heading)).unwrap_or_default();
            match token.kind {
                TokenKind::Space { .. } => {}
                TokenKind::Text if top => out.push(paragraph(token.span, inner)),
                TokenKind::Text => {
                    // running text on both sides of white space is one
                    if out.last().is_some_and(|last| !last.kind.is_block()) {
                        let at = token.span.start;
                        out.push(Node::new(NodeKind::SoftBreak, at..at, Vec::new()));
                    }
                    out.extend(inner);
                }
                TokenKind::Node(NodeKind::Paragraph) => out.push(paragraph(token.span, inner)),
                TokenKind::Node(kind) => {
                    let kind = with_fences(kind, self.inlines.fences);
                    let mut children = inner;
                    let loose = token.loose || !matches!(kind, NodeKind::Item { .. });
                    self.nodes(token.children, loose, &mut children);
                    out.push(Node::new(kind, token.span, children));
                }
            }
        }
    }
}

fn paragraph(span: std::ops::Range<usize>, children: Vec<Node>) -> Node {
    let mut node = Node::new(NodeKind::Paragraph, span, children);
    heading::define(&mut node);
    node
}

/// hexo-renderer-marked (`image` in `renderer.js`, `prependRoot`): a relative picture is taken from the site's root.
fn below_root(src: String) -> String {
    let has_scheme = src.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if src.starts_with(['/', '#', '\\']) || has_scheme {
        return src;
    }
    format!("/{}", src.trim_start_matches("./"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::IdText;

    const HEXO: MarkupSettings = MarkupSettings {
        hard_breaks: true,
        smart: true,
        gfm: true,
        block_html: false,
        bare_links: true,
        line_numbers: false,
        heading_ids: true,
        id_text: IdText::Shown,
        cased_ids: true,
        math: false,
        blackfriday: None,
        rooted_pictures: true,
        commonmark: None,
    };

    #[test]
    fn pages_look_as_marked_made_them() {
        crate::dialect::cases::run(include_str!("cases.txt"), |source| parse(source, &HEXO));
    }
}
