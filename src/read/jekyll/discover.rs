//! What Jekyll finds: posts and drafts anywhere, pages, collections, data, and static files.

use std::sync::LazyLock;

use globset::{Glob, GlobSet, GlobSetBuilder};
use jiff::civil::Date;
use regex::Regex;

use super::config::{self, Collection, texts};
use super::{defaults, lists};
use crate::frontmatter::{self, Flavor};
use crate::ledger::{Code, Ledger};
use crate::model::{
    Asset, Body, Dialect, Document, DocumentKind, Fields, List, Map, Moment, Place, Shows, Site, Value,
};
use crate::read::files::{admit, bytes, modified, text};
use crate::source::{Bar, SiteFile, extension};

/// Everything that was found.
pub struct Discovery<'a> {
    site: &'a Site,
    ledger: &'a mut Ledger,
    collections: Vec<Collection>,
    data_folder: String,
    markdown: Vec<String>,
    include: GlobSet,
    /// The documents.
    pub documents: Vec<Document>,
    /// The static files.
    pub assets: Vec<Asset>,
    /// `site.data`.
    pub data: Map,
    /// Feeds that the author wrote as templates.
    pub feeds: Vec<List>,
}

/// What a path is to Jekyll.
#[derive(PartialEq)]
enum Room {
    /// A data file, below the folder of those.
    Data(String),
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

impl<'a> Discovery<'a> {
    /// Prepares for a site.
    pub fn new(site: &'a Site, ledger: &'a mut Ledger) -> Self {
        Discovery {
            site,
            ledger,
            collections: config::collections(site),
            data_folder: format!("{}/", config::data_folder(site)),
            markdown: config::markdown_extensions(site),
            include: glob_set(texts(site.setting("include")).into_iter().chain([".htaccess".to_owned()])),
            documents: Vec::new(),
            assets: Vec::new(),
            data: Map::new(),
            feeds: Vec::new(),
        }
    }

    /// Walks the site.
    pub fn walk(&mut self) {
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
        let exclude = glob_set(
            texts(self.site.setting("exclude"))
                .into_iter()
                .chain(["Gemfile", "Gemfile.lock", "Rakefile"].map(str::to_owned))
                .chain(
                    self.site
                        .setting("destination")
                        .and_then(Value::to_text)
                        .map(|out| out.trim_matches(['.', '/']).to_owned()),
                ),
        );
        let files = self.site.root.files(config::source_folder(self.site), |path| !NEVER.contains(&path));
        for file in files {
            let mut below = config::below_source(self.site, &file.path).to_owned();
            if file.bar == Some(Bar::FolderOutside) {
                // it stands for what is in it
                below.push('/');
            }
            if is_excluded(&exclude, &below) && !self.include.is_match(&below) {
                self.skip(&file, "excluded by the configuration");
                continue;
            }
            let room = self.room(&below);
            if room == Room::Machinery {
                self.skip(&file, "part of the site's machinery, or hidden");
            } else if admit(&file, self.ledger) {
                self.take(&file, &below, room);
            }
        }
    }

    /// What a path is to Jekyll.
    fn room(&self, below: &str) -> Room {
        if let Some(rest) = below.strip_prefix(&self.data_folder) {
            return Room::Data(rest.to_owned());
        }
        for (folder, draft) in [("_posts", false), ("_drafts", true)] {
            if let Some((above, name)) = split_folder(below, folder) {
                return Room::Posts { above, name, draft };
            }
        }
        match self.collection_of(below) {
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

    fn take(&mut self, file: &SiteFile, below: &str, room: Room) {
        match room {
            Room::Data(rest) => self.data_file(file, &rest),
            Room::Posts { above, name, draft } => self.post(file, &above, &name, draft),
            Room::Collection(collection) => self.item(file, collection, below),
            Room::Machinery | Room::Other => self.other(file, below),
        }
    }

    /// The collection that a file is in.
    fn collection_of(&self, below: &str) -> Option<Collection> {
        let folder = self.site.setting("collections_dir").and_then(Value::as_str).unwrap_or("").trim_matches('/');
        let inside = if folder.is_empty() { below } else { below.strip_prefix(folder)?.trim_start_matches('/') };
        self.collections.iter().find(|collection| inside.starts_with(&format!("_{}/", collection.label))).cloned()
    }

    fn post(&mut self, file: &SiteFile, above: &[String], name: &str, draft: bool) {
        if name.split('/').any(|part| part.starts_with(['.', '_', '#', '~']) || part.ends_with('~')) {
            return self.skip(file, "a hidden file");
        }
        let base = file.name();
        let captured = POST_NAME.captures(base);
        if captured.is_none() && !draft {
            return self.skip(file, "a name that is no post's: it has no date");
        }
        if !self.is_document(&file.extension()) {
            return self.skip(file, "a file among the posts that Jekyll does not read");
        }
        let Some((mut document, _)) = self.document(file, DocumentKind::Post) else { return };
        document.draft = draft;
        document.path_categories = above.to_vec();
        match captured {
            Some(found) => {
                document.slug = found[4].trim_end_matches('.').to_owned();
                document.file_date = file_date(&found[1], &found[2], &found[3])
                    .and_then(|date| Moment::from_zone(date.at(0, 0, 0, 0), &self.site.zone));
            }
            None => {
                document.slug = base.rsplit_once('.').map_or(base, |(stem, _)| stem).trim_end_matches('.').to_owned();
                // an undated draft is as old as its file
                document.file_date =
                    modified(&self.site.root, &file.path).map(|moment| moment.in_zone(&self.site.zone));
            }
        }
        defaults::merge(&mut document, self.site);
        self.documents.push(document);
    }

    fn item(&mut self, file: &SiteFile, collection: Collection, below: &str) {
        if !collection.output {
            return self.skip(file, "in a collection that is not published");
        }
        match self.document(file, DocumentKind::Item(collection.label.clone())) {
            Some((mut document, true)) => {
                let stem = file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem);
                let captured = POST_NAME.captures(file.name());
                document.slug = captured.as_ref().map_or(stem.to_owned(), |found| found[4].to_owned());
                let date = captured.and_then(|found| file_date(&found[1], &found[2], &found[3]));
                document.file_date = date.and_then(|date| Moment::from_zone(date.at(0, 0, 0, 0), &self.site.zone));
                defaults::merge(&mut document, self.site);
                self.documents.push(document);
            }
            Some(_) => {
                let address = below.split_once('_').map_or(below, |(_, rest)| rest);
                self.assets.push(Asset { source: file.path.clone(), address: format!("/{address}") });
            }
            None => {}
        }
    }

    fn other(&mut self, file: &SiteFile, below: &str) {
        let extension = file.extension();
        let readable = self.is_document(&extension)
            || matches!(
                extension.as_str(),
                "xml" | "json" | "js" | "css" | "scss" | "sass" | "coffee" | "txt" | "webmanifest"
            );
        if readable && let Some((mut document, true)) = self.document(file, DocumentKind::Page) {
            if !self.is_document(&extension) {
                return self.template(file, below, &document);
            }
            document.slug = file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem).to_owned();
            defaults::merge(&mut document, self.site);
            return self.documents.push(document);
        }
        self.assets.push(Asset { source: file.path.clone(), address: format!("/{below}") });
    }

