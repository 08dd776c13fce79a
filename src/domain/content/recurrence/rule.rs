//! How an event comes back: the recurrence rule of RFC 5545 §3.3.10, read and printed. Which days it names is told
//! in `expand`.

use super::error::RuleError;
use super::stamp::Stamp;
use jiff::civil::Weekday;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// A rule of days. Lists are in order and without repetition, so that equal rules are printed alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    frequency: Frequency,
    interval: u32,
    end: End,
    week_start: Weekday,
    positions: Vec<i16>,
    months: Vec<i16>,
    month_days: Vec<i16>,
    weekdays: Vec<NthWeekday>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Never,
    /// So many times, the cancelled ones counted.
    Count(u32),
    /// The last start that is allowed; a day allows all of itself.
    Until(Stamp),
}

/// Every such weekday, or the n-th of the month or year, counted from the end if negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NthWeekday {
    pub nth: Option<i16>,
    pub weekday: Weekday,
}

/// Characters of a rule: all days of a month from both ends fit, a flood does not.
const LONGEST: usize = 400;
/// Of INTERVAL and COUNT; as a count of days more than 27 years.
const LARGEST_NUMBER: u32 = 9_999;
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

impl Rule {
    /// Once every period, for ever.
    pub fn every(frequency: Frequency) -> Rule {
        Rule {
            frequency,
            interval: 1,
            end: End::Never,
            week_start: Weekday::Monday,
            positions: Vec::new(),
            months: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
        }
    }

    pub fn frequency(&self) -> Frequency {
        self.frequency
    }

    /// Periods from one to the next, at least 1.
    pub fn interval(&self) -> u32 {
        self.interval
    }

    pub fn end(&self) -> End {
        self.end
    }

    /// This rule with another end.
    pub fn ending(self, end: End) -> Rule {
        Rule { end, ..self }
    }

    pub fn weekdays(&self) -> &[NthWeekday] {
        &self.weekdays
    }

    /// Days of the month, counted from its end if negative.
    pub fn month_days(&self) -> &[i16] {
        &self.month_days
    }

    /// 1 to 12.
    pub fn months(&self) -> &[i16] {
        &self.months
    }

    /// Which of a period's days are kept, counted from the end if negative; all if empty.
    pub fn positions(&self) -> &[i16] {
        &self.positions
    }

    pub fn week_start(&self) -> Weekday {
        self.week_start
    }

    /// Refuses what RFC 5545 forbids to stand together.
    fn checked(self) -> Result<Rule, RuleError> {
        let clash =
            |part: &str| Err(RuleError::Unsupported { part: format!("{part} with FREQ={}", self.frequency) });
        let numbered = self.weekdays.iter().any(|day| day.nth.is_some());
        match self.frequency {
            // SPEC: "The BYDAY rule part MUST NOT be specified with a numeric value when the FREQ rule part is not
            // set to MONTHLY or YEARLY."
            Frequency::Daily | Frequency::Weekly if numbered => clash("a numbered BYDAY"),
            // SPEC: "The BYMONTHDAY rule part MUST NOT be specified when the FREQ rule part is set to WEEKLY."
            Frequency::Weekly if !self.month_days.is_empty() => clash("BYMONTHDAY"),
            // One day has no second.
            Frequency::Daily if !self.positions.is_empty() => clash("BYSETPOS"),
            _ => Ok(self),
        }
    }
}

/// As RFC 5545 writes it, with or without `RRULE:` before it, in any case.
impl FromStr for Rule {
    type Err = RuleError;
    fn from_str(text: &str) -> Result<Rule, RuleError> {
        if text.len() > LONGEST {
            return Err(RuleError::TooLong(LONGEST));
        }
        let text = text.trim().to_ascii_uppercase();
        let mut parts = Parts::of(text.strip_prefix("RRULE:").unwrap_or(&text))?;
        let mut rule = Rule::every(parts.frequency()?);
        rule.interval = parts.number("INTERVAL")?.unwrap_or(1);
        rule.end = match (parts.number("COUNT")?, parts.until()?) {
            // SPEC: "The UNTIL or COUNT rule parts are OPTIONAL, but they MUST NOT occur in the same 'recur'."
            (Some(_), Some(_)) => return Err(RuleError::CountAndUntil),
            (Some(count), None) => End::Count(count),
            (None, until) => until.map_or(End::Never, End::Until),
        };
        rule.week_start = parts.week_start()?;
        rule.positions = parts.numbers("BYSETPOS", -366..=366, "numbers from 1 to 366 or -366 to -1")?;
        rule.months = parts.numbers("BYMONTH", 1..=12, "months from 1 to 12")?;
        rule.month_days = parts.numbers("BYMONTHDAY", -31..=31, "days from 1 to 31 or -31 to -1")?;
        rule.weekdays = parts.weekdays()?;
        match parts.0.pop_first() {
            Some((part, _)) => Err(RuleError::Unsupported { part }),
            None => rule.checked(),
        }
    }
}

