//! One document tree for all source dialects.
//!
//! Each parser in [`crate::dialect`] reads its generator's Markdown into this tree, with the span of every
//! node in the text it was given. What the old page showed is the tree rendered by [`html`];
//! whether the target will show the same is decided by holding the two against each other.

pub mod html;
pub mod ids;
pub mod text;
pub(crate) mod tokens;

use std::ops::Range;

/// A node: a block or an inline.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its bytes in the parsed text, delimiters included. For blocks: from the first byte of its first line's
    /// content to the end of its last line (line end excluded).
    pub span: Range<usize>,
    /// Attributes that the source gives it (`{: .class}`, `{#id}`), in order.
    pub attributes: Vec<(String, String)>,
    /// What it holds.
    pub children: Vec<Node>,
}

/// How a table column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// By the browser's default.
    #[default]
    None,
    /// Left.
    Left,
    /// Centre.
    Center,
    /// Right.
    Right,
}

/// The kinds of nodes.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// The root.
    Document,
    /// A paragraph. Its children are inlines.
    Paragraph,
    /// A heading of level 1 to 6 with the id that the old page gives it, if any.
    Heading {
        /// 1 to 6.
        level: u8,
        /// The id, by the dialect's own rule (or as the author wrote it).
        id: Option<String>,
    },
    /// A block quote.
    BlockQuote,
    /// A list of items.
    List {
        /// The first number of an ordered list as the page shows it; `None` for bullets.
        start: Option<u64>,
    },
    /// A list item. Tight items hold inlines directly, mixed with nested blocks.
    Item {
        /// A task box, and whether it is ticked.
        task: Option<bool>,
    },
    /// A definition list: terms and definitions.
    DefinitionList,
    /// A term.
    Term,
    /// A definition.
    Definition,
    /// A code block.
    CodeBlock {
        /// The language, or the whole info string as the dialect reads it; empty for none.
        info: String,
        /// The code, as the page shows it, with its final line end.
        text: String,
    },
    /// A thematic break.
    Rule,
    /// A table. Its children are rows.
    Table {
        /// One per column.
        align: Vec<Align>,
    },
    /// A row of cells.
    Row {
        /// Stands in the head of the table.
        head: bool,
    },
    /// A cell. Its children are inlines.
    Cell,
    /// A formula on its own, without delimiters.
    MathBlock(String),
    /// Raw HTML that passes to the page as it is.
    HtmlBlock(String),
    /// An HTML element whose content was read as Markdown (`markdown="1"`): tag name; its attributes are the node's.
    Element(String),
    /// A footnote's content, under its label; shown at the end of the page.
    FootnoteDefinition(String),
    /// The definition of a link: shown nowhere, but the target must read it as one too.
    LinkDefinition {
        /// As typed, without brackets.
        label: String,
        /// Where to.
        href: String,
        /// The title, if any.
        title: Option<String>,
    },

    /// Text as the page shows it: entities decoded, escapes resolved, typographic marks set.
    Text(String),
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Struck out text.
    Strike,
    /// A code span.
    Code(String),
    /// A link.
    Link {
        /// Where to, as the page has it (before attribute escaping).
        href: String,
        /// Its title, if any.
        title: Option<String>,
    },
    /// An image.
    Image {
        /// Where from, as the page has it.
        src: String,
        /// Its title, if any.
        title: Option<String>,
        /// Its alternative text.
        alt: String,
    },
    /// A formula in running text, without delimiters.
    Math(String),
    /// Raw inline HTML: one tag or comment.
    Html(String),
    /// A line end that the page shows as a break.
    HardBreak,
    /// A line end that the page shows as white space.
    SoftBreak,
    /// A reference to a footnote.
    FootnoteReference(String),
    /// An abbreviation with its long form; its children are the text.
    Abbreviation(String),
}

impl NodeKind {
    /// Stands on lines of its own.
    pub fn is_block(&self) -> bool {
        matches!(
            self,
            NodeKind::Document
                | NodeKind::Paragraph
                | NodeKind::Heading { .. }
                | NodeKind::BlockQuote
                | NodeKind::List { .. }
                | NodeKind::Item { .. }
                | NodeKind::DefinitionList
                | NodeKind::Term
                | NodeKind::Definition
                | NodeKind::CodeBlock { .. }
                | NodeKind::Rule
                | NodeKind::Table { .. }
                | NodeKind::Row { .. }
                | NodeKind::Cell
                | NodeKind::MathBlock(_)
                | NodeKind::HtmlBlock(_)
                | NodeKind::Element(_)
                | NodeKind::FootnoteDefinition(_)
                | NodeKind::LinkDefinition { .. }
        )
    }
}

impl Node {
    /// A node without attributes. Its children get no more room than they need: most nodes have one child, and a list that
    /// grows takes room for four.
    pub fn new(kind: NodeKind, span: Range<usize>, mut children: Vec<Node>) -> Self {
        children.shrink_to_fit();
        Node { kind, span, attributes: Vec::new(), children }
    }

    /// How many blocks there are in it, at any depth; rows and cells are part of their table.
    pub fn count_blocks(&self) -> usize {
        let own = match self.kind {
            NodeKind::Document | NodeKind::Row { .. } | NodeKind::Cell | NodeKind::LinkDefinition { .. } => 0,
            _ => usize::from(self.kind.is_block()),
        };
        own + self.children.iter().map(Node::count_blocks).sum::<usize>()
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }
}
