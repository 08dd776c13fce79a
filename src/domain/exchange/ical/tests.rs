//! Calendars there and back, calendars as others write them, and bytes that are none.

use super::*;
use crate::domain::content::recurrence::{Moved, Zone};
use jiff::civil::DateTime;
use proptest::prelude::*;

const MOST_BYTES: usize = 1_000_000;

fn berlin() -> Zone {
    Zone::named("Europe/Berlin").unwrap()
}

fn schedule(json: &str) -> Schedule {
    serde_json::from_str(json).unwrap()
}

fn event(uid: &str, schedule: Schedule) -> CalendarEvent {
    CalendarEvent {
        uid: uid.to_owned(),
        schedule,
        language: None,
        summary: "Sprachcafé; offen, für alle".to_owned(),
        description: Some("Erste Zeile\nzweite \\ Zeile".to_owned()),
        location: Some("Rathaus, Markt 1".to_owned()),
        geo: Some(Geo { latitude: 50.25, longitude: -10.5 }),
        url: url::Url::parse("https://example.org/a?b=c;d,e").ok(),
        categories: vec!["Sprache, Kultur".to_owned(), "Treff".to_owned()],
        status: Status::Confirmed,
        modified: Moment::parse("2026-05-04T07:00:00Z").ok(),
    }
}

fn written(events: Vec<CalendarEvent>) -> Vec<u8> {
    let calendar =
        Calendar { name: "Musterstadt".to_owned(), language: "de".parse().unwrap(), address: None, events };
    write(&calendar, Moment::parse("2026-05-05T08:00:00.123Z").unwrap())
}

/// Wraps lines into a calendar and reads it.
fn read_lines(lines: &str) -> ReadCalendar {
    read(format!("BEGIN:VCALENDAR\n{lines}\nEND:VCALENDAR\n").as_bytes(), MOST_BYTES, &berlin()).unwrap()
}

fn read_event(lines: &str) -> CalendarEvent {
    let calendar = read_lines(&format!("BEGIN:VEVENT\nUID:1\n{lines}\nEND:VEVENT"));
    assert_eq!(calendar.problems, []);
    calendar.events.into_iter().next().unwrap()
}

fn json(schedule: &Schedule) -> String {
    serde_json::to_string(schedule).unwrap()
}

#[test]
fn what_is_written_reads_the_same() {
    let schedules = [
        r#"{"start":"2026-06-02T17:00","end":"2026-06-02T19:00","zone":"Europe/Berlin"}"#,
        r#"{"start":"2026-06-02T17:00","end":"2026-06-02T17:00","zone":"America/New_York"}"#,
        r#"{"start":"2026-06-02T00:00","end":"2026-06-04T00:00","zone":"Europe/Berlin","all_day":true}"#,
        r#"{"start":"2026-06-02T00:00","end":"2026-06-03T00:00","zone":"Europe/Berlin","all_day":true,"rrule":"FREQ=WEEKLY;UNTIL=20261231;BYDAY=TU","cancelled":["2026-06-09T00:00"],"moved":{"2026-06-16T00:00":{"start":"2026-06-17T00:00","end":"2026-06-18T00:00"}}}"#,
        r#"{"start":"2026-06-02T17:00:30","end":"2026-06-02T19:00","zone":"UTC","rrule":"FREQ=MONTHLY;COUNT=9;BYDAY=1TU"}"#,
        r#"{"start":"2026-06-02T17:00","end":"2026-06-02T19:00","zone":"Europe/Berlin","rrule":"FREQ=WEEKLY;INTERVAL=2;WKST=SU;UNTIL=20261231;BYDAY=TU","cancelled":["2026-06-16T17:00","2026-06-30T17:00"],"moved":{"2026-07-14T17:00":{"start":"2026-07-15T10:00","end":"2026-07-15T11:00"}}}"#,
        r#"{"start":"2026-03-29T02:30","end":"2026-03-29T04:00","zone":"Europe/Berlin","cancelled":["2026-03-29T02:30"]}"#,
    ];
    let events: Vec<_> =
        (0..).zip(schedules).map(|(n, json)| event(&format!("{n}@example.org"), schedule(json))).collect();
    let bytes = written(events.clone());
    let read = read(&bytes, MOST_BYTES, &berlin()).unwrap();
    assert_eq!(read.events, events);
    assert_eq!(read.problems, []);
    assert_eq!(read.name.as_deref(), Some("Musterstadt"));
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
}

