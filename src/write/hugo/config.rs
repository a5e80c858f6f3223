//! `hugo.toml`: what the content needs to be read and served as it was.

use super::feeds;
use crate::model::{Dialect, Map, MenuLink, Shows, Target, Value};
use crate::write::toml;
use crate::write::{Blog, Theme, is_language_tag, look, preset};

/// How many documents Hugo shows on a page of a list where nothing is said.
pub const PAGER_SIZE: usize = 10;

/// The configuration.
pub fn write(blog: &Blog) -> String {
    let site = &*blog.site;
    let mut root = Map::new();
    let mut set = |key: &str, value: Value| {
        root.insert(key.to_owned(), value);
    };
    let host = if site.host.is_empty() { "https://example.org" } else { &site.host };
    set("baseURL", Value::String(format!("{host}{}/", site.base_path)));
    set("title", Value::String(site.title.clone()));
    if let Some(language) = site.language.as_deref().filter(|tag| is_language_tag(tag)) {
        set("locale", Value::from(language));
    }
    set("timeZone", Value::String(site.zone_name.clone()));
    // Hugo leaves out what is dated in the future; the source showed it
    set("buildFuture", Value::Bool(true));
    set("disablePathToLower", Value::Bool(true));
    // Hugo writes terms and sections with a capital; here they stay as the author wrote them
    set("capitalizeListTitles", Value::Bool(false));
    let taxonomies =
        [("tag", "tags"), ("category", "categories")].map(|(one, many)| (one.to_owned(), Value::from(many)));
    set("taxonomies", Value::Map(Map::from_iter(taxonomies)));
    if let Some(per_page) = site.per_page.filter(|per_page| *per_page != PAGER_SIZE) {
        let size = Value::Int(i64::try_from(per_page).unwrap_or(i64::MAX));
        set("pagination", Value::Map(Map::from_iter([("pagerSize".to_owned(), size)])));
    }
    set("markup", markup(blog));
    let mut params = Map::new();
    for (key, value) in [("subtitle", &site.subtitle), ("description", &site.description)] {
        if let Some(value) = value {
            params.insert(key.to_owned(), Value::String(value.clone()));
        }
    }
    let is_starter = blog.theme == Theme::Starter;
    if is_starter {
        let labels = look::labels(look::language(blog)).iter();
        let labels = labels.map(|(name, label)| (name.clone(), Value::String(label.clone())));
        params.insert("labels".to_owned(), Value::Map(labels.collect()));
        params.extend(feeds::types(blog).map(|types| ("feed_types".to_owned(), types)));
        params.extend(look::formulas::settings(blog, Target::Hugo).map(|katex| ("katex".to_owned(), katex)));
    }
    if !site.comments.is_empty() && blog.theme.preset().is_none() {
        params.insert("comments".to_owned(), Value::Map(site.comments.clone()));
    }
    if let Some(preset) = blog.theme.preset() {
        set("theme", Value::String(preset.folder.clone()));
    }
    if !params.is_empty() {
        set("params", Value::Map(params));
    }
    let menu = menu(blog);
    if !menu.is_empty() {
        set("menus", Value::Map(Map::from_iter([("main".to_owned(), Value::List(menu))])));
    }
    for (key, value) in feeds::config(blog) {
        root.insert(key.to_owned(), value);
    }
    if let Some(preset) = blog.theme.preset() {
        preset::add(&preset.config, &mut root);
    }
    toml::write(&root)
}

/// Hugo puts entries in the order of their weights.
fn menu(blog: &Blog) -> Vec<Value> {
    let stood: Vec<(&Shows, &str)> = blog
        .placed
        .iter()
        .filter_map(|placed| Some((placed.served.list.as_deref()?, &*placed.served.address)))
        .collect();
    let list = |shows: &Shows| {
        let own = match shows {
            Shows::Terms(taxonomy) => format!("/{}/", taxonomy.name()),
            _ => "/posts/".to_owned(),
        };
        let stood = stood.iter().find(|(stood, _)| *stood == shows).map(|(_, address)| (*address).to_owned());
        look::has(blog, shows).then(|| stood.unwrap_or(own))
    };
    let entry = |(at, link): (usize, MenuLink)| {
        Value::Map(Map::from_iter([
            ("name".to_owned(), Value::String(link.label)),
            ("url".to_owned(), Value::String(link.to)),
            ("weight".to_owned(), Value::Int(i64::try_from(at + 1).unwrap_or(i64::MAX))),
        ]))
    };
    look::menu(blog, list).into_iter().enumerate().map(entry).collect()
}

fn markup(blog: &Blog) -> Value {
    let mut goldmark = Map::new();
    let renderer = [("unsafe", true), ("hardWraps", blog.site.markup.hard_breaks)];
    goldmark.insert("renderer".to_owned(), truths(&renderer));
    let mut extensions = Map::new();
    if !blog.site.markup.smart {
        extensions.insert("typographer".to_owned(), truths(&[("disable", true)]));
    } else if !blog.posts().any(|post| matches!(post.dialect, Dialect::Kramdown | Dialect::Goldmark)) {
        // `<<` and `>>` are quotes to goldmark and to kramdown, and arrows to everybody else
        let plain = [("leftAngleQuote", "&lt;&lt;"), ("rightAngleQuote", "&gt;&gt;")];
        let plain = plain.map(|(key, mark)| (key.to_owned(), Value::from(mark)));
        extensions.insert("typographer".to_owned(), Value::Map(Map::from_iter(plain)));
    }
    if blog.site.markup.bare_links {
        // GFM: `www.a.example` leads to http
        extensions.insert("linkifyProtocol".to_owned(), Value::from("http"));
    } else {
        extensions.insert("linkify".to_owned(), Value::Bool(false));
    }
    if look::formulas::are_marked(blog) {
        extensions.insert("passthrough".to_owned(), passthrough());
    }
    if !extensions.is_empty() {
        goldmark.insert("extensions".to_owned(), Value::Map(extensions));
    }
    let mut markup = Map::from_iter([("goldmark".to_owned(), Value::Map(goldmark))]);
    if blog.theme == Theme::Starter {
        // by classes, which the stylesheet has light and dark colours for
        markup.insert("highlight".to_owned(), truths(&[("noClasses", false)]));
    }
    Value::Map(markup)
}

fn passthrough() -> Value {
    let pair = |open: &str, close: &str| Value::List(vec![Value::from(open), Value::from(close)]);
    let delimiters = [
        ("block".to_owned(), Value::List(vec![pair("\\[", "\\]"), pair("$$", "$$")])),
        ("inline".to_owned(), Value::List(vec![pair("\\(", "\\)")])),
    ];
    Value::Map(Map::from_iter([
        ("enable".to_owned(), Value::Bool(true)),
        ("delimiters".to_owned(), Value::Map(Map::from_iter(delimiters))),
    ]))
}

fn truths(pairs: &[(&str, bool)]) -> Value {
    Value::Map(pairs.iter().map(|(key, truth)| ((*key).to_owned(), Value::Bool(*truth))).collect())
}
