//! Many blogs in one go: found wherever they are, converted as one by one, and none stopped by another.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::{FIXTURES, fixture};

fn postferry(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_postferry")).args(arguments).current_dir(folder).output().expect("ran")
}

fn run(folder: &Path, program: &str, arguments: &[&str]) {
    let ran = Command::new(program).args(arguments).current_dir(folder).status().expect("it is there");
    assert!(ran.success(), "{program} {arguments:?}");
}

fn alike(one: &Path, other: &Path) {
    let compared =
        Command::new("diff").args(["-r", "-x", ".postferry"]).args([one, other]).output().expect("diff is there");
    assert!(compared.status.success(), "{}", String::from_utf8_lossy(&compared.stdout));
}

/// A shelf: blogs in folders, in an archive of their own, together in one, and in one within another.
fn shelf(around: &Path) {
    fs::create_dir_all(around.join("shelf/deep/er")).expect("made");
    let copy = |name: &str, to: &str| {
        run(around, "cp", &["-r", &fixture(name).display().to_string(), to]);
    };
    copy("hexo", "shelf/tea");
    copy("ink", "shelf/deep/er/light");
    copy("jekyll", "notes");
    run(around, "tar", &["czf", "shelf/notes.tar.gz", "notes"]);
    copy("ink", "two");
    fs::create_dir(around.join("both")).expect("made");
    run(around, "mv", &["notes", "two", "both/"]);
    run(around, "tar", &["cf", "both.tar", "both"]);
    fs::create_dir(around.join("outer")).expect("made");
    run(around, "mv", &["both.tar", "outer/"]);
    run(around, "tar", &["cf", "shelf/outer.tar", "outer"]);
    fs::write(around.join("shelf/broken.zip"), "PK\u{3}\u{4}no archive").expect("written");
    fs::create_dir(around.join("shelf/wrong")).expect("made");
    fs::write(around.join("shelf/wrong/_config.yml"), "title: [\n").expect("written");
    fs::create_dir(around.join("shelf/wrong/_posts")).expect("made");
    fs::write(around.join("shelf/readme.txt"), "no blog").expect("written");
    // without a configuration, in a folder that has no other blogs
    fs::create_dir(around.join("shelf/plain")).expect("made");
    for post in ["a", "b"] {
        let text = format!("title: {post}\ndate: 2020-01-01 10:00:00\n---\ntext\n");
        fs::write(around.join(format!("shelf/plain/{post}.md")), text).expect("written");
    }
}

#[test]
fn every_blog_of_a_shelf_is_converted_as_by_itself() {
    let around = tempfile::tempdir().expect("a folder");
    let around = around.path();
    shelf(around);
    let ran = postferry(
        around,
        &["batch", "shelf", "./shelf/", "--to", "html", "-o", "out", "--format", "json", "--no-progress"],
    );
    let told = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "{told}");
    assert!(told.contains("named twice"), "{told}");
    let rows: Vec<Value> =
        String::from_utf8_lossy(&ran.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let seen: Vec<(&str, i64)> =
        rows.iter().map(|row| (row["blog"].as_str().expect("a name"), row["exit"].as_i64().expect("a code"))).collect();
    let expected = [
        ("deep_er_light", 0),
        ("notes", 0),
        ("outer_both_notes", 0),
        ("outer_both_two", 0),
        ("plain", 0),
        ("tea", 0),
        ("wrong", 2),
        ("shelf/broken.zip", 2),
    ];
    assert_eq!(seen, expected, "{told}");
    for (blog, name) in [("deep_er_light", "ink"), ("notes", "jekyll"), ("outer_both_two", "ink"), ("tea", "hexo")] {
        let alone = around.join(format!("alone-{blog}"));
        let arguments =
            ["convert", "--to", "html", "-q", "-o", &alone.display().to_string(), &fixture(name).display().to_string()];
        assert!(postferry(around, &arguments).status.success());
        alike(&alone, &around.join("out").join(blog));
        assert!(around.join(format!("out/postferry-report/{blog}.html")).is_file());
    }
    let index = fs::read_to_string(around.join("out/postferry-report/index.html")).expect("written");
    assert!(index.contains("tea.html") && index.contains("<td>wrong<br>"), "{index}");
    assert!(rows[5]["posts"].as_i64() > Some(2) && rows[5]["documents"].as_i64() >= rows[5]["whole"].as_i64());
    // again, from a list, as a table
    fs::write(around.join("list"), "# the shelf\n\nshelf/tea\nshelf/notes.tar.gz\n").expect("written");
    let ran = postferry(around, &["batch", "--list", "list", "--to", "html", "-o", "again", "--no-progress"]);
    assert_eq!(ran.status.code(), Some(0));
    let table = String::from_utf8_lossy(&ran.stdout);
    assert!(table.contains("tea ") && table.ends_with("posts\n") && table.contains("2 blogs, 0 failed"), "{table}");
    alike(&around.join("again/tea"), &around.join("out/tea"));
    assert_eq!(FIXTURES.len(), 6);
}

#[test]
fn a_batch_without_blogs_is_told() {
    let around = tempfile::tempdir().expect("a folder");
    fs::create_dir(around.path().join("empty")).expect("made");
    for (arguments, told) in [
        (&["batch", "empty", "--to", "html", "-o", "out"][..], "no blog was found in empty"),
        (&["batch", "--to", "html", "-o", "out"], "no source is named"),
        (&["batch", "nowhere", "--to", "html", "-o", "out"], "nowhere: there is nothing"),
        (&["batch", "empty", "--to", "nothing", "-o", "out"], "there is no such target"),
    ] {
        let ran = postferry(around.path(), arguments);
        let stderr = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(told), "{stderr}");
        assert!(!around.path().join("out").exists());
    }
}

/// The processes that a process has started.
#[cfg(target_os = "linux")]
fn children(of: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").expect("read").flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_child = |process: &u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok()) == Some(of)
    };
    numbers.filter(is_child).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn a_process_that_dies_loses_no_blog() {
    let around = tempfile::tempdir().expect("a folder");
    let around = around.path();
    for blog in 0..12 {
        let posts = around.join(format!("shelf/blog-{blog:02}/_posts"));
        fs::create_dir_all(&posts).expect("made");
        fs::write(posts.join("../_config.yml"), "title: Blog\n").expect("written");
        for post in 0..60 {
            let text = format!("---\ntitle: Post {post}\n---\n{}", "A *text* with `code`.\n\n".repeat(30));
            fs::write(posts.join(format!("2020-01-01-post-{post}.md")), text).expect("written");
        }
    }
    let arguments = ["batch", "shelf", "--to", "hugo", "-o", "out", "--format", "json"];
    let batch = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(arguments)
        .current_dir(around)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    // killed as soon as something is written
    let begun = std::time::Instant::now();
    while fs::read_dir(around.join("out")).map_or(0, Iterator::count) < 3 {
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "nothing happens");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    for worker in children(batch.id()) {
        let killed = Command::new("sh").args(["-c", &format!("kill -9 {worker}")]).status().expect("sh is there");
        assert!(killed.success());
    }
    let ended = batch.wait_with_output().expect("ended");
    let told = String::from_utf8_lossy(&ended.stdout);
    let rows: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(ended.status.code(), Some(0), "{told}");
    assert_eq!(rows.iter().filter(|row| row["posts"] == 60).count(), 12, "{told}");
    assert!(!around.join("out/blog-00/.postferry/half").exists());
    for blog in 1..12 {
        // they are all the same
        alike(&around.join("out/blog-00"), &around.join(format!("out/blog-{blog:02}")));
    }
}
