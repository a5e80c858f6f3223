//! The pages of a plain HTML tree, by templates.

use std::collections::HashMap;

use minijinja::{AutoEscape, Environment, context};

use crate::address::{encoded, readable};
use crate::model::{FeedFormat, Moment, Post, Shows, Site, Taxonomy, Value};
use crate::write::paths::safe_name;
use crate::write::{Blog, FEED_ID, FEED_LENGTH, Theme};

/// The templates, ready to render.
pub struct Pages<'a> {
    environment: Environment<'static>,
    /// The site.
    pub site: &'a Site,
    language: &'a str,
    styled: bool,
    /// Where the old site had lists of terms, and the new one still has them.
    lists: HashMap<&'a Shows, &'a str>,
    feeds: Vec<(&'a str, FeedFormat)>,
}

const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("../../../templates/html/base.html")),
    ("page.html", include_str!("../../../templates/html/page.html")),
    ("listing.html", include_str!("../../../templates/html/listing.html")),
    ("terms.html", include_str!("../../../templates/html/terms.html")),
    ("atom.xml", include_str!("../../../templates/html/atom.xml")),
    ("rss.xml", include_str!("../../../templates/html/rss.xml")),
];

impl<'a> Pages<'a> {
    /// The templates for a blog.
    pub fn new(blog: &'a Blog<'a>) -> Self {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(crate::write::escape);
        for (name, text) in TEMPLATES {
            // the templates are part of the program; a test renders each of them
            let _ = environment.add_template(name, text);
        }
        let mut lists = HashMap::new();
        let mut feeds = Vec::new();
        for served in blog.lists {
            let Some(address) = served.address.as_deref() else { continue };
            match &served.list.shows {
                Shows::Feed(format) => feeds.push((address, *format)),
                shows => _ = lists.entry(shows).or_insert(address),
            }
        }
        Pages {
            environment,
            site: blog.site,
            language: blog.site.language.as_deref().unwrap_or("en"),
            styled: blog.theme == Theme::Starter,
            lists,
            feeds,
        }
    }

    fn render(&self, name: &str, values: minijinja::Value) -> String {
        let feeds: Vec<String> = self.feeds.iter().map(|(address, _)| self.href(address)).collect();
        let shared = context! {
            base => self.site.base_path.as_str(),
            site_title => self.site.title.as_str(),
            language => self.language,
            styled => self.styled,
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
            (Some(old), _) => (*old).to_owned(),
            (None, Shows::Terms(taxonomy)) => format!("/{}/", taxonomy.name()),
            (None, Shows::Term(taxonomy, name)) => format!("/{}/{}/", taxonomy.name(), safe_name(name)),
            (None, _) => "/".to_owned(),
        }
    }

    /// The lists of the posts of a year, month or day, and where they are.
    pub fn periods(&self) -> Vec<(&'a str, &'a str)> {
        let period = |(shows, address): (&&'a Shows, &&'a str)| match shows {
            Shows::Period(period) => Some((period.as_str(), *address)),
            _ => None,
        };
        let mut periods: Vec<(&str, &str)> = self.lists.iter().filter_map(period).collect();
        periods.sort_unstable();
        periods
    }

    fn href(&self, address: &str) -> String {
        format!("{}{}", self.site.base_path, readable(address))
    }

    /// A document.
    pub fn document(&self, post: &Post) -> String {
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
                description => post.description.clone(),
                summary => post.summary.clone(),
                authors => post.authors.clone(),
                page_language => post.language.clone(),
                redirect_to => post.redirect_to.clone(),
                terms => terms,
                content => post.body.text.as_str(),
            },
        )
    }

    /// A list of documents, under a heading if it has one.
    pub fn listing(&self, heading: &str, entries: &[(&Post, &str)]) -> String {
        let entries: Vec<minijinja::Value> = entries
            .iter()
            .map(|(post, address)| {
                context! {
                    title => post.title.clone().unwrap_or_else(|| (*address).to_owned()),
                    href => self.href(address),
                    published => post.date.map(Moment::rfc3339),
                    published_day => post.date.map(day),
                }
            })
            .collect();
        self.render("listing.html", context! { heading, entries })
    }

    /// All terms of a taxonomy with how many documents have each.
    pub fn terms(&self, taxonomy: Taxonomy, terms: &[(String, usize)]) -> String {
        let term = |(name, count): &(String, usize)| {
            let href = self.href(&self.address_of(&Shows::Term(taxonomy, name.clone())));
            context! { name, count, href }
        };
        let terms: Vec<minijinja::Value> = terms.iter().map(term).collect();
        self.render("terms.html", context! { heading => taxonomy.name(), terms })
    }

    /// The feeds: the address of each, and its text.
    pub fn feeds(&self, entries: &[(&Post, &str)]) -> Vec<(&'a str, String)> {
        let root = format!("{}{}", self.site.host, self.site.base_path);
        let entry = |(post, address): &(&Post, &str)| {
            let link = format!("{root}{}", encoded(address));
            let id = post.extra.get(FEED_ID).and_then(Value::to_text).unwrap_or_else(|| link.clone());
            context! {
                title => post.title.clone().unwrap_or_else(|| (*address).to_owned()),
                link,
                id,
                published => post.date.map(Moment::rfc3339),
                updated => post.updated.or(post.date).map(Moment::rfc3339),
                published_rfc822 => post.date.map(rfc822),
                authors => post.authors.clone(),
                content => without_controls(&post.body.text),
            }
        };
        let newest: Vec<minijinja::Value> = entries.iter().take(FEED_LENGTH).map(entry).collect();
        let feed = |(address, format): &(&'a str, FeedFormat)| {
            let template = if *format == FeedFormat::Atom { "atom.xml" } else { "rss.xml" };
            let address_with_host = format!("{root}{}", encoded(address));
            let values = context! { root => root.as_str(), address => address_with_host, entries => newest.clone() };
            (*address, self.render(template, values))
        };
        self.feeds.iter().map(feed).collect()
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
