//! Hexo.

mod config;
mod dates;
mod lists;
mod permalink;
mod renderer;
mod unseen;

use std::collections::HashMap;
use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};
use jiff::tz::Offset;
use sha1::{Digest, Sha1};

use self::config::Config;
use super::address::{decoded, without_index};
use super::files::{admit, bytes, glance, modified, text};
use super::{Approximated, Documents, Found, ReadError, ReadOptions, Reader, Source};
use crate::frontmatter::{self, Flavor, Memo};
use crate::ledger::{Code, Ledger};
use crate::model::{
    Asset, Body, Dialect, Document, DocumentKind, FeedFormat, Fields, List, Map, Moment, Place, Post, Site, Value,
};
use crate::slug::hexo::{Case, slugize};
use crate::source::{Bar, SiteFile, SourceFolder, extension, joined};

/// The reader.
pub struct Hexo;

impl Reader for Hexo {
    fn name(&self) -> &'static str {
        "hexo"
    }

    fn evidence(&self, folder: &SourceFolder) -> Vec<String> {
        let mut seen = Vec::new();
        let config = folder.text("_config.yml").unwrap_or_default();
        let named = glance(&config, config::SOURCE_DIR);
        let posts = joined(named.filter(|named| !named.is_empty()).unwrap_or("source"), "_posts");
        if folder.has_folder(&posts) {
            seen.push(format!("a {posts} folder"));
        }
        if folder.has_folder("scaffolds") {
            seen.push("a scaffolds folder".to_owned());
        }
        if folder.text("package.json").is_ok_and(|package| package.contains("\"hexo\"")) {
            seen.push("hexo in package.json".to_owned());
        }
        if named.is_some() || glance(&config, "new_post_name").is_some() {
            seen.push("Hexo's keys in _config.yml".to_owned());
        }
        seen
    }

    fn open(&self, folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Source, ReadError> {
        if self.evidence(folder).is_empty() && !folder.has_folder("source") {
            let missing = "there is no source folder, no scaffolds folder, no package.json with hexo, and no _config.yml \
                           with `source_dir` or `new_post_name`";
            return Err(ReadError::NoBlog { path: folder.named().to_owned(), generator: "Hexo", missing });
        }
        let (mut site, config) = config::read(folder, options)?;
        let documents = HexoFiles::new(config);
        let mut files = site.root.files(&documents.config.source_dir, |_| true);
        site.data = documents.data(&site, &mut files, ledger);
        Ok(Source { site, files, assets: Vec::new(), documents: Box::new(documents) })
    }

    /// Hexo (`models/post_asset.ts`): files in the folder named like a post are published below the post's address. Of
    /// two folders in each other the first post's has the file.
    fn held_assets(&self, held: Vec<Arc<str>>, posts: &[Post], ledger: &mut Ledger) -> Vec<Asset> {
        let mut addresses: HashMap<&str, &str> = HashMap::new();
        for post in posts.iter().filter(|post| post.kind == DocumentKind::Post) {
            let folder = post.source.rsplit_once('.').map_or(&*post.source, |(stem, _)| stem);
            addresses.entry(folder).or_insert_with(|| asset_folder(&post.address));
        }
        let mut assets = Vec::with_capacity(held.len());
        for source in held {
            let mut folders = source.match_indices('/').map(|(at, _)| source.split_at(at));
            match folders.find_map(|(folder, name)| Some(format!("{}{name}", addresses.get(folder)?))) {
                Some(address) => assets.push(Asset { source, address: address.into() }),
                None => ledger.add(Code::FileSkipped, Place::file(source), NOBODYS),
            }
        }
        assets
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
                let written = document.fields.get("date").filter(|field| field.value != Value::Null);
                let (place, message) = match written {
                    Some(field) => {
                        (field.place.clone(), "JavaScript reads no date from this: the file's own time is taken")
                    }
                    None => (
                        Place::top(document.source.clone()),
                        "no date in the front matter: the file's own time is taken",
                    ),
                };
                ledger.add(Code::DateMissing, place, message);
            }
        }
        if post.title.is_none() && config.slug_as_title && document.kind == DocumentKind::Post {
            post.title = Some(document.slug.clone());
        }
        post.draft |= document.draft;
        password(document, ledger);
        match document.kind {
            DocumentKind::Post => self.post_address(post, document, site, &config, ledger),
            _ => post.address = page_address(document, &config).into(),
        }
    }

    fn lists(&self, posts: &[Post], site: &Site) -> Vec<List> {
        lists::lists(posts, site)
    }

    fn approximated(&self, site: &Site) -> Option<Approximated> {
        renderer::approximated(&site.root)
    }

    fn themes(&self, site: &Site) -> Vec<String> {
        unseen::theme(site).into_iter().collect()
    }

    /// Hexo (`theme_processors/source.ts`): what is in the theme's `source` is served from the root.
    fn theme_folders(&self, site: &Site) -> Vec<String> {
        let theme = unseen::theme(site).map(|theme| joined(&unseen::theme_folder(&theme), "source"));
        theme.into_iter().collect()
    }

    fn unseen(&self, site: &Site) -> Option<String> {
        unseen::maker(site)
    }

    /// hexo-generator-feed (`generator.js`): the address with its host.
    fn entry_id(&self, post: &Post, site: &Site, _: FeedFormat) -> String {
        super::permalink(post, site)
    }
}

