//! What the first pass leaves to that of the next run: of each document's file what others know of it, so that it need not
//! be read as long as it is the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::entries::KeptEntries;
use crate::fingerprint::Fingerprint;
use crate::ledger::Ledger;
use crate::model::{Post, Site};
use crate::plan::Stamp;

/// What is left of files, by their paths.
pub type LeftFiles = HashMap<Arc<str>, (Stamp, Vec<u8>)>;

/// What was known of the documents' files, and what is.
pub struct IndexMemory {
    /// What every document is read by.
    pub settings: Fingerprint,
    begun: SystemTime,
    old: LeftFiles,
    new: Mutex<LeftFiles>,
}

#[derive(Serialize, Deserialize)]
struct KeptPost {
    post: Post,
    entries: KeptEntries,
}

impl IndexMemory {
    /// What the last run has left, if it read documents by the same settings.
    pub fn new(old: LeftFiles, settings: Fingerprint, begun: SystemTime) -> Self {
        IndexMemory { settings, begun, old, new: Mutex::default() }
    }

    /// What the file system says of a file, if a later change of it would show.
    pub fn stamp(&self, site: &Site, path: &str) -> Option<Stamp> {
        let stamp = Stamp::of(&site.root.metadata(path)?);
        stamp.is_settled(self.begun).then_some(stamp)
    }

    /// The document of a file that has not changed, and what there was to say of it.
    pub fn recall(&self, path: &Arc<str>, stamp: Option<Stamp>) -> Option<(Post, Ledger)> {
        let (known, packed) = self.old.get(path)?;
        if Some(*known) != stamp {
            return None;
        }
        let KeptPost { post, entries } = postcard::from_bytes(packed).ok()?;
        let ledger = entries.ledger(path)?;
        self.noted().insert(path.clone(), (*known, packed.clone()));
        Some((post, ledger))
    }

    /// Remembers the document of a file, as it is before it is known among all others.
    pub fn keep(&self, path: &Arc<str>, stamp: Option<Stamp>, post: &Post, ledger: &Ledger) {
        let Some(stamp) = stamp else { return };
        let kept = KeptPost { post: post.clone(), entries: KeptEntries::of(ledger, path) };
        // what cannot be packed is read again
        if let Ok(packed) = postcard::to_allocvec(&kept) {
            self.noted().insert(path.clone(), (stamp, packed));
        }
    }

    /// The stamp of a file that was read.
    pub fn stamp_of(&self, path: &Arc<str>) -> Option<Stamp> {
        self.noted().get(path).map(|(stamp, _)| *stamp)
    }

    /// What is left to the next run, and whether it is what the last one left.
    pub fn take(&self) -> (LeftFiles, bool) {
        let new = std::mem::take(&mut *self.noted());
        let same = new == self.old;
        (new, same)
    }

    fn noted(&self) -> std::sync::MutexGuard<'_, LeftFiles> {
        self.new.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
