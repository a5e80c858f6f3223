//! Feeds: Atom, RSS and JSON Feed 1.1.

use minijinja::{Value, context};
use serde_json::json;

use super::pages::HtmlPages;
use crate::address::{Placed, encoded};
use crate::markup::formulas;
use crate::model::{Details, FEED_ID, FeedFormat, Moment, Value as Field};
use crate::write::{Others, Rendered};

/// A document as feeds tell of it.
struct Entry<'a> {
    placed: &'a Placed,
    link: String,
    id: String,
    details: Details,
    content: String,
}

impl HtmlPages {
    /// The newest documents as Atom or RSS.
    pub(super) fn feed(&self, address: &str, format: FeedFormat, entries: &[u32], others: &dyn Others) -> Rendered {
        let entry = |at: &u32| {
            let Entry { placed, link, id, details, content } = self.feed_entry(*at, others);
            let post = &placed.post;
            context! {
                title => post.title.clone().unwrap_or_else(|| placed.served.address.to_string()),
                link,
                id,
                published => post.date.map(Moment::rfc3339),
                updated => post.seldom().updated.or(post.date).map(Moment::rfc3339),
                published_rfc822 => post.date.map(rfc822),
                authors => details.authors,
                content,
            }
        };
        let entries: Vec<Value> = entries.iter().map(entry).collect();
        let template = if format == FeedFormat::Atom { "atom.xml" } else { "rss.xml" };
        let address = format!("{}{}", self.root(), encoded(address));
        self.render(template, context! { address, entries })
    }

    /// The same as a JSON Feed.
    pub(super) fn json_feed(&self, address: &str, entries: &[u32], others: &dyn Others) -> String {
        let root = self.root();
        let item = |at: &u32| {
            let Entry { placed, link, id, details, content } = self.feed_entry(*at, others);
            let post = &placed.post;
            let mut item = serde_json::Map::from_iter([
                ("id".to_owned(), json!(id)),
                ("url".to_owned(), json!(link)),
                ("content_html".to_owned(), json!(content)),
            ]);
            let mut set = |name: &str, value: Option<serde_json::Value>| {
                item.extend(value.map(|value| (name.to_owned(), value)));
            };
            set("title", post.title.as_ref().map(|title| json!(title)));
            set("date_published", post.date.map(|date| json!(date.rfc3339())));
            set("date_modified", post.seldom().updated.map(|date| json!(date.rfc3339())));
            set("tags", (!post.tags.is_empty()).then(|| json!(post.tags)));
            let authors: Vec<_> = details.authors.iter().map(|name| json!({ "name": name })).collect();
            set("authors", (!authors.is_empty()).then(|| json!(authors)));
            serde_json::Value::Object(item)
        };
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.blog.site.title,
            "home_page_url": format!("{root}/"),
            "feed_url": format!("{root}{}", encoded(address)),
            "language": self.language,
            "items": entries.iter().map(item).collect::<Vec<_>>(),
        });
        format!("{feed:#}\n")
    }

    fn feed_entry(&self, at: u32, others: &dyn Others) -> Entry<'_> {
        let placed = &self.blog.placed[at as usize];
        let link = format!("{}{}", self.root(), encoded(&placed.served.address));
        let (details, written) = others.body(at as usize);
        let own = details.extra.get(FEED_ID).and_then(Field::to_text);
        let kept = || placed.post.seldom().added.iter().find(|(name, _)| *name == FEED_ID).map(|(_, id)| id.clone());
        let id = own.or_else(kept).unwrap_or_else(|| link.clone());
        Entry { placed, link, id, details, content: without_controls(&formulas::as_typed(&written.text)) }
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
