//! Why a calendar cannot be read at all. What is wrong with single events stands in its problems instead.

use crate::base::error::{Kind, Told};
use crate::domain::content::ContentError;
use crate::domain::content::recurrence::{RuleError, ScheduleError, StampError};
use crate::platform::db::DbError;
use crate::platform::fetch::FetchError;

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

/// Why a foreign calendar is not taken over, or not to be.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    #[error("cannot read {path}: {source}")]
    File { path: String, source: std::io::Error },
    #[error("{url} answers {status}: there is no calendar any more; what was taken over stays")]
    Gone { url: String, status: u16 },
    #[error("the region takes over {url} already, as number {number}; remove that first to change it")]
    Known { url: String, number: i64 },
    #[error("there is no calendar {number}; `lotse calendar list` tells those there are")]
    Unknown { number: i64 },
    #[error("a calendar cannot be asked for every {minutes} minutes; 15 to {most} are accepted")]
    Interval { minutes: i64, most: i64 },
    #[error(transparent)]
    Unreadable(#[from] IcalError),
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Told for CalendarError {
    fn kind(&self) -> Kind {
        match self {
            CalendarError::File { .. } | CalendarError::Interval { .. } => Kind::Invalid,
            CalendarError::Gone { .. } | CalendarError::Unknown { .. } => Kind::NotFound,
            CalendarError::Known { .. } => Kind::Conflict,
            CalendarError::Unreadable(error) => error.kind(),
            CalendarError::Content(error) => error.kind(),
            CalendarError::Fetch(error) => error.kind(),
            CalendarError::Db(DbError::Unreachable(_)) => Kind::Busy,
            CalendarError::Db(_) => Kind::Broken,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            CalendarError::File { .. } => "calendar-file",
            CalendarError::Gone { .. } => "calendar-gone",
            CalendarError::Known { .. } => "calendar-known",
            CalendarError::Unknown { .. } => "unknown-calendar",
            CalendarError::Interval { .. } => "calendar-interval",
            CalendarError::Unreadable(error) => error.code(),
            CalendarError::Content(error) => error.code(),
            CalendarError::Fetch(error) => error.code(),
            CalendarError::Db(_) => "database",
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
