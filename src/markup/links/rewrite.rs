//! How an address of the old page must be written on the new one.

use super::follow::{Form, Origin, Within};
use super::native::{self, Stands};
use crate::address::{Bundled, Found, readable, same};
use crate::markup::Crossing;
use crate::model::{Opened, Target};

/// A page whose links are written anew where they must be.
#[derive(Clone, Copy)]
pub struct Departure<'a> {
    pub origin: Origin<'a>,
    pub crossing: &'a Crossing,
}

impl<'a> Departure<'a> {
    /// The page of a post.
    pub fn new(post: &'a Opened, crossing: &'a Crossing) -> Self {
        Departure { origin: Origin { post, old: &crossing.old }, crossing }
    }

    /// The path below the host where the blog is served.
    pub fn base_path(&self) -> &'a str {
        &self.crossing.old.blog.site.base_path
    }

    /// How an address must be written to lead on the new site where it led on the old one; `None` where it does as
    /// typed.
    pub fn rewrite(&self, typed: &str, stands: Stands) -> Option<String> {
        let within = self.origin.within(typed).filter(|within| within.form != Form::OtherScheme)?;
        let document = match self.origin.found(&within) {
            Some(Found::Document(at)) => Some(at),
            Some(Found::File(at)) if let Some(bundled) = self.bundled(at) => {
                return Some(format!("{}{}", readable(&bundled.relative), within.rest));
            }
            // neither a page of the new site nor one that sends readers on stands there
            Some(Found::List(at)) if self.crossing.old.lists[at].is_left_to_the_host() => {
                let new = self.crossing.old.lists[at].address.as_deref()?;
                return Some(format!("{}{}{}", self.base_path(), readable(new), within.rest));
            }
            None => self.origin.source_file(typed),
            _ => None,
        };
        if let Some(native) = document.and_then(|at| native::link(self.crossing, at, &within.rest, stands)) {
            return Some(native);
        }
        match document.and_then(|at| self.moved(at, &within.below)) {
            Some(new) => Some(format!("{}{}{}", self.base_path(), readable(new), within.rest)),
            None if self.must_be_absolute(&within) => Some(within.rooted()),
            None => None,
        }
    }

    /// The place of a file beside the page, if it lies there.
    pub fn bundled(&self, file: usize) -> Option<&'a Bundled> {
        self.crossing.bundles.of_file(file)
    }

    /// The address of a document to which an old one no longer leads by itself. What sent readers on before still
    /// does, and stays as typed; so do links to a list, as long as the new site sends readers on to it.
    fn moved(&self, document: usize, old: &str) -> Option<&'a str> {
        let served = &self.crossing.placed[document].served;
        let own = same(&self.crossing.placed[document].post.address, old);
        let alive = same(&served.address, old)
            || ((!own || served.list.is_some()) && served.aliases.iter().any(|alias| same(alias, old)));
        (!alive).then_some(&*served.address)
    }

    /// An address with the blog's host becomes one without, so that it leads to the new site wherever that is shown;
    /// what is no part of the blog may be on the same host all the same. A relative one would mean something else on
    /// a page that is served from another folder.
    fn must_be_absolute(&self, within: &Within) -> bool {
        match within.form {
            Form::Host => self.origin.found(within).is_some(),
            Form::Internal => true,
            Form::Root | Form::OtherScheme => false,
            Form::Relative => moves(&self.origin.post.address, self.crossing.target),
        }
    }
}

/// Whether the target serves a page from another folder than the old site did: Zola every page without a slash at its
/// end, Hugo (`page_paths.go`) those without an extension as well.
fn moves(address: &str, target: Target) -> bool {
    let last = address.rsplit('/').next().unwrap_or("");
    match target {
        Target::Zola => !last.is_empty(),
        Target::Hugo => !last.is_empty() && !last.contains('.'),
        Target::Html => false,
    }
}