#[test]
fn a_series_is_written_as_the_rfc_wants_it() {
    let weekly = r#"{"start":"2026-06-02T17:00","end":"2026-06-02T19:00","zone":"Europe/Berlin","rrule":"FREQ=WEEKLY;UNTIL=20261231","cancelled":["2026-06-09T17:00"],"moved":{"2026-06-16T17:00":{"start":"2026-06-17T17:00","end":"2026-06-17T19:00"}}}"#;
    let text = String::from_utf8(written(vec![event("1@example.org", schedule(weekly))])).unwrap();
    for line in [
        "DTSTAMP:20260504T070000Z",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "LAST-MODIFIED:20260504T070000Z",
        "DTSTART;TZID=Europe/Berlin:20260602T170000",
        "DTEND;TZID=Europe/Berlin:20260602T190000",
        "RRULE:FREQ=WEEKLY;UNTIL=20261231T225959Z",
        "EXDATE;TZID=Europe/Berlin:20260609T170000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260616T170000",
        "SUMMARY;LANGUAGE=de:Sprachcafé\\; offen\\, für alle",
        "GEO:50.25;-10.5",
        "CATEGORIES;LANGUAGE=de:Sprache\\, Kultur,Treff",
        "STATUS:CONFIRMED",
        "TZID:Europe/Berlin",
    ] {
        assert!(text.contains(&format!("\r\n{line}\r\n")), "{line}\n{text}");
    }
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2);
    assert_eq!(text.matches("BEGIN:VTIMEZONE").count(), 1);
}

#[test]
fn a_series_is_written_from_its_first_date() {
    let thursdays = r#"{"start":"2026-06-02T17:00","end":"2026-06-02T19:00","zone":"Europe/Berlin","rrule":"FREQ=WEEKLY;BYDAY=TH"}"#;
    let text = String::from_utf8(written(vec![event("1", schedule(thursdays))])).unwrap();
    assert!(
        text.contains(
            "DTSTART;TZID=Europe/Berlin:20260604T170000\r\nDTEND;TZID=Europe/Berlin:20260604T190000"
        )
    );
}

#[test]
fn the_zone_of_a_series_from_long_ago_is_told_for_today_too() {
    let old = r#"{"start":"2010-06-02T17:00","end":"2010-06-02T19:00","zone":"Europe/Berlin","rrule":"FREQ=WEEKLY"}"#;
    let text = String::from_utf8(written(vec![event("1", schedule(old))])).unwrap();
    assert!(
        text.contains("DTSTART:20100328T020000") && text.contains("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")
    );
}

#[test]
fn times_are_read_in_every_spelling() {
    let time = |lines: &str| {
        let schedule = read_event(lines).schedule;
        format!("{} {} {}", schedule.start(), schedule.end(), schedule.zone().name())
    };
    let evening = "2026-06-02T17:00:00 2026-06-02T19:00:00 Europe/Berlin";
    for lines in [
        "DTSTART;TZID=Europe/Berlin:20260602T170000\nDTEND;TZID=Europe/Berlin:20260602T190000",
        "DTSTART;TZID=\"W. Europe Standard Time\":20260602T170000\nDURATION:PT2H",
        "DTSTART;TZID=Europe/Berlin:20260602T170000\nDTEND:20260602T170000Z",
        "dtstart:20260602T170000\ndtend:20260602T190000",
        "DTSTART:20260602T150000Z\nDTEND:20260602T170000Z",
    ] {
        assert_eq!(time(lines), evening, "{lines}");
    }
    assert_eq!(
        time("RRULE:FREQ=DAILY\nDTSTART:20260602T150000Z\nDTEND:20260602T170000Z"),
        "2026-06-02T15:00:00 2026-06-02T17:00:00 UTC"
    );
    let whole_day = "2026-06-02T00:00:00 2026-06-03T00:00:00 Europe/Berlin";
    for lines in [
        "DTSTART;VALUE=DATE:20260602",
        "DTSTART;VALUE=DATE:20260602\nDTEND;VALUE=DATE:20260603",
        "DTSTART;VALUE=DATE:20260602\nDTEND;VALUE=DATE:20260602",
        "DTSTART;VALUE=DATE:20260602\nDURATION:P1D",
    ] {
        assert_eq!(time(lines), whole_day, "{lines}");
        assert!(read_event(lines).schedule.is_all_day());
    }
}

