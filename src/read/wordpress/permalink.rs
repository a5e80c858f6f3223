//! Addresses: as items have them, by a pattern where they have none, and the pattern that most of a blog's posts follow.

use std::collections::HashMap;

use crate::model::{DocumentKind, Moment, Post, Site};
use crate::read::address::decoded;
use crate::read::lists::published;

/// The old address that a link names; `None` where it is a query, of which there is no file.
pub fn of_link(link: &str, site: &Site) -> Option<String> {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    let (path, query) = path.split_once('?').map_or((path, ""), |(path, query)| (path, query));
    // WordPress (wp-includes/link-template.php, `get_permalink`): where no address can be had, or none is wanted
    let is_query = ["p=", "page_id=", "attachment_id=", "post_type="].iter().any(|key| query.starts_with(key));
    let path = path.split('#').next().unwrap_or(path);
    let below = path.strip_prefix(&*site.base_path).filter(|below| below.is_empty() || below.starts_with('/'));
    (!link.trim().is_empty() && !is_query).then(|| decoded(below.unwrap_or(path)))
}

/// An address by a pattern in WordPress's terms (wp-includes/class-wp-rewrite.php, `$rewritecode`).
pub fn by_pattern(pattern: &str, post: &Post, id: &str, author: &str) -> String {
    let date = post.date.map(Moment::civil);
    let part = |format: &str| date.map(|date| date.strftime(format).to_string()).unwrap_or_default();
    let category = post.categories.first().and_then(|path| path.last()).map_or("uncategorized", |name| &**name);
    let values = [
        ("%year%", part("%Y")),
        ("%monthnum%", part("%m")),
        ("%day%", part("%d")),
        ("%hour%", part("%H")),
        ("%minute%", part("%M")),
        ("%second%", part("%S")),
        ("%postname%", post.slug.clone()),
        ("%pagename%", post.slug.clone()),
        ("%post_id%", id.to_owned()),
        ("%category%", super::text::slug_of_title(category)),
        ("%author%", author.to_owned()),
    ];
    decoded(&values.iter().fold(pattern.to_owned(), |address, (tag, value)| address.replace(tag, value)))
}

/// The pattern that most posts follow, as far as their dates and slugs show it; what a pattern takes of anything else stays
/// as it is in the one post, and makes a pattern of its own.
fn pattern_of(post: &Post) -> Option<String> {
    let date = post.date?.civil();
    let known = [
        (post.slug.clone(), "%postname%"),
        (date.strftime("%Y").to_string(), "%year%"),
        (date.strftime("%m").to_string(), "%monthnum%"),
        (date.strftime("%d").to_string(), "%day%"),
    ];
    let mut seen = Vec::new();
    let mut is_variable = false;
    let parts: Vec<&str> = post
        .address
        .split('/')
        .map(|part| {
            let tag = known.iter().find(|(value, tag)| part == value && !seen.contains(tag)).map(|(_, tag)| *tag);
            seen.extend(tag);
            // behind the first variable what is not known is one as well: a category, a number
            let tag = tag.or_else(|| (is_variable && !part.is_empty()).then_some("%other%"));
            is_variable |= tag.is_some();
            tag.unwrap_or(part)
        })
        .collect();
    Some(parts.join("/"))
}

/// How a blog forms its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Structure {
    /// What stands in front of the first variable (`$front`); lists stand behind it too.
    pub front: String,
    /// Lists of dates stand below `date/`, for a number would be taken for a year.
    pub dates: String,
}

impl Structure {
    /// The structure by most of the posts; `None` where their addresses are queries.
    pub fn of(posts: &[Post], site: &Site) -> Option<Structure> {
        let given = site.permalink.clone();
        let pattern = given.or_else(|| {
            let mut counts: HashMap<String, usize> = HashMap::new();
            let dated = published(posts).filter(|post| post.kind == DocumentKind::Post);
            for pattern in dated.filter_map(pattern_of).filter(|pattern| pattern.contains('%')) {
                *counts.entry(pattern).or_default() += 1;
            }
            // of two as frequent the first in order, whatever the map's is
            counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|(pattern, _)| pattern)
        })?;
        let front = pattern.split('%').next().unwrap_or("/").to_owned();
        let front = format!("{}/", &front[..front.rfind('/').unwrap_or(0)]);
        let numbered = pattern[front.len().min(pattern.len())..].starts_with("%post_id%");
        let dates = if numbered { format!("{front}date/") } else { front.clone() };
        Some(Structure { front, dates })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::wordpress::tests::site;

    #[test]
    fn the_address_is_the_path_of_the_link() {
        let mut site = site("https://a.example/blog");
        for (link, expected) in [
            ("https://a.example/blog/2020/01/x/", Some("/2020/01/x/")),
            ("http://www.a.example/blog/%e6%bd%ae/", Some("/潮/")),
            ("https://a.example/blog/", Some("/")),
            ("https://a.example/blog", Some("/")),
            ("https://a.example/blog/?p=12", None),
            ("https://a.example/blog/?post_type=book&p=12", None),
            ("https://a.example/blogs/x/", Some("/blogs/x/")),
            ("", None),
        ] {
            assert_eq!(of_link(link, &site).as_deref(), expected, "{link}");
        }
        site.base_path = String::new();
        assert_eq!(of_link("https://a.example/x.html#b", &site).as_deref(), Some("/x.html"));
    }
}
