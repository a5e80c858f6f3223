//! What must hold for every input.

use std::fs;

use postferry::convert::plan;
use postferry::ledger::Code;
use postferry::plan::{Content, Options, Plan, apply};
use postferry::write::Theme;
use proptest::prelude::*;

use crate::{OF_TEXTS, convert, job};

/// Pieces out of which hostile posts are made: every syntax that some parser on the way takes for its own.
const PIECES: [&str; 44] = [
    "---\n",
    "+++\n",
    "title: x\n",
    "title: [\n",
    "date: 2020-01-01\n",
    "{{",
    "}}",
    "{%",
    "%}",
    "{{< x >}}",
    "{% raw %}",
    "{% endraw %}",
    "{% highlight c %}",
    "{: .a #b}",
    "{:toc}",
    "```\n",
    "~~~ js\n",
    "    code\n",
    "> ",
    "- ",
    "1. ",
    "* * *\n",
    "# H\n",
    "H\n===\n",
    "|a|b|\n|-|-|\n",
    "[x](y z)",
    "![i](</a b>)",
    "[^1]",
    "[^1]: note\n",
    "$$",
    "$a$",
    "<div>\n",
    "</div>\n",
    "<!-- more -->",
    "<!--",
    "-->",
    "*",
    "**",
    "_",
    "`",
    "\\",
    "\n",
    "\r\n",
    "é“中\u{200d}",
];

fn post() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..24).prop_map(|pieces| pieces.concat())
}

/// A blog of one post for each source generator.
fn blog(generator: &str, post: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let (config, path) = match generator {
        "jekyll" => ("_config.yml", "_posts/2020-01-02-post.md"),
        "hexo" => ("_config.yml", "source/_posts/post.md"),
        "hugo" => ("hugo.toml", "content/posts/post.md"),
        "zola" => ("config.toml", "content/posts/post.md"),
        _ => ("config.yml", "source/post.md"),
    };
    let text = match generator {
        "jekyll" => "title: T\nurl: https://t.example\nmarkdown: kramdown\n",
        "hexo" => "title: T\nurl: https://t.example\nnew_post_name: :title.md\n",
        "hugo" => "title = \"T\"\nbaseURL = \"https://t.example\"\n",
        "zola" => "title = \"T\"\nbase_url = \"https://t.example\"\n",
        _ => "site:\n    title: T\n    theme: theme\nauthors:\n    a:\n        name: A\nbuild:\n    output: public\n",
    };
    fs::write(folder.path().join(config), text).expect("written");
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("created");
    fs::write(path, post).expect("written");
    folder
}

fn contents(plan: &Plan<'_>) -> Vec<(String, Vec<u8>)> {
    plan.files().iter().map(|file| (file.path.to_string(), plan.bytes(file).expect("made"))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// No post makes anything panic, none is lost, and the same input gives the same bytes.
    #[test]
    fn any_post_arrives_the_same_twice(text in post(), generator in prop::sample::select(OF_TEXTS.to_vec())) {
        let blog = blog(generator, &text);
        for target in ["hugo", "zola", "html"] {
            let once = convert(blog.path(), target, Theme::None);
            let documents = once.plan.files().iter().filter(|file| {
                !matches!(file.content, Content::Copy(_)) && file.source.as_deref().is_some_and(|path| path.ends_with("post.md"))
            });
            // a tree of plain HTML has no place for a draft
            let shown = documents.count() >= 1 || (target == "html" && once.counts.drafts == 1);
            prop_assert!(shown, "{generator} to {target}: the post is gone");
            let twice = convert(blog.path(), target, Theme::None);
            prop_assert_eq!(contents(&once.plan), contents(&twice.plan));
        }
    }
}

/// Constructs that open a thousand times and never close end in time, and the post arrives.
#[test]
fn hostile_bodies_end_in_time() {
    let front = "---\ntitle: t\ndate: 2020-01-01 00:00:00\n---\n";
    for piece in [
        "{{ ",
        "{% raw %}",
        "{% if x %}",
        "{% note %}\n",
        "> ",
        "[",
        "![a](",
        "* a\n ",
        "<div>",
        "**a ",
        "`",
        "$$ ",
        "{: #a",
        "{: .a #b} ",
        "{{ a ",
        "{% a ",
        "<b>",
        "<a ",
        "~~a ",
    ] {
        let text = format!("{front}{}", piece.repeat(1000));
        for generator in OF_TEXTS {
            let blog = blog(generator, &text);
            for target in ["hugo", "zola", "html"] {
                let outcome = convert(blog.path(), target, Theme::None);
                assert_eq!(outcome.counts.posts + outcome.counts.drafts, 1, "{generator} to {target}: {piece}");
            }
        }
    }
}

/// Documents are read twice: one that is gone the second time is an entry, and everything else arrives.
#[test]
fn a_document_that_vanishes_during_the_run_is_one_failed_file() {
    let blog = blog("jekyll", "---\ntitle: a\n---\ntext\n");
    let conversion = plan(&job(blog.path(), "hugo", Theme::None)).expect("planned");
    fs::remove_file(blog.path().join("_posts/2020-01-02-post.md")).expect("removed");
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("new");
    let changes = apply(&conversion.plan, blog.path(), &out, Options::default()).expect("the others are written");
    let outcome = conversion.outcome(&changes.failed);
    let failed = outcome.ledger.entries().iter().filter(|entry| entry.code == Code::FileFailed);
    let failed: Vec<&str> = failed.map(|entry| &*entry.place.file).collect();
    assert_eq!(failed, ["_posts/2020-01-02-post.md"]);
    assert!(out.join("hugo.toml").is_file() && !out.join("content/posts/2020-01-02-post.md").exists());
}
