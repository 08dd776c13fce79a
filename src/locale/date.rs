//! Days and times as a language writes them. Always by the Gregorian calendar, in Latin digits and on a clock of 24
//! hours, whatever the language's own custom is: readers compare them with letters and forms of the authorities.

use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use icu::calendar::{Date, Gregorian};
use icu::datetime::fieldsets::enums::{
    CalendarPeriodFieldSet, CompositeDateTimeFieldSet, DateFieldSet, TimeFieldSet,
};
use icu::datetime::fieldsets::{E, MD, MDE, T, YM, YMD, YMDE, zone::Location};
use icu::datetime::input::{DateTime, Time};
use icu::datetime::{FixedCalendarDateTimeFormatter, NoCalendarFormatter};
use icu::list::ListFormatter;
use icu::list::options::ListFormatterOptions;
use icu::locale::Locale;
use icu::time::zone::IanaParser;
use jiff::civil;
use jiff::tz::TimeZone;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What of a day and a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// 20. November 2023
    Day,
    /// Montag, 20. November 2023
    WeekdayAndDay,
    /// Montag, 20. November
    WeekdayAndDayOfYear,
    /// 20. November
    DayOfYear,
    /// November 2023
    Month,
    /// Montag
    Weekday,
    /// Mo
    ShortWeekday,
    /// 14:30
    Time,
}

type Formatter = FixedCalendarDateTimeFormatter<Gregorian, CompositeDateTimeFieldSet>;

/// `None` for a language that is not known.
type Formatters = HashMap<(LanguageTag, Form), Option<Rc<Formatter>>>;

thread_local! {
    /// Made once per language, form and thread, since making one takes up to 300 µs and it cannot be shared.
    static FORMATTERS: RefCell<Formatters> = RefCell::default();
}

/// The zone of that IANA name; UTC if there is none of that name.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The day of `moment` in `zone`, such as "20. November 2023"; as 2023-11-20 if the language is not known at all.
pub fn day(language: &LanguageTag, moment: Moment, zone: &TimeZone) -> String {
    written(language, Form::Day, zone.to_datetime(moment.timestamp()))
}

/// What a clock and a calendar on the wall show, as the language writes it; in ISO 8601 if it is not known at all.
pub fn written(language: &LanguageTag, form: Form, at: civil::DateTime) -> String {
    let plain = || match form {
        Form::Time => at.strftime("%H:%M").to_string(),
        _ => at.date().to_string(),
    };
    let formatted = || Some(formatter(language, form)?.format(&gregorian(at)?).to_string());
    formatted().unwrap_or_else(plain)
}

fn gregorian(at: civil::DateTime) -> Option<DateTime<Gregorian>> {
    let part = |number: i8| u8::try_from(number).ok();
    let date = Date::try_new_gregorian(i32::from(at.year()), part(at.month())?, part(at.day())?).ok()?;
    let time = Time::try_new(part(at.hour())?, part(at.minute())?, part(at.second())?, 0).ok()?;
    Some(DateTime { date, time })
}

/// What the clocks of a zone are called, such as "Kiew (Ortszeit)"; its IANA name if the language is not known.
pub fn zone_name(language: &LanguageTag, zone: &str) -> String {
    let named = || {
        let formatter = NoCalendarFormatter::try_new(locale(language)?.into(), Location).ok()?;
        Some(formatter.format(&IanaParser::new().parse(zone).without_offset()).to_string())
    };
    named().unwrap_or_else(|| zone.to_owned())
}

/// Several things in one line, such as "Dienstag und Donnerstag".
pub fn list(language: &LanguageTag, items: &[String]) -> String {
    let joined = || {
        let formatter =
            ListFormatter::try_new_and(locale(language)?.into(), ListFormatterOptions::default()).ok()?;
        Some(formatter.format(items.iter()).to_string())
    };
    joined().unwrap_or_else(|| items.join(", "))
}

fn formatter(language: &LanguageTag, form: Form) -> Option<Rc<Formatter>> {
    FORMATTERS.with_borrow_mut(|all| match all.get(&(language.clone(), form)) {
        Some(known) => known.clone(),
        None => all.entry((language.clone(), form)).or_insert(make(language, form).map(Rc::new)).clone(),
    })
}

