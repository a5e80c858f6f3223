//! Liquid's standard filters, and those of Jekyll that need nothing of the site.

use std::cmp::Ordering;

use jiff::tz::TimeZone;
use regex::Regex;

use crate::escape::escape_attribute;
use crate::model::{Map, Moment, Stamp, Value};
use crate::tree::text::plain_text;

/// Applies a filter; `None` where there is none of that name.
pub fn apply(name: &str, input: &Value, arguments: &[Value]) -> Option<Value> {
    text_filter(name, input, arguments)
        .or_else(|| number_filter(name, input, arguments))
        .or_else(|| list_filter(name, input, arguments))
}

/// How a value is shown.
pub fn to_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Float(f) if f.fract() == 0.0 && f.abs() < 1e16 => format!("{f:.1}"),
        Value::Date(stamp) => show_date(stamp),
        Value::List(items) => items.iter().map(to_text).collect(),
        Value::Map(_) => inspect(value),
        other => other.to_text().unwrap_or_default(),
    }
}

/// Ruby shows a time as `2020-01-02 03:04:05 +0000` and a date as `2020-01-02`.
fn show_date(stamp: &Stamp) -> String {
    if stamp.date_only {
        return stamp.civil.strftime("%Y-%m-%d").to_string();
    }
    let seconds = stamp.offset.map_or(0, |offset| offset.seconds());
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{} {sign}{:02}{:02}", stamp.civil.strftime("%Y-%m-%d %H:%M:%S"), minutes / 60, minutes % 60)
}

/// Ruby's `inspect`.
fn inspect(value: &Value) -> String {
    match value {
        Value::Null => "nil".to_owned(),
        Value::String(text) => format!("{text:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(inspect).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            let pairs: Vec<String> = map.iter().map(|(key, value)| format!("{key:?}=>{}", inspect(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        other => to_text(other),
    }
}

/// A value as a number, as Liquid's arithmetic takes it.
pub fn to_number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(i) => Some(*i as f64),
        Value::Float(f) => Some(*f),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Whether one value comes before another; `None` where they cannot be compared.
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => to_number(a)?.partial_cmp(&to_number(b)?),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.civil.cmp(&b.civil)),
        _ => None,
    }
}

/// Liquid's `contains`: a part of a text, or an item of a list.
pub fn contains(whole: &Value, part: &Value) -> bool {
    match whole {
        Value::String(text) => text.contains(&to_text(part)),
        Value::List(items) => items.contains(part),
        Value::Map(map) => part.as_str().is_some_and(|key| map.contains_key(key)),
        _ => false,
    }
}

fn text_filter(name: &str, input: &Value, arguments: &[Value]) -> Option<Value> {
    let text = || to_text(input);
    let argument = |at: usize| arguments.get(at).map(to_text).unwrap_or_default();
    let shown = match name {
        "upcase" => text().to_uppercase(),
        "downcase" => text().to_lowercase(),
        "capitalize" => capitalize(&text()),
        "strip" => text().trim().to_owned(),
        "lstrip" => text().trim_start().to_owned(),
        "rstrip" => text().trim_end().to_owned(),
        "strip_newlines" => text().replace(['\r', '\n'], ""),
        "newline_to_br" => text().replace('\n', "<br />\n"),
        "strip_html" => strip_html(&text()),
        "escape" | "xml_escape" | "h" => escape(&text()),
        "escape_once" => escape(&unescape(&text())),
        "append" => text() + &argument(0),
        "prepend" => argument(0) + &text(),
        "replace" => text().replace(&argument(0), &argument(1)),
        "replace_first" => text().replacen(&argument(0), &argument(1), 1),
        "remove" => text().replace(&argument(0), ""),
        "remove_first" => text().replacen(&argument(0), "", 1),
        "truncate" => truncate(&text(), arguments),
        "truncatewords" => truncate_words(&text(), arguments),
        "url_encode" | "cgi_escape" => form_encode(&text()),
        "uri_escape" => percent_encode(&text()),
        "url_decode" => {
            percent_encoding::percent_decode_str(&text().replace('+', " ")).decode_utf8_lossy().into_owned()
        }
        "slugify" => slugify(&text(), &argument(0)),
        "normalize_whitespace" => text().split_whitespace().collect::<Vec<_>>().join(" "),
        "jsonify" => to_json(input),
        "inspect" => escape(&inspect(input)),
        "date" => return Some(date(input, &argument(0))),
        "date_to_string" => return Some(date(input, "%d %b %Y")),
        "date_to_long_string" => return Some(date(input, "%d %B %Y")),
        "date_to_xmlschema" => return Some(date(input, "%Y-%m-%dT%H:%M:%S%:z")),
        "date_to_rfc822" => return Some(date(input, "%a, %d %b %Y %H:%M:%S %z")),
        "split" => return Some(split(&text(), &argument(0))),
        "number_of_words" => return Some(Value::Int(text().split_whitespace().count() as i64)),
        _ => return None,
    };
    Some(Value::String(shown))
}