/// What is left to be read of a rule, in capitals.
struct Parts(BTreeMap<String, String>);

impl Parts {
    fn of(text: &str) -> Result<Parts, RuleError> {
        let mut parts = BTreeMap::new();
        for part in text.split(';').filter(|part| !part.trim().is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            if parts.insert(name.trim().to_owned(), value.trim().to_owned()).is_some() {
                return Err(RuleError::Repeated { part: name.trim().to_owned() });
            }
        }
        Ok(Parts(parts))
    }

    fn frequency(&mut self) -> Result<Frequency, RuleError> {
        let value = self.0.remove("FREQ").ok_or(RuleError::NoFrequency)?;
        match value.as_str() {
            "DAILY" => Ok(Frequency::Daily),
            "WEEKLY" => Ok(Frequency::Weekly),
            "MONTHLY" => Ok(Frequency::Monthly),
            "YEARLY" => Ok(Frequency::Yearly),
            "HOURLY" | "MINUTELY" | "SECONDLY" => {
                Err(RuleError::Unsupported { part: format!("FREQ={value}") })
            }
            _ => Err(invalid("FREQ", &value, "DAILY, WEEKLY, MONTHLY or YEARLY")),
        }
    }

    fn number(&mut self, part: &str) -> Result<Option<u32>, RuleError> {
        let Some(value) = self.0.remove(part) else { return Ok(None) };
        let number = value.parse().ok().filter(|number| (1..=LARGEST_NUMBER).contains(number));
        number.map(Some).ok_or_else(|| invalid(part, &value, "a number from 1 to 9999"))
    }

    fn until(&mut self) -> Result<Option<Stamp>, RuleError> {
        let Some(value) = self.0.remove("UNTIL") else { return Ok(None) };
        let stamp =
            value.parse().map_err(|_| invalid("UNTIL", &value, "such as 20261231 or 20261231T180000Z"))?;
        Ok(Some(stamp))
    }

    fn week_start(&mut self) -> Result<Weekday, RuleError> {
        let Some(value) = self.0.remove("WKST") else { return Ok(Weekday::Monday) };
        weekday(&value).ok_or_else(|| invalid("WKST", &value, "a weekday such as MO"))
    }

    /// Numbers but 0, in order.
    fn numbers(
        &mut self,
        part: &str,
        range: RangeInclusive<i16>,
        expected: &'static str,
    ) -> Result<Vec<i16>, RuleError> {
        let Some(value) = self.0.remove(part) else { return Ok(Vec::new()) };
        let number = |text: &str| text.parse().ok().filter(|number| *number != 0 && range.contains(number));
        let numbers: Option<Vec<i16>> = value.split(',').map(|text| number(text.trim())).collect();
        let mut numbers = numbers.ok_or_else(|| invalid(part, &value, expected))?;
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    fn weekdays(&mut self) -> Result<Vec<NthWeekday>, RuleError> {
        let Some(value) = self.0.remove("BYDAY") else { return Ok(Vec::new()) };
        let days: Option<Vec<NthWeekday>> = value.split(',').map(|text| nth_weekday(text.trim())).collect();
        let mut days = days.ok_or_else(|| invalid("BYDAY", &value, "weekdays such as MO, 2MO or -1FR"))?;
        days.sort_unstable_by_key(|day| (day.weekday.to_monday_zero_offset(), day.nth));
        days.dedup();
        Ok(days)
    }
}

fn invalid(part: &str, value: &str, expected: &'static str) -> RuleError {
    RuleError::Invalid { part: part.to_owned(), value: value.to_owned(), expected }
}

fn weekday(text: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(name, _)| *name == text).map(|(_, weekday)| *weekday)
}

fn nth_weekday(text: &str) -> Option<NthWeekday> {
    let (nth, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let number = |nth: i16| (nth != 0 && (-53..=53).contains(&nth)).then_some(nth);
    let nth = if nth.is_empty() { None } else { Some(number(nth.parse().ok()?)?) };
    Some(NthWeekday { nth, weekday: weekday(name)? })
}

/// In the order of python-dateutil, which Integreat's apps know; `{:+}` also signs ordinals as dateutil does.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ={}", self.frequency)?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        if self.week_start != Weekday::Monday {
            write!(f, ";WKST={}", NthWeekday { nth: None, weekday: self.week_start })?;
        }
        match self.end {
            End::Never => {}
            End::Count(count) => write!(f, ";COUNT={count}")?,
            End::Until(until) => write!(f, ";UNTIL={until}")?,
        }
        list(f, "BYSETPOS", &self.positions)?;
        list(f, "BYMONTH", &self.months)?;
        list(f, "BYMONTHDAY", &self.month_days)?;
        list(f, "BYDAY", &self.weekdays)
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, part: &str, items: &[T]) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        match at {
            0 => write!(f, ";{part}=")?,
            _ => f.write_str(",")?,
        }
        // A number's own sign must not follow the rule's flag.
        if f.sign_plus() && part == "BYDAY" { write!(f, "{item:+}")? } else { write!(f, "{item}")? }
    }
    Ok(())
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Frequency::Daily => "DAILY",
            Frequency::Weekly => "WEEKLY",
            Frequency::Monthly => "MONTHLY",
            Frequency::Yearly => "YEARLY",
        })
    }
}

