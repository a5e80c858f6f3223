//! What postferry keeps for itself in an output folder, beside the manifest: `.postferry/`. All of it can be deleted: the
//! next run then does more work, cannot merge with what was changed by hand, and no longer knows the files of a run that
//! was stopped.

mod base;
mod journal;
mod stamps;

use std::ffi::OsStr;
use std::io::{self, Read, Write};

use super::door::{Folder, Found};

pub use base::Base;
pub use journal::{Journal, Noted};
pub use stamps::{Stamp, Stamped, Stamps};

/// The name of the folder.
pub const OWN: &str = ".postferry";

/// The folder of files that are being written.
pub const HALF: &str = "half";

/// What the maker of documents remembers of the last run.
pub const MEMORY: &str = "memory";

/// What the maker of documents has left.
pub fn memory(own: &Folder) -> Option<Vec<u8>> {
    let Found::File(_) = own.look(OsStr::new(MEMORY)) else { return None };
    let mut bytes = Vec::new();
    own.open(OsStr::new(MEMORY)).and_then(|mut file| file.read_to_end(&mut bytes)).ok()?;
    Some(bytes)
}

/// Keeps the folder out of the author's repository: what is in it tells of one machine.
pub fn ignore(own: &Folder) -> io::Result<()> {
    let name = OsStr::new(".gitignore");
    if own.is_there(name) { Ok(()) } else { own.put(name, |mut file| file.write_all(b"*\n")) }
}
