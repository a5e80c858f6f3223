//! Zola.

mod address;
mod config;
mod files;
mod lists;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

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

    /// Zola (`front_matter/page.rs`): a date of TOML, or text of one of its forms; without an offset it is UTC's.
    fn date(&self, value: &Value, _: &Site) -> Option<Moment> {
        moment_in(&value.to_text()?, &TimeZone::UTC)
    }

    fn tags(&self, value: &Value) -> Vec<String> {
        let texts: Vec<String> = match value {
            Value::List(items) => items.iter().filter_map(Value::to_text).collect(),
            other => other.to_text().into_iter().collect(),
        };
        texts.into_iter().filter(|tag| !tag.trim().is_empty()).collect()
    }

    fn categories(&self, value: &Value) -> Vec<Vec<String>> {
        self.tags(value).into_iter().map(|category| vec![category]).collect()
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

/// A date of TOML or of text, in a zone where it names no offset.
fn moment_in(text: &str, zone: &TimeZone) -> Option<Moment> {
    let text = text.trim();
    if let Ok(instant) = text.replacen(' ', "T", 1).parse::<Timestamp>() {
        let offset = text.rfind(['+', '-']).filter(|at| *at > 10).and_then(|at| offset(&text[at..]));
        return Some(Moment { instant, offset: offset.unwrap_or(Offset::UTC) });
    }
    let civil = text.replacen(' ', "T", 1).parse::<DateTime>().ok();
    let civil = civil.or_else(|| text.parse::<Date>().ok().map(|date| date.to_datetime(jiff::civil::Time::midnight())));
    Moment::from_zone(civil?, zone)
}

/// `+08:00`.
fn offset(text: &str) -> Option<Offset> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = (digits.get(..2)?.parse::<i32>().ok()?, digits.get(2..4)?.parse::<i32>().ok()?);
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
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
            assert_eq!(moment_in(text, &TimeZone::UTC).map(Moment::rfc3339).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(moment_in("yesterday", &TimeZone::UTC), None);
    }
}
