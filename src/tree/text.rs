//! The text of a tree, and what is counted and compared in texts.

use super::{Node, NodeKind};

/// The text of a subtree without any marks.
pub fn plain_text(nodes: &[Node]) -> String {
    let mut out = String::new();
    push_plain_text(nodes, &mut out);
    out
}

fn push_plain_text(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match &node.kind {
            NodeKind::Text(text) | NodeKind::Code(text) | NodeKind::Math(text) => out.push_str(text),
            NodeKind::SoftBreak | NodeKind::HardBreak => out.push('\n'),
            NodeKind::Image { alt, .. } => out.push_str(alt),
            _ => push_plain_text(&node.children, out),
        }
    }
}

/// Appends text without white space, typographic marks as the plain ones they stand for.
pub fn squash(text: &str, out: &mut String) {
    for c in text.chars() {
        let c = match c {
            '’' | '‘' => '\'',
            '“' | '”' | '«' | '»' => '"',
            '–' | '—' => '-',
            '…' => '.',
            '\u{200b}' | '\u{feff}' | '↩' | '\u{fe0e}' => continue,
            c if c.is_whitespace() => continue,
            c => c,
        };
        if matches!(c, '-' | '.') && out.ends_with(c) {
            continue;
        }
        out.push(c);
    }
}

/// The longest run of a character.
pub fn longest_run(text: &str, of: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
