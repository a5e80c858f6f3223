//! Two finished sites held against each other: whatever the old one showed, the new one must show.
//!
//! Neither needs to be of postferry's making. What is compared, and what counts as the same although two generators drew
//! it, is in `body.rs` and `same.rs`; where it stands on a page, in `mappings/verify.toml`.

mod body;
mod built;
mod compare;
mod dom;
mod loopback;
mod marks;
mod page;
mod same;
mod select;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use serde::Serialize;

use built::At;
pub use built::{Built, SiteError};
pub use compare::{Aspect, Difference};
use compare::{Side, compare};
pub use marks::Marks;
use page::{Head, Kind, page, shown};
pub use select::WrongSelector;

/// What came out.
#[derive(Debug, Clone, Serialize)]
pub struct Verified {
    /// How many documents the old site has.
    pub documents: usize,
    /// How many of them are whole on the new site.
    pub whole: usize,
    /// How many documents each aspect differs in.
    pub aspects: BTreeMap<&'static str, usize>,
    /// The documents that are not whole, by their old address.
    pub differing: Vec<Compared>,
    /// Old lists, feeds and redirects that nothing answers.
    pub unanswered: Vec<Unanswered>,
    /// Pages of either site that nest too deep or are too long to be read: nothing is known of them.
    pub unread: Vec<String>,
    /// How many lists, feeds and redirects the old site has.
    pub others: usize,
    /// How many documents the new site has that answer no old address.
    pub added: usize,
}

/// A document that is not whole.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// Its address on the old site.
    pub old: String,
    /// Its address on the new one; none where it is not there.
    pub new: Option<String>,
    /// Its old title.
    pub title: String,
    /// In what it differs: the first difference of each aspect.
    pub differences: Vec<Difference>,
    /// Its text on both sides as HTML, for those who look.
    #[serde(skip)]
    pub html: (String, String),
}

/// An address of the old site without a document that nothing answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unanswered {
    /// The address.
    pub address: String,
    /// What was there: `list`, `feed` or `redirect`.
    pub what: &'static str,
}

/// Texts of both sides that are kept to be looked at, for each document and for all of them, in bytes.
const KEPT_EACH: usize = 256 << 10;
const KEPT: usize = 4 << 20;

/// Holds a new site against an old one.
pub fn verify(old: &Built, new: &Built, marks: &Marks) -> Verified {
    let moved = Moved::of(new);
    let documents: Vec<(&str, &Head)> = old
        .addresses()
        .filter_map(|(address, at)| match at {
            At::Page(head) if head.kind == Kind::Document => Some((address, head)),
            _ => None,
        })
        .collect();
    let held: Vec<(Option<String>, Option<Compared>)> =
        documents.par_iter().map(|(address, head)| document(old, new, address, head, &moved, marks)).collect();
    let answering: BTreeSet<&String> = held.iter().filter_map(|(new, _)| new.as_ref()).collect();
    let is_document = |at: &At<'_>| matches!(at, At::Page(head) if head.kind == Kind::Document);
    let added =
        new.addresses().filter(|(address, at)| is_document(at) && !answering.contains(&(*address).to_owned())).count();
    let mut differing: Vec<Compared> = held.iter().filter_map(|(_, compared)| compared.clone()).collect();
    keep_some(&mut differing);
    let mut aspects: BTreeMap<&'static str, usize> = Aspect::ALL.iter().map(|aspect| (aspect.name(), 0)).collect();
    for difference in differing.iter().flat_map(|compared| &compared.differences) {
        *aspects.entry(difference.aspect.name()).or_default() += 1;
    }
    let others: Vec<Unanswered> = old.addresses().filter_map(other).collect();
    let unanswered: Vec<Unanswered> =
        others.par_iter().filter(|other| new.landing(&other.address).is_none()).cloned().collect();
    Verified {
        documents: documents.len(),
        whole: documents.len() - differing.len(),
        aspects,
        differing,
        unanswered,
        unread: unread(old).chain(unread(new)).map(str::to_owned).collect(),
        others: others.len(),
        added,
    }
}

