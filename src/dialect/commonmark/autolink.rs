//! Bare addresses as links, as cmark-gfm's extension finds them (`autolink.c`).
//!
//! cmark looks for web addresses in what was typed, before marks, escapes and entities mean anything; pulldown-cmark knows
//! none. A sign of its own therefore stands for each while pulldown-cmark reads. Mail addresses are found in the texts of
//! the tree.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::dialect::marked::scan::is_punctuation;
use crate::dialect::text::Text;
use crate::tree::{Node, NodeKind};

/// A text with signs that stand for its web addresses.
pub struct Masked {
    /// The text.
    pub text: Text,
    addresses: Vec<String>,
    /// Stands before and behind the number of an address, and nowhere else in the text.
    mark: char,
}

/// The text with its addresses masked, where it has any.
pub fn mask(text: &Text, options: Options) -> Option<Masked> {
    let typed = text.as_str();
    if !typed.contains("://") && !typed.contains("www.") {
        return None;
    }
    let spans = Search::new(typed).run(options);
    let mark = unused(typed).filter(|_| !spans.is_empty())?;
    let mut masked = Text::default();
    let mut addresses = Vec::with_capacity(spans.len());
    let mut rest = 0;
    for span in spans {
        masked.push(text, rest..span.start);
        masked.push_str(&format!("{mark}{}{mark}", addresses.len()), text.source(span.start));
        addresses.push(typed[span.clone()].to_owned());
        rest = span.end;
    }
    masked.push(text, rest..typed.len());
    Some(Masked { text: masked, addresses, mark })
}

/// A character for private use that the text does not use.
fn unused(text: &str) -> Option<char> {
    const PRIVATE: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{f8ff}';
    let used: std::collections::HashSet<char> = text.chars().filter(|c| PRIVATE.contains(c)).collect();
    PRIVATE.into_iter().find(|c| !used.contains(c))
}

impl Masked {
    /// Puts links in the place of the signs in running text, and the addresses in any other.
    pub fn unmask(&self, node: &mut Node) {
        let texts: &mut [&mut String] = match &mut node.kind {
            NodeKind::Code(text) | NodeKind::Html(text) | NodeKind::HtmlBlock(text) => &mut [text],
            NodeKind::CodeBlock { info, text } => &mut [info, text],
            NodeKind::Link { href, title: None } => &mut [href],
            NodeKind::Link { href, title: Some(title) } => &mut [href, title],
            NodeKind::Image { src, title: None, alt } => &mut [src, alt],
            NodeKind::Image { src, title: Some(title), alt } => &mut [src, title, alt],
            _ => &mut [],
        };
        texts.iter_mut().filter(|text| text.contains(self.mark)).for_each(|text| **text = self.restored(text));
        let masks = |node: &Node| matches!(&node.kind, NodeKind::Text(text) if text.contains(self.mark));
        if node.children.iter().any(masks) {
            for child in std::mem::take(&mut node.children) {
                match &child.kind {
                    NodeKind::Text(text) if text.contains(self.mark) => self.links(text, &child, &mut node.children),
                    _ => node.children.push(child),
                }
            }
        }
        node.children.iter_mut().for_each(|child| self.unmask(child));
    }

    /// Every second piece of a text between marks is the number of an address.
    fn pieces<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (bool, &'t str)> {
        text.split(self.mark).enumerate().map(|(at, piece)| match at % 2 {
            0 => (false, piece),
            _ => (true, piece.parse().ok().and_then(|at: usize| self.addresses.get(at)).map_or(piece, String::as_str)),
        })
    }

    fn restored(&self, text: &str) -> String {
        self.pieces(text).map(|(_, piece)| piece).collect()
    }

    fn links(&self, text: &str, node: &Node, out: &mut Vec<Node>) {
        for (is_address, piece) in self.pieces(text).filter(|(_, piece)| !piece.is_empty()) {
            let text = Node::new(NodeKind::Text(piece.to_owned()), node.span.clone(), Vec::new());
            if !is_address {
                out.push(text);
                continue;
            }
            let scheme = if piece.starts_with("www") { "http://" } else { "" };
            let link = NodeKind::Link { href: format!("{scheme}{piece}"), title: None };
            out.push(Node::new(link, node.span.clone(), vec![text]));
        }
    }
}

