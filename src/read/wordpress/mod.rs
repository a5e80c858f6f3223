//! WordPress, by its exports (WXR, `wp-admin/includes/export.php`).
//!
//! An export was taken apart when it was unpacked (`archive/exported.rs`): an item is a file. A folder that holds exports
//! is taken apart here.

mod head;
mod item;
mod lists;
mod media;
mod permalink;
mod text;
mod told;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use self::head::Head;
use self::item::{ID, LINK, OLD_SLUGS, Reading, parsed};
use self::media::{Library, UPLOADS};
use self::told::{SITE, Told};
use super::address::{decoded, split_url};
use super::files::admit;
use super::{Documents, Found, ReadError, ReadOptions, Reader, Source};
use crate::archive::{Limits, Unpacked, is_export, is_taken_apart, unpack_exports};
use crate::ledger::{Code, Ledger};
use crate::model::{
    Asset, Author, Document, DocumentKind, FeedFormat, Formulas, IdText, List, MarkupSettings, Moment, Place, Post,
    Site, Value,
};
use crate::source::{SiteFile, SourceFolder};

/// Where the paths of categories are in the configuration of a site.
const CATEGORIES: &str = "categories";
/// Where the slugs of tags are.
const TAGS: &str = "tags";
/// Where the logins of authors are.
const AUTHORS: &str = "authors";

/// The reader.
pub struct WordPress;

