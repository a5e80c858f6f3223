//! What stands around the items of an export (wp-admin/includes/export.php): the site, its authors and its terms.

use indexmap::IndexMap;

use super::text::{plain, slug_of};
use crate::wxr::Element;

/// The head of an export, or of several that are parts of one.
#[derive(Debug, Default)]
pub struct Head {
    /// The site's title.
    pub title: String,
    /// What the site is about.
    pub description: String,
    /// The address of the site.
    pub link: String,
    /// Its language.
    pub language: String,
    /// The names to show of authors, by the names that they log in with.
    pub authors: IndexMap<String, String>,
    /// Categories by their slugs.
    pub categories: IndexMap<String, Category>,
    /// The slugs of tags by their names.
    pub tags: IndexMap<String, String>,
}

/// A category.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Category {
    /// The name to show.
    pub name: String,
    /// The slug of the one above it; empty where there is none.
    pub parent: String,
}

/// A circle of categories is as deep as a site's can be.
const DEEPEST: usize = 20;

impl Head {
    /// Adds what a part of an export says.
    pub fn add(&mut self, piece: &str) {
        let all = Element::of(piece);
        let Some(channel) = all.child("rss").and_then(|rss| rss.child("channel")).or_else(|| all.child("channel"))
        else {
            return;
        };
        let fill = |place: &mut String, said: &str| {
            if place.is_empty() {
                *place = said.to_owned();
            }
        };
        fill(&mut self.title, &plain(channel.said("title")).0);
        fill(&mut self.description, &plain(channel.said("description")).0);
        // of a network the one is the address of the blog, and the other that of the network
        fill(&mut self.link, channel.said("wp:base_blog_url"));
        fill(&mut self.link, channel.said("link"));
        fill(&mut self.link, channel.said("wp:base_site_url"));
        fill(&mut self.language, channel.said("language"));
        channel.all("wp:author").for_each(|author| self.author(author));
        for category in channel.all("wp:category") {
            let [slug, parent, name] = ["wp:category_nicename", "wp:category_parent", "wp:cat_name"];
            self.category(category.said(slug), category.said(parent), category.said(name));
        }
        for tag in channel.all("wp:tag") {
            self.tag(tag.said("wp:tag_slug"), tag.said("wp:tag_name"));
        }
        // in exports of one type all terms stand so
        for term in channel.all("wp:term") {
            let [slug, parent, name] = ["wp:term_slug", "wp:term_parent", "wp:term_name"].map(|key| term.said(key));
            match term.said("wp:term_taxonomy") {
                "category" => self.category(slug, parent, name),
                "post_tag" => self.tag(slug, name),
                _ => {}
            }
        }
    }

    fn author(&mut self, author: &Element) {
        let login = author.said("wp:author_login");
        let names = [author.said("wp:author_display_name").to_owned(), full_name(author), login.to_owned()];
        let name = names.into_iter().find(|name| !name.trim().is_empty()).unwrap_or_default();
        self.authors.entry(login.to_owned()).or_insert_with(|| plain(&name).0);
    }

    fn category(&mut self, slug: &str, parent: &str, name: &str) {
        let category = Category { name: plain(name).0, parent: slug_of(parent) };
        self.categories.entry(slug_of(slug)).or_insert(category);
    }

    fn tag(&mut self, slug: &str, name: &str) {
        self.tags.entry(plain(name).0).or_insert_with(|| slug_of(slug));
    }

    /// The slugs of a category and of those above it, from the root on. Where the head does not know it, it has none.
    pub fn path(&self, slug: &str) -> Vec<String> {
        let mut path = vec![slug.to_owned()];
        while let Some(category) = path.last().and_then(|slug| self.categories.get(slug)) {
            if category.parent.is_empty() || path.contains(&category.parent) || path.len() >= DEEPEST {
                break;
            }
            path.push(category.parent.clone());
        }
        path.reverse();
        path
    }

    /// The name of a category; its slug where nothing says it.
    pub fn name_of<'a>(&'a self, slug: &'a str) -> &'a str {
        self.categories.get(slug).map(|category| &*category.name).filter(|name| !name.is_empty()).unwrap_or(slug)
    }
}

fn full_name(author: &Element) -> String {
    format!("{} {}", author.said("wp:author_first_name"), author.said("wp:author_last_name")).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_parts_are_one() {
        let mut head = Head::default();
        head.add(
            "<rss><channel><title>A &amp;amp; B</title><link>http://a.example/blog</link>\
             <wp:base_site_url>http://a.example/</wp:base_site_url><wp:base_blog_url>http://a.example/blog</wp:base_blog_url>\
             <wp:author><wp:author_login>x</wp:author_login><wp:author_first_name>X</wp:author_first_name></wp:author>\
             <wp:category><wp:category_nicename>in</wp:category_nicename><wp:category_parent>out</wp:category_parent><wp:cat_name>In</wp:cat_name></wp:category>\
             </channel></rss>",
        );
        head.add(
            "<channel><title>Other</title><wp:term><wp:term_taxonomy>category</wp:term_taxonomy><wp:term_slug>out</wp:term_slug>\
             <wp:term_parent>in</wp:term_parent><wp:term_name>Out</wp:term_name></wp:term></channel>",
        );
        assert_eq!((&*head.title, &*head.link), ("A & B", "http://a.example/blog"));
        assert_eq!(head.authors.get("x").map(String::as_str), Some("X"));
        // each is above the other
        assert_eq!(head.path("in"), ["out", "in"]);
        assert_eq!((head.name_of("out"), head.name_of("none")), ("Out", "none"));
    }
}
