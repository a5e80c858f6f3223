//! Hugo.

mod address;
mod config;
mod dates;
mod files;
mod lists;

use std::sync::Arc;

use self::files::HugoFiles;
use super::{ReadError, ReadOptions, Reader, Source};
use crate::ledger::Ledger;
use crate::model::{Asset, Document, FeedFormat, List, Moment, Post, Site, Value};
use crate::source::SourceFolder;

/// The reader.
pub struct Hugo;

impl Reader for Hugo {
    fn name(&self) -> &'static str {
        "hugo"
    }

    fn renderers(&self) -> &'static [&'static str] {
        &["goldmark"]
    }

    fn evidence(&self, folder: &SourceFolder) -> Vec<String> {
        let mut seen = Vec::new();
        for name in config::FILES {
            let text = folder.text(name).unwrap_or_default();
            let is_key =
                |line: &str| line.trim_start().trim_start_matches('"').to_ascii_lowercase().starts_with("baseurl");
            if text.lines().any(is_key) {
                seen.push(format!("`baseURL` in {name}"));
            } else if name.starts_with("hugo.") && !text.is_empty() && folder.has_folder("content") {
                seen.push(name.to_owned());
            }
        }
        if seen.is_empty() && folder.has_folder("config/_default") {
            seen.push("a config/_default folder".to_owned());
        }
        if seen.is_empty() {
            return seen;
        }
        for special in ["content", "archetypes", "layouts"] {
            if folder.has_folder(special) {
                seen.push(format!("a folder {special}"));
            }
        }
        seen
    }

    fn open(&self, folder: &SourceFolder, options: &ReadOptions, ledger: &mut Ledger) -> Result<Source, ReadError> {
        let site = config::read(folder, options, ledger)?;
        let files = files::of_content(&site);
        let assets = files::of_static(&site, ledger);
        let documents = HugoFiles::new(&files, &site);
        Ok(Source { site, files, assets, documents: Box::new(documents) })
    }

    /// Hugo (`common/htime/time.go`): a date of TOML or YAML, or text of one of many forms; without an offset it is read in
    /// the site's `timeZone`.
    fn date(&self, value: &Value, site: &Site) -> Option<Moment> {
        match value {
            Value::Date(stamp) => match stamp.offset {
                Some(offset) => Moment::from_offset(stamp.civil, offset),
                None => Moment::from_zone(stamp.civil, &site.zone),
            },
            other => dates::read(&other.to_text()?, &site.zone),
        }
    }

    fn finish(&self, post: &mut Post, document: &Document, site: &Site, _: &mut Ledger) {
        post.draft |= document.draft;
        post.date = post.date.or(document.file_date);
        post.address = address::of_page(post, document, site).into();
        if !post.seldom().aliases.is_empty() {
            let aliases = post.seldom().aliases.iter();
            let aliases: Vec<Arc<str>> = aliases.map(|alias| address::of_alias(alias, &post.address).into()).collect();
            post.seldom_mut().aliases = aliases;
        }
    }

    /// Hugo (`hugolib/page__content`): what lies in a bundle is published beside its page.
    fn held_assets(&self, held: Vec<Arc<str>>, posts: &[Post], _: &mut Ledger) -> Vec<Asset> {
        files::beside(held, posts)
    }

    fn lists(&self, posts: &[Post], site: &Site) -> Vec<List> {
        lists::lists(posts, site)
    }

    fn unseen(&self, site: &Site) -> Option<String> {
        let theme = site.setting("theme")?;
        let names = match theme {
            Value::List(names) => names.iter().filter_map(Value::to_text).collect(),
            one => one.to_text().into_iter().collect::<Vec<_>>(),
        };
        let gone = names.into_iter().find(|name| !site.root.has_folder(&format!("themes/{name}")))?;
        Some(format!("the theme {gone}, which is not here,"))
    }

    /// Hugo (`tpl/tplimpl/embedded/templates/rss.xml`): a post is known by its address.
    fn entry_id(&self, post: &Post, site: &Site, _: FeedFormat) -> String {
        super::permalink(post, site)
    }
}
