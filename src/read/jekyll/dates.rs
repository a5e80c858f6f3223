//! Jekyll's dates: three regimes, by how the value is written.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use regex::Regex;

use crate::model::{Moment, Site, Value};

/// A date as Jekyll takes it, on the clocks of the site's zone; `None` where Ruby's `Time.parse` would fail.
pub fn read(value: &Value, site: &Site) -> Option<Moment> {
    match value {
        Value::Date(stamp) if stamp.date_only => Moment::from_zone(stamp.civil, &site.zone),
        // SafeYAML reads an unquoted timestamp with seconds and without a zone as UTC
        Value::Date(stamp) => {
            Some(Moment::from_offset(stamp.civil, stamp.offset.unwrap_or(Offset::UTC))?.in_zone(&site.zone))
        }
        Value::Int(seconds) => Some(
            Moment { instant: jiff::Timestamp::from_second(*seconds).ok()?, offset: Offset::UTC }.in_zone(&site.zone),
        ),
        Value::String(text) => {
            let (civil, offset) = parse(text)?;
            match offset {
                Some(offset) => Some(Moment::from_offset(civil, offset)?.in_zone(&site.zone)),
                None => Moment::from_zone(civil, &site.zone),
            }
        }
        _ => None,
    }
}

/// Ruby's `Time.parse`, for the forms that authors type: a date in one of several orders, a time of day anywhere,
/// a zone behind it.
pub(crate) fn parse(text: &str) -> Option<(DateTime, Option<Offset>)> {
    let date = date_of(text)?;
    let (time, rest) = time_of(text);
    let (hour, minute, second) = time.unwrap_or((0, 0, 0));
    let civil = date.at(hour, minute, second, 0);
    Some((civil, zone_of(rest)))
}

fn date_of(text: &str) -> Option<Date> {
    static YEAR_FIRST: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})").expect("a valid pattern"));
    static SHORT_YEAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\s*(\d{1,2})[-.](\d{1,2})[-.](\d{4}|\d{2})\b").expect("a valid pattern"));
    static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(\d{1,2})(?:st|nd|rd|th)?\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(\d{4})\b").expect("a valid pattern")
    });
    static MONTH_FIRST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:.*?\b(\d{4})\b)")
            .expect("a valid pattern")
    });
    let number = |text: &str| text.parse::<i16>().ok();
    if let Some(found) = YEAR_FIRST.captures(text) {
        return Date::new(number(&found[1])?, number(&found[2])? as i8, number(&found[3])? as i8).ok();
    }
    if let Some(found) = DAY_FIRST.captures(text) {
        return Date::new(number(&found[3])?, month(&found[2])?, number(&found[1])? as i8).ok();
    }
    if let Some(found) = MONTH_FIRST.captures(text) {
        return Date::new(number(&found[3])?, month(&found[1])?, number(&found[2])? as i8).ok();
    }
    let found = SHORT_YEAR.captures(text)?;
    let year = number(&found[3])?;
    if found[3].len() == 4 {
        // Ruby: `dd-mm-yyyy`
        return Date::new(year, number(&found[2])? as i8, number(&found[1])? as i8).ok();
    }
    // Ruby: `yy-mm-dd`, 69 to 99 in the last century
    let first = number(&found[1])?;
    Date::new(if first >= 69 { 1900 + first } else { 2000 + first }, number(&found[2])? as i8, year as i8).ok()
}

/// Hours, minutes and seconds.
type Clock = (i8, i8, i8);

/// The time of day and what stands behind it.
fn time_of(text: &str) -> (Option<Clock>, &str) {
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:^|[\sT])(\d{1,2}):(\d{1,2})(?:::?(\d{1,2})(?:[.,]\d+)?)?\s*([ap]\.?m\b\.?)?")
            .expect("a valid pattern")
    });
    let Some(found) = TIME.captures(text) else { return (None, "") };
    let number = |at: usize| found.get(at).and_then(|part| part.as_str().parse::<i8>().ok()).unwrap_or(0);
    let mut hour = number(1);
    if let Some(half) = found.get(4) {
        hour %= 12;
        if half.as_str().starts_with(['p', 'P']) {
            hour += 12;
        }
    }
    let end = found.get(0).map_or(text.len(), |whole| whole.end());
    let (minute, second) = (number(2), number(3).min(59));
    let valid = (0..24).contains(&hour) && minute < 60;
    (valid.then_some((hour, minute, second)), &text[end..])
}

fn zone_of(rest: &str) -> Option<Offset> {
    static NUMERIC: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"([+-])(\d{1,2}):?(\d{2})?").expect("a valid pattern"));
    let rest = rest.trim();
    if let Some(found) = NUMERIC.captures(rest) {
        let sign = if &found[1] == "-" { -1 } else { 1 };
        let hours: i32 = found[2].parse().ok()?;
        let minutes: i32 = found.get(3).map_or(0, |part| part.as_str().parse().unwrap_or(0));
        return Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok();
    }
    let name: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    let hours = match name.to_ascii_uppercase().as_str() {
        "Z" | "UTC" | "GMT" | "WET" => 0,
        "CET" | "BST" | "WEST" => 1,
        "CEST" | "EET" => 2,
        "EEST" | "MSK" => 3,
        "IST" => return Offset::from_seconds(19800).ok(),
        "JST" => 9,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => return None,
    };
    Offset::from_seconds(hours * 3600).ok()
}

fn month(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    MONTHS.iter().position(|month| *month == name.to_ascii_lowercase()).map(|at| at as i8 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_as_ruby_reads_it() {
        let cases = [
            ("2020-01-02 10:00", "2020-01-02T10:00:00", None),
            ("2020-1-2", "2020-01-02T00:00:00", None),
            ("2020-01-02 10:00:30 +0800", "2020-01-02T10:00:30", Some(28800)),
            ("2020-01-02T10:00:00Z", "2020-01-02T10:00:00", Some(0)),
            ("2020-01-02 10:00 EDT", "2020-01-02T10:00:00", Some(-14400)),
            ("2020-01-02 10:00:00.123 -05:00", "2020-01-02T10:00:00", Some(-18000)),
            ("Jan 2, 2020", "2020-01-02T00:00:00", None),
            ("2 January 2020 5:06 PM", "2020-01-02T17:06:00", None),
            ("Fri Jan  2 10:00:00 CEST 2020", "2020-01-02T10:00:00", Some(7200)),
            ("25-12-2019", "2019-12-25T00:00:00", None),
            ("2020/01/02", "2020-01-02T00:00:00", None),
        ];
        for (text, civil, offset) in cases {
            let read = parse(text).map(|(civil, offset)| (civil.to_string(), offset.map(Offset::seconds)));
            assert_eq!(read, Some((civil.to_owned(), offset)), "{text}");
        }
        assert_eq!(parse("YYYY-MM-DD"), None);
    }
}
