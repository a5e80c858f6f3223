//! The texts of the last run, so that what the author has changed in them since can be merged with what the next one
//! would write.
//!
//! One file of records, each a hash and a packed text; only what is new is written at its end.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use blake3::Hash;

use crate::plan::door::{Folder, Found};

const NAME: &str = "base";

/// Texts above this size are not kept: nobody edits them by hand.
const LONGEST: usize = 4 << 20;

/// A hash, and the length of what follows.
const HEAD: usize = 36;

/// The texts that are kept of a folder.
#[derive(Debug)]
pub struct Base {
    file: Mutex<BufWriter<File>>,
    /// Where the record of each text begins, and how long it is.
    known: Mutex<Records>,
}

/// Where the record of each text begins, and how long it is.
type Records = HashMap<Hash, (u64, u32)>;

impl Base {
    /// Opens the texts of a folder to keep more of them.
    pub fn open(own: &Folder) -> io::Result<Base> {
        let file = own.append(OsStr::new(NAME))?;
        let (known, end) = index(&file)?;
        // the record that a stopped run was writing
        if end < file.metadata()?.len() {
            file.set_len(end)?;
        }
        Ok(Base { file: Mutex::new(BufWriter::new(file)), known: Mutex::new(known) })
    }

    /// The text of a hash, where a folder keeps it.
    pub fn find(own: &Folder, hash: Hash) -> Option<Vec<u8>> {
        let name = OsStr::new(NAME);
        let Found::File(_) = own.look(name) else { return None };
        let mut file = own.open(name).ok()?;
        let (at, length) = *index(&file).ok()?.0.get(&hash)?;
        file.seek(SeekFrom::Start(at + HEAD as u64)).ok()?;
        let mut packed = vec![0; length as usize];
        file.read_exact(&mut packed).ok()?;
        let text = lz4_flex::decompress_size_prepended(&packed).ok()?;
        (blake3::hash(&text) == hash).then_some(text)
    }

    /// Keeps a text. What is no text is not merged.
    pub fn keep(&self, hash: Hash, text: &[u8]) -> io::Result<()> {
        if text.len() > LONGEST || std::str::from_utf8(text).is_err() {
            return Ok(());
        }
        if self.known.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&hash) {
            return Ok(());
        }
        let packed = lz4_flex::compress_prepend_size(text);
        let Ok(length) = u32::try_from(packed.len()) else { return Ok(()) };
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // where it stands is found out by whoever reads it
        let new = self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, (0, length)).is_none();
        if new {
            file.write_all(hash.as_bytes())?;
            file.write_all(&length.to_le_bytes())?;
            file.write_all(&packed)?;
        }
        Ok(())
    }

    /// Ends the run. Where more than half of what is kept belongs to no file any more, the rest is written anew.
    pub fn end(self, own: &Folder, needed: impl Iterator<Item = Hash>) -> io::Result<()> {
        let file = self.file.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let known = self.known.into_inner().unwrap_or_else(PoisonError::into_inner);
        let whole: u64 = known.values().map(|(_, length)| u64::from(*length)).sum();
        let needed: Vec<Hash> = needed.filter(|hash| known.contains_key(hash)).collect();
        let live: u64 = needed.iter().map(|hash| u64::from(known[hash].1)).sum();
        if live * 2 >= whole {
            return Ok(());
        }
        let (known, _) = index(&file)?;
        own.put(OsStr::new(NAME), |new| {
            let mut new = BufWriter::new(new);
            for hash in &needed {
                let Some((at, length)) = known.get(hash) else { continue };
                file.seek(SeekFrom::Start(*at))?;
                io::copy(&mut (&file).take(HEAD as u64 + u64::from(*length)), &mut new)?;
            }
            new.flush()
        })
    }
}

/// Where the record of each text begins and how long it is, and where the last whole one ends.
fn index(file: &File) -> io::Result<(Records, u64)> {
    let whole = file.metadata()?.len();
    let mut reader = BufReader::new(file);
    reader.seek(SeekFrom::Start(0))?;
    let (mut known, mut at) = (HashMap::new(), 0);
    let mut head = [0; HEAD];
    while at + HEAD as u64 <= whole && reader.read_exact(&mut head).is_ok() {
        let (hash, length) = head.split_at(32);
        let (Ok(hash), Ok(length)) = (<[u8; 32]>::try_from(hash), <[u8; 4]>::try_from(length)) else { break };
        let length = u32::from_le_bytes(length);
        let end = at + HEAD as u64 + u64::from(length);
        if end > whole {
            break;
        }
        known.insert(Hash::from_bytes(hash), (at, length));
        reader.seek_relative(i64::from(length))?;
        at = end;
    }
    Ok((known, at))
}
