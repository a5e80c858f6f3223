//! Jekyll's Liquid: run over the whole source before Markdown sees it, code fences included.
//!
//! The engine is our own reading of the Ruby gem in its lax mode, because that mode is the dialect that blogs are
//! written in: what is not defined is nothing, an unknown filter lets its value pass, a tag reads its arguments
//! by itself.

#[cfg(test)]
mod cases;
mod collections;
mod content;
mod expression;
mod filters;
mod lexer;
mod number;
mod open_html;
mod queries;
mod render;
mod site;
mod tags;
mod template;
mod tokens;
mod value;

use std::borrow::Cow;

use crate::ledger::Ledger;
use crate::model::{Opened, Value};
use crate::template::Blog;

pub use site::Globals;

/// Expands the Liquid of a body: what kramdown got to read. Text without Liquid comes back as it is.
pub fn expand<'a>(post: &'a Opened, blog: &Blog, ledger: &mut Ledger) -> Cow<'a, str> {
    let text = post.text.as_str();
    // Jekyll (`document.rb`): `render_with_liquid: false` leaves everything as typed
    let disabled = post.details.fields.get("render_with_liquid").is_some_and(|field| field.value == Value::Bool(false));
    if disabled || !(text.contains("{{") || text.contains("{%")) {
        return Cow::Borrowed(text);
    }
    let nodes = template::parse(text);
    let site = site::SiteDrop { blog, globals: blog.globals(), nested: false };
    let mut host = tags::Jekyll::new(post, &site, ledger);
    Cow::Owned(render::Renderer::new(&mut host).render(&nodes))
}
