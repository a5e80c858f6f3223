//! Where everything will be: documents, lists, feeds, and the files of all of them.

use std::sync::Arc;

use super::Job;
use crate::address::{Served, ServedList, settle, shown, stand, untangle};
use crate::ledger::{Code, Ledger};
use crate::model::{Asset, DocumentKind, FEED_ID, List, Place, Post, Shows, Site};
use crate::read::Reader;
use crate::write::Listing;

/// The addresses and files of the new site.
pub struct Addresses {
    /// Where each document is served.
    pub served: Vec<Served>,
    /// The file of each document.
    pub paths: Vec<Arc<str>>,
    /// Where lists and feeds are.
    pub lists: Vec<ServedList>,
}

impl Addresses {
    /// Settles them; documents come before lists.
    pub fn settle(
        job: &Job,
        site: &Site,
        posts: &mut [Post],
        assets: &[Asset],
        lists: Vec<List>,
        ledger: &mut Ledger,
    ) -> Self {
        untangle(posts, site, ledger);
        let mut settled = settle(posts, site, job.writer.serving(), ledger);
        let listing = Listing { site, posts, served: &[], lists: &lists, theme: job.theme };
        stand(posts, &mut settled, &lists, &job.writer.own_lists(&listing));
        let served = job.writer.serve(&listing, settled, ledger);
        let paths = job.writer.content_paths(posts, &served);
        let lists = serve_lists(job, site, (posts, &served), shown(lists, posts, &served, assets));
        for gone in lists.iter().filter(|served| served.address.is_none()) {
            let message = format!("the list at {} has no counterpart on the new site", gone.list.address);
            ledger.add(Code::ListGone, Place::file(gone.list.source.as_str()), message);
        }
        Addresses { served, paths, lists }
    }

    /// Keeps what identifies each post to those who read the blog's feed, where its new address would not: otherwise every
    /// post would be new to them.
    pub fn keep_entry_ids(&self, reader: &dyn Reader, site: &Site, posts: &mut [Post]) {
        let format = self.lists.iter().find_map(|served| match served.list.shows {
            Shows::Feed(format) => Some(format),
            _ => None,
        });
        let Some(format) = format else { return };
        for (post, served) in
            posts.iter_mut().zip(&self.served).filter(|(post, _)| post.kind == DocumentKind::Post && !post.draft)
        {
            let id = reader.entry_id(post, site, format);
            if id != format!("{}{}{}", site.host, site.base_path, served.address) {
                post.seldom_mut().added.push((FEED_ID, id));
            }
        }
    }
}

fn serve_lists(job: &Job, site: &Site, (posts, served): (&[Post], &[Served]), lists: Vec<List>) -> Vec<ServedList> {
    let listing = Listing { site, posts, served, lists: &lists, theme: job.theme };
    let addresses = job.writer.list_addresses(&listing);
    lists.into_iter().zip(addresses).map(|(list, address)| ServedList { list, address }).collect()
}
