//! Feeds at their old addresses: an output format of the first page for each, and its template.

use super::super::FEED_LENGTH;
use crate::model::{FeedFormat, Map, Shows, Value};
use crate::plan::{Content, File};
use crate::write::Blog;

const ATOM: &str = include_str!("../../../templates/hugo/feed.atom.xml");
const RSS: &str = include_str!("../../../templates/hugo/feed.rss.xml");

/// A feed as Hugo names it.
struct Feed<'a> {
    /// The name of the output format.
    name: String,
    /// The folder, the name without its extension, and the extension.
    parts: (&'a str, &'a str, &'a str),
    format: FeedFormat,
}

/// Whether Hugo can serve a feed at an address: a file with an extension.
pub fn is_possible(address: &str) -> bool {
    parts(address).is_some()
}

fn parts(address: &str) -> Option<(&str, &str, &str)> {
    let (folder, name) = address.rsplit_once('/')?;
    let (stem, extension) = name.rsplit_once('.')?;
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    (plain(stem) && plain(extension)).then_some((folder.trim_start_matches('/'), stem, extension))
}

fn feeds(blog: &Blog) -> Vec<Feed<'_>> {
    let mut feeds = Vec::new();
    for served in &*blog.lists {
        let Shows::Feed(format) = served.list.shows else { continue };
        let Some(parts) = parts(&served.list.address) else { continue };
        let number = if feeds.is_empty() { String::new() } else { (feeds.len() + 1).to_string() };
        feeds.push(Feed { name: format!("feed{number}"), parts, format });
    }
    feeds
}

/// What readers of feeds know the formats by: their own media types are those of the output formats.
pub fn types(blog: &Blog) -> Option<Value> {
    let kind = |feed: &Feed<'_>| match feed.format {
        FeedFormat::Atom => "application/atom+xml",
        FeedFormat::Rss => "application/rss+xml",
    };
    let types: Map = feeds(blog).into_iter().map(|feed| (feed.name.clone(), Value::from(kind(&feed)))).collect();
    (!types.is_empty()).then_some(Value::Map(types))
}

/// The media types, output formats and outputs that the feeds ask for.
pub fn config(blog: &Blog) -> Vec<(&'static str, Value)> {
    let feeds = feeds(blog);
    if feeds.is_empty() {
        return Vec::new();
    }
    // a media type of its own for each: the extension of a format's files is that of its type
    let media = |feed: &Feed<'_>| format!("application/{}+xml", feed.name);
    let types = feeds.iter().map(|feed| {
        let suffixes = Value::List(vec![Value::from(feed.parts.2)]);
        (media(feed), Value::Map(Map::from_iter([("suffixes".to_owned(), suffixes)])))
    });
    let formats = feeds.iter().map(|feed| {
        let (folder, stem, _) = feed.parts;
        let mut format = Map::from_iter([
            ("mediaType".to_owned(), Value::String(media(feed))),
            ("baseName".to_owned(), Value::from(stem)),
            ("isPlainText".to_owned(), Value::Bool(true)),
            ("noUgly".to_owned(), Value::Bool(true)),
            ("rel".to_owned(), Value::from("alternate")),
        ]);
        if !folder.is_empty() {
            format.insert("path".to_owned(), Value::from(folder));
        }
        (feed.name.clone(), Value::Map(format))
    });
    let outputs = std::iter::once("html".to_owned()).chain(feeds.iter().map(|feed| feed.name.clone()));
    let home = Value::List(outputs.map(Value::String).collect());
    vec![
        ("mediaTypes", Value::Map(types.collect())),
        ("outputFormats", Value::Map(formats.collect())),
        ("outputs", Value::Map(Map::from_iter([("home".to_owned(), home)]))),
    ]
}

/// The templates of the feeds. They belong to the blog's addresses, not to a theme.
pub fn templates(blog: &Blog) -> Vec<File> {
    let template = |feed: Feed<'_>| {
        let text = if feed.format == FeedFormat::Atom { ATOM } else { RSS };
        let text = text.replace("FEED", &feed.name).replace("LENGTH", &FEED_LENGTH.to_string());
        let path = format!("layouts/home.{}.{}", feed.name, feed.parts.2);
        File { path: path.into(), content: Content::Bytes(text.into_bytes()), source: None }
    };
    feeds(blog).into_iter().map(template).collect()
}
