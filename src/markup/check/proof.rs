//! The cheap proof: blocks that hold nothing in which two dialects can differ.
//!
//! The tree says what the block is on the old page. Where its bytes are just the plain way to write that in
//! CommonMark, with no character that could be read as anything else, the target reads the same, and nobody needs to
//! read it for the target. A proof speaks of the author's own bytes, at the left margin, with blank lines around them
//! and nothing open before them; whether they stand so is for the caller to see ([`super::look`]).

use std::ops::Range;

use crate::markup::emit::begins_html_block;
use crate::markup::target::Reading;
use crate::tree::text::squash;
use crate::tree::{Node, NodeKind};

/// A block that the target reads as the old page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// It has no place that a link could name.
    Plain,
    /// A list: one before it would swallow it, and what is indented behind it belongs to it.
    List,
    /// A heading with this text, out of which the target makes an id.
    Heading(String),
    /// Raw HTML, in which there may be ids.
    Html,
}

/// Proves that the target reads the bytes of a block as `node`.
pub fn prove(node: &Node, text: &str, range: &Range<usize>, reading: Reading) -> Option<Proof> {
    if !node.attributes.is_empty() {
        return None;
    }
    let mut prover = Prover { text, at: range.start, end: range.end, reading, line: range.start };
    match &node.kind {
        NodeKind::Paragraph => prover.paragraph(&node.children)?,
        NodeKind::Heading { level, .. } => return prover.heading(*level, &node.children),
        NodeKind::CodeBlock { text: code, .. } => prover.fence(code)?,
        NodeKind::List { start } => {
            prover.list(*start, &node.children)?;
            return prover.ends().then_some(Proof::List);
        }
        NodeKind::BlockQuote => prover.quote(&node.children)?,
        NodeKind::Rule => {
            return matches!(text[range.clone()].trim_end(), "---" | "***" | "___").then_some(Proof::Plain);
        }
        NodeKind::HtmlBlock(html) => return prover.html(html),
        _ => return None,
    }
    prover.ends().then_some(Proof::Plain)
}

/// Goes over the bytes of a block as the tree says what they are.
struct Prover<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    reading: Reading,
    /// Where the present line's own text begins.
    line: usize,
}

