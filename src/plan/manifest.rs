//! The list of files that an earlier run wrote, so that the next one knows its own from the author's.

use std::ffi::OsStr;
use std::fmt;
use std::io::{self, BufWriter, Read, Write};
use std::sync::Arc;

use blake3::Hash;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::door::{Folder, Found};

/// The manifest's name in the output folder.
pub const MANIFEST: &str = ".postferry.json";

/// What was written, and with which content. It holds no times and no paths of the machine: the same input gives
/// the same bytes.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The version that wrote it.
    postferry: String,
    /// Every file with the BLAKE3 hash of what was written.
    files: Files,
}

/// Paths and hashes, in the order of the paths.
#[derive(Debug, Default, PartialEq, Eq)]
struct Files(Vec<(Arc<str>, Hash)>);

impl Manifest {
    /// The manifest of this version.
    pub fn new(mut files: Vec<(Arc<str>, Hash)>) -> Self {
        files.sort_by(|a, b| a.0.cmp(&b.0));
        files.dedup_by(|a, b| a.0 == b.0);
        Manifest { postferry: env!("CARGO_PKG_VERSION").to_owned(), files: Files(files) }
    }

    /// The manifest of a folder; `None` where there is none that can be read. A link is none.
    pub fn load(folder: &Folder) -> Option<Manifest> {
        let name = OsStr::new(MANIFEST);
        let Found::File(_) = folder.look(name) else { return None };
        let mut bytes = Vec::new();
        folder.open(name).ok()?.read_to_end(&mut bytes).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Writes it into a folder.
    pub fn write(&self, folder: &Folder) -> io::Result<()> {
        folder.put(OsStr::new(MANIFEST), |file| {
            let mut file = BufWriter::new(file);
            serde_json::to_writer_pretty(&mut file, self)?;
            file.write_all(b"\n")?;
            file.flush()
        })
    }

    /// Every path with its hash, in the order of the paths.
    pub fn files(&self) -> &[(Arc<str>, Hash)] {
        &self.files.0
    }

    /// The hash of a file.
    pub fn hash_of(&self, path: &str) -> Option<Hash> {
        let at = self.files.0.binary_search_by(|(other, _)| (**other).cmp(path)).ok()?;
        Some(self.files.0[at].1)
    }
}

impl Serialize for Files {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0.iter().map(|(path, hash)| (path, hash.to_hex())).map(|(path, hash)| (path, hash.to_string())),
        )
    }
}

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rows;
        impl<'de> Visitor<'de> for Rows {
            type Value = Vec<(Arc<str>, Hash)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("paths and hashes")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut files = Vec::new();
                while let Some((path, hash)) = map.next_entry::<Arc<str>, String>()? {
                    // what is no hash is that of no file
                    files.extend(Hash::from_hex(hash).map(|hash| (path, hash)));
                }
                Ok(files)
            }
        }
        let mut files = deserializer.deserialize_map(Rows)?;
        files.sort_by(|a, b| a.0.cmp(&b.0));
        files.dedup_by(|a, b| a.0 == b.0);
        Ok(Files(files))
    }
}
