//! The lists and the feed that Ink makes.

use crate::model::{FeedFormat, List, Post, Shows, Site, Taxonomy};
use crate::read::address::decoded;
use crate::read::lists::{counted, pages, published};

/// The file that asks for all of them.
const SOURCE: &str = "config.yml";

/// Ink (`build.go`, `render.go`): the first page and one for each tag, both with `page2.html` and so on beside them;
/// the pages of all posts and all tags; a feed where the site has an address.
pub fn lists(posts: &[Post], site: &Site) -> Vec<List> {
    let per_page = site.per_page.unwrap_or(0);
    let visible = || published(posts).filter(|post| !post.unlisted);
    if visible().next().is_none() {
        return Vec::new();
    }
    let paged = |folder: &str, posts: usize, shows: &Shows| {
        let numbered = |page: usize| decoded(&format!("{folder}page{page}.html"));
        pages(&decoded(folder), numbered, (posts, per_page), shows, SOURCE)
    };
    let list =
        |address: &str, shows: Shows| List { address: address.to_owned(), shows, page: 1, source: SOURCE.to_owned() };
    let mut lists = paged("/", visible().count(), &Shows::Home);
    for (tag, count) in counted(visible(), |post| post.tags.clone()) {
        lists.extend(paged(&format!("/tag/{tag}/"), count, &Shows::Term(Taxonomy::Tags, tag.to_string())));
    }
    lists.push(list("/archive.html", Shows::Posts));
    lists.push(list("/tag.html", Shows::Terms(Taxonomy::Tags)));
    if !site.host.is_empty() {
        lists.push(list("/atom.xml", Shows::Feed(FeedFormat::Atom)));
    }
    lists
}
