//! The list of files that an earlier run wrote, so that the next one knows its own from the author's.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// The manifest's name in the output folder.
pub const MANIFEST: &str = ".postferry.json";

/// What was written, and with which content. It holds no times and no paths of the machine: the same input gives
/// the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version that wrote it.
    pub postferry: String,
    /// Every file with the BLAKE3 hash of what was written.
    pub files: BTreeMap<String, String>,
}

impl Default for Manifest {
    fn default() -> Self {
        Manifest { postferry: env!("CARGO_PKG_VERSION").to_owned(), files: BTreeMap::new() }
    }
}

impl Manifest {
    /// The manifest of a folder; `None` where there is none that can be read.
    pub fn load(out: &Path) -> Option<Manifest> {
        serde_json::from_slice(&std::fs::read(out.join(MANIFEST)).ok()?).ok()
    }

    /// The manifest as it is written.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// The hash of a file's content.
    pub fn hash(bytes: &[u8]) -> String {
        blake3::hash(bytes).to_hex().to_string()
    }
}
