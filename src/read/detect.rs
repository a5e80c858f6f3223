//! Which generator a folder is for.

use std::io::ErrorKind;
use std::path::Path;

use super::{READERS, ReadError, Reader};
use crate::source::SourceFolder;

/// The reader for a folder: the one that finds the most that speaks for it.
///
/// # Errors
/// [`ReadError::Ambiguous`] where nothing speaks for any generator, or as much for one as for another; the message lists
/// what was seen.
pub fn detect(folder: &SourceFolder) -> Result<&'static dyn Reader, ReadError> {
    let mut seen: Vec<(&'static dyn Reader, Vec<String>)> =
        READERS.iter().map(|reader| (*reader, reader.evidence(folder))).collect();
    seen.sort_by_key(|(_, evidence)| std::cmp::Reverse(evidence.len()));
    match seen.as_slice() {
        [(first, evidence), (_, next), ..] if evidence.len() > next.len() => Ok(*first),
        _ => {
            let mut message = format!("{}: cannot tell which generator this blog is for", folder.named().display());
            for (reader, evidence) in seen.iter().filter(|(_, evidence)| !evidence.is_empty()) {
                message.push_str(&format!("\n  {}: {}", reader.name(), evidence.join(", ")));
            }
            if seen.iter().all(|(_, evidence)| evidence.is_empty()) {
                message.push_str("\n  nothing of Jekyll, Hexo, Ink, Hugo, Zola or WordPress was seen");
            }
            let names: Vec<&str> = READERS.iter().map(|reader| reader.name()).collect();
            message.push_str(&format!("\n  say it with --from {}", names.join("|")));
            Err(ReadError::Ambiguous { message })
        }
    }
}

/// The name of a generator that something in a folder speaks for.
pub fn spoken_for(folder: &SourceFolder) -> Option<&'static str> {
    READERS.iter().find(|reader| !reader.evidence(folder).is_empty()).map(|reader| reader.name())
}

/// Opens the folder of a source.
///
/// # Errors
/// Where there is none, or it cannot be read.
pub fn open(root: &Path) -> Result<SourceFolder, ReadError> {
    SourceFolder::open(root).map_err(|error| {
        let path = root.to_owned();
        match error.kind() {
            ErrorKind::NotFound => ReadError::NoSuchFolder(path),
            ErrorKind::NotADirectory => ReadError::NotAFolder(path),
            _ => ReadError::FolderRefused { path, error },
        }
    })
}

/// The reader of a name.
pub fn by_name(name: &str) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.name() == name)
}
