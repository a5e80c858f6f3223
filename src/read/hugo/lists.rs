//! The lists and feeds that Hugo makes.

use crate::model::{FeedFormat, List, Post, Shows, Site, Taxonomy, Value};
use crate::read::lists::{counted, pages, published};
use crate::slug::hugo::sanitized;

/// The file that asks for them.
const SOURCE: &str = "hugo.toml";

/// Hugo (`output/outputFormat.go`, `resources/kinds`): the first page, the main sections, and the pages of the taxonomies, each
/// with a feed and further pages.
pub fn lists(posts: &[Post], site: &Site) -> Vec<List> {
    let per_page = site.per_page.unwrap_or(10);
    let folder = site.setting("pagination.path").or_else(|| site.setting("paginatepath")).and_then(Value::to_text);
    let folder = folder.unwrap_or_else(|| "page".to_owned());
    let off = |kind: &str| {
        let disabled = site.setting("disablekinds").and_then(Value::as_list).unwrap_or_default();
        disabled.iter().filter_map(Value::to_text).any(|name| name.eq_ignore_ascii_case(kind))
    };
    let list = |address: String, shows: Shows| List { address, shows, page: 1, source: SOURCE.to_owned() };
    let paged = |first: &str, count: usize, shows: &Shows| {
        pages(first, |page| format!("{first}{folder}/{page}/"), (count, per_page), shows, SOURCE)
    };
    let count = published(posts).count();
    let mut lists = paged("/", count, &Shows::Home);
    if !off("rss") {
        lists.push(list("/index.xml".to_owned(), Shows::Feed(FeedFormat::Rss)));
    }
    for section in sections(posts) {
        let first = format!("/{}/", sanitized(&section).to_lowercase());
        lists.extend(paged(&first, count, &Shows::Posts));
        if !off("rss") {
            lists.push(list(format!("{first}index.xml"), Shows::PartFeed));
        }
    }
    for (name, taxonomy) in [("tags", Taxonomy::Tags), ("categories", Taxonomy::Categories)] {
        if off("taxonomy") || off("taxonomyterm") || !has_taxonomy(site, name) {
            continue;
        }
        let terms = |post: &Post| match taxonomy {
            Taxonomy::Tags => post.tags.clone(),
            Taxonomy::Categories => post.categories.iter().flatten().cloned().collect(),
        };
        let counts = counted(published(posts), terms);
        if counts.is_empty() {
            continue;
        }
        lists.push(list(format!("/{name}/"), Shows::Terms(taxonomy)));
        for (term, count) in counts {
            let first = format!("/{name}/{}/", sanitized(&term).to_lowercase());
            lists.extend(paged(&first, count, &Shows::Term(taxonomy, term.to_string())));
            if !off("rss") {
                lists.push(list(format!("{first}index.xml"), Shows::PartFeed));
            }
        }
    }
    lists
}

/// The sections that the posts are in.
fn sections(posts: &[Post]) -> Vec<String> {
    let first = |post: &Post| {
        let below = post.source.split_once('/').map(|(_, below)| below)?;
        below.split_once('/').map(|(section, _)| section.to_owned())
    };
    let mut sections: Vec<String> = published(posts).filter_map(first).collect();
    sections.sort();
    sections.dedup();
    sections
}

/// Hugo (`config/allconfig`): tags and categories, where nothing is said.
fn has_taxonomy(site: &Site, name: &str) -> bool {
    let Some(Value::Map(table)) = site.setting("taxonomies") else { return true };
    table.values().filter_map(Value::to_text).any(|plural| plural == name)
}
