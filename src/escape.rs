//! Escaping for HTML.

/// Text for use between tags.
pub fn escape_text(text: &str, out: &mut String) {
    let mut rest = 0;
    for at in memchr::memchr3_iter(b'&', b'<', b'>', text.as_bytes()) {
        out.push_str(&text[rest..at]);
        out.push_str(reference(text.as_bytes()[at]));
        rest = at + 1;
    }
    out.push_str(&text[rest..]);
}

/// Text for use in a double-quoted attribute.
pub fn escape_attribute(text: &str, out: &mut String) {
    let mut rest = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'&' | b'<' | b'>' | b'"')) {
        out.push_str(&text[rest..at]);
        out.push_str(reference(byte));
        rest = at + 1;
    }
    out.push_str(&text[rest..]);
}

/// What stands for a mark of HTML.
fn reference(mark: u8) -> &'static str {
    match mark {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        _ => "&quot;",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_html_are_written_as_references() {
        let (mut text, mut attribute) = (String::new(), String::new());
        escape_text("<é> \"&\"", &mut text);
        escape_attribute("<é> \"&\"", &mut attribute);
        assert_eq!(text, "&lt;é&gt; \"&amp;\"");
        assert_eq!(attribute, "&lt;é&gt; &quot;&amp;&quot;");
    }
}
