//! What holds on one day: closed, open in slots of time, or by appointment.

use super::error::{HoursError, excerpt};
use std::fmt;
use std::str::FromStr;

/// Slots of one day.
pub const MOST_SLOTS: usize = 12;
/// Days of the week as OpenStreetMap writes them, Monday first.
pub(super) const WEEKDAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// A time on the clock of one day: minutes since midnight, 00:00 to 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(u16);

impl ClockTime {
    pub const DAY_BEGINS: ClockTime = ClockTime(0);
    pub const DAY_ENDS: ClockTime = ClockTime(24 * 60);

    /// # Errors: [`HoursError::Time`] for more minutes than a day has.
    pub fn from_minutes(minutes: u16) -> Result<ClockTime, HoursError> {
        let time = ClockTime(minutes);
        if time <= ClockTime::DAY_ENDS { Ok(time) } else { Err(HoursError::Time(format!("{minutes} min"))) }
    }

    pub const fn minutes(self) -> u16 {
        self.0
    }
}

/// Two digits, a colon, two digits.
impl FromStr for ClockTime {
    type Err = HoursError;
    fn from_str(text: &str) -> Result<ClockTime, HoursError> {
        let two = |part: &str| -> Option<u16> {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
        };
        let minutes = || {
            let (hour, minute) = text.split_once(':')?;
            let (hour, minute) = (two(hour)?, two(minute)?);
            (minute < 60).then_some(hour * 60 + minute)
        };
        let time = minutes().and_then(|minutes| ClockTime::from_minutes(minutes).ok());
        time.ok_or_else(|| HoursError::Time(excerpt(text)))
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// From one time to a later one of the same day; the end is the first minute that no longer belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    start: ClockTime,
    end: ClockTime,
}

impl Slot {
    pub const ALL_DAY: Slot = Slot { start: ClockTime::DAY_BEGINS, end: ClockTime::DAY_ENDS };

    /// # Errors: [`HoursError::SlotOrder`] if it does not end after it begins.
    pub fn new(start: ClockTime, end: ClockTime) -> Result<Slot, HoursError> {
        if start < end { Ok(Slot { start, end }) } else { Err(HoursError::SlotOrder { start, end }) }
    }

    pub const fn start(self) -> ClockTime {
        self.start
    }

    pub const fn end(self) -> ClockTime {
        self.end
    }

    pub fn holds(self, time: ClockTime) -> bool {
        (self.start..self.end).contains(&time)
    }
}

/// One slot or more of one day, in order, with time between them. A slot that ends where the next begins is one slot,
/// so the same hours are always the same value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slots(Vec<Slot>);

impl Slots {
    /// # Errors: [`HoursError`] if there is none, there are too many, or two overlap, touch or are out of order.
    pub fn new(slots: Vec<Slot>) -> Result<Slots, HoursError> {
        match slots.len() {
            0 => return Err(HoursError::NoSlots),
            1..=MOST_SLOTS => {}
            many => return Err(HoursError::TooManySlots(many)),
        }
        match slots.windows(2).find(|pair| pair[0].end >= pair[1].start) {
            Some(pair) => Err(HoursError::SlotsMeet { first: pair[0], second: pair[1] }),
            None => Ok(Slots(slots)),
        }
    }

    pub fn all_day() -> Slots {
        Slots(vec![Slot::ALL_DAY])
    }

    pub fn as_slice(&self) -> &[Slot] {
        &self.0
    }
}

/// What holds on one day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Day {
    Closed,
    /// Anybody may come.
    Open(Slots),
    /// Only who arranged a visit may come; `None` if its time is free to arrange.
    ByAppointment(Option<Slots>),
}

impl Day {
    pub fn all_day() -> Day {
        Day::Open(Slots::all_day())
    }

    pub fn is_closed(&self) -> bool {
        matches!(self, Day::Closed)
    }

    pub fn is_all_day(&self) -> bool {
        self.slots() == [Slot::ALL_DAY]
    }

    pub fn is_by_appointment(&self) -> bool {
        matches!(self, Day::ByAppointment(_))
    }

    pub fn slots(&self) -> &[Slot] {
        match self {
            Day::Open(slots) | Day::ByAppointment(Some(slots)) => slots.as_slice(),
            Day::Closed | Day::ByAppointment(None) => &[],
        }
    }
}

/// Puts days that are alike together, in the order of the first of each; a weekday is 0 for Monday to 6.
pub(super) fn alike<'a>(days: impl IntoIterator<Item = (usize, &'a Day)>) -> Vec<(Vec<usize>, &'a Day)> {
    let mut groups: Vec<(Vec<usize>, &Day)> = Vec::new();
    for (weekday, day) in days {
        match groups.iter_mut().find(|(_, like)| *like == day) {
            Some((weekdays, _)) => weekdays.push(weekday),
            None => groups.push((vec![weekday], day)),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(start: &str, end: &str) -> Slot {
        Slot::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_day_may_end_at_twenty_four_and_not_later() {
        assert_eq!("24:00".parse::<ClockTime>().unwrap(), ClockTime::DAY_ENDS);
        assert_eq!("08:05".parse::<ClockTime>().unwrap().to_string(), "08:05");
        for wrong in ["24:01", "8:00", "08:60", "08.00", "+8:00", "", "08:00:00", "٠٨:٠٠"] {
            assert_eq!(wrong.parse::<ClockTime>(), Err(HoursError::Time(wrong.to_owned())));
        }
        assert!(ClockTime::from_minutes(1441).is_err());
    }

    #[test]
    fn a_slot_that_ends_before_it_begins_is_refused() {
        let (early, late) = ("08:00".parse().unwrap(), "12:00".parse().unwrap());
        assert_eq!(Slot::new(late, early), Err(HoursError::SlotOrder { start: late, end: early }));
        assert!(Slot::new(late, late).is_err());
        assert!(slot("08:00", "12:00").holds(early) && !slot("08:00", "12:00").holds(late));
    }

    #[test]
    fn slots_that_meet_are_refused_by_name() {
        let (first, second) = (slot("08:00", "12:00"), slot("12:00", "14:00"));
        let meet = |first, second| Err(HoursError::SlotsMeet { first, second });
        assert_eq!(Slots::new(vec![first, second]), meet(first, second));
        assert_eq!(Slots::new(vec![slot("13:00", "14:00"), first]), meet(slot("13:00", "14:00"), first));
        assert_eq!(Slots::new(Vec::new()), Err(HoursError::NoSlots));
        assert_eq!(Slots::new(vec![first; 13]), Err(HoursError::TooManySlots(13)));
        assert_eq!(Slots::new(vec![first, slot("12:01", "24:00")]).unwrap().as_slice().len(), 2);
    }
}
