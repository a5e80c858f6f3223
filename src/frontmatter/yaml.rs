//! YAML events to values, each scalar typed by the source generator's own schema.

use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span, Tag};
use serde::{Deserialize, Serialize};

use super::explain::explain;
use super::{Flavor, SyntaxError, hexo, ink, jekyll};
use crate::model::{Map, Value};

/// How deep collections may stand in each other, aliases included. Deeper than any front matter goes, and
/// shallow enough for every recursion over a value.
const DEEPEST: usize = 200;

/// How much anchors and aliases may copy in a document, in nodes (long texts count for several): a few lines of aliases of
/// aliases could otherwise fill the memory.
const MOST_ALIASED: usize = 100_000;

/// A line and a column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// What stands at the root of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Root {
    /// Nothing, or null.
    Nothing,
    /// A mapping, with the place of each key.
    Mapping(Vec<(String, Value, Mark)>),
    /// A list or a scalar.
    Other(Value),
}

/// A document and what was doubtful about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The value at the root.
    pub root: Root,
    /// Keys that stand twice in one mapping, each with the place of the later one, whose value was kept.
    pub duplicates: Vec<(String, Mark)>,
    /// Where text begins that the generator does not read, because the document is over before it.
    pub rest: Option<Mark>,
}

/// Reads the first document of a text.
pub fn read(text: &str, flavor: Flavor) -> Result<Document, SyntaxError> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.flow_nesting_limit = DEEPEST;
    options.block_nesting_limit = DEEPEST;
    options.bom_inside_document_as_content = true;
    let mut builder = YamlBuilder::new(flavor);
    for event in Parser::new_from_str_with_options(text, options) {
        // Psych and go-yaml read the first document and do not look at what follows.
        let over = builder.complete && flavor != Flavor::Hexo;
        match event {
            Err(error) if over => builder.rest = Some(mark_of(*error.marker())),
            Err(error) => return Err(scan_error(&error)),
            Ok((Event::DocumentStart(..), span)) if over => builder.rest = Some(mark_of(span.start)),
            Ok((event, span)) => builder.take(event, span)?,
        }
        if builder.rest.is_some() {
            break;
        }
    }
    Ok(builder.finish())
}

fn scan_error(error: &ScanError) -> SyntaxError {
    error_at(mark_of(*error.marker()), explain(error))
}

fn error_at(mark: Mark, message: impl Into<String>) -> SyntaxError {
    SyntaxError { line: mark.line, column: mark.column, message: message.into() }
}

fn mark_of(marker: granit_parser::Marker) -> Mark {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Mark { line: number(marker.line()).max(1), column: number(marker.col()).saturating_add(1) }
}

/// A finished value with what an alias of it costs.
#[derive(Debug, Clone)]
struct YamlNode {
    value: Value,
    weight: usize,
    depth: usize,
    merge: bool,
}

impl YamlNode {
    fn scalar(value: Value, merge: bool) -> Self {
        const BYTES_PER_NODE: usize = 64;
        let weight = 1 + value.as_str().map_or(0, str::len) / BYTES_PER_NODE;
        YamlNode { value, weight, depth: 0, merge }
    }
}

/// A collection that is not closed yet.
struct Frame {
    anchor: usize,
    start: Mark,
    weight: usize,
    depth: usize,
    kind: YamlKind,
}

enum YamlKind {
    List(Vec<Value>),
    Map(Open),
}

#[derive(Default)]
struct Open {
    map: Map,
    /// The places of the keys, in the order of the map: kept for the mapping at the root alone.
    marks: Vec<Mark>,
    key: Option<Key>,
    /// Keys that came out of a merge: what stands in the mapping itself is no duplicate of them.
    merged: HashSet<String>,
}

struct Key {
    name: String,
    mark: Mark,
    merge: bool,
}

struct YamlBuilder {
    flavor: Flavor,
    frames: Vec<Frame>,
    anchors: HashMap<usize, YamlNode>,
    aliased: usize,
    documents: usize,
    root: Root,
    duplicates: Vec<(String, Mark)>,
    /// The value at the root is closed.
    complete: bool,
    rest: Option<Mark>,
}