fn unread(site: &Built) -> impl Iterator<Item = &str> {
    site.addresses().filter(|(_, at)| matches!(at, At::Unread)).map(|(address, _)| address)
}

/// An address without a document.
fn other((address, at): (&str, At<'_>)) -> Option<Unanswered> {
    let what = match at {
        At::Page(head) => match head.kind {
            Kind::Document => return None,
            Kind::List => "list",
            Kind::Moved => "redirect",
        },
        At::Moved(_) => "redirect",
        At::Feed => "feed",
        At::Unread => return None,
    };
    Some(Unanswered { address: address.to_owned(), what })
}

/// The documents of the new site by what tells them from others, for those that are no longer where they were.
struct Moved<'a>(HashMap<String, Vec<(&'a str, &'a Head)>>);

impl<'a> Moved<'a> {
    fn of(new: &'a Built) -> Self {
        let mut known: HashMap<String, Vec<(&str, &Head)>> = HashMap::new();
        for (address, at) in new.addresses() {
            if let At::Page(head) = at
                && head.kind == Kind::Document
            {
                known.entry(same::squashed(head.titles.best())).or_default().push((address, head));
            }
        }
        Moved(known)
    }

    /// The one document with the title, or the one with its day as well.
    fn find(&self, old: &Head) -> Option<&'a str> {
        let known = self.0.get(&same::squashed(old.titles.best())).filter(|_| !old.titles.best().is_empty())?;
        let day = |head: &Head| head.published.as_ref().map(page::Stamp::day);
        match known.as_slice() {
            [(address, _)] => Some(address),
            several => {
                let mut same = several.iter().filter(|(_, head)| day(head).is_some() && day(head) == day(old));
                match (same.next(), same.next()) {
                    (Some((address, _)), None) => Some(address),
                    _ => None,
                }
            }
        }
    }
}

/// Where a document is on the new site, and in what it differs.
fn document(
    old: &Built,
    new: &Built,
    address: &str,
    head: &Head,
    moved: &Moved<'_>,
    marks: &Marks,
) -> (Option<String>, Option<Compared>) {
    let landed = new.landing(address);
    let found = landed.clone().or_else(|| moved.find(head).map(str::to_owned));
    let mut differences = Vec::new();
    if landed.is_none() {
        let at = found.as_ref().map(|at| format!("it is at {at}")).unwrap_or_default();
        differences.push(Difference { aspect: Aspect::Address, old: address.to_owned(), new: at });
    }
    let texts = old.html(address).zip(found.as_ref().and_then(|at| new.html(at)));
    let mut html = (String::new(), String::new());
    if let (Some((was, is)), Some(at)) = (&texts, &found)
        && let Some((old_page, new_page)) = page(was, address, marks).zip(page(is, at, marks))
    {
        let old = Side { site: old, address, page: &old_page };
        let new = Side { site: new, address: at, page: &new_page };
        differences.extend(compare(old, new));
        if !differences.is_empty() {
            html = (shown(was, address, marks), shown(is, at, marks));
        }
    }
    if differences.is_empty() {
        return (found, None);
    }
    let (old, title) = (address.to_owned(), head.titles.best().to_owned());
    (found.clone(), Some(Compared { old, new: found, title, differences, html }))
}

/// Keeps the texts of so many documents as somebody can look at.
fn keep_some(differing: &mut [Compared]) {
    let mut left = KEPT;
    for compared in differing {
        let bytes = compared.html.0.len() + compared.html.1.len();
        match left.checked_sub(bytes).filter(|_| bytes <= KEPT_EACH) {
            Some(rest) => left = rest,
            None => compared.html = (String::new(), String::new()),
        }
    }
}

/// An address as people read it.
fn decoded(address: &str) -> String {
    percent_decode_str(address).decode_utf8_lossy().into_owned()
}