impl Reader for WordPress {
    fn name(&self) -> &'static str {
        "wordpress"
    }

    fn renderers(&self) -> &'static [&'static str] {
        &["wordpress"]
    }

    fn takes_media(&self) -> bool {
        true
    }

    fn evidence(&self, folder: &SourceFolder) -> Vec<String> {
        let mut seen = Vec::new();
        if is_unpacked(folder) {
            // posts lie where Jekyll has them as well
            seen.extend(["wordpress.xml", "items of an export of WordPress"].map(str::to_owned));
        } else if let Some(first) = exports(folder).first() {
            seen.push(format!("an export of WordPress in {first}"));
        }
        seen
    }

    fn open(&self, folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Source, ReadError> {
        let (root, unpacked) = opened(folder, ledger)?;
        let root = with_media(root, folder, options)?;
        let head = head(&root, ledger)?;
        let (items, library): (Vec<SiteFile>, Vec<SiteFile>) = root
            .files("", |path| path != "wp-content")
            .into_iter()
            .filter(is_item)
            .partition(|file| !is_of_library(&file.path));
        let library = Library::read(&root, &library);
        let mut site = site(&root, &head, options);
        let assets = assets(&site, &library, ledger);
        tell_library(&library, &assets, ledger);
        site.data = library.data.clone();
        site.data.insert("blocks".to_owned(), blocks(&root, &items));
        let documents = Items { head, library, told: Told::default(), _unpacked: unpacked };
        Ok(Source { site, files: items, assets, documents: Box::new(documents) })
    }

    /// `2020-01-02 10:00:00 +0100`, as the reader puts the two dates of an item together.
    fn date(&self, value: &Value, site: &Site) -> Option<Moment> {
        let text = value.to_text()?;
        let text = text.trim();
        let civil = DateTime::strptime("%Y-%m-%d %H:%M:%S", text.get(..19)?).ok()?;
        match text.get(19..).map(str::trim).filter(|offset| !offset.is_empty()) {
            Some(offset) => Moment::from_offset(civil, parse_offset(offset)?),
            None => Moment::from_zone(civil, &site.zone),
        }
    }

    fn tags(&self, value: &Value) -> Vec<String> {
        match value {
            Value::List(items) => items.iter().filter_map(Value::to_text).collect(),
            other => other.to_text().into_iter().collect(),
        }
    }

    /// Each is a path from the root.
    fn categories(&self, value: &Value) -> Vec<Vec<String>> {
        let Value::List(paths) = value else { return self.tags(value).into_iter().map(|one| vec![one]).collect() };
        paths.iter().map(|path| self.tags(path)).filter(|path| !path.is_empty()).collect()
    }

    fn finish(&self, post: &mut Post, document: &Document, site: &Site, ledger: &mut Ledger) {
        post.draft |= document.draft;
        if post.date.is_none() && !post.draft && post.kind == DocumentKind::Post {
            ledger.add(Code::DateMissing, Place::top(document.source.clone()), "no date that WordPress reads");
        }
        if let Some(field) = document.fields.get("post_password") {
            let message = "the page asked for a password; as converted everybody can read it";
            ledger.add(Code::PasswordLost, field.place.clone(), message);
        }
        address(post, document, site, ledger);
    }

    fn lists(&self, posts: &[Post], site: &Site) -> Vec<List> {
        lists::lists(posts, site)
    }

    /// An export does not name the zone of its blog, but nearly every date has its offset.
    fn seen_whole(&self, site: &mut Site, posts: &[Post], _: &mut Ledger) {
        let mut counts: BTreeMap<Offset, usize> = BTreeMap::new();
        for date in posts.iter().filter(|post| !post.draft).filter_map(|post| post.date) {
            *counts.entry(date.offset).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        if let Some((offset, _)) = most.filter(|_| !site.zone_known) {
            (site.zone, site.zone_known) = (TimeZone::fixed(offset), true);
            // zones of whole hours have names, with the sign that POSIX gives them; others are no zone that a target knows
            if offset.seconds() % 3600 == 0 && offset.seconds() != 0 {
                site.zone_name = format!("Etc/GMT{:+}", -offset.seconds() / 3600);
            }
        }
    }

    fn unseen(&self, _: &Site) -> Option<String> {
        Some("a plugin, the theme or the library of files".to_owned())
    }

    /// WordPress (wp-includes/feed-rss2.php): `guid`, which the mapping puts where feeds ask for it.
    fn entry_id(&self, post: &Post, site: &Site, _: FeedFormat) -> String {
        super::permalink(post, site)
    }
}

/// Whether a folder holds what was taken out of an export.
fn is_unpacked(folder: &SourceFolder) -> bool {
    folder.file(SITE).is_ok_and(|path| is_taken_apart(&path).unwrap_or(false))
}

/// The exports that lie in a folder.
fn exports(folder: &SourceFolder) -> Vec<Arc<str>> {
    let files = folder.files("", |_| false).into_iter();
    let files = files.filter(|file| file.bar.is_none() && file.extension() == "xml");
    let is_one = |file: &SiteFile| folder.file(&file.path).is_ok_and(|path| is_export(&path).unwrap_or(false));
    files.filter(is_one).map(|file| file.path).collect()
}

/// The folder of the items, and what was unpacked for it.
fn opened(folder: &SourceFolder, ledger: &mut Ledger) -> Result<(SourceFolder, Option<Unpacked>), ReadError> {
    if is_unpacked(folder) {
        return Ok((folder.clone(), None));
    }
    let exports: Vec<PathBuf> = exports(folder).iter().map(|path| folder.path_of(path)).collect();
    if exports.is_empty() {
        let missing = "there is no export of WordPress in it: an XML file that names http://wordpress.org/export/";
        return Err(ReadError::NoBlog { path: folder.named().to_owned(), generator: "WordPress", missing });
    }
    let unpacked = unpack_exports(&exports, Limits::default())
        .map_err(|error| ReadError::NoExport { path: folder.named().to_owned(), error: Box::new(error) })?;
    for refused in &unpacked.refused {
        ledger.add(Code::ArchiveEntryRefused, Place::file(refused.name.as_str()), refused.why.as_str());
    }
    let root = folder.clone().moved_to(&unpacked.folder);
    let root = root.map_err(|error| ReadError::FolderRefused { path: unpacked.folder.clone(), error })?;
    Ok((root, Some(unpacked)))
}

/// The folder with the files of the library below it: the one that the user names, or the one that lies beside the exports.
fn with_media(root: SourceFolder, folder: &SourceFolder, options: &ReadOptions) -> Result<SourceFolder, ReadError> {
    let beside = || folder.find(UPLOADS).ok().filter(|beside| beside.is_dir());
    let Some(media) = options.media.clone().or_else(beside) else { return Ok(root) };
    root.grafted(UPLOADS, &media).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ReadError::NoSuchFolder(media),
        std::io::ErrorKind::NotADirectory => ReadError::NotAFolder(media),
        _ => ReadError::FolderRefused { path: media, error },
    })
}

fn head(root: &SourceFolder, ledger: &mut Ledger) -> Result<Head, ReadError> {
    let mut head = Head::default();
    for file in root.files("", |_| false).iter().filter(|file| is_head(&file.path)) {
        let bytes = root
            .bytes(&file.path)
            .map_err(|refusal| ReadError::ConfigRefused { path: root.named().join(&*file.path), refusal })?;
        head.add(&crate::frontmatter::decode(&bytes, &file.path, root.encoding(), ledger));
    }
    Ok(head)
}

