//! Applying a mapping to one document: every field ends up in the post, in its custom data or in the ledger.

use std::sync::Arc;

use super::{Destination, Mapping, ModelField, Rule};
use crate::address::{LONGEST_NAME, runs};
use crate::ledger::{Code, Ledger};
use crate::model::{Details, Document, Field, Map, Place, Post, Site, Value};
use crate::read::Reader;

impl Mapping {
    /// Applies the mapping. Fields are taken in the order of the mapping's rules, so that of two fields that feed one
    /// place the one named first in the mapping wins; the other becomes custom data.
    pub fn normalize(
        &self,
        document: Document,
        site: &Site,
        reader: &dyn Reader,
        ledger: &mut Ledger,
    ) -> (Post, Details) {
        let (mut post, mut details) = self.mapped(&document, site, reader, ledger);
        reader.finish(&mut post, &document, site, ledger);
        name_terms(&mut post, &document, ledger);
        details.fields = document.fields;
        (post, details)
    }

    /// What [`Mapping::normalize`] says of the document alone: its address and all else that its generator makes of
    /// the fields is not asked for again.
    pub fn details(&self, document: Document, site: &Site, reader: &dyn Reader, ledger: &mut Ledger) -> Details {
        let (_, mut details) = self.mapped(&document, site, reader, ledger);
        details.fields = document.fields;
        details
    }

    fn mapped(&self, document: &Document, site: &Site, reader: &dyn Reader, ledger: &mut Ledger) -> (Post, Details) {
        let (mut post, mut details) = (Post::of(document), Details::default());
        let mut applier = Applier { post: &mut post, details: &mut details, site, reader, ledger, filled: Vec::new() };
        // a document has few of the fields that there are rules for
        let ruled = document.fields.iter().filter_map(|(name, field)| Some((self.place_of(name)?, name, field)));
        let mut ruled: Vec<_> = ruled.collect();
        ruled.sort_unstable_by_key(|((place, _), ..)| *place);
        for ((_, rule), name, field) in ruled {
            applier.apply(name, field, rule);
        }
        let mut extra = Map::new();
        for (name, field) in &document.fields {
            if let Some(kept) = applier.details.extra.shift_remove(name) {
                extra.insert(name.clone(), kept);
            } else if self.rule(name).is_none() {
                applier.ledger.add(Code::FieldExtra, field.place.clone(), format!("`{name}` is kept as custom data"));
                extra.insert(name.clone(), field.value.clone());
            }
        }
        // fields that rules sent to custom data under another name
        extra.extend(std::mem::take(&mut applier.details.extra));
        details.extra = extra;
        (post, details)
    }
}

/// Categories as a post keeps them.
fn shared(paths: Vec<Vec<String>>) -> Vec<Vec<Arc<str>>> {
    paths.into_iter().map(|path| path.into_iter().map(Arc::from).collect()).collect()
}

struct Applier<'a> {
    post: &'a mut Post,
    details: &'a mut Details,
    site: &'a Site,
    reader: &'a dyn Reader,
    ledger: &'a mut Ledger,
    filled: Vec<ModelField>,
}

impl Applier<'_> {
    fn apply(&mut self, name: &str, field: &Field, rule: &Rule) {
        let value = match (&rule.key, &field.value) {
            (Some(key), Value::Map(map)) if map.contains_key(key) => &map[key.as_str()],
            _ => &field.value,
        };
        match &rule.to {
            Destination::Address => {}
            Destination::Drop => {
                self.ledger.add(
                    Code::FieldDropped,
                    field.place.clone(),
                    format!("`{name}` is left out, as the mapping says"),
                );
            }
            Destination::Extra(to) => {
                if to != name {
                    self.note(Code::FieldRenamed, field, format!("`{name}` is now custom data named `{to}`"));
                }
                self.details.extra.insert(to.clone(), value.clone());
            }
            // an empty field says nothing
            Destination::Model(_) if value.is_empty() => {}
            Destination::Model(to) => self.model(name, field, value, *to, rule.invert),
        }
    }

    fn model(&mut self, name: &str, field: &Field, value: &Value, to: ModelField, invert: bool) {
        if self.filled.contains(&to) && !matches!(to, ModelField::Aliases | ModelField::Draft) {
            self.keep(name, field, format!("`{name}` is kept as custom data: another field is the {}", to.name()));
            return;
        }
        let clean = without_controls(value);
        if clean.is_some() {
            let message = format!("`{name}` holds control characters, for which no page and no feed has a place");
            self.note(Code::ControlCharacters, field, message);
        }
        if self.fill(clean.as_ref().unwrap_or(value), to, invert) {
            self.filled.push(to);
            if name != to.name() {
                self.note(Code::FieldRenamed, field, format!("`{name}` became `{}`", to.name()));
            }
        } else {
            let code = if matches!(to, ModelField::Date | ModelField::Updated) {
                Code::DateUnreadable
            } else {
                Code::FieldOdd
            };
            self.note(code, field, format!("`{name}` cannot be read as the {} and is kept as custom data", to.name()));
            self.details.extra.insert(name.to_owned(), field.value.clone());
        }
    }

    fn keep(&mut self, name: &str, field: &Field, message: String) {
        self.note(Code::FieldExtra, field, message);
        self.details.extra.insert(name.to_owned(), field.value.clone());
    }

    fn note(&mut self, code: Code, field: &Field, message: String) {
        self.ledger.add(code, field.place.clone(), message);
    }

    /// Puts a value into the model; false where it does not fit.
    fn fill(&mut self, value: &Value, to: ModelField, invert: bool) -> bool {
        let truth = || truth_of(value).map(|truth| truth != invert);
        let post = &mut *self.post;
        match to {
            ModelField::Title => set(&mut post.title, value.to_text()),
            ModelField::Summary => set(&mut self.details.summary, value.to_text()),
            ModelField::Description => set(&mut self.details.description, value.to_text()),
            ModelField::Cover => set(&mut self.details.cover, first_text(value)),
            ModelField::Language => set(&mut self.details.language, value.to_text()),
            ModelField::Layout => set(&mut post.layout, value.to_text().map(Arc::from)),
            ModelField::RedirectTo => set(&mut post.seldom_mut().redirect_to, first_text(value).filter(|to| !runs(to))),
            ModelField::Date => set(&mut post.date, self.reader.date(value, self.site)),
            ModelField::Updated => set(&mut post.seldom_mut().updated, self.reader.date(value, self.site)),
            ModelField::Toc => set(&mut self.details.toc, truth()),
            ModelField::Math => set(&mut post.seldom_mut().math, truth()),
            ModelField::Comments => set(&mut self.details.comments, truth()),
            ModelField::Unlisted => truth().map(|truth| post.unlisted = truth).is_some(),
            // what is a draft by its folder stays one
            ModelField::Draft => truth().map(|truth| post.draft |= truth).is_some(),
            ModelField::Pinned => set(&mut post.seldom_mut().pinned, pin_of(value)),
            ModelField::Tags => {
                post.tags = self.reader.tags(value).into_iter().map(Arc::from).collect();
                true
            }
            ModelField::Categories => {
                post.categories = shared(self.reader.categories(value));
                true
            }
            ModelField::Authors => fill_list(&mut self.details.authors, authors_of(value, self.site)),
            ModelField::Keywords => fill_list(&mut self.details.keywords, keywords_of(value)),
            ModelField::Aliases => fill_list(&mut post.seldom_mut().aliases, texts_of(value)),
        }
    }
}

