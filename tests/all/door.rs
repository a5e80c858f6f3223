//! Nothing is read but what lies in the source's folder, nothing that is no file is opened, and no name ends the run.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use postferry::ledger::Code;
use postferry::mapping::UserFile;
use postferry::plan::apply;
use postferry::write::Theme;

use crate::{Converted, OVER, carried, convert, job};

/// What lies beside the blog and may not come into it.
const SECRET: &str = "do-not-read-me";

/// A folder with a `blog` in it, and `beside` with a secret.
struct Place {
    around: tempfile::TempDir,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Place { around: tempfile::tempdir().expect("a folder") };
        place.write("../beside/secret.html", SECRET);
        place.write("../beside/secret.yml", SECRET);
        for (path, text) in files {
            place.write(path, text);
        }
        place
    }

    fn blog(&self) -> PathBuf {
        self.around.path().join("blog")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.blog().join(path);
        fs::create_dir_all(self.blog()).expect("created");
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, text).expect("written");
    }

    fn link(&self, path: &str, to: &str) {
        let path = self.blog().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        symlink(self.around.path().join(to), path).expect("linked");
    }

    fn pipe(&self, path: &str) {
        let path = self.blog().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        assert!(Command::new("mkfifo").arg(path).status().expect("run").success());
    }

    /// Everything that the new site holds, and the files and messages of what lies outside.
    fn converted(&self) -> (String, Vec<String>) {
        let outcome = convert(&self.blog(), "hugo", Theme::None);
        let text = whole(&outcome);
        assert!(!text.contains(SECRET), "{text}");
        let outside = outcome.ledger.entries().iter().filter(|entry| entry.code == Code::OutsideSource);
        (text, outside.map(|entry| entry.place.file.to_string()).collect())
    }
}

fn whole(outcome: &Converted) -> String {
    let texts = outcome.plan.files().iter().map(|file| {
        let bytes = outcome.plan.bytes(file).expect("there");
        format!("== {}\n{}\n", file.path, String::from_utf8_lossy(&bytes))
    });
    texts.collect()
}

#[test]
fn jekyll_includes_below_its_folder_whatever_slash_is_in_front() {
    let place = Place::new(&[
        ("_config.yml", "title: Door\n"),
        ("_includes/a/b.html", "<b>included</b>"),
        ("_posts/c.html", "<b>beside</b>"),
        ("_posts/2020-01-01-x.md", "---\n---\n{% include /a/b.html %} and {% include_relative /c.html %}\n"),
    ]);
    let (text, outside) = place.converted();
    assert!(text.contains("<b>included</b> and <b>beside</b>"), "{text}");
    assert!(outside.is_empty(), "{outside:?}");
}

#[test]
fn nothing_outside_comes_into_a_jekyll_blog() {
    let place = Place::new(&[
        ("_config.yml", "title: Door\nincludes_dir: ../beside\n"),
        ("_posts/2020-01-01-climbs.md", "---\n---\n{% include ../../beside/secret.html %}\n"),
        ("_posts/2020-01-02-relative.md", "---\n---\n{% include_relative ../../beside/secret.html %}\n"),
        ("_posts/2020-01-03-linked.md", "---\n---\n{% include linked.html %}{% include secret.html %}\n"),
        ("_posts/2020-01-04-data.md", "---\n---\n{{ site.data.secret }}\n"),
        ("_posts/2020-01-05-pipe.md", "---\n---\n{% include pipe.html %}\n"),
    ]);
    // Jekyll reads `includes_dir` below its source, whatever it is
    place.link("beside/linked.html", "beside/secret.html");
    place.pipe("beside/pipe.html");
    place.link("_posts/2020-01-06-post.md", "beside/secret.html");
    place.link("_drafts", "beside");
    place.link("_data/secret.yml", "beside/secret.yml");
    place.link("assets", "beside");
    place.link("_layouts", "beside");
    place.pipe("Gemfile");
    place.pipe("img/pipe.png");
    let (_, outside) = place.converted();
    let expected = [
        "_data/secret.yml",
        "_drafts",
        "_posts/2020-01-01-climbs.md",
        "_posts/2020-01-02-relative.md",
        "_posts/2020-01-03-linked.md",
        "_posts/2020-01-06-post.md",
        "assets",
        "beside/linked.html",
    ];
    assert_eq!(outside, expected);
}

#[test]
fn nothing_outside_comes_into_a_hexo_blog() {
    let place = Place::new(&[
        ("_config.yml", "title: Door\npost_asset_folder: true\nsource_dir: content\n"),
        ("content/_posts/climbs.md", "---\n---\n{% include_code ../../../../beside/secret.html %}\n"),
        ("content/_posts/linked.md", "---\n---\n{% include_code linked.html %}\n"),
        ("content/_posts/fine.md", "---\n---\n{% include_code /fine.js %}\n"),
        ("content/downloads/code/fine.js", "let fine;"),
    ]);
    place.link("content/downloads/code/linked.html", "beside/secret.html");
    place.link("content/_posts/fine/picture.png", "beside/secret.html");
    place.link("content/_data/secret.yml", "beside/secret.yml");
    place.link("content/about", "beside");
    place.pipe("package.json");
    place.pipe("content/pipe.md");
    let (text, outside) = place.converted();
    assert!(text.contains("```js \nlet fine;") || text.contains("```js\nlet fine;"), "{text}");
    let expected = [
        "content/_data/secret.yml",
        "content/_posts/climbs.md",
        "content/_posts/fine/picture.png",
        "content/_posts/linked.md",
        "content/about",
        "content/downloads/code/linked.html",
    ];
    assert_eq!(outside, expected);
}

