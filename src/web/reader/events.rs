//! Events: what comes in the order of days, a calendar for each month, and a page for each event.

use super::address::{self, Scope};
use super::agenda::{self, Entry};
use super::calendar::Calendar;
use super::card::AddressCard;
use super::frame::{FileLink, Frame, Indexing, Marked, Step};
use super::item::{self, Crumb, Sheet, crumb, home, related};
use super::linked_data::LinkedData;
use super::render::World;
use super::section::{Month, Section, Subject};
use super::when;
use crate::domain::content::facts::{EventFacts, Facts, PlaceFacts};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::ItemView;
use crate::domain::content::vocabulary::Term;
use crate::locale::date::Form;
use crate::web::open::{self, File};
use askama::Template;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Dates that the page of one event shows.
const MOST_DATES: usize = 8;

/// A date in a list.
pub struct Line {
    pub href: String,
    pub title: Marked,
    pub at: String,
    pub time: Marked,
    pub zone: Option<String>,
    /// Of one that goes on for days: the last of them, and of a long one the first too.
    pub days: Option<Marked>,
    pub only_weekdays: bool,
    /// How it comes back.
    pub rule: Option<Marked>,
    pub place: Option<Marked>,
    /// Whose words these are, where they are not translated.
    pub language: Option<Marked>,
}

impl Line {
    pub fn of(world: &World<'_>, scope: Scope<'_>, frame: &Frame, entry: &Entry<'_>) -> Line {
        let place = entry.event.place.and_then(|object| related(world, scope, entry.view, object));
        let online = entry.event.online.is_some().then(|| frame.say("online"));
        let (first, last) = (entry.start.date(), entry.last_day());
        let days = || match entry.is_long() {
            true => when::span(frame, Form::Day, first, last),
            false => frame.say_written("until", Form::Day, last.at(0, 0, 0, 0)),
        };
        Line {
            href: address::encoded(&entry.view.path),
            title: Marked::title(scope, entry.view),
            at: when::machine(&entry.event.when, entry.start),
            time: when::time(frame, entry),
            zone: when::zone(frame, entry),
            days: (last != first).then(days),
            only_weekdays: entry.event.only_weekdays,
            rule: when::rule(frame, &entry.event.when).into_iter().next(),
            place: place.map(|place| Marked::title(scope, place)).or(online),
            language: Marked::language(scope, entry.view),
        }
    }

    pub fn has_details(&self) -> bool {
        self.place.is_some() || self.days.is_some() || self.only_weekdays || self.rule.is_some()
    }
}

#[derive(Template)]
#[template(path = "reader/templates/events.html")]
struct List {
    frame: Frame,
    trail: Vec<Crumb>,
    days: Vec<Day>,
    /// What goes on for long, which would stand before all that is new.
    long: Vec<Line>,
    /// Months that have a calendar, as far as one thinks ahead.
    calendars: Vec<Step>,
    /// Where all of it can be subscribed to.
    subscription: String,
    /// The same for places of a category.
    subscriptions: Vec<(String, Marked)>,
}

struct Day {
    heading: Marked,
    today: Option<Marked>,
    lines: Vec<Line>,
}

/// Calendars that the list names; each of them leads to the next.
const NAMED_CALENDARS: usize = 4;
/// Events that search engines show below the title of the list.
const NAMED_EVENTS: usize = 4;

/// The coming dates, day by day; first what has begun before today, last what goes on for long.
pub fn list(world: &World<'_>, scope: Scope<'_>, today: Date) -> Result<String, askama::Error> {
    let mut frame = Frame::of(scope, Subject::Section(Section::Events), world.site);
    let (long, dated): (Vec<_>, Vec<_>) =
        agenda::coming(scope.edition, today).into_iter().partition(Entry::is_long);
    let begun = dated.iter().filter(|entry| entry.start.date() < today).count();
    let (begun, ahead) = dated.split_at(begun);
    let line = |entry: &Entry<'_>| Line::of(world, scope, &frame, entry);
    let mut days: Vec<Day> = ahead
        .chunk_by(|one, next| one.start.date() == next.start.date())
        .map(|entries| Day {
            heading: Marked::own(when::near(&frame, entries[0].start.date(), today)),
            today: entries.iter().any(|entry| entry.start.date() == today).then(|| frame.say("today")),
            lines: entries.iter().map(line).collect(),
        })
        .collect();
    if !begun.is_empty() {
        let heading = frame.say("events-running");
        days.insert(0, Day { heading, today: None, lines: begun.iter().map(line).collect() });
    }
    let long = long.iter().map(line).collect();
    let calendars = agenda::months(scope.edition, today).into_iter().take(NAMED_CALENDARS);
    let calendars = calendars.map(|month| month_step(scope, &frame, month)).collect();
    let next = agenda::next(scope.edition, today, NAMED_EVENTS);
    let titles: Vec<&str> = next.iter().map(|entry| entry.view.title()).collect();
    frame.description = format!("{}: {}", frame.words.say("events").text, titles.join(" · "));
    let file = FileLink::of(scope, &frame.words, File::Events);
    let (subscription, subscriptions) = (file.href.clone(), subscriptions(world, scope));
    frame.files.push(file);
    List { frame, trail: home(scope), days, long, calendars, subscription, subscriptions }.render()
}

