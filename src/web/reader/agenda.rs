//! When events take place, seen from the day on which somebody asks: their coming dates in order. All of today counts,
//! so that an answer holds until midnight. Days and times are those of each event's own clock.

use super::section::Month;
use crate::base::moment::Moment;
use crate::domain::content::facts::{EventFacts, Facts};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{Edition, ItemView};
use jiff::civil::{Date, DateTime, Weekday};
use jiff::{SignedDuration, ToSpan};
use std::collections::BTreeSet;

/// Up to the same day of the week after the next the dates of an event that comes back are listed one by one.
const AHEAD_DAYS: i64 = 15;
/// So far ahead there are calendars; events without end would otherwise have calendars without end.
const MONTHS_AHEAD: i32 = 12;
/// Longer ones would fill a whole calendar with one name, and stand above all that is new.
const LONGEST_BY_DAY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// One date of an event.
pub struct Entry<'a> {
    pub view: &'a ItemView,
    pub event: &'a EventFacts,
    /// The start that the rule gives.
    pub id: DateTime,
    pub start: DateTime,
    pub end: DateTime,
}

impl<'a> Entry<'a> {
    /// The last day on which it takes place. A night belongs to the day on which it begins.
    pub fn last_day(&self) -> Date {
        let length = self.end.duration_since(self.start);
        let before = |day: Date| day.yesterday().unwrap_or(day);
        match self.event.when.is_all_day() {
            true => before(self.end.date()),
            false if length < SignedDuration::from_hours(24) => self.start.date(),
            false if self.end.time() == jiff::civil::Time::midnight() => before(self.end.date()),
            false => self.end.date(),
        }
    }

    pub fn is_moved(&self) -> bool {
        self.id != self.start
    }

    /// Too long to be shown day by day, as an exhibition is.
    pub fn is_long(&self) -> bool {
        self.end.duration_since(self.start) > LONGEST_BY_DAY
    }

    pub fn is_on(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        (self.start.date()..=self.last_day()).contains(&day) && !(weekend && self.event.only_weekdays)
    }
}

fn events(edition: &Edition) -> impl Iterator<Item = (&ItemView, &EventFacts)> {
    edition.all(ObjectKind::Event).iter().filter_map(|view| match view.facts()? {
        Facts::Event(event) => Some((view, event.as_ref())),
        _ => None,
    })
}

/// The dates of one event that run on `from` or later and begin before the day `to`, if there is an end to that.
pub fn dates<'a>(
    view: &'a ItemView,
    event: &'a EventFacts,
    from: Date,
    to: Option<Date>,
) -> impl Iterator<Item = Entry<'a>> {
    let zone = event.when.zone();
    let midnight = |day: Date| zone.moment(day.at(0, 0, 0, 0));
    let to = to.map_or(Moment::from_micros(i64::MAX), midnight);
    let entry = |date: crate::domain::content::recurrence::Occurrence| Entry {
        view,
        event,
        id: date.id,
        start: zone.local(date.start),
        end: zone.local(date.end),
    };
    let running = move |entry: &Entry<'a>| entry.last_day() >= from;
    event.when.occurrences(midnight(from), to).map(entry).filter(running)
}

/// Every date of the next two weeks, and of an event without one its first later date.
pub fn coming(edition: &Edition, today: Date) -> Vec<Entry<'_>> {
    let until = today.saturating_add(AHEAD_DAYS.days());
    let mut all = Vec::new();
    for (view, event) in events(edition) {
        let before = all.len();
        all.extend(dates(view, event, today, Some(until)));
        if all.len() == before {
            all.extend(dates(view, event, today, None).take(1));
        }
    }
    // Stable, so that those of one time keep the order of their shelf.
    all.sort_by_key(|entry| entry.start);
    all
}

/// The next dates of so many events, each once; those that have not begun before those that have.
pub fn next(edition: &Edition, today: Date, most: usize) -> Vec<Entry<'_>> {
    let (begun, ahead): (Vec<_>, Vec<_>) =
        coming(edition, today).into_iter().partition(|entry| entry.start.date() < today);
    let mut seen = Vec::new();
    let mut is_new = |entry: &Entry<'_>| {
        let is_new = !seen.contains(&entry.view.id);
        seen.push(entry.view.id);
        is_new
    };
    ahead.into_iter().chain(begun).filter(|entry| is_new(entry)).take(most).collect()
}