fn number_filter(name: &str, input: &Value, arguments: &[Value]) -> Option<Value> {
    let a = || to_number(input).unwrap_or(0.0);
    let b = || arguments.first().and_then(to_number).unwrap_or(0.0);
    let whole = matches!(input, Value::Int(_)) || input.as_str().is_some_and(|text| !text.contains('.'));
    let whole = whole && !arguments.iter().any(|value| matches!(value, Value::Float(_)));
    let number = |n: f64| if whole { Value::Int(n as i64) } else { Value::Float(n) };
    Some(match name {
        "plus" => number(a() + b()),
        "minus" => number(a() - b()),
        "times" => number(a() * b()),
        "divided_by" if b() == 0.0 => Value::String("Liquid error: divided by 0".to_owned()),
        "divided_by" if whole => Value::Int((a() / b()).floor() as i64),
        "divided_by" => Value::Float(a() / b()),
        "modulo" if b() == 0.0 => Value::String("Liquid error: divided by 0".to_owned()),
        "modulo" => number(a() - b() * (a() / b()).floor()),
        "abs" => number(a().abs()),
        "ceil" => Value::Int(a().ceil() as i64),
        "floor" => Value::Int(a().floor() as i64),
        "round" => {
            let digits = b() as i32;
            let scale = 10f64.powi(digits);
            if digits > 0 { Value::Float((a() * scale).round() / scale) } else { Value::Int(a().round() as i64) }
        }
        "at_least" => number(a().max(b())),
        "at_most" => number(a().min(b())),
        "to_integer" => Value::Int(a() as i64),
        _ => return None,
    })
}

fn list_filter(name: &str, input: &Value, arguments: &[Value]) -> Option<Value> {
    let key = || arguments.first().and_then(Value::as_str).map(str::to_owned);
    let items = || match input {
        Value::List(items) => items.clone(),
        Value::Null => Vec::new(),
        other => vec![other.clone()],
    };
    Some(match name {
        "size" => Value::Int(match input {
            Value::List(items) => items.len() as i64,
            Value::Map(map) => map.len() as i64,
            Value::Null => 0,
            other => to_text(other).chars().count() as i64,
        }),
        "first" => items().into_iter().next().unwrap_or(Value::Null),
        "last" => items().into_iter().next_back().unwrap_or(Value::Null),
        "join" => {
            let glue = arguments.first().map_or(" ".to_owned(), to_text);
            Value::String(items().iter().map(to_text).collect::<Vec<_>>().join(&glue))
        }
        "array_to_sentence_string" => Value::String(sentence(&items(), key().as_deref().unwrap_or("and"))),
        "reverse" => Value::List(items().into_iter().rev().collect()),
        "uniq" => Value::List(items().into_iter().fold(Vec::new(), |mut seen, item| {
            if !seen.contains(&item) {
                seen.push(item);
            }
            seen
        })),
        "compact" => Value::List(items().into_iter().filter(|item| *item != Value::Null).collect()),
        "map" => Value::List(items().iter().map(|item| of(item, key().as_deref())).collect()),
        "concat" => Value::List(
            items()
                .into_iter()
                .chain(arguments.first().and_then(Value::as_list).unwrap_or(&[]).iter().cloned())
                .collect(),
        ),
        "push" => Value::List(items().into_iter().chain(arguments.first().cloned()).collect()),
        "sort" | "sort_natural" => {
            let key = key();
            let mut sorted = items();
            sorted.sort_by(|a, b| compare(&of(a, key.as_deref()), &of(b, key.as_deref())).unwrap_or(Ordering::Equal));
            Value::List(sorted)
        }
        "where" => {
            let (key, wanted) = (key(), arguments.get(1));
            Value::List(
                items()
                    .into_iter()
                    .filter(|item| {
                        let found = of(item, key.as_deref());
                        wanted.map_or(super::render::truthy(&found), |wanted| {
                            found.as_list().map_or(to_text(&found) == to_text(wanted), |list| list.contains(wanted))
                        })
                    })
                    .collect(),
            )
        }
        "group_by" => group_by(items(), key().as_deref()),
        "slice" => slice(input, arguments),
        "default" => {
            let missing =
                matches!(input, Value::Null | Value::Bool(false)) || matches!(input, Value::String(s) if s.is_empty());
            let missing = missing || matches!(input, Value::List(items) if items.is_empty());
            if missing { arguments.first().cloned().unwrap_or(Value::Null) } else { input.clone() }
        }
        _ => return None,
    })
}

