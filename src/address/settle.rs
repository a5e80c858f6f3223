//! The addresses that documents ask for: safe, and no two alike.

use std::collections::HashSet;

use super::files::{Files, Numbers};
use super::name::Name;
use super::{Served, shared};
use crate::ledger::{Code, Ledger};
use crate::model::{Place, Post, Site};

/// The longest name of a file that every file system takes, in bytes, with room for an extension and a number.
pub const LONGEST_NAME: usize = 200;

/// The file that is served at an address, as a path below what is published.
type FileOf = fn(&str) -> String;

/// How a target serves addresses.
#[derive(Debug, Clone, Copy)]
pub struct Serving {
    /// The file of a document.
    pub page: FileOf,
    /// The file of a page that sends its readers on.
    pub redirect: FileOf,
    /// Files at which no document can be.
    pub reserved: &'static [&'static str],
    /// Files that the target makes, so that no document can be below them.
    pub made: &'static [&'static str],
    /// What becomes of an address at which the target can have no page; `None` where it can.
    pub servable: fn(&str) -> Option<String>,
}

/// Settles the addresses of all documents. Of two at one address the first keeps it, and the other one gets a number;
/// whatever is published comes before drafts.
pub fn settle(posts: &mut [Post], site: &Site, serving: Serving, ledger: &mut Ledger) -> Vec<Served> {
    for post in &mut *posts {
        if (serving.servable)(&post.address).is_some() {
            let old = post.address.clone();
            post.seldom_mut().aliases.push(old);
        }
        below_the_site(post, site, ledger);
    }
    let mut taken = Taken::new(serving);
    let mut settled: Vec<Served> = vec![Served::default(); posts.len()];
    for draft in [false, true] {
        let documents: Vec<usize> = (0..posts.len()).filter(|&at| posts[at].draft == draft).collect();
        for &at in &documents {
            let address = settle_one(&posts[at], &mut taken, ledger);
            settled[at].address = shared(address, &posts[at].address);
        }
        for &at in &documents {
            for alias in &posts[at].seldom().aliases {
                // an alias never takes a document's place
                if taken.take(alias, serving.redirect) {
                    settled[at].aliases.push(alias.clone());
                }
            }
        }
    }
    settled
}

/// The addresses that documents have already.
struct Taken {
    serving: Serving,
    addresses: HashSet<Name>,
    files: Files,
    numbers: Numbers,
}

impl Taken {
    fn new(serving: Serving) -> Self {
        let mut files = Files::default();
        serving.reserved.iter().for_each(|file| _ = files.take(file));
        serving.made.iter().for_each(|file| files.stand_in_the_way(file));
        Taken { serving, addresses: HashSet::new(), files, numbers: Numbers::default() }
    }

    /// Takes an address that is served from a file; whether it was free.
    fn take(&mut self, address: &str, file_of: FileOf) -> bool {
        let file = file_of(address);
        self.files.is_free(&file) && self.addresses.insert(Name::of(&key(address))) && self.files.take(&file)
    }

    /// Takes an address for a document, or the next one like it that is free.
    fn page(&mut self, asked: &str) -> String {
        if self.take(asked, self.serving.page) {
            return asked.to_owned();
        }
        let mut numbers = std::mem::take(&mut self.numbers);
        let address = numbers.first_free(asked, |address| self.take(address, self.serving.page));
        self.numbers = numbers;
        address
    }
}

/// Old addresses of a document as addresses below the base path. One on another host is not the blog's to answer.
fn below_the_site(post: &mut Post, site: &Site, ledger: &mut Ledger) {
    let root = format!("{}{}", site.host, site.base_path);
    if post.seldom().aliases.is_empty() {
        return;
    }
    let asked = std::mem::take(&mut post.seldom_mut().aliases);
    let mut aliases = Vec::with_capacity(asked.len());
    for alias in asked {
        let below = if site.host.is_empty() { &*alias } else { alias.strip_prefix(&root).unwrap_or(&alias) };
        if below.contains("://") {
            let message = format!("the old address {} is on another host, which must redirect it", shortened(&alias));
            ledger.add(Code::AddressChanged, Place::top(post.source.clone()), message);
        } else {
            let safe = safe_address(&format!("/{}", below.trim_start_matches('/'))).0;
            if key(&safe) == "/" {
                let message =
                    format!("the old address `{}` is the site's first page, which stays so", shortened(&alias));
                ledger.add(Code::AddressChanged, Place::top(post.source.clone()), message);
            } else {
                aliases.push(shared(safe, &alias));
            }
        }
    }
    post.seldom_mut().aliases = aliases;
}

