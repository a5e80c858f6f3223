//! Links and images: where they lead on the old site, and how they must be written to lead there on the new one.
//!
//! [`follow`] knows what an address within the blog means, [`markdown`] and [`tree`] write it anew where it must be,
//! [`check`] says which links led nowhere, and which lead nowhere now.

mod check;
mod cover;
mod follow;
mod html;
mod markdown;
mod native;
mod tree;

pub use check::{Link, check_fragments};
pub(super) use check::{collect, report};
pub(super) use cover::cover;
pub(super) use follow::Page;
pub(super) use html::ids;
pub(super) use markdown::settle;
pub(super) use native::reveal;
pub(super) use tree::settle as settle_tree;
