//! Links and images in running text (`parser/kramdown/link.rb`).

use super::super::entities;
use super::block::Link;
use super::characters::{is_space, spaces};
use super::definition::normalised;
use super::span::{DEEPEST, Open, Parsers, SpanReader, Stop, unescaped};
use crate::tree::{Node, NodeKind};

impl SpanReader<'_> {
    /// `link.rb`
    pub(super) fn link(&mut self, out: &mut Vec<Node>) -> bool {
        let start = self.at;
        let rest = self.rest();
        let is_image = rest.starts_with('!');
        let mark = if is_image { 2 } else { 1 };
        if rest[mark..].starts_with('^') || rest.len() == mark {
            return false;
        }
        let nested = !is_image && self.open.iter().any(|open| matches!(open, Open::Link | Open::Image));
        if nested || self.depth >= DEEPEST || self.work == 0 {
            self.add_text(out, mark);
            return true;
        }
        // no bracket behind it, no link
        if self.last_bracket.is_none_or(|last| last < self.at + mark) {
            self.add_text(out, mark);
            return true;
        }
        self.at += mark;
        self.open.push(if is_image { Open::Image } else { Open::Link });
        let mut children = Vec::new();
        let found = self.run(&mut children, Stop::Bracket, Parsers::All);
        self.open.pop();
        let label = unescaped(&self.text.as_str()[start + mark..self.at]);
        let link = if found { self.destination(&label) } else { None };
        let Some(link) = link else {
            self.at = start;
            self.add_text(out, mark);
            return true;
        };
        let title = link.title.map(entities::decoded);
        let address = entities::decoded(link.href);
        let kind = if is_image {
            NodeKind::Image { src: address, title, alt: entities::decode(&label) }
        } else {
            NodeKind::Link { href: address, title }
        };
        let mut node = Node::new(kind, self.span(start), if is_image { Vec::new() } else { children });
        if let Some(ial) = &link.ial {
            ial.apply(&self.spans.definitions.attributes, &mut node.attributes);
        }
        out.push(node);
        true
    }

    /// What stands behind the closing bracket: `(address "title")`, `[label]` or nothing.
    fn destination(&mut self, label: &str) -> Option<Link> {
        self.at += 1;
        let rest = self.rest();
        let spaces = spaces(rest);
        if let Some(inner) = rest[spaces..].strip_prefix('[')
            && let Some(end) = memchr::memchr(b']', inner.as_bytes())
        {
            let label = if end == 0 { label } else { &inner[..end] };
            let link = self.spans.definitions.links.get(&normalised(label))?.clone();
            self.at += spaces + end + 2;
            return Some(link);
        }
        if !rest.starts_with('(') {
            return self.spans.definitions.links.get(&normalised(label)).cloned();
        }
        if let Some(angled) = rest.strip_prefix("(<")
            && let Some(end) = memchr::memchr2(b'>', b'\n', angled.as_bytes())
            && angled[end..].starts_with('>')
        {
            let link = Link { href: angled[..end].to_owned(), ..Link::default() };
            self.at += 2 + end + 1;
            if self.rest().starts_with(')') {
                self.at += 1;
                return Some(link);
            }
            return self.titled(link);
        }
        let mut depth = 0i32;
        let bytes = rest.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += at + 1;
                        return Some(Link { href: rest[1..at].trim().to_owned(), ..Link::default() });
                    }
                }
                _ if is_space(*byte as char) && matches!(bytes.get(at + 1), Some(b'"' | b'\'')) => {
                    self.at += at + 1;
                    return self.titled(Link { href: rest[1..at].trim().to_owned(), ..Link::default() });
                }
                _ => {}
            }
        }
        self.nothing();
        None
    }

    /// `LINK_INLINE_TITLE_RE`: the shortest title that the quote and the bracket end.
    fn titled(&mut self, link: Link) -> Option<Link> {
        let rest = self.rest();
        let spaces = spaces(rest);
        let quote = *rest.as_bytes().get(spaces).filter(|b| matches!(b, b'"' | b'\''))?;
        let inner = &rest[spaces + 1..];
        for end in memchr::memchr_iter(quote, inner.as_bytes()).filter(|end| *end > 0) {
            let after = inner[end + 1..].trim_start_matches(is_space);
            if after.starts_with(')') {
                self.at += rest.len() - after.len() + 1;
                return Some(Link { title: Some(inner[..end].to_owned()), ..link });
            }
        }
        self.nothing();
        None
    }
}
