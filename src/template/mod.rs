//! Templates: what the source expands before its Markdown is read.
//!
//! A template sees a [`Blog`], which is all of the old site, and nothing of the target.

mod around;
mod lines;
pub mod liquid;
pub mod nunjucks;
mod order;
pub mod shortcode;

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::mapping::TemplateRules;
use crate::model::{Asset, Details, Moment, Opened, Post, Site};
pub use around::looks_around;
use order::Order;

/// The old blog as templates see it: the site, every document and every file of it.
#[derive(Debug)]
pub struct Blog {
    /// The site.
    pub site: Arc<Site>,
    /// The day on which it counts as built ([`day_of`]).
    pub built: Moment,
    /// Every document, its fields mapped and its old address known; behind those that are published the others, which
    /// only templates show.
    pub posts: Vec<Arc<Post>>,
    /// How many of them are published.
    pub published: usize,
    /// Every other file, in the order of their source paths.
    pub assets: Arc<[Asset]>,
    /// What tags become, and what the theme does to texts.
    pub rules: TemplateRules,
    /// The documents by their source paths.
    by_source: Order,
    /// The documents by slug and by title, for templates that link to them so.
    by_slug: OnceLock<Order>,
    by_title: OnceLock<Order>,
    /// Gathered when the first template asks.
    globals: OnceLock<liquid::Globals>,
    shelf: Arc<dyn Shelf>,
    /// The front matter of every document, read once more when a template asks for that of another one.
    details: OnceLock<Vec<Details>>,
}

/// Where a document's front matter can be read once more: it is not kept, for few templates ask for that of another
/// document.
pub trait Shelf: Send + Sync {
    /// What only the document itself needs.
    fn details(&self, post: &Arc<Post>) -> Details;

    /// The document whole; nothing where its file cannot be read any more.
    fn open(&self, post: &Arc<Post>) -> Option<Opened>;
}

/// The day of a build: of its time no more is shown, so that two conversions of one day have the same bytes.
pub fn day_of(built: Timestamp, zone: &TimeZone) -> Moment {
    let zoned = built.to_zoned(zone.clone());
    let start = zoned.start_of_day().unwrap_or(zoned);
    Moment { instant: start.timestamp(), offset: start.offset() }
}

impl std::fmt::Debug for dyn Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shelf")
    }
}

impl Blog {
    /// The blog with its index.
    pub fn new(
        (site, built): (Arc<Site>, Moment),
        (posts, published): (Vec<Arc<Post>>, usize),
        assets: Arc<[Asset]>,
        rules: TemplateRules,
        shelf: Arc<dyn Shelf>,
    ) -> Self {
        Blog {
            by_source: Order::new(0..posts.len(), |at| &posts[at].source),
            by_slug: OnceLock::new(),
            by_title: OnceLock::new(),
            globals: OnceLock::new(),
            details: OnceLock::new(),
            site,
            built,
            posts,
            published,
            assets,
            rules,
            shelf,
        }
    }

    /// What Liquid templates share.
    pub(crate) fn globals(&self) -> &liquid::Globals {
        self.globals.get_or_init(|| liquid::Globals::new(self))
    }

    /// The front matter of a document other than the one that a template stands in.
    pub(crate) fn details(&self, post: &Post) -> Option<&Details> {
        let details = self.details.get_or_init(|| self.posts.iter().map(|post| self.shelf.details(post)).collect());
        details.get(self.place_of_source(&post.source)?)
    }

    /// The place of the document of a source path.
    pub fn place_of_source(&self, source: &str) -> Option<usize> {
        self.by_source.with(source, |at| &self.posts[at].source).next()
    }

    /// The documents that have pages of their own.
    pub fn published(&self) -> &[Arc<Post>] {
        self.posts.get(..self.published).unwrap_or(&self.posts)
    }

    /// The document of a source path.
    pub fn post_of_source(&self, source: &str) -> Option<&Post> {
        self.place_of_source(source).map(|at| &*self.posts[at])
    }

    /// Another document whole, read once more.
    pub(crate) fn open(&self, post: &Post) -> Option<Opened> {
        self.shelf.open(&self.posts[self.place_of_source(&post.source)?])
    }

    /// The first document with a slug, or else with a title.
    pub fn post_of_name(&self, name: &str) -> Option<&Post> {
        let slug = |at: usize| self.posts[at].slug.as_str();
        let title = |at: usize| self.posts[at].title.as_deref().unwrap_or_default();
        let named = self.by_slug.get_or_init(|| Order::new(0..self.published().len(), slug)).with(name, slug).next();
        let titled = || {
            let by_title = self.by_title.get_or_init(|| Order::new(0..self.published().len(), title));
            by_title.with(name, title).find(|at| self.posts[*at].title.is_some())
        };
        named.or_else(titled).map(|at| &*self.posts[at])
    }

    /// The other file of a source path.
    pub fn asset_of_source(&self, source: &str) -> Option<&Asset> {
        self.assets.binary_search_by(|asset| (*asset.source).cmp(source)).ok().map(|at| &self.assets[at])
    }
}
