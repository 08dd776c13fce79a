//! Times of a foreign event: a day, or a wall clock with its zone, and from when to when.

use super::component::RawEvent;
use super::error::Trouble;
use super::line::Line;
use super::zones::Zones;
use crate::base::moment::Moment;
use crate::domain::content::recurrence::{Moved, Stamp, Zone};
use jiff::Span;
use jiff::civil::{Date, DateTime};

/// What a DTSTART, DTEND, EXDATE or RECURRENCE-ID says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    Day(Date),
    Time(DateTime, Zone),
}

/// From when to when an event, or one of its dates, takes place.
#[derive(Debug)]
pub enum Period {
    /// The last day included.
    Days { first: Date, last: Date },
    /// Both by the clock of the zone in which the start is told.
    Times { start: DateTime, end: DateTime, zone: Zone },
}

impl When {
    pub fn of(line: &Line, zones: &mut Zones) -> Result<When, Trouble> {
        When::parse(line.value.trim(), line.parameter("TZID"), zones)
    }

    /// All values of a line that lists some.
    pub fn all_of<'a>(
        line: &'a Line,
        zones: &'a mut Zones,
    ) -> impl Iterator<Item = Result<When, Trouble>> + 'a {
        let values = line.value.split(',').map(str::trim).filter(|value| !value.is_empty());
        values.map(|value| When::parse(value, line.parameter("TZID"), zones))
    }

    /// All values of a line that lists dates or periods, each with its end if it tells one.
    pub fn and_ends<'a>(
        line: &'a Line,
        zones: &'a mut Zones,
    ) -> impl Iterator<Item = (Result<When, Trouble>, Option<Result<When, Trouble>>)> + 'a {
        let values = line.value.split(',').map(str::trim).filter(|value| !value.is_empty());
        values.map(|value| {
            let (start, end) = value.split_once('/').map_or((value, None), |(start, end)| (start, Some(end)));
            let start = When::parse(start, line.parameter("TZID"), zones);
            let end = end.map(|end| match (&start, end.starts_with(['P', '+'])) {
                (Ok(When::Time(at, zone)), true) => {
                    let after = Length::parse(end)?.after(*at, zone).ok_or(Trouble::OutOfRange)?;
                    Ok(When::Time(after, zone.clone()))
                }
                _ => When::parse(end, line.parameter("TZID"), zones),
            });
            (start, end)
        })
    }

    fn parse(value: &str, zone: Option<&str>, zones: &mut Zones) -> Result<When, Trouble> {
        Ok(match value.parse()? {
            Stamp::Day(day) => When::Day(day),
            Stamp::Utc(at) => When::Time(at, Zone::utc()),
            Stamp::Local(at) => {
                let unknown = |id: &str| Trouble::UnknownZone(id.chars().take(80).collect());
                let zone = match zone.filter(|id| !id.is_empty()) {
                    Some(id) => zones.find(id).ok_or_else(|| unknown(id))?,
                    None => zones.home.clone(),
                };
                When::Time(at, zone)
            }
        })
    }

    /// What the clock of `zone` shows then; a day begins at midnight anywhere.
    pub fn local(&self, zone: &Zone) -> DateTime {
        match self {
            When::Day(day) => day.at(0, 0, 0, 0),
            // Not by way of a moment: a time in a gap would come back as another.
            When::Time(at, own) if own == zone => *at,
            When::Time(at, own) => zone.local(own.moment(*at)),
        }
    }
}

impl Period {
    pub fn of(event: &RawEvent, zones: &mut Zones) -> Result<Period, Trouble> {
        let start = When::of(event.line("DTSTART").ok_or(Trouble::NoStart)?, zones)?;
        let end = event.line("DTEND").map(|line| When::of(line, zones)).transpose()?;
        let length = event.line("DURATION").map(|line| Length::parse(line.value.trim())).transpose()?;
        match start {
            When::Day(first) => {
                let after = match (end, length) {
                    (Some(end), _) => end.local(&zones.home).date(),
                    (None, Some(length)) => length.after_day(first).ok_or(Trouble::OutOfRange)?,
                    (None, None) => first,
                };
                // Many write the last day itself as the end, though the day after is meant.
                let last = if after == first { first } else { after.yesterday().unwrap_or(after) };
                Ok(Period::Days { first, last })
            }
            When::Time(start, zone) => {
                let end = match (end, length) {
                    (Some(end), _) => end.local(&zone),
                    (None, Some(length)) => length.after(start, &zone).ok_or(Trouble::OutOfRange)?,
                    (None, None) => start,
                };
                Ok(Period::Times { start, end, zone })
            }
        }
    }

