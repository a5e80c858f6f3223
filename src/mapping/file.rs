//! Mapping files: read, checked, and refused with the line that is wrong.

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::tagmap::TagRule;
use crate::model::{Mistake, Place};

/// A mapping file as it stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingFile {
    /// The generators that its rules are for; all of them where it names none.
    #[serde(default, rename = "for")]
    pub applies_to: Option<Spanned<OneOrMany>>,
    /// The table of the target's front matter in which custom data goes (targets only).
    #[serde(default)]
    pub custom: Option<String>,
    /// A rule for each field.
    #[serde(default)]
    pub fields: IndexMap<String, RawRule>,
    /// What tags of the source's templates become (sources only).
    #[serde(default)]
    pub tags: IndexMap<String, Spanned<TagRule>>,
    /// The themes that it is about: what a blog calls them (built-in files only).
    #[serde(default)]
    pub themes: Vec<String>,
    /// Files that the theme has for `include`, as Liquid (sources only).
    #[serde(default)]
    pub includes: IndexMap<String, String>,
    /// What the theme does to pictures (sources only).
    #[serde(default)]
    pub pictures: Option<Pictures>,
}

/// What a theme does to the addresses of pictures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pictures {
    /// The fields of which the first that is there names the folder that every picture is in.
    pub below: Vec<String>,
}

/// One name or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// A rule as it stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a rule, such as { to = \"cover\" }")]
pub struct RawRule {
    /// Where the field goes.
    pub to: Spanned<String>,
    /// The truth value is turned round (`published` into `draft`).
    #[serde(default)]
    pub invert: bool,
    /// A value below this key is meant (`image: {path: …}`), where the value is a map.
    #[serde(default)]
    pub key: Option<String>,
}

impl MappingFile {
    /// Reads a file; `file` is the name for messages.
    ///
    /// # Errors
    /// [`Mistake`] for anything that is not TOML, and for names that no mapping file knows.
    pub fn parse(text: &str, file: &str) -> Result<MappingFile, Mistake> {
        toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            error_at(text, file, at, error.message().to_owned())
        })
    }
}

/// A mistake at a byte of a file.
pub fn error_at(text: &str, file: &str, at: usize, message: String) -> Mistake {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
    let (line, column) = (number(before.matches('\n').count()), number(before[line_start..].chars().count()));
    let quote = text[line_start..].lines().next().unwrap_or("").to_owned();
    Mistake { place: Place::at(file, line, column), message, quote }
}

/// The known name that is most like a wrong one.
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.map(|name| (distance(wrong, name), name)).min().filter(|(distance, _)| *distance <= 3).map(|(_, name)| name)
}

/// Edit distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = (diagonal + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row[b.len()]
}
