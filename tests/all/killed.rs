//! A run that is killed at any moment leaves every file as it was or as it will be, and the next one finishes its work.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use postferry::plan::OWN;

/// How many runs are killed; more of them on demand.
const KILLS: u32 = 12;
const POSTS: usize = 400;

type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// Every file of a folder but what postferry keeps for itself, and the manifest, which is written at the end.
fn tree(folder: &Path) -> Tree {
    let walk = walkdir::WalkDir::new(folder).into_iter().filter_entry(|entry| entry.file_name() != OWN);
    let files = walk.flatten().filter(|entry| entry.file_type().is_file());
    let relative = |path: &Path| path.strip_prefix(folder).expect("below").to_owned();
    let files = files.map(|entry| (relative(entry.path()), fs::read(entry.path()).expect("read")));
    files.filter(|(path, _)| path.to_str() != Some(postferry::plan::MANIFEST)).collect()
}

fn write(blog: &Path, version: usize) {
    fs::create_dir_all(blog.join("_posts")).expect("made");
    fs::write(blog.join("_config.yml"), "title: Blog\nurl: https://blog.example\n").expect("written");
    for post in 0..POSTS {
        // some posts are new in each version, and some are gone
        let path = blog.join(format!("_posts/2020-01-01-post-{post}.md"));
        if (post + version).is_multiple_of(7) {
            let _ = fs::remove_file(path);
            continue;
        }
        let text = format!("---\ntitle: Post {post}\n---\n{}", format!("Version {version}.\n\n").repeat(40));
        fs::write(path, text).expect("written");
    }
}

fn command(blog: &Path, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postferry"));
    command.args(["convert", "--to", "hugo", "--quiet", "--prune", "-o"]).arg(out).arg(blog);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn nothing_is_torn_and_the_next_run_finishes() {
    let kills = std::env::var("POSTFERRY_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(KILLS);
    let around = tempfile::tempdir().expect("a folder");
    let [blog, out, fresh] = ["blog", "out", "fresh"].map(|name| around.path().join(name));
    write(&blog, 0);
    let started = Instant::now();
    assert!(command(&blog, &fresh).status().expect("ran").success());
    let whole = started.elapsed();
    let mut before = Tree::new();
    for kill in 0..kills {
        // each source is met by a first run and by a second one, and the author edits a file now and then
        let version = (kill as usize + 1) % 5;
        if kill % 4 == 0 {
            let _ = fs::remove_dir_all(&out);
            before.clear();
        }
        write(&blog, version);
        let edited = out.join("content/posts/2020-01-01-post-3.md");
        let is_edited = kill % 4 == 2 && edited.is_file();
        if is_edited {
            fs::write(&edited, "mine").expect("written");
        }
        let _ = fs::remove_dir_all(&fresh);
        assert!(command(&blog, &fresh).status().expect("ran").success());
        let after = tree(&fresh);
        let mut run = command(&blog, &out).spawn().expect("started");
        std::thread::sleep(whole.mul_f64(f64::from(kill * 7919 % 1000) / 900.0).max(Duration::from_micros(200)));
        run.kill().expect("killed");
        let _ = run.wait();
        for (path, bytes) in tree(&out) {
            let as_before = before.get(&path) == Some(&bytes);
            let by_hand = is_edited && bytes == b"mine";
            assert!(as_before || by_hand || after.get(&path) == Some(&bytes), "{} is torn", path.display());
        }
        // the source is changed once more before the next run
        if kill % 3 == 0 {
            write(&blog, version + 1);
            let _ = fs::remove_dir_all(&fresh);
            assert!(command(&blog, &fresh).status().expect("ran").success());
        }
        assert!(command(&blog, &out).status().expect("ran").success(), "after kill {kill}");
        let (mut found, mut expected) = (tree(&out), tree(&fresh));
        if is_edited {
            let path = Path::new("content/posts/2020-01-01-post-3.md");
            if expected.contains_key(path) {
                assert_eq!(found.remove(path).as_deref(), Some(&b"mine"[..]), "an edit is lost");
                expected.remove(path);
            }
            let _ = fs::remove_file(&edited);
            found.remove(path);
            assert!(command(&blog, &out).status().expect("ran").success());
        }
        let names = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&expected), "after kill {kill}");
        assert!(found == expected, "after kill {kill}");
        assert!(!out.join(OWN).join("half").exists());
        before = tree(&out);
    }
}

#[test]
fn of_two_runs_on_one_folder_the_second_stops() {
    let around = tempfile::tempdir().expect("a folder");
    let [blog, out, fresh] = ["blog", "out", "fresh"].map(|name| around.path().join(name));
    write(&blog, 0);
    assert!(command(&blog, &fresh).status().expect("ran").success());
    let mut runs: Vec<_> = (0..4).map(|_| command(&blog, &out).spawn().expect("started")).collect();
    let codes: Vec<i32> = runs.iter_mut().map(|run| run.wait().expect("ended").code().expect("a code")).collect();
    assert!(codes.contains(&0) && codes.iter().all(|code| [0, 2].contains(code)), "{codes:?}");
    assert!(tree(&out) == tree(&fresh));
}
