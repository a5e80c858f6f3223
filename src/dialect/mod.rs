//! The source dialects, each read as its own generator reads it.

#[cfg(test)]
mod cases;
mod ends;
mod entities;
pub mod gomarkdown;
pub mod kramdown;
pub mod marked;
#[cfg(test)]
mod shapes;
mod text;

pub(crate) use entities::character;
