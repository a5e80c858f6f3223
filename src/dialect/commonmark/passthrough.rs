//! Formulas that goldmark passes through (Hugo's `passthrough`): nothing in them is read as Markdown.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::goldmark::within;
use crate::tree::{Node, NodeKind};

/// A text whose formulas are opaque, each as long as it was, and what they are.
pub struct Masked {
    /// The text.
    pub text: String,
    formulas: Vec<String>,
}

/// What stands for the first formula: letters of a private use plane, which no text has a use for.
const FIRST: u32 = 0xF_0000;

/// So many formulas can be told apart.
const MOST: usize = 0xFFF0;

/// Hides the formulas between `\(` and `\)`, `\[` and `\]`, `$$` and `$$`; `None` where there are none.
pub fn mask(source: &str) -> Option<Masked> {
    static FORMULA: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?s)\\\((?:[^\n]|\n[^\n])*?\\\)|\\\[.*?\\\]|\$\$.*?\$\$").expect("a valid pattern")
    });
    if !["\\(", "\\[", "$$"].iter().any(|mark| source.contains(mark)) {
        return None;
    }
    let mut masked = Masked { text: String::with_capacity(source.len()), formulas: Vec::new() };
    let mut rest = 0;
    for found in FORMULA.find_iter(source).take(MOST) {
        masked.text.push_str(&source[rest..found.start()]);
        let letter = u32::try_from(masked.formulas.len()).ok().and_then(|at| char::from_u32(FIRST + at))?;
        masked.text.push(letter);
        masked.text.extend(std::iter::repeat_n('x', found.len() - letter.len_utf8()));
        masked.formulas.push(found.as_str().to_owned());
        rest = found.end();
    }
    masked.text.push_str(&source[rest..]);
    (rest > 0).then_some(masked)
}

impl Masked {
    /// Puts the formulas back into a tree: in running text as such, elsewhere as typed.
    pub fn unmask(&self, node: &mut Node) {
        for child in std::mem::take(&mut node.children) {
            match &child.kind {
                NodeKind::Text(text) if self.is_in(text) => self.pieces(text, &child, &mut node.children),
                _ => node.children.push(child),
            }
        }
        // alone, a formula is a block
        if node.kind == NodeKind::Paragraph
            && let [Node { kind: NodeKind::MathBlock(tex), .. }] = node.children.as_slice()
        {
            node.kind = NodeKind::MathBlock(tex.clone());
            node.children.clear();
        }
        self.restore(&mut node.kind);
        node.children.iter_mut().for_each(|child| self.unmask(child));
    }

    fn is_in(&self, text: &str) -> bool {
        text.contains(|c| self.at(c).is_some())
    }

    fn at(&self, letter: char) -> Option<&str> {
        let at = (letter as u32).checked_sub(FIRST)?;
        self.formulas.get(usize::try_from(at).ok()?).map(String::as_str)
    }

    fn pieces(&self, text: &str, node: &Node, out: &mut Vec<Node>) {
        let of = |kind: NodeKind, part: Range<usize>| Node::new(kind, within(&node.span, text, part), Vec::new());
        let mut rest = 0;
        while let Some((at, formula)) = text[rest..].char_indices().find_map(|(at, c)| Some((rest + at, self.at(c)?))) {
            if at > rest {
                out.push(of(NodeKind::Text(text[rest..at].to_owned()), rest..at));
            }
            let end = (at + formula.len()).min(text.len());
            let tex = formula.get(2..formula.len() - 2).unwrap_or_default().to_owned();
            let is_inline = formula.starts_with("\\(");
            out.push(of(if is_inline { NodeKind::Math(tex) } else { NodeKind::MathBlock(tex) }, at..end));
            rest = end;
        }
        if rest < text.len() {
            out.push(of(NodeKind::Text(text[rest..].to_owned()), rest..text.len()));
        }
    }

    fn restore(&self, kind: &mut NodeKind) {
        let texts: Vec<&mut String> = match kind {
            NodeKind::Code(text) | NodeKind::HtmlBlock(text) | NodeKind::Html(text) => vec![text],
            NodeKind::CodeBlock { info, text } => vec![info, text],
            NodeKind::Link { href, .. } => vec![href],
            NodeKind::Image { src, alt, .. } => vec![src, alt],
            _ => return,
        };
        for text in texts {
            if self.is_in(text) {
                *text = self.typed(text);
            }
        }
    }

    fn typed(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((at, formula)) = rest.char_indices().find_map(|(at, c)| Some((at, self.at(c)?))) {
            out.push_str(&rest[..at]);
            out.push_str(formula);
            rest = rest.get(at + formula.len()..).unwrap_or_default();
        }
        out + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_keep_their_length() {
        let source = "a \\(x_1\\) $$y$$ `\\(z\\)` \\[a\nb\\] c";
        let masked = mask(source).expect("formulas");
        assert_eq!((masked.text.len(), masked.formulas.len()), (source.len(), 4));
        assert_eq!(masked.typed(&masked.text), source);
        assert!(mask("no (formula) $ here").is_none());
    }
}
