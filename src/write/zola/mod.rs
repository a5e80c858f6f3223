//! Zola.

mod config;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;

use super::paths::{Paths, safe_name, section, stem};
use super::{
    Blog, Finished, Listing, Others, Pages, Planned, Rendered, Theme, Writer, assets, documents, look, preset,
    redirects, theme,
};
use crate::address::{Files, Numbers, Placed, Served, Serving, shared};
use crate::ledger::{Code, Ledger};
use crate::mapping::TargetMapping;
use crate::model::{Asset, Details, FeedFormat, List, Map, Place, Post, Shows, Target, Taxonomy, Value, Written};
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
    ("templates/above.html", include_str!("../../../templates/zola/above.html")),
    ("templates/404.html", include_str!("../../../templates/zola/404.html")),
    ("templates/years.html", include_str!("../../../templates/zola/years.html")),
    ("templates/teaser.html", include_str!("../../../templates/zola/teaser.html")),
    ("templates/comments.html", include_str!("../../../templates/zola/comments.html")),
    ("templates/katex.html", look::formulas::ZOLA),
    ("templates/scheme.html", look::SCHEME),
    ("templates/entry.html", include_str!("../../../templates/zola/entry.html")),
    ("templates/page.html", include_str!("../../../templates/zola/page.html")),
    ("templates/taxonomy_list.html", include_str!("../../../templates/zola/taxonomy_list.html")),
    ("templates/taxonomy_single.html", include_str!("../../../templates/zola/taxonomy_single.html")),
    ("static/css/starter.css", look::STYLE),
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
        Serving {
            page: file_of,
            redirect: file_of,
            reserved: &[],
            made: &["index.html", "404.html", "sitemap.xml", "robots.txt"],
            // Zola (`alias.html`) puts the address of a page into a script as it is
            servable: |address| address.contains(['<', '>', '"']).then(|| address.replace(['<', '>', '"'], "-")),
        }
    }

    /// Zola makes a list of every section, and of every taxonomy and its terms.
    fn own_lists(&self, listing: &Listing<'_>) -> Vec<(String, Shows)> {
        let mut lists = vec![(HOME.to_owned(), Shows::Home)];
        lists.extend(listing.published().next().map(|_| ("/posts/".to_owned(), Shows::Posts)));
        let items = listing.collections().into_iter();
        lists.extend(items.map(|name| (format!("/{}/", safe_name(name)), Shows::Items(name.to_owned()))));
        for taxonomy in [Taxonomy::Tags, Taxonomy::Categories] {
            lists.push((format!("/{}/", taxonomy.name()), Shows::Terms(taxonomy)));
        }
        lists.extend(terms_of(listing.posts).map(|(taxonomy, name)| {
            (format!("/{}/{}/", taxonomy.name(), term_path(name)), Shows::Term(taxonomy, name.to_owned()))
        }));
        lists
    }

    /// The page of a list is where Zola has the list, for a section has no address of its own.
    fn serve(&self, listing: &Listing<'_>, settled: Vec<Served>, ledger: &mut Ledger) -> Vec<Served> {
        let own = self.own_lists(listing);
        let by_shows: HashMap<&Shows, &str> = own.iter().map(|(address, shows)| (shows, address.as_str())).collect();
        let mut taken = Taken::by_zola(|_| false);
        let lists = own.iter().filter(|(_, shows)| matches!(shows, Shows::Home | Shows::Term(..)));
        lists.for_each(|(address, _)| _ = taken.take(address));
        let stood = |asked: &Served| asked.list.as_deref().and_then(|shows| by_shows.get(shows)).copied();
        settled.iter().filter_map(stood).for_each(|address| _ = taken.take(address));
        let pages: Vec<Arc<str>> = listing
            .posts
            .iter()
            .zip(&settled)
            .map(|(post, asked)| match stood(asked) {
                Some(address) => address.into(),
                None => shared(taken.page(post, &asked.address, ledger), &asked.address),
            })
            .collect();
        let alone = |(page, asked): (Arc<str>, Served)| {
            let list = asked.list.filter(|shows| by_shows.contains_key(&**shows));
            // an address that is no folder's, or not the list's, is an alias of the page
            let own = Some(asked.address).filter(|address| !address.ends_with('/') || list.is_some());
            let aliases = own.into_iter().chain(asked.aliases);
            let aliases = aliases.filter(|alias| file_of(alias) != file_of(&page) && taken.take(alias)).collect();
            Served { address: page, aliases, list }
        };
        pages.into_iter().zip(settled.iter().cloned()).map(alone).collect()
    }

    fn content_paths(&self, posts: &[Post], served: &[Served]) -> Vec<Arc<str>> {
        let mut paths = Paths::default();
        let path = |(post, served): (&Post, &Served)| match served.list.as_deref() {
            Some(Shows::Home) => HOME_FILE.into(),
            list => match list.and_then(section_of) {
                Some(section) => format!("content/{section}/_index.md").into(),
                None => paths.claim(&content_path(post, &section(post))).into(),
            },
        };
        posts.iter().zip(served).map(path).collect()
    }

    fn bundle_folder(&self, address: &str) -> Option<String> {
        Some(address.to_owned())
    }

    /// The starter theme's lists are whole on one page. Without a theme Zola renders no lists of terms.
    fn list_addresses(&self, listing: &Listing<'_>) -> Vec<Option<String>> {
        let themed = |address: String| Some(address).filter(|_| listing.theme != Theme::None);
        let address = |list: &List| match &list.shows {
            Shows::Home => Some("/".to_owned()),
            Shows::Items(name) => Some(format!("/{}/", safe_name(name))),
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
        let sections = Sections::of(&blog);
        let files = files(&blog, &sections, ledger);
        Planned { files, pages: Box::new(ZolaPages { blog, sections }) }
    }

    fn published_folder(&self) -> &'static str {
        "static"
    }

    fn next_step(&self, out: &str, theme: Theme) -> String {
        theme.shown_by(out, "zola serve --drafts")
    }
}

