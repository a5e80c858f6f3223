//! The Markdown engine that a configuration names, where it is not kramdown.

use crate::frontmatter;
use crate::model::{CommonMark, CommonMarkEngine, HeadingIds, Map, MarkupSettings, Place, RawHtml, Site, Value};
use crate::read::Approximated;

use super::config::FILES;

/// Jekyll (`converters/markdown.rb`): engines that it had, or has by a plugin, and in what their pages differ from those
/// that kramdown would make.
const OTHERS: [(&str, &str); 5] = [
    (
        "commonmark",
        "emphasis beside punctuation, lists, HTML with blank lines, `{: }`, `$$`, footnotes and ids of headings",
    ),
    ("commonmarkghpages", "emphasis beside punctuation, lists, HTML with blank lines, `{: }` and `$$`"),
    ("redcarpet", "lists, `~~`, `{: }`, `$$`, footnotes and ids of headings, all by its extensions"),
    ("rdiscount", "headings without a space behind `#`, lists, `~~`, `{: }`, `$$` and ids of headings"),
    ("maruku", "lists, HTML with blank lines, formulas and ids of headings"),
];

/// The engines whose rules are known, as configurations name them.
pub const RENDERERS: &[&str] = &["kramdown", "commonmark", "commonmarkghpages"];

/// The engine that is read by kramdown's rules, if it is another one.
pub fn approximated(site: &Site) -> Option<Approximated> {
    if site.renderer.is_some() {
        return None;
    }
    let named = site.setting("markdown").and_then(Value::to_text)?;
    let engine = named.trim().to_lowercase();
    // `GFM` was kramdown with its parser of that name
    if matches!(engine.as_str(), "" | "kramdown" | "gfm") {
        return None;
    }
    let differs = OTHERS.iter().find(|(name, _)| *name == engine).map(|(_, differs)| *differs);
    let differs = differs.unwrap_or("whatever its own rules are");
    Some(Approximated {
        renderer: named.clone(),
        place: place(site),
        message: format!(
            "bodies are read by kramdown's rules; those of {named} differ in {differs}{}",
            own_rules(&engine)
        ),
    })
}

/// How to have bodies read by the engine's own rules.
fn own_rules(engine: &str) -> String {
    let known = RENDERERS.contains(&engine);
    if known { format!(" (--renderer {engine} reads them by its own)") } else { String::new() }
}

/// What commonmarker is set to by jekyll-commonmark (`jekyll-commonmark.rb`), where the user asks for it: options in any
/// case, extensions as they are, and nothing where the two are no lists.
pub fn commonmark(config: &Map, asked: Option<&str>) -> Option<MarkupSettings> {
    let heading_ids = match asked? {
        "commonmark" => HeadingIds::None,
        "commonmarkghpages" => HeadingIds::Ascii,
        _ => return None,
    };
    let settings = config.get("commonmark").and_then(Value::as_map);
    let names = |key: &str| match settings.and_then(|settings| settings.get(key)) {
        Some(Value::List(names)) => names.iter().filter_map(Value::to_text).collect(),
        _ => Vec::new(),
    };
    let (options, extensions) = (names("options"), names("extensions"));
    let is_set = |option: &str| options.iter().any(|name| name.eq_ignore_ascii_case(option));
    let has = |extension: &str| extensions.iter().any(|name| name == extension);
    let raw_html = match (is_set("unsafe"), has("tagfilter")) {
        (false, _) => RawHtml::Omitted,
        (true, true) => RawHtml::Filtered,
        (true, false) => RawHtml::Kept,
    };
    Some(MarkupSettings {
        hard_breaks: is_set("hardbreaks"),
        smart: is_set("smart"),
        bare_links: has("autolink"),
        heading_ids: heading_ids != HeadingIds::None,
        commonmark: Some(CommonMark {
            engine: CommonMarkEngine::Cmark,
            raw_html,
            tables: has("table"),
            strike: has("strikethrough"),
            one_tilde: !is_set("strikethrough_double_tilde"),
            tasks: has("tasklist"),
            footnotes: is_set("footnotes"),
            attributes: false,
            definitions: false,
            emoji: false,
            heading_ids,
        }),
        ..MarkupSettings::default()
    })
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
