//! Markup: carrying a body over, so that it comes out as the same page.
//!
//! The way of a body: the source's templates are expanded ([`crate::template`]) and the source's dialect is read into
//! a tree ([`crate::dialect`]); both together are the [`OldPage`], which is made once and lent to everybody. The tree
//! rendered ([`crate::tree::html`]) is what the old page showed. For a Markdown target the author's text stays as
//! typed, block by block, wherever the target reads it the same (`check.rs`); where it does not, stronger means are
//! tried one after the other (`inline.rs`, `emit.rs`), at last HTML. What links led to is known to the [`OldSite`],
//! where they must lead now to the [`Crossing`].

mod check;
mod crossing;
mod cut;
mod digest;
mod edit;
mod editor;
mod emit;
pub mod formulas;
mod heading_ids;
mod inline;
mod line_numbers;
mod links;
mod old_page;
mod protect;
mod target;
mod tildes;
mod translate;

pub use crossing::{Beyond, Crossing, OldSite};
pub use links::{Link, Part, addresses_of_elements, asked, standing};
pub use old_page::OldPage;
pub use translate::{Translated, translate};
