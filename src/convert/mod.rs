//! The whole road: read, map, translate, write, plan. What the disk will hold is decided here, and nothing is written.

mod addresses;
mod bodies;
mod links;
mod redirects;

use std::path::PathBuf;

use rayon::prelude::*;

use crate::address::{Book, Host};
use crate::ledger::Ledger;
use crate::mapping::{Mapping, MappingError, TargetMapping, UserFile, tags_of};
use crate::model::Target;
use crate::model::{Asset, DocumentKind, List, Post, Site};
use crate::plan::{File, Plan};
use crate::read::{ReadError, ReadOptions, Reader, detect};
use crate::write::{Blog, Theme, Writer};
use addresses::Addresses;

/// A conversion, every option checked.
pub struct Job {
    /// The source's folder.
    pub source: PathBuf,
    /// The source generator; found by itself where it is `None`.
    pub reader: Option<&'static dyn Reader>,
    /// The target.
    pub writer: &'static dyn Writer,
    /// What the command line says about reading.
    pub options: ReadOptions,
    /// The user's mapping files, in order.
    pub mappings: Vec<UserFile>,
    /// Which theme to write.
    pub theme: Theme,
    /// The hosts that get redirects.
    pub redirects: Vec<&'static Host>,
    /// How links between documents are written.
    pub links: Links,
    /// Whether documents hold their own images.
    pub bundles: bool,
}

/// How links between documents are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Links {
    /// As addresses from the root of the host, as typed wherever that leads right.
    #[default]
    Addresses,
    /// In the target's own form, by the files of the documents: `{{< relref >}}` in Hugo, `@/` in Zola. Plain HTML has
    /// no form of its own.
    Native,
}

/// What a conversion would give.
#[derive(Debug)]
pub struct Outcome {
    /// The source generator.
    pub generator: &'static str,
    /// The site.
    pub site: Site,
    /// Every file of the new site.
    pub plan: Plan<'static>,
    /// Every address of the old site, and how it is answered.
    pub book: Book,
    /// The files that no body and no cover refers to, below the source's root. A theme may.
    pub unused: Vec<String>,
    /// What became of everything.
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
    /// How many lead nowhere on the new one.
    pub dead_now: usize,
}

/// Why nothing could be planned.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// The source cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A mapping file has a mistake.
    #[error(transparent)]
    Mapping(#[from] MappingError),
}

/// A source read and its fields mapped, before any body is touched.
pub struct Mapped {
    /// The source generator.
    pub reader: &'static dyn Reader,
    /// The site.
    pub site: Site,
    /// Every document.
    pub posts: Vec<Post>,
    /// Every other file.
    pub assets: Vec<Asset>,
    /// Every list and feed.
    pub lists: Vec<List>,
    /// What has become of everything so far.
    pub ledger: Ledger,
}

/// Reads a source and maps its fields.
///
/// # Errors
/// [`ConvertError`] where the source as a whole cannot be read or a mapping file has a mistake.
pub fn read_and_map(job: &Job) -> Result<Mapped, ConvertError> {
    let reader = match job.reader {
        Some(reader) => {
            detect::check_folder(&job.source)?;
            reader
        }
        None => detect::detect(&job.source)?,
    };
    let mapping = Mapping::of_source(reader.name(), &job.mappings)?;
    let mut ledger = Ledger::default();
    let source = reader.read(&job.source, &job.options, &mut ledger)?;
    let site = source.site;
    // each document keeps a ledger of its own: joined in order, the result does not depend on the threads
    let mapped: Vec<(Post, Ledger)> = source
        .documents
        .into_par_iter()
        .map(|document| {
            let mut own = Ledger::default();
            (mapping.normalize(document, &site, reader, &mut own), own)
        })
        .collect();
    let mut posts = Vec::with_capacity(mapped.len());
    for (post, own) in mapped {
        posts.push(post);
        ledger.absorb(own);
    }
    // feeds of the author's own come before those of plugins
    let lists = source.feeds.into_iter().chain(reader.lists(&posts, &site)).collect();
    Ok(Mapped { reader, site, posts, assets: source.assets, lists, ledger })
}

/// Plans a conversion.
///
/// # Errors
/// [`ConvertError`] as [`read_and_map`]; a single bad document is an entry in the ledger instead.
pub fn plan(job: &Job) -> Result<Outcome, ConvertError> {
    let target_mapping = TargetMapping::of_target(job.writer.name(), &job.mappings)?;
    let Mapped { reader, site, mut posts, assets, lists, mut ledger } = read_and_map(job)?;
    let tags = tags_of(reader.name(), &job.mappings)?;
    let mut counts = count(&posts, assets.len());
    let mut addresses = Addresses::settle(job, &site, &mut posts, &assets, lists, &mut ledger);
    addresses.keep_entry_ids(reader, &site, &mut posts);
    let links = match Target::of(job.writer.name()) {
        Some(target) => {
            let source = bodies::Source { site: &site, assets: &assets, tags: &tags, target };
            bodies::carry_over(job, &source, &mut posts, &mut addresses, &mut counts, &mut ledger)
        }
        None => Vec::new(),
    };
    let blog = Blog {
        site: &site,
        posts: &posts,
        served: &addresses.served,
        paths: &addresses.paths,
        lists: &addresses.lists,
        assets: &assets,
        bundles: &addresses.bundles,
        theme: job.theme,
        mapping: &target_mapping,
    };
    let mut files: Vec<File> = job.writer.write(&blog, &mut ledger);
    let held = files.iter().filter_map(|file| file.source.as_deref()).collect();
    let book = Book::new(&posts, &addresses.served, &addresses.lists, (&assets, &addresses.bundles), &held);
    redirects::add(job, &book, &site, &mut files, &mut ledger);
    links::count_dead(&links, &book, &mut counts.links, &mut ledger);
    ledger.sort();
    let unused = links::unused(&assets, &links);
    Ok(Outcome { generator: reader.name(), plan: Plan::new(files), book, unused, ledger, counts, site })
}

fn count(posts: &[Post], assets: usize) -> Counts {
    let of = |kind: fn(&DocumentKind) -> bool| posts.iter().filter(|post| !post.draft && kind(&post.kind)).count();
    Counts {
        posts: of(|kind| *kind == DocumentKind::Post),
        pages: of(|kind| *kind == DocumentKind::Page),
        items: of(|kind| matches!(kind, DocumentKind::Item(_))),
        drafts: posts.iter().filter(|post| post.draft).count(),
        assets,
        ..Counts::default()
    }
}
