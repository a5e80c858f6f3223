//! The lists of a plain HTML tree: which there are, and what they show.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::pages::{HtmlPages, ListPage};
use super::{Tree, file_of};
use crate::address::Numbers;
use crate::ledger::{Code, Ledger};
use crate::model::{DocumentKind, Place, Post, Shows, Taxonomy};
use crate::plan::Content;
use crate::write::paths::Claim;
use crate::write::{Blog, FEED_LENGTH};

/// Every feed, then every list of posts, terms and items. One that a document stands for is shown on its page.
pub fn add(tree: &mut Tree, pages: &mut HtmlPages, ledger: &mut Ledger) {
    let blog = pages.blog.clone();
    let posts = listed(&blog, |kind| *kind == DocumentKind::Post);
    for (address, format) in pages.feeds.clone() {
        let entries = posts.iter().copied().take(FEED_LENGTH).collect();
        let number = pages.number(ListPage::Feed { address: address.clone(), format, entries });
        tree.add(address.trim_start_matches('/').into(), Content::Made(number), None);
    }
    let mut lists = Lists { tree, pages, numbers: Numbers::default(), ledger };
    lists.posts(Shows::Home, "", at_home(&blog, &posts));
    lists.posts(Shows::Posts, "", posts.clone());
    let periods = lists.pages.periods();
    let dated = posts.iter().filter(|_| !periods.is_empty());
    let day_of = |at: &u32| Some((*at, post(&blog, *at).date?.in_zone(&blog.site.zone).civil().date().to_string()));
    let days: Vec<(u32, String)> = dated.filter_map(day_of).collect();
    for period in periods {
        let of_period = days.iter().filter(|(_, day)| day.starts_with(&period)).map(|(at, _)| *at).collect();
        lists.posts(Shows::Period(period.clone()), &period, of_period);
    }
    lists.terms(Taxonomy::Tags, &posts, |post| post.tags.iter().collect());
    lists.terms(Taxonomy::Categories, &posts, |post| post.categories.iter().flatten().collect());
    for (at, name) in lists.pages.collections() {
        let items = listed(&blog, |kind| *kind == DocumentKind::Item(name.clone()));
        let items = items.into_iter().filter(|item| *item as usize != at).collect();
        lists.posts(Shows::Items(name), "", items);
    }
}

fn post(blog: &Blog, at: u32) -> &Post {
    &blog.placed[at as usize].post
}

/// The listed documents of a kind, the newest first; of one moment in the order of their paths.
fn listed(blog: &Blog, of: impl Fn(&DocumentKind) -> bool) -> Vec<u32> {
    let all = (0u32..).zip(blog.placed.iter());
    let listed = all.filter(|(_, placed)| of(&placed.post.kind) && !placed.post.unlisted && !placed.post.draft);
    let mut listed: Vec<u32> = listed.map(|(at, _)| at).collect();
    listed.sort_by_key(|at| (Reverse(post(blog, *at).date.map(|date| date.instant)), &post(blog, *at).source));
    listed
}

/// What the first page shows: pinned posts first; of a blog without posts the documents of its collections.
fn at_home(blog: &Blog, posts: &[u32]) -> Vec<u32> {
    let mut shown = match posts {
        [] => listed(blog, |kind| matches!(kind, DocumentKind::Item(_))),
        posts => posts.to_vec(),
    };
    shown.sort_by_key(|at| Reverse(post(blog, *at).seldom().pinned.unwrap_or(0).max(0)));
    shown
}

/// Lists on their way into the tree.
struct Lists<'a> {
    tree: &'a mut Tree,
    pages: &'a mut HtmlPages,
    numbers: Numbers,
    ledger: &'a mut Ledger,
}

impl Lists<'_> {
    fn posts(&mut self, shows: Shows, heading: &str, entries: Vec<u32>) {
        let source = entries.first().map(|at| post(&self.pages.blog, *at).source.clone()).unwrap_or_default();
        self.list(shows, ListPage::Posts { heading: heading.to_owned(), entries }, &source);
    }

    /// A page for each term, and one for all of them. A taxonomy that nothing is sorted by is not linked.
    fn terms(&mut self, taxonomy: Taxonomy, posts: &[u32], terms_of: impl Fn(&Post) -> Vec<&Arc<str>>) {
        let blog = self.pages.blog.clone();
        let mut terms: BTreeMap<&Arc<str>, Vec<u32>> = BTreeMap::new();
        for at in posts {
            for term in terms_of(post(&blog, *at)) {
                terms.entry(term).or_default().push(*at);
            }
        }
        if terms.is_empty() && !self.pages.has(&Shows::Terms(taxonomy)) {
            return;
        }
        if !terms.is_empty() {
            self.pages.taxonomies.push(taxonomy);
        }
        let counts = terms.iter().map(|(term, entries)| (term.to_string(), entries.len())).collect();
        for (term, entries) in terms {
            self.posts(Shows::Term(taxonomy, term.to_string()), term, entries);
        }
        self.list(Shows::Terms(taxonomy), ListPage::Terms { taxonomy, counts }, "");
    }

    /// Two lists whose addresses differ in letter case alone are both there.
    fn list(&mut self, shows: Shows, list: ListPage, source: &str) {
        let Some(list) = self.pages.stand(&shows, list) else { return };
        let mut address = self.pages.address_of(&shows);
        let mut free = |address: &str| self.tree.paths.claim_asset(&file_of(address)) != Claim::Taken;
        if !free(&address) {
            // where the old site had a list too, what is there is what it showed
            if self.pages.has(&shows) || !matches!(shows, Shows::Term(..) | Shows::Terms(_)) {
                return;
            }
            let asked = std::mem::take(&mut address);
            address = self.numbers.first_free(&asked, free);
            let message = format!("something else is at {asked}; the list of posts is at {address}");
            self.ledger.add(Code::PathConflict, Place::file(source), message);
            self.pages.move_list(shows, &address);
        }
        let number = self.pages.number(list);
        self.tree.put(file_of(&address), Content::Made(number));
    }
}
