//! The pages of terms. Hugo takes names that differ in letter case alone for one term, and of their spellings any: a
//! page of the term's own says which.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Map, Post, Shows, Taxonomy, Value};
use crate::plan::{Content, File};
use crate::slug::hugo::sanitized;
use crate::write::toml;

/// One term.
#[derive(Debug, Default)]
struct Term {
    /// Its spellings, in the order in which documents have them; the first one is Hugo's.
    names: Vec<Arc<str>>,
    /// How many published documents have it.
    documents: usize,
}

/// Every term of a blog.
#[derive(Debug)]
pub struct Terms(BTreeMap<(Taxonomy, String), Term>);

impl Terms {
    /// Gathers them.
    pub fn of<'a>(posts: impl IntoIterator<Item = &'a Post>) -> Self {
        let mut terms: BTreeMap<(Taxonomy, String), Term> = BTreeMap::new();
        for post in posts {
            let tags = post.tags.iter().map(|name| (Taxonomy::Tags, name));
            let categories = post.categories.iter().flatten().map(|name| (Taxonomy::Categories, name));
            let mut counted = Vec::new();
            for (taxonomy, name) in tags.chain(categories) {
                let key = key(taxonomy, name);
                let term = terms.entry(key.clone()).or_default();
                if !term.names.contains(name) {
                    term.names.push(name.clone());
                }
                if !post.draft && !counted.contains(&key) {
                    term.documents += 1;
                    counted.push(key);
                }
            }
        }
        Terms(terms)
    }

    /// Where the page of a term is, and how many documents it lists.
    pub fn address(&self, taxonomy: Taxonomy, name: &str) -> (String, usize) {
        let term = self.0.get(&key(taxonomy, name));
        let spelled = term.and_then(|term| term.names.first()).map_or(name, |name| &**name);
        (format!("/{}/{}/", taxonomy.name(), sanitized(spelled)), term.map_or(0, |term| term.documents))
    }

    /// The list of each term, and where it is.
    pub fn lists(&self) -> impl Iterator<Item = (String, Shows)> {
        self.0.iter().filter_map(|((taxonomy, _), term)| {
            let name = term.names.first()?;
            let page = page_of(*taxonomy, name)?;
            let address = page.strip_prefix("content")?.strip_suffix("_index.md")?.to_owned();
            Some((address, Shows::Term(*taxonomy, name.to_string())))
        })
    }

    /// A page for each term that has several spellings, but for those that have one already.
    pub fn pages(&self, written: impl Fn(&str) -> bool) -> Vec<File> {
        let several = self.0.iter().filter(|(_, term)| term.names.len() > 1);
        let page = |((taxonomy, _), term): (&(Taxonomy, String), &Term)| {
            let name = term.names.first()?;
            let front = Map::from_iter([("title".to_owned(), Value::from(&**name))]);
            let content = Content::Bytes(format!("+++\n{}+++\n", toml::write(&front)).into_bytes());
            let path = page_of(*taxonomy, name).filter(|path| !written(path))?;
            Some(File { path: path.into(), content, source: None })
        };
        several.filter_map(page).collect()
    }
}

/// The file of a term's own page; `None` where its name gives none.
pub fn page_of(taxonomy: Taxonomy, name: &str) -> Option<String> {
    let folder = Some(sanitized(name)).filter(|folder| !folder.contains("..") && !folder.is_empty())?;
    Some(format!("content/{}/{folder}/_index.md", taxonomy.name()))
}

fn key(taxonomy: Taxonomy, name: &str) -> (Taxonomy, String) {
    (taxonomy, sanitized(name).to_lowercase())
}
