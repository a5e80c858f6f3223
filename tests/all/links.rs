//! What is said of links that lead to nothing: no more than can be known of the old site.

use std::fs;

use postferry::write::Theme;

use crate::convert;

/// What the ledger says of each link of a blog: its code, and what may have made what it names.
fn said(files: &[(&str, &str)]) -> Vec<(String, &'static str, bool)> {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, text).expect("written");
    }
    let outcome = convert(folder.path(), "hugo", Theme::None);
    let entries = outcome.ledger.entries().iter().filter(|entry| entry.code.name().starts_with("link-"));
    let mut said: Vec<_> = entries
        .map(|entry| {
            assert!(entry.place.line > 0, "{entry:?}");
            let typed = entry.quote.as_deref().unwrap_or_default().to_owned();
            (typed, entry.code.name(), entry.message.contains("may have made it"))
        })
        .collect();
    said.sort();
    said
}

const POST: &str =
    "---\ntitle: A\n---\n[a](/img/none.png) [b](/elsewhere/) [c](none.png) [d](/css/main.css) [e](#none)\n";

#[test]
fn a_blog_that_is_known_whole_knows_what_was_dead() {
    let files = [
        ("_config.yml", "url: https://a.example\nplugins: [jekyll-feed]\n"),
        ("_posts/2020-01-01-a.md", POST),
        ("img/there.png", "x"),
        ("css/main.scss", "---\n---\na {b: c}\n"),
    ];
    let said = said(&files);
    let expected = [
        ("#none", "link-dead-before", false),
        // a template made it, and nothing of it is taken over
        ("/css/main.css", "link-dead", false),
        // the host may have other sites
        ("/elsewhere/", "link-unknown", true),
        ("/img/none.png", "link-dead-before", false),
        ("none.png", "link-dead-before", false),
    ];
    assert_eq!(said, expected.map(|(typed, code, made)| (typed.to_owned(), code, made)));
}

#[test]
fn nothing_is_dead_that_a_plugin_a_script_or_a_theme_may_have_made() {
    let jekyll: &[(&str, &str)] = &[("_config.yml", "url: https://a.example\n"), ("_posts/2020-01-01-a.md", POST)];
    let hexo: &[(&str, &str)] = &[("_config.yml", "theme: mine\n"), ("source/_posts/a.md", POST)];
    for (blog, more) in [
        (jekyll, ("_plugins/pages.rb", "module Pages; end\n")),
        (jekyll, ("Gemfile", "gem 'jekyll'\ngem 'jekyll-tagging'\n")),
        (hexo, ("scripts/pages.js", "hexo.extend\n")),
        (hexo, ("package.json", "{\"dependencies\": {\"hexo-asset-image\": \"1\"}}\n")),
        // the theme is not there
        (hexo, ("source/x.png", "x")),
    ] {
        let files: Vec<_> = blog.iter().copied().chain([more]).collect();
        let said = said(&files);
        assert!(said.len() >= 4, "{}: {said:?}", more.0);
        assert!(said.iter().all(|(_, code, made)| *code == "link-unknown" && *made), "{}: {said:?}", more.0);
    }
}

#[test]
fn a_file_of_the_theme_is_left_behind() {
    let files = [
        ("_config.yml", "theme: mine\n"),
        ("source/_posts/a.md", "---\ntitle: A\n---\n![a](/images/sea.png)\n"),
        ("themes/mine/source/images/sea.png", "x"),
    ];
    assert_eq!(said(&files), [("/images/sea.png".to_owned(), "link-dead", false)]);
}
