//! TOML out: model values as front matter that Hugo and Zola read.
//!
//! Written by hand, because what is needed is a narrow form that the `toml` crate does not offer: every string on
//! one line (Hugo ends front matter at any line that begins with `+++`, be it inside a string), and nothing
//! that TOML 1.0 does not know.

use std::fmt::Write as _;

use jiff::civil;

use crate::model::{Map, Moment, Stamp, Value};

/// Writes a table: scalars before sub-tables, order kept, native dates with their offset, nulls left out.
/// The result reads as TOML 1.0 and no line of it begins with `+++`.
pub fn write(table: &Map) -> String {
    let mut out = String::new();
    body(&mut out, &mut Vec::new(), table);
    out
}

impl From<Moment> for Value {
    /// A date with its offset, as the targets read it.
    fn from(moment: Moment) -> Self {
        Value::Date(Stamp {
            civil: moment.civil(),
            offset: Some(moment.offset),
            date_only: false,
            raw: moment.rfc3339(),
        })
    }
}

/// The entries of one table: first what fits on a line each, then the tables below it.
fn body(out: &mut String, path: &mut Vec<String>, table: &Map) {
    for (name, value) in table.iter().filter(|(_, value)| !is_table(value)) {
        if matches!(value, Value::Null) {
            continue;
        }
        key(out, name);
        out.push_str(" = ");
        inline(out, value);
        out.push('\n');
    }
    for (name, value) in table {
        match value {
            Value::Map(map) => below(out, path, name, "[", "]", map),
            Value::List(items) if is_table(value) => {
                for item in items.iter().filter_map(Value::as_map) {
                    below(out, path, name, "[[", "]]", item);
                }
            }
            _ => {}
        }
    }
}

fn below(out: &mut String, path: &mut Vec<String>, name: &str, open: &str, close: &str, map: &Map) {
    let mut segment = String::new();
    key(&mut segment, name);
    path.push(segment);
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(open);
    out.push_str(&path.join("."));
    out.push_str(close);
    out.push('\n');
    body(out, path, map);
    path.pop();
}

/// A map, or a list of nothing but maps: written under headers of their own.
fn is_table(value: &Value) -> bool {
    match value {
        Value::Map(_) => true,
        Value::List(items) => !items.is_empty() && items.iter().all(|item| matches!(item, Value::Map(_))),
        _ => false,
    }
}

fn inline(out: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Float(number) => float(out, *number),
        Value::String(text) => string(out, text),
        Value::Date(stamp) => date(out, stamp),
        Value::List(items) => {
            let present = items.iter().filter(|item| !matches!(item, Value::Null));
            out.push('[');
            for (index, item) in present.enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                inline(out, item);
            }
            out.push(']');
        }
        Value::Map(map) => {
            let present = map.iter().filter(|(_, value)| !matches!(value, Value::Null));
            out.push('{');
            for (index, (name, value)) in present.enumerate() {
                out.push_str(if index > 0 { ", " } else { " " });
                key(out, name);
                out.push_str(" = ");
                inline(out, value);
            }
            out.push_str(" }");
        }
    }
}

/// Rust's debug form of a finite number is a TOML float; the others have names.
fn float(out: &mut String, number: f64) {
    let text = if number.is_nan() {
        "nan".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "inf" } else { "-inf" }.to_owned()
    } else {
        format!("{number:?}")
    };
    out.push_str(&text);
}

fn key(out: &mut String, name: &str) {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if bare { out.push_str(name) } else { string(out, name) }
}

/// A basic string on one line; whatever could end or hide a line is escaped.
fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            // Writing to a string cannot fail.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}') => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// TOML has three kinds of dates, years of four digits only, and no offset of a day.
fn date(out: &mut String, stamp: &Stamp) {
    const DAY: i32 = 24 * 60 * 60;
    if stamp.civil.year() < 0 || stamp.offset.is_some_and(|offset| offset.seconds().abs() >= DAY) {
        return string(out, &stamp.raw);
    }
    match stamp.offset {
        _ if stamp.date_only => out.push_str(&stamp.civil.date().to_string()),
        None => out.push_str(&clock(stamp.civil)),
        Some(offset) => {
            // An offset has minutes in TOML, no seconds.
            let minutes = offset.seconds() / 60;
            let sign = if minutes < 0 { '-' } else { '+' };
            let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
            let _ = write!(out, "{}{sign}{hours:02}:{rest:02}", clock(stamp.civil));
        }
    }
}

