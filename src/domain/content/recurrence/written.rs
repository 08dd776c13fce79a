//! A schedule as JSON, strictly: what is read is checked, and what is absent is not written.

use super::error::ScheduleError;
use super::zone::Zone;
use super::{Moved, Schedule};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The members in their order.
#[derive(Serialize, Deserialize)]
pub struct Written {
    start: Local,
    end: Local,
    zone: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    all_day: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rrule: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    cancelled: BTreeSet<Local>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    moved: BTreeMap<Local, WrittenMoved>,
}

#[derive(Serialize, Deserialize)]
struct WrittenMoved {
    start: Local,
    end: Local,
}

/// `2026-06-02T17:00`, with seconds only if there are some.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Local(DateTime);

impl TryFrom<Written> for Schedule {
    type Error = ScheduleError;
    fn try_from(written: Written) -> Result<Schedule, ScheduleError> {
        let zone = Zone::named(&written.zone)?;
        let mut schedule = match written.all_day {
            true => Schedule::between_midnights(written.start.0, written.end.0, zone)?,
            false => Schedule::new(written.start.0, written.end.0, zone)?,
        };
        if let Some(rule) = &written.rrule {
            schedule.repeat(rule.parse()?)?;
        }
        for at in written.cancelled {
            schedule.cancel(at.0)?;
        }
        for (at, moved) in written.moved {
            schedule.reschedule(at.0, Moved { start: moved.start.0, end: moved.end.0 })?;
        }
        Ok(schedule)
    }
}

impl From<Schedule> for Written {
    fn from(schedule: Schedule) -> Written {
        let moved = |(at, moved): (DateTime, Moved)| {
            (Local(at), WrittenMoved { start: Local(moved.start), end: Local(moved.end) })
        };
        Written {
            start: Local(schedule.start),
            end: Local(schedule.end),
            zone: schedule.zone.name().to_owned(),
            all_day: schedule.all_day,
            rrule: schedule.rule.map(|rule| rule.to_string()),
            cancelled: schedule.cancelled.into_iter().map(Local).collect(),
            moved: schedule.moved.into_iter().map(moved).collect(),
        }
    }
}

impl TryFrom<String> for Local {
    type Error = ScheduleError;
    fn try_from(text: String) -> Result<Local, ScheduleError> {
        // jiff reads many spellings; only the one that is written is meant, so that equal times are equal texts.
        let read = text.parse().ok().map(Local).filter(|at: &Local| String::from(*at) == text);
        read.ok_or_else(|| ScheduleError::LocalTime(text.chars().take(40).collect()))
    }
}

impl From<Local> for String {
    fn from(Local(at): Local) -> String {
        let (date, time) = (at.date(), at.time());
        match time.second() {
            0 => format!("{date}T{:02}:{:02}", time.hour(), time.minute()),
            second => format!("{date}T{:02}:{:02}:{second:02}", time.hour(), time.minute()),
        }
    }
}
