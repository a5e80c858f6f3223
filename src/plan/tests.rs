//! What a plan does to folders: to good ones, and to those that hold what they should not.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const DEFAULT: Options = Options { force: false, on_edit: OnEdit::Keep, prune: false, assets: Assets::Copy };
const PRUNE: Options = Options { prune: true, ..DEFAULT };
const FORCE: Options = Options { force: true, on_edit: OnEdit::Overwrite, prune: true, ..DEFAULT };

/// A source and an output folder, and whatever lies beside them.
struct Folders {
    around: tempfile::TempDir,
    source: PathBuf,
    out: PathBuf,
}

impl Folders {
    fn new() -> Self {
        let around = tempfile::tempdir().unwrap();
        let (source, out) = (around.path().join("source"), around.path().join("out"));
        fs::create_dir(&source).unwrap();
        Folders { around, source, out }
    }

    /// With `--prune`.
    fn apply(&self, plan: &Plan<'_>) -> Changes {
        self.apply_with(plan, PRUNE)
    }

    fn apply_with(&self, plan: &Plan<'_>, options: Options) -> Changes {
        apply(plan, &self.source, &self.out, options).unwrap()
    }

    fn force(&self, plan: &Plan<'_>) -> Changes {
        apply(plan, &self.source, &self.out, FORCE).unwrap()
    }

    fn error(&self, plan: &Plan<'_>, options: Options) -> ApplyError {
        apply(plan, &self.source, &self.out, options).unwrap_err()
    }

    /// A file of the source.
    fn image(&self, name: &str) -> PathBuf {
        let image = self.source.join(name);
        fs::create_dir_all(image.parent().unwrap()).unwrap();
        fs::write(&image, "pixels").unwrap();
        image
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.out.join(path)).unwrap()
    }
}

fn plan(files: &[(&str, &str)]) -> Plan<'static> {
    let file = |(path, text): &(&str, &str)| File {
        path: (*path).into(),
        content: Content::Bytes(text.as_bytes().to_vec()),
        source: None,
    };
    Plan::new(files.iter().map(file).collect())
}

fn copies(files: &[(&str, &Path)]) -> Plan<'static> {
    let file = |(path, from): &(&str, &Path)| File {
        path: (*path).into(),
        content: Content::Copy((*from).to_owned()),
        source: Some((*path).into()),
    };
    Plan::new(files.iter().map(file).collect())
}

fn actions(changes: &Changes) -> Vec<(&str, Action)> {
    changes.steps.iter().map(|step| (&*step.path, step.action)).collect()
}

fn failed(changes: &Changes) -> Vec<&str> {
    changes.failed.iter().map(|failure| &*failure.path).collect()
}

#[test]
fn what_follows_a_content_begins_on_a_line_of_its_own() {
    let follows = |first: &str| {
        let first = Content::Bytes(first.as_bytes().to_vec());
        let content = Content::Followed(Box::new((first, b"c\n".to_vec())));
        let plan = Plan::new(vec![File { path: "a".into(), content, source: None }]);
        String::from_utf8(plan.bytes(&plan.files()[0]).unwrap()).unwrap()
    };
    assert_eq!([follows(""), follows("a"), follows("a\n")], ["c\n", "a\nc\n", "a\nc\n"]);
}

/// Counts what it makes, and cannot make one of them.
struct Counting(Vec<AtomicUsize>);

impl Maker for Counting {
    fn make(&self, document: usize) -> io::Result<Vec<u8>> {
        self.0[document].fetch_add(1, Ordering::Relaxed);
        if document == 7 { Err(io::Error::other("torn")) } else { Ok(format!("{document}").into_bytes()) }
    }
}

