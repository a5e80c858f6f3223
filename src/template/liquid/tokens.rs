//! A template cut at its delimiters.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::expression::{is_space, pattern};

/// A piece of a template.
pub enum Token<'a> {
    /// What stands between delimiters.
    Text(&'a str),
    /// What stands in `{{ }}`.
    Output(&'a str),
    /// The name of a tag and what stands behind it.
    Tag(&'a str, &'a str),
    /// The text of `raw`.
    Raw(&'a str),
}

/// Cuts a template; each piece has its place. `{%-` and `-%}` take white space off their neighbours.
pub fn tokenize(text: &str) -> Vec<(Token<'_>, Range<usize>)> {
    let mut tokens: Vec<(Token<'_>, Range<usize>)> = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    let mut trim_next = false;
    let mut closes = Closes { text, output: None, tag: None };
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
        let rest = &text[found..];
        let (is_tag, end) = if rest.starts_with("{{") {
            (false, closes.output(found + 2))
        } else if rest.starts_with("{%") {
            (true, closes.tag(found + 2))
        } else {
            at = found + 1;
            continue;
        };
        let Some(end) = end else {
            at = found + 2;
            continue;
        };
        let mut inner = &text[found + 2..end - 2];
        let trims_before = inner.starts_with('-');
        let trims_after = inner.ends_with('-') && inner.len() > usize::from(trims_before);
        inner = inner.strip_prefix('-').unwrap_or(inner);
        if trims_after {
            inner = inner.strip_suffix('-').unwrap_or(inner);
        }
        push_text(text, plain..found, std::mem::replace(&mut trim_next, trims_after), trims_before, &mut tokens);
        let token = if is_tag { tag(inner) } else { Token::Output(inner) };
        if matches!(token, Token::Tag("raw", _)) {
            let (body, after) = raw_body(text, end).unwrap_or_else(|| {
                // never closed: the tag stays as typed, and so does all behind it
                tokens.push((token, found..end));
                (end..text.len(), text.len())
            });
            tokens.push((Token::Raw(&text[body.clone()]), body));
            (at, plain) = (after, after);
        } else {
            tokens.push((token, found..end));
            (at, plain) = (end, end);
        }
    }
    push_text(text, plain..text.len(), trim_next, false, &mut tokens);
    tokens
}

/// Liquid (`block_body.rb`): letters, digits and `_` are the name, the rest belongs to the tag.
fn tag(inner: &str) -> Token<'_> {
    let inner = inner.trim_start_matches(is_space);
    // names of plugins' tags may have a dash here, which Liquid would refuse
    let end = inner.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(inner.len());
    Token::Tag(&inner[..end], inner[end..].trim_matches(is_space))
}

/// Where delimiters close, remembered so that a text full of openers is read once.
struct Closes<'a> {
    text: &'a str,
    output: Option<Option<usize>>,
    tag: Option<Option<usize>>,
}

impl Closes<'_> {
    fn output(&mut self, from: usize) -> Option<usize> {
        next_close(self.text, from, "}}", &mut self.output)
    }

    fn tag(&mut self, from: usize) -> Option<usize> {
        next_close(self.text, from, "%}", &mut self.tag)
    }
}

fn next_close(text: &str, from: usize, close: &str, known: &mut Option<Option<usize>>) -> Option<usize> {
    match known {
        Some(None) => None,
        Some(Some(end)) if *end >= from + close.len() => Some(*end),
        _ => {
            let end = text[from..].find(close).map(|at| from + at + close.len());
            *known = Some(end);
            end
        }
    }
}

fn push_text<'a>(
    text: &'a str,
    range: Range<usize>,
    trim_start: bool,
    trim_end: bool,
    tokens: &mut Vec<(Token<'a>, Range<usize>)>,
) {
    let mut plain = &text[range.clone()];
    let trimmed = |c: char| is_space(c) || c == '\0';
    if trim_start {
        plain = plain.trim_start_matches(trimmed);
    }
    if trim_end {
        plain = plain.trim_end_matches(trimmed);
    }
    if !plain.is_empty() {
        tokens.push((Token::Text(plain), range));
    }
}

/// The body of `raw` up to its end tag, and where the text goes on.
fn raw_body(text: &str, from: usize) -> Option<(Range<usize>, usize)> {
    static END: LazyLock<Regex> = LazyLock::new(|| pattern(&[r"(?s)\{%-?\s*endraw(?:[^\w].*?)?%\}"]));
    END.find_at(text, from).map(|end| (from..end.start(), end.end()))
}
