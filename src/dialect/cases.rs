//! Runs files of cases: a title, a source text, and what the engine itself made of it.

use crate::tree::Node;
use crate::tree::html::render;

/// Compares every case of a file with what `parse` makes of it.
pub fn run(cases: &str, parse: impl Fn(&str) -> Node) {
    let mut wrong = String::new();
    let mut count = 0;
    for case in cases.split("\n######## ").skip(1) {
        count += 1;
        let (title, rest) = case.split_once('\n').expect("a title");
        let (source, expected) = rest.split_once("\n--------\n").expect("what the engine printed");
        let found = render(&parse(source));
        if settled(&found) != settled(expected) {
            wrong.push_str(&format!("== {title}\n{source}\n-- expected\n{expected}\n-- found\n{found}\n"));
        }
    }
    assert!(count > 0 && wrong.is_empty(), "{wrong}");
}

/// Without white space in texts, and with what one renderer writes otherwise than the others set alike.
fn settled(html: &str) -> String {
    let mut out = String::new();
    for (at, piece) in html.split('<').enumerate() {
        let (tag, text) = match (at, piece.split_once('>')) {
            (0, _) => ("", piece),
            (_, Some(parts)) => parts,
            (_, None) => (piece, ""),
        };
        if at > 0 {
            let mut words: Vec<&str> = tag.trim_end_matches('/').split_whitespace().collect();
            // attributes in any order
            words[1..].sort_unstable();
            out.push_str(&format!("<{}>", words.join(" ")));
        }
        out.extend(text.split_whitespace());
    }
    const ALIKE: &[(&str, &str)] = &[
        ("tfoot>", "tbody>"),
        ("</tbody><tbody>", ""),
        (" class=\"task-list-item-checkbox\"", ""),
        (" class=\"task-list\"", ""),
        (" class=\"task-list-item\"", ""),
        (" disabled=\"disabled\"", " disabled"),
        (" checked=\"checked\"", " checked"),
        ("<p><span class=\"math display\">", ""),
        ("\\]</span></p>", "\\]"),
        ("<div class=\"math display\">", ""),
        ("\\]</div>", "\\]"),
        ("<span class=\"math inline\">", ""),
        ("\\)</span>", "\\)"),
        ("align=\"center\"", "center\" style=\"text-align:"),
        ("\u{a0}", ""),
        ("&ldquo;", "“"),
        ("&rdquo;", "”"),
        ("&lsquo;", "‘"),
        ("&rsquo;", "’"),
        ("&ndash;", "–"),
        ("&mdash;", "—"),
        ("&hellip;", "…"),
        ("&frasl;", "\u{2044}"),
        ("&copy;", "©"),
        ("&trade;", "™"),
        ("&quot;", "\""),
    ];
    ALIKE.iter().fold(out, |text, (one, other)| text.replace(one, other))
}
