//! Opening hours as schema.org's `OpeningHoursSpecification`, for search engines.
//! It knows neither appointments, which count as closed, nor seasons of every year, which are left out.

use super::day::{ClockTime, Day, alike};
use super::exception::{Exception, When};
use super::hours::OpeningHours;
use jiff::civil::Date;
use serde::Serialize;

const WEEKDAYS: [&str; 7] = [
    "https://schema.org/Monday",
    "https://schema.org/Tuesday",
    "https://schema.org/Wednesday",
    "https://schema.org/Thursday",
    "https://schema.org/Friday",
    "https://schema.org/Saturday",
    "https://schema.org/Sunday",
];
const PUBLIC_HOLIDAYS: &str = "https://schema.org/PublicHolidays";

/// One slot of some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpeningHoursSpecification {
    #[serde(rename = "@type")]
    kind: &'static str,
    /// All days if it is empty.
    #[serde(rename = "dayOfWeek", skip_serializing_if = "Vec::is_empty")]
    day_of_week: Vec<&'static str>,
    opens: String,
    closes: String,
    #[serde(rename = "validFrom", skip_serializing_if = "Option::is_none")]
    valid_from: Option<Date>,
    /// The last day itself.
    #[serde(rename = "validThrough", skip_serializing_if = "Option::is_none")]
    valid_through: Option<Date>,
}

impl OpeningHours {
    /// The usual week and public holidays, for `openingHoursSpecification`. Days that are not named are closed.
    pub fn specifications(&self) -> Vec<OpeningHoursSpecification> {
        let open = self.week().iter().enumerate().filter(|(_, day)| matches!(day, Day::Open(_)));
        let mut found = Vec::new();
        for (weekdays, day) in alike(open) {
            found.extend(specified(named(&weekdays), day, None));
        }
        let holidays =
            self.exceptions().iter().rev().find(|exception| exception.when() == When::PublicHolidays);
        let day = holidays.and_then(|exception| exception.days()[0].as_ref());
        found.extend(day.into_iter().flat_map(|day| specified(vec![PUBLIC_HOLIDAYS], day, None)));
        found
    }

    /// The exceptions on certain dates, for `specialOpeningHoursSpecification`.
    pub fn special_specifications(&self) -> Vec<OpeningHoursSpecification> {
        self.exceptions().iter().flat_map(special).collect()
    }
}

fn special(exception: &Exception) -> Vec<OpeningHoursSpecification> {
    let When::Dates { from, to } = exception.when() else { return Vec::new() };
    let days = exception.days().iter().enumerate();
    let groups = alike(days.filter_map(|(weekday, day)| Some((weekday, day.as_ref()?))));
    let days = |weekdays: &[usize]| if weekdays.len() == 7 { Vec::new() } else { named(weekdays) };
    groups.iter().flat_map(|(weekdays, day)| specified(days(weekdays), day, Some((from, to)))).collect()
}

/// Both ends at midnight say that it is closed; a day that ends at 24:00 ends with its last minute, as search engines
/// ask for.
fn specified(
    day_of_week: Vec<&'static str>,
    day: &Day,
    valid: Option<(Date, Date)>,
) -> Vec<OpeningHoursSpecification> {
    let midnight = ClockTime::DAY_BEGINS.to_string();
    let times = match day {
        Day::Open(slots) => {
            slots.as_slice().iter().map(|slot| (slot.start().to_string(), closing(slot.end()))).collect()
        }
        Day::Closed | Day::ByAppointment(_) => vec![(midnight.clone(), midnight)],
    };
    let specification = |(opens, closes)| OpeningHoursSpecification {
        kind: "OpeningHoursSpecification",
        day_of_week: day_of_week.clone(),
        opens,
        closes,
        valid_from: valid.map(|(from, _)| from),
        valid_through: valid.map(|(_, through)| through),
    };
    times.into_iter().map(specification).collect()
}

fn closing(end: ClockTime) -> String {
    if end == ClockTime::DAY_ENDS { "23:59".to_owned() } else { end.to_string() }
}

fn named(weekdays: &[usize]) -> Vec<&'static str> {
    weekdays.iter().map(|weekday| WEEKDAYS[*weekday]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, to_value};

    #[test]
    fn a_week_is_told_with_its_holidays() {
        let hours: OpeningHours =
            "Mo,Tu 08:00-12:00,14:00-24:00; We \"by appointment\"; PH off; Jul Mo off".parse().unwrap();
        let days = ["https://schema.org/Monday", "https://schema.org/Tuesday"];
        let kind = "OpeningHoursSpecification";
        let expected = json!([
            {"@type": kind, "dayOfWeek": days, "opens": "08:00", "closes": "12:00"},
            {"@type": kind, "dayOfWeek": days, "opens": "14:00", "closes": "23:59"},
            {"@type": kind, "dayOfWeek": ["https://schema.org/PublicHolidays"], "opens": "00:00", "closes": "00:00"},
        ]);
        assert_eq!(to_value(hours.specifications()).unwrap(), expected);
        assert_eq!(to_value(hours.special_specifications()).unwrap(), json!([]));
    }

    #[test]
    fn dates_are_told_with_their_first_and_last_day() {
        let hours: OpeningHours =
            "24/7; 2026 Dec 24-2027 Jan 06 off \"Ferien\"; 2026 Dec 28-30 Mo 10:00-12:00".parse().unwrap();
        let kind = "OpeningHoursSpecification";
        let expected = json!([
            {"@type": kind, "opens": "00:00", "closes": "00:00",
             "validFrom": "2026-12-24", "validThrough": "2027-01-06"},
            {"@type": kind, "dayOfWeek": ["https://schema.org/Monday"], "opens": "10:00", "closes": "12:00",
             "validFrom": "2026-12-28", "validThrough": "2026-12-30"},
        ]);
        assert_eq!(to_value(hours.special_specifications()).unwrap(), expected);
        assert_eq!(to_value(hours.specifications()).unwrap()[0]["closes"], "23:59");
    }
}
