//! Hexo's configuration, its defaults filled in.

use indexmap::IndexMap;
use jiff::tz::TimeZone;

use super::{renderer, unseen};
use crate::frontmatter::Flavor;
use crate::ledger::Ledger;
use crate::model::{Author, Formulas, Map, MarkupSettings, MenuLink, Site, Value};
use crate::read::address::{base_path, split_url};
use crate::read::files::{ConfigFile, named_folder};
use crate::read::menu;
use crate::read::{ReadError, ReadOptions};
use crate::slug::hexo::Case;
use crate::source::SourceFolder;

/// The setting that names the folder with the content.
pub const SOURCE_DIR: &str = "source_dir";

/// The settings that reading depends on.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder with the content.
    pub source_dir: String,
    /// The pattern of addresses.
    pub permalink: String,
    /// The pattern of file names, without its extension.
    pub new_post_name: String,
    /// The extension of file names.
    pub post_extension: String,
    /// The category of posts without one, in addresses.
    pub default_category: String,
    /// Names of categories in addresses.
    pub category_map: Map,
    /// Values for names that a post does not define.
    pub permalink_defaults: Map,
    /// Posts have folders with assets of their own.
    pub post_asset_folder: bool,
    /// The case of slugs.
    pub case: Case,
    /// A post without a title is called by its slug.
    pub slug_as_title: bool,
    /// Globs of files that are copied although they could be rendered.
    pub skip_render: Vec<String>,
    /// Globs of hidden files that are published all the same.
    pub include: Vec<String>,
    /// Globs of files that are left out.
    pub exclude: Vec<String>,
}

/// Reads `_config.yml` into the site and the settings.
///
/// # Errors
/// [`ReadError::WrongConfig`] where it does not parse; [`ReadError`] where the folder with the content is not there.
pub fn read(folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<(Site, Config), ReadError> {
    let file = ConfigFile::first(folder, &["_config.yml", "_config.yaml", "_config.json"], ledger)?;
    let mut map = match &file {
        Some(file) => file.yaml(Flavor::Hexo)?,
        None => Map::new(),
    };
    let named = map.get(SOURCE_DIR).and_then(Value::to_text).filter(|name| !name.is_empty());
    let named = named.unwrap_or_else(|| "source".to_owned());
    let source = named_folder(folder, file.as_ref(), (SOURCE_DIR, &named))?;
    if let Some(value) = map.get_mut(SOURCE_DIR) {
        *value = Value::String(source);
    }
    let site = site(folder, map, options);
    let config = settings(&site);
    Ok((site, config))
}

/// The settings of a site, by its configuration.
pub fn settings(site: &Site) -> Config {
    let map = &site.config;
    let text = |key: &str, default: &str| {
        map.get(key).and_then(Value::to_text).filter(|text| !text.is_empty()).unwrap_or(default.to_owned())
    };
    let truth = |key: &str| map.get(key).and_then(Value::as_bool).unwrap_or(false);
    let table = |key: &str| map.get(key).and_then(Value::as_map).cloned().unwrap_or_default();
    let name = text("new_post_name", ":title.md");
    let (stem, extension) = name.rsplit_once('.').map_or((name.as_str(), "md"), |(stem, extension)| (stem, extension));
    Config {
        source_dir: map.get(SOURCE_DIR).and_then(Value::to_text).unwrap_or_else(|| "source".to_owned()),
        permalink: site.permalink.clone().unwrap_or_else(|| ":year/:month/:day/:title/".to_owned()),
        new_post_name: stem.to_owned(),
        post_extension: extension.to_owned(),
        default_category: text("default_category", "uncategorized"),
        category_map: table("category_map"),
        permalink_defaults: table("permalink_defaults"),
        post_asset_folder: truth("post_asset_folder"),
        case: match map.get("filename_case") {
            Some(Value::Int(1)) => Case::Lower,
            Some(Value::Int(2)) => Case::Upper,
            _ => Case::Keep,
        },
        slug_as_title: truth("use_slug_as_post_title"),
        skip_render: globs(map.get("skip_render")),
        include: globs(map.get("include")),
        exclude: globs(map.get("exclude")).into_iter().chain(globs(map.get("ignore"))).collect(),
    }
}

/// What the blog tells its theme, what comes first in force: Hexo (`load_config.ts`) lets `theme_config` override
/// `_config.<theme>.yml`, and that the theme's own `_config.yml`.
pub fn of_theme(site: &Site) -> Vec<Map> {
    let own = site.config.get("theme_config").and_then(Value::as_map).cloned();
    let themes = unseen::theme(site).into_iter().flat_map(|theme| {
        let names = [format!("_config.{theme}.yml"), format!("{}/_config.yml", unseen::theme_folder(&theme))];
        names.into_iter().filter_map(|name| {
            // what is wrong in a theme's configuration is not the blog's
            let file = ConfigFile::first(&site.root, &[name.as_str()], &mut Ledger::default()).ok()??;
            file.yaml(Flavor::Hexo).ok()
        })
    });
    own.into_iter().chain(themes).collect()
}

/// The menu of the theme.
pub fn menu(site: &Site, theme: &[Map]) -> Vec<MenuLink> {
    const KEYS: [&str; 3] = ["menu", "navbar", "nav"];
    let of = |config: &Map| {
        let found = KEYS.iter().find_map(|key| config.get(*key))?;
        // Icarus and Fluid keep it in the settings of a bar
        let inner = found.as_map().and_then(|bar| bar.get("menu"));
        Some(menu::links(inner.unwrap_or(found))).filter(|links| !links.is_empty())
    };
    // older themes read the blog's own configuration
    let own = site.config.get("theme_config").and_then(Value::as_map);
    own.into_iter().chain([&site.config]).chain(theme).find_map(of).unwrap_or_default()
}

fn globs(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::List(items)) => items.iter().filter_map(Value::to_text).collect(),
        Some(Value::String(one)) if !one.trim().is_empty() => vec![one.clone()],
        _ => Vec::new(),
    }
}

