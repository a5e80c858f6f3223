//! Jekyll's configuration, its defaults filled in.

use indexmap::IndexMap;
use jiff::tz::TimeZone;

use super::markdown;
use crate::frontmatter::{self, Flavor};
use crate::ledger::Ledger;
use crate::model::{Author, Formulas, IdText, Map, MarkupSettings, MenuLink, Site, Value};
use crate::read::address::{base_path, split_url};
use crate::read::files::{ConfigFile, named_folder};
use crate::read::menu;
use crate::read::{ReadError, ReadOptions};
use crate::source::{SourceFolder, joined};

/// A collection of documents beside posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Its name.
    pub label: String,
    /// It is published.
    pub output: bool,
    /// The pattern of its addresses, if it has one of its own.
    pub permalink: Option<String>,
}

/// The files that the configuration may be in.
pub const FILES: [&str; 3] = ["_config.yml", "_config.yaml", "_config.toml"];

/// Reads the configuration into a site.
///
/// # Errors
/// [`ReadError::WrongConfig`] where it does not parse, or names a source that is not there.
pub fn read(folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Site, ReadError> {
    let file = ConfigFile::first(folder, &FILES, ledger)?;
    let config = match &file {
        Some(file) if file.name.ends_with(".toml") => toml_config(file)?,
        Some(file) => file.yaml(Flavor::Jekyll)?,
        None => Map::new(),
    };
    // old configurations write keys as symbols
    let mut config: Map =
        config.into_iter().map(|(key, value)| (key.trim_start_matches(':').to_owned(), value)).collect();
    if let Some(named) = config.get("source").and_then(Value::to_text) {
        let source = named_folder(folder, file.as_ref(), ("source", &named))?;
        config.insert("source".to_owned(), Value::String(source));
    }
    Ok(site(folder, config, options))
}

fn toml_config(file: &ConfigFile) -> Result<Map, ReadError> {
    let table: toml::Table = toml::from_str(&file.text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let before = file.text.get(..at).unwrap_or("");
        let line = before.matches('\n').count() as u32 + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() as u32 + 1;
        file.error(line, column, error.message().to_owned())
    })?;
    // the model of values is that of YAML
    let yaml = serde_json::to_string(&table).unwrap_or_default();
    Ok(frontmatter::read_map(&yaml, Flavor::Jekyll).unwrap_or_default())
}

fn site(root: &SourceFolder, config: Map, options: &ReadOptions) -> Site {
    let text = |key: &str| config.get(key).and_then(Value::to_text).filter(|text| !text.trim().is_empty());
    let (host, below) = split_url(&options.base_url.clone().or_else(|| text("url")).unwrap_or_default());
    let base = match (&options.base_url, text("baseurl")) {
        (None, Some(base)) => base_path(&base),
        _ => below,
    };
    let named = text("timezone").and_then(|name| TimeZone::get(&name).ok().map(|zone| (name, zone)));
    let zone_known = named.is_some() || options.zone.is_some();
    let (zone_name, zone) = named.or_else(|| options.zone.clone()).unwrap_or(("UTC".to_owned(), TimeZone::UTC));
    Site {
        root: root.clone(),
        title: text("title").or_else(|| text("name")).unwrap_or_default(),
        subtitle: text("tagline").or_else(|| text("subtitle")),
        description: text("description"),
        host,
        base_path: base,
        zone,
        zone_name,
        zone_known,
        language: text("lang").or_else(|| text("language")).or_else(|| text("locale")),
        authors: authors(config.get("authors")),
        permalink: options.permalink.clone().or_else(|| text("permalink")),
        data: Map::new(),
        includes: vec![joined(
            &text("source").unwrap_or_default(),
            &below_root(&text("includes_dir").unwrap_or_else(|| "_includes".to_owned())),
        )],
        markup: markdown::commonmark(&config, options.renderer.as_deref()).unwrap_or_else(|| markup(&config)),
        per_page: per_page(&config),
        menu: Vec::new(),
        formulas: Formulas::Marked,
        renderer: options.renderer.clone(),
        comments: Map::new(),
        config,
    }
}

/// Authors by key, from the configuration or `_data/authors.yml`.
pub fn authors(value: Option<&Value>) -> IndexMap<String, Author> {
    let Some(Value::Map(authors)) = value else { return IndexMap::new() };
    let author = |(key, value): (&String, &Value)| {
        let details = value.as_map().cloned().unwrap_or_default();
        let name =
            ["name", "display_name", "full_name"].iter().find_map(|field| details.get(*field)).and_then(Value::to_text);
        (key.clone(), Author { name: name.unwrap_or_else(|| key.clone()), details })
    };
    authors.iter().map(author).collect()
}

/// The menu as well-known themes read it: minima's `header_pages`, Beautiful Jekyll's `navbar-links`, the `main` of Minimal
/// Mistakes' `_data/navigation.yml`, and what others call so.
pub fn menu(config: &Map, data: &Map) -> Vec<MenuLink> {
    const KEYS: [&str; 6] = ["header_pages", "navbar-links", "navigation", "nav", "menu", "main_nav"];
    let of_data = ["navigation", "nav", "menu"].iter().find_map(|key| {
        let found = data.get(*key)?;
        found.as_map().map_or(Some(found), |menus| menus.get("main"))
    });
    let found = KEYS.iter().find_map(|key| config.get(*key)).or(of_data);
    found.map(menu::links).unwrap_or_default()
}

