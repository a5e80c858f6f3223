//! A folder of the output: what stands in it, and the only hand that puts anything there or takes it away.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use crate::plan::own::Stamp;

/// What stands at a path of the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) enum Found {
    /// Nothing.
    Nothing,
    /// A file.
    File(Stamp),
    /// A symbolic link, and what it names.
    Link(PathBuf),
    /// A folder.
    Folder,
    /// A pipe, a device, a socket.
    Other,
}

/// A folder of the output, or the output itself.
#[derive(Debug)]
pub(in crate::plan) struct Folder {
    pub(super) dir: Dir,
    /// Where files are written before they are moved to their places, if apart from these.
    pub(super) half: Option<Arc<Dir>>,
    /// When the disk fails.
    #[cfg(test)]
    pub(super) fault: Option<Arc<crate::plan::faults::Fault>>,
}

impl Folder {
    pub(super) fn new(dir: Dir) -> Self {
        Folder {
            dir,
            half: None,
            #[cfg(test)]
            fault: None,
        }
    }

    /// Stands before every change: in tests the disk may fail there.
    #[cfg(test)]
    fn changes(&self) -> io::Result<()> {
        self.fault.as_ref().map_or(Ok(()), |fault| fault.step())
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "only in tests the disk fails here")]
    fn changes(&self) -> io::Result<()> {
        Ok(())
    }

    /// A folder below, whose files are written where those of this one are.
    pub(super) fn below(&self, dir: Dir) -> Self {
        Folder {
            dir,
            half: self.half.clone(),
            #[cfg(test)]
            fault: self.fault.clone(),
        }
    }

    /// What stands under a name. What cannot be told is found out by whoever writes there.
    pub fn look(&self, name: &OsStr) -> Found {
        let Ok(metadata) = self.dir.symlink_metadata(name) else { return Found::Nothing };
        let kind = metadata.file_type();
        if kind.is_file() {
            Found::File(Stamp::of_output(&metadata))
        } else if kind.is_dir() {
            Found::Folder
        } else if kind.is_symlink() {
            Found::Link(self.dir.read_link_contents(name).unwrap_or_default())
        } else {
            Found::Other
        }
    }

    /// Whether anything stands under a name.
    pub fn is_there(&self, name: &OsStr) -> bool {
        self.look(name) != Found::Nothing
    }

    /// Opens what [`Folder::look`] has found to be a file (to open a pipe would wait for its other end).
    pub fn open(&self, name: &OsStr) -> io::Result<fs::File> {
        self.dir.open(name).map(cap_std::fs::File::into_std)
    }

    /// Opens a file to read it and to write at its end; it is made where there is none.
    pub fn append(&self, name: &OsStr) -> io::Result<fs::File> {
        if !matches!(self.look(name), Found::File(_) | Found::Nothing) {
            return Err(io::Error::other("it is no file"));
        }
        self.changes()?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        self.dir.open_with(name, &options).map(cap_std::fs::File::into_std)
    }

    /// Whether a file is listed under just this name: another one may answer to it where letter case does not count.
    pub fn lists(&self, name: &OsStr) -> bool {
        self.dir.entries().is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name() == name))
    }

    /// Puts a file under a name; `fill` writes its content.
    pub fn put<T>(&self, name: &OsStr, fill: impl FnOnce(fs::File) -> io::Result<T>) -> io::Result<T> {
        let mut new = OpenOptions::new();
        new.read(true).write(true).create_new(true);
        self.changes()?;
        let (half, file) = half_written(|half| self.half().open_with(half, &new))?;
        self.move_there(&half, name, fill(file.into_std()))
    }

    /// Puts a second name of a file of the source under a name. Of two names of one file neither is its copy: a
    /// symbolic link in the source is followed first.
    pub fn put_hard_link(&self, name: &OsStr, from: &Path) -> io::Result<()> {
        let from = from.canonicalize()?;
        let (Some(folder), Some(file)) = (from.parent(), from.file_name()) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let folder = Dir::open_ambient_dir(folder, ambient_authority())?;
        let (half, ()) = half_written(|half| folder.hard_link(file, self.half(), half))?;
        self.move_there(&half, name, Ok(()))
    }

    /// Puts a symbolic link to a file of the source under a name, where the system can.
    #[cfg(unix)]
    pub fn put_symbolic_link(&self, name: &OsStr, from: &Path) -> io::Result<()> {
        let from = from.canonicalize()?;
        let (half, ()) = half_written(|half| self.half().symlink_contents(&from, half))?;
        self.move_there(&half, name, Ok(()))
    }

    /// Puts a symbolic link to a file of the source under a name, where the system can.
    #[cfg(not(unix))]
    pub fn put_symbolic_link(&self, _: &OsStr, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn half(&self) -> &Dir {
        self.half.as_deref().unwrap_or(&self.dir)
    }

    /// Moves what was made to its place, or takes it away where the making failed.
    fn move_there<T>(&self, half: &str, name: &OsStr, made: io::Result<T>) -> io::Result<T> {
        let moved = made.and_then(|made| self.changes().map(|()| made));
        let moved = moved.and_then(|made| self.half().rename(half, &self.dir, name).map(|()| made));
        if moved.is_err() {
            let _ = self.half().remove_file(half);
        }
        moved
    }

    /// Waits until all that was written to the file system of the folder is on its disk, so that a loss of power takes
    /// nothing of it back. Where the system has no such call, what it keeps for later is its own affair.
    #[cfg(target_os = "linux")]
    pub fn settle(&self) -> io::Result<()> {
        use rustix::io::Errno;
        // the folder itself is open for its path alone, which is not enough
        let Ok(folder) = self.dir.open(".") else { return Ok(()) };
        match rustix::fs::syncfs(folder) {
            Err(error @ (Errno::IO | Errno::NOSPC | Errno::DQUOT)) => Err(error.into()),
            // a system that does not know the call, or forbids it, has written all the same
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Waits for nothing: the system has no call for all files of a folder.
    #[cfg(not(target_os = "linux"))]
    pub fn settle(&self) -> io::Result<()> {
        Ok(())
    }

    /// Removes a file, or a link and not what it leads to.
    pub fn remove(&self, name: &OsStr) -> io::Result<()> {
        self.changes()?;
        self.dir.remove_file(name)
    }
}

/// Makes something under a name that is free. What stands there already is left alone, links included.
fn half_written<T>(mut make: impl FnMut(&str) -> io::Result<T>) -> io::Result<(String, T)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    loop {
        let name = format!(".postferry-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        match make(&name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|made| (name, made)),
        }
    }
}