fn settle_one(post: &Post, taken: &mut Taken, ledger: &mut Ledger) -> String {
    let (safe, changed) = safe_address(&post.address);
    if changed {
        let message =
            format!("the address `{}` would leave the site or break it; it is now {safe}", shortened(&post.address));
        ledger.add(Code::AddressChanged, Place::top(post.source.clone()), message);
    }
    let servable = (taken.serving.servable)(&safe);
    if let Some(servable) = &servable {
        let message =
            format!("the target can have no page at {safe}; it is now at {servable}, where its readers are sent");
        ledger.add(Code::AddressChanged, Place::top(post.source.clone()), message);
    }
    let safe = servable.unwrap_or(safe);
    let asked = format!("/{}", taken.files.beside(&safe[1..]));
    if asked != safe {
        let message =
            format!("there is, or will be, a file where {safe} needs a folder; this document is now at {asked}");
        ledger.add(Code::PathConflict, Place::top(post.source.clone()), message);
    }
    let address = taken.page(&asked);
    if address != asked {
        let message = match taken.serving.reserved.contains(&(taken.serving.page)(&asked).as_str()) {
            true => format!("{asked} is a file of postferry's own; this document is now at {address}"),
            false => format!("another document has the address {asked}; this one is now at {address}"),
        };
        ledger.add(Code::PathConflict, Place::top(post.source.clone()), message);
    }
    address
}

/// What two addresses must not share: the file they are served from.
fn key(address: &str) -> String {
    let address = address.strip_suffix("index.html").unwrap_or(address);
    let last = address.rsplit('/').next().unwrap_or("");
    let bare = if last.contains('.') { address.to_owned() } else { format!("{}/", address.trim_end_matches('/')) };
    bare.to_lowercase()
}

/// The beginning of an address for a message of one line: control characters as `\u{7}`.
fn shortened(text: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().take(80).map(shown).collect()
}

/// An address that stays below the site: no `..`, no control characters, no part longer than a file system takes;
/// and whether it had to be changed to be one.
fn safe_address(address: &str) -> (String, bool) {
    let directory = address.ends_with('/');
    let parts: Vec<String> = address
        .split('/')
        .filter(|part| !part.is_empty() && *part != "." && *part != "..")
        .map(|part| {
            let mut part: String = part.chars().filter(|c| !c.is_control() && *c != '\\').collect();
            while part.len() > LONGEST_NAME {
                part.pop();
            }
            part
        })
        .filter(|part| !part.is_empty())
        .take(40)
        .collect();
    let joined = parts.join("/");
    let safe = match (joined.is_empty(), directory) {
        (true, _) => "/".to_owned(),
        (false, true) => format!("/{joined}/"),
        (false, false) => format!("/{joined}"),
    };
    let changed = safe != address;
    (safe, changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Reader;

    #[test]
    fn addresses_stay_below_the_site() {
        assert_eq!(safe_address("/a/../../b/"), ("/a/b/".to_owned(), true));
        assert_eq!(safe_address("/a/b.html"), ("/a/b.html".to_owned(), false));
        assert_eq!(safe_address("/"), ("/".to_owned(), false));
        assert!(safe_address(&format!("/{}/", "x".repeat(5000))).0.len() < 300);
        assert_eq!(safe_address("/a\0b"), ("/ab".to_owned(), true));
    }

    fn settled(documents: &[(&str, &[&str])]) -> (Vec<Served>, Vec<String>) {
        let serving = Serving {
            page: |address| format!("{}/index.html", address.trim_matches('/')).trim_start_matches('/').to_owned(),
            redirect: |alias| alias.trim_matches('/').to_owned(),
            reserved: &["own.json/index.html"],
            made: &["404.html"],
            servable: |address| address.contains('%').then(|| address.replace('%', "-")),
        };
        let document = |(address, aliases): &(&str, &[&str])| {
            let mut post = crate::address::bundles::tests::post(address);
            post.address = (*address).into();
            post.seldom_mut().aliases = aliases.iter().map(|alias| (*alias).into()).collect();
            post
        };
        let mut posts: Vec<Post> = documents.iter().map(document).collect();
        let mut ledger = Ledger::default();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("_config.yml"), "title: T\n").unwrap();
        let site = crate::read::jekyll::Jekyll
            .open(&crate::source::SourceFolder::open(folder.path()).unwrap(), &Default::default(), &mut ledger)
            .unwrap()
            .site;
        let mut ledger = Ledger::default();
        let settled = settle(&mut posts, &site, serving, &mut ledger);
        (settled, ledger.entries().iter().map(|entry| entry.message.to_string()).collect())
    }

    #[test]
    fn no_alias_takes_the_first_page() {
        let (settled, entries) = settled(&[("/a/", &["/", "..", ".", "///", "", "/index.html", "/b"])]);
        assert_eq!(settled[0].aliases, ["/b".into()]);
        assert_eq!(entries.len(), 6, "{entries:?}");
        assert_eq!(entries[1], "the old address `..` is the site's first page, which stays so");
    }

    #[test]
    fn every_document_gets_a_place_and_an_entry_says_where() {
        let asked = ["/x/", "/x/", "/x/index.html/y/", "/own.json", "/"];
        let documents: Vec<(&str, &[&str])> = asked.iter().map(|address| (*address, &[][..])).collect();
        let (settled, entries) = settled(&documents);
        let addresses: Vec<&str> = settled.iter().map(|served| &*served.address).collect();
        assert_eq!(addresses, ["/x/", "/x-2/", "/x/index-2.html/y/", "/own-2.json", "/"]);
        assert_eq!(entries.len(), 3, "{entries:?}");
    }
}
