//! Walking a site's folder: every reader sees the same files in the same order.

use std::path::{Path, PathBuf};

use jiff::tz::Offset;
use walkdir::WalkDir;

use super::ReadError;
use crate::ledger::{Code, Ledger};
use crate::model::{Moment, Place};

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Where it is on disk.
    pub disk: PathBuf,
    /// Its path below the site's root, with `/` between its parts.
    pub path: String,
}

impl SiteFile {
    /// The file of a path below the site's root.
    pub fn of(root: &Path, path: &str) -> Self {
        SiteFile { disk: root.join(path), path: path.to_owned() }
    }

    /// What it holds.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn bytes(&self) -> std::io::Result<Vec<u8>> {
        std::fs::read(&self.disk)
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// When it was last written, in whole seconds; what posts without a date are dated by.
    pub fn modified(&self) -> Option<Moment> {
        let time = std::fs::metadata(&self.disk).and_then(|meta| meta.modified()).ok()?;
        let seconds = jiff::Timestamp::try_from(time).ok()?.as_second();
        Some(Moment { instant: jiff::Timestamp::from_second(seconds).ok()?, offset: Offset::UTC })
    }

    /// The extension, lower-cased, without its dot; empty where there is none.
    pub fn extension(&self) -> String {
        self.name().rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_lowercase())
    }
}

/// Every file below `root/below` for which `enter` lets the walk into its folders, in the order of their paths.
/// `enter` gets the path below the site's root. Symbolic links are followed as long as they stay a tree.
/// What cannot be read is an entry in the ledger.
pub fn files(root: &Path, below: &str, enter: impl Fn(&str) -> bool, ledger: &mut Ledger) -> Vec<SiteFile> {
    let mut files = Vec::new();
    let walk = WalkDir::new(root.join(below)).follow_links(true).into_iter().filter_entry(|entry| {
        entry.depth() == 0
            || !entry.file_type().is_dir()
            || relative(root, entry.path()).is_some_and(|path| enter(&path))
    });
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let path = relative(root, entry.path());
                files.extend(path.map(|path| SiteFile { disk: entry.into_path(), path }));
            }
            Ok(_) => {}
            Err(error) => unreadable(root, &error, ledger),
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// A folder that may not be entered is a failure; a symbolic link to nothing, or to a folder above it, holds nothing
/// that the source generator would have published.
fn unreadable(root: &Path, error: &walkdir::Error, ledger: &mut Ledger) {
    let denied = error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied);
    let Some(path) = error.path().filter(|_| denied || error.depth() > 0).and_then(|path| relative(root, path)) else {
        return;
    };
    if denied {
        ledger.add(Code::FileFailed, Place::file(&path), "may not be read");
    } else {
        ledger.add(Code::FileSkipped, Place::file(&path), "a symbolic link that leads to no file");
    }
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(root).ok()?.components();
    Some(parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// The first of several configuration files that is there, with its name and text.
///
/// # Errors
/// [`ReadError::Folder`] where one is there and cannot be read.
pub fn config_text(root: &Path, names: &[&str]) -> Result<Option<(String, String)>, ReadError> {
    for name in names {
        let path = root.join(name);
        if path.is_file() {
            let bytes = std::fs::read(&path)
                .map_err(|error| ReadError::Folder { path: path.clone(), reason: error.to_string() })?;
            return Ok(Some(((*name).to_owned(), String::from_utf8_lossy(&bytes).into_owned())));
        }
    }
    Ok(None)
}

/// Percent-decodes an address and gives it a leading slash.
pub fn decoded(address: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(address).decode_utf8_lossy().into_owned();
    format!("/{}", decoded.trim_start_matches('/'))
}

/// The address of a folder for that of its `index.html`, as all generators link to it.
pub fn without_index(address: String) -> String {
    match address.strip_suffix("/index.html") {
        Some(folder) => format!("{folder}/"),
        None => address,
    }
}

/// Scheme and host, and the base path, of a published address.
pub fn split_url(url: &str) -> (String, String) {
    let url = url.trim().trim_end_matches('/');
    let Some((scheme, rest)) = url.split_once("://") else { return (String::new(), String::new()) };
    match rest.split_once('/') {
        Some((host, path)) => (format!("{scheme}://{host}"), base_path(path)),
        None => (format!("{scheme}://{rest}"), String::new()),
    }
}

/// A base path: empty, or with a leading slash and without a trailing one.
pub fn base_path(path: &str) -> String {
    let path = path.trim().trim_matches('/');
    if path.is_empty() { String::new() } else { format!("/{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_link_to_nothing_and_a_link_to_itself_are_entered() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.md"), "a").unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("gone")).unwrap();
        std::os::unix::fs::symlink(".", folder.path().join("loop")).unwrap();
        let mut ledger = Ledger::default();
        let found = files(folder.path(), "", |_| true, &mut ledger);
        assert_eq!(found.iter().map(SiteFile::name).collect::<Vec<_>>(), ["a.md"]);
        ledger.sort();
        let entered: Vec<_> = ledger.entries().iter().map(|e| (&*e.place.file, e.code)).collect();
        assert_eq!(entered, [("gone", Code::FileSkipped), ("loop", Code::FileSkipped)]);
    }

    #[test]
    fn published_addresses_split_into_host_and_base() {
        assert_eq!(split_url("https://a.example/blog/"), ("https://a.example".to_owned(), "/blog".to_owned()));
        assert_eq!(split_url("http://a.example"), ("http://a.example".to_owned(), String::new()));
        assert_eq!(split_url(""), (String::new(), String::new()));
        assert_eq!((base_path("/"), base_path("blog/")), (String::new(), "/blog".to_owned()));
    }
}
