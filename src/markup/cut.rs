//! The cut mark: where the summary ends.

use std::ops::Range;

use regex::Regex;
use std::sync::LazyLock;

use crate::model::{Dialect, Site, Value};

/// The cut mark of a body: its span in the text.
pub type Cut = Range<usize>;

/// Hexo: the first `<!-- more -->` of the rendered page, with or without single spaces, any case.
static HEXO: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)<!-- ?more ?-->").expect("a valid pattern"));

/// The cut mark of a text by the rule of its generator; spans inside `code` are passed over where the generator
/// looks at the rendered page.
pub fn find(text: &str, dialect: Dialect, site: &Site, code: &[Range<usize>]) -> Option<Cut> {
    let outside_code = |span: &Range<usize>| !code.iter().any(|c| c.start <= span.start && span.end <= c.end);
    match dialect {
        Dialect::Marked => HEXO.find_iter(text).map(|m| m.range()).find(outside_code),
        // Ink: the first exact `<!--more-->` of the source, wherever it stands
        Dialect::Gomarkdown => text.find("<!--more-->").map(|at| at..at + "<!--more-->".len()),
        // Jekyll: the first `excerpt_separator`; its default, a blank line, is no mark that an author set
        Dialect::Kramdown | Dialect::Html | Dialect::Other => {
            let separator = site.setting("excerpt_separator").and_then(Value::as_str)?;
            if separator.trim().is_empty() {
                return None;
            }
            text.find(separator).map(|at| at..at + separator.len())
        }
    }
}

/// The mark in the form that every target takes (Hugo: exactly this one; Zola: any white space).
pub const MARK: &str = "<!--more-->";

/// Puts the target's mark in the place of the author's, the first time it stands there.
pub fn normalise(text: &str, typed: &str) -> String {
    text.replacen(typed.trim(), MARK, 1)
}
