//! The ledger: what became of everything.
//!
//! Every loss, repair and move is a typed [`Entry`] with a stable [`Code`] and a [`Place`]; nothing that
//! the source holds is left out of the output without one. Renderers of a whole ledger are the files beside this one.

mod causes;
mod code;
mod render;
mod sarif;

use std::collections::HashSet;
use std::sync::Arc;

pub use causes::{Cause, causes};
pub use code::{Code, Severity};

use crate::model::Place;

/// One thing that happened to one thing of the source. A large blog has many: each is kept small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What kind of thing happened.
    pub code: Code,
    /// Where it stands in the source.
    pub place: Place,
    /// What happened, in one sentence without a full stop. Shared, for much happens many times.
    pub message: Arc<str>,
    /// The source text that is meant, where it is short enough to show.
    pub quote: Option<Box<str>>,
}

/// All entries of a run. Parallel stages fill one each; [`Ledger::absorb`] joins them in document order,
/// so that the result does not depend on the number of threads.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    entries: Vec<Entry>,
    /// The messages of the ledgers that have been taken over, each once.
    messages: HashSet<Arc<str>>,
}

impl Ledger {
    /// Adds an entry.
    pub fn add(&mut self, code: Code, place: Place, message: impl Into<String>) {
        self.push(Entry { code, place, message: message.into().into(), quote: None });
    }

    /// Adds an entry that shows the source text it is about (shortened to one line).
    pub fn add_quoting(&mut self, code: Code, place: Place, message: impl Into<String>, quote: &str) {
        const LONGEST: usize = 120;
        let line = quote.trim().lines().next().unwrap_or("");
        let quote = match line.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &line[..end]).into(),
            None => line.into(),
        };
        self.push(Entry { code, place, message: message.into().into(), quote: Some(quote) });
    }

    /// Adds an entry of an earlier run.
    pub(crate) fn restore(&mut self, code: Code, place: Place, message: Arc<str>, quote: Option<Box<str>>) {
        self.push(Entry { code, place, message, quote });
    }

    /// What is found in one file is found in a row, so that its entries share the file's name.
    fn push(&mut self, mut entry: Entry) {
        if let Some(last) = self.entries.last().filter(|last| last.place.file == entry.place.file) {
            entry.place.file = Arc::clone(&last.place.file);
        }
        self.entries.push(entry);
    }

    /// Takes over all entries of another ledger.
    pub fn absorb(&mut self, other: Ledger) {
        for mut entry in other.entries {
            match self.messages.get(&entry.message) {
                Some(known) => entry.message = Arc::clone(known),
                None => _ = self.messages.insert(Arc::clone(&entry.message)),
            }
            self.entries.push(entry);
        }
    }

    /// The entries in the order they were added.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Sorts by place, then code: the order in which every report shows them. What was found twice at one place (a
    /// default of the configuration, once for each post) stays once.
    pub fn sort(&mut self) {
        self.entries.sort_by(|a, b| (&a.place, a.code, &a.message).cmp(&(&b.place, b.code, &b.message)));
        self.entries.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_sorted_by_place_and_what_is_alike_stays_in_order() {
        let mut ledger = Ledger::default();
        for (line, quote) in [(3, "a"), (1, "c"), (2, "d"), (1, "b"), (1, "b"), (3, "a")] {
            ledger.add_quoting(Code::FieldExtra, Place::at("x.md", line, 1), "kept", quote);
        }
        ledger.sort();
        let sorted: Vec<_> =
            ledger.entries().iter().map(|entry| (entry.place.line, entry.quote.as_deref().unwrap_or(""))).collect();
        assert_eq!(sorted, [(1, "c"), (1, "b"), (2, "d"), (3, "a")]);
    }
}
