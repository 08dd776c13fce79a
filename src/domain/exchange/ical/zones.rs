//! Which zone a foreign TZID means: an IANA name, plain or at the end of a path, the name that its VTIMEZONE tells,
//! or one of Windows.

use crate::domain::content::recurrence::Zone;
use std::collections::HashMap;

/// Zones of one calendar.
pub struct Zones {
    /// In which floating times and whole days are meant.
    pub home: Zone,
    /// By TZID: what the calendar's VTIMEZONE says of its place.
    pub places: HashMap<String, String>,
    found: HashMap<String, Option<Zone>>,
}

impl Zones {
    pub fn new(home: Zone, places: HashMap<String, String>) -> Zones {
        Zones { home, places, found: HashMap::new() }
    }

    pub fn find(&mut self, id: &str) -> Option<Zone> {
        if let Some(known) = self.found.get(id) {
            return known.clone();
        }
        let place = || self.places.get(id).and_then(|place| named(place));
        let found = named(id).or_else(place);
        self.found.insert(id.to_owned(), found.clone());
        found
    }
}

/// By its name here, at the end of a path such as `/mozilla.org/20070129_1/Europe/Berlin`, or by its name in Windows.
fn named(name: &str) -> Option<Zone> {
    let name = name.trim();
    let windows =
        || WINDOWS.iter().find(|(theirs, _)| theirs.eq_ignore_ascii_case(name)).map(|(_, ours)| *ours);
    let in_brackets = || WINDOWS_CITIES.iter().find(|(city, _)| name.starts_with("(") && name.contains(city));
    let ends = name.match_indices('/').map(|(at, _)| &name[at + 1..]);
    Zone::named(name)
        .ok()
        .or_else(|| {
            windows().or_else(|| in_brackets().map(|(_, ours)| *ours)).and_then(|ours| Zone::named(ours).ok())
        })
        // The longest end first, so that America/Indiana/Knox is not looked for as Knox.
        .or_else(|| ends.take(8).find_map(|end| Zone::named(end).ok()))
}

/// Outlook also writes what its menu shows, such as `(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna`.
const WINDOWS_CITIES: &[(&str, &str)] = &[
    ("Berlin", "Europe/Berlin"),
    ("Paris", "Europe/Paris"),
    ("Warsaw", "Europe/Warsaw"),
    ("Prague", "Europe/Budapest"),
    ("London", "Europe/London"),
    ("Athens", "Europe/Bucharest"),
    ("Helsinki", "Europe/Kyiv"),
    ("Istanbul", "Europe/Istanbul"),
    ("Moscow", "Europe/Moscow"),
    ("Eastern Time", "America/New_York"),
    ("Central Time", "America/Chicago"),
    ("Mountain Time", "America/Denver"),
    ("Pacific Time", "America/Los_Angeles"),
    ("Coordinated Universal Time", "UTC"),
];

/// After CLDR's windowsZones, territory 001.
const WINDOWS: &[(&str, &str)] = &[
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Romance Standard Time", "Europe/Paris"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("FLE Standard Time", "Europe/Kyiv"),
    ("Kaliningrad Standard Time", "Europe/Kaliningrad"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Belarus Standard Time", "Europe/Minsk"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Russia Time Zone 3", "Europe/Samara"),
    ("UTC", "UTC"),
    ("Coordinated Universal Time", "UTC"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("E. Africa Standard Time", "Africa/Nairobi"),
    ("Middle East Standard Time", "Asia/Beirut"),
    ("Syria Standard Time", "Asia/Damascus"),
    ("Jordan Standard Time", "Asia/Amman"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("Arabic Standard Time", "Asia/Baghdad"),
    ("Iran Standard Time", "Asia/Tehran"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Azerbaijan Standard Time", "Asia/Baku"),
    ("Georgian Standard Time", "Asia/Tbilisi"),
    ("Caucasus Standard Time", "Asia/Yerevan"),
    ("Afghanistan Standard Time", "Asia/Kabul"),
    ("Pakistan Standard Time", "Asia/Karachi"),
    ("India Standard Time", "Asia/Kolkata"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("Eastern Standard Time", "America/New_York"),
    ("Central Standard Time", "America/Chicago"),
    ("Mountain Standard Time", "America/Denver"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("Argentina Standard Time", "America/Argentina/Buenos_Aires"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_windows_leads_to_a_zone() {
        for (theirs, ours) in WINDOWS.iter().chain(WINDOWS_CITIES) {
            assert!(Zone::named(ours).is_ok(), "{theirs}: {ours}");
        }
    }

    #[test]
    fn a_foreign_zone_is_known_by_any_of_its_names() {
        let places = HashMap::from([("Our zone".to_owned(), "Europe/Vienna".to_owned())]);
        let mut zones = Zones::new(Zone::utc(), places);
        let mut name = |id| zones.find(id).map(|zone| zone.name().to_owned());
        assert_eq!(name("Europe/Berlin").as_deref(), Some("Europe/Berlin"));
        assert_eq!(name("w. europe standard time").as_deref(), Some("Europe/Berlin"));
        assert_eq!(
            name("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna").as_deref(),
            Some("Europe/Berlin")
        );
        assert_eq!(name("/mozilla.org/20070129_1/Europe/Berlin").as_deref(), Some("Europe/Berlin"));
        assert_eq!(name("/x/America/Indiana/Knox").as_deref(), Some("America/Indiana/Knox"));
        assert_eq!(name("Our zone").as_deref(), Some("Europe/Vienna"));
        assert_eq!(name("Customized Time Zone"), None);
    }
}
