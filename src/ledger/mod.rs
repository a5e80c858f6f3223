//! The ledger: what became of everything.
//!
//! Every loss, repair and move is a typed [`Entry`] with a stable [`Code`] and a [`Place`]; nothing that
//! the source holds is left out of the output without one. Renderers of a whole ledger are the files beside this one.

mod code;
mod render;

use serde::Serialize;

pub use code::{Code, Severity};

use crate::model::Place;

/// One thing that happened to one thing of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What kind of thing happened.
    pub code: Code,
    /// Where it stands in the source.
    pub place: Place,
    /// What happened, in one sentence without a full stop.
    pub message: String,
    /// The source text that is meant, where it is short enough to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
}

/// All entries of a run. Parallel stages fill one each; [`Ledger::absorb`] joins them in document order,
/// so that the result does not depend on the number of threads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ledger {
    entries: Vec<Entry>,
}

impl Ledger {
    /// Adds an entry.
    pub fn add(&mut self, code: Code, place: Place, message: impl Into<String>) {
        self.entries.push(Entry { code, place, message: message.into(), quote: None });
    }

    /// Adds an entry that shows the source text it is about (shortened to one line).
    pub fn add_quoting(&mut self, code: Code, place: Place, message: impl Into<String>, quote: &str) {
        const LONGEST: usize = 120;
        let line = quote.trim().lines().next().unwrap_or("");
        let quote = match line.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line.to_owned(),
        };
        self.entries.push(Entry { code, place, message: message.into(), quote: Some(quote) });
    }

    /// Takes over all entries of another ledger.
    pub fn absorb(&mut self, other: Ledger) {
        self.entries.extend(other.entries);
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
