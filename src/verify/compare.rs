//! Two pages held against each other, aspect by aspect.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::body::Picture;
use super::built::Built;
use super::decoded;
use super::page::Page;
use super::same::{first_difference, flat, squashed};

/// What can differ between an old document and its new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// Its old address is answered, by it.
    Address,
    /// Its title.
    Title,
    /// When it was published.
    Date,
    /// When it was changed.
    Updated,
    /// What it is filed under.
    Terms,
    /// Its running text and its footnotes.
    Text,
    /// Its blocks of code.
    Code,
    /// Its headings.
    Headings,
    /// What links to its headings need.
    Anchors,
    /// Where its links lead.
    Links,
    /// Its pictures.
    Pictures,
    /// What it plays and embeds.
    Embeds,
    /// Lists, tables, quotes, emphasis.
    Structure,
}

impl Aspect {
    /// All of them, in the order in which they are told.
    pub const ALL: [Aspect; 13] = [
        Aspect::Address,
        Aspect::Title,
        Aspect::Date,
        Aspect::Updated,
        Aspect::Terms,
        Aspect::Text,
        Aspect::Code,
        Aspect::Headings,
        Aspect::Anchors,
        Aspect::Links,
        Aspect::Pictures,
        Aspect::Embeds,
        Aspect::Structure,
    ];

    /// The stable name, as the command line and results have it.
    pub fn name(self) -> &'static str {
        match self {
            Aspect::Address => "address",
            Aspect::Title => "title",
            Aspect::Date => "date",
            Aspect::Updated => "updated",
            Aspect::Terms => "terms",
            Aspect::Text => "text",
            Aspect::Code => "code",
            Aspect::Headings => "headings",
            Aspect::Anchors => "anchors",
            Aspect::Links => "links",
            Aspect::Pictures => "pictures",
            Aspect::Embeds => "embeds",
            Aspect::Structure => "structure",
        }
    }

    /// The aspect of a name.
    pub fn of(name: &str) -> Option<Aspect> {
        Aspect::ALL.into_iter().find(|aspect| aspect.name() == name)
    }
}

impl Serialize for Aspect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The first difference in an aspect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where it is.
    pub aspect: Aspect,
    /// What the old page has; empty where it has nothing there.
    pub old: String,
    /// What the new one has.
    pub new: String,
}

/// One of the two sites, and a page of it.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The site.
    pub site: &'a Built,
    /// The address of the page.
    pub address: &'a str,
    /// The page.
    pub page: &'a Page,
}

/// All in which a new page differs from an old one, but for its address.
pub fn compare(old: Side<'_>, new: Side<'_>) -> Vec<Difference> {
    let (was, is) = (&old.page.body, &new.page.body);
    let texts = |aspect: Aspect, old: &[String], new: &[String]| {
        let at = (0..old.len().max(new.len()))
            .find(|&at| old.get(at).map(|text| squashed(text)) != new.get(at).map(|text| squashed(text)))?;
        let (old, new) = (old.get(at).map_or("", String::as_str), new.get(at).map_or("", String::as_str));
        first_difference(old, new).map(|(old, new)| Difference { aspect, old, new })
    };
    let headings = |of: &[(u8, String)]| of.iter().map(|(level, text)| format!("h{level} {text}")).collect::<Vec<_>>();
    let text = first_difference(&was.text, &is.text).map(|(old, new)| Difference { aspect: Aspect::Text, old, new });
    head(old.page, new.page)
        .into_iter()
        .chain(text.or_else(|| texts(Aspect::Text, &was.notes, &is.notes)))
        .chain(texts(Aspect::Code, &was.code, &is.code))
        .chain(texts(Aspect::Headings, &headings(&was.headings), &headings(&is.headings)))
        .chain(anchors(old.page, new.page))
        .chain(links(old, new))
        .chain(pictures(old, new))
        .chain(texts(Aspect::Embeds, &was.embeds, &is.embeds))
        .chain(structure(&was.structure, &is.structure))
        .collect()
}

/// Title, dates and terms.
fn head(old: &Page, new: &Page) -> Vec<Difference> {
    let (old, new) = (&old.head, &new.head);
    let mut found = Vec::new();
    if let Some((old, new)) = old.titles.difference(&new.titles) {
        found.push(Difference { aspect: Aspect::Title, old, new });
    }
    let stamps = [(Aspect::Date, &old.published, &new.published), (Aspect::Updated, &old.updated, &new.updated)];
    for (aspect, old, new) in stamps {
        // what the old page does not tell cannot be held against anything
        let Some(old) = old else { continue };
        if !new.as_ref().is_some_and(|new| old.is_same(new)) {
            let new = new.as_ref().map_or("", |stamp| &stamp.typed).to_owned();
            found.push(Difference { aspect, old: old.typed.clone(), new });
        }
    }
    if old.terms != new.terms && !old.terms.is_empty() {
        let list = |of: &mut dyn Iterator<Item = &String>| of.map(String::as_str).collect::<Vec<_>>().join(", ");
        let (gone, come) = (list(&mut old.terms.difference(&new.terms)), list(&mut new.terms.difference(&old.terms)));
        found.push(Difference { aspect: Aspect::Terms, old: gone, new: come });
    }
    found
}

