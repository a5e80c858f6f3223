//! Every field with every value that nobody should write: each blog converts, the real generators build it, its old
//! addresses answer, and nothing of it runs in a page.

use std::fs;

use crate::builds::{builder, file};
use crate::smallest::Smallest;
use crate::{OF_TEXTS, OVER, convert};
use postferry::address::Answer;
use postferry::ledger::Code;
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
    let smallest = Smallest::of(generator);
    let each = FIELDS.iter().flat_map(|field| VALUES.iter().map(move |value| (*field, *value)));
    let posts = each.enumerate().map(|(number, (field, value))| {
        let value = value.replace("LONG", &"x".repeat(300));
        let is_list = !matches!(field, "tags" | "categories") || value.starts_with(['[', '{']);
        let value = if is_list { value } else { format!("[{value}]") };
        let title = if field == "title" { String::new() } else { format!("title: P{number}\n") };
        smallest.post(&format!("{title}{field}: {value}\n"), &format!("Text {number}."))
    });
    let posts: Vec<Vec<u8>> = posts.collect();
    smallest.with_files(posts.iter().map(Vec::as_slice))
}

#[test]
fn no_value_of_a_field_ends_a_run_stops_a_build_or_runs_in_a_page() {
    for generator in OF_TEXTS {
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
            for code in [Code::TermRenamed, Code::ControlCharacters] {
                assert!(outcome.ledger.entries().iter().any(|entry| entry.code == code), "{generator}: {code:?}");
            }
            let site = out.path().join(below);
            // where a page then sends its readers is the author's
            let promised = outcome.book.rows().iter().filter(|row| matches!(row.answer, Answer::Same | Answer::Alias));
            let dead: Vec<String> =
                promised.map(|row| row.old.to_string()).filter(|old| file(&site, old).is_none()).collect();
            assert!(dead.is_empty(), "{generator} to {target}: {dead:?}");
            let mut pages = 0;
            for entry in walkdir::WalkDir::new(site).into_iter().flatten() {
                let is_text = entry.path().extension().is_some_and(|end| end == "html" || end == "xml");
                if !entry.file_type().is_file() || !is_text {
                    continue;
                }
                pages += 1;
                let page = fs::read_to_string(entry.path()).expect("a page");
                let control = |c: char| c < ' ' && !matches!(c, '\n' | '\r' | '\t');
                assert!(!page.contains(control), "{generator} to {target}: {}", entry.path().display());
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
