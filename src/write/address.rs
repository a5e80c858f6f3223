//! The addresses of all documents: safe, and no two alike.

use std::collections::HashSet;

use super::paths::safe_address;
use crate::ledger::{Code, Ledger};
use crate::model::{Place, Post};

/// The address of a document in the new site, and the other addresses that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// Leading slash, decoded.
    pub address: String,
    /// In the same form; none is the address of a document.
    pub aliases: Vec<String>,
}

/// Settles the addresses of all documents. Of two at one address the first keeps it, and the other one gets a number;
/// published documents come before drafts.
pub fn settle(posts: &[Post], ledger: &mut Ledger) -> Vec<Addressed> {
    let mut order: Vec<usize> = (0..posts.len()).collect();
    order.sort_by_key(|&at| posts[at].draft);
    let mut taken: HashSet<String> = HashSet::new();
    let mut settled: Vec<Addressed> = vec![Addressed { address: String::new(), aliases: Vec::new() }; posts.len()];
    for &at in &order {
        let post = &posts[at];
        let (safe, changed) = safe_address(&post.address);
        if changed {
            let message = format!(
                "the address {:?} would leave the site or break it; it is now {safe}",
                shortened(&post.address)
            );
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
        settled[at].address = address;
    }
    for &at in &order {
        for alias in &posts[at].aliases {
            if alias.contains("://") {
                continue;
            }
            let (alias, _) = safe_address(&format!("/{}", alias.trim_start_matches('/')));
            // an alias never takes a document's place
            if taken.insert(key(&alias)) {
                settled[at].aliases.push(alias);
            }
        }
    }
    settled
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

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}
