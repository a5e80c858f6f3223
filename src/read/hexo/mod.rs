//! Hexo.

mod config;
mod dates;
mod lists;
mod permalink;

use std::path::Path;

use globset::{Glob, GlobSet, GlobSetBuilder};
use jiff::tz::Offset;
use sha1::{Digest, Sha1};

use self::config::Config;
use super::tree::{self, SiteFile, decoded, without_index};
use super::{ReadError, ReadOptions, Reader};
use crate::frontmatter::{self, Flavor};
use crate::ledger::{Code, Ledger};
use crate::model::{
    Asset, Body, Dialect, Document, DocumentKind, FeedFormat, Fields, List, Moment, Place, Post, Site, Source, Value,
};
use crate::slug::hexo::{Case, slugize};

/// The reader.
pub struct Hexo;

impl Reader for Hexo {
    fn name(&self) -> &'static str {
        "hexo"
    }

    fn evidence(&self, root: &Path) -> Vec<String> {
        let mut seen = Vec::new();
        if root.join("source/_posts").is_dir() {
            seen.push("a source/_posts folder".to_owned());
        }
        if root.join("scaffolds").is_dir() {
            seen.push("a scaffolds folder".to_owned());
        }
        let package = std::fs::read_to_string(root.join("package.json")).unwrap_or_default();
        if package.contains("\"hexo\"") {
            seen.push("hexo in package.json".to_owned());
        }
        let config = std::fs::read_to_string(root.join("_config.yml")).unwrap_or_default();
        if config.lines().any(|line| line.starts_with("new_post_name:") || line.starts_with("source_dir:")) {
            seen.push("Hexo's keys in _config.yml".to_owned());
        }
        seen
    }

    fn read(&self, root: &Path, options: &ReadOptions, ledger: &mut Ledger) -> Result<Source, ReadError> {
        let (mut site, config) = config::read(root, options)?;
        let mut discovery = Discovery::new(&site, &config, ledger);
        discovery.walk(root);
        let Discovery { documents, assets, data, .. } = discovery;
        site.data = data;
        Ok(Source { generator: "hexo", site, documents, assets, feeds: Vec::new() })
    }

    fn reread(&self, site: &Site, source: &str) -> std::io::Result<(Fields, Body)> {
        let file = SiteFile::of(&site.root, source);
        Ok(contents(&file, &file.bytes()?, &mut Ledger::default()))
    }

    fn date(&self, value: &Value, site: &Site) -> Option<Moment> {
        dates::read(value, site)
    }

    /// Hexo (`models/post.ts`): a list or one value, never split; nothing for null and empty.
    fn tags(&self, value: &Value) -> Vec<String> {
        let texts = match value {
            Value::List(items) => items.iter().filter_map(Value::to_text).collect(),
            other => other.to_text().into_iter().collect::<Vec<_>>(),
        };
        texts.into_iter().filter(|tag| !tag.is_empty()).collect()
    }

    /// Hexo (`models/post.ts`): a flat list is one path from parent to child; where any item is a list, every item is
    /// a path of its own.
    fn categories(&self, value: &Value) -> Vec<Vec<String>> {
        let Value::List(items) = value else { return single(self.tags(value)) };
        if items.iter().any(|item| matches!(item, Value::List(_))) {
            return items.iter().map(|item| self.tags(item)).filter(|path| !path.is_empty()).collect();
        }
        single(self.tags(value))
    }

    fn finish(&self, post: &mut Post, document: &Document, site: &Site, ledger: &mut Ledger) {
        let config = config::settings(site);
        if post.date.is_none() && document.kind == DocumentKind::Post {
            post.date = document.file_date;
            if document.file_date.is_none() || !config.new_post_name.contains(":year") {
                ledger.add(
                    Code::DateMissing,
                    Place::file(&document.source),
                    "no date in the front matter: the file's own time is taken",
                );
            }
        }
        if post.title.is_none() && config.slug_as_title && document.kind == DocumentKind::Post {
            post.title = Some(document.slug.clone());
        }
        post.draft |= document.draft;
        password(post, ledger);
        match document.kind {
            DocumentKind::Post => self.post_address(post, document, site, &config, ledger),
            _ => post.address = page_address(document, &config),
        }
    }

    fn lists(&self, posts: &[Post], site: &Site) -> Vec<List> {
        lists::lists(posts, site)
    }

    /// hexo-generator-feed (`generator.js`): the address with its host.
    fn entry_id(&self, post: &Post, site: &Site, _: FeedFormat) -> String {
        super::permalink(post, site)
    }
}

