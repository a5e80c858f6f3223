//! The parts of a page that links can name: ids, and the names of anchors.

use std::collections::{HashMap, HashSet};

use html5gum::{Token, Tokenizer};

use super::tokens::{bounded, has_attribute};
use super::{Node, NodeKind};

/// Every id on the page of a tree, as [`super::html::render`] writes them.
pub fn of_tree(tree: &Node) -> Vec<String> {
    let mut found = Finder::default();
    found.node(tree);
    // a footnote is shown where one refers to it, and may refer to another one
    let mut at = 0;
    while let Some(label) = found.referenced.get(at).copied() {
        at += 1;
        found.ids.push(format!("fn:{label}"));
        if let Some(definition) = found.definitions.get(label).copied() {
            definition.children.iter().for_each(|child| found.node(child));
        }
    }
    found.ids
}

/// Every id in a piece of HTML, and the names of anchors.
pub fn of_html(html: &str) -> Vec<String> {
    let mut ids = Vec::new();
    // most pieces of HTML have neither
    if !["id", "name"].iter().any(|name| has_attribute(html, name)) {
        return ids;
    }
    for token in Tokenizer::new(&*bounded(html)).flatten() {
        let Token::StartTag(tag) = token else { continue };
        let name = tag.attributes.get(b"name".as_slice()).filter(|_| &**tag.name == b"a");
        let found = tag.attributes.get(b"id".as_slice()).into_iter().chain(name);
        ids.extend(found.map(|value| String::from_utf8_lossy(value).into_owned()));
    }
    ids
}

#[derive(Default)]
struct Finder<'a> {
    ids: Vec<String>,
    definitions: HashMap<&'a str, &'a Node>,
    referenced: Vec<&'a str>,
    known: HashSet<&'a str>,
}

impl<'a> Finder<'a> {
    fn node(&mut self, node: &'a Node) {
        match &node.kind {
            NodeKind::FootnoteDefinition(label) => {
                self.definitions.entry(label).or_insert(node);
                return;
            }
            NodeKind::FootnoteReference(label) => {
                self.ids.push(format!("fnref:{label}"));
                if self.known.insert(label) {
                    self.referenced.push(label);
                }
            }
            NodeKind::Html(html) | NodeKind::HtmlBlock(html) => self.ids.extend(of_html(html)),
            NodeKind::Heading { id: Some(id), .. } => self.ids.push(id.clone()),
            _ => self.attributes(node),
        }
        node.children.iter().for_each(|child| self.node(child));
    }

    fn attributes(&mut self, node: &Node) {
        self.ids.extend(node.attribute("id").map(str::to_owned));
        if matches!(&node.kind, NodeKind::Link { .. }) || matches!(&node.kind, NodeKind::Element(tag) if tag == "a") {
            self.ids.extend(node.attribute("name").map(str::to_owned));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::kramdown;
    use crate::model::MarkupSettings;
    use crate::tree::html::render;

    #[test]
    fn ids_and_names_are_places() {
        assert_eq!(of_html(r#"<h2 id="a">b</h2><a name="c"></a><input name="d">"#), ["a", "c"]);
    }

    #[test]
    fn the_ids_of_a_tree_are_those_of_its_page() {
        let settings = MarkupSettings { heading_ids: true, gfm: true, ..MarkupSettings::default() };
        let text = "# One\n\n## Two {#two}\n\na[^n] b[^m] b[^n]\n{: #para}\n\n<p id=\"raw\"><a name=\"old\"></a></p>\n\n\
                    [x](y){: #link}\n\n[^n]: note[^m]\n[^m]: other <b id=\"bold\">b</b>\n[^u]: unread\n";
        let tree = kramdown::parse(text, &settings);
        let (mut ids, mut shown) = (of_tree(&tree), of_html(&render(&tree)));
        ids.sort();
        ids.dedup();
        shown.sort();
        shown.dedup();
        assert_eq!(ids, shown);
        assert!(ids.iter().any(|id| id == "bold") && ids.iter().any(|id| id == "para"), "{ids:?}");
    }
}
