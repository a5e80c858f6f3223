//! Templates: what the source expands before its Markdown is read.
//!
//! A template sees a [`Blog`], which is all of the old site, and nothing of the target.

pub mod liquid;
pub mod nunjucks;

use std::sync::{Arc, OnceLock};

use crate::mapping::tagmap::TagMap;
use crate::model::{Asset, Post, Site};

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
        let found = self.0.binary_search_by(|at| posts[*at as usize].source.as_str().cmp(source)).ok()?;
        Some(self.0[found] as usize)
    }
}

impl Blog {
    /// The blog with its index.
    pub fn new(site: Arc<Site>, posts: Vec<Arc<Post>>, assets: Arc<[Asset]>, tags: TagMap) -> Self {
        let by_source = BySource::new(&posts);
        Blog { site, posts, assets, tags, by_source, globals: OnceLock::new() }
    }

    /// What Liquid templates share.
    pub(crate) fn globals(&self) -> &liquid::Globals {
        self.globals.get_or_init(|| liquid::Globals::new(&self.posts))
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
