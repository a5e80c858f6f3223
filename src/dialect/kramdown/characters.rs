//! Characters as Ruby's expressions class them.

/// White space as Ruby's `\s` has it.
pub fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// The length of the white space at the start of a text.
pub fn spaces(text: &str) -> usize {
    text.bytes().take_while(|b| is_space(char::from(*b))).count()
}

/// Nothing but white space.
pub fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| is_space(char::from(b)))
}
