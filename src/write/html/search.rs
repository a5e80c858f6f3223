//! A search without a server (`--search`): the texts of the site, in files that the page loads when somebody searches.

use minijinja::context;
use serde_json::json;

use super::pages::{HtmlPages, ListPage};
use super::reading::plain;
use super::rows::{day, shown_title};
use super::{Tree, file_of};
use crate::address::{Numbers, Placed, readable};
use crate::plan::Content;
use crate::write::paths::Claim;
use crate::write::{Others, Rendered};

/// So many documents are in one file.
const TOGETHER: usize = 50;

/// The page of the search, its script, and the files that hold the texts.
pub fn add(tree: &mut Tree, pages: &mut HtmlPages) {
    let published = pages
        .blog
        .placed
        .iter()
        .enumerate()
        .filter(|(_, Placed { post, .. })| !post.draft && !post.unlisted && post.seldom().redirect_to.is_none());
    let all: Vec<u32> = published.filter_map(|(at, _)| u32::try_from(at).ok()).collect();
    if all.is_empty() {
        return;
    }
    // a page of the blog may stand there already
    const ADDRESS: &str = "/search/";
    let mut free = |address: &str| tree.paths.claim_asset(&file_of(address)) == Claim::Free;
    let address = match free(ADDRESS) {
        true => ADDRESS.to_owned(),
        false => Numbers::default().first_free(ADDRESS, free),
    };
    let folder = address.trim_start_matches('/').to_owned();
    let parts = all.chunks(TOGETHER).len();
    let page = pages.number(ListPage::Search { script: format!("{address}search.js"), parts });
    tree.put(file_of(&address), Content::Made(page));
    let script = pages.blog.templates.search_script().as_bytes().to_vec();
    tree.put(format!("{folder}search.js"), Content::Bytes(script));
    for (number, entries) in (1..).zip(all.chunks(TOGETHER)) {
        let texts = pages.number(ListPage::Texts { number, entries: entries.to_vec() });
        tree.put(format!("{folder}{number}.js"), Content::Made(texts));
    }
    pages.search = Some(address);
}

impl HtmlPages {
    /// The page of the search.
    pub(super) fn search_page(&self, script: &str, parts: usize) -> Rendered {
        self.render("search.html", context! { script => self.href(script), parts })
    }

    /// A file of texts.
    pub(super) fn search_texts(&self, number: usize, entries: &[u32], others: &dyn Others) -> Rendered {
        let entry = |at: &u32| {
            let Placed { post, served, path } = &self.blog.placed[*at as usize];
            let (_, written) = others.body(*at as usize);
            let address = if self.blog.relative { readable(path) } else { readable(&served.address) };
            let title = self.heading_of(*at as usize).filter(|heading| !heading.is_empty());
            let title = post.title.clone().filter(|title| !title.trim().is_empty()).or(title);
            json!([
                address.trim_start_matches('/'),
                shown_title(title.as_deref(), &served.address),
                post.date.map(day).unwrap_or_default(),
                plain(&written.text).split_whitespace().collect::<Vec<_>>().join(" "),
            ])
        };
        let entries: Vec<String> = entries.iter().map(|at| entry(at).to_string()).collect();
        Ok(format!("postferrySearch({number}, [\n{}\n]);\n", entries.join(",\n")))
    }
}
