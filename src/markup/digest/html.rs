//! Raw HTML, read by tokens.

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::{Digest, PageReader};
use crate::tree::tokens::bounded;

/// Where this is read as a tag, what stood before it was complete.
const END: &str = "<x>";

impl Digest {
    /// The digest of HTML.
    pub fn of(html: &str) -> Digest {
        let mut reader = PageReader::default();
        reader.tokens(html);
        reader.open = false;
        reader.finish().unwrap_or_default()
    }
}

impl PageReader {
    /// Raw HTML, or a part of it: the rest may follow.
    pub(super) fn raw(&mut self, html: &str) {
        self.raw.push_str(html);
    }

    /// Reads the raw HTML that stands before something else, or before the end.
    pub(super) fn settle(&mut self) {
        if self.raw.is_empty() || self.open {
            return;
        }
        let mut raw = std::mem::take(&mut self.raw);
        let name = raw.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
        // what follows could go on with it
        let unfinished = name.ends_with(['<', '&']);
        raw.push_str(END);
        let complete = self.tokens(&raw);
        self.open = unfinished || !complete || self.pre.is_some();
        raw.clear();
        self.raw = raw;
    }

    /// Reads the tokens of HTML; true if the last of them is the tag [`END`].
    fn tokens(&mut self, html: &str) -> bool {
        let mut emitter = DefaultEmitter::<()>::default();
        // the content of scripts and the like is no markup
        emitter.naively_switch_states(true);
        let mut ended = false;
        for token in Tokenizer::new_with_emitter(&*bounded(html), emitter).flatten() {
            ended = false;
            match token {
                Token::StartTag(tag) => {
                    let attribute =
                        |key: &str| tag.attributes.get(key.as_bytes()).map(|value| String::from_utf8_lossy(value));
                    let name = String::from_utf8_lossy(&tag.name);
                    ended = *name == END[1..END.len() - 1];
                    self.start(&name, attribute, tag.self_closing);
                }
                Token::EndTag(tag) => self.end(&String::from_utf8_lossy(&tag.name)),
                Token::String(text) => self.text(&String::from_utf8_lossy(&text)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        ended
    }
}