/// Web addresses in a text, one after the other.
struct Search<'t> {
    text: &'t str,
    found: Vec<Range<usize>>,
    /// No address begins before this byte.
    from: usize,
    /// No address ends behind this byte: the end of a cell.
    until: usize,
    /// How many brackets are open: in brackets, which might become a link, cmark looks for no address.
    brackets: usize,
    /// Where the next white space or `<` stands.
    address_end: usize,
    host: Host,
}

/// The end of a run of characters that hosts are made of.
#[derive(Default)]
struct Host {
    end: usize,
    /// The last dot, and whether a `_` stands behind it.
    last: Option<(usize, bool)>,
    /// The one before it, and whether a `_` stands between the two.
    before: Option<(usize, bool)>,
}

impl<'t> Search<'t> {
    fn new(text: &'t str) -> Self {
        let (found, host, until) = (Vec::new(), Host::default(), text.len());
        Search { text, found, from: 0, until, brackets: 0, address_end: 0, host }
    }

    fn run(mut self, options: Options) -> Vec<Range<usize>> {
        // inside of what no address is looked for
        let mut closed = 0usize;
        let mut known = 0;
        for (event, span) in Parser::new_ext(self.text, options).into_offset_iter() {
            let behind = if matches!(event, Event::Start(_)) { span.start } else { span.end };
            match event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock) => closed += 1,
                Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock | TagEnd::HtmlBlock) => closed -= 1,
                Event::Text(text) if closed == 0 && self.text.get(span.clone()) == Some(&text) => {
                    // what follows a backslash means nothing
                    let is_escaped = span.start > known && self.text.as_bytes()[span.start - 1] == b'\\';
                    self.text(span.start + usize::from(is_escaped)..span.end);
                }
                Event::Start(Tag::TableCell) => self.block(span.start, span.end),
                Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Item) | Event::End(TagEnd::TableCell) => {
                    self.block(span.start, self.text.len());
                }
                _ => {}
            }
            known = behind;
        }
        self.found
    }

    fn block(&mut self, from: usize, until: usize) {
        self.from = self.from.max(from);
        (self.until, self.brackets) = (until, 0);
    }

    fn text(&mut self, span: Range<usize>) {
        let mut at = span.start.max(self.from);
        while at < span.end {
            let byte = self.text.as_bytes()[at];
            let found = match byte {
                b'[' => {
                    self.brackets += 1;
                    None
                }
                b']' => {
                    self.brackets = self.brackets.saturating_sub(1);
                    None
                }
                b':' if self.brackets == 0 => self.web(at),
                b'w' if self.brackets == 0 => self.www(at),
                _ => None,
            };
            at += 1;
            if let Some(found) = found.filter(|found| !found.is_empty()) {
                at = found.end;
                self.from = found.end;
                self.found.push(found);
            }
        }
    }

    /// `url_match`: the letters in front of `://` are the scheme, whatever stands before them.
    fn web(&mut self, colon: usize) -> Option<Range<usize>> {
        let host = self.text[colon..].strip_prefix("://")?;
        let letters = self.text.as_bytes()[self.from..colon].iter().rev().take(6);
        let start = colon - letters.take_while(|byte| byte.is_ascii_alphabetic()).count();
        let scheme = &self.text[start..colon];
        if !["http", "https", "ftp"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return None;
        }
        if !host.chars().next().is_some_and(is_host_character) || !self.has_plain_ending(colon + "://".len()) {
            return None;
        }
        Some(start..start + delimited(&self.text[start..self.address_end(colon)]))
    }

    /// `www_match`: at a line's start, behind white space, or behind one of `*_~(`.
    fn www(&mut self, start: usize) -> Option<Range<usize>> {
        let before = start.checked_sub(1).filter(|before| *before >= self.from).map(|at| self.text.as_bytes()[at]);
        if before.is_some_and(|byte| !byte.is_ascii_whitespace() && !b"*_~(".contains(&byte)) {
            return None;
        }
        if !self.text[start..].starts_with("www.") || !self.has_plain_ending(start) {
            return None;
        }
        Some(start..start + delimited(&self.text[start..self.address_end(start)]))
    }

    /// `check_domain`: no `_` stands in the last two names of a host.
    fn has_plain_ending(&mut self, start: usize) -> bool {
        let text = self.text;
        let host = self.host(start);
        // the first character is never looked at
        let first = |until: usize| text[start..until].chars().skip(1).any(|c| c == '_');
        match (host.last, host.before) {
            (Some((_, marked)), Some((before, earlier))) if before >= start => !marked && !earlier,
            (Some((last, marked)), _) if last >= start => !marked && !first(last),
            _ => !first(host.end),
        }
    }

    fn address_end(&mut self, at: usize) -> usize {
        if self.address_end <= at {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'<';
            let found = self.text.as_bytes()[at..].iter().position(ends);
            self.address_end = found.map_or(self.text.len(), |found| at + found);
        }
        self.address_end.min(self.until.max(at))
    }

    fn host(&mut self, at: usize) -> &Host {
        if self.host.end <= at {
            let is_host = |c: char| matches!(c, '_' | '.' | '-') || is_host_character(c);
            let run = &self.text[at..];
            let run = &run[..run.find(|c| !is_host(c)).unwrap_or(run.len())];
            let dot = |until: usize| {
                let found = run[..until].rfind('.')?;
                Some((at + found, run[found..until].contains('_')))
            };
            let last = dot(run.len());
            let before = last.and_then(|(last, _)| dot(last - at));
            self.host = Host { end: at + run.len(), last, before };
        }
        &self.host
    }
}

