//! Walking below the folder: everybody sees the same files in the same order.

use std::path::Path;
use std::sync::Arc;

use walkdir::WalkDir;

use super::{Refusal, SourceFolder};

/// A file of the source, or something that stands where a file or a folder would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Its path below the source's folder, with `/` between its parts.
    pub path: Arc<str>,
    /// Why it cannot be read, if it cannot.
    pub bar: Option<Bar>,
    /// Its name on disk is not UTF-8: the path has U+FFFD for the broken bytes.
    pub is_lossy: bool,
}

/// Why something in the folder cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// A symbolic link to a file beside the source's folder.
    FileOutside,
    /// A symbolic link to a folder beside it.
    FolderOutside,
    /// A symbolic link to nothing, or to a folder above itself.
    Dangling,
    /// A named pipe, a socket or a device.
    Special,
    /// A folder that may not be entered.
    Denied,
    /// A symbolic link to a folder, where such links have led to more files than a blog has, or have led from one to
    /// another for too long.
    Maze,
    /// A name that is not UTF-8, like another one but for its broken bytes.
    Twin,
}

impl SiteFile {
    /// A file by its path below the site's root, taken for one that can be read.
    pub fn of(path: impl Into<Arc<str>>) -> Self {
        SiteFile::new(path, None)
    }

    fn new(path: impl Into<Arc<str>>, bar: Option<Bar>) -> Self {
        SiteFile { path: path.into(), bar, is_lossy: false }
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        name(&self.path)
    }

    /// The extension, lower-cased, without its dot; empty where there is none.
    pub fn extension(&self) -> String {
        extension(&self.path)
    }
}

/// The name at the end of a path.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The extension of a path, lower-cased, without its dot; empty where there is none.
pub fn extension(path: &str) -> String {
    name(path).rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_lowercase())
}

impl SourceFolder {
    /// Every file below `folder` for which `enter` lets the walk into its folders, in the order of their paths; `enter`
    /// gets the path below the source's folder. Symbolic links are followed as long as they stay below that and make a
    /// tree. What cannot be read is among the files, each with the reason.
    pub fn files(&self, folder: &str, enter: impl Fn(&str) -> bool) -> Vec<SiteFile> {
        self.walked(folder, &enter)
    }

    fn walked(&self, folder: &str, enter: &dyn Fn(&str) -> bool) -> Vec<SiteFile> {
        let folder = match super::beneath(folder) {
            Ok(folder) if matches!(self.find(&folder), Err(Refusal::LeadsOut)) => {
                return vec![SiteFile::new(folder, Some(Bar::FolderOutside))];
            }
            Ok(folder) => folder,
            Err(_) => return vec![SiteFile::new(folder, Some(Bar::FolderOutside))],
        };
        if let Some((graft, below)) = self.grafted_at(&folder) {
            let mut files = graft.folder.walked(below, &|below| enter(&super::joined(&graft.at, below)));
            files.iter_mut().for_each(|file| file.path = super::joined(&graft.at, &file.path).into());
            return files;
        }
        /// Links to folders that hold links to folders make endlessly many paths of a few files.
        const MOST_BY_LINKS: usize = 50_000;
        const MOST_LINKS: usize = 6;
        let mut by_links = 0;
        // how deep the links to folders are that the walk has come by
        let mut links: Vec<usize> = Vec::new();
        let mut files = Vec::new();
        let mut walk = WalkDir::new(self.real.join(folder)).follow_links(true).into_iter();
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    files.extend(self.barred(&error));
                    continue;
                }
            };
            let kind = entry.file_type();
            let Some((path, is_lossy)) = self.relative(entry.path()) else { continue };
            if kind.is_dir() && entry.depth() > 0 && !enter(&path) {
                walk.skip_current_dir();
                continue;
            }
            links.retain(|depth| entry.depth() > *depth);
            by_links += usize::from(!links.is_empty());
            let is_too_much = by_links > MOST_BY_LINKS || links.len() >= MOST_LINKS;
            let bar = if kind.is_dir() && entry.path_is_symlink() && is_too_much {
                walk.skip_current_dir();
                Some(Bar::Maze)
            } else if entry.depth() > 0 && entry.path_is_symlink() && self.is_outside(entry.path()) {
                if kind.is_dir() {
                    walk.skip_current_dir();
                }
                Some(if kind.is_dir() { Bar::FolderOutside } else { Bar::FileOutside })
            } else if kind.is_dir() {
                if entry.depth() > 0 && entry.path_is_symlink() {
                    links.push(entry.depth());
                }
                continue;
            } else {
                (!kind.is_file()).then_some(Bar::Special)
            };
            files.push((SiteFile { path: path.into(), bar, is_lossy }, entry.into_path()));
        }
        // by the bytes on disk as well, so that of two alike it is always the same that is found again
        files.sort_by(|(a, a_disk), (b, b_disk)| (&a.path, a_disk).cmp(&(&b.path, b_disk)));
        let mut files: Vec<SiteFile> = files.into_iter().map(|(file, _)| file).collect();
        for at in 1..files.len() {
            if files[at].path == files[at - 1].path {
                files[at].bar = Some(Bar::Twin);
            }
        }
        files
    }

    fn is_outside(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|real| !real.starts_with(&self.real))
    }

    /// A folder that may not be entered, or a symbolic link that cannot be followed.
    fn barred(&self, error: &walkdir::Error) -> Option<(SiteFile, std::path::PathBuf)> {
        let denied = error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied);
        let disk = error.path().filter(|_| denied || error.depth() > 0)?;
        let (path, is_lossy) = self.relative(disk)?;
        let bar = if denied {
            Bar::Denied
        } else if self.is_outside(disk) {
            Bar::FolderOutside
        } else {
            Bar::Dangling
        };
        Some((SiteFile { path: path.into(), bar: Some(bar), is_lossy }, disk.to_owned()))
    }

    fn relative(&self, disk: &Path) -> Option<(String, bool)> {
        let parts = disk.strip_prefix(&self.real).ok()?.components();
        let mut is_lossy = false;
        let part = |part: std::path::Component<'_>| {
            let name = part.as_os_str();
            is_lossy |= name.to_str().is_none();
            name.to_string_lossy().into_owned()
        };
        Some((parts.map(part).collect::<Vec<_>>().join("/"), is_lossy))
    }
}
