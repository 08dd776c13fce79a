//! When an event takes place: from when to when by the clock of its zone, how it comes back, and which dates are
//! cancelled or moved. What takes place, and where, is told elsewhere.

mod error;
mod stamp;
mod zone;
mod rule;
mod expand;
mod written;
mod integreat;
#[cfg(test)]
mod tests;

pub use error::{RuleError, ScheduleError};
pub use rule::{End, Frequency, NthWeekday, Rule};
pub use stamp::{Stamp, StampError};
pub use zone::Zone;

use crate::base::moment::Moment;
use expand::Periods;
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Span};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The first whole year of the Gregorian calendar.
pub const FIRST_YEAR: i16 = 1583;
/// No rule is followed further.
pub const LAST_YEAR: i16 = 2999;
/// Of a date of an event that comes back. As it comes at most once a day, so many can run at once.
pub const LONGEST_REPEATED_DAYS: i64 = 366;
/// Cancelled dates, and again as many moved ones.
pub const MOST_EXCEPTIONS: usize = 1000;

/// When an event takes place.
///
/// As JSON: `{"start":"2026-06-02T17:00","end":"2026-06-02T19:00","zone":"Europe/Berlin"}`, with `"all_day":true`,
/// `"rrule":"FREQ=WEEKLY;BYDAY=TU"`, `"cancelled":["2026-06-09T17:00"]` and
/// `"moved":{"2026-06-16T17:00":{"start":"2026-06-17T17:00","end":"2026-06-17T19:00"}}` where they say something.
/// Times are those of the zone's clock. Whole days run from midnight to the midnight after the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "written::Written", into = "written::Written")]
pub struct Schedule {
    start: DateTime,
    end: DateTime,
    zone: Zone,
    all_day: bool,
    /// Its end, if it is a date, is a day: as all starts have one time of day, no other end says more.
    rule: Option<Rule>,
    cancelled: BTreeSet<DateTime>,
    moved: BTreeMap<DateTime, Moved>,
}

/// The new time of one date, by the clock of the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub start: DateTime,
    pub end: DateTime,
}

/// One date on which an event takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The start that the rule gives, by the clock of the zone: the name of this date, also when it is moved.
    pub id: DateTime,
    pub start: Moment,
    pub end: Moment,
}

impl Schedule {
    /// An event that takes place once. # Errors: an end before the start, years out of range, parts of seconds.
    pub fn new(start: DateTime, end: DateTime, zone: Zone) -> Result<Schedule, ScheduleError> {
        let schedule = Schedule {
            start,
            end,
            zone,
            all_day: false,
            rule: None,
            cancelled: BTreeSet::new(),
            moved: BTreeMap::new(),
        };
        schedule.check_span(start, end)?;
        Ok(schedule)
    }

    /// An event of whole days, the last included. # Errors: as [`Schedule::new`].
    pub fn all_day(first: Date, last: Date, zone: Zone) -> Result<Schedule, ScheduleError> {
        let midnight = |day: Date| day.to_datetime(Time::midnight());
        let after = last.tomorrow().map_err(|_| ScheduleError::OutOfRange(midnight(last)))?;
        Schedule::between_midnights(midnight(first), midnight(after), zone)
    }

    fn between_midnights(start: DateTime, end: DateTime, zone: Zone) -> Result<Schedule, ScheduleError> {
        let schedule = Schedule { all_day: true, ..Schedule::new(start, end, zone)? };
        schedule.check_span(start, end)?;
        Ok(schedule)
    }

    /// Lets it come back by a rule. Its dates are those that the rule names, from the start on; a start that it does
    /// not name is none. # Errors: one date is longer than [`LONGEST_REPEATED_DAYS`].
    pub fn repeat(&mut self, rule: Rule) -> Result<(), ScheduleError> {
        check_length(self.start, self.end)?;
        self.rule = Some(match rule.end() {
            End::Until(until) => rule.ending(End::Until(Stamp::Day(self.last_day_until(until)))),
            _ => rule,
        });
        Ok(())
    }

    /// Cancels the date that would start at `at`. # Errors: too many, or it is moved.
    pub fn cancel(&mut self, at: DateTime) -> Result<(), ScheduleError> {
        self.check_time(at)?;
        if self.moved.contains_key(&at) {
            return Err(ScheduleError::CancelledAndMoved(at));
        }
        check_count(self.cancelled.len())?;
        self.cancelled.insert(at);
        Ok(())
    }