/// The dates of a month that are not over.
pub fn of_month(edition: &Edition, month: Month, today: Date) -> Vec<Entry<'_>> {
    let (from, after) = (month.first().max(today), month.plus(1).first());
    let mut all: Vec<_> =
        events(edition).flat_map(|(view, event)| dates(view, event, from, Some(after))).collect();
    all.sort_by_key(|entry| entry.start);
    all
}

/// Whether a month has a calendar: it has dates, and is not too far away.
pub fn has(edition: &Edition, month: Month, today: Date) -> bool {
    let from = month.first().max(today);
    let near = (Month::of(today)..=Month::of(today).plus(MONTHS_AHEAD)).contains(&month);
    let after = month.plus(1).first();
    near && events(edition).any(|(view, event)| dates(view, event, from, Some(after)).next().is_some())
}

/// The months that have a calendar.
pub fn months(edition: &Edition, today: Date) -> BTreeSet<Month> {
    let (this, last) = (Month::of(today), Month::of(today).plus(MONTHS_AHEAD));
    let mut months = BTreeSet::new();
    for entry in
        events(edition).flat_map(|(view, event)| dates(view, event, today, Some(last.plus(1).first())))
    {
        let mut month = Month::of(entry.start.date()).max(this);
        while month <= Month::of(entry.last_day()).min(last) {
            months.insert(month);
            month = month.plus(1);
        }
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::reader::fixture::{self, GERMAN, TODAY};

    fn told(entries: &[Entry<'_>]) -> Vec<String> {
        entries.iter().map(|entry| format!("{} {}", entry.start, entry.view.title())).collect()
    }

    #[test]
    fn dates_of_two_weeks_are_listed_one_by_one_and_later_ones_once() {
        let snapshot = fixture::snapshot();
        let edition = &snapshot.regions[0].editions[GERMAN];
        assert_eq!(
            told(&coming(edition, TODAY)),
            [
                "2026-11-09T00:00:00 Ausstellung „Ankommen“",
                "2026-11-26T17:00:00 Sprachcafé",
                "2026-12-01T17:00:00 Sprachcafé",
                "2026-12-09T18:00:00 Sprachcafé",
                "2026-12-12T22:00:00 Lange Nacht",
                "2027-02-03T10:00:00 Beratung online",
            ]
        );
        let next = next(edition, TODAY, 2);
        assert!(next.iter().all(|entry| entry.start.date() >= TODAY), "what has begun comes last");
    }

    #[test]
    fn a_calendar_holds_what_is_not_over_and_ends_after_a_year() {
        let snapshot = fixture::snapshot();
        let edition = &snapshot.regions[0].editions[GERMAN];
        let months = months(edition, TODAY);
        assert_eq!(months.len(), 13, "the language café has no end: {months:?}");
        for away in -2..15 {
            let month = Month::of(TODAY).plus(away);
            assert_eq!(has(edition, month, TODAY), months.contains(&month), "{month}");
        }
        let november = of_month(edition, Month::of(TODAY), TODAY);
        assert_eq!(
            told(&november),
            ["2026-11-09T00:00:00 Ausstellung „Ankommen“", "2026-11-26T17:00:00 Sprachcafé"]
        );
        assert!(november[0].is_long() && !november[1].is_long());
        let saturday = jiff::civil::date(2026, 11, 28);
        assert!(!november[0].is_on(saturday) && november[0].is_on(TODAY), "only Monday to Friday");
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        let snapshot = fixture::snapshot();
        let entries = coming(&snapshot.regions[0].editions[GERMAN], TODAY);
        let night = entries.iter().find(|entry| entry.view.title() == "Lange Nacht").unwrap();
        assert_eq!((night.last_day(), night.end.hour()), (night.start.date(), 2));
    }
}
