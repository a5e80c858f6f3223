//! smartypants as Ink sets it up (`html/smartypants.go`): quotes, LaTeX dashes, ellipses, fractions and signs.

use crate::tree::{Node, NodeKind};

/// Works the typography into a tree; whether quotes are open is known through the whole document.
#[derive(Debug, Default)]
pub struct Typography {
    in_single: bool,
    in_double: bool,
    /// Two backticks are a quotation mark; blackfriday never sees two of them at once.
    backticks: bool,
}

impl Typography {
    /// Begins outside of quotation marks.
    pub fn new(blackfriday: bool) -> Self {
        Typography { in_single: false, in_double: false, backticks: !blackfriday }
    }

    /// Sets the texts below a node.
    pub fn set(&mut self, node: &mut Node) {
        let mut out = Vec::with_capacity(node.children.len());
        let children = std::mem::take(&mut node.children);
        // a line end in a text is a space beside it; everything else is an edge
        let is_line_end = |at: usize| children.get(at).is_some_and(|node| node.kind == NodeKind::SoftBreak);
        let edges: Vec<(u8, u8)> = (0..children.len())
            .map(|at| {
                let edge = |line_end: bool| if line_end { b'\n' } else { 0 };
                (edge(at > 0 && is_line_end(at - 1)), edge(is_line_end(at + 1)))
            })
            .collect();
        for (mut child, edges) in children.into_iter().zip(edges) {
            match &mut child.kind {
                NodeKind::Text(text) => {
                    let text = std::mem::take(text);
                    self.text(&text, edges, &child, &mut out);
                }
                NodeKind::Image { alt, .. } => {
                    *alt = self.plain(alt);
                    out.push(child);
                }
                _ => {
                    self.set(&mut child);
                    out.push(child);
                }
            }
        }
        node.children = out;
    }

    fn text(&mut self, text: &str, edges: (u8, u8), node: &Node, out: &mut Vec<Node>) {
        let mut shown = String::with_capacity(text.len());
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < text.len() {
            let rest = &bytes[at..];
            let before = if at > 0 { bytes[at - 1] } else { edges.0 };
            if let Some((number, below, length)) = fraction(rest, before) {
                push(&mut shown, node, out);
                for (tag, digits) in [("sup", number), ("\u{2044}", ""), ("sub", below)] {
                    if digits.is_empty() {
                        shown.push_str(tag);
                        push(&mut shown, node, out);
                        continue;
                    }
                    let inner = Node::new(NodeKind::Text(digits.to_owned()), node.span.clone(), Vec::new());
                    out.push(Node::new(NodeKind::Element(tag.to_owned()), node.span.clone(), vec![inner]));
                }
                at += length;
                continue;
            }
            let (mark, length) = self.mark(rest, before, edges.1);
            if length > 0 {
                shown.push_str(mark);
                at += length;
            } else {
                let c = text[at..].chars().next().unwrap_or(' ');
                shown.push(c);
                at += c.len_utf8();
            }
        }
        push(&mut shown, node, out);
    }

