//! Addresses as they are written: decoded inside postferry, encoded where browsers and servers read them.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What cannot stand in the path of an address (WHATWG URL, the path percent-encode set, and `%` itself).
const MARKS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'#')
    .add(b'?')
    .add(b'%')
    .add(b'`')
    .add(b'^')
    .add(b'{')
    .add(b'}')
    .add(b'\\');

/// A decoded path with everything encoded that is not ASCII or has a meaning of its own.
pub fn encoded(path: &str) -> String {
    utf8_percent_encode(path, MARKS).to_string()
}

/// A decoded path with its marks encoded; letters of any script stay readable, as browsers show them.
pub fn readable(path: &str) -> String {
    path.split_inclusive(|c: char| !c.is_ascii())
        .map(|part| match part.char_indices().next_back() {
            Some((at, last)) if !last.is_ascii() => format!("{}{last}", utf8_percent_encode(&part[..at], MARKS)),
            _ => utf8_percent_encode(part, MARKS).to_string(),
        })
        .collect()
}

/// Whether a browser would run an address instead of asking for what is there, or there is none.
pub fn runs(address: &str) -> bool {
    // browsers pass over what cannot be seen
    let seen = || address.chars().filter(|c| !c.is_control() && !c.is_whitespace());
    let scheme: String = seen().take_while(|c| *c != ':').collect();
    let is_run = ["javascript", "vbscript", "data"].iter().any(|name| scheme.eq_ignore_ascii_case(name));
    seen().next().is_none() || (is_run && address.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded_where_they_must_be() {
        assert_eq!(readable("/a b/文 章#1/"), "/a%20b/文%20章%231/");
        assert_eq!(encoded("/a b/é%/"), "/a%20b/%C3%A9%25/");
    }

    #[test]
    fn what_a_browser_would_run_is_told() {
        for address in
            ["javascript:alert(1)", " JavaScript:x", "java\nscript:x", "data:text/html,x", "vbscript:x", "", " \u{1}"]
        {
            assert!(runs(address), "{address}");
        }
        for address in ["/a.png", "https://a.example/x:y", "data.png", "a b.png"] {
            assert!(!runs(address), "{address}");
        }
    }
}