/// hexo-blog-encrypt encrypts a page with a `password`; no target has such a plugin.
fn password(post: &Post, ledger: &mut Ledger) {
    let Some(field) = post.fields.get("password") else { return };
    if field.value.to_text().is_some_and(|text| !text.trim().is_empty()) {
        let message = "the page asked for a password; as converted everybody can read it";
        ledger.add(Code::PasswordLost, field.place.clone(), message);
    }
}

fn single(path: Vec<String>) -> Vec<Vec<String>> {
    if path.is_empty() { Vec::new() } else { vec![path] }
}

impl Hexo {
    /// Sets the address. Hexo formats the date parts in the zone of the machine that builds the site: the address by
    /// the configured zone is kept, the one that a machine in UTC gives becomes an alias.
    fn post_address(&self, post: &mut Post, document: &Document, site: &Site, config: &Config, ledger: &mut Ledger) {
        let place = Place::file(&document.source);
        let mut unknown = Vec::new();
        post.address = address(post, document, config, post.date, &mut unknown);
        for name in unknown {
            ledger.add(
                Code::PermalinkUnknown,
                place.clone(),
                format!("the permalink asks for `{name}`, which this post does not have"),
            );
        }
        if site.zone_known {
            let utc = post.date.map(|date| Moment { offset: Offset::UTC, ..date });
            let other = address(post, document, config, utc, &mut Vec::new());
            if other != post.address {
                post.aliases.push(other);
            }
        }
    }
}

/// Hexo (`post_permalink.ts`).
fn address(
    post: &Post,
    document: &Document,
    config: &Config,
    date: Option<Moment>,
    unknown: &mut Vec<String>,
) -> String {
    let with_slash = |path: String| {
        let bare = config.post_asset_folder && !path.ends_with('/') && !path.ends_with(".html");
        decoded(&if bare { format!("{path}/") } else { path })
    };
    let field =
        |name: &str| document.fields.get(name).and_then(|field| field.value.to_text()).filter(|text| !text.is_empty());
    if let Some(literal) = field("permalink") {
        return with_slash(literal);
    }
    let value = |name: &str| -> Option<String> {
        let part = |pattern: &str| date.map(|date| date.civil().strftime(pattern).to_string());
        match name {
            "title" => Some(document.slug.clone()),
            "name" => Some(document.slug.rsplit('/').next().unwrap_or("").to_owned()),
            "post_title" => Some(slugize(post.title.as_deref().unwrap_or(""), Case::Lower)),
            "year" => part("%Y"),
            "month" => part("%m"),
            "day" => part("%d"),
            "hour" => part("%H"),
            "minute" => part("%M"),
            "second" => part("%S"),
            "i_month" => part("%-m"),
            "i_day" => part("%-d"),
            "timestamp" => date.map(|date| date.instant.as_second().to_string()),
            "hash" => date.map(|date| hash(&document.slug, date)),
            "category" => Some(category_slug(post, config)),
            name => field(name).or_else(|| config.permalink_defaults.get(name).and_then(Value::to_text)),
        }
    };
    with_slash(permalink::fill(&config.permalink, value, |name| unknown.push(name.to_owned())))
}

