//! The whole road: read, map, settle, plan; then each body is carried over when the content of its file is asked for.
//! What the disk will hold is decided here, and nothing is written.

mod addresses;
mod bundles;
mod carry;
mod job;
mod memory;
mod outcome;
mod overrides;
mod pairs;
mod parts;
mod redirects;
mod shelf;
mod spread;
mod story;

use std::sync::Arc;
use std::time::SystemTime;

use crate::address::{Book, Placed, ServedList};
use crate::archive::Refused;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::ledger::{Code, Ledger};
use crate::mapping::{Mapping, TargetMapping, TemplateRules, rules_of, theme};
use crate::markup::{Beyond, Crossing, OldSite};
use crate::model::{Asset, Details, DocumentKind, List, Mistake, Place, Post, Site};
use crate::plan::{Failure, Plan, Provenance};
use crate::read::{Approximated, ReadError, ReadOptions, Reader, detect};
use crate::source::LARGEST;
use crate::template;
use crate::write::{Blog, Planned, Theme};
use addresses::Addresses;
use carry::Carrier;
pub use job::{Job, Links};
use memory::{IndexMemory, Left, Memory};
pub use outcome::{Counts, LinkCounts, Outcome};
pub use overrides::Override;
pub use pairs::{Comparison, Pair};
use shelf::{Indexed, Shelf};
pub use spread::{Carried, Given};
pub use story::{FieldStory, LinkStory, Story};

/// A conversion, planned: every file of the new site is known, and its content is made when it is asked for.
pub struct Conversion {
    /// Every file of the new site.
    pub plan: Plan<'static>,
    /// Every address of the old site, and how it is answered.
    pub book: Arc<Book>,
    generator: &'static str,
    site: Arc<Site>,
    carrier: Arc<Carrier>,
}

impl Conversion {
    /// What became of everything, as far as the contents of the plan's files have been asked for; what of them could
    /// not be written is in it. It ends the conversion: of a large blog there is much to say, and it is kept once.
    pub fn outcome(self, failed: &[Failure]) -> Outcome {
        let Conversion { plan, book, generator, site, carrier } = self;
        drop(plan);
        let (counts, mut ledger) = carrier.conclude();
        for Failure { path, source, message } in failed {
            let file = source.as_ref().unwrap_or(path);
            ledger.add(Code::FileFailed, Place::file(file.clone()), message.as_str());
        }
        ledger.sort();
        Outcome { generator, site, book, unused: carrier.unused(), ledger, counts }
    }
}

/// Why nothing could be planned.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// There is no blog that can be read.
    #[error(transparent)]
    NoBlog(#[from] ReadError),
    /// A mapping file is not right.
    #[error("a mapping file has a mistake")]
    WrongMapping(#[from] Mistake),
}

/// A source read and its fields mapped, before any body is touched.
pub struct Mapped {
    /// Every document, as far as others must know of it.
    pub posts: Vec<Post>,
    /// Every other file.
    pub assets: Vec<Asset>,
    /// Every list and feed.
    pub lists: Vec<List>,
    /// What has become of everything so far.
    pub ledger: Ledger,
    /// What is done with templates.
    rules: TemplateRules,
    /// Documents that are not published, but that the templates of others can show.
    unpublished: Vec<Post>,
    /// The addresses of what templates made that are no pages.
    left_behind: Vec<Arc<str>>,
    shelf: Shelf,
    /// What the last run has left of bodies, and this one of files.
    memory: (Left, IndexMemory),
}

impl Mapped {
    /// The source generator.
    pub fn reader(&self) -> &'static dyn Reader {
        self.shelf.reader
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.shelf.site
    }

    /// Where fields go.
    pub fn mapping(&self) -> &Mapping {
        self.shelf.mapping()
    }

    /// What only a document itself needs of its front matter, read once more.
    pub fn details(&self, post: &Post) -> Details {
        template::Shelf::details(&self.shelf, &Arc::new(post.clone()))
    }
}

