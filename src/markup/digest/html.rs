//! Raw HTML, read by tokens.

use std::borrow::Cow;
use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer, naive_next_state};

use super::{Digest, PageReader};
use crate::tree::tokens::bounded;

/// Where this is read as a tag, what stood before it was complete.
const END: &str = "<x>";

impl Digest {
    /// The digest of HTML.
    pub fn of(html: &str) -> Digest {
        Digest::of_piece(html.to_owned()).0
    }

    /// The digest of HTML, and whether it leaves a tag, a comment or the like open.
    pub fn of_piece(mut html: String) -> (Digest, bool) {
        let mut reader = PageReader::default();
        html.push_str(END);
        let complete = reader.tokens(&html);
        reader.open = false;
        (reader.finish().unwrap_or_default(), !complete)
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
        if self.simple(&raw) {
            raw.clear();
            self.raw = raw;
            return;
        }
        let name = raw.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
        // what follows could go on with it
        let unfinished = name.ends_with(['<', '&']);
        raw.push_str(END);
        let complete = self.tokens(&raw);
        self.open = unfinished || !complete || self.pre.is_some();
        raw.clear();
        self.raw = raw;
    }

    /// Reads a tag without attributes, or a comment; false for anything else.
    fn simple(&mut self, raw: &str) -> bool {
        let tag = raw.trim_ascii_end();
        if let Some(comment) = tag.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
            return !comment.contains("--");
        }
        let Some(inner) = tag.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else { return false };
        let (ends, inner) = inner.strip_prefix('/').map_or((false, inner), |name| (true, name));
        let (closed, name) = inner.strip_suffix('/').map_or((false, inner), |name| (true, name.trim_ascii_end()));
        let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if !plain || name == "pre" || naive_next_state(name.as_bytes()).is_some() {
            return false;
        }
        if ends {
            self.end(name);
        } else {
            self.start(name, |_| None, closed);
        }
        true
    }

    /// Reads the tokens of HTML; true if the last of them is the tag [`END`].
    fn tokens(&mut self, html: &str) -> bool {
        let mut tag = Tag::default();
        let mut ended = false;
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
            ended = false;
            match event {
                CallbackEvent::OpenStartTag { name } => tag.open(name),
                CallbackEvent::AttributeName { name } => tag.attribute(name),
                CallbackEvent::AttributeValue { value } => tag.value(value),
                CallbackEvent::CloseStartTag { self_closing } => {
                    ended = tag.name == END[1..END.len() - 1];
                    self.start(&tag.name, |key| tag.get(key), self_closing);
                }
                CallbackEvent::EndTag { name } => self.end(&String::from_utf8_lossy(name)),
                CallbackEvent::String { value } => self.text(&String::from_utf8_lossy(value)),
                CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
            }
            None
        });
        // the content of scripts and the like is no markup
        emitter.naively_switch_states(true);
        Tokenizer::new_with_emitter(&*bounded(html), emitter).for_each(drop);
        ended
    }
}

/// A start tag, of its attributes those that a digest asks for.
#[derive(Default)]
struct Tag {
    name: String,
    attributes: Vec<(&'static str, String)>,
    /// The attribute to which a value belongs.
    present: bool,
}

impl Tag {
    fn open(&mut self, name: &[u8]) {
        self.name.clear();
        self.name.push_str(&String::from_utf8_lossy(name));
        self.attributes.clear();
        self.present = false;
    }

    /// HTML: the first of two attributes of one name counts.
    fn attribute(&mut self, name: &[u8]) {
        const ASKED: [&str; 5] = ["class", "id", "href", "src", "start"];
        let asked = ASKED.into_iter().find(|asked| asked.as_bytes() == name);
        let new = asked.filter(|asked| self.get(asked).is_none());
        self.present = new.is_some();
        self.attributes.extend(new.map(|name| (name, String::new())));
    }

    fn value(&mut self, value: &[u8]) {
        if let (true, Some((_, known))) = (self.present, self.attributes.last_mut()) {
            known.push_str(&String::from_utf8_lossy(value));
        }
    }

    fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| Cow::Borrowed(value.as_str()))
    }
}
