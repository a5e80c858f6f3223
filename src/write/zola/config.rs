//! `config.toml` and the front matter of sections. Zola 0.22.0 reads no `zola.toml`.

use crate::address::ServedList;
use crate::model::{FeedFormat, Map, MenuLink, Shows, Target, Value};
use crate::write::toml;
use crate::write::{Blog, FEED_LENGTH, Theme, is_language_tag, look, preset};

/// Files that Zola makes by itself, and the setting that keeps it from that.
pub const OPTIONAL: &[(&str, &str)] = &[("/robots.txt", "generate_robots_txt"), ("/sitemap.xml", "generate_sitemap")];

/// The configuration of a blog with documents in these sections.
pub fn write(blog: &Blog, sections: &[&str]) -> String {
    let site = &*blog.site;
    let mut root = Map::new();
    let mut set = |key: &str, value: Value| {
        root.insert(key.to_owned(), value);
    };
    let host = if site.host.is_empty() { "https://example.org" } else { &site.host };
    set("base_url", Value::String(format!("{host}{}", site.base_path)));
    set("title", Value::String(site.title.clone()));
    if let Some(description) = &site.description {
        set("description", Value::String(description.clone()));
    }
    if let Some(language) = site.language.as_deref().filter(|tag| is_language_tag(tag)) {
        set("default_language", Value::from(language));
    }
    set("generate_feeds", Value::Bool(true));
    let feeds: Vec<Value> = feeds(blog).into_iter().map(|(name, _)| Value::from(name)).collect();
    if !feeds.is_empty() {
        set("feed_filenames", Value::List(feeds));
        set("feed_limit", Value::Int(i64::try_from(FEED_LENGTH).unwrap_or(i64::MAX)));
    }
    for (address, setting) in OPTIONAL {
        if blog.assets.iter().any(|asset| *asset.address == **address) {
            set(setting, Value::Bool(false));
        }
    }
    // without templates of its own Zola refuses to render taxonomies
    let render = blog.theme != Theme::None;
    if let Some(preset) = blog.theme.preset() {
        set("theme", Value::String(preset.folder.clone()));
    }
    set("taxonomies", Value::List(["tags", "categories"].iter().map(|name| taxonomy(name, render)).collect()));
    set("slugify", table(&[("paths", "safe"), ("taxonomies", "safe"), ("anchors", anchors(blog))]));
    let markdown = [("smart_punctuation", site.markup.smart), ("definition_list", true), ("bottom_footnotes", true)];
    set("markdown", Value::Map(markdown.iter().map(|(key, truth)| ((*key).to_owned(), Value::Bool(*truth))).collect()));
    // an anchor that was dead before must not stop the build
    set("link_checker", table(&[("internal_level", "warn")]));
    let mut extra = Map::new();
    if let Some(subtitle) = &site.subtitle {
        extra.insert("subtitle".to_owned(), Value::String(subtitle.clone()));
    }
    if !site.comments.is_empty() && blog.theme.preset().is_none() {
        extra.insert("comments".to_owned(), Value::Map(site.comments.clone()));
    }
    if blog.theme == Theme::Starter {
        extra.extend(for_the_starter(blog, sections));
        extra.extend(look::formulas::settings(blog, Target::Zola).map(|katex| ("katex".to_owned(), katex)));
    }
    if !extra.is_empty() {
        set("extra", Value::Map(extra));
    }
    if let Some(preset) = blog.theme.preset() {
        preset::add(&preset.config, &mut root);
    }
    let mut config = toml::write(&root);
    if blog.theme == Theme::Starter {
        config.push_str(COLOURS);
    }
    config
}

/// Zola 0.22 colours 840 posts in 72 s that it builds in 1.2 s otherwise: that is for the author to choose. The two
/// themes are there for Zola, which writes classes of no single one; the colours are those of the style sheet.
const COLOURS: &str = "\n# Code in colours, which takes Zola some 15 milliseconds for each block:\n\
     # [markdown.highlighting]\n# style = \"class\"\n# light_theme = \"github-light\"\n# dark_theme = \"github-dark\"\n";