/// The calendars of categories of places at which something takes place, by name, and of what it is about.
fn subscriptions(world: &World<'_>, scope: Scope<'_>) -> Vec<(String, Marked)> {
    let category = |view: &ItemView| match view.facts()? {
        Facts::Event(event) => {
            let at = related(world, scope, view, event.place?)?;
            let Facts::Place(place) = at.facts()? else { return None };
            related(world, scope, at, place.category?)
        }
        _ => None,
    };
    let events = scope.edition.all(ObjectKind::Event);
    let all = events.iter().filter_map(category);
    let all: BTreeMap<(&str, i64), &ItemView> = all.map(|one| ((one.title(), one.number), one)).collect();
    let list = Section::Events.path(scope);
    let link = |path: String, title: Marked| (address::encoded(&path), title);
    let categories =
        all.into_values().map(|view| link(open::category_path(&list, view), Marked::title(scope, view)));
    let about = |topic: &&Term| events.iter().any(|event| event.facets().topics.contains(&topic.id));
    let topics = open::topics(world.snapshot).filter(about);
    let topics = topics
        .map(|topic| link(open::topic_path(&list, topic), Marked::from(topic.name(&scope.language.tag))));
    categories.chain(topics).collect()
}

fn month_step(scope: Scope<'_>, frame: &Frame, month: Month) -> Step {
    Step {
        href: address::encoded(&Section::Month(month).path(scope)),
        title: when::written(frame, Form::Month, month.first()),
    }
}

#[derive(Template)]
#[template(path = "reader/templates/month.html")]
struct MonthPage {
    frame: Frame,
    trail: Vec<Crumb>,
    title: String,
    long: Vec<Line>,
    calendar: Calendar,
    previous: Option<Step>,
    next: Option<Step>,
    list: String,
}

/// The calendar of a month that has one.
pub fn month(
    world: &World<'_>,
    scope: Scope<'_>,
    month: Month,
    today: Date,
) -> Result<String, askama::Error> {
    let months = agenda::months(scope.edition, today);
    let mut frame = Frame::of(scope, Subject::Section(Section::Month(month)), world.site);
    let entries = agenda::of_month(scope.edition, month, today);
    let (long, short): (Vec<_>, Vec<_>) = entries.into_iter().partition(Entry::is_long);
    let title = when::written(&frame, Form::Month, month.first());
    frame.title = format!("{title} – {}", frame.title);
    frame.description = frame.say_written("calendar-of", Form::Month, month.first().at(0, 0, 0, 0)).text();
    // The list says the same and stays at its address.
    frame.indexing = Indexing::Unwanted;
    let line = |entry: &Entry<'_>| Line::of(world, scope, &frame, entry);
    let step = |month: &Month| month_step(scope, &frame, *month);
    let list = Section::Events.path(scope);
    let mut trail = home(scope);
    trail.push(crumb(scope, &frame, Section::Events));
    MonthPage {
        trail,
        title,
        long: long.iter().map(line).collect(),
        calendar: Calendar::of(&frame, month, today, &short, &line),
        previous: months.range(..month).next_back().map(step),
        next: months.range(month.plus(1)..).next().map(step),
        list: address::encoded(&list),
        frame,
    }
    .render()
}

