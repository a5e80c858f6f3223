//! Pages that a generator makes of documents: lists and feeds.

use serde::Serialize;

/// What documents are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Taxonomy {
    /// Tags.
    Tags,
    /// Categories.
    Categories,
}

impl Taxonomy {
    /// Its name in addresses and front matter.
    pub fn name(self) -> &'static str {
        match self {
            Taxonomy::Tags => "tags",
            Taxonomy::Categories => "categories",
        }
    }
}

/// The format of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedFormat {
    /// Atom 1.0.
    Atom,
    /// RSS 2.0.
    Rss,
}

/// What a list holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Shows {
    /// The newest posts, on the site's first page.
    Home,
    /// All posts.
    Posts,
    /// The posts of a year, month or day in the site's zone, such as `2020-07`.
    Period(String),
    /// All terms of a taxonomy.
    Terms(Taxonomy),
    /// The posts of a term.
    Term(Taxonomy, String),
    /// The documents of a collection.
    Items(String),
    /// The newest posts, for feed readers.
    Feed(FeedFormat),
    /// The newest posts of a part of the blog, for feed readers.
    PartFeed,
}

/// A list or feed of the source.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct List {
    /// The old address below the base path: leading slash, decoded.
    pub address: String,
    /// What it holds.
    pub shows: Shows,
    /// Which of its pages this is, from 1.
    pub page: usize,
    /// The file of the source that asks for it.
    pub source: String,
}

impl List {
    /// Whether feed readers ask for it.
    pub fn is_feed(&self) -> bool {
        matches!(self.shows, Shows::Feed(_) | Shows::PartFeed)
    }
}
