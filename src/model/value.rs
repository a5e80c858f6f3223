//! The values of front matter and configuration, whatever syntax they were written in.
//!
//! A [`Value`] keeps the order of its keys and the type that the *source generator* gave it: `yes` is a
//! boolean to Jekyll and a string to Hexo, so resolving scalars belongs to the dialects in
//! [`crate::frontmatter`], and nothing behind them looks at raw YAML again.

use indexmap::IndexMap;
use jiff::{civil, tz::Offset};
use serde::{Deserialize, Serialize};

use super::place::Place;

/// A map that keeps the order in which its keys were written.
pub type Map = IndexMap<String, Value>;

/// The front matter of one document: each key with its value and the place where it stands.
pub type Fields = IndexMap<String, Field>;

/// One typed value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// `key:` with nothing behind it, `~` or `null`.
    Null,
    /// A boolean by the source generator's own schema.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// Text, quoted or plain.
    String(String),
    /// An unquoted timestamp or date that the source generator's schema types as one.
    Date(Stamp),
    /// A list, in order.
    List(Vec<Value>),
    /// A nested map, in order.
    Map(Map),
}

/// A date as it was written, before any rule about time zones has been applied to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    /// The clock reading as written.
    pub civil: civil::DateTime,
    /// The offset as written, if one was.
    #[serde(with = "seconds")]
    pub offset: Option<Offset>,
    /// Written as a bare date, without a time of day.
    pub date_only: bool,
    /// The characters as they stand in the source.
    pub raw: String,
}

/// Offsets as seconds east of Greenwich.
mod seconds {
    use jiff::tz::Offset;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(offset: &Option<Offset>, serializer: S) -> Result<S::Ok, S::Error> {
        offset.map(Offset::seconds).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Offset>, D::Error> {
        let seconds = Option::<i32>::deserialize(deserializer)?;
        seconds.map(Offset::from_seconds).transpose().map_err(serde::de::Error::custom)
    }
}

/// A value at the top of a document's front matter, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The value.
    pub value: Value,
    /// Where its key stands.
    pub place: Place,
}

impl Value {
    /// The text of a string value.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    /// The entries of a map value.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(m) => Some(m),
            _ => None,
        }
    }

    /// The items of a list value.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(l) => Some(l),
            _ => None,
        }
    }

    /// The boolean of a boolean value.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// Null, an empty string (white space aside), an empty list or an empty map.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Null => true,
            Value::String(s) => s.trim().is_empty(),
            Value::List(l) => l.is_empty(),
            Value::Map(m) => m.is_empty(),
            _ => false,
        }
    }

    /// A scalar as a person would read it; `None` for null, lists and maps.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Value::Null | Value::List(_) | Value::Map(_) => None,
            Value::Bool(b) => Some(b.to_string()),
            Value::Int(i) => Some(i.to_string()),
            Value::Float(f) => Some(f.to_string()),
            Value::String(s) => Some(s.clone()),
            Value::Date(d) => Some(d.raw.clone()),
        }
    }

    /// The name of the value's type, as mapping files and `inspect` call it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "empty",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::String(_) => "string",
            Value::Date(_) => "date",
            Value::List(_) => "list",
            Value::Map(_) => "map",
        }
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Self {
        Value::String(s.to_owned())
    }
}

impl From<String> for Value {
    fn from(s: String) -> Self {
        Value::String(s)
    }
}

/// Dates are text, which each generator reads by its own rule.
impl From<&toml::Value> for Value {
    fn from(typed: &toml::Value) -> Self {
        match typed {
            toml::Value::String(text) => Value::String(text.clone()),
            toml::Value::Integer(number) => Value::Int(*number),
            toml::Value::Float(number) => Value::Float(*number),
            toml::Value::Boolean(truth) => Value::Bool(*truth),
            toml::Value::Datetime(date) => Value::String(date.to_string().replacen('T', " ", 1)),
            toml::Value::Array(list) => Value::List(list.iter().map(Value::from).collect()),
            toml::Value::Table(table) => {
                Value::Map(table.iter().map(|(key, value)| (key.clone(), Value::from(value))).collect())
            }
        }
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Value::Bool(b)
    }
}
