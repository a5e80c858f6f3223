//! Values as a template holds them: what is large stays where it is and is looked at there.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil;

use super::number::{Number, show_float};
use super::site::{Document, SiteDrop};
use crate::model;
use crate::model::Moment;

/// A value in a template.
#[derive(Debug, Clone)]
pub enum LiquidValue<'v> {
    /// Nothing.
    Nil,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// Text.
    Text(Text<'v>),
    /// An instant.
    Time(Moment),
    /// A clock time in front matter or data, without a zone.
    Clock(civil::DateTime),
    /// A day.
    Day(civil::Date),
    /// `(a..b)`.
    Range(i64, i64),
    /// A list.
    List(List<'v>),
    /// A map, or anything else with fields.
    Map(LiquidMap<'v>),
    /// `empty`: equal to anything with nothing in it.
    Empty,
    /// `blank`: equal to nothing, since plain Ruby values cannot say whether they are blank.
    Blank,
}

impl LiquidValue<'_> {
    /// About how many bytes it takes to show it, as far as templates made it; no more than `most` are counted, and lists in
    /// lists in lists are as much as that.
    pub fn weight(&self, most: usize) -> usize {
        const DEEPEST: usize = 100;
        self.weight_within(most, DEEPEST)
    }

    fn weight_within(&self, most: usize, deeper: usize) -> usize {
        const ITEM: usize = 16;
        match self {
            LiquidValue::Text(text) => text.len().min(most),
            LiquidValue::List(List::Made(_)) if deeper == 0 => most,
            LiquidValue::List(List::Made(items)) => {
                let mut weight = 0;
                for item in items.iter() {
                    weight += ITEM + item.weight_within(most - weight, deeper - 1);
                    if weight >= most {
                        return most;
                    }
                }
                weight
            }
            LiquidValue::List(list) => list.len().saturating_mul(ITEM).min(most),
            _ => ITEM.min(most),
        }
    }
}

/// A text that stands somewhere, or was made.
#[derive(Debug, Clone)]
pub enum Text<'v> {
    /// In the site, a document or the configuration.
    At(&'v str),
    /// In a template, or made by a filter.
    Shared(Arc<str>),
}

/// A list that stands somewhere, or was made.
#[derive(Debug, Clone)]
pub enum List<'v> {
    /// In front matter or data.
    At(&'v [model::Value]),
    /// Documents of the site.
    Documents(&'v SiteDrop<'v>, &'v [usize]),
    /// Made by a filter.
    Made(Rc<Vec<LiquidValue<'v>>>),
}

/// Something with fields.
#[derive(Debug, Clone)]
pub enum LiquidMap<'v> {
    /// A map of front matter or data.
    At(&'v model::Map),
    /// The site.
    Site(&'v SiteDrop<'v>),
    /// A document.
    Document(Document<'v>),
    /// `site.tags` and `site.categories`: documents by term.
    Terms(&'v SiteDrop<'v>, &'v IndexMap<String, Vec<usize>>),
    /// Made by a filter or a tag.
    Made(Rc<IndexMap<Text<'v>, LiquidValue<'v>>>),
    /// `forloop` and `tablerowloop`.
    Loop(Rc<LoopState>),
}

/// Where a loop is.
#[derive(Debug, Clone, Default)]
pub struct LoopState {
    /// Variable and list, as Liquid names a loop; empty for a table.
    pub name: String,
    /// Rounds done.
    pub at: usize,
    /// Rounds in all.
    pub length: usize,
    /// Columns of a table; `None` for `for`.
    pub columns: Option<usize>,
    /// The loop around this one.
    pub parent: Option<Rc<LoopState>>,
}

impl Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        match self {
            Text::At(text) => text,
            Text::Shared(text) => text,
        }
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text<'_> {}

impl std::hash::Hash for Text<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl std::borrow::Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        self
    }
}

impl From<String> for LiquidValue<'_> {
    fn from(text: String) -> Self {
        LiquidValue::Text(Text::Shared(text.into()))
    }
}

impl<'v> From<&'v str> for LiquidValue<'v> {
    fn from(text: &'v str) -> Self {
        LiquidValue::Text(Text::At(text))
    }
}

impl<'v> From<Vec<LiquidValue<'v>>> for LiquidValue<'v> {
    fn from(items: Vec<LiquidValue<'v>>) -> Self {
        LiquidValue::List(List::Made(Rc::new(items)))
    }
}

