//! Addresses that are links without brackets (`autolink`, `url`).

use unicode_normalization::UnicodeNormalization;

use super::scan::{is_space, is_word};

/// `<scheme:…>` or `<mail@address>` at a text's start: what it leads to, and the length.
pub fn in_angles(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('<')?;
    let inner = &inner[..inner.find(|c: char| is_space(c) || c.is_control() && c < ' ' || matches!(c, '<' | '>'))?];
    if text.as_bytes().get(1 + inner.len()) != Some(&b'>') {
        return None;
    }
    let length = inner.len() + 2;
    if let Some((scheme, _)) = inner.split_once(':')
        && (2..=32).contains(&scheme.len())
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-'))
    {
        return Some((inner.to_owned(), length));
    }
    let (name, host) = inner.split_once('@')?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b);
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_mail = !name.is_empty() && name.bytes().all(plain) && labels.len() > 1 && labels.iter().all(is_label);
    is_mail.then(|| (format!("mailto:{inner}"), length))
}

/// A bare web address at a text's start (`url`): what it leads to, and the length. `end` says where white space or a
/// `<` follows, `closes` whether a `)` stands anywhere behind a byte; both are asked for again and again.
pub fn web(text: &str, end: impl FnOnce() -> usize, closes: impl Fn(usize) -> bool) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    if !matches!(bytes.first()?, b'h' | b'H' | b'f' | b'F' | b'w' | b'W') {
        return None;
    }
    let prefix = ["http://", "https://", "ftp://", "www."]
        .into_iter()
        .find(|prefix| bytes.get(..prefix.len()).is_some_and(|typed| typed.eq_ignore_ascii_case(prefix.as_bytes())))?;
    bytes.get(prefix.len()).filter(|b| b.is_ascii_alphanumeric() || **b == b'-')?;
    let shown = backpedal(&text[..end()], closes);
    // `www.` in small letters alone gets a scheme
    let scheme = if shown.starts_with("www.") { "http://" } else { "" };
    Some((settled(format!("{scheme}{shown}")), shown.len()))
}

/// hexo-util (`encode_url.ts`) writes an address as the URL parser of Node has it (WHATWG URL): what runs on into Chinese
/// text is part of the host, whose characters are mapped (`）` to `)`, `。` to `.`), and a `\\` stands for a slash.
fn settled(address: String) -> String {
    const FORBIDDEN: [char; 14] = [' ', '#', '/', ':', '<', '>', '?', '@', '[', '\\', ']', '^', '|', '%'];
    let Some((scheme, rest)) = address.split_once("://") else { return address };
    let (host, behind) = rest.split_at(rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len()));
    if (host.is_ascii() && !behind.contains('\\')) || host.contains([':', '@']) {
        return address;
    }
    // UTS 46 maps as NFKC does, and the ideographic full stop to a dot
    let mapped: String = host.nfkc().flat_map(char::to_lowercase).map(|c| if c == '。' { '.' } else { c }).collect();
    let host = if host.is_ascii() { host } else { &mapped };
    if host.contains(FORBIDDEN) {
        return address;
    }
    let (path, query) = behind.split_at(behind.find(['?', '#']).unwrap_or(behind.len()));
    format!("{scheme}://{host}{}{query}", path.replace('\\', "/"))
}

/// `_backpedal`, until nothing changes: without punctuation at the end, and what stands behind a parenthesis that
/// nothing closes.
fn backpedal(address: &str, closes: impl Fn(usize) -> bool) -> &str {
    let mut shown = address;
    loop {
        let cut = &shown[..backpedaled(shown, &closes)];
        if cut.len() == shown.len() {
            return shown;
        }
        shown = cut;
    }
}

