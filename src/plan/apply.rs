//! Writing a plan.
//!
//! What is planned no more and stands in the way is removed first: yesterday's file may be today's folder, or be spelled
//! in other letters. Then every file is made, compared and written in one go, and noted before in the journal. A file that cannot be made or
//! written is a failure of its own; only a disk that takes nothing more ends the run.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use blake3::Hash;

use super::changes::{Action, Changes, Options};
use super::door::{Folder, Found, Output};
use super::error::ApplyError;
use super::manifest::{MANIFEST, Manifest};
use super::own::{self, Base, Journal, MEMORY, OWN, Stamp, Stamped, Stamps};
use super::pass::{Pass, folder_of, name_of};
use super::transfer::Assets;
use super::{Content, File, Plan};
use crate::address::Name;
use crate::reason;

/// Writes a plan.
///
/// # Errors
/// [`ApplyError`]; what has been written until then stays, and the next run takes it for its own.
pub fn apply(plan: &Plan<'_>, source: &Path, out: &Path, options: Options) -> Result<Changes, ApplyError> {
    let fails = |error| ApplyError::Io { path: out.join(OWN), error };
    let begin = |own: &Folder| Journal::begin(own).map_err(fails)?.ok_or_else(|| ApplyError::Busy(out.to_owned()));
    // what another run is about to change is not looked at before its end
    let mut journal = Output::open(source, out)?.own().map(|own| begin(&own)).transpose()?;
    let mut pass = Pass::new(plan, source, out, options)?;
    pass.output.make()?;
    let own = pass.output.made_own()?;
    if journal.is_none() {
        journal = Some(begin(&own)?);
        pass = Pass::new(plan, source, out, options)?;
    }
    own::ignore(&own).map_err(fails)?;
    pass.output.write_apart(&own)?;
    let base = Base::open(&own).map_err(fails)?;
    let write_manifest = |manifest: &Manifest| {
        let root = pass.output.root().filter(|_| *manifest != pass.old);
        root.map_or(Ok(()), |root| manifest.write(root)).map_err(|error| pass.output.error(MANIFEST, error))
    };
    if pass.output.is_empty() {
        // should this run be stopped, the next one knows the folder
        write_manifest(&Manifest::new(plan.provenance().clone(), Vec::new(), Vec::new()))?;
    }
    let mut changes = Changes::default();
    let left = remove_gone(&pass, &mut changes)?;
    let writing = Writing {
        pass: &pass,
        assets: options.assets,
        journal: journal.as_ref(),
        base: &base,
        begun: SystemTime::now(),
        ended: OnceLock::new(),
    };
    let (alike, files): (Vec<&File>, Vec<&File>) = alike(plan.files());
    let written = writing.all(&files).into_iter().chain(alike.iter().map(|file| writing.alike(file)));
    let mut entries = Vec::with_capacity(plan.files().len());
    let mut stamps: Vec<(Arc<str>, Stamped)> = Vec::with_capacity(plan.files().len());
    let mut made = HashMap::new();
    changes.steps.reserve_exact(plan.files().len());
    for (file, written) in files.iter().chain(&alike).zip(written) {
        entries.extend(written.hash.map(|hash| (file.path.clone(), hash)));
        stamps.extend(written.stamped.map(|stamped| (file.path.clone(), stamped)));
        if let (Content::Made(document), Some(hash), Ok(_)) = (&file.content, written.planned, &written.done) {
            made.insert(*document, hash);
        }
        changes.add(file, written.done);
    }
    changes.sort();
    let ended = writing.ended.into_inner();
    let manifest = Manifest::new(plan.provenance().clone(), entries, left);
    if let Some(root) = pass.output.root().filter(|_| manifest != pass.old) {
        // what the manifest speaks of is there when it is: a file that a loss of power emptied would count as changed by hand
        root.settle().map_err(|error| pass.output.error(MANIFEST, error))?;
    }
    write_manifest(&manifest)?;
    if let Some(error) = ended {
        return Err(error);
    }
    // what only saves work later is no reason to fail
    let _ = base.end(&own, manifest.files().iter().map(|(_, hash)| *hash));
    let stamps = Stamps::new(stamps.into_iter());
    if !pass.has_stamps(&stamps) {
        let _ = stamps.write(&own);
    }
    if let Some(memory) = plan.memory(&|document| made.get(&document).copied()) {
        let _ = own.put(OsStr::new(MEMORY), |mut file| file.write_all(&memory));
    }
    pass.output.end_apart(&own);
    journal.map_or(Ok(()), Journal::end).map_err(fails)?;
    Ok(changes)
}

