//! What became of everything.

use std::sync::Arc;

use crate::address::Book;
use crate::ledger::Ledger;
use crate::model::Site;

/// What became of everything.
#[derive(Debug)]
pub struct Outcome {
    /// The source generator.
    pub generator: &'static str,
    /// The site.
    pub site: Arc<Site>,
    /// Every address of the old site, and how it is answered.
    pub book: Arc<Book>,
    /// The files that no body and no cover refers to, below the source's root. A theme may.
    pub unused: Vec<Arc<str>>,
    /// Every finding.
    pub ledger: Ledger,
    /// How much there is.
    pub counts: Counts,
}

/// How much there is of everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Posts, drafts not counted.
    pub posts: usize,
    /// Pages.
    pub pages: usize,
    /// Documents of other collections.
    pub items: usize,
    /// Documents that the source would not publish.
    pub drafts: usize,
    /// Other files.
    pub assets: usize,
    /// Blocks of all bodies.
    pub blocks: usize,
    /// Blocks that had to become HTML.
    pub html_blocks: usize,
    /// Links and pictures that stay within the blog.
    pub links: LinkCounts,
}

/// What became of links and pictures that stay within the blog.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct LinkCounts {
    /// How many there are.
    pub checked: usize,
    /// How many led nowhere on the old site.
    pub dead_before: usize,
    /// How many lead to nothing that is known, although something on the old site may have made it.
    pub unknown: usize,
    /// How many lead nowhere on the new one.
    pub dead_now: usize,
}
