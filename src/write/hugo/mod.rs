//! Hugo, with TOML front matter.

mod config;
mod feeds;

use super::paths::{Paths, section, stem};
use super::{Blog, Listing, Theme, Writer, assets, redirects, theme};
use crate::address::Served;
use crate::frontmatter::toml;
use crate::ledger::Ledger;
use crate::model::{Kind, List, Map, Post, Shows, Taxonomy, Value};
use crate::plan::{Content, File};

/// The writer.
pub struct Hugo;

/// The starter theme.
const THEME: &[(&str, &str)] = &[
    ("layouts/baseof.html", include_str!("../../../templates/hugo/baseof.html")),
    ("layouts/home.html", include_str!("../../../templates/hugo/home.html")),
    ("layouts/page.html", include_str!("../../../templates/hugo/page.html")),
    ("layouts/section.html", include_str!("../../../templates/hugo/list.html")),
    ("layouts/term.html", include_str!("../../../templates/hugo/list.html")),
    ("layouts/taxonomy.html", include_str!("../../../templates/hugo/taxonomy.html")),
    ("static/css/starter.css", include_str!("../../../templates/starter.css")),
];

impl Writer for Hugo {
    fn name(&self) -> &'static str {
        "hugo"
    }

    fn content_paths(&self, posts: &[Post], served: &[Served]) -> Vec<String> {
        let mut paths = Paths::default();
        let path = |(post, served): (&Post, &Served)| match served.address.as_str() {
            "/" => paths.claim("content/_index.md"),
            _ => paths.claim(&content_path(post)),
        };
        posts.iter().zip(served).map(path).collect()
    }

    /// Hugo (`page_paths.go`): below the page's address without its extension.
    fn bundle_folder(&self, address: &str) -> Option<String> {
        let name = address.rfind('/').map_or(0, |at| at + 1);
        let stem = address[name..].rfind('.').map_or(address, |dot| &address[..name + dot]);
        Some(format!("{}/", stem.trim_end_matches('/')))
    }

    /// Hugo pages its lists at `page/2/` below them; `hugo.toml` gives them the length that they had.
    fn list_address(&self, list: &List, listing: &Listing<'_>) -> Option<String> {
        let has = |post: &Post, taxonomy: Taxonomy, name: &String| match taxonomy {
            Taxonomy::Tags => post.tags.contains(name),
            Taxonomy::Categories => post.categories.iter().any(|path| path.contains(name)),
        };
        let (first, documents) = match &list.shows {
            Shows::Home => ("/".to_owned(), listing.count(|post| post.kind == Kind::Post)),
            Shows::Posts => ("/posts/".to_owned(), listing.count(|post| post.kind == Kind::Post)),
            // the posts of a period are among all posts
            Shows::Period(_) => ("/posts/".to_owned(), 0),
            Shows::Terms(taxonomy) => (format!("/{}/", taxonomy.name()), 0),
            Shows::Term(taxonomy, name) => {
                (format!("/{}/{}/", taxonomy.name(), term_path(name)), listing.count(|post| has(post, *taxonomy, name)))
            }
            Shows::Feed(_) if feeds::is_possible(&list.address) => return Some(list.address.clone()),
            Shows::Feed(_) | Shows::PartFeed => return Some(listing.main_feed().unwrap_or("/index.xml").to_owned()),
        };
        let pages = documents.div_ceil(listing.site.per_page.unwrap_or(config::PAGER_SIZE)).max(1);
        Some(if (2..=pages).contains(&list.page) { format!("{first}page/{}/", list.page) } else { first })
    }

    fn write(&self, blog: &Blog<'_>, ledger: &mut Ledger) -> Vec<File> {
        let mut paths = Paths::default();
        let mut files = vec![File {
            path: "hugo.toml".to_owned(),
            content: Content::Bytes(config::write(blog).into_bytes()),
            source: None,
        }];
        for ((post, served), path) in blog.posts.iter().zip(blog.served).zip(blog.paths) {
            files.push(File {
                path: path.clone(),
                content: Content::Bytes(document(post, served, blog).into_bytes()),
                source: Some(post.source.clone()),
            });
        }
        files.extend(assets(blog, "static", &mut paths, |_| true, ledger));
        files.extend(redirects(blog, "static", &mut paths, |_| true));
        files.extend(feeds::templates(blog));
        if blog.theme == Theme::Starter {
            files.extend(theme(THEME));
        }
        files
    }

    fn published_folder(&self) -> &'static str {
        "static"
    }

    /// Hugo leaves symbolic links out of what it publishes.
    fn follows_links(&self) -> bool {
        false
    }

    fn next_step(&self, out: &str) -> String {
        format!("cd {out} && hugo server -D")
    }
}

/// `index.md` and `_index.md` make bundles of their folder, so that no page is called so.
fn content_path(post: &Post) -> String {
    let stem = stem(post);
    let name = stem.rsplit('/').next().unwrap_or("");
    let stem = if name == "index" {
        match stem.rsplit_once('/') {
            Some((folder, _)) => folder.to_owned(),
            None => "home".to_owned(),
        }
    } else {
        stem
    };
    format!("content/{}/{stem}.md", section(post))
}

/// Hugo (`common/paths/path.go`, `Sanitize`): what the folder of a term is called. White space becomes one `-`, and
/// what is no letter, digit or one of a few marks goes.
fn term_path(name: &str) -> String {
    let mut path = String::new();
    let mut space = false;
    for c in name.chars() {
        if c.is_alphanumeric() || "./\\_#+~-@".contains(c) || is_mark(c) {
            if space && c != '-' {
                path.push('-');
            }
            space = false;
            path.push(c);
        } else if c.is_whitespace() && !path.is_empty() && !path.ends_with('-') {
            space = true;
        }
    }
    path
}

/// Go's `unicode.IsMark`, for the marks that names are written with.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

fn document(post: &Post, served: &Served, blog: &Blog<'_>) -> String {
    let mapped = blog.mapping.front_matter(post);
    let mut front = Map::new();
    for (key, value) in mapped {
        // the address stands behind the dates, before what the page says of itself
        if key == "description" || key == "summary" || key == "tags" || key == "params" {
            add_address(&mut front, served);
        }
        front.insert(key, value);
    }
    add_address(&mut front, served);
    format!("+++\n{}+++\n\n{}", toml::write(&front), post.body.text)
}

/// Hugo (`page_paths.go`): `url` is taken as it stands, but a `:` would begin a token.
fn add_address(front: &mut Map, served: &Served) {
    if front.contains_key("url") || served.address == "/" {
        return;
    }
    front.insert("url".to_owned(), Value::String(served.address.replace(':', "\\:")));
    if !served.aliases.is_empty() {
        front.insert("aliases".to_owned(), Value::List(served.aliases.iter().cloned().map(Value::String).collect()));
    }
}
