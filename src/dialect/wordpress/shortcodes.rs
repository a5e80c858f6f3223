//! Shortcodes (wp-includes/shortcodes.php): where they stand, and what they say.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::split::next_bracket;

/// A shortcode in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortcode<'a> {
    /// All of it, an end included where there is one.
    pub span: Range<usize>,
    /// Its name.
    pub name: &'a str,
    /// What stands behind the name.
    pub attributes: &'a str,
    /// What stands before its end; `None` where it has none.
    pub content: Option<&'a str>,
    /// It stands in two brackets, which is how one is shown.
    pub is_escaped: bool,
}

/// The shortcodes of a text, in order.
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Names of which no end stands behind.
    endless: HashSet<&'a str>,
}

impl<'a> Scanner<'a> {
    /// A text from its beginning.
    pub fn new(text: &'a str) -> Self {
        Scanner { text, at: 0, endless: HashSet::new() }
    }

    /// The next one whose name is wanted.
    pub fn next(&mut self, wanted: &impl Fn(&str) -> bool) -> Option<Shortcode<'a>> {
        while let Some(open) = next_bracket(self.text, self.at) {
            match self.read(open, wanted) {
                Some(found) => {
                    self.at = found.span.end;
                    return Some(found);
                }
                None => self.at = open + 1,
            }
        }
        None
    }

    /// `get_shortcode_regex`
    fn read(&mut self, open: usize, wanted: &impl Fn(&str) -> bool) -> Option<Shortcode<'a>> {
        let text = self.text;
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let doubled = text[open + 1..].starts_with('[');
        let start = open + 1 + usize::from(doubled);
        let length = text[start..].bytes().take_while(|byte| is_name(byte)).count();
        let name = &text[start..start + length];
        if name.is_empty() || !wanted(name) {
            return None;
        }
        let close = start + length + text[start + length..].find(']')?;
        let attributes = &text[start + length..close];
        let (attributes, is_closed) = attributes.strip_suffix('/').map_or((attributes, false), |rest| (rest, true));
        let mut end = close + 1;
        let mut content = None;
        if !is_closed && !self.endless.contains(name) {
            let mark = format!("[/{name}]");
            match text[end..].find(&mark) {
                Some(length) => {
                    content = Some(&text[end..end + length]);
                    end += length + mark.len();
                }
                None => _ = self.endless.insert(name),
            }
        }
        let is_escaped = doubled && text[end..].starts_with(']');
        let span = if is_escaped { open..end + 1 } else { start - 1..end };
        Some(Shortcode { span, name, attributes, content, is_escaped })
    }
}

/// A text with something else for each wanted shortcode; what is shown in two brackets is shown in one
/// (`do_shortcode_tag`).
pub fn replaced<'a>(
    text: &'a str,
    wanted: impl Fn(&str) -> bool,
    mut with: impl FnMut(&Shortcode<'a>) -> Option<String>,
) -> Cow<'a, str> {
    let mut scanner = Scanner::new(text);
    let (mut out, mut rest) = (String::new(), 0);
    while let Some(found) = scanner.next(&wanted) {
        let shown = match found.is_escaped {
            true => Some(text[found.span.start + 1..found.span.end - 1].to_owned()),
            false => with(&found),
        };
        if let Some(shown) = shown {
            out.push_str(&text[rest..found.span.start]);
            out.push_str(&shown);
            rest = found.span.end;
        }
    }
    if rest == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[rest..]);
    Cow::Owned(out)
}

/// What a shortcode says of itself (`shortcode_parse_atts`, `get_shortcode_atts_regex`): names in lower case with their
/// values, and values without a name.
pub fn attributes(text: &str) -> Vec<(String, String)> {
    static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r#"(?<a>[\w-]+)\s*=\s*"(?<av>[^"]*)"(?:\s|$)|(?<b>[\w-]+)\s*=\s*'(?<bv>[^']*)'(?:\s|$)"#,
            r#"|(?<c>[\w-]+)\s*=\s*(?<cv>[^\s'"]+)(?:\s|$)|"(?<d>[^"]*)"(?:\s|$)|'(?<e>[^']*)'(?:\s|$)|(?<f>\S+)(?:\s|$)"#
        ))
        .expect("a valid pattern")
    });
    let text = text.replace(['\u{a0}', '\u{200b}'], " ");
    // the visual editor had made them typographic in old versions, and entities in all
    let text = text.replace("&quot;", "\"").replace("&#8221;", "\"").replace("&#8243;", "\"");
    let found = ATTRIBUTE.captures_iter(&text).map(|found| {
        let part = |name: &str| found.name(name).map(|part| part.as_str().to_owned());
        let named =
            [("a", "av"), ("b", "bv"), ("c", "cv")].into_iter().find_map(|(key, value)| part(key).zip(part(value)));
        match named {
            Some((name, value)) => (name.to_lowercase(), value),
            None => (String::new(), part("d").or_else(|| part("e")).or_else(|| part("f")).unwrap_or_default()),
        }
    });
    found.collect()
}

/// The value of an attribute; of several the last one.
pub fn value<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Paragraphs that hold one shortcode and nothing else are none (wp-includes/formatting.php, `shortcode_unautop`).
pub fn unautop(text: &str, wanted: impl Fn(&str) -> bool) -> Cow<'_, str> {
    let mut scanner = Scanner::new(text);
    let (mut out, mut rest) = (String::new(), 0);
    while let Some(found) = scanner.next(&wanted) {
        let before = trimmed_end(&text[..found.span.start]);
        let behind = trimmed_start(&text[found.span.end..]);
        if !found.is_escaped
            && before.ends_with("<p>")
            && before.len() >= rest + "<p>".len()
            && behind.starts_with("</p>")
        {
            out.push_str(&text[rest..before.len() - "<p>".len()]);
            out.push_str(&text[found.span.clone()]);
            rest = text.len() - behind.len() + "</p>".len();
        }
    }
    if rest == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[rest..]);
    Cow::Owned(out)
}

/// wp-includes/formatting.php (`wp_spaces_regexp`)
const SPACES: [&str; 6] = ["\r", "\n", "\t", " ", "\u{a0}", "&nbsp;"];

fn trimmed_end(mut text: &str) -> &str {
    while let Some(rest) = SPACES.iter().find_map(|space| text.strip_suffix(space)) {
        text = rest;
    }
    text
}

fn trimmed_start(mut text: &str) -> &str {
    while let Some(rest) = SPACES.iter().find_map(|space| text.strip_prefix(space)) {
        text = rest;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_are_read_with_their_ends() {
        let text = "[a x=\"1\"]b[/a] [a y=2 /] [[a]] <img alt=\"[a]\"> [b][a]";
        let mut scanner = Scanner::new(text);
        let mut found = Vec::new();
        while let Some(one) = scanner.next(&|name: &str| name == "a") {
            found.push((&text[one.span.clone()], one.attributes, one.content, one.is_escaped));
        }
        assert_eq!(
            found,
            [
                ("[a x=\"1\"]b[/a]", " x=\"1\"", Some("b"), false),
                ("[a y=2 /]", " y=2 ", None, false),
                ("[[a]]", "", None, true),
                ("[a]", "", None, false)
            ]
        );
    }

    #[test]
    fn attributes_are_read() {
        let pairs = attributes(" A=\"x y\" b='z' c=3 \"d\" e");
        let expected = [("a", "x y"), ("b", "z"), ("c", "3"), ("", "d"), ("", "e")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
