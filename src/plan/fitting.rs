//! Whether a plan fits a folder that an earlier run wrote.

use std::path::Path;
use std::sync::Arc;

use super::error::ApplyError;
use super::manifest::{Manifest, Provenance};
use super::{File, Plan};
use crate::address::Name;

/// Refuses a plan that would stand mixed with what an earlier run wrote for something else.
pub(super) fn check(plan: &Plan<'_>, old: &Manifest, out: &Path) -> Result<(), ApplyError> {
    let (was, now) = (&old.provenance, plan.provenance());
    // earlier versions did not say, and neither do plans of libraries
    if was.to.is_empty() || now.to.is_empty() {
        return Ok(());
    }
    let lost: Vec<&Arc<str>> =
        old.files().iter().map(|(path, _)| path).filter(|path| !is_planned(plan, path)).collect();
    let of_other_blog = was.from != now.from || !is_same_blog(plan, old);
    let told = if was.to != now.to {
        (format!("for {}", was.to), format!("for {}", now.to))
    } else if of_other_blog {
        (format!("from {}", blog(was)), format!("from {}", blog(now)))
    } else if was.options != now.options && !lost.is_empty() {
        (options(was), options(now))
    } else {
        return Ok(());
    };
    Err(ApplyError::Mixed { path: out.to_owned(), was: told.0, now: told.1, lost: left_over(&lost) })
}

/// Whether a file that is planned no more stands where one is planned: above it, below it, or under its name in other
/// letters, which some disks take for the same.
pub(super) fn is_in_the_way(plan: &Plan<'_>, path: &str) -> bool {
    let below = format!("{path}/");
    let first = plan.files().partition_point(|file| *file.path < *below);
    let holds_others = plan.files().get(first).is_some_and(|file| file.path.starts_with(&below));
    let mut above = path.match_indices('/').map(|(at, _)| &path[..at]);
    holds_others || above.any(|above| is_planned(plan, above)) || plan.has_in_any_case(Name::in_any_case(path))
}

fn is_planned(plan: &Plan<'_>, path: &str) -> bool {
    plan.files().binary_search_by(|file| (*file.path).cmp(path)).is_ok()
}

/// A blog may get another title, another address and other posts, but not all at once.
fn is_same_blog(plan: &Plan<'_>, old: &Manifest) -> bool {
    let (was, now) = (&old.provenance, plan.provenance());
    let is_known = |file: &&File| old.hash_of(&file.path).is_some();
    let of_source = || plan.files().iter().filter(|file| file.source.is_some());
    was.title == now.title
        || (!was.address.is_empty() && was.address == now.address)
        || of_source().filter(is_known).count() * 4 >= of_source().count()
}

fn blog(of: &Provenance) -> String {
    let title = if of.title.is_empty() { &of.address } else { &of.title };
    format!("the {} blog {title:?}", of.from)
}

fn options(of: &Provenance) -> String {
    if of.options.is_empty() { "without options".to_owned() } else { format!("with {}", of.options.join(" ")) }
}

fn left_over(lost: &[&Arc<str>]) -> String {
    const SHOWN: usize = 3;
    match lost {
        [] => "its files would be replaced".to_owned(),
        [one] => format!("{one} would be left over"),
        _ => {
            let shown: Vec<&str> = lost.iter().take(SHOWN).map(|path| &***path).collect();
            let more = if lost.len() > SHOWN { ", …" } else { "" };
            format!("{} of its files would be left over ({}{more})", lost.len(), shown.join(", "))
        }
    }
}
