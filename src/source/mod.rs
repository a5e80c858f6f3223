//! The one door for reading: everything that is read of a blog, by whomever, is found below the folder of its source.
//!
//! Names come from configurations, templates and symbolic links that somebody else wrote. An absolute path, a `..` too
//! many, or a link to another place would otherwise put what lies beside the blog into its posts; a named pipe would
//! hold the run for ever.

mod walk;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use encoding_rs::Encoding;

pub use walk::{Bar, SiteFile, extension};

/// The folder of a blog's source.
#[derive(Debug, Clone)]
pub struct SourceFolder {
    /// As the user named it, for messages.
    named: PathBuf,
    /// Where it is, no symbolic link in it.
    real: PathBuf,
    /// Contents that stand in for those of files.
    over: Option<Arc<Over>>,
    /// The largest file that is read.
    largest: u64,
    /// The encoding of texts that are no UTF-8, where the user names one.
    encoding: Option<&'static Encoding>,
    /// A folder that is elsewhere on disk and stands below this one.
    graft: Option<Arc<Graft>>,
}

/// A folder that stands at a path where it does not lie.
#[derive(Debug)]
struct Graft {
    at: String,
    folder: SourceFolder,
}

/// The largest text that is read where nothing is said, in bytes: a page of a book has 2,000 of them, and a text takes some
/// hundred times its length while it is carried over.
pub const LARGEST: u64 = 16 << 20;

/// Contents by the paths of the files that they stand in for.
type Over = RwLock<HashMap<String, Arc<[u8]>>>;

/// Why nothing is read at a path.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is nothing.
    #[error("is not there")]
    Missing,
    /// The path, or a symbolic link on it, leads to a place beside the folder.
    #[error("leads out of the source's folder")]
    LeadsOut,
    /// A folder, a named pipe, a socket or a device.
    #[error("is no regular file")]
    NoFile,
    /// It is larger than anything that is read.
    #[error("is larger than {} MB, which is the most that is read of a text; --max-file-size allows more", .0 >> 20)]
    TooLarge(u64),
    /// The system does not give it.
    #[error("cannot be read: {0}")]
    Failed(#[source] std::io::Error),
}

impl From<Refusal> for std::io::Error {
    fn from(refusal: Refusal) -> Self {
        use std::io::ErrorKind;
        let kind = match refusal {
            Refusal::Failed(error) => return error,
            Refusal::Missing => ErrorKind::NotFound,
            Refusal::LeadsOut => ErrorKind::PermissionDenied,
            Refusal::NoFile | Refusal::TooLarge(_) => ErrorKind::InvalidInput,
        };
        std::io::Error::new(kind, refusal)
    }
}

impl SourceFolder {
    /// Opens a folder.
    ///
    /// # Errors
    /// Where it is none, or may not be read.
    pub fn open(named: &Path) -> std::io::Result<Self> {
        let real = named.canonicalize()?;
        std::fs::read_dir(&real)?;
        Ok(SourceFolder { named: named.to_owned(), real, over: None, largest: LARGEST, encoding: None, graft: None })
    }

    /// The same folder, of whose texts none that is larger is read.
    #[must_use]
    pub fn reading_up_to(self, largest: u64) -> Self {
        SourceFolder { largest, ..self }
    }

    /// The same folder, whose texts are in this encoding where they are no UTF-8.
    #[must_use]
    pub fn encoded(self, encoding: Option<&'static Encoding>) -> Self {
        SourceFolder { encoding, ..self }
    }

    /// The same folder as it was unpacked elsewhere: everything else stays as it is.
    ///
    /// # Errors
    /// Where that is none, or may not be read.
    pub fn moved_to(self, real: &Path) -> std::io::Result<Self> {
        Ok(SourceFolder { real: SourceFolder::open(real)?.real, ..self })
    }

    /// The same folder with another one at a path below it.
    ///
    /// # Errors
    /// Where that is none, or may not be read.
    pub fn grafted(self, at: &str, folder: &Path) -> std::io::Result<Self> {
        let folder = SourceFolder { largest: self.largest, encoding: self.encoding, ..SourceFolder::open(folder)? };
        Ok(SourceFolder { graft: Some(Arc::new(Graft { at: at.to_owned(), folder })), ..self })
    }

