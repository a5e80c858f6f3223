//! The normalizer: where every field goes, said by mapping files.
//!
//! `mappings/jekyll.toml`, `hexo.toml`, `ink.toml`, `from-hugo.toml`, `from-zola.toml` and `wordpress.toml` say which model
//! field a source field is; `hugo.toml`, `zola.toml` and `html.toml` say what a model field is called in the target. Files of the user's own
//! are layered on top, rule by rule.

mod apply;
mod file;
mod octopress;
pub mod tagmap;
mod target;
pub mod theme;

use indexmap::IndexMap;

use tagmap::TagMap;

use crate::model::Mistake;
pub use file::Pictures;
pub(crate) use file::error_at;
pub use file::nearest;
use file::{MappingFile, OneOrMany};
pub use target::TargetMapping;

/// The built-in files by name.
const BUILT_IN: &[(&str, &str)] = &[
    ("jekyll", include_str!("../../mappings/jekyll.toml")),
    ("hexo", include_str!("../../mappings/hexo.toml")),
    ("ink", include_str!("../../mappings/ink.toml")),
    ("from-hugo", include_str!("../../mappings/from-hugo.toml")),
    ("from-zola", include_str!("../../mappings/from-zola.toml")),
    ("wordpress", include_str!("../../mappings/wordpress.toml")),
    ("hugo", include_str!("../../mappings/hugo.toml")),
    ("zola", include_str!("../../mappings/zola.toml")),
    ("html", include_str!("../../mappings/html.toml")),
];

/// The source generators among [`BUILT_IN`].
const SOURCES: &[&str] = &["jekyll", "hexo", "ink", "from-hugo", "from-zola", "wordpress"];

/// What the mapping of a source generator is called: those that are targets too have another one as such.
fn of_generator(generator: &str) -> &str {
    match generator {
        "hugo" => "from-hugo",
        "zola" => "from-zola",
        other => other,
    }
}

/// A mapping file of the user's own: its name for messages, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFile {
    /// The path as given.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// Where a source field goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Into the model.
    Model(ModelField),
    /// It has done its work when the old address was computed.
    Address,
    /// Into the custom data, under this name.
    Extra(String),
    /// Nowhere; the ledger says so.
    Drop,
}

macro_rules! model_fields {
    ($( $variant:ident = $name:literal, $doc:literal; )+) => {
        /// The fields of the model that mapping files can name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ModelField { $( #[doc = $doc] $variant, )+ }

        impl ModelField {
            /// Every field, in the order of the table.
            pub const ALL: &'static [ModelField] = &[ $( ModelField::$variant, )+ ];

            /// Its name in mapping files.
            pub fn name(self) -> &'static str {
                match self { $( ModelField::$variant => $name, )+ }
            }

            /// What it takes, in a few words.
            pub fn describe(self) -> &'static str {
                match self { $( ModelField::$variant => $doc, )+ }
            }
        }
    };
}

model_fields! {
    Title = "title", "The title: text.";
    Date = "date", "When it was published: a date by the source generator's rules.";
    Updated = "updated", "When it was last changed: a date.";
    Tags = "tags", "Tags: the shapes that the source generator takes.";
    Categories = "categories", "Categories: the shapes that the source generator takes.";
    Authors = "authors", "Authors: a name, a key of the site's authors, or a list of either.";
    Summary = "summary", "The summary that the author wrote: text.";
    Description = "description", "The description for search engines: text.";
    Keywords = "keywords", "Keywords: a list, or text with commas.";
    Cover = "cover", "The lead image: an address.";
    Draft = "draft", "Not to be published: true or false.";
    Pinned = "pinned", "At the top of lists: true, or a number (larger is higher).";
    Toc = "toc", "Shows a table of contents: true or false.";
    Math = "math", "Has formulas: true or false.";
    Comments = "comments", "Takes comments: true or false.";
    Unlisted = "unlisted", "Left out of lists: true or false.";
    Language = "language", "A language tag.";
    Layout = "layout", "The name of a layout.";
    Aliases = "aliases", "Other old addresses: one or a list.";
    RedirectTo = "redirect_to", "Where readers are sent instead: an address.";
}

impl ModelField {
    /// The field of a name.
    pub fn of(name: &str) -> Option<ModelField> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }
}

/// What is to be done with one source field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Where it goes.
    pub to: Destination,
    /// The truth value is turned round.
    pub invert: bool,
    /// Where the value is a map, the value of this key is meant.
    pub key: Option<String>,
    /// The file that says so.
    pub from: String,
}

/// The effective mapping of a source generator: its built-in file with the user's files layered on top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    rules: IndexMap<String, Rule>,
}

