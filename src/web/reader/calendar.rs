//! A month as a table of weeks, Monday first as on the calendars that hang here on the walls. On a narrow screen the
//! style sheet makes a list of it, so each day also carries its date in full, and shows above it a leaf whose numbers
//! lead to the days that hold something.

use super::agenda::Entry;
use super::events::Line;
use super::frame::{Frame, Marked};
use super::section::Month;
use super::when;
use crate::locale::date::Form;
use askama::Template;
use askama::filters::HtmlSafe;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

#[derive(Template)]
#[template(path = "reader/templates/calendar.html")]
pub struct Calendar {
    caption: String,
    /// Short and full name of each day of the week.
    weekdays: Vec<(String, String)>,
    weeks: Vec<Vec<Option<Day>>>,
}

impl HtmlSafe for Calendar {}

struct Day {
    date: Date,
    full: String,
    today: Option<Marked>,
    is_over: bool,
    lines: Vec<Line>,
}

impl Calendar {
    pub fn of(
        frame: &Frame,
        month: Month,
        today: Date,
        entries: &[Entry<'_>],
        line: &dyn Fn(&Entry<'_>) -> Line,
    ) -> Calendar {
        let day = |date: Date| Day {
            date,
            full: when::written(frame, Form::WeekdayAndDayOfYear, date),
            today: (date == today).then(|| frame.say("today")),
            is_over: date < today,
            lines: entries.iter().filter(|entry| date >= today && entry.is_on(date)).map(line).collect(),
        };
        let before = month.first().weekday().to_monday_zero_offset();
        let monday = month.first().saturating_sub(i64::from(before).days());
        let weeks = monday.series(1.week()).take_while(|monday| *monday <= month.last());
        let week = |monday: Date| {
            let dates = monday.series(1.day()).take(7);
            dates.map(|date| (Month::of(date) == month).then(|| day(date))).collect()
        };
        let names = Weekday::Monday.cycle_forward().take(7).map(|weekday| {
            let name = |form| when::weekday(frame, form, weekday);
            (name(Form::ShortWeekday), name(Form::Weekday))
        });
        Calendar {
            caption: when::written(frame, Form::Month, month.first()),
            weekdays: names.collect(),
            weeks: weeks.map(week).collect(),
        }
    }
}