#[test]
fn the_zone_of_the_calendar_is_home() {
    let calendar = read_lines(
        "X-WR-TIMEZONE:America/New_York\nBEGIN:VEVENT\nUID:1\nDTSTART:20260602T170000\nEND:VEVENT",
    );
    assert_eq!(calendar.events[0].schedule.zone().name(), "America/New_York");
    let calendar = read_lines(
        "BEGIN:VTIMEZONE\nTZID:Ours\nX-LIC-LOCATION:Europe/Vienna\nBEGIN:STANDARD\nDTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=Ours:20260602T170000\nEND:VEVENT",
    );
    assert_eq!(calendar.events[0].schedule.zone().name(), "Europe/Vienna");
}

#[test]
fn a_series_and_its_changed_dates_become_one() {
    let calendar = read_lines(
        "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260616T150000Z\nDTSTART:20260617T080000Z\nDTEND:20260617T090000Z\nEND:VEVENT
BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Berlin:20260602T170000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;UNTIL=20260714T150000Z\nEXDATE;TZID=Europe/Berlin:20260609T170000,20260616T170000\nEXDATE;VALUE=DATE:20260707\nEND:VEVENT
BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20260623T170000\nSTATUS:CANCELLED\nDTSTART;TZID=Europe/Berlin:20260623T170000\nEND:VEVENT
BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20260630T170000\nSUMMARY:Same time\nDTSTART;TZID=Europe/Berlin:20260630T170000\nDURATION:PT2H\nEND:VEVENT",
    );
    assert_eq!(calendar.problems, []);
    assert_eq!(
        json(&calendar.events[0].schedule),
        r#"{"start":"2026-06-02T17:00","end":"2026-06-02T19:00","zone":"Europe/Berlin","rrule":"FREQ=WEEKLY;UNTIL=20260714","cancelled":["2026-06-09T17:00","2026-06-23T17:00","2026-07-07T17:00"],"moved":{"2026-06-16T17:00":{"start":"2026-06-17T10:00","end":"2026-06-17T11:00"}}}"#
    );
}

#[test]
fn a_date_besides_the_rule_is_kept() {
    let calendar = read_lines(
        "BEGIN:VEVENT\nUID:1\nDTSTART:20260602T170000\nRRULE:FREQ=WEEKLY\nEND:VEVENT
BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260603T170000\nDTSTART:20260603T170000\nEND:VEVENT
BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260609T170000\nDTSTART:20260609T170000\nEND:VEVENT",
    );
    let moved: Vec<i8> = calendar.events[0].schedule.moved().keys().map(|id| id.day()).collect();
    assert_eq!(moved, [3]);
}

#[test]
fn changed_dates_without_their_series_are_kept() {
    let calendar = read_lines(
        "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260616T150000\nDTSTART:20260617T080000\nEND:VEVENT
BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260623T150000\nDTSTART:20260624T080000\nEND:VEVENT",
    );
    let schedule = &calendar.events[0].schedule;
    let dates: Vec<i8> = schedule
        .occurrences(Moment::from_micros(i64::MIN), Moment::from_micros(i64::MAX))
        .map(|date| schedule.zone().local(date.start).day())
        .collect();
    assert_eq!(dates, [17, 24]);
}

