//! What is said once of a whole blog, however many of its items it is true of.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::ledger::{Code, Ledger};
use crate::model::Place;

/// The file that such entries name: what stands around the items.
pub const SITE: &str = "wordpress.xml";

/// What has been said.
#[derive(Default)]
pub struct Told(Mutex<HashSet<String>>);

impl Told {
    /// Says that meta data of WordPress's own, or of a plugin's, is left out: one entry for each key.
    pub fn internal(&self, key: &str, ledger: &mut Ledger) {
        self.once(
            Code::FieldDropped,
            format!("`{key}` is data of WordPress or of a plugin, and is left out everywhere"),
            ledger,
        );
    }

    /// Adds an entry unless there is one. Whichever item comes first says it: the entry names none of them.
    fn once(&self, code: Code, message: String, ledger: &mut Ledger) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !told.contains(&message) {
            ledger.add(code, Place::file(SITE), message.clone());
            told.insert(message);
        }
    }
}
