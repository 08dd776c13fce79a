//! When something takes place, said in the words of a page.

use super::agenda::Entry;
use super::frame::{Frame, Marked};
use crate::domain::content::recurrence::{End, Frequency, Rule, Schedule};
use crate::locale::date::{self, Form};
use crate::locale::words::Given;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A day as the language of the page writes it.
pub fn written(frame: &Frame, form: Form, day: Date) -> String {
    date::written(&frame.language, form, day.at(0, 0, 0, 0))
}

/// A day with its weekday, and with its year where that is another than today's.
pub fn near(frame: &Frame, day: Date, today: Date) -> String {
    let form = if day.year() == today.year() { Form::WeekdayAndDayOfYear } else { Form::WeekdayAndDay };
    written(frame, form, day)
}

/// A date from and to.
pub fn span(frame: &Frame, form: Form, from: Date, to: Date) -> Marked {
    let given = [("from", from), ("to", to)].map(|(at, day)| (at, Given::Written(form, day.at(0, 0, 0, 0))));
    frame.say_with("date-span", &given)
}

/// The day, or the first and the last.
pub fn days(frame: &Frame, entry: &Entry<'_>) -> Marked {
    let (first, last) = (entry.start.date(), entry.last_day());
    match first == last {
        true => Marked::own(written(frame, Form::WeekdayAndDay, first)),
        false => span(frame, Form::Day, first, last),
    }
}

/// The hours of a day.
pub fn time(frame: &Frame, entry: &Entry<'_>) -> Marked {
    let (from, to) = (Given::Written(Form::Time, entry.start), Given::Written(Form::Time, entry.end));
    match entry {
        Entry { event, .. } if event.when.is_all_day() => frame.say("all-day"),
        Entry { start, end, .. } if start == end => frame.say_with("time-at", &[("from", from)]),
        _ => frame.say_with("time-span", &[("from", from), ("to", to)]),
    }
}

/// Whose clock is meant, where it shows another time than that of the region.
pub fn zone(frame: &Frame, entry: &Entry<'_>) -> Option<String> {
    let zone = entry.event.when.zone();
    let at = zone.moment(entry.start).timestamp();
    let differs = zone.rules().to_offset(at) != frame.zone.to_offset(at);
    (differs && !entry.event.when.is_all_day()).then(|| date::zone_name(&frame.language, zone.name()))
}

/// For machines: a day, or a time without a zone.
pub fn machine(schedule: &Schedule, at: DateTime) -> String {
    if schedule.is_all_day() { at.date().to_string() } else { at.strftime("%Y-%m-%dT%H:%M").to_string() }
}

/// How an event comes back. Of months and years only that: which days these are is better shown by dates.
pub fn rule(frame: &Frame, schedule: &Schedule) -> Vec<Marked> {
    let Some(rule) = schedule.rule() else { return Vec::new() };
    let count = Given::Count(usize::try_from(rule.interval()).unwrap_or(1));
    let key = match rule.frequency() {
        Frequency::Daily => "repeats-daily",
        Frequency::Weekly => "repeats-weekly",
        Frequency::Monthly => "repeats-monthly",
        Frequency::Yearly => "repeats-yearly",
    };
    let days = weekdays(frame, rule, schedule.start().date());
    let mut said = vec![frame.say_with(key, &[("count", count), ("days", Given::Text(&days))])];
    if let End::Until(last) = rule.end() {
        said.push(frame.say_written("until", Form::Day, last.wall_clock()));
    }
    said
}

fn weekdays(frame: &Frame, rule: &Rule, start: Date) -> String {
    let mut named: Vec<_> = rule.weekdays().iter().map(|day| day.weekday).collect();
    if named.is_empty() {
        named.push(start.weekday());
    }
    let names: Vec<String> = named.into_iter().map(|day| weekday(frame, Form::Weekday, day)).collect();
    date::list(&frame.language, &names)
}

pub fn weekday(frame: &Frame, form: Form, day: jiff::civil::Weekday) -> String {
    // A Monday, and the days after it.
    let monday = jiff::civil::date(2024, 1, 1);
    let days = jiff::Span::new().days(i64::from(day.to_monday_zero_offset()));
    written(frame, form, monday.saturating_add(days))
}

/// What a calendar on the wall of the region shows.
pub fn today(zone: &TimeZone, now: crate::base::moment::Moment) -> Date {
    zone.to_datetime(now.timestamp()).date()
}
