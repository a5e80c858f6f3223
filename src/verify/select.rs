//! Selectors: the part of CSS that names where something stands (`article.post .body`, `[itemprop=headline]`).

use super::dom::{Dom, Id};

/// A selector: simple ones, each below the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector(Vec<Simple>);

/// What an element must be: all of this.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Simple {
    name: Option<String>,
    /// Attributes with the test of their value.
    attributes: Vec<(String, Test)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// It is there.
    Present,
    /// It is this.
    Is(String),
    /// One of its words is this (`class`, `~=`).
    Word(String),
    /// This stands in it (`*=`).
    Holds(String),
}

/// Why a selector is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no selector that is understood; such as `article`, `.post-content`, `#content` or `main .body` are")]
pub struct WrongSelector(pub String);

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// Where it holds more than names, classes, ids and attributes, one below the other.
    pub fn parse(text: &str) -> Result<Selector, WrongSelector> {
        let wrong = || WrongSelector(text.to_owned());
        let parts: Option<Vec<Simple>> = text.split_whitespace().map(simple).collect();
        parts.filter(|parts| !parts.is_empty()).map(Selector).ok_or_else(wrong)
    }

    /// The elements below a node that are meant, in the order of the text.
    pub fn all<'a>(&'a self, dom: &'a Dom, from: Id) -> impl Iterator<Item = Id> + 'a {
        dom.elements(from).filter(move |id| self.means(dom, *id))
    }

    /// Whether an element is meant.
    pub fn means(&self, dom: &Dom, id: Id) -> bool {
        let Some((last, above)) = self.0.split_last() else { return false };
        if !last.fits(dom, id) {
            return false;
        }
        // the nearest element that fits leaves the most for those above it
        let mut around = dom.around(id);
        above.iter().rev().all(|simple| around.any(|id| simple.fits(dom, id)))
    }
}

impl Simple {
    fn fits(&self, dom: &Dom, id: Id) -> bool {
        let Some(name) = dom.name(id) else { return false };
        self.name.as_deref().is_none_or(|wanted| wanted == name)
            && self.attributes.iter().all(|(name, test)| match (dom.attribute(id, name), test) {
                (None, _) => false,
                (Some(_), Test::Present) => true,
                (Some(value), Test::Is(wanted)) => value == wanted,
                (Some(value), Test::Word(wanted)) => value.split_ascii_whitespace().any(|word| word == wanted),
                (Some(value), Test::Holds(wanted)) => value.contains(wanted.as_str()),
            })
    }
}

/// `name.class#id[attribute=value]`.
fn simple(text: &str) -> Option<Simple> {
    let mut simple = Simple::default();
    let (name, mut rest) = text.split_at(text.find(['.', '#', '[']).unwrap_or(text.len()));
    if !name.is_empty() && name != "*" {
        simple.name = Some(word(name)?.to_ascii_lowercase());
    }
    while let Some(mark) = rest.chars().next() {
        let behind = &rest[mark.len_utf8()..];
        if mark == '[' {
            let end = behind.find(']')?;
            simple.attributes.push(attribute(&behind[..end])?);
            rest = &behind[end + 1..];
            continue;
        }
        let end = behind.find(['.', '#', '[']).unwrap_or(behind.len());
        let name = word(&behind[..end])?.to_owned();
        simple.attributes.push(match mark {
            '.' => ("class".to_owned(), Test::Word(name)),
            '#' => ("id".to_owned(), Test::Is(name)),
            _ => return None,
        });
        rest = &behind[end..];
    }
    Some(simple)
}

/// `name`, `name=value`, `name~=word`, `name*=part`.
fn attribute(text: &str) -> Option<(String, Test)> {
    let Some((name, value)) = text.split_once('=') else { return Some((word(text)?.to_owned(), Test::Present)) };
    let value = value.trim_matches(['"', '\'']).to_owned();
    let (name, test) = match name.strip_suffix('~') {
        Some(name) => (name, Test::Word(value)),
        None => match name.strip_suffix('*') {
            Some(name) => (name, Test::Holds(value)),
            None => (name, Test::Is(value)),
        },
    };
    Some((word(name)?.to_owned(), test))
}

/// A name of CSS, as far as anybody writes them.
fn word(text: &str) -> Option<&str> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    (!text.is_empty() && text.chars().all(fits)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_by_what_they_are() {
        let page = "<article class='post h-entry'><div id=x><p class=body>1</p></div></article>\
                    <p class=body itemprop='headline name'>2</p><a href='/a#fn:1'>3</a>";
        let dom = Dom::parse(page).expect("a page");
        for (selector, expected) in [
            ("p", "12"),
            (".body", "12"),
            ("article .body", "1"),
            (".h-entry.post #x p.body", "1"),
            ("#x article p", ""),
            ("[itemprop~=headline]", "2"),
            ("p[itemprop]", "2"),
            ("a[href*='#fn']", "3"),
        ] {
            let found = Selector::parse(selector).expect(selector);
            let texts: String = found.all(&dom, 0).map(|id| dom.text(id)).collect();
            assert_eq!(texts, expected, "{selector}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for selector in ["", "a > b", "p:first-child", "[x", "..", "a,b", "#"] {
            assert!(Selector::parse(selector).is_err(), "{selector}");
        }
    }
}
