//! The address book: each address of the old site beside the one of the new.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::lists::{bare, same};
use super::{Bundles, Name, Placed, Served, ServedList, shared};
use crate::model::Asset;

/// What was at an old address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A post, page or collection item.
    Document,
    /// An address that led to a document.
    Alias,
    /// A list of documents.
    List,
    /// A feed.
    Feed,
    /// Any other file.
    File,
}

impl What {
    /// The stable name, as results show it.
    pub fn name(self) -> &'static str {
        match self {
            What::Document => "document",
            What::Alias => "alias",
            What::List => "list",
            What::Feed => "feed",
            What::File => "file",
        }
    }
}

impl Serialize for What {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// How an old address is answered now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// By what was there before.
    Same,
    /// By a page of the new site that sends its readers on.
    Alias,
    /// Not by the new site: its host must send readers on.
    Redirect,
    /// By nothing.
    Gone,
}

impl Answer {
    /// The stable name, as results show it.
    pub fn name(self) -> &'static str {
        match self {
            Answer::Same => "same",
            Answer::Alias => "alias",
            Answer::Redirect => "redirect",
            Answer::Gone => "gone",
        }
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// An address of the old site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The old address below the base path: leading slash, decoded.
    pub old: Arc<str>,
    /// Where its content is now, in the same form; `None` where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Arc<str>>,
    /// What was there.
    pub what: What,
    /// How it is answered.
    pub answer: Answer,
    /// The source file, below the site's root.
    pub source: Arc<str>,
}

/// Every address of the old site, in the order of the old addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Book {
    rows: Vec<Row>,
}

impl Book {
    /// The book of a blog: where its documents and lists are served, and which of its other files the new site holds.
    pub fn new(
        placed: &[Placed],
        lists: &[ServedList],
        (assets, bundles): (&[Asset], &Bundles),
        held: &HashSet<&str>,
    ) -> Self {
        let mut rows = Vec::new();
        for Placed { post, served, .. } in placed.iter().filter(|placed| !placed.post.draft) {
            let olds = std::iter::once((&post.address, What::Document));
            for (old, what) in olds.chain(post.seldom().aliases.iter().map(|alias| (alias, What::Alias))) {
                let row = |answer| Row {
                    old: Arc::clone(old),
                    new: Some(served.address.clone()),
                    what,
                    answer,
                    source: post.source.clone(),
                };
                rows.push(row(served.answer(old)));
            }
        }
        rows.extend(lists.iter().map(ServedList::row));
        let documents: HashSet<Name> = rows.iter().map(|row| Name::of(bare(&row.old))).collect();
        // of a file and a document at one address the old site showed one
        let own = assets.iter().enumerate().filter(|(_, asset)| !documents.contains(&Name::of(bare(&asset.address))));
        for (at, asset) in own {
            let new = bundles.of_file(at).map_or(&*asset.address, |bundled| &bundled.address);
            let answer = match held.contains(&*asset.source) {
                true if same(new, &asset.address) => Answer::Same,
                true => Answer::Redirect,
                false => Answer::Gone,
            };
            rows.push(Row {
                old: asset.address.clone(),
                new: (answer != Answer::Gone).then(|| shared(new.to_owned(), &asset.address)),
                what: What::File,
                answer,
                source: asset.source.clone(),
            });
        }
        rows.sort_by(|a, b| (&a.old, a.answer, &a.source).cmp(&(&b.old, b.answer, &b.source)));
        // two documents at one address: the old site showed one of them, and so does the new one
        rows.dedup_by(|a, b| a.old == b.old);
        rows.shrink_to_fit();
        Book { rows }
    }

    /// Whether a link to an old address leads nowhere on the new site. Links to what moved are written anew.
    pub fn leaves_dead(&self, old: &str) -> bool {
        let row = self.rows.binary_search_by(|row| (*row.old).cmp(old)).map(|at| &self.rows[at]);
        row.is_ok_and(|row| row.answer == Answer::Gone)
    }

    /// The rows, in the order of the old addresses.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many addresses are answered in one way.
    pub fn count(&self, answer: Answer) -> usize {
        self.rows.iter().filter(|row| row.answer == answer).count()
    }
}

impl Served {
    /// How an old address of the document is answered.
    fn answer(&self, old: &str) -> Answer {
        if same(&self.address, old) {
            Answer::Same
        } else if self.aliases.iter().any(|alias| same(alias, old)) {
            Answer::Alias
        } else {
            Answer::Redirect
        }
    }
}

impl ServedList {
    fn row(&self) -> Row {
        let answer = match &self.address {
            None => Answer::Gone,
            Some(new) if same(new, &self.list.address) => Answer::Same,
            Some(_) if self.is_left_to_the_host() => Answer::Redirect,
            Some(_) => Answer::Alias,
        };
        Row {
            old: self.list.address.as_str().into(),
            new: self.address.as_deref().map(Arc::from),
            what: if self.list.is_feed() { What::Feed } else { What::List },
            answer,
            source: self.list.source.as_str().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_address_is_answered_by_the_page_an_alias_or_the_host() {
        let served = Served { address: "/a/".into(), aliases: vec!["/a.html".into()], list: None };
        for (old, answer) in
            [("/a/", Answer::Same), ("/a", Answer::Same), ("/a.html", Answer::Alias), ("/b/", Answer::Redirect)]
        {
            assert_eq!(served.answer(old), answer, "{old}");
        }
    }

    #[test]
    fn a_file_that_the_new_site_does_not_hold_is_gone() {
        let asset = |name: &str| Asset { source: name.into(), address: format!("/{name}").into() };
        let book =
            Book::new(&[], &[], (&[asset("b.png"), asset("a.png")], &Bundles::default()), &HashSet::from(["a.png"]));
        let rows: Vec<_> = book.rows().iter().map(|row| (&*row.old, row.new.as_deref(), row.answer)).collect();
        assert_eq!(rows, [("/a.png", Some("/a.png"), Answer::Same), ("/b.png", None, Answer::Gone)]);
    }
}
