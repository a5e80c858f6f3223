//! Typographic quotes and marks (`parser/kramdown/smart_quotes.rb`, `typographic_symbol.rb`).

use super::characters::is_space;

/// What a quote becomes: the bytes before it that stay as they are, and the typographic marks.
pub struct Quoted {
    /// Bytes of text before the first quote.
    pub before: usize,
    /// The marks.
    pub marks: &'static str,
    /// Bytes that were read in all.
    pub length: usize,
}

/// The quote at the start of a text, one character before it among the text (`SMART_QUOTES_RE`, `SQ_RULES`).
pub fn quote(text: &str) -> Option<Quoted> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let second = chars.next();
    let is_quote = |c: char| matches!(c, '"' | '\'');
    if is_quote(first)
        && let Some(quoted) = leading(text, first)
    {
        return Some(quoted);
    }
    if let Some(quoted) = with_space(text) {
        return Some(quoted);
    }
    let second_quote = second.filter(|c| is_quote(*c));
    if let Some(mark) = second_quote {
        let after = text[first.len_utf8() + 1..].chars().next();
        if is_space(first) && after.is_some_and(is_word) {
            return Some(Quoted { before: first.len_utf8(), marks: opening(mark), length: first.len_utf8() + 1 });
        }
        if !matches!(first, ' ' | '\\' | '\t' | '\r' | '\n' | '[' | '{' | '(' | '-') {
            return Some(Quoted { before: first.len_utf8(), marks: closing(mark), length: first.len_utf8() + 1 });
        }
    }
    if is_quote(first) {
        let rest = &text[1..];
        let ends = rest.is_empty()
            || rest.starts_with(is_space)
            || (rest.starts_with('s') && !rest[1..].chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_'));
        if ends {
            return Some(Quoted { before: 0, marks: closing(first), length: 1 });
        }
    }
    // any that is left opens; a single one is looked for first
    for mark in ['\'', '"'] {
        if second_quote == Some(mark) {
            return Some(Quoted { before: first.len_utf8(), marks: opening(mark), length: first.len_utf8() + 1 });
        }
        if first == mark {
            return Some(Quoted { before: 0, marks: opening(mark), length: 1 });
        }
    }
    None
}

/// A quote before emphasis, or before punctuation.
fn leading(text: &str, mark: char) -> Option<Quoted> {
    let rest = &text[1..];
    let emphasis = rest.bytes().take(2).take_while(|b| matches!(b, b'_' | b'*')).count();
    let opens = |marks: usize| rest[marks..].chars().next().is_some_and(|c| !is_space(c));
    if emphasis > 0 && (opens(emphasis) || (emphasis == 2 && opens(1))) {
        return Some(Quoted { before: 0, marks: opening(mark), length: 1 });
    }
    let next = rest.chars().next().filter(char::is_ascii_punctuation)?;
    let behind = &rest[1..];
    let boundary = {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        word(next) != behind.chars().next().is_some_and(word)
    };
    (!behind.starts_with("..") && !boundary).then_some(Quoted { before: 0, marks: closing(mark), length: 1 })
}

/// Two quotes before a word, and decades.
fn with_space(text: &str) -> Option<Quoted> {
    let space = usize::from(text.starts_with(is_space));
    let rest = &text[space..];
    let behind = |length: usize| rest[length..].chars().next().is_some_and(is_word);
    if rest.starts_with("\"'") && behind(2) {
        return Some(Quoted { before: space, marks: "“‘", length: space + 2 });
    }
    if rest.starts_with("'\"") && behind(2) {
        return Some(Quoted { before: space, marks: "‘“", length: space + 2 });
    }
    let decade = matches!(rest.as_bytes(), [b'\'', a, b, b's', ..] if a.is_ascii_digit() && b.is_ascii_digit());
    decade.then_some(Quoted { before: space, marks: "’", length: space + 1 })
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn opening(mark: char) -> &'static str {
    if mark == '"' { "“" } else { "‘" }
}

fn closing(mark: char) -> &'static str {
    if mark == '"' { "”" } else { "’" }
}

/// A typographic symbol at the start of a text, and what it becomes (`TYPOGRAPHIC_SYMS`).
pub fn symbol(text: &str) -> Option<(&'static str, &'static str)> {
    const SYMBOLS: &[(&str, &str)] = &[
        ("---", "—"),
        ("--", "–"),
        ("...", "…"),
        ("\\<<", "<<"),
        ("\\>>", ">>"),
        ("<< ", "«\u{a0}"),
        (" >>", "\u{a0}»"),
        ("<<", "«"),
        (">>", "»"),
    ];
    SYMBOLS.iter().copied().find(|(typed, _)| text.starts_with(typed))
}