fn hash(slug: &str, date: Moment) -> String {
    let digest = Sha1::digest(format!("{slug}{}", date.instant.as_second()).as_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Hexo (`models/category.ts`): the slugs from the root to the last category.
fn category_slug(post: &Post, config: &Config) -> String {
    let Some(path) = post.categories.last() else { return config.default_category.clone() };
    let slug = |name: &String| {
        let mapped = config.category_map.get(name).and_then(Value::to_text);
        slugize(mapped.as_deref().unwrap_or(name), config.case)
    };
    path.iter().map(slug).collect::<Vec<_>>().join("/")
}

/// Hexo (`processor/asset.ts`): the path with the extension that it renders to, or the page's own permalink.
fn page_address(document: &Document, config: &Config) -> String {
    let written =
        document.fields.get("permalink").and_then(|field| field.value.to_text()).filter(|text| !text.is_empty());
    let path = match written {
        Some(path) if path.ends_with('/') || path.rsplit('/').next().is_some_and(|name| name.contains('.')) => path,
        Some(path) => format!("{path}.html"),
        None => {
            let below = document.source.strip_prefix(&format!("{}/", config.source_dir)).unwrap_or(&document.source);
            format!("{}.html", below.rsplit_once('.').map_or(below, |(stem, _)| stem))
        }
    };
    without_index(decoded(&path))
}

/// Finds documents, data and assets below the source folder.
struct Discovery<'a> {
    site: &'a Site,
    config: &'a Config,
    ledger: &'a mut Ledger,
    skip_render: GlobSet,
    include: GlobSet,
    exclude: GlobSet,
    documents: Vec<Document>,
    assets: Vec<Asset>,
    data: crate::model::Map,
}

impl<'a> Discovery<'a> {
    fn new(site: &'a Site, config: &'a Config, ledger: &'a mut Ledger) -> Self {
        Discovery {
            site,
            config,
            ledger,
            skip_render: glob_set(&config.skip_render),
            include: glob_set(&config.include),
            exclude: glob_set(&config.exclude),
            documents: Vec::new(),
            assets: Vec::new(),
            data: crate::model::Map::new(),
        }
    }

    fn walk(&mut self, root: &Path) {
        let mut own_assets = Vec::new();
        for file in tree::files(root, &self.config.source_dir, |_| true, self.ledger) {
            let below =
                file.path.strip_prefix(&format!("{}/", self.config.source_dir)).unwrap_or(&file.path).to_owned();
            if below.ends_with('~') || below.ends_with('%') {
                self.skip(&file, "a temporary file");
            } else if let Some(path) = below.strip_prefix("_posts/") {
                self.post(&file, path, false, &mut own_assets);
            } else if let Some(path) = below.strip_prefix("_drafts/") {
                self.post(&file, path, true, &mut own_assets);
            } else if let Some(path) = below.strip_prefix("_data/") {
                self.data(&file, path);
            } else {
                self.other(&file, &below);
            }
        }
        self.own_assets(own_assets);
    }

    fn post(&mut self, file: &SiteFile, path: &str, draft: bool, own_assets: &mut Vec<SiteFile>) {
        if is_hidden(path) {
            return self.skip(file, "a hidden file");
        }
        let mut rendered = is_rendered(&file.extension()) && !self.skip_render.is_match(&file.path);
        if self.config.post_asset_folder {
            // Hexo: beside assets, only the extension of `new_post_name` makes a post
            rendered &= file.name().ends_with(&format!(".{}", self.config.post_extension));
        }
        if !rendered {
            return own_assets.push(file.clone());
        }
        let Some(mut document) = self.document(file, DocumentKind::Post, draft) else { return };
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let captured = permalink::captures(&self.config.new_post_name, stem).unwrap_or_default();
        let capture = |name: &str| captured.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        document.slug = capture("title").map_or_else(|| slugize(stem, Case::Keep), str::to_owned);
        let number =
            |names: [&str; 2]| names.iter().find_map(|name| capture(name)).and_then(|digits| digits.parse::<i8>().ok());
        let year = capture("year").and_then(|digits| digits.parse::<i16>().ok());
        if let (Some(year), Some(month), Some(day)) = (year, number(["month", "i_month"]), number(["day", "i_day"])) {
            let midnight = jiff::civil::DateTime::new(year, month, day, 0, 0, 0, 0);
            document.file_date =
                midnight.ok().and_then(|civil| Moment::from_zone(civil, &self.site.zone)).or(document.file_date);
        }
        for (name, value) in captured {
            // Hexo: extra captures become data of the post
            if !matches!(name.as_str(), "title" | "year" | "month" | "day" | "i_month" | "i_day" | "hash") {
                let field = crate::model::Field { value: Value::String(value), place: Place::file(&file.path) };
                document.fields.insert(name, field);
            }
        }
        self.documents.push(document);
    }

    fn other(&mut self, file: &SiteFile, below: &str) {
        let included = self.include.is_match(below);
        if (is_hidden(below) && !included) || self.exclude.is_match(below) {
            return self.skip(file, "hidden or excluded");
        }
        let page = matches!(
            file.extension().as_str(),
            "md" | "markdown" | "mkd" | "mkdn" | "mdwn" | "mdtxt" | "mdtext" | "html" | "htm"
        );
        if page && !self.skip_render.is_match(below) {
            if let Some(mut document) = self.document(file, DocumentKind::Page, false) {
                document.slug = file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem).to_owned();
                self.documents.push(document);
            }
            return;
        }
        self.assets.push(Asset { source: file.path.clone(), address: format!("/{below}") });
    }

    fn document(&mut self, file: &SiteFile, kind: DocumentKind, draft: bool) -> Option<Document> {
        let bytes = match file.bytes() {
            Ok(bytes) => bytes,
            Err(error) => {
                self.ledger.add(Code::FileFailed, Place::file(&file.path), format!("cannot be read: {error}"));
                return None;
            }
        };
        let (fields, body) = contents(file, &bytes, self.ledger);
        let file_date = file.modified().map(|moment| moment.in_zone(&self.site.zone));
        Some(Document {
            kind,
            source: file.path.clone(),
            fields,
            body,
            file_date,
            slug: String::new(),
            path_categories: Vec::new(),
            draft,
        })
    }

    fn data(&mut self, file: &SiteFile, path: &str) {
        let text = std::fs::read_to_string(&file.disk).unwrap_or_default();
        match frontmatter::read_map(&text, Flavor::Hexo) {
            Ok(map) => {
                let name = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
                self.data.insert(name.to_owned(), Value::Map(map));
            }
            Err(_) => self.skip(file, "a data file that does not parse"),
        }
    }

    /// Hexo: files in the folder named like a post are published below the post's address.
    fn own_assets(&mut self, files: Vec<SiteFile>) {
        let mapping = crate::mapping::Mapping::of_source("hexo", &[]);
        let folders: Vec<(String, String)> = match (&mapping, self.config.post_asset_folder) {
            (Ok(mapping), true) => self
                .documents
                .iter()
                .filter(|document| document.kind == DocumentKind::Post)
                .map(|document| {
                    let post = mapping.normalize(document.clone(), self.site, &Hexo, &mut Ledger::default());
                    let folder = document.source.rsplit_once('.').map_or(document.source.as_str(), |(stem, _)| stem);
                    (format!("{folder}/"), asset_folder(&post.address).to_owned())
                })
                .collect(),
            _ => Vec::new(),
        };
        for file in files {
            match folders.iter().find(|(folder, _)| file.path.starts_with(folder.as_str())) {
                Some((folder, address)) => {
                    let address = format!("{address}/{}", &file.path[folder.len()..]);
                    self.assets.push(Asset { source: file.path, address });
                }
                None => self.skip(&file, "a file among the posts that Hexo does not publish"),
            }
        }
        self.assets.sort_by(|a, b| a.source.cmp(&b.source));
    }

    fn skip(&mut self, file: &SiteFile, why: &str) {
        self.ledger.add(Code::FileSkipped, Place::file(&file.path), why);
    }
}

