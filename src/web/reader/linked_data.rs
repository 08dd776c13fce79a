//! What a page is about, for machines: schema.org's words as JSON-LD. Browsers run nothing of it.

use super::address::Scope;
use super::agenda::Entry;
use super::frame::{Frame, Licence};
use super::linked_schedule::schedule;
use super::named::Link;
use super::text::excerpt;
use crate::base::language::LanguageTag;
use crate::domain::content::facts::{Address, ContactFacts, Facts, PlaceFacts};
use crate::domain::content::published::ItemView;
use crate::domain::content::recurrence::Schedule;
use askama::filters::HtmlSafe;
use jiff::civil::DateTime;
use serde_json::{Map, Value, json};
use std::fmt;

/// JSON that may stand in a `script` element of HTML.
pub struct LinkedData(String);

impl HtmlSafe for LinkedData {}

impl fmt::Display for LinkedData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const DESCRIPTION_CHARACTERS: usize = 500;

impl LinkedData {
    /// Members without a value are left out.
    fn of(kind: &str, members: Vec<(&str, Value)>) -> LinkedData {
        let mut all = Map::new();
        all.insert("@context".to_owned(), "https://schema.org".into());
        all.insert("@type".to_owned(), kind.into());
        all.extend(told(members));
        LinkedData(escaped(&Value::Object(all).to_string()))
    }

    /// The whole of what a region says in a language.
    pub fn site(scope: Scope<'_>, frame: &Frame) -> LinkedData {
        let settings = &scope.region.settings;
        let publisher = frame.publisher.as_ref().map(|publisher| publisher.name.as_str());
        let publisher = publisher.filter(|name| !name.is_empty());
        LinkedData::of(
            "WebSite",
            vec![
                ("name", scope.region.name.as_str().into()),
                ("description", frame.description.as_str().into()),
                ("url", frame.canonical.clone().into()),
                ("inLanguage", scope.language.tag.as_str().into()),
                ("license", Licence::of(&settings.licence).address().into()),
                ("publisher", publisher.map(|name| json!({"@type": "Organization", "name": name})).into()),
            ],
        )
    }

    /// `maintainer` is the organisation that answers for it.
    pub fn article(
        scope: Scope<'_>,
        frame: &Frame,
        item: &ItemView,
        maintainer: Option<&Link>,
    ) -> LinkedData {
        let mut members = work(scope, frame, item);
        let maintainer = maintainer.map(|(name, website)| {
            let members = vec![("name", name.as_str().into()), ("url", website.as_deref().into())];
            json!(object("Organization", members))
        });
        members.push(("maintainer", maintainer.into()));
        members.push(("headline", item.title().into()));
        members.push(("description", description(item)));
        if let Some(Facts::News(news)) = item.facts() {
            members.push(("datePublished", news.at.to_string().into()));
        }
        LinkedData::of("Article", members)
    }

