//! Running text of gomarkdown (`parser/inline.go`): one function for each character that begins something.

use std::collections::HashMap;
use std::ops::Range;

use super::super::text::Text;
use super::address::{closes_outside, closing_bracket, destination, ends_in_entity, rest_of_anchor, unescaped};
use super::definition::Definition;
use super::emphasis::{Emphasis, emphasis};
use super::html::comment_length;
use super::scan::{self, is_space};
use crate::tree::{Node, NodeKind};

/// Marks nested deeper than this are text.
const DEEPEST: usize = 40;

/// Reads running text.
pub struct Inlines<'a> {
    /// What the document defines.
    pub definitions: &'a HashMap<String, Definition>,
    /// It is blackfriday's: without formulas and footnotes.
    pub blackfriday: bool,
}

impl Inlines<'_> {
    /// Reads a text.
    pub fn read(&self, text: &Text) -> Vec<Node> {
        let mut reader = InlineReader {
            definitions: self.definitions,
            blackfriday: self.blackfriday,
            text,
            in_link: false,
            depth: 0,
            plain_ticks: (0, 0),
            work: 128 * text.as_str().len() + (1 << 20),
        };
        reader.run(0..text.as_str().len())
    }
}

struct InlineReader<'a> {
    definitions: &'a HashMap<String, Definition>,
    blackfriday: bool,
    text: &'a Text,
    in_link: bool,
    depth: usize,
    /// In the window that ends at the second place ticks are known to open nothing up to the first.
    plain_ticks: (usize, usize),
    /// Marks without an end are looked for again and again: the work is bounded.
    work: usize,
}

/// Something that was read: its length, and the node if it shows anything.
type Found = Option<(usize, Option<Node>)>;

