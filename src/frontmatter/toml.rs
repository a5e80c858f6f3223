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
