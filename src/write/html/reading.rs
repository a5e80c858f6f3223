//! What a reader of a finished text sees: how it begins, how long it is, and its headings.

use std::collections::VecDeque;

use html5gum::{StartTag, Token, Tokenizer};

use crate::tree::tokens::bounded;

/// What stands in no excerpt: what is no sentence, and what is not seen at all.
const NO_SENTENCES: [&[u8]; 13] = [
    b"pre",
    b"script",
    b"style",
    b"table",
    b"nav",
    b"svg",
    b"math",
    b"template",
    b"noscript",
    b"iframe",
    b"h1",
    b"h2",
    b"figcaption",
];

/// What stands for itself in a line of its own.
const BLOCKS: [&[u8]; 12] =
    [b"p", b"div", b"li", b"br", b"blockquote", b"h3", b"h4", b"h5", b"h6", b"dd", b"dt", b"figure"];

/// A heading of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its level, from 1.
    pub level: u8,
    /// Its id; there is nothing to lead to without one.
    pub id: String,
    /// Its text.
    pub text: String,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// How it begins, as plain text in one line.
    pub beginning: String,
    /// How many minutes it takes to be read; 0 where there is nothing to read.
    pub minutes: u32,
    /// Its headings that have an id, in order.
    pub headings: Vec<Heading>,
}

impl Reading {
    /// Reads a text; of its beginning no more than so many columns, of which a character of Chinese, Japanese or Korean
    /// takes two.
    pub fn of(text: &str, columns: usize) -> Self {
        let mut reader = Reader { columns, ..Reader::default() };
        for token in Tokenizer::new(&*bounded(text)).flatten() {
            match token {
                Token::StartTag(tag) => {
                    let id = tag.attributes.get(&b"id"[..]).map(|id| String::from_utf8_lossy(id).into_owned());
                    reader.open(
                        &tag.name,
                        tag.self_closing,
                        (id.unwrap_or_default(), is_note(&tag) || is_display_formula(&tag)),
                    );
                }
                Token::EndTag(tag) => reader.close(&tag.name),
                Token::String(text) => reader.text(&text),
                _ => {}
            }
        }
        reader.done()
    }
}

/// What a text says, as plain text: without its code, and without what notes say at its foot.
pub fn plain(text: &str) -> String {
    let mut plain = String::new();
    // what is left out, and how many of its name are open
    let mut hidden: Option<(Vec<u8>, usize)> = None;
    for token in Tokenizer::new(&*bounded(text)).flatten() {
        match (token, &mut hidden) {
            (Token::StartTag(tag), Some((name, depth))) => {
                *depth += usize::from(*name == *tag.name && !tag.self_closing)
            }
            (Token::EndTag(tag), Some((name, depth))) => {
                *depth -= usize::from(*name == *tag.name);
                hidden = hidden.filter(|(_, depth)| *depth > 0);
            }
            (Token::StartTag(tag), None) => {
                let is_left_out = is_note(&tag) || is_never_read(&tag.name) || &**tag.name == b"pre";
                if is_left_out && !tag.self_closing {
                    hidden = Some((tag.name.to_vec(), 1));
                } else if BLOCKS.contains(&&**tag.name) {
                    plain.push('\n');
                }
            }
            (Token::String(text), None) => plain.push_str(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    plain.trim().to_owned()
}

/// The mark of a footnote, or the notes at the foot.
fn is_note(tag: &StartTag<()>) -> bool {
    let starts = |name: &str, with: &str| {
        tag.attributes.get(name.as_bytes()).is_some_and(|value| value.starts_with(with.as_bytes()))
    };
    starts("class", "footnote") || starts("id", "fnref")
}

/// A formula in a line of its own: as TeX it begins no text.
fn is_display_formula(tag: &StartTag<()>) -> bool {
    tag.attributes.get(&b"class"[..]).is_some_and(|class| class.starts_with(b"math display"))
}

fn is_never_read(name: &[u8]) -> bool {
    matches!(name, b"script" | b"style" | b"template")
}

#[derive(Default)]
struct Reader {
    columns: usize,
    /// What is open of which no text belongs to the beginning.
    hidden: VecDeque<Vec<u8>>,
    heading: Option<Heading>,
    beginning: Beginning,
    words: usize,
    /// Characters that are words of their own.
    signs: usize,
    headings: Vec<Heading>,
}

impl Reader {
    fn open(&mut self, name: &[u8], closed: bool, (id, is_note): (String, bool)) {
        const DEEPEST: usize = 64;
        if let Some(level) = level(name) {
            self.heading = Some(Heading { level, id, text: String::new() });
        }
        if (is_note || NO_SENTENCES.contains(&name)) && !closed && self.hidden.len() < DEEPEST {
            self.hidden.push_back(name.to_vec());
        } else if BLOCKS.contains(&name) {
            self.beginning.space();
        }
    }

    fn close(&mut self, name: &[u8]) {
        if level(name).is_some()
            && let Some(heading) = self.heading.take()
            && !heading.id.is_empty()
            && !heading.text.trim().is_empty()
        {
            self.headings
                .push(Heading { text: heading.text.split_whitespace().collect::<Vec<_>>().join(" "), ..heading });
        }
        if let Some(at) = self.hidden.iter().rposition(|open| open == name) {
            self.hidden.truncate(at);
        } else if BLOCKS.contains(&name) {
            self.beginning.space();
        }
    }

    fn text(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(text);
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(&text);
        }
        if self.hidden.iter().any(|open| is_never_read(open)) {
            return;
        }
        for word in text.split_whitespace() {
            let mut is_word = false;
            for c in word.chars() {
                match is_wide(c) {
                    true => self.signs += 1,
                    false => is_word = is_word || c.is_alphanumeric(),
                }
            }
            self.words += usize::from(is_word);
        }
        if self.hidden.is_empty() {
            self.beginning.add(&text, self.columns);
        }
    }

    /// Brysbaert (2019): 238 words a minute; for Chinese the usual figure is 500 characters.
    fn done(self) -> Reading {
        let seconds = self.words * 60 / 238 + self.signs * 60 / 500;
        let minutes = if self.words + self.signs == 0 { 0 } else { (seconds + 30).div_euclid(60).max(1) };
        let minutes = u32::try_from(minutes).unwrap_or(u32::MAX);
        Reading { beginning: self.beginning.done(), minutes, headings: self.headings }
    }
}

/// A line that grows until it is long enough.
#[derive(Default)]
struct Beginning {
    text: String,
    columns: usize,
    full: bool,
}

impl Beginning {
    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') && !self.full {
            self.text.push(' ');
            self.columns += 1;
        }
    }

    fn add(&mut self, text: &str, columns: usize) {
        for c in text.chars() {
            if self.full {
                return;
            }
            if c.is_whitespace() {
                self.space();
            } else if !c.is_control() {
                self.columns += if is_wide(c) { 2 } else { 1 };
                self.full = self.columns > columns;
                if !self.full {
                    self.text.push(c);
                }
            }
        }
    }

    /// What is cut ends after a word, or after a character where there are no words.
    fn done(mut self) -> String {
        if !self.full {
            return self.text.trim_end().to_owned();
        }
        const LONGEST_WORD: usize = 40;
        let last = self.text.trim_end().rfind(' ').filter(|at| self.text.len() - at <= LONGEST_WORD);
        if let Some(at) = last.filter(|_| !self.text.ends_with(is_wide)) {
            self.text.truncate(at);
        }
        let kept = self
            .text
            .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '，' | '、' | '；' | '：'));
        format!("{kept}…")
    }
}

