//! One pass over a plan: every content is made, compared with what is there, shown to whoever asked, and forgotten.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use blake3::Hash;
use rayon::prelude::*;

use super::changes::{Action, Changes, OnEdit, Options, Step};
use super::door::{Folder, Found, Output, is_reserved, parts};
use super::error::{ApplyError, Unmade};
use super::fitting;
use super::manifest::{Loaded, MANIFEST, Manifest};
use super::own::{Base, Journal, Noted, Stamp, Stamps};
use super::transfer::{Ready, hash_of};
use super::{Content, File, Plan};
use crate::reason;

/// What applying a plan would do, file by file; nothing is written.
///
/// # Errors
/// [`ApplyError`] where the plan must not be written at all.
pub fn preview(plan: &Plan<'_>, source: &Path, out: &Path, options: Options) -> Result<Changes, ApplyError> {
    let pass = Pass::new(plan, source, out, options)?;
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

/// Takes up files that need not wait for each other.
fn taken_up<T: Send>(
    files: &[&File],
    open: &(impl Fn(&Path) -> io::Result<Option<Folder>> + Sync),
    see: &(impl Fn(&File, &io::Result<Option<Folder>>) -> T + Sync),
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

/// A plan and the folder that it is for, found fit for each other.
pub(super) struct Pass<'p> {
    plan: &'p Plan<'p>,
    pub output: Output,
    /// What the last run wrote.
    pub old: Manifest,
    /// What a run that was stopped had begun to write.
    noted: Noted,
    stamps: Stamps,
    options: Options,
}

/// A planned file with its content at hand.
pub(super) struct Looked<'p> {
    pub content: Ready<'p>,
    pub action: Action,
    /// The hash of the planned content, where it was taken on the way.
    pub hash: Option<Hash>,
    /// The hash of the file of the source that it is copied from.
    pub from: Option<Stamp>,
}

/// A file of an earlier run that is planned no more.
pub(super) struct Gone<'p> {
    pub path: &'p Arc<str>,
    pub name: &'p OsStr,
    folder: &'p Path,
    /// The contents that are postferry's own.
    hashes: Vec<Hash>,
}

impl Gone<'_> {
    pub fn step(&self, action: Action) -> Step {
        Step { path: self.path.clone(), action, bytes: 0 }
    }

    /// What the manifest says of it as long as it is left there.
    pub fn entry(&self) -> Option<(Arc<str>, Hash)> {
        self.hashes.last().map(|hash| (self.path.clone(), *hash))
    }
}

impl<'p> Pass<'p> {
    /// Checks everything that can be checked before any content is made or anything written.
    pub fn new(plan: &'p Plan<'p>, source: &Path, out: &Path, options: Options) -> Result<Self, ApplyError> {
        if let Some(file) = plan.files().iter().find(|file| parts(&file.path).is_none()) {
            return Err(ApplyError::Escapes(file.path.to_string()));
        }
        let output = Output::open(source, out)?;
        output.check_manifest()?;
        let own = output.own();
        let noted = own.as_ref().map(Journal::read).unwrap_or_default();
        let old = match output.root().map_or(Loaded::Nothing, Manifest::load) {
            Loaded::Manifest(manifest) => manifest,
            Loaded::Nothing if output.is_empty() || options.force || !noted.is_empty() => Manifest::default(),
            Loaded::Nothing => return Err(ApplyError::NotEmpty(out.to_owned())),
            Loaded::Damaged(_) if options.force => Manifest::default(),
            Loaded::Damaged(why) => return Err(ApplyError::Damaged { path: out.join(MANIFEST), why }),
            Loaded::Newer(version) => return Err(ApplyError::Newer { path: out.to_owned(), version }),
        };
        if !options.force {
            fitting::check(plan, &old, out)?;
        }
        output.check(plan.files().chunk_by(in_one_folder).map(|files| folder_of(&files[0])))?;
        let stamps = own.as_ref().map(Stamps::load).unwrap_or_default();
        Ok(Pass { plan, output, old, noted, stamps, options })
    }

