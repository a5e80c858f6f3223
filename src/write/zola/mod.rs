//! Zola.

mod config;

use std::sync::Arc;

use indexmap::IndexMap;

use super::paths::{Paths, section, stem};
use super::{Blog, Listing, Pages, Planned, Theme, Writer, assets, documents, redirects, theme};
use crate::address::{Files, Numbers, Placed, Served, Serving};
use crate::ledger::{Code, Ledger};
use crate::mapping::TargetMapping;
use crate::model::{Asset, Details, DocumentKind, FeedFormat, List, Map, Place, Post, Shows, Target, Value, Written};
use crate::plan::{Content, File};
use crate::write::toml;

/// The writer.
pub struct Zola;

/// The address and the file of the site's first page, which Zola keeps for its root section.
const HOME: &str = "/";
const HOME_FILE: &str = "content/_index.md";

/// The starter theme.
const THEME: &[(&str, &str)] = &[
    ("templates/base.html", include_str!("../../../templates/zola/base.html")),
    ("templates/index.html", include_str!("../../../templates/zola/index.html")),
    ("templates/section.html", include_str!("../../../templates/zola/section.html")),
    ("templates/entry.html", include_str!("../../../templates/zola/entry.html")),
    ("templates/page.html", include_str!("../../../templates/zola/page.html")),
    ("templates/taxonomy_list.html", include_str!("../../../templates/zola/taxonomy_list.html")),
    ("templates/taxonomy_single.html", include_str!("../../../templates/zola/taxonomy_single.html")),
    ("static/css/starter.css", include_str!("../../../templates/starter.css")),
];

/// The templates of feeds; they belong to the blog's addresses, not to a theme.
const ATOM: &str = include_str!("../../../templates/zola/atom.xml");
const RSS: &str = include_str!("../../../templates/zola/rss.xml");

impl Writer for Zola {
    fn name(&self) -> &'static str {
        "zola"
    }

    fn target(&self) -> Target {
        Target::Zola
    }

    fn serving(&self) -> Serving {
        Serving { page: file_of, redirect: file_of, reserved: &[] }
    }

    fn serve(&self, posts: &[Post], settled: Vec<Served>, ledger: &mut Ledger) -> Vec<Served> {
        let mut taken = Taken::by_zola(|_| false);
        let pages: Vec<String> =
            posts.iter().zip(&settled).map(|(post, asked)| taken.page(post, &asked.address, ledger)).collect();
        let alone = |(page, asked): (String, Served)| {
            // an address that is no folder's is an alias of the page
            let own = Some(asked.address).filter(|address| !address.ends_with('/'));
            let aliases = own.into_iter().chain(asked.aliases);
            let aliases = aliases.filter(|alias| file_of(alias) != file_of(&page) && taken.take(alias)).collect();
            Served { address: page, aliases }
        };
        pages.into_iter().zip(settled).map(alone).collect()
    }

    fn content_paths(&self, posts: &[Post], served: &[Served]) -> Vec<String> {
        let mut paths = Paths::default();
        let path = |(post, served): (&Post, &Served)| match served.address.as_str() {
            HOME => HOME_FILE.to_owned(),
            _ => paths.claim(&content_path(post, &section(post))),
        };
        posts.iter().zip(served).map(path).collect()
    }

    fn bundle_folder(&self, address: &str) -> Option<String> {
        Some(address.to_owned())
    }

    /// The starter theme's lists are whole on one page. Without a theme Zola renders no lists of terms.
    fn list_addresses(&self, listing: &Listing<'_>) -> Vec<Option<String>> {
        let themed = |address: String| Some(address).filter(|_| listing.theme == Theme::Starter);
        let address = |list: &List| match &list.shows {
            Shows::Home => Some("/".to_owned()),
            // the posts of a period are among all posts
            Shows::Posts | Shows::Period(_) => Some("/posts/".to_owned()),
            Shows::Terms(taxonomy) => themed(format!("/{}/", taxonomy.name())),
            Shows::Term(taxonomy, name) => themed(format!("/{}/{}/", taxonomy.name(), term_path(name))),
            Shows::Feed(_) if config::is_feed_name(&list.address) => Some(list.address.clone()),
            Shows::Feed(_) | Shows::PartFeed => {
                Some(listing.main_feed(config::is_feed_name).unwrap_or("/atom.xml").to_owned())
            }
        };
        listing.lists.iter().map(address).collect()
    }

    fn plan(&self, blog: Arc<Blog>, ledger: &mut Ledger) -> Planned {
        let files = files(&blog, ledger);
        Planned { files, pages: Box::new(ZolaPages(blog)) }
    }

    fn published_folder(&self) -> &'static str {
        "static"
    }

    fn next_step(&self, out: &str) -> String {
        format!("cd {out} && zola serve --drafts")
    }
}

