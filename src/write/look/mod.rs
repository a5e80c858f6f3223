//! What the plain HTML tree and both starters share, so that a blog looks alike wherever it goes: one stylesheet, the
//! labels of the pages in the language of the blog, and what its menu leads to.

pub mod formulas;
mod labels;
mod menu;

pub use labels::{language, of as labels};
pub use menu::{has, menu};

/// The stylesheet.
pub const STYLE: &str = include_str!("../../../templates/starter.css");

/// The script that switches between light and dark.
pub const SCHEME: &str = include_str!("../../../templates/scheme.html");
