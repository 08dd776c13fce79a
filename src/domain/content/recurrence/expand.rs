//! Which days a rule names, period by period. A day's time and its zone are no matter here: every start of an event
//! has the time of the first.
//!
//! The bound: no day is looked at twice, none after the last that is allowed, and after [`MOST_IDLE_DAYS`] days in a
//! row without a find the rule is over. Unless it counts, a rule is entered at the period that is asked for.

use super::rule::{End, Frequency, NthWeekday, Rule};
use jiff::Span;
use jiff::civil::Date;

/// A century: only with an interval of many years does 29 February stay away longer, and then few days are looked at.
const MOST_IDLE_DAYS: i64 = 36_525;

/// The days from the period that holds `from` on, up to `last`, in order; none lies before the first start.
pub struct Days<'a> {
    periods: Periods<'a>,
    last: Date,
    period: i64,
    found: std::vec::IntoIter<Date>,
    /// How many the rule still counts.
    left: u32,
    idle_days: i64,
}

/// A rule with its first day, by which everything the rule leaves open is decided.
#[derive(Clone, Copy)]
pub struct Periods<'a> {
    pub rule: &'a Rule,
    pub start: Date,
}

impl<'a> Periods<'a> {
    pub fn days(self, from: Date, last: Date) -> Days<'a> {
        let (period, left) = match self.rule.end() {
            End::Count(count) => (0, count),
            _ => (self.holding(from), u32::MAX),
        };
        Days { periods: self, last, period, found: Vec::new().into_iter(), left, idle_days: 0 }
    }

    /// The last day up to `last` that is wanted, looked for from the end. COUNT is not minded.
    pub fn last_day(self, last: Date, wanted: impl Fn(Date) -> bool) -> Option<Date> {
        let mut idle_days = 0;
        for period in (0..=self.holding(last)).rev() {
            let bounds = self.bounds(period)?;
            let within = |day: &Date| *day >= self.start && *day <= last && wanted(*day);
            if let Some(day) = self.named(bounds).into_iter().rfind(within) {
                return Some(day);
            }
            idle_days += days_between(bounds.0, bounds.1) + 1;
            if idle_days > MOST_IDLE_DAYS {
                break;
            }
        }
        None
    }

    /// Whether the rule names `day`. Neither end is minded.
    pub fn include(self, day: Date) -> bool {
        let Some((first, last)) = self.bounds(self.holding(day)) else { return false };
        day >= self.start && (first..=last).contains(&day) && self.named((first, last)).contains(&day)
    }

    /// Number of the last period that begins no later than `date`; 0 holds the first start.
    fn holding(self, date: Date) -> i64 {
        let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
        let passed = match self.rule.frequency() {
            Frequency::Daily => days_between(self.start, date),
            Frequency::Weekly => days_between(self.week(), date).div_euclid(7),
            Frequency::Monthly => months(date) - months(self.start),
            Frequency::Yearly => i64::from(date.year()) - i64::from(self.start.year()),
        };
        passed.div_euclid(i64::from(self.rule.interval())).max(0)
    }

    /// First and last day of a period; none beyond the calendar.
    fn bounds(self, period: i64) -> Option<(Date, Date)> {
        let steps = period.checked_mul(i64::from(self.rule.interval()))?;
        let first = match self.rule.frequency() {
            Frequency::Daily => later(self.start, Span::new().try_days(steps).ok()?)?,
            Frequency::Weekly => later(self.week(), Span::new().try_weeks(steps).ok()?)?,
            Frequency::Monthly => later(self.start.first_of_month(), Span::new().try_months(steps).ok()?)?,
            Frequency::Yearly => later(self.start.first_of_year(), Span::new().try_years(steps).ok()?)?,
        };
        let last = match self.rule.frequency() {
            Frequency::Daily => first,
            Frequency::Weekly => later(first, Span::new().days(6))?,
            Frequency::Monthly => first.last_of_month(),
            Frequency::Yearly => first.last_of_year(),
        };
        Some((first, last))
    }

    /// First day of the week that holds the first start.
    fn week(self) -> Date {
        let days = self.start.weekday().since(self.rule.week_start());
        self.start.saturating_sub(Span::new().days(days))
    }

    /// The days of a whole period, also those before the first start: BYSETPOS counts them too.
    fn named(self, (first, last): (Date, Date)) -> Vec<Date> {
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        let named: Vec<Date> = days.take_while(|day| *day <= last).filter(|day| self.names(*day)).collect();
        let positions = self.rule.positions();
        if positions.is_empty() {
            return named;
        }
        let count = named.len();
        let from_start = |at: usize| i16::try_from(at + 1).unwrap_or(i16::MAX);
        let from_end = |at: usize| i16::try_from(count - at).map_or(i16::MIN, |position| -position);
        let kept = |at: &usize| positions.contains(&from_start(*at)) || positions.contains(&from_end(*at));
        (0..count).filter(kept).map(|at| named[at]).collect()
    }

    fn names(self, day: Date) -> bool {
        let Periods { rule, start } = self;
        let (months, month_days, weekdays) = (rule.months(), rule.month_days(), rule.weekdays());
        if !months.is_empty() && !months.contains(&i16::from(day.month())) {
            return false;
        }
        if month_days.is_empty() && weekdays.is_empty() {
            // SPEC: "Information, not contained in the rule, necessary to determine the various recurrence instance
            // start time and dates are derived from the Start Time (DTSTART) component attribute."
            return match rule.frequency() {
                Frequency::Daily => true,
                Frequency::Weekly => day.weekday() == start.weekday(),
                Frequency::Monthly => day.day() == start.day(),
                Frequency::Yearly => {
                    day.day() == start.day() && (!months.is_empty() || day.month() == start.month())
                }
            };
        }
        let from_start = i16::from(day.day());
        let from_end = from_start - i16::from(day.days_in_month()) - 1;
        let by_number =
            month_days.is_empty() || month_days.contains(&from_start) || month_days.contains(&from_end);
        by_number && (weekdays.is_empty() || weekdays.iter().any(|weekday| self.is_nth(day, *weekday)))
    }

    /// Whether `day` is that weekday: of the year, if the rule is yearly and names no month, else of its month.
    fn is_nth(self, day: Date, NthWeekday { nth, weekday }: NthWeekday) -> bool {
        let in_year = self.rule.frequency() == Frequency::Yearly && self.rule.months().is_empty();
        let (number, count) = match in_year {
            true => (day.day_of_year(), day.days_in_year()),
            false => (i16::from(day.day()), i16::from(day.days_in_month())),
        };
        let from_start = (number - 1) / 7 + 1;
        let from_end = -((count - number) / 7 + 1);
        day.weekday() == weekday && nth.is_none_or(|nth| nth == from_start || nth == from_end)
    }
}

impl Iterator for Days<'_> {
    type Item = Date;
    fn next(&mut self) -> Option<Date> {
        self.left = self.left.checked_sub(1)?;
        let found = self.find();
        if found.is_none() {
            self.left = 0;
        }
        found
    }
}

impl Days<'_> {
    fn find(&mut self) -> Option<Date> {
        loop {
            if let Some(day) = self.found.find(|day| *day >= self.periods.start) {
                self.idle_days = 0;
                return (day <= self.last).then_some(day);
            }
            let bounds = self.periods.bounds(self.period)?;
            if bounds.0 > self.last || self.idle_days > MOST_IDLE_DAYS {
                return None;
            }
            self.idle_days += days_between(bounds.0, bounds.1) + 1;
            self.found = self.periods.named(bounds).into_iter();
            self.period += 1;
        }
    }
}

fn later(date: Date, span: Span) -> Option<Date> {
    date.checked_add(span).ok()
}

fn days_between(earlier: Date, later: Date) -> i64 {
    later.duration_since(earlier).as_hours() / 24
}
