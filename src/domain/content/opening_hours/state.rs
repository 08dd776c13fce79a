//! Answers for readers: is it open at a time, when does that change, and what does this week look like.

use super::day::{ClockTime, Day, Slots};
use super::exception::Exception;
use super::hours::OpeningHours;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// Days after the one asked about in which a change is looked for.
const DAYS_AHEAD: usize = 14;

/// What holds on a date, and the exception that makes it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied<'a> {
    pub date: Date,
    pub day: &'a Day,
    pub exception: Option<&'a Exception>,
}

/// Whether one can come, at the wall clock of the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// `None`: for the next two weeks at least.
    Open { until: Option<DateTime> },
    /// When anybody may come again; `None`: not within the next two weeks.
    Closed { opens_at: Option<DateTime> },
    /// Only who arranged it can come.
    ByAppointment,
}

impl OpeningHours {
    pub fn on(&self, date: Date, is_holiday: &dyn Fn(Date) -> bool) -> Applied<'_> {
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        let exceptional = self.exceptions().iter().rev().find_map(|exception| {
            let day = exception.days()[weekday].as_ref()?;
            exception.when().covers(date, is_holiday).then_some((day, exception))
        });
        match exceptional {
            Some((day, exception)) => Applied { date, day, exception: Some(exception) },
            None => Applied { date, day: &self.week()[weekday], exception: None },
        }
    }

    /// The seven days from the Monday of the week that `date` is in, as they really are.
    pub fn week_of(&self, date: Date, is_holiday: &dyn Fn(Date) -> bool) -> [Applied<'_>; 7] {
        let monday = date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days());
        std::array::from_fn(|weekday| self.on(days_after(monday, weekday), is_holiday))
    }

    pub fn state_at(&self, at: DateTime, is_holiday: &dyn Fn(Date) -> bool) -> State {
        let time = clock_time(at);
        let now = |slots: &Slots| slots.as_slice().iter().copied().find(|slot| slot.holds(time));
        match self.on(at.date(), is_holiday).day {
            Day::ByAppointment(None) => State::ByAppointment,
            Day::ByAppointment(Some(slots)) if now(slots).is_some() => State::ByAppointment,
            Day::Open(slots) if let Some(slot) = now(slots) => {
                State::Open { until: self.closes(at.date(), slot.end(), is_holiday) }
            }
            _ => State::Closed { opens_at: self.opens(at, is_holiday) },
        }
    }

    /// When hours that end at `end` of `date` really end: those to midnight may go on on the next day.
    fn closes(&self, date: Date, mut end: ClockTime, is_holiday: &dyn Fn(Date) -> bool) -> Option<DateTime> {
        for after in 0..=DAYS_AHEAD {
            if end < ClockTime::DAY_ENDS {
                return Some(moment(days_after(date, after), end));
            }
            let next = days_after(date, after + 1);
            let first = match self.on(next, is_holiday).day {
                Day::Open(slots) => slots.as_slice().first(),
                Day::Closed | Day::ByAppointment(_) => None,
            };
            match first.filter(|slot| slot.start() == ClockTime::DAY_BEGINS) {
                Some(slot) => end = slot.end(),
                None => return Some(moment(next, ClockTime::DAY_BEGINS)),
            }
        }
        None
    }

    fn opens(&self, at: DateTime, is_holiday: &dyn Fn(Date) -> bool) -> Option<DateTime> {
        (0..=DAYS_AHEAD).find_map(|after| {
            let date = days_after(at.date(), after);
            let Day::Open(slots) = self.on(date, is_holiday).day else { return None };
            let later = slots.as_slice().iter().find(|slot| after > 0 || slot.start() > clock_time(at));
            later.map(|slot| moment(date, slot.start()))
        })
    }
}

/// Stays at the last day there is.
fn days_after(date: Date, days: usize) -> Date {
    date.saturating_add(i64::try_from(days).unwrap_or(0).days())
}

fn clock_time(at: DateTime) -> ClockTime {
    let minutes = i16::from(at.hour()) * 60 + i16::from(at.minute());
    ClockTime::from_minutes(minutes.unsigned_abs()).unwrap_or(ClockTime::DAY_BEGINS)
}

