//! Links of a page that is rendered from its tree.

use super::follow::Page;
use super::html::addresses;
use super::native::Stands;
use crate::markup::edit::Edits;
use crate::tree::{Node, NodeKind};

/// Writes every address in a tree as it must be written on the new site.
pub fn settle(node: &mut Node, page: Page<'_>) {
    match &mut node.kind {
        NodeKind::Link { href: address, .. } | NodeKind::Image { src: address, .. } => {
            if let Some(rewritten) = page.rewrite(address, Stands::InHtml) {
                *address = rewritten;
            }
        }
        NodeKind::Html(html) | NodeKind::HtmlBlock(html) => {
            let mut edits = Edits::default();
            for (span, address) in addresses(html) {
                if let Some(rewritten) = page.rewrite(&address, Stands::InHtml) {
                    let _ = edits.replace(span, rewritten);
                }
            }
            *html = edits.apply(html, 0..html.len()).into_owned();
        }
        _ => {}
    }
    node.children.iter_mut().for_each(|child| settle(child, page));
}
