//! The lead image of a post: a field, but an address all the same.

use super::check::{Link, old_address};
use super::follow::Page;
use crate::address::{Found, readable};
use crate::model::Place;

/// The cover of a post as it must be written on the new site, and the link that it is; `None` where it is elsewhere or
/// no file at all. Themes show covers on lists too, so that what was relative becomes absolute.
pub fn cover(page: Page<'_>) -> Option<(String, Link)> {
    let typed = page.post.cover.as_deref().filter(|typed| is_file(typed))?;
    let own = page.within(typed);
    let (within, found) = match own.as_ref().and_then(|own| page.found(own)) {
        Some(found) => (own?, Some(found)),
        None => {
            // many themes put the root, or the base path, in front of what is written
            let rooted = page.within(&format!("{}/{}", page.context.site.base_path, typed.trim_start_matches('/')));
            match rooted.as_ref().and_then(|rooted| page.found(rooted)) {
                Some(found) if !typed.contains("://") => (rooted?, Some(found)),
                _ => (own?, None),
            }
        }
    };
    let field = page.post.fields.values().find(|field| field.value.as_str() == Some(typed));
    let place = field.map_or_else(|| Place::file(&page.post.source), |field| field.place.clone());
    let old = found.map(|found| old_address(page.context, found));
    let bundled = match found {
        Some(Found::File(at)) => page.bundled(at),
        _ => None,
    };
    let written = if let Some(bundled) = bundled {
        format!("{}{}", page.context.site.base_path, readable(&bundled.address))
    } else if old.is_some() {
        within.rooted()
    } else {
        typed.to_owned()
    };
    Some((written, Link { typed: typed.to_owned(), place, old, repaired: false, part: None }))
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
