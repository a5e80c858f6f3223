//! What was read between the fences of files that will be read again.
//!
//! Every document is read twice, and its YAML is the slowest part of that. What the first reading found is kept, in
//! about the bytes that it has in the file, until the second one comes for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::split::Entries;

/// The fields of files, by what the file is called and what stands between its fences.
#[derive(Default)]
pub struct Memo {
    known: Mutex<HashMap<[u8; 16], Box<[u8]>>>,
}

/// A file's front matter as it was typed.
pub(super) struct Key([u8; 16]);

impl Key {
    /// Of a file that has changed since it is another one.
    pub(super) fn of(file: &str, typed: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(file.as_bytes()).update(&[0]).update(typed.as_bytes());
        let mut key = [0; 16];
        hasher.finalize_xof().fill(&mut key);
        Key(key)
    }
}

impl Memo {
    /// Hands over what was kept.
    pub(super) fn take(&self, key: &Key) -> Option<Entries> {
        let packed = self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&key.0)?;
        postcard::from_bytes(&packed).ok()
    }

    /// Keeps fields for the next reading.
    pub(super) fn keep(&self, key: Key, entries: &Entries) {
        // what cannot be packed is read again
        let Ok(packed) = postcard::to_allocvec(entries) else { return };
        let known = &mut self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key.0, packed.into_boxed_slice());
    }
}
