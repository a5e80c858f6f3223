//! One pass over a plan: every content is made, compared with what is there, shown to whoever asked, and forgotten.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::sync::Arc;

use blake3::Hash;
use rayon::prelude::*;

use super::door::{ApplyError, Folder, Found, Output, is_reserved, parts};
use super::manifest::Manifest;
use super::transfer::{Assets, Ready, hash_of};
use super::{File, Plan};

/// How a plan is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Write into a folder that is not postferry's own, and over files that were changed by hand.
    pub force: bool,
    /// How the blog's own files are brought over.
    pub assets: Assets,
}

/// What is done with one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Create,
    /// It replaces what an earlier run wrote.
    Update,
    /// It is there as planned.
    Unchanged,
    /// The author has changed it since: it is kept as it is.
    Keep,
    /// An earlier run wrote it and it is planned no more.
    Remove,
    /// It could not be made or written; what an earlier run wrote is kept.
    Failed,
}

impl Action {
    /// The stable name, as plans and results show it.
    pub fn name(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Unchanged => "unchanged",
            Action::Keep => "keep",
            Action::Failed => "failed",
            Action::Remove => "remove",
        }
    }
}

impl serde::Serialize for Action {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One file and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Step {
    /// The path below the output folder.
    pub path: Arc<str>,
    /// What is done.
    pub action: Action,
    /// The size of the planned content in bytes.
    pub bytes: u64,
}

/// A file that could not be made or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The path below the output folder.
    pub path: Arc<str>,
    /// The source file that it comes from, below the site's root, if from one.
    pub source: Option<Arc<str>>,
    /// What happened, in one sentence without a full stop.
    pub message: String,
}

/// What is done, or would be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Every step, in the order of the paths.
    pub steps: Vec<Step>,
    /// The files that failed, in the same order.
    pub failed: Vec<Failure>,
}

impl Changes {
    /// Whether the output folder is other than planned, changes by hand not counted.
    pub fn differ(&self) -> bool {
        self.steps.iter().any(|step| !matches!(step.action, Action::Unchanged | Action::Keep))
    }

    /// Adds what was done with a planned file, or why nothing was.
    pub(super) fn add(&mut self, file: &File, done: Result<(Action, u64), String>) {
        let path = file.path.clone();
        let (action, bytes) = done.unwrap_or_else(|message| {
            self.failed.push(Failure { path: path.clone(), source: file.source.clone(), message });
            (Action::Failed, 0)
        });
        self.steps.push(Step { path, action, bytes });
    }

    pub(super) fn sort(&mut self) {
        self.steps.sort_by(|a, b| a.path.cmp(&b.path));
        self.failed.sort_by(|a, b| a.path.cmp(&b.path));
    }
}

/// What applying a plan would do, file by file; nothing is written.
///
/// # Errors
/// [`ApplyError`] where the plan must not be written at all.
pub fn preview(plan: &Plan<'_>, source: &Path, out: &Path, options: Options) -> Result<Changes, ApplyError> {
    let pass = Pass::new(plan, source, out, options.force)?;
    let files: Vec<&File> = plan.files().iter().collect();
    // what stands in the way of a folder may be removed before that is made
    let open = |folder: &Path| Ok(pass.output.folder(folder).ok().flatten());
    let seen = pass.each(&files, open, |file, folder| {
        let looked = pass.look(file, folder.as_ref().ok().and_then(Option::as_ref))?;
        Ok((looked.action, looked.content.size()))
    });
    let mut changes = Changes::default();
    for (file, done) in files.into_iter().zip(seen) {
        changes.add(file, done);
    }
    for gone in pass.gone() {
        changes.steps.extend(pass.look_at_gone(&gone).map(|(_, action)| gone.step(action)));
    }
    changes.sort();
    Ok(changes)
}

/// A plan and the folder that it is for, found fit for each other.
pub(super) struct Pass<'p> {
    plan: &'p Plan<'p>,
    pub output: Output,
    /// What the last run wrote.
    pub old: Manifest,
    force: bool,
}

/// A planned file with its content at hand.
pub(super) struct Looked<'p> {
    pub content: Ready<'p>,
    pub action: Action,
    /// The hash of the content, where it was taken on the way.
    pub hash: Option<Hash>,
}

/// A file of an earlier run that is planned no more.
pub(super) struct Gone<'p> {
    pub path: &'p Arc<str>,
    pub name: &'p OsStr,
    folder: &'p Path,
    hash: Hash,
}

impl Gone<'_> {
    pub fn step(&self, action: Action) -> Step {
        Step { path: self.path.clone(), action, bytes: 0 }
    }
}

impl<'p> Pass<'p> {
    /// Checks everything that can be checked before any content is made or anything written.
    pub fn new(plan: &'p Plan<'p>, source: &Path, out: &Path, force: bool) -> Result<Self, ApplyError> {
        if let Some(file) = plan.files().iter().find(|file| parts(&file.path).is_none()) {
            return Err(ApplyError::Escapes(file.path.to_string()));
        }
        let output = Output::open(source, out)?;
        let old = output.root().and_then(Manifest::load);
        if !output.is_empty() && old.is_none() && !force {
            return Err(ApplyError::NotEmpty(out.to_owned()));
        }
        output.check_manifest()?;
        output.check(plan.files().chunk_by(in_one_folder).map(|files| folder_of(&files[0])))?;
        Ok(Pass { plan, output, old: old.unwrap_or_default(), force })
    }

