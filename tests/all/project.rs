//! The project file: written by `init`, read by every command, outdone by what is typed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn postferry(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_postferry")).args(arguments).current_dir(folder).output().expect("ran")
}

fn tell(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
}

/// A blog in `blog`, below a folder.
fn blog(around: &Path) {
    write(around, "blog/_config.yml", "title: Blog\n");
    write(
        around,
        "blog/_posts/2012-01-01-old.md",
        "---\ntitle: Old\ndate: 2012-01-01 12:00\nmood: fine\n---\na ~b~ c\n",
    );
    write(around, "blog/_posts/2020-01-01-new.md", "---\ntitle: New\ndate: 2020-01-01 12:00\n---\na ~b~ c\n");
}

#[test]
fn what_init_writes_converts_the_blog_without_options() {
    let around = tempfile::tempdir().expect("a folder");
    let around = around.path();
    blog(around);
    let ran = postferry(around, &["init", "blog", "--to", "hugo", "-o", "new"]);
    assert!(ran.status.success(), "{}", tell(&ran));
    let fields = fs::read_to_string(around.join("postferry-fields.toml")).expect("written");
    let mood = "# 1 documents, string: fine\n[fields.mood]  # params.mood\nto = \"extra.mood\"\n";
    assert!(fields.contains(mood), "{fields}");
    let again = postferry(around, &["init", "blog", "--to", "hugo", "-o", "new"]);
    assert!(again.status.code() == Some(2) && tell(&again).contains("there is one already"), "{}", tell(&again));

    let ran = postferry(around, &["convert", "-q"]);
    assert!(ran.status.success(), "{}", tell(&ran));
    let page = || fs::read_to_string(around.join("new/content/posts/2012-01-01-old.md")).expect("written");
    assert!(page().contains("mood = \"fine\""), "{}", page());
    // the mapping is changed, and tried again
    write(around, "postferry-fields.toml", &fields.replace("extra.mood", "description"));
    let ran = postferry(around, &["diff"]);
    assert!(ran.status.code() == Some(1) && tell(&ran).contains("+description = \"fine\""), "{}", tell(&ran));
    // what is typed counts more
    let ran = postferry(around, &["convert", "-q", "--to=html", "-oplain"]);
    assert!(ran.status.success() && around.join("plain/index.html").is_file(), "{}", tell(&ran));
    let ran = postferry(around, &["inspect"]);
    assert!(tell(&ran).contains("mood"), "{}", tell(&ran));
}

#[test]
fn single_documents_are_spoken_of_by_their_paths() {
    let around = tempfile::tempdir().expect("a folder");
    let around = around.path();
    blog(around);
    let overrides = "[[override]]\npaths = [\"_posts/2012-*\"]\nzone = \"Asia/Shanghai\"\ndialect = \"marked\"\n\
                     fields.title = \"Another\"\nfields.odd = [1, \"a\"]\n";
    write(around, "postferry.toml", &format!("source = \"blog\"\nto = \"html\"\nout = \"new\"\n\n{overrides}"));
    let ran = postferry(around, &["convert", "-q"]);
    assert!(ran.status.success(), "{}", tell(&ran));
    let old = fs::read_to_string(around.join("new/2012/01/01/old.html")).expect("written");
    assert!(old.contains("12:00:00+08:00") && old.contains("<del>b</del>") && old.contains(">Another</h1>"), "{old}");
    let new = fs::read_to_string(around.join("new/2020/01/01/new.html")).expect("written");
    assert!(new.contains("12:00:00+00:00") && new.contains("a ~b~ c") && new.contains(">New</h1>"), "{new}");
    // a second run sees that the project has changed
    write(around, "postferry.toml", "source = \"blog\"\nto = \"html\"\nout = \"new\"\n");
    assert!(postferry(around, &["convert", "-q"]).status.success());
    let old = fs::read_to_string(around.join("new/2012/01/01/old.html")).expect("written");
    assert!(old.contains(">Old</h1>") && old.contains("12:00:00+00:00"), "{old}");
}

#[test]
fn a_mistake_in_the_project_file_is_quoted_and_nothing_is_written() {
    let around = tempfile::tempdir().expect("a folder");
    let around = around.path();
    blog(around);
    for (text, told) in [
        ("source = \"blog\"\nsauce = 1\n", "sauce = 1"),
        ("to = \"hugo\"\n[[override]]\npaths = [\"a\"]\nzone = \"Mars\"\n", "there is no time zone `Mars`"),
        ("to = [", "postferry.toml:1"),
    ] {
        write(around, "postferry.toml", text);
        let ran = postferry(around, &["convert", "blog", "--to", "hugo", "-o", "new"]);
        assert!(ran.status.code() == Some(2) && tell(&ran).contains(told), "{}", tell(&ran));
        assert!(!around.join("new").exists());
    }
    let ran = postferry(around, &["convert", "--project", "nowhere.toml", "blog", "--to", "hugo", "-o", "new"]);
    assert!(ran.status.code() == Some(2) && tell(&ran).contains("nowhere.toml"), "{}", tell(&ran));
}

#[test]
fn what_changes_is_converted_again() {
    let around = tempfile::tempdir().expect("a folder");
    let around = around.path();
    blog(around);
    let mut watching = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(["watch", "blog", "--to", "hugo", "-o", "new", "--every", "50", "--times", "2"])
        .current_dir(around)
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("started");
    let page = around.join("new/content/posts/2020-01-01-new.md");
    let wait = |until: &dyn Fn() -> bool| {
        let begun = std::time::Instant::now();
        while !until() {
            assert!(begun.elapsed() < std::time::Duration::from_secs(20), "nothing happens");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    };
    let journal = around.join("new/.postferry/half");
    wait(&|| page.is_file() && !journal.exists());
    write(around, "blog/_posts/2020-01-01-new.md", "---\ntitle: New\n---\nchanged meanwhile\n");
    wait(&|| fs::read_to_string(&page).is_ok_and(|text| text.contains("changed meanwhile")));
    assert!(watching.wait().expect("ended").success());
}