#[test]
fn one_bad_event_costs_no_other() {
    let bad = [
        (
            "RRULE:FREQ=DAILY;BYHOUR=8\nDTSTART:20260602T170000",
            "its rule is not taken over: not supported: BYHOUR",
        ),
        (
            "DTSTART;TZID=Customized Time Zone:20260602T170000",
            "its time zone \"Customized Time Zone\" is unknown",
        ),
        ("DTEND:20260602T170000", "it does not say when it starts"),
        ("DTSTART:20260602T170000\nDTEND:20260602T160000", "before it starts"),
        ("DTSTART:20260602T170000\nDURATION:forever", "\"forever\" is not a duration"),
        ("DTSTART:tomorrow", "\"tomorrow\" is not a date"),
        ("DTSTART:20260602T170000\nEXRULE:FREQ=DAILY", "not supported: EXRULE"),
        (
            "DTSTART:20260602T170000\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY",
            "not supported: RRULE more than once",
        ),
        ("DTSTART:00010101T000000", "cannot be a date of an event"),
        ("DTSTART:20260602T170000\nDTEND:99991231T235959Z", "cannot be a date of an event"),
        ("DTSTART;VALUE=DATE:20260602\nDTEND;VALUE=DATE:99991231", "cannot be a date of an event"),
    ];
    let lines = bad
        .iter()
        .enumerate()
        .map(|(n, (lines, _))| format!("BEGIN:VEVENT\nUID:{n}\nSUMMARY:Markt\n{lines}\nEND:VEVENT\n"));
    let calendar = read_lines(&format!(
        "{}BEGIN:VEVENT\nSUMMARY:Nobody\nDTSTART:20260602T170000\nEND:VEVENT\nBEGIN:VEVENT\nUID:fine\nDTSTART:20260602T170000\nEND:VEVENT",
        lines.collect::<String>()
    ));
    let uids: Vec<_> = calendar.events.iter().map(|event| event.uid.as_str()).collect();
    assert_eq!(uids, ["fine"]);
    for (problem, (n, (_, told))) in calendar.problems.iter().zip(bad.iter().enumerate()) {
        assert!(
            problem.uid == n.to_string()
                && problem.lost == Lost::Event
                && problem.what.starts_with("“Markt” was left out: ")
                && problem.what.contains(told),
            "{problem:?}"
        );
    }
    assert_eq!(calendar.problems.len(), bad.len() + 1);
    assert!(calendar.problems[bad.len()].what.contains("“Nobody” was left out: it has no UID"));
}

#[test]
fn what_is_lost_of_an_event_is_told() {
    let whole = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260602\nRRULE:FREQ=DAILY\nEND:VEVENT";
    let changed =
        "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;VALUE=DATE:20260603\nDTSTART:20260603T100000\nEND:VEVENT";
    let calendar = read_lines(&format!("{whole}\n{changed}"));
    let told: Vec<_> = calendar.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert!(calendar.events[0].schedule.moved().is_empty());
    assert!(
        told[0].contains("was taken over, but: its changed date 2026-06-03T00:00:00 is not taken over"),
        "{told:?}"
    );
}

