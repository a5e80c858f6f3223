//! Heading ids by the target's own rule.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::target::Reading;
use crate::dialect::commonmark::ids::{self, Numbered};
use crate::model::Target;

/// The heading ids of a page, in order.
pub struct Ids {
    reading: Reading,
    numbered: Numbered,
}

impl Ids {
    /// The ids of a page that has none yet.
    pub fn new(reading: Reading) -> Self {
        Ids { reading, numbered: Numbered::default() }
    }

    /// Gives a heading without an id the one that the target would compute, by its events and what each stands for.
    pub fn assign(&mut self, heading: &mut [(Event<'_>, &str)]) {
        let Some(((Event::Start(Tag::Heading { id, .. }), _), content)) = heading.split_first_mut() else { return };
        if let Some(id) = id {
            self.numbered.take(id);
            return;
        }
        let computed = if self.reading.target == Target::Hugo {
            hugo_heading_text(content).map_or_else(|| ids::UNKNOWN.to_owned(), |text| self.next(&text))
        } else {
            self.next(&heading_text(content))
        };
        *id = Some(computed.into());
    }

    /// The id of a text.
    pub fn next(&mut self, text: &str) -> String {
        self.numbered.next(match self.reading.target {
            Target::Hugo => ids::github(text),
            Target::Zola | Target::Html if self.reading.cased_ids => ids::safe(text),
            Target::Zola | Target::Html => slug::slugify(text),
        })
    }
}

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
