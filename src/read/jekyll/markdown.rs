//! The Markdown engine that a configuration names, where it is not kramdown.

use crate::frontmatter;
use crate::model::{Place, Site, Value};
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

/// The engine that is read by kramdown's rules, if it is another one.
pub fn approximated(site: &Site) -> Option<Approximated> {
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
        message: format!("bodies are read by kramdown's rules; those of {named} differ in {differs}"),
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
