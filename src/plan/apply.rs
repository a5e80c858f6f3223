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

/// How the blog's own files come into the output folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Assets {
    /// As copies; where the file system can, they share their blocks until one of them is changed.
    #[default]
    Copy,
    /// As hard links: one file under two names. Where the file system cannot, as copies.
    Link,
    /// As symbolic links to the source, which must stay where it is. Where the system cannot, as copies.
    Reference,
}

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
}

impl Action {
    /// The stable name, as plans and results show it.
    pub fn name(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Unchanged => "unchanged",
            Action::Keep => "keep",
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
pub fn steps(plan: &Plan<'_>, source: &Path, out: &Path, force: bool) -> Result<Vec<Step>, ApplyError> {
    check_folders(source, out, force)?;
    let plan = &plan.made();
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
    let bytes = file.content.size().map_err(io(Path::new(&file.path)))?;
    let found = out.join(relative);
    let action = if !found.exists() {
        Action::Create
    } else if is_as_planned(&found, file, bytes)? {
        Action::Unchanged
    } else {
        let own = manifest.files.get(&file.path);
        let changed = own.is_none_or(|hash| fs::read(&found).is_ok_and(|found| Manifest::hash(&found) != *hash));
        if changed && !force { Action::Keep } else { Action::Update }
    };
    Ok(Step { path: file.path.clone(), action, bytes })
}

/// Whether a file holds what is planned. Its size tells most others apart, and no large file is read for nothing.
fn is_as_planned(found: &Path, file: &File, bytes: u64) -> Result<bool, ApplyError> {
    if fs::metadata(found).map_err(io(found))?.len() != bytes {
        return Ok(false);
    }
    let planned = file.content.bytes().map_err(io(Path::new(&file.path)))?;
    Ok(fs::read(found).is_ok_and(|found| found == planned))
}

/// Writes a plan.
///
/// # Errors
/// [`ApplyError`]; what has been written until then stays, and the next run takes it for its own.
pub fn apply(plan: &Plan<'_>, source: &Path, out: &Path, options: Options) -> Result<Applied, ApplyError> {
    let plan = &plan.made();
    let steps = steps(plan, source, out, options.force)?;
    fs::create_dir_all(out).map_err(io(out))?;
    let real_out = out.canonicalize().map_err(io(out))?;
    let old = Manifest::load(out).unwrap_or_default();
    let mut manifest = Manifest::default();
    let written: Vec<Option<(String, String)>> = plan
        .files()
        .par_iter()
        .map(|file| {
            let action = steps.binary_search_by(|step| step.path.as_str().cmp(&file.path)).map(|at| steps[at].action);
            write(file, action.unwrap_or(Action::Create), &real_out, &old, options.assets)
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
fn write(
    file: &File,
    action: Action,
    out: &Path,
    old: &Manifest,
    assets: Assets,
) -> Result<Option<(String, String)>, ApplyError> {
    let relative = safe_path(&file.path).ok_or_else(|| ApplyError::Escapes(file.path.clone()))?;
    let path = out.join(relative);
    if action == Action::Keep {
        // the author's own changes stay known as such
        return Ok(old.files.get(&file.path).map(|hash| (file.path.clone(), hash.clone())));
    }
    let hash = file.content.hash().map_err(io(&path))?;
    if action != Action::Unchanged {
        let folder = path.parent().unwrap_or(out);
        fs::create_dir_all(folder).map_err(io(folder))?;
        // a link in the output folder must not lead the writing elsewhere
        if !folder.canonicalize().map_err(io(folder))?.starts_with(out) {
            return Err(ApplyError::Escapes(file.path.clone()));
        }
        match &file.content {
            // new but there already: another file whose name is the same to this file system
            _ if action == Action::Create && path.exists() => return Ok(None),
            Content::Bytes(bytes) => write_bytes(&path, bytes)?,
            Content::Copy(from) => bring(from, &path, assets)?,
            _ => {}
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

/// Brings a file of the source over.
fn bring(from: &Path, path: &Path, assets: Assets) -> Result<(), ApplyError> {
    let beside = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        tempfile::TempDir::with_prefix_in(".postferry-", folder).map_err(io(path))
    };
    let linked = match assets {
        Assets::Copy => None,
        Assets::Link => Some((beside()?, hard_link as fn(&Path, &Path) -> std::io::Result<()>)),
        Assets::Reference => Some((beside()?, symbolic_link as fn(&Path, &Path) -> std::io::Result<()>)),
    };
    if let Some((folder, link)) = linked {
        let new = folder.path().join("link");
        if link(from, &new).is_ok() {
            return fs::rename(&new, path).map_err(io(path));
        }
    }
    copy(from, path)
}

/// Of two names of one file neither is its copy: a symbolic link in the source is followed first.
fn hard_link(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::hard_link(from.canonicalize()?, to)
}

fn symbolic_link(from: &Path, to: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::symlink(from.canonicalize()?, to);
    #[cfg(not(unix))]
    Err(std::io::Error::from(std::io::ErrorKind::Unsupported))
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

    const FORCE: Options = Options { force: true, assets: Assets::Copy };

    fn plan(files: &[(&str, &str)]) -> Plan<'static> {
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
                matches!(apply(&plan(&[(path, "")]), &source, &out, Options::default()), Err(ApplyError::Escapes(_))),
                "{path:?}"
            );
            assert!(!out.exists(), "{path:?}");
        }
    }

    #[test]
    fn a_second_run_spares_what_the_author_changed() {
        let (_folder, source, out) = folders();
        apply(&plan(&[("a", "1"), ("b", "1"), ("c", "1")]), &source, &out, Options::default()).unwrap();
        fs::write(out.join("a"), "mine").unwrap();
        let second = apply(&plan(&[("a", "2"), ("b", "2")]), &source, &out, Options::default()).unwrap();
        assert_eq!(actions(&second), [("a", Action::Keep), ("b", Action::Update), ("c", Action::Remove)]);
        assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "mine");
        assert!(!out.join("c").exists());
        let forced = apply(&plan(&[("a", "2"), ("b", "2")]), &source, &out, FORCE).unwrap();
        assert_eq!(actions(&forced), [("a", Action::Update), ("b", Action::Unchanged)]);
    }

    #[test]
    fn foreign_folders_are_left_alone() {
        let (_folder, source, out) = folders();
        fs::create_dir(&out).unwrap();
        fs::write(out.join("theirs"), "x").unwrap();
        assert!(matches!(apply(&plan(&[("a", "1")]), &source, &out, Options::default()), Err(ApplyError::NotEmpty(_))));
        assert!(matches!(
            apply(&plan(&[]), &source, &source.join("out"), Options::default()),
            Err(ApplyError::InsideSource(_))
        ));
        apply(&plan(&[("a", "1")]), &source, &out, FORCE).unwrap();
        assert_eq!(fs::read_to_string(out.join("theirs")).unwrap(), "x");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_output_leads_nowhere_else() {
        let (folder, source, out) = folders();
        fs::create_dir(&out).unwrap();
        std::os::unix::fs::symlink(folder.path(), out.join("link")).unwrap();
        assert!(matches!(apply(&plan(&[("link/x", "1")]), &source, &out, FORCE), Err(ApplyError::Escapes(_))));
        assert!(!folder.path().join("x").exists());
    }

    #[cfg(unix)]
    #[test]
    fn assets_are_copied_linked_or_referred_to() {
        use std::os::unix::fs::MetadataExt;
        let (_folder, source, out) = folders();
        let image = source.join("a.png");
        fs::write(&image, "pixels").unwrap();
        let content = Content::Copy(image.clone());
        let plan = Plan::new(vec![File { path: "i/a.png".to_owned(), content, source: None }]);
        for (assets, one_file, symbolic) in
            [(Assets::Copy, false, false), (Assets::Link, true, false), (Assets::Reference, true, true)]
        {
            let _ = fs::remove_dir_all(&out);
            apply(&plan, &source, &out, Options { force: false, assets }).unwrap();
            let brought = out.join("i/a.png");
            assert_eq!(fs::read_to_string(&brought).unwrap(), "pixels");
            let same = fs::metadata(&brought).unwrap().ino() == fs::metadata(&image).unwrap().ino();
            assert_eq!((same, brought.is_symlink()), (one_file, symbolic), "{assets:?}");
            assert_eq!(fs::read_dir(out.join("i")).unwrap().count(), 1);
            let again = apply(&plan, &source, &out, Options { force: false, assets }).unwrap();
            assert_eq!(actions(&again), [("i/a.png", Action::Unchanged)]);
        }
    }
}