/// Reads a source and maps its fields.
///
/// # Errors
/// [`ConvertError`] where the source as a whole cannot be read or a mapping file has a mistake.
pub fn read_and_map(job: &Job) -> Result<Mapped, ConvertError> {
    let begun = SystemTime::now();
    let options = &job.options;
    let mut folder =
        detect::open(&job.source)?.reading_up_to(options.max_file_size.unwrap_or(LARGEST)).encoded(options.encoding);
    if let Some(unpacked) = &job.unpacked {
        folder = folder.called(unpacked.archive.clone());
    }
    let reader = match job.reader {
        Some(reader) => reader,
        None => detect::detect(&folder)?,
    };
    if job.is_given {
        folder = folder.written_over();
    }
    // a mistake of the user's is told before anything is read
    if let Some(named) = &options.renderer
        && !reader.renderers().contains(&named.as_str())
    {
        let (generator, known) = (reader.name(), reader.renderers());
        return Err(ReadError::NoRenderer { named: named.clone(), generator, known }.into());
    }
    if options.media.is_some() && !reader.takes_media() {
        return Err(ReadError::NoMedia(reader.name()).into());
    }
    Mapping::of_source(reader.name(), &job.mappings)?;
    let mut ledger = Ledger::default();
    for Refused { name, why } in job.unpacked.iter().flat_map(|unpacked| &unpacked.refused) {
        ledger.add(Code::ArchiveEntryRefused, Place::file(name.as_str()), why.as_str());
    }
    let source = reader.open(&folder, options, &mut ledger)?;
    if let Some(Approximated { place, message, .. }) = reader.approximated(&source.site) {
        ledger.add(Code::DialectUnsupported, place, message);
    }
    let layers = theme::layered(&reader.themes(&source.site), &job.mappings);
    let mapping = Mapping::of_source(reader.name(), &layers)?;
    let rules = rules_of(reader.name(), &layers)?;
    let mut left = Left::read(job.memory.as_deref());
    let read_by = Fingerprinter::default()
        .with(&program())
        .with_shown(&source.site)
        .with_shown(&mapping)
        .with_shown(&(&job.options.permalink, &job.options.zone, &job.options.base_url))
        .with_shown(&job.overrides.iter().map(Override::shown).collect::<Vec<_>>())
        .print();
    let memory = IndexMemory::new(left.files(read_by), read_by, begun);
    let (mut shelf, indexed) = Shelf::index(reader, source, (mapping, &job.overrides), &memory, &mut ledger);
    let Indexed { posts, unpublished, mut assets, held, feeds, left_behind } = indexed;
    if posts.is_empty() {
        reader.without_documents(&folder)?;
    }
    reader.seen_whole(Arc::make_mut(&mut shelf.site), &posts, &mut ledger);
    if is_beyond_ascii(posts.iter().filter_map(|post| post.title.as_deref())) {
        Arc::make_mut(&mut shelf.site).markup.cased_ids = true;
    }
    assets.extend(reader.held_assets(held, &posts, &mut ledger));
    assets.sort_by(|a, b| a.source.cmp(&b.source));
    // feeds of the author's own come before those of plugins
    let lists = feeds.into_iter().chain(reader.lists(&posts, &shelf.site)).collect();
    Ok(Mapped { posts, assets, lists, ledger, rules, unpublished, left_behind, shelf, memory: (left, memory) })
}

/// Whether most titles, and with them most headings, are in a script that a slug of ASCII letters would transliterate.
fn is_beyond_ascii<'t>(titles: impl Iterator<Item = &'t str> + Clone) -> bool {
    let is_own = |title: &str| {
        let (ascii, own): (Vec<char>, _) = title.chars().filter(|c| c.is_alphabetic()).partition(char::is_ascii);
        own.len() > ascii.len()
    };
    titles.clone().filter(|title| is_own(title)).count() * 2 > titles.count()
}

/// Plans a conversion.
///
/// # Errors
/// [`ConvertError`] as [`read_and_map`]; a single bad document is an entry in the ledger instead.
pub fn plan(job: &Job) -> Result<Conversion, ConvertError> {
    let mapping = TargetMapping::of_target(job.writer.name(), &job.mappings)?;
    let mapped = read_and_map(job)?;
    let Mapped { mut posts, assets, lists, mut ledger, rules, unpublished, left_behind, shelf, memory } = mapped;
    let (left, memory) = memory;
    let (reader, site) = (shelf.reader, shelf.site.clone());
    let counts = count(&posts, assets.len());
    let addresses = Addresses::settle(job, &site, &mut posts, &assets, lists, &mut ledger);
    addresses.keep_entry_ids(reader, &site, &mut posts);
    let Addresses { served, mut paths, lists } = addresses;
    let (assets, shelf) = (Arc::<[Asset]>::from(assets), Arc::new(shelf));
    let lists: Arc<[ServedList]> = lists.into();
    let posts: Vec<Arc<Post>> = posts.into_iter().map(Arc::new).collect();
    let shown = (with_unpublished(&posts, unpublished), posts.len());
    let built = template::day_of(job.built, &site.zone);
    let templates = Arc::new(template::Blog::new((site.clone(), built), shown, assets.clone(), rules, shelf.clone()));
    let settings = settings(job, &templates, &mapping);
    let beyond = Beyond { left_behind, theme: reader.theme_folders(&site), unseen: unseen(reader, &site) };
    let old = OldSite::new(templates, lists.clone(), beyond);
    let bundles = match job.bundles {
        true => Arc::new(bundles::decide(job.writer, &old, &shelf, &served, &mut paths)),
        false => Arc::default(),
    };
    let place = |((post, served), path)| Placed { post, served, path };
    let placed: Arc<[Placed]> = posts.into_iter().zip(served).zip(paths).map(place).collect();
    let theme = job.theme;
    let blog = Blog {
        site: site.clone(),
        placed: placed.clone(),
        lists: lists.clone(),
        assets: assets.clone(),
        bundles: bundles.clone(),
        theme,
        templates: job.templates.clone(),
        relative: job.links == Links::Relative,
        search: job.search,
        mapping,
    };
    let Planned { mut files, pages } = job.writer.plan(Arc::new(blog), &mut ledger);
    let held = files.iter().filter_map(|file| file.source.as_deref()).collect();
    let book = Arc::new(Book::new(&placed, &lists, (&assets, &bundles), &held));
    redirects::add(job, &book, &site, &mut files, &mut ledger);
    let crossing = Crossing { old, placed, bundles, native: job.links == Links::Native, target: job.writer.target() };
    let memory = Memory::new(left, settings, memory, &crossing, !job.is_given);
    let carrier = Arc::new(Carrier::new(shelf, crossing, pages, book.clone(), (counts, ledger), memory));
    let plan = Plan::new(files).made_by(carrier.clone()).of(provenance(job, reader, &site));
    Ok(Conversion { generator: reader.name(), site, plan, book, carrier })
}