fn is_host_character(c: char) -> bool {
    !c.is_whitespace() && !is_punctuation(c)
}

/// `autolink_delim`: the length of an address without the marks that belong to the sentence around it.
fn delimited(address: &str) -> usize {
    let bytes = address.as_bytes();
    let mut end = bytes.len();
    let opening = bytes.iter().filter(|byte| **byte == b'(').count();
    let mut closing = bytes.iter().filter(|byte| **byte == b')').count();
    while end > 0 {
        match bytes[end - 1] {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' => end -= 1,
            b';' => {
                let letters = bytes[..end - 1].iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
                let entity = (end - 1).checked_sub(letters + 1).filter(|at| letters > 0 && bytes[*at] == b'&');
                end = entity.unwrap_or(end - 1);
            }
            b')' if closing > opening => {
                closing -= 1;
                end -= 1;
            }
            _ => break,
        }
    }
    end
}

/// Turns the mail addresses in running text into links.
pub fn mails(nodes: &mut Vec<Node>) {
    if !nodes.iter().any(|node| matches!(&node.kind, NodeKind::Text(text) if text.contains('@'))) {
        return;
    }
    for node in std::mem::take(nodes) {
        match &node.kind {
            NodeKind::Text(text) => mails_of(text, &node, nodes),
            _ => nodes.push(node),
        }
    }
}

fn mails_of(text: &str, node: &Node, out: &mut Vec<Node>) {
    let piece = |text: &str| Node::new(NodeKind::Text(text.to_owned()), node.span.clone(), Vec::new());
    let mut rest = 0;
    for (at, _) in text.match_indices('@') {
        let Some(found) = mail(text, at, rest).filter(|found| !found.is_empty()) else { continue };
        if found.start > rest {
            out.push(piece(&text[rest..found.start]));
        }
        let shown = &text[found.clone()];
        let scheme = if shown.starts_with("mailto:") { "" } else { "mailto:" };
        let link = NodeKind::Link { href: format!("{scheme}{shown}"), title: None };
        out.push(Node::new(link, node.span.clone(), vec![piece(shown)]));
        rest = found.end;
    }
    if rest < text.len() {
        out.push(piece(&text[rest..]));
    }
}

/// `postprocess_text`: a name of letters, digits and `.+-_`, with or without its scheme, and a host with a dot.
fn mail(text: &str, at: usize, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let name = |byte: &&u8| byte.is_ascii_alphanumeric() || b".+-_".contains(byte);
    let length = bytes.get(from..at)?.iter().rev().take_while(name).count();
    let start = at - length;
    if length == 0 {
        return None;
    }
    let mut dots = 0;
    let mut end = at + 1;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'@' => return None,
            b'.' if bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric) => dots += 1,
            b'-' | b'_' => {}
            byte if byte.is_ascii_alphanumeric() => {}
            _ => break,
        }
        end += 1;
    }
    if dots == 0 || !bytes[end - 1].is_ascii_alphabetic() {
        return None;
    }
    let scheme = if text[from..start].ends_with("mailto:") { "mailto:".len() } else { 0 };
    Some(start - scheme..at + delimited(&text[at..end]))
}
