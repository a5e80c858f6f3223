//! Plain HTML: every page at its old address, marked up so that programs can read it back (microformats2).

mod document;
mod feed;
mod frame;
mod highlight;
mod lists;
mod open;
mod pages;
mod reading;
mod relative;
mod rows;
mod search;
mod templates;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::paths::{Claim, Paths};
use super::{Blog, Listing, Planned, Theme, Writer, assets, redirect, redirects};
use crate::address::{Placed, Served, Serving, standing};
use crate::ledger::{Code, Ledger};
use crate::model::{List, Place, Post, Shows, Target, Taxonomy};
use crate::plan::{Content, File, MANIFEST, OWN};
use pages::{HtmlPages, ListPage};
pub use templates::{Templates, TemplatesError, exported};

/// The writer.
pub struct Html;

impl Writer for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn target(&self) -> Target {
        Target::Html
    }

    fn serving(&self) -> Serving {
        Serving {
            page: file_of,
            redirect: redirect::file_of,
            reserved: &[MANIFEST, OWN],
            made: &["index.html", "404.html", "sitemap.xml", "robots.txt", "feed.json"],
            servable: |_| None,
        }
    }

    fn content_paths(&self, _: &[Post], served: &[Served]) -> Vec<Arc<str>> {
        served.iter().map(|served| file_of(&served.address).into()).collect()
    }

    /// The first page, and lists of terms where the old site had none. A page beside a collection is where that is listed.
    fn own_lists(&self, listing: &Listing<'_>) -> Vec<(String, Shows)> {
        let had: HashSet<&Shows> = listing.lists.iter().map(|list| &list.shows).collect();
        let mut lists = vec![("/".to_owned(), Shows::Home)];
        let items = listing.collections().into_iter();
        lists.extend(items.map(|name| (format!("/{name}/"), Shows::Items(name.to_owned()))));
        let taxonomies = [Taxonomy::Tags, Taxonomy::Categories];
        lists.extend(taxonomies.map(|taxonomy| (format!("/{}/", taxonomy.name()), Shows::Terms(taxonomy))));
        for post in listing.published() {
            let tags = post.tags.iter().map(|name| Shows::Term(Taxonomy::Tags, name.to_string()));
            let categories = post.categories.iter().flatten();
            let terms = tags.chain(categories.map(|name| Shows::Term(Taxonomy::Categories, name.to_string())));
            lists.extend(terms.map(|term| (pages::own_address(&term), term)));
        }
        lists.push((pages::own_address(&Shows::Posts), Shows::Posts));
        lists.retain(|(_, shows)| *shows == Shows::Home || !had.contains(shows));
        lists
    }

    /// Lists are where they were. The first one has its pages, as many as there were; another one that had several is whole
    /// on its first.
    fn list_addresses(&self, listing: &Listing<'_>) -> Vec<Option<String>> {
        let mut first: HashMap<&Shows, &str> = standing(listing.served);
        for list in listing.lists.iter().filter(|list| list.page == 1) {
            first.entry(&list.shows).or_insert(&list.address);
        }
        let at_home = listing.published().filter(|post| !post.unlisted).count();
        let pages = listing.site.per_page.map_or(1, |per_page| at_home.div_ceil(per_page.max(1)));
        let address = |list: &List| match &list.shows {
            Shows::Feed(_) => Some(feed_file(&list.address)),
            Shows::PartFeed => listing.main_feed(|_| true).map(feed_file),
            Shows::Home if (2..=pages).contains(&list.page) => Some(list.address.clone()),
            shows => Some((*first.get(shows).unwrap_or(&"/")).to_owned()),
        };
        listing.lists.iter().map(address).collect()
    }

    fn plan(&self, blog: Arc<Blog>, ledger: &mut Ledger) -> Planned {
        for draft in blog.posts().filter(|post| post.draft) {
            let message = "a draft: a tree of plain HTML has no place for what is not published";
            ledger.add(Code::DraftSkipped, Place::top(draft.source.clone()), message);
        }
        let mut pages = HtmlPages::new(blog.clone());
        let mut tree = Tree { files: Vec::new(), paths: Paths::default() };
        let published = || blog.placed.iter().enumerate().filter(|(_, placed)| !placed.post.draft);
        for (at, placed) in published() {
            tree.page(at, placed, ledger);
        }
        for (_, Placed { post, served, .. }) in published() {
            for alias in &served.aliases {
                let page = redirect::page(&blog.site, &served.address);
                tree.text(redirect::file_of(alias), page, Some(post.source.clone()));
            }
        }
        let assets = assets(&blog, "", &mut tree.paths, |_| true, ledger);
        tree.files.extend(assets);
        lists::add(&mut tree, &mut pages, ledger);
        let redirects = redirects(&blog, "", &mut tree.paths, |_| true);
        tree.files.extend(redirects);
        tree.for_machines(&blog, &mut pages);
        if blog.theme == Theme::Starter {
            tree.text("css/starter.css".to_owned(), blog.templates.style().to_owned(), None);
        }
        if blog.search {
            search::add(&mut tree, &mut pages);
        }
        if blog.relative {
            tree.relative(&mut pages);
        }
        Planned { files: tree.files, pages: Box::new(pages) }
    }

    fn published_folder(&self) -> &'static str {
        ""
    }

    fn next_step(&self, out: &str, _: Theme) -> String {
        format!("postferry serve {out}")
    }
}

