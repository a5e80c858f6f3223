//! What a page was carried over by: where each of its addresses within the blog led, and how it must be written now. As
//! long as all of that stands, the page comes out the same.

use std::sync::Arc;

use super::check::link;
use super::cover::Cover;
use super::follow::Origin;
use super::native::Stands;
use super::rewrite::Departure;
use crate::address::Found;
use crate::markup::{Crossing, OldPage};
use crate::model::{Details, Opened, Post};

/// Where an address leads, in all that shows of it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    /// What it led to: of what kind it is, its address, and the document and the part that are named.
    found: Option<(u8, String)>,
    part: Option<(Arc<str>, String)>,
    repaired: bool,
    anothers: bool,
    /// How it is written, in Markdown and in HTML.
    pub written: [Option<String>; 2],
    /// The old address that it leads to.
    pub old: Option<String>,
}

/// The addresses of a page that lead somewhere within the blog, or may.
pub fn asked(page: &OldPage<'_>, crossing: &Crossing) -> Vec<String> {
    let origin = Origin { post: page.post, old: &crossing.old };
    let typed = page.addresses.iter().cloned().chain(Cover::asked(origin));
    typed.filter(|typed| typed.starts_with('#') || origin.within(typed).is_some()).collect()
}

/// Where addresses of a document lead.
pub fn standing(post: &Arc<Post>, crossing: &Crossing, typed: &str) -> Standing {
    // an address is followed from where the page was, whatever else is on it
    let page = Opened::new(post.clone(), Details::default(), String::new());
    let departure = Departure::new(&page, crossing);
    let link = link(departure.origin, typed);
    let found = link.as_ref().and_then(|link| link.found);
    let old = found.map(|found| crossing.old.address(found).to_owned());
    let kind = |found| match found {
        Found::Document(_) => 0,
        Found::File(_) => 1,
        Found::List(_) => 2,
        Found::LeftBehind => 3,
    };
    let part = link.as_ref().and_then(|link| link.part.as_ref());
    let source = |document: usize| crossing.placed[document].post.source.clone();
    Standing {
        found: found.map(|found| (kind(found), crossing.old.address(found).to_owned())),
        part: part.map(|part| (source(part.document), part.id.clone())),
        repaired: link.as_ref().is_some_and(|link| link.repaired),
        anothers: link.as_ref().is_some_and(|link| link.anothers),
        written: [Stands::InMarkdown, Stands::InHtml].map(|stands| departure.rewrite(typed, stands)),
        old,
    }
}
