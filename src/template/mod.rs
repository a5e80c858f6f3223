//! Templates: what the source expands before its Markdown is read.

pub mod liquid;
pub mod nunjucks;