impl fmt::Display for NthWeekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.nth {
            Some(nth) if f.sign_plus() => write!(f, "{nth:+}")?,
            Some(nth) => write!(f, "{nth}")?,
            None => {}
        }
        let name = WEEKDAYS.iter().find(|(_, weekday)| *weekday == self.weekday);
        f.write_str(name.map_or("", |(name, _)| name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_rule_is_printed_in_order_whatever_order_it_was_read_in() {
        for (text, printed) in [
            ("FREQ=DAILY", "FREQ=DAILY"),
            ("RRULE:freq=weekly;byday=we,mo,MO;wkst=su;", "FREQ=WEEKLY;WKST=SU;BYDAY=MO,WE"),
            (
                "BYDAY=+2MO,-1FR;INTERVAL=2;FREQ=MONTHLY;COUNT=3",
                "FREQ=MONTHLY;INTERVAL=2;COUNT=3;BYDAY=2MO,-1FR",
            ),
            (
                "FREQ=YEARLY;UNTIL=20261231;BYMONTHDAY=-1,1;BYMONTH=2,1;INTERVAL=1",
                "FREQ=YEARLY;UNTIL=20261231;BYMONTH=1,2;BYMONTHDAY=-1,1",
            ),
            (
                "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;UNTIL=20261231T225959Z",
                "FREQ=MONTHLY;UNTIL=20261231T225959Z;BYSETPOS=-1;BYDAY=MO,TU",
            ),
        ] {
            assert_eq!(text.parse::<Rule>().unwrap().to_string(), printed);
        }
        let rule: Rule = "FREQ=MONTHLY;BYDAY=2MO,-1FR;BYMONTHDAY=3".parse().unwrap();
        assert_eq!(format!("{rule:+}"), "FREQ=MONTHLY;BYMONTHDAY=3;BYDAY=+2MO,-1FR");
    }

    #[test]
    fn what_is_not_supported_is_named() {
        let told = |text: &str| text.parse::<Rule>().unwrap_err().to_string();
        assert_eq!(told("FREQ=DAILY;BYHOUR=8"), "not supported: BYHOUR");
        assert_eq!(told("FREQ=HOURLY"), "not supported: FREQ=HOURLY");
        assert_eq!(told("RSCALE=CHINESE;FREQ=YEARLY"), "not supported: RSCALE");
        assert_eq!(told("FREQ=WEEKLY;BYDAY=2MO"), "not supported: a numbered BYDAY with FREQ=WEEKLY");
        assert_eq!(told("FREQ=WEEKLY;BYMONTHDAY=1"), "not supported: BYMONTHDAY with FREQ=WEEKLY");
        assert!(told("FREQ=MONTHLY;BYDAY=XX").contains("BYDAY=XX is not understood"));
    }

    #[test]
    fn a_hostile_rule_is_refused() {
        let flood = format!("FREQ=YEARLY;BYDAY={}", "MO,".repeat(1000));
        for text in [
            "",
            "FREQ",
            "FREQ=",
            "FREQ=NEVER",
            "COUNT=1",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=-1",
            "FREQ=DAILY;INTERVAL=99999999999999999999",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;COUNT=4294967296",
            "FREQ=DAILY;COUNT=1;UNTIL=20260101",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=DAILY;UNTIL=tomorrow",
            "FREQ=YEARLY;BYMONTH=13",
            "FREQ=YEARLY;BYMONTH=",
            "FREQ=YEARLY;BYMONTHDAY=0",
            "FREQ=YEARLY;BYDAY=0MO",
            "FREQ=YEARLY;BYDAY=54MO",
            "FREQ=YEARLY;BYDAY=ä",
            "FREQ=YEARLY;BYDAY=M",
            "FREQ=YEARLY;WKST=1MO",
            &flood,
        ] {
            assert!(text.parse::<Rule>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_prints_a_rule_that_reads_the_same(text in "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)|INTERVAL=[0-9]{1,3}|BYDAY=([+-]?[1-5])?(MO|SU)(,TU)?|BYMONTHDAY=-?[0-9]{1,2}|BYMONTH=[0-9],1|COUNT=[0-9]|WKST=SU|;){1,12}") {
            if let Ok(rule) = text.parse::<Rule>() {
                prop_assert_eq!(rule.to_string().parse::<Rule>(), Ok(rule.clone()));
                prop_assert_eq!(format!("{rule:+}").parse::<Rule>(), Ok(rule));
            }
        }
    }
}
