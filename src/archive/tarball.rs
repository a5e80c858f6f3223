//! tar files.

use std::cell::Cell;
use std::io::{self, Read};
use std::path::Path;

use tar::{Archive, EntryType};

use super::ArchiveError;
use super::sink::{Entry, Sink, Stop};

/// The longest name or record of names that is kept in memory: no system opens a path of this length.
const LONGEST_RECORD: u64 = 64 * 1024;

/// Unpacks a tar file. It must have its end mark, and what it is packed with must be whole to the end: its last bytes say
/// whether all others are right.
pub fn unpack(path: &Path, reader: impl Read, sink: &mut Sink) -> Result<(), ArchiveError> {
    let damaged = |at: &[u8], why: String| ArchiveError::Damaged { path: path.to_owned(), at: behind(at), why };
    let ended = Cell::new(false);
    let mut archive = Archive::new(Watched { reader, ended: &ended });
    let mut last = Vec::new();
    let mut ahead = Ahead::default();
    // raw: records of long names are read here, for the crate would read them whole, however long they are
    let entries = archive.entries().map_err(|error| damaged(&[], error.to_string()))?.raw(true);
    for entry in entries {
        let mut entry = entry.map_err(|error| damaged(&last, error.to_string()))?;
        let read = ahead.read(&mut entry).map_err(|error| damaged(&last, error.to_string()))?;
        if read {
            continue;
        }
        let Ahead { name, link, is_sparse } = std::mem::take(&mut ahead);
        let name = name.unwrap_or_else(|| entry.path_bytes().into_owned());
        let link = link.or_else(|| entry.link_name_bytes().map(|name| name.into_owned())).unwrap_or_default();
        let modified = entry.header().mtime().ok();
        let kind = match entry.header().entry_type() {
            EntryType::Directory => Entry::Folder,
            EntryType::Regular | EntryType::Continuous if is_sparse => Entry::Other("a sparse file"),
            // tar files of old mark folders by their names
            EntryType::Regular | EntryType::Continuous if name.ends_with(b"/") => Entry::Folder,
            EntryType::Regular | EntryType::Continuous => Entry::File(&mut entry),
            EntryType::GNUSparse => Entry::Other("a sparse file"),
            EntryType::Symlink => Entry::Link(link),
            EntryType::Link => Entry::OtherName(link),
            EntryType::Char | EntryType::Block => Entry::Other("a device"),
            EntryType::Fifo => Entry::Other("a named pipe"),
            _ => Entry::Other("of a kind that postferry does not know"),
        };
        match sink.put(&name, kind, modified) {
            Ok(()) => last = name,
            Err(Stop::Damaged(error)) => return Err(damaged(&name, error.to_string())),
            Err(Stop::Write(error)) => return Err(ArchiveError::Write(error)),
        }
    }
    // the crate takes the end of the file for the end of the archive
    if ended.get() {
        return Err(damaged(&last, "it ends without the mark that stands at the end".to_owned()));
    }
    let mut rest = archive.into_inner().take(sink.limits().bytes);
    let more = is_more_than_zeros(&mut rest).map_err(|error| damaged(&last, error.to_string()))?;
    if rest.limit() == 0 {
        return Err(damaged(&last, "what stands behind its end mark does not end".to_owned()));
    }
    if more {
        sink.refuse(b"", "more stands behind the mark at the end of the archive, and is not read".to_owned());
    }
    Ok(())
}

/// A reader that remembers whether somebody read to its end.
struct Watched<'a, R> {
    reader: R,
    ended: &'a Cell<bool>,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(bytes)?;
        self.ended.set(read == 0 && !bytes.is_empty());
        Ok(read)
    }
}

/// What records in front of an entry say of it.
#[derive(Default)]
struct Ahead {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    is_sparse: bool,
}

impl Ahead {
    /// Takes up a record of the next entry; `false` where the entry is none.
    fn read(&mut self, entry: &mut tar::Entry<'_, impl Read>) -> io::Result<bool> {
        match entry.header().entry_type() {
            EntryType::GNULongName => self.name = Some(c_string(record(entry)?)),
            EntryType::GNULongLink => self.link = Some(c_string(record(entry)?)),
            EntryType::XHeader => self.pax(&record(entry)?),
            // what git writes about the revision, among others
            EntryType::XGlobalHeader => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// POSIX (`pax`): `<length> <key>=<value>\n`.
    fn pax(&mut self, mut record: &[u8]) {
        while let Some(space) = record.iter().position(|byte| *byte == b' ') {
            let length = std::str::from_utf8(&record[..space]).ok().and_then(|length| length.parse::<usize>().ok());
            let Some(length) = length.filter(|length| *length > space + 1 && *length <= record.len()) else { return };
            let line = record[space + 1..length].strip_suffix(b"\n").unwrap_or(&record[space + 1..length]);
            if let Some(equals) = line.iter().position(|byte| *byte == b'=') {
                let (key, value) = (&line[..equals], line[equals + 1..].to_vec());
                match key {
                    b"path" => self.name = Some(value),
                    b"linkpath" => self.link = Some(value),
                    key => self.is_sparse |= key.starts_with(b"GNU.sparse."),
                }
            }
            record = &record[length..];
        }
    }
}

fn record(entry: &mut tar::Entry<'_, impl Read>) -> io::Result<Vec<u8>> {
    if entry.size() > LONGEST_RECORD {
        return Err(io::Error::other(format!("a name or what is said of one takes {} bytes", entry.size())));
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn c_string(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    bytes.truncate(end);
    bytes
}

/// Reads to the end.
fn is_more_than_zeros(reader: &mut impl Read) -> io::Result<bool> {
    let mut piece = vec![0; 64 * 1024];
    let mut more = false;
    loop {
        match reader.read(&mut piece)? {
            0 => return Ok(more),
            read => more |= piece[..read].iter().any(|byte| *byte != 0),
        }
    }
}

fn behind(name: &[u8]) -> String {
    if name.is_empty() {
        "at its beginning".to_owned()
    } else {
        format!("at or behind {}", String::from_utf8_lossy(name).escape_debug())
    }
}
