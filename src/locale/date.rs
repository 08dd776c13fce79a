//! Days as a language writes them. Always by the Gregorian calendar and in Latin digits, whatever the language's
//! own custom is: readers compare them with letters and forms of the authorities.

use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use icu::calendar::Date;
use icu::calendar::Gregorian;
use icu::datetime::FixedCalendarDateTimeFormatter;
use icu::datetime::fieldsets::YMD;
use icu::locale::Locale;
use jiff::tz::TimeZone;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

type Formatter = FixedCalendarDateTimeFormatter<Gregorian, YMD>;

thread_local! {
    /// Made once per language and thread, since making one takes up to 300 µs and it cannot be shared.
    static FORMATTERS: RefCell<HashMap<LanguageTag, Option<Rc<Formatter>>>> = RefCell::default();
}

/// The zone of that IANA name; UTC if there is none of that name.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The day of `moment` in `zone`, such as "20. November 2023"; as 2023-11-20 if the language is not known at all.
pub fn day(language: &LanguageTag, moment: Moment, zone: &TimeZone) -> String {
    let civil = moment.timestamp().to_zoned(zone.clone()).date();
    let written = || {
        let month = u8::try_from(civil.month()).ok()?;
        let day = u8::try_from(civil.day()).ok()?;
        let date = Date::try_new_gregorian(i32::from(civil.year()), month, day).ok()?;
        Some(formatter(language)?.format(&date).to_string())
    };
    written().unwrap_or_else(|| civil.to_string())
}

fn formatter(language: &LanguageTag) -> Option<Rc<Formatter>> {
    FORMATTERS.with_borrow_mut(|all| match all.get(language) {
        Some(known) => known.clone(),
        None => all.entry(language.clone()).or_insert(make(language).map(Rc::new)).clone(),
    })
}

fn make(language: &LanguageTag) -> Option<Formatter> {
    let plain = language.as_str().split("-x-").next()?;
    let locale: Locale = format!("{plain}-u-ca-gregory-nu-latn").parse().ok()?;
    Formatter::try_new(locale.into(), YMD::long()).ok()
}

#[cfg(test)]
mod tests {
    use super::{day, zone};
    use crate::base::moment::Moment;

    fn written(language: &str) -> String {
        let at = Moment::parse("2023-11-20T23:30:00Z").unwrap();
        day(&language.parse().unwrap(), at, &zone("Europe/Berlin"))
    }

    #[test]
    fn a_day_is_written_as_the_language_writes_it_and_in_the_zone_of_the_region() {
        assert_eq!(written("de"), "21. November 2023");
        assert_eq!(written("de-DE-x-simple"), "21. November 2023");
        assert_eq!(written("en"), "November 21, 2023");
        assert_eq!(written("ar"), "21 نوفمبر 2023");
    }

    #[test]
    fn no_language_brings_its_own_calendar_or_digits() {
        for language in ["fa", "ps", "th", "ckb", "am", "ti", "ar-EG"] {
            let text = written(language);
            assert!(text.contains("2023"), "{language}: {text}");
        }
    }
}
