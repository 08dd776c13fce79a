//! A zone told in full (RFC 5545 §3.6.5), for readers that do not know its name: from when on which offset holds.

use super::line::fold;
use crate::domain::content::recurrence::{NthWeekday, Stamp, Zone};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use std::fmt::Write;
use std::ops::RangeInclusive;

/// Years in which a date must follow a yearly rule to be told by it. In so many every weekday falls on every day of a
/// month, so that the last Sunday is told from the fourth, and neither is seen in "the Friday before the last Sunday".
const YEARS_FOR_A_RULE: usize = 12;

/// Changes of the clock of one kind.
#[derive(PartialEq, Eq)]
struct Kind {
    name: String,
    before: Offset,
    after: Offset,
    summer: bool,
}

/// Appends the zone for these years. Where the last [`YEARS_FOR_A_RULE`] of them follow a yearly rule, all that come
/// do; a zone of other habits is told for these years only.
pub fn vtimezone(out: &mut Vec<u8>, zone: &Zone, years: RangeInclusive<i16>) {
    fold(out, "BEGIN:VTIMEZONE");
    fold(out, &format!("TZID:{}", zone.name()));
    fold(out, &format!("X-LIC-LOCATION:{}", zone.name()));
    for (kind, times) in changes(zone, &years) {
        match yearly_tail(&times, *years.end()) {
            Some((at, rule)) => {
                observance(out, &kind, &times[..at], None);
                observance(out, &kind, &times[at..], Some(&rule));
            }
            None => observance(out, &kind, &times, None),
        }
    }
    fold(out, "END:VTIMEZONE");
}

/// All changes in these years and the one before, by kind; times by the clock that each ends.
fn changes(zone: &Zone, years: &RangeInclusive<i16>) -> Vec<(Kind, Vec<DateTime>)> {
    let rules = zone.rules();
    let moment = |year: i16| zone.moment(Date::constant(year, 1, 1).at(0, 0, 0, 0)).timestamp();
    let (begin, end) = (moment(*years.start()), moment(*years.end() + 1));
    let mut kinds: Vec<(Kind, Vec<DateTime>)> = Vec::new();
    let mut add = |at: Timestamp, before: Offset| {
        let info = rules.to_offset_info(at);
        let name = info.abbreviation().to_owned();
        let kind = Kind { name, before, after: info.offset(), summer: info.dst().is_dst() };
        let time = before.to_datetime(at);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, times)) => times.push(time),
            None => kinds.push((kind, vec![time])),
        }
    };
    let before =
        |at: Timestamp| rules.to_offset(at.saturating_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(at));
    match rules.preceding(begin).next() {
        Some(change) => add(change.timestamp(), before(change.timestamp())),
        // The clock never changed before: it is told from the first year on.
        None => add(begin, rules.to_offset(begin)),
    }
    for change in rules.following(begin).take_while(|change| change.timestamp() < end) {
        add(change.timestamp(), before(change.timestamp()));
    }
    kinds
}

/// The longest end of `times`, up to `last_year`, that comes on the same n-th weekday of a month every year: where it
/// begins, and its rule.
fn yearly_tail(times: &[DateTime], last_year: i16) -> Option<(usize, String)> {
    let last = times.last().filter(|last| last.year() == last_year)?;
    let candidates = [nth_from_end(*last), nth_from_start(*last)].map(|nth| {
        let fits = |(back, time): &(i16, &DateTime)| {
            let nth_here = if nth < 0 { nth_from_end(**time) } else { nth_from_start(**time) };
            let alike =
                (time.month(), time.weekday(), time.time()) == (last.month(), last.weekday(), last.time());
            alike && nth_here == nth && time.year() == last_year - back
        };
        ((0..).zip(times.iter().rev()).take_while(fits).count(), nth)
    });
    // Of equals the last: "the fourth" only where "the last" does not fit as long.
    let (count, nth) = candidates.into_iter().rev().max_by_key(|(count, _)| *count)?;
    let day = NthWeekday { nth: Some(nth), weekday: last.weekday() };
    let rule = format!("RRULE:FREQ=YEARLY;BYMONTH={};BYDAY={day}", last.month());
    (count >= YEARS_FOR_A_RULE).then(|| (times.len() - count, rule))
}