fn level(name: &[u8]) -> Option<u8> {
    match name {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// Characters that fill two columns, and are words of their own as far as reading goes.
fn is_wide(c: char) -> bool {
    if c < '\u{1100}' {
        return false;
    }
    matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_is_plain_and_ends_after_a_word() {
        for (text, columns, expected) in [
            ("<h1>No</h1><p>One &amp; two</p><p>three</p>", 80, "One & two three"),
            ("<p>One two three four</p>", 10, "One two…"),
            ("<p>你好，世界和大家</p>", 10, "你好，世界…"),
            ("<pre>no</pre><script>no</script><p>a<sup id=fnref:1>1</sup> b</p>", 80, "a b"),
            ("<p>word, and</p>", 8, "word…"),
            ("", 10, ""),
        ] {
            assert_eq!(Reading::of(text, columns).beginning, expected, "{text}");
        }
    }

    #[test]
    fn a_summary_is_what_a_text_says() {
        for (text, expected) in [
            ("<p>a <b>b</b></p><p>c</p>", "a b\nc"),
            ("<p>a<sup id=fnref:1><a>1</a></sup></p><pre>x</pre><script>y</script>", "a"),
            ("<p>a</p><div class=\"footnotes\"><div>b</div>c</div>d", "ad"),
            ("m<sup>2</sup>", "m2"),
            ("<pre>never closed", ""),
            ("</pre></p>a", "a"),
        ] {
            assert_eq!(plain(text).replace("\n\n", "\n"), expected, "{text}");
        }
    }

    #[test]
    fn headings_are_those_with_an_id() {
        let reading = Reading::of("<h2 id=a>A <em>b</em></h2><h3>c</h3><h3 id='ä'>D</h3>", 10);
        let heading = |level, id: &str, text: &str| Heading { level, id: id.to_owned(), text: text.to_owned() };
        assert_eq!(reading.headings, [heading(2, "a", "A b"), heading(3, "ä", "D")]);
    }

    #[test]
    fn minutes_go_by_words_and_by_characters() {
        let minutes = |text: &str| Reading::of(text, 0).minutes;
        assert_eq!(minutes(""), 0);
        assert_eq!(minutes("<p>one</p>"), 1);
        assert_eq!(minutes(&"word ".repeat(238 * 4)), 4);
        assert_eq!(minutes(&"字".repeat(1500)), 3);
    }
}
