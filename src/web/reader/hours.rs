//! Opening hours as a table of this week, with what differs later. There is no word on whether it is open *now*: pages
//! are kept by browsers and printed, and a closed door behind an "open" costs a day off work. What holds for all of
//! today is told instead, and on a day without hours when they come next.

use super::address::Scope;
use super::frame::{Frame, Marked};
use super::when;
use crate::domain::content::opening_hours::{
    Applied, ClockTime, Day, Exception, OpeningHours, Slot, State, When,
};
use crate::locale::date::{self, Form};
use crate::locale::words::Given;
use askama::Template;
use askama::filters::HtmlSafe;
use jiff::civil::{Date, DateTime, Weekday};

#[derive(Template)]
#[template(path = "reader/templates/hours.html")]
pub struct HoursTable {
    week: Vec<Row>,
    /// Which days are public holidays is not known here, so they are told by themselves.
    holidays: Option<(Marked, Vec<Marked>)>,
    special_title: Marked,
    special: Vec<Special>,
}

impl HtmlSafe for HoursTable {}

struct Row {
    weekday: String,
    /// Only of today, and of a day that is not as usual.
    day: Option<(Date, String)>,
    today: Option<Marked>,
    hours: Vec<Marked>,
    next: Option<Marked>,
    /// What holds in other weeks, where this one differs.
    usual: Option<Marked>,
    comment: Option<Marked>,
}

/// What holds today, for lists.
pub struct Today {
    pub hours: Vec<Marked>,
    /// Of a day without hours: when it opens again.
    pub next: Option<Marked>,
}

impl Today {
    pub fn of(frame: &Frame, hours: &OpeningHours, today: Date) -> Today {
        let day = hours.on(today, &|_| false).day;
        Today { hours: told(frame, day), next: next(frame, hours, (day, today)) }
    }
}

/// When it opens again, if it is closed for all of the day.
fn next(frame: &Frame, hours: &OpeningHours, (day, date): (&Day, Date)) -> Option<Marked> {
    match hours.state_at(date.at(12, 0, 0, 0), &|_| false) {
        State::Closed { opens_at: Some(at) } if day.is_closed() => {
            let day = Given::Written(Form::WeekdayAndDayOfYear, at);
            Some(frame.say_with("opens-next", &[("date", day), ("time", Given::Written(Form::Time, at))]))
        }
        _ => None,
    }
}

/// Days on which it is not as usual.
struct Special {
    when: Marked,
    /// Weekdays, if they differ, and their hours.
    days: Vec<(String, Vec<Marked>)>,
    comment: Option<Marked>,
}

impl HoursTable {
    pub fn of(scope: Scope<'_>, frame: &Frame, hours: &OpeningHours, today: Date) -> HoursTable {
        let week = hours.week_of(today, &|_| false);
        let rows = week.iter().map(|applied| Row::of(scope, frame, hours, (applied, today)));
        HoursTable::made(scope, frame, hours, (rows.collect(), week[6].date))
    }

    /// Only the usual days on which somebody is there, and what differs from today on.
    pub fn brief(scope: Scope<'_>, frame: &Frame, hours: &OpeningHours, today: Date) -> HoursTable {
        let open = Weekday::Monday.cycle_forward().zip(hours.week()).filter(|(_, day)| !day.is_closed());
        let rows = open.map(|(weekday, day)| Row::usual(frame, weekday, day));
        let yesterday = today.yesterday().unwrap_or(today);
        HoursTable::made(scope, frame, hours, (rows.collect(), yesterday))
    }

    /// `told` is the last day that the rows themselves tell about.
    fn made(
        scope: Scope<'_>,
        frame: &Frame,
        hours: &OpeningHours,
        (week, told_until): (Vec<Row>, Date),
    ) -> HoursTable {
        let exceptions = hours.exceptions().iter();
        let special = exceptions.filter_map(|exception| Special::of(scope, frame, exception, told_until));
        let holidays = hours.exceptions().iter().rev().find(|found| found.when() == When::PublicHolidays);
        let holidays = holidays.and_then(|exception| exception.days()[0].as_ref());
        HoursTable {
            holidays: holidays.map(|day| (frame.say("hours-holidays"), told(frame, day))),
            special: special.collect(),
            special_title: frame.say("hours-special"),
            week,
        }
    }
}

