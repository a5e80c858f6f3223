//! Hexo's dates.
//!
//! Hexo has JavaScript read a date and then moves it into the configured zone. On a machine in UTC, which is where
//! blogs are built today, this means: a clock reading without an offset is one in the configured zone, and an offset
//! is applied and then forgotten.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use regex::Regex;

use crate::model::{Moment, Site, Value};

/// A date as Hexo takes it; `None` where JavaScript's `Date` would be invalid.
pub fn read(value: &Value, site: &Site) -> Option<Moment> {
    let (civil, offset) = match value {
        Value::Date(stamp) => (stamp.civil, stamp.offset),
        Value::String(text) => parse(text)?,
        Value::Int(milliseconds) => {
            let instant = jiff::Timestamp::from_millisecond(*milliseconds).ok()?;
            (TimeZone::UTC.to_datetime(instant), Some(Offset::UTC))
        }
        _ => return None,
    };
    match offset {
        None => Moment::from_zone(civil, &site.zone),
        // without a configured zone the instant stands as written
        Some(offset) if !site.zone_known => Moment::from_offset(civil, offset),
        // Hexo (`adjustDateForTimezone`): the clock reading in UTC is taken for one in the configured zone
        Some(offset) => Moment::from_zone(Offset::UTC.to_datetime(offset.to_timestamp(civil).ok()?), &site.zone),
    }
}

/// The forms of text that JavaScript's `Date` reads and authors type.
fn parse(text: &str) -> Option<(DateTime, Option<Offset>)> {
    static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$").expect("a valid pattern")
    });
    let text = text.trim();
    if let Some(found) = NUMERIC.captures(text) {
        let number = |at: usize| found.get(at).map_or(Some(0i16), |part| part.as_str().parse().ok());
        let civil = DateTime::new(
            number(1)?,
            number(2)? as i8,
            number(3)? as i8,
            number(4)? as i8,
            number(5)? as i8,
            number(6)? as i8,
            0,
        )
        .ok()?;
        return Some((civil, found.get(7).and_then(|zone| offset(zone.as_str()))));
    }
    for pattern in ["%a %b %d %Y %H:%M:%S", "%b %d, %Y %H:%M:%S", "%B %d, %Y %H:%M:%S", "%d %b %Y %H:%M:%S"] {
        if let Ok(civil) = DateTime::strptime(pattern, text) {
            return Some((civil, None));
        }
    }
    for pattern in ["%a %b %d %Y", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y"] {
        if let Ok(date) = jiff::civil::Date::strptime(pattern, text) {
            return Some((date.at(0, 0, 0, 0), None));
        }
    }
    None
}

fn offset(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = (digits.get(..2)?.parse::<i32>().ok()?, digits.get(2..4)?.parse::<i32>().ok()?);
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_as_javascript_reads_it() {
        let read = |text: &str| parse(text).map(|(civil, offset)| (civil.to_string(), offset.map(Offset::seconds)));
        assert_eq!(read("2019/01/02 21:05"), Some(("2019-01-02T21:05:00".to_owned(), None)));
        assert_eq!(read("2019-1-2 3:04"), Some(("2019-01-02T03:04:00".to_owned(), None)));
        assert_eq!(read("2019-01-02 03:04:05 +0800"), Some(("2019-01-02T03:04:05".to_owned(), Some(28800))));
        assert_eq!(read("Jan 2, 2019"), Some(("2019-01-02T00:00:00".to_owned(), None)));
        assert_eq!(read("soon"), None);
    }
}