    /// Marks alone: the text of an attribute.
    fn plain(&mut self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let before = if at > 0 { text.as_bytes()[at - 1] } else { 0 };
            let (mark, length) = self.mark(&text.as_bytes()[at..], before, 0);
            if length > 0 {
                shown.push_str(mark)
            } else {
                shown.push(c)
            }
            at += length.max(if length == 0 { c.len_utf8() } else { 0 });
        }
        shown
    }

    /// What a character becomes, and how many bytes that takes; 0 where it stays.
    fn mark(&mut self, rest: &[u8], before: u8, edge: u8) -> (&'static str, usize) {
        let next = |at: usize| rest.get(at).copied().unwrap_or(if at == rest.len() { edge } else { 0 });
        let lower = |at: usize| next(at).to_ascii_lowercase();
        match rest[0] {
            b'"' => (self.quote(before, next(1), true), 1),
            b'\'' if next(1) == b'\'' => (self.quote(before, next(2), true), 2),
            b'\'' if matches!(lower(1), b's' | b't' | b'm' | b'd') && is_boundary(next(2)) => ("’", 1),
            b'\''
                if matches!([lower(1), lower(2)], [b'r', b'e'] | [b'l', b'l'] | [b'v', b'e'])
                    && is_boundary(next(3)) =>
            {
                ("’", 1)
            }
            b'\'' => (self.quote(before, next(1), false), 1),
            b'(' if lower(1) == b'c' && next(2) == b')' => ("©", 3),
            b'(' if lower(1) == b'r' && next(2) == b')' => ("®", 3),
            b'(' if lower(1) == b't' && lower(2) == b'm' && next(3) == b')' => ("™", 4),
            b'-' if next(1) == b'-' && next(2) == b'-' => ("—", 3),
            b'-' if next(1) == b'-' => ("–", 2),
            b'.' if rest.starts_with(b"...") => ("…", 3),
            b'.' if rest.starts_with(b". . .") => ("…", 5),
            b'`' if self.backticks && next(1) == b'`' => (self.quote(before, next(2), true), 2),
            _ => ("", 0),
        }
    }

    /// `smartQuoteHelper`
    fn quote(&mut self, before: u8, after: u8, double: bool) -> &'static str {
        let open = if double { &mut self.in_double } else { &mut self.in_single };
        let class = |c: u8| match c {
            0 => Class::Edge,
            c if c.is_ascii_whitespace() => Class::Space,
            c if c.is_ascii_punctuation() => Class::Punctuation,
            _ => Class::Other,
        };
        *open = match (class(before), class(after)) {
            (Class::Edge, Class::Edge) | (Class::Space, Class::Space) | (Class::Punctuation, Class::Punctuation) => {
                !*open
            }
            (Class::Space, Class::Edge | Class::Punctuation) => true,
            (Class::Edge | Class::Space | Class::Punctuation, Class::Other) => true,
            _ => false,
        };
        match (*open, double) {
            (true, true) => "“",
            (false, true) => "”",
            (true, false) => "‘",
            (false, false) => "’",
        }
    }
}

#[derive(PartialEq, Eq)]
enum Class {
    Edge,
    Space,
    Punctuation,
    Other,
}

fn push(shown: &mut String, node: &Node, out: &mut Vec<Node>) {
    if !shown.is_empty() {
        out.push(Node::new(NodeKind::Text(std::mem::take(shown)), node.span.clone(), Vec::new()));
    }
}

fn is_boundary(c: u8) -> bool {
    c == 0 || c.is_ascii_whitespace() || c.is_ascii_punctuation()
}

/// `smartNumberGeneric`: digits, a slash and digits that stand alone; `1/2/3` is a date.
fn fraction(rest: &[u8], before: u8) -> Option<(&str, &str, usize)> {
    if !matches!(rest[0], b'1'..=b'9') || !is_boundary(before) || before == b'/' {
        return None;
    }
    let above = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    if rest.get(above) != Some(&b'/') {
        return None;
    }
    let below = rest[above + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let end = above + 1 + below;
    let after = rest.get(end).copied().unwrap_or(0);
    if below == 0 || !is_boundary(after) || after == b'/' {
        return None;
    }
    let text = |range: std::ops::Range<usize>| std::str::from_utf8(&rest[range]).unwrap_or("");
    Some((text(0..above), text(above + 1..end), end))
}

/// Go's `unicode.IsPunct` beyond ASCII, for what stands in texts: general, CJK and full-width punctuation.
pub fn is_unicode_punctuation(c: char) -> bool {
    matches!(c,
        '¡' | '§' | '«' | '¶' | '·' | '»' | '¿'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{2043}' | '\u{2045}'..='\u{2051}' | '\u{2053}'..='\u{205e}'
        | '\u{207d}' | '\u{207e}' | '\u{208d}' | '\u{208e}' | '\u{2308}'..='\u{230b}' | '\u{2329}' | '\u{232a}'
        | '\u{2768}'..='\u{2775}' | '\u{27e6}'..='\u{27ef}' | '\u{2983}'..='\u{2998}' | '\u{2e00}'..='\u{2e5d}'
        | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '\u{3030}' | '\u{303d}'
        | '\u{30a0}' | '\u{30fb}' | '\u{fe10}'..='\u{fe19}' | '\u{fe30}'..='\u{fe52}' | '\u{fe54}'..='\u{fe61}'
        | '\u{ff01}'..='\u{ff03}' | '\u{ff05}'..='\u{ff0a}' | '\u{ff0c}'..='\u{ff0f}' | '\u{ff1a}' | '\u{ff1b}'
        | '\u{ff1f}' | '\u{ff20}' | '\u{ff3b}'..='\u{ff3d}' | '\u{ff3f}' | '\u{ff5b}' | '\u{ff5d}'
        | '\u{ff5f}'..='\u{ff65}')
}
