//! The plan: every file of the new site before any of it is written.
//!
//! Dry run, diff, report and apply all look at the same plan. It holds paths, and where their contents come from: the
//! contents of documents are made when they are asked for, by as many workers as there are cores, and forgotten as
//! soon as they have been looked at. So each of these passes makes every content exactly once.

mod apply;
mod changes;
mod diff;
mod door;
mod error;
#[cfg(test)]
mod faults;
mod fitting;
mod manifest;
mod own;
mod pass;
mod status;
#[cfg(test)]
mod tests;
mod transfer;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

pub use apply::apply;
pub use changes::{Action, Changes, Failure, OnEdit, Options, Step};
pub use diff::{Form, Hunk, Show, diff};
pub use error::{ApplyError, Unmade};
pub use manifest::{MANIFEST, Provenance};
pub use own::{OWN, Stamp};
pub use pass::preview;
pub use status::{Status, provenance, status};
pub use transfer::Assets;

use blake3::Hash;

use crate::address::Name;

/// What the last run has left to the maker of documents ([`Maker::memory`]), if there is any.
pub fn memory(out: &Path) -> Option<Vec<u8>> {
    own::memory(&door::Output::at(out).ok()?.own()?)
}

/// Makes the contents of documents when they are asked for.
pub trait Maker: Send + Sync {
    /// The content of [`Content::Made`]. What the making finds out (entries of the ledger, links) stays with the maker;
    /// [`apply`], [`preview`], [`diff()`] and [`Plan::for_each`] ask for each content once.
    ///
    /// # Errors
    /// Where the source cannot be read.
    fn make(&self, document: usize) -> io::Result<Vec<u8>>;

    /// The hash of what [`Maker::make`] would make, where that is known from an earlier run. What the making of it found
    /// out then is noted as if it had been made.
    fn recall(&self, document: usize) -> Option<Hash> {
        let _ = document;
        None
    }

    /// Whether the content shows what is found when others are made: it is made after those.
    fn comes_late(&self, document: usize) -> bool {
        let _ = document;
        false
    }

    /// What the next run will know by; asked for when everything has been made. `hash_of` gives the hash of each content.
    fn memory(&self, hash_of: &dyn Fn(usize) -> Option<Hash>) -> Option<Vec<u8>> {
        let _ = hash_of;
        None
    }
}

impl<M: Maker + ?Sized> Maker for &M {
    fn make(&self, document: usize) -> io::Result<Vec<u8>> {
        (**self).make(document)
    }

    fn recall(&self, document: usize) -> Option<Hash> {
        (**self).recall(document)
    }

    fn comes_late(&self, document: usize) -> bool {
        (**self).comes_late(document)
    }

    fn memory(&self, hash_of: &dyn Fn(usize) -> Option<Hash>) -> Option<Vec<u8>> {
        (**self).memory(hash_of)
    }
}

/// Makes nothing: for plans that hold all their contents.
struct Nothing;

impl Maker for Nothing {
    fn make(&self, document: usize) -> io::Result<Vec<u8>> {
        Err(io::Error::other(format!("nobody makes document {document}")))
    }
}

/// One file of the new site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path below the output folder, with `/` between its parts.
    pub path: Arc<str>,
    /// What goes into it.
    pub content: Content,
    /// The source file it comes from, below the site's root, if from one.
    pub source: Option<Arc<str>>,
}

/// The content of a planned file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of a file of the source, copied as it is.
    Copy(PathBuf),
    /// What the plan's [`Maker`] makes of the document with this number.
    Made(usize),
    /// Another content, and these bytes on a line of their own behind it. In a box: a plan has few of them, and many
    /// contents.
    Followed(Box<(Content, Vec<u8>)>),
}

/// Every file, sorted by path; no path stands twice.
#[derive(Clone)]
pub struct Plan<'a> {
    files: Vec<File>,
    maker: Arc<dyn Maker + 'a>,
    provenance: Provenance,
    /// The paths, whatever the case of their letters.
    in_any_case: OnceLock<HashSet<Name>>,
    /// How many files have been taken up.
    taken_up: Arc<AtomicUsize>,
}

impl std::fmt::Debug for Plan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").field("files", &self.files).finish_non_exhaustive()
    }
}

impl<'a> Plan<'a> {
    /// A plan of files that hold their contents. Writers give every path once; of two files at one path the first
    /// stays.
    pub fn new(mut files: Vec<File>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        files.shrink_to_fit();
        Plan {
            files,
            maker: Arc::new(Nothing),
            provenance: Provenance::default(),
            in_any_case: OnceLock::new(),
            taken_up: Arc::default(),
        }
    }

    /// The same plan, written for and from this.
    #[must_use]
    pub fn of(self, provenance: Provenance) -> Self {
        Plan { provenance, ..self }
    }

    /// The same plan with these files alone.
    #[must_use]
    pub fn with(&self, files: Vec<File>) -> Self {
        let in_any_case = OnceLock::new();
        let taken_up = Arc::default();
        Plan { files, maker: self.maker.clone(), provenance: self.provenance.clone(), in_any_case, taken_up }
    }

    /// How many files have been taken up by the pass that goes on, for whoever watches it.
    pub fn taken_up(&self) -> Arc<AtomicUsize> {
        self.taken_up.clone()
    }

    fn take_up(&self) {
        self.taken_up.fetch_add(1, Ordering::Relaxed);
    }

    /// For and from what it is.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Whether a path is planned, whatever the case of its letters.
    fn has_in_any_case(&self, name: Name) -> bool {
        let names = || self.files.iter().map(|file| Name::in_any_case(&file.path)).collect();
        self.in_any_case.get_or_init(names).contains(&name)
    }

    fn recall(&self, document: usize) -> Option<Hash> {
        self.maker.recall(document)
    }

    fn comes_late(&self, file: &File) -> bool {
        matches!(file.content, Content::Made(document) if self.maker.comes_late(document))
    }

    fn memory(&self, hash_of: &dyn Fn(usize) -> Option<Hash>) -> Option<Vec<u8>> {
        self.maker.memory(hash_of)
    }

    /// The same plan, its [`Content::Made`] made by `maker`.
    #[must_use]
    pub fn made_by(self, maker: Arc<dyn Maker + 'a>) -> Self {
        Plan { maker, ..self }
    }

    /// The files in the order of their paths.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The bytes of one of its files. Where they are made, they are made by this call: for all of them once, there is
    /// [`Plan::for_each`].
    ///
    /// # Errors
    /// Where a file of the source cannot be read.
    pub fn bytes(&self, file: &File) -> io::Result<Vec<u8>> {
        self.bytes_of(&file.content)
    }

    fn bytes_of(&self, content: &Content) -> io::Result<Vec<u8>> {
        match content {
            Content::Bytes(bytes) => Ok(bytes.clone()),
            Content::Copy(path) => std::fs::read(path),
            Content::Made(document) => self.maker.make(*document),
            Content::Followed(both) => {
                let (first, rest) = &**both;
                let mut bytes = self.bytes_of(first)?;
                if !bytes.is_empty() && !bytes.ends_with(b"\n") {
                    bytes.push(b'\n');
                }
                bytes.extend_from_slice(rest);
                Ok(bytes)
            }
        }
    }

    /// Makes every content once, in no order, by as many workers as there are cores.
    pub fn for_each(&self, visit: impl Fn(&File, io::Result<Vec<u8>>) + Sync) {
        let (late, first): (Vec<&File>, Vec<&File>) = self.files.iter().partition(|file| self.comes_late(file));
        for files in [first, late] {
            files.par_iter().for_each(|file| visit(file, self.bytes(file)));
        }
    }
}
