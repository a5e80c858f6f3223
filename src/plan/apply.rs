//! Writing a plan.
//!
//! What is planned no more is removed first, so that its place is free: yesterday's file may be today's folder, or be
//! spelled in other letters. Then every file is made, compared and written in one go. A file that cannot be made or
//! written is a failure of its own; only a disk that takes nothing more ends the run.

use std::collections::HashSet;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::OnceLock;

use blake3::Hash;

use super::door::{ApplyError, Folder};
use super::manifest::{MANIFEST, Manifest};
use super::pass::{Action, Changes, Options, Pass, folder_of, name_of};
use super::transfer::Assets;
use super::{File, Plan};
use crate::address::Name;

/// Writes a plan.
///
/// # Errors
/// [`ApplyError`]; what has been written until then stays, and the next run takes it for its own.
pub fn apply(plan: &Plan<'_>, source: &Path, out: &Path, options: Options) -> Result<Changes, ApplyError> {
    let mut pass = Pass::new(plan, source, out, options.force)?;
    pass.output.make()?;
    let manifest = |entries| {
        let manifest = Manifest::new(entries);
        let root = pass.output.root().filter(|_| manifest != pass.old);
        root.map_or(Ok(()), |root| manifest.write(root)).map_err(|error| pass.output.error(MANIFEST, error))
    };
    if pass.output.is_empty() {
        // should this run be stopped, the next one knows the folder
        manifest(Vec::new())?;
    }
    let mut changes = Changes::default();
    remove_gone(&pass, &mut changes)?;
    let writing = Writing { pass: &pass, assets: options.assets, ended: OnceLock::new() };
    let (alike, files): (Vec<&File>, Vec<&File>) = alike(plan.files());
    let written = writing.all(&files).chain(alike.iter().map(|file| writing.alike(file)));
    let mut entries = Vec::with_capacity(plan.files().len());
    changes.steps.reserve_exact(plan.files().len());
    for (file, written) in files.iter().chain(&alike).zip(written) {
        entries.extend(written.hash.map(|hash| (file.path.clone(), hash)));
        changes.add(file, written.done);
    }
    changes.sort();
    let ended = writing.ended.into_inner();
    manifest(entries)?;
    ended.map_or(Ok(changes), Err)
}

/// Removes what is planned no more, and the folders that are empty then.
fn remove_gone(pass: &Pass<'_>, changes: &mut Changes) -> Result<(), ApplyError> {
    for gone in pass.gone() {
        let Some((folder, action)) = pass.look_at_gone(&gone) else { continue };
        if action == Action::Remove {
            folder.remove(gone.name).map_err(|error| pass.output.error(gone.path, error))?;
            pass.output.remove_empty_above(Path::new(&**gone.path));
        }
        changes.steps.push(gone.step(action));
    }
    Ok(())
}

/// What became of a planned file.
struct Written {
    done: Result<(Action, u64), String>,
    /// What the manifest says about it.
    hash: Option<Hash>,
}

/// The writing of a plan.
struct Writing<'p> {
    pass: &'p Pass<'p>,
    assets: Assets,
    /// Why no more can be written at all.
    ended: OnceLock<ApplyError>,
}

impl Writing<'_> {
    fn all(&self, files: &[&File]) -> impl Iterator<Item = Written> {
        let open = |folder: &Path| self.pass.output.made_folder(folder).map(Some);
        self.pass.each(files, open, |file, folder| self.one(file, folder))
    }

    /// A file whose name differs from that of another one in nothing but letter case. Where that does not count, the
    /// other one is found under its name.
    fn alike(&self, file: &File) -> Written {
        let folder = self.pass.output.made_folder(folder_of(file));
        let other = folder.as_ref().is_ok_and(|folder| folder.is_there(name_of(file)) && !folder.lists(name_of(file)));
        if other {
            return self.failed(file, format!("on this disk {} is another file of the new site", file.path));
        }
        self.one(file, &folder.map(Some))
    }

    /// Makes, compares and writes one file.
    fn one(&self, file: &File, folder: &io::Result<Option<Folder>>) -> Written {
        if self.ended.get().is_some() {
            return self.failed(file, String::new());
        }
        let there = folder.as_ref().ok().and_then(Option::as_ref);
        let looked = match self.pass.look(file, there) {
            Ok(looked) => looked,
            Err(message) => return self.failed(file, message),
        };
        let size = looked.content.size();
        let hash = match (looked.action, there, folder) {
            // the author's own changes stay known as such
            (Action::Keep, ..) => Ok(self.pass.old.hash_of(&file.path)),
            (Action::Unchanged, ..) => looked.hash.map_or_else(|| looked.content.hash(), Ok).map(Some),
            (_, Some(folder), _) => looked.content.put(folder, name_of(file), self.assets).map(Some),
            (_, None, Err(error)) => Err(io::Error::new(error.kind(), error.to_string())),
            (_, None, Ok(_)) => Err(ErrorKind::NotFound.into()),
        };
        match hash {
            Ok(hash) => Written { done: Ok((looked.action, size)), hash },
            Err(error) => {
                let message = format!("{} cannot be written: {error}", file.path);
                if ends_all(&error) {
                    let _ = self.ended.set(self.pass.output.error(&file.path, error));
                }
                self.failed(file, message)
            }
        }
    }

    /// A file that was not written: what an earlier run wrote stays known.
    fn failed(&self, file: &File, message: String) -> Written {
        Written { done: Err(message), hash: self.pass.old.hash_of(&file.path) }
    }
}

/// Whether a disk that says so takes no other file either.
fn ends_all(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::ReadOnlyFilesystem)
}

/// The files whose paths differ from an earlier one in nothing but letter case, and all others. The former are written
/// last and one by one, so that it does not depend on the workers which of them it is that the disk holds.
fn alike(files: &[File]) -> (Vec<&File>, Vec<&File>) {
    let mut taken = HashSet::with_capacity(files.len());
    files.iter().partition(|file| !taken.insert(Name::in_any_case(&file.path)))
}
