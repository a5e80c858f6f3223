//! Hexo's `;;;` front matter: JSON without its outer braces.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::yaml::Mark;
use crate::model::Value;

/// Reads the entries; `None` where they are no JSON. Dates are text here, as JSON has none.
pub fn read(data: &str) -> Option<Vec<(String, Value, Mark)>> {
    let object: serde_json::Map<String, Json> = serde_json::from_str(&format!("{{{data}\n}}")).ok()?;
    let places = places(data);
    let start = Mark { line: 1, column: 1 };
    let entry = |(key, json): (String, Json)| {
        let mark = places.get(key.as_str()).copied().unwrap_or(start);
        (key, value(json), mark)
    };
    Some(object.into_iter().map(entry).collect())
}

/// JSON nests at most 128 deep here, by the parser's own limit.
fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(flag),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Int(whole),
            (None, Some(float)) => Value::Float(float),
            (None, None) => Value::String(number.to_string()),
        },
        Json::String(text) => Value::String(text),
        Json::Array(items) => Value::List(items.into_iter().map(value).collect()),
        Json::Object(map) => Value::Map(map.into_iter().map(|(key, json)| (key, value(json))).collect()),
    }
}

/// Where keys stand that begin a line, which is where people put them.
fn places(data: &str) -> HashMap<&str, Mark> {
    let mut places = HashMap::new();
    for (index, line) in data.lines().enumerate() {
        let written = line.trim_start();
        let Some((key, _)) = written.strip_prefix('"').and_then(|rest| rest.split_once('"')) else { continue };
        let column = line.chars().count() - written.chars().count() + 1;
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        places.entry(key).or_insert(Mark { line: number(index + 1), column: number(column) });
    }
    places
}
