//! A page as a browser reads it: html5ever's tree, in one list of nodes.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::sync::LazyLock;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, ParseOpts, QualName, local_name, ns, parse_document};

use crate::escape::{escape_attribute, escape_text};

/// A node's number in its page; 0 is the page itself.
pub type Id = usize;

/// So many elements may stand in each other; browsers nest 512.
const DEEPEST: usize = 2_000;

/// So many bytes are read before the depth is looked at.
const PIECE: usize = 8 << 10;

/// A page.
#[derive(Debug, Default)]
pub struct Dom {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    parent: Option<Id>,
    children: Vec<Id>,
    kind: Kind,
    /// How many nodes it stood in when it was put there.
    depth: usize,
    /// Where the contents of a `template` are, which are no children of it.
    template: Option<Id>,
}

#[derive(Debug, Default)]
enum Kind {
    Element(QualName, Vec<Attribute>),
    Text(String),
    /// The page, a comment, or anything that shows nothing.
    #[default]
    Nothing,
}

impl Dom {
    /// Reads a page; `None` where it nests so deep that nobody would see the rest: html5ever looks through all elements
    /// that are open.
    pub fn parse(html: &str) -> Option<Dom> {
        let sink = Sink { nodes: RefCell::new(vec![Node::default()]), deepest: Cell::new(0) };
        // what readers without scripts see is there as well: Zola's pages that send on are such
        let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        let mut parser = parse_document(sink, ParseOpts { tree_builder, ..ParseOpts::default() });
        let mut rest = html;
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(rest.floor_char_boundary(PIECE.min(rest.len())));
            parser.process(piece.into());
            if parser.tokenizer.sink.sink.deepest.get() > DEEPEST {
                return None;
            }
            rest = behind;
        }
        Some(parser.finish())
    }

    /// Every node below one, and it itself, in the order of the text.
    pub fn below(&self, from: Id) -> Below<'_> {
        Below { dom: self, next: vec![from] }
    }

    /// The elements below a node, without it itself.
    pub fn elements(&self, from: Id) -> impl Iterator<Item = Id> {
        self.below(from).filter(move |id| *id != from && self.name(*id).is_some())
    }

    /// The node that a node stands in.
    pub fn parent(&self, id: Id) -> Option<Id> {
        self.nodes[id].parent
    }

    /// The nodes around a node, from the inside out: as many as browsers nest, so that the work of a page stays linear.
    pub fn around(&self, id: Id) -> impl Iterator<Item = Id> {
        const DEEPEST: usize = 512;
        std::iter::successors(self.parent(id), |id| self.parent(*id)).take(DEEPEST)
    }

    /// The name of an element; `None` for what is no element.
    pub fn name(&self, id: Id) -> Option<&str> {
        match &self.nodes[id].kind {
            Kind::Element(name, _) => Some(&name.local),
            _ => None,
        }
    }

    /// An attribute of an element.
    pub fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        match &self.nodes[id].kind {
            Kind::Element(_, attributes) => {
                attributes.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
            }
            _ => None,
        }
    }

    /// What a text node says.
    pub fn text_of(&self, id: Id) -> Option<&str> {
        match &self.nodes[id].kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// All text below a node.
    pub fn text(&self, from: Id) -> String {
        let mut text = String::new();
        for id in self.below(from) {
            match self.name(id) {
                Some("br") => text.push('\n'),
                _ => text.push_str(self.text_of(id).unwrap_or_default()),
            }
        }
        text
    }

    /// Takes a node out of the page.
    pub fn remove(&mut self, id: Id) {
        if let Some(parent) = self.nodes[id].parent.take() {
            take_out(&mut self.nodes[parent].children, id);
        }
    }

    /// What is below a node, as HTML of its elements and texts.
    pub fn inner_html(&self, from: Id) -> String {
        let mut html = String::new();
        // what is still to be written: a node, or the end of an element
        let mut next: Vec<Result<Id, Id>> = self.nodes[from].children.iter().rev().map(|id| Ok(*id)).collect();
        while let Some(step) = next.pop() {
            let (Ok(id) | Err(id)) = step;
            let Kind::Element(name, attributes) = &self.nodes[id].kind else {
                escape_text(self.text_of(id).unwrap_or_default(), &mut html);
                continue;
            };
            if step.is_err() {
                html.push_str(&format!("</{}>", name.local));
                continue;
            }
            html.push('<');
            html.push_str(&name.local);
            for attribute in attributes {
                html.push(' ');
                html.push_str(&attribute.name.local);
                html.push_str("=\"");
                escape_attribute(&attribute.value, &mut html);
                html.push('"');
            }
            html.push('>');
            if !is_void(&name.local) {
                next.push(Err(id));
                next.extend(self.nodes[id].children.iter().rev().map(|id| Ok(*id)));
            }
        }
        html
    }
}

