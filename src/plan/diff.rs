//! What a plan would change in a folder, as a unified diff.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;

use rayon::prelude::*;
use similar::TextDiff;

use super::door::{ApplyError, Folder, Found};
use super::pass::{Action, Changes, Gone, Pass, folder_of, name_of, unread};
use super::{File, Plan};

/// A file that may differ.
enum Either<'p> {
    Planned(&'p File),
    Gone(Gone<'p>),
}

/// Writes a unified diff from what is in `out` to the plan, in the order of the paths; files that are no text are
/// named only. Nothing is written where nothing would change.
///
/// # Errors
/// [`ApplyError`] where the plan must not be written at all, or the diff cannot be.
pub fn unified(plan: &Plan<'_>, source: &Path, out: &Path, to: &mut impl Write) -> Result<Changes, ApplyError> {
    /// How many files' differences are held until they can be written in their order.
    const HELD: usize = 256;
    let pass = Pass::new(plan, source, out, false)?;
    let mut files: Vec<Either<'_>> =
        plan.files().iter().map(Either::Planned).chain(pass.gone().map(Either::Gone)).collect();
    files.sort_by(|a, b| a.path().cmp(b.path()));
    let mut changes = Changes::default();
    for files in files.chunks(HELD) {
        let differences: Vec<Difference> = files.par_iter().map(|file| file.difference(&pass)).collect();
        for (file, difference) in files.iter().zip(differences) {
            to.write_all(difference.text.as_bytes()).map_err(ApplyError::Show)?;
            match (file, difference.done) {
                (Either::Planned(file), done) => changes.add(file, done),
                (Either::Gone(gone), Ok((action, _))) => changes.steps.push(gone.step(action)),
                // it is not there, or was never ours
                (Either::Gone(_), Err(_)) => {}
            }
        }
    }
    Ok(changes)
}

/// The difference of one file, and what would be done with it.
struct Difference {
    text: String,
    done: Result<(Action, u64), String>,
}

impl Either<'_> {
    fn path(&self) -> &str {
        match self {
            Either::Planned(file) => &file.path,
            Either::Gone(gone) => gone.path,
        }
    }

    fn difference(&self, pass: &Pass<'_>) -> Difference {
        let shown = match self {
            Either::Planned(file) => of_planned(pass, file),
            Either::Gone(gone) => of_gone(pass, gone).ok_or_else(String::new),
        };
        match shown {
            Ok((text, action, size)) => Difference { text, done: Ok((action, size)) },
            Err(message) => Difference { text: String::new(), done: Err(message) },
        }
    }
}

fn of_planned(pass: &Pass<'_>, file: &File) -> Result<(String, Action, u64), String> {
    let folder = pass.output.folder(folder_of(file)).ok().flatten();
    let looked = pass.look(file, folder.as_ref())?;
    let text = match looked.action {
        Action::Create | Action::Update => {
            let new = looked.content.bytes().map_err(unread)?;
            let old = folder.filter(|_| looked.action == Action::Update).map(|folder| read(&folder, name_of(file)));
            show(&file.path, old.as_deref(), Some(&new))
        }
        _ => String::new(),
    };
    Ok((text, looked.action, looked.content.size()))
}

fn of_gone(pass: &Pass<'_>, gone: &Gone<'_>) -> Option<(String, Action, u64)> {
    let (folder, action) = pass.look_at_gone(gone)?;
    let text = match action {
        Action::Remove => show(gone.path, Some(&read(&folder, gone.name)), None),
        _ => String::new(),
    };
    Some((text, action, 0))
}

/// What is in a file of the output now; of what is no file, nothing.
fn read(folder: &Folder, name: &OsStr) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Found::File(_) = folder.look(name) {
        let _ = folder.open(name).and_then(|mut file| file.read_to_end(&mut bytes));
    }
    bytes
}

/// The difference of two contents, of which at most one is not there.
fn show(path: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> String {
    let name = |side: char, bytes: Option<&[u8]>| match bytes {
        Some(_) => format!("{side}/{path}"),
        None => "/dev/null".to_owned(),
    };
    let (from, to) = (name('a', old), name('b', new));
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    match (std::str::from_utf8(old), std::str::from_utf8(new)) {
        (Ok(old), Ok(new)) if !new.contains('\0') => {
            let shown = TextDiff::from_lines(old, new).unified_diff().context_radius(3).header(&from, &to).to_string();
            if shown.is_empty() { format!("--- {from}\n+++ {to}\n") } else { shown }
        }
        _ => format!("Binary files {from} and {to} differ ({})\n", &blake3::hash(new).to_hex()[..12]),
    }
}
