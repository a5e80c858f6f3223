//! Front matter defaults (`frontmatter_defaults.rb`).

use globset::Glob;

use super::config::below_source;
use crate::model::{Document, DocumentKind, Field, Map, Place, Site, Value};

/// One entry of `defaults`.
#[derive(Debug)]
struct Set<'a> {
    path: &'a str,
    kind: Option<&'a str>,
    values: &'a Map,
}

/// Merges the defaults that apply into a document's fields. What stands in the document wins, but nothing beats a
/// default by being empty; of two defaults the one with the longer path wins, then the one with a type, then the later.
pub fn merge(document: &mut Document, site: &Site) {
    let path = below_source(site, &document.source);
    let mut sets: Vec<Set<'_>> = sets(site).into_iter().filter(|set| set.applies(document, path)).collect();
    sets.sort_by_key(|set| (set.path.len(), set.kind.is_some()));
    let mut merged = Map::new();
    for set in sets {
        for (key, value) in set.values {
            merged.insert(key.clone(), value.clone());
        }
    }
    for (key, value) in merged {
        match document.fields.get(&key) {
            Some(field) if field.value != Value::Null => {}
            _ => {
                document.fields.insert(key, Field { value, place: Place::file("_config.yml") });
            }
        }
    }
}

fn sets(site: &Site) -> Vec<Set<'_>> {
    let Some(Value::List(entries)) = site.config.get("defaults") else { return Vec::new() };
    entries
        .iter()
        .filter_map(|entry| {
            let entry = entry.as_map()?;
            let scope = entry.get("scope").and_then(Value::as_map);
            let text = |key: &str| scope.and_then(|scope| scope.get(key)).and_then(Value::as_str);
            Some(Set { path: text("path").unwrap_or(""), kind: text("type"), values: entry.get("values")?.as_map()? })
        })
        .collect()
}

impl Set<'_> {
    fn applies(&self, document: &Document, file: &str) -> bool {
        let kind = match &document.kind {
            DocumentKind::Post => "posts",
            DocumentKind::Page => "pages",
            DocumentKind::Item(collection) => collection,
        };
        let wanted = self.kind.is_none_or(|wanted| {
            wanted == kind || (wanted == "drafts" && document.draft) || format!("{wanted}s") == kind
        });
        let path = self.path.trim_start_matches('/').trim_end_matches('/');
        let here = if path.contains('*') {
            // a glob is the beginning of a path as well
            let under = [path.to_owned(), format!("{path}/**")];
            under.iter().filter_map(|glob| Glob::new(glob).ok()).any(|glob| glob.compile_matcher().is_match(file))
        } else {
            file.starts_with(path)
        };
        wanted && here
    }
}
