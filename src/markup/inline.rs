//! Inlines as the target's Markdown: written anew where the author's own characters would be read differently.

use super::target::{Reading, bare_addresses};
use crate::escape::escape_attribute;
use crate::tree::html;
use crate::tree::text::{longest_run, plain_text};
use crate::tree::{Node, NodeKind};

/// Where inlines stand: it decides which characters need a backslash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// In running text, where a line's first characters could begin a block.
    Paragraph,
    /// In a heading: one line.
    Heading,
    /// In a cell of a pipe table: one line, `|` escaped.
    Cell,
}

/// Writes inlines. Lines of the result are the lines that the breaks among the inlines make; in a heading or a
/// cell there is one line.
pub fn write(nodes: &[Node], source: &str, reading: Reading, position: Position) -> String {
    let mut writer = Writer { source, reading, position, out: String::new() };
    writer.nodes(nodes);
    writer.out
}

/// The definition of a link on a line of its own.
pub fn definition(label: &str, href: &str, title: Option<&str>, reading: Reading) -> String {
    let mut writer = Writer { source: "", reading, position: Position::Heading, out: format!("[{label}]: ") };
    if href.is_empty() {
        writer.out.push_str("<>")
    } else {
        writer.destination(href, None)
    }
    if let Some(title) = title {
        writer.destination("", Some(title));
    }
    writer.out
}

struct Writer<'a> {
    source: &'a str,
    reading: Reading,
    position: Position,
    out: String,
}

