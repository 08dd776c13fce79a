//! A rule in the two lines that Integreat's API speaks, as python-dateutil prints them. All times in it are UTC
//! without saying so: the apps add the zone's offset themselves, so a `Z` would move every event.

use super::Schedule;
use super::error::{RuleError, ScheduleError};
use super::rule::{End, Rule};
use super::stamp::Stamp;
use super::zone::Zone;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

impl Schedule {
    /// `DTSTART:…` and `RRULE:…`, for an event that comes back. Cancelled and moved dates have no words there.
    pub fn integreat_rule(&self) -> Option<String> {
        let rule = self.rule.clone()?;
        let start = TimeZone::UTC.to_datetime(self.zone.moment(self.start).timestamp());
        let end = match rule.end() {
            End::Until(_) => End::Until(Stamp::Local(self.last_start_day().to_datetime(end_of_day()))),
            end => end,
        };
        Some(format!("DTSTART:{}\nRRULE:{:+}", Stamp::Local(start), rule.ending(end)))
    }

    /// From an event of Integreat's API: its first start and end by the clock of its zone, and its rule if it has
    /// one. From 00:00 to 23:59 means whole days there.
    pub fn from_integreat(
        rule: Option<&str>,
        start: DateTime,
        end: DateTime,
        zone: Zone,
    ) -> Result<Schedule, ScheduleError> {
        let whole_days = start.time() == Time::midnight() && (end.hour(), end.minute()) == (23, 59);
        let mut schedule = match whole_days {
            true => Schedule::all_day(start.date(), end.date(), zone)?,
            false => Schedule::new(start, end, zone)?,
        };
        if let Some(rule) = rule {
            schedule.repeat(read(rule)?)?;
        }
        Ok(schedule)
    }
}

fn read(text: &str) -> Result<Rule, RuleError> {
    let line = text.lines().map(str::trim).find(|line| !line.starts_with("DTSTART"));
    let rule: Rule = line.unwrap_or_default().parse()?;
    Ok(match rule.end() {
        // The last second of a day is how a last day is written, whatever the zone.
        End::Until(Stamp::Local(at)) if at.time() == end_of_day() => {
            rule.ending(End::Until(Stamp::Day(at.date())))
        }
        End::Until(Stamp::Local(at)) => rule.ending(End::Until(Stamp::Utc(at))),
        _ => rule,
    })
}

fn end_of_day() -> Time {
    Time::constant(23, 59, 59, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(rule: &str, start: &str, end: &str) -> Schedule {
        let zone = Zone::named("Europe/Berlin").unwrap();
        Schedule::from_integreat(Some(rule), start.parse().unwrap(), end.parse().unwrap(), zone).unwrap()
    }

    #[test]
    fn a_rule_goes_to_integreat_and_back_unchanged() {
        for rule in [
            "DTSTART:20260602T150000\nRRULE:FREQ=WEEKLY;BYDAY=TU",
            "DTSTART:20260602T150000\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE",
            "DTSTART:20260602T150000\nRRULE:FREQ=MONTHLY;INTERVAL=2;UNTIL=20261231T235959;BYDAY=+2MO",
            "DTSTART:20260602T150000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR",
            "DTSTART:20260602T150000\nRRULE:FREQ=YEARLY",
            "DTSTART:20260602T150000\nRRULE:FREQ=DAILY;COUNT=4",
        ] {
            let schedule = schedule(rule, "2026-06-02T17:00", "2026-06-02T19:00");
            assert_eq!(schedule.integreat_rule().as_deref(), Some(rule));
        }
    }

    #[test]
    fn the_first_start_is_told_in_utc_in_winter_too() {
        let winter = schedule("RRULE:FREQ=YEARLY", "2026-01-10T00:30", "2026-01-10T01:00");
        assert_eq!(winter.integreat_rule().unwrap(), "DTSTART:20260109T233000\nRRULE:FREQ=YEARLY");
    }

    #[test]
    fn an_end_by_the_clock_becomes_a_last_day_for_integreat() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let at = |text: &str| text.parse::<DateTime>().unwrap();
        let mut schedule = Schedule::new(at("2026-06-02T17:00"), at("2026-06-02T19:00"), zone).unwrap();
        schedule.repeat("FREQ=DAILY;UNTIL=20260610T120000".parse().unwrap()).unwrap();
        assert!(schedule.integreat_rule().unwrap().ends_with(";UNTIL=20260609T235959"));
        schedule.repeat("FREQ=DAILY;UNTIL=20260610T150000Z".parse().unwrap()).unwrap();
        assert!(schedule.integreat_rule().unwrap().ends_with(";UNTIL=20260610T235959"));
    }

    #[test]
    fn a_day_from_midnight_to_a_minute_before_the_next_is_a_whole_one() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let at = |text: &str| text.parse::<DateTime>().unwrap();
        let day =
            Schedule::from_integreat(None, at("2026-06-02T00:00"), at("2026-06-03T23:59"), zone).unwrap();
        assert!(day.is_all_day() && day.integreat_rule().is_none());
        assert_eq!(day.end(), at("2026-06-04T00:00"));
    }
}
