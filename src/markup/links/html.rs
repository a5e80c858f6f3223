//! Addresses in raw HTML.

use std::ops::Range;

use html5gum::{DefaultEmitter, Token, Tokenizer};

use crate::tree::tokens::{bounded, has_attribute};

/// The attributes of an element that hold the address of a page or file.
pub fn attributes_of(element: &[u8]) -> &'static [&'static str] {
    match element {
        b"a" | b"area" => &["href"],
        b"img" => &["src", "data-src"],
        b"video" => &["src", "poster"],
        b"iframe" | b"audio" | b"source" | b"embed" | b"track" => &["src"],
        b"object" => &["data"],
        _ => &[],
    }
}

/// Every address in a piece of HTML with its span in it. A value that is not in the tag as it reads (with entities
/// in it) is left out: it stays as it is.
pub fn addresses(html: &str) -> Vec<(Range<usize>, String)> {
    addresses_of_elements(html, attributes_of)
}

/// The same for the attributes of some elements.
pub fn addresses_of_elements(
    html: &str,
    attributes_of: impl Fn(&[u8]) -> &'static [&'static str],
) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    // most pieces of HTML have no such attribute at all
    if !["href", "src", "poster", "data"].iter().any(|name| has_attribute(html, name)) {
        return found;
    }
    for token in Tokenizer::new_with_emitter(&*bounded(html), DefaultEmitter::<usize>::new_with_span()).flatten() {
        let Token::StartTag(tag) = token else { continue };
        for attribute in attributes_of(&tag.name) {
            let Some(value) = tag.attributes.get(attribute.as_bytes()) else { continue };
            let value = String::from_utf8_lossy(&value.value).into_owned();
            let typed = html.get(tag.span.start..tag.span.end).unwrap_or("");
            if let Some(at) = typed.find(&value).filter(|_| !value.is_empty()) {
                let start = tag.span.start + at;
                found.push((start..start + value.len(), value));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_where_they_stand() {
        let html = r#"<p><a class=x href="/b?c">d</a><img src='e.png' alt="src"><link href="f">"#;
        let found: Vec<_> = addresses(html).into_iter().map(|(span, value)| (html[span].to_owned(), value)).collect();
        let twice = |text: &str| (text.to_owned(), text.to_owned());
        assert_eq!(found, [twice("/b?c"), twice("e.png")]);
    }
}