impl Writer<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        for (at, node) in nodes.iter().enumerate() {
            self.node(node, nodes.get(at + 1));
        }
    }

    fn node(&mut self, node: &Node, next: Option<&Node>) {
        match &node.kind {
            NodeKind::Text(text) => self.text(node, text),
            NodeKind::Emphasis => self.delimited(node, next, "*", "em"),
            NodeKind::Strong => self.delimited(node, next, "**", "strong"),
            NodeKind::Strike => self.delimited(node, next, "~~", "del"),
            NodeKind::Code(code) => self.code(node, code),
            NodeKind::Link { href, title } => self.link(node, href, title.as_deref()),
            NodeKind::Image { src, title, alt } => self.image(node, src, title.as_deref(), alt),
            NodeKind::Math(tex) => self.math(tex),
            NodeKind::Html(raw) => self.out.push_str(&raw.replace('\n', " ")),
            NodeKind::HardBreak => self.hard_break(),
            NodeKind::SoftBreak => self.out.push(if self.position == Position::Paragraph { '\n' } else { ' ' }),
            NodeKind::FootnoteReference(label) => {
                self.out.push_str("[^");
                self.out.push_str(label);
                self.out.push(']');
                // what follows could make a link of it
                if next.and_then(first_char).is_some_and(|c| matches!(c, '[' | '(' | ':')) {
                    self.out.push_str("<!-- -->");
                }
            }
            NodeKind::Abbreviation(_) | NodeKind::Element(_) => {
                self.out.push_str(&one_line(&html::render_fragment(std::slice::from_ref(node))))
            }
            _ => self.nodes(&node.children),
        }
    }

    fn hard_break(&mut self) {
        match self.position {
            Position::Paragraph if self.reading.hard_breaks => self.out.push('\n'),
            Position::Paragraph => self.out.push_str("\\\n"),
            Position::Heading | Position::Cell => self.out.push_str("<br />"),
        }
    }

    /// Emphasis by its marks where CommonMark's flanking rules let them open and close here, by tags otherwise.
    fn delimited(&mut self, node: &Node, next: Option<&Node>, mark: &str, tag: &str) {
        let before = self.out.chars().next_back();
        let outer = std::mem::take(&mut self.out);
        self.nodes(&node.children);
        let inner = std::mem::replace(&mut self.out, outer);
        let after = next.and_then(first_char);
        if node.attributes.is_empty()
            && flanks(before, &inner, after)
            && !inner.starts_with(mark)
            && !inner.ends_with(mark)
        {
            self.out.push_str(mark);
            self.out.push_str(&inner);
            self.out.push_str(mark);
        } else {
            self.open_tag(tag, node, &[]);
            self.out.push_str(&inner);
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
        }
    }

    fn open_tag(&mut self, tag: &str, node: &Node, own: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(tag);
        let given = node.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in own.iter().copied().chain(given) {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape_attribute(value, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
    }

    fn code(&mut self, node: &Node, code: &str) {
        let code = code.replace('\n', " ");
        let plain = node.attributes.is_empty() && !code.trim().is_empty();
        if !plain || (self.position == Position::Cell && code.contains('|')) {
            // an empty span has no marks in CommonMark
            self.open_tag("code", node, &[]);
            self.escaped_html(&code);
            self.out.push_str("</code>");
            return;
        }
        let fence = "`".repeat(longest_run(&code, '`') + 1);
        let pad = if code.starts_with('`') || code.ends_with('`') || (code.starts_with(' ') && code.ends_with(' ')) {
            " "
        } else {
            ""
        };
        self.out.push_str(&format!("{fence}{pad}{code}{pad}{fence}"));
    }

    /// Text inside inline HTML is Markdown still: every mark becomes an entity.
    fn escaped_html(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_ascii_punctuation() && !matches!(c, ',' | ';' | '%' | '/' | '=' | '?' | '"' | '\'') {
                self.out.push_str(&format!("&#{};", c as u32));
            } else {
                self.out.push(c);
            }
        }
    }

    fn link(&mut self, node: &Node, href: &str, title: Option<&str>) {
        if !node.attributes.is_empty() || href.is_empty() {
            let mut own = vec![("href", href)];
            own.extend(title.map(|title| ("title", title)));
            self.open_tag("a", node, &own);
            self.nodes(&node.children);
            self.out.push_str("</a>");
            return;
        }
        let shown = plain_text(&node.children);
        if title.is_none() && shown == href && is_autolink(href) {
            self.out.push_str(&format!("<{href}>"));
            return;
        }
        if title.is_none() && href.strip_prefix("mailto:") == Some(&shown) && shown.contains('@') {
            self.out.push_str(&format!("<{shown}>"));
            return;
        }
        self.out.push('[');
        self.nodes(&node.children);
        self.out.push_str("](");
        self.destination(href, title);
        self.out.push(')');
    }

    fn image(&mut self, node: &Node, src: &str, title: Option<&str>, alt: &str) {
        if !node.attributes.is_empty() || src.is_empty() {
            let mut own = vec![("src", src), ("alt", alt)];
            own.extend(title.map(|title| ("title", title)));
            self.open_tag("img", node, &own);
            self.out.pop();
            self.out.push_str(" />");
            return;
        }
        self.out.push_str("![");
        let alt = alt.replace('\n', " ");
        self.escaped(&alt);
        self.out.push_str("](");
        self.destination(src, title);
        self.out.push(')');
    }

    fn destination(&mut self, address: &str, title: Option<&str>) {
        let cell = self.position == Position::Cell;
        let odd = |c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '<' | '>' | '\\' | '&') || (cell && c == '|')
        };
        if address.contains(odd) {
            self.out.push('<');
            for c in address.chars() {
                match c {
                    '\n' | '\r' => self.out.push_str("%0A"),
                    '<' => self.out.push_str("%3C"),
                    '>' => self.out.push_str("%3E"),
                    '\\' => self.out.push_str("%5C"),
                    '|' if cell => self.out.push_str("%7C"),
                    '&' => self.out.push_str("&amp;"),
                    c => self.out.push(c),
                }
            }
            self.out.push('>');
        } else {
            self.out.push_str(address);
        }
        if let Some(title) = title {
            self.out.push_str(" \"");
            for c in title.chars() {
                match c {
                    '"' | '\\' => {
                        self.out.push('\\');
                        self.out.push(c);
                    }
                    '\n' => self.out.push(' '),
                    '&' => self.out.push_str("&amp;"),
                    '|' if cell => self.out.push_str("&#124;"),
                    c => self.out.push(c),
                }
            }
            self.out.push('"');
        }
    }

    /// Hugo hands `\(…\)` through to the page (passthrough); under Zola the formula is text, its marks escaped.
    fn math(&mut self, tex: &str) {
        if self.reading.math && self.position != Position::Cell {
            self.out.push_str(&format!("\\({}\\)", tex.replace('\n', " ")));
        } else {
            self.out.push_str("<span class=\"math inline\">");
            self.escaped_html(&format!("\\({}\\)", tex.replace('\n', " ")));
            self.out.push_str("</span>");
        }
    }

    /// Text: the author's own characters where they need no resolving, marks that Markdown would read escaped.
    fn text(&mut self, node: &Node, text: &str) {
        let typed = self.source.get(node.span.clone()).unwrap_or("");
        let same = !typed.contains(['\\', '&', '\n']) && squashed(typed) == squashed(text);
        let shown = if same { typed } else { text };
        self.escaped(shown);
    }

    fn escaped(&mut self, text: &str) {
        let bare: Vec<(usize, usize)> = if self.reading.bare_links { bare_addresses(text) } else { Vec::new() };
        let mut bare = bare.into_iter().peekable();
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        for (at, &(offset, c)) in chars.iter().enumerate() {
            let at_line_start =
                self.position == Position::Paragraph && (self.out.is_empty() || self.out.ends_with('\n'));
            let next = chars.get(at + 1).map(|(_, c)| *c);
            if c == '\n' {
                self.out.push(if self.position == Position::Paragraph { '\n' } else { ' ' });
                continue;
            }
            if at_line_start && c == ' ' {
                continue;
            }
            // goldmark would make a link of it: its colon, at sign or first dot as an entity stops that
            while bare.next_if(|(_, end)| *end <= offset).is_some() {}
            if let Some(&(start, end)) = bare.peek()
                && start <= offset
                && is_joint(&text[start..end], offset - start)
            {
                self.out.push_str(&format!("&#{};", c as u32));
                continue;
            }
            if self.needs_escape(c, next, at_line_start) {
                self.out.push('\\');
            }
            self.out.push(c);
        }
    }

    fn needs_escape(&self, c: char, next: Option<char>, at_line_start: bool) -> bool {
        let previous = self.out.chars().next_back();
        match c {
            '\\' => next.is_none_or(|n| n.is_ascii_punctuation() || n == '\n'),
            '*' | '`' | '[' | ']' => true,
            '_' => !(previous.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)),
            '<' => next.is_none_or(|n| n.is_ascii_alphabetic() || matches!(n, '/' | '!' | '?')),
            '&' => next.is_none_or(|n| n.is_ascii_alphanumeric() || n == '#'),
            '~' => true,
            '!' => next.is_none(),
            '|' => true,
            '{' => self.position == Position::Heading,
            '$' => self.reading.math && (next == Some('$') || previous == Some('$')),
            '#' => at_line_start || self.position == Position::Heading,
            '+' | '-' | '=' | '>' | ':' => at_line_start,
            '.' | ')' => {
                // a number of a list has nine digits at most
                let digits = self.out.bytes().rev().take(10).take_while(u8::is_ascii_digit).count();
                let before = self.out.len() - digits;
                let begins = before == 0 || self.out.as_bytes()[before - 1] == b'\n';
                self.position == Position::Paragraph && (1..=9).contains(&digits) && begins
            }
            _ => false,
        }
    }
}

