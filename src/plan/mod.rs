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
    /// What the plan's [`Maker`] makes of this number.
    Made(usize),
}

/// Makes the contents of documents when they are asked for.
pub trait Maker: Send + Sync {
    /// The content of [`Content::Made`].
    ///
    /// # Errors
    /// Where its source cannot be read.
    fn make(&self, number: usize) -> std::io::Result<Vec<u8>>;
}

struct Nothing;

impl Maker for Nothing {
    fn make(&self, number: usize) -> std::io::Result<Vec<u8>> {
        Err(std::io::Error::other(format!("nobody makes document {number}")))
    }
}

/// Every file, sorted by path; no path stands twice.
#[derive(Clone)]
pub struct Plan<'a> {
    files: Vec<File>,
    maker: std::sync::Arc<dyn Maker + 'a>,
}

impl std::fmt::Debug for Plan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").field("files", &self.files).finish_non_exhaustive()
    }
}

impl<'a> Plan<'a> {
    /// A plan of files. Writers give every path once; of two files at one path the first stays.
    pub fn new(mut files: Vec<File>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Plan { files, maker: std::sync::Arc::new(Nothing) }
    }

    /// The same plan, its [`Content::Made`] made by `maker`.
    #[must_use]
    pub fn made_by(self, maker: std::sync::Arc<dyn Maker + 'a>) -> Self {
        Plan { maker, ..self }
    }

    /// All contents made.
    pub fn made(&self) -> Plan<'a> {
        use rayon::prelude::*;
        let make = |file: &File| {
            let content = match file.content {
                Content::Made(at) => Content::Bytes(self.maker.make(at).unwrap_or_default()),
                ref other => other.clone(),
            };
            File { content, ..file.clone() }
        };
        Plan { files: self.files.par_iter().map(make).collect(), maker: self.maker.clone() }
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
            _ => Ok(Vec::new()),
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
            _ => Ok(0),
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
            _ => Ok(String::new()),
        }
    }
}
