//! The lists and feeds that Zola makes.

use super::config::{Slugify, slugify};
use crate::model::{FeedFormat, List, Map, Post, Shows, Site, Taxonomy, Value};
use crate::read::lists::{counted, pages, published};

/// The file that asks for them.
const SOURCE: &str = "config.toml";

/// Zola (`site/lib.rs`): the first page and its feeds, and the pages of each taxonomy.
pub fn lists(posts: &[Post], site: &Site) -> Vec<List> {
    let list = |address: String, shows: Shows| List { address, shows, page: 1, source: SOURCE.to_owned() };
    let mut lists = vec![list("/".to_owned(), Shows::Home)];
    for (name, format) in feeds(site) {
        lists.push(list(format!("/{name}"), Shows::Feed(format)));
    }
    for folder in sections(posts) {
        lists.push(list(format!("/{folder}/"), Shows::Posts));
    }
    let slugs = slugify(&site.config, "taxonomies");
    for table in taxonomies(site) {
        let Some(name) = table.get("name").and_then(Value::as_str) else { continue };
        let taxonomy = match name {
            "tags" => Taxonomy::Tags,
            "categories" => Taxonomy::Categories,
            _ => continue,
        };
        lists.extend(of_taxonomy(posts, (name, taxonomy), table, (slugs, site)));
    }
    lists
}

fn of_taxonomy(
    posts: &[Post],
    (name, taxonomy): (&str, Taxonomy),
    table: &Map,
    (slugs, site): (Slugify, &Site),
) -> Vec<List> {
    let terms = |post: &Post| match taxonomy {
        Taxonomy::Tags => post.tags.clone(),
        Taxonomy::Categories => post.categories.iter().flatten().cloned().collect(),
    };
    let counts = counted(published(posts), terms);
    if counts.is_empty() {
        return Vec::new();
    }
    let per_page = table.get("paginate_by").and_then(Value::to_text).and_then(|text| text.parse().ok()).unwrap_or(0);
    let has_feed = ["feed", "rss"].iter().any(|key| table.get(*key).and_then(Value::as_bool) == Some(true));
    let root = format!("/{}/", slugs.path(name));
    let mut lists =
        vec![List { address: root.clone(), shows: Shows::Terms(taxonomy), page: 1, source: SOURCE.to_owned() }];
    for (term, count) in counts {
        let first = format!("{root}{}/", slugs.path(&term));
        let shows = Shows::Term(taxonomy, term.to_string());
        lists.extend(pages(&first, |page| format!("{first}page/{page}/"), (count, per_page), &shows, SOURCE));
        for (file, _) in feeds(site).into_iter().filter(|_| has_feed) {
            let address = format!("{first}{file}");
            lists.push(List { address, shows: Shows::PartFeed, page: 1, source: SOURCE.to_owned() });
        }
    }
    lists
}

/// The sections that the posts are in, below the first one.
fn sections(posts: &[Post]) -> Vec<String> {
    let folder = |post: &Post| {
        let folder = post.source.strip_prefix("content/")?.rsplit_once('/')?.0;
        // a page with a folder of its own lies in that above it
        if post.source.rsplit('/').next().is_some_and(|name| name.starts_with("index.")) {
            return Some(folder.rsplit_once('/')?.0.to_owned());
        }
        Some(folder.to_owned())
    };
    let mut sections: Vec<String> = published(posts).filter_map(folder).collect();
    sections.sort();
    sections.dedup();
    sections
}

fn taxonomies(site: &Site) -> Vec<&Map> {
    let tables = site.setting("taxonomies").and_then(Value::as_list).unwrap_or_default();
    tables.iter().filter_map(Value::as_map).collect()
}

/// Zola (`config/mod.rs`): `generate_feeds` with `feed_filenames`, before 0.19 `generate_feed` with `feed_filename`.
fn feeds(site: &Site) -> Vec<(String, FeedFormat)> {
    let truth = |key: &str| site.setting(key).and_then(Value::as_bool) == Some(true);
    if !truth("generate_feeds") && !truth("generate_feed") && !truth("generate_rss") {
        return Vec::new();
    }
    let named = match (site.setting("feed_filenames"), site.setting("feed_filename")) {
        (Some(Value::List(names)), _) => names.iter().filter_map(Value::to_text).collect(),
        (_, Some(name)) => name.to_text().into_iter().collect(),
        _ => vec![if truth("generate_rss") { "rss.xml".to_owned() } else { "atom.xml".to_owned() }],
    };
    let format = |name: &str| if name.contains("rss") { FeedFormat::Rss } else { FeedFormat::Atom };
    named.into_iter().map(|name: String| (name.clone(), format(&name))).collect()
}
