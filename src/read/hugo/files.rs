//! The files of a Hugo site: pages, sections, bundles, and what is copied as it is.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use regex::Regex;

use super::config;
use crate::frontmatter::{self, Flavor, Memo};
use crate::ledger::Ledger;
use crate::model::{Asset, Body, Dialect, Document, DocumentKind, Field, Fields, Moment, Place, Post, Site, Value};
use crate::read::files::{admit, bytes};
use crate::read::{Documents, Found};
use crate::source::{SiteFile, beneath};

/// What a path of a text says.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The sections that it is in.
    pub folders: Vec<&'a str>,
    /// Its name, or that of its bundle.
    pub name: &'a str,
    /// It is the page of a section (`_index.md`).
    pub is_section: bool,
    /// Its language, where its name says one.
    pub language: Option<&'a str>,
}

/// What is said by folders and names together.
#[derive(Debug, Clone)]
pub struct Content {
    /// The folders with the texts, deeper ones first, with the language of each.
    pub folders: Vec<(String, Option<String>)>,
    /// The languages that names can hold.
    pub languages: Vec<String>,
}

impl Content {
    /// Those of a site.
    pub fn of(site: &Site) -> Self {
        Content { folders: config::content_folders(site), languages: config::languages(site) }
    }
}

/// Hugo (`common/paths/pathparser.go`): `name.md`, `name/index.md`, `_index.md`, each with a language before its end.
pub fn parts<'a>(path: &'a str, content: &'a Content) -> Parts<'a> {
    let below = |folder: &str| path.strip_prefix(folder).filter(|rest| rest.starts_with('/'));
    let found = content.folders.iter().find_map(|(folder, language)| Some((below(folder)?, language.as_deref())));
    let (below, of_folder) = found.unwrap_or((path, None));
    let below = below.trim_start_matches('/');
    let languages = &content.languages;
    let mut folders: Vec<&str> = below.split('/').collect();
    let file = folders.pop().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let (stem, language) = match stem.rsplit_once('.') {
        Some((stem, language)) if languages.iter().any(|known| known.eq_ignore_ascii_case(language)) => {
            (stem, Some(language))
        }
        _ => (stem, of_folder),
    };
    let is_section = stem == "_index";
    let name = if stem == "index" { folders.pop().unwrap_or("index") } else { stem };
    Parts { folders, name, is_section, language }
}

/// Hugo (`media/mediaTypes.go`): the extensions of texts, with the language that each is in.
fn dialect(extension: &str) -> Option<Dialect> {
    Some(match extension {
        "md" | "markdown" | "mdown" => Dialect::Goldmark,
        "html" | "htm" => Dialect::Html,
        "adoc" | "asciidoc" | "ad" | "org" | "pandoc" | "pdc" | "rst" => Dialect::Other,
        _ => return None,
    })
}

/// Everything below the folder with the texts.
pub fn of_content(site: &Site) -> Vec<SiteFile> {
    let mut files: Vec<SiteFile> = Vec::new();
    let folders = config::content_folders(site);
    for (folder, _) in &folders {
        // one that lies in another is read with it
        let is_below =
            |other: &str| folder != other && folder.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'));
        if !folders.iter().any(|(other, _)| is_below(other)) {
            files.extend(site.root.files(folder, |path| !path.split('/').any(|part| part.starts_with('.'))));
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    files
}

/// What a Hugo site does with each of its files.
pub struct HugoFiles {
    memo: Memo,
    content: Content,
    /// The sections whose pages are the blog's posts.
    main: Vec<String>,
}

impl HugoFiles {
    /// Hugo (`hugolib/site_new.go`): `mainSections`, or the section with the most pages.
    pub fn new(files: &[SiteFile], site: &Site) -> Self {
        let content = Content::of(site);
        let said = ["mainsections", "params.mainsections"].into_iter().find_map(|key| site.setting(key));
        let main = match said {
            Some(Value::List(names)) => names.iter().filter_map(Value::to_text).collect(),
            Some(one) => one.to_text().into_iter().collect(),
            None => {
                let mut counts: HashMap<&str, usize> = HashMap::new();
                for file in files.iter().filter(|file| dialect(&file.extension()).is_some()) {
                    let parts = parts(&file.path, &content);
                    if let Some(section) = parts.folders.first().filter(|_| !parts.is_section) {
                        *counts.entry(section).or_default() += 1;
                    }
                }
                let most = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)));
                most.map(|(section, _)| section.to_owned()).into_iter().collect()
            }
        };
        HugoFiles { memo: Memo::default(), content, main }
    }

    fn document(&self, site: &Site, file: &SiteFile, dialect: Dialect, ledger: &mut Ledger) -> Found {
        let Some(bytes) = bytes(&site.root, file, ledger) else { return Found::Nothing };
        let text = frontmatter::decode(&bytes, &file.path, site.root.encoding(), ledger);
        let split = frontmatter::split(&text, file.path.clone(), Flavor::Hugo, &self.memo, ledger);
        let parts = parts(&file.path, &self.content);
        let mut fields = flattened(split.fields);
        if let Some(language) = parts.language {
            let place = Place::file(file.path.clone());
            fields.entry("language".to_owned()).or_insert(Field { value: Value::from(language), place });
        }
        let is_main = parts.folders.first().is_some_and(|section| self.main.iter().any(|main| main == section));
        let kind = if is_main && !parts.is_section { DocumentKind::Post } else { DocumentKind::Page };
        Found::Document(Box::new(Document {
            kind,
            source: file.path.clone(),
            file_date: by_name(parts.name, site),
            slug: parts.name.to_owned(),
            fields,
            body: Body { text: split.body, dialect, first_line: split.body_line },
            path_categories: Vec::new(),
            draft: false,
        }))
    }
}

