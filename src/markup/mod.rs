//! Markup: the body comes out as the same page.
//!
//! The way of a body: the source's templates are expanded ([`crate::template`]), the source's dialect is
//! read into a tree ([`crate::dialect`]), which rendered ([`crate::tree::html`]) is what the old page showed. For a Markdown target
//! the author's text stays as typed, block by block, wherever the target reads it the same ([`check`]);
//! where it does not, stronger means are tried one after the other ([`inline`], [`emit`]), at last HTML.

mod check;
mod cut;
mod digest;
mod edit;
mod editor;
mod emit;
mod inline;
mod line_numbers;
mod links;
mod pages;
mod protect;
mod target;
mod translate;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::address::{Bundles, Index, Served, ServedList};
use crate::mapping::tagmap::TagMap;
use crate::model::{Asset, Post, Site, Target};
use crate::template::liquid;

pub use cut::Cut;
pub use links::{Link, check_fragments};
pub use translate::{Translated, links_of, translate};

/// Whether the source's heading ids keep the case of the text (Hexo), so that the target's own ids should as well.
pub fn keeps_anchor_case(site: &Site) -> bool {
    site.markup.cased_ids
}

/// What a body can ask for beside itself: the site, every post and every asset of it.
#[derive(Debug)]
pub struct Context<'a> {
    /// The site.
    pub site: &'a Site,
    /// Every document of the site, with its fields mapped and its old address known, bodies as typed.
    pub posts: &'a [Post],
    /// Where the target serves each of them.
    pub served: &'a [Served],
    /// Every other file.
    pub assets: &'a [Asset],
    /// The lists and feeds of the old site.
    pub lists: &'a [ServedList],
    /// The file of each document, where links name those (`--links native`).
    pub paths: Option<&'a [String]>,
    /// The files that lie beside their documents.
    pub bundles: Option<&'a Bundles>,
    /// What tags become.
    pub tags: &'a TagMap,
    /// What the body is translated for.
    pub target: Target,
    by_source: HashMap<&'a str, usize>,
    /// Gathered when the first template asks.
    globals: OnceLock<liquid::Globals>,
    /// What was at each address of the old site.
    index: Index,
}

impl<'a> Context<'a> {
    /// A context with its index.
    pub fn new(
        site: &'a Site,
        (posts, served): (&'a [Post], &'a [Served]),
        assets: &'a [Asset],
        lists: &'a [ServedList],
        tags: &'a TagMap,
        target: Target,
    ) -> Self {
        let by_source = posts.iter().enumerate().map(|(at, post)| (post.source.as_str(), at)).collect();
        Context {
            site,
            posts,
            served,
            assets,
            lists,
            paths: None,
            bundles: None,
            tags,
            target,
            by_source,
            globals: OnceLock::new(),
            index: Index::new(posts, assets, lists),
        }
    }

    /// What Liquid templates share.
    pub(crate) fn globals(&self) -> &liquid::Globals {
        self.globals.get_or_init(|| liquid::Globals::new(self.posts))
    }

    /// The document of a source path.
    pub fn post_of_source(&self, source: &str) -> Option<&'a Post> {
        self.by_source.get(source).map(|&at| &self.posts[at])
    }
}
