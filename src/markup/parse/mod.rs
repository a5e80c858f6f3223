//! The source dialects, each read as its own generator reads it.

mod commonmark;
pub mod gomarkdown;
pub mod kramdown;
pub mod marked;
