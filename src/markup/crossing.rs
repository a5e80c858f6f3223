//! What a body is carried over with: the old site, where its addresses led, and the new one, where they lead now.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use super::target::{self, Reading};
use crate::address::{Bundles, Found, Index, Placed, ServedList};
use crate::model::{Post, Target};
use crate::template::Blog;

/// The old site, and what was at each of its addresses.
#[derive(Debug)]
pub struct OldSite {
    /// The blog.
    pub blog: Arc<Blog>,
    /// Its lists and feeds.
    pub lists: Arc<[ServedList]>,
    /// What was at each address.
    pub index: Index,
    /// What it had beside what is taken over.
    pub beyond: Beyond,
    /// The first folders of its addresses.
    folders: HashSet<String>,
    /// The addresses of the theme's files, gathered when a link leads to nothing else.
    of_theme: OnceLock<HashSet<String>>,
}

/// What an old site had, or may have had, beside what is taken over of it.
#[derive(Debug, Default)]
pub struct Beyond {
    /// The addresses of what templates made that are no pages.
    pub left_behind: Vec<Arc<str>>,
    /// The folders of the theme whose files were served from the root of the site.
    pub theme: Vec<String>,
    /// What may have published something that nobody can see here.
    pub unseen: Option<String>,
}

impl OldSite {
    /// The site with its index.
    pub fn new(blog: Arc<Blog>, lists: Arc<[ServedList]>, beyond: Beyond) -> Self {
        let index = Index::new(blog.published(), &blog.assets, &lists, &beyond.left_behind);
        let addresses = blog.published().iter().map(|post| &*post.address);
        let addresses = addresses.chain(blog.assets.iter().map(|asset| &*asset.address));
        let folders = addresses.filter_map(first_folder).map(str::to_owned).collect();
        OldSite { blog, lists, index, beyond, folders, of_theme: OnceLock::new() }
    }

    /// Whether an address below the base path, at which the blog has nothing, may be another site's on the same host: its
    /// first folder is none of the blog's, and the blog is served from the host's root.
    pub fn is_perhaps_anothers(&self, address: &str) -> bool {
        let own = first_folder(address).is_some_and(|folder| self.folders.contains(folder));
        self.blog.site.base_path.is_empty() && !own
    }

    /// What was at an address below the base path, decoded.
    pub fn find(&self, address: &str) -> Option<Found> {
        let is_of_theme = || self.of_theme().contains(address.trim_start_matches('/'));
        self.index.find(address).or_else(|| is_of_theme().then_some(Found::LeftBehind))
    }

    fn of_theme(&self) -> &HashSet<String> {
        self.of_theme.get_or_init(|| {
            let files = self.beyond.theme.iter().flat_map(|folder| {
                let files = self.blog.site.root.files(folder, |_| true).into_iter();
                let below = format!("{}/", folder.trim_end_matches('/'));
                files.filter_map(move |file| Some(file.path.strip_prefix(&below)?.to_owned()))
            });
            files.collect()
        })
    }

    /// The address of what was found and taken over.
    pub fn address(&self, found: Found) -> &str {
        match found {
            Found::LeftBehind => "",
            Found::Document(at) => &self.blog.posts[at].address,
            Found::File(at) => &self.blog.assets[at].address,
            Found::List(at) => &self.lists[at].list.address,
        }
    }
}

/// The first folder of an address; the name of a page beside the first one is none.
fn first_folder(address: &str) -> Option<&str> {
    address.trim_start_matches('/').split_once('/').map(|(folder, _)| folder)
}

/// The way from the old site to the new one.
#[derive(Debug)]
pub struct Crossing {
    /// The old site.
    pub old: OldSite,
    /// Every document of it with its place on the new site.
    pub placed: Arc<[Placed]>,
    /// The files that lie beside their documents.
    pub bundles: Arc<Bundles>,
    /// Whether links name the files of documents (`--links native`).
    pub native: bool,
    /// What bodies are translated for.
    pub target: Target,
}

impl Crossing {
    /// What the new page shows of a body as it is written.
    pub fn page(&self, post: &Post, written: &str) -> String {
        match self.target {
            Target::Html => written.to_owned(),
            Target::Hugo | Target::Zola => target::page(written, self.reading(post)),
        }
    }

    /// How the target will be told to read this post.
    pub(super) fn reading(&self, post: &Post) -> Reading {
        let hugo = self.target == Target::Hugo;
        let markup = &self.old.blog.site.markup;
        Reading {
            target: self.target,
            hard_breaks: hugo && markup.hard_breaks,
            bare_links: hugo && markup.bare_links,
            cased_ids: markup.cased_ids,
            math: hugo && markup.math && post.dialect.marks_formulas(),
        }
    }
}
