//! marked 15 as hexo-renderer-marked 7 sets it up.

mod autolink;

use std::collections::HashMap;

use pulldown_cmark::Options;

use super::commonmark::{self, visit};
use crate::model::MarkupSettings;
use crate::slug::hexo::{Case, slugize};
use crate::tree::text::plain_text;
use crate::tree::{Node, NodeKind};

/// Reads a text into a tree. marked follows CommonMark and GFM; what Hexo adds is worked into the tree: line breaks,
/// bare addresses, ids of headings, one-line definitions, images below the site's root.
pub fn parse(text: &str, settings: &MarkupSettings) -> Node {
    let mut options = Options::empty();
    if settings.gfm {
        options |= Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    }
    if settings.smart {
        options |= Options::ENABLE_SMART_PUNCTUATION;
    }
    let mut tree = commonmark::parse(text, options);
    visit(&mut tree, &mut |node| {
        if settings.hard_breaks && node.kind == NodeKind::SoftBreak {
            node.kind = NodeKind::HardBreak;
        }
        if let NodeKind::Image { src, .. } = &mut node.kind {
            below_root(src);
        }
        if settings.gfm && !matches!(node.kind, NodeKind::Link { .. }) {
            autolink::link(node, text);
        }
        if node.kind == NodeKind::Paragraph {
            definition(node);
        }
    });
    let mut ids = HashMap::new();
    if settings.heading_ids {
        heading_ids(&mut tree, &mut ids);
    }
    tree
}

/// hexo-renderer-marked (`renderer.js`, `prependRoot`): a relative image is taken from the site's root.
fn below_root(src: &mut String) {
    let has_scheme = src.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if !src.is_empty() && !src.starts_with(['/', '#', '\\']) && !has_scheme {
        *src = format!("/{}", src.trim_start_matches("./"));
    }
}

/// hexo-renderer-marked (`renderer.js`): the slug of the text with its case, repetitions numbered from 1.
fn heading_ids(node: &mut Node, used: &mut HashMap<String, usize>) {
    if matches!(node.kind, NodeKind::Heading { .. }) {
        let mut id = slugize(without_tags(&plain_text(&node.children)).trim(), Case::Keep);
        match used.get_mut(&id) {
            Some(count) => {
                id = format!("{id}-{count}");
                *count += 1;
            }
            None => {
                used.insert(id.clone(), 1);
            }
        }
        if let NodeKind::Heading { id: place, .. } = &mut node.kind {
            *place = Some(id);
        }
    }
    for child in &mut node.children {
        heading_ids(child, used);
    }
}

/// The id is made of the text with its entities resolved, and what then looks like a tag is dropped.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        match after.split_once('>') {
            Some((_, tail)) => rest = tail,
            None => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// hexo-renderer-marked (`renderer.js`): a paragraph `term⏎: definition` is a definition list.
fn definition(node: &mut Node) {
    let at = node.children.windows(2).position(|pair| {
        pair[0].kind == NodeKind::HardBreak
            && matches!(&pair[1].kind, NodeKind::Text(text) if text.starts_with(": ") && text.trim_end().len() > 2)
    });
    let Some(at) = at.filter(|at| *at > 0) else { return };
    let mut definition = node.children.split_off(at + 1);
    node.children.truncate(at);
    if let Some(Node { kind: NodeKind::Text(text), span, .. }) = definition.first_mut() {
        let length = text.len();
        *text = text.trim_start_matches(':').trim_start().to_owned();
        span.start += length - text.len();
    }
    let terms = std::mem::take(&mut node.children);
    let part = |kind: NodeKind, children: Vec<Node>| {
        let start = children.first().map_or(node.span.start, |child| child.span.start);
        let end = children.last().map_or(node.span.end, |child| child.span.end);
        Node::new(kind, start..end, children)
    };
    node.children = vec![part(NodeKind::Term, terms), part(NodeKind::Definition, definition)];
    node.kind = NodeKind::DefinitionList;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::html::render;

    const HEXO: MarkupSettings = MarkupSettings {
        hard_breaks: true,
        smart: true,
        gfm: true,
        block_html: false,
        bare_links: true,
        line_numbers: false,
        heading_ids: true,
        cased_ids: true,
        math: false,
    };

    /// Source and what hexo-renderer-marked 7.0.1 makes of it (its header links and the `rel` of links aside).
    const CASES: &[(&str, &str)] = &[
        ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
        ("## Foo Bar\n\n## Foo Bar", "<h2 id=\"Foo-Bar\">Foo Bar</h2>\n<h2 id=\"Foo-Bar-1\">Foo Bar</h2>\n"),
        ("see https://a.example/b.", "<p>see <a href=\"https://a.example/b\">https://a.example/b</a>.</p>\n"),
        ("https://a.example/v1...v2", "<p><a href=\"https://a.example/v1...v2\">https://a.example/v1...v2</a></p>\n"),
        ("Term\n: its meaning", "<dl>\n<dt>Term</dt>\n<dd>its meaning</dd>\n</dl>\n"),
        ("![a](b/c.png)", "<p><img src=\"/b/c.png\" alt=\"a\" /></p>\n"),
        ("~~gone~~ \"q\" -- x", "<p><del>gone</del> “q” – x</p>\n"),
        (
            "- [x] done\n- [ ] open",
            "<ul>\n<li><input type=\"checkbox\" disabled checked /> done</li>\n<li><input type=\"checkbox\" disabled /> open</li>\n</ul>\n",
        ),
    ];

    #[test]
    fn pages_look_as_hexo_made_them() {
        for (source, expected) in CASES {
            assert_eq!(&render(&parse(source, &HEXO)), expected, "{source}");
        }
    }
}
