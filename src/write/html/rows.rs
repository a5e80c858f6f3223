//! What lists show of documents and terms.

use minijinja::{Value, context};

use super::pages::{FrontPage, HtmlPages, ListPage};
use crate::model::{Moment, Shows, Taxonomy};
use crate::write::Others;

/// A document in a list.
#[derive(Hash)]
pub struct Row {
    title: String,
    href: String,
    published: Option<String>,
    day: Option<String>,
    pinned: bool,
}

impl Row {
    /// As templates see it.
    pub fn value(self) -> Value {
        let Row { title, href, published, day, pinned } = self;
        context! { title, href, published, day, pinned }
    }
}

/// A term in the list of all, which goes through their tree from top to bottom.
#[derive(Hash)]
pub struct TermRow {
    /// The term.
    pub name: String,
    /// Where its documents are listed.
    pub href: String,
    /// How many documents have it.
    pub count: usize,
    /// Whether what follows is below it.
    pub opens: bool,
    /// How many levels end with it.
    pub closes: usize,
}

/// Terms as templates see them.
pub fn term_rows(terms: &[TermRow]) -> Value {
    let value = |TermRow { name, href, count, opens, closes }: &TermRow| {
        context! { name, href, count, opens, closes }
    };
    Value::from(terms.iter().map(value).collect::<Vec<_>>())
}

impl HtmlPages {
    /// A document in a list.
    pub(super) fn row(&self, at: u32) -> Row {
        let placed = &self.blog.placed[at as usize];
        let post = &placed.post;
        Row {
            title: shown_title(post.title.as_deref(), &placed.served.address),
            href: self.href(&placed.served.address),
            published: post.date.map(Moment::rfc3339),
            day: post.date.map(day),
            pinned: post.seldom().pinned.is_some_and(|pinned| pinned > 0),
        }
    }

    /// Documents by the years of their days, in the order that they are in.
    pub(super) fn by_year(&self, entries: &[u32]) -> Value {
        let mut years: Vec<(Option<String>, Vec<Value>)> = Vec::new();
        for at in entries {
            let row = self.row(*at);
            let year = row.day.as_deref().and_then(|day| day.split('-').next()).map(str::to_owned);
            match years.last_mut() {
                Some((of, rows)) if *of == year => rows.push(row.value()),
                _ => years.push((year, vec![row.value()])),
            }
        }
        let years = years.into_iter().map(|(year, rows)| context! { year, rows });
        Value::from(years.collect::<Vec<_>>())
    }

    /// A page of the blog's first: documents with how they begin, and where the other pages are.
    pub(super) fn front(&self, page: &FrontPage, others: &dyn Others) -> Value {
        let entry = |at: &u32| {
            let post = &self.blog.placed[*at as usize].post;
            let teaser = others.teaser(*at as usize);
            context! {
                row => self.row(*at).value(),
                excerpt => teaser.map(|teaser| teaser.text.as_str()).unwrap_or_default(),
                cover => teaser.and_then(|teaser| teaser.cover.clone()),
                terms => post.tags.iter().map(|tag| self.term(Taxonomy::Tags, tag)).collect::<Vec<_>>(),
            }
        };
        let href = |number: Option<usize>| number.and_then(|number| page.all.get(number)).map(|to| self.href(to));
        let number = page.number + 1;
        context! {
            entries => page.entries.iter().map(entry).collect::<Vec<_>>(),
            heading => (page.number > 0).then(|| self.label("page").replace("{n}", &number.to_string())),
            newer => href(page.number.checked_sub(1)),
            older => href(Some(page.number + 1)),
            of => page.all.len(),
            more => page.leaves_out,
        }
    }

    /// A term of a document.
    pub(super) fn term(&self, taxonomy: Taxonomy, name: &str) -> Value {
        let href = self.href(&self.address_of(&Shows::Term(taxonomy, name.to_owned())));
        context! { taxonomy => taxonomy.name(), name, href }
    }

    /// What a list is about.
    pub(super) fn heading(&self, list: &ListPage) -> String {
        let label = |name: &str| self.label(name).to_owned();
        match list {
            ListPage::Posts { heading, .. } if heading.is_empty() => label("archive"),
            ListPage::Posts { heading, .. } => heading.clone(),
            ListPage::Terms { taxonomy, .. } => label(taxonomy.name()),
            _ => String::new(),
        }
    }
}

/// What a document is called where it is only named: by its title, or else by its address.
pub fn shown_title(title: Option<&str>, address: &str) -> String {
    title.filter(|title| !title.trim().is_empty()).unwrap_or(address).to_owned()
}

/// The day of a moment where it was written.
pub fn day(moment: Moment) -> String {
    moment.civil().date().to_string()
}
