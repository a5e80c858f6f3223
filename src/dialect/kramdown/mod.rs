//! kramdown, as Jekyll sets it up: with GitHub's dialect on top (`input: GFM`), or without.
//!
//! kramdown is no CommonMark: emphasis has no flanking rules, a table needs no head, what stands in an HTML element
//! is HTML up to its end tag, and blocks begin and end by rules of their own. So it is read here by its own rules,
//! in the order in which it tries its parsers: `block.rs` first, then `span.rs` on the text that blocks hold, once all
//! definitions are known; `tree.rs` puts the two together. Names in quotes are kramdown's own (version 2.4, with
//! kramdown-parser-gfm 1.1).

mod abbreviations;
mod attributes;
mod block;
mod characters;
mod definition;
mod element;
mod emphasis;
mod extension;
mod html;
mod ids;
mod lines;
mod link;
mod list;
mod quotes;
mod running;
mod span;
mod span_html;
mod table;
mod tags;
mod tree;

pub use tags::holds_html;

use crate::model::MarkupSettings;
use crate::tree::Node;

/// Reads a text into a tree.
pub fn parse(source: &str, settings: &MarkupSettings) -> Node {
    let text = super::text::Text::adapt(source).with_final_line_end();
    let mut blocks = block::Blocks::new(settings);
    let elements = blocks.read(&text);
    tree::build(elements, &blocks.definitions, settings, source.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const JEKYLL: MarkupSettings = MarkupSettings {
        hard_breaks: false,
        smart: true,
        gfm: true,
        block_html: false,
        bare_links: false,
        line_numbers: false,
        heading_ids: true,
        id_text: crate::model::IdText::Shown,
        cased_ids: false,
        math: true,
        blackfriday: None,
        rooted_pictures: false,
        commonmark: None,
    };

    #[test]
    fn pages_look_as_kramdown_made_them() {
        crate::dialect::cases::run(include_str!("cases.txt"), |source| parse(source, &JEKYLL));
    }

    /// Every span lies in the source, and a child's in its parent's document.
    #[test]
    fn spans_are_the_source_s_own() {
        let source = "> * a *b*\r\n>   c `d`\n\n| x | y `z` |\n\n1. e\n\n   ~~~\n   f\n   ~~~";
        let mut code = Vec::new();
        fn walk(node: &Node, source: &str, code: &mut Vec<String>) {
            let typed = source.get(node.span.clone()).expect("a span of the source");
            if matches!(node.kind, crate::tree::NodeKind::Code(_) | crate::tree::NodeKind::Emphasis) {
                code.push(typed.to_owned());
            }
            node.children.iter().for_each(|child| walk(child, source, code));
        }
        walk(&parse(source, &JEKYLL), source, &mut code);
        assert_eq!(code, ["*b*", "`d`", "`z`"]);
    }
}
