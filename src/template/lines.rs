//! Where a tag stands among the lines of its text.

/// White space that ends no line.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() && c != '\n'
}

/// The white space at the end of a text, if its last line holds nothing else. No more than that is looked at, for a line may
/// be as long as its text.
pub fn indent_at_end(text: &str) -> Option<&str> {
    let before = text.trim_end_matches(is_blank);
    (before.is_empty() || before.ends_with('\n')).then(|| &text[before.len()..])
}

/// Puts block output on lines of its own, indented as the tag was (a tag in a list item stays in the item).
pub fn push_block(shown: &str, out: &mut String, rest: &str) {
    let indent = indent_at_end(out).map(str::to_owned);
    match &indent {
        Some(indent) => out.truncate(out.len() - indent.len()),
        None => out.push('\n'),
    }
    let indent = indent.unwrap_or_default();
    if !out.is_empty() && !out.ends_with("\n\n") {
        out.push('\n');
    }
    for (at, line) in shown.trim_matches('\n').split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        if !line.is_empty() {
            out.push_str(&indent);
        }
        out.push_str(line);
    }
    out.push_str(if rest.starts_with("\n\n") || rest.is_empty() {
        ""
    } else if rest.starts_with('\n') {
        "\n"
    } else {
        "\n\n"
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_holds_nothing_else_is_an_indent() {
        assert_eq!(indent_at_end("a\n  "), Some("  "));
        assert_eq!(indent_at_end(""), Some(""));
        assert_eq!(indent_at_end("a\n"), Some(""));
        assert_eq!(indent_at_end("a "), None);
    }
}
