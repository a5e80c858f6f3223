//! Filters for lists. Those of Jekyll (`filters.rb`) look into an item by a dotted way, those of Liquid by one key.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::rc::Rc;

use indexmap::IndexMap;

use crate::template::liquid::number::{leading_integer, to_integer};
use crate::template::liquid::value::{LiquidMap, LiquidValue, Text};

pub fn apply<'v>(name: &str, input: &LiquidValue<'v>, arguments: &[LiquidValue<'v>]) -> Option<LiquidValue<'v>> {
    let first = arguments.first();
    let key = || first.filter(|key| !matches!(key, LiquidValue::Nil)).map(LiquidValue::to_text);
    let items = || flattened(input);
    Some(match name {
        "size" => LiquidValue::Int(input.size().unwrap_or(0)),
        "first" => input.first().unwrap_or(LiquidValue::Nil),
        "last" => input.last().unwrap_or(LiquidValue::Nil),
        "join" => {
            let glue = first.map_or(" ".to_owned(), LiquidValue::to_text);
            items().iter().map(LiquidValue::to_text).collect::<Vec<_>>().join(&glue).into()
        }
        "array_to_sentence_string" => sentence(input, key().as_deref().unwrap_or("and")).into(),
        "reverse" => items().into_iter().rev().collect::<Vec<_>>().into(),
        "uniq" => {
            let (key, mut seen) = (key(), HashSet::new());
            let unseen = |item: &LiquidValue<'v>| seen.insert(at_key(item, key.as_deref()).inspect());
            items().into_iter().filter(unseen).collect::<Vec<_>>().into()
        }
        "compact" => {
            let key = key();
            let there = |item: &LiquidValue<'v>| !matches!(at_key(item, key.as_deref()), LiquidValue::Nil);
            items().into_iter().filter(there).collect::<Vec<_>>().into()
        }
        "map" => items().iter().map(|item| at_key(item, key().as_deref())).collect::<Vec<_>>().into(),
        "concat" => match first {
            Some(LiquidValue::List(more)) => items().into_iter().chain(more.iter()).collect::<Vec<_>>().into(),
            _ => input.clone(),
        },
        "push" | "pop" | "shift" | "unshift" => ends(name, input, arguments),
        "sort" => sort(input, key().as_deref(), arguments.get(1)),
        "sort_natural" => {
            let key = key();
            let mut sorted = items();
            sorted.sort_by(|a, b| natural(&at_key(a, key.as_deref()), &at_key(b, key.as_deref())));
            sorted.into()
        }
        "where" | "find" => filter_by(name == "find", input, arguments),
        "group_by" => match input.enumerate() {
            Some(items) => group_by(items, &key().unwrap_or_default()),
            None => input.clone(),
        },
        "slice" => slice(input, arguments),
        // at random in Jekyll: the first ones, so that each run gives the same
        "sample" => match (input, first.map_or(1, to_integer)) {
            (LiquidValue::List(items), 1) => items.get(0).unwrap_or(LiquidValue::Nil),
            (LiquidValue::List(items), most) => {
                items.iter().take(usize::try_from(most).unwrap_or(0)).collect::<Vec<_>>().into()
            }
            _ => input.clone(),
        },
        _ => return None,
    })
}

/// Liquid (`InputIterator`): lists in lists are opened, a map is one item, nothing is none.
fn flattened<'v>(input: &LiquidValue<'v>) -> Vec<LiquidValue<'v>> {
    fn open<'v>(value: &LiquidValue<'v>, items: &mut Vec<LiquidValue<'v>>) {
        match value {
            LiquidValue::List(list) => list.iter().for_each(|item| open(&item, items)),
            other => items.push(other.clone()),
        }
    }
    match input {
        LiquidValue::Nil => Vec::new(),
        LiquidValue::Range(..) => input.enumerate().unwrap_or_default(),
        input => {
            let mut items = Vec::new();
            open(input, &mut items);
            items
        }
    }
}

