//! Days on which the usual week does not hold: public holidays, a season of every year, certain dates.

use super::day::Day;
use super::error::{HoursError, excerpt};
use jiff::civil::Date;
use std::fmt;

/// Characters of a comment.
pub const LONGEST_COMMENT: usize = 120;
/// What stands before a comment on a day that is by appointment, where both share one text.
pub(super) const BY_APPOINTMENT: &str = "by appointment";
/// How people write that one needs an appointment, in lower case.
const APPOINTMENT_WORDS: [&str; 14] = [
    BY_APPOINTMENT,
    "by appointment only",
    "only by appointment",
    "on appointment",
    "appointment only",
    "with appointment",
    "nach vereinbarung",
    "nur nach vereinbarung",
    "termine nach vereinbarung",
    "nach terminvereinbarung",
    "nur nach terminvereinbarung",
    "nach absprache",
    "mit termin",
    "nur mit termin",
];

/// Why a day is an exception, such as `Betriebsausflug`: one line of 1 to 120 characters, without `"`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Comment(String);

impl Comment {
    /// # Errors: [`HoursError`] also for words that mean *by appointment*: the day itself says that.
    pub fn parse(text: &str) -> Result<Comment, HoursError> {
        let text = text.trim();
        let length = text.chars().count();
        if !(1..=LONGEST_COMMENT).contains(&length) || text.chars().any(|c| c == '"' || c.is_control()) {
            return Err(HoursError::Comment(excerpt(text)));
        }
        match appointment(text) {
            Some(_) => Err(HoursError::CommentOnAppointment(excerpt(text))),
            None => Ok(Comment(text.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Comment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What else a text says that means *by appointment*; `None` if it means something else.
pub(super) fn appointment(text: &str) -> Option<&str> {
    let text = text.trim();
    if APPOINTMENT_WORDS.contains(&text.to_lowercase().as_str()) {
        return Some("");
    }
    let (before, after) = text.split_at_checked(BY_APPOINTMENT.len())?;
    let rest = after.strip_prefix(':')?;
    before.eq_ignore_ascii_case(BY_APPOINTMENT).then(|| rest.trim())
}

/// A day of any year, 29 February among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    /// # Errors: [`HoursError::NoSuchDate`] unless some year has that day.
    pub fn new(month: i8, day: i8) -> Result<MonthDay, HoursError> {
        // 2000 had a 29 February.
        match Date::new(2000, month, day) {
            Ok(date) => Ok(MonthDay::of(date)),
            Err(_) => Err(HoursError::NoSuchDate(format!("{month}-{day}"))),
        }
    }

    pub fn of(date: Date) -> MonthDay {
        MonthDay { month: date.month(), day: date.day() }
    }

    pub const fn month(self) -> i8 {
        self.month
    }

    pub const fn day(self) -> i8 {
        self.day
    }
}

/// The days an exception is about; ranges hold their first and their last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    PublicHolidays,
    /// Past the new year if `from` is later in the year than `to`.
    EachYear {
        from: MonthDay,
        to: MonthDay,
    },
    Dates {
        from: Date,
        to: Date,
    },
}

impl When {
    pub fn on(date: Date) -> When {
        When::Dates { from: date, to: date }
    }

    pub fn covers(&self, date: Date, is_holiday: &dyn Fn(Date) -> bool) -> bool {
        match *self {
            When::PublicHolidays => is_holiday(date),
            When::Dates { from, to } => (from..=to).contains(&date),
            When::EachYear { from, to } if from <= to => (from..=to).contains(&MonthDay::of(date)),
            When::EachYear { from, to } => MonthDay::of(date) >= from || MonthDay::of(date) <= to,
        }
    }
}

/// What holds instead of the usual week. A later exception takes precedence over an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exception {
    when: When,
    days: [Option<Day>; 7],
    comment: Option<Comment>,
}

impl Exception {
    /// The same for all days. # Errors: as [`Exception::weekly`].
    pub fn new(when: When, day: Day, comment: Option<Comment>) -> Result<Exception, HoursError> {
        Exception::weekly(when, std::array::from_fn(|_| Some(day.clone())), comment)
    }

    /// A week of its own, Monday first; a day that is `None` stays as it would be without this exception.
    /// # Errors: [`HoursError`] if all are `None`, holidays differ by weekday, or the dates are out of order.
    pub fn weekly(
        when: When,
        days: [Option<Day>; 7],
        comment: Option<Comment>,
    ) -> Result<Exception, HoursError> {
        if days.iter().all(Option::is_none) {
            return Err(HoursError::EmptyException);
        }
        match when {
            When::PublicHolidays if days.iter().any(|day| *day != days[0]) => {
                Err(HoursError::HolidayWeekdays)
            }
            // SPEC: OpenStreetMap writes a year in four digits, beginning with 1900.
            When::Dates { from, to } if from > to || from.year() < 1900 => {
                Err(HoursError::DateOrder { from, to })
            }
            _ => Ok(Exception { when, days, comment }),
        }
    }

    pub fn when(&self) -> When {
        self.when
    }

    /// Monday first.
    pub fn days(&self) -> &[Option<Day>; 7] {
        &self.days
    }

    pub fn comment(&self) -> Option<&Comment> {
        self.comment.as_ref()
    }

    /// Whether both say it about the same days and for the same reason, so that they are one.
    pub(super) fn continues(&self, other: &Exception) -> bool {
        self.when == other.when && self.comment == other.comment
    }

    /// Takes over every day that `later` says something about.
    pub(super) fn overlay(&mut self, later: Exception) {
        for (day, later) in self.days.iter_mut().zip(later.days) {
            *day = later.or_else(|| day.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_comment_is_one_short_line_and_never_a_hidden_appointment() {
        assert_eq!(Comment::parse(" Betriebsausflug ").unwrap().as_str(), "Betriebsausflug");
        for wrong in ["", "  ", "a\"b", "a\nb", &"x".repeat(121)] {
            assert!(matches!(Comment::parse(wrong), Err(HoursError::Comment(_))), "{wrong:?}");
        }
        for wrong in ["By Appointment", "nach Vereinbarung", "by appointment: x", "by appointment:"] {
            assert!(matches!(Comment::parse(wrong), Err(HoursError::CommentOnAppointment(_))), "{wrong}");
        }
    }

    #[test]
    fn an_exception_that_makes_no_sense_is_refused_by_name() {
        let refused = |when, days| Exception::weekly(when, days, None).unwrap_err();
        assert_eq!(refused(When::PublicHolidays, [const { None }; 7]), HoursError::EmptyException);
        let mut monday = [const { None }; 7];
        monday[0] = Some(Day::Closed);
        assert_eq!(refused(When::PublicHolidays, monday.clone()), HoursError::HolidayWeekdays);
        let (from, to) = (date(2026, 2, 2), date(2026, 2, 1));
        assert_eq!(refused(When::Dates { from, to }, monday), HoursError::DateOrder { from, to });
        assert!(Exception::new(When::on(date(1899, 12, 31)), Day::Closed, None).is_err());
        assert!(
            MonthDay::new(2, 30).is_err() && MonthDay::new(13, 1).is_err() && MonthDay::new(2, 29).is_ok()
        );
    }

    #[test]
    fn a_season_may_pass_the_new_year() {
        let month_day = |month, day| MonthDay::new(month, day).unwrap();
        let none = |_| false;
        let winter = When::EachYear { from: month_day(11, 1), to: month_day(3, 31) };
        assert!(winter.covers(date(2026, 12, 24), &none) && winter.covers(date(2027, 3, 31), &none));
        assert!(!winter.covers(date(2027, 4, 1), &none));
        assert!(When::PublicHolidays.covers(date(2026, 5, 1), &|date| date.day() == 1));
    }
}
