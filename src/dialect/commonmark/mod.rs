//! markdown-it, as hexo-renderer-markdown-it sets it up.
//!
//! The text is read by pulldown-cmark, which follows CommonMark as markdown-it does; what that does beside it is worked into
//! the tree afterwards.

mod ids;
mod linkify;
mod tree;
mod typography;

use pulldown_cmark::Options;

use super::fence::{self, Fence, with_fences};
use crate::model::{CommonMark, MarkupSettings};
use crate::tree::{Node, NodeKind};

/// Reads a body of Hexo, whose fences are taken out before markdown-it sees it.
pub fn parse(source: &str, settings: &MarkupSettings, commonmark: &CommonMark) -> Node {
    let prepared = fence::take(source);
    read(&prepared.text, &prepared.fences, source, settings, commonmark)
}

fn read(
    text: &super::text::Text,
    fences: &[Fence],
    source: &str,
    settings: &MarkupSettings,
    commonmark: &CommonMark,
) -> Node {
    let mut root = tree::read(text, source.len(), options(settings, commonmark));
    one_tilde(&mut root, source);
    finish(&mut root, fences, settings, commonmark);
    ids::number(&mut root, commonmark);
    root
}

fn options(settings: &MarkupSettings, commonmark: &CommonMark) -> Options {
    let mut options = Options::empty();
    options.set(Options::ENABLE_TABLES, commonmark.tables);
    options.set(Options::ENABLE_STRIKETHROUGH, commonmark.strike);
    options.set(Options::ENABLE_TASKLISTS, commonmark.tasks);
    options.set(Options::ENABLE_FOOTNOTES, commonmark.footnotes);
    options.set(Options::ENABLE_SMART_PUNCTUATION, settings.smart);
    options
}

/// pulldown-cmark strikes out between single tildes as well, as GitHub does; markdown-it does not.
fn one_tilde(node: &mut Node, source: &str) {
    node.children.iter_mut().for_each(|child| one_tilde(child, source));
    let typed = |node: &Node| source.get(node.span.clone()).unwrap_or_default();
    let is_one = |node: &Node| node.kind == NodeKind::Strike && !typed(node).starts_with("~~");
    if !node.children.iter().any(is_one) {
        return;
    }
    for child in std::mem::take(&mut node.children) {
        if is_one(&child) {
            let (start, end) = (child.span.start, child.span.end);
            let tilde = |span| Node::new(NodeKind::Text("~".to_owned()), span, Vec::new());
            node.children.push(tilde(start..start + 1));
            node.children.extend(child.children);
            node.children.push(tilde(end - 1..end));
        } else {
            node.children.push(child);
        }
    }
}

/// Works into a tree what the engine does beside CommonMark.
fn finish(node: &mut Node, fences: &[Fence], settings: &MarkupSettings, commonmark: &CommonMark) {
    let in_link = matches!(node.kind, NodeKind::Link { .. });
    if !fences.is_empty() && matches!(node.kind, NodeKind::HtmlBlock(_) | NodeKind::CodeBlock { .. }) {
        let kind = std::mem::replace(&mut node.kind, NodeKind::Paragraph);
        node.kind = with_fences(kind, fences);
    }
    node.kind = match std::mem::replace(&mut node.kind, NodeKind::Paragraph) {
        NodeKind::HtmlBlock(html) if commonmark.shows_html => {
            let shown = html.trim_end().to_owned();
            node.children = vec![Node::new(NodeKind::Text(shown), node.span.clone(), Vec::new())];
            NodeKind::Paragraph
        }
        NodeKind::Html(html) if commonmark.shows_html => NodeKind::Text(html),
        NodeKind::SoftBreak if settings.hard_breaks => NodeKind::HardBreak,
        NodeKind::Text(text) if settings.smart && commonmark.slugs_from.is_some() => {
            NodeKind::Text(typography::replaced(&text))
        }
        kind => kind,
    };
    node.children.iter_mut().for_each(|child| finish(child, fences, settings, commonmark));
    if settings.bare_links && !in_link {
        linkify::link(&mut node.children);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hexo() -> (MarkupSettings, CommonMark) {
        let settings = MarkupSettings { hard_breaks: true, smart: true, bare_links: true, ..MarkupSettings::default() };
        let commonmark = CommonMark {
            shows_html: false,
            tables: true,
            strike: true,
            tasks: false,
            footnotes: false,
            slugs_from: Some(2),
        };
        (settings, commonmark)
    }

    #[test]
    fn pages_look_as_markdown_it_made_them() {
        let (settings, commonmark) = hexo();
        let cases = include_str!("cases-markdown-it.txt");
        crate::dialect::cases::run(cases, |source| parse(source, &settings, &commonmark));
    }

    #[test]
    fn html_is_kept_or_shown() {
        let (settings, mut commonmark) = hexo();
        let mut shown = |shows_html| {
            commonmark.shows_html = shows_html;
            crate::tree::html::render(&parse("a <b>c</b>\n", &settings, &commonmark))
        };
        assert_eq!(shown(false).trim(), "<p>a <b>c</b></p>");
        assert_eq!(shown(true).trim(), "<p>a &lt;b&gt;c&lt;/b&gt;</p>");
    }
}