/// A value without control characters, if there are any: HTML (`control-character-in-input-stream`) takes line ends and tabs
/// alone, and XML none of the others below a space.
fn without_controls(value: &Value) -> Option<Value> {
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    match value {
        Value::String(text) => text.contains(is_control).then(|| Value::String(text.replace(is_control, ""))),
        Value::List(items) => {
            let clean: Vec<Option<Value>> = items.iter().map(without_controls).collect();
            clean.iter().any(Option::is_some).then(|| {
                let items = clean.into_iter().zip(items);
                Value::List(items.map(|(clean, item)| clean.unwrap_or_else(|| item.clone())).collect())
            })
        }
        _ => None,
    }
}

/// Gives terms of which no page could be made another name.
fn name_terms(post: &mut Post, document: &Document, ledger: &mut Ledger) {
    let mut rename = |term: &mut Arc<str>, names: [&str; 2]| {
        let Some(name) = servable_term(term) else { return };
        let field = names.iter().find_map(|name| document.fields.get(*name));
        let place = field.map_or_else(|| Place::top(document.source.clone()), |field| field.place.clone());
        let shown: String = term.chars().take(80).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        ledger.add(Code::TermRenamed, place, format!("no page can be made of `{shown}`: it is now called `{name}`"));
        *term = name.into();
    };
    post.tags.iter_mut().for_each(|tag| rename(tag, ["tags", "tag"]));
    post.categories.iter_mut().flatten().for_each(|category| rename(category, ["categories", "category"]));
}

/// What a term is called instead where its page would need a name that no system takes, or that of a file that every
/// generator makes itself; `None` where it is fine.
fn servable_term(term: &str) -> Option<String> {
    let mut name: String = term.chars().filter(|c| !c.is_control()).collect();
    while name.len() > LONGEST_NAME {
        name.pop();
    }
    let bare = name.trim_matches('/').to_ascii_lowercase();
    if matches!(&*bare, "index.html" | "index.xml" | "404.html" | "sitemap.xml") {
        name = bare.replace('.', "-");
    }
    (name != term).then_some(name)
}

fn set<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let fits = value.is_some();
    if fits {
        *place = value;
    }
    fits
}

fn fill_list<T: From<String>>(place: &mut Vec<T>, values: Option<Vec<String>>) -> bool {
    let Some(values) = values else { return false };
    place.extend(values.into_iter().map(T::from));
    true
}

/// A boolean, or a word or number that means one.
fn truth_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(b) => Some(*b),
        Value::Int(i) => Some(*i != 0),
        Value::String(s) => match s.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// `top: true` is 1; numbers are themselves.
fn pin_of(value: &Value) -> Option<i64> {
    match value {
        Value::Int(i) => Some(*i),
        Value::Float(f) => Some(*f as i64),
        Value::String(s) if s.trim().parse::<i64>().is_ok() => s.trim().parse().ok(),
        other => truth_of(other).map(i64::from),
    }
}

fn first_text(value: &Value) -> Option<String> {
    match value {
        Value::List(items) => items.iter().find_map(Value::to_text),
        other => other.to_text(),
    }
}

fn texts_of(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::List(items) => Some(items.iter().filter_map(Value::to_text).collect()),
        other => other.to_text().map(|text| vec![text]),
    }
}

/// A list, or text parted by commas of either script.
fn keywords_of(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(
            text.split([',', '，', '、']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        ),
        other => texts_of(other),
    }
}

/// Keys of the site's authors become their names; maps give their `name`.
fn authors_of(value: &Value, site: &Site) -> Option<Vec<String>> {
    let name = |value: &Value| match value {
        Value::Map(map) => map.get("name").and_then(Value::to_text),
        other => other.to_text().map(|key| match site.authors.get(&key) {
            Some(author) if !author.name.is_empty() => author.name.clone(),
            _ => key,
        }),
    };
    match value {
        Value::List(items) => items.iter().map(name).collect(),
        other => name(other).map(|name| vec![name]),
    }
}
