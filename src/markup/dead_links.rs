//! Links and pictures of the old page that led nowhere on the old site already: the author learns of them, and a dead
//! link on the new site is known for an old one.

use std::collections::HashSet;

use html5gum::{Token, Tokenizer};

use super::ast::{Kind, Node};
use super::links::resolve;
use crate::ledger::{Code, Ledger};
use crate::model::{Asset, Place, Post, Site};

/// Every address that the source publishes, as far as its documents and files go.
#[derive(Debug)]
pub struct Published {
    addresses: HashSet<String>,
}

impl Published {
    /// Gathers them, once per run.
    pub fn new(posts: &[Post], assets: &[Asset]) -> Self {
        let own = posts.iter().flat_map(|post| std::iter::once(&post.address).chain(&post.aliases));
        Published { addresses: own.chain(assets.iter().map(|asset| &asset.address)).map(|a| key(a)).collect() }
    }

    /// Whether something is at an address below the base path. Lists, archives and feeds are made by themes, which
    /// nobody has asked here: they count as published.
    fn has(&self, address: &str) -> bool {
        const MADE_BY_THEMES: [&str; 8] =
            ["/tags", "/tag", "/categories", "/category", "/archives", "/archive", "/page", "/feed"];
        let made = MADE_BY_THEMES
            .iter()
            .any(|made| address.strip_prefix(made).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.'])));
        made || address == "/" || address.ends_with(".xml") || self.addresses.contains(&key(address))
    }
}

/// Two spellings of one address: with and without `index.html`, a slash at the end, or `.html`.
fn key(address: &str) -> String {
    let address = address.strip_suffix("index.html").unwrap_or(address).trim_end_matches('/');
    address.strip_suffix(".html").unwrap_or(address).to_lowercase()
}

/// Enters every link and picture of a post that leads to nothing that the blog publishes.
pub fn report(post: &Post, tree: &Node, site: &Site, published: &Published, ledger: &mut Ledger) {
    let mut found = Vec::new();
    collect(tree, &mut found);
    found.sort_unstable();
    found.dedup();
    for typed in found {
        let Some(address) = internal(&typed, post, site) else { continue };
        if !published.has(&address) {
            let place = post.body.text.find(&typed).map_or(Place::file(&post.source), |at| post.place_of(at));
            let message = "leads to nothing that the blog publishes, and did not on the old site";
            ledger.add_quoting(Code::LinkDeadBefore, place, message, &typed);
        }
    }
}

/// The address below the base path that a link within the blog leads to, decoded.
fn internal(typed: &str, post: &Post, site: &Site) -> Option<String> {
    let host = site.host.split_once("://").map_or("", |(_, host)| host);
    let bare = ["https://", "http://", "//"].iter().find_map(|scheme| typed.strip_prefix(scheme));
    let path = match bare {
        Some(rest) => rest.strip_prefix(host).filter(|rest| !host.is_empty() && rest.starts_with('/'))?.to_owned(),
        None if typed.starts_with('/') => typed.to_owned(),
        None => resolve(typed, &post.address, &site.base_path)?,
    };
    let below = path.strip_prefix(&site.base_path)?;
    let below = &below[..below.find(['?', '#']).unwrap_or(below.len())];
    let decoded = percent_encoding::percent_decode_str(below).decode_utf8_lossy().into_owned();
    decoded.starts_with('/').then_some(decoded)
}

fn collect(node: &Node, found: &mut Vec<String>) {
    match &node.kind {
        Kind::Link { href, .. } => found.push(href.clone()),
        Kind::Image { src, .. } => found.push(src.clone()),
        Kind::Html(html) | Kind::HtmlBlock(html) => in_html(html, found),
        _ => {}
    }
    node.children.iter().for_each(|child| collect(child, found));
}

fn in_html(html: &str, found: &mut Vec<String>) {
    for token in Tokenizer::new(html).flatten() {
        let Token::StartTag(tag) = token else { continue };
        let attribute: &[u8] = match &**tag.name {
            b"a" => b"href",
            b"img" => b"src",
            _ => continue,
        };
        found.extend(tag.attributes.get(attribute).map(|value| String::from_utf8_lossy(value).into_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_one() {
        let published = Published { addresses: ["/a/", "/b.html", "/c/index.html", "/img/x.png"].map(key).into() };
        for address in ["/a", "/a/", "/a/index.html", "/b", "/b.html", "/c/", "/img/x.png", "/tags/x/", "/feed.xml"] {
            assert!(published.has(address), "{address}");
        }
        assert!(!published.has("/d/") && !published.has("/img/y.png") && !published.has("/tagsoup/"));
    }
}
