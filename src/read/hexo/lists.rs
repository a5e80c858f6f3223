//! The lists and feeds of Hexo's standard generators, each of which is a package of its own.

use jiff::civil::Date;

use super::config::{Config, number, settings};
use crate::model::{FeedFormat, List, Map, Post, Shows, Site, Taxonomy, Value};
use crate::read::address::decoded;
use crate::read::lists::{counted, pages, published};
use crate::slug::hexo::slugize;

/// The file that asks for all of them.
const SOURCE: &str = "_config.yml";

/// Every list and feed.
pub fn lists(posts: &[Post], site: &Site) -> Vec<List> {
    let generators = Generators::of(site);
    if published(posts).next().is_none() {
        return Vec::new();
    }
    let mut lists = Vec::new();
    if generators.has("index") {
        generators.index(posts, &mut lists);
    }
    if generators.has("archive") {
        generators.archive(posts, &mut lists);
    }
    if generators.has("category") {
        generators.categories(posts, &mut lists);
    }
    if generators.has("tag") {
        generators.tags(posts, &mut lists);
    }
    if generators.has("feed") {
        lists.extend(feeds(site.setting("feed")));
    }
    lists
}

struct Generators<'a> {
    site: &'a Site,
    config: Config,
    /// `package.json`, as far as it can be read.
    package: Option<String>,
}

impl<'a> Generators<'a> {
    fn of(site: &'a Site) -> Self {
        let package = site.root.text("package.json").ok();
        Generators { site, config: settings(site), package }
    }

    /// Hexo (`load_plugins.ts`): the packages that `package.json` names. A blog without the file is taken for one as
    /// `hexo init` makes it.
    fn has(&self, name: &str) -> bool {
        let enabled = |key: &str, truth: &str| {
            self.site.setting(key).and_then(Value::to_text).is_none_or(|said| said != truth || truth.is_empty())
        };
        let on = match name {
            "archive" => enabled("archive_generator.enabled", "false"),
            "feed" => enabled("feed.enable", "false"),
            _ => true,
        };
        on && match &self.package {
            Some(package) => package.contains(&format!("\"hexo-generator-{name}\"")),
            None => name != "feed" || self.site.setting("feed").is_some(),
        }
    }

    fn per_page(&self, generator: &str) -> usize {
        let own = number(self.site.setting(&format!("{generator}_generator.per_page")));
        own.or(number(self.site.setting("per_page"))).unwrap_or(10)
    }

    fn folder(&self, key: &str, default: &str) -> String {
        let named = self.site.setting(key).and_then(Value::to_text).filter(|named| !named.is_empty());
        format!("/{}", named.as_deref().unwrap_or(default).trim_matches('/'))
    }

    /// hexo-pagination: `page/2/` below the list.
    fn paged(&self, first: &str, posts: usize, per_page: usize, shows: &Shows, lists: &mut Vec<List>) {
        let word = self.folder("pagination_dir", "page");
        let first = decoded(first);
        let folder = first.trim_end_matches('/');
        lists.extend(pages(&first, |page| format!("{folder}{word}/{page}/"), (posts, per_page), shows, SOURCE));
    }

    fn index(&self, posts: &[Post], lists: &mut Vec<List>) {
        let below = self.folder("index_generator.path", "");
        let first = if below == "/" { below } else { format!("{below}/") };
        let shown = published(posts).filter(|post| !post.unlisted).count();
        self.paged(&first, shown, self.site.per_page.unwrap_or(0), &Shows::Home, lists);
    }

