//! What the block rules make of a text, before running text is read.

use std::ops::Range;

use super::super::text::Text;
use crate::tree::NodeKind;

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind {
    /// `space`: lines without text; whether there is a blank one between two line ends.
    Space {
        /// A list with such a token in an item is loose.
        loosens: bool,
    },
    /// `text`: lines of an item that are a paragraph only where the list is loose.
    Text,
    /// A block with its place in the tree.
    Node(NodeKind),
}

/// A block, before its running text is read.
#[derive(Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes in the source.
    pub span: Range<usize>,
    /// Its bytes in the text that it was read from.
    pub raw: Range<usize>,
    /// Its running text, if it has one.
    pub text: Option<Text>,
    /// The blocks in it.
    pub children: Vec<Token>,
    /// An item of a loose list.
    pub loose: bool,
}

impl Token {
    /// The block that stands at `raw` of a text.
    pub fn new(kind: NodeKind, text: &Text, raw: Range<usize>) -> Self {
        Token {
            kind: TokenKind::Node(kind),
            span: shown(text, &raw),
            raw,
            text: None,
            children: Vec::new(),
            loose: false,
        }
    }

    /// The same with running text.
    pub fn with_text(mut self, text: Text) -> Self {
        self.text = Some(text);
        self
    }

    /// Whether it is a paragraph of a document or an item.
    pub fn is_running(&self) -> bool {
        matches!(self.kind, TokenKind::Text | TokenKind::Node(NodeKind::Paragraph))
    }

    /// Adds a line to a paragraph.
    pub fn push_line(&mut self, line: &Text) {
        let Some(text) = &mut self.text else { return };
        text.push_str("\n", self.span.end);
        text.push(line, 0..line.as_str().len());
        self.span.end = self.span.end.max(line.source_range(&(0..line.as_str().len())).end);
    }
}

/// The source of a block without the white space around it.
fn shown(text: &Text, raw: &Range<usize>) -> Range<usize> {
    let typed = &text.as_str()[raw.clone()];
    let start = raw.start + (typed.len() - typed.trim_start_matches([' ', '\n']).len());
    let end = raw.start + typed.trim_end_matches([' ', '\t', '\n']).len();
    if start < end { text.source_range(&(start..end)) } else { text.source_range(&(raw.start..raw.start)) }
}
