//! Schedules by the examples of RFC 5545 §3.8.5.3, through changes of the clocks, under hostile rules, and against
//! another implementation of the RFC.

use super::*;
use proptest::prelude::*;

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn moment(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

/// An event of two hours.
fn event(zone: &str, start: &str, rule: &str) -> Schedule {
    let end = at(start).saturating_add(SignedDuration::from_hours(2));
    let mut schedule = Schedule::new(at(start), end, Zone::named(zone).unwrap()).unwrap();
    if !rule.is_empty() {
        schedule.repeat(rule.parse().unwrap()).unwrap();
    }
    schedule
}

fn all(schedule: &Schedule) -> impl Iterator<Item = Occurrence> + '_ {
    schedule.occurrences(Moment::from_micros(i64::MIN), Moment::from_micros(i64::MAX))
}

/// The first days as `9-2 9-11 1998-1-1`, the year only where it changes.
fn days(schedule: &Schedule, count: usize) -> String {
    let mut year = schedule.start().year();
    let mut day = |date: Occurrence| {
        let day = date.id.date();
        let same = std::mem::replace(&mut year, day.year()) == day.year();
        let year = if same { String::new() } else { format!("{}-", day.year()) };
        format!("{year}{}-{}", day.month(), day.day())
    };
    all(schedule).take(count).map(&mut day).collect::<Vec<_>>().join(" ")
}

