//! Why a schedule or a rule is refused.

use super::{FIRST_YEAR, LAST_YEAR, LONGEST_REPEATED_DAYS, MOST_EXCEPTIONS};
use crate::base::error::{Kind, Told};
use jiff::civil::DateTime;

#[derive(Clone, Debug, thiserror::Error)]
pub enum ScheduleError {
    #[error("an event cannot end at {end}, before it starts at {start}")]
    EndsBeforeStart { start: DateTime, end: DateTime },
    #[error("{0:?} is not a time zone; expected an IANA name such as Europe/Berlin")]
    UnknownZone(String),
    #[error(
        "{0} cannot be a date of an event; the years {FIRST_YEAR} to {LAST_YEAR} and whole seconds are allowed"
    )]
    OutOfRange(DateTime),
    #[error("{0} is not midnight, where an event of whole days starts and ends")]
    NotMidnight(DateTime),
    #[error("an event that comes back lasts at most {LONGEST_REPEATED_DAYS} days at a time")]
    TooLong,
    #[error("an event has at most {MOST_EXCEPTIONS} cancelled and {MOST_EXCEPTIONS} moved dates")]
    TooManyExceptions,
    #[error("the date {0} cannot be both cancelled and moved")]
    CancelledAndMoved(DateTime),
    #[error("{0:?} is not a local time such as 2026-06-02T17:00")]
    LocalTime(String),
    #[error(transparent)]
    Rule(#[from] RuleError),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("not supported: {part}")]
    Unsupported { part: String },
    #[error("{part}={value} is not understood; expected {expected}")]
    Invalid { part: String, value: String, expected: &'static str },
    #[error("{part} stands in the rule twice")]
    Repeated { part: String },
    #[error("the rule does not say FREQ, how often the event comes back")]
    NoFrequency,
    #[error("COUNT and UNTIL cannot stand in one rule")]
    CountAndUntil,
    #[error("the rule has more than {0} characters")]
    TooLong(usize),
}

impl Told for ScheduleError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            ScheduleError::EndsBeforeStart { .. } => "schedule-ends-before-start",
            ScheduleError::UnknownZone(_) => "unknown-time-zone",
            ScheduleError::OutOfRange(_) => "schedule-out-of-range",
            ScheduleError::NotMidnight(_) => "schedule-not-midnight",
            ScheduleError::TooLong => "schedule-too-long",
            ScheduleError::TooManyExceptions => "schedule-too-many-exceptions",
            ScheduleError::CancelledAndMoved(_) => "schedule-cancelled-and-moved",
            ScheduleError::LocalTime(_) => "schedule-local-time",
            ScheduleError::Rule(error) => error.code(),
        }
    }
}

impl Told for RuleError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            RuleError::Unsupported { .. } => "rule-not-supported",
            RuleError::Invalid { .. } => "rule-invalid",
            RuleError::Repeated { .. } => "rule-repeats-a-part",
            RuleError::NoFrequency => "rule-without-frequency",
            RuleError::CountAndUntil => "rule-with-count-and-until",
            RuleError::TooLong(_) => "rule-too-long",
        }
    }
}