    /// hexo-generator-archive: all posts, those of a year, of a month, and of a day where that is asked for.
    fn archive(&self, posts: &[Post], lists: &mut Vec<List>) {
        let whole = self.site.setting("archive").and_then(Value::to_text).is_some_and(|archive| archive == "1");
        let per_page = if whole { 0 } else { self.per_page("archive") };
        let on = |key: &str, default: bool| {
            self.site.setting(&format!("archive_generator.{key}")).and_then(Value::as_bool).unwrap_or(default)
        };
        let dates =
            || published(posts).filter_map(|post| post.date.map(|date| date.in_zone(&self.site.zone).civil().date()));
        let folder = self.folder("archive_dir", "archives");
        self.paged(&format!("{folder}/"), published(posts).count(), per_page, &Shows::Posts, lists);
        let mut of = |format: &str| {
            let part = |date: Date| date.strftime(format).to_string();
            let mut counts: std::collections::BTreeMap<String, usize> = Default::default();
            dates().for_each(|date| *counts.entry(part(date)).or_default() += 1);
            for (part, count) in counts {
                let shows = Shows::Period(part.replace('/', "-"));
                self.paged(&format!("{folder}/{part}/"), count, per_page, &shows, lists);
            }
        };
        if on("yearly", true) {
            of("%Y");
            if on("monthly", true) {
                of("%Y/%m");
            }
            if on("daily", false) {
                of("%Y/%m/%d");
            }
        }
    }

    /// hexo-generator-category: every category from the root on, a post counting in each above its own.
    fn categories(&self, posts: &[Post], lists: &mut Vec<List>) {
        let folder = self.folder("category_dir", "categories");
        let paths = |post: &Post| {
            post.categories.iter().flat_map(|path| (1..=path.len()).map(|n| path[..n].to_vec())).collect::<Vec<_>>()
        };
        for (path, count) in counted(published(posts), paths) {
            let name = path.last().cloned().unwrap_or_default();
            let slugs: Vec<String> = path.iter().map(|name| self.slug(name, &self.config.category_map)).collect();
            let first = format!("{folder}/{}/", slugs.join("/"));
            self.paged(
                &first,
                count,
                self.per_page("category"),
                &Shows::Term(Taxonomy::Categories, name.to_string()),
                lists,
            );
        }
    }

    /// hexo-generator-tag: every tag, and all of them on a page where that is asked for.
    fn tags(&self, posts: &[Post], lists: &mut Vec<List>) {
        let folder = self.folder("tag_dir", "tags");
        let map = self.site.setting("tag_map").and_then(Value::as_map).cloned().unwrap_or_default();
        for (name, count) in counted(published(posts), |post| post.tags.clone()) {
            let first = format!("{folder}/{}/", self.slug(&name, &map));
            self.paged(&first, count, self.per_page("tag"), &Shows::Term(Taxonomy::Tags, name.to_string()), lists);
        }
        if self.site.setting("tag_generator.enable_index_page").and_then(Value::as_bool) == Some(true) {
            self.paged(&format!("{folder}/"), 0, 0, &Shows::Terms(Taxonomy::Tags), lists);
        }
    }

    /// Hexo (`models/tag.ts`, `models/category.ts`): the slug of what the map calls the term.
    fn slug(&self, name: &str, map: &Map) -> String {
        let mapped = map.get(name).and_then(Value::to_text);
        slugize(mapped.as_deref().unwrap_or(name), self.config.case)
    }
}

/// hexo-generator-feed (`index.js`): one feed or two, at `path` or `atom.xml` and `rss2.xml`.
fn feeds(config: Option<&Value>) -> Vec<List> {
    let texts = |key: &str| -> Vec<String> {
        match config.and_then(Value::as_map).and_then(|feed| feed.get(key)) {
            Some(Value::List(items)) => items.iter().filter_map(Value::to_text).collect(),
            Some(other) => other.to_text().into_iter().collect(),
            None => Vec::new(),
        }
    };
    let mut types: Vec<String> = texts("type").into_iter().filter(|kind| kind == "atom" || kind == "rss2").collect();
    if types.is_empty() {
        types.push("atom".to_owned());
    }
    let paths = texts("path");
    let feed = |(at, kind): (usize, &String)| {
        let path = paths.get(at).filter(|path| !path.is_empty()).unwrap_or(kind);
        let bare = !path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        let format = if kind == "atom" { FeedFormat::Atom } else { FeedFormat::Rss };
        let address = decoded(&if bare { format!("{path}.xml") } else { path.clone() });
        List { address, shows: Shows::Feed(format), page: 1, source: SOURCE.to_owned() }
    };
    types.iter().enumerate().map(feed).collect()
}
