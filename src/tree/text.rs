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
        let bytes = rest.as_bytes();
        let plain = (0..bytes.len()).find(|at| begins_mark(&bytes[*at..])).unwrap_or(bytes.len());
        // a byte that begins a character is never inside one
        let (before, marked) = rest.split_at(plain);
        out.push_str(before);
        let mut chars = marked.chars();
        if let Some(c) = chars.next().and_then(plain_mark)
            && !(joins_its_like(c) && out.ends_with(c))
        {
            out.push(c);
        }
        rest = chars.as_str();
    }
}

/// Whether two texts are the same when squashed.
pub fn same_squashed(one: &str, other: &str) -> bool {
    squashed(one).eq(squashed(other))
}

fn squashed(text: &str) -> impl Iterator<Item = char> {
    let mut before = None;
    text.chars().filter_map(plain_mark).filter(move |c| before.replace(*c) != Some(*c) || !joins_its_like(*c))
}

/// The plain mark for a typographic one; nothing for white space.
fn plain_mark(c: char) -> Option<char> {
    Some(match c {
        '’' | '‘' => '\'',
        '“' | '”' | '«' | '»' => '"',
        '–' | '—' => '-',
        '…' => '.',
        '\u{200b}' | '\u{feff}' | '↩' | '\u{fe0e}' => return None,
        c if c.is_whitespace() => return None,
        c => c,
    })
}

/// Dashes are drawn of hyphens, and an ellipsis of dots.
fn joins_its_like(c: char) -> bool {
    matches!(c, '-' | '.')
}

/// A character that may not stay as it is stands here.
fn begins_mark(bytes: &[u8]) -> bool {
    let next = bytes.get(1).copied().unwrap_or_default();
    SQUASHED[usize::from(bytes[0])]
        && match bytes[0] {
            0xc2 => matches!(next, 0x85 | 0xa0 | 0xab | 0xbb),
            0xe1 => next == 0x9a,
            0xe2 => matches!(next, 0x80 | 0x81 | 0x86),
            // of kana and CJK punctuation only the ideographic space
            0xe3 => next == 0x80 && bytes.get(2) == Some(&0x80),
            0xef => matches!(next, 0xb8 | 0xbb),
            _ => true,
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
            let text = format!("a{c}{c}b");
            let mut quick = String::new();
            squash(&text, &mut quick);
            assert_eq!(quick, squashed(&text).collect::<String>(), "{c:?}");
        }
    }

    #[test]
    fn runs_of_dashes_and_dots_are_one() {
        let mut out = String::from("a-");
        squash("--b — –- c... . d…", &mut out);
        assert_eq!(out, "a-b-c.d.");
    }
}
