//! The built site as a visitor finds it: every old address, and every link, image and part of a page, followed.

use std::collections::BTreeSet;
use std::path::Path;

use html5gum::{Token, Tokenizer};
use postferry::address::Answer;
use postferry::convert::Outcome;
use postferry::ledger::Code;
use walkdir::WalkDir;

use crate::builds::page;

/// Follows everything in the built site of a blog. What may be dead is what the ledger says was dead before.
pub fn follow(outcome: &Outcome, site: &Path, label: &str) {
    let mut dead = BTreeSet::new();
    for row in outcome.book.rows() {
        let promised = matches!(row.answer, Answer::Same | Answer::Alias);
        if promised && page(site, &row.old).is_none() {
            dead.insert(format!("{} ({:?} at {:?})", row.old, row.answer, row.new));
        }
    }
    assert!(dead.is_empty(), "old addresses that do not answer, {label}: {dead:#?}");
    let pages =
        WalkDir::new(site).into_iter().flatten().filter(|entry| entry.file_type().is_file()).filter(|entry| {
            entry.path().extension().is_some_and(|extension| extension == "html" || extension == "xml")
        });
    for entry in pages {
        let below = entry.path().strip_prefix(site).expect("below").to_string_lossy().into_owned();
        let own = format!("/{}", below.strip_suffix("index.html").unwrap_or(&below));
        let text = std::fs::read_to_string(entry.path()).expect("a page");
        for link in links(&text) {
            let link = without_host(outcome, &link);
            if !lands(outcome, site, &own, &link) {
                dead.insert(link);
            }
        }
    }
    let known: BTreeSet<String> = outcome
        .ledger
        .entries()
        .iter()
        .filter(|entry| matches!(entry.code, Code::LinkDeadBefore | Code::LinkUnknown))
        .filter_map(|entry| entry.quote.as_deref().map(|typed| without_host(outcome, typed)))
        .collect();
    let new: Vec<_> = dead.difference(&known).collect();
    assert!(new.is_empty(), "links that lead nowhere, {label}: {new:#?}");
    // the summary counts a link once for each page that it stands on
    assert!(outcome.counts.links.dead_now >= dead.len(), "the summary says fewer, {label}: {dead:#?}");
}

/// Targets write out the host where they please.
fn without_host(outcome: &Outcome, link: &str) -> String {
    let below = link.strip_prefix(&format!("{}{}", outcome.site.host, outcome.site.base_path));
    below.map_or_else(|| link.to_owned(), |below| format!("{}{below}", outcome.site.base_path))
}

/// Whether a link on a page leads somewhere; one that leads to another site does.
fn lands(outcome: &Outcome, site: &Path, own: &str, link: &str) -> bool {
    let scheme = link.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if scheme || link.starts_with("//") {
        return true;
    }
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    let path = path.split('?').next().unwrap_or("");
    let address = if path.is_empty() {
        own.to_owned()
    } else if let Some(below) = path.strip_prefix('/') {
        let Some(below) = format!("/{below}").strip_prefix(&outcome.site.base_path).map(str::to_owned) else {
            return true;
        };
        below
    } else {
        format!("{}{path}", &own[..=own.rfind('/').unwrap_or(0)])
    };
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    match page(site, &decode(&address)) {
        Some(html) => fragment.is_empty() || ids(&html).contains(&decode(fragment)),
        None => false,
    }
}

fn attributes(html: &str, wanted: impl Fn(&[u8]) -> &'static [&'static str]) -> Vec<String> {
    let mut found = Vec::new();
    for token in Tokenizer::new(html).flatten() {
        let Token::StartTag(tag) = token else { continue };
        for name in wanted(&tag.name) {
            let value = tag.attributes.get(name.as_bytes());
            found.extend(value.map(|value| String::from_utf8_lossy(value).into_owned()));
        }
    }
    found
}

pub fn links(html: &str) -> Vec<String> {
    attributes(html, |element| match element {
        b"a" | b"link" => &["href"],
        b"img" | b"script" | b"iframe" => &["src"],
        _ => &[],
    })
}

fn ids(html: &str) -> Vec<String> {
    attributes(html, |element| if element == b"a" { &["id", "name"] } else { &["id"] })
}
