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
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.bytes().position(|b| SQUASHED[usize::from(b)]).unwrap_or(rest.len());
        // a byte that begins a character is never inside one
        let (before, marked) = rest.split_at(plain);
        out.push_str(before);
        let mut chars = marked.chars();
        if let Some(c) = chars.next() {
            squash_char(c, out);
        }
        rest = chars.as_str();
    }
}

fn squash_char(c: char, out: &mut String) {
    let c = match c {
        '’' | '‘' => '\'',
        '“' | '”' | '«' | '»' => '"',
        '–' | '—' => '-',
        '…' => '.',
        '\u{200b}' | '\u{feff}' | '↩' | '\u{fe0e}' => return,
        c if c.is_whitespace() => return,
        c => c,
    };
    if !(matches!(c, '-' | '.') && out.ends_with(c)) {
        out.push(c);
    }
}

/// The bytes that begin a character which may not stay as it is.
static SQUASHED: [bool; 256] = {
    let mut table = [false; 256];
    let first = b"\t\n\x0b\x0c\r -.\xc2\xe1\xe2\xe3\xef";
    let mut at = 0;
    while at < first.len() {
        table[first[at] as usize] = true;
        at += 1;
    }
    table
};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_white_space_and_mark_is_squashed() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let (mut quick, mut plain) = (String::new(), String::new());
            squash(&format!("a{c}b"), &mut quick);
            plain.push('a');
            squash_char(c, &mut plain);
            plain.push('b');
            assert_eq!(quick, plain, "{c:?}");
        }
    }

    #[test]
    fn runs_of_dashes_and_dots_are_one() {
        let mut out = String::from("a-");
        squash("--b — –- c... . d…", &mut out);
        assert_eq!(out, "a-b-c.d.");
    }
}
