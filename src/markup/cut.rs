//! The cut mark: where the summary ends.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use html5gum::{Token, Tokenizer};
use memchr::memmem;
use pulldown_cmark::{Event, Parser, Tag};
use regex::Regex;

use super::edit::Edits;
use super::target;
use crate::model::{Dialect, Opened, Site, Value};
use crate::tree::tokens::bounded;

/// The cut mark of a body: its span in the text.
pub type Cut = Range<usize>;

/// Hexo: the first `<!-- more -->` of the rendered page, with or without single spaces, any case.
static HEXO: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)<!-- ?more ?-->").expect("a valid pattern"));

/// Zola (`markdown.rs`): with white space or without.
static ZOLA: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<!--\s*more\s*-->").expect("a valid pattern"));

/// The cut mark of a post's text by the rule of its generator; spans inside `code` are passed over where the generator
/// looks at the rendered page.
pub fn find(text: &str, post: &Opened, site: &Site, code: &[Range<usize>]) -> Option<Cut> {
    let outside_code = |span: &Range<usize>| !code.iter().any(|c| c.start <= span.start && span.end <= c.end);
    match post.dialect {
        Dialect::Marked => HEXO.find_iter(text).map(|m| m.range()).find(outside_code),
        // Hugo (`pageparser`): exactly this one. In code it is shown as typed
        Dialect::Goldmark => memmem::find_iter(text.as_bytes(), MARK).map(|at| at..at + MARK.len()).find(outside_code),
        Dialect::Pulldown => ZOLA.find_iter(text).map(|m| m.range()).find(outside_code),
        // the page that is read has the mark where WordPress ends the beginning (`dialect/wordpress/mark.rs`)
        Dialect::WordPress => memmem::find(text.as_bytes(), MARK.as_bytes()).map(|at| at..at + MARK.len()),
        // Ink (`parse.go`): the first exact `<!--more-->` of the source where there is no `preview`. In code it is
        // shown as typed: Ink would take it out of the code
        Dialect::Gomarkdown if post.details.summary.is_some() => None,
        Dialect::Gomarkdown => {
            memmem::find_iter(text.as_bytes(), MARK).map(|at| at..at + MARK.len()).find(outside_code)
        }
        // Jekyll: the first `excerpt_separator`; its default, a blank line, is no mark that an author set
        Dialect::Kramdown | Dialect::Html | Dialect::Other => {
            let separator = site.setting("excerpt_separator").and_then(Value::as_str)?;
            if separator.trim().is_empty() {
                return None;
            }
            memmem::find(text.as_bytes(), separator.as_bytes()).map(|at| at..at + separator.len())
        }
    }
}

/// The mark in the form that every target takes (Hugo: exactly this one; Zola: any white space).
pub const MARK: &str = "<!--more-->";

/// Puts the target's mark in the place of the author's: of the marks that are spelt the same, the one that stood at
/// `cut` in the source.
pub fn normalise(text: &str, source: &str, cut: &Cut) -> String {
    let typed = source[cut.clone()].trim();
    let before = source[..cut.start].matches(typed).count();
    match text.match_indices(typed).nth(before) {
        Some((at, _)) => format!("{}{MARK}{}", &text[..at], &text[at + typed.len()..]),
        None => text.to_owned(),
    }
}

/// What stands before Hexo's mark in a rendered page, the elements that are open there closed.
pub fn page_before(page: &str) -> String {
    let before = &page[..HEXO.find(page).map_or(page.len(), |found| found.start())];
    let mut open: Vec<String> = Vec::new();
    for token in Tokenizer::new(&*bounded(before)).flatten() {
        match token {
            Token::StartTag(tag) if !tag.self_closing => open.push(String::from_utf8_lossy(&tag.name).into_owned()),
            Token::EndTag(tag) => {
                if let Some(at) = open.iter().rposition(|name| name.as_bytes() == &**tag.name) {
                    open.truncate(at);
                }
            }
            _ => {}
        }
    }
    const WITHOUT_END: [&str; 6] = ["br", "hr", "img", "input", "source", "wbr"];
    let mut closed = before.trim().to_owned();
    for name in open.iter().rev().filter(|name| !WITHOUT_END.contains(&name.as_str())) {
        closed.push_str(&format!("</{name}>"));
    }
    closed
}

/// Hugo (`pagelexer_intro.go`) takes the first mark anywhere for the cut, in code too: there a zero-width space stands
/// in it, so that code stays what it was.
pub fn shield_code(text: &str) -> Cow<'_, str> {
    let Some(first) = memmem::find(text.as_bytes(), MARK.as_bytes()) else { return Cow::Borrowed(text) };
    let mut edits = Edits::default();
    for (event, range) in Parser::new_ext(text, target::options()).into_offset_iter() {
        let is_code = matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Code(_));
        if is_code && range.contains(&first) {
            for (at, _) in text[range.clone()].match_indices(MARK) {
                let _ = edits.replace(range.start + at + 4..range.start + at + 4, "\u{200b}");
            }
        }
    }
    edits.apply(text, 0..text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_in_the_text_is_normalised_and_not_the_one_in_code() {
        let source = "`<!-- more -->`\n\n<!-- more -->\n\nb";
        assert_eq!(normalise(source, source, &(17..30)), "`<!-- more -->`\n\n<!--more-->\n\nb");
    }

    #[test]
    fn the_page_before_the_mark_is_whole() {
        assert_eq!(page_before("<p>a</p>\n<p>b <em>c<!-- more --> d</em></p>"), "<p>a</p>\n<p>b <em>c</em></p>");
    }

    #[test]
    fn a_mark_in_code_is_no_cut_for_hugo() {
        assert_eq!(shield_code("`<!--more-->`\n"), "`<!--\u{200b}more-->`\n");
        assert_eq!(shield_code("<!--more-->\n\n`<!--more-->`\n"), "<!--more-->\n\n`<!--more-->`\n");
    }
}