fn at_key<'v>(item: &LiquidValue<'v>, key: Option<&str>) -> LiquidValue<'v> {
    match (item, key) {
        (item, None) => item.clone(),
        (LiquidValue::Map(map), Some(key)) => map.get(key).unwrap_or(LiquidValue::Nil),
        // Ruby: a text by a text is that part of it
        (LiquidValue::Text(text), Some(key)) if text.contains(key) => key.to_owned().into(),
        _ => LiquidValue::Nil,
    }
}

/// Jekyll (`item_property`): a way that breaks off gives `false`, and numbers in texts count as numbers.
fn property<'v>(item: &LiquidValue<'v>, key: &str) -> LiquidValue<'v> {
    let mut value = item.clone();
    for part in key.split('.') {
        value = match value {
            LiquidValue::Nil | LiquidValue::Bool(_) => LiquidValue::Bool(false),
            value => at_key(&value, Some(part)),
        };
    }
    let LiquidValue::Text(text) = &value else { return value };
    let trimmed = text.trim();
    let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return value;
    }
    match digits.matches('.').count() {
        0 => LiquidValue::Int(leading_integer(trimmed)),
        1 if digits.len() > 1 => LiquidValue::Float(trimmed.trim_end_matches('.').parse().unwrap_or(0.0)),
        _ => value,
    }
}

