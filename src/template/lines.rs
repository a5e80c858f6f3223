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
