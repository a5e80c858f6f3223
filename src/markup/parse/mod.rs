//! The source dialects, each read as its own generator reads it.

pub mod gomarkdown;
pub mod kramdown;
pub mod marked;