impl Mapping {
    /// The effective mapping for a source generator.
    ///
    /// # Errors
    /// [`Mistake`] where a file has a mistake.
    pub fn of_source(generator: &str, user: &[UserFile]) -> Result<Mapping, Mistake> {
        let generator = of_generator(generator);
        let mut mapping = Mapping { rules: IndexMap::new() };
        for file in layers(generator, user) {
            let parsed = MappingFile::parse(&file.text, &file.name)?;
            if !applies(&parsed, generator, &file)? {
                continue;
            }
            for (field, raw) in parsed.fields {
                let to = destination(raw.to.get_ref())
                    .map_err(|message| error_at(&file.text, &file.name, raw.to.span().start, message))?;
                let rule = Rule { to, invert: raw.invert, key: raw.key, from: file.name.clone() };
                mapping.rules.insert(field, rule);
            }
        }
        Ok(mapping)
    }

    /// The place of a field's rule among all of them, and the rule.
    fn place_of(&self, field: &str) -> Option<(usize, &Rule)> {
        self.rules.get_full(field).map(|(place, _, rule)| (place, rule))
    }

    /// The rule for a field, if any.
    pub fn rule(&self, field: &str) -> Option<&Rule> {
        self.rules.get(field)
    }

    /// Every rule, in the order of the files: earlier ones win where several fields feed one place.
    pub fn rules(&self) -> impl Iterator<Item = (&str, &Rule)> {
        self.rules.iter().map(|(field, rule)| (field.as_str(), rule))
    }
}

/// What is done with the templates and the texts of a source.
#[derive(Debug, Clone, Default)]
pub struct TemplateRules {
    /// What tags of plugins and themes become.
    pub tags: TagMap,
    /// Files of a theme for `include`, where the source has none of the name.
    pub includes: IndexMap<String, String>,
    /// What the theme does to the addresses of pictures.
    pub pictures: Option<Pictures>,
}

/// The effective rules for the templates of a source generator: the built-in tags with those of files layered on top.
///
/// # Errors
/// [`Mistake`] where a file has a mistake.
pub fn rules_of(generator: &str, files: &[UserFile]) -> Result<TemplateRules, Mistake> {
    let generator = of_generator(generator);
    let mut rules = TemplateRules { tags: tagmap::of(generator), ..TemplateRules::default() };
    for file in files {
        let parsed = MappingFile::parse(&file.text, &file.name)?;
        if !applies(&parsed, generator, file)? {
            continue;
        }
        for (name, rule) in parsed.tags {
            let start = rule.span().start;
            let rule = rule.into_inner();
            rule.check().map_err(|message| {
                error_at(&file.text, &file.name, start, format!("the output of the tag `{name}`: {message}"))
            })?;
            rules.tags.insert(name, rule);
        }
        rules.includes.extend(parsed.includes);
        rules.pictures = parsed.pictures.or(rules.pictures);
    }
    Ok(rules)
}

/// The names of the built-in mappings.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// The effective map of a generator or target as TOML, with the file that each rule comes from.
///
/// # Errors
/// [`Mistake`] where a file has a mistake.
pub fn show(name: &str, user: &[UserFile]) -> Result<String, Mistake> {
    if !SOURCES.contains(&name) {
        return TargetMapping::of_target(name, user).map(|mapping| mapping.show(name));
    }
    let mapping = Mapping::of_source(name, user)?;
    let mut out = format!("# The effective mapping of {name} fields.\nfor = \"{name}\"\n");
    for (field, rule) in mapping.rules() {
        out.push_str(&format!("\n{}", rule_text(field, rule, &format!("  # {}", rule.from))));
    }
    Ok(out)
}

/// A rule as mapping files have it, with what stands behind its name.
pub fn rule_text(field: &str, rule: &Rule, behind: &str) -> String {
    let to = match &rule.to {
        Destination::Model(field) => field.name().to_owned(),
        Destination::Address => "address".to_owned(),
        Destination::Extra(name) => format!("extra.{name}"),
        Destination::Drop => "drop".to_owned(),
    };
    let mut out = format!("[fields.{}]{behind}\nto = {}\n", quoted_key(field), quoted(&to));
    if rule.invert {
        out.push_str("invert = true\n");
    }
    if let Some(key) = &rule.key {
        out.push_str(&format!("key = {}\n", quoted(key)));
    }
    out
}

/// Checks a file of the user's own against every place it can be used.
///
/// # Errors
/// [`Mistake`] where it has a mistake.
pub fn check(file: &UserFile) -> Result<(), Mistake> {
    let parsed = MappingFile::parse(&file.text, &file.name)?;
    for name in names() {
        if applies(&parsed, name, file)? {
            let user = std::slice::from_ref(file);
            if SOURCES.contains(&name) {
                Mapping::of_source(name, user)?;
                rules_of(name, user)?;
            } else if parsed.applies_to.is_some() {
                TargetMapping::of_target(name, user)?;
            }
        }
    }
    Ok(())
}

