//! Jekyll's Liquid: run over the whole source before Markdown sees it, code fences included.
//!
//! The engine is our own reading of the Ruby gem in its lax mode, because that mode is the dialect that blogs are
//! written in: what is not defined is nothing, an unknown filter lets its value pass, a tag reads its arguments
//! by itself.

mod expression;
mod filters;
mod render;
mod site;
mod tags;
mod template;

use crate::ledger::Ledger;
use crate::model::{Opened, Value};
use crate::template::Blog;

pub use site::Globals;

/// Expands the Liquid of a body: what kramdown got to read. Text without Liquid comes back as it is.
pub fn expand(post: &Opened<'_>, blog: &Blog, ledger: &mut Ledger) -> String {
    let text = &post.text;
    // Jekyll (`document.rb`): `render_with_liquid: false` leaves everything as typed
    let disabled = post.fields.get("render_with_liquid").is_some_and(|field| field.value == Value::Bool(false));
    if disabled || !(text.contains("{{") || text.contains("{%")) {
        return text.clone();
    }
    let nodes = template::parse(text);
    let mut host = tags::Jekyll::new(post, blog, ledger);
    render::Renderer::new(&mut host).render(&nodes)
}
