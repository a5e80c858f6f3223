//! Walking a site's folder: every reader sees the same files in the same order.

use std::path::{Path, PathBuf};

use jiff::tz::Offset;
use walkdir::WalkDir;

use super::ReadError;
use crate::model::Moment;

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Where it is on disk.
    pub disk: PathBuf,
    /// Its path below the site's root, with `/` between its parts.
    pub path: String,
}

impl SiteFile {
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
pub fn files(root: &Path, below: &str, enter: impl Fn(&str) -> bool) -> Vec<SiteFile> {
    let mut files = Vec::new();
    let walk = WalkDir::new(root.join(below)).follow_links(true).into_iter().filter_entry(|entry| {
        entry.depth() == 0
            || !entry.file_type().is_dir()
            || relative(root, entry.path()).is_some_and(|path| enter(&path))
    });
    for entry in walk.flatten().filter(|entry| entry.file_type().is_file()) {
        if let Some(path) = relative(root, entry.path()) {
            files.push(SiteFile { disk: entry.into_path(), path });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
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

    #[test]
    fn published_addresses_split_into_host_and_base() {
        assert_eq!(split_url("https://a.example/blog/"), ("https://a.example".to_owned(), "/blog".to_owned()));
        assert_eq!(split_url("http://a.example"), ("http://a.example".to_owned(), String::new()));
        assert_eq!(split_url(""), (String::new(), String::new()));
        assert_eq!((base_path("/"), base_path("blog/")), (String::new(), "/blog".to_owned()));
    }
}
