//! What Jekyll finds: posts and drafts anywhere, pages, collections, data, and static files.

use std::sync::{Arc, LazyLock};

use encoding_rs::Encoding;
use globset::{Glob, GlobSet, GlobSetBuilder};
use jiff::civil::Date;
use regex::Regex;

use super::config::{self, Collection, texts};
use super::{defaults, lists};
use crate::frontmatter::{self, Flavor, Memo};
use crate::ledger::{Code, Ledger};
use crate::model::{Asset, Body, Dialect, Document, DocumentKind, Fields, List, Moment, Place, Shows, Site, Value};
use crate::read::files::{admit, bytes, modified};
use crate::read::{Documents, Found};
use crate::source::{Bar, SiteFile, extension};

/// What a Jekyll site does with each of its files.
pub struct JekyllFiles {
    collections: Vec<Collection>,
    pub(super) data_folder: String,
    markdown: Vec<String>,
    include: GlobSet,
    exclude: GlobSet,
    memo: Memo,
    /// Of texts that are no UTF-8.
    encoding: Option<&'static Encoding>,
}

/// What a path is to Jekyll.
#[derive(PartialEq)]
enum Room {
    /// A data file.
    Data,
    /// A post or a draft, by the folders above the special one and its path below that.
    Posts { above: Vec<String>, name: String, draft: bool },
    /// A document of a collection.
    Collection(Collection),
    /// Not published.
    Machinery,
    /// A page or a file.
    Other,
}

/// `document.rb`: two or four digits of a year, one or two of month and day, a name, an extension.
static POST_NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(\d{2,4})-(\d{1,2})-(\d{1,2})-(.*)(\.[^.]+)$").expect("a valid pattern"));

/// Folders that Jekyll never looks into.
const NEVER: [&str; 11] = [
    ".git",
    "node_modules",
    "vendor/bundle",
    "vendor/cache",
    "vendor/gems",
    "vendor/ruby",
    ".sass-cache",
    ".jekyll-cache",
    "_site",
    "gemfiles",
    ".bundle",
];

/// Every file of a site, in the order of their paths.
pub fn files(site: &Site) -> Vec<SiteFile> {
    site.root.files(config::source_folder(site), |path| !NEVER.contains(&path))
}

impl JekyllFiles {
    /// Prepares for a site.
    pub fn new(site: &Site) -> Self {
        let destination = site.setting("destination").and_then(Value::to_text);
        let exclude = texts(site.setting("exclude"))
            .into_iter()
            .chain(["Gemfile", "Gemfile.lock", "Rakefile"].map(str::to_owned))
            .chain(destination.map(|out| out.trim_matches(['.', '/']).to_owned()));
        JekyllFiles {
            collections: config::collections(site),
            data_folder: format!("{}/", config::data_folder(site)),
            markdown: config::markdown_extensions(site),
            include: glob_set(texts(site.setting("include")).into_iter().chain([".htaccess".to_owned()])),
            exclude: glob_set(exclude),
            memo: Memo::default(),
            encoding: site.root.encoding(),
        }
    }

    /// The path of a file as Jekyll knows it.
    pub(super) fn below(site: &Site, file: &SiteFile) -> String {
        let mut below = config::below_source(site, &file.path).to_owned();
        if file.bar == Some(Bar::FolderOutside) {
            // it stands for what is in it
            below.push('/');
        }
        below
    }

    pub(super) fn is_left_out(&self, below: &str) -> bool {
        is_excluded(&self.exclude, below) && !self.include.is_match(below)
    }

    /// What a path is to Jekyll.
    fn room(&self, site: &Site, below: &str) -> Room {
        if below.starts_with(&self.data_folder) {
            return Room::Data;
        }
        for (folder, draft) in [("_posts", false), ("_drafts", true)] {
            if let Some((above, name)) = split_folder(below, folder) {
                return Room::Posts { above, name, draft };
            }
        }
        match self.collection_of(site, below) {
            Some(collection) => Room::Collection(collection),
            None if self.is_machinery(below) => Room::Machinery,
            None => Room::Other,
        }
    }

    /// Jekyll (`entry_filter.rb`): what begins with `_`, `.`, `#` or `~`, or ends with `~`, is not published.
    fn is_machinery(&self, below: &str) -> bool {
        let special = below.split('/').any(|part| part.starts_with(['_', '.', '#', '~']) || part.ends_with('~'));
        let included = below.split('/').scan(String::new(), |path, part| {
            path.push_str(if path.is_empty() { "" } else { "/" });
            path.push_str(part);
            Some(path.clone())
        });
        special && !included.into_iter().any(|path| self.include.is_match(path))
    }

