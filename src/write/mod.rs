//! Writers: each knows the model and its target, and nothing of any source.
//!
//! A writer returns files; [`crate::plan`] is the one place that touches the disk.
//! A new target is one module and one row in [`WRITERS`].

pub mod html;
pub mod hugo;
mod look;
mod paths;
mod preset;
mod redirect;
mod toml;
pub mod zola;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::address::{Bundles, Placed, Served, ServedList, Serving};
use crate::escape::escape_attribute;
use crate::fingerprint::Fingerprint;
use crate::ledger::{Code, Ledger};
use crate::mapping::TargetMapping;
use crate::model::{Asset, Details, DocumentKind, List, Place, Post, Shows, Site, Target, Teaser, Written};
use crate::plan::{Content, File, Unmade};
use paths::{Claim, Paths, is_portable};
pub use preset::Preset;

/// Every writer.
pub const WRITERS: &[&dyn Writer] = &[&hugo::Hugo, &zola::Zola, &html::Html];

/// Whether the target gets templates of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// The small starter theme, so that the blog shows at once.
    #[default]
    Starter,
    /// None: the author has one.
    None,
    /// None, but the blog is shaped for one that somebody else keeps.
    Preset(&'static Preset),
}

impl Theme {
    /// The theme of somebody else's that the blog is shaped for.
    pub fn preset(self) -> Option<&'static Preset> {
        match self {
            Theme::Preset(preset) => Some(preset),
            Theme::Starter | Theme::None => None,
        }
    }

    /// The command that shows a site, in its folder, once its theme is there.
    fn shown_by(self, out: &str, command: &str) -> String {
        let first = self.preset().map(|preset| format!("{} && ", preset.install)).unwrap_or_default();
        format!("cd {out} && {first}{command}")
    }
}

/// A blog ready to be written: fields mapped, addresses known. Bodies come one by one, when they are asked for.
#[derive(Debug)]
pub struct Blog {
    /// The site.
    pub site: Arc<Site>,
    /// All posts, pages and collection items with their places, in the order of their source paths.
    pub placed: Arc<[Placed]>,
    /// The lists and feeds of the old site.
    pub lists: Arc<[ServedList]>,
    /// All other files.
    pub assets: Arc<[Asset]>,
    /// Those of them that lie beside their documents.
    pub bundles: Arc<Bundles>,
    /// Which theme to write.
    pub theme: Theme,
    /// The user's own templates of plain HTML.
    pub templates: html::Templates,
    /// Whether links of the pages lead from file to file, where the target's pages are finished ones.
    pub relative: bool,
    /// Whether readers of the pages can search them, where the target's pages are finished ones.
    pub search: bool,
    /// What model fields are called in the target's front matter.
    pub mapping: TargetMapping,
}

impl Blog {
    /// The documents.
    fn posts(&self) -> impl Iterator<Item = &Post> {
        self.placed.iter().map(|placed| &*placed.post)
    }
}

/// Makes the pages of a new site, each when it is asked for.
pub trait Pages: Send + Sync {
    /// The file of a document, by its place among all of them, what else is known of it, what is written of its body, and
    /// what [`Pages::teaser`] gave of it.
    ///
    /// # Errors
    /// Where a template fails.
    fn document(&self, at: usize, document: Finished<'_>, others: &dyn Others) -> Rendered;

    /// What lists show of a document beside its title; `None` where they show no more.
    fn teaser(&self, details: &Details, written: &Written) -> Option<Teaser> {
        let _ = (details, written);
        None
    }

    /// What the page of a document shows beside that and the settings of the site, or all that a page of many documents
    /// shows beside their bodies: a fingerprint that changes whenever any of it does.
    fn surroundings(&self, number: usize) -> Fingerprint {
        let _ = number;
        Fingerprint::default()
    }

    /// A page that shows many documents, by the number that the writer gave it behind those of all documents.
    ///
    /// # Errors
    /// Where a template fails.
    fn page(&self, number: usize, others: &dyn Others) -> Rendered {
        let _ = (number, others);
        Ok(String::new())
    }
}

/// A document that has been carried over.
#[derive(Clone, Copy)]
pub struct Finished<'a> {
    /// What only it needs of its front matter.
    pub details: &'a Details,
    /// What is written of its body.
    pub written: &'a Written,
    /// What lists show of it.
    pub teaser: Option<&'a Teaser>,
}

/// What pages show of documents that are not their own.
pub trait Others {
    /// All of a document, by its place.
    fn body(&self, at: usize) -> (Details, Written);

