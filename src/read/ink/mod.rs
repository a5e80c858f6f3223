//! Ink.

mod lists;

use std::sync::Arc;

use globset::Glob;
use indexmap::IndexMap;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

use super::address::{base_path, decoded, split_url, without_index};
use super::files::{ConfigFile, admit, bytes};
use super::{Documents, Found, ReadError, ReadOptions, Reader, Source};
use crate::frontmatter::{self, Flavor, Memo};
use crate::ledger::{Code, Ledger};
use crate::model::{
    Asset, Author, Blackfriday, Body, Dialect, Document, DocumentKind, FeedFormat, Fields, Formulas, List, Map,
    MarkupSettings, Moment, Place, Post, Site, Value,
};
use crate::source::{Bar, SiteFile, SourceFolder, beneath};

/// The reader.
pub struct Ink;

impl Reader for Ink {
    fn name(&self) -> &'static str {
        "ink"
    }

    fn renderers(&self) -> &'static [&'static str] {
        &["gomarkdown", "blackfriday", "blackfriday-early"]
    }

    fn evidence(&self, folder: &SourceFolder) -> Vec<String> {
        let mut seen = Vec::new();
        let config = folder.text("config.yml").unwrap_or_default();
        for table in ["site:", "build:"] {
            if config.lines().any(|line| line.trim_end() == table) {
                seen.push(format!("`{table}` in config.yml"));
            }
        }
        let fenceless = folder
            .files(content_folder(folder), |path| !path.contains("/_") && not_git(path))
            .into_iter()
            .filter(|file| file.bar.is_none() && file.extension() == "md")
            .take(20)
            .any(|file| folder.text(&file.path).is_ok_and(|text| is_fenceless(&text)));
        if fenceless && !folder.has_folder("source/_posts") {
            seen.push("posts without an opening fence".to_owned());
        }
        seen
    }

    fn open(&self, folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Source, ReadError> {
        if self.evidence(folder).is_empty() {
            let missing = "there is no config.yml with `site:` or `build:`, and no post whose fields stand without an \
                           opening fence";
            return Err(ReadError::NoBlog { path: folder.named().to_owned(), generator: "Ink", missing });
        }
        let site = site(folder, options, ledger)?;
        let files = folder.files(content_folder(folder), not_git);
        let mut assets = copied(&site, ledger);
        assets.sort_by(|a, b| a.source.cmp(&b.source));
        assets.dedup_by(|a, b| a.source == b.source);
        Ok(Source { site, files, assets, documents: Box::new(InkFiles::default()) })
    }

    /// Ink (`util.go`): `2006-01-02 15:04:05 -0700`, or without the offset in the zone of the machine.
    fn date(&self, value: &Value, site: &Site) -> Option<Moment> {
        let text = match value {
            Value::Date(stamp) => stamp.raw.clone(),
            other => other.to_text()?,
        };
        let text = text.trim();
        let (clock, offset) = match text.rsplit_once(' ') {
            Some((clock, zone)) if zone.starts_with(['+', '-']) => (clock, parse_offset(zone)?),
            _ => (text, None),
        };
        let civil = DateTime::strptime("%Y-%m-%d %H:%M:%S", clock).ok()?;
        match offset {
            Some(offset) => Moment::from_offset(civil, offset),
            None => Moment::from_zone(civil, &site.zone),
        }
    }

    fn finish(&self, post: &mut Post, document: &Document, site: &Site, ledger: &mut Ledger) {
        post.draft |= document.draft;
        if post.date.is_none() {
            ledger.add(Code::DateMissing, Place::top(document.source.clone()), "no date that Ink reads");
        }
        if post.layout.as_deref() == Some("page") {
            post.kind = DocumentKind::Page;
        }
        post.address = address(post, document, site).into();
    }

    /// Ink (`28dadd7`, 30 January 2023) read bodies by blackfriday before, of which it took a newer copy on 12 October
    /// 2018 (`b70c368`): whose newest post is older was last built so.
    fn seen_whole(&self, site: &mut Site, posts: &[Post], ledger: &mut Ledger) {
        const GOMARKDOWN: Date = Date::constant(2023, 1, 30);
        const LATE: Date = Date::constant(2018, 10, 12);
        let newest = posts.iter().filter_map(|post| post.date).map(|date| date.civil().date()).max();
        let assumed = newest.filter(|newest| *newest < GOMARKDOWN && site.renderer.is_none());
        let version = match (site.renderer.as_deref(), assumed) {
            (Some("blackfriday-early"), _) => Some(Blackfriday::Early),
            (Some("blackfriday"), _) => Some(Blackfriday::Late),
            (_, Some(newest)) => Some(if newest < LATE { Blackfriday::Early } else { Blackfriday::Late }),
            (_, None) => None,
        };
        if version.is_some() {
            (site.markup.blackfriday, site.markup.math) = (version, false);
        }
        if let Some(newest) = assumed {
            let message = format!(
                "no post is newer than {newest}: bodies are read as blackfriday read them, which Ink had before 2023"
            );
            ledger.add(Code::RendererAssumed, Place::file("config.yml"), message);
        }
    }

    fn lists(&self, posts: &[Post], site: &Site) -> Vec<List> {
        lists::lists(posts, site)
    }

    /// Ink (`build.go`): the theme's files are copied beside what is made.
    fn theme_folders(&self, site: &Site) -> Vec<String> {
        site.setting("site.theme").and_then(Value::to_text).into_iter().collect()
    }

    /// Ink runs no code but its own.
    fn unseen(&self, site: &Site) -> Option<String> {
        // Ink builds nothing without a theme
        let Some(theme) = site.setting("site.theme").and_then(Value::to_text) else {
            return Some("the theme, which is not here,".to_owned());
        };
        (!site.root.has_folder(&theme)).then(|| format!("the theme in {theme}, which is not here,"))
    }

    /// Ink's feed has no ids of its own; gorilla/feeds (`atom.go`) makes them of the host, the day and the path.
    fn entry_id(&self, post: &Post, site: &Site, _: FeedFormat) -> String {
        let host = site.host.split_once("://").map_or("", |(_, host)| host);
        let day = post.seldom().updated.or(post.date).map(|date| date.civil().date().to_string()).unwrap_or_default();
        format!("tag:{host},{day}:{}{}", site.base_path, post.address)
    }
}

