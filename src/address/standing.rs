//! Documents that are the page of a list: an `index.html` whose layout draws the posts, Hexo's `tags/index.md` with an
//! empty body. What they say themselves stands above the list, and the new site keeps both on one page.

use std::collections::{HashMap, HashSet};

use super::Served;
use super::lists::bare;
use crate::model::{DocumentKind, List, Post, Shows, Taxonomy};

/// Says of each document which list its page shows. `old` are the lists of the old site, `own` those that the target
/// makes by itself, with their addresses. No list is shown twice: the first document has it.
pub fn stand(posts: &[Post], settled: &mut [Served], old: &[List], own: &[(String, Shows)]) {
    let first_pages = old.iter().filter(|list| list.page == 1 && !list.is_feed());
    let old: HashMap<&str, &Shows> = first_pages.map(|list| (bare(&list.address), &list.shows)).collect();
    let own: HashMap<&str, &Shows> = own.iter().map(|(address, shows)| (bare(address), shows)).collect();
    let mut shown: HashSet<Shows> = HashSet::new();
    // a post keeps its date and terms, which the page of a list has no place for
    let pages = posts.iter().zip(settled).filter(|(post, _)| !post.draft && post.kind != DocumentKind::Post);
    for (post, served) in pages {
        let at = |lists: &HashMap<&str, &Shows>| lists.get(bare(&served.address)).map(|shows| (*shows).clone());
        let list = at(&old).or_else(|| at(&own)).or_else(|| named(post));
        // the first page of a site has one address
        let list = list.map(|shows| if shows == Shows::Home && &*served.address != "/" { Shows::Posts } else { shows });
        served.list = list.filter(|shows| shown.insert(shows.clone())).map(Box::new);
    }
}

/// The list that a page asks its theme for: Hexo's themes by `type` or `layout`, Jekyll's by `layout`. Some themes call
/// their plainest layout `archive`, so that it means the list of all posts only on a page of that name.
fn named(post: &Post) -> Option<Shows> {
    if post.kind != DocumentKind::Page {
        return None;
    }
    let name = || bare(&post.address).rsplit('/').next().unwrap_or("").trim_end_matches(".html");
    let asked = [post.seldom().page_type.as_deref(), post.layout.as_deref()];
    asked.into_iter().flatten().find_map(|asked| match asked {
        "tags" => Some(Shows::Terms(Taxonomy::Tags)),
        "categories" => Some(Shows::Terms(Taxonomy::Categories)),
        "archives" => Some(Shows::Posts),
        "archive" if matches!(name(), "archive" | "archives") => Some(Shows::Posts),
        _ => None,
    })
}

/// Where documents stand for lists.
pub fn standing(served: &[Served]) -> HashMap<&Shows, &str> {
    served.iter().filter_map(|served| Some((served.list.as_deref()?, &*served.address))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::bundles::tests::post;

    fn page(address: &str, fields: &[(&str, &str)]) -> Post {
        let mut page = post(address);
        page.kind = DocumentKind::Page;
        page.address = address.into();
        for (name, value) in fields {
            match *name {
                "type" => page.seldom_mut().page_type = Some((*value).to_owned()),
                _ => page.layout = Some((*value).into()),
            }
        }
        page
    }

    #[test]
    fn a_page_shows_the_list_at_its_address_or_the_one_that_it_asks_for() {
        let tags = Shows::Terms(Taxonomy::Tags);
        let posts = [
            page("/", &[]),
            page("/blog/index.html", &[]),
            page("/cloud/", &[("type", "tags")]),
            page("/tags/", &[]),
            page("/archive.html", &[("layout", "archive")]),
            page("/projects/", &[("layout", "archive")]),
            page("/about/", &[]),
            post("/team/"),
        ];
        let old = [List { address: "/blog/".to_owned(), shows: Shows::Posts, page: 1, source: String::new() }];
        let own = [("/", Shows::Home), ("/tags/", tags.clone()), ("/team/", Shows::Items("team".to_owned()))]
            .map(|(address, shows)| (address.to_owned(), shows));
        let serve = |post: &Post| Served { address: post.address.clone(), ..Served::default() };
        let mut settled: Vec<Served> = posts.iter().map(serve).collect();
        stand(&posts, &mut settled, &old, &own);
        let lists: Vec<Option<Shows>> = settled.into_iter().map(|served| served.list.map(|shows| *shows)).collect();
        let mut expected = vec![Some(Shows::Home), Some(Shows::Posts), Some(tags)];
        expected.resize(8, None);
        assert_eq!(lists, expected);
    }
}