/// Start, rule, dates.
const EXAMPLES: &[(&str, &str, &str)] = &[
    (SEPTEMBER, "FREQ=DAILY;COUNT=10", "9-2 9-3 9-4 9-5 9-6 9-7 9-8 9-9 9-10 9-11"),
    (SEPTEMBER, "FREQ=DAILY;INTERVAL=10;COUNT=5", "9-2 9-12 9-22 10-2 10-12"),
    (SEPTEMBER, "FREQ=WEEKLY;COUNT=10", "9-2 9-9 9-16 9-23 9-30 10-7 10-14 10-21 10-28 11-4"),
    (
        SEPTEMBER,
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "9-2 9-4 9-9 9-11 9-16 9-18 9-23 9-25 9-30 10-2",
    ),
    (
        "1997-09-01T09:00",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "9-1 9-3 9-5 9-15 9-17 9-19 9-29 10-1 10-3 10-13 10-15 10-17 10-27 10-29 10-31 11-10 11-12 11-14 11-24 11-26 11-28 12-8 12-10 12-12 12-22",
    ),
    (
        SEPTEMBER,
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "9-2 9-4 9-16 9-18 9-30 10-2 10-14 10-16",
    ),
    (
        "1997-09-05T09:00",
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "9-5 10-3 11-7 12-5 1998-1-2 2-6 3-6 4-3 5-1 6-5",
    ),
    ("1997-09-05T09:00", "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "9-5 10-3 11-7 12-5"),
    (
        "1997-09-07T09:00",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "9-7 9-28 11-2 11-30 1998-1-4 1-25 3-1 3-29 5-3 5-31",
    ),
    ("1997-09-22T09:00", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "9-22 10-20 11-17 12-22 1998-1-19 2-16"),
    ("1997-09-28T09:00", "FREQ=MONTHLY;BYMONTHDAY=-3", "9-28 10-29 11-28 12-29 1998-1-29 2-26"),
    (
        SEPTEMBER,
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "9-2 9-15 10-2 10-15 11-2 11-15 12-2 12-15 1998-1-2 1-15",
    ),
    (
        "1997-09-30T09:00",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "9-30 10-1 10-31 11-1 11-30 12-1 12-31 1998-1-1 1-31 2-1",
    ),
    (
        "1997-09-10T09:00",
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "9-10 9-11 9-12 9-13 9-14 9-15 1999-3-10 3-11 3-12 3-13",
    ),
    (
        SEPTEMBER,
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "9-2 9-9 9-16 9-23 9-30 11-4 11-11 11-18 11-25 1998-1-6 1-13 1-20 1-27 3-3",
    ),
    (
        "1997-06-10T09:00",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "6-10 7-10 1998-6-10 7-10 1999-6-10 7-10 2000-6-10 7-10 2001-6-10 7-10",
    ),
    (
        "1997-03-10T09:00",
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "3-10 1999-1-10 2-10 3-10 2001-1-10 2-10 3-10 2003-1-10 2-10 3-10",
    ),
    ("1997-05-19T09:00", "FREQ=YEARLY;BYDAY=20MO", "5-19 1998-5-18 1999-5-17"),
    ("1997-03-13T09:00", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "3-13 3-20 3-27 1998-3-5 3-12 3-19 3-26 1999-3-4"),
    (
        "1997-06-05T09:00",
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
        "6-5 6-12 6-19 6-26 7-3 7-10 7-17 7-24 7-31 8-7 8-14 8-21 8-28 1998-6-4",
    ),
    (SEPTEMBER, "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-2-13 3-13 11-13 1999-8-13 2000-10-13"),
    (
        "1997-09-13T09:00",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "9-13 10-11 11-8 12-13 1998-1-10 2-7 3-7 4-11",
    ),
    (
        "1996-11-05T09:00",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "11-5 2000-11-7 2004-11-2",
    ),
    ("1997-09-04T09:00", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "9-4 10-7 11-6"),
    (
        "1997-09-29T09:00",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "9-29 10-30 11-27 12-30 1998-1-29 2-26 3-30",
    ),
    ("1997-08-05T09:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "8-5 8-10 8-19 8-24"),
    ("1997-08-05T09:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "8-5 8-17 8-19 8-31"),
    ("2007-01-15T09:00", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "1-15 1-30 2-15 3-15 3-30"),
];
const SEPTEMBER: &str = "1997-09-02T09:00";

#[test]
fn the_examples_of_the_rfc_come_out_as_printed_there() {
    for (start, rule, expected) in EXAMPLES {
        let schedule = event("America/New_York", start, rule);
        let endless = schedule.ends_at().is_none();
        let count = if endless { expected.split(' ').count() } else { usize::MAX };
        assert_eq!(days(&schedule, count), *expected, "{rule}");
    }
    let christmas = event("America/New_York", SEPTEMBER, "FREQ=DAILY;UNTIL=19971224T000000Z");
    assert_eq!(all(&christmas).count(), 113);
    for rule in [
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
    ] {
        assert_eq!(all(&event("America/New_York", "1998-01-01T09:00", rule)).count(), 93);
    }
}

#[test]
fn an_event_keeps_its_hour_when_the_clocks_change() {
    let weekly = event("Europe/Berlin", "2026-03-22T17:00", "FREQ=WEEKLY;COUNT=2");
    let starts: Vec<_> = all(&weekly).map(|date| date.start.to_string()).collect();
    assert_eq!(starts, ["2026-03-22T16:00:00Z", "2026-03-29T15:00:00Z"]);
    let autumn = event("Europe/Berlin", "2026-10-24T17:00", "FREQ=DAILY;COUNT=2");
    let starts: Vec<_> = all(&autumn).map(|date| date.start.to_string()).collect();
    assert_eq!(starts, ["2026-10-24T15:00:00Z", "2026-10-25T16:00:00Z"]);
}

#[test]
fn an_hour_that_is_skipped_moves_on_and_one_shown_twice_is_the_first() {
    let spring = event("Europe/Berlin", "2026-03-28T02:30", "FREQ=DAILY;COUNT=3");
    let dates: Vec<_> = all(&spring).map(|date| (date.id.to_string(), date.start.to_string())).collect();
    assert_eq!(dates[1], ("2026-03-29T02:30:00".to_owned(), "2026-03-29T01:30:00Z".to_owned()));
    assert_eq!(dates[2].1, "2026-03-30T00:30:00Z");
    let autumn = event("Europe/Berlin", "2026-10-25T02:30", "");
    assert_eq!(all(&autumn).next().unwrap().start, moment("2026-10-25T00:30:00Z"));
    let zone = Zone::named("Europe/Berlin").unwrap();
    let short = Schedule::new(at("2026-03-29T02:30"), at("2026-03-29T03:00"), zone).unwrap();
    let date = all(&short).next().unwrap();
    assert_eq!(date.start, date.end);
}

#[test]
fn days_that_do_not_exist_are_skipped() {
    for (start, rule, expected) in [
        ("2024-02-29T09:00", "FREQ=YEARLY", "2-29 2028-2-29 2032-2-29"),
        ("2096-02-29T09:00", "FREQ=YEARLY", "2-29 2104-2-29"),
        ("2026-01-31T09:00", "FREQ=MONTHLY", "1-31 3-31 5-31 7-31"),
        ("2026-01-29T09:00", "FREQ=MONTHLY;BYDAY=5TH", "1-29 4-30 7-30"),
        ("2026-01-01T09:00", "FREQ=YEARLY;BYDAY=53TH", "12-31 2032-12-30"),
    ] {
        let schedule = event("Europe/Berlin", start, rule);
        assert_eq!(days(&schedule, expected.split(' ').count()), expected, "{rule}");
    }
}

#[test]
fn a_cancelled_date_is_left_out_and_a_moved_one_stands_where_it_moved() {
    let mut schedule = event("Europe/Berlin", "2026-06-02T17:00", "FREQ=WEEKLY;COUNT=4");
    schedule.cancel(at("2026-06-09T17:00")).unwrap();
    let later = Moved { start: at("2026-06-24T10:00"), end: at("2026-06-24T11:00") };
    schedule.reschedule(at("2026-06-16T17:00"), later).unwrap();
    let ids: Vec<_> = all(&schedule).map(|date| date.id.day()).collect();
    assert_eq!(ids, [2, 23, 16]);
    assert_eq!(schedule.ends_at(), Some(moment("2026-06-24T11:00:00+02:00")));
    let window = |from, to| {
        schedule.occurrences(moment(from), moment(to)).map(|date| date.id.day()).collect::<Vec<_>>()
    };
    assert!(window("2026-06-16T00:00:00Z", "2026-06-17T00:00:00Z").is_empty());
    assert_eq!(window("2026-06-24T08:30:00Z", "2026-06-24T08:31:00Z"), [16]);
    assert!(schedule.cancel(at("2026-06-16T17:00")).is_err());
    assert!(schedule.reschedule(at("2026-06-09T17:00"), later).is_err());
}

#[test]
fn a_start_is_regular_where_the_rule_gives_it() {
    let biweekly = event("Europe/Berlin", "2026-06-02T17:00", "FREQ=WEEKLY;INTERVAL=2;UNTIL=20260701");
    for (start, regular) in [
        ("2026-05-19T17:00", false),
        ("2026-06-02T17:00", true),
        ("2026-06-02T18:00", false),
        ("2026-06-09T17:00", false),
        ("2026-06-30T17:00", true),
        ("2026-07-14T17:00", false),
    ] {
        assert_eq!(biweekly.is_regular(at(start)), regular, "{start}");
    }
}

#[test]
fn a_window_holds_what_runs_in_it() {
    let schedule = event("UTC", "2026-06-02T17:00", "FREQ=DAILY");
    let count = |from, to| schedule.occurrences(moment(from), moment(to)).count();
    assert_eq!(count("2026-06-03T18:59:59Z", "2026-06-03T19:00:00Z"), 1);
    assert_eq!(count("2026-06-03T19:00:00Z", "2026-06-04T17:00:00Z"), 0);
    assert_eq!(count("2026-06-03T19:00:00Z", "2026-06-04T17:00:01Z"), 1);
    assert_eq!(count("2020-01-01T00:00:00Z", "2026-06-01T00:00:00Z"), 0);
    let instant = Schedule::new(at("2026-06-02T17:00"), at("2026-06-02T17:00"), Zone::utc()).unwrap();
    let count = |from, to| instant.occurrences(moment(from), moment(to)).count();
    assert_eq!(count("2026-06-02T17:00:00Z", "2026-06-02T17:00:01Z"), 1);
    assert_eq!(count("2026-06-02T16:00:00Z", "2026-06-02T17:00:00Z"), 0);
}

#[test]
fn an_event_of_whole_days_ends_at_the_midnight_after_the_last() {
    let date = |text: &str| text.parse::<Date>().unwrap();
    let zone = Zone::named("Europe/Berlin").unwrap();
    let mut fair = Schedule::all_day(date("2026-10-24"), date("2026-10-25"), zone.clone()).unwrap();
    assert_eq!(fair.ends_at(), Some(moment("2026-10-26T00:00:00+01:00")));
    assert_eq!(fair.last_day(), date("2026-10-25"));
    assert!(fair.cancel(at("2026-10-24T08:00")).is_err());
    assert!(Schedule::all_day(date("2026-10-24"), date("2026-10-23"), zone).is_err());
}

#[test]
fn the_end_is_that_of_the_last_date_or_none() {
    let end =
        |rule: &str| event("Europe/Berlin", "2026-06-02T17:00", rule).ends_at().map(|end| end.to_string());
    assert_eq!(end("").as_deref(), Some("2026-06-02T17:00:00Z"));
    assert_eq!(end("FREQ=WEEKLY"), None);
    assert_eq!(end("FREQ=WEEKLY;COUNT=2").as_deref(), Some("2026-06-09T17:00:00Z"));
    assert_eq!(end("FREQ=WEEKLY;UNTIL=20261231").as_deref(), Some("2026-12-29T18:00:00Z"));
    assert_eq!(end("FREQ=WEEKLY;UNTIL=20261229T150000Z").as_deref(), Some("2026-12-22T18:00:00Z"));
    assert_eq!(end("FREQ=WEEKLY;UNTIL=20261229T160000Z").as_deref(), Some("2026-12-29T18:00:00Z"));
    assert_eq!(end("FREQ=WEEKLY;UNTIL=20261229T165959").as_deref(), Some("2026-12-22T18:00:00Z"));
    // No date at all: over at its start.
    assert_eq!(end("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").as_deref(), Some("2026-06-02T15:00:00Z"));
    assert_eq!(end("FREQ=WEEKLY;UNTIL=20260101").as_deref(), Some("2026-06-02T15:00:00Z"));
    assert_eq!(end("FREQ=WEEKLY;UNTIL=00010101").as_deref(), Some("2026-06-02T15:00:00Z"));
    assert!(end("FREQ=WEEKLY;UNTIL=99991231T235959Z").unwrap().starts_with("2999-12-"));
    let mut cut = event("Europe/Berlin", "2026-06-02T17:00", "FREQ=WEEKLY;UNTIL=20260616");
    cut.cancel(at("2026-06-16T17:00")).unwrap();
    assert_eq!(cut.ends_at(), Some(moment("2026-06-09T17:00:00Z")));
}

#[test]
fn the_next_date_starts_later_than_now() {
    let schedule = event("Europe/Berlin", "2026-06-02T17:00", "FREQ=WEEKLY;COUNT=2");
    let next = |now| schedule.next_after(moment(now)).map(|date| date.id.day());
    assert_eq!(next("2020-01-01T00:00:00Z"), Some(2));
    assert_eq!(next("2026-06-02T15:00:00Z"), Some(9));
    assert_eq!(next("2026-06-09T15:00:00Z"), None);
}

#[test]
fn a_hostile_rule_costs_little() {
    let far = Moment::from_micros(i64::MAX);
    for (rule, most) in [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", 0),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 0),
        ("FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31;COUNT=9999", 0),
        ("FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=7", 0),
        ("FREQ=MONTHLY;BYDAY=53MO", 0),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29", 0),
        ("FREQ=YEARLY;INTERVAL=9999", 1),
        ("FREQ=DAILY;INTERVAL=9999", 36),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;COUNT=9999", 37),
    ] {
        let schedule = event("Europe/Berlin", "2026-06-02T17:00", rule);
        assert!(all(&schedule).count() <= most, "{rule}");
        assert_eq!(schedule.ends_at().is_none(), most > 0 && !rule.contains("COUNT"), "{rule}");
        assert_eq!(schedule.occurrences(moment("2999-12-01T00:00:00Z"), far).count(), 0, "{rule}");
    }
    let endless = event("Europe/Berlin", "1583-01-01T00:00", "FREQ=DAILY");
    assert_eq!(endless.occurrences(moment("2999-12-31T00:00:00Z"), far).count(), 1);
    assert_eq!(endless.occurrences(far, far).count(), 0);
    assert!(endless.next_after(Moment::from_micros(i64::MIN)).is_some());
}

#[test]
fn a_schedule_is_written_as_it_was_read() {
    for text in [
        r#"{"start":"2026-06-02T17:00","end":"2026-06-02T19:00","zone":"Europe/Berlin"}"#,
        r#"{"start":"2026-06-02T17:00:30","end":"2026-06-02T19:00","zone":"UTC","rrule":"FREQ=DAILY;UNTIL=20261231"}"#,
        r#"{"start":"2026-06-02T00:00","end":"2026-06-03T00:00","zone":"Europe/Berlin","all_day":true}"#,
        r#"{"start":"2026-06-02T17:00","end":"2026-06-02T19:00","zone":"Europe/Berlin","rrule":"FREQ=WEEKLY;BYDAY=TU","cancelled":["2026-06-09T17:00"],"moved":{"2026-06-16T17:00":{"start":"2026-06-17T17:00","end":"2026-06-17T19:00"}}}"#,
    ] {
        let schedule: Schedule = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&schedule).unwrap(), text);
    }
}

#[test]
fn a_schedule_that_cannot_be_is_refused_when_it_is_read() {
    let whole = |start: &str, end: &str, zone: &str, rest: &str| {
        format!(r#"{{"start":"{start}","end":"{end}","zone":"{zone}"{rest}}}"#)
    };
    let fine = ("2026-06-02T17:00", "2026-06-02T19:00", "Europe/Berlin");
    assert!(serde_json::from_str::<Schedule>(&whole(fine.0, fine.1, fine.2, "")).is_ok());
    let flood: Vec<String> =
        (0..1001).map(|n| format!("\"20{:02}-01-{:02}T00:00\"", n / 28, n % 28 + 1)).collect();
    for text in [
        whole(fine.0, "2026-06-02T16:59", fine.2, ""),
        whole("2026-06-02", fine.1, fine.2, ""),
        whole("2026-06-02T17:00:00", fine.1, fine.2, ""),
        whole("2026-06-02 17:00", fine.1, fine.2, ""),
        whole("2026-06-02T17:00+02:00", fine.1, fine.2, ""),
        whole("1500-06-02T17:00", fine.1, fine.2, ""),
        whole(fine.0, "9999-06-02T17:00", fine.2, ""),
        whole(fine.0, fine.1, "Mars", ""),
        whole(fine.0, fine.1, fine.2, r#","all_day":true"#),
        whole(fine.0, fine.1, fine.2, r#","rrule":"FREQ=HOURLY""#),
        whole(fine.0, "2028-06-02T19:00", fine.2, r#","rrule":"FREQ=DAILY""#),
        whole(
            fine.0,
            fine.1,
            fine.2,
            r#","moved":{"2026-06-16T17:00":{"start":"2026-06-17T17:00","end":"2026-06-17T16:00"}}"#,
        ),
        whole(fine.0, fine.1, fine.2, &format!(",\"cancelled\":[{}]", flood.join(","))),
    ] {
        assert!(serde_json::from_str::<Schedule>(&text).is_err(), "{text}");
    }
}

/// Rules that both implementations understand, with a start of any day from 1996 to 2028. Next to all have dates, and
/// most have an end, as the other looks long for those that do not come.
fn ruled() -> impl Strategy<Value = (&'static str, DateTime, String)> {
    let one_of = |texts: &'static [&'static str]| proptest::sample::select(texts);
    let start =
        (0i32..12_000, proptest::sample::select(vec![0i64, 570, 1020, 1439])).prop_map(|(days, minutes)| {
            at("1996-01-01T00:00").saturating_add(Span::new().days(days).minutes(minutes))
        });
    let months = one_of(&["", "", ";BYMONTH=1,2,6"]);
    let weekdays = one_of(&["", ";BYDAY=TU", ";BYDAY=MO,WE,SU"]);
    let month_days = one_of(&["", ";BYMONTHDAY=13", ";BYMONTHDAY=31,-1", ";BYMONTHDAY=1,15,29,-10"]);
    let numbered = one_of(&[";BYDAY=+2MO", ";BYDAY=-1FR", ";BYDAY=5SA,-2TU"]);
    let days = prop_oneof![
        3 => (month_days, weekdays.clone()).prop_map(|(days, weekdays)| format!("{days}{weekdays}")),
        1 => numbered.prop_map(str::to_owned),
    ];
    let larger = (one_of(&["MONTHLY", "YEARLY"]), days, one_of(&["", "", ";BYSETPOS=2,-1"]));
    let rule = prop_oneof![
        (one_of(&["", "", ";BYMONTHDAY=1,15,29,-10"]), weekdays.clone())
            .prop_map(|(days, weekdays)| format!("DAILY{days}{weekdays}")),
        (weekdays, one_of(&["", ";WKST=SU"]))
            .prop_map(|(weekdays, start)| format!("WEEKLY{weekdays}{start}")),
        larger.clone().prop_map(|(frequency, days, positions)| format!("{frequency}{days}{positions}")),
        larger.prop_map(|(frequency, days, positions)| format!("{frequency}{days}{positions}")),
    ];
    let end = prop_oneof![
        3 => Just(";UNTIL=20600101T000000Z".to_owned()),
        1 => (1..16u32).prop_map(|count| format!(";COUNT={count}")),
        1 => (1997..2031u32, 1..13u32, 0..24u32).prop_map(|(year, month, hour)| format!(";UNTIL={year}{month:02}15T{hour:02}0000Z")),
    ];
    (
        one_of(&["Europe/Berlin", "America/New_York"]),
        start,
        rule,
        months,
        one_of(&["1", "1", "2", "3", "5"]),
        end,
    )
        .prop_map(|(zone, start, rule, months, interval, end)| {
            (zone, start, format!("FREQ={rule}{months};INTERVAL={interval}{end}"))
        })
}

/// Seconds of 2090: the other implementation's zones end soon after.
const ENOUGH: i64 = 3_786_912_000;

/// The first starts by the crate `rrule`; `None` where it does not take the rule.
fn by_oracle(zone: &str, start: DateTime, rule: &str, count: u16) -> Option<Vec<i64>> {
    let text = format!("DTSTART;TZID={zone}:{}\nRRULE:{rule}", Stamp::Local(start));
    let set: rrule::RRuleSet = text.parse().ok()?;
    let starts = set.all(count).dates.into_iter().map(|date| date.timestamp());
    Some(starts.take_while(|start| *start < ENOUGH).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn another_implementation_finds_the_same_dates((zone, start, rule) in ruled()) {
        let theirs = by_oracle(zone, start, &rule, 20);
        prop_assume!(theirs.is_some());
        let theirs = theirs.unwrap_or_default();
        let schedule = event(zone, &start.to_string(), &rule);
        let ours: Vec<_> = all(&schedule).take(20).map(|date| date.start.micros() / 1_000_000).take_while(|start| *start < ENOUGH).collect();
        prop_assert_eq!(ours, theirs, "{} {} {}", zone, start, rule);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_window_shows_what_the_whole_shows((zone, start, rule) in ruled(), skipped in 0i64..2_000, length in 0i64..400) {
        let schedule = event(zone, &start.to_string(), &rule);
        let from = schedule.zone().moment(start).plus_seconds(skipped * 86_400);
        let to = from.plus_seconds(length * 86_400);
        let window: Vec<_> = schedule.occurrences(from, to).collect();
        let whole: Vec<_> = all(&schedule).take_while(|date| date.start < to).filter(|date| date.end > from).collect();
        prop_assert_eq!(&window, &whole);
        let counted = schedule.rule().is_some_and(|rule| matches!(rule.end(), End::Count(_)));
        prop_assert!(window.iter().all(|date| schedule.is_regular(date.id) != counted));
        if let Some(end) = schedule.ends_at() {
            let last = all(&schedule).last().map_or(schedule.zone().moment(start), |date| date.end);
            prop_assert_eq!(end, last);
        }
    }
}
