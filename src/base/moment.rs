//! A point in time, UTC, to the microsecond. Civil time with a zone belongs to events, not here.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// Not an RFC 3339 date and time with an offset.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a date and time with an offset, such as 2026-11-22T08:30:00Z")]
pub struct MomentError(String);

impl Moment {
    pub const fn from_micros(micros: i64) -> Moment {
        Moment(micros)
    }

    pub const fn from_seconds(seconds: i64) -> Moment {
        Moment(seconds.saturating_mul(1_000_000))
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down; never negative, as the feed's `ts` demands.
    pub fn unix_seconds(self) -> u64 {
        u64::try_from(self.0.div_euclid(1_000_000)).unwrap_or(0)
    }

    pub const fn plus_seconds(self, seconds: i64) -> Moment {
        Moment(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Seconds from `earlier` to this moment, negative if this one is earlier.
    pub const fn seconds_since(self, earlier: Moment) -> i64 {
        self.0.saturating_sub(earlier.0) / 1_000_000
    }

    /// Reads RFC 3339 with any offset. # Errors: [`MomentError`] names the text.
    pub fn parse(text: &str) -> Result<Moment, MomentError> {
        let at: jiff::Timestamp = text.parse().map_err(|_| MomentError(text.to_owned()))?;
        Ok(Moment(at.as_microsecond()))
    }

    /// As jiff's timestamp, for formatting in a zone.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// RFC 3339 in UTC, with as many digits as needed.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Moment, D::Error> {
        Moment::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn a_moment_with_an_offset_is_kept_as_utc() {
        let at = Moment::parse("2023-11-20T14:06:57.529+01:00").unwrap();
        assert_eq!(at.to_string(), "2023-11-20T13:06:57.529Z");
    }

    #[test]
    fn a_date_without_an_offset_is_refused_by_name() {
        let wrong = Moment::parse("yesterday").unwrap_err();
        assert!(wrong.to_string().contains("\"yesterday\""));
    }
}
