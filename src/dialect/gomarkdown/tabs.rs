//! blackfriday's first pass (`markdown.go`, `firstPass`): tabs become spaces, to columns of four, but in fenced code.

use super::super::ends::Ends;
use super::super::text::Text;
use super::scan;

/// The text with its tabs expanded.
pub fn expanded(text: Text) -> Text {
    if !text.as_str().contains('\t') {
        return text;
    }
    let (whole, mut out, mut ends) = (text.as_str(), Text::default(), Ends::default());
    let (mut at, mut fenced_until) = (0, 0);
    while at < whole.len() {
        let end = at + scan::line(&whole.as_bytes()[at..]);
        if at >= fenced_until
            && let Some((_, length)) = scan::fenced(whole.as_bytes(), at, &mut ends)
        {
            fenced_until = at + length;
        }
        match end < fenced_until || !whole[at..end].contains('\t') {
            true => out.push(&text, at..end),
            false => line(&text, at, end, &mut out),
        }
        at = end;
    }
    out
}

fn line(text: &Text, start: usize, end: usize, out: &mut Text) {
    let (mut column, mut from) = (0, start);
    for (at, c) in text.as_str()[start..end].char_indices() {
        if c != '\t' {
            column += 1;
            continue;
        }
        out.push(text, from..start + at);
        let spaces = 4 - column % 4;
        // each of them stands where the tab did
        for _ in 0..spaces {
            out.push_str(" ", text.source(start + at));
        }
        column += spaces;
        from = start + at + 1;
    }
    out.push(text, from..end);
}