    /// The collection that a file is in.
    fn collection_of(&self, site: &Site, below: &str) -> Option<Collection> {
        let folder = site.setting("collections_dir").and_then(Value::as_str).unwrap_or("").trim_matches('/');
        let inside = if folder.is_empty() { below } else { below.strip_prefix(folder)?.trim_start_matches('/') };
        self.collections.iter().find(|collection| inside.starts_with(&format!("_{}/", collection.label))).cloned()
    }

    fn post(&self, site: &Site, file: &SiteFile, place: (&[String], &str, bool), ledger: &mut Ledger) -> Found {
        let (above, name, draft) = place;
        if name.split('/').any(|part| part.starts_with(['.', '_', '#', '~']) || part.ends_with('~')) {
            return skip(file, "a hidden file", ledger);
        }
        let base = file.name();
        let captured = POST_NAME.captures(base);
        if captured.is_none() && !draft {
            return skip(file, "a name that is no post's: it has no date", ledger);
        }
        if !self.is_document(&file.extension()) {
            return skip(file, "a file among the posts that Jekyll does not read", ledger);
        }
        let Some((mut document, _)) = self.document(site, file, DocumentKind::Post, ledger) else {
            return Found::Nothing;
        };
        document.draft = draft;
        document.path_categories = above.to_vec();
        match captured {
            Some(found) => {
                document.slug = found[4].trim_end_matches('.').to_owned();
                document.file_date = file_date(&found[1], &found[2], &found[3])
                    .and_then(|date| Moment::from_zone(date.at(0, 0, 0, 0), &site.zone));
            }
            None => {
                document.slug = base.rsplit_once('.').map_or(base, |(stem, _)| stem).trim_end_matches('.').to_owned();
                // an undated draft is as old as its file
                document.file_date = modified(&site.root, &file.path).map(|moment| moment.in_zone(&site.zone));
            }
        }
        defaults::merge(&mut document, site);
        Found::Document(Box::new(document))
    }

    fn item(
        &self,
        site: &Site,
        file: &SiteFile,
        (collection, below): (Collection, &str),
        ledger: &mut Ledger,
    ) -> Found {
        if !collection.output {
            skip(file, "in a collection that is not published: only other pages can show it", ledger);
        }
        let output = collection.output;
        let found = if output { Found::Document } else { Found::Unpublished };
        match self.document(site, file, DocumentKind::Item(collection.label), ledger) {
            Some((mut document, true)) => {
                let stem = file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem);
                let captured = POST_NAME.captures(file.name());
                document.slug = captured.as_ref().map_or(stem.to_owned(), |found| found[4].to_owned());
                let date = captured.and_then(|found| file_date(&found[1], &found[2], &found[3]));
                document.file_date = date.and_then(|date| Moment::from_zone(date.at(0, 0, 0, 0), &site.zone));
                defaults::merge(&mut document, site);
                found(Box::new(document))
            }
            Some(_) if output => {
                let address = below.split_once('_').map_or(below, |(_, rest)| rest);
                Found::Asset(Asset { source: file.path.clone(), address: format!("/{address}").into() })
            }
            // Jekyll (`collection.rb`): a file without front matter is copied where its collection is written
            _ => Found::Nothing,
        }
    }

    fn other(&self, site: &Site, file: &SiteFile, below: &str, ledger: &mut Ledger) -> Found {
        let extension = file.extension();
        let readable = self.is_document(&extension)
            || matches!(
                extension.as_str(),
                "xml" | "json" | "js" | "css" | "scss" | "sass" | "coffee" | "txt" | "webmanifest"
            );
        if readable && let Some((mut document, true)) = self.document(site, file, DocumentKind::Page, ledger) {
            if !self.is_document(&extension) {
                return template(file, below, &document, ledger);
            }
            document.slug = file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem).to_owned();
            defaults::merge(&mut document, site);
            return Found::Document(Box::new(document));
        }
        Found::Asset(Asset { source: file.path.clone(), address: format!("/{below}").into() })
    }

    fn is_document(&self, extension: &str) -> bool {
        self.markdown.iter().any(|known| known == extension) || matches!(extension, "html" | "htm" | "textile")
    }

    /// A document and whether it has front matter.
    fn document(
        &self,
        site: &Site,
        file: &SiteFile,
        kind: DocumentKind,
        ledger: &mut Ledger,
    ) -> Option<(Document, bool)> {
        let bytes = bytes(&site.root, file, ledger)?;
        if kind != DocumentKind::Post && !bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).starts_with(b"---") {
            // Jekyll looks at the first line: without a fence the file is copied as it is
            let empty = Document {
                kind,
                source: file.path.clone(),
                fields: Default::default(),
                body: Body { text: String::new(), dialect: Dialect::Other, first_line: 1 },
                file_date: None,
                slug: String::new(),
                path_categories: Vec::new(),
                draft: false,
            };
            return Some((empty, false));
        }
        let Contents { fields, body, present } = Contents::of(&file.path, &bytes, self, ledger);
        let document = Document {
            kind,
            source: file.path.clone(),
            fields,
            body,
            file_date: None,
            slug: String::new(),
            path_categories: Vec::new(),
            draft: false,
        };
        Some((document, present))
    }
}

