//! Jekyll's scalars: SafeYAML 1.x over Psych.

use std::sync::LazyLock;

use regex::Regex;

use super::number::{digits, sexagesimal};
use super::timestamp::{Calendar, stamp};
use crate::model::Value;

static DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})$").ok());
static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})(?:[Tt]|[ \t\r\n]+)",
        r"(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.(?<fraction>[0-9]*))?",
        r"[ \t]*(?<zone>Z|[-+][0-9]{1,2}(?::?[0-9]{2})?)?$",
    ))
    .ok()
});
static FLOAT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]+(?:[eE][-+][0-9]+)?$").ok());

/// Types a plain scalar as SafeYAML does: integers, floats, nothing, booleans, dates, in this order.
pub fn plain(text: &str) -> Value {
    // a number or a date begins with one of these: most scalars are words, and need no closer look
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ',' | '_')) {
        return word(text).unwrap_or_else(|| Value::from(text));
    }
    integer(text)
        .or_else(|| float(text))
        .or_else(|| word(text))
        .or_else(|| date(text))
        .unwrap_or_else(|| Value::from(text))
}

/// SafeYAML drops `_` and `,` before it looks: `1_000` and `1,000` are 1000; `0777` is octal;
/// `12:30:45` counts sixties and comes out as a float.
fn integer(text: &str) -> Option<Value> {
    let bare: String = text.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    let (negative, unsigned) = match bare.strip_prefix(['-', '+']) {
        Some(rest) => (bare.starts_with('-'), rest),
        None => (false, bare.as_str()),
    };
    let signed = unsigned.len() < bare.len();
    let hex = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X").filter(|_| !signed));
    if let Some(hex) = hex {
        return digits(hex, 16, negative);
    }
    if let Some(binary) = unsigned.strip_prefix("0b") {
        return if signed { None } else { digits(binary, 2, false) };
    }
    if unsigned == "0" || unsigned.starts_with(|c| matches!(c, '1'..='9')) {
        if let Some(value) = digits(unsigned, 10, negative) {
            return Some(value);
        }
    } else if let Some(octal) = unsigned.strip_prefix('0').filter(|_| !signed)
        && let Some(value) = digits(octal, 8, false)
    {
        return Some(value);
    }
    if unsigned.contains('.') { None } else { sexagesimal(unsigned, negative) }
}

fn float(text: &str) -> Option<Value> {
    if FLOAT.as_ref()?.is_match(text) {
        return text.replace('_', "").parse().ok().map(Value::Float);
    }
    let (negative, unsigned) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    match text {
        ".inf" | ".Inf" | ".INF" => Some(Value::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Value::Float(f64::NEG_INFINITY)),
        ".nan" | ".NaN" | ".NAN" => Some(Value::Float(f64::NAN)),
        _ if unsigned.contains('.') => sexagesimal(unsigned, negative),
        _ => None,
    }
}

/// SafeYAML compares these without regard to case.
fn word(text: &str) -> Option<Value> {
    const LONGEST: usize = 5;
    if text.len() > LONGEST {
        return None;
    }
    match text.to_ascii_lowercase().as_str() {
        "" | "~" | "null" => Some(Value::Null),
        "yes" | "on" | "true" => Some(Value::Bool(true)),
        "no" | "off" | "false" => Some(Value::Bool(false)),
        _ => None,
    }
}

/// A date of exactly ten characters, or a time that has its seconds. `2020-01-02 10:00` stays text, which
/// matters: Jekyll reads it as the site's wall clock, and a typed time without an offset as UTC.
fn date(text: &str) -> Option<Value> {
    let parts = DATE.as_ref()?.captures(text).or_else(|| TIME.as_ref()?.captures(text))?;
    stamp(&parts, Calendar::Ruby).map(Value::Date)
}
