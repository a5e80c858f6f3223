//! The folder that archives are unpacked into: every name is checked, every byte counted, and no link leads out.

use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::{Limits, Refused};
use crate::reason;

/// A name longer than this is taken by no file system.
const LONGEST_NAME: usize = 255;

/// So many refused entries are told one by one; a hostile archive has millions.
const MOST_REFUSED: usize = 1000;

/// What an entry is.
pub enum Entry<'a> {
    /// A folder.
    Folder,
    /// A file; what it holds is read from here.
    File(&'a mut dyn Read),
    /// A symbolic link, and what it names.
    Link(Vec<u8>),
    /// Another name of an entry that came before.
    OtherName(Vec<u8>),
    /// Something that is no file, and what it is.
    Other(&'static str),
}

/// Where entries are put.
pub struct Sink {
    dir: Dir,
    limits: Limits,
    seen: HashSet<PathBuf>,
    entries: usize,
    bytes: u64,
    refused: Vec<Refused>,
    more_refused: usize,
}

/// A failure of one entry.
enum Failure {
    /// It is not taken over.
    Refused(String),
    /// The archive cannot be read on.
    Damaged(io::Error),
    /// The disk takes nothing.
    Write(io::Error),
}

/// Why an archive cannot be read on.
pub enum Stop {
    /// It is damaged.
    Damaged(io::Error),
    /// The disk takes nothing.
    Write(io::Error),
}

impl Sink {
    /// Into a folder that is empty.
    pub fn new(folder: &Path, limits: Limits) -> io::Result<Self> {
        let dir = Dir::open_ambient_dir(folder, ambient_authority())?;
        let (seen, refused) = (HashSet::new(), Vec::new());
        Ok(Sink { dir, limits, seen, entries: 0, bytes: 0, refused, more_refused: 0 })
    }

    /// How much is put.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The entries that were not taken over.
    pub fn into_refused(mut self) -> Vec<Refused> {
        if self.more_refused > 0 {
            let why = format!("and {} more entries are not taken over either", self.more_refused);
            self.refused.push(Refused { name: String::new(), why });
        }
        self.refused
    }

    /// Puts an entry where its name says, or notes why not.
    ///
    /// # Errors
    /// Where the archive or the disk ends the unpacking.
    pub fn put(&mut self, name: &[u8], entry: Entry<'_>, modified: Option<u64>) -> Result<(), Stop> {
        let why = match self.try_put(name, entry, modified) {
            Ok(()) => return Ok(()),
            Err(Failure::Refused(why)) => why,
            Err(Failure::Damaged(error)) => return Err(Stop::Damaged(error)),
            Err(Failure::Write(error)) if ends_all(&error) => return Err(Stop::Write(error)),
            Err(Failure::Write(error)) => format!("cannot be unpacked: {}", reason(&error)),
        };
        self.refuse(name, why);
        Ok(())
    }

    /// Notes an entry that is not taken over.
    pub fn refuse(&mut self, name: &[u8], why: String) {
        if self.refused.len() < MOST_REFUSED {
            self.refused.push(Refused { name: String::from_utf8_lossy(name).escape_debug().to_string(), why });
        } else {
            self.more_refused += 1;
        }
    }

    fn try_put(&mut self, name: &[u8], entry: Entry<'_>, modified: Option<u64>) -> Result<(), Failure> {
        // nothing is remembered of what is beyond
        if self.entries >= self.limits.entries {
            return Err(refused(format!("is beyond {} entries", self.limits.entries)));
        }
        self.entries += 1;
        let path = beneath(name).map_err(refused)?;
        if path.as_os_str().is_empty() {
            // the folder itself
            return Ok(());
        }
        if !self.seen.insert(path.clone()) {
            return match entry {
                Entry::Folder => Ok(()),
                _ => Err(refused("has the name of an entry that came before")),
            };
        }
        if let (Some(parent), false) =
            (path.parent().filter(|parent| !parent.as_os_str().is_empty()), matches!(entry, Entry::Other(_)))
        {
            self.dir.create_dir_all(parent).map_err(|_| refused("stands below an entry that is no folder"))?;
        }
        match entry {
            Entry::Folder => self.dir.create_dir_all(&path).map_err(|_| refused("stands where a file is")),
            Entry::File(content) => self.file(&path, content, modified),
            Entry::Link(target) => self.link(&path, &target),
            Entry::OtherName(of) => self.other_name(&path, &of),
            Entry::Other(what) => Err(refused(format!("is {what}"))),
        }
    }

    fn file(&mut self, path: &Path, content: &mut dyn Read, modified: Option<u64>) -> Result<(), Failure> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let mut file = match self.dir.open_with(path, &options) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(refused("stands where another entry is"));
            }
            opened => opened.map_err(Failure::Write)?.into_std(),
        };
        let mut piece = vec![0; 128 * 1024];
        loop {
            let read = content.read(&mut piece).map_err(Failure::Damaged)?;
            if read == 0 {
                break;
            }
            self.bytes += read as u64;
            if self.bytes > self.limits.bytes {
                drop(file);
                let _ = self.dir.remove_file(path);
                let most = self.limits.bytes;
                return Err(refused(format!("is beyond {most} bytes in all; --max-unpacked allows more")));
            }
            file.write_all(&piece[..read]).map_err(Failure::Write)?;
        }
        if let Some(modified) = modified {
            // a time that no file can have is no reason to lose the file
            let _ = file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(modified.min(1 << 40)));
        }
        Ok(())
    }

    #[cfg(unix)]
    fn link(&self, path: &Path, target: &[u8]) -> Result<(), Failure> {
        let target = std::str::from_utf8(target).map_err(|_| refused("is a link to a name that is not UTF-8"))?;
        let mut depth = path.components().count() - 1;
        for part in Path::new(target).components() {
            match part {
                std::path::Component::Normal(_) => depth += 1,
                std::path::Component::CurDir => {}
                std::path::Component::ParentDir if depth > 0 => depth -= 1,
                _ => return Err(refused(format!("is a link that leads out of the archive, to {target}"))),
            }
        }
        self.dir.symlink(target, path).map_err(Failure::Write)
    }

    #[cfg(not(unix))]
    fn link(&self, _: &Path, _: &[u8]) -> Result<(), Failure> {
        Err(refused("is a link, which this system does not have"))
    }

    fn other_name(&self, path: &Path, of: &[u8]) -> Result<(), Failure> {
        let of = beneath(of).map_err(|why| refused(format!("is another name of what {why}")))?;
        self.dir.hard_link(&of, &self.dir, path).map_err(|_| refused("is another name of an entry that is not there"))
    }
}

fn refused(why: impl Into<String>) -> Failure {
    Failure::Refused(why.into())
}

/// The path below the folder that a name means; why it is none otherwise.
fn beneath(name: &[u8]) -> Result<PathBuf, String> {
    let name = std::str::from_utf8(name).map_err(|_| "has a name that is not UTF-8")?;
    if name.contains('\0') {
        return Err("has a zero byte in its name".to_owned());
    }
    let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
    if name.starts_with('/') || drive {
        return Err("has an absolute path".to_owned());
    }
    let mut path = PathBuf::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => return Err("leads out of the archive".to_owned()),
            _ if part.len() > LONGEST_NAME => return Err("has a name that is too long".to_owned()),
            part => path.push(part),
        }
    }
    Ok(path)
}

fn ends_all(error: &io::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem)
}