    /// What [`Pages::teaser`] gave of it.
    fn teaser(&self, at: usize) -> Option<&Teaser>;
}

/// What a template says that cannot make a page. Of templates that include each other the innermost has the mistake.
fn unmade(error: &minijinja::Error) -> Unmade {
    let mut error = error;
    while let Some(inner) = std::error::Error::source(error).and_then(|inner| inner.downcast_ref()) {
        error = inner;
    }
    let place = match (error.name(), error.line()) {
        (Some(name), Some(line)) => format!("the template {name}, line {line}: "),
        _ => String::new(),
    };
    Unmade(format!("{place}{}", error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)))
}

/// A page, or why there is none.
pub type Rendered = Result<String, Unmade>;

/// A new site as its writer plans it.
pub struct Planned {
    /// Every file. Paths are unique.
    pub files: Vec<File>,
    /// What makes the contents that are made when they are asked for.
    pub pages: Box<dyn Pages>,
}

/// How many posts a feed holds.
const FEED_LENGTH: usize = 20;

/// What a writer must know to say where its target shows what a list showed.
#[derive(Debug)]
pub struct Listing<'a> {
    /// The site.
    pub site: &'a Site,
    /// All documents.
    pub posts: &'a [Post],
    /// Where each of them is served, as soon as that is known.
    pub served: &'a [Served],
    /// The lists and feeds of the old site.
    pub lists: &'a [List],
    /// Which theme will be written.
    pub theme: Theme,
}

impl<'a> Listing<'a> {
    /// Every collection that has a published document.
    fn collections(&self) -> BTreeSet<&str> {
        let collection = |post: &'a Post| match &post.kind {
            DocumentKind::Item(name) if !post.draft => Some(name.as_str()),
            _ => None,
        };
        self.posts.iter().filter_map(collection).collect()
    }

    /// The published posts.
    fn published(&self) -> impl Iterator<Item = &'a Post> {
        self.posts.iter().filter(|post| !post.draft && post.kind == DocumentKind::Post)
    }

    /// The feed of the whole blog that the target can serve where it was.
    fn main_feed(&self, servable: impl Fn(&str) -> bool) -> Option<&str> {
        let main = |list: &&List| matches!(list.shows, Shows::Feed(_)) && servable(&list.address);
        self.lists.iter().find(main).map(|list| list.address.as_str())
    }
}

/// A target.
pub trait Writer: Sync {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// What bodies are translated for.
    fn target(&self) -> Target;

    /// From which files the target serves addresses.
    fn serving(&self) -> Serving;