    /// A template that makes no page: a feed, which the new site has as well, or a file of the old theme's.
    fn template(&mut self, file: &SiteFile, below: &str, document: &Document) {
        let Some(format) = lists::feed_template(&document.body.text) else {
            return self.skip(file, "a template of Jekyll's that is no page");
        };
        let named = document.fields.get("permalink").and_then(|field| field.value.to_text());
        let address = super::permalink::sanitize(named.as_deref().unwrap_or(below));
        self.feeds.push(List { address, shows: Shows::Feed(format), page: 1, source: file.path.clone() });
        self.skip(file, "the template of a feed: the new site makes the feed itself");
    }

    fn is_document(&self, extension: &str) -> bool {
        self.markdown.iter().any(|known| known == extension) || matches!(extension, "html" | "htm" | "textile")
    }

    /// A document and whether it has front matter.
    fn document(&mut self, file: &SiteFile, kind: DocumentKind) -> Option<(Document, bool)> {
        let bytes = bytes(&self.site.root, file, self.ledger)?;
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
        let Contents { fields, body, present } = Contents::of(&file.path, &bytes, &self.markdown, self.ledger);
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

    /// `_data/a/b.yml` is `site.data.a.b`.
    fn data_file(&mut self, file: &SiteFile, below: &str) {
        let Some(text) = text(&self.site.root, file, self.ledger) else { return };
        let value = match file.extension().as_str() {
            "yml" | "yaml" | "json" => frontmatter::read_value(&text, Flavor::Jekyll).ok(),
            "csv" | "tsv" => Some(table(&text, if file.extension() == "csv" { ',' } else { '\t' })),
            _ => None,
        };
        let Some(value) = value else { return self.skip(file, "a data file that cannot be read") };
        let stem = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
        let mut parts: Vec<&str> = stem.split('/').collect();
        let last = parts.pop().unwrap_or(stem);
        let mut map = &mut self.data;
        for part in parts {
            let entry = map.entry(part.to_owned()).or_insert_with(|| Value::Map(Map::new()));
            let Value::Map(inner) = entry else { return };
            map = inner;
        }
        map.insert(last.to_owned(), value);
    }

    fn skip(&mut self, file: &SiteFile, why: &str) {
        self.ledger.add(Code::FileSkipped, Place::file(&file.path), why);
    }
}

/// What one document's file holds.
pub struct Contents {
    /// The front matter, without the defaults.
    pub fields: Fields,
    /// The body.
    pub body: Body,
    /// The file begins with a fence.
    present: bool,
}

impl Contents {
    /// Reads the bytes of a file, the site's extensions of Markdown files known.
    pub fn of(path: &str, bytes: &[u8], markdown: &[String], ledger: &mut Ledger) -> Self {
        let text = frontmatter::decode(bytes, path, ledger);
        let parts = frontmatter::split(&text, path, Flavor::Jekyll, ledger);
        let extension = extension(path);
        let dialect = if markdown.contains(&extension) {
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

/// Rows of a table with a head, as maps.
fn table(text: &str, separator: char) -> Value {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let cells = |line: &str| -> Vec<String> {
        line.split(separator).map(|cell| cell.trim().trim_matches('"').to_owned()).collect()
    };
    let head = lines.next().map(cells).unwrap_or_default();
    let row = |line: &str| Value::Map(head.iter().cloned().zip(cells(line).into_iter().map(Value::String)).collect());
    Value::List(lines.map(row).collect())
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