impl YamlBuilder {
    fn new(flavor: Flavor) -> Self {
        YamlBuilder {
            flavor,
            frames: Vec::new(),
            anchors: HashMap::new(),
            aliased: 0,
            documents: 0,
            root: Root::Nothing,
            duplicates: Vec::new(),
            complete: false,
            rest: None,
        }
    }

    fn finish(self) -> Document {
        Document { root: self.root, duplicates: self.duplicates, rest: self.rest }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), SyntaxError> {
        let mark = mark_of(span.start);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(error_at(mark, "a second document begins here"));
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                // An empty plain scalar arrives as `~` of no length.
                let text = if style == ScalarStyle::Plain && span.is_empty() { "" } else { &*text };
                let value = self.resolve(text, style, tag.as_deref(), mark)?;
                let merge = text == "<<" && (style == ScalarStyle::Plain || self.flavor == Flavor::Jekyll);
                self.node(anchor, YamlNode::scalar(value, merge), Some(text), mark)
            }
            Event::SequenceStart(_, anchor, _) => self.open(anchor, mark, YamlKind::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => self.open(anchor, mark, YamlKind::Map(Open::default())),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(id) => {
                let node = self.anchors.get(&id).cloned();
                let node = node.ok_or_else(|| error_at(mark, "an alias stands inside the value it names"))?;
                self.spend(node.weight, mark)?;
                self.node(0, node, None, mark)
            }
            _ => Ok(()),
        }
    }

    /// Counts nodes that anchors and aliases copy.
    fn spend(&mut self, weight: usize, mark: Mark) -> Result<(), SyntaxError> {
        self.aliased = self.aliased.saturating_add(weight);
        if self.aliased > MOST_ALIASED { Err(error_at(mark, "aliases repeat too much")) } else { Ok(()) }
    }

    fn open(&mut self, anchor: usize, start: Mark, kind: YamlKind) -> Result<(), SyntaxError> {
        if self.frames.len() >= DEEPEST {
            return Err(error_at(start, "lists and mappings stand too deep in each other"));
        }
        self.frames.push(Frame { anchor, start, weight: 1, depth: 0, kind });
        Ok(())
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let (weight, depth) = (frame.weight, frame.depth + 1);
        let value = match frame.kind {
            YamlKind::List(items) => Value::List(items),
            YamlKind::Map(open) if self.frames.is_empty() => {
                self.complete = true;
                let entries = open.map.into_iter().zip(open.marks);
                self.root = Root::Mapping(entries.map(|((key, value), mark)| (key, value, mark)).collect());
                return Ok(());
            }
            YamlKind::Map(open) => Value::Map(open.map),
        };
        self.node(frame.anchor, YamlNode { value, weight, depth, merge: false }, None, frame.start)
    }

    /// Puts a finished node where it belongs: `text` is a scalar's own spelling, which keys keep.
    fn node(&mut self, anchor: usize, node: YamlNode, text: Option<&str>, mark: Mark) -> Result<(), SyntaxError> {
        if anchor != 0 {
            self.spend(node.weight, mark)?;
            self.anchors.insert(anchor, node.clone());
        }
        let nesting = self.frames.len();
        let Some(frame) = self.frames.last_mut() else {
            self.complete = true;
            self.root = match node.value {
                Value::Null => Root::Nothing,
                value => Root::Other(value),
            };
            return Ok(());
        };
        if nesting + node.depth > DEEPEST {
            return Err(error_at(mark, "lists and mappings stand too deep in each other"));
        }
        frame.weight += node.weight;
        frame.depth = frame.depth.max(node.depth);
        match &mut frame.kind {
            YamlKind::List(items) => items.push(node.value),
            YamlKind::Map(open) => match open.key.take() {
                None => {
                    let name = text.map_or_else(|| key_text(&node.value), str::to_owned);
                    open.key = Some(Key { name, mark, merge: node.merge });
                }
                Some(key) if key.merge && can_merge(&node.value) => {
                    open.merge(node.value, key.mark, self.flavor);
                }
                Some(key) => {
                    if open.insert(&key, node.value) {
                        self.duplicates.push((key.name, key.mark));
                    }
                }
            },
        }
        Ok(())
    }

    fn resolve(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>, mark: Mark) -> Result<Value, SyntaxError> {
        let plain = style == ScalarStyle::Plain;
        if self.is_text_to_ink() {
            return Ok(if plain && ink::plain(text) == Value::Null { Value::Null } else { Value::from(text) });
        }
        let Some(tag) = tag else {
            return Ok(if plain { self.typed(text) } else { Value::from(text) });
        };
        let standard = tag.suffix_in_namespace("tag:yaml.org,2002:");
        match (self.flavor, standard.as_deref()) {
            // SafeYAML guesses the type of whatever has a tag, quotes or not.
            (Flavor::Jekyll, _) => Ok(self.typed(text)),
            (_, Some("str" | "binary")) => Ok(Value::from(text)),
            (_, Some(_)) => Ok(self.typed(text)),
            (Flavor::Hexo, None) if tag.original() != "!" => {
                Err(error_at(mark, format!("the tag {} is unknown", tag.original())))
            }
            (_, None) if text.is_empty() && plain => Ok(Value::Null),
            (_, None) => Ok(Value::from(text)),
        }
    }

    /// Ink decodes into a struct with fields of fixed types: `title: 2020` and `tags: [on]` are text to it.
    fn is_text_to_ink(&self) -> bool {
        const TEXTS: [&str; 8] = ["title", "author", "topic", "cover", "preview", "type", "image", "subtitle"];
        const LISTS: [&str; 2] = ["tags", "categories"];
        let field = |frame: &Frame| match &frame.kind {
            YamlKind::Map(Open { key: Some(key), .. }) => key.name.clone(),
            _ => String::new(),
        };
        self.flavor == Flavor::Ink
            && match self.frames.as_slice() {
                [root] => TEXTS.contains(&field(root).as_str()),
                [root, Frame { kind: YamlKind::List(_), .. }] => LISTS.contains(&field(root).as_str()),
                _ => false,
            }
    }

    fn typed(&self, text: &str) -> Value {
        self.flavor.plain(text)
    }
}