#[derive(Template)]
#[template(path = "reader/templates/event.html")]
struct EventPage {
    frame: Frame,
    sheet: Sheet,
    /// The next date, or what is known of the only one.
    day: Marked,
    at: String,
    time: Marked,
    zone: Option<String>,
    rule: Vec<Marked>,
    only_weekdays: bool,
    address: Option<AddressCard>,
    online: Option<String>,
    dates: Vec<DateLine>,
    has_more: bool,
    /// The event as a calendar of its own.
    file: String,
}

/// One of the dates of an event that comes back.
struct DateLine {
    at: String,
    day: Marked,
    /// Where it is another than that of the next date.
    time: Option<Marked>,
    cancelled: bool,
    moved_from: Option<Marked>,
}

pub fn event(
    world: &World<'_>,
    scope: Scope<'_>,
    view: &ItemView,
    today: Date,
) -> Result<String, askama::Error> {
    let mut frame = Frame::of(scope, Some(view), world.site);
    let Some(Facts::Event(event)) = view.facts() else { return item::plain(world, scope, view) };
    let mut entries: Vec<Entry<'_>> = agenda::dates(view, event, today, None).take(MOST_DATES + 1).collect();
    let has_more = entries.len() > MOST_DATES;
    entries.truncate(MOST_DATES);
    // Over since this morning, or every date is cancelled: the first one tells when it was.
    let (id, start, end) = (event.when.start(), event.when.start(), event.when.end());
    let past = Entry { view, event, id, start, end };
    let next = entries.first().unwrap_or(&past);
    let place = event.place.and_then(|object| related(world, scope, view, object));
    let place = place.and_then(|view| match view.facts()? {
        Facts::Place(facts) => Some((view, facts.as_ref())),
        _ => None,
    });
    let day = when::days(&frame, next);
    let when = format!("{}, {}", when::days(&frame, next).text(), when::time(&frame, next).text());
    frame.description = item::description(view, &when);
    frame.data = Some(LinkedData::event(scope, &frame, (next, &entries), place));
    let file = address::encoded(&open::event_path(view));
    let (title, media_type) = (view.title().to_owned(), File::Events.media_type());
    frame.files.push(FileLink { media_type, title, href: file.clone() });
    let sheet = Sheet::of(world, scope, &frame, view)?;
    EventPage {
        sheet,
        day,
        at: when::machine(&event.when, next.start),
        time: when::time(&frame, next),
        zone: when::zone(&frame, next),
        rule: when::rule(&frame, &event.when),
        only_weekdays: event.only_weekdays,
        address: place.map(|place| address_card(scope, &frame, place)),
        online: event.online.as_ref().map(ToString::to_string),
        dates: date_lines(&frame, event, &entries, today),
        has_more,
        file,
        frame,
    }
    .render()
}

fn address_card(scope: Scope<'_>, frame: &Frame, (view, facts): (&ItemView, &PlaceFacts)) -> AddressCard {
    let mut card = AddressCard::of(frame, facts);
    card.place = Some((Marked::title(scope, view), address::encoded(&view.path)));
    card
}

/// The dates of an event that has more than one, those among them that were cancelled included.
fn date_lines(frame: &Frame, event: &EventFacts, entries: &[Entry<'_>], today: Date) -> Vec<DateLine> {
    let day = |at: Date| Marked::own(when::near(frame, at, today));
    let times = |entry: &Entry<'_>| (entry.start.time(), entry.end.time());
    let usual = entries.first().map(times);
    let line = |entry: &Entry<'_>| DateLine {
        at: when::machine(&event.when, entry.start),
        day: if entry.last_day() == entry.start.date() {
            day(entry.start.date())
        } else {
            when::days(frame, entry)
        },
        time: (Some(times(entry)) != usual).then(|| when::time(frame, entry)),
        cancelled: false,
        moved_from: entry
            .is_moved()
            .then(|| frame.say_written("moved-from", Form::WeekdayAndDayOfYear, entry.id)),
    };
    let last = entries.last().map_or(today, |entry| entry.start.date());
    let cancelled = event.when.cancelled().iter().filter(|at| (today..=last).contains(&at.date()));
    let cancelled = cancelled.map(|at| DateLine {
        at: when::machine(&event.when, *at),
        day: day(at.date()),
        time: None,
        cancelled: true,
        moved_from: None,
    });
    let mut lines: Vec<DateLine> = entries.iter().map(line).chain(cancelled).collect();
    lines.sort_by(|one, other| one.at.cmp(&other.at));
    let is_single = event.when.rule().is_none() && lines.len() < 2;
    if is_single { Vec::new() } else { lines }
}
