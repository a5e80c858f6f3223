//! kramdown, as Jekyll sets it up: with GitHub's dialect on top (`input: GFM`), or without.
//!
//! kramdown is no CommonMark: emphasis has no flanking rules, a table needs no head, what stands in an HTML element
//! is HTML up to its end tag, and blocks begin and end by rules of their own. So it is read here by its own rules,
//! in the order in which it tries its parsers: [`block`] first, then [`span`] on the text that blocks hold, once all
//! definitions are known; [`tree`] puts the two together. Names in quotes are kramdown's own (version 2.4, with
//! kramdown-parser-gfm 1.1).

mod attributes;
mod block;
mod element;
mod entities;
mod ids;
mod lines;
mod list;
mod quotes;
mod span;
mod table;
mod tags;
mod text;
mod tree;

use crate::markup::ast::Node;
use crate::model::MarkupSettings;

/// Reads a text into a tree.
pub fn parse(source: &str, settings: &MarkupSettings) -> Node {
    let text = text::Text::adapt(source);
    let mut blocks = block::Blocks::new(settings);
    let elements = blocks.read(&text);
    tree::build(elements, &blocks.definitions, settings, source.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::html::render;

    const JEKYLL: MarkupSettings = MarkupSettings {
        hard_breaks: false,
        smart: true,
        gfm: true,
        block_html: false,
        bare_links: false,
        heading_ids: true,
        cased_ids: false,
        math: true,
    };

    /// Without white space in texts, and with what one renderer writes otherwise than the other set alike.
    fn settled(html: &str) -> String {
        let mut out = String::new();
        for (at, piece) in html.split('<').enumerate() {
            if at == 0 {
                out.push_str(piece.trim());
                continue;
            }
            let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
            let mut words: Vec<&str> = tag.trim_end_matches('/').split_whitespace().collect();
            // attributes in any order
            words[1..].sort_unstable();
            out.push_str(&format!("<{}>", words.join(" ")));
            out.extend(text.split_whitespace());
        }
        out.replace("tfoot>", "tbody>")
            .replace("</tbody><tbody>", "")
            .replace(" class=\"task-list-item-checkbox\"", "")
            .replace(" class=\"task-list\"", "")
            .replace(" class=\"task-list-item\"", "")
            .replace(" disabled=\"disabled\"", " disabled")
            .replace(" checked=\"checked\"", " checked")
            .replace("<div class=\"math display\">", "")
            .replace("\\]</div>", "\\]")
            .replace("<span class=\"math inline\">", "")
            .replace("\\)</span>", "\\)")
            .replace('\u{a0}', "")
    }

    #[test]
    fn pages_look_as_kramdown_made_them() {
        let cases: Vec<&str> = include_str!("cases.txt").split("\n######## ").skip(1).collect();
        assert!(cases.len() > 40);
        let mut wrong = String::new();
        for case in cases {
            let (title, rest) = case.split_once('\n').expect("a title");
            let (source, expected) = rest.split_once("\n--------\n").expect("what kramdown printed");
            let found = render(&parse(source, &JEKYLL));
            if settled(&found) != settled(expected) {
                wrong.push_str(&format!("== {title}\n{source}\n-- expected\n{expected}\n-- found\n{found}\n"));
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
    }

    /// Every span lies in the source, and a child's in its parent's document.
    #[test]
    fn spans_are_the_source_s_own() {
        let source = "> * a *b*\r\n>   c `d`\n\n| x | y `z` |\n\n1. e\n\n   ~~~\n   f\n   ~~~";
        let mut code = Vec::new();
        fn walk(node: &Node, source: &str, code: &mut Vec<String>) {
            let typed = source.get(node.span.clone()).expect("a span of the source");
            if matches!(node.kind, crate::markup::ast::Kind::Code(_) | crate::markup::ast::Kind::Emphasis) {
                code.push(typed.to_owned());
            }
            node.children.iter().for_each(|child| walk(child, source, code));
        }
        walk(&parse(source, &JEKYLL), source, &mut code);
        assert_eq!(code, ["*b*", "`d`", "`z`"]);
    }
}