    /// The folder that stands at a path or above it, and the path below that.
    fn grafted_at<'p>(&self, below: &'p str) -> Option<(&Graft, &'p str)> {
        let graft = self.graft.as_deref()?;
        let rest = below.strip_prefix(&graft.at)?;
        if rest.is_empty() { Some((graft, rest)) } else { Some((graft, rest.strip_prefix('/')?)) }
    }

    /// The encoding of texts that are no UTF-8, where the user names one.
    pub fn encoding(&self) -> Option<&'static Encoding> {
        self.encoding
    }

    /// The same folder by another name in messages: that of the archive that it was unpacked from.
    #[must_use]
    pub fn called(self, named: PathBuf) -> Self {
        SourceFolder { named, ..self }
    }

    /// The same folder, of whose files some can be stood in for ([`SourceFolder::stand_in`]).
    #[must_use]
    pub fn written_over(self) -> Self {
        SourceFolder { over: Some(Arc::default()), ..self }
    }

    /// Lets a content stand in for that of a file, or no longer.
    pub fn stand_in(&self, path: &str, content: Option<Arc<[u8]>>) {
        let Some(over) = &self.over else { return };
        let mut over = over.write().unwrap_or_else(PoisonError::into_inner);
        match content {
            Some(content) => _ = over.insert(path.to_owned(), content),
            None => _ = over.remove(path),
        }
    }

    fn stands_in(&self, path: &str) -> Option<Arc<[u8]>> {
        self.over.as_ref()?.read().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }

    /// The folder as the user named it.
    pub fn named(&self) -> &Path {
        &self.named
    }

    /// Where the file or folder of a path is on disk, symbolic links resolved.
    ///
    /// # Errors
    /// [`Refusal::LeadsOut`] where that is not below the folder, [`Refusal::Missing`] where there is nothing.
    pub fn find(&self, path: &str) -> Result<PathBuf, Refusal> {
        let below = beneath(path)?;
        if let Some((graft, below)) = self.grafted_at(&below) {
            return graft.folder.find(below);
        }
        let real = match self.real.join(&below).canonicalize() {
            Err(error) if is_missing(&error) && below.contains(char::REPLACEMENT_CHARACTER) => {
                let found = self.by_lossy_name(&below).ok_or(Refusal::Missing)?;
                found.canonicalize()
            }
            found => found,
        };
        let real = real.map_err(refusal)?;
        if real.starts_with(&self.real) { Ok(real) } else { Err(Refusal::LeadsOut) }
    }

    /// Where the regular file of a path is on disk, symbolic links resolved.
    ///
    /// # Errors
    /// As [`SourceFolder::find`], and [`Refusal::NoFile`] for anything else than a regular file.
    pub fn file(&self, path: &str) -> Result<PathBuf, Refusal> {
        let real = self.find(path)?;
        // looked at before it is opened: opening a named pipe waits for its writer
        if std::fs::metadata(&real).map_err(refusal)?.is_file() { Ok(real) } else { Err(Refusal::NoFile) }
    }

    /// The path on disk of a file that is copied later; where it is not found, the one that the copying will miss.
    pub fn path_of(&self, path: &str) -> PathBuf {
        self.file(path).unwrap_or_else(|_| self.real.join(path.trim_start_matches('/')))
    }

    /// What a file holds.
    ///
    /// # Errors
    /// As [`SourceFolder::file`].
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        match self.stands_in(path) {
            Some(content) => Ok(content.to_vec()),
            None => self.read(path),
        }
    }

    /// A file that grows while it is read is no larger for that.
    fn read(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        let file = std::fs::File::open(self.file(path)?).map_err(refusal)?;
        let length = file.metadata().map_err(refusal)?.len();
        let mut content = Vec::with_capacity(usize::try_from(length.min(self.largest)).unwrap_or(0));
        file.take(self.largest + 1).read_to_end(&mut content).map_err(refusal)?;
        if content.len() as u64 > self.largest { Err(Refusal::TooLarge(self.largest)) } else { Ok(content) }
    }

    /// What a file of text holds, in UTF-8 or in the encoding that the user names.
    ///
    /// # Errors
    /// As [`SourceFolder::file`], and where it is in no encoding that is known.
    pub fn text(&self, path: &str) -> Result<String, Refusal> {
        let not_text = || Refusal::Failed(std::io::Error::new(std::io::ErrorKind::InvalidData, "it is no UTF-8"));
        String::from_utf8(self.read(path)?).or_else(|error| {
            let encoding = self.encoding.ok_or_else(not_text)?;
            let text = encoding.decode_without_bom_handling_and_without_replacement(error.as_bytes());
            text.map(Cow::into_owned).ok_or_else(not_text)
        })
    }

    /// What the file system says of a file that was found by walking.
    pub fn metadata(&self, path: &str) -> Option<std::fs::Metadata> {
        let below = beneath(path).ok()?;
        match self.grafted_at(&below) {
            Some((graft, below)) => graft.folder.metadata(below),
            None => std::fs::metadata(self.real.join(below)).ok(),
        }
    }

    /// When a file was last written.
    pub fn modified(&self, path: &str) -> Option<SystemTime> {
        std::fs::metadata(self.file(path).ok()?).and_then(|meta| meta.modified()).ok()
    }

    /// Whether there is a folder at a path.
    pub fn has_folder(&self, path: &str) -> bool {
        self.find(path).is_ok_and(|real| real.is_dir())
    }

    /// A name that is not UTF-8 is spoken of with U+FFFD for its broken bytes; this finds it again by that.
    fn by_lossy_name(&self, below: &str) -> Option<PathBuf> {
        let mut at = self.real.clone();
        for part in below.split('/') {
            let plain = at.join(part);
            at = if plain.symlink_metadata().is_ok() {
                plain
            } else {
                let entries = std::fs::read_dir(&at).ok()?.filter_map(Result::ok);
                let alike = entries.map(|entry| entry.file_name()).filter(|name| name.to_string_lossy() == part);
                at.join(alike.min()?)
            };
        }
        Some(at)
    }
}

/// A path below the folder in its plainest form, with `/` between its parts: no `.`, no `..`, no doubled slash.
///
/// # Errors
/// [`Refusal::LeadsOut`] for an absolute path, and where `..` goes above the folder.
pub fn beneath(path: &str) -> Result<String, Refusal> {
    let mut parts: Vec<&str> = Vec::new();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str().unwrap_or_default()),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop().ok_or(Refusal::LeadsOut)?;
            }
            Component::RootDir | Component::Prefix(_) => return Err(Refusal::LeadsOut),
        }
    }
    Ok(parts.join("/"))
}

/// A path below a folder of the source, by whatever slashes the two are written with.
pub fn joined(folder: &str, path: &str) -> String {
    let (folder, path) = (folder.trim_end_matches('/'), path.trim_start_matches('/'));
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

fn is_missing(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

fn refusal(error: std::io::Error) -> Refusal {
    if is_missing(&error) { Refusal::Missing } else { Refusal::Failed(error) }
}

#[cfg(test)]
mod tests;