#[test]
fn every_content_is_asked_for_once() {
    let folders = Folders::new();
    let (source, out) = (&folders.source, &folders.out);
    let files: Vec<File> =
        (0..100).map(|at| File { path: format!("{at}").into(), content: Content::Made(at), source: None }).collect();
    let seen = |changes: Changes| {
        assert_eq!(changes.steps.len(), 100);
        assert_eq!(failed(&changes), ["7"]);
        assert_eq!(changes.failed[0].message, "it cannot be read: torn");
    };
    let passes: [&dyn Fn(&Plan<'_>); 5] = [
        &|plan| plan.for_each(|file, bytes| assert_eq!(bytes.is_err(), &*file.path == "7")),
        &|plan| seen(preview(plan, source, out, Options::default()).unwrap()),
        &|plan| seen(diff(plan, source, out, DEFAULT, &Show::default(), &mut Vec::new()).unwrap()),
        &|plan| seen(apply(plan, source, out, Options::default()).unwrap()),
        &|plan| seen(apply(plan, source, out, Options::default()).unwrap()),
    ];
    for pass in passes {
        let maker = Counting((0..100).map(|_| 0.into()).collect());
        pass(&Plan::new(files.clone()).made_by(Arc::new(&maker)));
        assert!(maker.0.iter().all(|made| made.load(Ordering::Relaxed) == 1));
    }
}

#[test]
fn hostile_paths_are_refused_before_anything_is_written() {
    let folders = Folders::new();
    for path in ["../x", "/x", "a/../../x", "a\0b", "", "C:\\x", "./x/.."] {
        let error = folders.error(&plan(&[(path, ""), ("good", "")]), Options::default());
        assert!(matches!(error, ApplyError::Escapes(_)), "{path:?}");
        assert!(!folders.out.exists(), "{path:?}");
    }
}

#[test]
fn a_second_run_spares_what_the_author_changed() {
    let folders = Folders::new();
    folders.apply(&plan(&[("a", "1"), ("b", "1"), ("c", "1")]));
    fs::write(folders.out.join("a"), "mine").unwrap();
    let changed = plan(&[("a", "2"), ("b", "2")]);
    let expected = [("a", Action::Keep), ("b", Action::Update), ("c", Action::Remove)];
    let previewed = preview(&changed, &folders.source, &folders.out, PRUNE).unwrap();
    assert_eq!(actions(&previewed), expected);
    assert_eq!(actions(&folders.apply(&changed)), expected);
    assert_eq!(folders.text("a"), "mine");
    assert!(!folders.out.join("c").exists());
    let forced = folders.force(&changed);
    assert_eq!(actions(&forced), [("a", Action::Update), ("b", Action::Unchanged)]);
}

#[test]
fn a_diff_shows_what_a_run_would_change_and_only_that() {
    let folders = Folders::new();
    folders.apply(&plan(&[("a", "1\n"), ("b", "1\n"), ("c", "1\n"), ("d", "1\n")]));
    fs::write(folders.out.join("a"), "mine\n").unwrap();
    let mut shown = Vec::new();
    let changed = plan(&[("a", "2\n"), ("b", "2\n"), ("d", "1\n"), ("e", "1\n")]);
    let show = Show::new(Form::Names, 3);
    let changes = diff(&changed, &folders.source, &folders.out, PRUNE, &show, &mut shown).unwrap();
    assert!(changes.differ());
    assert_eq!(String::from_utf8(shown).unwrap(), "b\nc\ne\n");
}

/// Every file below the output folder but postferry's own.
fn tree(folders: &Folders) -> Vec<(PathBuf, String)> {
    let walk = walkdir::WalkDir::new(&folders.out).sort_by_file_name().into_iter();
    let files =
        walk.filter_entry(|entry| entry.file_name() != OWN).flatten().filter(|entry| entry.file_type().is_file());
    let read = |entry: walkdir::DirEntry| (entry.path().to_owned(), fs::read_to_string(entry.path()).unwrap());
    files.map(read).collect()
}

#[test]
fn a_disk_that_fails_at_any_step_tears_nothing_and_loses_no_edit() {
    let first = plan(&[("a", "1"), ("b/c", "1"), ("b/d", "1"), ("e", "1"), ("gone", "1")]);
    let second = plan(&[("a", "2"), ("b/c", "2"), ("b/d", "1"), ("e", "2"), ("new/f", "2")]);
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::PermissionDenied] {
        for second_run in [false, true] {
            for changes in 0.. {
                let folders = Folders::new();
                let mut edited = false;
                if second_run {
                    folders.apply(&first);
                    fs::write(folders.out.join("b/c"), "mine").unwrap();
                    edited = true;
                }
                let fault = faults::plan(&folders.out, changes, kind);
                let stopped = apply(&second, &folders.source, &folders.out, PRUNE);
                faults::mend(&folders.out);
                for (path, text) in tree(&folders).into_iter().filter(|(path, _)| !path.ends_with(MANIFEST)) {
                    let name = path.strip_prefix(&folders.out).unwrap().to_str().unwrap();
                    let known = |plan: &Plan<'_>| {
                        let file = plan.files().iter().find(|file| &*file.path == name);
                        file.is_some_and(|file| plan.bytes(file).unwrap() == text.as_bytes())
                    };
                    let own = known(&second) || (second_run && known(&first));
                    assert!(own || (edited && text == "mine"), "{name} after {changes}: {text}");
                }
                // what only saves work later may fail unseen
                assert!(fault.has_struck() || stopped.is_ok_and(|changes| changes.failed.is_empty()), "{changes}");
                // the source changes once more before the next run
                let third = plan(&[("a", "3"), ("b/c", "2"), ("b/d", "1"), ("e", "3")]);
                let done = folders.apply(&third);
                assert!(done.failed.is_empty());
                let expected = [("a", "3"), ("b/c", if edited { "mine" } else { "2" }), ("b/d", "1"), ("e", "3")];
                let found = tree(&folders);
                let found: Vec<(&str, &str)> = found
                    .iter()
                    .filter(|(path, _)| !path.ends_with(MANIFEST))
                    .map(|(path, text)| (path.strip_prefix(&folders.out).unwrap().to_str().unwrap(), text.as_str()))
                    .collect();
                assert_eq!(found, expected, "{kind:?}, second run: {second_run}, after {changes} changes");
                if !fault.has_struck() {
                    break;
                }
            }
        }
    }
}

