//! The ids of headings (hexo-renderer-marked, `heading` in `renderer.js`).

use std::collections::HashMap;

use super::scan::{is_space, reference, trim};
use crate::escape::escape_attribute;
use crate::model::IdText;
use crate::slug::hexo::{Case, slugize};
use crate::tree::{Node, NodeKind};

/// Gives every heading the slug of its text, repetitions numbered from 1.
pub fn number(node: &mut Node, source: &str, ids: IdText, used: &mut HashMap<String, usize>) {
    if matches!(node.kind, NodeKind::Heading { .. }) {
        let mut html = String::new();
        push_html(&node.children, source, ids, &mut html);
        let mut id = slugize(trim(&without_tags(&html)), Case::Keep);
        match used.get_mut(&id) {
            Some(count) => {
                id = format!("{id}-{count}");
                *count += 1;
            }
            None => {
                used.insert(id.clone(), 1);
            }
        }
        if let NodeKind::Heading { id: place, .. } = &mut node.kind {
            *place = Some(id);
        }
        return;
    }
    for child in &mut node.children {
        if child.kind.is_block() {
            number(child, source, ids, used);
        }
    }
}

/// A heading's HTML with the escapes of its text resolved (`unescapeHTML`), which is where tags are looked for.
fn push_html(nodes: &[Node], source: &str, ids: IdText, out: &mut String) {
    for node in nodes {
        let tag = match &node.kind {
            NodeKind::Text(text) => {
                // a reference stays as it is, but for those that marked itself writes
                const RESOLVED: &[&str] = &["&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#96;", "&#x2F;", "&#x3D;"];
                let typed = source.get(node.span.clone()).unwrap_or("");
                let whole =
                    reference(typed) == Some(typed.len()) && !(ids == IdText::Shown && RESOLVED.contains(&typed));
                push_text(if whole { typed } else { text }, whole, ids, out);
                continue;
            }
            NodeKind::Code(code) => {
                out.push_str("<code>");
                push_text(code, false, ids, out);
                out.push_str("</code>");
                continue;
            }
            NodeKind::Html(html) => {
                out.push_str(html);
                continue;
            }
            NodeKind::Link { href, .. } => {
                out.push_str("<a href=\"");
                escape_attribute(href, out);
                out.push_str("\">");
                push_html(&node.children, source, ids, out);
                out.push_str("</a>");
                continue;
            }
            NodeKind::SoftBreak => {
                out.push('\n');
                continue;
            }
            NodeKind::HardBreak => {
                out.push_str("<br>");
                continue;
            }
            NodeKind::Emphasis => "em",
            NodeKind::Strong => "strong",
            NodeKind::Strike => "del",
            _ => continue,
        };
        out.push_str(&format!("<{tag}>"));
        push_html(&node.children, source, ids, out);
        out.push_str(&format!("</{tag}>"));
    }
}

fn push_text(text: &str, whole: bool, ids: IdText, out: &mut String) {
    if ids == IdText::Shown || whole {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' if ids == IdText::MoreEntities => out.push_str("&#96;"),
            '/' if ids == IdText::MoreEntities => out.push_str("&#x2F;"),
            '=' if ids == IdText::MoreEntities => out.push_str("&#x3D;"),
            c => out.push(c),
        }
    }
}

/// hexo-util (`strip_html.js`)
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &bytes[at..]).map(|open| at + open) {
        out.push_str(&html[at..open]);
        match tag_end(bytes, open) {
            Some((end, shown)) => {
                out.push_str(shown);
                at = end;
            }
            None => return out,
        }
    }
    out.push_str(&html[at..]);
    out
}

/// Where the tag ends that begins at a byte, and what is shown of it; nothing where it never ends.
fn tag_end(bytes: &[u8], open: usize) -> Option<(usize, &'static str)> {
    if matches!(bytes.get(open + 1), Some(b' ' | b'\n')) {
        return Some((open + 2, "< "));
    }
    if bytes[open..].starts_with(b"<!--") {
        let end = memchr::memmem::find(&bytes[open + 2..], b"-->")?;
        return Some((open + 2 + end + 3, ""));
    }
    let mut depth = 0usize;
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().skip(open + 1) {
        match byte {
            b'<' if quote.is_none() => depth += 1,
            b'>' if quote.is_none() && depth == 0 => return Some((at + 1, "")),
            b'>' if quote.is_none() => depth -= 1,
            b'"' | b'\'' if quote == Some(byte) => quote = None,
            b'"' | b'\'' => quote = quote.or(Some(byte)),
            _ => {}
        }
    }
    None
}

/// hexo-renderer-marked (`paragraph` in `renderer.js`): `term⏎: definition` is a definition list, at the last such place.
pub fn define(node: &mut Node) {
    let at = (1..node.children.len()).rev().find(|at| {
        let [before, text] = &node.children[at - 1..=*at] else { return false };
        before.kind == NodeKind::HardBreak && begins_definition(text, &node.children[at + 1..])
    });
    // a term has two characters at least
    let long = |terms: &[Node]| match terms {
        [Node { kind: NodeKind::Text(text), .. }] => text.chars().nth(1).is_some(),
        terms => !terms.is_empty(),
    };
    let Some(at) = at.filter(|at| long(&node.children[..at - 1])) else { return };
    let mut definition = node.children.split_off(at);
    node.children.truncate(at - 1);
    if let Some(Node { kind: NodeKind::Text(text), span, .. }) = definition.first_mut() {
        let length = text.len();
        *text = text.trim_start_matches(':').trim_start_matches(is_space).to_owned();
        span.start = (span.start + length - text.len()).min(span.end);
    }
    let terms = std::mem::take(&mut node.children);
    let part = |kind: NodeKind, children: Vec<Node>| {
        let start = children.first().map_or(node.span.start, |child| child.span.start);
        let end = children.last().map_or(node.span.end, |child| child.span.end);
        Node::new(kind, start..end, children)
    };
    node.children = vec![part(NodeKind::Term, terms), part(NodeKind::Definition, definition)];
    node.kind = NodeKind::DefinitionList;
}

/// `:`, white space, and two characters at least.
fn begins_definition(node: &Node, behind: &[Node]) -> bool {
    let NodeKind::Text(text) = &node.kind else { return false };
    let Some(rest) = text.strip_prefix(':').filter(|rest| rest.starts_with(is_space)) else { return false };
    let rest = rest.trim_start_matches(is_space);
    rest.chars().nth(1).is_some() || !behind.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MarkupSettings;

    #[test]
    fn older_renderers_leave_entities_in_ids() {
        let id = |id_text| {
            let settings = MarkupSettings { heading_ids: true, gfm: true, id_text, ..MarkupSettings::default() };
            let tree = super::super::parse("# TCP/IP & `C<D>`", &settings);
            crate::tree::ids::of_tree(&tree).concat()
        };
        assert_eq!(id(IdText::Shown), "TCP-IP-C");
        assert_eq!(id(IdText::Entities), "TCP-IP-amp-C-lt-D-gt");
        assert_eq!(id(IdText::MoreEntities), "TCP-x2F-IP-amp-C-lt-D-gt");
    }

    #[test]
    fn tags_are_dropped_as_hexo_drops_them() {
        assert_eq!(without_tags("a <b c=\"d>e\">f</b> < g"), "a f < g");
        assert_eq!(without_tags("a<b c"), "a");
        assert_eq!(without_tags("a <!-- b > c --> d"), "a  d");
    }
}
