//! Hexo's dates.
//!
//! Hexo has JavaScript read a date and then moves it into the configured zone. On a machine in UTC, which is where
//! blogs are built today, this means: a clock reading without an offset is one in the configured zone, and an offset
//! is applied and then forgotten.

mod javascript;
mod tokens;

use jiff::tz::{Offset, TimeZone};

use crate::model::{Moment, Site, Value};

/// A date as Hexo takes it; `None` where JavaScript's `Date` would be invalid.
pub fn read(value: &Value, site: &Site) -> Option<Moment> {
    let (civil, offset) = match value {
        Value::Date(stamp) => (stamp.civil, stamp.offset),
        Value::String(text) => javascript::parse(text)?,
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
