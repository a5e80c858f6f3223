//! TOML front matter and configurations.

use std::ops::Range;

use super::SyntaxError;
use super::split::Entries;
use super::yaml::Mark;
use crate::model::Value;

/// Reads a table, each key at its root with its place.
pub fn read(text: &str) -> Result<Entries, SyntaxError> {
    let table: toml::Table = toml::from_str(text).map_err(|error| wrong(text, &error))?;
    let entry = |(key, value): (&String, &toml::Value)| (key.clone(), Value::from(value), place(text, key));
    Ok(table.iter().map(entry).collect())
}

fn wrong(text: &str, error: &toml::de::Error) -> SyntaxError {
    let Range { start, .. } = error.span().unwrap_or_default();
    let before = text.get(..start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    SyntaxError { line: number(line), column: number(column), message: error.message().to_owned() }
}

/// Where a key stands: behind nothing on its line, or first in the name of a table.
fn place(text: &str, key: &str) -> Mark {
    let names = |line: &str| {
        let line = line.trim_start();
        let name = line.trim_start_matches('[').trim_start().trim_start_matches(['"', '\'']);
        name.strip_prefix(key).is_some_and(|rest| rest.starts_with(['=', ' ', '\t', ']', '.', '"', '\'']))
    };
    let line = text.lines().position(names).unwrap_or_default();
    Mark { line: u32::try_from(line + 1).unwrap_or(u32::MAX), column: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_places() {
        let entries = read("title = \"a\"\n\n[taxonomies]\ntags = [\"b\"]\n[extra.deep]\nx = 1\n").expect("a table");
        let places: Vec<(&str, u32)> = entries.iter().map(|(key, _, mark)| (key.as_str(), mark.line)).collect();
        assert_eq!(places, [("title", 1), ("taxonomies", 3), ("extra", 5)]);
    }

    #[test]
    fn mistakes_have_theirs() {
        let error = read("title = \"a\"\ndate = x\n").expect_err("a mistake");
        assert_eq!((error.line, error.column), (2, 8), "{error}");
    }
}
