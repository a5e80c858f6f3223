//! What Hexo finds: posts and drafts, pages, data, the files of posts, and all others.

use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::config::Config;
use super::permalink;
use crate::frontmatter::{self, Flavor, Memo};
use crate::ledger::{Code, Ledger};
use crate::model::{Asset, Body, Dialect, Document, DocumentKind, Fields, Map, Moment, Place, Site, Value};
use crate::read::files::{admit, bytes, modified, text};
use crate::read::{Documents, Found};
use crate::slug::hexo::{Case, slugize};
use crate::source::{Bar, SiteFile, extension};

/// What is said of a file in nobody's folder.
pub const NOBODYS: &str = "a file among the posts that Hexo does not publish";

/// What a Hexo site does with each of its files.
pub struct HexoFiles {
    /// What its configuration says.
    pub config: Config,
    skip_render: GlobSet,
    include: GlobSet,
    exclude: GlobSet,
    memo: Memo,
    file_name: permalink::FileName,
}

impl HexoFiles {
    /// Prepares for a site.
    pub fn new(config: Config) -> Self {
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
    pub fn data(&self, site: &Site, files: &mut Vec<SiteFile>, ledger: &mut Ledger) -> Map {
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
    let (fields, body) = contents(site, &file.path, &bytes, memo, ledger);
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

/// What one document's file holds.
fn contents(site: &Site, path: &Arc<str>, bytes: &[u8], memo: &Memo, ledger: &mut Ledger) -> (Fields, Body) {
    let text = frontmatter::decode(bytes, path, site.root.encoding(), ledger);
    let parts = frontmatter::split(&text, path.clone(), Flavor::Hexo, memo, ledger);
    let dialect = if matches!(extension(path).as_str(), "html" | "htm") { Dialect::Html } else { Dialect::Marked };
    (parts.fields, Body { text: parts.body, dialect, first_line: parts.body_line })
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

/// A path as Hexo knows it, below its source folder.
pub fn below_source<'a>(path: &'a str, config: &Config) -> &'a str {
    path.strip_prefix(config.source_dir.as_str()).unwrap_or(path).trim_start_matches('/')
}