fn site(root: &SourceFolder, config: Map, options: &ReadOptions) -> Site {
    let text = |key: &str| config.get(key).and_then(Value::to_text).filter(|text| !text.trim().is_empty());
    let (host, mut base) = split_url(&options.base_url.clone().or_else(|| text("url")).unwrap_or_default());
    // Hexo: links are `root` and the path; `url` is for addresses with a host
    if let (None, Some(root)) = (&options.base_url, text("root")) {
        base = base_path(&root);
    }
    let named = text("timezone").and_then(|name| TimeZone::get(&name).ok().map(|zone| (name, zone)));
    let zone_known = named.is_some() || options.zone.is_some();
    let (zone_name, zone) = named.or_else(|| options.zone.clone()).unwrap_or(("UTC".to_owned(), TimeZone::UTC));
    let language = match config.get("language") {
        Some(Value::List(items)) => items.first().and_then(Value::to_text),
        Some(other) => other.to_text(),
        None => None,
    };
    let author = text("author");
    let authors =
        author.map(|name| (name.clone(), Author { name, details: Map::new() })).into_iter().collect::<IndexMap<_, _>>();
    Site {
        root: root.clone(),
        title: text("title").unwrap_or_default(),
        subtitle: text("subtitle"),
        description: text("description"),
        host,
        base_path: base,
        zone,
        zone_name,
        zone_known,
        language: language.filter(|tag| !tag.is_empty() && tag != "default"),
        authors,
        permalink: options.permalink.clone().or_else(|| text("permalink")),
        data: Map::new(),
        includes: Vec::new(),
        markup: markup(root, &config, options.renderer.as_deref()),
        per_page: per_page(&config),
        menu: Vec::new(),
        formulas: Formulas::Marked,
        renderer: options.renderer.clone(),
        comments: Map::new(),
        config,
    }
}

/// hexo-renderer-marked (`index.js`): everything but what `marked:` turns off; the others (`index.js` of each) have the
/// same settings elsewhere, and some of them under other names.
fn markup(root: &SourceFolder, config: &Map, asked: Option<&str>) -> MarkupSettings {
    let other = renderer::name(root, asked);
    let (path, smart, links): (&[&str], _, _) = match other.as_deref() {
        Some(name) if name.ends_with("markdown-it") => (&["markdown", "render"], "typographer", "linkify"),
        Some(name) if name.ends_with("markdown-it-plus") => (&["markdown_it_plus"], "typographer", "linkify"),
        Some(name) if name.ends_with("kramed") => (&["kramed"], "smartypants", "gfm"),
        _ => (&["marked"], "smartypants", "gfm"),
    };
    let settings = path.iter().try_fold(config, |map, key| map.get(*key).and_then(Value::as_map));
    let on = |key: &str| settings.and_then(|map| map.get(key)).and_then(Value::as_bool).unwrap_or(true);
    MarkupSettings {
        hard_breaks: on("breaks"),
        smart: on(smart),
        gfm: on("gfm"),
        // marked links bare addresses under GFM
        bare_links: on(links),
        block_html: false,
        line_numbers: false,
        heading_ids: on("headerIds"),
        id_text: renderer::id_text(root),
        cased_ids: true,
        math: false,
        blackfriday: None,
        rooted_pictures: renderer::roots_pictures(root, config, other.is_some()),
        commonmark: other.as_deref().and_then(|name| renderer::commonmark(name, settings)),
    }
}

/// How many posts the first page shows (hexo-generator-index); `None` for all of them.
fn per_page(config: &Map) -> Option<usize> {
    let own = config.get("index_generator").and_then(Value::as_map).and_then(|own| own.get("per_page"));
    Some(number(own.or(config.get("per_page"))).unwrap_or(10)).filter(|count| *count > 0)
}

/// A whole number, as a number or as text.
pub fn number(value: Option<&Value>) -> Option<usize> {
    value.and_then(Value::to_text)?.parse().ok()
}
