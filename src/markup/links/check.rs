//! Links and pictures within the blog, and those of them that lead nowhere: the ones that did on the old site already,
//! of which the author learns, and the ones that would only on the new one.

use memchr::memmem;

use super::cover::Cover;
use super::follow::{Form, Origin};
use super::html::{addresses, attributes_of};
use crate::address::Found;
use crate::ledger::{Code, Ledger};
use crate::markup::{OldPage, OldSite};
use crate::model::{Opened, Place};
use crate::tree::{Node, NodeKind};

/// A link or picture within the blog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As typed.
    pub typed: String,
    /// The field that it is the value of; it stands in the body where there is none.
    pub field: Option<Place>,
    /// What it led to; `None` where it led nowhere.
    pub found: Option<Found>,
    /// It leads to something on the new site, although it led nowhere on the old one.
    pub repaired: bool,
    /// It may have led to another site on the same host.
    pub anothers: bool,
    /// The document and the part of it that it leads to, if it names one.
    pub part: Option<Part>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The place of the document among all.
    pub document: usize,
    /// The id of the part, decoded.
    pub id: String,
}

impl Link {
    /// Where it stands in the source. What a template wrote stands where the name of what it leads to does, or else
    /// where the text begins.
    pub fn place(&self, post: &Opened) -> Place {
        let find = |what: &str| memmem::find(post.text.as_bytes(), what.as_bytes());
        let path = self.typed.split(['?', '#']).next().unwrap_or("").trim_end_matches('/');
        let name = path.rsplit('/').next().filter(|name| !name.is_empty());
        let in_body = || post.place_of(find(&self.typed).or_else(|| find(name?)).unwrap_or(0));
        self.field.clone().unwrap_or_else(in_body)
    }

    /// Enters a link that led to nothing that is known, and says whether it certainly led nowhere.
    pub fn report_dead(&self, post: &Opened, unseen: Option<&str>, ledger: &mut Ledger) -> bool {
        let unseen = unseen.or(self.anothers.then_some("another site on the same host"));
        let (code, message) = match (unseen, self.repaired) {
            (None, true) => (
                Code::LinkDeadBefore,
                "names a source file, which the old site did not have; it leads to its page now".to_owned(),
            ),
            (None, false) => (
                Code::LinkDeadBefore,
                "leads to nothing that the blog publishes, and did not on the old site".to_owned(),
            ),
            (Some(_), true) => (Code::LinkUnknown, "names a source file; it leads to its page now".to_owned()),
            (Some(unseen), false) => {
                (Code::LinkUnknown, format!("leads to nothing that postferry can see, but {unseen} may have made it"))
            }
        };
        ledger.add_quoting(code, self.place(post), message, &self.typed);
        unseen.is_none()
    }
}

/// Every link and picture of a page that stays within the blog, the cover first.
pub fn of_page(page: &OldPage<'_>, old: &OldSite) -> Vec<Link> {
    let origin = Origin { post: page.post, old };
    let cover = Cover::of(origin).map(|cover| cover.link(page.post));
    cover.into_iter().chain(page.addresses.iter().filter_map(|typed| link(origin, typed))).collect()
}

/// Every address that a tree names, in order, each once.
pub fn addresses_of(tree: &Node) -> Vec<String> {
    let mut typed = Vec::new();
    in_tree(tree, &mut typed);
    typed.sort_unstable();
    typed.dedup();
    typed
}

fn in_tree(node: &Node, typed: &mut Vec<String>) {
    match &node.kind {
        NodeKind::Link { href, .. } => typed.push(href.clone()),
        NodeKind::Image { src, .. } => typed.push(src.clone()),
        NodeKind::Html(html) | NodeKind::HtmlBlock(html) => {
            typed.extend(addresses(html).into_iter().map(|(_, address)| address));
        }
        NodeKind::Element(tag) => {
            typed.extend(
                attributes_of(tag.as_bytes()).iter().filter_map(|name| node.attribute(name)).map(str::to_owned),
            );
        }
        _ => {}
    }
    node.children.iter().for_each(|child| in_tree(child, typed));
}

pub(super) fn link(origin: Origin<'_>, typed: &str) -> Option<Link> {
    let part = |document, id: String| Some(Part { document, id }).filter(|part| names_a_part(&part.id));
    if let Some(fragment) = typed.strip_prefix('#') {
        let fragment = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy().into_owned();
        let own = origin.old.blog.place_of_source(&origin.post.source)?;
        let part = Some(part(own, fragment)?);
        return Some(Link {
            typed: typed.to_owned(),
            field: None,
            found: Some(Found::Document(own)),
            repaired: false,
            anothers: false,
            part,
        });
    }
    let within = origin.within(typed)?;
    let found = origin.found(&within);
    if matches!(found, None | Some(Found::LeftBehind)) && made_by_a_theme(&within.below) {
        return None;
    }
    let repaired = found.is_none() && origin.source_file(typed).is_some();
    let part = match found {
        Some(Found::Document(at)) => part(at, within.fragment()),
        _ => None,
    };
    let anothers = within.form != Form::Relative && origin.old.is_perhaps_anothers(&within.below);
    Some(Link { typed: typed.to_owned(), field: None, found, repaired, anothers, part })
}

/// Browsers scroll to the top for `#` and `#top`. Comments and the mark of an excerpt are a theme's.
fn names_a_part(fragment: &str) -> bool {
    !matches!(fragment, "" | "top" | "more" | "comments" | "disqus_thread") && !fragment.starts_with(['!', '/'])
}

/// Lists that plugins and themes make for themselves, which nobody can ask here.
fn made_by_a_theme(address: &str) -> bool {
    const MADE: [&str; 8] = ["/tags", "/tag", "/categories", "/category", "/archives", "/archive", "/page", "/feed"];
    let made =
        |made: &str| address.strip_prefix(made).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']));
    MADE.into_iter().any(made) || address == "/" || address.ends_with(".xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_themes_are_nobodys_to_check() {
        for address in ["/", "/tags/x/", "/feed.xml", "/archives", "/atom.xml"] {
            assert!(made_by_a_theme(address), "{address}");
        }
        for address in ["/tagsoup/", "/a.png"] {
            assert!(!made_by_a_theme(address), "{address}");
        }
    }
}
