//! postferry carries a blog from one static site generator to another and proves that nothing was lost.
//!
//! The road: [`read`] → [`model`] → [`mapping`] → [`markup`] → [`write`] → [`plan`]; what becomes of
//! everything on the way is in the [`ledger`].

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod address;
pub mod convert;
pub mod dialect;
pub mod escape;
pub mod frontmatter;
pub mod ledger;
pub mod mapping;
pub mod markup;
pub mod model;
pub mod plan;
pub mod read;
pub mod slug;
pub mod source;
pub mod template;
pub mod tree;
pub mod write;
