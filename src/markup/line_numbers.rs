//! Line numbers beside code, where the old page had them.

use crate::escape::{escape_attribute, escape_text};
use crate::tree::{Node, NodeKind};

/// Gives every code block of a page that stays HTML the table in which rouge shows line numbers (`line_numbers` in
/// kramdown's `syntax_highlighter_opts`).
pub fn add(node: &mut Node) {
    if let NodeKind::CodeBlock { info, text } = &node.kind {
        node.kind = NodeKind::HtmlBlock(table(info, text));
        node.attributes.clear();
        return;
    }
    node.children.iter_mut().for_each(add);
}

fn table(info: &str, code: &str) -> String {
    let code = code.trim_end_matches('\n');
    let numbers: String = (1..=code.split('\n').count()).map(|number| format!("{number}\n")).collect();
    let language = info.split_whitespace().next().unwrap_or("plaintext");
    let mut html = String::from("<div class=\"language-");
    escape_attribute(language, &mut html);
    html.push_str(
        "\"><pre class=\"highlight\"><code><table class=\"rouge-table\"><tbody><tr><td class=\"rouge-gutter gl\">",
    );
    html.push_str(&format!("<pre class=\"lineno\">{numbers}</pre></td><td class=\"rouge-code\"><pre>"));
    escape_text(code, &mut html);
    html.push_str("\n</pre></td></tr></tbody></table></code></pre></div>\n");
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::html::render;

    #[test]
    fn code_stands_beside_its_numbers() {
        let code = NodeKind::CodeBlock { info: "c".to_owned(), text: "a\n\nb\n".to_owned() };
        let mut root = Node::new(NodeKind::Document, 0..0, vec![Node::new(code, 0..0, Vec::new())]);
        add(&mut root);
        assert_eq!(
            render(&root),
            "<div class=\"language-c\"><pre class=\"highlight\"><code><table class=\"rouge-table\"><tbody><tr>\
             <td class=\"rouge-gutter gl\"><pre class=\"lineno\">1\n2\n3\n</pre></td>\
             <td class=\"rouge-code\"><pre>a\n\nb\n</pre></td></tr></tbody></table></code></pre></div>\n"
        );
    }
}
