//! Links and images: where they lead on the old site, and how they must be written to lead there on the new one.
//!
//! [`follow`] knows what an address within the blog meant, [`rewrite`] how it must be written now, [`markdown`] and
//! [`tree`] do so where it must be, [`check`] says which links led nowhere.

mod check;
mod cover;
mod follow;
mod html;
mod markdown;
mod native;
mod pictures;
mod rewrite;
mod standing;
mod tree;

pub use check::{Link, Part};
pub(super) use check::{addresses_of, of_page};
pub(super) use cover::Cover;
pub(super) use follow::Origin;
pub use html::addresses_of_elements;
pub(super) use markdown::settle;
pub(super) use native::reveal;
pub(super) use pictures::placed as placed_pictures;
pub(super) use rewrite::Departure;
pub use standing::{asked, standing};
pub(super) use tree::settle as settle_tree;