/// What one document's file holds.
fn contents(file: &SiteFile, bytes: &[u8], ledger: &mut Ledger) -> (Fields, Body) {
    let text = frontmatter::decode(bytes, &file.path, ledger);
    let parts = frontmatter::split(&text, &file.path, Flavor::Hexo, ledger);
    let dialect = if matches!(file.extension().as_str(), "html" | "htm") { Dialect::Html } else { Dialect::Marked };
    (parts.fields, Body { text: parts.body, dialect, first_line: parts.body_line })
}

/// Hexo (`models/post_asset.ts`): a post's own assets are below its address, which loses its `.html` for them.
fn asset_folder(address: &str) -> &str {
    let stem = address.strip_suffix(".html").or(address.strip_suffix(".htm")).unwrap_or(address);
    stem.trim_end_matches('/')
}

/// Hexo (`processor/common.ts`): a part of the path begins with `_` or `.`.
fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with(['_', '.']))
}

/// Extensions that a renderer of a plain Hexo takes.
fn is_rendered(extension: &str) -> bool {
    matches!(
        extension,
        "md" | "markdown"
            | "mkd"
            | "mkdn"
            | "mdwn"
            | "mdtxt"
            | "mdtext"
            | "html"
            | "htm"
            | "yml"
            | "yaml"
            | "json"
            | "njk"
            | "j2"
            | "swig"
            | "ejs"
    )
}

fn glob_set(globs: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs.iter().filter_map(|glob| Glob::new(glob).ok()) {
        set.add(glob);
    }
    set.build().unwrap_or_else(|_| GlobSet::empty())
}
