//! The page of a document.

use minijinja::{Value, context};
use serde_json::json;

use super::highlight::highlight;
use super::open::end_tags;
use super::pages::{HtmlPages, ListPage};
use super::reading::{Heading, Reading, plain};
use super::rows::{day, shown_title, term_rows};
use crate::address::{Placed, encoded, runs};
use crate::model::{Details, DocumentKind, Moment, Taxonomy, Teaser, Written};
use crate::write::{Finished, Others, Rendered, Theme, redirect};

/// How much of a document lists show, in columns.
const TEASER: usize = 220;

/// How much of a summary that the author wrote.
const SUMMARY: usize = 480;

impl HtmlPages {
    /// The page of a document, and of the list that it stands for.
    pub(super) fn entry(&self, at: usize, document: Finished<'_>, others: &dyn Others) -> Rendered {
        let Finished { details, written, teaser } = document;
        let Placed { post, served, .. } = &self.blog.placed[at];
        let highlighted = (self.blog.theme == Theme::Starter).then(|| highlight(&written.text)).flatten();
        let is_post = post.kind == DocumentKind::Post;
        let summary = written.summary.as_deref().map(plain);
        let address = format!("{}{}", self.root(), encoded(&served.address));
        let cover = written.cover.as_deref().filter(|address| !runs(address));
        let begins = || teaser.filter(|_| is_post).map(|teaser| teaser.text.clone());
        let description = details.description.clone().or_else(begins);
        let description = description.filter(|text| !text.is_empty());
        let [older, newer] = self.neighbours(at).map(|at| at.map(|at| self.row(at).value()));
        let list = self.list_below(at, &written.text);
        let heading = self.heading_of(at);
        let redirect_to = post.seldom().redirect_to.as_deref().map(|to| redirect::target(&self.blog.site, to));
        let minutes = teaser.map(|teaser| teaser.minutes).filter(|minutes| is_post && *minutes > 0);
        let minutes = minutes.map(|minutes| self.label("minutes").replace("{n}", &minutes.to_string()));
        let language = details.language.as_deref();
        let headings = if details.toc == Some(true) { Reading::of(&written.text, 0).headings } else { Vec::new() };
        let below = match list {
            Some(ListPage::Front(page)) => self.front(page, others),
            Some(ListPage::Posts { entries, .. }) => context! { years => self.by_year(entries) },
            Some(ListPage::Terms { taxonomy, terms }) => {
                context! { taxonomy => taxonomy.name(), term_rows => term_rows(terms) }
            }
            _ => context! {},
        };
        let page = context! {
            title => post.title.clone(),
            shown_title => self.shown_title(at, heading.as_deref()),
            source => &*post.source,
            is_post,
            is_home => &*served.address == "/",
            published => post.date.map(Moment::rfc3339),
            published_day => post.date.map(day),
            updated => post.seldom().updated.map(Moment::rfc3339),
            updated_day => post.seldom().updated.map(day),
            description => description.as_deref(),
            summary => summary.as_deref(),
            cover,
            cover_address => cover.map(|cover| self.absolute(cover)),
            // a picture that the text begins with is not shown twice
            shows_cover => cover.is_some_and(|cover| !written.text.contains(cover)),
            minutes,
            toc => headings.len() > 1,
            headings => headings.into_iter().map(|Heading { level, id, text }| context! { level, id, text }).collect::<Vec<_>>(),
            authors => details.authors.clone(),
            page_language => language,
            redirect_to => redirect_to,
            categories => post.categories.iter().flatten().map(|name| self.term(Taxonomy::Categories, name)).collect::<Vec<_>>(),
            tags => post.tags.iter().map(|name| self.term(Taxonomy::Tags, name)).collect::<Vec<_>>(),
            content => highlighted.as_deref().unwrap_or(&written.text),
            left_open => end_tags(&written.text),
            comments => details.comments,
            address => address.as_str(),
            old_address => &*post.address,
            json_ld => is_post.then(|| Value::from_safe_string(self.json_ld(at, details, (&address, cover, description.as_deref())))),
            older,
            newer,
            heading,
            has_list => list.is_some(),
        };
        self.render("page.html", context! { ..page, ..below })
    }

    /// What a page is called in the title of its window: by its title, by what it lists, or by the blog's name.
    fn shown_title(&self, at: usize, heading: Option<&str>) -> String {
        let Placed { post, served, .. } = &self.blog.placed[at];
        let own = post.title.as_deref().filter(|title| !title.trim().is_empty());
        let home = (&*served.address == "/").then_some(&*self.blog.site.title);
        let other = heading.filter(|heading| !heading.is_empty()).or(home);
        own.or(other).unwrap_or(&served.address).to_owned()
    }

    /// What lists show of a document: its summary, or how it begins.
    pub(super) fn teaser_of(&self, details: &Details, written: &Written) -> Teaser {
        let is_said = |text: &String| !text.is_empty();
        let Reading { beginning, minutes, .. } = Reading::of(&written.text, TEASER);
        let summary = written.summary.as_deref().map(|summary| Reading::of(summary, SUMMARY).beginning);
        let text = summary.filter(is_said).or_else(|| details.description.clone()).unwrap_or(beginning);
        Teaser { text, cover: written.cover.as_deref().filter(|address| !runs(address)).map(str::to_owned), minutes }
    }

    /// An address of the blog with its host, where that is known.
    fn absolute(&self, href: &str) -> String {
        let is_rooted = href.starts_with('/') && !href.starts_with("//");
        if is_rooted { format!("{}{href}", self.blog.site.host) } else { href.to_owned() }
    }

    /// What search engines are told of a post (schema.org, `BlogPosting`).
    fn json_ld(
        &self,
        at: usize,
        details: &Details,
        (address, cover, description): (&str, Option<&str>, Option<&str>),
    ) -> String {
        let post = &self.blog.placed[at].post;
        let mut data = serde_json::Map::from_iter([
            ("@context".to_owned(), json!("https://schema.org")),
            ("@type".to_owned(), json!("BlogPosting")),
            ("headline".to_owned(), json!(shown_title(post.title.as_deref(), &post.address))),
            ("url".to_owned(), json!(address)),
        ]);
        let mut set = |name: &str, value: Option<serde_json::Value>| {
            data.extend(value.map(|value| (name.to_owned(), value)));
        };
        set("datePublished", post.date.map(|date| json!(date.rfc3339())));
        set("dateModified", post.seldom().updated.map(|date| json!(date.rfc3339())));
        set("description", description.map(|text| json!(text)));
        set("image", cover.map(|cover| json!(self.absolute(cover))));
        let authors: Vec<_> = details.authors.iter().map(|name| json!({ "@type": "Person", "name": name })).collect();
        set("author", (!authors.is_empty()).then(|| json!(authors)));
        set("keywords", (!post.tags.is_empty()).then(|| json!(post.tags)));
        // HTML ends a script at `</script`, whatever it is within
        serde_json::Value::Object(data)
            .to_string()
            .replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026")
    }
}
