//! Disks that fail: in tests, after so many changes, every further one in an output folder is refused.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicIsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

static PLANNED: Mutex<Vec<(PathBuf, Arc<Fault>)>> = Mutex::new(Vec::new());

/// How many changes are left.
#[derive(Debug)]
pub struct Fault {
    left: AtomicIsize,
    kind: io::ErrorKind,
}

impl Fault {
    /// Lets a change through, or fails.
    pub fn step(&self) -> io::Result<()> {
        if self.left.fetch_sub(1, Ordering::Relaxed) > 0 { Ok(()) } else { Err(self.kind.into()) }
    }

    /// Whether anything was refused.
    pub fn has_struck(&self) -> bool {
        self.left.load(Ordering::Relaxed) < 0
    }
}

/// Lets a folder fail after so many changes.
pub fn plan(out: &Path, changes: isize, kind: io::ErrorKind) -> Arc<Fault> {
    let fault = Arc::new(Fault { left: AtomicIsize::new(changes), kind });
    let mut planned = PLANNED.lock().unwrap_or_else(PoisonError::into_inner);
    planned.retain(|(path, _)| path != out);
    planned.push((out.to_owned(), fault.clone()));
    fault
}

/// Lets a folder be.
pub fn mend(out: &Path) {
    PLANNED.lock().unwrap_or_else(PoisonError::into_inner).retain(|(path, _)| path != out);
}

/// The fault of a folder.
pub fn of(out: &Path) -> Option<Arc<Fault>> {
    let planned = PLANNED.lock().unwrap_or_else(PoisonError::into_inner);
    planned.iter().find(|(path, _)| path == out).map(|(_, fault)| fault.clone())
}