#[test]
fn nothing_outside_comes_into_an_ink_blog() {
    let copy = "site:\n  title: Door\nbuild:\n  copy: [../beside, /etc/hostname, linked/*.html, source/images]\n";
    let place = Place::new(&[("config.yml", copy), ("source/a.md", "title: a\n---\ntext\n")]);
    place.link("linked", "beside");
    place.link("source/images/secret.png", "beside/secret.html");
    place.link("source/b.md", "beside/secret.html");
    place.pipe("source/c.md");
    let (text, outside) = place.converted();
    assert!(text.contains("text"), "{text}");
    assert_eq!(outside, ["config.yml", "config.yml", "linked", "source/b.md", "source/images/secret.png"]);
}

#[test]
fn papers_of_the_repository_are_no_posts() {
    let place = Place::new(&[
        ("a.md", "title: a\n---\ntext\n"),
        ("notes.md", "a thought\n"),
        ("README.md", "# The repository\n"),
        (".github/ISSUE_TEMPLATE/bug.md", "---\nname: bug\n---\nWhat happened?\n"),
    ]);
    let outcome = convert(&place.blog(), "hugo", Theme::None);
    let sources: Vec<&str> = outcome.plan.files().iter().filter_map(|file| file.source.as_deref()).collect();
    assert_eq!(sources, ["a.md", "notes.md"]);
    let skipped = outcome.ledger.entries().iter().filter(|entry| entry.code == Code::FileSkipped);
    let skipped: Vec<&str> = skipped.map(|entry| &*entry.place.file).collect();
    assert_eq!(skipped, [".github/ISSUE_TEMPLATE/bug.md", "README.md"]);
}

#[test]
fn files_of_a_post_go_where_the_users_mapping_sends_the_post() {
    let place = Place::new(&[
        ("_config.yml", "title: Door\npost_asset_folder: true\nsource_dir: source\n"),
        ("source/_posts/trip.md", "---\ntitle: Trip\nwritten: 2011-12-13\n---\n{% asset_img map.png %}\n"),
        ("source/_posts/trip/map.png", "pixels"),
        ("source/_posts/stray.png", "pixels"),
    ]);
    let mut job = job(&place.blog(), "html", Theme::None);
    job.mappings = vec![UserFile {
        name: "mine.toml".to_owned(),
        text: "for = \"hexo\"\n[fields.written]\nto = \"date\"\n".to_owned(),
    }];
    let outcome = carried(&job);
    let paths: Vec<&str> = outcome.plan.files().iter().map(|file| &*file.path).collect();
    assert!(paths.contains(&"2011/12/13/trip/index.html") && paths.contains(&"2011/12/13/trip/map.png"), "{paths:?}");
    assert!(whole(&outcome).contains("src=\"/2011/12/13/trip/map.png\""));
}

#[test]
fn a_name_that_is_not_utf_8_is_no_end_of_the_run() {
    let name = |bytes: &[u8]| Path::new(OsStr::from_bytes(bytes)).to_owned();
    for (config, posts, post) in [
        ("_config.yml", "_posts", "---\ntitle: x\n---\n![](/img/%C4%E3.png)\n"),
        ("_config.yml", "source/_posts", "---\ntitle: x\n---\n![](/img/%C4%E3.png)\n"),
        ("config.yml", "source", "title: x\n---\ntext\n"),
    ] {
        let place = Place::new(&[]);
        let images = if posts == "_posts" { "img" } else { "source/img" };
        place.write(config, "site:\nbuild:\n  copy: source/img\n");
        place.write(&format!("{posts}/2020-01-01-x.md"), post);
        place.write(&format!("{images}/plain.png"), "pixels");
        let blog = place.blog();
        fs::write(blog.join(images).join(name(b"\xc4\xe3.png")), "odd pixels").expect("written");
        fs::write(blog.join(posts).join(name(b"2020-01-02-\xc4.md")), post).expect("written");
        for target in ["hugo", "zola", "html"] {
            let outcome = convert(&blog, target, Theme::Starter);
            let odd = outcome.ledger.entries().iter().filter(|entry| entry.place.file.contains('\u{FFFD}'));
            let changed = odd.filter(|entry| entry.code == Code::AddressChanged).count();
            assert_eq!(changed, 2, "{target} {posts}");
            let out = place.around.path().join(target);
            apply(&outcome.plan, &blog, &out, OVER).expect("written");
            assert!(whole(&outcome).contains("odd pixels"), "{target} {posts}");
        }
    }
}
