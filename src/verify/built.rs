//! A finished site: which addresses it answers, and with what.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use rayon::prelude::*;
use walkdir::WalkDir;

use super::decoded;
use super::loopback::{Asked, Loopback};
use super::marks::Marks;
use super::page::{Head, Kind, head};
use crate::plan::{MANIFEST, OWN};

/// A page that is longer is not read.
const LONGEST: u64 = 16 << 20;

/// So many pages that send on to each other are followed.
const HOPS: usize = 8;

/// A finished site.
pub struct Built {
    place: Place,
    /// The scheme and host that it says it has; empty where it says none.
    host: String,
    /// The path below which its addresses begin: empty, or such as `/blog`.
    base_path: String,
    /// What is at each of its own addresses: decoded, below the base path, a folder's page as that of the folder.
    answers: BTreeMap<String, Found>,
    /// What was asked for beside those.
    asked: Mutex<HashMap<String, Option<String>>>,
}

enum Place {
    Folder(Dir),
    Loopback(Loopback),
}

/// What is at an address.
enum Found {
    Page(Box<Head>),
    /// The host sends readers on.
    Redirect(String),
    Feed,
    /// A page that is too long or nests too deep.
    Unread,
    File,
}

/// Why a site cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// It is no folder.
    #[error("{}: there is no such folder; name the one that holds the finished pages", .0.display())]
    NoFolder(PathBuf),
    /// It cannot be read.
    #[error("{}: the folder cannot be read", path.display())]
    Refused {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// Nothing in it is a page.
    #[error(
        "{0}: there is no page; name the folder that the generator has built (`_site`, `public`), not the one of its sources"
    )]
    NoPages(String),
    /// An address that is not on this machine.
    #[error(
        "{0}: only this machine is asked, as `http://127.0.0.1:4000/`; serve the site here, or name a folder with its pages"
    )]
    NotHere(String),
    /// Nobody answers.
    #[error("{address}: nobody answers there: {why}")]
    Silent {
        /// What was asked for.
        address: String,
        /// What came instead of an answer.
        why: String,
    },
}

impl Built {
    /// Looks at a site: a folder of pages, or an address on this machine. `url` is where it is published, if the pages do
    /// not say so.
    ///
    /// # Errors
    /// Where there is no site.
    pub fn open(named: &str, url: Option<&str>, marks: &Marks) -> Result<Built, SiteError> {
        let is_address = named.starts_with("http://") || named.starts_with("https://");
        let (place, mut answers, base) = match is_address {
            true => {
                let loopback = Loopback::open(named)?;
                let answers = crawled(&loopback, marks)?;
                let base = Some((loopback.host().to_owned(), String::new()));
                (Place::Loopback(loopback), answers, base)
            }
            false => {
                let (dir, answers) = folder(Path::new(named), marks)?;
                (Place::Folder(dir), answers, None)
            }
        };
        if !answers.values().any(|found| matches!(found, Found::Page(_))) {
            return Err(SiteError::NoPages(named.to_owned()));
        }
        only_marked(&mut answers);
        let given = url.map(|url| split(url.trim_end_matches('/')));
        let (host, base_path) = given.or_else(|| published(&answers)).or(base).unwrap_or_default();
        if let Place::Folder(dir) = &place {
            for (from, to) in text(dir, "_redirects").map(|text| redirects(&text, &base_path)).unwrap_or_default() {
                answers.entry(from).or_insert(Found::Redirect(to));
            }
        }
        Ok(Built { place, host, base_path, answers, asked: Mutex::default() })
    }

    /// Leaves all addresses aside but some: what else is there was not there before.
    pub fn keep_only(&mut self, is_old: impl Fn(&str) -> bool) {
        self.answers.retain(|address, found| matches!(found, Found::File) || is_old(address));
    }

    /// The addresses of all pages, feeds and redirects, with what they are.
    pub fn addresses(&self) -> impl Iterator<Item = (&str, At<'_>)> {
        self.answers.iter().filter_map(|(address, found)| {
            let at = match found {
                Found::Page(head) => At::Page(head),
                Found::Redirect(to) => At::Moved(to),
                Found::Feed => At::Feed,
                Found::Unread => At::Unread,
                Found::File => return None,
            };
            Some((address.as_str(), at))
        })
    }