    /// An event at its next date, with those that come after it and those that are cancelled.
    pub fn event(
        scope: Scope<'_>,
        frame: &Frame,
        (next, entries): (&Entry<'_>, &[Entry<'_>]),
        place: Option<(&ItemView, &PlaceFacts)>,
    ) -> LinkedData {
        let when = &next.event.when;
        let online =
            next.event.online.as_ref().map(|url| json!({"@type": "VirtualLocation", "url": url.as_str()}));
        let place = place.map(|(view, facts)| {
            let members =
                vec![("name", view.title().into()), ("address", postal(&facts.address)), ("geo", geo(facts))];
            json!(object("Place", members))
        });
        let mode = match (&online, &place) {
            (Some(_), Some(_)) => "MixedEventAttendanceMode",
            (Some(_), None) => "OnlineEventAttendanceMode",
            _ => "OfflineEventAttendanceMode",
        };
        let locations: Vec<Value> = place.into_iter().chain(online).collect();
        let dates = if when.rule().is_some() { single_dates(next, entries) } else { Vec::new() };
        let mut members = vec![("name", next.view.title().into()), ("description", description(next.view))];
        members.extend(date(next));
        members.extend([
            ("eventAttendanceMode", format!("https://schema.org/{mode}").into()),
            ("eventSchedule", schedule(when)),
            ("subEvent", dates.into()),
            ("location", locations.into()),
            ("inLanguage", language(scope, next.view).into()),
            ("url", frame.canonical.clone().into()),
            ("subjectOf", json!(object("WebPage", work(scope, frame, next.view)))),
        ]);
        LinkedData::of("Event", members)
    }

    pub fn place(
        scope: Scope<'_>,
        frame: &Frame,
        (view, facts): (&ItemView, &PlaceFacts),
        (first, organisation): (Option<&ContactFacts>, Option<(&str, Option<&str>)>),
    ) -> LinkedData {
        let organisation = organisation.map(|(name, website)| {
            let organisation = object("Organization", vec![("name", name.into()), ("url", website.into())]);
            json!({"location": organisation})
        });
        let access = facts.barrier_free.map(
            |free| json!({"@type": "LocationFeatureSpecification", "name": "barrier-free", "value": free}),
        );
        let hours = facts.hours.as_ref().filter(|_| !facts.temporarily_closed);
        let telephone = first.map(|contact| contact.phone.as_str()).unwrap_or_default();
        LinkedData::of(
            "Place",
            vec![
                ("name", view.title().into()),
                ("description", description(view)),
                ("address", postal(&facts.address)),
                ("geo", geo(facts)),
                ("telephone", telephone.into()),
                ("amenityFeature", access.into()),
                // The organisation whose location this is.
                ("@reverse", organisation.into()),
                ("openingHoursSpecification", json!(hours.map(|hours| hours.specifications()))),
                (
                    "specialOpeningHoursSpecification",
                    json!(hours.map(|hours| hours.special_specifications())),
                ),
                ("url", frame.canonical.clone().into()),
                ("subjectOf", json!(object("WebPage", work(scope, frame, view)))),
            ],
        )
    }
}

/// When and whether one date of an event takes place.
fn date<'n>(entry: &Entry<'_>) -> Vec<(&'n str, Value)> {
    let when = &entry.event.when;
    let last = if when.is_all_day() { entry.last_day().at(0, 0, 0, 0) } else { entry.end };
    let status = match entry.is_moved() {
        _ if when.cancelled().contains(&entry.id) => "EventCancelled",
        true => "EventRescheduled",
        false => "EventScheduled",
    };
    let before = entry.is_moved().then(|| at(when, entry.id));
    vec![
        ("startDate", at(when, entry.start).into()),
        ("endDate", at(when, last).into()),
        ("previousStartDate", before.into()),
        ("eventStatus", format!("https://schema.org/{status}").into()),
    ]
}

fn at(when: &Schedule, time: DateTime) -> String {
    match when.is_all_day() {
        true => time.date().to_string(),
        false => {
            let zoned = when.zone().moment(time).timestamp().to_zoned(when.zone().rules().clone());
            zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        }
    }
}

/// The next dates of an event that comes back, those among them that are cancelled included.
fn single_dates(next: &Entry<'_>, entries: &[Entry<'_>]) -> Vec<Value> {
    let (view, event) = (next.view, next.event);
    let Some((first, last)) = entries.first().zip(entries.last()) else { return Vec::new() };
    let length = event.when.end().duration_since(event.when.start());
    let cancelled = event.when.cancelled().range(first.start..=last.start).map(|id| {
        let (id, start, end) = (*id, *id, id.saturating_add(length));
        Entry { view, event, id, start, end }
    });
    let cancelled: Vec<Entry<'_>> = cancelled.collect();
    let mut all: Vec<&Entry<'_>> = entries.iter().chain(&cancelled).collect();
    all.sort_by_key(|entry| entry.start);
    let told = |entry: &&Entry<'_>| {
        let members = [vec![("name", Value::from(view.title()))], date(entry)].concat();
        Value::Object(object("Event", members))
    };
    all.iter().map(told).collect()
}

