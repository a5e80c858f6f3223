//! The plan: every file of the new site before any of it is written.
//! Dry run, diff, report and apply all look at the same plan.

mod apply;
mod diff;
mod manifest;

use std::path::PathBuf;

pub use apply::{Action, Applied, ApplyError, Assets, Options, Step, apply, steps};
pub use diff::unified;
pub use manifest::{MANIFEST, Manifest};

/// One file of the new site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path below the output folder, with `/` between its parts.
    pub path: String,
    /// What goes into it.
    pub content: Content,
    /// The source file it comes from, below the site's root, if from one.
    pub source: Option<String>,
}

/// The content of a planned file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of a file of the source, copied as it is.
    Copy(PathBuf),
}

/// Every file, sorted by path; no path stands twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    files: Vec<File>,
}

impl Plan {
    /// A plan of files. Writers give every path once; of two files at one path the first stays.
    pub fn new(mut files: Vec<File>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Plan { files }
    }

    /// The files in the order of their paths.
    pub fn files(&self) -> &[File] {
        &self.files
    }
}

impl Content {
    /// The bytes.
    ///
    /// # Errors
    /// Where the file to copy cannot be read.
    pub fn bytes(&self) -> std::io::Result<Vec<u8>> {
        match self {
            Content::Bytes(bytes) => Ok(bytes.clone()),
            Content::Copy(path) => std::fs::read(path),
        }
    }

    /// How many bytes they are.
    ///
    /// # Errors
    /// Where the file to copy cannot be read.
    pub fn size(&self) -> std::io::Result<u64> {
        match self {
            Content::Bytes(bytes) => Ok(bytes.len() as u64),
            Content::Copy(path) => Ok(std::fs::metadata(path)?.len()),
        }
    }

    /// Their hash, as the manifest keeps it; files are read piece by piece.
    ///
    /// # Errors
    /// Where the file to copy cannot be read.
    fn hash(&self) -> std::io::Result<String> {
        match self {
            Content::Bytes(bytes) => Ok(Manifest::hash(bytes)),
            Content::Copy(path) => {
                let mut hasher = blake3::Hasher::new();
                hasher.update_reader(std::fs::File::open(path)?)?;
                Ok(hasher.finalize().to_hex().to_string())
            }
        }
    }
}
