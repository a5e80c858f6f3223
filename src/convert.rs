//! The whole road: read, map, translate, write, plan. What the disk will hold is decided here, and nothing is written.

use std::collections::HashSet;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::address::{Book, Bundles, Holder, Host, Served, ServedList, settle, shown, untangle};
use crate::ledger::{Code, Ledger};
use crate::mapping::{Mapping, MappingError, TargetMapping, UserFile, tags_of};
use crate::markup::{self, Context, Link, Target, Translated, check_fragments};
use crate::model::{Asset, Kind, List, Place, Post, Shows, Site, Value};
use crate::plan::{Content, File, Plan};
use crate::read::{ReadError, ReadOptions, Reader, detect};
use crate::write::{Blog, FEED_ID, Listing, Theme, Writer};

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
    pub plan: Plan,
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
    let generator = reader.name();
    let tags = tags_of(generator, &job.mappings)?;
    let mut counts = count(&posts, assets.len());
    untangle(&mut posts, &site, &mut ledger);
    let settled = settle(&mut posts, &site, &mut ledger);
    let served = job.writer.serve(&posts, settled, &mut ledger);
    let mut paths = job.writer.content_paths(&posts, &served);
    let lists = serve_lists(job, &site, &posts, shown(lists, &posts, &served, &assets));
    keep_entry_ids(reader, &site, &mut posts, &served, &lists);
    let mut links = Vec::new();
    let mut bundles = Bundles::default();
    if let Some(target) = Target::of(job.writer.name()) {
        let mut context = Context::new(&site, (&posts, &served), &assets, &lists, &tags, target);
        if job.bundles {
            bundles = bundle(job.writer, &context, &paths);
            context.bundles = Some(&bundles);
            for (_, path) in paths.iter_mut().enumerate().filter(|(at, _)| bundles.holds(*at)) {
                *path = path.strip_suffix(".md").map_or(path.clone(), |stem| format!("{stem}/index.md"));
            }
        }
        context.paths = (job.links == Links::Native).then_some(paths.as_slice());
        let mut translated = translate_all(&context, &mut ledger);
        links = translated.iter_mut().flat_map(|translated| std::mem::take(&mut translated.links)).collect();
        counts.links.checked = links.len();
        counts.links.dead_now = check_fragments(&mut links, &translated, &context, &mut ledger);
        for (post, translated) in posts.iter_mut().zip(translated) {
            post.body.text = translated.text;
            post.summary = post.summary.take().or(translated.summary);
            post.cover = translated.cover.or(post.cover.take());
            counts.blocks += translated.blocks;
            counts.html_blocks += translated.html_blocks;
        }
    }
    let blog = Blog {
        site: &site,
        posts: &posts,
        served: &served,
        paths: &paths,
        lists: &lists,
        assets: &assets,
        bundles: &bundles,
        theme: job.theme,
        mapping: &target_mapping,
    };
    let mut files: Vec<File> = job.writer.write(&blog, &mut ledger);
    let held = files.iter().filter_map(|file| file.source.as_deref()).collect();
    let book = Book::new(&posts, &served, &lists, (&assets, &bundles), &held);
    let unused = unused(&assets, &links);
    redirects(job, &book, &site, &mut files, &mut ledger);
    let by_host = job.redirects.iter().any(|host| host.answers);
    count_dead(&links, |old| book.leaves_dead(old, by_host), &mut counts.links, &mut ledger);
    ledger.sort();
    Ok(Outcome { generator, plan: Plan::new(files), book, unused, ledger, counts, site })
}

/// Decides which documents hold files of their own, by what every one of them refers to.
fn bundle(writer: &dyn Writer, context: &Context<'_>, paths: &[String]) -> Bundles {
    let holder = |(at, post): (usize, &'_ Post)| {
        let address = context.served[at].address.as_str();
        let links = markup::links_of(post, context);
        (at, writer.bundle_folder(address), links.into_iter().filter_map(|link| link.old).collect())
    };
    let found: Vec<(usize, Option<String>, HashSet<String>)> =
        context.posts.par_iter().enumerate().map(holder).collect();
    let holders: Vec<Holder<'_>> = found
        .into_iter()
        .filter_map(|(at, folder, refers_to)| {
            let address = context.served[at].address.as_str();
            Some(Holder { post: &context.posts[at], path: &paths[at], address, folder: folder?, refers_to })
        })
        .collect();
    Bundles::new(&holders, context.assets)
}

