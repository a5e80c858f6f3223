//! Lists and feeds: which of them the old site showed, and where the new one shows the same.

use std::collections::HashSet;

use super::Served;
use crate::model::{Asset, List, Post};

/// A list or feed of the old site, and its place on the new one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServedList {
    /// The list.
    pub list: List,
    /// Where the target shows what it showed, below the base path; `None` where nowhere.
    pub address: Option<String>,
}

impl ServedList {
    /// Whether a page that sends readers on stands at the old address. A feed needs an answer of the host's: readers
    /// of feeds do not follow pages.
    pub fn redirect(&self) -> Option<(&str, &str)> {
        let (old, new) = (self.list.address.as_str(), self.address.as_deref()?);
        (!self.list.is_feed() && !same(old, new)).then_some((old, new))
    }

    /// Whether nothing of the new site answers at the old address.
    pub fn is_left_to_the_host(&self) -> bool {
        let moved = self.address.as_deref().is_some_and(|new| !same(&self.list.address, new));
        moved && self.redirect().is_none()
    }
}

/// The lists that the old site showed, in the order of their addresses: where a document or a file has the address of
/// a list, the old site showed that.
pub fn shown(lists: Vec<List>, posts: &[Post], served: &[Served], assets: &[Asset]) -> Vec<List> {
    let documents = posts.iter().filter(|post| !post.draft).flat_map(Post::addresses);
    let moved = served.iter().flat_map(|served| std::iter::once(&served.address).chain(&served.aliases));
    let mut taken: HashSet<&str> = documents.chain(moved).map(|address| bare(address)).collect();
    taken.extend(assets.iter().map(|asset| bare(&asset.address)));
    let mut shown: Vec<List> =
        lists.into_iter().filter(|list| !taken.contains(bare(&list.address)) && is_file_path(&list.address)).collect();
    // one list can be asked for twice; the first one is what it is
    shown.sort_by(|a, b| a.address.cmp(&b.address));
    shown.dedup_by(|a, b| a.address == b.address);
    shown
}

/// Whether a generator could write a file at an address: an overlong tag had no page on the old site either.
fn is_file_path(address: &str) -> bool {
    const LONGEST: usize = 255;
    !address.contains(['\0', '\\']) && address.split('/').all(|part| part != ".." && part.len() <= LONGEST)
}

/// An address without what makes no other one of it: every server sends from a folder's name to the folder.
pub(crate) fn bare(address: &str) -> &str {
    address.strip_suffix("index.html").unwrap_or(address).trim_end_matches('/')
}

/// Whether two addresses are one.
pub(crate) fn same(a: &str, b: &str) -> bool {
    bare(a) == bare(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FeedFormat, Shows};

    fn list(address: &str, shows: Shows) -> List {
        List { address: address.to_owned(), shows, page: 1, source: "_config.yml".to_owned() }
    }

    #[test]
    fn files_come_before_lists() {
        let lists = vec![list("/tag/", Shows::Posts), list("/page/2/", Shows::Home), list("/tag/", Shows::Home)];
        let assets = [Asset { source: "p.html".into(), address: "/page/2/index.html".into() }];
        let shown = shown(lists, &[], &[], &assets);
        assert_eq!(shown, [list("/tag/", Shows::Posts)]);
    }

    #[test]
    fn what_no_generator_could_write_was_not_shown() {
        let long = format!("/tag/{}/", "x".repeat(300));
        let lists = [&long, "/tag/../../a/", "/tag/a\\b/", "/tag/c/"].map(|address| list(address, Shows::Posts));
        assert_eq!(shown(lists.to_vec(), &[], &[], &[]), [list("/tag/c/", Shows::Posts)]);
    }

    #[test]
    fn lists_that_moved_are_redirected_and_feeds_are_not() {
        let served = |old: &str, shows, new: &str| ServedList { list: list(old, shows), address: Some(new.to_owned()) };
        assert_eq!(served("/tag/", Shows::Posts, "/tags/").redirect(), Some(("/tag/", "/tags/")));
        assert_eq!(served("/tags", Shows::Posts, "/tags/").redirect(), None);
        assert_eq!(served("/feed/", Shows::Feed(FeedFormat::Atom), "/atom.xml").redirect(), None);
    }
}
