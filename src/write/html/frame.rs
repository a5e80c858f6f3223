//! What stands on every page.

use minijinja::{Value, context};

use super::pages::HtmlPages;
use crate::model::{self, FeedFormat, Map, MenuLink, Shows};
use crate::write::{Theme, look};

/// A value of a configuration, for templates.
fn of_config(value: &model::Value) -> Value {
    match value {
        model::Value::Null => Value::from(()),
        model::Value::Bool(truth) => Value::from(*truth),
        model::Value::Int(number) => Value::from(*number),
        model::Value::Float(number) => Value::from(*number),
        model::Value::String(text) => Value::from(text.as_str()),
        model::Value::Date(date) => Value::from(date.raw.as_str()),
        model::Value::List(items) => items.iter().map(of_config).collect(),
        model::Value::Map(map) => of_map(map),
    }
}

fn of_map(map: &Map) -> Value {
    map.iter().map(|(key, value)| (key.as_str(), of_config(value))).collect()
}

impl HtmlPages {
    /// What stands on every page. It is the same on all of them, and made once.
    pub(super) fn frame(&self) -> &Value {
        self.frame.get_or_init(|| {
            let site = &self.blog.site;
            let feeds = self.feeds.iter().map(|(address, format)| {
                let kind = match format {
                    FeedFormat::Atom => "application/atom+xml",
                    FeedFormat::Rss => "application/rss+xml",
                };
                context! { href => self.href(address), kind }
            });
            let json = self
                .json_feed
                .as_deref()
                .map(|address| context! { href => self.href(address), kind => "application/feed+json" });
            context! {
                base => site.base_path.as_str(),
                home => self.href("/"),
                root => self.root(),
                site_title => site.title.as_str(),
                subtitle => site.subtitle.clone().or_else(|| site.description.clone()),
                site_description => site.description.clone(),
                language => self.language.as_str(),
                labels => look::labels(&self.language),
                styled => self.blog.theme == Theme::Starter,
                nav => self.nav(),
                comments => of_map(&site.comments),
                feeds => feeds.chain(json).collect::<Vec<_>>(),
                search => self.search.as_deref().map(|address| self.href(address)),
                archive => self.archive.as_deref().map(|address| self.href(address)),
            }
        })
    }

    /// The address of the blog with its host.
    pub(super) fn root(&self) -> String {
        format!("{}{}", self.blog.site.host, self.blog.site.base_path)
    }

    /// The links at the top.
    fn nav(&self) -> Vec<Value> {
        let links = look::menu(&self.blog, |shows| match shows {
            Shows::Terms(taxonomy) => self.taxonomies.contains(taxonomy).then(|| self.address_of(shows)),
            _ => self.archive.clone(),
        });
        let link = |MenuLink { label, to }: MenuLink| {
            let href = if to.starts_with('/') && !to.starts_with("//") { self.href_with_part(&to) } else { to };
            context! { label, href }
        };
        links.into_iter().map(link).collect()
    }

    fn href_with_part(&self, to: &str) -> String {
        let (path, rest) = to.split_at(to.find(['?', '#']).unwrap_or(to.len()));
        format!("{}{rest}", self.href(path))
    }
}