/// hexo-blog-encrypt encrypts a page with a `password`; no target has such a plugin.
fn password(document: &Document, ledger: &mut Ledger) {
    let Some(field) = document.fields.get("password") else { return };
    if field.value.to_text().is_some_and(|text| !text.trim().is_empty()) {
        let message = "the page asked for a password; as converted everybody can read it";
        ledger.add(Code::PasswordLost, field.place.clone(), message);
    }
}

/// Why a file is left out that lies among the posts.
const NOBODYS: &str = "a file among the posts that Hexo does not publish";

fn single(path: Vec<String>) -> Vec<Vec<String>> {
    if path.is_empty() { Vec::new() } else { vec![path] }
}

impl Hexo {
    /// Sets the address. Hexo formats the date parts in the zone of the machine that builds the site: the address by
    /// the configured zone is kept, the one that a machine in UTC gives becomes an alias.
    fn post_address(&self, post: &mut Post, document: &Document, site: &Site, config: &Config, ledger: &mut Ledger) {
        let place = Place::top(document.source.clone());
        let mut unknown = Vec::new();
        post.address = address(post, document, config, post.date, &mut unknown).into();
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
            if other != *post.address {
                post.seldom_mut().aliases.push(other.into());
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
    let slug = |name: &Arc<str>| {
        let mapped = config.category_map.get(&**name).and_then(Value::to_text);
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
            let below = below_source(&document.source, config);
            format!("{}.html", below.rsplit_once('.').map_or(below, |(stem, _)| stem))
        }
    };
    without_index(decoded(&path))
}

/// What a Hexo site does with each of its files.
struct HexoFiles {
    config: Config,
    skip_render: GlobSet,
    include: GlobSet,
    exclude: GlobSet,
    memo: Memo,
    file_name: permalink::FileName,
}

impl HexoFiles {
    fn new(config: Config) -> Self {
        HexoFiles {
            skip_render: glob_set(&config.skip_render),
            include: glob_set(&config.include),
            exclude: glob_set(&config.exclude),
            memo: Memo::default(),
            file_name: permalink::FileName::new(&config.new_post_name),
            config,
        }
    }

    /// The path of a file as Hexo knows it.
    fn below(&self, file: &SiteFile) -> String {
        let mut below = below_source(&file.path, &self.config).to_owned();
        if file.bar == Some(Bar::FolderOutside) {
            // it stands for what is in it
            below.push('/');
        }
        below
    }

    /// Reads the data files among the files of a site, and takes them out.
    fn data(&self, site: &Site, files: &mut Vec<SiteFile>, ledger: &mut Ledger) -> Map {
        let mut data = Map::new();
        files.retain(|file| {
            let below = self.below(file);
            let Some(path) = below.strip_prefix("_data/").filter(|_| !is_temporary(&below)) else { return true };
            if admit(file, ledger)
                && let Some(text) = text(&site.root, file, ledger)
            {
                match frontmatter::read_map(&text, Flavor::Hexo) {
                    Ok(map) => {
                        let name = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
                        data.insert(name.to_owned(), Value::Map(map));
                    }
                    Err(_) => drop(skip(file, "a data file that does not parse", ledger)),
                }
            }
            false
        });
        data
    }

