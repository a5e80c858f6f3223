//! What readers share of lists: pages of a list, and the terms of a blog.

use indexmap::IndexMap;

use crate::model::{DocumentKind, List, Post, Shows};

/// The published posts of a blog, which its lists are made of.
pub fn published(posts: &[Post]) -> impl Iterator<Item = &Post> {
    posts.iter().filter(|post| post.kind == DocumentKind::Post && !post.draft)
}

/// How many posts have each term, in the order in which the terms first come.
pub fn counted<'a, K: std::hash::Hash + Eq>(
    posts: impl Iterator<Item = &'a Post>,
    terms: impl Fn(&'a Post) -> Vec<K>,
) -> IndexMap<K, usize> {
    let mut counts = IndexMap::new();
    for post in posts {
        let mut seen = Vec::new();
        for term in terms(post) {
            if !seen.contains(&term) {
                seen.push(term);
            }
        }
        for term in seen {
            *counts.entry(term).or_default() += 1;
        }
    }
    counts
}

/// Every page of a list of so many posts: the first at `first`, the others at what `numbered` says. Where `per_page`
/// is 0 there is one page.
pub fn pages(
    first: &str,
    numbered: impl Fn(usize) -> String,
    (posts, per_page): (usize, usize),
    shows: &Shows,
    source: &str,
) -> Vec<List> {
    let last = if per_page == 0 { 1 } else { posts.div_ceil(per_page).max(1) };
    (1..=last)
        .map(|page| List {
            address: if page == 1 { first.to_owned() } else { numbered(page) },
            shows: shows.clone(),
            page,
            source: source.to_owned(),
        })
        .collect()
}
