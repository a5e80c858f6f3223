//! The pages of a plain HTML tree, by templates.

use std::collections::HashMap;
use std::sync::Arc;

use minijinja::{AutoEscape, Environment, context};

use crate::address::{Placed, encoded, readable};
use crate::model::{Details, FeedFormat, Moment, Post, Shows, Taxonomy, Value, Written};
use crate::write::paths::safe_name;
use crate::write::{Blog, FEED_ID, Pages, Theme, redirect};

/// A page that shows many documents.
pub enum ListPage {
    /// Documents in their order, under a heading if there is one.
    Posts { heading: String, entries: Vec<u32> },
    /// All terms of a taxonomy with how many documents have each.
    Terms { taxonomy: Taxonomy, counts: Vec<(String, usize)> },
    /// The newest documents, for feed readers.
    Feed { address: String, format: FeedFormat, entries: Vec<u32> },
}

/// The pages of a tree, by templates that are ready to render.
pub struct HtmlPages {
    environment: Environment<'static>,
    /// The blog.
    pub blog: Arc<Blog>,
    /// Where the old site had lists of terms, and the new one still has them.
    lists: HashMap<Shows, String>,
    /// The feeds: the address of each, and its format.
    pub feeds: Vec<(String, FeedFormat)>,
    /// The pages of lists, by their numbers.
    pages: Vec<ListPage>,
}

const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("../../../templates/html/base.html")),
    ("page.html", include_str!("../../../templates/html/page.html")),
    ("listing.html", include_str!("../../../templates/html/listing.html")),
    ("terms.html", include_str!("../../../templates/html/terms.html")),
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
        HtmlPages { environment, blog, lists, feeds, pages: Vec::new() }
    }

    /// The number of a new page, behind those of the documents.
    pub fn number(&mut self, page: ListPage) -> usize {
        self.pages.push(page);
        self.blog.placed.len() + self.pages.len() - 1
    }

    fn render(&self, name: &str, values: minijinja::Value) -> String {
        let feeds: Vec<String> = self.feeds.iter().map(|(address, _)| self.href(address)).collect();
        let shared = context! {
            base => self.blog.site.base_path.as_str(),
            site_title => self.blog.site.title.as_str(),
            language => self.blog.site.language.as_deref().unwrap_or("en"),
            styled => self.blog.theme == Theme::Starter,
            tags => self.href(&self.address_of(&Shows::Terms(Taxonomy::Tags))),
            categories => self.href(&self.address_of(&Shows::Terms(Taxonomy::Categories))),
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
        match (self.lists.get(shows), shows) {
            (Some(old), _) => old.clone(),
            (None, Shows::Terms(taxonomy)) => format!("/{}/", taxonomy.name()),
            (None, Shows::Term(taxonomy, name)) => format!("/{}/{}/", taxonomy.name(), safe_name(name)),
            (None, _) => "/".to_owned(),
        }
    }

    /// The lists of the posts of a year, month or day, and where they are.
    pub fn periods(&self) -> Vec<(String, String)> {
        let period = |(shows, address): (&Shows, &String)| match shows {
            Shows::Period(period) => Some((period.clone(), address.clone())),
            _ => None,
        };
        let mut periods: Vec<(String, String)> = self.lists.iter().filter_map(period).collect();
        periods.sort_unstable();
        periods
    }

    fn href(&self, address: &str) -> String {
        format!("{}{}", self.blog.site.base_path, readable(address))
    }

    fn entry(&self, post: &Post, details: &Details, written: &Written) -> String {
        let term = |taxonomy: Taxonomy, name: &String| {
            let href = self.href(&self.address_of(&Shows::Term(taxonomy, name.clone())));
            context! { taxonomy => taxonomy.name(), name, href }
        };
        let terms: Vec<minijinja::Value> = post
            .categories
            .iter()
            .flatten()
            .map(|name| term(Taxonomy::Categories, name))
            .chain(post.tags.iter().map(|name| term(Taxonomy::Tags, name)))
            .collect();
        self.render(
            "page.html",
            context! {
                title => post.title.clone(),
                source => post.source.clone(),
                published => post.date.map(Moment::rfc3339),
                published_day => post.date.map(day),
                updated => post.updated.map(Moment::rfc3339),
                updated_day => post.updated.map(day),
                description => details.description.clone(),
                summary => written.summary.clone(),
                authors => details.authors.clone(),
                page_language => details.language.clone(),
                redirect_to => post.redirect_to.clone(),
                terms => terms,
                content => written.text.as_str(),
            },
        )
    }

    fn posts(&self, heading: &str, entries: &[u32]) -> String {
        let entry = |at: &u32| {
            let Placed { post, served, .. } = &self.blog.placed[*at as usize];
            context! {
                title => post.title.clone().unwrap_or_else(|| served.address.clone()),
                href => self.href(&served.address),
                published => post.date.map(Moment::rfc3339),
                published_day => post.date.map(day),
            }
        };
        let entries: Vec<minijinja::Value> = entries.iter().map(entry).collect();
        self.render("listing.html", context! { heading, entries })
    }

    fn terms(&self, taxonomy: Taxonomy, terms: &[(String, usize)]) -> String {
        let term = |(name, count): &(String, usize)| {
            let href = self.href(&self.address_of(&Shows::Term(taxonomy, name.clone())));
            context! { name, count, href }
        };
        let terms: Vec<minijinja::Value> = terms.iter().map(term).collect();
        self.render("terms.html", context! { heading => taxonomy.name(), terms })
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
            let kept = || post.added.iter().find(|(name, _)| *name == FEED_ID).map(|(_, id)| id.clone());
            let id = own.or_else(kept).unwrap_or_else(|| link.clone());
            context! {
                title => post.title.clone().unwrap_or_else(|| served.address.clone()),
                link,
                id,
                published => post.date.map(Moment::rfc3339),
                updated => post.updated.or(post.date).map(Moment::rfc3339),
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
        match &post.redirect_to {
            Some(elsewhere) if written.text.trim().is_empty() => redirect::page(&self.blog.site, elsewhere),
            _ => self.entry(post, details, written),
        }
    }

    fn page(&self, number: usize, bodies: &dyn Fn(usize) -> (Details, Written)) -> String {
        match &self.pages[number - self.blog.placed.len()] {
            ListPage::Posts { heading, entries } => self.posts(heading, entries),
            ListPage::Terms { taxonomy, counts } => self.terms(*taxonomy, counts),
            ListPage::Feed { address, format, entries } => self.feed(address, *format, entries, bodies),
        }
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
