//! What the block parser makes of a text, before running text is read.

use std::ops::Range;

use super::super::text::Text;
use super::attributes::Attributes;
use crate::tree::Align;

/// A block, or something between blocks.
#[derive(Debug, Clone)]
pub struct Element {
    /// What it is.
    pub kind: ElementKind,
    /// Its bytes in the source.
    pub span: Range<usize>,
    /// What an attribute list says of it, if one does.
    pub ial: Option<Attributes>,
    /// Attributes of its own: a heading's id, those of an HTML element.
    pub own: Vec<(String, String)>,
    /// What it holds.
    pub children: Vec<Element>,
}

/// The kinds of elements.
#[derive(Debug, Clone)]
pub enum ElementKind {
    /// Blank lines; whether it is exactly one line end.
    Blank { single: bool },
    /// Something that ends a block and shows nothing.
    Boundary(Boundary),
    /// The definition of a link.
    LinkDefinition { label: String, href: String, title: Option<String> },
    /// A paragraph; one that is transparent shows without its own element.
    Paragraph { text: Text, transparent: bool },
    /// A heading.
    Heading { level: u8, text: Text },
    /// A block quote.
    Quote,
    /// A list.
    List { ordered: bool },
    /// An item of a list.
    Item { task: Option<bool> },
    /// A definition list.
    Definitions,
    /// A term.
    Term(Text),
    /// A definition.
    Definition,
    /// A code block.
    Code { language: String, text: String },
    /// A thematic break.
    Rule,
    /// A table of rows.
    Table { align: Vec<Align> },
    /// A row of cells.
    Row { head: bool },
    /// A cell.
    Cell(Text),
    /// A formula.
    Math(String),
    /// An HTML element; its attributes are the element's own.
    Html { name: String, closed: bool },
    /// A piece of HTML that goes to the page as it is.
    Raw(String),
    /// A footnote's content.
    Footnote(String),
    /// Text in an HTML element whose content is running text.
    Running(Text),
}

/// What ends a block and shows nothing (kramdown's `eob` elements).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// A line with `^`.
    Marker,
    /// The definition of an abbreviation.
    Definition,
    /// Attribute lists and extensions.
    Attributes,
}

/// What the content of an HTML element is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// HTML.
    Raw,
    /// Running text.
    Span,
    /// Blocks.
    Block,
}

impl Element {
    /// An element without attributes and content.
    pub fn new(kind: ElementKind, span: Range<usize>) -> Self {
        Element { kind, span, ial: None, own: Vec::new(), children: Vec::new() }
    }

    /// Is a paragraph.
    pub fn is_paragraph(&self) -> bool {
        matches!(self.kind, ElementKind::Paragraph { .. })
    }

    /// Is blank lines.
    pub fn is_blank(&self) -> bool {
        matches!(self.kind, ElementKind::Blank { .. })
    }
}
