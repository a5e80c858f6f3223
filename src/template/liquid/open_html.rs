//! Whether a place in a text lies within an element that stays open: kramdown (`parser/html.rb`) reads no Markdown there.

use crate::dialect::kramdown;

/// Counts the elements that are open, going on where it stopped before.
#[derive(Debug, Default)]
pub struct OpenHtml {
    read: usize,
    open: Vec<String>,
}

impl OpenHtml {
    /// Whether an element is open at the end of a text: the same one as before with more behind it, or another one.
    pub fn at_end_of(&mut self, text: &str) -> bool {
        if text.len() < self.read || !text.is_char_boundary(self.read) {
            *self = OpenHtml::default();
        }
        let mut from = self.read;
        while let Some(at) = memchr::memchr(b'<', &text.as_bytes()[from..]).map(|at| from + at) {
            from = at + 1;
            let (closes, rest) = match text[from..].strip_prefix('/') {
                Some(rest) => (true, rest),
                None => (false, &text[from..]),
            };
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            let name = rest[..end].to_ascii_lowercase();
            if !kramdown::holds_html(&name) {
                continue;
            }
            match closes {
                // what was opened within it and never closed ends with it
                true => {
                    if let Some(opened) = self.open.iter().rposition(|open| *open == name) {
                        self.open.truncate(opened);
                    }
                }
                false => self.open.push(name),
            }
        }
        self.read = text.len();
        !self.open.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_open_until_they_close() {
        let mut open = OpenHtml::default();
        assert!(!open.at_end_of("text <b>bold"));
        assert!(open.at_end_of("text <b>bold\n<div class=\"a\">\n<p>"));
        assert!(open.at_end_of("text <b>bold\n<div class=\"a\">\n<p>x</p>\n"));
        assert!(!open.at_end_of("text <b>bold\n<div class=\"a\">\n<p>x</p>\n<li></div>"));
        assert!(!open.at_end_of("<é"));
        assert!(OpenHtml::default().at_end_of("<DIV>"));
    }
}
