//! The pages of a plain HTML tree, by templates.

use minijinja::{AutoEscape, Environment, Output, State, context};

use crate::markup::html::escape_attribute;
use crate::model::{Moment, Post};
use crate::write::paths::safe_name;
use crate::write::{Blog, Theme};

/// The templates, ready to render.
pub struct Pages {
    environment: Environment<'static>,
    base: String,
    title: String,
    language: String,
    styled: bool,
}

const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("../../../templates/html/base.html")),
    ("page.html", include_str!("../../../templates/html/page.html")),
    ("listing.html", include_str!("../../../templates/html/listing.html")),
    ("terms.html", include_str!("../../../templates/html/terms.html")),
    ("redirect.html", include_str!("../../../templates/html/redirect.html")),
];

/// Escapes what HTML needs escaped and no more: the slashes of an address stay slashes.
fn escape(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &minijinja::Value) -> Result<(), minijinja::Error> {
    let mut text = String::new();
    match value.as_str() {
        _ if value.is_undefined() || value.is_none() => {}
        Some(plain) if value.is_safe() => text.push_str(plain),
        Some(plain) => escape_attribute(plain, &mut text),
        None => escape_attribute(&value.to_string(), &mut text),
    }
    Ok(out.write_str(&text)?)
}

impl Pages {
    /// The templates for a blog.
    pub fn new(blog: &Blog<'_>) -> Self {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(escape);
        for (name, text) in TEMPLATES {
            // the templates are part of the program; a test renders each of them
            let _ = environment.add_template(name, text);
        }
        Pages {
            environment,
            base: blog.site.base_path.clone(),
            title: blog.site.title.clone(),
            language: blog.site.language.clone().unwrap_or_else(|| "en".to_owned()),
            styled: blog.theme == Theme::Starter,
        }
    }

    fn render(&self, name: &str, values: minijinja::Value) -> String {
        let shared = context! { base => self.base.as_str(), site_title => self.title.as_str(), language => self.language.as_str(), styled => self.styled };
        let values = context! { ..values, ..shared };
        self.environment
            .get_template(name)
            .and_then(|template| template.render(values))
            .unwrap_or_else(|error| format!("<!-- {error} -->"))
    }

    /// A document.
    pub fn document(&self, post: &Post) -> String {
        let term = |taxonomy: &'static str, name: &String| context! { taxonomy, name, href => format!("{}/{taxonomy}/{}/", self.base, safe_name(name)) };
        let terms: Vec<minijinja::Value> = post
            .categories
            .iter()
            .flatten()
            .map(|name| term("categories", name))
            .chain(post.tags.iter().map(|name| term("tags", name)))
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
                    href => format!("{}{}", self.base, encode(address)),
                    published => post.date.map(Moment::rfc3339),
                    published_day => post.date.map(day),
                }
            })
            .collect();
        self.render("listing.html", context! { heading, entries })
    }

    /// All terms of a taxonomy with how many documents have each.
    pub fn terms(&self, taxonomy: &str, terms: &[(String, usize)]) -> String {
        let terms: Vec<minijinja::Value> = terms
            .iter()
            .map(|(name, count)| context! { name, count, href => format!("{}/{taxonomy}/{}/", self.base, safe_name(name)) })
            .collect();
        self.render("terms.html", context! { heading => taxonomy, terms })
    }

    /// A page that sends its readers on.
    pub fn redirect(&self, to: &str) -> String {
        let to = if to.contains("://") { to.to_owned() } else { format!("{}{}", self.base, encode(to)) };
        self.render("redirect.html", context! { to })
    }
}

fn day(moment: Moment) -> String {
    moment.civil().date().to_string()
}

/// Characters that cannot stand in an address are percent-encoded; letters of any script stay readable.
fn encode(address: &str) -> String {
    const MARKS: &percent_encoding::AsciiSet =
        &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'#').add(b'?').add(b'%');
    address
        .split_inclusive(|c: char| !c.is_ascii())
        .map(|part| match part.char_indices().next_back() {
            Some((at, last)) if !last.is_ascii() => {
                format!("{}{last}", percent_encoding::utf8_percent_encode(&part[..at], MARKS))
            }
            _ => percent_encoding::utf8_percent_encode(part, MARKS).to_string(),
        })
        .collect()
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

    #[test]
    fn addresses_are_encoded_where_they_must_be() {
        assert_eq!(encode("/a b/文 章#1/"), "/a%20b/文%20章%231/");
    }
}
