//! The lists of a plain HTML tree: which there are, and what they show.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::pages::{FrontPage, HtmlPages, ListPage};
use super::rows::TermRow;
use super::{Tree, file_of};
use crate::address::Numbers;
use crate::ledger::{Code, Ledger};
use crate::model::{DocumentKind, Place, Post, Shows, Taxonomy};
use crate::plan::Content;
use crate::write::paths::Claim;
use crate::write::{Blog, FEED_LENGTH};

/// How many posts the first page shows of a blog that had them all there, where there are many more.
const FRONT_LENGTH: usize = 20;

/// Every feed, then every list of posts, terms and items. One that a document stands for is shown on its page.
pub fn add(tree: &mut Tree, pages: &mut HtmlPages, ledger: &mut Ledger) {
    let blog = pages.blog.clone();
    let posts = listed(&blog, |kind| *kind == DocumentKind::Post);
    pages.set_order(posts.clone());
    add_feeds(tree, pages, &posts);
    let mut lists = Lists { tree, pages, numbers: Numbers::default(), ledger };
    lists.front(&at_home(&blog, &posts), !posts.is_empty());
    if !posts.is_empty() || lists.pages.has(&Shows::Posts) {
        lists.posts(Shows::Posts, "", posts.clone());
        lists.pages.archive = Some(lists.pages.address_of(&Shows::Posts));
    }
    let periods = lists.pages.periods();
    let dated = posts.iter().filter(|_| !periods.is_empty());
    let day_of = |at: &u32| Some((*at, post(&blog, *at).date?.in_zone(&blog.site.zone).civil().date().to_string()));
    let days: Vec<(u32, String)> = dated.filter_map(day_of).collect();
    for period in periods {
        let of_period = days.iter().filter(|(_, day)| day.starts_with(&period)).map(|(at, _)| *at).collect();
        lists.posts(Shows::Period(period.clone()), &period, of_period);
    }
    lists.terms(Taxonomy::Tags, &posts, |post| post.tags.iter().map(|tag| vec![tag.clone()]).collect());
    lists.terms(Taxonomy::Categories, &posts, |post| post.categories.clone());
    for (at, name) in lists.pages.collections() {
        let items = listed(&blog, |kind| *kind == DocumentKind::Item(name.clone()));
        let items = items.into_iter().filter(|item| *item as usize != at).collect();
        lists.posts(Shows::Items(name.clone()), &name, items);
    }
}

