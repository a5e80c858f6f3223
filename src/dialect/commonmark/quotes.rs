//! Double quotes, where cmark and pulldown-cmark see different ones.

use crate::dialect::marked::scan::is_punctuation;
use crate::tree::{Node, NodeKind};

/// cmark (`inlines.c`, `handle_delim`): a `"` closes wherever it could, by CommonMark's flanking rules, and opens
/// elsewhere; pulldown-cmark lets one between two letters open.
pub fn turn(node: &mut Node, source: &str) {
    let span = node.span.clone();
    if let NodeKind::Text(text) = &mut node.kind
        && text.contains('“')
        && let Some(typed) = source.get(span.clone())
    {
        // as many quotes as were typed, or one was typed as it is shown
        let made = typed.char_indices().filter(|(_, c)| *c == '"').map(|(at, _)| span.start + at);
        let shown = text.matches(['“', '”']).count();
        let made: Vec<usize> = made.collect();
        if made.len() == shown {
            let mut made = made.into_iter();
            let quote = |c: char| match (c, matches!(c, '“' | '”').then(|| made.next()).flatten()) {
                (_, Some(at)) if closes(source, at) => '”',
                (_, Some(_)) => '“',
                (c, None) => c,
            };
            *text = text.chars().map(quote).collect();
        }
    }
    node.children.iter_mut().for_each(|child| turn(child, source));
}

/// CommonMark 6.2: whether a run of marks of one byte at `at` is right-flanking.
fn closes(source: &str, at: usize) -> bool {
    let before = source[..at].chars().next_back().unwrap_or('\n');
    let after = source[at + 1..].chars().next().unwrap_or('\n');
    !before.is_whitespace() && (!is_punctuation(before) || after.is_whitespace() || is_punctuation(after))
}