impl<'v> From<&'v model::Value> for LiquidValue<'v> {
    fn from(value: &'v model::Value) -> Self {
        match value {
            model::Value::Null => LiquidValue::Nil,
            model::Value::Bool(b) => LiquidValue::Bool(*b),
            model::Value::Int(i) => LiquidValue::Int(*i),
            model::Value::Float(f) => LiquidValue::Float(*f),
            model::Value::String(s) => s.as_str().into(),
            model::Value::Date(stamp) if stamp.date_only => LiquidValue::Day(stamp.civil.date()),
            model::Value::Date(stamp) => match stamp.offset {
                Some(offset) => Moment::from_offset(stamp.civil, offset).map_or(LiquidValue::Nil, LiquidValue::Time),
                None => LiquidValue::Clock(stamp.civil),
            },
            model::Value::List(items) => LiquidValue::List(List::At(items)),
            model::Value::Map(map) => LiquidValue::Map(LiquidMap::At(map)),
        }
    }
}

impl<'v> List<'v> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        match self {
            List::At(items) => items.len(),
            List::Documents(_, indices) => indices.len(),
            List::Made(items) => items.len(),
        }
    }

    /// An item by its place.
    pub fn get(&self, at: usize) -> Option<LiquidValue<'v>> {
        match self {
            List::At(items) => items.get(at).map(LiquidValue::from),
            List::Documents(site, indices) => indices.get(at).map(|&index| site.document(index)),
            List::Made(items) => items.get(at).cloned(),
        }
    }

    /// The items in order.
    pub fn iter(&self) -> impl Iterator<Item = LiquidValue<'v>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

impl<'v> LiquidMap<'v> {
    /// A field; `None` where there is no such key.
    pub fn get(&self, key: &str) -> Option<LiquidValue<'v>> {
        match self {
            LiquidMap::At(map) => map.get(key).map(LiquidValue::from),
            LiquidMap::Site(site) => site.get(key),
            LiquidMap::Document(document) => document.get(key),
            LiquidMap::Terms(site, terms) => {
                terms.get(key).map(|indices| LiquidValue::List(List::Documents(site, indices)))
            }
            LiquidMap::Made(map) => map.get(key).cloned(),
            LiquidMap::Loop(state) => state.get(key),
        }
    }

    /// All fields in order; none of what is no Ruby hash.
    pub fn entries(&self) -> Vec<(Text<'v>, LiquidValue<'v>)> {
        match self {
            LiquidMap::At(map) => map.iter().map(|(key, value)| (Text::At(key), value.into())).collect(),
            LiquidMap::Terms(site, terms) => terms
                .iter()
                .map(|(key, indices)| (Text::At(key), LiquidValue::List(List::Documents(site, indices))))
                .collect(),
            LiquidMap::Document(document) => document.entries(),
            LiquidMap::Made(map) => map.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            LiquidMap::Site(_) | LiquidMap::Loop(_) => Vec::new(),
        }
    }

    /// Whether Ruby has a `Hash` here; the others are drops, which have no size and no first entry.
    fn is_hash(&self) -> bool {
        matches!(self, LiquidMap::At(_) | LiquidMap::Terms(..) | LiquidMap::Made(_))
    }
}

