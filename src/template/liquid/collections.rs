//! The documents of collections, in the order in which Jekyll has them.

use std::cmp::Ordering;
use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::Timestamp;

use crate::model::{DocumentKind, Post, Value};
use crate::template::Blog;

/// Documents by the label of their collection, by their places in the list of all documents.
#[derive(Debug, Default)]
pub struct Collections {
    lists: IndexMap<String, Vec<usize>>,
    /// Where in the list of its collection a document stands.
    standing: HashMap<usize, usize>,
}

impl Collections {
    /// Gathers them; drafts are none of their documents.
    pub fn new(blog: &Blog) -> Self {
        let mut collections = Collections::default();
        for (at, post) in blog.posts.iter().enumerate().filter(|(_, post)| !post.draft) {
            if let DocumentKind::Item(label) = &post.kind {
                match collections.lists.get_mut(label) {
                    Some(list) => list.push(at),
                    None => drop(collections.lists.insert(label.clone(), vec![at])),
                }
            }
        }
        for (label, list) in &mut collections.lists {
            arrange(label, list, blog);
            collections.standing.extend(list.iter().enumerate().map(|(standing, at)| (*at, standing)));
        }
        collections
    }

    /// The documents of a collection.
    pub fn get(&self, label: &str) -> Option<&Vec<usize>> {
        self.lists.get(label)
    }

    /// The document behind another one of its collection, or before it (`document.rb`).
    pub fn neighbour(&self, label: &str, at: usize, next: bool) -> Option<usize> {
        let standing = *self.standing.get(&at)?;
        let wanted = if next { standing + 1 } else { standing.checked_sub(1)? };
        self.lists.get(label)?.get(wanted).copied()
    }
}

/// Jekyll (`collection.rb`, `sort_docs!`): by the list that the configuration has, else by the field that it names, else
/// by date and path.
fn arrange(label: &str, list: &mut [usize], blog: &Blog) {
    let posts = &blog.posts;
    list.sort_by(|a, b| oldest_first(&posts[*a]).cmp(&oldest_first(&posts[*b])));
    let setting = |name: &str| blog.site.setting(&format!("collections.{label}.{name}"));
    if let Some(Value::List(order)) = setting("order") {
        let order: Vec<String> = order.iter().filter_map(Value::to_text).collect();
        // what the list does not name comes behind what it names
        list.sort_by_cached_key(|at| {
            let below = posts[*at].source.split_once(&format!("_{label}/")).map_or("", |(_, below)| below);
            order.iter().position(|named| named.trim_start_matches('/') == below).unwrap_or(order.len())
        });
    } else if let Some(field) = setting("sort_by").and_then(Value::as_str) {
        let value = |at: usize| blog.details(&posts[at])?.fields.get(field).map(|field| field.value.clone());
        let mut valued: Vec<(Option<Value>, usize)> = list.iter().map(|at| (value(*at), *at)).collect();
        let numeric = valued.iter().all(|(value, _)| value.as_ref().is_none_or(|value| number(value).is_some()));
        valued.sort_by(|(a, _), (b, _)| by_value(a.as_ref(), b.as_ref(), numeric));
        list.iter_mut().zip(valued).for_each(|(place, (_, at))| *place = at);
    }
}

/// Jekyll (`document.rb`, `<=>`). What has no date is as new as the site.
fn oldest_first(post: &Post) -> (Timestamp, &str) {
    (post.date.map_or(Timestamp::MAX, |date| date.instant), &post.source)
}

/// Jekyll (`collection.rb`, `determine_sort_order`): what has no value comes last.
fn by_value(a: Option<&Value>, b: Option<&Value>, numeric: bool) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) if numeric => number(a).unwrap_or(0.0).total_cmp(&number(b).unwrap_or(0.0)),
        (Some(a), Some(b)) => a.to_text().cmp(&b.to_text()),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(i) => Some(*i as f64),
        Value::Float(f) => Some(*f),
        _ => None,
    }
}