fn sort<'v>(input: &LiquidValue<'v>, key: Option<&str>, nils: Option<&LiquidValue<'v>>) -> LiquidValue<'v> {
    let Some(items) = input.enumerate() else { return input.clone() };
    let last = nils.is_some_and(|nils| nils.as_text() == Some("last"));
    let Some(key) = key else {
        let mut sorted = items;
        sorted.sort_by(|a, b| a.compare(b).unwrap_or(Ordering::Equal));
        return sorted.into();
    };
    let mut keyed: Vec<(LiquidValue<'v>, LiquidValue<'v>)> =
        items.into_iter().map(|item| (property(&item, key), item)).collect();
    let order = |(a, _): &(LiquidValue<'v>, _), (b, _): &(LiquidValue<'v>, _)| match (a, b) {
        (LiquidValue::Nil, LiquidValue::Nil) => Ordering::Equal,
        (LiquidValue::Nil, _) => {
            if last {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
        (_, LiquidValue::Nil) => {
            if last {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
        (a, b) => a.compare(b).unwrap_or_else(|| a.to_text().cmp(&b.to_text())),
    };
    keyed.sort_by(order);
    keyed.into_iter().map(|(_, item)| item).collect::<Vec<_>>().into()
}

/// Ruby's `casecmp`: without regard to the case of ASCII letters; nothing comes last.
fn natural(a: &LiquidValue<'_>, b: &LiquidValue<'_>) -> Ordering {
    match (a, b) {
        (LiquidValue::Nil, LiquidValue::Nil) => Ordering::Equal,
        (LiquidValue::Nil, _) => Ordering::Greater,
        (_, LiquidValue::Nil) => Ordering::Less,
        (a, b) => a.to_text().to_ascii_lowercase().cmp(&b.to_text().to_ascii_lowercase()),
    }
}

/// Jekyll's `where` and `find`.
fn filter_by<'v>(only: bool, input: &LiquidValue<'v>, arguments: &[LiquidValue<'v>]) -> LiquidValue<'v> {
    let target = arguments.get(1).unwrap_or(&LiquidValue::Nil);
    let key = match arguments.first() {
        Some(key) if key.is_truthy() && !matches!(target, LiquidValue::List(_) | LiquidValue::Map(_)) => key.to_text(),
        _ => return input.clone(),
    };
    let items: Vec<LiquidValue<'v>> = match input {
        LiquidValue::Map(map) => map.entries().into_iter().map(|(_, value)| value).collect(),
        _ => match input.enumerate() {
            Some(items) => items,
            None => return input.clone(),
        },
    };
    let wanted = target.to_text();
    let mut fitting = items.into_iter().filter(|item| matches_target(&property(item, &key), target, &wanted));
    if only { fitting.next().unwrap_or(LiquidValue::Nil) } else { fitting.collect::<Vec<_>>().into() }
}

/// Jekyll (`compare_property_vs_target`): as texts; of a list, one item is enough.
fn matches_target(found: &LiquidValue<'_>, target: &LiquidValue<'_>, wanted: &str) -> bool {
    match (target, found) {
        (LiquidValue::Nil, found) => matches!(found, LiquidValue::Nil),
        (LiquidValue::Empty | LiquidValue::Blank, found) => found.to_text().is_empty(),
        (_, LiquidValue::Text(text)) => **text == *wanted,
        (_, LiquidValue::List(items)) => items.iter().any(|item| item.to_text() == wanted),
        (_, LiquidValue::Nil | LiquidValue::Time(_) | LiquidValue::Clock(_)) => false,
        (_, found) => found.to_text() == wanted,
    }
}

fn group_by<'v>(items: Vec<LiquidValue<'v>>, key: &str) -> LiquidValue<'v> {
    let mut groups: IndexMap<String, Vec<LiquidValue<'v>>> = IndexMap::new();
    for item in items {
        let found = property(&item, key);
        // a list's `to_s` is its `inspect`
        let name = if matches!(found, LiquidValue::List(_)) { found.inspect() } else { found.to_text() };
        groups.entry(name).or_default().push(item);
    }
    group(groups.into_iter().map(|(name, members)| (name.into(), members)).collect())
}

/// Jekyll (`grouped_array`): name, items and size of each group.
pub fn group<'v>(groups: Vec<(LiquidValue<'v>, Vec<LiquidValue<'v>>)>) -> LiquidValue<'v> {
    let as_map = |(name, members): (LiquidValue<'v>, Vec<LiquidValue<'v>>)| {
        let size = LiquidValue::Int(members.len() as i64);
        LiquidValue::Map(LiquidMap::Made(Rc::new(IndexMap::from([
            (Text::At("name"), name),
            (Text::At("items"), members.into()),
            (Text::At("size"), size),
        ]))))
    };
    groups.into_iter().map(as_map).collect::<Vec<_>>().into()
}

/// Jekyll's `push`, `pop`, `shift` and `unshift`: the list itself stays as it is.
fn ends<'v>(name: &str, input: &LiquidValue<'v>, arguments: &[LiquidValue<'v>]) -> LiquidValue<'v> {
    let LiquidValue::List(list) = input else { return input.clone() };
    let mut items: Vec<LiquidValue<'v>> = list.iter().collect();
    let count = || usize::try_from(arguments.first().map_or(1, to_integer)).unwrap_or(0).min(list.len());
    let value = || arguments.first().cloned().unwrap_or(LiquidValue::Nil);
    match name {
        "push" => items.push(value()),
        "unshift" => items.insert(0, value()),
        "pop" => items.truncate(list.len() - count()),
        _ => drop(items.drain(..count())),
    }
    items.into()
}

fn slice<'v>(input: &LiquidValue<'v>, arguments: &[LiquidValue<'v>]) -> LiquidValue<'v> {
    let start = arguments.first().map_or(0, to_integer);
    let length = arguments.get(1).filter(|length| length.is_truthy()).map_or(1, to_integer);
    // Ruby: a start or a length out of bounds gives nothing at all
    let bounds = |size: usize| {
        let from =
            usize::try_from(if start < 0 { start + size as i64 } else { start }).ok().filter(|from| *from <= size)?;
        Some((from, usize::try_from(length).ok()?))
    };
    match input {
        LiquidValue::List(items) => match bounds(items.len()) {
            Some((from, length)) => items.iter().skip(from).take(length).collect::<Vec<_>>().into(),
            None => Vec::new().into(),
        },
        other => {
            let text = other.to_text();
            let (from, length) = bounds(text.chars().count()).unwrap_or((0, 0));
            text.chars().skip(from).take(length).collect::<String>().into()
        }
    }
}

fn sentence(input: &LiquidValue<'_>, connector: &str) -> String {
    let words: Vec<String> = input.enumerate().unwrap_or_default().iter().map(LiquidValue::to_text).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} {connector} {two}"),
        [most @ .., last] => format!("{}, {connector} {last}", most.join(", ")),
    }
}
