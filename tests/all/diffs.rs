//! What `diff` shows is a patch that git itself takes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use postferry::convert::plan;
use postferry::plan::{MANIFEST, OWN, Options, Show, apply, diff};
use postferry::write::Theme;

use crate::{FIXTURES, fixture, job};

const PRUNE: Options = Options {
    force: false,
    on_edit: postferry::plan::OnEdit::Keep,
    prune: true,
    assets: postferry::plan::Assets::Copy,
};

fn git(folder: &Path, arguments: &[&str], input: &[u8]) {
    use std::io::Write;
    let mut git = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git is there");
    git.stdin.take().expect("piped").write_all(input).expect("read");
    let ended = git.wait_with_output().expect("ended");
    assert!(ended.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

/// The patch of a run, and its result.
fn patch(source: &Path, target: &str, out: &Path) -> Vec<u8> {
    let job = job(source, target, Theme::Starter);
    let mut patch = Vec::new();
    diff(&plan(&job).expect("planned").plan, source, out, PRUNE, &Show::default(), &mut patch).expect("shown");
    // the command writes the same bytes
    let redirects = postferry::address::HOSTS.iter().map(|host| format!("--redirects={}", host.name));
    let told = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(["diff", "--to", target, "--prune", "-o"])
        .args([out, source])
        .args(redirects)
        .output()
        .expect("ran");
    assert!(told.stdout == patch, "{target}: {}", String::from_utf8_lossy(&told.stderr));
    apply(&plan(&job).expect("planned").plan, source, out, PRUNE).expect("written");
    patch
}

fn assert_alike(one: &Path, other: &Path) {
    let compared = Command::new("diff")
        .args(["-r", "-x", MANIFEST, "-x", OWN, "-x", ".git"])
        .args([one, other])
        .output()
        .expect("diff is there");
    assert!(compared.status.success(), "{}", String::from_utf8_lossy(&compared.stdout));
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-r").args([from, to]).status().expect("cp is there");
    assert!(copied.success());
}

#[test]
fn git_takes_the_patch_of_every_fixture() {
    // the documents of an export are no files of their own, of which some could be changed
    for name in FIXTURES.into_iter().filter(|name| *name != "wordpress") {
        for target in ["hugo", "zola", "html"] {
            let around = tempfile::tempdir().expect("a folder");
            let [source, out, patched] = ["source", "out", "patched"].map(|name| around.path().join(name));
            copy(&fixture(name), &source);
            fs::create_dir(&patched).expect("made");
            git(&patched, &["init", "-q"], b"");
            let first = patch(&source, target, &out);
            git(&patched, &["apply", "--whitespace=nowarn", "-"], &first);
            assert_alike(&out, &patched);
            // some files are changed, gone and new
            let files = around.path().join("files.txt");
            fs::write(&files, "").expect("written");
            let texts = ["source", "_posts", "source/_posts", "content/posts", "content/watch", "content/pages"]
                .map(|folder| source.join(folder));
            let mut changed = 0;
            for folder in texts.iter().filter(|folder| folder.is_dir()) {
                let mut entries: Vec<_> =
                    fs::read_dir(folder).expect("read").flatten().map(|entry| entry.path()).collect();
                entries.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
                entries.sort();
                for (at, path) in entries.iter().enumerate() {
                    let text = fs::read(path).expect("read");
                    match at % 3 {
                        0 => fs::write(path, [&text[..], b"\n\nA line without an end"].concat()).expect("written"),
                        1 => fs::remove_file(path).expect("removed"),
                        _ => {}
                    }
                    changed += 1;
                }
            }
            assert!(changed > 2, "{name}");
            let second = patch(&source, target, &out);
            assert!(!second.is_empty());
            git(&patched, &["apply", "--whitespace=nowarn", "-"], &second);
            assert_alike(&out, &patched);
        }
    }
}

#[test]
fn git_takes_odd_names_and_contents() {
    let around = tempfile::tempdir().expect("a folder");
    let [source, out, patched] = ["source", "out", "patched"].map(|name| around.path().join(name));
    fs::create_dir_all(source.join("img")).expect("made");
    fs::create_dir_all(source.join("_posts")).expect("made");
    fs::create_dir(&patched).expect("made");
    git(&patched, &["init", "-q"], b"");
    fs::write(source.join("_config.yml"), "title: Odd\n").expect("written");
    fs::write(source.join("_posts/2020-01-01-a.md"), "---\ntitle: a\n---\ntext\n").expect("written");
    let binary: Vec<u8> = (0..100_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let contents: [&[u8]; 5] = [b"", b"\0binary", &binary, b"text without an end", b"a\rb\r\nc\x08\x1b[31m\n"];
    let names = ["a b.txt", "图 片.png", "q\"uote.bin", "tab\there.txt", "plain.css"];
    for round in 0..5 {
        for (at, name) in names.iter().enumerate() {
            fs::write(source.join("img").join(name), contents[(at + round) % 5]).expect("written");
        }
        let patch = patch(&source, "html", &out);
        git(&patched, &["apply", "--whitespace=nowarn", "-"], &patch);
        assert_alike(&out, &patched);
    }
    fs::remove_dir_all(source.join("img")).expect("removed");
    let patch = patch(&source, "html", &out);
    git(&patched, &["apply", "--whitespace=nowarn", "-"], &patch);
    assert_alike(&out, &patched);
}