/// Front matter that begins with a field on the first line and is closed by `---`.
fn is_fenceless(text: &str) -> bool {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_end);
    let key = lines.next().and_then(|line| line.split_once(':')).map_or("", |(key, _)| key);
    matches!(key, "title" | "date" | "update" | "author" | "tags" | "categories" | "topic" | "cover" | "preview")
        && lines.take(40).any(|line| line == "---")
}

/// The folder with the posts; a blog that is kept without its site has them at its root.
fn content_folder(folder: &SourceFolder) -> &'static str {
    if folder.has_folder("source") { "source" } else { "" }
}

fn parse_offset(text: &str) -> Option<Option<Offset>> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = (digits.get(..2)?.parse::<i32>().ok()?, digits.get(2..4)?.parse::<i32>().ok()?);
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok().map(Some)
}

/// Ink (`parse.go`): the file's name in lower case, or the site's pattern for posts.
fn address(post: &Post, document: &Document, site: &Site) -> String {
    let name = document.slug.as_str();
    let pattern = site.permalink.as_deref().filter(|pattern| !pattern.is_empty());
    let (Some(pattern), DocumentKind::Post) = (pattern, &post.kind) else { return decoded(&format!("{name}.html")) };
    let date = post.date.map(Moment::civil);
    let part = |format: &str| date.map(|date| date.strftime(format).to_string()).unwrap_or_default();
    // a date in front of the name that is the post's own is dropped
    let prefix = part("%Y-%m-%d-");
    let title = name.strip_prefix(&prefix).filter(|_| !prefix.is_empty()).unwrap_or(name);
    let category = post.categories.first().and_then(|path| path.first()).map_or("misc", |name| &**name);
    let mut link = pattern.to_owned();
    let values = [
        ("{year}", part("%Y")),
        ("{month}", part("%m")),
        ("{day}", part("%d")),
        ("{hour}", part("%H")),
        ("{minute}", part("%M")),
        ("{second}", part("%S")),
        ("{category}", category.to_owned()),
        ("{title}", title.to_owned()),
    ];
    for (token, value) in values {
        link = link.replace(token, &value);
    }
    without_index(decoded(&link))
}

/// What one document's file holds.
struct Contents {
    fields: Fields,
    body: Body,
    /// There is front matter; without it Ink publishes nothing.
    publishable: bool,
}