impl<'a> InlineReader<'a> {
    fn data(&self, window: &Range<usize>) -> &'a [u8] {
        &self.text.as_str().as_bytes()[window.clone()]
    }

    fn slice(&self, window: &Range<usize>, range: Range<usize>) -> &'a str {
        &self.text.as_str()[window.start + range.start..window.start + range.end]
    }

    fn span(&self, window: &Range<usize>, range: Range<usize>) -> Range<usize> {
        self.text.source_range(&(window.start + range.start..window.start + range.end))
    }

    /// `Inline`
    fn run(&mut self, window: Range<usize>) -> Vec<Node> {
        let mut out = Vec::new();
        let data = self.data(&window);
        if self.depth >= DEEPEST {
            self.push_text(&mut out, &window, 0..data.len());
            return out;
        }
        self.depth += 1;
        let (mut begin, mut end) = (0, 0);
        while end < data.len() {
            let found = if self.work > 0 { self.callback(&window, end) } else { None };
            let Some((length, node)) = found.filter(|(length, _)| *length > 0) else {
                end += 1;
                continue;
            };
            self.push_text(&mut out, &window, begin..end);
            out.extend(node);
            begin = (end + length).min(data.len());
            end = begin;
        }
        if begin < data.len() {
            let end = data.len() - usize::from(data.ends_with(b"\n"));
            self.push_text(&mut out, &window, begin..end.max(begin));
        }
        self.depth -= 1;
        out
    }

    /// Adds text; its line ends become breaks.
    fn push_text(&self, out: &mut Vec<Node>, window: &Range<usize>, range: Range<usize>) {
        let shown = self.slice(window, range.clone());
        let mut at = range.start;
        for (number, line) in shown.split('\n').enumerate() {
            if number > 0 {
                let place = self.span(window, at - 1..at - 1);
                out.push(Node::new(NodeKind::SoftBreak, place, Vec::new()));
            }
            let begins_line = matches!(out.last(), Some(Node { kind: NodeKind::SoftBreak | NodeKind::HardBreak, .. }));
            let indent = if begins_line { line.len() - line.trim_start_matches([' ', '\t']).len() } else { 0 };
            if indent < line.len() {
                let span = self.span(window, at + indent..at + line.len());
                out.push(Node::new(NodeKind::Text(line[indent..].to_owned()), span, Vec::new()));
            }
            at += line.len() + 1;
        }
    }

    fn callback(&mut self, window: &Range<usize>, at: usize) -> Found {
        let data = self.data(window);
        let next = data.get(at + 1);
        match data[at] {
            b' ' => self.line_break(window, at),
            b'*' | b'_' | b'~' => {
                let Some((length, kind, inner)) = emphasis(&data[at..], self.blackfriday) else {
                    return self.nothing(data.len() - at);
                };
                let inner = at + inner.start..at + inner.end;
                Some((length, Some(self.nested(window, at..at + length, kind, inner))))
            }
            b'`' => self.code(window, at),
            b'[' => self.link(window, at),
            b'^' | b'$' if self.blackfriday => None,
            b'!' | b'^' if next == Some(&b'[') => self.link(window, at),
            b'<' => self.angle(window, at),
            b'\\' => self.escape(window, at),
            b'&' => self.entity(window, at),
            b'h' | b'm' | b'f' | b'H' | b'M' | b'F' => self.bare_address(window, at),
            b'$' => self.math(window, at),
            _ => None,
        }
    }

    /// What was looked for to the end is not there.
    fn nothing(&mut self, looked_at: usize) -> Found {
        self.work = self.work.saturating_sub(looked_at);
        None
    }

    fn leaf(&self, window: &Range<usize>, range: Range<usize>, kind: NodeKind) -> Found {
        let span = self.span(window, range.clone());
        Some((range.len(), Some(Node::new(kind, span, Vec::new()))))
    }

    fn nested(&mut self, window: &Range<usize>, whole: Range<usize>, kind: Emphasis, inner: Range<usize>) -> Node {
        let inner = window.start + inner.start..window.start + inner.end;
        let children = self.run(inner.clone());
        let span = self.span(window, whole);
        match kind {
            Emphasis::One => Node::new(NodeKind::Emphasis, span, children),
            Emphasis::Two => Node::new(NodeKind::Strong, span, children),
            Emphasis::Struck => Node::new(NodeKind::Strike, span, children),
            Emphasis::Three => {
                let inner = Node::new(NodeKind::Emphasis, self.text.source_range(&inner), children);
                Node::new(NodeKind::Strong, span, vec![inner])
            }
        }
    }

    /// `maybeLineBreak`: two spaces before a line end break the line, one is dropped.
    fn line_break(&self, window: &Range<usize>, at: usize) -> Found {
        let data = self.data(window);
        let end = scan::skip(data, at, b' ');
        if data.get(end) != Some(&b'\n') {
            return None;
        }
        if end - at >= 2 { self.leaf(window, at..end + 1, NodeKind::HardBreak) } else { Some((end - at, None)) }
    }

    /// `codeSpan`: three marks around lines are a block of code in the midst of the text.
    fn code(&mut self, window: &Range<usize>, at: usize) -> Found {
        if window.end == self.plain_ticks.1 && window.start + at < self.plain_ticks.0 {
            return None;
        }
        let data = &self.data(window)[at..];
        let length = match scan::code_span(data) {
            Ok(length) => length,
            Err(plain) => {
                let looked_at = data.len();
                self.plain_ticks = (window.start + at + plain, window.end);
                return self.nothing(looked_at);
            }
        };
        let ticks = scan::skip(data, 0, b'`');
        let inner = self.slice(window, at + ticks..at + length - ticks);
        let code = inner.trim_matches(' ');
        if code.is_empty() {
            return Some((length, None));
        }
        let ends_line = || data[length..].iter().take_while(|b| **b != b'\n').all(|b| is_space(*b));
        if !self.blackfriday && ticks == 3 && inner.contains('\n') && ends_line() {
            let (info, code) = code.split_once('\n').map_or((code, ""), |(info, rest)| (info, rest));
            let kind = NodeKind::CodeBlock { info: info.to_owned(), text: code.to_owned() };
            return self.leaf(window, at..at + length, kind);
        }
        self.leaf(window, at..at + length, NodeKind::Code(code.to_owned()))
    }

    /// `link`: a link, an image, or a reference to a footnote.
    fn link(&mut self, window: &Range<usize>, at: usize) -> Found {
        let data = self.data(window);
        let is_note = !self.blackfriday && data.get(at + 1) == Some(&b'^');
        if self.in_link && ((at > 0 && data[at - 1] == b'[') || is_note) {
            return None;
        }
        let (is_image, is_inline_note) = (data[at] == b'!' && !is_note, data[at] == b'^');
        let open = at + usize::from(is_image || is_inline_note);
        let Some(close) = closing_bracket(data, open + 1 + usize::from(is_note)) else {
            return self.nothing(data.len() - at);
        };
        let label = self.slice(window, open + 1..close);
        if is_note || is_inline_note {
            return self.note(window, at..close + 1, label, is_inline_note);
        }
        let behind = close + 1 + data[close + 1..].iter().take_while(|b| is_space(**b)).count();
        let (href, title, end) = if data.get(behind) == Some(&b'(') {
            let Some(destination) = destination(self.slice(window, 0..data.len()), behind + 1) else {
                return self.nothing(data.len() - at);
            };
            destination
        } else {
            let has_label =
                data.get(behind) == Some(&b'[') && data.get(behind + 1).is_some_and(|b| self.blackfriday || *b != b'^');
            let (label, end) = if has_label {
                let end = scan::until(data, behind + 1, b']');
                if end >= data.len() {
                    return self.nothing(data.len() - at);
                }
                let own = self.slice(window, behind + 1..end);
                (if own.is_empty() { label } else { own }, end + 1)
            } else {
                (label, close + 1)
            };
            match self.definitions.get(&label.replace(" \n", " ").replace('\n', " ").to_lowercase()) {
                Some(Definition::Link { href, title }) => (href.clone(), title.clone(), end),
                _ => return self.nothing(end - at),
            }
        };
        let href = super::super::entities::decode(&unescaped(&href));
        let span = self.span(window, at..end);
        if is_image {
            let kind = NodeKind::Image { src: href, title, alt: label.to_owned() };
            return Some((end - at, Some(Node::new(kind, span, Vec::new()))));
        }
        let outer = std::mem::replace(&mut self.in_link, true);
        let children = self.run(window.start + open + 1..window.start + close);
        self.in_link = outer;
        Some((end - at, Some(Node::new(NodeKind::Link { href, title }, span, children))))
    }

    fn note(&self, window: &Range<usize>, range: Range<usize>, label: &str, is_inline: bool) -> Found {
        if is_inline {
            // the note stands where it is referred to: its text is kept in place
            return None;
        }
        let label = label.strip_prefix('^').unwrap_or(label);
        match self.definitions.get(&label.to_lowercase())? {
            Definition::Footnote(..) => self.leaf(window, range, NodeKind::FootnoteReference(label.to_lowercase())),
            Definition::Link { .. } => None,
        }
    }

    /// `leftAngle`: a comment, a tag or an address.
    fn angle(&mut self, window: &Range<usize>, at: usize) -> Found {
        let data = &self.data(window)[at..];
        let comment = comment_length(data);
        let found = if comment > 0 { Some((Address::None, comment)) } else { tag_length(data) };
        let Some((address, end)) = found else { return self.nothing(data.len()) };
        let inner = self.slice(window, at + 1..(at + end).max(at + 2) - 1);
        match address {
            Address::None => {
                self.leaf(window, at..at + end, NodeKind::Html(self.slice(window, at..at + end).to_owned()))
            }
            Address::Link | Address::Mail => {
                let shown = unescaped(inner);
                let href = if address == Address::Mail { format!("mailto:{shown}") } else { shown.clone() };
                let shown = shown.strip_prefix("mailto:").unwrap_or(&shown).trim_start_matches("//").to_owned();
                let text = Node::new(NodeKind::Text(shown), self.span(window, at + 1..at + end - 1), Vec::new());
                let kind = NodeKind::Link { href, title: None };
                Some((end, Some(Node::new(kind, self.span(window, at..at + end), vec![text]))))
            }
        }
    }

    fn escape(&self, window: &Range<usize>, at: usize) -> Found {
        let data = self.data(window);
        match data.get(at + 1) {
            Some(b'\n') => self.leaf(window, at..at + 2, NodeKind::HardBreak),
            Some(b'^' | b'$') if self.blackfriday => None,
            Some(c) if b"\\`*_{}[]()#+-.!:|&<>~^$".contains(c) => {
                self.leaf(window, at..at + 2, NodeKind::Text(char::from(*c).to_string()))
            }
            _ => None,
        }
    }

    /// `entity`: `&amp;` and numbers are resolved, other references are shown as typed.
    fn entity(&self, window: &Range<usize>, at: usize) -> Found {
        let data = &self.data(window)[at..];
        let start = scan::skip_most(data, 1, b'#', 1);
        let end = start + data[start..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        if data.get(end) != Some(&b';') {
            return None;
        }
        let typed = self.slice(window, at..at + end + 1);
        let digits = typed.get(2..end).unwrap_or("");
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse::<u32>().ok(),
        };
        let shown = match code.and_then(char::from_u32).filter(|_| typed.len() > 3) {
            _ if typed == "&amp;" => "&".to_owned(),
            Some(c) => c.to_string(),
            None => typed.to_owned(),
        };
        self.leaf(window, at..at + end + 1, NodeKind::Text(shown))
    }

    /// `autoLink`
    fn bare_address(&self, window: &Range<usize>, at: usize) -> Found {
        const PREFIXES: [&str; 5] = ["http://", "https://", "ftp://", "file://", "mailto:"];
        let data = self.data(window);
        let rest = &data[at..];
        let begins =
            |prefix: &&str| rest.len() > prefix.len() && rest[..prefix.len()].eq_ignore_ascii_case(prefix.as_bytes());
        let prefix = PREFIXES.iter().find(|prefix| begins(prefix)).filter(|_| !self.in_link)?;
        let letters = data[..at].iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
        if let Some(length) = rest_of_anchor(data, at) {
            let shown = self.slice(window, at..at + length).to_owned();
            return self.leaf(window, at..at + length, NodeKind::Html(shown));
        }
        // a letter before it makes it another scheme, which is none
        if letters > 0 || *prefix == "file://" || !rest[prefix.len()].is_ascii_alphanumeric() {
            return None;
        }
        let mut end = rest.iter().position(|b| is_space(*b) || *b == b'<').unwrap_or(rest.len());
        let escaped = |end: usize| end >= 2 && rest[end - 2] == b'\\';
        if matches!(rest[end - 1], b'.' | b',') && !escaped(end) {
            end -= 1;
        }
        if rest[end - 1] == b';' && !escaped(end) && !ends_in_entity(&rest[..end]) {
            end -= 1;
        }
        let open = match rest[end - 1] {
            b'"' => b'"',
            b'\'' => b'\'',
            b')' => b'(',
            b']' => b'[',
            b'}' => b'{',
            _ => 0,
        };
        if open != 0 && closes_outside(data, at, end, open) {
            end -= 1;
        }
        while !self.text.as_str().is_char_boundary(window.start + at + end) {
            end -= 1;
        }
        let shown = unescaped(self.slice(window, at..at + end));
        let span = self.span(window, at..at + end);
        let text = Node::new(NodeKind::Text(shown.clone()), span.clone(), Vec::new());
        Some((end, Some(Node::new(NodeKind::Link { href: shown, title: None }, span, vec![text]))))
    }

    /// `math`
    fn math(&mut self, window: &Range<usize>, at: usize) -> Found {
        let data = &self.data(window)[at..];
        if data.len() <= 2 || data[1] == b'$' {
            return None;
        }
        let end = scan::until(data, 1, b'$');
        if end == data.len() {
            return self.nothing(data.len());
        }
        self.leaf(window, at..at + end + 1, NodeKind::Math(self.slice(window, at + 1..at + end).to_owned()))
    }
}

