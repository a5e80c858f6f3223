//! Instants that remember the offset they were written in.

use jiff::{
    Timestamp, civil,
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant and the offset in which its clock reading is shown.
///
/// Both targets take an address, a sort order and a printed date from the *clock reading*, so the offset
/// travels with the instant to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The instant.
    pub instant: Timestamp,
    /// The offset of the clock reading.
    pub offset: Offset,
}

/// As seconds, nanoseconds and the seconds of the offset: what one run leaves to the next.
impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Moment { instant, offset } = self;
        (instant.as_second(), instant.subsec_nanosecond(), offset.seconds()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (seconds, nanoseconds, offset) = Deserialize::deserialize(deserializer)?;
        let instant = Timestamp::new(seconds, nanoseconds).map_err(serde::de::Error::custom)?;
        let offset = Offset::from_seconds(offset).map_err(serde::de::Error::custom)?;
        Ok(Moment { instant, offset })
    }
}

impl Moment {
    /// A clock reading in an offset.
    pub fn from_offset(civil: civil::DateTime, offset: Offset) -> Option<Self> {
        let instant = offset.to_timestamp(civil).ok()?;
        Some(Moment { instant, offset })
    }

    /// A clock reading in a zone; in a gap or a fold the way `strftime`-based generators read it
    /// (the offset before the change).
    pub fn from_zone(civil: civil::DateTime, zone: &TimeZone) -> Option<Self> {
        let zoned = zone.to_ambiguous_zoned(civil).compatible().ok()?;
        Some(Moment { instant: zoned.timestamp(), offset: zoned.offset() })
    }

    /// The same instant on the clocks of a zone.
    pub fn in_zone(self, zone: &TimeZone) -> Self {
        Moment { instant: self.instant, offset: zone.to_offset(self.instant) }
    }

    /// The clock reading.
    pub fn civil(self) -> civil::DateTime {
        self.offset.to_datetime(self.instant)
    }

    /// `2020-01-02T10:00:00+08:00`: full seconds, numeric offset (`Z` is written `+00:00`).
    pub fn rfc3339(self) -> String {
        let civil = self.civil();
        let seconds = self.offset.seconds();
        let (sign, abs) = if seconds < 0 { ('-', -seconds) } else { ('+', seconds) };
        format!("{}{sign}{:02}:{:02}", civil.strftime("%Y-%m-%dT%H:%M:%S"), abs / 3600, abs / 60 % 60)
    }
}