#[test]
fn a_manifest_that_cannot_be_read_is_told() {
    let folders = Folders::new();
    let files = plan(&[("a", "1")]);
    folders.apply(&files);
    let manifest = folders.out.join(MANIFEST);
    let whole = folders.text(MANIFEST);
    for broken in ["", "{", "[]", "{\"postferry\": 1}", &whole[..whole.len() / 2], "\u{0}"] {
        fs::write(&manifest, broken).unwrap();
        assert!(matches!(folders.error(&files, DEFAULT), ApplyError::Damaged { .. }), "{broken:?}");
        assert_eq!(folders.text("a"), "1");
    }
    fs::write(&manifest, "{\"postferry\": \"9.0.0\", \"format\": 9, \"more\": []}").unwrap();
    for options in [DEFAULT, FORCE] {
        assert!(matches!(folders.error(&files, options), ApplyError::Newer { version, .. } if version == "9.0.0"));
    }
    fs::write(&manifest, "no manifest").unwrap();
    assert!(!folders.force(&files).steps.is_empty());
    assert!(folders.text(MANIFEST).contains("\"a\""));
}

#[test]
fn what_is_planned_no_more_is_left_until_it_is_pruned() {
    let folders = Folders::new();
    folders.apply(&plan(&[("a", "1"), ("b", "1"), ("c", "1")]));
    fs::write(folders.out.join("c"), "mine").unwrap();
    let less = plan(&[("a", "1")]);
    for _ in 0..2 {
        let left = folders.apply_with(&less, DEFAULT);
        let expected = [("a", Action::Unchanged), ("b", Action::Leave), ("c", Action::Keep)];
        assert_eq!(actions(&left), expected);
        assert!(!left.differ());
    }
    let seen = status(&folders.out).unwrap();
    assert_eq!((seen.unchanged, &seen.left), (1, &vec!["b".into(), "c".into()]));
    folders.apply(&less);
    assert!(!folders.out.join("b").exists() && folders.text("c") == "mine");
}

#[test]
fn foreign_folders_are_left_alone() {
    let folders = Folders::new();
    fs::create_dir(&folders.out).unwrap();
    fs::write(folders.out.join("theirs"), "x").unwrap();
    let files = plan(&[("a", "1")]);
    assert!(matches!(folders.error(&files, Options::default()), ApplyError::NotEmpty(_)));
    let inside = apply(&plan(&[]), &folders.source, &folders.source.join("out"), Options::default());
    assert!(matches!(inside, Err(ApplyError::InsideSource(_))));
    folders.force(&files);
    assert_eq!(folders.text("theirs"), "x");
}