/// Zola's documents.
struct ZolaPages(Arc<Blog>);

impl Pages for ZolaPages {
    fn document(&self, at: usize, details: &Details, written: &Written) -> String {
        let Placed { post, served, .. } = &self.0.placed[at];
        match served.address.as_str() {
            HOME => home(post, served, (details, written), &self.0.mapping),
            _ => document(post, served, (details, written), &self.0.mapping),
        }
    }
}

fn files(blog: &Blog, ledger: &mut Ledger) -> Vec<File> {
    let mut paths = Paths::default();
    let taken = Taken::by(&blog.placed, &blog.assets);
    let text = |path: String, text: String| File { path, content: Content::Bytes(text.into_bytes()), source: None };
    let mut files = Vec::new();
    let mut sections: IndexMap<String, bool> = IndexMap::new();
    let mut has_home = false;
    for Placed { post, served, .. } in &*blog.placed {
        if served.address == HOME {
            has_home = true;
        } else {
            *sections.entry(section(post)).or_insert(true) &= post.date.is_some();
        }
    }
    let names: Vec<&str> = sections.keys().map(String::as_str).collect();
    files.push(text("config.toml".to_owned(), config::write(blog, &names)));
    files.extend(documents(blog));
    if !has_home {
        files.push(text(HOME_FILE.to_owned(), "+++\nsort_by = \"date\"\n+++\n".to_owned()));
    }
    for (section, dated) in sections {
        let front = config::section(&section, dated, taken.free(&format!("/{section}/")));
        files.push(text(format!("content/{section}/_index.md"), front));
    }
    files.extend(assets(blog, "static", &mut paths, |address| taken.free_for_file(address), ledger));
    files.extend(redirects(blog, "static", &mut paths, |address| taken.free(address)));
    for (name, format) in config::feeds(blog) {
        let template = if format == FeedFormat::Atom { ATOM } else { RSS };
        files.push(text(format!("templates/{name}"), template.to_owned()));
    }
    if blog.theme == Theme::Starter {
        files.extend(theme(THEME));
    }
    files
}

/// The files that something is served from; Zola refuses to build where two things want the same.
struct Taken {
    files: Files,
    numbers: Numbers,
}

impl Taken {
    /// What Zola itself serves, but for what it is told not to.
    fn by_zola(left_out: impl Fn(&str) -> bool) -> Taken {
        let mut files = Files::default();
        for own in ["tags/index.html", "categories/index.html", "404/index.html", "atom.xml"] {
            files.take(own);
        }
        for (address, _) in config::OPTIONAL.iter().filter(|(address, _)| !left_out(address)) {
            files.take(address.trim_start_matches('/'));
        }
        Taken { files, numbers: Numbers::default() }
    }

    /// What Zola and all documents serve. Files that Zola makes unless it is told not to are the author's where the
    /// blog has them.
    fn by(placed: &[Placed], assets: &[Asset]) -> Taken {
        let mut taken = Taken::by_zola(|address| assets.iter().any(|asset| asset.address == *address));
        for Placed { served, .. } in placed {
            taken.take(&served.address);
            served.aliases.iter().for_each(|alias| _ = taken.take(alias));
        }
        taken
    }

    fn take(&mut self, address: &str) -> bool {
        self.files.take(&file_of(address))
    }

    /// Whether a file of the author's can be there.
    fn free_for_file(&self, address: &str) -> bool {
        self.free(address) && self.files.is_free(address.trim_start_matches('/'))
    }

    /// Whether nothing is served at an address.
    fn free(&self, address: &str) -> bool {
        self.files.is_free(&file_of(address))
    }