    /// What is known of the page at one of its own addresses.
    pub fn head(&self, address: &str) -> Option<&Head> {
        match self.answers.get(address) {
            Some(Found::Page(head)) => Some(head),
            _ => None,
        }
    }

    /// The page at one of its own addresses.
    pub fn html(&self, address: &str) -> Option<String> {
        match &self.place {
            Place::Folder(dir) => text(dir, &file_of(address)).or_else(|| text(dir, address.trim_start_matches('/'))),
            Place::Loopback(loopback) => match loopback.ask(address) {
                Ok(Asked::Page(html)) => Some(html),
                _ => None,
            },
        }
    }

    /// Its own address that answers another one, whoever sends readers on; `None` where none does.
    pub fn landing(&self, address: &str) -> Option<String> {
        let mut at = self.here(address)?;
        for _ in 0..HOPS {
            let to = match self.answers.get(&at) {
                Some(Found::Page(head)) => head.moved.clone(),
                Some(Found::Redirect(to)) => Some(to.clone()),
                _ => None,
            };
            let Some(to) = to else { return Some(at) };
            // who sends readers to another site answers all the same
            let Some(next) = self.path(&to, &at) else { return Some(at) };
            at = self.here(&next)?;
        }
        None
    }

    /// The address as the site has it: with the slash of a folder, or without the end `.html` that hosts do without.
    fn here(&self, address: &str) -> Option<String> {
        let address = match address.strip_suffix("index.html") {
            Some(folder) if folder.ends_with('/') => folder,
            _ => address,
        };
        if self.answers.contains_key(address) {
            return Some(address.to_owned());
        }
        if !address.ends_with('/') {
            let others = [format!("{address}/"), format!("{address}.html")];
            if let Some(known) = others.into_iter().find(|other| self.answers.contains_key(other)) {
                return Some(known);
            }
        }
        let Place::Loopback(loopback) = &self.place else { return None };
        let known = self.asked.lock().ok().and_then(|asked| asked.get(address).cloned());
        known.unwrap_or_else(|| {
            let found = match loopback.ask(address) {
                Ok(Asked::Page(_) | Asked::File) => Some(address.to_owned()),
                Ok(Asked::Moved(to)) => self.path(&to, address).filter(|to| self.answers.contains_key(to)),
                _ => None,
            };
            if let Ok(mut asked) = self.asked.lock() {
                asked.insert(address.to_owned(), found.clone());
            }
            found
        })
    }

    /// The path below the base path that a link on a page means, decoded, without query and fragment; `None` where it leads
    /// to another site or is no address of the web.
    pub fn path(&self, link: &str, page: &str) -> Option<String> {
        let link = link.trim();
        let end = link.find(['#', '?']).unwrap_or(link.len());
        let link = &link[..end];
        let rooted =
            if let Some(rest) = link.strip_prefix("//").or_else(|| link.split_once("://").map(|(_, rest)| rest)) {
                let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                let own = self.host.split_once("://").map_or("", |(_, host)| host);
                if !host.eq_ignore_ascii_case(own) {
                    return None;
                }
                path
            } else if link.starts_with('/') {
                link
            } else if link.is_empty() {
                return Some(page.to_owned());
            } else if is_scheme(link) {
                return None;
            } else {
                let folder = &page[..page.rfind('/').map_or(0, |at| at + 1)];
                return Some(normal(&format!("{folder}{}", decoded(link))));
            };
        let path = decoded(rooted);
        let below = path.strip_prefix(&self.base_path).filter(|below| below.is_empty() || below.starts_with('/'));
        Some(normal(below.unwrap_or(&path)))
    }
}

/// What is at an address, for who holds sites against each other.
pub enum At<'a> {
    /// A page.
    Page(&'a Head),
    /// Nothing, but the host sends readers on.
    Moved(&'a str),
    /// A feed.
    Feed,
    /// A page that cannot be read.
    Unread,
}

/// `mailto:` and the like.
fn is_scheme(link: &str) -> bool {
    link.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// A path without `.` and `..`.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let is_folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..") || parts.is_empty();
    let slash = if is_folder && !parts.is_empty() { "/" } else { "" };
    format!("/{}{slash}", parts.join("/"))
}

/// The file of an address.
fn file_of(address: &str) -> String {
    let name = address.trim_start_matches('/');
    if name.is_empty() || name.ends_with('/') { format!("{name}index.html") } else { name.to_owned() }
}

/// The address of a file.
fn address_of(file: &str) -> String {
    match file.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
        _ => format!("/{file}"),
    }
}

