//! The pages of a plain HTML tree, by templates.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use html5gum::{Token, Tokenizer};
use minijinja::{AutoEscape, Environment, context};
use percent_encoding::percent_decode_str;

use crate::address::{Placed, bare, encoded, readable};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::model::{Details, FeedFormat, Moment, Post, Shows, Taxonomy, Value, Written};
use crate::write::paths::safe_name;
use crate::write::{Blog, FEED_ID, Pages, Theme, redirect};

/// A page that shows many documents.
#[derive(Hash)]
pub enum ListPage {
    /// Documents in their order, under a heading if there is one.
    Posts { heading: String, entries: Vec<u32> },
    /// All terms of a taxonomy with how many documents have each.
    Terms { taxonomy: Taxonomy, counts: Vec<(String, usize)> },
    /// The newest documents, for feed readers.
    Feed { address: String, format: FeedFormat, entries: Vec<u32> },
}

impl ListPage {
    fn heading(&self) -> &str {
        match self {
            ListPage::Posts { heading, .. } => heading,
            ListPage::Terms { taxonomy, .. } => taxonomy.name(),
            ListPage::Feed { .. } => "",
        }
    }
}

/// A row of a list.
#[derive(Hash)]
struct Row {
    title: String,
    href: String,
    published: Option<String>,
    published_day: Option<String>,
    /// How many documents have the term, where this is one.
    count: Option<usize>,
}

/// The pages of a tree, by templates that are ready to render.
pub struct HtmlPages {
    environment: Environment<'static>,
    /// The blog.
    pub blog: Arc<Blog>,
    /// Where the old site had lists, and the new one still has them; and where lists are that had to go elsewhere.
    lists: HashMap<Shows, String>,
    /// The documents that are the page of a list.
    standing: HashMap<Shows, usize>,
    /// What they show below their text.
    below: HashMap<usize, usize>,
    /// The taxonomies that posts are sorted by.
    pub taxonomies: Vec<Taxonomy>,
    /// The feeds: the address of each, and its format.
    pub feeds: Vec<(String, FeedFormat)>,
    /// The pages of lists, by their numbers.
    pages: Vec<ListPage>,
    /// The fingerprint of what stands on every page.
    frame: OnceLock<Fingerprint>,
}

const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("../../../templates/html/base.html")),
    ("page.html", include_str!("../../../templates/html/page.html")),
    ("list.html", include_str!("../../../templates/html/list.html")),
    ("rows.html", include_str!("../../../templates/html/rows.html")),
    ("atom.xml", include_str!("../../../templates/html/atom.xml")),
    ("rss.xml", include_str!("../../../templates/html/rss.xml")),
];

impl HtmlPages {
    /// The templates for a blog.
    pub fn new(blog: Arc<Blog>) -> Self {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(crate::write::escape);
        for (name, text) in TEMPLATES {
            // the templates are part of the program; a test renders each of them
            let _ = environment.add_template(name, text);
        }
        let mut lists = HashMap::new();
        let mut feeds = Vec::new();
        for served in &*blog.lists {
            let Some(address) = served.address.as_deref() else { continue };
            match &served.list.shows {
                Shows::Feed(format) => feeds.push((address.to_owned(), *format)),
                shows => _ = lists.entry(shows.clone()).or_insert_with(|| address.to_owned()),
            }
        }
        let mut standing = HashMap::new();
        for (at, Placed { served, .. }) in blog.placed.iter().enumerate() {
            if let Some(shows) = served.list.as_deref() {
                lists.insert(shows.clone(), served.address.to_string());
                standing.insert(shows.clone(), at);
            }
        }
        let (below, taxonomies) = (HashMap::new(), Vec::new());
        HtmlPages {
            environment,
            blog,
            lists,
            standing,
            below,
            taxonomies,
            feeds,
            pages: Vec::new(),
            frame: OnceLock::new(),
        }
    }

    /// Shows a list on the page of the document that stands for it; gives it back where there is none.
    pub fn stand(&mut self, shows: &Shows, list: ListPage) -> Option<ListPage> {
        match self.standing.get(shows) {
            Some(document) => {
                self.below.insert(*document, self.pages.len());
                self.pages.push(list);
                None
            }
            None => Some(list),
        }
    }

    /// Whether the old site had a list, or a document stands for it.
    pub fn has(&self, shows: &Shows) -> bool {
        self.lists.contains_key(shows)
    }

    /// Says where a list is that cannot be where it should.
    pub fn move_list(&mut self, shows: Shows, address: &str) {
        self.lists.insert(shows, address.to_owned());
    }