impl Flavor {
    /// Types a plain scalar by the generator's schema.
    pub(super) fn plain(self, text: &str) -> Value {
        match self {
            Flavor::Jekyll => jekyll::plain(text),
            Flavor::Hexo => hexo::plain(text),
            // Hugo and Zola have YAML 1.2 readers now; what older ones typed otherwise is typed as they did
            Flavor::Ink | Flavor::Hugo | Flavor::Zola => ink::plain(text),
        }
    }
}

/// Whether the value behind `<<` is a mapping or a list of them.
fn can_merge(value: &Value) -> bool {
    match value {
        Value::Map(_) => true,
        Value::List(items) => items.iter().all(|item| item.as_map().is_some()),
        _ => false,
    }
}

impl Open {
    /// Sets a key; true where it stood there already, not counting merges. The last value wins at the first
    /// place, as in Ruby's and Go's maps.
    fn insert(&mut self, key: &Key, value: Value) -> bool {
        let known = self.map.insert(key.name.clone(), value).is_some();
        if !known {
            self.marks.push(key.mark);
        }
        known && !self.merged.remove(&key.name)
    }

    /// Psych and go-yaml merge where the `<<` stands, over what was before it; js-yaml never touches a key that is
    /// there. Of several mappings the first wins.
    fn merge(&mut self, value: Value, mark: Mark, flavor: Flavor) {
        let maps = match value {
            Value::Map(map) => vec![map],
            Value::List(items) => items
                .into_iter()
                .filter_map(|item| match item {
                    Value::Map(map) => Some(map),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let mut here = HashSet::new();
        for map in maps {
            for (name, value) in map {
                let known = self.map.contains_key(&name);
                if known && (flavor == Flavor::Hexo || here.contains(&name)) {
                    continue;
                }
                if !known {
                    self.marks.push(mark);
                    self.merged.insert(name.clone());
                }
                here.insert(name.clone());
                self.map.insert(name, value);
            }
        }
    }
}

/// A key that is no scalar, as text: the generators print theirs in their languages' own ways, which nothing
/// can refer to.
fn key_text(value: &Value) -> String {
    match value {
        Value::List(items) => format!("[{}]", items.iter().map(key_text).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            let entries: Vec<_> = map.iter().map(|(key, value)| format!("{key}: {}", key_text(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        scalar => scalar.to_text().unwrap_or_default(),
    }
}
