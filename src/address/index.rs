//! What was at an old address.

use std::collections::HashMap;
use std::sync::Arc;

use super::ServedList;
use super::lists::bare;
use super::name::Name;
use crate::model::{Asset, Post};

/// What an old address led to, by its place among the documents, files or lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A published document.
    Document(usize),
    /// Any other file.
    File(usize),
    /// A list or feed.
    List(usize),
    /// What the old site made of a template, or had of its theme's files. It is not taken over.
    LeftBehind,
}

/// Every address that the old site answered.
#[derive(Debug, Default)]
pub struct Index {
    exact: HashMap<Name, Found>,
    /// By spellings that many servers take for the same: letter case, `.html` left out.
    loose: HashMap<Name, Found>,
}

impl Index {
    /// The index of a blog, gathered once.
    pub fn new(posts: &[Arc<Post>], assets: &[Asset], lists: &[ServedList], left_behind: &[Arc<str>]) -> Self {
        let mut index = Index::default();
        let published = || posts.iter().enumerate().filter(|(_, post)| !post.draft);
        for (at, post) in published() {
            index.add(&post.address, Found::Document(at));
        }
        for (at, post) in published() {
            post.seldom().aliases.iter().for_each(|alias| index.add(alias, Found::Document(at)));
        }
        assets.iter().enumerate().for_each(|(at, asset)| index.add(&asset.address, Found::File(at)));
        lists.iter().enumerate().for_each(|(at, served)| index.add(&served.list.address, Found::List(at)));
        left_behind.iter().for_each(|address| index.add(address, Found::LeftBehind));
        index
    }

    /// What comes first keeps its address.
    fn add(&mut self, address: &str, found: Found) {
        self.exact.entry(Name::of(bare(address))).or_insert(found);
        self.loose.entry(loose(address)).or_insert(found);
    }

    /// What was at an address below the base path, decoded.
    pub fn find(&self, address: &str) -> Option<Found> {
        self.exact.get(&Name::of(bare(address))).or_else(|| self.loose.get(&loose(address))).copied()
    }
}

fn loose(address: &str) -> Name {
    let address = bare(address);
    Name::in_any_case(address.strip_suffix(".html").unwrap_or(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_one() {
        let asset = |address: &str| Asset { source: Arc::default(), address: address.into() };
        let assets = ["/a/", "/b.html", "/c/index.html", "/img/x.png", "/IMG/x.png"].map(asset);
        let index = Index::new(&[], &assets, &[], &[]);
        let cases = [
            ("/a", 0),
            ("/a/index.html", 0),
            ("/b", 1),
            ("/B.html", 1),
            ("/c/", 2),
            ("/img/x.png", 3),
            ("/IMG/x.png", 4),
        ];
        for (address, at) in cases {
            assert_eq!(index.find(address), Some(Found::File(at)), "{address}");
        }
        assert_eq!(index.find("/d/"), None);
    }
}
