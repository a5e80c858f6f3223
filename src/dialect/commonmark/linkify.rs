//! Bare addresses as links (linkify-it, as markdown-it has it).

use std::sync::LazyLock;

use regex::Regex;

use crate::tree::{Node, NodeKind};

/// Turns the addresses in running text into links.
pub fn link(nodes: &mut Vec<Node>) {
    if !nodes.iter().any(|node| matches!(&node.kind, NodeKind::Text(text) if text.contains(['.', ':', '@']))) {
        return;
    }
    let mut out = Vec::with_capacity(nodes.len());
    for node in std::mem::take(nodes) {
        match &node.kind {
            NodeKind::Text(text) => pieces(text, &node, &mut out),
            _ => out.push(node),
        }
    }
    *nodes = out;
}

fn pieces(text: &str, node: &Node, out: &mut Vec<Node>) {
    // linkify-it (`re.mjs`): a scheme and a host, a host of a known top-level domain, or a mail address; what is white
    // space, a control character or one of `<>｜` ends an address
    static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r#"(?i)(?P<mail>(?:mailto:)?[-;:&=+$,.a-z0-9_]+@(?:[a-z0-9\u{a1}-\u{ffff}](?:[-a-z0-9\u{a1}-\u{ffff}]*[a-z0-9\u{a1}-\u{ffff}])?\.)+(?:com|edu|gov|net|org|pro|web|biz|xxx|aero|asia|coop|info|museum|name|shop|[a-z]{2}))"#,
            r#"|(?P<full>(?:https?|ftp)://[^\s<>｜|"']+)"#,
            r#"|(?P<host>(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?\.)+(?:com|edu|gov|net|org|pro|web|biz|xxx|aero|asia|coop|info|museum|name|shop|[a-z]{2})(?::\d{1,5})?(?:[/?#][^\s<>｜|"']*)?)"#,
        ))
        .expect("a valid pattern")
    });
    let (mut rest, mut at) = (0, 0);
    while let Some(found) = ADDRESS.captures_at(text, at) {
        let whole = found.get(0).map_or(0..0, |found| found.range());
        let shown = ended(&text[whole.clone()]);
        let before = text[..whole.start].chars().next_back();
        let behind = text[whole.start + shown.len()..].chars().next();
        let is_host = found.name("host").is_some();
        let is_word =
            |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '/' | '.'));
        let is_bare = is_host || found.name("mail").is_some();
        let open = is_bare && (is_word(before) || behind.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-'));
        at = whole.start + shown.len().max(1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
        if open
            || (!is_host
                && before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
                && found.name("mail").is_none())
        {
            continue;
        }
        push(&text[rest..whole.start], node, out);
        let href = match (found.name("mail"), is_host) {
            (Some(_), _) if !shown.to_ascii_lowercase().starts_with("mailto:") => format!("mailto:{shown}"),
            (None, true) => format!("http://{shown}"),
            _ => shown.to_owned(),
        };
        let inner = Node::new(NodeKind::Text(shown.to_owned()), node.span.clone(), Vec::new());
        out.push(Node::new(NodeKind::Link { href, title: None }, node.span.clone(), vec![inner]));
        rest = whole.start + shown.len();
        at = at.max(rest);
    }
    push(&text[rest..], node, out);
}

fn push(text: &str, node: &Node, out: &mut Vec<Node>) {
    if !text.is_empty() {
        out.push(Node::new(NodeKind::Text(text.to_owned()), node.span.clone(), Vec::new()));
    }
}

/// An address without the marks at its end that belong to the sentence, and without brackets that it does not open.
fn ended(address: &str) -> &str {
    let count = |mark: char| address.matches(mark).count();
    // what is cut off is counted no longer
    let mut surplus = [(')', count(')').saturating_sub(count('('))), (']', count(']').saturating_sub(count('[')))];
    let mut shown = address;
    loop {
        let cut = shown.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '~', '`']);
        let Some(last) = cut.chars().next_back() else { return cut };
        let open = matches!(last, '(' | '[' | '{');
        let closing = surplus.iter_mut().find(|(mark, left)| *mark == last && *left > 0);
        if !open && closing.is_none() {
            return cut;
        }
        match (closing, last) {
            (Some((_, left)), _) => *left -= 1,
            (None, '(') => surplus[0].1 += 1,
            (None, '[') => surplus[1].1 += 1,
            (None, _) => {}
        }
        shown = &cut[..cut.len() - 1];
    }
}
