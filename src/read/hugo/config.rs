//! Hugo's configuration: one file, or a folder of them.

use indexmap::IndexMap;
use jiff::tz::TimeZone;

use crate::frontmatter::{self, Flavor};
use crate::ledger::Ledger;
use crate::model::{
    CommonMark, CommonMarkEngine, Formulas, HeadingIds, Map, MarkupSettings, MenuLink, RawHtml, Site, Value,
};
use crate::read::address::split_url;
use crate::read::files::ConfigFile;
use crate::read::{ReadError, ReadOptions, comments};
use crate::source::SourceFolder;

/// Hugo (`config/allconfig/load.go`): the first of these that is there.
pub const FILES: [&str; 8] =
    ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml", "config.yml", "config.json"];

/// Reads the configuration.
///
/// # Errors
/// [`ReadError::NoBlog`] where there is none, [`ReadError::WrongConfig`] where it does not parse.
pub fn read(folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Site, ReadError> {
    let mut config = Map::new();
    let mut is_there = false;
    if let Some(file) = ConfigFile::first(folder, &FILES, ledger)? {
        merge(&mut config, lowered(parsed(&file)?));
        is_there = true;
    }
    for environment in ["_default", "production"] {
        is_there |= of_folder(folder, &format!("config/{environment}"), &mut config, ledger)?;
    }
    if !is_there {
        let missing = "there is no hugo.toml, no config.toml (or .yaml, .json) and no folder config/_default";
        return Err(ReadError::NoBlog { path: folder.named().to_owned(), generator: "Hugo", missing });
    }
    Ok(site(folder, config, options))
}

/// Hugo (`config/configLoader.go`): `hugo.toml` and `config.toml` are the root, other files the table of their name.
fn of_folder(folder: &SourceFolder, path: &str, config: &mut Map, ledger: &mut Ledger) -> Result<bool, ReadError> {
    let mut is_there = false;
    for file in folder.files(path, |_| true).into_iter().filter(|file| file.bar.is_none()) {
        let name = file.name();
        let Some((stem, "toml" | "yaml" | "yml" | "json")) = name.rsplit_once('.') else { continue };
        let Some(read) = ConfigFile::first(folder, &[&file.path], ledger)? else { continue };
        let table = lowered(parsed(&read)?);
        is_there = true;
        match stem.split_once('.').unwrap_or((stem, "")) {
            ("hugo" | "config", _) => merge(config, table),
            // `menus.en.toml` is of a language
            (name, "") => merge(config, Map::from_iter([(name.to_lowercase(), Value::Map(table))])),
            (name, language) => {
                let inner = Map::from_iter([(name.to_lowercase(), Value::Map(table))]);
                let language = Map::from_iter([(language.to_lowercase(), Value::Map(inner))]);
                merge(config, Map::from_iter([("languages".to_owned(), Value::Map(language))]));
            }
        }
    }
    Ok(is_there)
}

fn parsed(file: &ConfigFile) -> Result<Map, ReadError> {
    let read = match file.name.rsplit_once('.').map_or("", |(_, end)| end) {
        "toml" => frontmatter::read_toml(&file.text),
        // JSON is YAML
        _ => frontmatter::read_map(&file.text, Flavor::Hugo),
    };
    read.map_err(|error| file.error(error.line, error.column, error.message))
}

/// Hugo's keys have no case.
fn lowered(map: Map) -> Map {
    let value = |value: Value| match value {
        Value::Map(map) => Value::Map(lowered(map)),
        other => other,
    };
    map.into_iter().map(|(key, inner)| (key.to_lowercase(), value(inner))).collect()
}

/// Puts one configuration over another, table by table.
fn merge(config: &mut Map, over: Map) {
    for (key, value) in over {
        match (config.get_mut(&key), value) {
            (Some(Value::Map(known)), Value::Map(map)) => merge(known, map),
            (_, value) => _ = config.insert(key, value),
        }
    }
}

fn site(folder: &SourceFolder, config: Map, options: &ReadOptions) -> Site {
    let text = |key: &str| config.get(key).and_then(Value::to_text).filter(|text| !text.trim().is_empty());
    let params = config.get("params").and_then(Value::as_map);
    let param = |key: &str| params.and_then(|params| params.get(key)).and_then(Value::to_text);
    let (host, base_path) = split_url(&options.base_url.clone().or_else(|| text("baseurl")).unwrap_or_default());
    let named = text("timezone").and_then(|name| Some((name.clone(), TimeZone::get(&name).ok()?)));
    let (zone_name, zone) = named.or_else(|| options.zone.clone()).unwrap_or(("UTC".to_owned(), TimeZone::UTC));
    // what a site of one language says of it stands beside the rest
    let language = text("defaultcontentlanguage").or_else(|| text("languagecode")).or_else(|| text("locale"));
    let of_language = |key: &str| {
        let tables = config.get("languages")?.as_map()?;
        tables.get(&language.as_ref()?.to_lowercase())?.as_map()?.get(key)?.to_text()
    };
    let per_page = config
        .get("pagination")
        .and_then(Value::as_map)
        .and_then(|table| table.get("pagersize"))
        .or_else(|| config.get("paginate"))
        .and_then(Value::to_text)
        .and_then(|text| text.parse().ok());
    Site {
        root: folder.clone(),
        title: text("title").or_else(|| of_language("title")).unwrap_or_default(),
        subtitle: param("subtitle"),
        description: param("description"),
        host,
        base_path,
        zone,
        zone_name,
        // Hugo (`config/allconfig`): UTC where no zone is named
        zone_known: true,
        authors: IndexMap::new(),
        permalink: options.permalink.clone(),
        per_page: Some(per_page.unwrap_or(10)),
        menu: menu(&config),
        comments: comments::settings(std::iter::once(&config).chain(params)),
        formulas: Formulas::Marked,
        data: Map::new(),
        includes: Vec::new(),
        markup: markup(&config),
        renderer: options.renderer.clone(),
        language,
        config,
    }
}

/// Hugo (`navigation/menu.go`): the entries of the main menu by their weight.
fn menu(config: &Map) -> Vec<MenuLink> {
    let menus = config.get("menus").or_else(|| config.get("menu")).and_then(Value::as_map);
    let Some(Value::List(entries)) = menus.and_then(|menus| menus.get("main")) else { return Vec::new() };
    let mut entries: Vec<&Map> = entries.iter().filter_map(Value::as_map).collect();
    let weight = |entry: &&Map| entry.get("weight").and_then(Value::to_text).and_then(|text| text.parse::<i64>().ok());
    entries.sort_by_key(|entry| weight(entry).unwrap_or(i64::MAX));
    let text = |entry: &Map, key: &str| lowered(entry.clone()).get(key).and_then(Value::to_text);
    let link = |entry: &&Map| {
        let to = text(entry, "url").or_else(|| text(entry, "pageref"))?;
        Some(MenuLink { label: text(entry, "name").or_else(|| text(entry, "title")).unwrap_or_default(), to })
    };
    entries.iter().filter_map(link).collect()
}

/// The languages that file names can hold, the first one aside.
pub fn languages(site: &Site) -> Vec<String> {
    site.setting("languages").and_then(Value::as_map).map(|map| map.keys().cloned().collect()).unwrap_or_default()
}

/// The folders with the texts, each with the language that its texts are in, where it is a language's own; deeper ones first.
pub fn content_folders(site: &Site) -> Vec<(String, Option<String>)> {
    let named = |value: Option<&Value>| {
        let name = value.and_then(Value::to_text).filter(|name| !name.trim().is_empty())?;
        crate::source::beneath(&name).ok()
    };
    let mut folders = Vec::new();
    for (language, table) in site.setting("languages").and_then(Value::as_map).into_iter().flatten() {
        if let Some(folder) = named(table.as_map().and_then(|table| table.get("contentdir"))) {
            folders.push((folder, Some(language.clone())));
        }
    }
    folders.push((named(site.setting("contentdir")).unwrap_or_else(|| "content".to_owned()), None));
    folders.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
    folders
}

/// Hugo (`markup/goldmark/goldmark_config`): what is on where nothing is said.
fn markup(config: &Map) -> MarkupSettings {
    let goldmark =
        config.get("markup").and_then(Value::as_map).and_then(|table| table.get("goldmark")).and_then(Value::as_map);
    let table = |name: &str| goldmark.and_then(|table| table.get(name)).and_then(Value::as_map);
    let truth = |table: Option<&Map>, key: &str, usual: bool| {
        table.and_then(|table| table.get(key)).and_then(Value::as_bool).unwrap_or(usual)
    };
    let (extensions, parser, renderer) = (table("extensions"), table("parser"), table("renderer"));
    let extension = |name: &str| match extensions.and_then(|table| table.get(name)) {
        Some(Value::Bool(truth)) => *truth,
        Some(Value::Map(table)) => {
            !truth(Some(table), "disable", false) && table.get("enable").and_then(Value::as_bool) != Some(false)
        }
        _ => true,
    };
    let passthrough = extensions.and_then(|table| table.get("passthrough")).and_then(Value::as_map);
    let has_ids = truth(parser, "autoheadingid", true);
    MarkupSettings {
        hard_breaks: truth(renderer, "hardwraps", false),
        smart: extension("typographer"),
        bare_links: extension("linkify"),
        heading_ids: has_ids,
        math: truth(passthrough, "enable", false),
        commonmark: Some(CommonMark {
            engine: CommonMarkEngine::Goldmark,
            raw_html: if truth(renderer, "unsafe", false) { RawHtml::Kept } else { RawHtml::Omitted },
            tables: extension("table"),
            strike: extension("strikethrough"),
            one_tilde: true,
            tasks: extension("tasklist"),
            footnotes: extension("footnote"),
            attributes: true,
            definitions: extension("definitionlist"),
            emoji: config.get("enableemoji").and_then(Value::as_bool) == Some(true),
            heading_ids: if has_ids { HeadingIds::Github } else { HeadingIds::None },
        }),
        ..MarkupSettings::default()
    }
}
