//! The door to the output folder: the one place that changes anything on the disk.
//!
//! Every path is resolved beneath the folder, by handles of folders that cannot be left (`cap-std`): a link that leads
//! out is never followed, whatever the output holds, so that nothing but the output is ever changed. A file is written
//! in postferry's own folder and then moved to its place: a run that is stopped leaves no half files where they would be
//! published, and what stood there before, be it a link or the second name of a file of the source, is replaced and not
//! written through.

mod folder;

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use crate::plan::error::ApplyError;
use crate::plan::manifest::MANIFEST;
use crate::plan::own::{HALF, OWN};
pub(in crate::plan) use folder::{Folder, Found};

/// The output folder.
#[derive(Debug)]
pub(in crate::plan) struct Output {
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
        let folder = folder.map(|folder| Folder { fault: crate::plan::faults::of(out), ..folder });
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
                folder.fault = crate::plan::faults::of(&self.path);
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

fn below(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

/// Whether a path was refused because it leaves the output: the only refusal that is not the system's own.
fn leads_out(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

/// The folder and the name of a path below the output folder; `None` where it would lead elsewhere.
pub(in crate::plan) fn parts(path: &str) -> Option<(&Path, &OsStr)> {
    if path.contains(['\0', '\\']) {
        return None;
    }
    let path = Path::new(path);
    let all_down = path.components().all(|part| matches!(part, Component::Normal(_)));
    if all_down { Some((path.parent()?, path.file_name()?)) } else { None }
}

/// Whether a path is that of the manifest or of postferry's own folder, or below it, even where letter case does not
/// count.
pub(in crate::plan) fn is_reserved(path: &str) -> bool {
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