    /// Takes up every file, by as many workers as there are cores, and returns what was seen in the order of the
    /// files. A folder is opened once for all the files of it that one worker takes up.
    pub fn each<T: Send>(
        &self,
        files: &[&File],
        open: impl Fn(&Path) -> io::Result<Option<Folder>> + Sync,
        see: impl Fn(&File, &io::Result<Option<Folder>>) -> T + Sync,
    ) -> Vec<T> {
        let late: Vec<bool> = files.iter().map(|file| self.plan.comes_late(file)).collect();
        let wave = |is_late: bool| {
            let files = files.iter().zip(&late).filter(|(_, late)| **late == is_late);
            taken_up(&files.map(|(file, _)| *file).collect::<Vec<_>>(), &open, &see)
        };
        let (mut first, mut last) = (wave(false), wave(true));
        late.into_iter().filter_map(|late| if late { last.next() } else { first.next() }).collect()
    }

    /// Makes the content of a file and compares it with what is in its folder; `Err` says why there is none to write. What
    /// is known to stand there already is not made.
    pub fn look<'f>(&self, file: &'f File, folder: Option<&Folder>) -> Result<Looked<'f>, String> {
        self.plan.take_up();
        if is_reserved(&file.path) {
            return Err(format!("{} is the name of postferry's own files", file.path));
        }
        let from = match &file.content {
            Content::Copy(path) => std::fs::metadata(path).ok().map(|metadata| Stamp::of(&metadata)),
            _ => None,
        };
        let there = folder.filter(|_| !self.output.is_empty()).map(|folder| (folder, folder.look(name_of(file))));
        if let (Some((folder, Found::File(stamp))), Some(hash)) = (&there, self.known(file, from))
            && self.hash_of_found(file, folder, stamp) == Some(hash)
        {
            let content = Ready::Known(stamp.size);
            return Ok(Looked { content, action: Action::Unchanged, hash: Some(hash), from });
        }
        let content = Ready::of(&file.content, self.plan).map_err(unread)?;
        match there {
            Some((folder, found)) => self.compare(file, content, (folder, found), from),
            None => Ok(Looked { content, action: Action::Create, hash: None, from }),
        }
    }

    /// The hash of a planned content that is known without making it.
    fn known(&self, file: &File, from: Option<Stamp>) -> Option<Hash> {
        match &file.content {
            Content::Copy(_) => self.stamps.hash_of_copied(&file.path, &from?),
            Content::Made(document) => self.plan.recall(*document),
            Content::Bytes(_) | Content::Followed(_) => None,
        }
    }

    /// The hash of a file of the output.
    fn hash_of_found(&self, file: &File, folder: &Folder, stamp: &Stamp) -> Option<Hash> {
        let known = self.stamps.hash_of(&file.path, stamp);
        known.or_else(|| folder.open(name_of(file)).and_then(hash_of).ok())
    }

    fn compare<'f>(
        &self,
        file: &File,
        content: Ready<'f>,
        (folder, found): (&Folder, Found),
        from: Option<Stamp>,
    ) -> Result<Looked<'f>, String> {
        let name = name_of(file);
        let looked = |content, action, hash| Ok(Looked { content, action, hash, from });
        let is_own = match found {
            Found::Nothing => return looked(content, Action::Create, None),
            Found::File(stamp) => {
                if stamp.size == content.size()
                    && let Ok(found) = folder.open(name)
                {
                    let same = content.if_same_as(found).map_err(unread)?;
                    if same.is_some() {
                        return looked(content, Action::Unchanged, same);
                    }
                }
                self.is_own(&file.path, self.hash_of_found(file, folder, &stamp))
            }
            Found::Link(target) if content.is_at(&target) => return looked(content, Action::Unchanged, None),
            Found::Link(target) => self.old.hash_of(&file.path).is_some() && self.output.is_own_link(&target),
            Found::Folder if self.options.on_edit == OnEdit::Overwrite => {
                return Err(format!("a folder stands at {} in the output", file.path));
            }
            Found::Folder | Found::Other => false,
        };
        match self.options.on_edit {
            _ if is_own => looked(content, Action::Update, None),
            OnEdit::Overwrite => looked(content, Action::Update, None),
            OnEdit::Merge if let Some(merged) = self.merged(file, folder, &content) => {
                let hash = content.hash().map_err(unread)?;
                let (text, action) = merged;
                looked(Ready::Merged { text, planned: content.into_bytes() }, action, Some(hash))
            }
            OnEdit::Keep | OnEdit::Merge => looked(content, Action::Keep, None),
        }
    }

    /// What an author has made of a file, with what has changed in the blog since; `None` where nothing has, or the text
    /// that was written before is not known.
    fn merged(&self, file: &File, folder: &Folder, content: &Ready<'_>) -> Option<(Vec<u8>, Action)> {
        let old = self.old.hash_of(&file.path)?;
        let Found::File(_) = folder.look(name_of(file)) else { return None };
        if content.is_copy() || content.hash().ok()? == old {
            return None;
        }
        let base = Base::find(&self.output.own()?, old)?;
        let mut mine = Vec::new();
        folder.open(name_of(file)).ok()?.read_to_end(&mut mine).ok()?;
        let new = content.bytes().ok()?;
        std::str::from_utf8(&mine).ok()?;
        match diffy::merge_bytes(&base, &mine, &new) {
            Ok(merged) if merged == mine => None,
            Ok(merged) => Some((merged, Action::Merge)),
            Err(conflicting) => Some((conflicting, Action::Conflict)),
        }
    }

    /// Whether a content is one that postferry has put at a path.
    fn is_own(&self, path: &str, found: Option<Hash>) -> bool {
        found.is_some_and(|found| {
            self.old.hash_of(path) == Some(found) || self.noted.get(path).is_some_and(|noted| noted.contains(&found))
        })
    }

    /// Whether these are the stamps that the last run has left.
    pub fn has_stamps(&self, stamps: &Stamps) -> bool {
        self.stamps == *stamps
    }

    /// What is known to be planned at a path, where an earlier run put it there.
    pub fn old_hash(&self, path: &str) -> Option<Hash> {
        self.old.hash_of(path)
    }

    /// The files of earlier runs that are planned no more. Paths of the manifest that lead elsewhere are nobody's.
    pub fn gone(&self) -> Vec<Gone<'_>> {
        let listed = self.old.files().iter().chain(self.old.left()).map(|(path, _)| path);
        let mut paths: Vec<&Arc<str>> = listed.chain(self.noted.keys()).collect();
        paths.sort_unstable();
        paths.dedup();
        let gone = paths.into_iter().filter_map(|path| {
            let planned = self.plan.files().binary_search_by(|file| (*file.path).cmp(path)).is_ok();
            let (folder, name) = parts(path).filter(|_| !planned && !is_reserved(path))?;
            let noted = self.noted.get(path).into_iter().flatten().copied();
            let hashes = noted.chain(self.old.hash_of(path)).collect();
            Some(Gone { path, name, folder, hashes })
        });
        gone.collect()
    }

    /// What is done with a file that is planned no more, and the folder where it is; `None` where it is not there, or
    /// behind a link that leads elsewhere.
    pub fn look_at_gone(&self, gone: &Gone<'_>) -> Option<(Folder, Action)> {
        let folder = self.output.folder(gone.folder).ok().flatten()?;
        let is_own = match folder.look(gone.name) {
            Found::File(stamp) => {
                let known = self.stamps.hash_of(gone.path, &stamp);
                let found = known.or_else(|| folder.open(gone.name).and_then(hash_of).ok());
                found.is_some_and(|found| gone.hashes.contains(&found))
            }
            Found::Link(target) => self.output.is_own_link(&target),
            Found::Nothing | Found::Folder | Found::Other => return None,
        };
        let action = match is_own {
            false => Action::Keep,
            true if self.options.prune || fitting::is_in_the_way(self.plan, gone.path) => Action::Remove,
            true => Action::Leave,
        };
        Some((folder, action))
    }
}

/// What is said where a content cannot be made.
pub(super) fn unread(error: io::Error) -> String {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Unmade>()) {
        Some(error) => format!("its page cannot be made: {error}"),
        None => format!("it cannot be read: {}", reason(&error)),
    }
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