impl LoopState {
    /// Liquid (`forloop_drop.rb`, `tablerowloop_drop.rb`).
    fn get<'v>(&self, key: &str) -> Option<LiquidValue<'v>> {
        let int = |n: usize| LiquidValue::Int(n as i64);
        Some(match (key, self.columns) {
            ("index", _) => int(self.at + 1),
            ("index0", _) => int(self.at),
            ("rindex", _) => int(self.length - self.at),
            ("rindex0", _) => int(self.length - self.at - 1),
            ("length", _) => int(self.length),
            ("first", _) => LiquidValue::Bool(self.at == 0),
            ("last", _) => LiquidValue::Bool(self.at + 1 == self.length),
            ("name", None) => self.name.clone().into(),
            ("parentloop", None) => match &self.parent {
                Some(parent) => LiquidValue::Map(LiquidMap::Loop(parent.clone())),
                None => LiquidValue::Nil,
            },
            ("col", Some(columns)) => int(self.column(columns)),
            ("col0", Some(columns)) => int(self.column(columns) - 1),
            ("col_first", Some(columns)) => LiquidValue::Bool(self.column(columns) == 1),
            ("col_last", Some(columns)) => LiquidValue::Bool(self.column(columns) == columns),
            ("row", Some(columns)) => int(self.at.checked_div(columns).unwrap_or(0) + 1),
            _ => return None,
        })
    }

    /// The column of a table, from 1; no columns are one endless row.
    pub fn column(&self, columns: usize) -> usize {
        self.at.checked_rem(columns).unwrap_or(self.at) + 1
    }
}

/// More items than anybody writes as a range; what is left behind them is not looped over.
const LONGEST_RANGE: i64 = 100_000;

impl<'v> LiquidValue<'v> {
    /// Everything but nil and false.
    pub fn is_truthy(&self) -> bool {
        !matches!(self, LiquidValue::Nil | LiquidValue::Bool(false))
    }

    /// The text of a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            LiquidValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Ruby's `to_s`, and a list's items one after the other.
    pub fn to_text(&self) -> String {
        match self {
            LiquidValue::Text(text) => text.to_string(),
            other => {
                let mut out = String::new();
                other.show(&mut out);
                out
            }
        }
    }

    /// Adds [`Self::to_text`] to a text.
    pub fn show(&self, out: &mut String) {
        use fmt::Write;
        // writing to a text cannot fail
        let _ = match self {
            LiquidValue::Nil | LiquidValue::Empty | LiquidValue::Blank => Ok(()),
            LiquidValue::Bool(b) => write!(out, "{b}"),
            LiquidValue::Int(i) => write!(out, "{i}"),
            LiquidValue::Float(f) => write!(out, "{}", show_float(*f)),
            LiquidValue::Text(text) => out.write_str(text),
            LiquidValue::Time(moment) => write!(out, "{}", show_time(*moment)),
            LiquidValue::Clock(civil) => out.write_str(&civil.strftime("%Y-%m-%d %H:%M:%S +0000").to_string()),
            LiquidValue::Day(day) => write!(out, "{day}"),
            LiquidValue::Range(from, to) => write!(out, "{from}..{to}"),
            LiquidValue::List(items) => {
                items.iter().for_each(|item| item.show(out));
                Ok(())
            }
            LiquidValue::Map(_) => write!(out, "{}", self.inspect()),
        };
    }

    /// Ruby's `inspect`.
    pub fn inspect(&self) -> String {
        match self {
            LiquidValue::Nil => "nil".to_owned(),
            LiquidValue::Text(text) => inspect_text(text),
            LiquidValue::Day(day) => {
                let julian =
                    day.since((jiff::Unit::Day, FIRST_DAY)).map_or(0, |span| span.get_days()) + FIRST_DAY_JULIAN;
                format!("#<Date: {day} (({julian}j,0s,0n),+0s,2299161j)>")
            }
            LiquidValue::List(items) => {
                format!("[{}]", items.iter().map(|item| item.inspect()).collect::<Vec<_>>().join(", "))
            }
            LiquidValue::Map(map) => {
                let pairs = map.entries().into_iter().map(|(key, value)| {
                    let key = inspect_text(&key);
                    format!("{key}=>{}", value.inspect())
                });
                format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
            }
            other => other.to_text(),
        }
    }