    /// The collections that a document stands for, with the place of the document.
    pub fn collections(&self) -> Vec<(usize, String)> {
        let collection = |(shows, at): (&Shows, &usize)| match shows {
            Shows::Items(name) => Some((*at, name.clone())),
            _ => None,
        };
        let mut collections: Vec<(usize, String)> = self.standing.iter().filter_map(collection).collect();
        collections.sort_unstable();
        collections
    }

    /// The number of a new page, behind those of the documents.
    pub fn number(&mut self, page: ListPage) -> usize {
        self.pages.push(page);
        self.blog.placed.len() + self.pages.len() - 1
    }

    fn render(&self, name: &str, values: minijinja::Value) -> String {
        let feeds: Vec<String> = self.feeds.iter().map(|(address, _)| self.href(address)).collect();
        let taxonomies = self.taxonomies.iter().map(|taxonomy| {
            let href = self.href(&self.address_of(&Shows::Terms(*taxonomy)));
            context! { name => taxonomy.name(), href }
        });
        let shared = context! {
            base => self.blog.site.base_path.as_str(),
            site_title => self.blog.site.title.as_str(),
            language => self.blog.site.language.as_deref().unwrap_or("en"),
            styled => self.blog.theme == Theme::Starter,
            taxonomies => taxonomies.collect::<Vec<_>>(),
            feeds,
        };
        let values = context! { ..values, ..shared };
        self.environment
            .get_template(name)
            .and_then(|template| template.render(values))
            .unwrap_or_else(|error| format!("<!-- {error} -->"))
    }

    /// Where a list is: at its old address, if it had one.
    pub fn address_of(&self, shows: &Shows) -> String {
        self.lists.get(shows).cloned().unwrap_or_else(|| own_address(shows))
    }

    /// The years, months and days whose posts are listed.
    pub fn periods(&self) -> Vec<String> {
        let period = |shows: &Shows| match shows {
            Shows::Period(period) => Some(period.clone()),
            _ => None,
        };
        let mut periods: Vec<String> = self.lists.keys().filter_map(period).collect();
        periods.sort_unstable();
        periods
    }

    fn href(&self, address: &str) -> String {
        format!("{}{}", self.blog.site.base_path, readable(address))
    }

    fn entry(&self, post: &Post, (details, written): (&Details, &Written), list: Option<&ListPage>) -> String {
        let term = |taxonomy: Taxonomy, name: &str| {
            let href = self.href(&self.address_of(&Shows::Term(taxonomy, name.to_owned())));
            context! { taxonomy => taxonomy.name(), name, href }
        };
        let terms: Vec<minijinja::Value> = post
            .categories
            .iter()
            .flatten()
            .map(|name| term(Taxonomy::Categories, name))
            .chain(post.tags.iter().map(|name| term(Taxonomy::Tags, name)))
            .collect();
        // a list that the page draws itself is not shown twice
        let rows = list.map(|list| self.rows(list)).filter(|rows| !self.leads_to_all(&written.text, rows));
        self.render(
            "page.html",
            context! {
                title => post.title.clone(),
                source => post.source.clone(),
                published => post.date.map(Moment::rfc3339),
                published_day => post.date.map(day),
                updated => post.seldom().updated.map(Moment::rfc3339),
                updated_day => post.seldom().updated.map(day),
                description => details.description.clone(),
                summary => written.summary.clone(),
                authors => details.authors.clone(),
                page_language => details.language.clone(),
                redirect_to => post.seldom().redirect_to.as_deref().map(|to| redirect::target(&self.blog.site, to)),
                terms => terms,
                content => written.text.as_str(),
                counted => matches!(list, Some(ListPage::Terms { .. })),
                heading => list.map(ListPage::heading),
                rows => rows.map(values),
            },
        )
    }

    /// What a list shows, row by row.
    fn rows(&self, list: &ListPage) -> Vec<Row> {
        let of_post = |at: &u32| {
            let Placed { post, served, .. } = &self.blog.placed[*at as usize];
            Row {
                title: post.title.clone().unwrap_or_else(|| served.address.to_string()),
                href: self.href(&served.address),
                published: post.date.map(Moment::rfc3339),
                published_day: post.date.map(day),
                count: None,
            }
        };
        match list {
            ListPage::Posts { entries, .. } | ListPage::Feed { entries, .. } => entries.iter().map(of_post).collect(),
            ListPage::Terms { taxonomy, counts } => counts
                .iter()
                .map(|(name, count)| Row {
                    title: name.clone(),
                    href: self.href(&self.address_of(&Shows::Term(*taxonomy, name.clone()))),
                    published: None,
                    published_day: None,
                    count: Some(*count),
                })
                .collect(),
        }
    }

