//! Addresses: every one that the old site answered, and how each is answered now.
//!
//! [`settle()`] says what documents ask for, a writer what its target makes of that
//! ([`crate::write::Writer::serve`]), and the [`Book`] holds the old and the new side by side.

use std::sync::Arc;

use crate::model::{Post, Shows};

mod book;
mod bundles;
mod chains;
mod encode;
mod files;
mod hosts;
mod index;
mod lists;
mod name;
mod settle;
mod standing;

pub use book::{Answer, Book, Row, What};
pub use bundles::{Bundled, Bundles, Holder};
pub use chains::untangle;
pub use encode::{encoded, readable, runs};
pub(crate) use files::{Files, Numbers};
pub use hosts::{HOSTS, Host};
pub use index::{Found, Index};
pub use lists::{ServedList, shown};
pub(crate) use lists::{bare, same};
pub(crate) use name::Name;
pub use settle::{LONGEST_NAME, Serving, settle};
pub use standing::{stand, standing};

/// A document and its place on the new site.
#[derive(Debug, Clone, Hash)]
pub struct Placed {
    /// The document.
    pub post: Arc<Post>,
    /// Where it is served.
    pub served: Served,
    /// Its file below the output folder, with `/` between its parts.
    pub path: Arc<str>,
}

/// A text in the memory of one that says the same: most documents are served where they were, and what is known of each
/// is kept for the whole run.
pub(crate) fn shared(text: String, known: &Arc<str>) -> Arc<str> {
    if text == **known { known.clone() } else { text.into() }
}

/// The address at which a document is served, and the other addresses that lead to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Served {
    /// Below the base path: leading slash, decoded.
    pub address: Arc<str>,
    /// In the same form; none is the address of a document.
    pub aliases: Vec<Arc<str>>,
    /// The list that its page shows below its text. Few pages do.
    pub list: Option<Box<Shows>>,
}
