//! Zola's configuration.

use indexmap::IndexMap;
use jiff::tz::TimeZone;

use crate::frontmatter;
use crate::ledger::Ledger;
use crate::model::{CommonMark, CommonMarkEngine, Formulas, HeadingIds, Map, MarkupSettings, RawHtml, Site, Value};
use crate::read::address::split_url;
use crate::read::files::ConfigFile;
use crate::read::{ReadError, ReadOptions, comments};
use crate::source::SourceFolder;

/// Where it stands (`cli.rs`: since 0.20 under either name).
pub const FILES: [&str; 2] = ["config.toml", "zola.toml"];

/// Reads the configuration.
///
/// # Errors
/// [`ReadError::NoBlog`] where there is none, [`ReadError::WrongConfig`] where it does not parse.
pub fn read(folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Site, ReadError> {
    let Some(file) = ConfigFile::first(folder, &FILES, ledger)? else {
        let missing = "there is no config.toml or zola.toml with `base_url`";
        return Err(ReadError::NoBlog { path: folder.named().to_owned(), generator: "Zola", missing });
    };
    let config =
        frontmatter::read_toml(&file.text).map_err(|error| file.error(error.line, error.column, error.message))?;
    let text = |key: &str| config.get(key).and_then(Value::to_text).filter(|text| !text.trim().is_empty());
    let (host, base_path) = split_url(&options.base_url.clone().or_else(|| text("base_url")).unwrap_or_default());
    Ok(Site {
        root: folder.clone(),
        title: text("title").unwrap_or_default(),
        subtitle: None,
        description: text("description"),
        host,
        base_path,
        // Zola (`front_matter/page.rs`): a date without an offset is UTC's
        zone: TimeZone::UTC,
        zone_name: "UTC".to_owned(),
        zone_known: true,
        language: text("default_language"),
        authors: IndexMap::new(),
        permalink: None,
        per_page: None,
        menu: Vec::new(),
        comments: comments::settings(config.get("extra").and_then(Value::as_map)),
        formulas: Formulas::Marked,
        data: Map::new(),
        includes: Vec::new(),
        markup: markup(&config),
        renderer: options.renderer.clone(),
        config,
    })
}

/// The languages beside the first one.
pub fn languages(site: &Site) -> Vec<String> {
    site.setting("languages").and_then(Value::as_map).map(|map| map.keys().cloned().collect()).unwrap_or_default()
}

/// How slugs of a kind (`paths`, `taxonomies`, `anchors`) are made: `on` where nothing is said (`config/slugify.rs`).
pub fn slugify(config: &Map, kind: &str) -> Slugify {
    let said = config.get("slugify").and_then(Value::as_map).and_then(|table| table.get(kind)).and_then(Value::as_str);
    match said {
        Some("safe") => Slugify::Safe,
        Some("off") => Slugify::Off,
        _ => Slugify::On,
    }
}

/// Zola (`utils/slugs.rs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slugify {
    /// ASCII letters and digits, in small letters.
    On,
    /// Everything but what file systems do not take.
    Safe,
    /// As typed.
    Off,
}

impl Slugify {
    /// The slug of a name.
    pub fn path(self, name: &str) -> String {
        match self {
            Slugify::On => slug::slugify(name),
            // Zola (`slugs.rs`, `strip_invalid_paths_chars`)
            Slugify::Safe => {
                let forbidden = |c: char| {
                    matches!(
                        c,
                        '<' | '>'
                            | ':'
                            | '"'
                            | '/'
                            | '|'
                            | '?'
                            | '*'
                            | '#'
                            | '\\'
                            | '('
                            | ')'
                            | '['
                            | ']'
                            | '\n'
                            | '\r'
                            | '\t'
                    )
                };
                name.trim_end_matches([' ', '.']).replace(forbidden, "").replace(' ', "_")
            }
            Slugify::Off => name.to_owned(),
        }
    }
}

/// Zola (`markdown.rs`, `cmark.rs`): tables, footnotes, strikethrough, task lists and heading attributes always; the rest by
/// the configuration.
fn markup(config: &Map) -> MarkupSettings {
    let table = config.get("markdown").and_then(Value::as_map);
    let truth = |key: &str| table.and_then(|table| table.get(key)).and_then(Value::as_bool).unwrap_or(false);
    let heading_ids = match slugify(config, "anchors") {
        Slugify::On => HeadingIds::Zola,
        Slugify::Safe | Slugify::Off => HeadingIds::ZolaSafe,
    };
    MarkupSettings {
        smart: truth("smart_punctuation"),
        heading_ids: true,
        cased_ids: heading_ids == HeadingIds::ZolaSafe,
        commonmark: Some(CommonMark {
            engine: CommonMarkEngine::Pulldown,
            raw_html: RawHtml::Kept,
            tables: true,
            strike: true,
            one_tilde: true,
            tasks: true,
            footnotes: true,
            attributes: true,
            definitions: truth("definition_list"),
            emoji: truth("render_emoji"),
            heading_ids,
        }),
        ..MarkupSettings::default()
    }
}