#[test]
fn dates_besides_the_rule_are_read_and_written() {
    let read = read_event(
        "DTSTART;TZID=Europe/Berlin:20260602T170000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20260605T170000
RDATE;TZID=Europe/Berlin:20260604T170000,20260605T170000,20260609T170000\nRDATE;VALUE=PERIOD:20260606T150000Z/PT3H,20260607T150000Z/20260607T160000Z",
    );
    let dates = |schedule: &Schedule| -> Vec<String> {
        let all = schedule.occurrences(Moment::from_micros(i64::MIN), Moment::from_micros(i64::MAX));
        all.map(|date| {
            format!("{}+{}", schedule.zone().local(date.start), date.end.seconds_since(date.start) / 3600)
        })
        .collect()
    };
    let expected = [
        "2026-06-02T17:00:00+2",
        "2026-06-04T17:00:00+2",
        "2026-06-06T17:00:00+3",
        "2026-06-07T17:00:00+1",
        "2026-06-09T17:00:00+2",
        "2026-06-16T17:00:00+2",
    ];
    assert_eq!(dates(&read.schedule), expected);
    let text = String::from_utf8(written(vec![event("1", read.schedule)])).unwrap();
    assert_eq!(text.matches("RDATE;TZID=Europe/Berlin:").count(), 3);
    // One as long as the others needs no part of its own.
    assert_eq!(text.matches("RECURRENCE-ID").count(), 2);
    let again = super::read(text.as_bytes(), MOST_BYTES, &berlin()).unwrap();
    assert_eq!(dates(&again.events[0].schedule), expected);
}

#[test]
fn a_flood_of_lines_parameters_or_dates_costs_little() {
    let exdates = "EXDATE:20260602T170000Z,20260603T170000Z\n".repeat(100_000);
    let distinct: String =
        (0..5000).map(|n| format!("EXDATE:{:04}0101T000000Z\n", 1600 + n % 1300 + n / 1300)).collect();
    let parameters = format!("SUMMARY{}:x\n", ";A=1".repeat(1_000_000));
    let flood = "COMMENT:x\nATTENDEE:y\n".repeat(100_000);
    for (lines, readable) in [(exdates, true), (distinct, false), (parameters, true), (flood, true)] {
        let file = format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260602T170000\nRRULE:FREQ=DAILY\n{lines}END:VEVENT\nEND:VCALENDAR"
        );
        let calendar = read(file.as_bytes(), 8_000_000, &berlin()).unwrap();
        assert_eq!(calendar.events.len(), usize::from(readable), "{:?}", calendar.problems);
        assert!(calendar.complete && calendar.problems.len() == usize::from(!readable));
    }
    let file = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{}END:VEVENT", "UID:1\n".repeat(500_000));
    assert!(!read(file.as_bytes(), 8_000_000, &berlin()).unwrap().complete);
}

#[test]
fn a_flood_of_dates_besides_a_rule_that_counts_costs_little() {
    let equal = "RDATE:20260602T170001,20260603T170000\n".repeat(100_000);
    let distinct: String = (0..1001).map(|n| format!("RDATE:{:04}0101T000000\n", 1600 + n)).collect();
    for (lines, added) in [(equal, Some(1)), (distinct, None)] {
        let file = format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260602T170000\nRRULE:FREQ=DAILY;COUNT=9999\n{lines}END:VEVENT\nEND:VCALENDAR"
        );
        let calendar = read(file.as_bytes(), 8_000_000, &berlin()).unwrap();
        assert_eq!(calendar.events.first().map(|event| event.schedule.moved().len()), added);
        assert_eq!(calendar.problems.len(), usize::from(added.is_none()));
    }
}

#[test]
fn the_newest_of_equal_uids_is_kept() {
    let calendar = read_lines(
        "BEGIN:VEVENT\nUID:1\nSEQUENCE:2\nSUMMARY:new\nDTSTART:20260602T170000\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\nSUMMARY:old\nDTSTART:20260602T170000\nEND:VEVENT",
    );
    assert_eq!(calendar.events[0].summary, "new");
    assert!(calendar.problems[0].what.contains("2 times"));
}

#[test]
fn alarms_and_unknown_parts_do_not_speak_for_the_event() {
    let event = read_event(
        "SUMMARY:Ours\nDTSTART:20260602T170000\nBEGIN:VALARM\nSUMMARY:Alarm\nEND:VALARM\nLOCATION:\nURL:javascript:alert(1)\nGEO:91;0\nX-FOO;BAR=baz:1\nCATEGORIES:a,b\nCATEGORIES:c",
    );
    assert_eq!((event.summary.as_str(), event.location, event.url, event.geo), ("Ours", None, None, None));
    assert_eq!(event.categories, ["a", "b", "c"]);
}

