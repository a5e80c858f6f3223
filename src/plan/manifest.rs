//! The list of files that an earlier run wrote, for what and from what, so that the next one knows its own from the
//! author's, and does not write one blog over another.

use std::collections::BTreeMap;
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

/// The form of the manifest. Versions before it wrote none, and mean 1.
const FORMAT: u32 = 2;

/// For what and from what a folder was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The source generator.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// The title of the blog.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The address of the blog, base path included.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The target.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// The options that decide which files there are, as they are typed (`--theme none`), in alphabetical order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// What was written, and with which content. It holds no times and no paths of the machine: the same input gives
/// the same bytes.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The version that wrote it.
    postferry: String,
    #[serde(default)]
    format: u32,
    #[serde(flatten)]
    pub provenance: Provenance,
    /// Every file with the BLAKE3 hash of what was written.
    files: Files,
    /// The files of earlier runs that the last one did not plan, and left there.
    #[serde(default, skip_serializing_if = "Files::is_empty")]
    left: Files,
}

/// Paths and hashes, in the order of the paths.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Files(Vec<(Arc<str>, Hash)>);

/// What stands in the place of a manifest.
#[derive(Debug)]
pub(super) enum Loaded {
    /// Nothing, or a link, which is none.
    Nothing,
    /// A manifest.
    Manifest(Manifest),
    /// Something that cannot be read as one, and why.
    Damaged(String),
    /// That of a later version, which says more than this one knows: the version.
    Newer(String),
}

impl Files {
    fn new(mut files: Vec<(Arc<str>, Hash)>) -> Self {
        files.sort_by(|a, b| a.0.cmp(&b.0));
        files.dedup_by(|a, b| a.0 == b.0);
        Files(files)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn hash_of(&self, path: &str) -> Option<Hash> {
        let at = self.0.binary_search_by(|(other, _)| (**other).cmp(path)).ok()?;
        Some(self.0[at].1)
    }
}

impl Manifest {
    /// The manifest of this version.
    pub fn new(provenance: Provenance, files: Vec<(Arc<str>, Hash)>, left: Vec<(Arc<str>, Hash)>) -> Self {
        let postferry = env!("CARGO_PKG_VERSION").to_owned();
        Manifest { postferry, format: FORMAT, provenance, files: Files::new(files), left: Files::new(left) }
    }

    /// What stands in a folder in the place of the manifest.
    pub fn load(folder: &Folder) -> Loaded {
        #[derive(Deserialize)]
        struct Form {
            postferry: String,
            #[serde(default)]
            format: u32,
        }
        let name = OsStr::new(MANIFEST);
        let Found::File(_) = folder.look(name) else { return Loaded::Nothing };
        let mut bytes = Vec::new();
        if let Err(error) = folder.open(name).and_then(|mut file| file.read_to_end(&mut bytes)) {
            return Loaded::Damaged(error.to_string());
        }
        // a later form may have other fields, so that it is asked for its form first
        match serde_json::from_slice::<Form>(&bytes) {
            Ok(form) if form.format > FORMAT => return Loaded::Newer(form.postferry),
            Ok(_) => {}
            Err(error) => return Loaded::Damaged(error.to_string()),
        }
        serde_json::from_slice(&bytes).map_or_else(|error| Loaded::Damaged(error.to_string()), Loaded::Manifest)
    }

    /// Writes it into a folder.
    pub fn write(&self, folder: &Folder) -> io::Result<()> {
        folder.put(OsStr::new(MANIFEST), |file| {
            let mut file = BufWriter::new(file);
            serde_json::to_writer_pretty(&mut file, self)?;
            file.write_all(b"\n")?;
            file.flush()?;
            file.get_ref().sync_all()
        })
    }

    /// The version that wrote it.
    pub fn version(&self) -> &str {
        &self.postferry
    }

    /// Every path that the last run planned, with its hash, in the order of the paths.
    pub fn files(&self) -> &[(Arc<str>, Hash)] {
        &self.files.0
    }

    /// The files of earlier runs that were left there.
    pub fn left(&self) -> &[(Arc<str>, Hash)] {
        &self.left.0
    }

    /// The hash of a file, be it one that was left there.
    pub fn hash_of(&self, path: &str) -> Option<Hash> {
        self.files.hash_of(path).or_else(|| self.left.hash_of(path))
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
            type Value = BTreeMap<Arc<str>, Hash>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("paths and hashes")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut files = BTreeMap::new();
                while let Some((path, hash)) = map.next_entry::<Arc<str>, String>()? {
                    // what is no hash is that of no file
                    files.extend(Hash::from_hex(hash).map(|hash| (path, hash)));
                }
                Ok(files)
            }
        }
        Ok(Files(deserializer.deserialize_map(Rows)?.into_iter().collect()))
    }
}
