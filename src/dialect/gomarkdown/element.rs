//! What the block parser makes of a text, before running text is read.

use std::ops::Range;

use super::super::text::Text;
use crate::tree::NodeKind;

/// A block, before its running text is read.
#[derive(Debug)]
pub struct Element {
    /// What it is.
    pub kind: NodeKind,
    /// Its bytes in the source.
    pub span: Range<usize>,
    /// Its running text, if it has one.
    pub text: Option<Text>,
    /// The blocks in it.
    pub children: Vec<Element>,
    /// A list whose items show their texts without paragraphs.
    pub tight: bool,
}

impl Element {
    /// An element without content.
    pub fn new(kind: NodeKind, span: Range<usize>) -> Self {
        Element { kind, span, text: None, children: Vec::new(), tight: false }
    }
}
