//! What becomes of HTML that stands in a text.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::RawHtml;
use crate::tree::{Node, NodeKind};

/// Does with one node what the engine is set to.
pub fn settle(node: &mut Node, raw_html: RawHtml) {
    match raw_html {
        RawHtml::Kept => {}
        RawHtml::Filtered => filter(node),
        RawHtml::Shown => show(node),
        RawHtml::Omitted => omit(node),
    }
}

/// commonmarker (`renderer.rb`): the `<` of these tags is shown, unless they close an element.
fn filter(node: &mut Node) {
    static FILTERED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)<((?:title|textarea|style|xmp|iframe|noembed|noframes|script|plaintext)(?:[\s>]|/>))")
            .expect("a valid pattern")
    });
    if let NodeKind::Html(html) | NodeKind::HtmlBlock(html) = &mut node.kind
        && FILTERED.is_match(html)
    {
        *html = FILTERED.replace_all(html, "&lt;$1").into_owned();
    }
}

fn show(node: &mut Node) {
    node.kind = match std::mem::replace(&mut node.kind, NodeKind::Paragraph) {
        NodeKind::HtmlBlock(html) => {
            let shown = html.trim_end().to_owned();
            node.children = vec![Node::new(NodeKind::Text(shown), node.span.clone(), Vec::new())];
            NodeKind::Paragraph
        }
        NodeKind::Html(html) => NodeKind::Text(html),
        kind => kind,
    };
}

/// commonmarker (`html_renderer.rb`): without `UNSAFE` a comment stands for HTML. Addresses stay, whatever they run.
fn omit(node: &mut Node) {
    if let NodeKind::Html(html) | NodeKind::HtmlBlock(html) = &mut node.kind {
        "<!-- raw HTML omitted -->".clone_into(html);
    }
}
