//! What became of the links within the blog, once every address is known.

use std::collections::HashSet;

use super::LinkCounts;
use crate::address::Book;
use crate::ledger::{Code, Ledger};
use crate::markup::Link;
use crate::model::Asset;

/// Counts the links that lead nowhere, before and now, and enters those that only do now.
pub fn count_dead(links: &[Link], book: &Book, counts: &mut LinkCounts, ledger: &mut Ledger) {
    for link in links {
        match &link.old {
            None => {
                counts.dead_before += 1;
                counts.dead_now += usize::from(!link.repaired);
            }
            Some(old) if book.leaves_dead(old) => {
                counts.dead_now += 1;
                let message = format!("{old} does not answer on the new site");
                ledger.add_quoting(Code::LinkDead, link.place.clone(), message, &link.typed);
            }
            Some(_) => {}
        }
    }
}

/// The files that no link and no picture refers to.
pub fn unused(assets: &[Asset], links: &[Link]) -> Vec<String> {
    let used: HashSet<&str> = links.iter().filter_map(|link| link.old.as_deref()).collect();
    let unused = assets.iter().filter(|asset| !used.contains(asset.address.as_str()));
    unused.map(|asset| asset.source.clone()).collect()
}