    pub fn is_utc(&self) -> bool {
        matches!(self, Period::Times { zone, .. } if *zone == Zone::utc())
    }

    /// By the clock of `zone`, whole days from midnight to midnight.
    pub fn local(self, zone: &Zone) -> Moved {
        match self {
            Period::Days { first, last } => {
                Moved { start: first.at(0, 0, 0, 0), end: last.tomorrow().unwrap_or(last).at(0, 0, 0, 0) }
            }
            Period::Times { start, end, zone: own } => {
                let [start, end] = [start, end].map(|at| When::Time(at, own.clone()).local(zone));
                Moved { start, end }
            }
        }
    }
}

/// A DURATION: days by the calendar, the rest by the clock (RFC 5545 §3.3.6).
struct Length {
    days: i32,
    seconds: i32,
}

impl Length {
    fn parse(text: &str) -> Result<Length, Trouble> {
        Length::read(text).ok_or_else(|| Trouble::Duration(text.chars().take(40).collect()))
    }

    /// `P` and numbers, each with its unit; an event cannot last less than nothing.
    fn read(text: &str) -> Option<Length> {
        let mut rest = text.strip_prefix('+').unwrap_or(text).strip_prefix('P')?;
        let mut length = Length { days: 0, seconds: 0 };
        while !rest.is_empty() {
            rest = rest.strip_prefix('T').unwrap_or(rest);
            let (number, more) = rest.split_at(rest.find(|character: char| !character.is_ascii_digit())?);
            let number: i32 = number.parse().ok().filter(|number| *number < 1_000_000)?;
            let (total, size) = match more.as_bytes()[0] {
                b'W' => (&mut length.days, 7),
                b'D' => (&mut length.days, 1),
                b'H' => (&mut length.seconds, 3600),
                b'M' => (&mut length.seconds, 60),
                b'S' => (&mut length.seconds, 1),
                _ => return None,
            };
            *total = number.checked_mul(size).and_then(|more| total.checked_add(more))?;
            rest = &more[1..];
        }
        Some(length)
    }

    /// For a whole day, of which hours are no part.
    fn after_day(&self, first: Date) -> Option<Date> {
        first.checked_add(Span::new().try_days(self.days).ok()?).ok()
    }

    fn after(&self, start: DateTime, zone: &Zone) -> Option<DateTime> {
        let day = start.checked_add(Span::new().try_days(self.days).ok()?).ok()?;
        match self.seconds {
            0 => Some(day),
            seconds => Some(zone.local(zone.moment(day).plus_seconds(seconds.into()))),
        }
    }
}

/// The moment of a LAST-MODIFIED, which is told in UTC.
pub fn moment(line: &Line) -> Option<Moment> {
    match line.value.trim().parse().ok()? {
        Stamp::Utc(at) => Some(Zone::utc().moment(at)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_days_by_the_calendar_and_hours_by_the_clock() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let start: DateTime = "2026-03-28T17:00".parse().unwrap();
        let after = |text: &str| Length::parse(text).unwrap().after(start, &zone).unwrap().to_string();
        assert_eq!(after("P1D"), "2026-03-29T17:00:00");
        assert_eq!(after("PT24H"), "2026-03-29T18:00:00");
        assert_eq!(after("P1W"), "2026-04-04T17:00:00");
        assert_eq!(after("P1DT1H30M15S"), "2026-03-29T18:30:15");
        for wrong in ["", "P1", "1D", "-P1D", "PT1X", "PÄ", "PT99999999999S", "P999999W999999W"] {
            let after = |length: Length| {
                length.after(start, &zone).or(length.after_day(start.date()).map(DateTime::from))
            };
            assert!(Length::parse(wrong).ok().and_then(after).is_none(), "{wrong}");
        }
    }
}
