//! Zola.

mod address;
mod config;
mod files;
mod lists;

use std::sync::Arc;

use jiff::civil::Time;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;

use self::files::ZolaFiles;
use super::{ReadError, ReadOptions, Reader, Source};
use crate::ledger::Ledger;
use crate::model::{Asset, Document, FeedFormat, List, Moment, Post, Site, Value};
use crate::source::SourceFolder;

/// The reader.
pub struct Zola;

impl Reader for Zola {
    fn name(&self) -> &'static str {
        "zola"
    }

    fn renderers(&self) -> &'static [&'static str] {
        &["pulldown-cmark"]
    }

    fn evidence(&self, folder: &SourceFolder) -> Vec<String> {
        let mut seen = Vec::new();
        for name in config::FILES {
            let text = folder.text(name).unwrap_or_default();
            if text.lines().any(|line| line.trim_start().starts_with("base_url")) {
                seen.push(format!("`base_url` in {name}"));
            }
        }
        if seen.is_empty() {
            return seen;
        }
        if folder.has_folder("content") {
            seen.push("a content folder".to_owned());
        }
        if folder.has_folder("templates") {
            seen.push("a templates folder".to_owned());
        }
        seen
    }

    fn open(&self, folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Source, ReadError> {
        let site = config::read(folder, options, ledger)?;
        let files = folder.files("content", |path| !files::is_hidden(path));
        let assets = files::of_static(&site, ledger);
        let documents = ZolaFiles::new(&files, &site);
        Ok(Source { site, files, assets, documents: Box::new(documents) })
    }

    /// A date of TOML is read as it is typed.
    fn date(&self, value: &Value, _: &Site) -> Option<Moment> {
        moment_in(&value.to_text()?)
    }

    fn finish(&self, post: &mut Post, document: &Document, site: &Site, _: &mut Ledger) {
        post.draft |= document.draft;
        post.date = post.date.or(document.file_date);
        post.address = address::of_page(document, site).into();
        let aliases = post.seldom().aliases.iter();
        let aliases: Vec<Arc<str>> = aliases.map(|alias| address::of_alias(alias).into()).collect();
        if !aliases.is_empty() {
            post.seldom_mut().aliases = aliases;
        }
    }

    /// Zola (`library.rs`): the files beside a page or section are published beside it.
    fn held_assets(&self, held: Vec<Arc<str>>, posts: &[Post], ledger: &mut Ledger) -> Vec<Asset> {
        files::beside(held, posts, ledger)
    }

    fn lists(&self, posts: &[Post], site: &Site) -> Vec<List> {
        lists::lists(posts, site)
    }

    fn unseen(&self, site: &Site) -> Option<String> {
        let theme = site.setting("theme").and_then(Value::to_text)?;
        (!site.root.has_folder(&format!("themes/{theme}"))).then(|| format!("the theme {theme}, which is not here,"))
    }

    /// Zola's feeds name a post by its address (`templates/atom.xml`).
    fn entry_id(&self, post: &Post, site: &Site, _: FeedFormat) -> String {
        super::permalink(post, site)
    }
}

/// Zola (`front_matter/page.rs`, `parse_datetime`): RFC 3339, with or without an offset, or a day alone; without an offset
/// it is UTC's.
fn moment_in(text: &str) -> Option<Moment> {
    let read = Pieces::parse(text.trim()).ok()?;
    let civil = read.date().to_datetime(read.time().unwrap_or(Time::midnight()));
    Moment::from_offset(civil, read.to_numeric_offset().unwrap_or(Offset::UTC))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read() {
        for (text, expected) in [
            ("2020-05-01", "2020-05-01T00:00:00+00:00"),
            ("2020-05-01 10:20:30", "2020-05-01T10:20:30+00:00"),
            ("2020-05-01T10:20:30Z", "2020-05-01T10:20:30+00:00"),
            ("2020-05-01 10:20:30+08:00", "2020-05-01T10:20:30+08:00"),
            ("2020-05-01T10:20:30.5-03:30", "2020-05-01T10:20:30-03:30"),
        ] {
            assert_eq!(moment_in(text).map(Moment::rfc3339).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(moment_in("yesterday"), None);
    }
}
