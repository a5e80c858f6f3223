//! The lead image of a post: a field, but an address all the same.

use super::Link;
use super::follow::{Origin, Within};
use super::pictures;
use super::rewrite::Departure;
use crate::address::{Found, readable};
use crate::model::{Opened, Place};

/// The lead image of a post as an address within the blog.
pub struct Cover<'a> {
    typed: &'a str,
    within: Within,
    found: Option<Found>,
}

impl<'a> Cover<'a> {
    /// The cover of a post; `None` where it is elsewhere or no file at all.
    pub fn of(origin: Origin<'a>) -> Option<Self> {
        let typed = origin.post.details.cover.as_deref().filter(|typed| is_file(typed))?;
        for meant in meanings(typed, origin) {
            let Some(within) = origin.within(&meant) else { continue };
            if let Some(found) = origin.found(&within) {
                return Some(Cover { typed, within, found: Some(found) });
            }
        }
        Some(Cover { typed, within: origin.within(typed)?, found: None })
    }

    /// Every address that the cover of a post may be meant for.
    pub fn asked(origin: Origin<'a>) -> Vec<String> {
        let typed = origin.post.details.cover.as_deref().filter(|typed| is_file(typed));
        typed.map(|typed| meanings(typed, origin)).unwrap_or_default()
    }

    /// The link that it is.
    pub fn link(&self, post: &Opened) -> Link {
        let field = post.details.fields.values().find(|field| field.value.as_str() == Some(self.typed));
        let field = field.map_or_else(|| Place::file(post.source.clone()), |field| field.place.clone());
        Link {
            typed: self.typed.to_owned(),
            field: Some(field),
            found: self.found,
            repaired: false,
            anothers: false,
            part: None,
        }
    }

    /// How it must be written on the new site. Themes show covers on lists too, so that what was relative becomes
    /// absolute.
    pub fn written(&self, page: Departure<'_>) -> String {
        let bundled = match self.found {
            Some(Found::File(at)) => page.bundled(at),
            _ => None,
        };
        match (bundled, self.found) {
            (Some(bundled), _) => format!("{}{}", page.base_path(), readable(&bundled.address)),
            (None, Some(_)) => self.within.rooted(),
            (None, None) => self.typed.to_owned(),
        }
    }
}

/// As typed; and many themes put the root, or the base path, in front of what is written, and some a folder.
fn meanings(typed: &str, origin: Origin<'_>) -> Vec<String> {
    let mut meant = vec![typed.to_owned()];
    if !typed.contains("://") {
        let base_path = &origin.old.blog.site.base_path;
        meant.push(format!("{base_path}/{}", typed.trim_start_matches('/')));
        meant.extend(pictures::address_of(typed, origin.post, &origin.old.blog));
    }
    meant
}

/// A cover can also be a colour or the name of a style.
fn is_file(typed: &str) -> bool {
    let path = typed.split(['?', '#']).next().unwrap_or("");
    let name = path.rsplit('/').next().unwrap_or("");
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && (2..=5).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_are_covers() {
        for typed in ["a.png", "/img/b.jpeg?x", "../c.webp"] {
            assert!(is_file(typed), "{typed}");
        }
        for typed in ["#fff", "blue", "rgb(0.5, 1)", "/img/"] {
            assert!(!is_file(typed), "{typed}");
        }
    }
}
