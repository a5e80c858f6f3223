//! Blogs in archives: one file, or a git repository, that is unpacked before it is read, and one file that a whole new
//! site is packed into.
//!
//! Archives come from anywhere. What an entry is called and how long it becomes is decided here, and nothing is written
//! beside the folder that is unpacked into (`sink.rs`); what is not taken over is told entry by entry.

mod exported;
mod format;
mod git;
mod pack;
mod sink;
mod tarball;
mod zipped;

use std::fs::File;
use std::path::{Path, PathBuf};

use exported::Exports;
pub use format::{Format, is_export, is_taken_apart};
pub use git::is_bare;
pub use pack::{pack, rehearse};
use sink::Sink;

/// How much an archive may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All files together, in bytes.
    pub bytes: u64,
    /// All entries together.
    pub entries: usize,
}

impl Default for Limits {
    /// More than any blog, and less than a disk.
    fn default() -> Self {
        Limits { bytes: 8 << 30, entries: 2_000_000 }
    }
}

/// An entry that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its name, as far as it can be shown.
    pub name: String,
    /// Why, in a sentence without its subject and full stop.
    pub why: String,
}

/// A source that was unpacked. Its folder is gone when this is dropped.
#[derive(Debug)]
pub struct Unpacked {
    /// The archive or repository.
    pub archive: PathBuf,
    /// The folder of the blog.
    pub folder: PathBuf,
    /// The entries that are not in it.
    pub refused: Vec<Refused>,
    /// Removes the folder.
    _around: tempfile::TempDir,
}

/// Why an archive cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The archive.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// What it is packed with is none of what postferry knows.
    #[error("{}: this is no folder; name the one that holds the blog, a zip, tar, tar.gz, tar.zst or tar.xz archive of it, or an export of WordPress", .0.display())]
    Unknown(PathBuf),
    /// It ends too early, or is not what it says it is.
    #[error("{}: the archive is damaged {at}: {why}; get it again, or unpack what can be had of it and convert the folder", path.display())]
    Damaged {
        /// The archive.
        path: PathBuf,
        /// Where.
        at: String,
        /// What is wrong.
        why: String,
    },
    /// It is protected by a password.
    #[error("{}: {entry} is protected by a password; unpack the archive and convert the folder", path.display())]
    Locked {
        /// The archive.
        path: PathBuf,
        /// The first entry that is.
        entry: String,
    },
    /// git does not give what was asked for.
    #[error("{}: git cannot give {rev}: {why}", path.display())]
    Git {
        /// The repository.
        path: PathBuf,
        /// What was asked for.
        rev: String,
        /// What git says.
        why: String,
    },
    /// The place where archives are unpacked cannot be written.
    #[error("the archive cannot be unpacked in {}", std::env::temp_dir().display())]
    Write(#[source] std::io::Error),
    /// A site cannot be packed.
    #[error("{} cannot be written", path.display())]
    Pack {
        /// The archive.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// The blog itself would be written over.
    #[error("{}: this is the blog that is converted, and it is not written over; choose another name with -o", .0.display())]
    IsSource(PathBuf),
    /// There is a file already.
    #[error("{}: there is a file already; choose another name with -o, or replace it with --force", .0.display())]
    Exists(PathBuf),
}

/// Unpacks the archive in a file.
///
/// # Errors
/// [`ArchiveError`] where it as a whole cannot be read; single entries that are not taken over are in the result.
pub fn unpack(path: &Path, limits: Limits) -> Result<Unpacked, ArchiveError> {
    let read = |error| ArchiveError::Read { path: path.to_owned(), error };
    let file = File::open(path).map_err(read)?;
    let format = Format::of_content(path).map_err(read)?.ok_or_else(|| ArchiveError::Unknown(path.to_owned()))?;
    into_folder(path, limits, |sink| match format {
        Format::Zip => zipped::unpack(path, file, sink),
        Format::Wxr => Exports::default().unpack(path, file, sink),
        packed => tarball::unpack(path, packed.reader(file).map_err(read)?, sink),
    })
}

/// Unpacks exports of WordPress, which are parts of one, into one folder.
///
/// # Errors
/// [`ArchiveError`] where one of them cannot be read.
pub fn unpack_exports(paths: &[PathBuf], limits: Limits) -> Result<Unpacked, ArchiveError> {
    let around = paths.first().cloned().unwrap_or_default();
    into_folder(&around, limits, |sink| {
        let mut exports = Exports::default();
        paths.iter().try_for_each(|path| {
            let read = |error| ArchiveError::Read { path: path.clone(), error };
            exports.unpack(path, File::open(path).map_err(read)?, sink)
        })
    })
}

/// Unpacks a revision of a git repository, or of the part of it that a folder is.
///
/// # Errors
/// [`ArchiveError`] where git does not give it.
pub fn unpack_revision(repository: &Path, rev: &str, limits: Limits) -> Result<Unpacked, ArchiveError> {
    into_folder(repository, limits, |sink| git::unpack(repository, rev, sink))
}

fn into_folder(
    archive: &Path,
    limits: Limits,
    fill: impl FnOnce(&mut Sink) -> Result<(), ArchiveError>,
) -> Result<Unpacked, ArchiveError> {
    let around = tempfile::Builder::new().prefix("postferry-").tempdir().map_err(ArchiveError::Write)?;
    let mut sink = Sink::new(around.path(), limits).map_err(ArchiveError::Write)?;
    fill(&mut sink)?;
    let folder = only_folder(around.path().to_owned());
    Ok(Unpacked { archive: archive.to_owned(), folder, refused: sink.into_refused(), _around: around })
}

/// The folder in which everything stands: whoever packs a folder packs its name as well. The folders that generators look
/// for by their names are no such.
fn only_folder(folder: PathBuf) -> PathBuf {
    const CONTENT: [&str; 4] = ["_posts", "_drafts", "source", "content"];
    let Ok(entries) = std::fs::read_dir(&folder) else { return folder };
    let mut entries: Vec<std::fs::DirEntry> = entries.flatten().collect();
    entries.retain(|entry| entry.file_name() != "__MACOSX" && entry.file_name() != ".DS_Store");
    match entries.as_slice() {
        [only] if only.file_type().is_ok_and(|kind| kind.is_dir()) => {
            let is_content = CONTENT.iter().any(|name| only.file_name() == *name);
            if is_content { folder } else { only_folder(only.path()) }
        }
        _ => folder,
    }
}