    /// Takes up every file, by as many workers as there are cores, and returns what was seen in the order of the
    /// files. A folder is opened once for all the files of it that one worker takes up.
    pub fn each<T: Send>(
        &self,
        files: &[&File],
        open: impl Fn(&Path) -> io::Result<Option<Folder>> + Sync,
        see: impl Fn(&File, &io::Result<Option<Folder>>) -> T + Sync,
    ) -> std::iter::Flatten<std::vec::IntoIter<Vec<T>>> {
        const MOST: usize = 32;
        let folders = files.chunk_by(|a, b| in_one_folder(a, b));
        let shares: Vec<&[&File]> = folders.flat_map(|files| files.chunks(MOST)).collect();
        let take_up = |share: &&[&File]| {
            let folder = open(folder_of(share[0]));
            share.iter().map(|file| see(file, &folder)).collect::<Vec<T>>()
        };
        let seen: Vec<Vec<T>> = shares.par_iter().map(take_up).collect();
        seen.into_iter().flatten()
    }

    /// Makes the content of a file and compares it with what is in its folder; `Err` says why there is none to write.
    pub fn look<'f>(&self, file: &'f File, folder: Option<&Folder>) -> Result<Looked<'f>, String> {
        let content = Ready::of(&file.content, self.plan).map_err(unread)?;
        if is_reserved(&file.path) {
            return Err(format!("{} is the name of postferry's own file", file.path));
        }
        let (action, hash) = match folder {
            Some(folder) if !self.output.is_empty() => self.compare(file, &content, folder)?,
            _ => (Action::Create, None),
        };
        Ok(Looked { content, action, hash })
    }

    fn compare(&self, file: &File, content: &Ready<'_>, folder: &Folder) -> Result<(Action, Option<Hash>), String> {
        let name = name_of(file);
        let own = self.old.hash_of(&file.path);
        let is_own = match folder.look(name) {
            Found::Nothing => return Ok((Action::Create, None)),
            Found::File(size) => {
                if size == content.size()
                    && let Ok(found) = folder.open(name)
                {
                    let same = content.if_same_as(found).map_err(unread)?;
                    if same.is_some() {
                        return Ok((Action::Unchanged, same));
                    }
                }
                own.is_some_and(|own| holds(folder, name, own))
            }
            Found::Link(target) if content.is_at(&target) => return Ok((Action::Unchanged, None)),
            Found::Link(target) => own.is_some() && self.output.is_own_link(&target),
            Found::Folder if self.force => return Err(format!("a folder stands at {} in the output", file.path)),
            Found::Folder | Found::Other => false,
        };
        Ok((if is_own || self.force { Action::Update } else { Action::Keep }, None))
    }

    /// The files of earlier runs that are planned no more. Paths of the manifest that lead elsewhere are nobody's.
    pub fn gone(&self) -> impl Iterator<Item = Gone<'_>> {
        self.old.files().iter().filter_map(|(path, hash)| {
            let planned = self.plan.files().binary_search_by(|file| (*file.path).cmp(path)).is_ok();
            let (folder, name) = parts(path).filter(|_| !planned && !is_reserved(path))?;
            Some(Gone { path, name, folder, hash: *hash })
        })
    }

    /// What is done with a file that is planned no more, and the folder where it is; `None` where it is not there, or
    /// behind a link that leads elsewhere.
    pub fn look_at_gone(&self, gone: &Gone<'_>) -> Option<(Folder, Action)> {
        let folder = self.output.folder(gone.folder).ok().flatten()?;
        let is_own = match folder.look(gone.name) {
            Found::File(_) => holds(&folder, gone.name, gone.hash),
            Found::Link(target) => self.output.is_own_link(&target),
            Found::Nothing | Found::Folder | Found::Other => return None,
        };
        Some((folder, if is_own { Action::Remove } else { Action::Keep }))
    }
}

/// What is said where a content cannot be made.
pub(super) fn unread(error: io::Error) -> String {
    format!("it cannot be read: {error}")
}

fn holds(folder: &Folder, name: &OsStr, hash: Hash) -> bool {
    folder.open(name).and_then(hash_of).is_ok_and(|found| found == hash)
}

fn in_one_folder(a: &File, b: &File) -> bool {
    folder_of(a) == folder_of(b)
}

/// The folder of a planned file.
pub(super) fn folder_of(file: &File) -> &Path {
    parts(&file.path).map_or(Path::new(""), |(folder, _)| folder)
}

/// The name of a planned file in its folder.
pub(super) fn name_of(file: &File) -> &OsStr {
    parts(&file.path).map_or(OsStr::new(""), |(_, name)| name)
}