/// Translates every body. Each keeps a ledger of its own: joined in order, the result does not depend on the threads.
fn translate_all(context: &Context<'_>, ledger: &mut Ledger) -> Vec<Translated> {
    let translate = |post: &Post| {
        let mut own = Ledger::default();
        (markup::translate(post, context, &mut own), own)
    };
    let translated: Vec<(Translated, Ledger)> = context.posts.par_iter().map(translate).collect();
    let mut bodies = Vec::with_capacity(translated.len());
    for (body, own) in translated {
        bodies.push(body);
        ledger.absorb(own);
    }
    bodies
}

/// Writes the redirects of every host that was asked for. Where the author has such a file, they go to its end.
fn redirects(job: &Job, book: &Book, site: &Site, files: &mut Vec<File>, ledger: &mut Ledger) {
    let mut written: Vec<&str> = Vec::new();
    for host in &job.redirects {
        let Some(text) = host.redirects(book, site).filter(|_| !written.contains(&host.file)) else { continue };
        written.push(host.file);
        let folder = if host.published { job.writer.published_folder() } else { "" };
        let path = format!("{folder}/{}", host.file).trim_start_matches('/').to_owned();
        match files.iter_mut().find(|file| file.path == path) {
            Some(own) => match own.content.bytes() {
                Ok(bytes) if host.file != "vercel.json" => {
                    let end = if bytes.is_empty() || bytes.ends_with(b"\n") { "" } else { "\n" };
                    own.content = Content::Bytes([bytes.as_slice(), end.as_bytes(), text.as_bytes()].concat());
                }
                _ => {
                    let message = format!("the blog has a {path} of its own: its redirects are not in it");
                    ledger.add(Code::PathConflict, Place::file(&path), message);
                }
            },
            None => files.push(File { path, content: Content::Bytes(text.into_bytes()), source: None }),
        }
    }
}

/// Counts the links that lead nowhere, before and now, and enters those that only do now.
fn count_dead(links: &[Link], leaves_dead: impl Fn(&str) -> bool, counts: &mut LinkCounts, ledger: &mut Ledger) {
    for link in links {
        match &link.old {
            None => {
                counts.dead_before += 1;
                counts.dead_now += usize::from(!link.repaired);
            }
            Some(old) if leaves_dead(old) => {
                counts.dead_now += 1;
                let message = format!("{old} does not answer on the new site");
                ledger.add_quoting(Code::LinkDead, link.place.clone(), message, &link.typed);
            }
            Some(_) => {}
        }
    }
}

fn serve_lists(job: &Job, site: &Site, posts: &[Post], lists: Vec<List>) -> Vec<ServedList> {
    let listing = Listing { site, posts, lists: &lists, theme: job.theme };
    let addresses: Vec<Option<String>> = lists.iter().map(|list| job.writer.list_address(list, &listing)).collect();
    lists.into_iter().zip(addresses).map(|(list, address)| ServedList { list, address }).collect()
}

/// Keeps what identifies each post to those who read the blog's feed, where its new address would not: otherwise every
/// post would be new to them.
fn keep_entry_ids(reader: &dyn Reader, site: &Site, posts: &mut [Post], served: &[Served], lists: &[ServedList]) {
    let format = lists.iter().find_map(|served| match served.list.shows {
        Shows::Feed(format) => Some(format),
        _ => None,
    });
    let Some(format) = format else { return };
    for (post, served) in posts.iter_mut().zip(served).filter(|(post, _)| post.kind == Kind::Post && !post.draft) {
        let id = reader.entry_id(post, site, format);
        if id != format!("{}{}{}", site.host, site.base_path, served.address) && !post.extra.contains_key(FEED_ID) {
            post.extra.insert(FEED_ID.to_owned(), Value::String(id));
        }
    }
}

fn unused(assets: &[Asset], links: &[Link]) -> Vec<String> {
    let used: HashSet<&str> = links.iter().filter_map(|link| link.old.as_deref()).collect();
    let unused = assets.iter().filter(|asset| !used.contains(asset.address.as_str()));
    unused.map(|asset| asset.source.clone()).collect()
}

fn count(posts: &[Post], assets: usize) -> Counts {
    let of = |kind: fn(&Kind) -> bool| posts.iter().filter(|post| !post.draft && kind(&post.kind)).count();
    Counts {
        posts: of(|kind| *kind == Kind::Post),
        pages: of(|kind| *kind == Kind::Page),
        items: of(|kind| matches!(kind, Kind::Item(_))),
        drafts: posts.iter().filter(|post| post.draft).count(),
        assets,
        ..Counts::default()
    }
}