fn geo(place: &PlaceFacts) -> Value {
    let Some([longitude, latitude]) = place.position else { return Value::Null };
    json!({"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude})
}

/// The same text in the language that it was translated from, and in those that were translated from it.
fn translations<'n>(scope: Scope<'_>, frame: &Frame) -> Vec<(&'n str, Value)> {
    let address = |tag: &LanguageTag| {
        let same = frame.alternates.iter().find(|other| other.hreflang == tag.as_str())?;
        Some(json!({"@type": "CreativeWork", "url": same.address, "inLanguage": same.hreflang}))
    };
    let own = &scope.language.tag;
    let source = scope.language.source.as_ref().and_then(address);
    let others = scope.region.languages.iter().filter(|other| other.source.as_ref() == Some(own));
    let others: Vec<Value> = others.filter_map(|other| address(&other.tag)).collect();
    vec![("translationOfWork", source.into()), ("workTranslation", others.into())]
}

/// A text as a work: its language, its licence and what it is based on.
fn work<'n>(scope: Scope<'_>, frame: &Frame, item: &ItemView) -> Vec<(&'n str, Value)> {
    let provenance = item.provenance.as_deref();
    let licence = scope.region.licence_of(item);
    let publisher = match (provenance, &frame.publisher) {
        (Some(provenance), _) => provenance.attribution.clone(),
        (None, Some(publisher)) => publisher.name.clone(),
        (None, None) => String::new(),
    };
    let origin = provenance.and_then(|provenance| provenance.url.clone());
    let origin = origin.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let publisher = (!publisher.is_empty()).then(|| json!({"@type": "Organization", "name": publisher}));
    let mut members = vec![
        ("inLanguage", language(scope, item).into()),
        ("url", frame.canonical.clone().into()),
        ("license", Licence::of(licence).address().into()),
        ("isBasedOn", origin.into()),
        ("publisher", publisher.into()),
        ("dateModified", item.updated_at.to_string().into()),
    ];
    // A text that stands in for a translation is none.
    if !item.fallback {
        members.extend(translations(scope, frame));
    }
    members
}

fn language<'a>(scope: Scope<'a>, item: &ItemView) -> &'a str {
    if item.fallback { scope.region.default_language.as_str() } else { scope.language.tag.as_str() }
}

fn description(item: &ItemView) -> Value {
    excerpt(&item.body, DESCRIPTION_CHARACTERS).into()
}

fn postal(address: &Address) -> Value {
    let Address { street, postcode, town, country } = address;
    let members = vec![
        ("streetAddress", street.as_str().into()),
        ("postalCode", postcode.as_str().into()),
        ("addressLocality", town.as_str().into()),
        ("addressCountry", country.as_str().into()),
    ];
    if address.is_empty() { Value::Null } else { Value::Object(object("PostalAddress", members)) }
}

fn object(kind: &str, members: Vec<(&str, Value)>) -> Map<String, Value> {
    let mut all = Map::new();
    all.insert("@type".to_owned(), kind.into());
    all.extend(told(members));
    all
}

fn told(members: Vec<(&str, Value)>) -> impl Iterator<Item = (String, Value)> {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    };
    members.into_iter().filter(move |(_, value)| says(value)).map(|(name, value)| (name.to_owned(), value))
}

/// SPEC: HTML §4.12.1.3: `<!--`, `<script` and `</script` must not stand in a script. In JSON they can only be part of
/// a string, where every character has a second spelling.
fn escaped(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::LinkedData;

    #[test]
    fn no_text_ends_the_element_it_stands_in() {
        let data = LinkedData::of(
            "Article",
            vec![("headline", "</script><!-- & \"x\"".into()), ("url", serde_json::Value::Null)],
        );
        let text = data.to_string();
        assert!(!text.contains(['<', '>', '&']), "{text}");
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["headline"], "</script><!-- & \"x\"");
        assert!(read.get("url").is_none() && read["@context"] == "https://schema.org");
    }
}