fn is_head(path: &str) -> bool {
    path.strip_prefix("wordpress").is_some_and(|rest| rest.ends_with(".xml") && !rest.contains('/'))
}

fn is_item(file: &SiteFile) -> bool {
    !is_head(&file.path) && file.extension() == "xml" && file.path.contains('/')
}

fn is_of_library(path: &str) -> bool {
    path.starts_with("attachments/")
}

/// The texts of blocks that other texts name (wp-includes/blocks/block.php), by their numbers.
fn blocks(root: &SourceFolder, items: &[SiteFile]) -> Value {
    let own = items.iter().filter(|file| file.path.starts_with("other/wp_block/"));
    let text = |file: &SiteFile| {
        let item = parsed(root, &file.path, &mut Ledger::default())?;
        let content = item.child("content:encoded")?.text.clone();
        Some((item.said("wp:post_id").to_owned(), Value::String(content)))
    };
    Value::Map(own.filter_map(text).collect())
}

/// Every file of the library's folder, at its old address.
fn assets(site: &Site, library: &Library, ledger: &mut Ledger) -> Vec<Asset> {
    let root = &site.root;
    if !root.has_folder(UPLOADS) {
        return Vec::new();
    }
    let folder = library.folder.as_deref().and_then(|folder| permalink::of_link(folder, site));
    let folder = folder.unwrap_or_else(|| format!("/{UPLOADS}"));
    let folder = folder.trim_end_matches('/');
    let is_hidden = |path: &str| path.split('/').any(|part| part.starts_with('.'));
    let files = root.files(UPLOADS, |path| !is_hidden(path)).into_iter().filter(|file| !is_hidden(&file.path));
    let mut assets = Vec::new();
    for file in files {
        // a program for the server is no file of the library
        if file.extension() == "php" {
            ledger.add(Code::FileSkipped, Place::file(file.path.clone()), "a program for the server of WordPress");
        } else if admit(&file, ledger) {
            let below = &file.path[UPLOADS.len()..];
            assets.push(Asset { address: format!("{folder}{below}").into(), source: file.path });
        }
    }
    assets
}

/// Says which files of the library do not come along.
fn tell_library(library: &Library, assets: &[Asset], ledger: &mut Ledger) {
    let place = || Place::file(SITE);
    if assets.is_empty() {
        let count = library.addresses.len();
        if count > 0 {
            let message = format!(
                "an export holds no files: what leads to the {count} of the library leads to the old site; --media takes a \
                 copy of {UPLOADS} along"
            );
            ledger.add(Code::MediaMissing, place(), message);
        }
        return;
    }
    let prefix = format!("{UPLOADS}/");
    let there: std::collections::HashSet<&str> =
        assets.iter().filter_map(|asset| asset.source.strip_prefix(&prefix)).collect();
    for below in library.below.iter().filter(|below| !there.contains(below.as_str())) {
        ledger.add(
            Code::MediaMissing,
            place(),
            format!("the library names {below}, which is not in the folder with its files"),
        );
    }
}

fn site(root: &SourceFolder, head: &Head, options: &ReadOptions) -> Site {
    let (host, base_path) = split_url(options.base_url.as_deref().unwrap_or(&head.link));
    let (zone_name, zone) = options.zone.clone().unwrap_or(("UTC".to_owned(), TimeZone::UTC));
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let author =
        |(login, name): (&String, &String)| (login.clone(), Author { name: name.clone(), ..Author::default() });
    Site {
        root: root.clone(),
        title: head.title.clone(),
        subtitle: said(&head.description),
        description: None,
        host,
        base_path,
        zone,
        zone_name,
        zone_known: options.zone.is_some(),
        language: said(&head.language),
        authors: head.authors.iter().map(author).collect(),
        permalink: options.permalink.clone(),
        // WordPress (wp-admin/includes/schema.php, `populate_options`): `posts_per_page`, which no export says
        per_page: Some(10),
        menu: Vec::new(),
        comments: Default::default(),
        formulas: Formulas::Marked,
        config: lists::config(head),
        data: Default::default(),
        includes: Vec::new(),
        markup: MARKUP,
        renderer: options.renderer.clone(),
    }
}

