//! Typographic marks (hexo-renderer-marked, `smartypants` in `renderer.js`), set piece by piece as marked cuts the text.

use super::scan::is_space;

/// Quotes that open and close: double, then single.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotes(pub [char; 4]);

impl Default for Quotes {
    fn default() -> Self {
        Quotes(['“', '”', '‘', '’'])
    }
}

/// A piece of text with its marks set; `before` is what stands before it in the same piece.
pub fn smart(text: &str, before: Option<char>, quotes: Quotes) -> String {
    let [open_double, close_double, open_single, close_single] = quotes.0;
    let mut out = String::with_capacity(text.len());
    let mut before = before;
    let mut rest = text;
    loop {
        let is_mark = |b: &u8| matches!(b, b'-' | b'.' | b'\'' | b'"');
        let plain = rest.as_bytes().iter().position(is_mark).unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        before = rest[..plain].chars().next_back().or(before);
        rest = &rest[plain..];
        let (mark, length) = match rest.as_bytes() {
            [] => return out,
            [b'-', b'-', b'-', ..] => ('—', 3),
            [b'-', b'-', ..] => ('–', 2),
            [b'.', b'.', b'.', ..] => ('…', 3),
            [b'\'', ..] => (if opens(before, '"') { open_single } else { close_single }, 1),
            [b'"', ..] => (if opens(before, open_single) { open_double } else { close_double }, 1),
            [b'-', ..] => ('-', 1),
            _ => ('.', 1),
        };
        out.push(mark);
        // a single quote looks for a double one that is not set yet
        before = Some(if rest.starts_with('"') { '"' } else { mark });
        rest = &rest[length..];
    }
}

/// A quote opens at the start, or behind one of these.
fn opens(before: Option<char>, other: char) -> bool {
    before.is_none_or(|c| matches!(c, '-' | '—' | '/' | '(' | '[' | '{') || c == other || is_space(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_set_as_hexo_sets_them() {
        let set = |text| smart(text, None, Quotes::default());
        assert_eq!(set("\"a\" 'b' it's -- c --- d ---- e..."), "“a” ‘b’ it’s – c — d —- e…");
        assert_eq!(set("他说\"好\"。"), "他说”好”。");
        assert_eq!(set("(\"'a'\")"), "(“‘a’”)");
    }
}
