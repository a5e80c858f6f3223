//! Plain HTML: every page at its old address, marked up so that programs can read it back (microformats2).

mod pages;

use std::collections::BTreeMap;

use super::paths::{Paths, safe_name};
use super::{Blog, Theme, Writer, assets};
use crate::address::Served;
use crate::ledger::{Code, Ledger};
use crate::model::{Kind, Place, Post};
use crate::plan::{Content, File};
use pages::Pages;

/// The writer.
pub struct Html;

impl Writer for Html {
    fn name(&self) -> &'static str {
        "html"
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
                tree.add(redirect_file_of(alias), pages.redirect(&served.address), Some(post.source.clone()));
            }
        }
        let assets = assets(blog, "", &mut tree.paths, |_| true, ledger);
        tree.files.extend(assets);
        tree.listings(&published, &pages);
        if blog.theme == Theme::Starter {
            tree.add("css/starter.css".to_owned(), include_str!("../../../templates/starter.css").to_owned(), None);
        }
        tree.files
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

    fn page(&mut self, post: &Post, served: &Served, pages: &Pages, ledger: &mut Ledger) {
        let text = match &post.redirect_to {
            Some(elsewhere) if post.body.text.trim().is_empty() => pages.redirect(elsewhere),
            _ => pages.document(post),
        };
        if !self.add(file_of(&served.address), text, Some(post.source.clone())) {
            ledger.add(Code::PathConflict, Place::file(&post.source), format!("another file is at {}", served.address));
        }
    }

    /// The index and a page for every tag and category, where the blog has no page of its own there.
    fn listings(&mut self, published: &[(&Post, &Served)], pages: &Pages) {
        let mut entries: Vec<(&Post, &str)> = published
            .iter()
            .filter(|(post, _)| post.kind == Kind::Post && !post.unlisted)
            .map(|(post, served)| (*post, served.address.as_str()))
            .collect();
        // pinned ones first, then the newest
        entries.sort_by(|(a, _), (b, _)| {
            let rank = |post: &Post| (post.pinned.unwrap_or(0), post.date.map(|date| date.instant));
            rank(b).cmp(&rank(a)).then(a.source.cmp(&b.source))
        });
        self.add("index.html".to_owned(), pages.listing("", &entries), None);
        for (taxonomy, terms_of) in [("tags", tags as fn(&Post) -> Vec<String>), ("categories", categories)] {
            let mut terms: BTreeMap<String, Vec<(&Post, &str)>> = BTreeMap::new();
            for entry in &entries {
                for term in terms_of(entry.0) {
                    terms.entry(term).or_default().push(*entry);
                }
            }
            for (term, entries) in &terms {
                self.add(format!("{taxonomy}/{}/index.html", safe_name(term)), pages.listing(term, entries), None);
            }
            let counts: Vec<(String, usize)> =
                terms.iter().map(|(term, entries)| (term.clone(), entries.len())).collect();
            self.add(format!("{taxonomy}/index.html"), pages.terms(taxonomy, &counts), None);
        }
    }
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
    } else if is_page_name(last) {
        path.to_owned()
    } else {
        format!("{path}.html")
    }
}

/// The file of a redirect. Without a slash and an extension it is a folder's `index.html`: every static server
/// answers with that at both spellings, and who asks follows a redirect anyway.
fn redirect_file_of(alias: &str) -> String {
    let path = alias.trim_matches('/');
    if is_page_name(path.rsplit('/').next().unwrap_or("")) { path.to_owned() } else { format!("{path}/index.html") }
}

/// Whether the last part of an address ends like a page: a dot alone may be part of a title.
fn is_page_name(last: &str) -> bool {
    const PAGES: [&str; 13] =
        ["html", "htm", "xhtml", "shtml", "php", "asp", "aspx", "jsp", "cgi", "xml", "json", "txt", "md"];
    last.rsplit_once('.').is_some_and(|(_, extension)| PAGES.contains(&extension))
}
