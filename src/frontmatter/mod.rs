//! Front matter: splitting it from the body, reading YAML events into values by the source generator's
//! own schema, and writing TOML.

pub mod toml;

use crate::ledger::Ledger;
use crate::model::{Fields, Map};

/// Whose schema resolves scalars and whose rules split the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// Jekyll: SafeYAML over Psych.
    Jekyll,
    /// Hexo: js-yaml, leading tabs as two spaces each, `;;;` JSON, no opening fence needed.
    Hexo,
    /// Ink: YAML v2 before the first `---` anywhere.
    Ink,
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
    /// There was front matter, be it empty (Jekyll tells pages from static files by it).
    pub present: bool,
}

/// Splits a file and reads its front matter. What the generator rejects is repaired where the meaning is plain,
/// and kept as body otherwise; both with an entry in the ledger. Never fails, never panics.
pub fn split(text: &str, file: &str, flavor: Flavor, ledger: &mut Ledger) -> Parts {
    let _ = (text, file, flavor, ledger);
    todo!()
}

/// Reads a YAML configuration or data file whole (mappings at its root; anything else is an empty map).
pub fn read_map(text: &str, flavor: Flavor) -> Result<Map, SyntaxError> {
    let _ = (text, flavor);
    todo!()
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

/// Decodes a file's bytes: BOM, then UTF-8, then a guess that is entered in the ledger.
pub fn decode(bytes: &[u8], file: &str, ledger: &mut Ledger) -> String {
    let _ = (bytes, file, ledger);
    todo!()
}
