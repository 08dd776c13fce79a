//! A foreign calendar in raw parts: what it says of itself, its zones, and the lines of its events.

use super::error::IcalError;
use super::line::{Line, unfold};
use std::collections::HashMap;

/// More events than any town has; the rest of a file is left out.
pub const MOST_EVENTS: usize = 20_000;
/// Lines of all events together that are kept; so many would be thousands of events of more than a page each.
const MOST_LINES: usize = 400_000;
/// What is read of an event.
const NAMES: [&str; 18] = [
    "UID",
    "SEQUENCE",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "EXRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "GEO",
    "URL",
    "CATEGORIES",
    "STATUS",
    "LAST-MODIFIED",
];
/// Components inside components that are told apart; alarms in events in a calendar are three.
const DEEPEST: usize = 8;

#[derive(Default)]
pub struct RawCalendar {
    pub name: Option<String>,
    /// Zone of the whole, as Google and Apple tell it.
    pub zone: Option<String>,
    /// By TZID, an IANA name.
    pub places: HashMap<String, String>,
    pub events: Vec<RawEvent>,
    /// An event was left out that has no end, or that is one too many; or lines of one.
    pub cut_short: bool,
}

/// The lines of an event, without those of its alarms.
#[derive(Default)]
pub struct RawEvent(Vec<Line>);

impl RawEvent {
    pub fn line<'a>(&'a self, name: &'a str) -> Option<&'a Line> {
        self.lines(name).next()
    }

    pub fn lines<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Line> + 'a {
        self.0.iter().filter(move |line| line.name == name)
    }

    /// A text that is not empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.line(name).map(Line::text).filter(|text| !text.is_empty())
    }
}

/// # Errors: [`IcalError::NoCalendar`] if no component of that name begins anywhere.
pub fn parts(bytes: &[u8]) -> Result<RawCalendar, IcalError> {
    let mut calendar = RawCalendar::default();
    let mut open: Vec<String> = Vec::new();
    let mut event: Option<RawEvent> = None;
    let mut zone = String::new();
    let (mut any, mut lines) = (false, 0);
    for line in unfold(bytes).filter_map(|line| Line::parse(&line)) {
        let component = || line.value.trim().to_ascii_uppercase();
        match (line.name.as_str(), open.last().map(String::as_str)) {
            ("BEGIN", _) => {
                let name = component();
                any |= name == "VCALENDAR";
                match name.as_str() {
                    // One that begins inside another has lost its end, and the other with it.
                    "VEVENT" => calendar.cut_short |= event.replace(RawEvent::default()).is_some(),
                    "VTIMEZONE" => zone.clear(),
                    _ => {}
                }
                if open.len() < DEEPEST {
                    open.push(name);
                }
            }
            ("END", _) => {
                let name = component();
                if name == "VEVENT"
                    && let Some(event) = event.take()
                {
                    match calendar.events.len() < MOST_EVENTS {
                        true => calendar.events.push(event),
                        false => calendar.cut_short = true,
                    }
                }
                if let Some(at) = open.iter().rposition(|known| *known == name) {
                    open.truncate(at);
                }
            }
            (_, Some("VEVENT")) => {
                let is_read = NAMES.contains(&line.name.as_str());
                if let Some(event) = event.as_mut().filter(|_| is_read) {
                    match lines < MOST_LINES {
                        true => event.0.push(line),
                        false => calendar.cut_short = true,
                    }
                    lines += 1;
                }
            }
            ("TZID", Some("VTIMEZONE")) => zone = line.value.trim().to_owned(),
            ("X-LIC-LOCATION", Some("VTIMEZONE")) => {
                calendar.places.insert(zone.clone(), line.value.trim().to_owned());
            }
            ("NAME" | "X-WR-CALNAME", Some("VCALENDAR")) => {
                calendar.name = Some(line.text()).filter(|name| !name.is_empty());
            }
            ("X-WR-TIMEZONE", Some("VCALENDAR")) => calendar.zone = Some(line.text()),
            _ => {}
        }
    }
    calendar.cut_short |= event.is_some();
    if any { Ok(calendar) } else { Err(IcalError::NoCalendar) }
}
