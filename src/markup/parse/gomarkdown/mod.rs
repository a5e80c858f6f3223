//! gomarkdown as Ink sets it up.

use pulldown_cmark::Options;

use super::commonmark;
use crate::markup::ast::Node;
use crate::model::MarkupSettings;

/// Reads a text into a tree: CommonMark with gomarkdown's common extensions. Ink gives headings no ids.
pub fn parse(text: &str, settings: &MarkupSettings) -> Node {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_MATH;
    if settings.smart {
        options |= Options::ENABLE_SMART_PUNCTUATION;
    }
    commonmark::parse(text, options)
}