fn clock(civil: civil::DateTime) -> String {
    let whole = civil.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    match civil.subsec_nanosecond() {
        0 => whole,
        nanos => format!("{whole}.{}", format!("{nanos:09}").trim_end_matches('0')),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::Offset;
    use proptest::prelude::*;
    use toml::Value as Toml;

    use super::*;

    fn stamp(offset: Option<Offset>, date_only: bool) -> Value {
        let civil = civil::date(2020, 1, 2).at(3, 4, 5, 0);
        Value::Date(Stamp { civil, offset, date_only, raw: "as written".to_owned() })
    }

    fn table(entries: Vec<(&str, Value)>) -> Map {
        entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    #[test]
    fn scalars_stand_before_tables_in_their_order() {
        let inner = table(vec![("b", Value::Int(1)), ("deep", Value::Map(table(vec![("x", Value::Null)])))]);
        let people = vec![Value::Map(table(vec![("name", "A".into())])), Value::Map(Map::new())];
        let map = table(vec![
            ("extra", Value::Map(inner)),
            ("title", "a \"b\"\n+++ \\ \u{1}\u{7f}".into()),
            ("people", Value::List(people)),
            ("none", Value::Null),
            ("tags", Value::List(vec!["x".into(), Value::Null, Value::Map(table(vec![("k v", Value::Bool(true))]))])),
            ("", Value::Float(1.0)),
        ]);
        let expected = r#"title = "a \"b\"\n+++ \\ \u0001\u007F"
tags = ["x", { "k v" = true }]
"" = 1.0

[extra]
b = 1

[extra.deep]

[[people]]
name = "A"

[[people]]
"#;
        assert_eq!(write(&map), expected);
    }

    #[test]
    fn dates_are_native() {
        let map = table(vec![
            ("offset", stamp(Some(Offset::constant(8)), false)),
            ("utc", stamp(Some(Offset::UTC), false)),
            ("local", stamp(None, false)),
            ("day", stamp(None, true)),
            ("odd", stamp(Offset::from_seconds(-(9 * 3600 + 1800 + 15)).ok(), false)),
            ("far", stamp(Offset::from_seconds(25 * 3600).ok(), false)),
        ]);
        let expected = "offset = 2020-01-02T03:04:05+08:00\nutc = 2020-01-02T03:04:05+00:00\n\
            local = 2020-01-02T03:04:05\nday = 2020-01-02\nodd = 2020-01-02T03:04:05-09:30\nfar = \"as written\"\n";
        assert_eq!(write(&map), expected);
    }

    #[test]
    fn floats_stay_floats() {
        let numbers = [1.0, 1e300, -1.5e-9, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
        let map = table(vec![("n", Value::List(numbers.into_iter().map(Value::Float).collect()))]);
        assert_eq!(write(&map), "n = [1.0, 1e300, -1.5e-9, inf, -inf, nan]\n");
    }

    /// What a value must read as once it has been written.
    fn meaning(value: &Value) -> Option<Toml> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(flag) => Toml::Boolean(*flag),
            Value::Int(number) => Toml::Integer(*number),
            Value::Float(number) => Toml::Float(*number),
            Value::String(text) => Toml::String(text.clone()),
            Value::Date(stamp) => Toml::String(stamp.raw.clone()),
            Value::List(items) => Toml::Array(items.iter().filter_map(meaning).collect()),
            Value::Map(map) => Toml::Table(meanings(map)),
        })
    }

    fn meanings(map: &Map) -> toml::Table {
        map.iter().filter_map(|(key, value)| Some((key.clone(), meaning(value)?))).collect()
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            (-1e12..1e12_f64).prop_map(Value::Float),
            any::<String>().prop_map(Value::String),
            "(\\+\\+\\+|\n|\"|\\\\|'|a){0,9}".prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
                prop::collection::vec((any::<String>(), inner), 0..5)
                    .prop_map(|entries| Value::Map(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(entries in prop::collection::vec((any::<String>(), any_value()), 0..6)) {
            let map: Map = entries.into_iter().collect();
            let text = write(&map);
            prop_assert!(!text.lines().any(|line| line.starts_with("+++")));
            let read: toml::Table = text.parse().map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(read, meanings(&map));
        }
    }
}
