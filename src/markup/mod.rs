//! Markup: the body comes out as the same page.

pub mod ast;
pub mod html;
pub mod parse;