    /// The items of anything that Ruby can enumerate: a map gives pairs.
    pub fn enumerate(&self) -> Option<Vec<LiquidValue<'v>>> {
        match self {
            LiquidValue::List(items) => Some(items.iter().collect()),
            LiquidValue::Range(from, to) => {
                Some((*from..=(*to).min(from.saturating_add(LONGEST_RANGE))).map(LiquidValue::Int).collect())
            }
            LiquidValue::Map(map) => {
                let pair = |(key, value)| LiquidValue::from(vec![LiquidValue::Text(key), value]);
                Some(map.entries().into_iter().map(pair).collect())
            }
            _ => None,
        }
    }

    /// A field or an item, or what Liquid answers to `size`, `first` and `last` (`variable_lookup.rb`).
    pub fn member(&self, key: &str) -> Option<LiquidValue<'v>> {
        if let LiquidValue::Map(map) = self {
            if let Some(value) = map.get(key) {
                return Some(value);
            }
            if !map.is_hash() {
                return None;
            }
        }
        match key {
            "size" => self.size().map(LiquidValue::Int),
            "first" => self.first(),
            "last" => self.last(),
            _ => None,
        }
    }

    /// An item by its place, from the end where it is negative.
    pub fn item(&self, at: i64) -> Option<LiquidValue<'v>> {
        let LiquidValue::List(items) = self else { return None };
        let at = if at < 0 { at + items.len() as i64 } else { at };
        items.get(usize::try_from(at).ok()?)
    }

    /// Ruby's `size`, where there is one.
    pub fn size(&self) -> Option<i64> {
        match self {
            LiquidValue::List(items) => Some(items.len() as i64),
            LiquidValue::Map(map) if map.is_hash() => Some(map.entries().len() as i64),
            LiquidValue::Text(text) => Some(text.chars().count() as i64),
            LiquidValue::Range(from, to) => Some((to - from + 1).max(0)),
            // the bytes of a machine word
            LiquidValue::Int(_) => Some(8),
            _ => None,
        }
    }

    /// Ruby's `first`, where there is one.
    pub fn first(&self) -> Option<LiquidValue<'v>> {
        match self {
            LiquidValue::List(items) => items.get(0),
            LiquidValue::Range(from, _) => Some(LiquidValue::Int(*from)),
            LiquidValue::Map(_) => self.enumerate()?.into_iter().next(),
            _ => None,
        }
    }

    /// Ruby's `last`, where there is one.
    pub fn last(&self) -> Option<LiquidValue<'v>> {
        match self {
            LiquidValue::List(items) => items.get(items.len().checked_sub(1)?),
            LiquidValue::Range(_, to) => Some(LiquidValue::Int(*to)),
            _ => None,
        }
    }

    /// Ruby's `empty?`; `None` of what cannot say.
    pub fn is_empty(&self) -> Option<bool> {
        match self {
            LiquidValue::Text(text) => Some(text.is_empty()),
            LiquidValue::List(items) => Some(items.len() == 0),
            LiquidValue::Map(map) if map.is_hash() => Some(map.entries().is_empty()),
            _ => None,
        }
    }

    /// Liquid's `==` (`condition.rb`).
    pub fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (LiquidValue::Blank, _) | (_, LiquidValue::Blank) => false,
            (LiquidValue::Empty, value) | (value, LiquidValue::Empty) => value.is_empty() == Some(true),
            _ => self.same(other),
        }
    }

    /// Ruby's `==`.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (LiquidValue::Nil, LiquidValue::Nil) => true,
            (LiquidValue::Bool(a), LiquidValue::Bool(b)) => a == b,
            (LiquidValue::Text(a), LiquidValue::Text(b)) => a == b,
            (LiquidValue::Range(a, b), LiquidValue::Range(c, d)) => (a, b) == (c, d),
            (LiquidValue::List(a), LiquidValue::List(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.same(&b))
            }
            (LiquidValue::Map(LiquidMap::Document(a)), LiquidValue::Map(LiquidMap::Document(b))) => a.is(b),
            (LiquidValue::Map(a), LiquidValue::Map(b)) if a.is_hash() && b.is_hash() => {
                let (a, b) = (a.entries(), b.entries());
                a.len() == b.len() && a.iter().all(|(key, value)| b.iter().any(|(k, v)| k == key && v.same(value)))
            }
            _ => self.compare(other) == Some(Ordering::Equal),
        }
    }

    /// Ruby's `<=>`; `None` where two values cannot be compared.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (LiquidValue::Int(a), LiquidValue::Int(b)) => Some(a.cmp(b)),
            (LiquidValue::Int(_) | LiquidValue::Float(_), LiquidValue::Int(_) | LiquidValue::Float(_)) => {
                Number::of(self).to_float().partial_cmp(&Number::of(other).to_float())
            }
            (LiquidValue::Text(a), LiquidValue::Text(b)) => Some(a.cmp(b)),
            (LiquidValue::Time(a), LiquidValue::Time(b)) => Some(a.instant.cmp(&b.instant)),
            (LiquidValue::Clock(a), LiquidValue::Clock(b)) => Some(a.cmp(b)),
            (LiquidValue::Day(a), LiquidValue::Day(b)) => Some(a.cmp(b)),
            (LiquidValue::List(a), LiquidValue::List(b)) => {
                for (a, b) in a.iter().zip(b.iter()) {
                    match a.compare(&b)? {
                        Ordering::Equal => {}
                        different => return Some(different),
                    }
                }
                Some(a.len().cmp(&b.len()))
            }
            (LiquidValue::Map(LiquidMap::Document(a)), LiquidValue::Map(LiquidMap::Document(b))) => Some(a.order(b)),
            (LiquidValue::Nil, LiquidValue::Nil) => Some(Ordering::Equal),
            (LiquidValue::Bool(a), LiquidValue::Bool(b)) if a == b => Some(Ordering::Equal),
            _ => None,
        }
    }

    /// Whether `<` and its kin can be asked: of numbers, texts and dates (`condition.rb`).
    pub fn ordered(&self, other: &Self) -> Option<Ordering> {
        let has_order = |value: &Self| {
            matches!(
                value,
                LiquidValue::Int(_)
                    | LiquidValue::Float(_)
                    | LiquidValue::Text(_)
                    | LiquidValue::Time(_)
                    | LiquidValue::Clock(_)
                    | LiquidValue::Day(_)
            )
        };
        if has_order(self) && has_order(other) { self.compare(other) } else { None }
    }

    /// Liquid's `contains`: a part of a text, an item of a list, a key of a map.
    pub fn contains(&self, part: &Self) -> bool {
        match (self, part) {
            (_, LiquidValue::Nil | LiquidValue::Bool(false)) => false,
            (LiquidValue::Text(text), part) => text.contains(&part.to_text()),
            (LiquidValue::List(items), part) => items.iter().any(|item| item.same(part)),
            (LiquidValue::Map(map), LiquidValue::Text(key)) if map.is_hash() => map.get(key).is_some(),
            (LiquidValue::Range(from, to), LiquidValue::Int(at)) => (from..=to).contains(&at),
            _ => false,
        }
    }
}

/// A day, and its number in the count that Ruby's `Date#inspect` shows.
const FIRST_DAY: civil::Date = civil::date(1970, 1, 1);
const FIRST_DAY_JULIAN: i32 = 2_440_588;

/// Ruby's `Time#to_s`.
fn show_time(moment: Moment) -> String {
    let clock = moment.civil().strftime("%Y-%m-%d %H:%M:%S");
    let seconds = moment.offset.seconds();
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    format!("{clock} {sign}{:02}{:02}", minutes / 60, minutes % 60)
}

/// Ruby's `String#inspect`.
fn inspect_text(text: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{1b}' => out.push_str("\\e"),
            '#' if matches!(chars.peek(), Some('{' | '$' | '@')) => out.push_str("\\#"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
