//! postferry carries a blog from one static site generator to another and proves that nothing was lost.
//!
//! A conversion is planned as a [`convert::Job`], which says what is read and for whom it is written. Its
//! [`convert::Conversion`] knows every file of the new site, and makes the content of each when it is asked for; what
//! became of everything on the way is in the [`ledger`].
//!
//! ```
//! use postferry::convert::{Job, plan};
//! use postferry::plan::{Options, apply};
//! use postferry::write::WRITERS;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let out = folder.path().join("new");
//! let zola = WRITERS.iter().copied().find(|writer| writer.name() == "zola").ok_or("a writer")?;
//! let job = Job::new("fixtures/hexo", zola);
//! let conversion = plan(&job)?;
//! let written = apply(&conversion.plan, &job.source, &out, Options::default())?;
//!
//! let outcome = conversion.outcome(&written.failed);
//! println!("{} posts, {} entries", outcome.counts.posts, outcome.ledger.entries().len());
//! assert!(out.join("content/posts/first-tea.md").is_file());
//! # Ok(())
//! # }
//! ```
//!
//! The road: [`read`] → [`model`] → [`mapping`] → [`mod@write`] → [`plan`]. What bodies are carried over with is the workshop
//! behind it; of that, `dialect`, `frontmatter` and `tree` can be reached for the benches alone.

/// The version of the form of all results in JSON (`docs/schema.md`): it grows when a name or a meaning changes, not when a
/// name is added.
pub const SCHEMA: u32 = 1;

pub use markup::formulas::is_setting_a_formula;
pub use reason::reason;

pub mod address;
pub mod archive;
pub mod convert;
#[doc(hidden)]
pub mod dialect;
pub(crate) mod escape;
pub(crate) mod fingerprint;
#[doc(hidden)]
pub mod frontmatter;
pub mod ledger;
pub mod mapping;
pub(crate) mod markup;
pub mod model;
pub mod plan;
pub mod project;
pub mod read;
mod reason;
pub mod report;
pub mod serve;
pub(crate) mod slug;
pub(crate) mod source;
pub(crate) mod template;
#[doc(hidden)]
pub mod tree;
pub mod verify;
pub mod write;
pub(crate) mod wxr;
