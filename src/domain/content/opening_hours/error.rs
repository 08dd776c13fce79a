//! What can be wrong with opening hours, told by the part that is.

use super::day::{ClockTime, MOST_SLOTS, Slot};
use super::exception::LONGEST_COMMENT;
use super::hours::{LONGEST_TEXT_BYTES, MOST_EXCEPTIONS};
use crate::base::error::{Kind, Told};
use jiff::civil::Date;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    #[error("{0:?} is not a time of day; expected 00:00 to 24:00")]
    Time(String),
    #[error("the hours from {start} to {end} end before they begin; those past midnight belong to two days")]
    SlotOrder { start: ClockTime, end: ClockTime },
    #[error("the hours {first} and {second} overlap, touch or are out of order; sort them and join them")]
    SlotsMeet { first: Slot, second: Slot },
    #[error("an open day without hours is none; give hours, or say closed or by appointment")]
    NoSlots,
    #[error("a day has {0} pairs of times; at most {MOST_SLOTS} are allowed")]
    TooManySlots(usize),
    #[error("{0:?} is not a day of the year; expected one such as Dec 24 or 2026 Dec 24")]
    NoSuchDate(String),
    #[error("the days from {from} to {to} end before they begin, or are not of the years 1900 to 9999")]
    DateOrder { from: Date, to: Date },
    #[error("an exception says nothing about any day of the week")]
    EmptyException,
    #[error("hours on public holidays cannot differ by the day of the week")]
    HolidayWeekdays,
    #[error("{0:?} cannot be a comment; expected 1 to {LONGEST_COMMENT} characters, one line, without \"")]
    Comment(String),
    #[error(
        "the comment {0:?} says that one needs an appointment; choose by appointment for the day instead"
    )]
    CommentOnAppointment(String),
    #[error("{0} exceptions are too many; at most {MOST_EXCEPTIONS} are allowed")]
    TooManyExceptions(usize),
    #[error("the opening hours take {0} bytes; at most {LONGEST_TEXT_BYTES} are allowed")]
    TooLong(usize),
    #[error("the text holds no opening hours; expected some such as Mo-Fr 08:00-12:00; PH off")]
    Empty,
    #[error("{0:?} cannot be read; expected opening hours such as Mo-Fr 08:00-12:00,14:00-18:00; PH off")]
    Unreadable(String),
    #[error("{part:?} cannot be told here: {why}")]
    Unsupported { part: String, why: &'static str },
    #[error("a week has seven days, not {0}")]
    WeekLength(usize),
    #[error("{weekday} is {what}")]
    Contradiction { weekday: &'static str, what: &'static str },
}

impl HoursError {
    pub(super) fn unreadable(part: &str) -> HoursError {
        HoursError::Unreadable(excerpt(part))
    }

    pub(super) fn unsupported(part: &str, why: &'static str) -> HoursError {
        HoursError::Unsupported { part: excerpt(part), why }
    }
}

/// As much of a foreign text as an error needs to name it.
pub(super) fn excerpt(text: &str) -> String {
    text.trim().chars().take(60).collect()
}

impl Told for HoursError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            HoursError::Time(_) => "hours-time",
            HoursError::SlotOrder { .. } => "hours-slot-order",
            HoursError::SlotsMeet { .. } => "hours-slots-meet",
            HoursError::NoSlots => "hours-no-slots",
            HoursError::TooManySlots(_) => "hours-too-many-slots",
            HoursError::NoSuchDate(_) => "hours-no-such-date",
            HoursError::DateOrder { .. } => "hours-date-order",
            HoursError::EmptyException => "hours-empty-exception",
            HoursError::HolidayWeekdays => "hours-holiday-weekdays",
            HoursError::Comment(_) => "hours-comment",
            HoursError::CommentOnAppointment(_) => "hours-comment-on-appointment",
            HoursError::TooManyExceptions(_) => "hours-too-many-exceptions",
            HoursError::TooLong(_) => "hours-too-long",
            HoursError::Empty => "hours-empty",
            HoursError::Unreadable(_) => "hours-unreadable",
            HoursError::Unsupported { .. } => "hours-unsupported",
            HoursError::WeekLength(_) => "hours-week-length",
            HoursError::Contradiction { .. } => "hours-contradiction",
        }
    }
}
