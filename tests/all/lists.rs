//! Pages that are lists: what a visitor of the new site finds where a theme of the old one drew posts and terms.

use std::fs;
use std::path::Path;

use postferry::plan::apply;
use postferry::write::Theme;

use crate::builds::{builder, page};
use crate::{OVER, convert, crawl};

const JEKYLL: &[(&str, &str)] = &[
    ("_config.yml", "title: Harbour\nurl: https://harbour.example\ncollections: {boats: {output: true}}\n"),
    ("index.html", "---\nlayout: home\n---\n{% for post in paginator.posts %}{{ post.title }}{% endfor %}\n"),
    ("tags/index.html", "---\ntitle: Every tag\nlayout: tags\n---\n<p>Pick one.</p>\n"),
    ("tags/salt.md", "---\ntitle: Salt\npermalink: /tags/salt/\n---\nAll about salt.\n"),
    ("boats.md", "---\ntitle: Our boats\npermalink: /boats/\nredirect_from: /fleet/\n---\n"),
    ("_boats/anna.md", "---\ntitle: Anna\n---\nA boat.\n"),
    ("archive.html", "---\ntitle: Log\nlayout: archive\n---\n"),
    ("_posts/2020-01-02-b.md", "---\ntitle: Second\ndate: 2020-01-02 10:00:00\ntags: [salt]\n---\nb\n"),
    ("_posts/2020-01-02-c.md", "---\ntitle: Third\ndate: 2020-01-02 10:00:00\ntags: [wind]\n---\nc\n"),
    ("_posts/2020-01-01-a.md", "---\ntitle: First\ntop: 2\n---\na\n"),
    ("_posts/2020-02-01-d.md", "---\ntitle: Newest\ntags: [wind]\n---\nd\n"),
];

/// The address of a page, what it says, and what it links to below that, in order.
const SHOWN: &[(&str, &str, &[&str])] = &[
    ("/", "", &["/2020/01/01/a", "/2020/02/01/d", "/2020/01/02/b", "/2020/01/02/c"]),
    ("/tags/", "Pick one.", &["/tags/salt/"]),
    ("/tags/salt/", "All about salt.", &["/2020/01/02/b"]),
    ("/boats/", "Our boats", &["/boats/anna"]),
    ("/fleet/", "Our boats", &["/boats/anna"]),
    ("/archive.html", "Log", &["/2020/02/01/d", "/2020/01/02/b", "/2020/01/02/c", "/2020/01/01/a"]),
];

#[test]
fn a_page_that_says_nothing_of_its_own_is_the_list_at_its_address() {
    let source = tempfile::tempdir().expect("a folder");
    write(source.path(), JEKYLL);
    every_target(source.path(), |site, target| {
        for (address, text, links) in SHOWN {
            let shown = page(site, address).unwrap_or_else(|| panic!("{address} in {target}"));
            let (_, main) =
                shown.split_once("<main id=\"main\">").unwrap_or_else(|| panic!("{address} in {target}: {shown}"));
            assert!(main.contains(text), "{address} in {target}: {main}");
            let mut rest = &main[main.find(text).unwrap_or(0)..];
            for link in *links {
                let at = rest.find(&format!("{link}\"")).or_else(|| rest.find(&format!("{link}/\"")));
                let at = at.or_else(|| rest.find(&format!("{link}.html\"")));
                rest = &rest[at.unwrap_or_else(|| panic!("no {link} at {address} in {target}: {main}"))..];
            }
            assert!(!shown.contains("index.html · "), "{address} in {target}: {shown}");
        }
        let nav = page(site, "/about-nothing/").or_else(|| page(site, "/")).expect("a page");
        assert!(!nav.contains("categories"), "an empty taxonomy is linked in {target}: {nav}");
    });
}

#[test]
fn the_first_page_of_a_blog_without_posts_shows_its_collections() {
    let source = tempfile::tempdir().expect("a folder");
    let without_posts = JEKYLL.iter().filter(|(path, _)| !path.starts_with("_posts") && !path.starts_with("tags"));
    write(source.path(), &without_posts.copied().collect::<Vec<_>>());
    every_target(source.path(), |site, target| {
        let home = page(site, "/").expect("a first page");
        assert!(home.contains("boats/anna"), "{target}: {home}");
    });
}

