//! Plain HTML: every page at its old address, marked up so that programs can read it back (microformats2).

mod pages;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::paths::{Claim, Paths};
use super::{Blog, FEED_LENGTH, Listing, Planned, Theme, Writer, assets, redirect, redirects};
use crate::address::{Placed, Served, Serving};
use crate::ledger::{Code, Ledger};
use crate::model::{DocumentKind, List, Place, Post, Shows, Target, Taxonomy};
use crate::plan::{Content, File, MANIFEST};
use pages::{HtmlPages, ListPage};

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
        Serving { page: file_of, redirect: redirect::file_of, reserved: &[MANIFEST] }
    }

    fn content_paths(&self, _: &[Post], served: &[Served]) -> Vec<String> {
        served.iter().map(|served| file_of(&served.address)).collect()
    }

    /// Lists are where they were; one that had several pages is whole on its first.
    fn list_addresses(&self, listing: &Listing<'_>) -> Vec<Option<String>> {
        let mut first: HashMap<&Shows, &str> = HashMap::new();
        for list in listing.lists.iter().filter(|list| list.page == 1) {
            first.entry(&list.shows).or_insert(&list.address);
        }
        let address = |list: &List| match &list.shows {
            Shows::Feed(_) => Some(list.address.clone()),
            Shows::PartFeed => listing.main_feed(|_| true).map(str::to_owned),
            shows => Some((*first.get(shows).unwrap_or(&"/")).to_owned()),
        };
        listing.lists.iter().map(address).collect()
    }

    fn plan(&self, blog: Arc<Blog>, ledger: &mut Ledger) -> Planned {
        for draft in blog.posts().filter(|post| post.draft) {
            let message = "a draft: a tree of plain HTML has no place for what is not published";
            ledger.add(Code::DraftSkipped, Place::file(draft.source.as_str()), message);
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
        tree.lists(&mut pages);
        let redirects = redirects(&blog, "", &mut tree.paths, |_| true);
        tree.files.extend(redirects);
        if blog.theme == Theme::Starter {
            tree.text("css/starter.css".to_owned(), include_str!("../../../templates/starter.css").to_owned(), None);
        }
        Planned { files: tree.files, pages: Box::new(pages) }
    }

    fn published_folder(&self) -> &'static str {
        ""
    }

    fn next_step(&self, out: &str) -> String {
        format!("python3 -m http.server -d {out}")
    }
}

/// The tree as it grows; what comes first has its path.
struct Tree {
    files: Vec<File>,
    paths: Paths,
}

impl Tree {
    fn add(&mut self, path: String, content: Content, source: Option<String>) -> bool {
        let free = self.paths.claim_exact(&path);
        if free {
            self.files.push(File { path, content, source });
        }
        free
    }

    fn text(&mut self, path: String, text: String, source: Option<String>) {
        self.add(path, Content::Bytes(text.into_bytes()), source);
    }

    fn page(&mut self, at: usize, Placed { post, served, path }: &Placed, ledger: &mut Ledger) {
        if !self.add(path.clone(), Content::Made(at), Some(post.source.clone())) {
            let message = format!("another file is at {}", served.address);
            ledger.add(Code::PathConflict, Place::file(post.source.as_str()), message);
        }
    }

    /// A list; two whose addresses differ in letter case alone are both there.
    fn list(&mut self, address: &str, list: ListPage, pages: &mut HtmlPages) {
        let path = file_of(address);
        if self.paths.claim_asset(&path) != Claim::Taken {
            self.files.push(File { path, content: Content::Made(pages.number(list)), source: None });
        }
    }

    /// The index, a page for every tag and category, and the feeds, where the blog has no page of its own there.
    fn lists(&mut self, pages: &mut HtmlPages) {
        let blog = pages.blog.clone();
        let post = |at: &u32| &*blog.placed[*at as usize].post;
        let listed =
            |placed: &Placed| placed.post.kind == DocumentKind::Post && !placed.post.unlisted && !placed.post.draft;
        let mut entries: Vec<u32> =
            (0u32..).zip(blog.placed.iter()).filter(|(_, placed)| listed(placed)).map(|(at, _)| at).collect();
        entries.sort_by(|a, b| newest(post(b)).cmp(&newest(post(a))).then(post(a).source.cmp(&post(b).source)));
        for (address, format) in pages.feeds.clone() {
            let newest = entries.iter().copied().take(FEED_LENGTH).collect();
            let number = pages.number(ListPage::Feed { address: address.clone(), format, entries: newest });
            self.add(address.trim_start_matches('/').to_owned(), Content::Made(number), None);
        }
        // pinned ones first
        entries.sort_by_key(|at| std::cmp::Reverse(post(at).pinned.unwrap_or(0)));
        for shows in [Shows::Home, Shows::Posts] {
            let all = ListPage::Posts { heading: String::new(), entries: entries.clone() };
            self.list(&pages.address_of(&shows), all, pages);
        }
        for (period, address) in pages.periods() {
            let of = |at: &u32| {
                let date = post(at).date.map(|date| date.in_zone(&blog.site.zone).civil().date().to_string());
                date.is_some_and(|date| date.starts_with(&period))
            };
            let entries = entries.iter().copied().filter(of).collect();
            self.list(&address, ListPage::Posts { heading: period.clone(), entries }, pages);
        }
        for (taxonomy, terms_of) in
            [(Taxonomy::Tags, tags as fn(&Post) -> Vec<String>), (Taxonomy::Categories, categories)]
        {
            let mut terms: BTreeMap<String, Vec<u32>> = BTreeMap::new();
            for at in &entries {
                for term in terms_of(post(at)) {
                    terms.entry(term).or_default().push(*at);
                }
            }
            let counts = terms.iter().map(|(term, entries)| (term.clone(), entries.len())).collect();
            for (term, entries) in terms {
                let address = pages.address_of(&Shows::Term(taxonomy, term.clone()));
                self.list(&address, ListPage::Posts { heading: term, entries }, pages);
            }
            let address = pages.address_of(&Shows::Terms(taxonomy));
            self.list(&address, ListPage::Terms { taxonomy, counts }, pages);
        }
    }
}

fn newest(post: &Post) -> Option<jiff::Timestamp> {
    post.date.map(|date| date.instant)
}

fn tags(post: &Post) -> Vec<String> {
    post.tags.clone()
}

fn categories(post: &Post) -> Vec<String> {
    post.categories.iter().flatten().cloned().collect()
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