/// Removes what is planned no more, as far as that is wanted, and the folders that are empty then; returns what is left
/// there.
fn remove_gone(pass: &Pass<'_>, changes: &mut Changes) -> Result<Vec<(Arc<str>, Hash)>, ApplyError> {
    let mut left = Vec::new();
    for gone in pass.gone() {
        let Some((folder, action)) = pass.look_at_gone(&gone) else { continue };
        if action == Action::Remove {
            folder.remove(gone.name).map_err(|error| pass.output.error(gone.path, error))?;
            pass.output.remove_empty_above(Path::new(&**gone.path));
        } else {
            left.extend(gone.entry());
        }
        changes.steps.push(gone.step(action));
    }
    Ok(left)
}

/// What became of a planned file.
struct Written {
    done: Result<(Action, u64), String>,
    /// What the manifest says about it.
    hash: Option<Hash>,
    /// The hash of what was planned, whatever stands there.
    planned: Option<Hash>,
    stamped: Option<Stamped>,
}

/// The writing of a plan.
struct Writing<'p> {
    pass: &'p Pass<'p>,
    assets: Assets,
    journal: Option<&'p Journal>,
    base: &'p Base,
    begun: SystemTime,
    /// Why no more can be written at all.
    ended: OnceLock<ApplyError>,
}

impl Writing<'_> {
    fn all(&self, files: &[&File]) -> Vec<Written> {
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
        let note = |hash| self.journal.map_or(Ok(()), |journal| journal.note(&file.path, hash));
        let planned = looked.hash.or_else(|| looked.content.planned().map(blake3::hash));
        let hash = match (looked.action, there, folder) {
            // the author's own changes stay known as such
            (Action::Keep, ..) => Ok(self.pass.old_hash(&file.path)),
            (Action::Unchanged, ..) => planned.map_or_else(|| looked.content.hash(), Ok).map(Some),
            (Action::Merge | Action::Conflict, Some(folder), _) => {
                looked.content.put(folder, name_of(file), self.assets, note).map(|_| planned)
            }
            (_, Some(folder), _) => looked.content.put(folder, name_of(file), self.assets, note).map(Some),
            (_, None, Err(error)) => Err(io::Error::new(error.kind(), error.to_string())),
            (_, None, Ok(_)) => Err(ErrorKind::NotFound.into()),
        };
        let hash = hash.and_then(|hash| {
            let (Some(hash), Some(text)) = (hash.filter(|_| looked.action != Action::Keep), looked.content.planned())
            else {
                return Ok(hash);
            };
            self.base.keep(hash, text).map(|()| Some(hash))
        });
        match hash {
            Ok(hash) => {
                let as_planned = matches!(looked.action, Action::Create | Action::Update | Action::Unchanged);
                let stamped =
                    hash.filter(|_| as_planned).and_then(|hash| self.stamped(file, there?, hash, looked.from));
                Written { done: Ok((looked.action, looked.content.size())), hash, planned, stamped }
            }
            Err(error) => {
                let message = format!("{} cannot be written: {}", file.path, reason(&error));
                if ends_all(&error) {
                    let _ = self.ended.set(self.pass.output.error(&file.path, error));
                }
                self.failed(file, message)
            }
        }
    }

    /// A file that was not written: what an earlier run wrote stays known.
    fn failed(&self, file: &File, message: String) -> Written {
        Written { done: Err(message), hash: self.pass.old_hash(&file.path), planned: None, stamped: None }
    }

    /// What the file system says of a file that stands as planned.
    fn stamped(&self, file: &File, folder: &Folder, hash: Hash, from: Option<Stamp>) -> Option<Stamped> {
        let Found::File(stamp) = folder.look(name_of(file)) else { return None };
        let from = from.filter(|from| from.is_settled(self.begun));
        Some(Stamped { stamp, from, hash: *hash.as_bytes() })
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
