//! The cheap proof: blocks that hold nothing in which two dialects can differ.
//!
//! The tree says what the block is on the old page. Where its bytes are just the plain way to write that in
//! CommonMark, with no character that could be read as anything else, the target reads the same, and nobody needs to
//! read it for the target. A proof speaks of the author's own bytes, at the left margin, with blank lines around them
//! and nothing open before them; whether they stand so is for the caller to see ([`super::look`]).

mod inline;
mod text;

use std::ops::Range;

use inline::Within;

use crate::markup::emit::begins_html_block;
use crate::markup::target::Reading;
use crate::tree::{Node, NodeKind};

/// Why a block needs no reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What it is, as far as the page around it is concerned.
    pub shape: Shape,
    /// The link definitions that the target has to know for it.
    pub references: Vec<Reference>,
}

/// What a proved block is to the page around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// It has no place that a link could name.
    Plain,
    /// A list: one before it would swallow it, and what is indented behind it belongs to it.
    List,
    /// Indented code: a list before it would swallow it, and what is indented behind it belongs to it.
    IndentedCode,
    /// A heading with this text, out of which the target makes an id.
    Heading(String),
    /// Raw HTML, in which there may be ids.
    Html,
    /// It was read in an earlier round: it agreed, and these are its ids.
    Read(Vec<String>),
}

/// A link by the label of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// As typed.
    pub label: String,
    /// Where the old page's link leads.
    pub href: String,
}

/// Proves that the target reads the bytes of a block as `node`.
pub fn prove(node: &Node, text: &str, range: &Range<usize>, reading: Reading) -> Option<Proof> {
    if !node.attributes.is_empty() {
        return None;
    }
    let mut prover = Prover {
        text,
        at: range.start,
        end: range.end,
        reading,
        line: range.start,
        marks: None,
        references: Vec::new(),
    };
    let shape = prover.block(node)?;
    prover.ends().then_some(Proof { shape, references: prover.references })
}

/// Goes over the bytes of a block as the tree says what they are.
struct Prover<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    reading: Reading,
    /// Where the present line's own text begins.
    line: usize,
    /// The marks with which the next line of a paragraph begins; none where there is but one line.
    marks: Option<&'static str>,
    references: Vec<Reference>,
}