/// What stands between angle brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Address {
    /// A tag.
    None,
    Link,
    Mail,
}

/// `tagLength`
fn tag_length(data: &[u8]) -> Option<(Address, usize)> {
    let start = if data.get(1) == Some(&b'/') { 2 } else { 1 };
    if data.len() < 3 || !data.get(start).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let of_scheme = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-');
    let name_end = start + data[start..].iter().take_while(|b| of_scheme(b)).count();
    if data.get(name_end) == Some(&b'@')
        && let Some(length) = mail_length(&data[name_end..])
    {
        return Some((Address::Mail, name_end + length));
    }
    let mut at = name_end;
    if name_end > 2 && data.get(name_end) == Some(&b':') {
        at = name_end + 1;
        let begin = at;
        while at < data.len() && !matches!(data[at], b'>' | b'\'' | b'"') && !is_space(data[at]) {
            at += if data[at] == b'\\' { 2 } else { 1 };
        }
        if at >= data.len() {
            return None;
        }
        if at > begin && data[at] == b'>' {
            return Some((Address::Link, at + 1));
        }
    }
    // without a `>` gomarkdown takes the name for a tag; it is text here, so that nothing is lost
    let close = data.get(at..)?.iter().position(|b| *b == b'>')?;
    Some((Address::None, at + close + 1))
}

/// `isMailtoAutoLink`
fn mail_length(data: &[u8]) -> Option<usize> {
    let end = data.iter().position(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'@' | b'-' | b'.' | b'_'))?;
    let one = data[..end].iter().filter(|b| **b == b'@').count() == 1;
    (one && data[end] == b'>').then_some(end + 1)
}