/// What the starter's templates would otherwise have to ask of every post, on every page.
fn for_the_starter(blog: &Blog, sections: &[&str]) -> Map {
    // a blog without posts shows its collections
    let home = |section: &&&str| if sections.contains(&"posts") { **section == "posts" } else { **section != "pages" };
    let home = sections.iter().filter(home).map(|section| Value::String(format!("{section}/_index.md")));
    let mut extra = Map::from_iter([("home".to_owned(), Value::List(home.collect()))]);
    // the pages whose text stands above a list of terms, by the name of the list
    let above = blog.placed.iter().filter_map(|placed| {
        let list = match placed.served.list.as_deref()? {
            Shows::Terms(taxonomy) => taxonomy.name().to_owned(),
            Shows::Term(taxonomy, name) => format!("{}/{name}", taxonomy.name()),
            _ => return None,
        };
        Some((list, Value::from(placed.path.strip_prefix("content/")?)))
    });
    let above: Map = above.collect();
    if !above.is_empty() {
        extra.insert("above".to_owned(), Value::Map(above));
    }
    let labels = look::labels(look::language(blog)).iter();
    let labels = labels.map(|(name, label)| (name.clone(), Value::String(label.clone())));
    extra.insert("home_length".to_owned(), Value::Int(HOME_LENGTH));
    let menu = menu(blog);
    if !menu.is_empty() {
        extra.insert("menu".to_owned(), Value::List(menu));
    }
    extra.insert("labels".to_owned(), Value::Map(labels.collect()));
    extra
}

/// How many posts the starter's first page shows with their beginnings: all others are a page away.
const HOME_LENGTH: i64 = 20;

fn menu(blog: &Blog) -> Vec<Value> {
    let list = |shows: &Shows| {
        let own = match shows {
            Shows::Terms(taxonomy) => format!("/{}/", taxonomy.name()),
            _ => "/posts/".to_owned(),
        };
        look::has(blog, shows).then_some(own)
    };
    let entry = |link: MenuLink| {
        Value::Map(Map::from_iter([
            ("name".to_owned(), Value::String(link.label)),
            ("url".to_owned(), Value::String(link.to)),
        ]))
    };
    look::menu(blog, list).into_iter().map(entry).collect()
}

/// The feeds that Zola writes at their old addresses.
pub fn feeds<'a>(blog: &'a Blog) -> Vec<(&'a str, FeedFormat)> {
    let feed = |served: &'a ServedList| match served.list.shows {
        Shows::Feed(format) if is_feed_name(&served.list.address) => Some((&served.list.address[1..], format)),
        _ => None,
    };
    blog.lists.iter().filter_map(feed).collect()
}

/// Zola writes feeds beside its first page, and escapes what it puts in templates whose names end in `.xml`.
pub fn is_feed_name(address: &str) -> bool {
    let name = address.trim_start_matches('/');
    name.ends_with(".xml") && !name.contains('/') && !matches!(name, "sitemap.xml" | ".xml")
}

/// Heading ids without a `{#id}` of their own: by the rule that comes nearest to the source's.
fn anchors(blog: &Blog) -> &'static str {
    if blog.site.markup.cased_ids { "safe" } else { "on" }
}

fn taxonomy(name: &str, render: bool) -> Value {
    let mut map = Map::from_iter([("name".to_owned(), Value::from(name))]);
    if !render {
        map.insert("render".to_owned(), Value::Bool(false));
    }
    Value::Map(map)
}

fn table(pairs: &[(&str, &str)]) -> Value {
    Value::Map(pairs.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect())
}

/// Zola (`sorting.rs`) leaves out pages without the field that a section is sorted by: one that holds an undated page is
/// not sorted.
pub fn order(dated: bool) -> &'static str {
    if dated { "date" } else { "none" }
}

/// The front matter of a section's `_index.md`; it is rendered only where nothing else has its address.
pub fn section(blog: &Blog, name: &str, dated: bool, free: bool) -> String {
    let mut front = Map::new();
    let archive = look::labels(look::language(blog)).get("archive").filter(|_| name == "posts").cloned();
    let own = || name.chars().take(1).flat_map(char::to_uppercase).chain(name.chars().skip(1)).collect();
    let title: String = archive.unwrap_or_else(own);
    front.insert("title".to_owned(), Value::String(title));
    front.insert("sort_by".to_owned(), Value::from(order(dated)));
    if !free || name == "pages" {
        front.insert("render".to_owned(), Value::Bool(false));
    }
    if let Some(preset) = blog.theme.preset().filter(|_| name == "posts") {
        preset::add(&preset.section, &mut front);
    }
    format!("+++\n{}+++\n", toml::write(&front))
}

/// The front matter of the first page, where no document is that.
pub fn home(blog: &Blog) -> String {
    let mut front = Map::from_iter([("sort_by".to_owned(), Value::from("date"))]);
    if let Some(preset) = blog.theme.preset() {
        preset::add(&preset.home, &mut front);
    }
    format!("+++\n{}+++\n", toml::write(&front))
}
