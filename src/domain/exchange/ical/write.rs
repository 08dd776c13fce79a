//! Our events as a calendar to subscribe to.

use super::line::{escaped, fold};
use super::vtimezone::vtimezone;
use super::{Calendar, CalendarEvent, Status};
use crate::base::moment::Moment;
use crate::domain::content::recurrence::{End, LAST_YEAR, Moved, Schedule, Stamp, Zone};
use jiff::civil::{DateTime, Time};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// How many years from the last that is needed a zone is told: enough to make out its rule.
const YEARS_AHEAD: i16 = 12;

/// How often a subscriber's calendar may ask again.
const REFRESH: &str = "PT6H";

/// The bytes of a file of type [`super::MEDIA_TYPE`]; `now` tells for which years zones are needed, and is the stamp
/// of events that do not say when they were changed. The year apart, equal calendars are equal bytes.
pub fn write(calendar: &Calendar, now: Moment) -> Vec<u8> {
    let mut out = Vec::new();
    fold(&mut out, "BEGIN:VCALENDAR");
    fold(&mut out, "VERSION:2.0");
    fold(&mut out, "PRODID:-//Lotse//Lotse//EN");
    fold(&mut out, "CALSCALE:GREGORIAN");
    for name in ["NAME", "X-WR-CALNAME"] {
        fold(&mut out, &format!("{name}:{}", escaped(&calendar.name)));
    }
    if let Some(address) = &calendar.address {
        fold(&mut out, &format!("SOURCE;VALUE=URI:{address}"));
    }
    fold(&mut out, &format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"));
    fold(&mut out, &format!("X-PUBLISHED-TTL:{REFRESH}"));
    for (zone, years) in zones(calendar, now).into_values() {
        vtimezone(&mut out, zone, years);
    }
    for event in &calendar.events {
        let language = event.language.as_ref().unwrap_or(&calendar.language).as_str();
        Writer { out: &mut out, event, language, stamp: now }.all_dates();
    }
    fold(&mut out, "END:VCALENDAR");
    out
}

/// Every zone by which a time is told, with the years concerned: from the first date to some years from now, or from
/// the last date whose time is told.
fn zones(calendar: &Calendar, now: Moment) -> BTreeMap<&str, (&Zone, RangeInclusive<i16>)> {
    let now = Zone::utc().local(now).year().min(LAST_YEAR);
    let mut zones: BTreeMap<&str, (&Zone, RangeInclusive<i16>)> = BTreeMap::new();
    for schedule in calendar.events.iter().map(|event| &event.schedule) {
        let zone = schedule.zone();
        if schedule.is_all_day() || is_utc(zone) {
            continue;
        }
        let (_, years) = zones.entry(zone.name()).or_insert((zone, now..=now + YEARS_AHEAD));
        let moved = schedule.moved().iter().flat_map(|(id, moved)| [id.year(), moved.start.year()]);
        for year in moved.chain([schedule.start().year()]) {
            *years = year.min(*years.start())..=(year + YEARS_AHEAD).max(*years.end());
        }
    }
    zones
}

/// SPEC: "The "TZID" property parameter MUST NOT be applied to DATE properties and DATE-TIME or TIME properties whose
/// time values are specified in UTC."
fn is_utc(zone: &Zone) -> bool {
    zone.name() == "UTC"
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    event: &'a CalendarEvent,
    language: &'a str,
    stamp: Moment,
}

impl Writer<'_> {
    /// The event, and each moved date as an event of the same UID.
    fn all_dates(&mut self) {
        let schedule = &self.event.schedule;
        // Readers take the first start for a date whether or not the rule names it, so it must be one.
        let start = schedule.first_start().unwrap_or_else(|| schedule.start());
        let end = start.saturating_add(schedule.end().duration_since(schedule.start()));
        self.open();
        self.span(Moved { start, end });
        if let Some(rule) = schedule.rule() {
            let rule = rule.clone().ending(rule_end(schedule, rule.end()));
            self.line(&format!("RRULE:{rule}"));
        }
        for at in schedule.cancelled() {
            self.time("EXDATE", *at);
        }
        // A rule that names no date: the start is one only for readers of the file.
        if schedule.first_start().is_none() && !schedule.cancelled().contains(&start) {
            self.time("EXDATE", start);
        }
        let given = schedule.given_among(&schedule.moved().keys().copied().collect());
        let added: Vec<_> = schedule.moved().keys().filter(|id| !given.contains(*id)).collect();
        for id in &added {
            self.time("RDATE", **id);
        }
        self.close();
        let length = schedule.end().duration_since(schedule.start());
        for (id, moved) in schedule.moved() {
            let stays = moved.start == *id && moved.end.duration_since(moved.start) == length;
            if stays && added.contains(&id) {
                continue;
            }
            self.open();
            self.time("RECURRENCE-ID", *id);
            self.span(*moved);
            self.close();
        }
    }

    fn open(&mut self) {
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}", escaped(&self.event.uid)));
        // SPEC: without a METHOD, DTSTAMP "specifies the date and time that the information associated with the
        // calendar component was last revised", so that the file of an unchanged calendar is unchanged.
        self.line(&format!("DTSTAMP:{}", utc(self.event.modified.unwrap_or(self.stamp))));
        if let Some(modified) = self.event.modified {
            self.line(&format!("LAST-MODIFIED:{}", utc(modified)));
        }
    }

    fn close(&mut self) {
        let event = self.event;
        self.text("SUMMARY", Some(&event.summary));
        self.text("DESCRIPTION", event.description.as_deref());
        self.text("LOCATION", event.location.as_deref());
        if let Some(geo) = event.geo {
            self.line(&format!("GEO:{};{}", geo.latitude, geo.longitude));
        }
        if let Some(url) = &event.url {
            self.line(&format!("URL:{url}"));
        }
        if !event.categories.is_empty() {
            let categories: Vec<String> = event.categories.iter().map(|name| escaped(name)).collect();
            self.line(&format!("CATEGORIES;LANGUAGE={}:{}", self.language, categories.join(",")));
        }
        self.line(match event.status {
            Status::Confirmed => "STATUS:CONFIRMED",
            Status::Tentative => "STATUS:TENTATIVE",
            Status::Cancelled => "STATUS:CANCELLED",
        });
        self.line("END:VEVENT");
    }

    fn span(&mut self, Moved { start, end }: Moved) {
        self.time("DTSTART", start);
        // SPEC: "[DTEND's] value MUST be later in time than the value of the "DTSTART" property." Without it the
        // event ends when it starts.
        if end > start {
            self.time("DTEND", end);
        }
    }

    fn time(&mut self, name: &str, at: DateTime) {
        let schedule = &self.event.schedule;
        let line = match schedule.zone() {
            _ if schedule.is_all_day() => format!("{name};VALUE=DATE:{}", Stamp::Day(at.date())),
            zone if is_utc(zone) => format!("{name}:{}", Stamp::Utc(at)),
            zone => format!("{name};TZID={}:{}", zone.name(), Stamp::Local(at)),
        };
        self.line(&line);
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.line(&format!("{name};LANGUAGE={}:{}", self.language, escaped(text)));
        }
    }

    fn line(&mut self, line: &str) {
        fold(self.out, line);
    }
}

/// SPEC: "The value of the UNTIL rule part MUST have the same value type as the "DTSTART" property. […] if the
/// "DTSTART" property is specified as a date with UTC time or a date with local time and time zone reference, then
/// the UNTIL rule part MUST be specified as a date with UTC time."
fn rule_end(schedule: &Schedule, end: End) -> End {
    match end {
        End::Until(until) if !schedule.is_all_day() => {
            let last = until.wall_clock().date().to_datetime(Time::constant(23, 59, 59, 0));
            let last = schedule.zone().moment(last);
            End::Until(Stamp::Utc(Zone::utc().local(last)))
        }
        _ => end,
    }
}

/// To the second: there are no parts of one in a DATE-TIME.
fn utc(at: Moment) -> Stamp {
    let at = Zone::utc().local(at);
    Stamp::Utc(at.with().subsec_nanosecond(0).build().unwrap_or(at))
}
