//! Filters for addresses: Ruby's `CGI` and the gem `addressable`.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

/// `CGI.escape`.
pub fn form_encode(text: &str) -> String {
    encode(text, "-._~ ").replace(' ', "+")
}

/// `CGI.unescape`.
pub fn form_decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

fn encode(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || (c.is_ascii() && kept.contains(c)) {
            out.push(c);
        } else {
            out.extend(utf8_percent_encode(c.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC));
        }
    }
    out
}

/// `Addressable::URI.normalize_component`: decoded, then encoded but for what is kept.
pub fn normalize_component(text: &str, kept: &str) -> String {
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) => encode(&decoded.nfc().collect::<String>(), kept),
        // bytes that are no text stay encoded
        Err(_) => encode(text, &format!("{kept}%")),
    }
}

/// `Addressable::URI.parse(…).normalize`, for addresses below a host.
pub fn normalize(address: &str) -> String {
    const SEGMENT: &str = "-._~!$&'()*+,;=:@";
    let (rest, fragment) = split(address, '#');
    let (rest, query) = split(rest, '?');
    let (host, path) = match rest.find("://").map(|at| at + 3) {
        Some(begin) => {
            let end = rest[begin..].find('/').map_or(rest.len(), |at| begin + at);
            (rest[..end].to_lowercase(), &rest[end..])
        }
        None => (String::new(), rest),
    };
    let path = without_dots(path);
    let path: Vec<String> = path.split('/').map(|segment| normalize_component(segment, SEGMENT)).collect();
    let mut out = host.clone() + &path.join("/");
    if !host.is_empty() && out == host {
        out.push('/');
    }
    for (sign, part) in [('?', query), ('#', fragment)] {
        if let Some(part) = part {
            out.push(sign);
            let kept = format!("{SEGMENT}/?");
            let pieces: Vec<String> = part.split('&').map(|piece| normalize_component(piece, &kept)).collect();
            out.push_str(&pieces.join("&"));
        }
    }
    out
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// RFC 3986: `.` and `..` as steps.
fn without_dots(path: &str) -> String {
    if !path.contains("/.") {
        return path.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').collect();
    for (at, segment) in segments.iter().enumerate() {
        let last = at + 1 == segments.len();
        match *segment {
            "." => {}
            ".." => {
                if kept.len() > 1 {
                    kept.pop();
                }
            }
            segment => {
                kept.push(segment);
                continue;
            }
        }
        if last {
            kept.push("");
        }
    }
    kept.join("/")
}
