//! Every body from the source's text to the target's.

use std::collections::HashSet;

use rayon::prelude::*;

use super::addresses::Addresses;
use super::{Counts, Job, Links};
use crate::address::{Bundles, Holder};
use crate::ledger::Ledger;
use crate::mapping::tagmap::TagMap;
use crate::markup::{self, Context, Link, Translated, check_fragments};
use crate::model::Target;
use crate::model::{Asset, Post, Site};
use crate::write::Writer;

/// What bodies are read with.
pub struct Source<'a> {
    /// The site.
    pub site: &'a Site,
    /// Every other file.
    pub assets: &'a [Asset],
    /// What tags become.
    pub tags: &'a TagMap,
    /// What the bodies are translated for.
    pub target: Target,
}

/// Translates every body in its place; returns the links within the blog, each with what it led to.
pub fn carry_over(
    job: &Job,
    source: &Source<'_>,
    posts: &mut [Post],
    addresses: &mut Addresses,
    counts: &mut Counts,
    ledger: &mut Ledger,
) -> Vec<Link> {
    let Addresses { served, paths, lists, bundles } = addresses;
    let mut context = Context::new(source.site, (posts, served), source.assets, lists, source.tags, source.target);
    if job.bundles {
        *bundles = bundle(job.writer, &context, paths);
        for (at, path) in paths.iter_mut().enumerate() {
            if let Some(stem) = path.strip_suffix(".md").filter(|_| bundles.holds(at)) {
                *path = format!("{stem}/index.md");
            }
        }
        context.bundles = Some(bundles);
    }
    context.paths = (job.links == Links::Native).then_some(paths.as_slice());
    let mut translated = translate_all(&context, ledger);
    let mut links: Vec<Link> =
        translated.iter_mut().flat_map(|translated| std::mem::take(&mut translated.links)).collect();
    counts.links.checked = links.len();
    let texts: Vec<&str> = translated.iter().map(|translated| translated.text.as_str()).collect();
    counts.links.dead_now = check_fragments(&mut links, &texts, &context, ledger);
    for (post, translated) in posts.iter_mut().zip(translated) {
        post.body.text = translated.text;
        post.summary = post.summary.take().or(translated.summary);
        post.cover = translated.cover.or(post.cover.take());
        counts.blocks += translated.blocks;
        counts.html_blocks += translated.html_blocks;
    }
    links
}

/// Decides which documents hold files of their own, by what every one of them refers to.
fn bundle(writer: &dyn Writer, context: &Context<'_>, paths: &[String]) -> Bundles {
    let holder = |at: usize| {
        let address = context.served[at].address.as_str();
        let post = &context.posts[at];
        let folder = writer.bundle_folder(address)?;
        let refers_to: HashSet<String> =
            markup::links_of(post, context).into_iter().filter_map(|link| link.old).collect();
        Some(Holder { post, path: &paths[at], address, folder, refers_to })
    };
    let holders: Option<Vec<Holder<'_>>> = (0..context.posts.len()).into_par_iter().map(holder).collect();
    holders.map_or_else(Bundles::default, |holders| Bundles::new(&holders, context.assets))
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
