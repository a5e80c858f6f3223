//! The fixtures, converted, built by the real Hugo and the real Zola, and read page by page. The HTML tree is
//! read as it stands. What every target must show is one readable list for each fixture: `tests/built/NAME.txt`.

use std::path::{Path, PathBuf};
use std::process::Command;

use html5gum::{Token, Tokenizer};
use postferry::convert::Links;
use postferry::plan::apply;
use postferry::write::Theme;

use crate::{FIXTURES, OVER, carried, fixture, job};

#[test]
fn every_page_is_right_in_the_html_tree() {
    every_fixture("html", "", |_| {});
}

#[test]
fn every_page_is_right_as_hugo_builds_it() {
    let Some(build) = builder("hugo") else { return };
    every_fixture("hugo", "public", build);
}

#[test]
fn every_page_is_right_as_zola_builds_it() {
    let Some(build) = builder("zola") else { return };
    every_fixture("zola", "public", build);
}

/// Builds a folder with the real generator into its `public`; `None` where it is not there.
pub fn builder(name: &str) -> Option<impl Fn(&Path)> {
    let binary = generator(name)?;
    let hugo = name == "hugo";
    Some(move |folder: &Path| {
        let mut command = Command::new(&binary);
        if hugo {
            run(command.arg("--source").arg(folder).args(["--buildFuture", "--quiet"]));
        } else {
            run(command.arg("--root").arg(folder).arg("build"));
        }
    })
}

/// Converts each fixture, lets `build` make the site in the folder, and reads what is `below` it then.
fn every_fixture(target: &str, below: &str, build: impl Fn(&Path)) {
    let ways = [(Links::Addresses, false), (Links::Native, false), (Links::Addresses, true), (Links::Native, true)];
    for (name, (links, bundles)) in FIXTURES.into_iter().flat_map(|name| ways.map(|way| (name, way))) {
        let folder = tempfile::tempdir().expect("a folder");
        let source = fixture(name);
        let mut job = job(&source, target, Theme::Starter);
        job.links = links;
        job.bundles = bundles && target != "html";
        let outcome = carried(&job);
        apply(&outcome.plan, &source, folder.path(), OVER).expect("written");
        build(folder.path());
        let site = folder.path().join(below);
        compare(name, target, &site);
        crate::crawl::follow(&outcome, &site, &format!("{name} in {target}, {links:?}, bundles: {bundles}"));
    }
}

/// The folder into which `scripts/install-generators` puts everything.
pub fn generators() -> PathBuf {
    std::env::var_os("POSTFERRY_GENERATORS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/generators"), PathBuf::from)
}

/// The real generator, where `scripts/install-generators` has put it. Without it the test is skipped and says so;
/// under CI that is a failure.
pub fn generator(name: &str) -> Option<PathBuf> {
    let binary = generators().join("bin").join(name);
    if binary.exists() {
        return Some(binary);
    }
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{} is missing in CI", binary.display());
    eprintln!("skipped: no real {name}; scripts/install-generators fetches it");
    None
}

pub fn run(command: &mut Command) {
    let output = command.output().expect("the generator starts");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&said));
}

/// The list of a fixture: an address on a line of its own, what its page must show indented below it.
fn compare(name: &str, target: &str, site: &Path) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/built/{name}.txt"));
    let expected = std::fs::read_to_string(&file).expect("the list of the fixture");
    let mut built = String::new();
    for address in expected.lines().filter(|line| line.starts_with('/')) {
        built.push_str(address);
        built.push('\n');
        match page(site, address) {
            Some(html) => built.push_str(&Entry::read(&html).show()),
            None => built.push_str("  nothing is there\n"),
        }
    }
    assert_eq!(built, expected, "{name} in {target}");
}

/// The page that answers at an address, redirects followed.
pub fn page(site: &Path, address: &str) -> Option<String> {
    let mut address = address.to_owned();
    for _ in 0..3 {
        let html = file(site, &address)?;
        match redirect(&html) {
            Some(next) => address = next,
            None => return Some(html),
        }
    }
    None
}

/// The file that static servers answer with: the address's own, a folder's `index.html`, or the one with `.html`.
pub fn file(site: &Path, address: &str) -> Option<String> {
    let below = address.trim_start_matches('/');
    let folder = below.trim_end_matches('/');
    let names =
        [below.to_owned(), format!("{folder}/index.html").trim_start_matches('/').to_owned(), format!("{folder}.html")];
    let found = names.iter().map(|name| site.join(name)).find(|path| path.is_file())?;
    Some(String::from_utf8_lossy(&std::fs::read(found).ok()?).into_owned())
}

/// Where a redirecting page leads, below the host.
fn redirect(html: &str) -> Option<String> {
    let at = html.find("http-equiv=\"refresh\"").or_else(|| html.find("http-equiv=refresh"))?;
    let rest = &html[at..];
    let url = &rest[rest.find("url=")? + 4..];
    let url = url[..url.find(['"', '\'', '>'])?].replace("&amp;", "&");
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => &url,
    };
    let bases = ["/log", "/zettel", "/shan", "/notes", "/blog"];
    let base = bases.iter().find_map(|base| path.strip_prefix(base)).unwrap_or(path);
    Some(percent_encoding::percent_decode_str(base).decode_utf8_lossy().into_owned())
}

/// What the h-entry marks of a page say.
#[derive(Default)]
struct Entry {
    title: String,
    published: String,
    updated: String,
    categories: Vec<String>,
    tags: Vec<String>,
}

impl Entry {
    fn read(html: &str) -> Entry {
        let mut entry = Entry::default();
        let mut open: Option<&'static str> = None;
        for token in Tokenizer::new(html).flatten() {
            match token {
                Token::StartTag(tag) => {
                    let get = |name: &str| {
                        let value = tag.attributes.get(name.as_bytes());
                        value.map(|value| String::from_utf8_lossy(value).into_owned()).unwrap_or_default()
                    };
                    let class = get("class");
                    open = match class.as_str() {
                        "p-name" => Some("title"),
                        "p-category" if get("data-taxonomy") == "tags" => Some("tag"),
                        "p-category" => Some("category"),
                        _ => None,
                    };
                    match class.as_str() {
                        "dt-published" => entry.published = get("datetime"),
                        "dt-updated" => entry.updated = get("datetime"),
                        "p-category" if open == Some("tag") => entry.tags.push(String::new()),
                        "p-category" => entry.categories.push(String::new()),
                        _ => {}
                    }
                }
                Token::EndTag(_) => open = None,
                Token::String(text) => {
                    let text = String::from_utf8_lossy(&text);
                    match open {
                        Some("title") => entry.title.push_str(&text),
                        Some("tag") => entry.tags.last_mut().expect("one is open").push_str(&text),
                        Some("category") => entry.categories.last_mut().expect("one is open").push_str(&text),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        entry.tags.sort();
        entry.categories.sort();
        entry
    }

    fn show(&self) -> String {
        let mut shown = format!("  {}\n", self.title.trim());
        for (name, value) in [("published", &self.published), ("updated", &self.updated)] {
            if !value.is_empty() {
                // two spellings of one moment
                let value = value.replace('Z', "+00:00");
                shown.push_str(&format!("  {name} {value}\n"));
            }
        }
        for (name, terms) in [("categories", &self.categories), ("tags", &self.tags)] {
            if !terms.is_empty() {
                shown.push_str(&format!("  {name} {}\n", terms.join(" | ")));
            }
        }
        shown
    }
}