/// Bodies are HTML: nothing of Markdown is read in them.
const MARKUP: MarkupSettings = MarkupSettings {
    hard_breaks: false,
    smart: false,
    gfm: false,
    block_html: false,
    bare_links: false,
    line_numbers: false,
    heading_ids: false,
    id_text: IdText::Shown,
    cased_ids: false,
    math: false,
    blackfriday: None,
    rooted_pictures: false,
    commonmark: None,
};

/// The address of the link; by a pattern, or the slug, where that is a query.
fn address(post: &mut Post, document: &Document, site: &Site, ledger: &mut Ledger) {
    let said = |name: &str| document.fields.get(name).and_then(|field| field.value.to_text()).unwrap_or_default();
    let is_post = post.kind == DocumentKind::Post;
    let given = site.permalink.as_deref().filter(|_| is_post);
    let of_link = permalink::of_link(&said(LINK), site);
    post.address = match (given, of_link) {
        (Some(pattern), _) => permalink::by_pattern(pattern, post, &said(ID), &said("authors")),
        (None, Some(address)) => address,
        (None, None) => {
            if !post.draft && !said(LINK).is_empty() {
                let place = document.fields.get(LINK).map(|field| field.place.clone()).unwrap_or_default();
                let message = format!("the old address {} is a query, which no file answers", said(LINK));
                ledger.add(Code::AddressChanged, place, message);
            }
            decoded(&format!("{}/", post.slug))
        }
    }
    .into();
    // WordPress (wp-includes/query.php, `wp_old_slug_redirect`)
    let old: Vec<String> = match document.fields.get(OLD_SLUGS).map(|field| &field.value) {
        Some(Value::List(slugs)) => slugs.iter().filter_map(Value::to_text).collect(),
        Some(one) => one.to_text().into_iter().collect(),
        None => Vec::new(),
    };
    let own = format!("/{}/", post.slug);
    let Some(above) = post.address.strip_suffix(&*own).map(str::to_owned) else { return };
    for slug in old.iter().map(|slug| text::slug_of(slug)).filter(|slug| !slug.is_empty()) {
        if slug != post.slug {
            post.seldom_mut().aliases.push(format!("{above}/{slug}/").into());
        }
    }
}

fn parse_offset(text: &str) -> Option<Offset> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.get(1..5)?;
    let (hours, minutes): (i32, i32) = (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?);
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

/// The items of a blog.
struct Items {
    head: Head,
    library: Library,
    told: Told,
    /// The folder is there as long as this.
    _unpacked: Option<Unpacked>,
}

impl Documents for Items {
    fn look(&self, site: &Site, file: &SiteFile, ledger: &mut Ledger) -> Found {
        if !admit(file, ledger) {
            return Found::Nothing;
        }
        let Some(item) = parsed(&site.root, &file.path, ledger) else {
            ledger.add(Code::FileSkipped, Place::file(file.path.clone()), "there is no item of an export in it");
            return Found::Nothing;
        };
        let place = Place::at(file.path.clone(), item.line, 0);
        let kind = match item.said("wp:post_type") {
            "" | "post" => DocumentKind::Post,
            "page" => DocumentKind::Page,
            _ if file.path.starts_with("other/") => {
                ledger.add(Code::FileSkipped, place, internal(item.said("wp:post_type")));
                return Found::Nothing;
            }
            // wp-includes/link-template.php (`get_post_permalink`): where the type has no addresses, or none yet
            kind if item.said("wp:status") == "publish" && item.said("link").contains("?post_type=") => {
                let message = format!("an item of the type `{kind}`, which had no page of its own");
                ledger.add(Code::FileSkipped, place, message);
                return Found::Nothing;
            }
            kind => DocumentKind::Item(kind.to_owned()),
        };
        let Items { head, library, told, .. } = self;
        let mut reading = Reading { head, library, told, path: &file.path, ledger };
        reading.document(&item, kind).map_or(Found::Nothing, |document| Found::Document(Box::new(document)))
    }
}

/// What an item is that WordPress keeps for itself.
fn internal(kind: &str) -> String {
    match kind {
        "revision" => "an earlier version of another item".to_owned(),
        "nav_menu_item" => "a link of a menu: menus are not taken over".to_owned(),
        "wp_block" => "a block that texts show where they name it".to_owned(),
        kind => format!("an item of the type `{kind}`, which WordPress or a plugin keeps for itself"),
    }
}

#[cfg(test)]
mod tests;