    /// Whether a page has a link to everything that a list shows.
    fn leads_to_all(&self, text: &str, rows: &[Row]) -> bool {
        let decoded = |href: &str| {
            let path = href.strip_prefix(self.blog.site.host.as_str()).unwrap_or(href);
            let path = percent_decode_str(path.split(['?', '#']).next().unwrap_or("")).decode_utf8_lossy();
            bare(&path).to_owned()
        };
        let mut links = HashSet::new();
        for token in Tokenizer::new(text).flatten() {
            if let Token::StartTag(tag) = token
                && let Some(href) = tag.attributes.get(&b"href"[..])
            {
                links.insert(decoded(&String::from_utf8_lossy(href)));
            }
        }
        rows.iter().all(|row| links.contains(&decoded(&row.href)))
    }

    fn list(&self, list: &ListPage) -> String {
        let rows = values(self.rows(list));
        let counted = matches!(list, ListPage::Terms { .. });
        self.render("list.html", context! { heading => list.heading(), counted, rows })
    }

    fn feed(
        &self,
        address: &str,
        format: FeedFormat,
        entries: &[u32],
        bodies: &dyn Fn(usize) -> (Details, Written),
    ) -> String {
        let root = format!("{}{}", self.blog.site.host, self.blog.site.base_path);
        let entry = |at: &u32| {
            let Placed { post, served, .. } = &self.blog.placed[*at as usize];
            let link = format!("{root}{}", encoded(&served.address));
            let (details, written) = bodies(*at as usize);
            let own = details.extra.get(FEED_ID).and_then(Value::to_text);
            let kept = || post.seldom().added.iter().find(|(name, _)| *name == FEED_ID).map(|(_, id)| id.clone());
            let id = own.or_else(kept).unwrap_or_else(|| link.clone());
            context! {
                title => post.title.clone().unwrap_or_else(|| served.address.to_string()),
                link,
                id,
                published => post.date.map(Moment::rfc3339),
                updated => post.seldom().updated.or(post.date).map(Moment::rfc3339),
                published_rfc822 => post.date.map(rfc822),
                authors => details.authors.clone(),
                content => without_controls(&written.text),
            }
        };
        let entries: Vec<minijinja::Value> = entries.iter().map(entry).collect();
        let template = if format == FeedFormat::Atom { "atom.xml" } else { "rss.xml" };
        let address = format!("{root}{}", encoded(address));
        self.render(template, context! { root => root.as_str(), address, entries })
    }
}

impl Pages for HtmlPages {
    fn document(&self, at: usize, details: &Details, written: &Written) -> String {
        let post = &self.blog.placed[at].post;
        self.entry(post, (details, written), self.below.get(&at).map(|page| &self.pages[*page]))
    }

    fn surroundings(&self, number: usize) -> Fingerprint {
        let frame = self.frame.get_or_init(|| {
            let mut lists: Vec<String> = self.lists.iter().map(|list| format!("{list:?}")).collect();
            lists.sort_unstable();
            Fingerprinter::default().with(&lists).with(&self.feeds).with(&self.taxonomies).print()
        });
        let list = match number.checked_sub(self.blog.placed.len()) {
            Some(number) => Some(&self.pages[number]),
            None => self.below.get(&number).map(|page| &self.pages[*page]),
        };
        Fingerprinter::default().with(frame).with(&list).with(&list.map(|list| self.rows(list))).print()
    }

    fn page(&self, number: usize, bodies: &dyn Fn(usize) -> (Details, Written)) -> String {
        match &self.pages[number - self.blog.placed.len()] {
            list @ (ListPage::Posts { .. } | ListPage::Terms { .. }) => self.list(list),
            ListPage::Feed { address, format, entries } => self.feed(address, *format, entries, bodies),
        }
    }
}

fn values(rows: Vec<Row>) -> Vec<minijinja::Value> {
    let value = |Row { title, href, published, published_day, count }: Row| {
        context! { title, href, published, published_day, count }
    };
    rows.into_iter().map(value).collect()
}

/// Where a list is by itself, if the old site had none.
pub fn own_address(shows: &Shows) -> String {
    match shows {
        Shows::Terms(taxonomy) => format!("/{}/", taxonomy.name()),
        Shows::Term(taxonomy, name) => format!("/{}/{}/", taxonomy.name(), safe_name(name)),
        _ => "/".to_owned(),
    }
}

/// XML has no place for control characters.
fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect()
}

/// The date of an RSS entry.
fn rfc822(moment: Moment) -> String {
    moment
        .civil()
        .to_zoned(moment.offset.to_time_zone())
        .map_or_else(|_| moment.rfc3339(), |zoned| zoned.strftime("%a, %d %b %Y %H:%M:%S %z").to_string())
}

fn day(moment: Moment) -> String {
    moment.civil().date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_right() {
        let mut environment = Environment::new();
        for (name, text) in TEMPLATES {
            environment.add_template(name, text).unwrap();
        }
    }
}