/// Takes a child out, which is most often among the last.
fn take_out(children: &mut Vec<Id>, child: Id) {
    if let Some(at) = children.iter().rposition(|other| *other == child) {
        children.remove(at);
    }
}

/// HTML: elements that hold nothing and have no end tag.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// The nodes below one, in the order of the text.
pub struct Below<'a> {
    dom: &'a Dom,
    next: Vec<Id>,
}

impl Iterator for Below<'_> {
    type Item = Id;

    fn next(&mut self) -> Option<Id> {
        let id = self.next.pop()?;
        self.next.extend(self.dom.nodes[id].children.iter().rev());
        Some(id)
    }
}

/// Where html5ever puts the nodes.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    deepest: Cell<usize>,
}

impl Sink {
    fn add(&self, kind: Kind) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { kind, ..Node::default() });
        nodes.len() - 1
    }

    /// Puts something below a parent, before the child that stands at a place.
    fn put(&self, parent: Id, at: usize, child: NodeOrText<Id>) {
        let child = match child {
            NodeOrText::AppendNode(child) => child,
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = at.checked_sub(1).map(|at| nodes[parent].children[at]);
                if let Some(Kind::Text(before)) = before.map(|id| &mut nodes[id].kind) {
                    before.push_str(&text);
                    return;
                }
                drop(nodes);
                self.add(Kind::Text(text.to_string()))
            }
        };
        self.remove_from_parent(&child);
        let mut nodes = self.nodes.borrow_mut();
        let at = at.min(nodes[parent].children.len());
        nodes[parent].children.insert(at, child);
        nodes[child].parent = Some(parent);
        let depth = nodes[parent].depth + 1;
        nodes[child].depth = depth;
        self.deepest.set(self.deepest.get().max(depth));
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Dom;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Dom {
        Dom { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Ref<'a, QualName> {
        // html5ever asks for the names of elements alone
        static NONE: LazyLock<QualName> = LazyLock::new(|| QualName::new(None, ns!(html), local_name!("")));
        Ref::map(self.nodes.borrow(), |nodes| match &nodes[*target].kind {
            Kind::Element(name, _) => name,
            _ => &NONE,
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Id {
        let id = self.add(Kind::Element(name, attributes));
        if flags.template {
            let contents = self.add(Kind::Nothing);
            self.nodes.borrow_mut()[id].template = Some(contents);
        }
        id
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.add(Kind::Nothing)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.add(Kind::Nothing)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        let at = self.nodes.borrow()[*parent].children.len();
        self.put(*parent, at, child);
    }

    fn append_based_on_parent_node(&self, element: &Id, before: &Id, child: NodeOrText<Id>) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        match has_parent {
            true => self.append_before_sibling(element, child),
            false => self.append(before, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        self.nodes.borrow()[*target].template.unwrap_or(*target)
    }

    fn same_node(&self, one: &Id, other: &Id) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        let nodes = self.nodes.borrow();
        let Some(parent) = nodes[*sibling].parent else { return };
        let at = nodes[parent].children.iter().rposition(|child| child == sibling).unwrap_or_default();
        drop(nodes);
        self.put(parent, at, child);
    }

    fn add_attrs_if_missing(&self, target: &Id, new: Vec<Attribute>) {
        if let Kind::Element(_, attributes) = &mut self.nodes.borrow_mut()[*target].kind {
            for attribute in new {
                if attributes.iter().all(|known| known.name != attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[*target].parent.take() {
            take_out(&mut nodes[parent].children, *target);
        }
    }

    fn reparent_children(&self, from: &Id, to: &Id) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*from].children);
        for child in &children {
            nodes[*child].parent = Some(*to);
        }
        nodes[*to].children.extend(children);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_browsers_read_it() {
        let dom = Dom::parse("<!doctype html><p>One<p>two <b>three<table>x<tr><td>y</table><template>not</template>")
            .expect("a page");
        let body = dom.elements(0).find(|id| dom.name(*id) == Some("body")).expect("a body");
        assert_eq!(
            dom.inner_html(body),
            "<p>One</p><p>two <b>three</b></p><b>x</b><table><tbody><tr><td>y</td></tr></tbody></table>\
             <template></template>"
        );
        assert_eq!(dom.text(body), "Onetwo threexy");
    }

    #[test]
    fn no_depth_takes_long() {
        assert!(Dom::parse(&"<div>".repeat(1 << 20)).is_none());
        assert!(Dom::parse(&"<b>".repeat(1 << 20)).is_none());
        assert!(Dom::parse(&"<div></div>".repeat(1 << 12)).is_some());
    }

    #[test]
    fn what_is_taken_out_is_gone() {
        let mut dom = Dom::parse("<p>One<i>two</i></p>").expect("a page");
        let i = dom.elements(0).find(|id| dom.name(*id) == Some("i")).expect("an i");
        dom.remove(i);
        assert_eq!(dom.text(0), "One");
    }
}
