//! Opening hours as people write them, read and written again.

use super::*;
use crate::base::error::Told;
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn read(text: &str) -> Result<OpeningHours, HoursError> {
    text.parse()
}

#[test]
fn what_is_written_in_its_own_way_is_written_so_again() {
    for text in [
        "24/7",
        "24/7; PH off",
        "off",
        "\"by appointment\"",
        "\"by appointment\"; PH off",
        "Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-13:00",
        "Mo-Su 08:00-18:00; PH off \"Feiertag\"",
        "Mo,Tu,Th-Sa 08:00-12:00; We \"by appointment\"",
        "Mo-We 08:00-12:00 \"by appointment\"; Th 14:00-18:00",
        "Fr 22:00-24:00; Sa 00:00-02:00",
        "Sa 00:00-24:00",
        "PH 10:00-12:00",
        "Mo-Fr 08:00-12:00; Jul 15-Sep 01 Mo-Fr 09:00-12:00; Jul 15-Sep 01 Sa off",
        "Mo-Fr 08:00-12:00; Nov 01-Mar 31 off; Dec 24-26 10:00-12:00; Dec 31 off",
        "Mo-Fr 08:00-12:00; Dec 24-Dec 20 off",
        "Mo-Fr 08:00-12:00; Feb 29 off",
        "2026 Dec 24-2027 Jan 06 off \"Ferien\"",
        "2026 Dec 24 off; 2026 Jul 15-Sep 01 09:00-12:00 open \"Sommer: früh, \u{fc}brigens; nur so\"",
        "2026 May 15 off \"Betriebsausflug\"; 2026 May 15-17 \"by appointment: Umzug\"",
        "2026 May 15 10:00-12:00,13:00-14:00 \"by appointment: Umzug\"",
    ] {
        let hours = read(text).unwrap();
        assert_eq!(hours.to_string(), text);
        assert_eq!(serde_json::to_value(&hours).unwrap(), serde_json::json!(text));
        assert_eq!(serde_json::from_value::<OpeningHours>(serde_json::json!(text)).unwrap(), hours);
    }
}

#[test]
fn what_is_written_otherwise_means_the_same() {
    for (text, written) in [
        ("Mo-Fr 08:00-12:00,14:00-18:00; Sa off", "Mo-Fr 08:00-12:00,14:00-18:00"),
        ("mo-fr 8:00 - 12:00 ; ", "Mo-Fr 08:00-12:00"),
        ("Mo-Fr: 08:00-12:00, 13:00-14:00;", "Mo-Fr 08:00-12:00,13:00-14:00"),
        ("Mo, Tu 08:00-12:00", "Mo,Tu 08:00-12:00"),
        ("08:00-18:00", "Mo-Su 08:00-18:00"),
        ("Sa-Mo 08:00-12:00", "Mo,Sa,Su 08:00-12:00"),
        ("Mo-Fr", "Mo-Fr 00:00-24:00"),
        ("Mo-Su 00:00-24:00", "24/7"),
        ("Mo-Su 00:00-00:00", "24/7"),
        ("Mo-Su open", "24/7"),
        ("closed", "off"),
        ("Mo-Fr 08:00-18:00; We 10:00-12:00", "Mo,Tu,Th,Fr 08:00-18:00; We 10:00-12:00"),
        ("Mo-Fr 08:00-12:00, We 14:00-18:00", "Mo,Tu,Th,Fr 08:00-12:00; We 08:00-12:00,14:00-18:00"),
        ("Mo-Fr 09:00-18:00, Sa 09:00-13:00, PH off", "Mo-Fr 09:00-18:00; Sa 09:00-13:00; PH off"),
        ("Mo 10:00-14:00,08:00-12:00,14:00-15:00", "Mo 08:00-15:00"),
        ("Mo-Sa 08:00-20:00; Su,PH off", "Mo-Sa 08:00-20:00; PH off"),
        ("Mo-Fr 08:00-16:00; Sa,Su,PH 10:00-12:00", "Mo-Fr 08:00-16:00; Sa,Su 10:00-12:00; PH 10:00-12:00"),
        ("PH,Su off", "PH off"),
        ("Fr,Sa 22:00-02:00", "Fr 22:00-24:00; Sa 00:00-02:00,22:00-24:00; Su 00:00-02:00"),
        ("Fr 22:00-26:00; Sa off", "Fr 22:00-24:00; Sa 00:00-02:00"),
        ("Su 22:00-02:00", "Mo 00:00-02:00; Su 22:00-24:00"),
        ("Mo-Fr unknown \"on appointment\"", "Mo-Fr \"by appointment\""),
        ("Mo 08:00-12:00 \"Nur nach Vereinbarung\"", "Mo 08:00-12:00 \"by appointment\""),
        ("Jul-Aug: Mo-Fr 09:00-12:00", "Jul 01-Aug 31 Mo-Fr 09:00-12:00"),
        ("Feb off", "Feb 01-29 off"),
        ("2026 Feb off", "2026 Feb 01-28 off"),
        ("2026 Dec-2027 Jan off", "2026 Dec 01-2027 Jan 31 off"),
        ("2026 Dec 24-Jan 6 off", "2026 Dec 24-2027 Jan 06 off"),
        ("2026 Dec 24-2026 Dec 26 off", "2026 Dec 24-26 off"),
        ("Dec 25,26,Dec 31-Jan 1 off", "Dec 25 off; Dec 26 off; Dec 31-Jan 01 off"),
        ("2026 Dec 24-26,31 off", "2026 Dec 24-26 off; 2026 Dec 31 off"),
        ("Dec 24: 10:00-12:00", "Dec 24 10:00-12:00"),
        ("Dec 10:00-12:00", "Dec 01-31 10:00-12:00"),
        ("2026 Dec 24 off; 2026 Dec 24 10:00-12:00", "2026 Dec 24 10:00-12:00"),
        ("2026 Dec 24 10:00-11:00, 2026 Dec 24 12:00-13:00", "2026 Dec 24 10:00-11:00,12:00-13:00"),
    ] {
        assert_eq!(read(text).map(|hours| hours.to_string()).as_deref(), Ok(written), "{text}");
        assert_eq!(read(text), read(written), "{text}");
    }
}

