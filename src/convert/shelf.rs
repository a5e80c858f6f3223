//! The documents of a source: each is read twice, once to know what others need of it, and once when it is carried over.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use rayon::prelude::*;

use super::memory::IndexMemory;
use super::overrides::{Override, Overrides};
use crate::ledger::Ledger;
use crate::mapping::Mapping;
use crate::model::{Asset, Details, List, Opened, Post, Site};
use crate::read::{Documents, Found, Reader, Source};
use crate::source::SiteFile;
use crate::template;

/// Where documents are read, and read again.
pub struct Shelf {
    /// The source generator.
    pub reader: &'static dyn Reader,
    /// The site.
    pub site: Arc<Site>,
    documents: Box<dyn Documents>,
    mapping: Mapping,
    overrides: Overrides,
}

/// What the first pass knows of a source.
#[derive(Default)]
pub struct Indexed {
    /// Every document.
    pub posts: Vec<Post>,
    /// Documents that are not published, but that the templates of others can show.
    pub unpublished: Vec<Post>,
    /// Every other file, as far as its address is known.
    pub assets: Vec<Asset>,
    /// The files in folders of documents' own.
    pub held: Vec<Arc<str>>,
    /// The feeds that the author wrote as templates.
    pub feeds: Vec<List>,
    /// The addresses of what other templates made.
    pub left_behind: Vec<Arc<str>>,
}

/// The names that many documents have in common, each kept once.
#[derive(Default)]
struct Names(HashSet<Arc<str>>);

impl Names {
    fn share(&mut self, post: &mut Post) {
        let names = post.tags.iter_mut().chain(post.categories.iter_mut().flatten()).chain(&mut post.layout);
        for name in names {
            match self.0.get(name) {
                Some(known) => *name = Arc::clone(known),
                None => _ = self.0.insert(Arc::clone(name)),
            }
        }
        post.tags.shrink_to_fit();
    }
}

/// How many files are looked at before what was found of them is joined.
const PART: usize = 1024;

/// What is kept of a file.
enum Kept {
    Post(Box<Post>),
    Unpublished(Box<Post>),
    Other(Found),
}

impl Shelf {
    /// The first pass: every file is read once, and of a document only what others need is kept.
    pub fn index(
        reader: &'static dyn Reader,
        source: Source,
        (mapping, overrides): (Mapping, &[Override]),
        memory: &IndexMemory,
        ledger: &mut Ledger,
    ) -> (Self, Indexed) {
        let Source { site, files, assets, documents } = source;
        let site = Arc::new(site);
        let overrides = Overrides::new(overrides, &site);
        let shelf = Shelf { reader, site, documents, mapping, overrides };
        // each document keeps a ledger of its own: joined in order, the result does not depend on the threads
        let look = |file: &SiteFile| {
            let stamp = memory.stamp(&shelf.site, &file.path).filter(|_| file.bar.is_none() && !file.is_lossy);
            if let Some((post, own)) = memory.recall(&file.path, stamp) {
                return (Kept::Post(Box::new(post)), own);
            }
            let mut own = Ledger::default();
            let site = shelf.overrides.site(&file.path, &shelf.site);
            let kept = match shelf.look(file, &mut own) {
                Found::Document(document) => {
                    Kept::Post(Box::new(shelf.mapping.normalize(*document, site, reader, &mut own).0))
                }
                Found::Unpublished(document) => {
                    // its fields go nowhere, so that there is nothing to say of them
                    let mut unheard = Ledger::default();
                    let mapped = shelf.mapping.normalize(*document, site, reader, &mut unheard).0;
                    Kept::Unpublished(Box::new(mapped))
                }
                other => Kept::Other(other),
            };
            if let Kept::Post(post) = &kept {
                memory.keep(&file.path, stamp, post, &own);
            }
            (kept, own)
        };
        let mut indexed = Indexed { assets, ..Indexed::default() };
        let mut names = Names::default();
        // joined as it goes, so that what is found of one part is small before the next one is read
        for part in files.chunks(PART) {
            let kept: Vec<(Kept, Ledger)> = part.par_iter().map(look).collect();
            for (kept, own) in kept {
                match kept {
                    Kept::Post(mut post) => {
                        names.share(&mut post);
                        indexed.posts.push(*post);
                    }
                    Kept::Unpublished(post) => indexed.unpublished.push(*post),
                    Kept::Other(Found::Asset(asset)) => indexed.assets.push(asset),
                    Kept::Other(Found::Held(path)) => indexed.held.push(path),
                    Kept::Other(Found::Feed(list)) => indexed.feeds.push(list),
                    Kept::Other(Found::LeftBehind(address)) => indexed.left_behind.push(address),
                    Kept::Other(Found::Document(_) | Found::Unpublished(_) | Found::Nothing) => {}
                }
                ledger.absorb(own);
            }
        }
        (shelf, indexed)
    }

    /// What is at a path, with what the user says of it.
    fn look(&self, file: &SiteFile, ledger: &mut Ledger) -> Found {
        let mut found = self.documents.look(&self.site, file, ledger);
        if let Found::Document(document) | Found::Unpublished(document) = &mut found {
            self.overrides.apply(document);
        }
        found
    }

    /// Where fields go.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The second pass: a document with everything that its own pages need. What there was to say about its file has
    /// been said the first time.
    ///
    /// # Errors
    /// Where its file cannot be read any more.
    pub fn open(&self, post: &Arc<Post>) -> io::Result<Opened> {
        let mut unheard = Ledger::default();
        let file = SiteFile::of(post.source.clone());
        let (Found::Document(mut document) | Found::Unpublished(mut document)) = self.look(&file, &mut unheard) else {
            return Err(io::Error::other("it was there when the conversion began, and cannot be read any more"));
        };
        let text = std::mem::take(&mut document.body.text);
        let site = self.overrides.site(&post.source, &self.site);
        let details = self.mapping.details(*document, site, self.reader, &mut unheard);
        Ok(Opened::new(post.clone(), details, text))
    }
}

impl template::Shelf for Shelf {
    /// Nothing where its file cannot be read any more.
    fn details(&self, post: &Arc<Post>) -> Details {
        self.open(post).map(|opened| opened.details).unwrap_or_default()
    }

    fn open(&self, post: &Arc<Post>) -> Option<Opened> {
        self.open(post).ok()
    }
}
