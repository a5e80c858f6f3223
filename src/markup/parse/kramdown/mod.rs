//! The kramdown dialect.

use crate::markup::ast::Node;
use crate::model::MarkupSettings;

/// Reads a text into a tree, by kramdown's own rules. Never fails and never panics; time grows linearly with the text.
pub fn parse(text: &str, settings: &MarkupSettings) -> Node {
    let _ = (text, settings);
    todo!()
}
