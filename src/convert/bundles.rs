//! Which documents hold files of their own, by what every one of them refers to.

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::shelf::Shelf;
use crate::address::{Bundles, Holder, Served};
use crate::ledger::Ledger;
use crate::markup::{OldPage, OldSite};
use crate::write::Writer;

/// Decides it, and gives the documents that hold files the paths of bundles. What a body refers to must be known
/// before any other one is written: each is read once more for it.
pub fn decide(writer: &dyn Writer, old: &OldSite, shelf: &Shelf, served: &[Served], paths: &mut [Arc<str>]) -> Bundles {
    let holder = |at: usize| {
        let address = &*served[at].address;
        let post = &old.blog.posts[at];
        let folder = writer.bundle_folder(address)?;
        let opened = shelf.open(post).ok();
        let links = opened.map(|opened| OldPage::read(&opened, &old.blog, &mut Ledger::default()).links(old));
        let found = links.unwrap_or_default().into_iter().filter_map(|link| link.found);
        let refers_to: HashSet<String> = found.map(|found| old.address(found).to_owned()).collect();
        Some(Holder { post, path: &paths[at], address, folder, refers_to })
    };
    let holders: Option<Vec<Holder<'_>>> = (0..served.len()).into_par_iter().map(holder).collect();
    let bundles = holders.map_or_else(Bundles::default, |holders| Bundles::new(&holders, &old.blog.assets));
    for (at, path) in paths.iter_mut().enumerate() {
        if let Some(stem) = path.strip_suffix(".md").filter(|_| bundles.holds(at)) {
            *path = format!("{stem}/index.md").into();
        }
    }
    bundles
}
