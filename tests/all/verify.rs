//! Two finished sites held against each other: what was changed is found, and nothing where nothing was.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use postferry::plan::apply;
use postferry::verify::{Aspect, Built, Marks, verify};
use postferry::write::Theme;

use crate::builds::builder;
use crate::{OVER, convert, fixture};

const PLANTED: &str = include_str!("../verify/planted.txt");

/// A blog as plain pages.
fn pages(blog: &str, out: &Path) {
    let converted = convert(&fixture(blog), "html", Theme::Starter);
    apply(&converted.plan, &fixture(blog), out, OVER).expect("written");
}

fn site(folder: &Path) -> Built {
    Built::open(&folder.display().to_string(), None, &marks()).expect("a site")
}

fn marks() -> Marks {
    Marks::with_content(&[]).expect("marks")
}

struct Plant<'a> {
    /// In what it is found, apart by spaces.
    aspects: &'a str,
    blog: &'a str,
    page: &'a str,
    /// What stands there, and what stands there instead; without it the file is taken away.
    change: Option<(&'a str, &'a str)>,
}

fn plants() -> Vec<Plant<'static>> {
    let lines = PLANTED.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let plant = |line: &'static str| {
        let mut parts = line.split('|').map(str::trim);
        let mut part = || parts.next().unwrap_or_default();
        let (aspects, blog, page, from, to) = (part(), part(), part(), part(), part());
        Plant { aspects, blog, page, change: (!from.is_empty()).then_some((from, to)) }
    };
    lines.map(plant).collect()
}

#[test]
fn whatever_is_changed_is_found_and_nothing_else() {
    let around = tempfile::tempdir().expect("a folder");
    let plants = plants();
    assert!(plants.len() >= 50, "{}", plants.len());
    for blog in ["ferry", "hexo", "jekyll"] {
        let (old, new) = (around.path().join(blog), around.path().join(format!("{blog}-new")));
        pages(blog, &old);
        pages(blog, &new);
        let old = site(&old);
        let unchanged = verify(&old, &site(&new), &marks());
        assert_eq!((unchanged.whole, &unchanged.unanswered), (unchanged.documents, &Vec::new()), "{blog}");
        for round in rounds(plants.iter().filter(|plant| plant.blog == blog)) {
            let kept: Vec<Vec<u8>> = round.iter().map(|plant| plant.put(&new)).collect();
            let found = verify(&old, &site(&new), &marks());
            let mut aspects: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for compared in &found.differing {
                aspects.insert(&compared.old, compared.differences.iter().map(|one| one.aspect.name()).collect());
            }
            for one in &found.unanswered {
                aspects.insert(&one.address, vec!["lists"]);
            }
            if let [Plant { aspects: expected, change: None, .. }] = round[..] {
                // what a file is to others shows on their pages
                let told: BTreeSet<String> = aspects.values().map(|aspects| aspects.join(" ")).collect();
                assert_eq!(told, BTreeSet::from([(*expected).to_owned()]), "{}: {:#?}", round[0].page, found.differing);
            }
            for plant in round.iter().filter(|plant| plant.change.is_some()) {
                let address = format!("/{}", plant.page.strip_suffix("index.html").unwrap_or(plant.page));
                let told = aspects.remove(address.as_str()).unwrap_or_default().join(" ");
                assert_eq!(told, plant.aspects, "{address} {:?}: {:#?}", plant.change, found.differing);
            }
            assert!(round[0].change.is_none() || aspects.is_empty(), "{aspects:?}");
            for (plant, was) in round.iter().zip(kept) {
                fs::write(new.join(plant.page), was).expect("written");
            }
        }
    }
}

impl Plant<'_> {
    /// Puts the change into a site; what was there is given back.
    fn put(&self, site: &Path) -> Vec<u8> {
        let file = site.join(self.page);
        let was = fs::read(&file).expect(self.page);
        match self.change {
            None => fs::remove_file(&file).expect("removed"),
            Some((from, to)) => {
                let text = String::from_utf8(was.clone()).expect("UTF-8");
                assert!(text.contains(from), "{}: {from}", self.page);
                fs::write(&file, text.replace(from, to)).expect("written");
            }
        }
        was
    }
}

