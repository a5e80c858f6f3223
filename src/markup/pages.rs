//! The pages of a document: the old one, read as the source's generator reads it, and the new one, as the target does.

use std::borrow::Cow;

use super::Context;
use super::target::{self, Reading};
use crate::dialect;
use crate::ledger::Ledger;
use crate::model::Target;
use crate::model::{Dialect, Post};
use crate::template::{liquid, nunjucks};
use crate::tree::html;
use crate::tree::{Node, NodeKind};

/// The content of a document's old page, as HTML.
pub(super) fn old_page(post: &Post, context: &Context<'_>) -> String {
    let expanded = expand(post, context, &mut Ledger::default());
    html::render(&read(&expanded, post.body.dialect, context))
}

/// The content of a document's new page, as HTML, by its translated text.
pub(super) fn new_page<'a>(post: &Post, text: &'a str, context: &Context<'_>) -> Cow<'a, str> {
    match context.target {
        Target::Html => Cow::Borrowed(text),
        target => {
            let blocks = target::blocks(text, reading(post, context, target));
            Cow::Owned(blocks.into_iter().map(|block| block.html).collect())
        }
    }
}

/// How the target will be told to read this post.
pub(super) fn reading(post: &Post, context: &Context<'_>, target: Target) -> Reading {
    let hugo = target == Target::Hugo;
    Reading {
        target,
        hard_breaks: hugo && context.site.markup.hard_breaks,
        bare_links: hugo && context.site.markup.bare_links,
        cased_ids: context.site.markup.cased_ids,
        math: hugo && matches!(post.body.dialect, Dialect::Kramdown | Dialect::Gomarkdown),
    }
}

fn whole(text: &str, kind: NodeKind) -> Node {
    let block = Node::new(kind, 0..text.len(), Vec::new());
    Node::new(NodeKind::Document, 0..text.len(), vec![block])
}

/// The text that the Markdown engine of the source got to read.
pub(super) fn expand<'a>(post: &'a Post, context: &Context<'_>, ledger: &mut Ledger) -> Cow<'a, str> {
    match post.body.dialect {
        Dialect::Kramdown | Dialect::Html | Dialect::Other => liquid::expand(post, context, ledger),
        Dialect::Marked => Cow::Owned(nunjucks::expand(post, context, ledger)),
        // Ink (`parse.go`): every `-/` of the raw file is the site's root, in code too
        Dialect::Gomarkdown => Cow::Owned(post.body.text.replace("-/", &format!("{}/", context.site.base_path))),
    }
}

/// The text as its dialect reads it.
pub(super) fn read(text: &str, dialect: Dialect, context: &Context<'_>) -> Node {
    match dialect {
        Dialect::Kramdown => dialect::kramdown::parse(text, &context.site.markup),
        Dialect::Marked => dialect::marked::parse(text, &context.site.markup),
        Dialect::Gomarkdown => dialect::gomarkdown::parse(text, &context.site.markup),
        // Jekyll (`converters/identity.rb`): what no converter knows goes to the page as it is
        Dialect::Html | Dialect::Other => whole(text, NodeKind::HtmlBlock(text.to_owned())),
    }
}