/// For and from what the new site is written. Mapping files are not told: they are there to be changed and tried again.
fn provenance(job: &Job, reader: &dyn Reader, site: &Site) -> Provenance {
    let ReadOptions { permalink, zone, base_url, .. } = &job.options;
    let given = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} {value}"));
    let mut options: Vec<String> = job.redirects.iter().map(|host| format!("--redirects {}", host.name)).collect();
    options.extend(given("--permalink", permalink));
    options.extend(given("--base-url", base_url));
    options.extend(zone.as_ref().map(|(name, _)| format!("--timezone {name}")));
    options.extend((job.theme == Theme::None).then(|| "--theme none".to_owned()));
    options.extend(job.theme.preset().map(|preset| format!("--theme {}", preset.name)));
    options.extend((job.links == Links::Native).then(|| "--links native".to_owned()));
    options.extend((job.links == Links::Relative).then(|| "--relative".to_owned()));
    options.extend(job.search.then(|| "--search".to_owned()));
    options.extend(job.bundles.then(|| "--bundles".to_owned()));
    options.sort_unstable();
    Provenance {
        from: reader.name().to_owned(),
        title: site.title.clone(),
        address: format!("{}{}", site.host, site.base_path),
        to: job.writer.name().to_owned(),
        options,
    }
}

/// This build: another one may do anything otherwise.
fn program() -> (&'static str, Option<(u64, Option<SystemTime>)>) {
    let program = std::env::current_exe().and_then(std::fs::metadata).ok();
    (env!("CARGO_PKG_VERSION"), program.map(|program| (program.len(), program.modified().ok())))
}

/// What every document depends on beside its own file, its place and where its links lead.
fn settings(job: &Job, blog: &template::Blog, mapping: &TargetMapping) -> Fingerprint {
    let mappings: Vec<(&str, &str)> = job.mappings.iter().map(|file| (&*file.name, &*file.text)).collect();
    Fingerprinter::default()
        .with(&program())
        .with(job.writer.name())
        .with(&job.theme.preset().map(|preset| preset.name))
        .with(&(job.theme == Theme::Starter, job.links, job.bundles, job.search))
        .with(&mappings)
        .with(&job.templates)
        .with(&blog.built)
        .with_shown(&blog.site)
        .with_shown(&blog.rules)
        .with_shown(mapping)
        .print()
}

/// What nobody can see of the old site, or what is not surely known of its pages.
fn unseen(reader: &dyn Reader, site: &Site) -> Option<String> {
    let renderer = || reader.approximated(site).map(|other| format!("the renderer {}", other.renderer));
    reader.unseen(site).or_else(renderer)
}

/// The blog of a job as its templates see it.
///
/// # Errors
/// As [`read_and_map`].
#[cfg(test)]
pub(crate) fn templates(job: &Job) -> Result<Arc<template::Blog>, ConvertError> {
    let Mapped { posts, assets, rules, unpublished, shelf, .. } = read_and_map(job)?;
    let posts: Vec<Arc<Post>> = posts.into_iter().map(Arc::new).collect();
    let shown = (with_unpublished(&posts, unpublished), posts.len());
    let site = (shelf.site.clone(), template::day_of(job.built, &shelf.site.zone));
    Ok(Arc::new(template::Blog::new(site, shown, assets.into(), rules, Arc::new(shelf))))
}

/// Every document that a template can show.
fn with_unpublished(posts: &[Arc<Post>], unpublished: Vec<Post>) -> Vec<Arc<Post>> {
    posts.iter().cloned().chain(unpublished.into_iter().map(Arc::new)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_of_its_own_is_told_by_most_titles() {
        for (titles, expected) in [
            (vec!["目的", "プロミスとは", "Hello"], true),
            (vec!["目的", "Hello", "World"], false),
            (vec!["Über Äpfel"], false),
            (vec![], false),
        ] {
            assert_eq!(is_beyond_ascii(titles.iter().copied()), expected, "{titles:?}");
        }
    }
}
