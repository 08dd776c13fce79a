//! A foreign calendar read with patience: an event that cannot be understood is told of and costs no other. Wrong
//! dates are worse than none, so an event is left out whole if its rule is not one of ours.

use super::component::{MOST_EVENTS, RawEvent, parts};
use super::error::{IcalError, Trouble};
use super::line::Line;
use super::value::{Period, When, moment};
use super::zones::Zones;
use super::{CalendarEvent, Geo, Status};
use crate::domain::content::recurrence::{MOST_EXCEPTIONS, Moved, Rule, Schedule, ScheduleError, Zone};
use jiff::civil::DateTime;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const LONGEST_QUOTE: usize = 80;

/// What could be understood of a calendar.
#[derive(Clone, Debug)]
pub struct ReadCalendar {
    pub name: Option<String>,
    /// Each UID once, in the order of the file.
    pub events: Vec<CalendarEvent>,
    pub problems: Vec<Problem>,
    /// Whether every event of the file is among `events` or told of in `problems`.
    pub complete: bool,
}

/// Something that was not taken over, in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Empty where it is not of one event.
    pub uid: String,
    /// Whether it costs the whole event, or only a part of it.
    pub lost: Lost,
    pub what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    Event,
    Part,
}

/// Reads a calendar. `home` is the zone of times without one and of whole days, if the calendar does not tell its
/// own. An event that takes place once and is told in UTC is given the clock of `home`, at the same moment.
///
/// # Errors: more than `most_bytes`, or no calendar at all.
pub fn read(bytes: &[u8], most_bytes: usize, home: &Zone) -> Result<ReadCalendar, IcalError> {
    if bytes.len() > most_bytes {
        return Err(IcalError::TooLarge { size_bytes: bytes.len(), most_bytes });
    }
    let raw = parts(bytes)?;
    let mut zones = Zones::new(home.clone(), raw.places);
    if let Some(own) = raw.zone.and_then(|name| zones.find(&name)) {
        zones.home = own;
    }
    let mut calendar =
        ReadCalendar { name: raw.name, events: Vec::new(), problems: Vec::new(), complete: true };
    if raw.cut_short {
        let what = format!(
            "it is cut short or too long: an event without an end was left out, or all beyond the {MOST_EVENTS} \
             that are read"
        );
        calendar.complete = false;
        calendar.problems.push(Problem { uid: String::new(), lost: Lost::Event, what });
    }
    for (uid, same) in by_uid(raw.events) {
        let summary = same.iter().find_map(|event| event.text("SUMMARY")).map(short).unwrap_or_default();
        let mut reader = Reader { zones: &mut zones, troubles: Vec::new() };
        let told = |lost: Lost, trouble: Trouble| {
            let fate = if lost == Lost::Event { "was left out" } else { "was taken over, but" };
            Problem { uid: uid.clone(), lost, what: format!("“{summary}” {fate}: {trouble}") }
        };
        match reader.event(&uid, same) {
            Ok(event) => {
                calendar.events.push(event);
                let parts = reader.troubles.into_iter().map(|trouble| told(Lost::Part, trouble));
                calendar.problems.extend(parts);
            }
            Err(trouble) => calendar.problems.push(told(Lost::Event, trouble)),
        }
    }
    Ok(calendar)
}

/// Of a foreign text as much as a problem quotes.
fn short(text: String) -> String {
    if text.chars().count() <= LONGEST_QUOTE {
        text
    } else {
        text.chars().take(LONGEST_QUOTE).chain(['…']).collect()
    }
}

/// In the order in which the UIDs come up; events without one stay alone.
fn by_uid(events: Vec<RawEvent>) -> Vec<(String, Vec<RawEvent>)> {
    let mut groups: Vec<(String, Vec<RawEvent>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for event in events {
        let uid = event.text("UID").unwrap_or_default();
        match places.get(&uid).filter(|_| !uid.is_empty()) {
            Some(at) => groups[*at].1.push(event),
            None => {
                places.insert(uid.clone(), groups.len());
                groups.push((uid, vec![event]));
            }
        }
    }
    groups
}

/// Reads one event.
struct Reader<'a> {
    zones: &'a mut Zones,
    /// What is lost without losing the event.
    troubles: Vec<Trouble>,
}

