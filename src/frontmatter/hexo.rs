//! Hexo's scalars: js-yaml's default schema (YAML 1.2 core and timestamps).

use std::sync::LazyLock;

use regex::Regex;

use super::number::digits;
use super::timestamp::{Calendar, stamp};
use crate::model::Value;

static FLOAT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:[-+]?[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$").ok());
static DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})$").ok());
static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})(?:[Tt]|[ \t]+)",
        r"(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.(?<fraction>[0-9]*))?",
        r"(?:[ \t]*(?<zone>Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$",
    ))
    .ok()
});

/// Types a plain scalar as js-yaml does.
pub fn plain(text: &str) -> Value {
    word(text)
        .or_else(|| integer(text))
        .or_else(|| float(text))
        .or_else(|| date(text))
        .unwrap_or_else(|| Value::from(text))
}

/// Three spellings each, and no `yes` or `no`.
fn word(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => None,
    }
}

/// Decimal, `0b`, `0o` and `0x`; a leading zero alone means nothing.
fn integer(text: &str) -> Option<Value> {
    let (negative, unsigned) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    for (prefix, base) in [("0b", 2), ("0o", 8), ("0x", 16)] {
        if let Some(rest) = unsigned.strip_prefix(prefix) {
            return digits(rest, base, negative);
        }
    }
    digits(unsigned, 10, negative)
}

fn float(text: &str) -> Option<Value> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(Value::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Value::Float(f64::NEG_INFINITY)),
        ".nan" | ".NaN" | ".NAN" => Some(Value::Float(f64::NAN)),
        _ if FLOAT.as_ref()?.is_match(text) => {
            text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float)
        }
        _ => None,
    }
}

/// A time needs its seconds, and an offset its colon. js-yaml hands the numbers to `Date.UTC`, which counts on
/// where a month has no such day.
fn date(text: &str) -> Option<Value> {
    let parts = DATE.as_ref()?.captures(text).or_else(|| TIME.as_ref()?.captures(text))?;
    stamp(&parts, Calendar::JavaScript).map(Value::Date)
}
