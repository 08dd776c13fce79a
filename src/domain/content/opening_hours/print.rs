//! Writes opening hours as OpenStreetMap's `opening_hours`, always in the same way for the same value.

use super::day::{Day, Slot, WEEKDAYS, alike};
use super::exception::{BY_APPOINTMENT, Comment, Exception, MonthDay, When};
use super::hours::OpeningHours;
use jiff::civil::Date;
use std::fmt;

pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Days of the usual week that are closed are left out, as whatever is not mentioned is closed.
impl fmt::Display for OpeningHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = alike(self.week().iter().enumerate().filter(|(_, day)| !day.is_closed()));
        let mut rules: Vec<String> = usual.iter().map(|(weekdays, day)| weekly(weekdays, day)).collect();
        rules.extend(self.exceptions().iter().flat_map(exceptional));
        f.write_str(if rules.is_empty() { "off" } else { "" })?;
        f.write_str(&rules.join("; "))
    }
}

fn weekly(weekdays: &[usize], day: &Day) -> String {
    match day {
        Day::Open(_) if weekdays.len() == 7 && day.is_all_day() => "24/7".to_owned(),
        Day::ByAppointment(None) if weekdays.len() == 7 => said(day, None),
        _ => format!("{} {}", ranges(weekdays), said(day, None)),
    }
}

/// One rule for every kind of day; reading joins them again, as they follow each other.
fn exceptional(exception: &Exception) -> Vec<String> {
    let days = exception.days().iter().enumerate();
    let groups = alike(days.filter_map(|(weekday, day)| Some((weekday, day.as_ref()?))));
    let rule = |(weekdays, day): &(Vec<usize>, &Day)| {
        let said = said(day, exception.comment());
        match weekdays.len() {
            7 => format!("{} {said}", exception.when()),
            _ => format!("{} {} {said}", exception.when(), ranges(weekdays)),
        }
    };
    groups.iter().map(rule).collect()
}

/// `Mo-We,Fr,Sa`: three days in a row or more as a range.
fn ranges(weekdays: &[usize]) -> String {
    let name = |weekday: &usize| WEEKDAYS[*weekday];
    let mut parts: Vec<String> = Vec::new();
    for run in weekdays.chunk_by(|day, next| day + 1 == *next) {
        match run {
            [first, _, .., last] => parts.push(format!("{}-{}", name(first), name(last))),
            few => parts.extend(few.iter().map(|weekday| name(weekday).to_owned())),
        }
    }
    parts.join(",")
}

/// SPEC: a comment alone makes the state unknown, so open hours with a comment need the word `open`; unknown is how
/// OpenStreetMap tells of appointments.
fn said(day: &Day, comment: Option<&Comment>) -> String {
    let slots: Vec<String> = day.slots().iter().map(Slot::to_string).collect();
    let mut said = slots.join(",");
    let mut add = |words: String| {
        if !said.is_empty() {
            said.push(' ');
        }
        said.push_str(&words);
    };
    match (day, comment) {
        (Day::Closed, None) => add("off".to_owned()),
        (Day::Closed, Some(comment)) => add(format!("off \"{comment}\"")),
        (Day::Open(_), None) => {}
        (Day::Open(_), Some(comment)) => add(format!("open \"{comment}\"")),
        (Day::ByAppointment(_), None) => add(format!("\"{BY_APPOINTMENT}\"")),
        (Day::ByAppointment(_), Some(comment)) => add(format!("\"{BY_APPOINTMENT}: {comment}\"")),
    }
    said
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.start(), self.end())
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A month is 1 to 12 by construction; the table begins with 0.
        write!(f, "{} {:02}", MONTHS[usize::from(self.month().unsigned_abs()) - 1], self.day())
    }
}

/// The end of a range repeats only what differs from its beginning.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            When::PublicHolidays => f.write_str("PH"),
            When::EachYear { from, to } if from == to => write!(f, "{from}"),
            When::EachYear { from, to } if from < to && from.month() == to.month() => {
                write!(f, "{from}-{:02}", to.day())
            }
            When::EachYear { from, to } => write!(f, "{from}-{to}"),
            When::Dates { from, to } => {
                write!(f, "{}", Dated(from))?;
                if from == to {
                    Ok(())
                } else if from.year() != to.year() {
                    write!(f, "-{}", Dated(to))
                } else if from.month() != to.month() {
                    write!(f, "-{}", MonthDay::of(to))
                } else {
                    write!(f, "-{:02}", to.day())
                }
            }
        }
    }
}

/// `2026 Dec 24`.
struct Dated(Date);

impl fmt::Display for Dated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04} {}", self.0.year(), MonthDay::of(self.0))
    }
}
