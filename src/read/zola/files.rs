//! The files of a Zola site: pages, sections, what lies beside them, and what is copied as it is.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::config;
use super::moment_in;
use crate::frontmatter::{self, Flavor, Memo};
use crate::ledger::{Code, Ledger};
use crate::model::{Asset, Body, Dialect, Document, DocumentKind, Field, Fields, Moment, Place, Post, Site, Value};
use crate::read::files::{admit, bytes};
use crate::read::{Documents, Found};
use crate::source::SiteFile;

/// The folder with the texts.
pub const CONTENT: &str = "content/";

/// What a path of a text says.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The folders that its address is below of.
    pub folders: Vec<&'a str>,
    /// What its slug is made of, date included.
    pub name: &'a str,
    /// It is a section (`_index.md`).
    pub is_section: bool,
    /// It has a folder of its own (`index.md`), or is a section's.
    pub has_folder: bool,
    /// Its language, where it is not the site's first.
    pub language: Option<&'a str>,
}

/// Zola (`content/file_info.rs`): `name.md`, `name/index.md`, `_index.md`, each with a language before its end.
pub fn parts<'a>(path: &'a str, languages: &[String]) -> Parts<'a> {
    let below = path.strip_prefix(CONTENT).unwrap_or(path);
    let mut folders: Vec<&str> = below.split('/').collect();
    let file = folders.pop().unwrap_or_default();
    let stem = file.strip_suffix(".md").unwrap_or(file);
    let (stem, language) = match stem.rsplit_once('.') {
        Some((stem, language)) if languages.iter().any(|known| known == language) => (stem, Some(language)),
        _ => (stem, None),
    };
    let is_section = stem == "_index";
    let has_folder = is_section || stem == "index";
    let name = if stem == "index" { folders.pop().unwrap_or("index") } else { stem };
    Parts { folders, name, is_section, has_folder, language }
}

/// Nothing hidden is read.
pub fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// What a Zola site does with each of its files.
pub struct ZolaFiles {
    memo: Memo,
    /// The sections whose documents are the blog's posts.
    streams: HashSet<String>,
}

impl ZolaFiles {
    /// Zola has no posts: those are its sections with dated pages, which are told by their first lines.
    pub fn new(files: &[SiteFile], site: &Site) -> Self {
        let languages = config::languages(site);
        let mut dated: HashMap<String, (usize, usize)> = HashMap::new();
        for file in files.iter().filter(|file| file.bar.is_none() && file.extension() == "md") {
            let parts = parts(&file.path, &languages);
            if parts.is_section {
                continue;
            }
            let counts = dated.entry(parts.folders.join("/")).or_default();
            counts.1 += 1;
            let head =
                || site.root.bytes(&file.path).map(|bytes| bytes[..bytes.len().min(1024)].to_vec()).unwrap_or_default();
            let is_dated = |text: &str| text.lines().take(40).any(|line| line.trim_start().starts_with("date"));
            if DATED.is_match(parts.name) || is_dated(&String::from_utf8_lossy(&head())) {
                counts.0 += 1;
            }
        }
        let streams = dated.into_iter().filter(|(_, (dated, all))| dated * 2 >= *all && *dated > 0);
        ZolaFiles { memo: Memo::default(), streams: streams.map(|(folder, _)| folder).collect() }
    }

    fn document(&self, site: &Site, file: &SiteFile, ledger: &mut Ledger) -> Found {
        let Some(bytes) = bytes(&site.root, file, ledger) else { return Found::Nothing };
        let text = frontmatter::decode(&bytes, &file.path, site.root.encoding(), ledger);
        let split = frontmatter::split(&text, file.path.clone(), Flavor::Zola, &self.memo, ledger);
        let languages = config::languages(site);
        let parts = parts(&file.path, &languages);
        let (slug, file_date) = dated(parts.name);
        let mut fields = flattened(split.fields);
        if let Some(language) = parts.language {
            let place = Place::file(file.path.clone());
            fields.entry("language".to_owned()).or_insert(Field { value: Value::from(language), place });
        }
        let truth = |name: &str| fields.get(name).and_then(|field| field.value.as_bool());
        if truth("render") == Some(false) {
            let message = "`render = false`: Zola makes no page of it; it arrives as a draft";
            ledger.add(Code::ConfigIgnored, Place::file(file.path.clone()), message);
        }
        let is_post = !parts.is_section && self.streams.contains(&parts.folders.join("/"));
        Found::Document(Box::new(Document {
            kind: if is_post { DocumentKind::Post } else { DocumentKind::Page },
            source: file.path.clone(),
            draft: truth("render") == Some(false),
            fields,
            body: Body { text: split.body, dialect: Dialect::Pulldown, first_line: split.body_line },
            file_date,
            slug: slug.to_owned(),
            path_categories: Vec::new(),
        }))
    }
}

