//! Hexo's patterns: what a file name captures, and what an address is made of.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// `:name` in a pattern; a name ends in a letter or digit.
static PARAMETER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r":(\w*[^_\W])").expect("a valid pattern"));

/// `new_post_name`, which captures parts of a path below `_posts` (both without their extension).
pub struct FileName {
    /// Nothing where it is no pattern.
    pattern: Option<Regex>,
    names: Vec<String>,
}

impl FileName {
    /// A pattern. It is made once for all files.
    pub fn new(pattern: &str) -> Self {
        let mut names = Vec::new();
        let mut source = String::from("^");
        let mut at = 0;
        for found in PARAMETER.captures_iter(pattern) {
            let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { continue };
            source.push_str(&regex::escape(&pattern[at..whole.start()]));
            source.push_str(match name.as_str() {
                "year" => r"(\d{4})",
                "month" | "day" => r"(\d{2})",
                "i_month" | "i_day" => r"(\d{1,2})",
                "hash" => "([0-9a-f]{12})",
                _ => "(.+?)",
            });
            names.push(name.as_str().to_owned());
            at = whole.end();
        }
        source.push_str(&regex::escape(&pattern[at..]));
        source.push('$');
        FileName { pattern: Regex::new(&source).ok(), names }
    }

    /// What it captures in a path, in the pattern's order; `None` where the path does not fit.
    pub fn captures(&self, path: &str) -> Option<Vec<(String, String)>> {
        let found = self.pattern.as_ref()?.captures(path)?;
        Some(self.names.iter().enumerate().map(|(at, name)| (name.clone(), found[at + 1].to_owned())).collect())
    }
}

/// Fills a pattern; a name that `value` does not know becomes `undefined`, as in Hexo, and is reported through
/// `unknown`.
pub fn fill(pattern: &str, value: impl Fn(&str) -> Option<String>, mut unknown: impl FnMut(&str)) -> String {
    PARAMETER
        .replace_all(pattern, |found: &Captures<'_>| {
            value(&found[1]).unwrap_or_else(|| {
                unknown(&found[1]);
                "undefined".to_owned()
            })
        })
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_taken_apart() {
        let captures = |pattern: &str, path: &str| FileName::new(pattern).captures(path);
        let found = captures(":year-:month-:day-:title", "2020-01-02-a-b").unwrap();
        assert_eq!(found.last(), Some(&("title".to_owned(), "a-b".to_owned())));
        assert_eq!(captures(":year-:month-:day-:title", "about"), None);
        assert_eq!(captures(":title", "sub/x").unwrap(), [("title".to_owned(), "sub/x".to_owned())]);
    }

    #[test]
    fn patterns_are_filled() {
        let mut missing = Vec::new();
        let filled = fill(
            ":year/:title.html:none",
            |name| (name != "none").then(|| name.to_uppercase()),
            |name| missing.push(name.to_owned()),
        );
        assert_eq!((filled.as_str(), missing), ("YEAR/TITLE.htmlundefined", vec!["none".to_owned()]));
    }
}