    /// Moves the date that would start at `at`; one that the rule does not name is added. # Errors: too many, it is
    /// cancelled, or not a span of time as [`Schedule::new`] and [`Schedule::repeat`] want it.
    pub fn reschedule(&mut self, at: DateTime, moved: Moved) -> Result<(), ScheduleError> {
        self.check_time(at)?;
        self.check_span(moved.start, moved.end)?;
        check_length(moved.start, moved.end)?;
        if self.cancelled.contains(&at) {
            return Err(ScheduleError::CancelledAndMoved(at));
        }
        check_count(self.moved.len())?;
        self.moved.insert(at, moved);
        Ok(())
    }

    pub fn start(&self) -> DateTime {
        self.start
    }

    pub fn end(&self) -> DateTime {
        self.end
    }

    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    pub fn is_all_day(&self) -> bool {
        self.all_day
    }

    /// The day on which the first date ends: for whole days the last of them, not the midnight after.
    pub fn last_day(&self) -> Date {
        let end = self.end.date();
        if self.all_day { end.yesterday().unwrap_or(end) } else { end }
    }

    pub fn rule(&self) -> Option<&Rule> {
        self.rule.as_ref()
    }

    /// Starts, as the rule gives them, of dates that do not take place.
    pub fn cancelled(&self) -> &BTreeSet<DateTime> {
        &self.cancelled
    }

    /// By the start that the rule gives.
    pub fn moved(&self) -> &BTreeMap<DateTime, Moved> {
        &self.moved
    }