impl Documents for ZolaFiles {
    fn look(&self, site: &Site, file: &SiteFile, ledger: &mut Ledger) -> Found {
        if !admit(file, ledger) {
            return Found::Nothing;
        }
        if file.extension() == "md" { self.document(site, file, ledger) } else { Found::Held(file.path.clone()) }
    }
}

/// Zola (`content/page.rs`, `RFC3339_DATE`): a date before the name is the page's, and no part of its slug.
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<date>\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?)(?:\s?[-_](?P<slug>.+))?$")
        .expect("a valid pattern")
});

/// The slug and the date that a name holds.
fn dated(name: &str) -> (&str, Option<Moment>) {
    let Some(found) = DATED.captures(name) else { return (name, None) };
    let part = |group: &str| found.name(group).map_or("", |found| found.as_str());
    (Some(part("slug")).filter(|slug| !slug.is_empty()).unwrap_or(name), moment_in(part("date")))
}

/// Zola keeps terms in `taxonomies` and what is the author's own in `extra`: both are fields like others.
fn flattened(fields: Fields) -> Fields {
    let mut flat = Fields::new();
    let mut inner = Vec::new();
    for (name, field) in fields {
        match field.value {
            Value::Map(map) if name == "taxonomies" || name == "extra" => {
                inner.extend(map.into_iter().map(|(key, value)| (key, Field { value, place: field.place.clone() })));
            }
            _ => _ = flat.insert(name, field),
        }
    }
    for (key, field) in inner {
        // the page's own fields are never the author's
        let key = if flat.contains_key(&key) { format!("extra.{key}") } else { key };
        flat.entry(key).or_insert(field);
    }
    flat
}

/// Zola (`site/lib.rs`): everything below `static` is copied to the root.
pub fn of_static(site: &Site, ledger: &mut Ledger) -> Vec<Asset> {
    let mut assets: Vec<Asset> = Vec::new();
    for file in site.root.files("static", |path| !path.split('/').any(|part| part == ".git")) {
        if admit(&file, ledger) {
            let address = file.path.strip_prefix("static").unwrap_or(&file.path).to_owned();
            assets.push(Asset { address: address.into(), source: file.path });
        }
    }
    assets
}

/// Zola (`content/page.rs`, `find_related_assets`): the files in the folder of a page, deeper ones too, lie beside its
/// `index.html`, those of a section in its own folder; of a page in several languages, beside each of them.
pub fn beside(held: Vec<Arc<str>>, posts: &[Post], ledger: &mut Ledger) -> Vec<Asset> {
    let mut owners: HashMap<&str, Vec<&Post>> = HashMap::new();
    for post in posts {
        let Some((folder, name)) = post.source.rsplit_once('/') else { continue };
        if name.starts_with("index.") || name.starts_with("_index.") {
            owners.entry(folder).or_default().push(post);
        }
    }
    let mut assets = Vec::new();
    for path in held {
        let around = std::iter::successors(path.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'));
        let mut found = around.filter_map(|(folder, _)| Some((folder, owners.get(folder)?)));
        let Some((folder, owners)) = found.next() else {
            let message = "lies beside no page and in no section: Zola does not publish it";
            ledger.add(Code::FileSkipped, Place::file(path), message);
            continue;
        };
        for owner in owners {
            let base = &owner.address[..owner.address.rfind('/').map_or(0, |at| at + 1)];
            let address = format!("{base}{}", &path[folder.len() + 1..]).into();
            assets.push(Asset { address, source: path.clone() });
        }
    }
    assets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_to_pieces() {
        let languages = ["fr".to_owned()];
        for (path, folders, name, is_section, language) in [
            ("content/a.md", vec![], "a", false, None),
            ("content/blog/a.b.md", vec!["blog"], "a.b", false, None),
            ("content/blog/a.fr.md", vec!["blog"], "a", false, Some("fr")),
            ("content/blog/a/index.md", vec!["blog"], "a", false, None),
            ("content/blog/_index.fr.md", vec!["blog"], "_index", true, Some("fr")),
            ("content/_index.md", vec![], "_index", true, None),
        ] {
            let found = parts(path, &languages);
            assert_eq!(
                (found.folders, found.name, found.is_section, found.language),
                (folders, name, is_section, language),
                "{path}"
            );
        }
    }

    #[test]
    fn a_date_before_a_name_is_none_of_it() {
        for (name, slug, date) in [
            ("2020-05-01-tea", "tea", true),
            ("2020-05-01_tea", "tea", true),
            ("2020-05-01T10:00:00Z-tea", "tea", true),
            ("2020-13-01-tea", "2020-13-01-tea", false),
            ("2020-05-01", "2020-05-01", true),
            ("tea", "tea", false),
        ] {
            let found = dated(name);
            assert_eq!((found.0, found.1.is_some()), (slug, date), "{name}");
        }
    }
}
