//! What the file system said of files when their contents were last known, so that they need not be read again.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::sync::Arc;

use blake3::Hash;
use serde::{Deserialize, Serialize};

use crate::plan::door::{Folder, Found};

const NAME: &str = "stamps";

/// The form of the file: another one is not read.
const FORMAT: u32 = 1;

/// What the file system says of a file. As long as it says the same, the content is the same: nobody can set the time of
/// the last change of a file's data (`ctime`), and one that is replaced has another number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// In bytes.
    pub size: u64,
    /// In nanoseconds since 1970.
    pub modified: i128,
    /// In nanoseconds since 1970; 0 where the system does not tell.
    pub changed: i128,
    /// The number of the file; 0 where the system does not tell.
    pub number: u64,
}

impl Stamp {
    /// The stamp of a file outside the output.
    pub fn of(metadata: &std::fs::Metadata) -> Self {
        #[cfg(unix)]
        let (changed, number) = {
            use std::os::unix::fs::MetadataExt;
            (nanoseconds(metadata.ctime(), metadata.ctime_nsec()), metadata.ino())
        };
        #[cfg(not(unix))]
        let (changed, number) = (0, 0);
        Stamp { size: metadata.len(), modified: since_1970(metadata.modified().ok()), changed, number }
    }

    /// The stamp of a file of the output.
    pub(in crate::plan) fn of_output(metadata: &cap_std::fs::Metadata) -> Self {
        #[cfg(unix)]
        let (changed, number) = {
            use cap_std::fs::MetadataExt;
            (nanoseconds(metadata.ctime(), metadata.ctime_nsec()), metadata.ino())
        };
        #[cfg(not(unix))]
        let (changed, number) = (0, 0);
        let modified = metadata.modified().ok().map(cap_std::time::SystemTime::into_std);
        Stamp { size: metadata.len(), modified: since_1970(modified), changed, number }
    }

    /// Whether a change of the file after a time would show in its stamp: clocks of file systems tick slowly.
    pub fn is_settled(&self, time: std::time::SystemTime) -> bool {
        const TICK: i128 = 50_000_000;
        self.changed.max(self.modified) + TICK < since_1970(Some(time))
    }
}

#[cfg(unix)]
fn nanoseconds(seconds: i64, nanoseconds: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds)
}

fn since_1970(time: Option<std::time::SystemTime>) -> i128 {
    let since = time.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos() as i128)
}

/// What is known of a file of the output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stamped {
    /// Its own stamp.
    pub stamp: Stamp,
    /// The stamp of the file of the source that it is a copy of.
    pub from: Option<Stamp>,
    /// The hash of its content.
    pub hash: [u8; 32],
}

/// The stamps of a folder, by path.
#[derive(Debug, Default, PartialEq)]
pub struct Stamps(HashMap<Arc<str>, Stamped>);

impl Stamps {
    /// The stamps of these files.
    pub fn new(files: impl Iterator<Item = (Arc<str>, Stamped)>) -> Self {
        Stamps(files.collect())
    }

    /// What the last run has left; nothing where that cannot be read.
    pub fn load(own: &Folder) -> Stamps {
        let name = OsStr::new(NAME);
        let Found::File(_) = own.look(name) else { return Stamps::default() };
        let mut bytes = Vec::new();
        let _ = own.open(name).and_then(|mut file| file.read_to_end(&mut bytes));
        let read = postcard::from_bytes::<(u32, Vec<(Arc<str>, Stamped)>)>(&bytes).ok();
        let rows = read.filter(|(format, _)| *format == FORMAT).map(|(_, rows)| rows);
        Stamps::new(rows.unwrap_or_default().into_iter())
    }

    /// Leaves them to the next run.
    pub fn write(&self, own: &Folder) -> io::Result<()> {
        let mut rows: Vec<(&Arc<str>, &Stamped)> = self.0.iter().collect();
        rows.sort_by_key(|(path, _)| *path);
        let bytes = postcard::to_allocvec(&(FORMAT, rows)).map_err(io::Error::other)?;
        own.put(OsStr::new(NAME), |mut file| file.write_all(&bytes))
    }

    /// The hash of a file of the output, if it still has its stamp.
    pub fn hash_of(&self, path: &str, stamp: &Stamp) -> Option<Hash> {
        self.0.get(path).filter(|known| known.stamp == *stamp).map(|known| Hash::from_bytes(known.hash))
    }

    /// The hash of a file of the source that stands at a path of the output, if it still has its stamp.
    pub fn hash_of_copied(&self, path: &str, from: &Stamp) -> Option<Hash> {
        self.0.get(path).filter(|known| known.from == Some(*from)).map(|known| Hash::from_bytes(known.hash))
    }
}