impl Prover<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..self.end]
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes()[self.at..self.end].first().copied()
    }

    fn before(&self) -> Option<u8> {
        self.text.as_bytes()[self.line..self.at].last().copied()
    }

    fn take(&mut self, expected: &str) -> Option<()> {
        self.rest().starts_with(expected).then(|| self.at += expected.len())
    }

    fn spaces(&mut self) -> usize {
        let count = self.rest().bytes().take_while(|b| *b == b' ').count();
        self.at += count;
        count
    }

    /// Nothing but white space is left.
    fn ends(&self) -> bool {
        self.rest().bytes().all(|b| matches!(b, b' ' | b'\n'))
    }

    fn block(&mut self, node: &Node) -> Option<Shape> {
        match &node.kind {
            NodeKind::Paragraph => self.paragraph(&node.children)?,
            NodeKind::Heading { level, .. } => return self.heading(*level, &node.children),
            NodeKind::CodeBlock { text: code, .. } if self.next() == Some(b' ') => {
                self.indented_code(code)?;
                return Some(Shape::IndentedCode);
            }
            NodeKind::CodeBlock { text: code, .. } => self.fence(code)?,
            NodeKind::List { start } => {
                self.list(*start, &node.children, 0)?;
                return Some(Shape::List);
            }
            NodeKind::BlockQuote => self.quote(&node.children)?,
            NodeKind::Rule => {
                let rule = self.rest().trim_end();
                if !matches!(rule, "---" | "***" | "___") {
                    return None;
                }
                self.at += rule.len();
            }
            NodeKind::HtmlBlock(html) => return self.html(html),
            _ => return None,
        }
        Some(Shape::Plain)
    }

    fn paragraph(&mut self, inlines: &[Node]) -> Option<()> {
        self.marks = Some("");
        self.line_start()?;
        self.inlines(inlines, Within::Text)
    }

    /// Every line of a quote begins with `> `, in which the lines of a paragraph are as if they stood alone.
    fn quote(&mut self, blocks: &[Node]) -> Option<()> {
        for (at, paragraph) in blocks.iter().enumerate() {
            if paragraph.kind != NodeKind::Paragraph || !paragraph.attributes.is_empty() {
                return None;
            }
            if at > 0 {
                self.quoted_blank_lines()?;
            }
            self.take("> ")?;
            self.marks = Some("> ");
            self.line_start()?;
            self.inlines(&paragraph.children, Within::Text)?;
        }
        (!blocks.is_empty()).then_some(())
    }

    /// What stands between two paragraphs of a quote.
    fn quoted_blank_lines(&mut self) -> Option<()> {
        self.spaces();
        self.take("\n")?;
        let mut lines = 0;
        loop {
            let line = self.at;
            let blank = self.take(">").is_some_and(|()| {
                self.spaces();
                self.take("\n").is_some()
            });
            if !blank {
                self.at = line;
                return (lines > 0).then_some(());
            }
            lines += 1;
        }
    }

    /// Headings of plain text and code, behind marks or above a line.
    fn heading(&mut self, level: u8, inlines: &[Node]) -> Option<Shape> {
        let marks = self.rest().bytes().take_while(|b| *b == b'#').count();
        if marks > 0 {
            if marks != usize::from(level) || level > 6 {
                return None;
            }
            self.at += marks;
            if self.spaces() == 0 {
                return None;
            }
            self.line = self.at;
        } else {
            self.line_start()?;
        }
        if inlines.is_empty() {
            return None;
        }
        let start = self.at;
        let simple = |node: &Node| matches!(node.kind, NodeKind::Text(_) | NodeKind::Code(_));
        if !inlines.iter().all(simple) {
            return None;
        }
        self.inlines(inlines, Within::Text)?;
        let typed = &self.text[start..self.at];
        // of an escape or an entity the id may be made as typed
        let resolved = typed.contains('\\') || typed.contains('&') && typed.contains(';');
        if typed.contains(['#', '{']) || resolved {
            return None;
        }
        let text = inlines
            .iter()
            .map(|node| match &node.kind {
                NodeKind::Code(code) => code.as_str(),
                _ => &self.text[node.span.clone()],
            })
            .collect();
        if marks == 0 {
            self.underline(level)?;
        }
        Some(Shape::Heading(text))
    }

    /// The line below a heading.
    fn underline(&mut self, level: u8) -> Option<()> {
        self.spaces();
        self.take("\n")?;
        let mark = if level == 1 { b'=' } else { b'-' };
        let length = self.rest().bytes().take_while(|b| *b == mark).count();
        self.at += length;
        // shorter ones may be an item without text
        (level <= 2 && length >= 3).then_some(())
    }

    /// Lines behind four spaces.
    fn indented_code(&mut self, code: &str) -> Option<()> {
        if code.trim().is_empty() || code.contains(['\r', '\0', '\t']) {
            return None;
        }
        for line in code.lines() {
            if line.trim().is_empty() {
                self.spaces();
            } else {
                self.take("    ")?;
                self.take(line)?;
            }
            if self.at < self.end {
                self.take("\n")?;
            }
        }
        Some(())
    }

    /// A fence at the margin around lines of which none could close it.
    fn fence(&mut self, code: &str) -> Option<()> {
        let mark = self.next().filter(|mark| matches!(mark, b'`' | b'~'))?;
        let length = self.rest().bytes().take_while(|b| *b == mark).count();
        let fence = &self.text[self.at..self.at + length];
        let line_end = self.at + self.rest().find('\n')?;
        let info = &self.text[self.at + length..line_end];
        // a brace begins attributes in Hugo
        if length < 3 || info.contains(['`', '~', '{', '\r', '\0', '\t']) {
            return None;
        }
        self.at = line_end + 1;
        let closes = |line: &str| line.trim_start().starts_with(&fence[..3]);
        let ends_line = code.is_empty() || code.ends_with('\n');
        if !ends_line || code.contains(['\r', '\0']) || code.lines().any(closes) {
            return None;
        }
        self.take(code)?;
        self.take(fence)
    }

    /// A list whose items stand at one margin, `indent` spaces from the left.
    fn list(&mut self, start: Option<u64>, items: &[Node], indent: usize) -> Option<()> {
        let mut bullet = None;
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.item_ends()?;
                if self.spaces() != indent {
                    return None;
                }
            }
            if item.kind != (NodeKind::Item { task: None }) || !item.attributes.is_empty() {
                return None;
            }
            let mark = self.at;
            match start {
                Some(first) => self.number((at == 0).then_some(first))?,
                None => {
                    let mark = self.next().filter(|mark| matches!(mark, b'-' | b'*' | b'+'))?;
                    if *bullet.get_or_insert(mark) != mark {
                        return None;
                    }
                    self.at += 1;
                }
            }
            if !(1..=3).contains(&self.spaces()) {
                return None;
            }
            self.item(&item.children, indent + self.at - mark)?;
        }
        (!items.is_empty()).then_some(())
    }

    /// What an item holds, `margin` bytes from the left: a paragraph, and further ones and lists below it.
    fn item(&mut self, children: &[Node], margin: usize) -> Option<()> {
        let inlines = children.iter().take_while(|node| !node.kind.is_block()).count();
        let mut blocks = children[inlines..].iter();
        if inlines > 0 {
            self.paragraph(&children[..inlines])?;
        } else {
            self.item_paragraph(blocks.next()?)?;
        }
        for block in blocks {
            let blank = self.item_ends()? > 0;
            let indent = self.spaces();
            // further in is code
            if !(margin..margin + 4).contains(&indent) || !block.attributes.is_empty() {
                return None;
            }
            match &block.kind {
                NodeKind::List { start } if blank || matches!(start, None | Some(1)) => {
                    self.list(*start, &block.children, indent)?;
                }
                _ if blank => self.item_paragraph(block)?,
                _ => return None,
            }
        }
        Some(())
    }

    fn item_paragraph(&mut self, node: &Node) -> Option<()> {
        let plain = node.kind == NodeKind::Paragraph && node.attributes.is_empty();
        if !plain {
            return None;
        }
        self.paragraph(&node.children)
    }

    fn number(&mut self, first: Option<u64>) -> Option<()> {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let number = &self.rest()[..digits];
        if !(1..=9).contains(&digits) || first.is_some_and(|first| number.parse() != Ok(first)) {
            return None;
        }
        self.at += digits;
        self.take(".")
    }

    /// The line end behind an item's text, and the blank lines that follow: how many.
    fn item_ends(&mut self) -> Option<usize> {
        self.spaces();
        self.take("\n")?;
        let blank = self.rest().bytes().take_while(|b| *b == b'\n').count();
        self.at += blank;
        Some(blank)
    }

    /// Raw HTML that ends where CommonMark ends it as well: an element at the first blank line, a comment at its end.
    fn html(&mut self, html: &str) -> Option<Shape> {
        let html = html.trim_end();
        if html.contains(['\r', '\0']) {
            return None;
        }
        let comment = html.strip_prefix("<!--").and_then(|rest| rest.find("-->")).map(|end| end + 7);
        let ends = match comment {
            Some(end) => end == html.len(),
            None => begins_html_block(html) && !html.lines().any(|line| line.trim().is_empty()),
        };
        if !ends {
            return None;
        }
        self.take(html)?;
        Some(Shape::Html)
    }

    /// A line end in a paragraph, and the beginning of the next line. Whether it shows as a break does not count.
    fn line_break(&mut self, mark: &str) -> Option<()> {
        let marks = self.marks?;
        self.spaces();
        if self.next() != Some(b'\n') {
            self.take(mark)?;
        }
        self.take("\n")?;
        self.take(marks)?;
        self.spaces();
        self.line_start()
    }

    /// The present line begins nothing but a line of text.
    fn line_start(&mut self) -> Option<()> {
        self.line = self.at;
        let rest = self.rest().as_bytes();
        let next = rest.get(1).copied().unwrap_or(b'\n');
        let text = match *rest.first()? {
            b'0'..=b'9' => {
                let behind = rest.iter().find(|b| !b.is_ascii_digit());
                !behind.is_some_and(|b| matches!(b, b'.' | b')'))
            }
            b'*' | b'_' => next != b' ' && next != b'\n',
            first => !first.is_ascii() || first.is_ascii_alphabetic() || b"\"'([!`.,;?/%^{}&$@\\".contains(&first),
        };
        text.then_some(())
    }
}