fn folder(path: &Path, marks: &Marks) -> Result<(Dir, BTreeMap<String, Found>), SiteError> {
    if !path.is_dir() {
        return Err(SiteError::NoFolder(path.to_owned()));
    }
    let refused = |error: io::Error| SiteError::Refused { path: path.to_owned(), error };
    let dir = Dir::open_ambient_dir(path, ambient_authority()).map_err(refused)?;
    let mut files = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(|entry| entry.file_name() != OWN) {
        let entry = entry.map_err(|error| refused(error.into()))?;
        let below = entry.path().strip_prefix(path).ok().and_then(Path::to_str);
        if let Some(below) = below.filter(|below| entry.file_type().is_file() && *below != MANIFEST) {
            files.push(below.replace(std::path::MAIN_SEPARATOR, "/"));
        }
    }
    let found: Vec<(String, Found)> =
        files.par_iter().map(|file| (address_of(file), found(&dir, file, marks))).collect();
    Ok((dir, found.into_iter().collect()))
}

fn found(dir: &Dir, file: &str, marks: &Marks) -> Found {
    let end = file.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
    match end.as_str() {
        "html" | "htm" => {
            let head = text(dir, file).and_then(|html| head(&html, &address_of(file), marks));
            head.map_or(Found::Unread, |head| Found::Page(Box::new(head)))
        }
        "xml" | "json" | "atom" | "rss" if text(dir, file).is_some_and(|text| is_feed(&text)) => Found::Feed,
        _ => Found::File,
    }
}

/// Atom, RSS and JSON Feed by what they begin with.
fn is_feed(text: &str) -> bool {
    let end = text.char_indices().nth(1000).map_or(text.len(), |(at, _)| at);
    let start = &text[..end];
    ["<feed", "<rss", "<rdf:RDF", "jsonfeed.org/version"].iter().any(|mark| start.contains(mark))
}

fn text(dir: &Dir, file: &str) -> Option<String> {
    let meta = dir.metadata(file).ok()?;
    if !meta.is_file() || meta.len() > LONGEST {
        return None;
    }
    let bytes = dir.read(file).ok()?;
    Some(String::from_utf8(bytes).unwrap_or_else(|wrong| String::from_utf8_lossy(wrong.as_bytes()).into_owned()))
}

/// The rules of a `_redirects` file (Netlify, Cloudflare Pages) that name one address, from the root of the host.
fn redirects(text: &str, base_path: &str) -> Vec<(String, String)> {
    let rule = |line: &str| {
        let mut parts = line.split_whitespace();
        let (from, to) = (parts.next()?, parts.next()?);
        let from = decoded(from);
        let below = from.strip_prefix(base_path).filter(|below| below.starts_with('/'))?;
        (!below.contains(['*', ':'])).then(|| (normal(below), to.to_owned()))
    };
    text.lines().filter_map(rule).collect()
}

/// All that can be reached from the first page and the map of the site.
fn crawled(loopback: &Loopback, marks: &Marks) -> Result<BTreeMap<String, Found>, SiteError> {
    let mut answers = BTreeMap::new();
    let start = loopback.ask("/").map_err(|why| SiteError::Silent { address: loopback.host().to_owned(), why })?;
    drop(start);
    let mut next: Vec<String> = vec!["/".to_owned()];
    next.extend(loopback.listed());
    let mut known: std::collections::HashSet<String> = next.iter().cloned().collect();
    while !next.is_empty() {
        let asked: Vec<(String, Option<Found>, Vec<String>)> = next
            .par_iter()
            .map(|address| match loopback.ask(address) {
                Ok(Asked::Page(html)) => {
                    let links = loopback.links(&html, address);
                    let found = head(&html, address, marks).map_or(Found::Unread, |head| Found::Page(Box::new(head)));
                    (address.clone(), Some(found), links)
                }
                Ok(Asked::Feed) => (address.clone(), Some(Found::Feed), Vec::new()),
                Ok(Asked::File) => (address.clone(), Some(Found::File), Vec::new()),
                Ok(Asked::Moved(to)) => {
                    let links = loopback.own(&to, address).into_iter().collect();
                    (address.clone(), Some(Found::Redirect(to)), links)
                }
                Ok(Asked::Nothing) | Err(_) => (address.clone(), None, Vec::new()),
            })
            .collect();
        next = Vec::new();
        for (address, found, links) in asked {
            if let Some(found) = found {
                answers.insert(address, found);
            }
            next.extend(links.into_iter().filter(|link| known.insert(link.clone())));
        }
        next.sort();
    }
    Ok(answers)
}

