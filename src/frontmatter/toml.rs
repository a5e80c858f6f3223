//! TOML out: model values as front matter that Hugo and Zola read.

use crate::model::Map;

/// Writes a table: scalars before sub-tables, order kept, native dates with their offset, nulls left out.
/// The result reads as TOML 1.0 and no line of it begins with `+++`.
pub fn write(table: &Map) -> String {
    let _ = table;
    todo!()
}