impl Documents for JekyllFiles {
    fn look(&self, site: &Site, file: &SiteFile, ledger: &mut Ledger) -> Found {
        let below = Self::below(site, file);
        if self.is_left_out(&below) {
            return skip(file, "excluded by the configuration", ledger);
        }
        let room = self.room(site, &below);
        if room == Room::Machinery {
            return skip(file, "part of the site's machinery, or hidden", ledger);
        }
        if !admit(file, ledger) {
            return Found::Nothing;
        }
        match room {
            Room::Posts { above, name, draft } => self.post(site, file, (&above, &name, draft), ledger),
            Room::Collection(collection) => self.item(site, file, (collection, &below), ledger),
            Room::Data | Room::Machinery => Found::Nothing,
            Room::Other => self.other(site, file, &below, ledger),
        }
    }
}

/// A template that makes no page: a feed, which the new site has as well, or a file of the old theme's.
fn template(file: &SiteFile, below: &str, document: &Document, ledger: &mut Ledger) -> Found {
    let named = document.fields.get("permalink").and_then(|field| field.value.to_text());
    let address = super::permalink::sanitize(named.as_deref().unwrap_or(below));
    let Some(format) = lists::feed_template(&document.body.text) else {
        skip(file, "a template of Jekyll's that is no page", ledger);
        return Found::LeftBehind(compiled(&address).into());
    };
    skip(file, "the template of a feed: the new site makes the feed itself", ledger);
    Found::Feed(List { address, shows: Shows::Feed(format), page: 1, source: file.path.to_string() })
}

/// Jekyll (`jekyll-sass-converter`, `jekyll-coffeescript`): what a source of style or script is served as.
fn compiled(address: &str) -> String {
    match address.rsplit_once('.') {
        Some((stem, "scss" | "sass")) => format!("{stem}.css"),
        Some((stem, "coffee")) => format!("{stem}.js"),
        _ => address.to_owned(),
    }
}

pub(super) fn skip(file: &SiteFile, why: &str, ledger: &mut Ledger) -> Found {
    ledger.add(Code::FileSkipped, Place::file(file.path.clone()), why);
    Found::Nothing
}

/// What one document's file holds.
struct Contents {
    /// The front matter, without the defaults.
    fields: Fields,
    /// The body.
    body: Body,
    /// The file begins with a fence.
    present: bool,
}

impl Contents {
    /// Reads the bytes of a file.
    fn of(path: &Arc<str>, bytes: &[u8], files: &JekyllFiles, ledger: &mut Ledger) -> Self {
        let text = frontmatter::decode(bytes, path, files.encoding, ledger);
        let parts = frontmatter::split(&text, path.clone(), Flavor::Jekyll, &files.memo, ledger);
        let extension = extension(path);
        let dialect = if files.markdown.contains(&extension) {
            Dialect::Kramdown
        } else if matches!(extension.as_str(), "html" | "htm") {
            Dialect::Html
        } else {
            Dialect::Other
        };
        let body = Body { text: parts.body, dialect, first_line: parts.body_line };
        Contents { fields: parts.fields, body, present: parts.present }
    }
}

/// What stands above and below a special folder.
fn split_folder(path: &str, folder: &str) -> Option<(Vec<String>, String)> {
    let parts: Vec<&str> = path.split('/').collect();
    let at = parts.iter().position(|part| *part == folder)?;
    if at + 1 >= parts.len() || parts[..at].iter().any(|part| part.starts_with(['_', '.', '#', '~'])) {
        return None;
    }
    Some((parts[..at].iter().map(|part| (*part).to_owned()).collect(), parts[at + 1..].join("/")))
}

fn file_date(year: &str, month: &str, day: &str) -> Option<Date> {
    let digits: i16 = year.parse().ok()?;
    // Ruby: 69 to 99 are in the last century
    let year = match (year.len(), digits) {
        (2, 69..) => 1900 + digits,
        (2, _) => 2000 + digits,
        _ => digits,
    };
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Jekyll (`entry_filter.rb`): a pattern names a file, or a folder with everything in it.
fn is_excluded(exclude: &GlobSet, path: &str) -> bool {
    let mut at = 0;
    while let Some(slash) = path[at..].find('/') {
        at += slash;
        if exclude.is_match(&path[..at]) {
            return true;
        }
        at += 1;
    }
    exclude.is_match(path)
}

fn glob_set(globs: impl IntoIterator<Item = String>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        if let Ok(glob) = Glob::new(glob.trim_start_matches('/').trim_end_matches('/')) {
            set.add(glob);
        }
    }
    set.build().unwrap_or_else(|_| GlobSet::empty())
}
