//! Pictures that a theme looks for in a folder of its own.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::html::addresses_of_elements;
use super::markdown::inline_destination;
use crate::markup::edit::Edits;
use crate::model::{Opened, Site};
use crate::template::Blog;

/// The text with the address of each picture as the theme's layout makes it, for themes of which a mapping file says so
/// (`[pictures]`).
pub fn placed<'a>(text: Cow<'a, str>, post: &Opened, blog: &Blog) -> Cow<'a, str> {
    if blog.rules.pictures.is_none() || !(text.contains("![") || text.contains("<img")) {
        return text;
    }
    let mut edits = Edits::default();
    for span in pictures_of(&text) {
        if let Some(placed) = text.get(span.clone()).and_then(|typed| address_of(typed, post, blog)) {
            let _ = edits.replace(span, placed);
        }
    }
    Cow::Owned(edits.apply(&text, 0..text.len()).into_owned())
}

/// The address of a picture as the theme's layout makes it; `None` where that is as typed.
pub fn address_of(typed: &str, post: &Opened, blog: &Blog) -> Option<String> {
    let below = &blog.rules.pictures.as_ref()?.below;
    let folder = below.iter().find_map(|name| post.details.fields.get(name)?.value.to_text());
    address(typed, &folder.unwrap_or_default(), &blog.site)
}

/// Chirpy (`media-url.html`): folder and base path in front of everything without a colon, no slash twice.
fn address(typed: &str, folder: &str, site: &Site) -> Option<String> {
    if typed.contains([':', '<', '>']) || typed.starts_with("//") || typed.is_empty() {
        return None;
    }
    let below = if folder.contains("://") {
        format!("{}/{}", folder.trim_end_matches('/'), typed.trim_start_matches('/'))
    } else {
        let parts = [site.base_path.as_str(), folder, typed];
        let parts = parts.iter().map(|part| part.trim_matches('/')).filter(|part| !part.is_empty());
        format!("/{}", parts.collect::<Vec<_>>().join("/"))
    };
    (below != typed).then_some(below)
}

/// Where the addresses of pictures stand in a text: of Markdown's own, and of elements.
fn pictures_of(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Vec<(Range<usize>, usize, bool)> = Vec::new();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Image { link_type, .. }) => {
                open.push((range.clone(), range.start + 2, link_type == LinkType::Inline));
            }
            Event::End(TagEnd::Image) => {
                if let Some((span, inner_end, true)) = open.pop() {
                    found.extend(inline_destination(text, &span, inner_end));
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                let img = |element: &[u8]| -> &'static [&'static str] {
                    if element == b"img" { &["src", "data-src"] } else { &[] }
                };
                let spans = addresses_of_elements(&text[range.clone()], img);
                found.extend(spans.into_iter().map(|(span, _)| range.start + span.start..range.start + span.end));
            }
            _ => {
                if let Some(parent) = open.last_mut() {
                    parent.1 = parent.1.max(range.end);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_found_where_they_stand() {
        let text = "![a](b.png \"c\") ![d *e*](/f.png){: .x } [g](h.png) `![i](j.png)`\n\n<p><img src=\"k.png\"></p>\n\n    ![l](m)\n";
        let found: Vec<&str> = pictures_of(text).into_iter().map(|span| &text[span]).collect();
        assert_eq!(found, ["b.png", "/f.png", "k.png"]);
    }
}
