//! The door to the output folder: the one place that changes anything on the disk.
//!
//! Every path is resolved beneath the folder, by handles of folders that cannot be left (`cap-std`): a link that leads
//! out is never followed, whatever the output holds, so that nothing but the output is ever changed. A file is written
//! in postferry's own folder and then moved to its place: a run that is stopped leaves no half files where they would be
//! published, and what stood there before, be it a link or the second name of a file of the source, is replaced and not
//! written through.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::manifest::MANIFEST;
use super::own::{HALF, OWN, Stamp};

/// Why a plan cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The output folder holds files of somebody else's.
    #[error("{}: the folder is not empty and not postferry's own; choose another with -o, or write into it with --force", .0.display())]
    NotEmpty(PathBuf),
    /// The output folder is the source, or inside it, or the other way round.
    #[error("{}: the output folder and the source must not lie in each other", .0.display())]
    InsideSource(PathBuf),
    /// A path that leaves the output folder.
    #[error("{0:?} is no path below the output folder")]
    Escapes(String),
    /// A link in the output folder that leads out of it.
    #[error("{}: this link leads out of the output folder, and nothing is written through it; take it away, or choose another folder with -o", .0.display())]
    LeadsOut(PathBuf),
    /// The folder is none that an earlier run wrote.
    #[error("{}: no run of postferry has written here", .0.display())]
    NotOwn(PathBuf),
    /// The folder was written for something else, which this run would mix with its own.
    #[error("{}: this folder was written {was}, and would now be written {now}: {lost}; choose another with -o, or go on with --force", path.display())]
    Mixed {
        /// The output folder.
        path: PathBuf,
        /// What it was written for.
        was: String,
        /// What it would be written for.
        now: String,
        /// What of the earlier run would be lost or stand between the new files.
        lost: String,
    },
    /// The manifest cannot be read.
    #[error("{}: the list of what earlier runs wrote is damaged ({why}); put it back from a copy, or go on with --force, which then takes every file for one of its own", path.display())]
    Damaged {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The manifest is that of a later version.
    #[error("{}: this folder was written by postferry {version}, which is newer than this one; use that, or another folder with -o", path.display())]
    Newer {
        /// The output folder.
        path: PathBuf,
        /// The version that wrote it.
        version: String,
    },
    /// Another run is writing there.
    #[error("{}: another run of postferry is writing to this folder; wait for its end, and try again", .0.display())]
    Busy(PathBuf),
    /// The disk says no.
    #[error("{} cannot be written", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// What is said about the plan cannot be shown.
    #[error("the differences cannot be written")]
    Show(#[source] io::Error),
}

/// What stands at a path of the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
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

/// The output folder.
#[derive(Debug)]
pub(super) struct Output {
    path: PathBuf,
    /// The source's folder, every link on the way to it followed.
    source: PathBuf,
    /// `None` as long as it is not there.
    folder: Option<Folder>,
    /// Whether anything was in it at first.
    empty: bool,
}

impl Output {
    /// The output folder as it is found; nothing is made.
    pub fn open(source: &Path, out: &Path) -> Result<Output, ApplyError> {
        let (source, real_out) = (real(source), real(out));
        if real_out.starts_with(&source) || source.starts_with(&real_out) {
            return Err(ApplyError::InsideSource(out.to_owned()));
        }
        Output::of(source, out)
    }

    /// An output folder that is only looked at.
    pub fn at(out: &Path) -> Result<Output, ApplyError> {
        Output::of(PathBuf::new(), out)
    }

    fn of(source: PathBuf, out: &Path) -> Result<Output, ApplyError> {
        let path = out.to_owned();
        let folder = match Dir::open_ambient_dir(out, ambient_authority()) {
            Ok(folder) => Some(Folder::new(folder)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(ApplyError::Io { path, error }),
        };
        #[cfg(test)]
        let folder = folder.map(|folder| Folder { fault: super::faults::of(out), ..folder });
        let entries = folder.as_ref().map(|folder| folder.dir.entries()).transpose();
        // a run that was stopped before it wrote anything has left no more than its own folder
        let foreign = |entry: io::Result<cap_std::fs::DirEntry>| entry.map_or(true, |entry| entry.file_name() != OWN);
        let empty = match entries {
            Ok(entries) => entries.is_none_or(|mut entries| !entries.any(foreign)),
            Err(error) => return Err(ApplyError::Io { path, error }),
        };
        Ok(Output { path, source, folder, empty })
    }

    /// Whether nothing was in it when it was opened.
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// The folder itself, made where it is not there yet.
    pub fn make(&mut self) -> Result<(), ApplyError> {
        if self.folder.is_none() {
            let made = fs::create_dir_all(&self.path);
            let opened = made.and_then(|()| Dir::open_ambient_dir(&self.path, ambient_authority()));
            self.folder = Some(Folder::new(opened.map_err(|error| self.error("", error))?));
            #[cfg(test)]
            if let Some(folder) = &mut self.folder {
                folder.fault = super::faults::of(&self.path);
            }
        }
        Ok(())
    }

    /// postferry's own folder in it; `None` as long as there is none.
    pub fn own(&self) -> Option<Folder> {
        self.folder(Path::new(OWN)).ok().flatten()
    }

    /// postferry's own folder, made where there is none.
    pub fn made_own(&self) -> Result<Folder, ApplyError> {
        self.made_folder(Path::new(OWN)).map_err(|error| self.error(OWN, error))
    }

    /// From now on files are written in a folder of their own before they are moved to their places. What a stopped run
    /// has left half written there is thrown away: only who holds the lock may call this.
    pub fn write_apart(&mut self, own: &Folder) -> Result<(), ApplyError> {
        let made = || {
            if own.is_there(OsStr::new(HALF)) {
                own.dir.remove_dir_all(HALF).or_else(|_| own.dir.remove_file(HALF))?;
            }
            own.dir.create_dir(HALF)?;
            own.dir.open_dir(HALF)
        };
        let half = made().map_err(|error| self.error(OWN, error))?;
        if let Some(folder) = &mut self.folder {
            folder.half = Some(Arc::new(half));
        }
        Ok(())
    }

    /// Takes away the folder of files that were being written.
    pub fn end_apart(&self, own: &Folder) {
        let _ = own.dir.remove_dir_all(HALF);
    }

    /// The output folder itself; `None` as long as it is not there.
    pub fn root(&self) -> Option<&Folder> {
        self.folder.as_ref()
    }

    /// Refuses a folder in the place of the manifest, which could not be written at the end.
    pub fn check_manifest(&self) -> Result<(), ApplyError> {
        match self.root().map(|root| root.look(OsStr::new(MANIFEST))) {
            Some(Found::Folder) => Err(self.error(MANIFEST, io::ErrorKind::IsADirectory.into())),
            _ => Ok(()),
        }
    }

    /// Refuses folders that links lead out of the output, before anything is written.
    pub fn check<'p>(&self, folders: impl Iterator<Item = &'p Path>) -> Result<(), ApplyError> {
        let mut missing: Option<&Path> = None;
        for folder in folders.filter(|_| !self.empty) {
            if missing.is_some_and(|missing| folder.starts_with(missing)) {
                continue;
            }
            match self.folder(folder) {
                Ok(Some(_)) => {}
                Ok(None) => missing = Some(folder),
                Err(error) if leads_out(&error) => return Err(self.leads_out(folder)),
                // a file stands in the way: that is of its own folder, not of the run
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// The error that names the link: the first part of the path that cannot be followed.
    fn leads_out(&self, folder: &Path) -> ApplyError {
        let mut above: Vec<&Path> = folder.ancestors().collect();
        above.reverse();
        let out = |path: &&&Path| self.folder(path).is_err_and(|error| leads_out(&error));
        ApplyError::LeadsOut(self.path.join(above.iter().find(out).unwrap_or(&folder)))
    }

    /// A folder below; `None` where there is none.
    pub fn folder(&self, path: &Path) -> io::Result<Option<Folder>> {
        let Some(root) = &self.folder else { return Ok(None) };
        match root.dir.open_dir(below(path)) {
            Ok(folder) => Ok(Some(root.below(folder))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A folder below, made where there is none.
    pub fn made_folder(&self, path: &Path) -> io::Result<Folder> {
        let Some(root) = &self.folder else { return Err(io::ErrorKind::NotFound.into()) };
        let opened = match root.dir.open_dir(below(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                root.dir.create_dir_all(path)?;
                root.dir.open_dir(below(path))
            }
            opened => opened,
        };
        opened.map(|folder| root.below(folder))
    }

    /// Takes away the folders above a removed file that nothing is left in.
    pub fn remove_empty_above(&self, path: &Path) {
        let Some(root) = &self.folder else { return };
        let above = path.ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty());
        for folder in above {
            // the system removes no folder that holds anything, and no link as a folder
            if root.dir.remove_dir(folder).is_err() {
                return;
            }
        }
    }

    /// Whether a link leads where the links of an earlier run led: into the source, or to where that was.
    pub fn is_own_link(&self, target: &Path) -> bool {
        target.starts_with(&self.source) || (target.is_absolute() && !target.exists())
    }

    /// The error of a path below.
    pub fn error(&self, path: &str, error: io::Error) -> ApplyError {
        ApplyError::Io { path: if path.is_empty() { self.path.clone() } else { self.path.join(path) }, error }
    }
}

/// A folder of the output, or the output itself.
#[derive(Debug)]
pub(super) struct Folder {
    dir: Dir,
    /// Where files are written before they are moved to their places, if apart from these.
    half: Option<Arc<Dir>>,
    /// When the disk fails.
    #[cfg(test)]
    fault: Option<Arc<super::faults::Fault>>,
}

impl Folder {
    fn new(dir: Dir) -> Self {
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
    fn below(&self, dir: Dir) -> Self {
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

fn below(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

/// Whether a path was refused because it leaves the output: the only refusal that is not the system's own.
fn leads_out(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

/// The folder and the name of a path below the output folder; `None` where it would lead elsewhere.
pub(super) fn parts(path: &str) -> Option<(&Path, &OsStr)> {
    if path.contains(['\0', '\\']) {
        return None;
    }
    let path = Path::new(path);
    let all_down = path.components().all(|part| matches!(part, Component::Normal(_)));
    if all_down { Some((path.parent()?, path.file_name()?)) } else { None }
}

/// Whether a path is that of the manifest or of postferry's own folder, or below it, even where letter case does not
/// count.
pub(super) fn is_reserved(path: &str) -> bool {
    let first = path.split('/').find(|part| !part.is_empty());
    first.is_some_and(|first| [MANIFEST, OWN].iter().any(|own| first.eq_ignore_ascii_case(own)))
}

/// A path with every link in it followed; what is not there yet stands behind the nearest folder that is.
fn real(path: &Path) -> PathBuf {
    let mut rest = Vec::new();
    let mut at = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    loop {
        if let Ok(found) = at.canonicalize() {
            return rest.iter().rev().fold(found, |path, part| path.join(part));
        }
        match (at.file_name().map(ToOwned::to_owned), at.parent().map(ToOwned::to_owned)) {
            (Some(name), Some(parent)) => {
                rest.push(name);
                at = parent;
            }
            _ => return path.to_owned(),
        }
    }
}
