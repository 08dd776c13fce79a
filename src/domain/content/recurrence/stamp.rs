//! A day or a time in the compact spelling of RFC 5545 (§3.3.4 and §3.3.5), such as `20261231T235959Z`.

use jiff::civil::{Date, DateTime};
use std::fmt;
use std::str::FromStr;

/// A value of type DATE or DATE-TIME. What zone a local time is meant in stands beside it, not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    Day(Date),
    Local(DateTime),
    /// The wall clock of Greenwich: the last days of the year 9999 fit, as in rules that mean "never".
    Utc(DateTime),
}

/// Neither a day nor a time.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0:?} is not a date such as 20261231 or a time such as 20261231T180000 or 20261231T170000Z")]
pub struct StampError(String);

impl Stamp {
    /// As it is written, whatever the zone; a day at its midnight.
    pub fn wall_clock(self) -> DateTime {
        match self {
            Stamp::Day(day) => day.at(0, 0, 0, 0),
            Stamp::Local(at) | Stamp::Utc(at) => at,
        }
    }
}

impl FromStr for Stamp {
    type Err = StampError;
    fn from_str(text: &str) -> Result<Stamp, StampError> {
        read(text).ok_or_else(|| StampError(text.chars().take(40).collect()))
    }
}

fn read(text: &str) -> Option<Stamp> {
    let (local, utc) = text.strip_suffix(['Z', 'z']).map_or((text, false), |local| (local, true));
    let (day, time) = match local.split_once(['T', 't']) {
        Some((day, time)) => (day, Some(time)),
        None => (local, None),
    };
    let [year, month, dom] = numbers(day, [4, 2, 2])?;
    let day = Date::new(year, i8::try_from(month).ok()?, i8::try_from(dom).ok()?).ok()?;
    let Some(time) = time else { return (!utc).then_some(Stamp::Day(day)) };
    let [hour, minute, second] = numbers(time, [2, 2, 2])?;
    // A leap second has no place in civil time; the second before it has.
    let second = if second == 60 { 59 } else { second };
    let part = |number| i8::try_from(number).ok();
    let time = jiff::civil::Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
    let at = day.to_datetime(time);
    Some(if utc { Stamp::Utc(at) } else { Stamp::Local(at) })
}

/// Takes a text of digits apart into numbers of so many digits each.
fn numbers(text: &str, widths: [usize; 3]) -> Option<[i16; 3]> {
    let fits = text.len() == widths.iter().sum::<usize>() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (first, rest) = text.split_at_checked(widths[0]).filter(|_| fits)?;
    let (second, third) = rest.split_at_checked(widths[1])?;
    Some([first.parse().ok()?, second.parse().ok()?, third.parse().ok()?])
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.wall_clock();
        write!(f, "{:04}{:02}{:02}", at.year(), at.month(), at.day())?;
        if !matches!(self, Stamp::Day(_)) {
            write!(f, "T{:02}{:02}{:02}", at.hour(), at.minute(), at.second())?;
        }
        f.write_str(if matches!(self, Stamp::Utc(_)) { "Z" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;

    #[test]
    fn a_stamp_is_printed_as_it_was_read() {
        for text in ["20261231", "20261231T235959", "20261231T235959Z", "99991231T235959Z", "00010101"] {
            assert_eq!(text.parse::<Stamp>().unwrap().to_string(), text);
        }
        assert_eq!("20161231T235960Z".parse::<Stamp>().unwrap().to_string(), "20161231T235959Z");
    }

    #[test]
    fn what_is_no_day_or_time_is_refused() {
        for text in
            ["", "Z", "20260230", "2026-01-01", "20261231Z", "20261231T2400", "20261231T240000", "+2261231"]
        {
            assert!(text.parse::<Stamp>().is_err(), "{text}");
        }
        assert!("2026123ä".parse::<Stamp>().is_err() && "ä0261231T235959".parse::<Stamp>().is_err());
    }
}
