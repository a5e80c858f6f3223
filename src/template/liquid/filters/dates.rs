//! Filters that show dates, on the clocks that Ruby would show them on.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use crate::model::Moment;
use crate::read::jekyll::ruby_date;
use crate::template::liquid::value::LiquidValue;

pub fn apply<'v>(
    name: &str,
    input: &LiquidValue<'v>,
    arguments: &[LiquidValue<'v>],
    zone: &TimeZone,
) -> Option<LiquidValue<'v>> {
    let argument = |at: usize| arguments.get(at).map(LiquidValue::to_text).unwrap_or_default();
    let (pattern, local) = match name {
        "date" => (argument(0), false),
        "date_to_string" => (day_and_month("%b", &argument(0), &argument(1)), true),
        "date_to_long_string" => (day_and_month("%B", &argument(0), &argument(1)), true),
        "date_to_xmlschema" => ("%Y-%m-%dT%H:%M:%S%:z".to_owned(), true),
        "date_to_rfc822" => ("%a, %d %b %Y %H:%M:%S %z".to_owned(), true),
        _ => return None,
    };
    let Some(zoned) = to_date(input, zone, local).filter(|_| !pattern.is_empty()) else { return Some(input.clone()) };
    let shown = strftime(&zoned, &pattern);
    Some(shown.into())
}

/// Jekyll (`date_filters.rb`): `ordinal` puts an ending to the day, in the British or the American order.
fn day_and_month(month: &str, kind: &str, style: &str) -> String {
    match (kind, style) {
        ("ordinal", "US") => format!("{month} %ORDINAL, %Y"),
        ("ordinal", _) => format!("%ORDINAL {month} %Y"),
        _ => format!("%d {month} %Y"),
    }
}

fn ordinal(day: i8) -> String {
    let ending = match (day, day % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}

/// Liquid (`utils.rb`, `to_date`), then for Jekyll's own filters `to_time.localtime`.
fn to_date(input: &LiquidValue<'_>, zone: &TimeZone, local: bool) -> Option<Zoned> {
    let moment = match input {
        LiquidValue::Day(day) if local => Moment::from_zone(day.at(0, 0, 0, 0), zone)?,
        LiquidValue::Day(day) => Moment::from_offset(day.at(0, 0, 0, 0), Offset::UTC)?,
        LiquidValue::Time(moment) => *moment,
        LiquidValue::Clock(civil) => Moment::from_offset(*civil, Offset::UTC)?.in_zone(zone),
        LiquidValue::Int(seconds) => at_second(*seconds, zone)?,
        LiquidValue::Text(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => {
            at_second(text.parse().ok()?, zone)?
        }
        LiquidValue::Text(text) => match ruby_date(text)? {
            (civil, Some(offset)) => Moment::from_offset(civil, offset)?,
            (civil, None) => Moment::from_zone(civil, zone)?,
        },
        _ => return None,
    };
    let zone = if local || zone.to_offset(moment.instant) == moment.offset {
        zone.clone()
    } else if moment.offset == Offset::UTC {
        TimeZone::UTC
    } else {
        TimeZone::fixed(moment.offset)
    };
    Some(moment.instant.to_zoned(zone))
}

fn at_second(second: i64, zone: &TimeZone) -> Option<Moment> {
    Some(Moment { instant: Timestamp::from_second(second).ok()?, offset: Offset::UTC }.in_zone(zone))
}

/// Ruby's `strftime`: what it does not know stays as typed.
fn strftime(date: &Zoned, pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        if let Some(tail) = after.strip_prefix("ORDINAL") {
            out.push_str(&ordinal(date.day()));
            rest = tail;
            continue;
        }
        let is_flag = |c: char| matches!(c, '-' | '_' | '^' | '#' | ':') || c.is_ascii_digit();
        let end = after.find(|c| !is_flag(c)).unwrap_or(after.len());
        let length = after[end..].chars().next().map_or(0, char::len_utf8);
        let (flags, directive) = (&after[..end], &after[end..end + length]);
        match one(date, flags, directive) {
            Some(shown) => out.push_str(&shown),
            None => {
                out.push('%');
                out.push_str(&after[..end + length]);
            }
        }
        rest = &after[end + length..];
    }
    out + rest
}

/// One directive.
fn one(date: &Zoned, flags: &str, directive: &str) -> Option<String> {
    let composed = match directive {
        "c" => "%a %b %e %H:%M:%S %Y",
        "D" | "x" => "%m/%d/%y",
        "r" => "%I:%M:%S %p",
        "X" => "%H:%M:%S",
        "v" => "%e-%^b-%Y",
        "+" => "%a %b %e %H:%M:%S %Z %Y",
        "" | "%" => return Some("%".to_owned()),
        "L" => return Some(fraction(date, flags, 3)),
        "N" => return Some(fraction(date, flags, 9)),
        _ => "",
    };
    if !composed.is_empty() {
        let shown = strftime(date, composed);
        return Some(if flags.contains('^') { shown.to_uppercase() } else { shown });
    }
    // what Ruby knows beside these
    if !"ABCFGHIMPRSTUVWYZabdeghjklmnpstuwyz".contains(directive) {
        return None;
    }
    jiff::fmt::strtime::format(format!("%{flags}{directive}"), date).ok()
}

fn fraction(date: &Zoned, flags: &str, digits: usize) -> String {
    let digits = flags.trim_start_matches(['-', '_', '^', '#', '0']).parse().unwrap_or(digits).min(30);
    let nanos = format!("{:09}", date.subsec_nanosecond());
    format!("{:0<digits$}", &nanos[..digits.min(9)])
}