    fn post(&self, site: &Site, file: &SiteFile, (path, draft): (&str, bool), ledger: &mut Ledger) -> Found {
        if is_hidden(path) {
            return skip(file, "a hidden file", ledger);
        }
        if !admit(file, ledger) {
            return Found::Nothing;
        }
        let mut rendered = is_rendered(&file.extension()) && !self.skip_render.is_match(&*file.path);
        if self.config.post_asset_folder {
            // Hexo: beside assets, only the extension of `new_post_name` makes a post
            rendered &= file.name().ends_with(&format!(".{}", self.config.post_extension));
        }
        if !rendered {
            return match self.config.post_asset_folder {
                true => Found::Held(file.path.clone()),
                false => skip(file, NOBODYS, ledger),
            };
        }
        let Some(mut document) = document(site, file, (DocumentKind::Post, draft), &self.memo, ledger) else {
            return Found::Nothing;
        };
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let captured = self.file_name.captures(stem).unwrap_or_default();
        let capture = |name: &str| captured.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        document.slug = capture("title").map_or_else(|| slugize(stem, Case::Keep), str::to_owned);
        let number =
            |names: [&str; 2]| names.iter().find_map(|name| capture(name)).and_then(|digits| digits.parse::<i8>().ok());
        let year = capture("year").and_then(|digits| digits.parse::<i16>().ok());
        if let (Some(year), Some(month), Some(day)) = (year, number(["month", "i_month"]), number(["day", "i_day"])) {
            let midnight = jiff::civil::DateTime::new(year, month, day, 0, 0, 0, 0);
            document.file_date =
                midnight.ok().and_then(|civil| Moment::from_zone(civil, &site.zone)).or(document.file_date);
        }
        for (name, value) in captured {
            // Hexo: extra captures become data of the post
            if !matches!(name.as_str(), "title" | "year" | "month" | "day" | "i_month" | "i_day" | "hash") {
                let field = crate::model::Field { value: Value::String(value), place: Place::file(file.path.clone()) };
                document.fields.insert(name, field);
            }
        }
        Found::Document(Box::new(document))
    }

    fn other(&self, site: &Site, file: &SiteFile, below: &str, ledger: &mut Ledger) -> Found {
        let included = self.include.is_match(below);
        if (is_hidden(below) && !included) || self.exclude.is_match(below) {
            return skip(file, "hidden or excluded", ledger);
        }
        if !admit(file, ledger) {
            return Found::Nothing;
        }
        let page = matches!(
            file.extension().as_str(),
            "md" | "markdown" | "mkd" | "mkdn" | "mdwn" | "mdtxt" | "mdtext" | "html" | "htm"
        );
        if !page || self.skip_render.is_match(below) {
            return Found::Asset(Asset { source: file.path.clone(), address: format!("/{below}").into() });
        }
        let Some(mut document) = document(site, file, (DocumentKind::Page, false), &self.memo, ledger) else {
            return Found::Nothing;
        };
        document.slug = file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem).to_owned();
        Found::Document(Box::new(document))
    }
}

impl Documents for HexoFiles {
    fn look(&self, site: &Site, file: &SiteFile, ledger: &mut Ledger) -> Found {
        let below = self.below(file);
        if is_temporary(&below) {
            skip(file, "a temporary file", ledger)
        } else if let Some(path) = below.strip_prefix("_posts/") {
            self.post(site, file, (path, false), ledger)
        } else if let Some(path) = below.strip_prefix("_drafts/") {
            self.post(site, file, (path, true), ledger)
        } else {
            self.other(site, file, &below, ledger)
        }
    }
}

fn document(
    site: &Site,
    file: &SiteFile,
    (kind, draft): (DocumentKind, bool),
    memo: &Memo,
    ledger: &mut Ledger,
) -> Option<Document> {
    let bytes = bytes(&site.root, file, ledger)?;
    let (fields, body) = contents(&file.path, &bytes, memo, ledger);
    let file_date = modified(&site.root, &file.path).map(|moment| moment.in_zone(&site.zone));
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

fn skip(file: &SiteFile, why: &str, ledger: &mut Ledger) -> Found {
    ledger.add(Code::FileSkipped, Place::file(file.path.clone()), why);
    Found::Nothing
}

/// Hexo (`processor/common.ts`).
fn is_temporary(below: &str) -> bool {
    below.ends_with(['~', '%'])
}

/// A path as Hexo knows it, below its source folder.
fn below_source<'a>(path: &'a str, config: &Config) -> &'a str {
    path.strip_prefix(config.source_dir.as_str()).unwrap_or(path).trim_start_matches('/')
}

/// What one document's file holds.
fn contents(path: &Arc<str>, bytes: &[u8], memo: &Memo, ledger: &mut Ledger) -> (Fields, Body) {
    let text = frontmatter::decode(bytes, path, ledger);
    let parts = frontmatter::split(&text, path.clone(), Flavor::Hexo, memo, ledger);
    let dialect = if matches!(extension(path).as_str(), "html" | "htm") { Dialect::Html } else { Dialect::Marked };
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