/// Each anchor of the old page must be there.
fn anchors(old: &Page, new: &Page) -> Option<Difference> {
    let gone = old.body.anchors.iter().find(|anchor| !new.anchors.contains(*anchor))?;
    Some(Difference { aspect: Aspect::Anchors, old: format!("#{gone}"), new: String::new() })
}

/// What only one of two bags holds: the first of each.
fn only<T: Ord + Clone>(old: &[T], new: &[T]) -> Option<(Option<T>, Option<T>)> {
    let count = |of: &[T]| {
        let mut counts: BTreeMap<T, usize> = BTreeMap::new();
        for one in of {
            *counts.entry(one.clone()).or_default() += 1;
        }
        counts
    };
    let (old_counts, new_counts) = (count(old), count(new));
    if old_counts == new_counts {
        return None;
    }
    let more = |of: &[T], counts: &BTreeMap<T, usize>, than: &BTreeMap<T, usize>| {
        of.iter().find(|one| counts.get(one) > than.get(one)).cloned()
    };
    Some((more(old, &old_counts, &new_counts), more(new, &new_counts, &old_counts)))
}

fn links(old: Side<'_>, new: Side<'_>) -> Option<Difference> {
    let was: Vec<String> = old.page.body.links.iter().map(|link| meaning(link, old, new.site)).collect();
    let is: Vec<String> = new.page.body.links.iter().map(|link| meaning(link, new, new.site)).collect();
    let (gone, come) = only(&was, &is)?;
    Some(Difference { aspect: Aspect::Links, old: gone.unwrap_or_default(), new: come.unwrap_or_default() })
}

/// What a link means on the new site: links to one place are the same, however they are written.
fn meaning(link: &str, side: Side<'_>, new: &Built) -> String {
    let Some(path) = side.site.path(link, side.address) else {
        let other = link.trim().trim_start_matches("https:").trim_start_matches("http:");
        return decoded(other).trim_end_matches('/').to_lowercase();
    };
    if link.trim().starts_with('#') || (path == side.address && !link.trim().starts_with('/')) {
        return "#".to_owned();
    }
    // an old address means whatever answers it now
    let own = side.site.landing(&path).unwrap_or(path);
    let lands = new.landing(&own).unwrap_or(own);
    match lands.rsplit_once('/') {
        // files may lie elsewhere
        Some((_, file)) if file.contains('.') && !file.ends_with(".html") => format!("file {file}"),
        _ => lands.trim_end_matches('/').trim_end_matches(".html").to_owned() + "/",
    }
}

fn pictures(old: Side<'_>, new: Side<'_>) -> Option<Difference> {
    let (was, is) = (&old.page.body.pictures, &new.page.body.pictures);
    let told = |old: String, new: String| Some(Difference { aspect: Aspect::Pictures, old, new });
    for at in 0..was.len().max(is.len()) {
        let (one, other) = (was.get(at), is.get(at));
        let shown = |picture: Option<&Picture>| picture.map(|picture| picture.src.clone()).unwrap_or_default();
        if one.map(file_name) != other.map(file_name) {
            return told(shown(one), shown(other));
        }
        let alt = |picture: Option<&Picture>| squashed(picture.map_or("", |picture| &picture.alt));
        if alt(one) != alt(other) {
            let shown =
                |picture: Option<&Picture>| picture.map(|Picture { src, alt }| format!("{src}, “{}”", flat(alt)));
            return told(shown(one).unwrap_or_default(), shown(other).unwrap_or_default());
        }
    }
    // a picture that the old site had must be there
    let is_there = |side: Side<'_>, picture: &Picture| {
        side.site.path(&picture.src, side.address).map(|path| side.site.landing(&path).is_some())
    };
    let is_gone =
        |(one, other): &(&Picture, &Picture)| is_there(old, one) == Some(true) && is_there(new, other) == Some(false);
    let (one, other) = was.iter().zip(is).find(is_gone)?;
    told(one.src.clone(), format!("{}, which is not there", other.src))
}

/// What a picture's file is called: it may lie elsewhere.
fn file_name(picture: &Picture) -> String {
    let Picture { src, .. } = picture;
    if src.starts_with("data:") {
        return "data:".to_owned();
    }
    let path = decoded(&src[..src.find(['?', '#']).unwrap_or(src.len())]);
    path.rsplit('/').next().unwrap_or_default().to_lowercase()
}

fn structure(old: &BTreeMap<&'static str, usize>, new: &BTreeMap<&'static str, usize>) -> Option<Difference> {
    if old == new {
        return None;
    }
    let told = |one: &BTreeMap<&'static str, usize>, other: &BTreeMap<&'static str, usize>| {
        let parts = one.iter().chain(other.iter().filter(|(part, _)| !one.contains_key(*part)));
        let differ = parts.filter(|(part, _)| one.get(*part) != other.get(*part));
        let mut differ: Vec<String> =
            differ.map(|(part, _)| format!("{} {part}", one.get(part).copied().unwrap_or_default())).collect();
        differ.sort_by(|a, b| a.split(' ').nth(1).cmp(&b.split(' ').nth(1)));
        flat(&differ.join(", "))
    };
    Some(Difference { aspect: Aspect::Structure, old: told(old, new), new: told(new, old) })
}