impl Contents {
    fn of(path: &Arc<str>, bytes: &[u8], site: &Site, memo: &Memo, ledger: &mut Ledger) -> Self {
        let text = frontmatter::decode(bytes, path, site.root.encoding(), ledger);
        let mut parts = frontmatter::split(&text, path.clone(), Flavor::Ink, memo, ledger);
        // Ink (`parse.go`): `-/` is the site's root wherever it stands in the file
        let root = format!("{}/", site.base_path);
        for field in parts.fields.values_mut() {
            if let Value::String(text) = &mut field.value {
                *text = text.replace("-/", &root);
            }
        }
        Contents {
            publishable: parts.present || !parts.fields.is_empty(),
            fields: parts.fields,
            body: Body { text: parts.body, dialect: Dialect::Gomarkdown, first_line: parts.body_line },
        }
    }
}

/// What an Ink site does with each of its files.
#[derive(Default)]
struct InkFiles {
    memo: Memo,
}

impl Documents for InkFiles {
    fn look(&self, site: &Site, file: &SiteFile, ledger: &mut Ledger) -> Found {
        // Ink (`build.go`): every `.md`, whatever its case, in every folder
        if file.extension() == "md" || file.bar == Some(Bar::FolderOutside) {
            return document(file, site, &self.memo, ledger)
                .map_or(Found::Nothing, |document| Found::Document(Box::new(document)));
        }
        if file.path.starts_with("source/") && file.path.matches('/').count() == 1 && file.extension() == "html" {
            ledger.add(Code::FileSkipped, Place::file(file.path.clone()), "a page template of Ink's");
        }
        Found::Nothing
    }
}

fn document(file: &SiteFile, site: &Site, memo: &Memo, ledger: &mut Ledger) -> Option<Document> {
    if content_folder(&site.root).is_empty() && is_hidden(&file.path) {
        ledger.add(Code::FileSkipped, Place::file(file.path.clone()), "in a hidden folder of the repository");
        return None;
    }
    if !admit(file, ledger) {
        return None;
    }
    let bytes = bytes(&site.root, file, ledger)?;
    let Contents { fields, body, publishable } = Contents::of(&file.path, &bytes, site, memo, ledger);
    if !fields.contains_key("title") && is_about_the_repository(file.name()) {
        ledger.add(Code::FileSkipped, Place::file(file.path.clone()), "about the repository, and no post");
        return None;
    }
    if !publishable {
        let message = "no front matter: Ink publishes no such file; it arrives as a draft";
        ledger.add(Code::FrontMatterMissing, Place::file(file.path.clone()), message);
    }
    let stem = file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem);
    Some(Document {
        kind: DocumentKind::Post,
        source: file.path.clone(),
        fields,
        body,
        file_date: None,
        slug: stem.to_lowercase(),
        path_categories: Vec::new(),
        draft: !publishable,
    })
}

/// A part of the path begins with a dot.
fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// The papers that lie in every repository.
fn is_about_the_repository(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_lowercase().replace('_', "-");
    matches!(
        stem.as_str(),
        "readme" | "license" | "licence" | "changelog" | "contributing" | "code-of-conduct" | "security"
    )
}