fn of(item: &Value, key: Option<&str>) -> Value {
    match (item, key) {
        (Value::Map(map), Some(key)) => key
            .split('.')
            .try_fold(Value::Map(map.clone()), |value, part| value.as_map()?.get(part).cloned())
            .unwrap_or(Value::Null),
        (item, None) => item.clone(),
        _ => Value::Null,
    }
}

fn group_by(items: Vec<Value>, key: Option<&str>) -> Value {
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    for item in items {
        let name = to_text(&of(&item, key));
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, members)) => members.push(item),
            None => groups.push((name, vec![item])),
        }
    }
    let group = |(name, members): (String, Vec<Value>)| {
        let size = Value::Int(members.len() as i64);
        Value::Map(Map::from_iter([
            ("name".to_owned(), Value::String(name)),
            ("items".to_owned(), Value::List(members)),
            ("size".to_owned(), size),
        ]))
    };
    Value::List(groups.into_iter().map(group).collect())
}

fn slice(input: &Value, arguments: &[Value]) -> Value {
    let start = arguments.first().and_then(to_number).unwrap_or(0.0) as i64;
    let length = arguments.get(1).and_then(to_number).unwrap_or(1.0).max(0.0) as usize;
    let from = |size: usize| (if start < 0 { start + size as i64 } else { start }).clamp(0, size as i64) as usize;
    match input {
        Value::List(items) => Value::List(items.iter().skip(from(items.len())).take(length).cloned().collect()),
        other => {
            let text = to_text(other);
            Value::String(text.chars().skip(from(text.chars().count())).take(length).collect())
        }
    }
}

fn split(text: &str, at: &str) -> Value {
    let parts: Vec<Value> = match at {
        " " => text.split_whitespace().map(Value::from).collect(),
        "" => text.chars().map(|c| Value::String(c.to_string())).collect(),
        at => text.split(at).map(Value::from).collect(),
    };
    let end = parts.iter().rposition(|part| part.as_str() != Some("")).map_or(0, |last| last + 1);
    Value::List(parts.into_iter().take(end).collect())
}

fn sentence(items: &[Value], connector: &str) -> String {
    let words: Vec<String> = items.iter().map(to_text).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} {connector} {two}"),
        [most @ .., last] => format!("{}, {connector} {last}", most.join(", ")),
    }
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars.as_str().to_lowercase().chars()).collect())
        .unwrap_or_default()
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    escape_attribute(text, &mut out);
    out.replace('\'', "&#39;")
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

fn strip_html(text: &str) -> String {
    // scripts, styles and comments go with their content
    Regex::new(r"(?s)<script.*?</script>|<!--.*?-->|<style.*?</style>|<.*?>")
        .map_or_else(|_| text.to_owned(), |tags| tags.replace_all(text, "").into_owned())
}

fn truncate(text: &str, arguments: &[Value]) -> String {
    let length = arguments.first().and_then(to_number).unwrap_or(50.0) as usize;
    let ellipsis = arguments.get(1).map_or("...".to_owned(), to_text);
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length.saturating_sub(ellipsis.chars().count())).collect();
    kept + &ellipsis
}

