//! markdown-it's `typographer` (`rules_core/replacements.mjs`), beside the quotes and dashes that pulldown-cmark makes.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A text with `(c)` and the like replaced.
pub fn replaced(text: &str) -> String {
    static SCOPED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)\((c|tm|r)\)").expect("a valid pattern"));
    static DOTS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"([?!])?(?:\.{2,}|…\.*)").expect("a valid pattern"));
    static MANY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"([?!])[?!]{3,}|,{2,}").expect("a valid pattern"));
    if !text.contains(['(', '.', '…', '+', '?', '!', ',']) {
        return text.to_owned();
    }
    let text = SCOPED.replace_all(text, |found: &Captures<'_>| match found[1].to_ascii_lowercase().as_str() {
        "c" => "©",
        "r" => "®",
        _ => "™",
    });
    let text = if text.contains("+-") { Cow::Owned(text.replace("+-", "±")) } else { text };
    let text = DOTS.replace_all(&text, |found: &Captures<'_>| match found.get(1) {
        Some(mark) => format!("{}..", mark.as_str()),
        None => "…".to_owned(),
    });
    let text = MANY.replace_all(&text, |found: &Captures<'_>| match found.get(1) {
        Some(mark) => mark.as_str().repeat(3),
        None => ",".to_owned(),
    });
    text.into_owned()
}