/// A site that marks the text of some pages marks it on all that have one: the others are lists.
fn only_marked(answers: &mut BTreeMap<String, Found>) {
    let heads = |found: &Found| matches!(found, Found::Page(head) if head.marked && head.kind == Kind::Document);
    if !answers.values().any(heads) {
        return;
    }
    for found in answers.values_mut() {
        if let Found::Page(head) = found
            && head.kind == Kind::Document
            && !head.marked
        {
            head.kind = Kind::List;
        }
    }
}

/// Scheme and host, and the path behind them.
fn split(url: &str) -> (String, String) {
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            (format!("{scheme}://{host}"), decoded(path.trim_end_matches('/')))
        }
        None => (String::new(), decoded(url)),
    }
}

/// Where a site says that it is published: what most of its pages' whole addresses have before their own path.
fn published(answers: &BTreeMap<String, Found>) -> Option<(String, String)> {
    let mut votes: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (address, found) in answers {
        let Found::Page(head) = found else { continue };
        let Some(canonical) = head.canonical.as_deref().filter(|url| url.contains("://")) else { continue };
        let (host, path) = split(canonical);
        let path = normal(&path);
        let own = address.trim_end_matches('/').trim_end_matches("index.html").trim_end_matches(".html");
        if let Some(base) = path.trim_end_matches('/').trim_end_matches(".html").strip_suffix(own) {
            *votes.entry((host, base.trim_end_matches('/').to_owned())).or_default() += 1;
        }
    }
    votes.into_iter().max_by_key(|(_, count)| *count).map(|(base, _)| base)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> Built {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("created");
            std::fs::write(path, text).expect("written");
        }
        let marks = Marks::with_content(&[]).expect("marks");
        Built::open(folder.path().to_str().expect("UTF-8"), None, &marks).expect("a site")
    }

    #[test]
    fn addresses_are_answered_as_hosts_answer_them() {
        let site = site(&[
            ("a/index.html", "<article>x</article>"),
            ("b.html", "<article>x</article>"),
            ("old.html", "<meta http-equiv=refresh content='0; url=/blog/a/'>"),
            ("loop.html", "<meta http-equiv=refresh content='0; url=/blog/loop.html'>"),
            ("index.html", "<link rel=canonical href='https://a.example/blog/'><article>x</article>"),
            ("pic.png", ""),
            ("_redirects", "/blog/moved/ /blog/b.html 301\n/*  /x\n"),
        ]);
        for (asked, expected) in [
            ("/a/", Some("/a/")),
            ("/a", Some("/a/")),
            ("/a/index.html", Some("/a/")),
            ("/b", Some("/b.html")),
            ("/old.html", Some("/a/")),
            ("/moved/", Some("/b.html")),
            ("/loop.html", None),
            ("/pic.png", Some("/pic.png")),
            ("/none", None),
        ] {
            assert_eq!(site.landing(asked).as_deref(), expected, "{asked}");
        }
        for (link, expected) in [
            ("/blog/a/?x#y", Some("/a/")),
            ("https://a.example/blog/a/", Some("/a/")),
            ("https://b.example/blog/a/", None),
            ("../c", Some("/c")),
            ("mailto:x@y", None),
            ("#x", Some("/a/b.html")),
            ("/%E8%8C%B6/", Some("/茶/")),
        ] {
            assert_eq!(site.path(link, "/a/b.html").as_deref(), expected, "{link}");
        }
    }
}