fn truncate_words(text: &str, arguments: &[Value]) -> String {
    let most = arguments.first().and_then(to_number).unwrap_or(15.0).max(1.0) as usize;
    let ellipsis = arguments.get(1).map_or("...".to_owned(), to_text);
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() <= most { text.to_owned() } else { words[..most].join(" ") + &ellipsis }
}

fn form_encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%20", "+")
        .replace("%2D", "-")
        .replace("%2E", ".")
        .replace("%5F", "_")
        .replace("%7E", "~")
}

/// Encodes what no address may hold, and leaves its own marks alone.
pub(super) fn percent_encode(text: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'<')
        .add(b'>')
        .add(b'`')
        .add(b'{')
        .add(b'}')
        .add(b'|')
        .add(b'\\')
        .add(b'^');
    percent_encoding::utf8_percent_encode(text, KEPT).to_string()
}

/// Jekyll (`utils.rb`): runs of anything but letters, marks and digits become one `-`.
fn slugify(text: &str, mode: &str) -> String {
    let kept = |c: char| match mode {
        "raw" => !c.is_whitespace(),
        "pretty" => c.is_alphanumeric() || "._~!$&'()+,;=@".contains(c),
        "ascii" => c.is_ascii_alphanumeric(),
        _ => c.is_alphanumeric(),
    };
    let parts: Vec<&str> = text.split(|c| !kept(c)).filter(|part| !part.is_empty()).collect();
    parts.join("-").to_lowercase()
}

fn to_json(value: &Value) -> String {
    fn json(value: &Value) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Int(i) => (*i).into(),
            Value::Float(f) => (*f).into(),
            Value::String(s) => s.as_str().into(),
            Value::Date(stamp) => show_date(stamp).into(),
            Value::List(items) => items.iter().map(json).collect(),
            Value::Map(map) => serde_json::Value::Object(map.iter().map(|(k, v)| (k.clone(), json(v))).collect()),
        }
    }
    json(value).to_string()
}

/// A date by a `strftime` pattern; what is no date passes as it is.
fn date(input: &Value, pattern: &str) -> Value {
    let moment = match input {
        Value::Date(stamp) => Moment::from_offset(stamp.civil, stamp.offset.unwrap_or(jiff::tz::Offset::UTC)),
        Value::String(text) => parse_date(text),
        Value::Int(seconds) => {
            jiff::Timestamp::from_second(*seconds).ok().map(|instant| Moment { instant, offset: jiff::tz::Offset::UTC })
        }
        _ => None,
    };
    let Some(moment) = moment.filter(|_| !pattern.is_empty()) else { return input.clone() };
    let zoned = moment.instant.to_zoned(TimeZone::fixed(moment.offset));
    match jiff::fmt::strtime::format(pattern.as_bytes(), &zoned) {
        Ok(shown) => Value::String(shown),
        Err(_) => input.clone(),
    }
}

fn parse_date(text: &str) -> Option<Moment> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(Moment { instant, offset: jiff::tz::Offset::UTC });
    }
    for pattern in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"] {
        if let Ok(civil) = jiff::civil::DateTime::strptime(pattern, text) {
            return Moment::from_offset(civil, jiff::tz::Offset::UTC);
        }
    }
    let date = jiff::civil::Date::strptime("%Y-%m-%d", text)
        .or_else(|_| jiff::civil::Date::strptime("%B %d, %Y", text))
        .ok()?;
    Moment::from_offset(date.at(0, 0, 0, 0), jiff::tz::Offset::UTC)
}

/// `markdownify`: kramdown, as in a body.
pub fn markdownify(text: &str, settings: &crate::model::MarkupSettings) -> String {
    crate::tree::html::render(&crate::dialect::kramdown::parse(text, settings))
}

/// `smartify`: kramdown's typography without its paragraphs.
pub fn smartify(text: &str, settings: &crate::model::MarkupSettings) -> String {
    let tree = crate::dialect::kramdown::parse(text, settings);
    plain_text(&tree.children)
}