    /// The lists that the target makes by itself, and where.
    fn own_lists(&self, listing: &Listing<'_>) -> Vec<(String, Shows)>;

    /// Where the target serves the documents that ask for these addresses, in the same order.
    fn serve(&self, listing: &Listing<'_>, settled: Vec<Served>, ledger: &mut Ledger) -> Vec<Served> {
        let _ = (listing, ledger);
        settled
    }

    /// The file of each document below the output folder, in the same order; no two are alike.
    fn content_paths(&self, posts: &[Post], served: &[Served]) -> Vec<Arc<str>>;

    /// Where the target serves the files of a bundle whose document is served at an address, with a slash at the end;
    /// `None` where it has no bundles.
    fn bundle_folder(&self, address: &str) -> Option<String> {
        let _ = address;
        None
    }

    /// Where the target shows what each list of the old site showed, below the base path; `None` where nowhere.
    fn list_addresses(&self, listing: &Listing<'_>) -> Vec<Option<String>>;

    /// Every file of the new site; conflicts are entries in the ledger.
    fn plan(&self, blog: Arc<Blog>, ledger: &mut Ledger) -> Planned;

    /// The folder whose files the target publishes as they are; empty for all of them.
    fn published_folder(&self) -> &'static str;

    /// Whether the target publishes what symbolic links in that folder lead to.
    fn follows_links(&self) -> bool {
        true
    }

    /// What to run next, for the summary.
    fn next_step(&self, out: &str, theme: Theme) -> String;
}

/// A tag such as `en` or `zh-CN`.
fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    parts.next().is_some_and(|first| (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The files of all documents, each made when it is asked for.
fn documents(blog: &Blog) -> impl Iterator<Item = File> {
    blog.placed.iter().enumerate().map(|(at, placed)| File {
        path: placed.path.clone(),
        content: Content::Made(at),
        source: Some(placed.post.source.clone()),
    })
}

/// The source's other files where they keep their addresses, below `folder`; `free` says whether the target serves
/// nothing else there.
fn assets(blog: &Blog, folder: &str, paths: &mut Paths, free: impl Fn(&str) -> bool, ledger: &mut Ledger) -> Vec<File> {
    let mut files = Vec::with_capacity(blog.assets.len());
    for (at, asset) in blog.assets.iter().enumerate() {
        if let Some(bundled) = blog.bundles.of_file(at) {
            let folder = blog.placed[bundled.document].path.trim_end_matches("index.md");
            let content = Content::Copy(blog.site.root.path_of(&asset.source));
            files.push(File {
                path: format!("{folder}{}", bundled.name).into(),
                content,
                source: Some(asset.source.clone()),
            });
            continue;
        }
        let path = format!("{folder}{}", asset.address).trim_start_matches('/').to_owned();
        let place = Place::file(asset.source.clone());
        let claim = match is_writable(&asset.address) {
            true if free(&asset.address) => paths.claim_asset(&path),
            true => Claim::Taken,
            false => {
                ledger.add(Code::FileFailed, place, "its name cannot be written");
                continue;
            }
        };
        if claim == Claim::Taken {
            ledger.add(Code::PathConflict, place, format!("another file is served at {}", asset.address));
            continue;
        }
        if claim == Claim::CaseOnly {
            let message = "another name differs in letter case alone: where that does not count, only one can be there";
            ledger.add(Code::NameUnportable, place, message);
        } else if !is_portable(&path) {
            ledger.add(Code::NameUnportable, place, "Windows takes no such name");
        }
        let content = Content::Copy(blog.site.root.path_of(&asset.source));
        files.push(File { path: path.into(), content, source: Some(asset.source.clone()) });
    }
    files
}

/// Pages at the old addresses of lists that moved, each of which sends its readers on, below `folder`.
fn redirects(blog: &Blog, folder: &str, paths: &mut Paths, free: impl Fn(&str) -> bool) -> Vec<File> {
    let mut files = Vec::new();
    for served in &*blog.lists {
        let Some((old, new)) = served.redirect() else { continue };
        let path = format!("{folder}/{}", redirect::file_of(old)).trim_start_matches('/').to_owned();
        // the old site had both of two that differ in letter case alone
        if free(old) && is_writable(&path) && paths.claim_asset(&path) != Claim::Taken {
            let page = redirect::page(&blog.site, new);
            files.push(File { path: path.into(), content: Content::Bytes(page.into_bytes()), source: None });
        }
    }
    files
}

/// Escapes what HTML needs escaped and no more: the slashes of an address stay slashes.
pub(crate) fn escape(
    out: &mut minijinja::Output<'_>,
    _: &mut minijinja::State<'_, '_>,
    value: &minijinja::Value,
) -> Result<(), minijinja::Error> {
    let mut text = String::new();
    match value.as_str() {
        _ if value.is_undefined() || value.is_none() => {}
        Some(plain) if value.is_safe() => text.push_str(plain),
        Some(plain) => escape_attribute(plain, &mut text),
        None => escape_attribute(&value.to_string(), &mut text),
    }
    Ok(out.write_str(&text)?)
}

/// Files that are part of the program: a starter theme.
fn theme(files: &[(&str, &str)]) -> Vec<File> {
    let file = |(path, text): &(&str, &str)| File {
        path: (*path).into(),
        content: Content::Bytes(text.as_bytes().to_vec()),
        source: None,
    };
    files.iter().map(file).collect()
}

/// An asset's address that names a file below the output folder.
fn is_writable(address: &str) -> bool {
    !address.contains(['\0', '\\']) && address.split('/').all(|part| part != "..") && !address.ends_with('/')
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_page_of_a_starter_asks_for_all_posts() {
        let pages = [
            include_str!("../../templates/hugo/baseof.html"),
            include_str!("../../templates/hugo/page.html"),
            include_str!("../../templates/zola/base.html"),
            include_str!("../../templates/zola/entry.html"),
            include_str!("../../templates/zola/page.html"),
        ];
        let comment = regex::Regex::new(r"(?s)\{#.*?#\}").unwrap();
        for template in pages {
            let template = comment.replace_all(template, "").into_owned();
            for all in ["get_taxonomy(", "get_section(", "RegularPages", "site.Pages", ".Site.Pages"] {
                assert!(!template.contains(all), "{all} in {template}");
            }
        }
        // the first page is rendered once for each of its pages
        let home = include_str!("../../templates/hugo/home.html");
        let (main, partial) = home.split_once("{{ define \"_partials/").unwrap();
        assert!(!main.contains("RegularPages") && partial.contains("RegularPages"));
    }
}