#[test]
fn what_is_no_calendar_or_too_large_is_refused() {
    let home = berlin();
    assert!(matches!(read(b"<!doctype html>", MOST_BYTES, &home), Err(IcalError::NoCalendar)));
    assert!(matches!(
        read(&[b'x'; 11], 10, &home),
        Err(IcalError::TooLarge { size_bytes: 11, most_bytes: 10 })
    ));
    let cut = read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:2026", MOST_BYTES, &home).unwrap();
    assert!(cut.events.is_empty() && cut.problems[0].what.contains("without an end"));
}

/// Schedules of all kinds, by the clock of Berlin.
fn any_schedule() -> impl Strategy<Value = Schedule> {
    let rule = proptest::option::of(
        "FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY);INTERVAL=[1-3](;UNTIL=2027010[1-9](T120000Z?)?|;COUNT=[1-9])?",
    );
    let changes = proptest::collection::btree_map(0i32..60, proptest::option::of((-3i32..3, 0i64..50)), 0..5);
    (0i32..2000, 0i64..1440, 0i64..3000, proptest::bool::ANY, rule, changes).prop_map(
        |(day, minute, length, all_day, rule, changes)| {
            let start: DateTime = "2024-01-01T00:00".parse().unwrap();
            let start =
                start.saturating_add(jiff::Span::new().days(day).minutes(if all_day { 0 } else { minute }));
            let later =
                |start: DateTime, length: i64| start.saturating_add(jiff::Span::new().minutes(length));
            let mut schedule = match all_day {
                true => Schedule::all_day(start.date(), later(start, length).date(), berlin()).unwrap(),
                false => Schedule::new(start, later(start, length), berlin()).unwrap(),
            };
            if let Some(rule) = rule {
                schedule.repeat(rule.parse().unwrap()).unwrap();
            }
            for (day, change) in changes {
                let id = start.saturating_add(jiff::Span::new().days(day));
                match change {
                    None => schedule.cancel(id).unwrap(),
                    Some((days, length)) => {
                        let start = id.saturating_add(jiff::Span::new().days(days));
                        let length = if all_day { 1440 * (length + 1) } else { length };
                        schedule.reschedule(id, Moved { start, end: later(start, length) }).unwrap();
                    }
                }
            }
            schedule
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_schedule_is_written_and_read_the_same(schedule in any_schedule()) {
        let bytes = written(vec![event("1", schedule.clone())]);
        let read = read(&bytes, MOST_BYTES, &berlin()).unwrap();
        prop_assert_eq!(&read.problems, &[]);
        let far = Moment::parse("2100-01-01T00:00:00Z").unwrap();
        let dates = |schedule: &Schedule| schedule.occurrences(Moment::from_micros(i64::MIN), far).take(50).collect::<Vec<_>>();
        prop_assert_eq!(dates(&read.events[0].schedule), dates(&schedule));
        // Where the rule names its start and no date is moved to where it was, also the same words.
        if schedule.first_start() == Some(schedule.start()) && schedule.moved().is_empty() {
            prop_assert_eq!(&read.events[0].schedule, &schedule);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_fall(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut calendar = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n".to_vec();
        calendar.extend(bytes);
        prop_assert!(read(&calendar, MOST_BYTES, &berlin()).is_ok());
    }

    #[test]
    fn no_lines_make_the_reader_fall(lines in "((BEGIN|END):(VEVENT|VTIMEZONE|VALARM|VCALENDAR)\n|(DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID|DURATION|RRULE|TZID|GEO|X-WR-TIMEZONE)(;(TZID|VALUE|RANGE)=\"?[A-Z/(]{0,5}\"?)?:(FREQ=|P|T|Z|W|[0-9]{1,8}|,|;|ä){0,5}\n|UID:[12]\n){0,30}") {
        let calendar = format!("BEGIN:VCALENDAR\n{lines}");
        prop_assert!(read(calendar.as_bytes(), MOST_BYTES, &berlin()).is_ok());
    }
}
