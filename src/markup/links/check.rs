//! Links and pictures that lead nowhere: those that did on the old site already, of which the author learns, and those
//! that would only on the new one.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rayon::prelude::*;

use super::follow::Page;
use super::html::{addresses, ids};
use crate::address::Found;
use crate::ledger::{Code, Ledger};
use crate::markup::Context;
use crate::markup::pages::{new_page, old_page};
use crate::model::Place;
use crate::tree::{Node, NodeKind};

/// A link or picture within the blog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As typed.
    pub typed: String,
    /// Where.
    pub place: Place,
    /// The old address of what it led to; `None` where it led nowhere.
    pub old: Option<String>,
    /// It leads to something on the new site, although it led nowhere on the old one.
    pub repaired: bool,
    /// The document and the part of it that it leads to, if it names one.
    pub part: Option<(usize, String)>,
}

/// Every link and picture of a page that stays within the blog.
pub fn collect(page: Page<'_>, tree: &Node) -> Vec<Link> {
    let mut typed = Vec::new();
    in_tree(tree, &mut typed);
    typed.sort_unstable();
    typed.dedup();
    typed.into_iter().filter_map(|typed| link(page, typed)).collect()
}

fn in_tree(node: &Node, typed: &mut Vec<String>) {
    match &node.kind {
        NodeKind::Link { href, .. } => typed.push(href.clone()),
        NodeKind::Image { src, .. } => typed.push(src.clone()),
        NodeKind::Html(html) | NodeKind::HtmlBlock(html) => {
            typed.extend(addresses(html).into_iter().map(|(_, address)| address));
        }
        _ => {}
    }
    node.children.iter().for_each(|child| in_tree(child, typed));
}

fn link(page: Page<'_>, typed: String) -> Option<Link> {
    let (post, context) = (page.post, page.context);
    let place = || post.body.text.find(&typed).map_or(Place::file(&post.source), |at| post.place_of(at));
    if let Some(fragment) = typed.strip_prefix('#') {
        let fragment = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy().into_owned();
        let own = context.by_source.get(post.source.as_str()).copied()?;
        let part = Some((own, fragment)).filter(|(_, fragment)| names_a_part(fragment))?;
        let old = Some(post.address.clone());
        return Some(Link { place: place(), typed, old, repaired: false, part: Some(part) });
    }
    let within = page.within(&typed)?;
    let found = page.found(&within);
    if found.is_none() && made_by_a_theme(&within.below) {
        return None;
    }
    let old = found.map(|found| old_address(context, found));
    let repaired = found.is_none() && page.source_file(&typed).is_some();
    let part = match found {
        Some(Found::Document(at)) => Some((at, within.fragment())).filter(|(_, fragment)| names_a_part(fragment)),
        _ => None,
    };
    Some(Link { place: place(), typed, old, repaired, part })
}

/// The old address of what was found.
pub fn old_address(context: &Context<'_>, found: Found) -> String {
    match found {
        Found::Document(at) => context.posts[at].address.clone(),
        Found::File(at) => context.assets[at].address.clone(),
        Found::List(at) => context.lists[at].list.address.clone(),
    }
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

/// Enters every link that led nowhere on the old site.
pub fn report(links: &[Link], ledger: &mut Ledger) {
    for link in links.iter().filter(|link| link.old.is_none()) {
        let message = if link.repaired {
            "names a source file, which the old site did not have; it leads to its page now"
        } else {
            "leads to nothing that the blog publishes, and did not on the old site"
        };
        ledger.add_quoting(Code::LinkDeadBefore, link.place.clone(), message, &link.typed);
    }
}

/// Enters every link to a part of a page that is not there; `texts` are the translated bodies of all documents. Of a
/// link that led nowhere on the old site already, `old` becomes `None`. Returned is how many lead nowhere only now.
pub fn check_fragments(links: &mut [Link], texts: &[&str], context: &Context<'_>, ledger: &mut Ledger) -> usize {
    let asked: BTreeSet<usize> = links.iter().filter_map(|link| Some(link.part.as_ref()?.0)).collect();
    let asked: Vec<usize> = asked.into_iter().collect();
    let known: BTreeMap<usize, (HashSet<String>, HashSet<String>)> =
        asked.into_par_iter().map(|at| (at, parts(at, texts[at], context))).collect();
    let mut dead_now = 0;
    for link in links {
        let Some((at, fragment)) = &link.part else { continue };
        let Some((before, after)) = known.get(at) else { continue };
        if !before.contains(fragment) {
            link.old = None;
            let message = "leads to a part that the page does not have, and did not on the old site";
            ledger.add_quoting(Code::LinkDeadBefore, link.place.clone(), message, &link.typed);
        } else if !after.contains(fragment) {
            dead_now += 1;
            let message = format!("the part `#{fragment}` is no longer on {}", context.posts[*at].address);
            ledger.add_quoting(Code::LinkDead, link.place.clone(), message, &link.typed);
        }
    }
    dead_now
}

/// The ids on the old page of a document, and on the new one.
fn parts(at: usize, text: &str, context: &Context<'_>) -> (HashSet<String>, HashSet<String>) {
    let post = &context.posts[at];
    let before = ids(&old_page(post, context));
    let after = ids(&new_page(post, text, context));
    (before.into_iter().collect(), after.into_iter().collect())
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
