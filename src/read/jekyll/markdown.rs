//! The Markdown engine that a configuration names, where it is not kramdown.

use crate::frontmatter;
use crate::model::{CommonMark, Map, Place, Site, Value};
use crate::read::Approximated;

use super::config::FILES;

/// Jekyll (`converters/markdown.rb`): engines that it had, or has by a plugin, and in what their pages differ from those
/// that kramdown would make.
const OTHERS: [(&str, &str); 3] = [
    ("redcarpet", "lists, `~~`, `{: }`, `$$`, footnotes and ids of headings, all by its extensions"),
    ("rdiscount", "headings without a space behind `#`, lists, `~~`, `{: }`, `$$` and ids of headings"),
    ("maruku", "lists, HTML with blank lines, formulas and ids of headings"),
];

/// The engine that is read by kramdown's rules, if it is another one.
pub fn approximated(site: &Site) -> Option<Approximated> {
    let named = site.setting("markdown").and_then(Value::to_text)?;
    let engine = named.trim().to_lowercase();
    // `GFM` was kramdown with its parser of that name
    if matches!(engine.as_str(), "" | "kramdown" | "gfm" | "commonmark" | "commonmarkghpages") {
        return None;
    }
    let differs = OTHERS.iter().find(|(name, _)| *name == engine).map(|(_, differs)| *differs);
    let differs = differs.unwrap_or("whatever its own rules are");
    Some(Approximated {
        renderer: named.clone(),
        place: place(site),
        message: format!("bodies are read by kramdown's rules; those of {named} differ in {differs}"),
    })
}

/// What commonmarker is set to, where the configuration names it: `options` and `extensions` of `commonmark`
/// (jekyll-commonmark, `setup_options`, `setup_extensions`).
pub fn commonmark(config: &Map) -> Option<(CommonMark, Settings)> {
    let engine = config.get("markdown")?.to_text()?.trim().to_lowercase();
    if engine != "commonmark" && engine != "commonmarkghpages" {
        return None;
    }
    let own = config.get("commonmark").and_then(Value::as_map);
    let names = |key: &str| match own.and_then(|own| own.get(key)) {
        Some(Value::List(names)) => names.iter().filter_map(Value::to_text).map(|name| name.to_lowercase()).collect(),
        _ => Vec::new(),
    };
    let (options, extensions): (Vec<String>, Vec<String>) = (names("options"), names("extensions"));
    let has = |list: &[String], name: &str| list.iter().any(|known| known == name);
    let commonmark = CommonMark {
        // without UNSAFE later versions left it out, earlier ones did not: what the author typed is not lost either way
        shows_html: false,
        tables: has(&extensions, "table"),
        strike: has(&extensions, "strikethrough"),
        tasks: has(&extensions, "tasklist"),
        footnotes: has(&options, "footnotes"),
        slugs_from: None,
        letter_ids: engine == "commonmarkghpages",
    };
    let settings = Settings {
        hard_breaks: has(&options, "hardbreaks"),
        smart: has(&options, "smart"),
        bare_links: has(&extensions, "autolink"),
    };
    Some((commonmark, settings))
}

/// What commonmarker's options say of line ends, quotes and bare addresses.
pub struct Settings {
    /// A single line end becomes a line break.
    pub hard_breaks: bool,
    /// Quotes and dashes are made typographic.
    pub smart: bool,
    /// Bare addresses in a text are links.
    pub bare_links: bool,
}

fn place(site: &Site) -> Place {
    for file in FILES {
        let Ok(text) = site.root.text(file) else { continue };
        return match frontmatter::place_of_key(&text, "markdown") {
            Some((line, column)) => Place::at(file, line, column),
            None => Place::file(file),
        };
    }
    Place::file(FILES[0])
}
