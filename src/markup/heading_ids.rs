//! Heading ids by the target's own rule.

use std::collections::{HashMap, HashSet};

use pulldown_cmark::{Event, Tag, TagEnd};

use super::target::Reading;
use crate::model::Target;

/// The heading ids of a page, in order.
pub struct Ids {
    reading: Reading,
    used: HashSet<String>,
    /// The last number that each text has got.
    numbers: HashMap<String, usize>,
}

impl Ids {
    /// The ids of a page that has none yet.
    pub fn new(reading: Reading) -> Self {
        Ids { reading, used: HashSet::new(), numbers: HashMap::new() }
    }

    /// Gives a heading without an id the one that the target would compute, by its events and what each stands for.
    pub fn assign(&mut self, heading: &mut [(Event<'_>, &str)]) {
        let Some(((Event::Start(Tag::Heading { id, .. }), _), content)) = heading.split_first_mut() else { return };
        if let Some(id) = id {
            self.used.insert(id.to_string());
            return;
        }
        let computed = if self.reading.target == Target::Hugo {
            hugo_heading_text(content).map_or_else(|| UNKNOWN_ID.to_owned(), |text| self.next(&text))
        } else {
            self.next(&heading_text(content))
        };
        *id = Some(computed.into());
    }

    /// Hugo, goldmark and Zola number repeated ids from 1.
    pub fn next(&mut self, text: &str) -> String {
        let base = match self.reading.target {
            Target::Hugo => github_id(text),
            Target::Zola | Target::Html if self.reading.cased_ids => safe_id(text),
            Target::Zola | Target::Html => slug::slugify(text),
        };
        if self.used.insert(base.clone()) {
            return base;
        }
        let last = self.numbers.entry(base.clone()).or_default();
        loop {
            *last += 1;
            let id = format!("{base}-{last}");
            if self.used.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// An id that no heading has: where it is not worth knowing what the target computes, the heading gets its old one.
const UNKNOWN_ID: &str = "?";

fn heading_text(events: &[(Event<'_>, &str)]) -> String {
    let mut text = String::new();
    for (event, _) in events {
        match event {
            Event::Text(t) | Event::Code(t) => text.push_str(t),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Heading(_)) => break,
            _ => {}
        }
    }
    text
}

/// Hugo (`render/context.go`, `textPlainTo`): the text of a heading's last line, of marks inside it only what their
/// first child holds, numeric references as typed. `None` where marks hold more than one plain text.
fn hugo_heading_text(events: &[(Event<'_>, &str)]) -> Option<String> {
    let mut text = String::new();
    let mut depth = 0usize;
    let mut inner = 0usize;
    for (event, typed) in events {
        match event {
            Event::End(TagEnd::Heading(_)) => break,
            Event::Start(_) => {
                depth += 1;
                inner += usize::from(depth > 1);
            }
            Event::End(_) => {
                depth -= 1;
                inner = 0;
            }
            Event::Text(t) => {
                inner += usize::from(depth > 0);
                let plain = t.chars().all(|c| !c.is_ascii_punctuation() || matches!(c, '-' | ',' | '(' | ')' | '/'));
                if typed.contains("&#") || inner > 1 || (depth > 0 && !plain) {
                    return None;
                }
                text.push_str(t);
            }
            Event::Code(t) => {
                inner += usize::from(depth > 0);
                text.push_str(t);
            }
            Event::SoftBreak | Event::HardBreak => text.clear(),
            Event::InlineHtml(_) if depth > 0 => inner += 1,
            _ => {}
        }
    }
    (inner <= 1).then_some(text)
}

/// Hugo (`autoid.go`, type `github`): letters, digits and `_` lower-cased, space and `-` become `-`, the rest goes.
fn github_id(text: &str) -> String {
    let mut id = String::new();
    for c in text.trim().chars() {
        match c {
            ' ' | '-' => id.push('-'),
            '_' => id.push('_'),
            // Go's `unicode.IsLetter` and `IsDigit`
            c if c.is_alphabetic() || c.is_ascii_digit() => id.extend(c.to_lowercase()),
            c if c.is_numeric() => return UNKNOWN_ID.to_owned(),
            _ => {}
        }
    }
    if id.is_empty() { "heading".to_owned() } else { id }
}

/// Zola with `anchors = "safe"` (`slugs.rs`): only ASCII white space becomes `_`.
fn safe_id(text: &str) -> String {
    text.trim().split_ascii_whitespace().collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(texts: &[&str]) -> Vec<String> {
        let reading =
            Reading { target: Target::Hugo, hard_breaks: false, math: false, bare_links: false, cased_ids: false };
        let mut ids = Ids::new(reading);
        texts.iter().map(|text| ids.next(text)).collect()
    }

    #[test]
    fn repeated_ids_are_numbered_past_those_that_are_taken() {
        assert_eq!(ids(&["a", "a-1", "a", "a", "a 1", "a"]), ["a", "a-1", "a-2", "a-3", "a-1-1", "a-4"]);
    }

    #[test]
    fn many_equal_headings_take_linear_time() {
        let texts = vec!["a"; 100_000];
        assert_eq!(ids(&texts).last().map(String::as_str), Some("a-99999"));
    }
}
