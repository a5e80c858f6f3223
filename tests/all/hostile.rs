//! A blog whose addresses and names are as bad as they can be: each is in the ledger, nothing leaves the folder,
//! nothing is overwritten, and what is promised answers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use postferry::ledger::Code;
use postferry::plan::apply;
use postferry::write::Theme;

use crate::builds::builder;
use crate::{OVER, convert, crawl};

/// Posts by their name, with what stands in their front matter.
const POSTS: &[(&str, &str)] = &[
    ("dots", "permalink: /../../etc/passwd"),
    ("host", "permalink: //evil.example/x"),
    ("nul", "permalink: \"/a\\0b/\""),
    ("device", "permalink: /aux/con.html"),
    ("same-one", "permalink: /same/"),
    ("same-two", "permalink: /same/"),
    ("unknown", "permalink: /:foo/:title.html"),
    ("circle-a", "permalink: /circle-a/\nredirect_to: /circle-b/"),
    ("circle-b", "permalink: /circle-b/\nredirect_to: https://bad.example/circle-a/"),
    ("chain-a", "permalink: /chain-a/\nredirect_to: /chain-b/"),
    ("chain-b", "permalink: /chain-b/\nredirect_to: /plain/"),
    ("plain", "permalink: /plain/\nredirect_from: [/plain/, /same/, ../up/, \"https://other.example/y\"]"),
    (
        "roots",
        "permalink: /roots/\nredirect_from: [/, .., ., ///, \"\", /index.html, /index.xml, /sitemap.xml, /atom.xml]",
    ),
    ("own-file", "permalink: /.postferry.json"),
    ("own-folder", "permalink: /.postferry.json/x/"),
    ("folder", "permalink: /x/"),
    ("below-folder", "permalink: /x/index.html/y"),
    ("page", "permalink: /p.html\nredirect_from: /p.html/z"),
    ("below-page", "permalink: /p.html/y/"),
    ("home-one", "permalink: /"),
    ("home-two", "permalink: /"),
    ("terms", "permalink: /terms/\ntags: [a/b, \"\", \"c#\", \"...\", x.html, .postferry.json]"),
    ("term-file", "permalink: /tags/x.html"),
    ("term-folder", "permalink: /tags/x.html/"),
    ("list-one", "permalink: /posts/\nredirect_from: [/tags/, /categories/, /posts/page/2/]"),
    ("list-two", "permalink: /tags/"),
    ("category", "categories: [.postferry.json]\npermalink: /:categories/:title/"),
];

const BODY: &str = "![a](/img/a%20b.png) ![b](/img/50%25.png) ![c](/img/x%23y.png) ![d](/img/%C3%BC.png)\n\
                    [e](/../../x) [f](javascript:alert(1)) [g](////x) [h](/%00) [i](/%FF) [j](/plain/?q#z)\n";

#[test]
fn bad_addresses_and_names_are_entered_and_harm_nothing() {
    let source = tempfile::tempdir().expect("a folder");
    write_blog(source.path());
    for (target, below) in [("html", ""), ("hugo", "public"), ("zola", "public")] {
        let outcome = convert(source.path(), target, Theme::Starter);
        let codes: BTreeSet<Code> = outcome.ledger.entries().iter().map(|entry| entry.code).collect();
        for code in [
            Code::AddressChanged,
            Code::PathConflict,
            Code::PermalinkUnknown,
            Code::RedirectTangled,
            Code::NameUnportable,
            Code::LinkDeadBefore,
        ] {
            assert!(codes.contains(&code), "{code:?} in {target}");
        }
        let around = tempfile::tempdir().expect("a folder");
        let out = around.path().join("out");
        apply(&outcome.plan, source.path(), &out, OVER).expect("written");
        assert_eq!(fs::read_dir(around.path()).expect("read").count(), 1, "nothing beside the output");
        match target {
            "html" => {}
            name => match builder(name) {
                Some(build) => build(&out),
                None => continue,
            },
        }
        crawl::follow(&outcome, &out.join(below), target);
    }
}

fn write_blog(root: &Path) {
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, text).expect("written");
    };
    write("_config.yml", "title: Bad\nurl: https://bad.example\n");
    for (name, fields) in POSTS {
        write(&format!("_posts/2020-01-01-{name}.md"), &format!("---\n{fields}\n---\n{BODY}"));
    }
    let long = format!("---\npermalink: /{}/\n---\nlong\n", "x".repeat(5000));
    write("_posts/2020-01-01-long.md", &long);
    for name in ["a b.png", "50%.png", "x#y.png", "ü.png", "aux.png"] {
        write(&format!("img/{name}"), "pixels");
    }
    // the folder of one post is named as the file of another
    write("_posts/p.md/2020-01-01-q.md", "---\n---\nbelow a file\n");
    write("_posts/p.markdown", "---\ndate: 2020-01-01\n---\na file\n");
    write("p.html/picture.png", "pixels");
    // where letter case does not count these two are one
    write("img/A B.png", "other pixels");
}