/// The character in a bare address whose absence makes it none.
fn is_joint(address: &str, at: usize) -> bool {
    let joint = if address.starts_with("www.") { Some(3) } else { address.find("://").or_else(|| address.find('@')) };
    joint == Some(at)
}

fn squashed(text: &str) -> String {
    let mut out = String::new();
    crate::tree::text::squash(text, &mut out);
    out
}

fn one_line(html: &str) -> String {
    html.trim_end().replace('\n', " ")
}

fn is_autolink(href: &str) -> bool {
    let Some((scheme, rest)) = href.split_once(':') else { return false };
    (2..=32).contains(&scheme.len())
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-'))
        && !rest.is_empty()
        && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '\\' | '&'))
}

fn first_char(node: &Node) -> Option<char> {
    match &node.kind {
        NodeKind::Text(text) => text.chars().next(),
        NodeKind::SoftBreak | NodeKind::HardBreak => Some('\n'),
        NodeKind::Html(_) | NodeKind::Abbreviation(_) | NodeKind::Element(_) => Some('<'),
        NodeKind::Code(_) => Some('`'),
        NodeKind::Emphasis | NodeKind::Strong => Some('*'),
        NodeKind::Strike => Some('~'),
        NodeKind::Link { .. } | NodeKind::FootnoteReference(_) => Some('['),
        NodeKind::Image { .. } => Some('!'),
        NodeKind::Math(_) => Some('\\'),
        _ => node.children.first().and_then(first_char),
    }
}

/// CommonMark 6.2: whether a `*` run can open before `inner` and close behind it.
fn flanks(before: Option<char>, inner: &str, after: Option<char>) -> bool {
    let (Some(first), Some(last)) = (inner.chars().next(), inner.chars().next_back()) else { return false };
    let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let left =
        !first.is_whitespace() && (!is_punctuation(first) || space(before) || before.is_some_and(is_punctuation));
    let right = !last.is_whitespace() && (!is_punctuation(last) || space(after) || after.is_some_and(is_punctuation));
    // a neighbouring run of the same mark would join this one
    left && right && before != Some('*') && after != Some('*') && before != Some('~') && after != Some('~')
}

/// Unicode punctuation or symbol, as CommonMark counts it.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() || (!c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace())
}