impl Documents for HugoFiles {
    fn look(&self, site: &Site, file: &SiteFile, ledger: &mut Ledger) -> Found {
        if !admit(file, ledger) {
            return Found::Nothing;
        }
        match dialect(&file.extension()) {
            Some(dialect) => self.document(site, file, dialect, ledger),
            None => Found::Held(file.path.clone()),
        }
    }
}

/// Hugo (`resources/page/pagemeta`): the date of a file's name, where `[frontmatter] date` asks for `:filename`.
fn by_name(name: &str, site: &Site) -> Option<Moment> {
    static DATED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\d{4}-\d{2}-\d{2}").expect("a valid pattern"));
    let asked = match site.setting("frontmatter.date")? {
        Value::List(items) => items.iter().filter_map(Value::to_text).any(|item| item == ":filename"),
        one => one.to_text().is_some_and(|item| item == ":filename"),
    };
    let day: Date = DATED.find(name).filter(|_| asked)?.as_str().parse().ok()?;
    Moment::from_zone(day.to_datetime(jiff::civil::Time::midnight()), &site.zone)
}

/// Hugo (`pagemeta/page_frontmatter.go`): keys have no case, and what is in `params` counts as the page's own.
fn flattened(fields: Fields) -> Fields {
    let mut flat = Fields::new();
    let mut params = Vec::new();
    for (name, field) in fields {
        match (name.to_lowercase().as_str(), field.value) {
            ("params", Value::Map(map)) => {
                params.extend(map.into_iter().map(|(key, value)| (key, Field { value, place: field.place.clone() })));
            }
            (name, value) => _ = flat.insert(name.to_owned(), Field { value, place: field.place }),
        }
    }
    for (key, field) in params {
        flat.entry(key.to_lowercase()).or_insert(field);
    }
    flat
}

/// Hugo: everything below `static` (or the folders of `staticDir`) is copied to the root.
pub fn of_static(site: &Site, ledger: &mut Ledger) -> Vec<Asset> {
    let named = match site.setting("staticdir") {
        Some(Value::List(names)) => names.iter().filter_map(Value::to_text).collect(),
        Some(one) => one.to_text().into_iter().collect(),
        None => vec!["static".to_owned()],
    };
    let mut assets: Vec<Asset> = Vec::new();
    for folder in named.iter().filter_map(|name| beneath(name).ok()).filter(|name| !name.is_empty()) {
        for file in site.root.files(&folder, |path| !path.split('/').any(|part| part == ".git")) {
            if admit(&file, ledger) {
                let address = file.path.strip_prefix(folder.as_str()).unwrap_or(&file.path).to_owned();
                assets.push(Asset { address: address.into(), source: file.path });
            }
        }
    }
    assets
}

/// The files of bundles: those of a page's folder, deeper ones too, lie beside it, those of a section in its own folder,
/// which needs no page of its own.
pub fn beside(held: Vec<Arc<str>>, posts: &[Post]) -> Vec<Asset> {
    let mut owners: HashMap<&str, &Post> = HashMap::new();
    for post in posts {
        let Some((folder, name)) = post.source.rsplit_once('/') else { continue };
        if name.starts_with("index.") || name.starts_with("_index.") {
            // of several languages the shortest name is the first one's
            let known = owners.entry(folder).or_insert(post);
            if post.source.len() < known.source.len() {
                *known = post;
            }
        }
    }
    let content = posts.first().and_then(|post| post.source.split('/').next()).unwrap_or("content").to_owned();
    let place = |path: Arc<str>| {
        let around = std::iter::successors(path.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'));
        let mut found = around.filter_map(|(folder, _)| Some((folder, owners.get(folder)?)));
        let address = match found.next() {
            Some((folder, owner)) => {
                let base = &owner.address[..owner.address.rfind('/').map_or(0, |at| at + 1)];
                format!("{base}{}", &path[folder.len() + 1..])
            }
            None => path.strip_prefix(content.as_str()).unwrap_or(&path).to_lowercase(),
        };
        Asset { address: address.into(), source: path }
    };
    held.into_iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_to_pieces() {
        let content = Content {
            folders: vec![("content/ja".to_owned(), Some("ja".to_owned())), ("content".to_owned(), None)],
            languages: vec!["fr".to_owned(), "ja".to_owned()],
        };
        for (path, folders, name, is_section, language) in [
            ("content/a.md", vec![], "a", false, None),
            ("content/ja/posts/a.md", vec!["posts"], "a", false, Some("ja")),
            ("content/posts/a.b.md", vec!["posts"], "a.b", false, None),
            ("content/posts/a.fr.md", vec!["posts"], "a", false, Some("fr")),
            ("content/posts/a/index.md", vec!["posts"], "a", false, None),
            ("content/posts/_index.md", vec!["posts"], "_index", true, None),
        ] {
            let found = parts(path, &content);
            let found = (found.folders, found.name, found.is_section, found.language);
            assert_eq!(found, (folders, name, is_section, language), "{path}");
        }
    }
}
