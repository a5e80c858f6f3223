//! Plain HTML: every page at its old address, marked up so that programs can read it back (microformats2).

mod pages;

use std::collections::{BTreeMap, HashMap};

use super::paths::{Claim, Paths};
use super::{Blog, Listing, Theme, Writer, assets, redirect, redirects};
use crate::address::Served;
use crate::ledger::{Code, Ledger};
use crate::model::{DocumentKind, List, Place, Post, Shows, Taxonomy};
use crate::plan::{Content, File};
use pages::Pages;

/// The writer.
pub struct Html;

impl Writer for Html {
    fn name(&self) -> &'static str {
        "html"
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

    fn write(&self, blog: &Blog<'_>, ledger: &mut Ledger) -> Vec<File> {
        for draft in blog.posts.iter().filter(|post| post.draft) {
            let message = "a draft: a tree of plain HTML has no place for what is not published";
            ledger.add(Code::DraftSkipped, Place::file(&draft.source), message);
        }
        let published: Vec<(&Post, &Served)> =
            blog.posts.iter().zip(blog.served).filter(|(post, _)| !post.draft).collect();
        let mut tree = Tree { files: Vec::new(), paths: Paths::default() };
        let pages = Pages::new(blog);
        for (post, served) in &published {
            tree.page(post, served, &pages, ledger);
        }
        for (post, served) in &published {
            for alias in &served.aliases {
                tree.add(
                    redirect::file_of(alias),
                    redirect::page(blog.site, &served.address),
                    Some(post.source.clone()),
                );
            }
        }
        let assets = assets(blog, "", &mut tree.paths, |_| true, ledger);
        tree.files.extend(assets);
        tree.listings(&published, &pages);
        let redirects = redirects(blog, "", &mut tree.paths, |_| true);
        tree.files.extend(redirects);
        if blog.theme == Theme::Starter {
            tree.add("css/starter.css".to_owned(), include_str!("../../../templates/starter.css").to_owned(), None);
        }
        tree.files
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
    fn add(&mut self, path: String, text: String, source: Option<String>) -> bool {
        let free = self.paths.claim_exact(&path);
        if free {
            self.files.push(File { path, content: Content::Bytes(text.into_bytes()), source });
        }
        free
    }

    /// A list; two whose addresses differ in letter case alone are both there.
    fn list(&mut self, address: &str, text: String) {
        let path = file_of(address);
        if self.paths.claim_asset(&path) != Claim::Taken {
            self.files.push(File { path, content: Content::Bytes(text.into_bytes()), source: None });
        }
    }

    fn page(&mut self, post: &Post, served: &Served, pages: &Pages<'_>, ledger: &mut Ledger) {
        let text = match &post.redirect_to {
            Some(elsewhere) if post.body.text.trim().is_empty() => redirect::page(pages.site, elsewhere),
            _ => pages.document(post),
        };
        if !self.add(file_of(&served.address), text, Some(post.source.clone())) {
            ledger.add(Code::PathConflict, Place::file(&post.source), format!("another file is at {}", served.address));
        }
    }

    /// The index, a page for every tag and category, and the feeds, where the blog has no page of its own there.
    fn listings(&mut self, published: &[(&Post, &Served)], pages: &Pages<'_>) {
        let mut entries: Vec<(&Post, &str)> = published
            .iter()
            .filter(|(post, _)| post.kind == DocumentKind::Post && !post.unlisted)
            .map(|(post, served)| (*post, served.address.as_str()))
            .collect();
        entries.sort_by(|(a, _), (b, _)| newest(b).cmp(&newest(a)).then(a.source.cmp(&b.source)));
        for (address, text) in pages.feeds(&entries) {
            self.add(address.trim_start_matches('/').to_owned(), text, None);
        }
        // pinned ones first
        entries.sort_by_key(|(post, _)| std::cmp::Reverse(post.pinned.unwrap_or(0)));
        for shows in [Shows::Home, Shows::Posts] {
            self.list(&pages.address_of(&shows), pages.listing("", &entries));
        }
        for (shows, address) in pages.periods() {
            let of = |post: &Post| {
                let date = post.date.map(|date| date.in_zone(&pages.site.zone).civil().date().to_string());
                date.is_some_and(|date| date.starts_with(shows))
            };
            let entries: Vec<(&Post, &str)> = entries.iter().copied().filter(|(post, _)| of(post)).collect();
            self.list(address, pages.listing(shows, &entries));
        }
        for (taxonomy, terms_of) in
            [(Taxonomy::Tags, tags as fn(&Post) -> Vec<String>), (Taxonomy::Categories, categories)]
        {
            let mut terms: BTreeMap<String, Vec<(&Post, &str)>> = BTreeMap::new();
            for entry in &entries {
                for term in terms_of(entry.0) {
                    terms.entry(term).or_default().push(*entry);
                }
            }
            for (term, entries) in &terms {
                let address = pages.address_of(&Shows::Term(taxonomy, term.clone()));
                self.list(&address, pages.listing(term, entries));
            }
            let counts: Vec<(String, usize)> =
                terms.iter().map(|(term, entries)| (term.clone(), entries.len())).collect();
            let address = pages.address_of(&Shows::Terms(taxonomy));
            self.list(&address, pages.terms(taxonomy, &counts));
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
