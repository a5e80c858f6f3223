//! zip files.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use zip::ZipArchive;
use zip::result::ZipError;

use super::ArchiveError;
use super::sink::{Entry, Sink, Stop};

/// Unpacks a zip file.
pub fn unpack(path: &Path, file: File, sink: &mut Sink) -> Result<(), ArchiveError> {
    let damaged = |at: String, why: String| ArchiveError::Damaged { path: path.to_owned(), at, why };
    let mut file = file;
    let listed = listed(&mut file).map_err(|error| ArchiveError::Read { path: path.to_owned(), error })?;
    let most = sink.limits().entries as u64;
    if listed.is_some_and(|listed| listed > most) {
        return Err(damaged("where its list of entries is".to_owned(), format!("it lists more than {most} entries")));
    }
    let mut archive = ZipArchive::new(BufReader::new(file))
        .map_err(|error| damaged("where its list of entries should be".to_owned(), error.to_string()))?;
    // the crate keeps entries by their names, and of several the last
    if let Some(more) = listed.and_then(|listed| listed.checked_sub(archive.len() as u64)).filter(|more| *more > 0) {
        let why = match more {
            1 => "one entry has the name of a later one, and is not taken over".to_owned(),
            more => format!("{more} entries have the names of later ones, and are not taken over"),
        };
        sink.refuse(b"", why);
    }
    for at in 0..archive.len() {
        let (raw, is_locked) = match archive.by_index_raw(at) {
            Ok(entry) => (entry.name_raw().to_vec(), entry.encrypted()),
            Err(error) => return Err(damaged(format!("at entry {}", at + 1), error.to_string())),
        };
        let shown = String::from_utf8_lossy(&raw).escape_debug().to_string();
        if is_locked {
            return Err(ArchiveError::Locked { path: path.to_owned(), entry: shown });
        }
        let mut entry = match archive.by_index(at) {
            Ok(entry) => entry,
            // another entry may be packed by a method that is known
            Err(ZipError::UnsupportedArchive(why)) => {
                sink.refuse(&raw, format!("is packed in a way that postferry does not know ({why})"));
                continue;
            }
            Err(error) => return Err(damaged(format!("at {shown}"), error.to_string())),
        };
        // programs on Windows have written names with its own slashes
        let name: Vec<u8> = raw.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
        let modified = entry.last_modified().and_then(seconds);
        let put = if name.ends_with(b"/") {
            sink.put(&name, Entry::Folder, None)
        } else if entry.is_symlink() {
            let mut target = Vec::new();
            // a path is no longer
            let read = entry.by_ref().take(4096).read_to_end(&mut target);
            read.map_err(Stop::Damaged).and_then(|_| sink.put(&name, Entry::Link(target), None))
        } else {
            sink.put(&name, Entry::File(&mut entry), modified)
        };
        match put {
            Ok(()) => {}
            Err(Stop::Damaged(error)) => return Err(damaged(format!("at {shown}"), error.to_string())),
            Err(Stop::Write(error)) => return Err(ArchiveError::Write(error)),
        }
    }
    Ok(())
}

/// How many entries the list at the end says that it has (APPNOTE 4.3.16, and 4.3.14 where there are many); `None` where
/// there is no such list, which whoever reads it tells.
fn listed(file: &mut File) -> io::Result<Option<u64>> {
    const END: usize = 22;
    const LONGEST_COMMENT: u64 = 0xffff;
    let length = file.seek(SeekFrom::End(0))?;
    let from = length.saturating_sub(LONGEST_COMMENT + END as u64 + 20);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.take(LONGEST_COMMENT + END as u64 + 20).read_to_end(&mut tail)?;
    let end = (0..tail.len().saturating_sub(END - 1)).rev().find(|at| tail[*at..].starts_with(b"PK\x05\x06"));
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let entries = end.map(|end| number(&tail[end + 10..end + 12]));
    let large = end.and_then(|end| end.checked_sub(20)).filter(|at| tail[*at..].starts_with(b"PK\x06\x07"));
    let Some(at) = large.filter(|_| entries == Some(0xffff)) else {
        file.seek(SeekFrom::Start(0))?;
        return Ok(entries);
    };
    let mut record = [0; 56];
    let told = number(&tail[at + 8..at + 16]);
    let read = file.seek(SeekFrom::Start(told)).and_then(|_| file.read_exact(&mut record));
    file.seek(SeekFrom::Start(0))?;
    Ok((read.is_ok() && record.starts_with(b"PK\x06\x06")).then(|| number(&record[32..40])))
}

/// zip files have the time of a clock, and do not say of which: it is taken for one of UTC.
fn seconds(time: zip::DateTime) -> Option<u64> {
    let field = |value: u8| i8::try_from(value).ok();
    let (month, day) = (field(time.month())?, field(time.day())?);
    let (hour, minute, second) = (field(time.hour())?, field(time.minute())?, field(time.second())?);
    let clock = DateTime::new(i16::try_from(time.year()).ok()?, month, day, hour, minute, second, 0).ok()?;
    u64::try_from(clock.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second()).ok()
}