/// Jekyll (`configuration.rb`): kramdown reads GFM, with smart quotes and header ids, unless told otherwise.
fn markup(config: &Map) -> MarkupSettings {
    let kramdown = config.get("kramdown").and_then(Value::as_map);
    let option = |key: &str| kramdown.and_then(|map| map.get(key));
    let truth = |key: &str, default: bool| option(key).and_then(Value::as_bool).unwrap_or(default);
    MarkupSettings {
        hard_breaks: truth("hard_wrap", false),
        smart: !option("smart_quotes").is_some_and(names_straight_quotes),
        gfm: option("input").and_then(Value::as_str).is_none_or(|input| input.eq_ignore_ascii_case("gfm")),
        block_html: truth("parse_block_html", false),
        bare_links: false,
        line_numbers: line_numbers(kramdown),
        heading_ids: truth("auto_ids", true),
        id_text: IdText::Shown,
        cased_ids: false,
        math: true,
        blackfriday: None,
        rooted_pictures: false,
        commonmark: None,
    }
}

/// kramdown (`syntax_highlighter/rouge.rb`): options of all code, or of blocks alone.
fn line_numbers(kramdown: Option<&Map>) -> bool {
    let map = |map: &Map, key: &str| map.get(key).and_then(Value::as_map).cloned();
    let Some(options) = kramdown.and_then(|kramdown| map(kramdown, "syntax_highlighter_opts")) else { return false };
    let own = |options: &Map| options.get("line_numbers").and_then(Value::as_bool);
    map(&options, "block").as_ref().and_then(own).or(own(&options)).unwrap_or(false)
}

/// kramdown (`smart_quotes`): four entities, as a list or with commas between them.
fn names_straight_quotes(value: &Value) -> bool {
    let names = match value {
        Value::List(names) => names.iter().filter_map(Value::to_text).collect::<Vec<_>>().join(","),
        other => other.to_text().unwrap_or_default(),
    };
    names.contains("apos") && names.contains("quot")
}

/// Jekyll (`configuration.rb`, `collection.rb`): a permalink of the collection `posts` stands before the site's, but
/// not before the command line's.
pub fn posts_permalink(site: &Site) -> Option<&str> {
    let from_the_configuration = site.permalink.as_deref() == site.setting("permalink").and_then(Value::as_str);
    site.setting("collections.posts.permalink").and_then(Value::as_str).filter(|_| from_the_configuration)
}

/// The folder that Jekyll reads (`source`), below the site's root; empty where that is the root itself.
pub fn source_folder(site: &Site) -> &str {
    site.setting("source").and_then(Value::as_str).unwrap_or_default()
}

/// A file's path as Jekyll knows it, below its source folder.
pub fn below_source<'a>(site: &Site, path: &'a str) -> &'a str {
    path.strip_prefix(source_folder(site)).unwrap_or(path).trim_start_matches('/')
}

/// The folder of data files, below the source folder.
pub fn data_folder(site: &Site) -> String {
    below_root(&site.setting("data_dir").and_then(Value::to_text).unwrap_or_else(|| "_data".to_owned()))
}

/// Jekyll (`path_manager.rb`, `sanitized_path`): a folder of the site's own is read below its source, whatever its name;
/// `..` at the root stays there.
fn below_root(folder: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Jekyll (`configuration.rb`): the extensions of Markdown files, lower-cased, without their dots.
pub fn markdown_extensions(site: &Site) -> Vec<String> {
    let extensions = site.setting("markdown_ext").and_then(Value::to_text);
    let extensions = extensions.as_deref().unwrap_or("markdown,mkdown,mkdn,mkd,md");
    extensions.split(',').map(|extension| extension.trim().trim_start_matches('.').to_lowercase()).collect()
}

/// The collections of a configuration, `posts` not among them.
pub fn collections(site: &Site) -> Vec<Collection> {
    match site.config.get("collections") {
        Some(Value::Map(map)) => map
            .iter()
            .filter(|(label, _)| label.as_str() != "posts")
            .map(|(label, value)| {
                let field = |key: &str| value.as_map().and_then(|map| map.get(key));
                Collection {
                    label: label.clone(),
                    output: field("output").and_then(Value::as_bool).unwrap_or(false),
                    permalink: field("permalink").and_then(Value::to_text),
                }
            })
            .collect(),
        Some(Value::List(labels)) => labels
            .iter()
            .filter_map(Value::to_text)
            .filter(|label| label != "posts")
            .map(|label| Collection { label, output: false, permalink: None })
            .collect(),
        _ => Vec::new(),
    }
}

/// A setting that is one text or a list of them.
pub fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::List(items)) => items.iter().filter_map(Value::to_text).collect(),
        Some(other) => other.to_text().into_iter().collect(),
        None => Vec::new(),
    }
}

/// How many posts jekyll-paginate puts on a page.
fn per_page(config: &Map) -> Option<usize> {
    config.get("paginate").and_then(Value::to_text)?.parse().ok().filter(|count| *count > 0)
}
