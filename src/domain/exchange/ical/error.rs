//! Why a calendar cannot be read at all. What is wrong with single events stands in its problems instead.

use crate::base::error::{Kind, Told};
use crate::domain::content::recurrence::{RuleError, ScheduleError, StampError};

#[derive(Debug, thiserror::Error)]
pub enum IcalError {
    #[error("the calendar has {size_bytes} bytes; at most {most_bytes} are read")]
    TooLarge { size_bytes: usize, most_bytes: usize },
    #[error("this is no iCalendar file; expected a text with the line BEGIN:VCALENDAR")]
    NoCalendar,
}

impl Told for IcalError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            IcalError::TooLarge { .. } => "calendar-too-large",
            IcalError::NoCalendar => "no-calendar",
        }
    }
}

/// Why one event, or one of its dates, is not taken over; told in the words of [`super::Problem`].
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("it has no UID, so it could not be known again")]
    NoUid,
    #[error("it does not say when it starts")]
    NoStart,
    #[error("its time zone {0:?} is unknown")]
    UnknownZone(String),
    #[error("{0:?} is not a duration such as PT1H30M or P2D")]
    Duration(String),
    #[error("its rule is not taken over: {0}")]
    Rule(#[from] RuleError),
    #[error("not supported: {0}")]
    Unsupported(&'static str),
    #[error("it stands in the calendar {0} times; the newest is kept")]
    Repeated(usize),
    #[error("its changed date {0} is not taken over: {1}")]
    Date(String, Box<Trouble>),
    #[error("a whole day has changed to a part of a day")]
    NoWholeDay,
    #[error("its end is out of range")]
    OutOfRange,
    #[error(transparent)]
    Stamp(#[from] StampError),
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
}
