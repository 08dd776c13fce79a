//! A time zone by its IANA name: between a wall clock and moments.

use super::error::ScheduleError;
use crate::base::moment::Moment;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::fmt;

/// A zone of the time zone database, under its own spelling, such as `Europe/Berlin`.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// No name of the database is nearly as long.
const LONGEST: usize = 64;

/// The second day of the year 1 and the last but one of 9999: what lies beyond counts as these, as no zone can tell
/// all of it. No schedule reaches them.
const EARLIEST: Moment = Moment::from_seconds(-62_135_510_400);
const LATEST: Moment = Moment::from_seconds(253_402_128_000);

impl Zone {
    /// # Errors: [`ScheduleError::UnknownZone`] if the database does not have it.
    pub fn named(name: &str) -> Result<Zone, ScheduleError> {
        let unknown = || ScheduleError::UnknownZone(name.chars().take(LONGEST).collect());
        let known = (name.len() <= LONGEST).then(|| TimeZone::get(name).ok()).flatten();
        let rules = known.filter(|zone| !zone.is_unknown()).ok_or_else(unknown)?;
        Ok(Zone { name: rules.iana_name().ok_or_else(unknown)?.to_owned(), rules })
    }

    pub fn utc() -> Zone {
        Zone { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// As jiff's zone, for formatting.
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }

    /// When the wall clock shows `at`. A time that is skipped counts on from before the gap, so that 02:30 becomes
    /// 03:30; of a time that is shown twice the first is meant (RFC 5545 §3.3.5).
    pub fn moment(&self, at: DateTime) -> Moment {
        let edge = if at.year() < 1000 { EARLIEST } else { LATEST };
        self.rules.to_timestamp(at).map_or(edge, |at| Moment::from_micros(at.as_microsecond()))
    }

    /// What the wall clock shows.
    pub fn local(&self, at: Moment) -> DateTime {
        self.rules.to_datetime(at.clamp(EARLIEST, LATEST).timestamp())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({:?})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Zone;

    #[test]
    fn a_zone_is_known_by_its_own_spelling() {
        assert_eq!(Zone::named("europe/berlin").unwrap().name(), "Europe/Berlin");
        assert_eq!(Zone::named("utc").unwrap(), Zone::utc());
        for unknown in ["", "Mars/Olympus", "Etc/Unknown", "../etc/passwd", &"A".repeat(1000)] {
            assert!(Zone::named(unknown).is_err(), "{unknown}");
        }
    }
}