/// The tree as it grows; what comes first has its path.
struct Tree {
    files: Vec<File>,
    paths: Paths,
}

impl Tree {
    fn add(&mut self, path: Arc<str>, content: Content, source: Option<Arc<str>>) -> bool {
        let free = self.paths.claim_exact(&path);
        if free {
            self.files.push(File { path, content, source });
        }
        free
    }

    fn text(&mut self, path: String, text: String, source: Option<Arc<str>>) {
        self.add(path.into(), Content::Bytes(text.into_bytes()), source);
    }

    fn page(&mut self, at: usize, Placed { post, served, path }: &Placed, ledger: &mut Ledger) {
        if !self.add(path.clone(), Content::Made(at), Some(post.source.clone())) {
            let message = format!("another file is at {}", served.address);
            ledger.add(Code::PathConflict, Place::top(post.source.clone()), message);
        }
    }

    /// What the tree says to those who look for something in it, where the old site did not say it itself.
    fn for_machines(&mut self, blog: &Blog, pages: &mut HtmlPages) {
        let mut made = |tree: &mut Tree, path: &str, page: ListPage| {
            if tree.paths.claim_asset(path) == Claim::Free {
                tree.put(path.to_owned(), Content::Made(pages.number(page)));
            }
        };
        made(self, "404.html", ListPage::NotFound);
        // addresses in a sitemap are whole ones
        if blog.site.host.is_empty() {
            return;
        }
        made(self, "sitemap.xml", ListPage::Sitemap);
        // where the blog is not at the root of its host, nobody asks for it there
        if blog.site.base_path.is_empty() && self.paths.claim_asset("robots.txt") == Claim::Free {
            let text = format!("User-agent: *\nAllow: /\nSitemap: {}/sitemap.xml\n", blog.site.host);
            self.put("robots.txt".to_owned(), Content::Bytes(text.into_bytes()));
        }
    }

    /// Lets the links of all pages lead from file to file: of those that are there already, and of those that will be made.
    fn relative(&mut self, pages: &mut HtmlPages) {
        let files = relative::Files::new(self.files.iter().map(|file| file.path.clone()), &pages.blog.site);
        let mut paths = HashMap::new();
        for file in self.files.iter_mut().filter(|file| file.path.ends_with(".html") && &*file.path != "404.html") {
            match &mut file.content {
                Content::Made(number) => _ = paths.insert(*number, file.path.clone()),
                Content::Bytes(bytes) => {
                    let page = files.relative(&String::from_utf8_lossy(bytes), &file.path);
                    *bytes = page.into_bytes();
                }
                Content::Copy(_) | Content::Followed(_) => {}
            }
        }
        pages.relative = Some((files, paths));
    }

    /// A file whose path has been claimed.
    fn put(&mut self, path: String, content: Content) {
        self.files.push(File { path: path.into(), content, source: None });
    }
}

/// The file that an address is served from: a folder's `index.html`, or the file itself. An address without a slash
/// and an extension that servers know as a page's is served from the file with `.html`, as the common servers do.
fn file_of(address: &str) -> String {
    let path = address.trim_start_matches('/');
    let last = path.rsplit('/').next().unwrap_or("");
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else if redirect::is_page_name(last) {
        path.to_owned()
    } else {
        format!("{path}.html")
    }
}

/// The file of a feed: one at the address of a folder (WordPress's) is in it, and its host leads there.
fn feed_file(address: &str) -> String {
    if address.ends_with('/') { format!("{address}index.xml") } else { address.to_owned() }
}