/// Zola's documents.
struct ZolaPages {
    blog: Arc<Blog>,
    sections: Sections,
}

impl Pages for ZolaPages {
    fn document(&self, at: usize, Finished { details, written, .. }: Finished<'_>, _: &dyn Others) -> Rendered {
        let Placed { post, served, .. } = &self.blog.placed[at];
        let section = match served.list.as_deref() {
            Some(Shows::Home) => Some(true),
            list => list.and_then(section_of).map(|section| self.sections.is_dated(&section)),
        };
        Ok(match section {
            Some(dated) => {
                let asked = self.blog.theme.preset().map(|preset| match served.list.as_deref() {
                    Some(Shows::Home) => &preset.home,
                    _ => &preset.section,
                });
                page_of_section(post, served, (dated, asked), (details, written), &self.blog.mapping)
            }
            None => {
                let asked = self.blog.theme.preset().map(|preset| preset.page.clone()).unwrap_or_default();
                let hidden = is_above_terms(&self.blog, served);
                document(post, served, (hidden, asked), (details, written), &self.blog.mapping)
            }
        })
    }
}

/// Whether a document is shown by the starter on the page of a list of terms, and has no page of its own. Without
/// templates Zola has no such lists.
fn is_above_terms(blog: &Blog, served: &Served) -> bool {
    blog.theme == Theme::Starter && matches!(served.list.as_deref(), Some(Shows::Terms(_) | Shows::Term(..)))
}

/// The section whose list a document is the page of.
fn section_of(list: &Shows) -> Option<String> {
    match list {
        Shows::Posts => Some("posts".to_owned()),
        Shows::Items(name) => Some(safe_name(name)),
        _ => None,
    }
}

/// The sections of a blog, and whether all of their documents have dates.
struct Sections {
    dated: IndexMap<String, bool>,
    /// Those that a document is the page of.
    stood: HashSet<String>,
    has_home: bool,
}

impl Sections {
    fn of(blog: &Blog) -> Self {
        let mut sections = Sections { dated: IndexMap::new(), stood: HashSet::new(), has_home: false };
        for Placed { post, served, .. } in &*blog.placed {
            match served.list.as_deref() {
                Some(Shows::Home) => sections.has_home = true,
                list => match list.and_then(section_of) {
                    Some(section) => _ = sections.stood.insert(section),
                    None => *sections.dated.entry(section(post)).or_insert(true) &= post.date.is_some(),
                },
            }
        }
        sections
    }

    fn is_dated(&self, section: &str) -> bool {
        self.dated.get(section).copied().unwrap_or(true)
    }
}

