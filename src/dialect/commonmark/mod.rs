//! Engines that follow CommonMark: markdown-it, as hexo-renderer-markdown-it sets it up; cmark-gfm, as jekyll-commonmark
//! and jekyll-commonmark-ghpages have it by commonmarker; goldmark, as Hugo has it; and pulldown-cmark itself, as Zola has it.
//!
//! The text is read by pulldown-cmark, which follows CommonMark as they do; what each of them does beside it is worked into
//! the tree afterwards.

mod autolink;
mod emoji;
pub(crate) mod goldmark;
pub(crate) mod ids;
mod linkify;
mod passthrough;
mod quotes;
mod raw;
mod tree;
mod typography;

use pulldown_cmark::Options;

use super::fence::{self, Fence, with_fences};
use super::text::Text;
use crate::model::{CommonMark, CommonMarkEngine, MarkupSettings};
use crate::tree::{Node, NodeKind};

/// Reads a body. Hexo takes its fences out before markdown-it sees it.
pub fn parse(source: &str, settings: &MarkupSettings, commonmark: &CommonMark) -> Node {
    match commonmark.engine {
        CommonMarkEngine::MarkdownIt => {
            let prepared = fence::take(source);
            read(&prepared.text, &prepared.fences, source, settings, commonmark)
        }
        CommonMarkEngine::Goldmark if settings.math => match passthrough::mask(source) {
            Some(masked) => {
                let mut root = read(&Text::adapt(&masked.text), &[], source, settings, commonmark);
                masked.unmask(&mut root);
                root
            }
            None => read(&Text::adapt(source), &[], source, settings, commonmark),
        },
        CommonMarkEngine::Cmark | CommonMarkEngine::Goldmark | CommonMarkEngine::Pulldown => {
            read(&Text::adapt(source), &[], source, settings, commonmark)
        }
    }
}

fn read(text: &Text, fences: &[Fence], source: &str, settings: &MarkupSettings, commonmark: &CommonMark) -> Node {
    let mut options = options(settings, commonmark);
    // goldmark (`extension/definition_list.go`): white space stands behind the colon
    if commonmark.engine == CommonMarkEngine::Goldmark && !has_definition(source) {
        options.remove(Options::ENABLE_DEFINITION_LIST);
    }
    let masks = settings.bare_links && commonmark.engine == CommonMarkEngine::Cmark;
    let masked = masks.then(|| autolink::mask(text, options)).flatten();
    let text = masked.as_ref().map_or(text, |masked| &masked.text);
    let angles = settings.smart && commonmark.engine == CommonMarkEngine::Goldmark;
    let mut root = tree::read(text, source.len(), options, angles);
    if !commonmark.one_tilde {
        one_tilde(&mut root, source);
    }
    if settings.smart && commonmark.engine == CommonMarkEngine::Cmark {
        quotes::turn(&mut root, source);
    }
    if let Some(masked) = masked {
        masked.unmask(&mut root);
    }
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
    options.set(Options::ENABLE_HEADING_ATTRIBUTES, commonmark.attributes);
    options.set(Options::ENABLE_DEFINITION_LIST, commonmark.definitions);
    options.set(Options::ENABLE_SMART_PUNCTUATION, settings.smart);
    options
}

fn has_definition(text: &str) -> bool {
    let begins =
        |line: &str| line.trim_start_matches(' ').strip_prefix(':').is_some_and(|rest| rest.starts_with([' ', '\t']));
    text.lines().any(begins)
}

/// Takes back what pulldown-cmark strikes out between single tildes, as GitHub does.
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
        NodeKind::SoftBreak if settings.hard_breaks => NodeKind::HardBreak,
        NodeKind::Text(text) if settings.smart && commonmark.engine == CommonMarkEngine::MarkdownIt => {
            NodeKind::Text(typography::replaced(&text))
        }
        NodeKind::Text(text) if commonmark.emoji => NodeKind::Text(emoji::shown(text)),
        kind => kind,
    };
    if commonmark.strike && commonmark.engine == CommonMarkEngine::Goldmark {
        goldmark::strike(&mut node.children);
    }
    // Hugo leaves out what the author typed, and not what shortcodes show: it is gone before these are expanded
    if commonmark.engine != CommonMarkEngine::Goldmark {
        raw::settle(node, commonmark.raw_html);
    }
    node.children.iter_mut().for_each(|child| finish(child, fences, settings, commonmark));
    if settings.bare_links && !in_link {
        match commonmark.engine {
            CommonMarkEngine::MarkdownIt => linkify::link(&mut node.children),
            CommonMarkEngine::Cmark => autolink::mails(&mut node.children),
            CommonMarkEngine::Goldmark => goldmark::link(&mut node.children),
            CommonMarkEngine::Pulldown => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HeadingIds, RawHtml};

    fn hexo() -> (MarkupSettings, CommonMark) {
        let settings = MarkupSettings { hard_breaks: true, smart: true, bare_links: true, ..MarkupSettings::default() };
        let commonmark = CommonMark {
            engine: CommonMarkEngine::MarkdownIt,
            raw_html: RawHtml::Kept,
            tables: true,
            strike: true,
            one_tilde: false,
            tasks: false,
            footnotes: false,
            attributes: false,
            definitions: false,
            emoji: false,
            heading_ids: HeadingIds::Slugs { from: 2 },
        };
        (settings, commonmark)
    }

    fn jekyll(raw_html: RawHtml) -> (MarkupSettings, CommonMark) {
        let settings = MarkupSettings { smart: true, bare_links: true, ..MarkupSettings::default() };
        let commonmark = CommonMark {
            engine: CommonMarkEngine::Cmark,
            raw_html,
            tables: true,
            strike: true,
            one_tilde: true,
            tasks: true,
            footnotes: false,
            attributes: false,
            definitions: false,
            emoji: false,
            heading_ids: HeadingIds::None,
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
    fn pages_look_as_commonmarker_made_them() {
        for (cases, raw_html) in [
            (include_str!("cases-cmark.txt"), RawHtml::Filtered),
            (include_str!("cases-cmark-safe.txt"), RawHtml::Omitted),
        ] {
            let (settings, commonmark) = jekyll(raw_html);
            crate::dialect::cases::run(cases, |source| parse(source, &settings, &commonmark));
        }
    }

    #[test]
    fn html_is_kept_or_shown() {
        let (settings, mut commonmark) = hexo();
        let mut shown = |raw_html| {
            commonmark.raw_html = raw_html;
            crate::tree::html::render(&parse("a <b>c</b>\n", &settings, &commonmark))
        };
        assert_eq!(shown(RawHtml::Kept).trim(), "<p>a <b>c</b></p>");
        assert_eq!(shown(RawHtml::Shown).trim(), "<p>a &lt;b&gt;c&lt;/b&gt;</p>");
    }
}
