//! Writing a plan: the one place that touches the disk.
//!
//! Each file is written beside its place and then moved there, so that a run that is stopped leaves no half files.
//! Nothing is written outside the output folder, whatever a path says; files that the author has changed since the
//! last run are kept.

use std::fs;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use super::manifest::{MANIFEST, Manifest};
use super::{Content, File, Plan};

/// What is done with one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
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
}

/// One file and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Step {
    /// The path below the output folder.
    pub path: String,
    /// What is done.
    pub action: Action,
    /// The size of the planned content in bytes.
    pub bytes: u64,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Every step, in the order of the paths.
    pub steps: Vec<Step>,
}

/// Why a plan cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The output folder holds files of somebody else's.
    #[error("{}: the folder is not empty and not postferry's own; choose another with -o, or write into it with --force", .0.display())]
    NotEmpty(PathBuf),
    /// The output folder is the source, or inside it, or the other way round.
    #[error("{}: the output folder and the source must not lie in each other", .0.display())]
    InsideSource(PathBuf),
    /// A path that leaves the output folder.
    #[error("{0:?} is no path below the output folder")]
    Escapes(String),
    /// The disk says no.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> ApplyError {
    let path = path.to_owned();
    move |error| ApplyError::Io { path, error }
}

/// What applying a plan would do, file by file; nothing is written.
///
/// # Errors
/// [`ApplyError`] where the plan must not be written at all.
pub fn steps(plan: &Plan, source: &Path, out: &Path, force: bool) -> Result<Vec<Step>, ApplyError> {
    check_folders(source, out, force)?;
    let manifest = Manifest::load(out).unwrap_or_default();
    let mut steps =
        plan.files().par_iter().map(|file| step(file, out, &manifest, force)).collect::<Result<Vec<_>, _>>()?;
    for (path, hash) in &manifest.files {
        let planned = plan.files().binary_search_by(|file| file.path.as_str().cmp(path)).is_ok();
        if planned || safe_path(path).is_none() {
            continue;
        }
        if let Ok(found) = fs::read(out.join(path)) {
            let action = if Manifest::hash(&found) == *hash { Action::Remove } else { Action::Keep };
            steps.push(Step { path: path.clone(), action, bytes: 0 });
        }
    }
    steps.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(steps)
}

fn step(file: &File, out: &Path, manifest: &Manifest, force: bool) -> Result<Step, ApplyError> {
    let relative = safe_path(&file.path).ok_or_else(|| ApplyError::Escapes(file.path.clone()))?;
    let bytes = file.content.bytes().map_err(io(Path::new(&file.path)))?;
    let action = match fs::read(out.join(relative)) {
        Err(_) => Action::Create,
        Ok(found) if found == bytes => Action::Unchanged,
        Ok(found) => match manifest.files.get(&file.path) {
            Some(hash) if *hash == Manifest::hash(&found) => Action::Update,
            _ if force => Action::Update,
            _ => Action::Keep,
        },
    };
    Ok(Step { path: file.path.clone(), action, bytes: bytes.len() as u64 })
}

/// Writes a plan.
///
/// # Errors
/// [`ApplyError`]; what has been written until then stays, and the next run takes it for its own.
pub fn apply(plan: &Plan, source: &Path, out: &Path, force: bool) -> Result<Applied, ApplyError> {
    let steps = steps(plan, source, out, force)?;
    fs::create_dir_all(out).map_err(io(out))?;
    let real_out = out.canonicalize().map_err(io(out))?;
    let old = Manifest::load(out).unwrap_or_default();
    let mut manifest = Manifest::default();
    let written: Vec<Option<(String, String)>> = plan
        .files()
        .par_iter()
        .map(|file| {
            let action = steps.binary_search_by(|step| step.path.as_str().cmp(&file.path)).map(|at| steps[at].action);
            write(file, action.unwrap_or(Action::Create), &real_out, &old)
        })
        .collect::<Result<_, _>>()?;
    manifest.files.extend(written.into_iter().flatten());
    for step in steps.iter().filter(|step| step.action == Action::Remove) {
        let path = real_out.join(&step.path);
        fs::remove_file(&path).map_err(io(&path))?;
    }
    write_bytes(&real_out.join(MANIFEST), &manifest.to_bytes())?;
    Ok(Applied { steps })
}

/// Writes one file; returns its path and hash for the manifest.
fn write(file: &File, action: Action, out: &Path, old: &Manifest) -> Result<Option<(String, String)>, ApplyError> {
    let relative = safe_path(&file.path).ok_or_else(|| ApplyError::Escapes(file.path.clone()))?;
    let path = out.join(relative);
    if action == Action::Keep {
        // the author's own changes stay known as such
        return Ok(old.files.get(&file.path).map(|hash| (file.path.clone(), hash.clone())));
    }
    let bytes = file.content.bytes().map_err(io(&path))?;
    let hash = Manifest::hash(&bytes);
    if action != Action::Unchanged {
        let folder = path.parent().unwrap_or(out);
        fs::create_dir_all(folder).map_err(io(folder))?;
        // a link in the output folder must not lead the writing elsewhere
        if !folder.canonicalize().map_err(io(folder))?.starts_with(out) {
            return Err(ApplyError::Escapes(file.path.clone()));
        }
        match &file.content {
            Content::Bytes(bytes) => write_bytes(&path, bytes)?,
            Content::Copy(from) => copy(from, &path)?,
        }
    }
    Ok(Some((file.path.clone(), hash)))
}

fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), ApplyError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io(path))?;
    file.write_all(bytes).map_err(io(path))?;
    persist(file, path)
}

fn copy(from: &Path, path: &Path) -> Result<(), ApplyError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder).map_err(io(path))?;
    fs::copy(from, file.path()).map_err(io(from))?;
    persist(file, path)
}

fn persist(file: tempfile::NamedTempFile, path: &Path) -> Result<(), ApplyError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // temporary files are private; what is published is not
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644)).map_err(io(path))?;
    }
    file.persist(path).map_err(|error| ApplyError::Io { path: path.to_owned(), error: error.error })?;
    Ok(())
}

/// A path below the output folder as the system takes it; `None` where it would lead elsewhere.
fn safe_path(path: &str) -> Option<PathBuf> {
    if path.is_empty() || path.contains(['\0', '\\']) {
        return None;
    }
    let path = Path::new(path);
    path.components().all(|part| matches!(part, Component::Normal(_))).then(|| path.to_owned())
}

fn check_folders(source: &Path, out: &Path, force: bool) -> Result<(), ApplyError> {
    let real = |path: &Path| -> PathBuf {
        // the nearest folder that is there already, and the rest behind it
        let mut rest = Vec::new();
        let mut at = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        loop {
            if let Ok(found) = at.canonicalize() {
                return rest.iter().rev().fold(found, |path, part| path.join(part));
            }
            match (at.file_name().map(ToOwned::to_owned), at.parent().map(ToOwned::to_owned)) {
                (Some(name), Some(parent)) => {
                    rest.push(name);
                    at = parent;
                }
                _ => return path.to_owned(),
            }
        }
    };
    let (source, real_out) = (real(source), real(out));
    if real_out.starts_with(&source) || source.starts_with(&real_out) {
        return Err(ApplyError::InsideSource(out.to_owned()));
    }
    let mut entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(ApplyError::Io { path: out.to_owned(), error }),
    };
    if entries.next().is_some() && !force && Manifest::load(out).is_none() {
        return Err(ApplyError::NotEmpty(out.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(files: &[(&str, &str)]) -> Plan {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            content: Content::Bytes(text.as_bytes().to_vec()),
            source: None,
        };
        Plan::new(files.iter().map(file).collect())
    }

    fn folders() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let (source, out) = (folder.path().join("source"), folder.path().join("out"));
        fs::create_dir(&source).unwrap();
        (folder, source, out)
    }

    fn actions(applied: &Applied) -> Vec<(&str, Action)> {
        applied.steps.iter().map(|step| (step.path.as_str(), step.action)).collect()
    }

    #[test]
    fn hostile_paths_are_refused_before_anything_is_written() {
        let (_folder, source, out) = folders();
        for path in ["../x", "/x", "a/../../x", "a\0b", "", "C:\\x", "./x/.."] {
            assert!(
                matches!(apply(&plan(&[(path, "")]), &source, &out, false), Err(ApplyError::Escapes(_))),
                "{path:?}"
            );
            assert!(!out.exists(), "{path:?}");
        }
    }

    #[test]
    fn a_second_run_spares_what_the_author_changed() {
        let (_folder, source, out) = folders();
        apply(&plan(&[("a", "1"), ("b", "1"), ("c", "1")]), &source, &out, false).unwrap();
        fs::write(out.join("a"), "mine").unwrap();
        let second = apply(&plan(&[("a", "2"), ("b", "2")]), &source, &out, false).unwrap();
        assert_eq!(actions(&second), [("a", Action::Keep), ("b", Action::Update), ("c", Action::Remove)]);
        assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "mine");
        assert!(!out.join("c").exists());
        let forced = apply(&plan(&[("a", "2"), ("b", "2")]), &source, &out, true).unwrap();
        assert_eq!(actions(&forced), [("a", Action::Update), ("b", Action::Unchanged)]);
    }

    #[test]
    fn foreign_folders_are_left_alone() {
        let (_folder, source, out) = folders();
        fs::create_dir(&out).unwrap();
        fs::write(out.join("theirs"), "x").unwrap();
        assert!(matches!(apply(&plan(&[("a", "1")]), &source, &out, false), Err(ApplyError::NotEmpty(_))));
        assert!(matches!(apply(&plan(&[]), &source, &source.join("out"), false), Err(ApplyError::InsideSource(_))));
        apply(&plan(&[("a", "1")]), &source, &out, true).unwrap();
        assert_eq!(fs::read_to_string(out.join("theirs")).unwrap(), "x");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_output_leads_nowhere_else() {
        let (folder, source, out) = folders();
        fs::create_dir(&out).unwrap();
        std::os::unix::fs::symlink(folder.path(), out.join("link")).unwrap();
        assert!(matches!(apply(&plan(&[("link/x", "1")]), &source, &out, true), Err(ApplyError::Escapes(_))));
        assert!(!folder.path().join("x").exists());
    }
}