/// Where inlines stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within<'p> {
    /// A paragraph, whose lines begin with these marks.
    Lines(&'p str),
    /// Something of one line.
    OneLine,
    /// The text of a link.
    Link,
    /// Emphasised text.
    Emphasis,
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

    fn paragraph(&mut self, inlines: &[Node]) -> Option<()> {
        self.line_start()?;
        self.inlines(inlines, Within::Lines(""))
    }

    /// Every line of a quote begins with `> `, in which the other lines of a paragraph are as if they stood alone.
    fn quote(&mut self, blocks: &[Node]) -> Option<()> {
        let [paragraph] = blocks else { return None };
        if paragraph.kind != NodeKind::Paragraph || !paragraph.attributes.is_empty() {
            return None;
        }
        self.take("> ")?;
        self.line_start()?;
        self.inlines(&paragraph.children, Within::Lines("> "))
    }

    /// ATX headings of plain text and code.
    fn heading(&mut self, level: u8, inlines: &[Node]) -> Option<Proof> {
        let marks = self.rest().bytes().take_while(|b| *b == b'#').count();
        if marks != usize::from(level) || !(1..=6).contains(&level) {
            return None;
        }
        self.at += marks;
        if self.spaces() == 0 || inlines.is_empty() {
            return None;
        }
        let start = self.at;
        self.line = start;
        let simple = |node: &Node| matches!(node.kind, NodeKind::Text(_) | NodeKind::Code(_));
        if !inlines.iter().all(simple) {
            return None;
        }
        self.inlines(inlines, Within::OneLine)?;
        let typed = &self.text[start..self.at];
        if typed.contains(['#', '{']) || !self.ends() {
            return None;
        }
        let text: String = inlines
            .iter()
            .map(|node| match &node.kind {
                NodeKind::Code(code) => code.as_str(),
                _ => &self.text[node.span.clone()],
            })
            .collect();
        Some(Proof::Heading(text))
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

    /// A list without lists in it, its items at the margin.
    fn list(&mut self, start: Option<u64>, items: &[Node]) -> Option<()> {
        let mut bullet = None;
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.item_ends()?;
            }
            if item.kind != (NodeKind::Item { task: None }) || !item.attributes.is_empty() {
                return None;
            }
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
            let inlines = match item.children.as_slice() {
                [paragraph] if paragraph.kind == NodeKind::Paragraph && paragraph.attributes.is_empty() => {
                    &paragraph.children
                }
                children => children,
            };
            self.line_start()?;
            self.inlines(inlines, Within::Lines(""))?;
        }
        (!items.is_empty()).then_some(())
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

    /// The line end behind an item, and a blank line where the list has some.
    fn item_ends(&mut self) -> Option<()> {
        self.spaces();
        self.take("\n")?;
        while self.next() == Some(b'\n') {
            self.at += 1;
        }
        Some(())
    }

    /// Raw HTML that ends where CommonMark ends it as well: an element at the first blank line, a comment at its end.
    fn html(&mut self, html: &str) -> Option<Proof> {
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
        self.ends().then_some(Proof::Html)
    }

    fn inlines(&mut self, nodes: &[Node], within: Within<'_>) -> Option<()> {
        nodes.iter().try_for_each(|node| self.inline(node, within))
    }

    fn inline(&mut self, node: &Node, within: Within<'_>) -> Option<()> {
        if !node.attributes.is_empty() {
            return None;
        }
        match &node.kind {
            NodeKind::Text(text) => self.plain_text(node, text),
            NodeKind::SoftBreak => self.line_break("", within),
            NodeKind::HardBreak => self.line_break("\\", within),
            NodeKind::Code(code) => self.code(code),
            NodeKind::Emphasis => self.emphasis(1, &node.children, within),
            NodeKind::Strong => self.emphasis(2, &node.children, within),
            NodeKind::Link { href, title } if within != Within::Link => {
                self.link(href, title.as_deref(), &node.children)
            }
            NodeKind::Image { src, title, .. } => self.image(src, title.as_deref()),
            _ => None,
        }
    }

    /// Text of which every character stands for itself, and of which the page shows the same.
    fn plain_text(&mut self, node: &Node, shown: &str) -> Option<()> {
        if node.span.start != self.at || node.span.end > self.end {
            return None;
        }
        let typed = self.text.get(node.span.clone())?;
        if !self.stands_for_itself(node.span.clone()) {
            return None;
        }
        self.at = node.span.end;
        (typed == shown || squashed(typed) == squashed(shown)).then_some(())
    }

    fn stands_for_itself(&self, span: Range<usize>) -> bool {
        let bytes = self.text.as_bytes();
        let plain = |at: usize| {
            let next = bytes.get(at + 1).copied().unwrap_or(b'\n');
            match MEANING[usize::from(bytes[at])] {
                Meaning::None => true,
                Meaning::Always => false,
                Meaning::ByNext => match bytes[at] {
                    b'!' => next != b'[',
                    b'&' | b'<' => next == b' ',
                    b':' => !self.reading.bare_links || !bytes[at..].starts_with(b"://"),
                    b'w' => !self.reading.bare_links || !bytes[at..].starts_with(b"www."),
                    b'@' => !self.reading.bare_links,
                    b'$' => !self.reading.math,
                    // no mark within a word
                    _ => {
                        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
                        before.is_ascii_alphanumeric() && next.is_ascii_alphanumeric()
                    }
                },
            }
        };
        span.into_iter().all(plain)
    }

    /// A line end in a paragraph, and the beginning of the next line. Whether it shows as a break does not count.
    fn line_break(&mut self, mark: &str, within: Within<'_>) -> Option<()> {
        let Within::Lines(marks) = within else { return None };
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
            first => !first.is_ascii() || first.is_ascii_alphabetic() || b"\"'([!`.,;?/%^{}&$@".contains(&first),
        };
        text.then_some(())
    }

    fn code(&mut self, code: &str) -> Option<()> {
        let plain = !code.is_empty()
            && !code.starts_with(' ')
            && !code.ends_with(' ')
            && !code.contains(|c: char| c == '`' || c.is_control());
        if !plain || self.before() == Some(b'`') {
            return None;
        }
        self.take("`")?;
        self.take(code)?;
        self.take("`")?;
        (self.next() != Some(b'`')).then_some(())
    }

    /// Marks around text that begins and ends with letters: they open and close wherever they stand, `_` between words.
    fn emphasis(&mut self, length: usize, inner: &[Node], within: Within<'_>) -> Option<()> {
        let mark = self.next().filter(|mark| matches!(mark, b'*' | b'_'))?;
        let marks = if mark == b'*' { ["*", "**"][length - 1] } else { ["_", "__"][length - 1] };
        let is_mark = |byte: Option<u8>| matches!(byte, Some(b'*' | b'_'));
        let before = self.before();
        let apart = |byte: Option<u8>| byte.is_none_or(|b| b.is_ascii_whitespace() || b"\"'().,;:?!".contains(&b));
        if within == Within::Emphasis || is_mark(before) || (mark == b'_' && !apart(before)) {
            return None;
        }
        self.take(marks)?;
        let start = self.at;
        let inner_within = if within == Within::Link { Within::Link } else { Within::Emphasis };
        if inner.iter().any(|node| !matches!(node.kind, NodeKind::Text(_) | NodeKind::Code(_) | NodeKind::Link { .. }))
        {
            return None;
        }
        self.inlines(inner, inner_within)?;
        let typed = &self.text[start..self.at];
        let first = typed.chars().next()?;
        let last = typed.chars().next_back()?;
        self.take(marks)?;
        let after = self.next();
        (first.is_alphanumeric() && last.is_alphanumeric() && !is_mark(after) && (mark == b'*' || apart(after)))
            .then_some(())
    }

    fn link(&mut self, href: &str, title: Option<&str>, inner: &[Node]) -> Option<()> {
        if inner.is_empty() || self.before() == Some(b'!') {
            return None;
        }
        self.take("[")?;
        if self.next() == Some(b'^') {
            return None;
        }
        self.inlines(inner, Within::Link)?;
        self.take("](")?;
        self.destination(href, title)
    }

    /// The text of an image is read like that of a link, and shows nowhere.
    fn image(&mut self, src: &str, title: Option<&str>) -> Option<()> {
        self.take("![")?;
        if self.next() == Some(b'^') {
            return None;
        }
        let length = self.rest().find(']')?;
        if !self.stands_for_itself(self.at..self.at + length) {
            return None;
        }
        self.at += length;
        self.take("](")?;
        self.destination(src, title)
    }

    fn destination(&mut self, address: &str, title: Option<&str>) -> Option<()> {
        // `&` is the beginning of an entity only where a `;` follows
        let plain = |b: u8| !b.is_ascii() || b.is_ascii_alphanumeric() || b"/:.-_~?=%#+,@!$*&".contains(&b);
        if address.is_empty() || !address.bytes().all(plain) || address.chars().any(char::is_whitespace) {
            return None;
        }
        self.take(address)?;
        if let Some(title) = title {
            if title.contains(|c: char| matches!(c, '"' | '\\' | '&' | '<' | '`') || c.is_control()) {
                return None;
            }
            self.take(" \"")?;
            self.take(title)?;
            self.take("\"")?;
        }
        self.take(")")
    }
}

/// What a byte may mean in running text.
#[derive(Clone, Copy)]
enum Meaning {
    None,
    ByNext,
    Always,
}

static MEANING: [Meaning; 256] = {
    let mut table = [Meaning::None; 256];
    let mut at = 0;
    while at < 0x20 {
        table[at] = Meaning::Always;
        at += 1;
    }
    table[0x7f] = Meaning::Always;
    let always = b"*~`[]\\|";
    at = 0;
    while at < always.len() {
        table[always[at] as usize] = Meaning::Always;
        at += 1;
    }
    let by_next = b"!&<:w@$_";
    at = 0;
    while at < by_next.len() {
        table[by_next[at] as usize] = Meaning::ByNext;
        at += 1;
    }
    table
};

fn squashed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    squash(text, &mut out);
    out
}