#[test]
fn what_cannot_be_told_is_refused_by_its_part() {
    for (text, part) in [
        ("Mo-Fr 08:00-12:00 || \"ask\"", "|| \"ask\""),
        ("Mo-Fr sunrise-18:00", "sunrise-18:00"),
        ("Mo-Fr 08:00-sunset", "sunset"),
        ("Mo-Fr 08:00-(sunset-01:00)", "(sunset-01:00)"),
        ("Mo-Fr 08:00+", "08:00"),
        ("Mo-Fr 08:00-12:00+", "+"),
        ("Mo-Fr 08:00-12:00/30", "/30"),
        ("Mo-Fr 08:00", "08:00"),
        ("Mo-Fr 08:00–12:00", "08:00"),
        ("Mo 08:00-40:00", "08:00-40:00"),
        ("We[1] 14:00-17:00", "[1]"),
        ("SH off", "SH"),
        ("Mo,SH off", "SH"),
        ("PH +1 day off", "+1"),
        ("PH Mo-Fr off", "PH Mo-Fr off"),
        ("Mo-Fr PH off; Sa off", "Mo-Fr PH off"),
        ("easter off", "easter"),
        ("week 10-20 Mo off", "week"),
        ("Jan 05+ off", "+"),
        ("Jul PH off", "Jul PH off"),
        ("Mo-Fr 08:00-18:00; 12:00-13:00 off", "12:00-13:00 off"),
        ("Mo 08:00-12:00 unknown", "Mo 08:00-12:00 unknown"),
        ("Mo 08:00-12:00 \"if dry\"", "Mo 08:00-12:00 \"if dry\""),
        ("Mo 08:00-12:00 open \"ring\"", "Mo 08:00-12:00 open \"ring\""),
        ("2026 Dec 24 \"perhaps\"", "2026 Dec 24 \"perhaps\""),
        ("PH off; Mo-Fr 08:00-12:00", "Mo-Fr 08:00-12:00"),
        ("PH 22:00-02:00", "PH 22:00-02:00"),
        ("Mo 08:00-18:00, PH 10:00-12:00", "PH 10:00-12:00"),
        ("Jul Mo 08:00-18:00, Jul Tu 10:00-12:00", "Jul Tu 10:00-12:00"),
        ("Mo 08:00-12:00, Mo 14:00-16:00 \"by appointment\"", "Mo 14:00-16:00 \"by appointment\""),
        ("Fr 22:00-02:00; Sa \"by appointment\"", "00:00-02:00"),
    ] {
        let error = read(text).unwrap_err();
        let named = matches!(&error, HoursError::Unsupported { part: named, .. } if named == part);
        assert!(named, "{text}: {error:?}");
        assert!(error.to_string().contains(&format!("{part:?}")));
    }
}

#[test]
fn what_cannot_be_read_is_refused_by_its_part() {
    for (text, part) in [
        ("Mon 08:00-12:00", "Mon"),
        ("Mo-Fr 08.00-12.00", "08.00-12.00"),
        ("Mo-Fr 25:00-26:00", "25:00-26:00"),
        ("Mo-Fr, 08:00-12:00", "08:00-12:00"),
        ("Mo-Fr 08:00-12:00,", "Mo-Fr 08:00-12:00,"),
        ("Mo-Fr 08:00-12:00 tomorrow", "tomorrow"),
        ("2026 Mo off", "Mo"),
        ("Dec 24-2027 Jan 06 off", "Dec 24-2027 Jan 06"),
        ("Dec 24-20 off", "Dec 24-20"),
        ("Jul-Sep 15 off", "Jul-Sep 15"),
        ("Dec 24,Mo off", "Mo"),
        ("2026 Dec 31-Jan 1,2 off", "2"),
        ("Mo off \"x", "\"x"),
        (": off", ":"),
    ] {
        let error = read(text).unwrap_err();
        assert_eq!(error, HoursError::Unreadable(part.to_owned()), "{text}");
    }
    for (text, code) in [
        ("", "hours-empty"),
        (" ; ;", "hours-empty"),
        ("Feb 30 off", "hours-no-such-date"),
        ("2026 Feb 29 off", "hours-no-such-date"),
        ("2026 Dec 24-2026 Dec 01 off", "hours-date-order"),
        ("PH off \"by appointment\"", "hours-comment-on-appointment"),
        ("PH off \"\"", "hours-comment"),
    ] {
        assert_eq!(read(text).unwrap_err().code(), code, "{text}");
    }
}