    /// Zola (`page.rs`) serves every page from a folder: `/a.html` becomes the page `/a/`.
    fn page(&mut self, post: &Post, asked: &str, ledger: &mut Ledger) -> String {
        let address = asked.trim_end_matches('/');
        let stem = address.strip_suffix(".html").or(address.strip_suffix(".htm")).unwrap_or(address);
        let stem = stem.strip_suffix("/index").unwrap_or(stem);
        let wanted = format!("{stem}/");
        if wanted == HOME && post.kind == DocumentKind::Post {
            // a post keeps its date and terms, which a section cannot have
            self.take(HOME);
        }
        let beside = format!("/{}", self.files.beside(&wanted[1..]));
        let path = match self.take(&beside) {
            true => beside,
            false => self.numbers.first_free(&beside, |path| self.files.take(&file_of(path))),
        };
        if path != wanted {
            let message = format!("Zola itself or another page is served at {asked}; this one is now at {path}");
            ledger.add(Code::AddressChanged, Place::file(&post.source), message);
        }
        path
    }
}

/// The file that an address is served from (`site/src/lib.rs`): an alias that ends in `.html` is that file, everything
/// else an `index.html` in its folder.
fn file_of(address: &str) -> String {
    let path = address.trim_start_matches('/');
    let file = if path.ends_with(".html") {
        path.to_owned()
    } else {
        format!("{}/index.html", path.trim_end_matches('/')).trim_start_matches('/').to_owned()
    };
    file.to_lowercase()
}

/// Zola (`slugs.rs`) with `taxonomies = "safe"`: the name without what a file's cannot have.
fn term_path(name: &str) -> String {
    name.trim_end_matches([' ', '.']).chars().filter(|c| !"<>:\"/\\|?*".contains(*c)).collect()
}

/// Zola takes `index.md` and `_index.md` for something else, and a dot in a name for a language.
fn content_path(post: &Post, section: &str) -> String {
    let stem = stem(post);
    let (folder, name) = stem.rsplit_once('/').map_or(("", stem.as_str()), |(folder, name)| (folder, name));
    let (folder, name) = match (folder, name) {
        ("", "index") => ("", "home"),
        (folder, "index") => folder.rsplit_once('/').unwrap_or(("", folder)),
        other => other,
    };
    let name = name.replace('.', "-");
    if folder.is_empty() {
        format!("content/{section}/{name}.md")
    } else {
        format!("content/{section}/{folder}/{name}.md")
    }
}

fn document(post: &Post, page: &Served, (details, written): (&Details, &Written), mapping: &TargetMapping) -> String {
    let mut front = Map::new();
    let mut placed = false;
    for (key, value) in mapping.front_matter(post, details, written) {
        if value.as_map().is_some() && !placed {
            placed = true;
            add_address(&mut front, page);
        }
        front.insert(key, value);
    }
    if !placed {
        add_address(&mut front, page);
    }
    if front.get("title").is_none_or(|title| title.as_str() == Some("")) {
        front.shift_remove("title");
    }
    format!("+++\n{}+++\n\n{}", toml::write(&front), written.text)
}

/// The root section's file. Zola (`front_matter/section.rs`) knows fewer fields there than on a page; the others are
/// custom data.
fn home(post: &Post, page: &Served, (details, written): (&Details, &Written), mapping: &TargetMapping) -> String {
    let mut front = Map::from_iter([("sort_by".to_owned(), Value::from("date"))]);
    let mut extra = Map::new();
    for (key, value) in mapping.front_matter(post, details, written) {
        match (key.as_str(), value) {
            ("extra", Value::Map(fields)) => extra.extend(fields),
            ("title" | "description", value) => {
                front.insert(key, value);
            }
            (_, value) => {
                extra.insert(key, value);
            }
        }
    }
    if !page.aliases.is_empty() {
        front.insert("aliases".to_owned(), Value::List(page.aliases.iter().cloned().map(Value::String).collect()));
    }
    if !extra.is_empty() {
        front.insert("extra".to_owned(), Value::Map(extra));
    }
    format!("+++\n{}+++\n\n{}", toml::write(&front), written.text)
}

fn add_address(front: &mut Map, page: &Served) {
    front.insert("path".to_owned(), Value::String(page.address.trim_matches('/').to_owned()));
    if !page.aliases.is_empty() {
        front.insert("aliases".to_owned(), Value::List(page.aliases.iter().cloned().map(Value::String).collect()));
    }
}
