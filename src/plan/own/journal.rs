//! The journal of a run: what it is about to put in the output folder, written down before.
//!
//! The manifest is written at the end. Whoever finds the journal of a run that was stopped knows from it which files are
//! postferry's own, although no manifest names their content. Its file is also the lock that one run at a time holds.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::TryLockError;
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use blake3::Hash;

use crate::plan::door::{Folder, Found};

const NAME: &str = "journal";

/// The right to write to a folder, and what is written there.
#[derive(Debug)]
pub struct Journal(Mutex<std::fs::File>);

/// What a run that was stopped had begun to write: of a path every content that may be there.
pub type Noted = HashMap<Arc<str>, Vec<Hash>>;

impl Journal {
    /// Takes the right to write; `None` where another run has it.
    pub fn begin(own: &Folder) -> io::Result<Option<Journal>> {
        let file = own.append(OsStr::new(NAME))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Journal(Mutex::new(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            // a file system without locks has one user at a time
            Err(TryLockError::Error(_)) => Ok(Some(Journal(Mutex::new(file)))),
        }
    }

    /// Whether a run is writing there now.
    pub fn is_held(own: &Folder) -> bool {
        let name = OsStr::new(NAME);
        matches!(own.look(name), Found::File(_))
            && own.open(name).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// What was noted and not done to its end. A line that was torn by the stop names no file that was written.
    pub fn read(own: &Folder) -> Noted {
        let mut noted = Noted::new();
        let name = OsStr::new(NAME);
        let Found::File(_) = own.look(name) else { return noted };
        let mut bytes = Vec::new();
        let _ = own.open(name).and_then(|mut file| file.read_to_end(&mut bytes));
        for line in String::from_utf8_lossy(&bytes).split_inclusive('\n') {
            let Some((hash, path)) = line.strip_suffix('\n').and_then(|line| line.split_once(' ')) else { continue };
            if let (Ok(hash), Ok(path)) = (Hash::from_hex(hash), serde_json::from_str::<Arc<str>>(path)) {
                noted.entry(path).or_default().push(hash);
            }
        }
        noted
    }

    /// Notes what is about to stand at a path.
    pub fn note(&self, path: &str, hash: Hash) -> io::Result<()> {
        let line = format!("{} {}\n", hash.to_hex(), serde_json::to_string(path)?);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes())
    }

    /// Ends the run: the manifest knows everything now. The file stays, for a lock on a file that is gone holds nobody off.
    pub fn end(self) -> io::Result<()> {
        let file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if file.metadata()?.len() > 0 { file.set_len(0) } else { Ok(()) }
    }
}

impl Drop for Journal {
    /// To close the file is not enough: a process that is being started meanwhile holds it open a little longer.
    fn drop(&mut self) {
        let _ = self.0.get_mut().unwrap_or_else(PoisonError::into_inner).unlock();
    }
}
