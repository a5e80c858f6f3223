//! Links of a page whose text the target reads as Markdown.
//!
//! As plain HTML a page keeps its address, and with it what its relative links mean. Zola serves `/a/b.html` at
//! `/a/b/`, and Hugo `/a/b`: what was relative to `/a/` must become absolute.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::html::addresses;
use super::native::{Stands, is_native};
use super::rewrite::Departure;
use crate::escape::escape_attribute;
use crate::markup::edit::Edits;
use crate::markup::target;
use crate::model::Target;

/// Writes every address as it must be written on the new site, and gives links without an address the form that Zola
/// takes.
///
/// `addresses` are those of the old page: where each of them is right as typed, the text is not read at all.
pub fn settle<'a>(text: &'a str, addresses: &[String], page: Departure<'_>) -> Cow<'a, str> {
    let stands = |typed: &str| {
        let own = page.crossing.target == Target::Zola && (typed.is_empty() || typed.starts_with('#'));
        !own && [Stands::InMarkdown, Stands::InHtml].iter().all(|stands| page.rewrite(typed, *stands).is_none())
    };
    if addresses.iter().map(String::as_str).chain(defined(text)).all(stands) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(settle_with(text, page.crossing.target, &|typed, stands| page.rewrite(typed, stands)))
}

/// What link definitions name that no link of the page uses.
fn defined(text: &str) -> impl Iterator<Item = &str> {
    let destinations = memchr::memmem::find_iter(text.as_bytes(), "]:")
        .filter_map(|at| text[at + "]:".len()..].split_whitespace().next());
    destinations.map(|typed| typed.trim_start_matches('<').trim_end_matches('>'))
}

fn settle_with(text: &str, target: Target, rewrite: &impl Fn(&str, Stands) -> Option<String>) -> String {
    let mut edits = Edits::default();
    let at = |span: Range<usize>, stands: Stands, edits: &mut Edits| {
        if let Some(rewritten) = text.get(span.clone()).and_then(|typed| rewrite(&meant(typed), stands)) {
            let _ = edits.replace(span, escaped(&rewritten));
        }
    };
    let parser = Parser::new_ext(text, target::options());
    for (_, definition) in parser.reference_definitions().iter() {
        if let Some(dest) = definition_destination(text, &definition.span) {
            at(dest, Stands::InMarkdown, &mut edits);
        }
    }
    let mut open: Vec<(Range<usize>, usize, bool)> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Link { link_type, ref dest_url, .. } | Tag::Image { link_type, ref dest_url, .. }) => {
                let is_inline = link_type == LinkType::Inline;
                let is_link = matches!(event, Event::Start(Tag::Link { .. }));
                let own = dest_url.is_empty() || dest_url.starts_with('#');
                let close = match link_type {
                    LinkType::Inline => "](",
                    LinkType::Reference | LinkType::Collapsed => "][",
                    LinkType::Shortcut => "]",
                    _ => "",
                };
                if target == Target::Zola && is_link && own && !close.is_empty() {
                    as_element(text, &range, close, dest_url, &mut edits);
                }
                open.push((range.clone(), range.start + 1, is_inline));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some((span, inner_end, true)) = open.pop()
                    && let Some(dest) = inline_destination(text, &span, inner_end)
                {
                    at(dest, Stands::InMarkdown, &mut edits);
                }
                if let Some(parent) = open.last_mut() {
                    parent.1 = parent.1.max(range.end);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                for (span, _) in addresses(&text[range.clone()]) {
                    at(range.start + span.start..range.start + span.end, Stands::InHtml, &mut edits);
                }
            }
            _ => {
                if let Some(parent) = open.last_mut() {
                    parent.1 = parent.1.max(range.end);
                }
            }
        }
    }
    edits.apply(text, 0..text.len()).into_owned()
}

/// Zola (`markdown.rs`, `fix_link`) refuses `[text]()`, and makes of `[text](#part)` an absolute address, which leaves a
/// preview for the published site. The old page's link was one within the page: as an element it stays that.
fn as_element(text: &str, range: &Range<usize>, close: &str, href: &str, edits: &mut Edits) {
    let Some(at) = text[range.clone()].rfind(close) else { return };
    let mut shown = String::new();
    escape_attribute(href, &mut shown);
    let _ = edits.replace(range.start..range.start + 1, format!("<a href=\"{shown}\">"));
    let _ = edits.replace(range.start + at..range.end, "</a>");
}

/// The destination of `[text](destination "title")`, whose text ends at `inner_end` or later.
pub(super) fn inline_destination(text: &str, span: &Range<usize>, inner_end: usize) -> Option<Range<usize>> {
    let from = inner_end.min(span.end);
    let open = text.get(from..span.end)?.find("](").map(|at| from + at + 2)?;
    destination(text, open, span.end)
}

/// The destination of `[label]: destination "title"`.
fn definition_destination(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let open = text.get(span.clone())?.find("]:").map(|at| span.start + at + 2)?;
    destination(text, open, span.end)
}

fn destination(text: &str, from: usize, end: usize) -> Option<Range<usize>> {
    let slice = text.get(from..end)?;
    let start = from + (slice.len() - slice.trim_start().len());
    let rest = &text[start..end];
    if let Some(inner) = rest.strip_prefix('<') {
        return Some(start + 1..start + 1 + inner.find('>')?);
    }
    let mut depth = 0usize;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(start..start + at),
            ')' => depth -= 1,
            c if c.is_whitespace() => return Some(start..start + at),
            _ => {}
        }
    }
    Some(start..end)
}

/// An address as it can stand in a link and in an attribute alike.
fn escaped(address: &str) -> String {
    if is_native(address) {
        return address.to_owned();
    }
    address.replace('(', "%28").replace(')', "%29").replace('\'', "%27")
}

/// An address in the text as it is meant.
fn meant(typed: &str) -> Cow<'_, str> {
    if typed.contains("&amp;") { typed.replace("&amp;", "&").into() } else { typed.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_images_definitions_and_html_are_rewritten() {
        let text = "[a](b.html) ![i](i.png \"t\") [r]\n\n<img src=\"x.png\">\n\n[r]: <c d.html>\n";
        let expected = "[a](/p/b.html) ![i](/p/i.png \"t\") [r]\n\n<img src=\"/p/x.png\">\n\n[r]: </p/c d.html>\n";
        assert_eq!(settle_with(text, Target::Hugo, &|typed, _| Some(format!("/p/{typed}"))), expected);
        assert_eq!(settle_with(text, Target::Hugo, &|_, _| None), text);
    }

    #[test]
    fn addresses_keep_their_place_in_a_link() {
        let settled = settle_with("[a](b&amp;c)", Target::Hugo, &|typed, _| Some(format!("/{typed}(1)")));
        assert_eq!(settled, "[a](/b&c%281%29)");
    }

    #[test]
    fn links_within_the_page_become_elements() {
        assert_eq!(settle_with("[b *c*](#d)", Target::Zola, &|_, _| None), "<a href=\"#d\">b *c*</a>");
        assert_eq!(
            settle_with("[b][c] [c]\n\n[c]: #d\n", Target::Zola, &|_, _| None),
            "<a href=\"#d\">b</a> <a href=\"#d\">c</a>\n\n[c]: #d\n"
        );
        assert_eq!(settle_with("[b](#d)", Target::Hugo, &|_, _| None), "[b](#d)");
        assert_eq!(settle_with("a [b]() c", Target::Zola, &|_, _| None), "a <a href=\"\">b</a> c");
    }
}
