//! What a plan would change in a folder, in git's own format: `git apply` makes of the folder what a run would make of it.

mod binary;
mod git;
mod hunks;
mod show;
mod stat;

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::changes::{Action, Changes, Options};
use super::door::{Folder, Found};
use super::error::ApplyError;
use super::pass::{Gone, Pass, folder_of, name_of, unread};
use super::{File, Plan};
pub use hunks::Hunk;
pub use show::{Form, Show};
use stat::Stat;

/// A file that may differ.
enum Either<'p> {
    Planned(&'p File),
    Gone(Gone<'p>),
}

/// Writes the differences from what is in `out` to the plan, in the order of the paths. Nothing is written where nothing
/// would change.
///
/// # Errors
/// [`ApplyError`] where the plan must not be written at all, or the differences cannot be.
pub fn diff(
    plan: &Plan<'_>,
    source: &Path,
    out: &Path,
    options: Options,
    show: &Show,
    to: &mut dyn Write,
) -> Result<Changes, ApplyError> {
    /// How many files' differences are held until they can be written in their order: of pictures they are large.
    const HELD: usize = 32;
    let pass = Pass::new(plan, source, out, options)?;
    let planned = plan.files().iter().map(Either::Planned);
    let mut files: Vec<Either<'_>> = planned.chain(pass.gone().into_iter().map(Either::Gone)).collect();
    files.retain(|file| show.has(file.path(), file.source().map(|source| &**source)));
    files.sort_by(|a, b| a.path().cmp(b.path()));
    let (mut changes, mut stat) = (Changes::default(), Stat::default());
    for files in files.chunks(HELD) {
        let differences: Vec<Difference> = files.par_iter().map(|file| file.difference(&pass, show)).collect();
        for (file, difference) in files.iter().zip(differences) {
            to.write_all(&difference.text).map_err(ApplyError::Show)?;
            stat.extend(difference.stat);
            match (file, difference.done) {
                (Either::Planned(file), done) => changes.add(file, done),
                (Either::Gone(gone), Ok((action, _))) => changes.steps.push(gone.step(action)),
                // it is not there, or was never ours
                (Either::Gone(_), Err(_)) => {}
            }
        }
    }
    if show.form == Form::Stat {
        stat.write(show, to).map_err(ApplyError::Show)?;
    }
    Ok(changes)
}

/// The difference of one file, and what would be done with it.
struct Difference {
    text: Vec<u8>,
    stat: Option<stat::Row>,
    done: Result<(Action, u64), String>,
}

/// What a file holds before and after; `None` where there is none.
struct Sides<'a> {
    path: &'a str,
    old: Option<Vec<u8>>,
    new: Option<Vec<u8>>,
}

impl Either<'_> {
    fn path(&self) -> &str {
        match self {
            Either::Planned(file) => &file.path,
            Either::Gone(gone) => gone.path,
        }
    }

    fn source(&self) -> Option<&Arc<str>> {
        match self {
            Either::Planned(file) => file.source.as_ref(),
            Either::Gone(_) => None,
        }
    }

    fn difference(&self, pass: &Pass<'_>, show: &Show) -> Difference {
        let seen = match self {
            Either::Planned(file) => of_planned(pass, file),
            Either::Gone(gone) => of_gone(pass, gone).ok_or_else(String::new),
        };
        let (sides, action, size) = match seen {
            Ok(seen) => seen,
            Err(message) => return Difference { text: Vec::new(), stat: None, done: Err(message) },
        };
        let shown = sides.map(|sides| show.of(&sides));
        let (text, stat) = shown.unwrap_or_default();
        Difference { text, stat, done: Ok((action, size)) }
    }
}

type Seen<'a> = (Option<Sides<'a>>, Action, u64);

fn of_planned<'a>(pass: &Pass<'_>, file: &'a File) -> Result<Seen<'a>, String> {
    let folder = pass.output.folder(folder_of(file)).ok().flatten();
    let looked = pass.look(file, folder.as_ref())?;
    let changed = matches!(looked.action, Action::Create | Action::Update | Action::Merge | Action::Conflict);
    let sides = if changed {
        let new = looked.content.bytes().map_err(unread)?.into_owned();
        let old = folder.filter(|_| looked.action != Action::Create).map(|folder| read(&folder, name_of(file)));
        Some(Sides { path: &file.path, old, new: Some(new) })
    } else {
        None
    };
    Ok((sides, looked.action, looked.content.size()))
}

fn of_gone<'a>(pass: &Pass<'_>, gone: &'a Gone<'_>) -> Option<Seen<'a>> {
    let (folder, action) = pass.look_at_gone(gone)?;
    let removed = || Sides { path: gone.path, old: Some(read(&folder, gone.name)), new: None };
    Some(((action == Action::Remove).then(removed), action, 0))
}

/// What is in a file of the output now; of what is no file, nothing.
fn read(folder: &Folder, name: &OsStr) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Found::File(_) = folder.look(name) {
        let _ = folder.open(name).and_then(|mut file| file.read_to_end(&mut bytes));
    }
    bytes
}

#[cfg(test)]
mod tests;
