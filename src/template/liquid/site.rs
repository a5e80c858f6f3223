//! What templates see as `site`, `page` and `jekyll`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::filters::percent_encode;
use crate::model::{Asset, DocumentKind, Map, Moment, Opened, Post, Site, Stamp, Value};

/// The values that all documents of a site share.
#[derive(Debug)]
pub struct Globals {
    site: Value,
    jekyll: Value,
}

impl Globals {
    /// Gathers them, once per run.
    pub fn new(site: &Site, posts: &[Arc<Post>], assets: &[Asset]) -> Self {
        let jekyll = Map::from_iter([
            ("version".to_owned(), Value::from("4.3.1")),
            ("environment".to_owned(), Value::from("development")),
        ]);
        Globals { site: Value::Map(site_map(site, posts, assets)), jekyll: Value::Map(jekyll) }
    }

    /// A global by its name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match name {
            "site" => Some(&self.site),
            "jekyll" => Some(&self.jekyll),
            _ => None,
        }
    }
}

/// Jekyll (`site_drop.rb`): the configuration, and the documents beside it.
fn site_map(site: &Site, posts: &[Arc<Post>], assets: &[Asset]) -> Map {
    let mut map = site.config.clone();
    map.insert("url".to_owned(), Value::String(site.host.clone()));
    map.insert("baseurl".to_owned(), Value::String(site.base_path.clone()));
    map.insert("data".to_owned(), Value::Map(site.data.clone()));
    // Jekyll (`reader.rb`): without `--drafts` and `--unpublished` neither is read
    let posts: Vec<&Post> = posts.iter().map(|post| &**post).filter(|post| !post.draft).collect();
    let mut published: Vec<&Post> = posts.iter().copied().filter(|post| post.kind == DocumentKind::Post).collect();
    // newest first, as Jekyll shows them
    published.sort_by_key(|post| std::cmp::Reverse((post.date.map(|date| date.instant), post.source.clone())));
    map.insert("posts".to_owned(), Value::List(published.iter().map(|post| Value::Map(summary(post))).collect()));
    let pages = posts.iter().filter(|post| post.kind == DocumentKind::Page).map(|post| Value::Map(summary(post)));
    let pages: Vec<Value> = pages.collect();
    map.insert("html_pages".to_owned(), Value::List(pages.clone()));
    map.insert("pages".to_owned(), Value::List(pages));
    for (name, terms) in [
        ("tags", by_term(&published, |post| post.tags.clone())),
        ("categories", by_term(&published, |post| post.categories.iter().flatten().cloned().collect())),
    ] {
        map.insert(name.to_owned(), Value::Map(terms));
    }
    let mut collections: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for post in &posts {
        if let DocumentKind::Item(collection) = &post.kind {
            collections.entry(collection).or_default().push(Value::Map(summary(post)));
        }
    }
    for (name, items) in collections {
        map.insert(name.to_owned(), Value::List(items));
    }
    let files = assets
        .iter()
        .map(|asset| Value::Map(Map::from_iter([("path".to_owned(), Value::String(asset.address.clone()))])));
    map.insert("static_files".to_owned(), Value::List(files.collect()));
    map
}

fn by_term(posts: &[&Post], terms: impl Fn(&Post) -> Vec<String>) -> Map {
    let mut map = Map::new();
    for post in posts {
        for term in terms(post) {
            let entry = map.entry(term).or_insert_with(|| Value::List(Vec::new()));
            if let Value::List(list) = entry {
                list.push(Value::Map(summary(post)));
            }
        }
    }
    map
}

/// A document as another one sees it: everything but its content.
fn summary(post: &Post) -> Map {
    let mut map: Map = post.fields.iter().map(|(key, field)| (key.clone(), field.value.clone())).collect();
    map.insert("title".to_owned(), post.title.clone().map_or(Value::Null, Value::String));
    // Jekyll (`url.rb`): `escape_path`
    map.insert("url".to_owned(), Value::String(percent_encode(&post.address)));
    map.insert("slug".to_owned(), Value::String(post.slug.clone()));
    map.insert("path".to_owned(), Value::String(post.source.clone()));
    map.insert("relative_path".to_owned(), Value::String(post.source.clone()));
    map.insert("name".to_owned(), Value::from(post.source.rsplit('/').next().unwrap_or("")));
    let id = post.address.trim_end_matches('/').trim_end_matches(".html");
    map.insert("id".to_owned(), Value::from(id));
    if let Some(date) = post.date {
        map.insert("date".to_owned(), Value::Date(stamp(date)));
    }
    map.insert("tags".to_owned(), Value::List(post.tags.iter().cloned().map(Value::String).collect()));
    let categories = post.categories.iter().flatten().cloned().map(Value::String).collect();
    map.insert("categories".to_owned(), Value::List(categories));
    if let DocumentKind::Item(collection) = &post.kind {
        map.insert("collection".to_owned(), Value::String(collection.clone()));
    } else if post.kind == DocumentKind::Post {
        map.insert("collection".to_owned(), Value::from("posts"));
    }
    map
}

/// `page`: the document itself.
pub fn page(post: &Opened<'_>) -> Value {
    let mut map = summary(post);
    map.insert("content".to_owned(), Value::String(post.text.clone()));
    Value::Map(map)
}

fn stamp(date: Moment) -> Stamp {
    Stamp { civil: date.civil(), offset: Some(date.offset), date_only: false, raw: date.rfc3339() }
}
