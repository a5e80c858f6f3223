//! Front matter: splitting it from the body, reading YAML events into values by the source generator's
//! own schema, and writing TOML.

mod decode;
mod explain;
mod fence;
mod hexo;
mod ink;
mod jekyll;
mod json;
mod memo;
mod number;
mod repair;
mod split;
mod timestamp;
mod toml;
mod yaml;

pub use decode::decode;
pub use memo::Memo;

use crate::ledger::Ledger;
use crate::model::{Fields, Map, Value};

/// Whose schema resolves scalars and whose rules split the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// Jekyll: SafeYAML over Psych.
    Jekyll,
    /// Hexo: js-yaml, leading tabs as two spaces each, `;;;` JSON, no opening fence needed.
    Hexo,
    /// Ink: YAML v2 before the first `---` anywhere.
    Ink,
    /// Hugo: TOML between `+++`, YAML between `---`, or JSON in braces.
    Hugo,
    /// Zola: TOML between `+++`, or YAML between `---`.
    Zola,
}

impl Flavor {
    /// The generator, as messages name it.
    fn name(self) -> &'static str {
        match self {
            Flavor::Jekyll => "Jekyll",
            Flavor::Hexo => "Hexo",
            Flavor::Ink => "Ink",
            Flavor::Hugo => "Hugo",
            Flavor::Zola => "Zola",
        }
    }
}

/// A file in its two parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// The fields, in order.
    pub fields: Fields,
    /// The text behind them, line ends normalised to `\n`.
    pub body: String,
    /// The line of the file on which the body begins, counted from 1.
    pub body_line: u32,
    /// There was front matter, be it empty or unreadable (Jekyll tells pages from static files by its first line).
    pub present: bool,
}

/// Splits a file and reads its front matter. What the generator rejects is repaired where the meaning is plain,
/// and kept as body otherwise; both with an entry in the ledger. Never fails, never panics.
///
/// What `memo` knows of the file is not read again, and not told again.
pub fn split(
    text: &str,
    file: impl Into<std::sync::Arc<str>>,
    flavor: Flavor,
    memo: &Memo,
    ledger: &mut Ledger,
) -> Parts {
    split::split(text, file, flavor, memo, ledger)
}

/// Reads a YAML configuration or data file whole (mappings at its root; anything else is an empty map).
///
/// # Errors
/// Where it does not parse.
pub fn read_map(text: &str, flavor: Flavor) -> Result<Map, SyntaxError> {
    Ok(match read_value(text, flavor)? {
        Value::Map(map) => map,
        _ => Map::new(),
    })
}

/// Reads a YAML file whole, whatever stands at its root.
///
/// # Errors
/// Where it does not parse.
pub fn read_value(text: &str, flavor: Flavor) -> Result<Value, SyntaxError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    // Hexo reads its configuration through the same tab rule as its front matter.
    let text = if flavor == Flavor::Hexo { split::hexo_tabs(text) } else { text.to_owned() };
    Ok(match yaml::read(&text, flavor)?.root {
        yaml::Root::Mapping(entries) => Value::Map(entries.into_iter().map(|(key, value, _)| (key, value)).collect()),
        yaml::Root::Nothing => Value::Null,
        yaml::Root::Other(value) => value,
    })
}

/// Reads a TOML configuration or data file whole.
///
/// # Errors
/// Where it does not parse.
pub fn read_toml(text: &str) -> Result<Map, SyntaxError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    Ok(toml::read(text)?.into_iter().map(|(key, value, _)| (key, value)).collect())
}

/// The line and column, from 1, of a key at the root of a YAML or TOML file.
pub fn place_of_key(text: &str, key: &str) -> Option<(u32, u32)> {
    let plain = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if let Ok(yaml::Document { root: yaml::Root::Mapping(entries), .. }) = yaml::read(plain, Flavor::Jekyll) {
        // old configurations write keys as symbols
        let found = entries.iter().find(|(name, ..)| name.trim_start_matches(':') == key)?;
        return Some((found.2.line, found.2.column));
    }
    let line = plain.lines().position(|line| line.split('=').next().is_some_and(|name| name.trim() == key))?;
    Some((u32::try_from(line + 1).ok()?, 1))
}

/// Where and why YAML does not parse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// What the parser says.
    pub message: String,
}

#[cfg(test)]
mod second_opinion;
#[cfg(test)]
mod tests;