/// Changes that can be put into a site at once: each page has one of them at most, and what takes a file away is alone.
fn rounds<'a>(plants: impl Iterator<Item = &'a Plant<'static>>) -> Vec<Vec<&'a Plant<'static>>> {
    let mut rounds: Vec<Vec<&Plant<'_>>> = Vec::new();
    for plant in plants {
        let fits = |round: &&mut Vec<&Plant<'_>>| {
            plant.change.is_some() && round.iter().all(|other| other.change.is_some() && other.page != plant.page)
        };
        match rounds.iter_mut().find(fits) {
            Some(round) => round.push(plant),
            None => rounds.push(vec![plant]),
        }
    }
    rounds
}

/// What the fixtures show otherwise on the new site, and why that is right.
fn is_meant(blog: &str, target: &str, address: &str) -> bool {
    // a first page that draws nothing but the list of posts is the target's own first page
    (blog == "jekyll" && address == "/")
        // Zola has no second feed
        || (blog == "hexo" && target == "zola" && address == "/neu/rss.xml")
}

#[test]
fn what_the_generators_build_is_whole() {
    let around = tempfile::tempdir().expect("a folder");
    for target in ["hugo", "zola"] {
        let Some(build) = builder(target) else { continue };
        for blog in ["ferry", "hexo", "ink", "jekyll"] {
            let out = around.path().join(format!("{blog}-{target}"));
            let converted = convert(&fixture(blog), target, Theme::Starter);
            apply(&converted.plan, &fixture(blog), &out, OVER).expect("written");
            build(&out);
            let ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
                .args(["verify", "--format=json", "--source"])
                .args([fixture(blog), out.join("public")])
                .output()
                .expect("it runs");
            let told: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("JSON");
            let addresses = |list: &str, name: &str| -> Vec<String> {
                let rows = told[list].as_array().expect("a list").iter();
                rows.map(|row| row[name].as_str().expect("an address").to_owned()).collect()
            };
            let found: Vec<String> = addresses("differing", "old")
                .into_iter()
                .chain(addresses("unanswered", "address"))
                .filter(|address| !is_meant(blog, target, address))
                .collect();
            assert_eq!(found, Vec::<String>::new(), "{blog} {target}: {told:#}");
        }
    }
}

#[test]
fn a_site_may_be_served() {
    let around = tempfile::tempdir().expect("a folder");
    let (old, new) = (around.path().join("old"), around.path().join("new"));
    pages("jekyll", &old);
    pages("jekyll", &new);
    let about = new.join("about/index.html");
    let text = fs::read_to_string(&about).expect("read").replace("Ana Marujo", "Ana Maria");
    fs::write(&about, text).expect("written");
    let server = crate::serve::Server::of(&new);
    let new = Built::open(&server.address, None, &marks()).expect("a site");
    let found = verify(&site(&old), &new, &marks());
    let differing: Vec<(&str, Aspect)> =
        found.differing.iter().map(|one| (one.old.as_str(), one.differences[0].aspect)).collect();
    assert_eq!(differing, [("/about/", Aspect::Text)], "{:#?}", found.differing);
    // what a host is told to send on, `serve` is not told
    let unanswered: Vec<_> = found.unanswered.iter().filter(|one| one.what != "redirect").collect();
    assert!(unanswered.is_empty(), "{unanswered:?}");
}

#[test]
fn nobody_else_is_asked() {
    for address in ["http://192.0.2.1/", "https://127.0.0.1/", "http://example.invalid/"] {
        let told = Built::open(address, None, &marks()).err().expect("refused").to_string();
        assert!(told.contains("only this machine is asked"), "{told}");
    }
}

#[test]
fn pages_that_nobody_should_write_are_read_or_told() {
    let around = tempfile::tempdir().expect("a folder");
    let deep = "<div>".repeat(100_000) + "x";
    let tables = "<table>x".repeat(500);
    let links = "<a href=//[::1]:x/%ff/../../..>".repeat(100);
    for (name, html) in
        [("deep", deep.as_str()), ("tables", &tables), ("links", &links), ("bytes", "\u{0}\u{1b}[31m<p>")]
    {
        let folder = around.path().join(name);
        fs::create_dir(&folder).expect("created");
        fs::write(folder.join("page.html"), html).expect("written");
        fs::write(folder.join("index.html"), "").expect("written");
        let found = verify(&site(&folder), &site(&folder), &marks());
        assert_eq!(found.whole, found.documents, "{name}");
        let unread = if name == "deep" { 2 } else { 0 };
        assert_eq!(found.unread.len(), unread, "{name}");
    }
}