fn moment(date: Date, time: ClockTime) -> DateTime {
    date.to_datetime(jiff::civil::Time::midnight()).saturating_add(i64::from(time.minutes()).minutes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Monday 21 December 2026 is the first day; Christmas is a holiday.
    const HOURS: &str = "Mo-Th 08:00-12:00,14:00-18:00; Fr 22:00-02:00; Su \"by appointment\"; PH off; \
                         2026 Dec 28-2027 Jan 10 off \"Ferien\"; 2026 Dec 30 10:00-11:00";

    fn christmas(date: Date) -> bool {
        date.month() == 12 && (25..=26).contains(&date.day())
    }

    fn state(hours: &str, at: DateTime) -> State {
        hours.parse::<OpeningHours>().unwrap().state_at(at, &christmas)
    }

    #[test]
    fn it_is_told_until_when_it_is_open() {
        let open = |until| State::Open { until };
        let monday = |hour, minute| date(2026, 12, 21).at(hour, minute, 59, 0);
        let noon = Some(date(2026, 12, 21).at(12, 0, 0, 0));
        assert_eq!(state(HOURS, monday(8, 0)), open(noon));
        assert_eq!(state(HOURS, monday(11, 59)), open(noon));
        let night = open(Some(date(2026, 12, 19).at(2, 0, 0, 0)));
        assert_eq!(state(HOURS, date(2026, 12, 18).at(23, 0, 0, 0)), night);
        assert_eq!(state(HOURS, date(2026, 12, 19).at(1, 0, 0, 0)), night);
        assert_eq!(state("24/7", monday(8, 0)), open(None));
        let eve = open(Some(date(2026, 12, 25).at(0, 0, 0, 0)));
        assert_eq!(state("24/7; PH off", monday(8, 0)), eve);
    }

    #[test]
    fn it_is_told_when_it_opens_again() {
        let closed = |opens_at| State::Closed { opens_at };
        let at = |day, hour| date(2026, 12, day).at(hour, 0, 0, 0);
        assert_eq!(state(HOURS, at(21, 7)), closed(Some(at(21, 8))));
        assert_eq!(state(HOURS, at(21, 12)), closed(Some(at(21, 14))));
        assert_eq!(state(HOURS, at(21, 18)), closed(Some(at(22, 8))));
        // Friday and Saturday are holidays, Sunday is by appointment, then there are holidays with one hour.
        assert_eq!(state(HOURS, at(24, 18)), closed(Some(at(30, 10))));
        assert_eq!(state(HOURS, at(30, 11)), closed(Some(date(2027, 1, 11).at(8, 0, 0, 0))));
        assert_eq!(state("2026 Dec 24 10:00-11:00", at(10, 0)), closed(Some(at(24, 10))));
        assert_eq!(state("2026 Dec 24 10:00-11:00", at(9, 0)), closed(None));
        assert_eq!(state("off", at(24, 0)), closed(None));
    }

    #[test]
    fn a_day_by_appointment_is_neither_open_nor_closed() {
        assert_eq!(state(HOURS, date(2026, 12, 20).at(3, 0, 0, 0)), State::ByAppointment);
        let hours = "Mo 08:00-12:00 \"by appointment\"";
        assert_eq!(state(hours, date(2026, 12, 21).at(8, 0, 0, 0)), State::ByAppointment);
        let closed = State::Closed { opens_at: None };
        assert_eq!(state(hours, date(2026, 12, 21).at(12, 0, 0, 0)), closed);
    }

    #[test]
    fn a_week_is_shown_as_it_really_is() {
        let hours: OpeningHours = HOURS.parse().unwrap();
        let week = hours.week_of(date(2026, 12, 30), &christmas);
        assert_eq!(week[0].date, date(2026, 12, 28));
        let comment = |applied: &Applied<'_>| applied.exception?.comment().map(ToString::to_string);
        assert_eq!(comment(&week[0]).as_deref(), Some("Ferien"));
        assert!(week[0].day.is_closed() && week[6].day.is_closed());
        assert_eq!(week[2].day.slots().len(), 1);
        let week = hours.week_of(date(2026, 12, 25), &christmas);
        assert!(week[4].day.is_closed() && week[4].exception.is_some());
        assert_eq!((week[6].date, week[6].day), (date(2026, 12, 27), &Day::ByAppointment(None)));
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_trouble() {
        for at in [Date::MIN, Date::MAX] {
            for hours in ["24/7", "off", "Mo-Su 00:00-12:00"] {
                let hours: OpeningHours = hours.parse().unwrap();
                hours.state_at(at.at(23, 59, 0, 0), &christmas);
                hours.week_of(at, &christmas);
            }
        }
    }
}
