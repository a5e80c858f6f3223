//! Conversions spread over many processes: each document is given by whoever has it, to a process that knows what
//! documents need of each other, and nothing else.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use super::Conversion;
use crate::address::Placed;
use crate::ledger::Entry;

/// What a document becomes.
pub struct Carried {
    /// Its file below the output folder.
    pub path: Arc<str>,
    /// What goes into it.
    pub content: Vec<u8>,
    /// All that there is to say of it, in the order of the places.
    pub entries: Vec<Entry>,
}

/// A conversion whose documents are given one by one, in any order and as often as wanted.
pub struct Given {
    conversion: Conversion,
    /// What the first pass said of each file.
    entries: HashMap<Arc<str>, Vec<Entry>>,
}

impl Given {
    /// What was planned of a source whose documents need hold no more than their front matter.
    pub fn new(conversion: Conversion) -> Self {
        let mut entries: HashMap<Arc<str>, Vec<Entry>> = HashMap::new();
        for entry in conversion.carrier.known_first() {
            entries.entry(entry.place.file.clone()).or_default().push(entry);
        }
        Given { conversion, entries }
    }

    /// What a document becomes; `None` where the source has none at this path.
    ///
    /// # Errors
    /// Where it is no longer the document that it was.
    pub fn carry(&self, source: &str, content: Vec<u8>) -> Option<io::Result<Carried>> {
        let carrier = &self.conversion.carrier;
        let at = carrier.placed().binary_search_by(|placed| (*placed.post.source).cmp(source)).ok()?;
        let path = carrier.placed()[at].path.clone();
        Some(carrier.given(at, content).map(|(made, ledger)| {
            let mut entries = self.entries.get(source).cloned().unwrap_or_default();
            entries.extend_from_slice(ledger.entries());
            entries.sort_by(|a, b| (&a.place, a.code, &a.message).cmp(&(&b.place, b.code, &b.message)));
            entries.dedup();
            Carried { path, content: made, entries }
        }))
    }
}

impl Conversion {
    /// Every document: its file below the source's root, and on which line of that the body begins.
    pub fn documents(&self) -> impl Iterator<Item = (&Arc<str>, u32)> {
        self.carrier.placed().iter().map(|Placed { post, .. }| (&post.source, post.body_line))
    }

    /// Whether a template of the blog, or a list of the new site on the page of a document, shows the texts of others.
    ///
    /// # Errors
    /// Where a document cannot be read.
    pub fn shows_texts(&self) -> io::Result<bool> {
        if self.carrier.placed().iter().any(|placed| placed.served.list.is_some()) {
            return Ok(true);
        }
        for at in 0..self.carrier.placed().len() {
            let text = self.carrier.opened(at)?.text;
            if (text.contains("{{") || text.contains("{%"))
                && ["content", "excerpt"].iter().any(|name| text.contains(name))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
