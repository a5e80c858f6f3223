//! One body, from the source's text to the target's.

use std::borrow::Cow;

use super::check::{self, Bridged, Means};
use super::links::{Link, Page};
use super::pages::{expand, read, reading};
use super::target::Reading;
use super::{Context, cut, line_numbers, links, protect};
use crate::ledger::{Code, Ledger};
use crate::model::Target;
use crate::model::{Dialect, Place, Post};
use crate::tree::html;
use crate::tree::{Node, NodeKind};

/// A body in the target's language.
#[derive(Debug, Clone, PartialEq)]
pub struct Translated {
    /// The text: Markdown for Hugo and Zola, HTML for plain HTML.
    pub text: String,
    /// What stands before the cut mark, as HTML, where the author set one and the target has no mark of its own.
    pub summary: Option<String>,
    /// Blocks of the body, at any depth.
    pub blocks: usize,
    /// Blocks that had to become HTML.
    pub html_blocks: usize,
    /// The lead image as it must be written on the new site, where it is a file of the blog.
    pub cover: Option<String>,
    /// The links and pictures that stay within the blog.
    pub links: Vec<Link>,
}

/// Translates the body of a post.
pub fn translate(post: &Post, context: &Context<'_>, ledger: &mut Ledger) -> Translated {
    let expanded = expand(post, context, ledger);
    if post.body.dialect == Dialect::Other {
        let message = "no Markdown and no HTML: the body goes to the page as it is, as it would without a plugin";
        ledger.add(Code::DialectUnsupported, Place::file(&post.source), message);
    }
    let tree = read(&expanded, post.body.dialect, context);
    let page = Page { post, context };
    let (cover, cover_link) = links::cover(page).unzip();
    let links = cover_link.into_iter().chain(links::collect(page, &tree)).collect::<Vec<_>>();
    links::report(&links, ledger);
    let translated = match context.target {
        Target::Html => to_html(post, context, &expanded, tree),
        target => to_markdown(post, context, &expanded, &tree, reading(post, context, target), ledger),
    };
    Translated { cover, links, ..translated }
}

/// The links and pictures of a post that stay within the blog, its cover among them.
pub fn links_of(post: &Post, context: &Context<'_>) -> Vec<Link> {
    let expanded = expand(post, context, &mut Ledger::default());
    let tree = read(&expanded, post.body.dialect, context);
    let page = Page { post, context };
    links::cover(page).map(|(_, link)| link).into_iter().chain(links::collect(page, &tree)).collect()
}

fn to_html(post: &Post, context: &Context<'_>, text: &str, mut tree: Node) -> Translated {
    let blocks = tree.count_blocks();
    let cut = cut::find(text, post, context.site, &code_spans(&tree));
    if context.site.markup.line_numbers {
        line_numbers::add(&mut tree);
    }
    links::settle_tree(&mut tree, Page { post, context });
    let page = html::render(&tree);
    let summary = cut.map(|cut| match post.body.dialect {
        // Hexo (`excerpt.js`) cuts the rendered page
        Dialect::Marked => cut::page_before(&page),
        // Jekyll (`excerpt.rb`) and Ink cut the source and render what stands before
        dialect => {
            let mut before = read(&text[..cut.start], dialect, context);
            links::settle_tree(&mut before, Page { post, context });
            html::render(&before)
        }
    });
    Translated { text: page, summary, blocks, html_blocks: 0, cover: None, links: Vec::new() }
}

fn to_markdown(
    post: &Post,
    context: &Context<'_>,
    text: &str,
    tree: &Node,
    reading: Reading,
    ledger: &mut Ledger,
) -> Translated {
    let bridged = if matches!(post.body.dialect, Dialect::Html | Dialect::Other) {
        check::raw(text)
    } else {
        check::bridge(text, tree, reading)
    };
    let html_blocks = report(post, text, &bridged, ledger);
    let cut = cut::find(text, post, context.site, &code_spans(tree));
    let marked = match cut {
        Some(cut) => Cow::Owned(cut::normalise(&bridged.text, text, &cut)),
        None => Cow::Borrowed(bridged.text.as_str()),
    };
    let linked = links::settle(&marked, Page { post, context });
    let shielded =
        if reading.target == Target::Hugo { cut::shield_code(&linked) } else { Cow::Borrowed(linked.as_str()) };
    let (protected, escaped) = protect::protect(&shielded, reading.target);
    if escaped > 0 {
        ledger.add(
            Code::ShortcodeEscaped,
            Place::file(&post.source),
            format!("{escaped} places would have been taken for shortcodes"),
        );
    }
    Translated {
        text: links::reveal(&protected).into_owned(),
        summary: None,
        blocks: tree.count_blocks(),
        html_blocks,
        cover: None,
        links: Vec::new(),
    }
}

/// Enters every block that could not stay as typed; returns how many became HTML.
fn report(post: &Post, text: &str, bridged: &Bridged, ledger: &mut Ledger) -> usize {
    let mut html = 0;
    for block in &bridged.blocks {
        let quote = &text[block.span.clone()];
        if block.means == Means::Rewritten {
            let message = "written anew: the target reads it differently";
            ledger.add_quoting(Code::BlockRewritten, place_of_line(post, quote), message, quote);
        }
        html += block.as_html.len();
        for span in &block.as_html {
            let quote = &text[span.clone()];
            let message = "as HTML: the target's Markdown has no form for it";
            ledger.add_quoting(Code::BlockHtml, place_of_line(post, quote), message, quote);
        }
        if !block.agrees {
            let message = "may look different from the old page";
            ledger.add_quoting(Code::BlockDiffers, place_of_line(post, quote), message, quote);
        }
    }
    html
}

/// Expanding templates moves lines: a block is found again by its first line.
fn place_of_line(post: &Post, quote: &str) -> Place {
    let first = quote.lines().next().unwrap_or("").trim();
    match post.body.text.find(first) {
        Some(offset) if !first.is_empty() => post.place_of(offset),
        _ => Place::file(&post.source),
    }
}

/// The spans of code in a tree.
fn code_spans(tree: &Node) -> Vec<std::ops::Range<usize>> {
    let mut spans = Vec::new();
    collect_code(tree, &mut spans);
    spans
}

fn collect_code(node: &Node, spans: &mut Vec<std::ops::Range<usize>>) {
    if matches!(node.kind, NodeKind::Code(_) | NodeKind::CodeBlock { .. }) {
        spans.push(node.span.clone());
    }
    for child in &node.children {
        collect_code(child, spans);
    }
}