fn nth_from_start(time: DateTime) -> i16 {
    (i16::from(time.day()) - 1) / 7 + 1
}

fn nth_from_end(time: DateTime) -> i16 {
    -(i16::from(time.days_in_month() - time.day()) / 7 + 1)
}

fn observance(out: &mut Vec<u8>, kind: &Kind, times: &[DateTime], rule: Option<&str>) {
    let [first, rest @ ..] = times else { return };
    let component = if kind.summer { "DAYLIGHT" } else { "STANDARD" };
    fold(out, &format!("BEGIN:{component}"));
    fold(out, &format!("DTSTART:{}", Stamp::Local(*first)));
    fold(out, &format!("TZOFFSETFROM:{}", offset(kind.before)));
    fold(out, &format!("TZOFFSETTO:{}", offset(kind.after)));
    fold(out, &format!("TZNAME:{}", kind.name));
    if let Some(rule) = rule {
        fold(out, rule);
    } else if !rest.is_empty() {
        let rest: Vec<String> = rest.iter().map(|time| Stamp::Local(*time).to_string()).collect();
        fold(out, &format!("RDATE:{}", rest.join(",")));
    }
    fold(out, &format!("END:{component}"));
}

/// `+0100`, with seconds for the local times of long ago.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.abs();
    let mut text = format!("{sign}{:02}{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 != 0 {
        // Writing to a text cannot fail.
        let _ = write!(text, "{:02}", seconds % 60);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(zone: &str, years: RangeInclusive<i16>) -> String {
        let mut out = Vec::new();
        vtimezone(&mut out, &Zone::named(zone).unwrap(), years);
        String::from_utf8(out).unwrap().replace("\r\n ", "").replace("\r\n", "\n")
    }

    #[test]
    fn a_zone_with_summer_time_is_told_by_two_rules() {
        let berlin = told("Europe/Berlin", 2026..=2038);
        assert!(berlin.contains("BEGIN:DAYLIGHT\nDTSTART:20260329T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nTZNAME:CEST\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT"), "{berlin}");
        assert!(berlin.contains("BEGIN:STANDARD\nDTSTART:20251026T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nTZNAME:CET\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD"), "{berlin}");
        let new_york = told("America/New_York", 2026..=2038);
        assert!(
            new_york.contains("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU")
                && new_york.contains("BYMONTH=11;BYDAY=1SU")
        );
    }

    #[test]
    fn a_zone_that_changed_its_habits_is_told_by_dates_first() {
        let berlin = told("Europe/Berlin", 1990..=2038);
        assert!(berlin.contains("RDATE:") && berlin.contains("DTSTART:19961027T030000"), "{berlin}");
        let jerusalem = told("Asia/Jerusalem", 2026..=2038);
        assert!(!jerusalem.contains("BYDAY=4FR") && jerusalem.contains("20380326T020000"), "{jerusalem}");
        let istanbul = told("Europe/Istanbul", 2010..=2038);
        assert!(!istanbul.contains("RRULE") && istanbul.contains("TZOFFSETTO:+0300"), "{istanbul}");
    }

    #[test]
    fn a_zone_whose_clock_never_changes_is_told_once() {
        let kolkata = told("Asia/Kolkata", 2026..=2038);
        assert_eq!(kolkata.matches("BEGIN:STANDARD").count(), 1);
        assert!(kolkata.contains("TZOFFSETTO:+0530"));
        assert!(told("Europe/Berlin", 1583..=1600).contains("TZOFFSETTO:+005328"));
    }
}
