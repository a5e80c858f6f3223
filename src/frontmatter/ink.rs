//! Ink's scalars: go-yaml v2.

use std::sync::LazyLock;

use regex::Regex;

use super::number::digits;
use super::timestamp::{Calendar, stamp};
use crate::model::Value;

static FLOAT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$").ok());
static DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})$").ok());
static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const DAY: &str = r"(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})";
    const CLOCK: &str = r"(?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2}):(?<second>[0-9]{1,2})(?:[.,](?<fraction>[0-9]+))?";
    Regex::new(&format!("^{DAY} {CLOCK}$")).ok()
});
static TIME_IN_ZONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})[Tt]",
        r"(?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2}):(?<second>[0-9]{1,2})(?:[.,](?<fraction>[0-9]+))?",
        r"(?<zone>Z|[-+][0-9]{2}:[0-9]{2})$",
    ))
    .ok()
});

/// Types a plain scalar as go-yaml v2 does.
pub fn plain(text: &str) -> Value {
    word(text)
        .or_else(|| date(text))
        .or_else(|| integer(text))
        .or_else(|| float(text))
        .unwrap_or_else(|| Value::from(text))
}

/// YAML 1.1's words in three spellings each, `y` and `n` among them.
fn word(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(Value::Bool(true)),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Value::Bool(false))
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(Value::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Value::Float(f64::NEG_INFINITY)),
        ".nan" | ".NaN" | ".NAN" => Some(Value::Float(f64::NAN)),
        _ => None,
    }
}

/// Go's integer literals, `_` dropped: `0x`, `0o`, `0b`, and octal behind a leading zero.
fn integer(text: &str) -> Option<Value> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+') {
        return None;
    }
    let bare = text.replace('_', "");
    let (negative, unsigned) = match bare.strip_prefix(['-', '+']) {
        Some(rest) => (bare.starts_with('-'), rest),
        None => (false, bare.as_str()),
    };
    for (prefix, base) in [("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8), ("0x", 16), ("0X", 16)] {
        if let Some(rest) = unsigned.strip_prefix(prefix) {
            return digits(rest, base, negative);
        }
    }
    match unsigned.strip_prefix('0') {
        Some(octal) if !octal.is_empty() => digits(octal, 8, negative),
        _ => digits(unsigned, 10, negative),
    }
}

fn float(text: &str) -> Option<Value> {
    if text.starts_with('.') && text.contains('_') {
        return None;
    }
    let bare = text.replace('_', "");
    if text.starts_with('_') || !FLOAT.as_ref()?.is_match(&bare) {
        return None;
    }
    bare.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float)
}

/// go-yaml knows a bare date, a date and a time behind one space without an offset, and RFC 3339.
/// Ink's own `2006-01-02 15:04:05 -0700` is none of them and stays text.
fn date(text: &str) -> Option<Value> {
    [&DATE, &TIME, &TIME_IN_ZONE]
        .into_iter()
        .find_map(|form| form.as_ref()?.captures(text))
        .and_then(|parts| stamp(&parts, Calendar::Go))
        .map(Value::Date)
}
