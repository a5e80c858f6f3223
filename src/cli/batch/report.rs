//! One page that leads to the ledger of every blog.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use minijinja::{AutoEscape, Environment, context};

use super::Row;

/// The folder of the report, beside those of the blogs.
pub const FOLDER: &str = "postferry-report";

/// The page with the ledger of a blog.
pub fn page_of(out: &Path, blog: &str) -> PathBuf {
    out.join(FOLDER).join(format!("{blog}.html"))
}

/// Writes the page that leads to all others.
pub fn write(out: &Path, rows: &[Row]) -> Result<()> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("batch.html", include_str!("../../../templates/batch.html"))?;
    let has_page = |row: &Row| page_of(out, &row.blog).is_file();
    let rows: Vec<minijinja::Value> = rows
        .iter()
        .map(|row| {
            let losses: Vec<String> = row.losses.iter().map(|(code, count)| format!("{count} {code}")).collect();
            let page = has_page(row).then(|| format!("{}.html", encoded(&row.blog)));
            context! {
                blog => row.blog.as_str(),
                source => row.source.as_str(),
                generator => row.generator.as_str(),
                posts => row.posts,
                documents => row.documents,
                whole => row.whole,
                exit => row.exit,
                error => row.error.as_deref(),
                losses => losses.join(", "),
                page,
            }
        })
        .collect();
    let page = environment.get_template("batch.html")?.render(context! { rows })?;
    let path = out.join(FOLDER).join("index.html");
    fs::create_dir_all(out.join(FOLDER))
        .and_then(|()| fs::write(&path, page))
        .with_context(|| format!("{}: the report cannot be written", path.display()))
}

fn encoded(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}
