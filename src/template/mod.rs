//! Templates: what the source expands before its Markdown is read.
//!
//! A template sees a [`Blog`], which is all of the old site, and nothing of the target.

pub mod liquid;
pub mod nunjucks;

use std::sync::{Arc, OnceLock};

use crate::mapping::tagmap::TagMap;
use crate::model::{Asset, Details, Post, Site};

/// The old blog as templates see it: the site, every document and every file of it.
#[derive(Debug)]
pub struct Blog {
    /// The site.
    pub site: Arc<Site>,
    /// Every document, its fields mapped and its old address known.
    pub posts: Vec<Arc<Post>>,
    /// Every other file.
    pub assets: Arc<[Asset]>,
    /// What tags become.
    pub tags: TagMap,
    /// The documents by their source paths.
    by_source: BySource,
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
    fn details(&self, post: &Post) -> Details;
}

impl std::fmt::Debug for dyn Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shelf")
    }
}

/// The places of documents in a list, in the order of their source paths.
#[derive(Debug)]
struct BySource(Box<[u32]>);

impl BySource {
    fn new(posts: &[Arc<Post>]) -> Self {
        let mut order: Vec<u32> = (0..u32::try_from(posts.len()).unwrap_or(u32::MAX)).collect();
        order.sort_by(|a, b| posts[*a as usize].source.cmp(&posts[*b as usize].source));
        BySource(order.into())
    }

    fn find(&self, posts: &[Arc<Post>], source: &str) -> Option<usize> {
        let found = self.0.binary_search_by(|at| (*posts[*at as usize].source).cmp(source)).ok()?;
        Some(self.0[found] as usize)
    }
}

impl Blog {
    /// The blog with its index.
    pub fn new(
        site: Arc<Site>,
        posts: Vec<Arc<Post>>,
        assets: Arc<[Asset]>,
        tags: TagMap,
        shelf: Arc<dyn Shelf>,
    ) -> Self {
        let by_source = BySource::new(&posts);
        Blog { site, posts, assets, tags, by_source, globals: OnceLock::new(), shelf, details: OnceLock::new() }
    }

    /// What Liquid templates share.
    pub(crate) fn globals(&self) -> &liquid::Globals {
        self.globals.get_or_init(|| liquid::Globals::new(&self.posts))
    }

    /// The front matter of a document other than the one that a template stands in.
    pub(crate) fn details(&self, post: &Post) -> Option<&Details> {
        let details = self.details.get_or_init(|| self.posts.iter().map(|post| self.shelf.details(post)).collect());
        details.get(self.place_of_source(&post.source)?)
    }

    /// The place of the document of a source path.
    pub fn place_of_source(&self, source: &str) -> Option<usize> {
        self.by_source.find(&self.posts, source)
    }

    /// The document of a source path.
    pub fn post_of_source(&self, source: &str) -> Option<&Post> {
        self.place_of_source(source).map(|at| &*self.posts[at])
    }
}
