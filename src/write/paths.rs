//! Paths of content files: safe on every system, and no two alike.

use std::collections::HashSet;

use crate::address::{Files, LONGEST_NAME, Name, Numbers};
use crate::model::{DocumentKind, Post};

/// Hands out paths; no two are alike, even where letter case does not count, and none is a file and a folder.
#[derive(Debug, Default)]
pub struct Paths {
    files: Files,
    /// The paths of assets as they are spelled.
    assets: HashSet<Name>,
    /// The same in lower case.
    loose: HashSet<Name>,
    numbers: Numbers,
}

/// What a path for an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Free.
    Free,
    /// Another path differs from it in letter case alone.
    CaseOnly,
    /// Taken.
    Taken,
}

impl Paths {
    /// The path itself, or with a number before its extension where it is taken already.
    pub fn claim(&mut self, path: &str) -> String {
        let path = self.files.beside(path);
        if self.files.take(&path) { path } else { self.numbers.first_free(&path, |path| self.files.take(path)) }
    }

    /// Takes a path if it is free.
    pub fn claim_exact(&mut self, path: &str) -> bool {
        self.files.take(path)
    }

    /// Takes a path for an asset, which must keep its name: the old site had both of two that differ in case alone.
    pub fn claim_asset(&mut self, path: &str) -> Claim {
        let loose = Name::in_any_case(path);
        if self.files.take(path) {
            self.assets.insert(Name::of(path));
            self.loose.insert(loose);
            Claim::Free
        } else if self.loose.contains(&loose) && self.assets.insert(Name::of(path)) {
            Claim::CaseOnly
        } else {
            Claim::Taken
        }
    }
}

/// The folder of a document's kind below `content`.
pub fn section(post: &Post) -> String {
    match &post.kind {
        DocumentKind::Post => "posts".to_owned(),
        DocumentKind::Page => "pages".to_owned(),
        DocumentKind::Item(collection) => safe_name(collection),
    }
}

/// The path of a document below its section, as the author knows it: the source path without the folders that belong
/// to its generator, and without its extension.
pub fn stem(post: &Post) -> String {
    let source = &*post.source;
    let below = ["_posts/", "_drafts/"]
        .iter()
        .find_map(|folder| source.split_once(folder).map(|(above, below)| (above.to_owned(), below)));
    let (above, below) = match (&post.kind, below) {
        (DocumentKind::Item(collection), None) => {
            (String::new(), source.split_once(&format!("_{collection}/")).map_or(source, |(_, below)| below))
        }
        (_, Some((above, below))) => (above, below),
        _ => (String::new(), source),
    };
    let above = above.strip_prefix("source/").unwrap_or(&above);
    let path = format!("{above}{}", below.strip_prefix("source/").unwrap_or(below));
    // what Hugo and Zola keep below `content` lies there again, in a folder of its kind once
    let path = path.strip_prefix("content/").unwrap_or(&path);
    let path = path.strip_prefix(&section(post)).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path);
    let path = path.rsplit_once('.').filter(|(_, extension)| !extension.contains('/')).map_or(path, |(stem, _)| stem);
    // the page of a section is a page where another generator makes the lists
    let path = match path.strip_suffix("_index") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => &format!("{folder}index"),
        _ => path,
    };
    path.split('/').filter(|part| !part.is_empty()).map(safe_name).collect::<Vec<_>>().join("/")
}

/// A name that every system takes for a file's.
pub fn safe_name(name: &str) -> String {
    let mut safe: String =
        name.chars().map(|c| if c.is_control() || "<>:\"/\\|?*#%".contains(c) { '-' } else { c }).collect();
    while safe.len() > LONGEST_NAME {
        safe.pop();
    }
    let trimmed = safe.trim_end_matches([' ', '.']).trim_start_matches(['.', ' ', '_']);
    match trimmed {
        "" => "unnamed".to_owned(),
        name if is_reserved(name) => format!("{name}-"),
        name => name.to_owned(),
    }
}

/// Whether Windows keeps a name for a device.
fn is_reserved(name: &str) -> bool {
    let upper = name.split('.').next().unwrap_or("").to_uppercase();
    matches!(upper.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (upper.len() == 4
            && (upper.starts_with("COM") || upper.starts_with("LPT"))
            && upper.ends_with(|c: char| c.is_ascii_digit()))
}

/// Whether every system takes a path as it is.
pub fn is_portable(path: &str) -> bool {
    path.split('/').all(|name| {
        !is_reserved(name) && !name.ends_with([' ', '.']) && !name.contains(['<', '>', ':', '"', '|', '?', '*'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_everywhere() {
        for (name, expected) in
            [("a:b?", "a-b-"), ("con", "con-"), ("..", "unnamed"), ("x. ", "x"), ("_x", "x"), ("lpt1.md", "lpt1.md-")]
        {
            assert_eq!(safe_name(name), expected, "{name}");
        }
    }

    #[test]
    fn assets_that_differ_in_case_alone_are_both_there() {
        let mut paths = Paths::default();
        let claims = ["a.png", "A.png", "a.png", "b.png"].map(|path| paths.claim_asset(path));
        assert_eq!(claims, [Claim::Free, Claim::CaseOnly, Claim::Taken, Claim::Free]);
        paths.claim("page.html");
        assert_eq!(paths.claim_asset("Page.html"), Claim::Taken);
    }

    #[test]
    fn names_that_some_system_refuses_are_known() {
        assert!(is_portable("a b/ü#%.png") && is_portable("console.log"));
        for path in ["a/aux.png", "a?.png", "b:c", "end./x"] {
            assert!(!is_portable(path), "{path}");
        }
    }

    #[test]
    fn no_two_paths_are_alike() {
        let mut paths = Paths::default();
        assert_eq!(paths.claim("posts/a.md"), "posts/a.md");
        assert_eq!(paths.claim("posts/A.md"), "posts/A-2.md");
        assert_eq!(paths.claim("a.b/c"), "a.b/c");
        assert_eq!(paths.claim("a.b/c"), "a.b/c-2");
    }
}