    /// The dates that run at some time from `from` to `to`, which itself is outside, in the order of their starts.
    ///
    /// Lazy: a date costs one step. The rule is entered near `from`, but for one with a COUNT, which is at most
    /// 9 999 dates; it is followed to [`LAST_YEAR`], and given up after a century of days without a find.
    pub fn occurrences(&self, from: Moment, to: Moment) -> impl Iterator<Item = Occurrence> + '_ {
        let within = move |date: &Occurrence| date.start < to && (date.end > from || date.start >= from);
        let mut moved: Vec<_> = self.moved.iter().map(|(id, moved)| self.occurrence(*id, *moved)).collect();
        moved.retain(within);
        moved.sort_by_key(|date| date.start);
        let mut moved = moved.into_iter().peekable();
        let plain =
            self.starts(from).filter(|at| self.is_plain(*at)).map(|at| self.occurrence(at, self.span(at)));
        let mut plain = plain.take_while(move |date| date.start < to).filter(within).peekable();
        std::iter::from_fn(move || match (plain.peek(), moved.peek()) {
            (Some(first), Some(second)) if second.start < first.start => moved.next(),
            (Some(_), _) => plain.next(),
            (None, _) => moved.next(),
        })
    }

    /// The first date that starts later than `now`.
    pub fn next_after(&self, now: Moment) -> Option<Occurrence> {
        self.occurrences(now, Moment::from_micros(i64::MAX)).find(|date| date.start > now)
    }

    /// When the last date ends; `None` if it goes on without end. Without any date it is over at its start.
    pub fn ends_at(&self) -> Option<Moment> {
        let last = match &self.rule {
            Some(rule) if rule.end() == End::Never && self.first_start().is_some() => return None,
            // From the end: there may be thousands before.
            Some(rule) if matches!(rule.end(), End::Until(_)) => {
                let start = |day: Date| day.to_datetime(self.start.time());
                let periods = Periods { rule, start: self.start.date() };
                periods.last_day(self.last_start_day(), |day| self.is_plain(start(day))).map(start)
            }
            _ => self.starts(self.zone.moment(self.start)).filter(|at| self.is_plain(*at)).last(),
        };
        let last = last.map(|at| self.occurrence(at, self.span(at)).end);
        let moved = self.moved.iter().map(|(id, moved)| self.occurrence(*id, *moved).end);
        Some(moved.chain(last).max().unwrap_or_else(|| self.zone.moment(self.start)))
    }

    /// The first start that the rule gives, cancelled or not. Not always [`Schedule::start`], which may lie before.
    pub fn first_start(&self) -> Option<DateTime> {
        self.starts(self.zone.moment(self.start)).next()
    }

    /// Whether the rule gives a start at `at`, cancelled or not, as far as can be told without counting: `false` for
    /// a rule with a COUNT.
    pub fn is_regular(&self, at: DateTime) -> bool {
        let periods = |rule| Periods { rule, start: self.start.date() };
        match &self.rule {
            None => at == self.start,
            Some(rule) if matches!(rule.end(), End::Count(_)) => false,
            Some(rule) => {
                let day = at.date();
                at.time() == self.start.time() && day <= self.last_start_day() && periods(rule).include(day)
            }
        }
    }

    /// Those of `wanted` that the rule gives, cancelled or not. Counts where it must, which is up to 9 999 dates,
    /// however many are wanted.
    pub fn given_among(&self, wanted: &BTreeSet<DateTime>) -> BTreeSet<DateTime> {
        let Some(last) = wanted.last() else { return BTreeSet::new() };
        if self.rule.as_ref().is_some_and(|rule| matches!(rule.end(), End::Count(_))) {
            let starts = self.starts(self.zone.moment(self.start)).take_while(|at| at <= last);
            return starts.filter(|at| wanted.contains(at)).collect();
        }
        wanted.iter().copied().filter(|at| self.is_regular(*at)).collect()
    }

    /// Starts that the rule gives, from soon before the first date that can still run at `from`.
    fn starts(&self, from: Moment) -> impl Iterator<Item = DateTime> + '_ {
        // A day for the length's fraction, two for zones that once skipped a day.
        let back = Span::new().days(self.duration().as_hours() / 24 + 3);
        let from = self.zone.local(from).date().saturating_sub(back);
        let repeated = self.rule.iter().flat_map(move |rule| {
            Periods { rule, start: self.start.date() }.days(from, self.last_start_day())
        });
        let once = self.rule.is_none().then_some(self.start);
        once.into_iter().chain(repeated.map(|day| day.to_datetime(self.start.time())))
    }

    /// The last day on which a date may start.
    fn last_start_day(&self) -> Date {
        match self.rule.as_ref().map(Rule::end) {
            Some(End::Until(until)) => self.last_day_until(until),
            _ => last_time().date(),
        }
    }

    /// The last day on which this event, at its time of day, starts no later than `until`.
    fn last_day_until(&self, until: Stamp) -> Date {
        let earlier = |day: Date| day.yesterday().unwrap_or(day);
        match until {
            _ if until.wall_clock() > last_time() => last_time().date(),
            _ if until.wall_clock() < first_time() => earlier(first_time().date()),
            Stamp::Day(day) => day,
            Stamp::Local(at) if self.start.time() <= at.time() => at.date(),
            Stamp::Local(at) => earlier(at.date()),
            Stamp::Utc(at) => {
                let until = Zone::utc().moment(at);
                let mut day = self.zone.local(until).date().saturating_add(Span::new().days(1));
                while self.zone.moment(day.to_datetime(self.start.time())) > until {
                    day = earlier(day);
                }
                day
            }
        }
    }

    /// Neither cancelled nor moved.
    fn is_plain(&self, at: DateTime) -> bool {
        !self.cancelled.contains(&at) && !self.moved.contains_key(&at)
    }

    fn duration(&self) -> SignedDuration {
        self.end.duration_since(self.start)
    }

    /// The date that starts at `at`, as long by the clock as the first.
    fn span(&self, at: DateTime) -> Moved {
        Moved { start: at, end: at.saturating_add(self.duration()) }
    }

    fn occurrence(&self, id: DateTime, Moved { start, end }: Moved) -> Occurrence {
        let (start, end) = (self.zone.moment(start), self.zone.moment(end));
        // A start in a gap moves on, perhaps past a short event's end.
        Occurrence { id, start, end: end.max(start) }
    }

    fn check_time(&self, at: DateTime) -> Result<(), ScheduleError> {
        match at {
            _ if at < first_time() || at > last_time() => Err(ScheduleError::OutOfRange(at)),
            _ if at.subsec_nanosecond() != 0 => Err(ScheduleError::OutOfRange(at)),
            _ if self.all_day && at.time() != Time::midnight() => Err(ScheduleError::NotMidnight(at)),
            _ => Ok(()),
        }
    }

    fn check_span(&self, start: DateTime, end: DateTime) -> Result<(), ScheduleError> {
        self.check_time(start)?;
        self.check_time(end)?;
        if end < start || (self.all_day && end == start) {
            return Err(ScheduleError::EndsBeforeStart { start, end });
        }
        Ok(())
    }
}

/// Whether there is room for one more.
fn check_count(count: usize) -> Result<(), ScheduleError> {
    if count < MOST_EXCEPTIONS { Ok(()) } else { Err(ScheduleError::TooManyExceptions) }
}

fn check_length(start: DateTime, end: DateTime) -> Result<(), ScheduleError> {
    let longest = SignedDuration::from_hours(24 * LONGEST_REPEATED_DAYS);
    if end.duration_since(start) > longest { Err(ScheduleError::TooLong) } else { Ok(()) }
}

const fn first_time() -> DateTime {
    Date::constant(FIRST_YEAR, 1, 1).at(0, 0, 0, 0)
}

const fn last_time() -> DateTime {
    Date::constant(LAST_YEAR, 12, 31).at(23, 59, 59, 0)
}
