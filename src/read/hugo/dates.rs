//! Dates as Hugo reads them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::model::Moment;

/// Hugo (`common/htime/time.go`, `timeFormats`), those without an offset in the site's zone.
pub fn read(text: &str, zone: &TimeZone) -> Option<Moment> {
    const WITH_OFFSET: [&str; 9] = [
        "%Y-%m-%dT%H:%M:%S%.f%:z",
        "%Y-%m-%dT%H:%M:%S%z",
        "%Y-%m-%d %H:%M:%S%.f %z",
        "%Y-%m-%d %H:%M:%S%.f %:z",
        "%Y-%m-%d %H:%M:%S%.f%:z",
        "%a, %d %b %Y %H:%M:%S %z",
        "%d %b %y %H:%M %z",
        "%a %b %d %H:%M:%S %z %Y",
        "%Y-%m-%d %H:%M %z",
    ];
    const WITHOUT: [&str; 7] = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
        "%a %b %e %H:%M:%S %Y",
        "%d %b %Y %H:%M:%S",
        "%b %e, %Y at %I:%M%p",
    ];
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>()
        && text.ends_with(['Z', 'z'])
    {
        return Some(Moment { instant, offset: jiff::tz::Offset::UTC });
    }
    if let Some(zoned) = WITH_OFFSET.iter().find_map(|form| Zoned::strptime(form, text).ok()) {
        return Some(Moment { instant: zoned.timestamp(), offset: zoned.offset() });
    }
    let civil = WITHOUT.iter().find_map(|form| DateTime::strptime(form, text).ok());
    let day = || ["%Y-%m-%d", "%d %b %Y", "%B %e, %Y"].iter().find_map(|form| Date::strptime(form, text).ok());
    let civil = civil.or_else(|| day().map(|day| day.to_datetime(jiff::civil::Time::midnight())))?;
    Moment::from_zone(civil, zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read() {
        for (text, expected) in [
            ("2020-05-01", "2020-05-01T00:00:00+00:00"),
            ("2020-05-01T10:20:30Z", "2020-05-01T10:20:30+00:00"),
            ("2020-05-01 10:20:30", "2020-05-01T10:20:30+00:00"),
            ("2020-05-01 10:20:30 +0800", "2020-05-01T10:20:30+08:00"),
            ("2020-05-01 10:20:30+08:00", "2020-05-01T10:20:30+08:00"),
            ("2020-05-01T10:20:30.5-03:30", "2020-05-01T10:20:30-03:30"),
            ("Fri, 01 May 2020 10:20:30 +0200", "2020-05-01T10:20:30+02:00"),
            ("01 May 2020", "2020-05-01T00:00:00+00:00"),
        ] {
            assert_eq!(read(text, &TimeZone::UTC).map(Moment::rfc3339).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(read("yesterday", &TimeZone::UTC), None);
    }
}