/// The feeds of the old site where they were, and a JSON Feed beside them.
fn add_feeds(tree: &mut Tree, pages: &mut HtmlPages, posts: &[u32]) {
    const JSON_FEED: &str = "/feed.json";
    let newest = || posts.iter().copied().take(FEED_LENGTH).collect::<Vec<u32>>();
    for (address, format) in pages.feeds.clone() {
        let number = pages.number(ListPage::Feed { address: address.clone(), format, entries: newest() });
        tree.add(address.trim_start_matches('/').into(), Content::Made(number), None);
    }
    if !posts.is_empty() && tree.paths.claim_asset(&JSON_FEED[1..]) == Claim::Free {
        let number = pages.number(ListPage::JsonFeed { address: JSON_FEED.to_owned(), entries: newest() });
        tree.put(JSON_FEED[1..].to_owned(), Content::Made(number));
        pages.json_feed = Some(JSON_FEED.to_owned());
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

    /// The blog's first pages: as many, as long and where they were on the old site.
    fn front(&mut self, entries: &[u32], has_posts: bool) {
        let blog = self.pages.blog.clone();
        let mut later: Vec<(usize, &str)> = Vec::new();
        for served in blog.lists.iter().filter(|served| served.list.shows == Shows::Home && served.list.page > 1) {
            let own = served.address.as_deref().filter(|address| *address == served.list.address);
            later.extend(own.map(|address| (served.list.page, address)));
        }
        later.sort_unstable();
        later.dedup_by_key(|(page, _)| *page);
        let leaves_out = later.is_empty() && has_posts && entries.len() > FRONT_LENGTH + FRONT_LENGTH / 2;
        let per_page = match blog.site.per_page {
            Some(per_page) if !later.is_empty() => per_page.max(1),
            _ if leaves_out => FRONT_LENGTH,
            _ => entries.len().max(1),
        };
        let first = self.pages.address_of(&Shows::Home);
        let all: Vec<String> = std::iter::once(first).chain(later.iter().map(|(_, at)| (*at).to_owned())).collect();
        let wanted = entries.len().div_ceil(per_page).clamp(1, all.len());
        let all: Arc<[String]> = all[..wanted].into();
        for number in 0..wanted {
            let (from, to) = (number * per_page, (number + 1) * per_page);
            // what is behind the last page of the old site is on it
            let to = if number + 1 == wanted && !leaves_out { entries.len() } else { to.min(entries.len()) };
            let page = FrontPage { entries: entries[from..to].to_vec(), number, all: all.clone(), leaves_out };
            if number == 0 {
                let source = entries.first().map(|at| post(&blog, *at).source.clone()).unwrap_or_default();
                self.list(Shows::Home, ListPage::Front(page), &source);
            } else if self.tree.paths.claim_asset(&file_of(&all[number])) != Claim::Taken {
                let content = Content::Made(self.pages.number(ListPage::Front(page)));
                self.tree.put(file_of(&all[number]), content);
            }
        }
    }

    /// A page for each term, and one for all of them. A taxonomy that nothing is sorted by is not linked.
    fn terms(&mut self, taxonomy: Taxonomy, posts: &[u32], paths_of: impl Fn(&Post) -> Vec<Vec<Arc<str>>>) {
        let blog = self.pages.blog.clone();
        let mut terms: BTreeMap<Arc<str>, Vec<u32>> = BTreeMap::new();
        let mut tree = Terms::default();
        for at in posts {
            for path in paths_of(post(&blog, *at)) {
                for term in &path {
                    let of_term = terms.entry(term.clone()).or_default();
                    if of_term.last() != Some(at) {
                        of_term.push(*at);
                    }
                }
                tree.add(&path);
            }
        }
        if terms.is_empty() && !self.pages.has(&Shows::Terms(taxonomy)) {
            return;
        }
        if !terms.is_empty() {
            self.pages.taxonomies.push(taxonomy);
        }
        let counts: BTreeMap<Arc<str>, usize> =
            terms.iter().map(|(term, entries)| (term.clone(), entries.len())).collect();
        for (term, entries) in terms {
            self.posts(Shows::Term(taxonomy, term.to_string()), &term, entries);
        }
        let mut rows = Vec::new();
        tree.rows(&mut rows, &|name| {
            let href = self.pages.href(&self.pages.address_of(&Shows::Term(taxonomy, name.to_string())));
            (href, counts.get(name).copied().unwrap_or(0))
        });
        self.list(Shows::Terms(taxonomy), ListPage::Terms { taxonomy, terms: rows }, "");
    }

    /// Two lists whose addresses differ in letter case alone are both there.
    fn list(&mut self, shows: Shows, list: ListPage, source: &str) {
        let Some(list) = self.pages.stand(&shows, list) else { return };
        let mut address = self.pages.address_of(&shows);
        let mut free = |address: &str| self.tree.paths.claim_asset(&file_of(address)) != Claim::Taken;
        if !free(&address) {
            // where the old site had a list too, what is there is what it showed
            if self.pages.has(&shows) || !matches!(shows, Shows::Term(..) | Shows::Terms(_) | Shows::Posts) {
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

/// The terms of a taxonomy below each other.
#[derive(Default)]
struct Terms(BTreeMap<Arc<str>, Terms>);

impl Terms {
    /// Adds a path. What is very deep stands beside what is above it.
    fn add(&mut self, path: &[Arc<str>]) {
        const DEEPEST: usize = 8;
        let (path, deeper) = path.split_at(path.len().min(DEEPEST));
        let mut terms = &mut *self;
        for term in path {
            terms = terms.0.entry(term.clone()).or_default();
        }
        deeper.iter().for_each(|term| _ = terms.0.entry(term.clone()).or_default());
    }

    fn rows(&self, rows: &mut Vec<TermRow>, known: &dyn Fn(&Arc<str>) -> (String, usize)) {
        for (name, below) in &self.0 {
            let (href, count) = known(name);
            rows.push(TermRow { name: name.to_string(), href, count, opens: !below.0.is_empty(), closes: 0 });
            below.rows(rows, known);
        }
        if let Some(last) = rows.last_mut().filter(|_| !self.0.is_empty()) {
            last.closes += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_stand_below_each_other() {
        let mut terms = Terms::default();
        for path in [&["a", "b"][..], &["a", "c"], &["d"]] {
            terms.add(&path.iter().map(|name| Arc::from(*name)).collect::<Vec<_>>());
        }
        let mut rows = Vec::new();
        terms.rows(&mut rows, &|_| (String::new(), 1));
        let shown: Vec<String> = rows
            .iter()
            .map(|row| format!("{}{}{}", row.name, if row.opens { "(" } else { "" }, ")".repeat(row.closes)))
            .collect();
        assert_eq!(shown.concat(), "a(bc)d)");
    }
}
