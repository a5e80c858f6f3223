//! Tildes that goldmark would strike a text out with, and the reading that stands in for it would not.

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::edit::Edits;
use super::target;
use crate::dialect::commonmark::goldmark::{Tildes, bare_addresses, struck, tildes};

/// Puts a backslash before each tilde that was text on the old page and would be a mark to goldmark.
pub fn shield(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr::memchr_iter(b'~', text.as_bytes()).nth(1).is_none() {
        return text;
    }
    let addresses = bare_addresses(&text);
    let is_free = |run: &Tildes| {
        let next = addresses.partition_point(|(_, end)| *end <= run.at);
        addresses.get(next).is_none_or(|(start, _)| run.at < *start)
    };
    let runs: Vec<Tildes> = tildes(&text).into_iter().filter(is_free).collect();
    let mut edits = Edits::default();
    for paragraph in paragraphs(&text, &runs) {
        for (open, close) in struck(&paragraph) {
            for run in [paragraph[open], paragraph[close]] {
                for at in run.at..run.at + run.length {
                    let _ = edits.replace(at..at, "\\");
                }
            }
        }
    }
    match edits.apply(&text, 0..text.len()) {
        Cow::Borrowed(_) => text,
        Cow::Owned(shielded) => Cow::Owned(shielded),
    }
}

/// The runs that stand as text on the page, those of each paragraph, heading and cell together.
fn paragraphs(text: &str, runs: &[Tildes]) -> Vec<Vec<Tildes>> {
    let mut all: Vec<Vec<Tildes>> = vec![Vec::new()];
    let mut verbatim = 0usize;
    for (event, range) in Parser::new_ext(text, target::options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => verbatim += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => verbatim = verbatim.saturating_sub(1),
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::TableCell | Tag::Item | Tag::BlockQuote(_))
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell | TagEnd::Item)
                if all.last().is_some_and(|last| !last.is_empty()) =>
            {
                all.push(Vec::new());
            }
            Event::Text(_) if verbatim == 0 => {
                let from = runs.partition_point(|run| run.at < range.start);
                let inside = runs[from..].iter().take_while(|run| run.at < range.end);
                if let Some(last) = all.last_mut() {
                    last.extend(inside);
                }
            }
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::shield;

    /// What stays as typed is struck out by Hugo 0.168, or is not.
    #[test]
    fn tildes_of_the_text_stay_text() {
        for (text, expected) in [
            ("8~10 and 3~5", "8\\~10 and 3\\~5"),
            ("a ~b~ c", "a ~b~ c"),
            ("a~b", "a~b"),
            ("`8~10` and `3~5`", "`8~10` and `3~5`"),
            ("http://a.example/~b 3~5", "http://a.example/~b 3~5"),
            ("1~2\n\n3~4", "1~2\n\n3~4"),
            ("| 1~2 | 3~4 |\n|-|-|", "| 1~2 | 3~4 |\n|-|-|"),
            ("~~gone~~ 1~2", "~~gone~~ 1~2"),
        ] {
            assert_eq!(shield(text.into()), expected, "{text}");
        }
    }
}
