//! Contents on their way to the output: made, compared with what is there, written, copied or linked.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use blake3::{Hash, Hasher};

use super::door::Folder;
use super::{Content, Plan};

/// How the blog's own files come into the output folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Assets {
    /// As copies; where the file system can, they share their blocks until one of them is changed.
    #[default]
    Copy,
    /// As hard links: one file under two names. Where the file system cannot, as copies.
    Link,
    /// As symbolic links to the source, which must stay where it is. Where the system cannot, as copies.
    Reference,
}

/// A content at hand: it has been made, and this one time is all that it is.
pub(super) enum Ready<'p> {
    /// These bytes.
    Bytes(Cow<'p, [u8]>),
    /// A file of the source, of this size.
    Copy(&'p Path, u64),
    /// What stands there already, of this size: it has not been made.
    Known(u64),
    /// What the author has made of a text, with what has changed in the blog since; and the text as planned.
    Merged { text: Vec<u8>, planned: Vec<u8> },
}

impl<'p> Ready<'p> {
    /// Makes a content.
    pub fn of(content: &'p Content, plan: &Plan<'_>) -> io::Result<Ready<'p>> {
        match content {
            Content::Bytes(bytes) => Ok(Ready::Bytes(Cow::Borrowed(bytes))),
            Content::Copy(path) => {
                let metadata = std::fs::metadata(path)?;
                // to open a pipe would wait for its other end
                let file = metadata.is_file().then(|| Ready::Copy(path, metadata.len()));
                file.ok_or_else(|| io::Error::other("it is no longer a file"))
            }
            made => plan.bytes_of(made).map(|bytes| Ready::Bytes(Cow::Owned(bytes))),
        }
    }

    /// How many bytes it is.
    pub fn size(&self) -> u64 {
        match self {
            Ready::Bytes(bytes) => bytes.len() as u64,
            Ready::Copy(_, size) | Ready::Known(size) => *size,
            Ready::Merged { text, .. } => text.len() as u64,
        }
    }

    /// All of its bytes.
    pub fn bytes(&self) -> io::Result<Cow<'_, [u8]>> {
        match self {
            Ready::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            Ready::Copy(path, _) => std::fs::read(path).map(Cow::Owned),
            Ready::Merged { text, .. } => Ok(Cow::Borrowed(text)),
            Ready::Known(_) => Err(unmade()),
        }
    }

    /// The text as planned, where it is one that was made.
    pub fn planned(&self) -> Option<&[u8]> {
        match self {
            Ready::Bytes(bytes) => Some(bytes),
            Ready::Merged { planned, .. } => Some(planned),
            Ready::Copy(..) | Ready::Known(_) => None,
        }
    }

    /// The same as bytes of its own; none of what is copied.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Ready::Bytes(bytes) => bytes.into_owned(),
            Ready::Merged { planned, .. } => planned,
            Ready::Copy(..) | Ready::Known(_) => Vec::new(),
        }
    }

    /// Whether it is a file of the source.
    pub fn is_copy(&self) -> bool {
        matches!(self, Ready::Copy(..))
    }

    /// Its hash.
    pub fn hash(&self) -> io::Result<Hash> {
        match self {
            Ready::Bytes(bytes) => Ok(blake3::hash(bytes)),
            Ready::Copy(path, _) => hash_of(File::open(path)?),
            Ready::Merged { text, .. } => Ok(blake3::hash(text)),
            Ready::Known(_) => Err(unmade()),
        }
    }

    /// Its hash, if a file of the same size holds the same. Files of the source are read piece by piece.
    pub fn if_same_as(&self, found: File) -> io::Result<Option<Hash>> {
        let from = match self {
            Ready::Bytes(bytes) => return Ok(holds(found, bytes).then(|| blake3::hash(bytes))),
            Ready::Copy(path, _) => path,
            Ready::Known(_) | Ready::Merged { .. } => return Ok(None),
        };
        let (mut from, mut found, mut hasher) = (File::open(from)?, found, Hasher::new());
        let mut piece = vec![0; 64 * 1024];
        let mut same = vec![0; 64 * 1024];
        loop {
            let read = from.read(&mut piece)?;
            if read == 0 {
                return Ok(Some(hasher.finalize()));
            }
            if found.read_exact(&mut same[..read]).is_err() || same[..read] != piece[..read] {
                return Ok(None);
            }
            hasher.update(&piece[..read]);
        }
    }

    /// Whether it is a file of the source, and a link leads to that.
    pub fn is_at(&self, target: &Path) -> bool {
        matches!(self, Ready::Copy(path, _) if path.canonicalize().is_ok_and(|path| path == target))
    }

    /// Puts it under a name in a folder of the output; returns the hash of what is there now. `note` learns it before it is
    /// there.
    pub fn put(
        &self,
        folder: &Folder,
        name: &OsStr,
        assets: Assets,
        note: impl Fn(Hash) -> io::Result<()>,
    ) -> io::Result<Hash> {
        let from = match self {
            Ready::Bytes(_) | Ready::Merged { .. } => {
                let bytes = self.bytes()?;
                let hash = blake3::hash(&bytes);
                folder.put(name, |mut file| file.write_all(&bytes).and_then(|()| note(hash)))?;
                return Ok(hash);
            }
            Ready::Copy(path, _) => path,
            Ready::Known(_) => return Err(unmade()),
        };
        if assets != Assets::Copy {
            let hash = self.hash()?;
            note(hash)?;
            let linked = match assets {
                Assets::Link => folder.put_hard_link(name, from),
                _ => folder.put_symbolic_link(name, from),
            };
            if linked.is_ok() {
                return Ok(hash);
            }
        }
        let mut from = File::open(from)?;
        folder.put(name, |mut file| {
            // between two files the system copies by itself, and shares their blocks where it can
            io::copy(&mut from, &mut file)?;
            file.rewind()?;
            let hash = hash_of(file)?;
            note(hash).map(|()| hash)
        })
    }
}

/// Nobody asks for what stands there already.
fn unmade() -> io::Error {
    io::Error::other("it has not been made")
}

/// Whether a file begins with these bytes.
fn holds(mut file: File, bytes: &[u8]) -> bool {
    let mut found = vec![0; bytes.len()];
    file.read_exact(&mut found).is_ok() && found == bytes
}

/// The hash of the rest of a file, which is read piece by piece.
pub(super) fn hash_of(file: File) -> io::Result<Hash> {
    let mut hasher = Hasher::new();
    hasher.update_reader(file)?;
    Ok(hasher.finalize())
}
