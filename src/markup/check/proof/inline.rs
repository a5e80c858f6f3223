//! Inlines that every dialect writes alike.

use super::{Prover, Reference};
use crate::tree::{Node, NodeKind};

/// Where inlines stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// A paragraph or heading.
    Text,
    /// The text of a link.
    Link,
    /// Emphasised text.
    Emphasis,
}

impl Prover<'_> {
    pub(super) fn inlines(&mut self, nodes: &[Node], within: Within) -> Option<()> {
        nodes.iter().try_for_each(|node| self.inline(node, within))
    }

    fn inline(&mut self, node: &Node, within: Within) -> Option<()> {
        if !node.attributes.is_empty() {
            return None;
        }
        match &node.kind {
            NodeKind::Text(text) => self.plain_text(node, text, within),
            NodeKind::SoftBreak => self.line_break(""),
            NodeKind::HardBreak => self.line_break("\\"),
            NodeKind::Code(code) => self.code(code),
            NodeKind::Emphasis => self.emphasis(1, &node.children, within),
            NodeKind::Strong => self.emphasis(2, &node.children, within),
            NodeKind::Link { href, title } if within != Within::Link => {
                self.link(href, title.as_deref(), &node.children)
            }
            NodeKind::Image { src, title, .. } => self.image(src, title.as_deref()),
            NodeKind::Html(shown) => self.tag(node, shown),
            _ => None,
        }
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

    /// Marks that open and close by CommonMark's flanking rules wherever they stand: next to letters within words or
    /// not, next to anything else only at the edge of a word; `_` always at the edge.
    fn emphasis(&mut self, length: usize, inner: &[Node], within: Within) -> Option<()> {
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
        let simple = |node: &Node| {
            matches!(
                node.kind,
                NodeKind::Text(_)
                    | NodeKind::Code(_)
                    | NodeKind::Link { .. }
                    | NodeKind::SoftBreak
                    | NodeKind::HardBreak
            )
        };
        if !inner.iter().all(simple) {
            return None;
        }
        self.inlines(inner, inner_within)?;
        let typed = &self.text[start..self.at];
        let flanks = |c: char, byte: Option<u8>| {
            c.is_alphanumeric()
                || !c.is_whitespace() && !c.is_control() && !matches!(c, '*' | '_' | '\\') && apart(byte)
        };
        let opens = flanks(typed.chars().next()?, before);
        let last = typed.chars().next_back()?;
        self.take(marks)?;
        let after = self.next();
        (opens && flanks(last, after) && !is_mark(after) && (mark == b'*' || apart(after))).then_some(())
    }

    fn link(&mut self, href: &str, title: Option<&str>, inner: &[Node]) -> Option<()> {
        if self.next() == Some(b'<') {
            return self.autolink(href, inner);
        }
        if inner.is_empty() || self.before() == Some(b'!') {
            return None;
        }
        self.take("[")?;
        if self.next() == Some(b'^') {
            return None;
        }
        let start = self.at;
        self.inlines(inner, Within::Link)?;
        let typed = start..self.at;
        self.take("]")?;
        if self.take("(").is_some() {
            return self.destination(href, title);
        }
        let label = self.label().unwrap_or(typed);
        self.reference(&self.text[label], href)
    }

    /// The label behind the text of a link; an empty one is none, and neither is it where none follows.
    fn label(&mut self) -> Option<std::ops::Range<usize>> {
        self.take("[")?;
        let label = self.at..self.at + self.rest().find(']')?;
        self.at = label.end + 1;
        (!label.is_empty()).then_some(label)
    }

    /// The link is one if the target knows the definition: that is for the caller to ask.
    fn reference(&mut self, label: &str, href: &str) -> Option<()> {
        let plain = |c: char| !c.is_control() && !matches!(c, '[' | ']' | '\\' | '^' | '`' | '<' | '*' | '_');
        let named = label.len() < 200 && !label.trim().is_empty() && label.chars().all(plain);
        if !named || matches!(self.next(), Some(b'(' | b'[' | b':')) {
            return None;
        }
        self.references.push(Reference { label: label.to_owned(), href: href.to_owned() });
        Some(())
    }

    /// A whole address in angle brackets.
    fn autolink(&mut self, href: &str, inner: &[Node]) -> Option<()> {
        let [Node { kind: NodeKind::Text(shown), .. }] = inner else { return None };
        let web = href.starts_with("https://") || href.starts_with("http://");
        if shown != href || !web || !href.bytes().all(stands_in_an_address) {
            return None;
        }
        self.take("<")?;
        self.take(href)?;
        self.take(">")
    }

    /// The text of an image is read like that of a link, and shows nowhere.
    fn image(&mut self, src: &str, title: Option<&str>) -> Option<()> {
        self.take("![")?;
        if self.next() == Some(b'^') {
            return None;
        }
        let length = self.rest().find(']')?;
        if self.text_shown(self.at..self.at + length, Within::Link)?.contains('\n') {
            return None;
        }
        self.at += length;
        self.take("](")?;
        self.destination(src, title)
    }

    fn destination(&mut self, address: &str, title: Option<&str>) -> Option<()> {
        if address.is_empty() || address.chars().any(char::is_whitespace) {
            return None;
        }
        let mut open = 0usize;
        for byte in address.bytes() {
            match byte {
                b'(' => open += 1,
                b')' => open = open.checked_sub(1)?,
                _ if stands_in_an_address(byte) => {}
                _ => return None,
            }
            if open > 1 {
                return None;
            }
        }
        if open > 0 {
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

    /// A tag in running text, typed as the old page shows it. One at the start of a paragraph may be a block.
    fn tag(&mut self, node: &Node, shown: &str) -> Option<()> {
        let typed = self.text.get(node.span.clone())?;
        if node.span.start != self.at || self.line == self.at || !is_plain_tag(typed) {
            return None;
        }
        let same = typed == shown || without_slash(typed) == without_slash(shown);
        same.then(|| self.at = node.span.end)
    }
}

/// A byte that means nothing in an address. `&` is the beginning of an entity only where a `;` follows.
fn stands_in_an_address(byte: u8) -> bool {
    !byte.is_ascii() || byte.is_ascii_alphanumeric() || b"/:.-_~?=%#+,@!$*&".contains(&byte)
}

/// A tag of an element of running text, with no attribute that could be named by a link.
fn is_plain_tag(tag: &str) -> bool {
    const ELEMENTS: &[&str] = &[
        "a", "abbr", "b", "br", "cite", "em", "font", "i", "img", "ins", "kbd", "mark", "q", "s", "small", "span",
        "strong", "sub", "u",
    ];
    let Some(inner) = tag.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else { return false };
    if let Some(name) = inner.strip_prefix('/') {
        return ELEMENTS.contains(&name);
    }
    let inner = inner.strip_suffix('/').unwrap_or(inner).trim_end_matches(' ');
    let (name, mut rest) = inner.split_at(inner.find(' ').unwrap_or(inner.len()));
    while !rest.is_empty() {
        let Some(next) = rest.strip_prefix(' ').and_then(after_attribute) else { return false };
        rest = next;
    }
    ELEMENTS.contains(&name)
}

/// What follows an attribute of a plain name with a quoted value.
fn after_attribute(text: &str) -> Option<&str> {
    let (name, rest) = text.split_once("=\"")?;
    let (value, rest) = rest.split_once('"')?;
    let plain = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase())
        && !matches!(name, "id" | "name")
        && !value.contains(|c: char| matches!(c, '<' | '>' | '&' | '`' | '\\' | '\'') || c.is_control());
    plain.then_some(rest)
}

fn without_slash(tag: &str) -> &str {
    let open = tag.strip_suffix('>').unwrap_or(tag);
    open.strip_suffix('/').unwrap_or(open).trim_end_matches(' ')
}
