//! Hexo.

mod config;
mod dates;
mod discover;
mod formulas;
mod lists;
mod permalink;
mod renderer;
mod unseen;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::tz::Offset;
use sha1::{Digest, Sha1};

use self::config::Config;
use self::discover::{HexoFiles, NOBODYS, below_source};
use super::address::{decoded, without_index};
use super::files::glance;
use super::{Approximated, ReadError, ReadOptions, Reader, Source, comments};
use crate::ledger::{Code, Ledger};
use crate::model::{Asset, Document, DocumentKind, FeedFormat, List, Moment, Place, Post, Site, Value};
use crate::slug::hexo::{Case, slugize};
use crate::source::{SourceFolder, joined};

/// The reader.
pub struct Hexo;

impl Reader for Hexo {
    fn name(&self) -> &'static str {
        "hexo"
    }

    fn renderers(&self) -> &'static [&'static str] {
        renderer::RENDERERS
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
        let (mut site, config) = config::read(folder, options, ledger)?;
        let theme = config::of_theme(&site);
        site.menu = config::menu(&site, &theme);
        site.formulas = formulas::marks(&site, &theme);
        site.comments = comments::settings(std::iter::once(&site.config).chain(&theme));
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
            _ => {
                post.address = page_address(document, &config).into();
                keep_terms_of_page(post, document, ledger);
            }
        }
    }

    fn lists(&self, posts: &[Post], site: &Site) -> Vec<List> {
        lists::lists(posts, site)
    }

    fn approximated(&self, site: &Site) -> Option<Approximated> {
        renderer::approximated(site)
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

/// Hexo (`models/page.ts`): a page has no tags and categories; what it calls so is data like any other.
fn keep_terms_of_page(post: &mut Post, document: &Document, ledger: &mut Ledger) {
    let tags: Vec<Arc<str>> = std::mem::take(&mut post.tags);
    let categories: Vec<Arc<str>> = std::mem::take(&mut post.categories).into_iter().flatten().collect();
    for (fields, name, terms) in
        [(["tags", "tag"], "page_tags", tags), (["categories", "category"], "page_categories", categories)]
    {
        if terms.is_empty() {
            continue;
        }
        let field = fields.iter().find_map(|field| document.fields.get(*field));
        let place = field.map_or_else(|| Place::top(document.source.clone()), |field| field.place.clone());
        let message = format!("Hexo lists no page by its `{}`: they are kept as custom data named `{name}`", fields[0]);
        ledger.add(Code::FieldExtra, place, message);
        post.seldom_mut().added.push((name, terms.join(", ")));
    }
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

/// Hexo (`models/post_asset.ts`): a post's own assets are below its address, which loses its `.html` for them.
fn asset_folder(address: &str) -> &str {
    let stem = address.strip_suffix(".html").or(address.strip_suffix(".htm")).unwrap_or(address);
    stem.trim_end_matches('/')
}
