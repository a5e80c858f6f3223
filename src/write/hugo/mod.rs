//! Hugo, with TOML front matter.

mod config;

use super::paths::{Paths, section, stem};
use super::{Blog, Theme, Writer, assets, theme};
use crate::address::Served;
use crate::frontmatter::toml;
use crate::ledger::Ledger;
use crate::model::{Map, Post, Value};
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

    fn write(&self, blog: &Blog<'_>, ledger: &mut Ledger) -> Vec<File> {
        let mut paths = Paths::default();
        let mut files = vec![File {
            path: "hugo.toml".to_owned(),
            content: Content::Bytes(config::write(blog).into_bytes()),
            source: None,
        }];
        for (post, served) in blog.posts.iter().zip(blog.served) {
            let path = if served.address == "/" { "content/_index.md".to_owned() } else { content_path(post) };
            let path = paths.claim(&path);
            files.push(File {
                path,
                content: Content::Bytes(document(post, served, blog).into_bytes()),
                source: Some(post.source.clone()),
            });
        }
        files.extend(assets(blog, "static", &mut paths, |_| true, ledger));
        if blog.theme == Theme::Starter {
            files.extend(theme(THEME));
        }
        files
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
