//! Links of a page that is rendered from its tree.

use super::html::{addresses, attributes_of};
use super::native::Stands;
use super::rewrite::Departure;
use crate::markup::edit::Edits;
use crate::tree::{Node, NodeKind};

/// Writes every address in a tree as it must be written on the new site.
pub fn settle(node: &mut Node, page: Departure<'_>) {
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
        NodeKind::Element(tag) => {
            let named = attributes_of(tag.as_bytes());
            for (_, address) in node.attributes.iter_mut().filter(|(name, _)| named.contains(&name.as_str())) {
                if let Some(rewritten) = page.rewrite(address, Stands::InHtml) {
                    *address = rewritten;
                }
            }
        }
        _ => {}
    }
    node.children.iter_mut().for_each(|child| settle(child, page));
}
