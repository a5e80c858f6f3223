//! Every field with every value that nobody should write: each blog converts, the real generators build it, its old
//! addresses answer, and nothing of it runs in a page.

use std::fs;

use crate::builds::builder;
use crate::lists::write;
use crate::{OVER, convert};
use postferry::plan::apply;
use postferry::write::Theme;

const FIELDS: &[&str] = &[
    "title",
    "tags",
    "categories",
    "permalink",
    "slug",
    "redirect_from",
    "alias",
    "aliases",
    "summary",
    "excerpt",
    "description",
    "cover",
    "image",
    "author",
    "authors",
    "updated",
    "layout",
    "lang",
    "url",
    "keywords",
    "id",
    "abbrlink",
    "published",
    "toc",
    "math",
    "comments",
    "weight",
    "top",
    "sticky",
    "external_link",
    "feed_id",
    "redirect_to",
    "images",
    "pinned",
    "unlisted",
    "extra",
    "params",
];

const VALUES: &[&str] = &[
    "\"\\0a\"",
    "\"\\x01\"",
    "\"LONG\"",
    "\"/404.html\"",
    "\"/index.html\"",
    "\"/index.xml\"",
    "\"/sitemap.xml\"",
    "\"100%\"",
    "\"a%zz\"",
    "\"/\"",
    "\"..\"",
    "\"<script>alert(1)</script>\"",
    "\"\\\"><img src=x onerror=alert(1)>\"",
    "\"javascript:alert(1)\"",
    "\"{{< x >}} {% y %} {{ z }}\"",
    "\"a\\\\b\"",
    "\"a\\tb\\nc\"",
    "\"con\"",
    "\"a:b*c?#d\"",
    "\"/tags/\"",
    "\"/posts/\"",
    "\"_index.md\"",
    "\"]]>\"",
    "\"<!--\"",
    "\"</title>\"",
    "\"\\u202e\"",
    "\"\\U0001F600\"",
    "2020-99-99",
    "[]",
    "[[a], {b: c}]",
    "{a: b}",
    "1",
    "1.5",
    "true",
];

/// A blog with a post for each field and value.
fn blog(generator: &str) -> tempfile::TempDir {
    let (folder, config, text, head) = match generator {
        "jekyll" => ("_posts/2020-01-02-", "_config.yml", "title: T\nurl: https://t.example\n", "---\n"),
        "hexo" => ("source/_posts/", "_config.yml", "title: T\nurl: https://t.example\n", "---\ndate: 2020-01-02\n"),
        _ => (
            "source/",
            "config.yml",
            "site:\n    title: T\n    url: https://t.example\n    theme: theme\nauthors:\n    a:\n        name: A\n",
            "date: 2020-01-02 10:00:00 +0800\n",
        ),
    };
    let mut files = vec![(config.to_owned(), text.to_owned())];
    for (number, (field, value)) in
        FIELDS.iter().flat_map(|field| VALUES.iter().map(move |value| (field, value))).enumerate()
    {
        let value = value.replace("LONG", &"x".repeat(300));
        let value = if matches!(*field, "tags" | "categories") && !value.starts_with(['[', '{']) {
            format!("[{value}]")
        } else {
            value
        };
        let title = if *field == "title" { String::new() } else { format!("title: P{number}\n") };
        files
            .push((format!("{folder}p{number}.md"), format!("{head}{title}{field}: {value}\n---\n\nText {number}.\n")));
    }
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), &files.iter().map(|(path, text)| (&**path, &**text)).collect::<Vec<_>>());
    root
}

#[test]
fn no_value_of_a_field_ends_a_run_stops_a_build_or_runs_in_a_page() {
    for generator in ["jekyll", "hexo", "ink"] {
        let source = blog(generator);
        for (target, below) in [("html", ""), ("hugo", "public"), ("zola", "public")] {
            let outcome = convert(source.path(), target, Theme::Starter);
            assert_eq!(outcome.counts.posts, FIELDS.len() * VALUES.len(), "{generator} to {target}");
            let out = tempfile::tempdir().expect("a folder");
            apply(&outcome.plan, source.path(), out.path(), OVER).expect("written");
            if target != "html" {
                let Some(build) = builder(target) else { continue };
                build(out.path());
            }
            let mut pages = 0;
            for entry in walkdir::WalkDir::new(out.path().join(below)).into_iter().flatten() {
                if !entry.file_type().is_file() || entry.path().extension().is_none_or(|end| end != "html") {
                    continue;
                }
                pages += 1;
                let page = fs::read_to_string(entry.path()).expect("a page");
                for runs in
                    ["<script>alert", "<img src=x", "href=\"javascript:", "src=\"javascript:", "href=javascript:"]
                {
                    assert!(!page.contains(runs), "{generator} to {target}: {runs} in {}", entry.path().display());
                }
            }
            assert!(pages > outcome.counts.posts, "{generator} to {target}: {pages}");
        }
    }
}