/// The built-in file of a name, then the user's files.
fn layers(name: &str, user: &[UserFile]) -> Vec<UserFile> {
    let built_in = BUILT_IN.iter().filter(|(known, _)| *known == name);
    let built_in = built_in.map(|(name, text)| UserFile { name: format!("{name}.toml"), text: (*text).to_owned() });
    built_in.chain(user.iter().cloned()).collect()
}

/// Whether the rules of a file are for a generator or target. A file that names none is for every source.
fn applies(file: &MappingFile, name: &str, source: &UserFile) -> Result<bool, Mistake> {
    let Some(wanted) = &file.applies_to else { return Ok(SOURCES.contains(&name)) };
    let names = match wanted.get_ref() {
        OneOrMany::One(one) => std::slice::from_ref(one),
        OneOrMany::Many(many) => many,
    };
    for given in names {
        if !BUILT_IN.iter().any(|(known, _)| known == given) {
            let known: Vec<&str> = self::names().collect();
            let message = format!("there is no generator named `{given}`; known are {}", known.join(", "));
            return Err(error_at(&source.text, &source.name, wanted.span().start, message));
        }
    }
    Ok(names.iter().any(|given| given == name))
}

fn destination(to: &str) -> Result<Destination, String> {
    match to {
        "address" => return Ok(Destination::Address),
        "drop" => return Ok(Destination::Drop),
        _ => {}
    }
    if let Some(name) = to.strip_prefix("extra.").filter(|name| !name.is_empty()) {
        return Ok(Destination::Extra(name.to_owned()));
    }
    ModelField::of(to).map(Destination::Model).ok_or_else(|| {
        let known = ModelField::ALL.iter().map(|field| field.name()).chain(["address", "drop"]);
        match nearest(to, known) {
            Some(name) => format!("`{to}` is no field of the model; did you mean `{name}`?"),
            None => format!("`{to}` is no field of the model; write `extra.{to}` to keep it as custom data"),
        }
    })
}

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A key as TOML writes it: bare where it can be.
fn quoted_key(key: &str) -> String {
    let table = toml::Table::from_iter([(key.to_owned(), toml::Value::Boolean(true))]).to_string();
    table.trim_end().strip_suffix(" = true").unwrap_or(&table).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(text: &str) -> Vec<UserFile> {
        vec![UserFile { name: "my.toml".to_owned(), text: text.to_owned() }]
    }

    #[test]
    fn built_in_files_are_right() {
        for name in names() {
            assert!(show(name, &[]).is_ok(), "{name}: {:?}", show(name, &[]));
        }
    }

    #[test]
    fn a_users_file_is_layered_on_top() {
        let mapping = Mapping::of_source("hexo", &user("[fields.mood]\nto = \"extra.feeling\"\n")).unwrap();
        assert_eq!(mapping.rule("mood").map(|rule| &rule.to), Some(&Destination::Extra("feeling".to_owned())));
        assert!(mapping.rule("title").is_some());
    }

    #[test]
    fn what_is_shown_can_be_read_again() {
        let odd = "[fields.'a \"b\" c\\d']\nto = 'extra.\"e\"'\nkey = 'f\"g'\n\n[fields.\"h\\u0301\\u0007\"]\nto = \"title\"\n";
        let shown = show("hexo", &user(odd)).unwrap();
        let again = Mapping::of_source("hexo", &user(&shown)).unwrap();
        let rule = again.rule("a \"b\" c\\d").unwrap();
        assert_eq!((&rule.to, rule.key.as_deref()), (&Destination::Extra("\"e\"".to_owned()), Some("f\"g")));
        assert!(again.rule("h\u{301}\u{7}").is_some(), "{shown}");
    }

    #[test]
    fn a_mistake_is_shown_with_its_line() {
        let error = Mapping::of_source("hexo", &user("[fields.mood]\nto = \"titel\"\n")).unwrap_err();
        assert_eq!((error.place.to_string().as_str(), error.quote.as_str()), ("my.toml:2:6", "to = \"titel\""));
        assert!(error.message.contains("did you mean `title`"), "{}", error.message);
        let error = Mapping::of_source("hexo", &user("[fields.mood]\ntoo = \"title\"\n")).unwrap_err();
        assert_eq!(error.place.line, 2);
        let error = Mapping::of_source("hexo", &user("for = \"movabletype\"\n")).unwrap_err();
        assert!(error.message.contains("known are"), "{}", error.message);
    }
}
