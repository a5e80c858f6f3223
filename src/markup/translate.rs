//! One body, from the source's text to the target's.

use std::borrow::Cow;

use memchr::memmem;

use super::check::{self, Bridged, Means};
use super::links::{self, Cover, Departure, Origin};
use super::old_page::OldPage;
use super::target::Reading;
use super::{Crossing, cut, formulas, line_numbers, protect, tildes};
use crate::dialect::parse;
use crate::ledger::{Code, Ledger};
use crate::model::{Dialect, Opened, Place, Site, Target, Written};
use crate::tree::html;
use crate::tree::{Node, NodeKind};

/// A body in the target's language, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Translated {
    /// What is written.
    pub written: Written,
    /// Everything on the new page that a link can name; `None` where that is what the old page has.
    pub ids: Option<Vec<String>>,
    /// Blocks of the body, at any depth.
    pub blocks: usize,
    /// Blocks that had to become HTML.
    pub html_blocks: usize,
}

/// Translates a body by its old page, of which nothing else is needed afterwards.
pub fn translate(page: OldPage<'_>, crossing: &Crossing, ledger: &mut Ledger) -> Translated {
    let post = page.post;
    if post.dialect == Dialect::Other {
        let message = "no Markdown and no HTML: the body goes to the page as it is, as it would without a plugin";
        ledger.add(Code::DialectUnsupported, post.start(), message);
    }
    let departure = Departure::new(post, crossing);
    let cover = Cover::of(Origin { post, old: &crossing.old }).map(|cover| cover.written(departure));
    let mut translated = match crossing.target {
        Target::Html => to_html(page, departure, ledger),
        _ => to_markdown(&page, departure, crossing.reading(post), ledger),
    };
    let written = &mut translated.written;
    written.summary = post.details.summary.clone().or(written.summary.take());
    written.cover = cover.or_else(|| post.details.cover.clone());
    translated
}

fn to_html(page: OldPage<'_>, departure: Departure<'_>, ledger: &mut Ledger) -> Translated {
    let OldPage { post, text, mut tree, .. } = page;
    let site = &departure.crossing.old.blog.site;
    let blocks = tree.count_blocks();
    let cut = cut::find(&text, post, site, &code_spans(&tree));
    if site.markup.line_numbers {
        line_numbers::add(&mut tree);
    }
    links::settle_tree(&mut tree, departure);
    let shown = html::render(&tree);
    let summary = cut.map(|cut| match post.dialect {
        // Hexo (`excerpt.js`) cuts the rendered page
        Dialect::Marked => cut::page_before(&shown),
        // WordPress (`get_the_content`) closes what is open there, by `force_balance_tags`
        Dialect::WordPress => cut::page_before(&shown),
        // Jekyll (`excerpt.rb`) and Ink cut the source and render what stands before
        dialect => {
            let mut before = parse(&text[..cut.start], dialect, &site.markup);
            links::settle_tree(&mut before, departure);
            html::render(&before)
        }
    });
    let text = with_formulas(shown, post, site, ledger);
    Translated { written: Written { text, summary, cover: None }, ids: None, blocks, html_blocks: 0 }
}

/// A page with its formulas set; enters those that are not.
fn with_formulas(shown: String, post: &Opened, site: &Site, ledger: &mut Ledger) -> String {
    let mut unset = Vec::new();
    let set = formulas::set(&shown, site.formulas.of(post), &mut unset);
    for formulas::Unset { tex, why } in unset {
        let message = format!("stays as it was typed: {why}");
        ledger.add_quoting(Code::FormulaUnset, place_of_line(post, &tex), message, &tex);
    }
    match set {
        Cow::Owned(set) => set,
        Cow::Borrowed(_) => shown,
    }
}

fn to_markdown(page: &OldPage<'_>, departure: Departure<'_>, reading: Reading, ledger: &mut Ledger) -> Translated {
    let OldPage { post, text, tree, addresses } = page;
    let bridged = if matches!(post.dialect, Dialect::Html | Dialect::WordPress | Dialect::Other) {
        check::raw(text)
    } else {
        check::bridge(text, tree, reading)
    };
    let html_blocks = report(post, text, &bridged, ledger);
    let cut = cut::find(text, post, &departure.crossing.old.blog.site, &code_spans(tree));
    let marked = match cut {
        Some(cut) => Cow::Owned(cut::normalise(&bridged.text, text, &cut)),
        None => Cow::Borrowed(bridged.text.as_str()),
    };
    let linked = links::settle(&marked, addresses, departure);
    let shielded = match reading.target {
        Target::Hugo => tildes::shield(cut::shield_code(&linked)),
        _ => Cow::Borrowed(linked.as_ref()),
    };
    let (protected, escaped) = protect::protect(&shielded, reading.target);
    if escaped > 0 {
        ledger.add(
            Code::ShortcodeEscaped,
            post.start(),
            format!("{escaped} places would have been taken for shortcodes"),
        );
    }
    let text = links::reveal(&protected).into_owned();
    Translated {
        written: Written { text, summary: None, cover: None },
        ids: Some(bridged.ids),
        blocks: tree.count_blocks(),
        html_blocks,
    }
}

/// Enters every block that could not stay as typed; returns how many became HTML.
fn report(post: &Opened, text: &str, bridged: &Bridged, ledger: &mut Ledger) -> usize {
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

/// Expanding templates moves lines: a block is found again by the first of its lines that the author typed. What a
/// template wrote alone stands where the body begins.
fn place_of_line(post: &Opened, quote: &str) -> Place {
    const MOST: usize = 8;
    let lines = quote.lines().map(str::trim).filter(|line| !line.is_empty()).take(MOST);
    let mut offsets = lines.filter_map(|line| memmem::find(post.text.as_bytes(), line.as_bytes()));
    offsets.next().map_or_else(|| post.start(), |offset| post.place_of(offset))
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
