//! Characters as Ruby's expressions class them.

/// White space as Ruby's `\s` has it.
pub fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}
