//! Calendars as iCalendar (RFC 5545): ours written for those who subscribe, foreign ones read with patience and taken
//! over, once or by the clock.

mod error;
mod line;
mod zones;
mod vtimezone;
mod write;
mod component;
mod value;
mod read;
mod report;
mod draft;
mod import;
mod store;
pub mod subscription;
#[cfg(test)]
mod tests;

pub use error::{CalendarError, IcalError};
pub use import::{Order, import};
pub use read::{Lost, Problem, ReadCalendar, read};
pub use report::Report;
pub use write::write;

use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::recurrence::Schedule;

/// The media type of what [`write()`] makes.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// Events in one language, under one name.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub name: String,
    pub language: LanguageTag,
    /// Where it is found, to subscribe to.
    pub address: Option<String>,
    pub events: Vec<CalendarEvent>,
}

/// One event with all its dates. Texts are plain, their lines parted by `\n`.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarEvent {
    /// Unique in the world and kept for ever, so that a subscriber's calendar knows the event again.
    pub uid: String,
    pub schedule: Schedule,
    /// Of its texts; `None`: that of the calendar.
    pub language: Option<LanguageTag>,
    pub summary: String,
    pub description: Option<String>,
    pub location: Option<String>,
    pub geo: Option<Geo>,
    /// `http` or `https`.
    pub url: Option<url::Url>,
    pub categories: Vec<String>,
    pub status: Status,
    /// When it was last changed.
    pub modified: Option<Moment>,
}

/// Degrees north and east.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geo {
    pub latitude: f64,
    pub longitude: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Confirmed,
    Tentative,
    /// The whole event; single dates are cancelled in its schedule.
    Cancelled,
}
