//! tar files.

use std::io::Read;
use std::path::Path;

use tar::{Archive, EntryType};

use super::ArchiveError;
use super::sink::{Entry, Sink, Stop};

/// Unpacks a tar file.
pub fn unpack(path: &Path, reader: impl Read, sink: &mut Sink) -> Result<(), ArchiveError> {
    let damaged = |at: &[u8], why: String| ArchiveError::Damaged { path: path.to_owned(), at: behind(at), why };
    let mut archive = Archive::new(reader);
    let mut last = Vec::new();
    let entries = archive.entries().map_err(|error| damaged(&[], error.to_string()))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| damaged(&last, error.to_string()))?;
        let name = entry.path_bytes().into_owned();
        let modified = entry.header().mtime().ok();
        let link = entry.link_name_bytes().map(|name| name.into_owned()).unwrap_or_default();
        let kind = match entry.header().entry_type() {
            EntryType::Directory => Entry::Folder,
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                // tar files of old mark folders by their names
                if name.ends_with(b"/") { Entry::Folder } else { Entry::File(&mut entry) }
            }
            EntryType::Symlink => Entry::Link(link),
            EntryType::Link => Entry::OtherName(link),
            EntryType::Char | EntryType::Block => Entry::Other("a device"),
            EntryType::Fifo => Entry::Other("a named pipe"),
            // what git writes about the revision, among others
            EntryType::XGlobalHeader => continue,
            _ => Entry::Other("of a kind that postferry does not know"),
        };
        match sink.put(&name, kind, modified) {
            Ok(()) => last = name,
            Err(Stop::Damaged(error)) => return Err(damaged(&name, error.to_string())),
            Err(Stop::Write(error)) => return Err(ArchiveError::Write(error)),
        }
    }
    Ok(())
}

fn behind(name: &[u8]) -> String {
    if name.is_empty() {
        "at its beginning".to_owned()
    } else {
        format!("at or behind {}", String::from_utf8_lossy(name).escape_debug())
    }
}
