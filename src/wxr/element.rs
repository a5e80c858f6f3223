//! The elements of a piece of an export.

use super::first_line;
use super::scan::{Token, next};
use crate::dialect::character;

/// Elements that stand deeper are not WordPress's; what they hold belongs to the one above.
const DEEPEST: usize = 8;

/// An element with what it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name with the prefix, as exports write it (`wp:post_id`).
    pub name: String,
    /// Its attributes, references resolved.
    pub attributes: Vec<(String, String)>,
    /// Its text: CDATA sections put together, references outside of them resolved.
    pub text: String,
    /// The line of the export on which it begins.
    pub line: u32,
    /// The line of the export on which its text begins.
    pub text_line: u32,
    /// The elements in it.
    pub children: Vec<Element>,
    has_data: bool,
}

impl Element {
    /// What a piece of an export holds, as children of an element without a name. Line ends are `\n`.
    pub fn of(piece: &str) -> Element {
        let normal;
        let piece = if piece.contains('\r') {
            normal = piece.replace("\r\n", "\n").replace('\r', "\n");
            &normal
        } else {
            piece
        };
        Reading { open: vec![Element::default()], line: first_line(piece) }.read(piece)
    }

    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of a name without white space around it; empty where there is none.
    pub fn said(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn push(&mut self, text: &str, is_data: bool, line: u32) {
        if self.text.is_empty() || (is_data && !self.has_data) {
            (self.text_line, self.has_data) = (line, self.has_data || is_data);
            // white space before the first CDATA section sets it apart
            if is_data && self.text.trim().is_empty() {
                self.text.clear();
            }
        }
        // and so does that behind one
        if is_data || !self.has_data || !text.trim().is_empty() {
            self.text.push_str(text);
        }
    }
}

struct Reading {
    open: Vec<Element>,
    line: u32,
}

impl Reading {
    fn read(mut self, piece: &str) -> Element {
        let bytes = piece.as_bytes();
        let mut at = 0;
        loop {
            let within = self.open.last().map(|element| element.name.clone()).unwrap_or_default();
            let Some((token, end)) = next(bytes, at, within.as_bytes(), true) else { break };
            self.token(token);
            self.line += memchr::memchr_iter(b'\n', &bytes[at..end]).count() as u32;
            at = end;
        }
        while self.open.len() > 1 {
            self.close();
        }
        self.open.pop().unwrap_or_default()
    }

    fn token(&mut self, token: Token<'_>) {
        let line = self.line;
        match token {
            Token::Open { name, attributes, is_empty } if self.open.len() <= DEEPEST => {
                let attributes = attributes_of(&shown(attributes));
                self.open.push(Element { name: shown(name), attributes, line, text_line: line, ..Element::default() });
                if is_empty {
                    self.close();
                }
            }
            // an end that ends nothing is nobody's
            Token::Close(name) => {
                if let Some(at) = self.open.iter().rposition(|element| element.name.as_bytes() == name) {
                    while self.open.len() > at.max(1) {
                        self.close();
                    }
                }
            }
            Token::Text(text) => self.text(&resolved(&shown(text)), false),
            Token::Data(data) => self.text(&shown(data), true),
            Token::Open { .. } | Token::Other => {}
        }
    }

    fn text(&mut self, text: &str, is_data: bool) {
        if let Some(element) = self.open.last_mut() {
            element.push(text, is_data, self.line);
        }
    }

    fn close(&mut self) {
        let Some(element) = self.open.pop() else { return };
        if let Some(parent) = self.open.last_mut() {
            parent.children.push(element);
        }
    }
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn attributes_of(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag;
    while let Some((name, behind)) = rest.split_once('=') {
        let behind = behind.trim_start();
        let Some(quote) = behind.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { break };
        let Some((value, behind)) = behind[1..].split_once(quote) else { break };
        found.push((name.trim().to_owned(), resolved(value)));
        rest = behind;
    }
    found
}

/// References resolved: those of XML, and what exporters wrote of HTML's. A bare `&` stays one.
fn resolved(text: &str) -> String {
    const LONGEST: usize = 32;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST).position(|byte| byte == b';').map(|end| end + 1);
        let is_reference = |end: &usize| rest[1..end - 1].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#');
        match end.filter(|end| *end > 2).filter(is_reference) {
            Some(end) => {
                out.push_str(&character(&rest[..end]));
                rest = &rest[end..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_with_their_lines() {
        let piece = "<?wxr line=\"70\"?><item>\n<title>A &amp; B &#8217;</title>\r\n<category domain=\"x\" nicename='y'><![CDATA[Z &amp;]]></category>\n<content:encoded>\n<![CDATA[one]]><![CDATA[>two]]>\n</content:encoded><wp:m><wp:k>a</wp:k></wp:m></item>";
        let all = Element::of(piece);
        let item = all.child("item").expect("an item");
        assert_eq!((item.line, item.said("title")), (70, "A & B ’"));
        let category = item.child("category").expect("a category");
        assert_eq!((category.line, category.attribute("nicename"), &*category.text), (72, Some("y"), "Z &amp;"));
        let content = item.child("content:encoded").expect("a text");
        assert_eq!((content.line, content.text_line, &*content.text), (73, 74, "one>two"));
        assert_eq!(item.child("wp:m").map(|meta| meta.said("wp:k")), Some("a"));
    }

    #[test]
    fn what_no_parser_takes_is_read() {
        let all = Element::of("<item><title>A & B < C</title><wp:x>1</item><p>");
        assert_eq!(all.children[0].said("title"), "A & B < C");
        assert_eq!(all.children[0].said("wp:x"), "1");
        let deep = "<a>".repeat(100_000);
        assert_eq!(Element::of(&deep).children.len(), 1);
    }
}
