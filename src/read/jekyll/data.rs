//! Data files, which templates see as `site.data`.

use super::discover::{JekyllFiles, skip};
use crate::frontmatter::{self, Flavor};
use crate::ledger::Ledger;
use crate::model::{Map, Site, Value};
use crate::read::files::{admit, text};
use crate::source::SiteFile;

impl JekyllFiles {
    /// Reads the data files among the files of a site, and takes them out: `_data/a/b.yml` is `site.data.a.b`.
    pub fn data(&self, site: &Site, files: &mut Vec<SiteFile>, ledger: &mut Ledger) -> Map {
        let mut data = Map::new();
        files.retain(|file| {
            let below = Self::below(site, file);
            let Some(rest) = below.strip_prefix(&self.data_folder).filter(|_| !self.is_left_out(&below)) else {
                return true;
            };
            if admit(file, ledger) {
                data_file(site, file, rest, &mut data, ledger);
            }
            false
        });
        data
    }
}

fn data_file(site: &Site, file: &SiteFile, below: &str, data: &mut Map, ledger: &mut Ledger) {
    let Some(text) = text(&site.root, file, ledger) else { return };
    let value = match file.extension().as_str() {
        "yml" | "yaml" | "json" => frontmatter::read_value(&text, Flavor::Jekyll).ok(),
        "csv" => table(&text, b','),
        "tsv" => table(&text, b'\t'),
        _ => None,
    };
    let Some(value) = value else {
        skip(file, "a data file that cannot be read", ledger);
        return;
    };
    let stem = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
    let mut parts: Vec<String> = stem.split('/').map(key).collect();
    let last = parts.pop().unwrap_or_default();
    let mut map = data;
    for part in parts {
        let entry = map.entry(part).or_insert_with(|| Value::Map(Map::new()));
        let Value::Map(inner) = entry else { return };
        map = inner;
    }
    map.insert(last, value);
}

/// Jekyll (`data_reader.rb`, `sanitize_filename`): letters, digits, `_` and `-`, and `_` for white space.
fn key(name: &str) -> String {
    let kept: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-') || c.is_whitespace()).collect();
    kept.split_whitespace().collect::<Vec<_>>().join("_")
}

/// Jekyll (`data_reader.rb`): the rows of a table with a head, as maps; nothing in a cell is nothing.
fn table(text: &str, separator: u8) -> Option<Value> {
    let mut rows = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let head = rows.headers().ok()?.clone();
    let cell = |cell: &str| if cell.is_empty() { Value::Null } else { Value::from(cell) };
    let row = |row: csv::StringRecord| {
        let cells = row.iter().map(cell).chain(std::iter::repeat(Value::Null));
        Value::Map(head.iter().map(str::to_owned).zip(cells).collect())
    };
    rows.records().map(|record| record.map(row).ok()).collect::<Option<Vec<_>>>().map(Value::List)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `CSV.read(path, headers: true)` has them.
    #[test]
    fn tables_are_maps_by_their_heads() {
        let text = "name,says\nAnn,\"one, \"\"two\"\"\nthree\"\nBo,\n";
        let map = |name: &str, says: Value| {
            Value::Map(Map::from_iter([("name".to_owned(), Value::from(name)), ("says".to_owned(), says)]))
        };
        let expected = vec![map("Ann", Value::from("one, \"two\"\nthree")), map("Bo", Value::Null)];
        assert_eq!(table(text, b','), Some(Value::List(expected)));
        assert_eq!(table("a\tb\n1\n", b'\t').map(|table| format!("{table:?}").contains("Null")), Some(true));
    }
}
