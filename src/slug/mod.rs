//! Slugs: each generator makes the names in its addresses by a rule of its own.

pub mod hexo;
pub mod hugo;
pub mod jekyll;
