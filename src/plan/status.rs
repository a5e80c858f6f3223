//! What has become of the files that earlier runs wrote.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::door::{Found, Output, is_reserved, parts};
use super::error::ApplyError;
use super::manifest::{Loaded, MANIFEST, Manifest, Provenance};
use super::own::{Journal, Stamps};
use super::transfer::hash_of;

/// An output folder as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The version that wrote it.
    pub version: String,
    /// For and from what it was written.
    pub provenance: Provenance,
    /// How many files stand as they were written.
    pub unchanged: usize,
    /// The files that were changed by hand since.
    pub edited: Vec<Arc<str>>,
    /// The files that are no longer there.
    pub missing: Vec<Arc<str>>,
    /// The files of earlier runs that the last one did not plan.
    pub left: Vec<Arc<str>>,
    /// The files that a run had written before it was stopped.
    pub unfinished: Vec<Arc<str>>,
    /// A run is writing there now.
    pub busy: bool,
}

/// For what and from what a folder was written, if postferry wrote it.
pub fn provenance(out: &Path) -> Option<Provenance> {
    match Output::at(out).ok()?.root().map(Manifest::load)? {
        Loaded::Manifest(manifest) => Some(manifest.provenance),
        _ => None,
    }
}

/// Looks at an output folder.
///
/// # Errors
/// [`ApplyError`] where it is none of postferry's.
pub fn status(out: &Path) -> Result<Status, ApplyError> {
    let output = Output::at(out)?;
    let own = output.own();
    let noted = own.as_ref().map(Journal::read).unwrap_or_default();
    let manifest = match output.root().map_or(Loaded::Nothing, Manifest::load) {
        Loaded::Manifest(manifest) => manifest,
        Loaded::Nothing if !noted.is_empty() => Manifest::default(),
        Loaded::Nothing => return Err(ApplyError::NotOwn(out.to_owned())),
        Loaded::Damaged(why) => return Err(ApplyError::Damaged { path: out.join(MANIFEST), why }),
        Loaded::Newer(version) => return Err(ApplyError::Newer { path: out.to_owned(), version }),
    };
    let stamps = own.as_ref().map(Stamps::load).unwrap_or_default();
    let mut status = Status {
        version: manifest.version().to_owned(),
        provenance: manifest.provenance.clone(),
        unchanged: 0,
        edited: Vec::new(),
        missing: Vec::new(),
        left: Vec::new(),
        unfinished: noted.keys().cloned().collect(),
        busy: own.as_ref().is_some_and(Journal::is_held),
    };
    status.unfinished.sort_unstable();
    for (path, hash) in manifest.files() {
        let Some((folder, name)) = parts(path).filter(|_| !is_reserved(path)) else { continue };
        let folder = output.folder(folder).ok().flatten();
        let found = match folder.as_ref().map_or(Found::Nothing, |folder| folder.look(name)) {
            Found::Nothing => {
                status.missing.push(path.clone());
                continue;
            }
            Found::File(stamp) => {
                let read = || folder.as_ref().and_then(|folder| folder.open(name).and_then(hash_of).ok());
                stamps.hash_of(path, &stamp).or_else(read)
            }
            // a reference to the source stands as it was written
            Found::Link(_) => Some(*hash),
            Found::Folder | Found::Other => None,
        };
        let written =
            found.is_some_and(|found| found == *hash || noted.get(path).is_some_and(|noted| noted.contains(&found)));
        if written { status.unchanged += 1 } else { status.edited.push(path.clone()) }
    }
    let is_there = |path: &str| {
        let folder = parts(path).and_then(|(folder, name)| Some((output.folder(folder).ok()??, name)));
        folder.is_some_and(|(folder, name)| folder.is_there(name))
    };
    status.left = manifest.left().iter().map(|(path, _)| path.clone()).filter(|path| is_there(path)).collect();
    Ok(status)
}
