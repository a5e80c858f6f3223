//! A file that nothing includes tests nothing and fails nothing: here each of them is looked for where it must be named.

use std::fs;
use std::path::{Path, PathBuf};

use crate::FIXTURES;

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every file below a folder, sorted.
fn files(folder: &str) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(in_repository(folder)).sort_by_file_name();
    let entries = walk.into_iter().map(|entry| entry.expect("the repository can be read"));
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).expect("a name in UTF-8")
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

/// Whether the module file beside a file, or above its folder's `mod.rs`, names it.
fn is_a_module_of(path: &Path, name: &str, folder: &Path) -> bool {
    let declared = format!("mod {name};");
    ["mod.rs", "lib.rs", "main.rs"].iter().map(|file| folder.join(file)).any(|file| {
        file != path && file.is_file() && read(&file).lines().any(|line| line.trim_start().ends_with(&declared))
    })
}

#[test]
fn every_rust_file_is_a_module() {
    let roots = ["src/lib.rs", "src/main.rs", "tests/all/main.rs", "benches/stages/main.rs"].map(in_repository);
    let all = ["src", "tests", "benches"].into_iter().flat_map(files);
    for path in all.filter(|path| has_extension(path, "rs") && !roots.contains(path)) {
        let folder = path.parent().expect("a folder");
        let included = match stem(&path) {
            "mod" => is_a_module_of(&path, stem(folder), folder.parent().expect("a folder")),
            name => is_a_module_of(&path, name, folder),
        };
        assert!(included, "{}: no module file names it", path.display());
    }
}

/// The text of all Rust files directly in a folder.
fn code_in(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("the repository can be read");
    let paths = entries.map(|entry| entry.expect("the repository can be read").path());
    paths.filter(|path| has_extension(path, "rs")).map(|path| read(&path)).collect()
}

#[test]
fn every_table_of_cases_is_read() {
    let root = in_repository("");
    for path in files("src").iter().filter(|path| !has_extension(path, "rs")) {
        let folders = path.ancestors().skip(1).take_while(|folder| *folder != root);
        let included = folders.into_iter().any(|folder| {
            let (below, code) = (path.strip_prefix(folder).expect("it lies below"), code_in(folder));
            // a table, or part of a blog that is read whole
            let first = folder.join(below.iter().next().expect("a name"));
            let first = first.strip_prefix(&root).expect("it lies below").display();
            code.contains(&format!("include_str!(\"{}\")", below.display())) || code.contains(&format!("\"{first}\""))
        });
        assert!(included, "{}: nothing includes it", path.display());
    }
}

#[test]
fn every_transcript_is_run_and_every_file_it_might_use_is_used() {
    let cases = in_repository("tests/cmd");
    let (transcripts, others): (Vec<PathBuf>, Vec<PathBuf>) =
        files("tests/cmd").into_iter().partition(|path| path.parent() == Some(&cases));
    // `commands.rs` runs `tests/cmd/*.md`
    assert!(transcripts.iter().all(|path| has_extension(path, "md")), "{transcripts:?}");
    let typed: String = transcripts.iter().map(|path| read(path)).collect();
    for path in others {
        let path = path.strip_prefix(cases.join("files")).expect("it lies below");
        // a file, or the folder of a blog
        let first = path.iter().next().and_then(|first| first.to_str()).expect("a name in UTF-8");
        assert!(typed.contains(&format!("tests/cmd/files/{first}")), "{first}: no transcript uses it");
    }
}

#[test]
fn every_list_for_a_fixture_has_its_fixture() {
    for folder in ["tests/built", "tests/constructs"] {
        let names: Vec<String> = files(folder).iter().map(|path| stem(path).to_owned()).collect();
        assert_eq!(names, FIXTURES, "{folder}");
    }
    let folders = fs::read_dir(in_repository("fixtures")).expect("the repository can be read");
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.expect("the repository can be read").path()).collect();
    folders.sort();
    // the blog that the pictures of docs/gallery are taken of (`scripts/gallery`)
    let gallery = folders.iter().position(|path| stem(path) == "ferry").expect("the blog of the gallery");
    folders.remove(gallery);
    assert_eq!(folders.iter().map(|path| stem(path)).collect::<Vec<_>>(), FIXTURES);
}

#[test]
fn every_snapshot_belongs_to_a_module() {
    for path in files("tests/all/snapshots") {
        let module = stem(&path).split("__").nth(1).expect("all__MODULE__NAME");
        assert!(in_repository("tests/all").join(format!("{module}.rs")).is_file(), "{}", path.display());
    }
}
