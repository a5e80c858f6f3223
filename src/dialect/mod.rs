//! The source dialects, each read as its own generator reads it.

#[cfg(test)]
mod cases;
pub mod commonmark;
mod ends;
mod entities;
mod fence;
pub mod gomarkdown;
pub mod kramdown;
pub mod marked;
#[cfg(test)]
mod shapes;
mod text;
pub mod wordpress;

pub(crate) use entities::{character, decode};

use crate::model::{Dialect, MarkupSettings};
use crate::tree::{Node, NodeKind};

/// A text as the engine reads it that its blog was made with.
pub fn parse(text: &str, dialect: Dialect, settings: &MarkupSettings) -> Node {
    match (dialect, &settings.commonmark) {
        (Dialect::Kramdown | Dialect::Marked | Dialect::Goldmark | Dialect::Pulldown, Some(commonmark)) => {
            commonmark::parse(text, settings, commonmark)
        }
        (Dialect::Kramdown, None) => kramdown::parse(text, settings),
        (Dialect::Marked, None) => marked::parse(text, settings),
        (Dialect::Gomarkdown, _) => gomarkdown::parse(text, settings),
        // the page that WordPress makes of a text is HTML already (`wordpress::page`)
        // Jekyll (`converters/identity.rb`): what no converter knows goes to the page as it is
        (Dialect::Html | Dialect::WordPress | Dialect::Other | Dialect::Goldmark | Dialect::Pulldown, _) => {
            let block = Node::new(NodeKind::HtmlBlock(text.to_owned()), 0..text.len(), Vec::new());
            Node::new(NodeKind::Document, 0..text.len(), vec![block])
        }
    }
}
