//! When two texts are the same, although two generators drew them.

use unicode_normalization::UnicodeNormalization;

/// A text without what generators draw in ways of their own: white space, the form of quotes, dashes and ellipses.
pub fn squashed(text: &str) -> String {
    let mut squashed = String::with_capacity(text.len());
    let mut last = '\0';
    for c in text.nfc().filter_map(drawn) {
        // kramdown and others make one mark of `--` and `...`
        if !(c == last && matches!(c, '-' | '.')) {
            squashed.push(c);
        }
        last = c;
    }
    squashed
}

/// What a character counts as; `None` where it does not count.
fn drawn(c: char) -> Option<char> {
    Some(match c {
        '’' | '‘' => '\'',
        '“' | '”' | '«' | '»' => '"',
        '–' | '—' => '-',
        '…' => '.',
        // what stands behind a footnote, and marks without a form
        '\u{a0}' | '\u{200b}' | '\u{feff}' | '\u{fe0e}' | '↩' | '⏎' => return None,
        c if c.is_whitespace() => return None,
        c => c,
    })
}

/// The part of two texts where they first differ, with some words around it on each side; `None` where they are the same.
pub fn first_difference(old: &str, new: &str) -> Option<(String, String)> {
    let (one, other) = (squashed(old), squashed(new));
    if one == other {
        return None;
    }
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    Some((excerpt(old, same), excerpt(new, same)))
}

/// How much of a text is shown.
const BEFORE: usize = 24;
const BEHIND: usize = 56;

/// A text around its squashed character of this number.
fn excerpt(text: &str, at: usize) -> String {
    let flat: Vec<char> = flat(text).chars().collect();
    let mut counted = 0;
    let mut last = '\0';
    let mut place = flat.len();
    for (i, c) in flat.iter().enumerate() {
        let Some(c) = drawn(*c) else { continue };
        if c == last && matches!(c, '-' | '.') {
            continue;
        }
        last = c;
        if counted == at {
            place = i;
            break;
        }
        counted += 1;
    }
    let (from, to) = (place.saturating_sub(BEFORE), (place + BEHIND).min(flat.len()));
    let middle: String = flat[from..to].iter().collect();
    let open = if from > 0 { "…" } else { "" };
    let close = if to < flat.len() { "…" } else { "" };
    format!("{open}{}{close}", middle.trim())
}

/// A text on one line.
pub fn flat(text: &str) -> String {
    text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_marks_and_room_does_not_count() {
        assert_eq!(squashed("“It’s” — so\u{a0}…"), squashed("\"It's\"--  so..."));
        assert_ne!(squashed("tea"), squashed("Tea"));
    }

    #[test]
    fn the_first_difference_is_shown() {
        assert_eq!(first_difference("One  two", "One two"), None);
        let old = "It was a long way to go before the tea was ready, and then it rained for the rest of the day.";
        let new = old.replace("ready", "cold");
        let (old, new) = first_difference(old, &new).expect("a difference");
        assert_eq!(old, "…o go before the tea was ready, and then it rained for the rest of the day.");
        assert!(new.starts_with("…o go before the tea was cold, and"), "{new}");
    }
}