fn backpedaled(address: &str, closes: impl Fn(usize) -> bool) -> usize {
    let bytes = address.as_bytes();
    let is_mark = |b: &u8| b"?!.,:;*_'\"~)".contains(b);
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'(' if !closes(at) => return at,
            b'(' => match memchr::memchr(b')', &bytes[at..]) {
                Some(close) => at += close + 1,
                None => return at,
            },
            b'&' => {
                let name = bytes[at + 1..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
                if name > 0 && bytes.get(at + 1 + name) == Some(&b';') && at + name + 2 == bytes.len() {
                    return at;
                }
                at += 1;
            }
            b if is_mark(&b) => {
                let marks = bytes[at..].iter().take_while(|b| is_mark(b)).count();
                if at + marks == bytes.len() {
                    // a `;` may end an entity once the marks behind it are gone
                    return at + usize::from(bytes[at] == b';' && marks > 1);
                }
                at += marks;
            }
            _ => at += 1,
        }
    }
    at
}

/// A bare mail address at a text's start (`url`): what it leads to, and the length.
pub fn mailbox(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let name = bytes.iter().take_while(|b| is_name(**b)).count();
    if name == 0 || bytes.get(name) != Some(&b'@') {
        return None;
    }
    let host = name + 1;
    let in_label = |b: u8| is_word(b) || b == b'-';
    let first = bytes[host..].iter().take_while(|b| in_label(**b)).count();
    if first == 0 {
        return None;
    }
    let mut at = host + first;
    let mut end = None;
    while bytes.get(at) == Some(&b'.') {
        let label = bytes[at + 1..].iter().take_while(|b| in_label(**b)).count();
        let shown = bytes[at + 1..at + 1 + label].iter().rposition(u8::is_ascii_alphanumeric).map(|last| last + 1);
        let Some(shown) = shown else { break };
        // the last label ends with a letter or digit, and neither `-` nor `_` follows
        if shown == label {
            end = Some(at + 1 + label);
        }
        if shown < label {
            let apart = (1..shown)
                .rev()
                .find(|cut| bytes[at + cut].is_ascii_alphanumeric() && !matches!(bytes[at + 1 + cut], b'-' | b'_'));
            end = apart.map(|cut| at + 1 + cut).or(end);
            break;
        }
        at += 1 + label;
    }
    end.map(|end| (format!("mailto:{}", &text[..end]), end))
}

/// A byte of the name before an `@`, in a bare address.
pub fn is_name(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'.' | b'+' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As hexo-util 4 answers (`encodeURL`), which adds a slash behind a host; where it throws, the address stays.
    #[test]
    fn what_runs_on_into_the_text_is_part_of_the_address() {
        for (typed, settled) in [
            ("http://a.example，很好。", "http://a.example,很好."),
            ("http://b.example）的80。", "http://b.example)的80."),
            ("http://c.example/d\\d\\_e?f\\g", "http://c.example/d/d/_e?f\\g"),
            ("http://Ｄ.example/ｅ", "http://d.example/ｅ"),
            ("http://BÜCHER.example/Ü", "http://bücher.example/Ü"),
            ("http://例え.example/x", "http://例え.example/x"),
            ("http://e.example：好", "http://e.example：好"),
            ("http://localhost:8080就", "http://localhost:8080就"),
            ("http://a.example/b", "http://a.example/b"),
        ] {
            assert_eq!(super::settled(typed.to_owned()), settled);
        }
    }

    #[test]
    fn bare_addresses_go_on_to_white_space() {
        let found = |text: &'static str| {
            let end = || text.find([' ', '<']).unwrap_or(text.len());
            let found = web(text, end, |_| true).or_else(|| mailbox(text));
            found.map(|(_, length)| &text[..length])
        };
        assert_eq!(found("https://a.example/b，c d"), Some("https://a.example/b，c"));
        assert_eq!(found("https://a.example/b). x"), Some("https://a.example/b"));
        assert_eq!(found("https://a.example/(b)... x"), Some("https://a.example/(b)"));
        assert_eq!(found("https://a.example/?b&amp;;"), Some("https://a.example/?b"));
        assert_eq!(found("https://a.example/b(c"), Some("https://a.example/b"));
        assert_eq!(found("me@e.example."), Some("me@e.example"));
        assert_eq!(found("me@example"), None);
        assert_eq!(found("www."), None);
    }
}
