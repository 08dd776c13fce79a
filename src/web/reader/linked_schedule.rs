//! How an event comes back, in the words of schema.org's `Schedule`. What these have no words for is left out: the dates
//! stand beside it.

use crate::domain::content::recurrence::{End, Frequency, NthWeekday, Rule, Schedule};
use jiff::civil::{DateTime, Weekday};
use serde_json::{Value, json};

/// Null where it takes place once, or by a rule that the words cannot tell.
pub fn schedule(when: &Schedule) -> Value {
    let Some(rule) = when.rule().filter(|rule| is_told(rule)) else { return Value::Null };
    let unit = match rule.frequency() {
        Frequency::Daily => 'D',
        Frequency::Weekly => 'W',
        Frequency::Monthly => 'M',
        Frequency::Yearly => 'Y',
    };
    let mut told = json!({
        "@type": "Schedule",
        "repeatFrequency": format!("P{}{unit}", rule.interval()),
        "startDate": when.first_start().unwrap_or_else(|| when.start()).date().to_string(),
        "scheduleTimezone": when.zone().name(),
    });
    let mut say = |name: &str, value: Value| told[name] = value;
    if !rule.weekdays().is_empty() {
        say("byDay", rule.weekdays().iter().map(day).collect());
    }
    if !rule.months().is_empty() {
        say("byMonth", json!(rule.months()));
    }
    if !rule.month_days().is_empty() {
        say("byMonthDay", json!(rule.month_days()));
    }
    match rule.end() {
        End::Never => {}
        End::Count(count) => say("repeatCount", count.into()),
        End::Until(until) => say("endDate", until.wall_clock().date().to_string().into()),
    }
    if !when.is_all_day() {
        say("startTime", time(when.start()).into());
        say("endTime", time(when.end()).into());
    }
    // Those that take place at another time are told by themselves.
    let except: Vec<String> =
        when.cancelled().iter().chain(when.moved().keys()).map(|at| at.date().to_string()).collect();
    if !except.is_empty() {
        say("exceptDate", except.into());
    }
    told
}

/// There are no words for the n-th day of a set, nor for days counted from the end of a month.
fn is_told(rule: &Rule) -> bool {
    rule.positions().is_empty() && rule.month_days().iter().all(|day| *day > 0)
}

/// As a day of schema.org, or the n-th of a month in iCalendar's notation, which it allows.
fn day(day: &NthWeekday) -> Value {
    let name = match day.weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    };
    match day.nth {
        None => format!("https://schema.org/{name}").into(),
        Some(nth) => format!("{nth}{}", name[..2].to_uppercase()).into(),
    }
}

fn time(at: DateTime) -> String {
    at.strftime("%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::schedule;
    use serde_json::{Value, json};

    fn told(rule: &str, more: &str) -> Value {
        let when = format!(
            r#"{{"start":"2026-06-02T17:00","end":"2026-06-02T19:00","zone":"Europe/Berlin","rrule":"{rule}"{more}}}"#
        );
        schedule(&serde_json::from_str(&when).unwrap())
    }

    #[test]
    fn a_rule_is_told_as_far_as_there_are_words() {
        let exceptions = r#","cancelled":["2026-06-09T17:00"]"#;
        assert_eq!(
            told("FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231;BYDAY=TU", exceptions),
            json!({"@type": "Schedule", "repeatFrequency": "P2W", "startDate": "2026-06-02", "endDate": "2026-12-31",
                "startTime": "17:00:00", "endTime": "19:00:00", "scheduleTimezone": "Europe/Berlin",
                "byDay": ["https://schema.org/Tuesday"], "exceptDate": ["2026-06-09"]})
        );
        let monthly = told("FREQ=MONTHLY;COUNT=3;BYDAY=-1FR", "");
        assert_eq!((&monthly["byDay"], &monthly["repeatCount"]), (&json!(["-1FR"]), &json!(3)));
        let yearly = told("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=2", "");
        assert_eq!((&yearly["byMonth"], &yearly["byMonthDay"]), (&json!([6]), &json!([2])));
        for untold in ["FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1"] {
            assert_eq!(told(untold, ""), Value::Null);
        }
    }
}
