//! What the dialects' timestamp rules share: from the parts of a match to a [`Stamp`].

use jiff::{ToSpan, civil, tz::Offset};
use regex::Captures;

use crate::model::Stamp;

/// Whose calendar decides about numbers that no day has, such as the 30th of February or the hour 24.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    /// No such day, no date; but 24:00:00 is the next midnight, and second 60 the one before it.
    Ruby,
    /// `Date.UTC` counts on into the next month, day, hour.
    JavaScript,
    /// No such day or time, no date.
    Go,
}

/// Builds a stamp from a match with the groups `year`, `month`, `day` and, unless only a date was written,
/// `hour`, `minute`, `second`, and perhaps `fraction` and `zone`.
pub fn stamp(parts: &Captures<'_>, calendar: Calendar) -> Option<Stamp> {
    let number = |name: &str| parts.name(name).and_then(|m| m.as_str().parse::<i32>().ok());
    let date = [number("year")?, number("month")?, number("day")?];
    let date_only = parts.name("hour").is_none();
    let time = [number("hour").unwrap_or(0), number("minute").unwrap_or(0), number("second").unwrap_or(0)];
    let clock = match calendar {
        Calendar::JavaScript => add_time(rolled_day(date)?, time)?,
        Calendar::Ruby => ruby_time(exact_day(date)?, time)?,
        Calendar::Go => exact_time(exact_day(date)?, time)?,
    };
    let civil = clock.checked_add(fraction(parts).nanoseconds()).ok()?;
    let offset = match parts.name("zone") {
        Some(zone) => Some(offset(zone.as_str())?),
        None => None,
    };
    let raw = parts.get(0).map_or("", |m| m.as_str()).to_owned();
    Some(Stamp { civil, offset, date_only, raw })
}

fn exact_day([year, month, day]: [i32; 3]) -> Option<civil::DateTime> {
    let date = civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    Some(date.at(0, 0, 0, 0))
}

/// JavaScript takes years below 100 for years of the twentieth century.
fn rolled_day([year, month, day]: [i32; 3]) -> Option<civil::DateTime> {
    let year = if year < 100 { year + 1900 } else { year };
    let start = civil::Date::new(year.try_into().ok()?, 1, 1).ok()?;
    let month = start.checked_add((month - 1).months()).ok()?;
    Some(month.checked_add((day - 1).days()).ok()?.at(0, 0, 0, 0))
}

fn ruby_time(midnight: civil::DateTime, time: [i32; 3]) -> Option<civil::DateTime> {
    match time {
        [24, 0, 0] => midnight.checked_add(1.days()).ok(),
        [hour, minute, 60] => exact_time(midnight, [hour, minute, 59]),
        _ => exact_time(midnight, time),
    }
}

fn exact_time(midnight: civil::DateTime, time: [i32; 3]) -> Option<civil::DateTime> {
    match time {
        [0..=23, 0..=59, 0..=59] => add_time(midnight, time),
        _ => None,
    }
}

fn add_time(midnight: civil::DateTime, [hour, minute, second]: [i32; 3]) -> Option<civil::DateTime> {
    midnight.checked_add(hour.hours().minutes(minute).seconds(second)).ok()
}

fn fraction(parts: &Captures<'_>) -> i64 {
    const DIGITS: usize = 9;
    let Some(written) = parts.name("fraction") else { return 0 };
    let kept: String = written.as_str().chars().take(DIGITS).collect();
    format!("{kept:0<DIGITS$}").parse().unwrap_or(0)
}

/// Reads `Z`, `+8`, `+08`, `+0800` and `+08:00`.
fn offset(zone: &str) -> Option<Offset> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => return Some(Offset::UTC),
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(pair) => pair,
        None if digits.len() <= 2 => (digits, ""),
        None => digits.split_at_checked(digits.len() - 2)?,
    };
    let hours: i32 = hours.parse().ok()?;
    let minutes: i32 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    if hours > 23 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}