#[test]
fn foreign_hours_stay_within_limits() {
    let code = |text: &str| read(text).unwrap_err().code();
    assert_eq!(code(&format!("PH off \"{}\"", "x".repeat(121))), "hours-comment");
    assert_eq!(code(&" ".repeat(hours::LONGEST_TEXT_BYTES + 1)), "hours-too-long");
    let slots: Vec<String> = (0..13).map(|hour| format!("{hour:02}:00-{hour:02}:30")).collect();
    assert_eq!(code(&format!("Mo {}", slots.join(","))), "hours-too-many-slots");
    let dates: Vec<String> = (0..129).map(|at| format!("{} Dec 24 off", 2000 + at)).collect();
    assert_eq!(code(&dates.join(";")), "hours-too-many-exceptions");
    // One rule may stand for many exceptions that take more room than it did.
    let days: Vec<String> = (0..100).map(|at| format!("{} Dec 24", 2000 + at)).collect();
    assert_eq!(
        code(&format!("{} {} open \"{}\"", days.join(","), slots[..9].join(","), "x".repeat(120))),
        "hours-too-long"
    );
    let unlike = serde_json::from_str::<OpeningHours>(r#"{"week":[]}"#);
    assert!(unlike.is_err());
}

fn slots() -> impl Strategy<Value = Slots> {
    proptest::collection::btree_set(0u16..=1440, 2..10).prop_map(|minutes| {
        let times: Vec<ClockTime> =
            minutes.into_iter().map(|at| ClockTime::from_minutes(at).unwrap()).collect();
        Slots::new(times.chunks_exact(2).map(|pair| Slot::new(pair[0], pair[1]).unwrap()).collect()).unwrap()
    })
}

fn day() -> impl Strategy<Value = Day> {
    prop_oneof![
        2 => Just(Day::Closed),
        1 => Just(Day::all_day()),
        4 => slots().prop_map(Day::Open),
        1 => Just(Day::ByAppointment(None)),
        1 => Just(Day::ByAppointment(Some(Slots::all_day()))),
        1 => slots().prop_map(|slots| Day::ByAppointment(Some(slots))),
    ]
}

fn some_date() -> impl Strategy<Value = Date> {
    (1900i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        Just(When::PublicHolidays),
        some_date().prop_map(When::on),
        (some_date(), some_date())
            .prop_map(|(one, other)| When::Dates { from: one.min(other), to: one.max(other) }),
        (some_date(), some_date())
            .prop_map(|(from, to)| When::EachYear { from: MonthDay::of(from), to: MonthDay::of(to) }),
        some_date().prop_map(|from| When::EachYear { from: MonthDay::of(from), to: MonthDay::of(from) }),
    ]
}

fn exception() -> impl Strategy<Value = Exception> {
    let days = proptest::array::uniform7(proptest::option::of(day()));
    let comment =
        proptest::option::of("(by appointment:? ?|open |off |; ?|\\|\\|)?[a-zäم,.:()\\[\\]+/ -]{0,12}");
    (when(), days, day(), comment, any::<bool>()).prop_filter_map("makes sense", |parts| {
        let (when, days, day, comment, alike) = parts;
        let comment = comment.and_then(|comment| Comment::parse(&comment).ok());
        let made =
            if alike { Exception::new(when, day, comment) } else { Exception::weekly(when, days, comment) };
        made.ok()
    })
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_same_hours(
        week in proptest::array::uniform7(day()),
        exceptions in proptest::collection::vec(exception(), 0..6),
    ) {
        let hours = OpeningHours::new(week, exceptions).unwrap();
        prop_assert_eq!(read(&hours.to_string()), Ok(hours));
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Ok(hours) = read(&text) {
            prop_assert_eq!(read(&hours.to_string()), Ok(hours));
        }
    }

    #[test]
    fn any_heap_of_its_own_words_is_read_or_refused(
        words in proptest::collection::vec(prop_oneof![
            Just("Mo"), Just("Sa"), Just("PH"), Just("-"), Just(","), Just(";"), Just(" "), Just("Dec"), Just("Feb"),
            Just("24"), Just("2026"), Just("08:00"), Just("12:00"), Just("26:00"), Just("off"), Just("open"),
            Just("\"by appointment\""), Just("\"x\""), Just(":"), Just("24/7"), Just("08:00-12:00"), Just("ſu"),
        ], 0..14),
    ) {
        if let Ok(hours) = read(&words.concat()) {
            prop_assert_eq!(read(&hours.to_string()), Ok(hours));
        }
    }
}
