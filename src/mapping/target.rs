//! The target's side: what a model field is called in the target's front matter, and in which order fields stand.

use std::sync::Arc;

use indexmap::IndexMap;

use super::file::{MappingFile, error_at, nearest};
use super::{ModelField, UserFile, applies, layers, quoted, quoted_key};
use crate::address::runs;
use crate::model::{Details, FEED_ID, Map, Mistake, Post, Value, Written};

/// The effective mapping of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetMapping {
    /// Model field and the dotted key it goes to, in the order of the front matter.
    fields: IndexMap<ModelField, String>,
    /// The table for custom data.
    custom: String,
}

impl TargetMapping {
    /// The effective mapping for a target.
    ///
    /// # Errors
    /// [`Mistake`] where a file has a mistake.
    pub fn of_target(name: &str, user: &[UserFile]) -> Result<TargetMapping, Mistake> {
        let mut mapping = TargetMapping { fields: IndexMap::new(), custom: "extra".to_owned() };
        for file in layers(name, user) {
            let parsed = MappingFile::parse(&file.text, &file.name)?;
            if !applies(&parsed, name, &file)? {
                continue;
            }
            if let Some(custom) = parsed.custom {
                mapping.custom = custom;
            }
            for (field, raw) in parsed.fields {
                let Some(known) = ModelField::of(&field) else {
                    let hint = nearest(&field, ModelField::ALL.iter().map(|field| field.name()));
                    let hint = hint.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
                    let message = format!("`{field}` is no field of the model{hint}");
                    return Err(error_at(&file.text, &file.name, raw.to.span().start, message));
                };
                mapping.fields.insert(known, raw.to.into_inner());
            }
        }
        Ok(mapping)
    }

    /// Where a model field goes; empty for a field that the writer places by itself.
    pub fn destination(&self, field: ModelField) -> &str {
        self.fields.get(&field).map_or("", String::as_str)
    }

    /// The table for custom data.
    pub fn custom(&self) -> &str {
        &self.custom
    }

    /// The front matter of a post in the target's order: mapped fields, then custom data in its table. Addresses are
    /// the writer's to add.
    pub fn front_matter(&self, post: &Post, details: &Details, written: &Written) -> Map {
        let mut root = Map::new();
        for (field, to) in &self.fields {
            let Some(value) = value_of(post, details, written, *field) else { continue };
            if root.contains_key(to) {
                // two fields for one key (Zola shows a summary as the description): the second is custom data
                insert(&mut root, &format!("{}.{}", self.custom, field.name()), value);
            } else {
                insert(&mut root, to, value);
            }
        }
        let added: Vec<(&str, Value)> =
            post.seldom().added.iter().map(|(name, value)| (*name, Value::String(value.clone()))).collect();
        let added =
            added.iter().filter(|(name, _)| !details.extra.contains_key(*name)).map(|(name, value)| (*name, value));
        for (name, value) in details.extra.iter().map(|(name, value)| (name.as_str(), value)).chain(added) {
            // a mapped field has the better right to its name, and templates count on what it is
            let taken = root.get(&self.custom).and_then(Value::as_map).is_some_and(|custom| custom.contains_key(name))
                || self.misleads(name, value);
            let name = if taken { format!("source_{name}") } else { name.to_owned() };
            if let Value::Map(custom) = root.entry(self.custom.clone()).or_insert_with(|| Value::Map(Map::new())) {
                custom.insert(name, value.clone());
            }
        }
        root
    }

    /// Whether custom data has the name of a mapped field, and is something else.
    fn misleads(&self, name: &str, value: &Value) -> bool {
        // Hugo has what stands at the top among its custom data as well
        let is_its =
            |to: &str| to == name || to.strip_prefix(&self.custom).and_then(|to| to.strip_prefix('.')) == Some(name);
        let misfits = |field: ModelField, to: &str| match (to, value) {
            (IMAGES, Value::List(items)) => !items.iter().all(|item| fits(field, item)),
            (IMAGES, _) => true,
            _ => !fits(field, value),
        };
        (name == FEED_ID && !is_text(value)) || self.fields.iter().any(|(field, to)| is_its(to) && misfits(*field, to))
    }