fn make(language: &LanguageTag, form: Form) -> Option<Formatter> {
    use CompositeDateTimeFieldSet as Fields;
    let fields = match form {
        Form::Day => Fields::Date(DateFieldSet::YMD(YMD::long())),
        Form::WeekdayAndDay => Fields::Date(DateFieldSet::YMDE(YMDE::long())),
        Form::WeekdayAndDayOfYear => Fields::Date(DateFieldSet::MDE(MDE::long())),
        Form::DayOfYear => Fields::Date(DateFieldSet::MD(MD::long())),
        Form::Month => Fields::CalendarPeriod(CalendarPeriodFieldSet::YM(YM::long())),
        Form::Weekday => Fields::Date(DateFieldSet::E(E::long())),
        Form::ShortWeekday => Fields::Date(DateFieldSet::E(E::short())),
        Form::Time => Fields::Time(TimeFieldSet::T(T::hm())),
    };
    Formatter::try_new(locale(language)?.into(), fields).ok()
}

fn locale(language: &LanguageTag) -> Option<Locale> {
    let plain = language.as_str().split("-x-").next()?;
    format!("{plain}-u-ca-gregory-hc-h23-nu-latn").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Form, day, list, written, zone, zone_name};
    use crate::base::moment::Moment;

    fn told(language: &str) -> String {
        let at = Moment::parse("2023-11-20T23:30:00Z").unwrap();
        day(&language.parse().unwrap(), at, &zone("Europe/Berlin"))
    }

    #[test]
    fn a_day_is_written_as_the_language_writes_it_and_in_the_zone_of_the_region() {
        assert_eq!(told("de"), "21. November 2023");
        assert_eq!(told("de-DE-x-simple"), "21. November 2023");
        assert_eq!(told("en"), "November 21, 2023");
        assert_eq!(told("ar"), "21 نوفمبر 2023");
    }

    #[test]
    fn no_language_brings_its_own_calendar_or_digits() {
        for language in ["fa", "ps", "th", "ckb", "am", "ti", "ar-EG"] {
            let text = told(language);
            assert!(text.contains("2023"), "{language}: {text}");
        }
    }

    #[test]
    fn times_are_those_of_a_clock_of_twenty_four_hours() {
        let at = jiff::civil::date(2026, 11, 24).at(17, 5, 0, 0);
        for language in ["de", "en", "ar", "fa", "uk", "ru", "tr", "fr", "am", "ckb"] {
            assert_eq!(written(&language.parse().unwrap(), Form::Time, at), "17:05", "{language}");
        }
        let midnight = at.with().hour(0).minute(0).build().unwrap();
        assert_eq!(written(&"en".parse().unwrap(), Form::Time, midnight), "00:00");
    }

    #[test]
    fn a_date_is_written_as_far_as_it_is_needed() {
        let at = jiff::civil::date(2026, 11, 24).at(17, 0, 0, 0);
        let german = |form| written(&"de".parse().unwrap(), form, at);
        assert_eq!(german(Form::WeekdayAndDay), "Dienstag, 24. November 2026");
        assert_eq!(german(Form::WeekdayAndDayOfYear), "Dienstag, 24. November");
        assert_eq!(
            (german(Form::Month), german(Form::Weekday)),
            ("November 2026".to_owned(), "Dienstag".to_owned())
        );
        assert_eq!(written(&"ar".parse().unwrap(), Form::Month, at), "نوفمبر 2026");
    }

    #[test]
    fn zones_and_lists_have_their_words() {
        let (german, arabic) = ("de".parse().unwrap(), "ar".parse().unwrap());
        assert_eq!(zone_name(&german, "Europe/Kyiv"), "Kiew (Ortszeit)");
        assert_eq!(zone_name(&arabic, "Europe/Kyiv"), "توقيت كييف");
        let days = ["Montag".to_owned(), "Mittwoch".to_owned()];
        assert_eq!(list(&german, &days), "Montag und Mittwoch");
    }
}
