//! Zola's addresses.

use super::config::{self, slugify};
use super::files::parts;
use crate::model::{Document, Site, Value};

/// Zola (`content/page.rs`): the front matter's `path`, else the folders and the slug, the language before them.
pub fn of_page(document: &Document, site: &Site) -> String {
    if let Some(path) = field(document, "path") {
        return folder(&path);
    }
    let parts = parts(&document.source, &config::languages(site));
    let mut names: Vec<String> = parts.language.map(str::to_owned).into_iter().collect();
    names.extend(parts.folders.iter().map(|folder| (*folder).to_owned()));
    if !parts.is_section {
        let slugs = slugify(&site.config, "paths");
        let keeps_dates = site.setting("slugify.paths_keep_dates").and_then(Value::as_bool) == Some(true);
        let own = if keeps_dates { parts.name.to_owned() } else { document.slug.clone() };
        let is_home = parts.folders.is_empty() && document.source.ends_with("content/index.md");
        names.extend((!is_home).then(|| slugs.path(&field(document, "slug").unwrap_or(own))));
    }
    folder(&names.join("/"))
}

/// Every page is a folder.
fn folder(path: &str) -> String {
    match path.trim().trim_matches('/') {
        "" => "/".to_owned(),
        path => format!("/{path}/"),
    }
}

fn field(document: &Document, name: &str) -> Option<String> {
    let text = document.fields.get(name).map(|field| &field.value).and_then(Value::to_text)?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Zola (`site/lib.rs`, `render_alias`): an alias that ends in `.html` is a file.
pub fn of_alias(path: &str) -> String {
    match path.trim().trim_matches('/') {
        path if path.ends_with(".html") => format!("/{path}"),
        path => folder(path),
    }
}
