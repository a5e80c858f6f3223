//! zip files.

use std::fs::File;
use std::io::{BufReader, Read};
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
    let mut archive = ZipArchive::new(BufReader::new(file))
        .map_err(|error| damaged("where its list of entries should be".to_owned(), error.to_string()))?;
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

/// zip files have the time of a clock, and do not say of which: it is taken for one of UTC.
fn seconds(time: zip::DateTime) -> Option<u64> {
    let field = |value: u8| i8::try_from(value).ok();
    let (month, day) = (field(time.month())?, field(time.day())?);
    let (hour, minute, second) = (field(time.hour())?, field(time.minute())?, field(time.second())?);
    let clock = DateTime::new(i16::try_from(time.year()).ok()?, month, day, hour, minute, second, 0).ok()?;
    u64::try_from(clock.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second()).ok()
}