impl Reader<'_> {
    /// Joins the event and its changed dates; of changed dates alone, the first stands for the event.
    fn event(&mut self, uid: &str, same: Vec<RawEvent>) -> Result<CalendarEvent, Trouble> {
        if uid.is_empty() {
            return Err(Trouble::NoUid);
        }
        let (mut changes, mut wholes): (Vec<RawEvent>, Vec<RawEvent>) =
            same.into_iter().partition(|event| event.line("RECURRENCE-ID").is_some());
        if wholes.is_empty() {
            wholes.push(changes.remove(0));
        }
        if wholes.len() > 1 {
            self.troubles.push(Trouble::Repeated(wholes.len()));
        }
        let event = wholes.into_iter().max_by_key(sequence).ok_or(Trouble::NoStart)?;
        let mut schedule = self.schedule(&event)?;
        self.change(&mut schedule, &changes)?;
        self.cancel(&mut schedule, &event)?;
        self.add(&mut schedule, &event)?;
        Ok(CalendarEvent {
            uid: uid.to_owned(),
            schedule,
            language: None,
            summary: event.text("SUMMARY").unwrap_or_default(),
            description: event.text("DESCRIPTION"),
            location: event.text("LOCATION"),
            geo: event.line("GEO").and_then(geo),
            url: event.text("URL").and_then(|url| web_address(&url)),
            categories: event.lines("CATEGORIES").flat_map(Line::texts).collect(),
            status: status(&event),
            modified: event.line("LAST-MODIFIED").and_then(moment),
        })
    }

    /// When it takes place, but for changed and cancelled dates.
    fn schedule(&mut self, event: &RawEvent) -> Result<Schedule, Trouble> {
        if event.line("EXRULE").is_some() {
            return Err(Trouble::Unsupported("EXRULE, a rule of dates that are cancelled"));
        }
        let mut rules = event.lines("RRULE");
        let rule = rules.next().map(|line| line.value.parse::<Rule>()).transpose()?;
        if rules.next().is_some() {
            return Err(Trouble::Unsupported("RRULE more than once"));
        }
        let mut schedule = match Period::of(event, self.zones)? {
            Period::Days { first, last } => Schedule::all_day(first, last, self.zones.home.clone())?,
            // Many write UTC to be spared telling a zone; their moment is right, and so is the clock at home.
            period @ Period::Times { .. } if rule.is_none() && period.is_utc() => {
                let Moved { start, end } = period.local(&self.zones.home);
                Schedule::new(start, end, self.zones.home.clone())?
            }
            Period::Times { start, end, zone } => Schedule::new(start, end, zone)?,
        };
        if let Some(rule) = rule {
            schedule.repeat(rule)?;
        }
        Ok(schedule)
    }

    /// Takes over what the changed dates say of their times; their texts are those of the event.
    fn change(&mut self, schedule: &mut Schedule, changes: &[RawEvent]) -> Result<(), Trouble> {
        let mut newest: BTreeMap<DateTime, &RawEvent> = BTreeMap::new();
        for event in changes {
            let Some(line) = event.line("RECURRENCE-ID") else { continue };
            if line.parameter("RANGE").is_some() {
                return Err(Trouble::Unsupported("RANGE, a change of all later dates"));
            }
            let id = match When::of(line, self.zones) {
                Ok(when) => identity(&when, schedule),
                Err(trouble) => {
                    self.troubles.push(Trouble::Date(short(line.value.clone()), Box::new(trouble)));
                    continue;
                }
            };
            let known = newest.entry(id).or_insert(event);
            if sequence(event) >= sequence(known) {
                *known = event;
            }
        }
        let given = schedule.given_among(&newest.keys().copied().collect());
        for (id, event) in newest {
            if let Err(trouble) = self.change_date(schedule, (id, given.contains(&id)), event) {
                self.troubles.push(Trouble::Date(id.to_string(), Box::new(trouble)));
            }
        }
        Ok(())
    }

    /// Of a date, and whether the rule gives it.
    fn change_date(
        &mut self,
        schedule: &mut Schedule,
        (id, is_given): (DateTime, bool),
        event: &RawEvent,
    ) -> Result<(), Trouble> {
        if status(event) == Status::Cancelled {
            return Ok(schedule.cancel(id)?);
        }
        let period = Period::of(event, self.zones)?;
        if schedule.is_all_day() && matches!(period, Period::Times { .. }) {
            return Err(Trouble::NoWholeDay);
        }
        let moved = period.local(schedule.zone());
        let length = schedule.end().duration_since(schedule.start());
        let stays = moved.start == id && moved.end.duration_since(moved.start) == length;
        // Only its text has changed; a date that the rule does not give is there for its own sake.
        if stays && is_given { Ok(()) } else { Ok(schedule.reschedule(id, moved)?) }
    }

    /// Cancels the dates that the event excepts, unless one of them is told with a time of its own.
    fn cancel(&mut self, schedule: &mut Schedule, event: &RawEvent) -> Result<(), Trouble> {
        for line in event.lines("EXDATE") {
            for when in When::all_of(line, self.zones) {
                let id = identity(&when?, schedule);
                if !schedule.moved().contains_key(&id) {
                    schedule.cancel(id)?;
                }
            }
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Adds the dates that the event names besides its rule, unless they are excepted or changed.
    fn add(&mut self, schedule: &mut Schedule, event: &RawEvent) -> Result<(), Trouble> {
        let length = schedule.end().duration_since(schedule.start());
        // With their ends. Hostile calendars tell one a million times.
        let mut wanted: BTreeMap<DateTime, DateTime> = BTreeMap::new();
        for line in event.lines("RDATE") {
            for (when, end) in When::and_ends(line, self.zones) {
                let (start, end) = (identity(&when?, schedule), end.transpose()?);
                let end = match end {
                    Some(end) if !schedule.is_all_day() => end.local(schedule.zone()),
                    _ => start.saturating_add(length),
                };
                let known = schedule.cancelled().contains(&start) || schedule.moved().contains_key(&start);
                if !known {
                    wanted.entry(start).or_insert(end);
                }
                if wanted.len() > MOST_EXCEPTIONS {
                    return Err(ScheduleError::TooManyExceptions.into());
                }
            }
        }
        let starts: BTreeSet<DateTime> = wanted.keys().copied().collect();
        let given = schedule.given_among(&starts);
        for (start, end) in wanted.into_iter().filter(|(start, _)| !given.contains(start)) {
            schedule.reschedule(start, Moved { start, end })?;
        }
        Ok(())
    }
}

/// The start of a date by the clock of the event; a day alone means the date on that day.
fn identity(when: &When, schedule: &Schedule) -> DateTime {
    match when {
        When::Day(day) => day.to_datetime(schedule.start().time()),
        When::Time(at, _) if schedule.is_all_day() => at.date().to_datetime(schedule.start().time()),
        time => time.local(schedule.zone()),
    }
}

/// How often it was revised.
fn sequence(event: &RawEvent) -> u64 {
    event.text("SEQUENCE").and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn status(event: &RawEvent) -> Status {
    match event.text("STATUS").unwrap_or_default().to_ascii_uppercase().as_str() {
        "CANCELLED" => Status::Cancelled,
        "TENTATIVE" => Status::Tentative,
        _ => Status::Confirmed,
    }
}

fn geo(line: &Line) -> Option<Geo> {
    let (latitude, longitude) = line.value.split_once([';', ','])?;
    let number = |text: &str, most: f64| text.trim().parse().ok().filter(|number: &f64| number.abs() <= most);
    Some(Geo { latitude: number(latitude, 90.0)?, longitude: number(longitude, 180.0)? })
}

fn web_address(text: &str) -> Option<url::Url> {
    url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}
