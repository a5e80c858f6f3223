//! HTML as it is given to the tokeniser.

use std::borrow::Cow;

/// HTML that html5gum can read: it goes one call deeper for every attribute of a tag whose value stands in double quotes,
/// and thousands of them overflow the stack. A slash between two attributes ends such a descent, and HTML takes it for
/// the space that it stands for (`unexpected-solidus-in-tag`); no byte changes its place.
pub fn bounded(html: &str) -> Cow<'_, str> {
    // so many attributes are harmless on any stack
    const MOST: usize = 64;
    let mut slashes = Vec::new();
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &bytes[at..]) {
        at += open + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        at += bytes[at..].iter().take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'<' | b'>' | b'/')).count();
        let mut count = 0;
        while let Some(length) = attribute(&bytes[at..]) {
            count += 1;
            if count % MOST == 0 {
                slashes.push(at);
            }
            at += length;
        }
    }
    if slashes.is_empty() {
        return Cow::Borrowed(html);
    }
    let mut bounded = String::with_capacity(html.len());
    let mut rest = 0;
    for at in slashes {
        bounded.push_str(&html[rest..at]);
        bounded.push('/');
        rest = at + 1;
    }
    bounded.push_str(&html[rest..]);
    Cow::Owned(bounded)
}

/// Whether HTML may hold an attribute of this name, or of one that ends with it: only then need it be read for one.
pub fn has_attribute(html: &str, name: &str) -> bool {
    let bytes = html.as_bytes();
    memchr::memchr_iter(b'=', bytes).any(|at| {
        let before = bytes[..at].trim_ascii_end();
        before.len().checked_sub(name.len()).is_some_and(|start| before[start..].eq_ignore_ascii_case(name.as_bytes()))
    })
}

/// White space, a name and a value in double quotes at the start of a text: their length.
fn attribute(bytes: &[u8]) -> Option<usize> {
    let space = bytes.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'=' | b'/' | b'>' | b'"' | b'\'' | b'<');
    let name = bytes[space..].iter().position(ends_name)?;
    let value = bytes[space + name..].strip_prefix(b"=\"")?;
    let end = memchr::memchr(b'"', value)?;
    (space > 0 && name > 0).then_some(space + name + 2 + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use html5gum::{Token, Tokenizer};

    #[test]
    fn a_tag_of_thousands_of_attributes_is_read() {
        let attributes: String = (0..30_000).map(|number| format!(" a{number}=\"é\"")).collect();
        let html = format!("<p>é</p><a{attributes}>b</a>");
        let bounded = bounded(&html);
        assert_eq!(bounded.len(), html.len());
        let tags = Tokenizer::new(&*bounded).flatten().filter_map(|token| match token {
            Token::StartTag(tag) => Some(tag.attributes.len()),
            _ => None,
        });
        assert_eq!(tags.collect::<Vec<_>>(), [0, 30_000]);
    }

    #[test]
    fn an_attribute_is_suspected_wherever_it_may_stand() {
        let html = "<a data-SRC = x><b c=d";
        assert!(has_attribute(html, "src") && has_attribute(html, "c"));
        assert!(!has_attribute(html, "href") && !has_attribute("src", "src"));
    }

    #[test]
    fn all_other_html_stands_as_it_is() {
        let html = "<a href=\"x\" b='y' c>d</a> e=\"f\" <br />";
        assert!(matches!(bounded(html), Cow::Borrowed(_)));
    }
}