fn site(root: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Site, ReadError> {
    let config = match ConfigFile::first(root, &["config.yml", "config.yaml"], ledger)? {
        Some(file) => file.yaml(Flavor::Ink)?,
        None => Map::new(),
    };
    let own = config.get("site").and_then(Value::as_map).cloned().unwrap_or_default();
    let text = |key: &str| own.get(key).and_then(Value::to_text).filter(|text| !text.trim().is_empty());
    let (mut host, below) = split_url(&options.base_url.clone().or_else(|| text("url")).unwrap_or_default());
    let base = match (&options.base_url, text("root")) {
        // Ink puts it in front of what it links to, whatever it is
        (None, Some(root)) if root.contains("://") => {
            let (named, below) = split_url(&root);
            host = if host.is_empty() { named } else { host };
            below
        }
        (None, Some(root)) => base_path(&root),
        _ => below,
    };
    let (zone_name, zone) = options.zone.clone().unwrap_or(("UTC".to_owned(), TimeZone::UTC));
    Ok(Site {
        root: root.clone(),
        title: text("title").unwrap_or_default(),
        subtitle: text("subtitle"),
        description: None,
        host,
        base_path: base,
        zone,
        zone_name,
        zone_known: options.zone.is_some(),
        renderer: options.renderer.clone(),
        // Ink (`config.yml`): the name of the blog at Disqus
        comments: text("comment").map(|name| ("disqus".to_owned(), Value::String(name))).into_iter().collect(),
        language: text("lang"),
        authors: authors(&config),
        permalink: options.permalink.clone().or_else(|| text("link")),
        data: Map::new(),
        includes: Vec::new(),
        markup: MARKUP,
        per_page: per_page(&config),
        menu: Vec::new(),
        formulas: Formulas::Marked,
        config,
    })
}

/// How Ink reads every body (`parse.go`): the extensions that it gives gomarkdown; its configuration changes none.
pub const MARKUP: MarkupSettings = MarkupSettings {
    hard_breaks: false,
    smart: true,
    gfm: false,
    block_html: false,
    bare_links: true,
    line_numbers: false,
    heading_ids: false,
    id_text: crate::model::IdText::Shown,
    cased_ids: false,
    math: true,
    blackfriday: None,
    rooted_pictures: false,
    commonmark: None,
};

/// Ink: `authors` maps keys to a name, an introduction and a picture.
fn authors(config: &Map) -> IndexMap<String, Author> {
    let Some(Value::Map(authors)) = config.get("authors") else { return IndexMap::new() };
    let author = |(key, value): (&String, &Value)| {
        let details = value.as_map().cloned().unwrap_or_default();
        let name = details.get("name").and_then(Value::to_text).unwrap_or_else(|| key.clone());
        (key.clone(), Author { name, details })
    };
    authors.iter().map(author).collect()
}

/// How many posts are on a page.
fn per_page(config: &Map) -> Option<usize> {
    let limit = config.get("site").and_then(Value::as_map).and_then(|own| own.get("limit"));
    limit.and_then(Value::to_text)?.parse().ok().filter(|limit| *limit > 0)
}

fn not_git(path: &str) -> bool {
    !path.split('/').any(|part| part == ".git")
}

/// Ink (`build.go`): what `build.copy` names lands in the output's root under its last name.
fn copied(site: &Site, ledger: &mut Ledger) -> Vec<Asset> {
    let patterns: Vec<String> = match site.setting("build.copy") {
        Some(Value::List(items)) => items.iter().filter_map(Value::to_text).collect(),
        Some(other) => other.to_text().into_iter().collect(),
        None => vec!["source/images".to_owned()],
    };
    let mut assets = Vec::new();
    for pattern in patterns {
        let place = Place::file("config.yml");
        let Ok(plain) = beneath(&pattern) else {
            let message = format!("`build.copy` names {pattern}, which leads out of the source's folder");
            ledger.add(Code::OutsideSource, place, message);
            continue;
        };
        let Ok(glob) = Glob::new(&plain).map(|glob| glob.compile_matcher()) else { continue };
        let fixed: Vec<&str> = plain.split('/').take_while(|part| !part.contains(['*', '?', '['])).collect();
        let mut found = false;
        for file in site.root.files(&fixed.join("/"), not_git) {
            // the copied thing is the file itself or one of the folders above it
            let whole = (1..=file.path.split('/').count())
                .map(|n| file.path.split('/').take(n).collect::<Vec<_>>().join("/"))
                .find(|path| glob.is_match(path));
            // a folder that lies outside stands for what is in it
            if whole.is_none() && file.bar != Some(Bar::FolderOutside) {
                continue;
            }
            found = true;
            if admit(&file, ledger)
                && let Some(whole) = whole
            {
                let above = whole.rsplit_once('/').map_or(0, |(above, _)| above.len() + 1);
                assets.push(Asset { address: format!("/{}", &file.path[above..]).into(), source: file.path });
            }
        }
        if !found {
            ledger.add(Code::ConfigIgnored, place, format!("`build.copy` names {plain}, which is not there"));
        }
    }
    assets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_may_be_a_whole_address() {
        let folder = tempfile::tempdir().expect("a folder");
        for (config, expected) in [
            ("site: {root: \"http://a.example/0.0\"}", ("http://a.example", "/0.0")),
            ("site: {root: /blog, url: \"http://a.example/blog\"}", ("http://a.example", "/blog")),
            ("site: {root: \"https://cdn.example/x\", url: \"http://a.example\"}", ("http://a.example", "/x")),
        ] {
            std::fs::write(folder.path().join("config.yml"), config).expect("written");
            let source = SourceFolder::open(folder.path()).expect("a source");
            let site = site(&source, &ReadOptions::default(), &mut Ledger::default()).expect("a site");
            assert_eq!((&*site.host, &*site.base_path), expected, "{config}");
        }
    }

    #[test]
    fn offsets_are_read() {
        assert_eq!(parse_offset("+0800"), Some(Offset::from_seconds(28800).ok()));
        assert_eq!(parse_offset("+8"), None);
    }
}