impl Row {
    fn of(
        scope: Scope<'_>,
        frame: &Frame,
        hours: &OpeningHours,
        (applied, today): (&Applied<'_>, Date),
    ) -> Row {
        let Applied { date, day, exception } = *applied;
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        let usual = hours.week().get(weekday).filter(|usual| *usual != day);
        let comment = exception.and_then(Exception::comment);
        Row {
            weekday: when::weekday(frame, Form::Weekday, date.weekday()),
            day: (date == today || exception.is_some())
                .then(|| (date, when::written(frame, Form::DayOfYear, date))),
            today: (date == today).then(|| frame.say("today")),
            hours: told(frame, day),
            next: if date == today { next(frame, hours, (day, date)) } else { None },
            usual: usual.map(|usual| {
                let hours: Vec<String> = phrases(frame, usual);
                let hours = hours.join(", ");
                frame.say_text("hours-usual", "hours", &hours)
            }),
            comment: comment.map(|comment| Marked::of_region(scope, comment.as_str())),
        }
    }

    fn usual(frame: &Frame, weekday: Weekday, day: &Day) -> Row {
        let weekday = when::weekday(frame, Form::Weekday, weekday);
        Row {
            weekday,
            day: None,
            today: None,
            hours: told(frame, day),
            next: None,
            usual: None,
            comment: None,
        }
    }
}

impl Special {
    /// `None` if all of it is told already.
    fn of(scope: Scope<'_>, frame: &Frame, exception: &Exception, told_until: Date) -> Option<Special> {
        let some_year = |day: crate::domain::content::opening_hours::MonthDay| {
            Date::new(2024, day.month(), day.day()).unwrap_or(told_until)
        };
        let when = match exception.when() {
            When::PublicHolidays => return None,
            When::Dates { to, .. } if to <= told_until => return None,
            When::Dates { from, to } if from == to => {
                Marked::own(when::written(frame, Form::WeekdayAndDay, from))
            }
            When::Dates { from, to } => when::span(frame, Form::Day, from, to),
            When::EachYear { from, to } if from == to => {
                Marked::own(when::written(frame, Form::DayOfYear, some_year(from)))
            }
            When::EachYear { from, to } => when::span(frame, Form::DayOfYear, some_year(from), some_year(to)),
        };
        let comment = exception.comment().map(|comment| Marked::of_region(scope, comment.as_str()));
        Some(Special { when, days: alike(frame, exception), comment })
    }
}

/// The days of an exception, those with equal hours together.
fn alike(frame: &Frame, exception: &Exception) -> Vec<(String, Vec<Marked>)> {
    let mut groups: Vec<(Vec<String>, &Day)> = Vec::new();
    for (weekday, day) in (0i8..).zip(exception.days()) {
        let (Some(day), Ok(weekday)) = (day, Weekday::from_monday_zero_offset(weekday)) else {
            continue;
        };
        let name = when::weekday(frame, Form::Weekday, weekday);
        match groups.iter_mut().find(|(_, like)| *like == day) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], day)),
        }
    }
    let label = |names: Vec<String>| {
        if names.len() == 7 { String::new() } else { date::list(&frame.language, &names) }
    };
    groups.into_iter().map(|(names, day)| (label(names), told(frame, day))).collect()
}

/// What holds on a day, in one phrase or one for each slot.
fn told(frame: &Frame, day: &Day) -> Vec<Marked> {
    match day {
        Day::Closed => vec![frame.say("closed")],
        Day::ByAppointment(None) => vec![frame.say("by-appointment")],
        day if day.is_all_day() && !day.is_by_appointment() => vec![frame.say("open-all-day")],
        Day::Open(slots) => slots.as_slice().iter().map(|slot| between(frame, *slot)).collect(),
        Day::ByAppointment(Some(slots)) => {
            let slots: Vec<String> =
                slots.as_slice().iter().map(|slot| between(frame, *slot).text()).collect();
            vec![frame.say_text("appointment-hours", "hours", &slots.join(", "))]
        }
    }
}

fn phrases(frame: &Frame, day: &Day) -> Vec<String> {
    told(frame, day).into_iter().map(Marked::text).collect()
}

fn between(frame: &Frame, slot: Slot) -> Marked {
    let (from, to) = (clock(slot.start()), clock(slot.end()));
    let given = [("from", Given::Written(Form::Time, from)), ("to", Given::Written(Form::Time, to))];
    frame.say_with("time-span", &given)
}

/// Midnight at the end of a day is 00:00 for every clock.
fn clock(time: ClockTime) -> DateTime {
    let minutes = jiff::SignedDuration::from_mins(i64::from(time.minutes()));
    jiff::civil::date(2024, 1, 1).at(0, 0, 0, 0).saturating_add(minutes)
}