#[test]
fn a_page_that_draws_its_list_is_not_given_it_twice() {
    let source = tempfile::tempdir().expect("a folder");
    let drawn = "---\ntitle: Home\n---\n{% for post in site.posts %}<a href='{{ post.url }}'>x</a>{% endfor %}\n";
    write(source.path(), JEKYLL);
    write(source.path(), &[("index.html", drawn)]);
    let outcome = convert(source.path(), "html", Theme::Starter);
    let out = tempfile::tempdir().expect("a folder");
    apply(&outcome.plan, source.path(), out.path(), OVER).expect("written");
    let home = page(out.path(), "/").expect("a first page");
    assert_eq!(home.matches("/2020/02/01/d.html").count(), 1, "{home}");
}

#[test]
fn the_empty_pages_of_hexo_for_tags_and_categories_are_lists() {
    let source = tempfile::tempdir().expect("a folder");
    write(
        source.path(),
        &[
            ("_config.yml", "title: Tea\nurl: https://tea.example\npermalink: :title/\n"),
            ("package.json", "{\"hexo\": {}, \"dependencies\": {\"hexo\": \"7\", \"hexo-generator-tag\": \"2\"}}\n"),
            ("source/tags/index.md", "---\ntitle: Tags\ntype: tags\n---\n"),
            ("source/sorts/index.md", "---\ntitle: Sorts\nlayout: categories\n---\n"),
            (
                "source/_posts/green.md",
                "---\ntitle: Green\ndate: 2020-01-01\ntags: [leaf]\ncategories: [plain]\n---\ng\n",
            ),
        ],
    );
    every_target(source.path(), |site, target| {
        for (address, title, link) in [("/tags/", "Tags", "/tags/leaf/"), ("/sorts/", "Sorts", "/categories/plain/")] {
            let shown = page(site, address).unwrap_or_else(|| panic!("{address} in {target}"));
            assert!(shown.contains(title) && shown.contains(link), "{address} in {target}: {shown}");
        }
    });
}

/// Converts for every target, builds where the generator is there, follows every link, and looks.
pub fn every_target(source: &Path, look: impl Fn(&Path, &str)) {
    for (target, below) in [("html", ""), ("hugo", "public"), ("zola", "public")] {
        let out = tempfile::tempdir().expect("a folder");
        let outcome = convert(source, target, Theme::Starter);
        apply(&outcome.plan, source, out.path(), OVER).expect("written");
        match target {
            "html" => {}
            name => match builder(name) {
                Some(build) => build(out.path()),
                None => continue,
            },
        }
        let site = out.path().join(below);
        crawl::follow(&outcome, &site, target);
        look(&site, target);
    }
}

pub fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, text).expect("written");
    }
}

#[test]
fn a_page_of_hexo_is_in_no_list_of_tags() {
    let source = tempfile::tempdir().expect("a folder");
    let files = [
        ("_config.yml", "theme: false\n"),
        ("source/about/index.md", "---\ntitle: About\ntags: [a, b]\ncategories: c\n---\ntext\n"),
        ("source/_posts/p.md", "---\ntitle: P\ntags: [a]\n---\ntext\n"),
    ];
    write(source.path(), &files);
    let outcome = convert(source.path(), "zola", Theme::None);
    let file = outcome.plan.files().iter().find(|file| &*file.path == "content/pages/about.md").expect("the page");
    let page = String::from_utf8(outcome.plan.bytes(file).expect("its content")).expect("UTF-8");
    assert!(!page.contains("[taxonomies]"), "{page}");
    assert!(page.contains("page_tags = \"a, b\"") && page.contains("page_categories = \"c\""), "{page}");
    let lines: Vec<u32> = outcome
        .ledger
        .entries()
        .iter()
        .filter(|entry| entry.message.contains("lists no page"))
        .map(|entry| entry.place.line)
        .collect();
    assert_eq!(lines, [3, 4]);
}
