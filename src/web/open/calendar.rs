//! Events as calendars to subscribe to: all of a region, those at places of a category, and each by itself.

use super::around::Around;
use crate::base::id::ObjectId;
use crate::domain::content::facts::{Address, EventFacts, Facts, PlaceFacts};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{ItemView, Snapshot};
use crate::domain::content::vocabulary::{Sort, Term};
use crate::domain::exchange::ical::{Calendar, CalendarEvent, Geo, Status, write};

pub use crate::domain::exchange::ical::MEDIA_TYPE;

type Event<'a> = (&'a ItemView, &'a EventFacts);

/// Every event of the region.
pub fn all(around: &Around<'_>) -> Vec<u8> {
    let name = around.titled("events");
    written(around, name, &around.path("events.ics"), events(around).collect())
}

/// The events at places of a category; `None`: there is no such category.
pub fn of_category(around: &Around<'_>, number: i64) -> Option<Vec<u8>> {
    let category = around.edition.shelf(ObjectKind::Category)?.numbered(number)?;
    let wanted = |event: &Event<'_>| category_of(around, *event).is_some_and(|found| found.id == category.id);
    let name = format!("{}: {}", around.titled("events"), category.title());
    let path = path_of_category(&around.path("events/"), category);
    Some(written(around, name, &path, events(around).filter(wanted).collect()))
}

/// The events about a topic of the node's vocabulary, by its word; `None`: there is no such topic.
pub fn of_topic(around: &Around<'_>, word: &str) -> Option<Vec<u8>> {
    let topic = topics(around.snapshot).find(|term| term.word == word)?;
    let name = format!("{}: {}", around.titled("events"), topic.name(&around.language.tag).text);
    let path = path_of_topic(&around.path("events/"), topic);
    let wanted = |(view, _): &Event<'_>| view.facets().topics.contains(&topic.id);
    Some(written(around, name, &path, events(around).filter(wanted).collect()))
}

/// The event that has this slug now.
pub fn of_event(around: &Around<'_>, slug: &str) -> Option<Vec<u8>> {
    let view = at_slug(around, slug)?;
    let Facts::Event(facts) = view.facts()? else { return None };
    Some(written(around, view.title().to_owned(), &path_of(view), vec![(view, facts.as_ref())]))
}

/// The event that has or had this slug.
pub fn at_slug<'a>(around: &Around<'a>, slug: &str) -> Option<&'a ItemView> {
    around.edition.shelf(ObjectKind::Event)?.at_slug(slug)
}

/// Where an event's own calendar is: beside its page.
pub fn path_of(event: &ItemView) -> String {
    format!("{}.ics", event.path.trim_end_matches('/'))
}

/// Where the calendar of a category is, by the path of the list of events.
pub fn path_of_category(events: &str, category: &ItemView) -> String {
    format!("{events}categories/{}.ics", category.number)
}

/// The same of a topic.
pub fn path_of_topic(events: &str, topic: &Term) -> String {
    format!("{events}topics/{}.ics", topic.word)
}

/// What events can be about.
pub fn topics(snapshot: &Snapshot) -> impl Iterator<Item = &Term> {
    snapshot.vocabulary.terms().iter().filter(|term| term.sort == Sort::Topic)
}

fn events<'a>(around: &Around<'a>) -> impl Iterator<Item = Event<'a>> + use<'a> {
    around.edition.all(ObjectKind::Event).iter().filter_map(|view| match view.facts()? {
        Facts::Event(event) => Some((view, event.as_ref())),
        _ => None,
    })
}

/// That of the place where it happens.
fn category_of<'a>(around: &Around<'a>, (view, event): (&ItemView, &EventFacts)) -> Option<&'a ItemView> {
    let (place, facts) = around.place(view, event.place?)?;
    around.related(place, facts.category?)
}

fn written(around: &Around<'_>, name: String, path: &str, events: Vec<Event<'_>>) -> Vec<u8> {
    let calendar = Calendar {
        name,
        language: around.language.tag.clone(),
        address: Some(around.url(path)),
        events: events.into_iter().map(|event| described(around, event)).collect(),
    };
    write(&calendar, around.now())
}

fn described(around: &Around<'_>, (view, event): Event<'_>) -> CalendarEvent {
    let place = event.place.and_then(|object| around.place(view, object));
    let position = place.and_then(|(_, facts)| facts.position);
    let online = event.online.as_ref().map(|url| url.as_str().to_owned());
    // Few calendars know of an event that takes place once and whose only date is cancelled.
    let is_cancelled = event.when.rule().is_none()
        && event.when.moved().is_empty()
        && event.when.cancelled().contains(&event.when.start());
    CalendarEvent {
        uid: uid(around, view),
        schedule: event.when.clone(),
        language: Some(around.language_of(view).clone()),
        summary: view.title().to_owned(),
        description: Some(description(around, view, event)).filter(|text| !text.is_empty()),
        location: place.map(location).or(online),
        geo: position.map(|[longitude, latitude]| Geo { latitude, longitude }),
        url: url::Url::parse(&around.url(&view.path)).ok(),
        categories: categories(around, view, event),
        status: if is_cancelled { Status::Cancelled } else { Status::Confirmed },
        modified: Some(view.updated_at),
    }
}

/// That of its place, and what it is about.
fn categories(around: &Around<'_>, view: &ItemView, event: &EventFacts) -> Vec<String> {
    let category = category_of(around, (view, event)).map(|category| category.title().to_owned());
    let about = topics(around.snapshot).filter(|term| view.facets().topics.contains(&term.id));
    category.into_iter().chain(about.map(|term| term.name(&around.language.tag).text)).collect()
}

/// The same wherever the event is shown: that of its origin.
fn uid(around: &Around<'_>, view: &ItemView) -> String {
    match view.provenance.as_deref() {
        Some(origin) => format!("{}@{}", origin.object, origin.node),
        None => format!("{}@{}", ObjectId::from(view.id), around.state.about.node_id),
    }
}

/// The text without markup, and what the other members have no room for.
fn description(around: &Around<'_>, view: &ItemView, event: &EventFacts) -> String {
    let mut lines = vec![view.body.words()];
    if event.only_weekdays {
        lines.push(around.words.say("only-weekdays").text);
    }
    if let Some(online) = &event.online {
        lines.push(format!("{}: {online}", around.words.say("online-link").text));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

fn location((view, facts): (&ItemView, &PlaceFacts)) -> String {
    let Address { street, postcode, town, country } = &facts.address;
    let town = format!("{postcode} {town}");
    let parts = [view.title(), street.trim(), town.trim(), country.trim()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
