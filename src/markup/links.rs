//! Links and images that mean something else at a page's new address.
//!
//! As plain HTML a page keeps its address, and with it what its relative links mean. Zola serves `/a/b.html` at
//! `/a/b/`, and Hugo `/a/b`: what was relative to `/a/` must become absolute.

use std::ops::Range;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::edit::Edits;
use super::html::escape_attribute;
use super::target::{self, Target};

/// Makes every relative address of a page that the target moves absolute by the page's old address, and gives links
/// without an address the form that Zola takes.
pub fn settle(text: &str, address: &str, base_path: &str, target: Target) -> String {
    let moved = moves(address, target);
    if !moved && target != Target::Zola {
        return text.to_owned();
    }
    let mut edits = Edits::default();
    let parser = Parser::new_ext(text, target::options());
    if moved {
        for (_, definition) in parser.reference_definitions().iter() {
            if let Some(dest) = definition_destination(text, &definition.span) {
                resolve_at(text, dest, address, base_path, &mut edits);
            }
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
                    && moved
                    && let Some(dest) = inline_destination(text, &span, inner_end)
                {
                    resolve_at(text, dest, address, base_path, &mut edits);
                }
                if let Some(parent) = open.last_mut() {
                    parent.1 = parent.1.max(range.end);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) if moved => {
                html_addresses(text, &range, address, base_path, &mut edits)
            }
            _ => {
                if let Some(parent) = open.last_mut() {
                    parent.1 = parent.1.max(range.end);
                }
            }
        }
    }
    edits.apply(text, 0..text.len())
}

/// Whether the target serves a page from another folder than the old site did: Zola every page without a slash at its
/// end, Hugo (`page_paths.go`) those without an extension as well.
fn moves(address: &str, target: Target) -> bool {
    let last = address.rsplit('/').next().unwrap_or("");
    match target {
        Target::Zola => !last.is_empty(),
        Target::Hugo => !last.is_empty() && !last.contains('.'),
        Target::Html => false,
    }
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
fn inline_destination(text: &str, span: &Range<usize>, inner_end: usize) -> Option<Range<usize>> {
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

fn html_addresses(text: &str, range: &Range<usize>, address: &str, base_path: &str, edits: &mut Edits) {
    let html = &text[range.clone()];
    for token in Tokenizer::new_with_emitter(html, DefaultEmitter::<usize>::new_with_span()).flatten() {
        let Token::StartTag(tag) = token else { continue };
        let name: &[u8] = &tag.name;
        let attributes: &[&str] = match name {
            b"a" => &["href"],
            b"img" | b"iframe" | b"video" | b"audio" | b"source" | b"embed" => &["src"],
            _ => continue,
        };
        for attribute in attributes {
            let Some(value) = tag.attributes.get(attribute.as_bytes()) else { continue };
            let value = String::from_utf8_lossy(&value.value).into_owned();
            let tag_text = html.get(tag.span.start..tag.span.end).unwrap_or("");
            // the value is found in the tag as typed; entities in it keep it as it is
            if let Some(at) = tag_text.find(&value).filter(|_| !value.is_empty()) {
                let start = range.start + tag.span.start + at;
                resolve_at(text, start..start + value.len(), address, base_path, edits);
            }
        }
    }
}

fn resolve_at(text: &str, span: Range<usize>, address: &str, base_path: &str, edits: &mut Edits) {
    if let Some(resolved) = text.get(span.clone()).and_then(|typed| resolve(typed, address, base_path)) {
        let _ = edits.replace(span, resolved);
    }
}

/// A relative address as the browser resolved it on the old page; `None` where it is absolute, or only a fragment.
pub fn resolve(typed: &str, address: &str, base_path: &str) -> Option<String> {
    let scheme = typed.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if typed.is_empty() || typed.starts_with(['/', '#', '?', '@', '\\', '{']) || scheme {
        return None;
    }
    let (path, rest) = typed.split_at(typed.find(['?', '#']).unwrap_or(typed.len()));
    let folder = &address[..address.rfind('/').map_or(0, |at| at + 1)];
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let slash = if path.ends_with('/') || path.ends_with("/.") || path.ends_with("..") { "/" } else { "" };
    let joined = parts.join("/");
    let slash = if joined.is_empty() { "" } else { slash };
    Some(format!("{base_path}/{joined}{slash}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_mean_what_they_meant() {
        let cases = [
            ("img/a.png", Some("/2020/img/a.png")),
            ("./a.png", Some("/2020/a.png")),
            ("../b/#x", Some("/b/#x")),
            ("..", Some("/")),
            ("/a.png", None),
            ("#x", None),
            ("https://a.example/b", None),
            ("mailto:a@b.example", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(resolve(typed, "/2020/post.html", "").as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn links_images_definitions_and_html_are_rewritten() {
        let text = "[a](b.html) ![i](i.png \"t\") [r]\n\n<img src=\"x.png\">\n\n[r]: <c d.html>\n";
        let expected = "[a](/p/b.html) ![i](/p/i.png \"t\") [r]\n\n<img src=\"/p/x.png\">\n\n[r]: </p/c d.html>\n";
        assert_eq!(settle(text, "/p/post.html", "", Target::Zola), expected);
        assert_eq!(settle(text, "/p/post/", "", Target::Zola), text);
        assert_eq!(settle(text, "/p/post", "", Target::Hugo), expected);
        assert_eq!(settle(text, "/p/post.html", "", Target::Hugo), text);
    }

    #[test]
    fn links_within_the_page_become_elements() {
        assert_eq!(settle("[b *c*](#d)", "/p/", "", Target::Zola), "<a href=\"#d\">b *c*</a>");
        assert_eq!(
            settle("[b][c] [c]\n\n[c]: #d\n", "/p/", "", Target::Zola),
            "<a href=\"#d\">b</a> <a href=\"#d\">c</a>\n\n[c]: #d\n"
        );
        assert_eq!(settle("[b](#d)", "/p/", "", Target::Hugo), "[b](#d)");
        assert_eq!(settle("a [b]() c", "/p/", "", Target::Zola), "a <a href=\"\">b</a> c");
    }
}
