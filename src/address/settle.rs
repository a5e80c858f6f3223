//! The addresses that documents ask for: safe, and no two alike.

use std::collections::HashSet;

use super::Served;
use crate::ledger::{Code, Ledger};
use crate::model::{Place, Post, Site};

/// The longest name of a file that every file system takes, in bytes, with room for an extension and a number.
pub const LONGEST_NAME: usize = 200;

/// Settles the addresses of all documents. Of two at one address the first keeps it, and the other one gets a number;
/// whatever is published comes before drafts.
pub fn settle(posts: &mut [Post], site: &Site, ledger: &mut Ledger) -> Vec<Served> {
    posts.iter_mut().for_each(|post| below_the_site(post, site, ledger));
    let mut taken: HashSet<String> = HashSet::new();
    let mut settled: Vec<Served> = vec![Served::default(); posts.len()];
    for draft in [false, true] {
        let documents: Vec<usize> = (0..posts.len()).filter(|&at| posts[at].draft == draft).collect();
        for &at in &documents {
            settled[at].address = settle_one(&posts[at], &mut taken, ledger);
        }
        for &at in &documents {
            for alias in &posts[at].aliases {
                // an alias never takes a document's place
                if taken.insert(key(alias)) {
                    settled[at].aliases.push(alias.clone());
                }
            }
        }
    }
    settled
}

/// Old addresses of a document as addresses below the base path. One on another host is not the blog's to answer.
fn below_the_site(post: &mut Post, site: &Site, ledger: &mut Ledger) {
    let root = format!("{}{}", site.host, site.base_path);
    let mut aliases = Vec::with_capacity(post.aliases.len());
    for alias in std::mem::take(&mut post.aliases) {
        let below = if site.host.is_empty() { &alias } else { alias.strip_prefix(&root).unwrap_or(&alias) };
        if below.contains("://") {
            let message = format!("the old address {} is on another host, which must redirect it", shortened(&alias));
            ledger.add(Code::AddressChanged, Place::file(&post.source), message);
        } else {
            aliases.push(safe_address(&format!("/{}", below.trim_start_matches('/'))).0);
        }
    }
    post.aliases = aliases;
}

fn settle_one(post: &Post, taken: &mut HashSet<String>, ledger: &mut Ledger) -> String {
    let (safe, changed) = safe_address(&post.address);
    if changed {
        let message =
            format!("the address `{}` would leave the site or break it; it is now {safe}", shortened(&post.address));
        ledger.add(Code::AddressChanged, Place::file(&post.source), message);
    }
    let mut address = safe.clone();
    let mut number = 1;
    while !taken.insert(key(&address)) {
        number += 1;
        address = numbered(&safe, number);
    }
    if number > 1 {
        let message = format!("another document has the address {safe}; this one is now at {address}");
        ledger.add(Code::PathConflict, Place::file(&post.source), message);
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

fn numbered(address: &str, number: usize) -> String {
    if let Some(folder) = address.strip_suffix('/') {
        return format!("{folder}-{number}/");
    }
    match address.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => format!("{stem}-{number}.{extension}"),
        _ => format!("{address}-{number}"),
    }
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

    #[test]
    fn addresses_stay_below_the_site() {
        assert_eq!(safe_address("/a/../../b/"), ("/a/b/".to_owned(), true));
        assert_eq!(safe_address("/a/b.html"), ("/a/b.html".to_owned(), false));
        assert_eq!(safe_address("/"), ("/".to_owned(), false));
        assert!(safe_address(&format!("/{}/", "x".repeat(5000))).0.len() < 300);
        assert_eq!(safe_address("/a\0b"), ("/ab".to_owned(), true));
    }
}