#[test]
fn a_run_that_changes_nothing_writes_nothing() {
    let folders = Folders::new();
    let image = folders.image("i.png");
    let files = || {
        let mut files = plan(&[("a/b/c", "1"), ("a/d", "2")]).files().to_vec();
        files.extend_from_slice(copies(&[("i.png", &image)]).files());
        Plan::new(files)
    };
    folders.apply(&files());
    // a folder is dated anew by every name that is made or moved in it
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let paths = ["", "a", "a/b", "a/b/c", "a/d", "i.png", MANIFEST].map(|path| folders.out.join(path));
    for path in &paths {
        fs::File::open(path).unwrap().set_modified(old).unwrap();
    }
    let again = folders.apply(&files());
    assert!(!again.differ() && again.steps.len() == 3);
    for path in &paths {
        assert_eq!(fs::metadata(path).unwrap().modified().unwrap(), old, "{}", path.display());
    }
}

#[test]
fn files_become_folders_and_folders_files() {
    let folders = Folders::new();
    let (one, other) = (plan(&[("about", "1"), ("x/index", "1")]), plan(&[("about/index", "2"), ("x", "2")]));
    folders.apply(&one);
    for files in [&other, &one, &other] {
        let would_be = preview(files, &folders.source, &folders.out, PRUNE).unwrap();
        assert_eq!(failed(&would_be), [""; 0]);
        assert_eq!(failed(&folders.apply(files)), [""; 0]);
        assert!(files.files().iter().all(|file| folders.out.join(&*file.path).is_file()));
    }
}

#[test]
fn folders_that_are_empty_after_a_removal_go_as_well() {
    let folders = Folders::new();
    folders.apply(&plan(&[("a/b/c", "1"), ("d/e", "1"), ("f", "1")]));
    fs::write(folders.out.join("d/theirs"), "x").unwrap();
    folders.apply(&plan(&[("f", "1")]));
    assert!(!folders.out.join("a").exists());
    assert_eq!(folders.text("d/theirs"), "x");
}

#[test]
fn a_file_that_vanishes_is_a_failure_of_its_own() {
    let folders = Folders::new();
    let image = folders.image("i.png");
    let files =
        copies(&[("i.png", &image), ("j.png", &folders.image("j.png")), ("new.png", &folders.source.join("no"))]);
    assert_eq!(failed(&folders.apply(&files)), ["new.png"]);
    fs::remove_file(&image).unwrap();
    let second = folders.apply(&files);
    assert_eq!(actions(&second)[..2], [("i.png", Action::Failed), ("j.png", Action::Unchanged)]);
    assert_eq!(second.failed[0].source.as_deref(), Some("i.png"));
    // what an earlier run brought over stays, and stays known as postferry's own
    assert_eq!(folders.text("i.png"), "pixels");
    assert_eq!(actions(&folders.apply(&plan(&[]))), [("i.png", Action::Remove), ("j.png", Action::Remove)]);
}

#[test]
fn a_file_in_the_way_of_a_folder_stops_nothing_else() {
    let folders = Folders::new();
    folders.apply(&plan(&[]));
    fs::write(folders.out.join("a"), "theirs").unwrap();
    fs::create_dir(folders.out.join("b")).unwrap();
    let changes = folders.force(&plan(&[("a/x", "1"), ("b", "1"), ("c", "1")]));
    assert_eq!(actions(&changes), [("a/x", Action::Failed), ("b", Action::Failed), ("c", Action::Create)]);
    assert_eq!(folders.text("a"), "theirs");
}

#[test]
fn the_manifest_is_no_content() {
    let folders = Folders::new();
    let files = plan(&[(MANIFEST, "x"), (".POSTFERRY.json/x", "x"), ("a/.postferry.json", "x")]);
    assert_eq!(failed(&folders.apply(&files)), [".POSTFERRY.json/x", MANIFEST]);
    assert!(folders.text(MANIFEST).contains("a/.postferry.json"));
    assert!(!folders.apply(&plan(&[])).steps.is_empty());
}

#[test]
fn a_folder_in_the_place_of_the_manifest_is_refused_before_anything_is_written() {
    let folders = Folders::new();
    fs::create_dir_all(folders.out.join(MANIFEST)).unwrap();
    let error = folders.error(&plan(&[("a", "1")]), FORCE);
    assert!(matches!(error, ApplyError::Io { path, .. } if path == folders.out.join(MANIFEST)));
    assert!(!folders.out.join("a").exists());
}

#[test]
fn names_that_differ_in_letter_case_alone_are_told_apart_where_the_disk_can() {
    let folders = Folders::new();
    let files = plan(&[("a/B", "1"), ("a/b", "2"), ("a/c", "3")]);
    for _ in 0..2 {
        let changes = folders.force(&files);
        let there = fs::read_dir(folders.out.join("a")).unwrap().count();
        assert_eq!(there + changes.failed.len(), 3);
        assert_eq!(folders.text("a/B"), "1");
    }
}

