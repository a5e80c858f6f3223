//! The old page of a document: its templates expanded, its dialect read. It is made once for a body, and lent to all
//! who ask something of it.

use std::borrow::Cow;

use super::OldSite;
use super::links::{self, Link};
use crate::dialect::{parse, wordpress};
use crate::ledger::Ledger;
use crate::model::{Dialect, Opened, Site, Value};
use crate::template::shortcode::{self, Form};
use crate::template::{Blog, liquid, nunjucks};
use crate::tree::{Node, ids};

/// What the source's generator made of a body.
#[derive(Debug)]
pub struct OldPage<'a> {
    /// The document.
    pub post: &'a Opened,
    /// The text that the Markdown engine of the source got to read.
    pub text: Cow<'a, str>,
    /// The text as its dialect reads it.
    pub tree: Node,
    /// Every address that a link, a picture or raw HTML of the page names, as typed, in order.
    pub addresses: Vec<String>,
}

impl<'a> OldPage<'a> {
    /// Expands and reads a body; what templates could not do is in the ledger.
    pub fn read(post: &'a Opened, blog: &Blog, ledger: &mut Ledger) -> Self {
        let text = links::placed_pictures(expand(post, blog, ledger), post, blog);
        let tree = parse(&text, post.dialect, &blog.site.markup);
        let addresses = links::addresses_of(&tree);
        OldPage { post, text, tree, addresses }
    }

    /// The links and pictures that stay within the blog, the cover among them.
    pub fn links(&self, old: &OldSite) -> Vec<Link> {
        links::of_page(self, old)
    }

    /// Everything on the page that a link can name.
    pub fn ids(&self) -> Vec<String> {
        ids::of_tree(&self.tree)
    }
}

fn expand<'a>(post: &'a Opened, blog: &Blog, ledger: &mut Ledger) -> Cow<'a, str> {
    match post.dialect {
        Dialect::Kramdown | Dialect::Html | Dialect::Other => liquid::expand(post, blog, ledger),
        Dialect::WordPress => Cow::Owned(wordpress::page(post, &blog.site, ledger)),
        Dialect::Marked => Cow::Owned(nunjucks::expand(post, blog, ledger)),
        // Ink (`parse.go`): every `-/` of the raw file is the site's root, in code too
        Dialect::Gomarkdown if post.text.contains("-/") => {
            Cow::Owned(post.text.replace("-/", &format!("{}/", root_of(&blog.site))))
        }
        Dialect::Gomarkdown => Cow::Borrowed(&post.text),
        Dialect::Goldmark => shortcode::expand(post, blog, Form::Hugo, ledger),
        Dialect::Pulldown => shortcode::expand(post, blog, Form::Zola, ledger),
    }
}

/// What Ink puts in front of its links: the base path, or the root as it stands where that is on another host than the
/// blog.
fn root_of(site: &Site) -> &str {
    let named = |key: &str| site.setting(key).and_then(Value::as_str).unwrap_or_default();
    let root = named("site.root").trim_end_matches('/');
    match (host_of(root), host_of(named("site.url"))) {
        (Some(own), Some(blogs)) if !own.eq_ignore_ascii_case(blogs) => root,
        _ => &site.base_path,
    }
}

fn host_of(address: &str) -> Option<&str> {
    address.split_once("://").and_then(|(_, rest)| rest.split('/').next())
}
