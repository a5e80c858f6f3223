//! Definitions of links (`parser/kramdown/link.rb`): `[label]: address "title"`.

use super::block::{Blocks, Level, Link};
use super::characters::is_space;
use super::element::ElementKind;
use super::lines::{line, opt_space};

impl Blocks<'_> {
    /// `link.rb` (`LINK_DEFINITION_START`)
    pub(super) fn link_definition(&mut self, level: &mut Level<'_>) -> bool {
        let Some((typed, mut link, length)) = link_definition(level.rest()) else { return false };
        let label = normalised(&typed);
        let start = level.at;
        level.at += length;
        link.ial = level.ial.take();
        level.push(
            ElementKind::LinkDefinition { label: typed, href: link.href.clone(), title: link.title.clone() },
            start,
        );
        self.definitions.links.insert(label.clone(), link);
        self.last_link = Some(label);
        true
    }
}

/// A label as links are looked up by it (`normalize_link_id`).
pub fn normalised(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for c in label.chars() {
        if !is_space(c) {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// `[label]: address "title"`: the label as typed, the link and the length.
fn link_definition(text: &str) -> Option<(String, Link, usize)> {
    let space = opt_space(text);
    let rest = text[space..].strip_prefix('[')?;
    let end = rest.find([']', '\n']).filter(|end| *end > 0 && rest[*end..].starts_with("]:"))?;
    let label = rest[..end].to_owned();
    let head = space + 1 + end + 2;
    let line_length = line(&text[head..]).len();
    let after = text[head..head + line_length].strip_suffix('\n')?;
    let target = after.trim_start_matches([' ', '\t']);
    let target_at = head + after.len() - target.len();
    if let Some(angled) = target.strip_prefix('<')
        && let Some(close) = angled.find('>')
    {
        let link = Link { href: angled[..close].to_owned(), ..Link::default() };
        if let Some((title, length)) = title_and_end(&text[target_at + close + 2..]) {
            return Some((label, Link { title, ..link }, target_at + close + 2 + length));
        }
    }
    let shown = target.trim_end();
    if shown.is_empty() {
        return None;
    }
    // the shortest address behind which a title, or the line's end, follows
    for (at, _) in shown.char_indices().chain([(shown.len(), ' ')]).skip(1) {
        let ends = shown[at..].starts_with([' ', '\t']) || at == shown.len();
        if !ends {
            continue;
        }
        if let Some((title, length)) = title_and_end(&text[target_at + at..]) {
            let href = shown[..at].to_owned();
            if [" \"", " '", "\t\"", "\t'"].iter().any(|mark| href.contains(mark)) {
                return None;
            }
            return Some((label, Link { href, title, ial: None }, target_at + at + length));
        }
    }
    None
}

/// An optional title behind white space (a line end among it), up to the line's end: its length.
fn title_and_end(text: &str) -> Option<(Option<String>, usize)> {
    let blanks = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
    let mut at = blanks(text);
    let mut separated = at > 0;
    if text[at..].starts_with('\n') {
        at += 1;
        at += blanks(&text[at..]);
        separated = true;
    }
    if let Some(quote) = text[at..].chars().next().filter(|c| separated && matches!(c, '"' | '\'')) {
        let inner = &text[at + 1..];
        let line = line(inner);
        for (close, _) in line.match_indices(quote).filter(|(close, _)| *close > 0) {
            let rest = &inner[close + 1..];
            let space = blanks(rest);
            if rest[space..].starts_with('\n') {
                return Some((Some(inner[..close].to_owned()), at + 1 + close + 1 + space + 1));
            }
        }
    }
    let space = blanks(text);
    text[space..].starts_with('\n').then_some((None, space + 1))
}