    /// The mapping as TOML.
    pub(super) fn show(&self, name: &str) -> String {
        let mut out = format!(
            "# The effective mapping of the model to {name}.\nfor = \"{name}\"\ncustom = {}\n",
            quoted(&self.custom)
        );
        for (field, to) in &self.fields {
            out.push_str(&format!("\n[fields.{}]\nto = {}\n", quoted_key(field.name()), quoted(to)));
        }
        out
    }
}

/// Hugo's only field that is a list of what the model has one of.
const IMAGES: &str = "images";

fn insert(root: &mut Map, dotted: &str, value: Value) {
    match dotted.split_once('.') {
        None if dotted == IMAGES => {
            root.insert(dotted.to_owned(), Value::List(vec![value]));
        }
        None => {
            root.insert(dotted.to_owned(), value);
        }
        Some((table, rest)) => {
            if let Value::Map(map) = root.entry(table.to_owned()).or_insert_with(|| Value::Map(Map::new())) {
                insert(map, rest, value);
            }
        }
    }
}

fn value_of(post: &Post, details: &Details, written: &Written, field: ModelField) -> Option<Value> {
    let text = |text: &Option<String>| text.clone().map(Value::String);
    let texts =
        |list: &[String]| (!list.is_empty()).then(|| Value::List(list.iter().cloned().map(Value::String).collect()));
    match field {
        ModelField::Title => text(&post.title),
        ModelField::Date => post.date.map(Value::from),
        ModelField::Updated => post.seldom().updated.map(Value::from),
        ModelField::Tags => texts(&terms(post.tags.iter())),
        ModelField::Categories => texts(&terms(post.categories.iter().flatten())),
        ModelField::Authors => texts(&details.authors),
        ModelField::Summary => text(&written.summary),
        ModelField::Description => text(&details.description),
        ModelField::Keywords => texts(&details.keywords),
        ModelField::Cover => text(&written.cover),
        ModelField::Draft => post.draft.then_some(Value::Bool(true)),
        ModelField::Pinned => post.seldom().pinned.map(Value::Int),
        ModelField::Toc => details.toc.map(Value::Bool),
        ModelField::Math => post.seldom().math.map(Value::Bool),
        ModelField::Comments => details.comments.map(Value::Bool),
        ModelField::Unlisted => post.unlisted.then_some(Value::Bool(true)),
        ModelField::Language => text(&details.language),
        ModelField::Layout => post.layout.as_deref().map(Value::from),
        ModelField::Aliases => None,
        ModelField::RedirectTo => text(&post.seldom().redirect_to),
    }
}

/// Whether a value has the shape that [`value_of`] gives a field; what is true or false can be told of any.
fn fits(field: ModelField, value: &Value) -> bool {
    match field {
        ModelField::Tags | ModelField::Categories | ModelField::Authors | ModelField::Keywords => {
            matches!(value, Value::List(items) if items.iter().all(is_text))
        }
        ModelField::Pinned => matches!(value, Value::Int(_)),
        ModelField::Draft | ModelField::Toc | ModelField::Math | ModelField::Comments => true,
        // Hugo's `where` leaves out what it cannot compare with a truth
        ModelField::Unlisted => matches!(value, Value::Bool(_)),
        ModelField::Date | ModelField::Updated => matches!(value, Value::Date(_)),
        ModelField::Cover | ModelField::RedirectTo => {
            is_text(value) && matches!(value, Value::String(address) if !runs(address))
        }
        _ => is_text(value),
    }
}

/// Text as a page and a feed can hold it.
fn is_text(value: &Value) -> bool {
    matches!(value, Value::String(text) if !text.contains(|c: char| c.is_control() && !c.is_whitespace()))
}

/// Terms as a list: blank ones and repetitions left out, every level of a category path a term of its own.
fn terms<'a>(all: impl Iterator<Item = &'a Arc<str>>) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for term in all {
        let term = term.trim();
        if !term.is_empty() && !terms.iter().any(|known| known == term) {
            terms.push(term.to_owned());
        }
    }
    terms
}