#[test]
fn a_manifest_that_lies_removes_nothing_outside() {
    let folders = Folders::new();
    let victim = folders.around.path().join("victim");
    fs::write(&victim, "1").unwrap();
    folders.apply(&plan(&[("a", "1")]));
    let hash = blake3::hash(b"1").to_hex();
    let paths = ["../victim", "a/../../victim", &victim.display().to_string(), MANIFEST, "", "..", "a\\b", "a/b/c"];
    let rows: Vec<String> = paths.iter().map(|path| format!("{path:?}: \"{hash}\"")).collect();
    let text = format!("{{\"postferry\": \"0\", \"files\": {{{}, \"odd\": \"no hash\"}}}}", rows.join(","));
    fs::write(folders.out.join(MANIFEST), text).unwrap();
    assert_eq!(actions(&folders.apply(&plan(&[("a", "1")]))), [("a", Action::Unchanged)]);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "1");
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::{MetadataExt, symlink};

    use super::*;

    #[test]
    fn a_picture_of_the_source_outlives_the_removal_of_its_copy() {
        let folders = Folders::new();
        let image = folders.image("img/a.png");
        folders.apply(&copies(&[("static/img/a.png", &image)]));
        let copied = folders.out.join("static/img");
        for target in [folders.source.join("img"), PathBuf::from("../../source/img")] {
            fs::remove_dir_all(&copied).or_else(|_| fs::remove_file(&copied)).unwrap();
            symlink(target, &copied).unwrap();
            assert!(folders.apply(&plan(&[])).steps.is_empty());
            assert_eq!(fs::read_to_string(&image).unwrap(), "pixels");
            // back again for the other link
            fs::remove_file(&copied).unwrap();
            folders.apply(&copies(&[("static/img/a.png", &image)]));
        }
    }

    #[test]
    fn a_link_out_is_refused_before_anything_is_written() {
        for (target, kind) in [("../beside", "there"), ("../nowhere", "not there"), ("/proc/self/cwd", "elsewhere")] {
            let folders = Folders::new();
            fs::create_dir(folders.around.path().join("beside")).unwrap();
            fs::create_dir_all(folders.out.join("a")).unwrap();
            symlink(Path::new("..").join(target), folders.out.join("a/link")).unwrap();
            let error = folders.error(&plan(&[("a/link/b/x", "1"), ("b", "1")]), FORCE);
            let named = matches!(&error, ApplyError::LeadsOut(link) if *link == folders.out.join("a/link"));
            assert!(named, "{kind}: {error:?}");
            assert!(!folders.out.join("b").exists(), "{kind}");
            assert_eq!(fs::read_dir(folders.around.path().join("beside")).unwrap().count(), 0);
            assert_eq!(fs::read_dir(folders.around.path()).unwrap().count(), 3, "{kind}");
        }
    }

    #[test]
    fn a_link_within_the_output_is_followed() {
        let folders = Folders::new();
        folders.apply(&plan(&[]));
        fs::create_dir(folders.out.join("there")).unwrap();
        symlink("there", folders.out.join("here")).unwrap();
        folders.apply(&plan(&[("here/x", "1")]));
        assert_eq!(folders.text("there/x"), "1");
        folders.apply(&plan(&[]));
        assert!(!folders.out.join("there/x").exists());
    }

    #[test]
    fn a_link_in_the_place_of_a_file_is_not_written_through() {
        let folders = Folders::new();
        let victim = folders.image("victim");
        folders.apply(&plan(&[("b", "1")]));
        fs::remove_file(folders.out.join("b")).unwrap();
        for name in ["a", "b"] {
            symlink(&victim, folders.out.join(name)).unwrap();
        }
        let files = plan(&[("a", "1"), ("b", "2")]);
        // one is the author's, in the place of the other an earlier run has written
        assert_eq!(actions(&folders.apply(&files)), [("a", Action::Keep), ("b", Action::Update)]);
        assert_eq!(actions(&folders.force(&files)), [("a", Action::Update), ("b", Action::Unchanged)]);
        assert_eq!((folders.text("a"), folders.text("b")), ("1".to_owned(), "2".to_owned()));
        assert_eq!(fs::read_to_string(&victim).unwrap(), "pixels");
    }

    #[test]
    fn a_link_in_the_place_of_the_manifest_is_neither_read_nor_written_through() {
        let folders = Folders::new();
        let manifest = folders.source.join("manifest");
        folders.apply(&plan(&[("a", "1")]));
        fs::rename(folders.out.join(MANIFEST), &manifest).unwrap();
        let text = fs::read_to_string(&manifest).unwrap();
        symlink(&manifest, folders.out.join(MANIFEST)).unwrap();
        assert!(matches!(folders.error(&plan(&[]), Options::default()), ApplyError::NotEmpty(_)));
        folders.force(&plan(&[("b", "1")]));
        assert_eq!(fs::read_to_string(&manifest).unwrap(), text);
        assert!(!folders.out.join(MANIFEST).is_symlink());
        assert_eq!(folders.text("a"), "1");
    }

    #[test]
    fn a_second_name_of_a_file_of_the_source_is_not_written_through() {
        let folders = Folders::new();
        let image = folders.image("a.png");
        let options = Options { assets: Assets::Link, ..DEFAULT };
        apply(&copies(&[("a.png", &image)]), &folders.source, &folders.out, options).unwrap();
        assert_eq!(fs::metadata(&image).unwrap().nlink(), 2);
        let updated = folders.apply(&plan(&[("a.png", "drawn anew")]));
        assert_eq!(actions(&updated), [("a.png", Action::Update)]);
        assert_eq!(fs::read_to_string(&image).unwrap(), "pixels");
        assert_eq!(fs::metadata(&image).unwrap().nlink(), 1);
    }

    #[test]
    fn a_pipe_keeps_nobody_waiting() {
        let folders = Folders::new();
        folders.apply(&plan(&[("a", "1"), ("gone", "1")]));
        for name in ["a", "gone"] {
            let pipe = folders.out.join(name);
            fs::remove_file(&pipe).unwrap();
            assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
        }
        let files = plan(&[("a", "2")]);
        assert_eq!(actions(&folders.apply(&files)), [("a", Action::Keep)]);
        let shown = diff(&files, &folders.source, &folders.out, DEFAULT, &Show::default(), &mut Vec::new());
        assert!(!shown.unwrap().differ());
        assert_eq!(actions(&folders.force(&files)), [("a", Action::Update)]);
        let from_pipe = copies(&[("b", &folders.out.join("gone"))]);
        assert_eq!(failed(&folders.apply(&from_pipe)), ["b"]);
    }

    #[test]
    fn names_for_half_written_files_that_are_taken_are_left_alone() {
        let folders = Folders::new();
        let victim = folders.image("victim");
        folders.apply(&plan(&[]));
        for number in 0..5000 {
            symlink(&victim, folders.out.join(format!(".postferry-{number}"))).unwrap();
        }
        folders.apply(&plan(&[("a", "1")]));
        assert_eq!(folders.text("a"), "1");
        assert_eq!(fs::read_to_string(&victim).unwrap(), "pixels");
        assert_eq!(fs::read_dir(&folders.out).unwrap().count(), 5003);
    }

    #[test]
    fn assets_are_copied_linked_or_referred_to() {
        let folders = Folders::new();
        let image = folders.image("a.png");
        let plan = copies(&[("i/a.png", &image)]);
        let rows = [(Assets::Copy, false, false), (Assets::Link, true, false), (Assets::Reference, true, true)];
        for (assets, one_file, symbolic) in rows {
            let _ = fs::remove_dir_all(&folders.out);
            let options = Options { assets, ..DEFAULT };
            apply(&plan, &folders.source, &folders.out, options).unwrap();
            let brought = folders.out.join("i/a.png");
            assert_eq!(fs::read_to_string(&brought).unwrap(), "pixels");
            let same = fs::metadata(&brought).unwrap().ino() == fs::metadata(&image).unwrap().ino();
            assert_eq!((same, brought.is_symlink()), (one_file, symbolic), "{assets:?}");
            assert_eq!(fs::read_dir(folders.out.join("i")).unwrap().count(), 1);
            let again = apply(&plan, &folders.source, &folders.out, options).unwrap();
            assert_eq!(actions(&again), [("i/a.png", Action::Unchanged)]);
            let gone = folders.apply(&Plan::new(Vec::new()));
            assert_eq!(actions(&gone), [("i/a.png", Action::Remove)]);
            assert_eq!(fs::read_to_string(&image).unwrap(), "pixels");
        }
    }
}
