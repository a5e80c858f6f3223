//! Entries of the ledger as they are left to the next run.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ledger::{Code, Ledger};
use crate::model::Place;

/// What there was to say of a document.
#[derive(Serialize, Deserialize)]
pub struct KeptEntries(Vec<KeptEntry>);

#[derive(Serialize, Deserialize)]
struct KeptEntry {
    code: usize,
    place: KeptPlace,
    message: Arc<str>,
    quote: Option<Box<str>>,
}

/// A place. The file is not told where it is the document's own.
#[derive(Serialize, Deserialize)]
pub struct KeptPlace(Option<Arc<str>>, u32, u32);

impl KeptPlace {
    /// A place as it is left.
    pub fn of(place: &Place, source: &Arc<str>) -> Self {
        KeptPlace((place.file != *source).then(|| place.file.clone()), place.line, place.column)
    }

    /// The place again.
    pub fn place(self, source: &Arc<str>) -> Place {
        Place::at(self.0.unwrap_or_else(|| source.clone()), self.1, self.2)
    }
}

impl KeptEntries {
    /// The entries of a document as they are left.
    pub fn of(ledger: &Ledger, source: &Arc<str>) -> Self {
        let kept = ledger.entries().iter().map(|entry| KeptEntry {
            code: Code::ALL.iter().position(|code| *code == entry.code).unwrap_or_default(),
            place: KeptPlace::of(&entry.place, source),
            message: entry.message.clone(),
            quote: entry.quote.clone(),
        });
        KeptEntries(kept.collect())
    }

    /// The entries again; `None` where one is of a code that there is not.
    pub fn ledger(self, source: &Arc<str>) -> Option<Ledger> {
        let mut ledger = Ledger::default();
        for KeptEntry { code, place, message, quote } in self.0 {
            ledger.restore(*Code::ALL.get(code)?, place.place(source), message, quote);
        }
        Some(ledger)
    }
}