fn files(blog: &Blog, sections: &Sections, ledger: &mut Ledger) -> Vec<File> {
    let mut paths = Paths::default();
    let taken = Taken::by(&blog.placed, &blog.assets);
    let text = |path: String, text: String| File {
        path: path.into(),
        content: Content::Bytes(text.into_bytes()),
        source: None,
    };
    let names: Vec<&str> = sections.dated.keys().map(String::as_str).collect();
    let mut files = vec![text("config.toml".to_owned(), config::write(blog, &names))];
    look::formulas::tell(blog, Target::Zola, "config.toml", ledger);
    files.extend(documents(blog));
    if !sections.has_home {
        files.push(text(HOME_FILE.to_owned(), config::home(blog)));
    }
    for (section, dated) in sections.dated.iter().filter(|(section, _)| !sections.stood.contains(*section)) {
        let front = config::section(blog, section, *dated, taken.free(&format!("/{section}/")));
        files.push(text(format!("content/{section}/_index.md"), front));
    }
    files.extend(assets(blog, "static", &mut paths, |address| taken.free_for_file(address), ledger));
    files.extend(redirects(blog, "static", &mut paths, |address| taken.free(address)));
    let mut feeds = config::feeds(blog);
    if feeds.is_empty() {
        // the one that Zola makes by itself; its own template puts addresses into it as they are
        feeds.push(("atom.xml", FeedFormat::Atom));
    }
    for (name, format) in feeds {
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
        for own in ["tags/index.html", "categories/index.html", "404.html", "atom.xml"] {
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
        let mut taken = Taken::by_zola(|address| assets.iter().any(|asset| *asset.address == *address));
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
        let beside = format!("/{}", self.files.beside(&wanted[1..]));
        let path = match self.take(&beside) {
            true => beside,
            false => self.numbers.first_free(&beside, |path| self.files.take(&file_of(path))),
        };
        if path != wanted {
            let message = format!("Zola itself or another page is served at {asked}; this one is now at {path}");
            ledger.add(Code::AddressChanged, Place::top(post.source.clone()), message);
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

/// Every term of published documents.
fn terms_of(posts: &[Post]) -> impl Iterator<Item = (Taxonomy, &str)> {
    let mut seen = HashSet::new();
    let published = posts.iter().filter(|post| !post.draft);
    let terms = published.flat_map(|post| {
        let tags = post.tags.iter().map(|name| (Taxonomy::Tags, &**name));
        tags.chain(post.categories.iter().flatten().map(|name| (Taxonomy::Categories, &**name)))
    });
    terms.filter(move |term| seen.insert(*term))
}

fn document(
    post: &Post,
    page: &Served,
    (hidden, asked): (bool, Map),
    (details, written): (&Details, &Written),
    mapping: &TargetMapping,
) -> String {
    let wants_title = asked.contains_key("title");
    let mut front = asked;
    if hidden {
        front.insert("render".to_owned(), Value::Bool(false));
    }
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
    if !wants_title && front.get("title").is_none_or(|title| title.as_str() == Some("")) {
        front.shift_remove("title");
    }
    format!("+++\n{}+++\n\n{}", toml::write(&front), written.text)
}

/// The file of a section. Zola (`front_matter/section.rs`) knows fewer fields there than on a page; the others are custom
/// data.
fn page_of_section(
    post: &Post,
    page: &Served,
    (dated, asked): (bool, Option<&Map>),
    (details, written): (&Details, &Written),
    mapping: &TargetMapping,
) -> String {
    let mut front = Map::from_iter([("sort_by".to_owned(), Value::from(config::order(dated)))]);
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
        front.insert(
            "aliases".to_owned(),
            Value::List(page.aliases.iter().map(|alias| Value::from(&**alias)).collect()),
        );
    }
    if !extra.is_empty() {
        front.insert("extra".to_owned(), Value::Map(extra));
    }
    if let Some(asked) = asked {
        preset::add(asked, &mut front);
    }
    format!("+++\n{}+++\n\n{}", toml::write(&front), written.text)
}

fn add_address(front: &mut Map, page: &Served) {
    front.insert("path".to_owned(), Value::String(page.address.trim_matches('/').to_owned()));
    if !page.aliases.is_empty() {
        front.insert(
            "aliases".to_owned(),
            Value::List(page.aliases.iter().map(|alias| Value::from(&**alias)).collect()),
        );
    }
}
