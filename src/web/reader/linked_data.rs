//! What a page is about, for machines: schema.org's words as JSON-LD. Browsers run nothing of it.

use super::address::Scope;
use super::agenda::Entry;
use super::frame::{Frame, Licence};
use super::text::excerpt;
use crate::domain::content::facts::{Address, ContactFacts, PlaceFacts};
use crate::domain::content::published::ItemView;
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

    pub fn article(scope: Scope<'_>, frame: &Frame, item: &ItemView) -> LinkedData {
        let mut members = work(scope, frame, item);
        members.push(("headline", item.title().into()));
        members.push(("dateModified", item.updated_at.to_string().into()));
        LinkedData::of("Article", members)
    }

    /// An event at its next date.
    pub fn event(
        scope: Scope<'_>,
        frame: &Frame,
        next: &Entry<'_>,
        place: Option<(&ItemView, &PlaceFacts)>,
    ) -> LinkedData {
        let when = &next.event.when;
        let at = |time: DateTime| match when.is_all_day() {
            true => time.date().to_string(),
            false => {
                let zoned = when.zone().moment(time).timestamp().to_zoned(when.zone().rules().clone());
                zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
            }
        };
        let last = if when.is_all_day() { next.last_day().at(0, 0, 0, 0) } else { next.end };
        let online =
            next.event.online.as_ref().map(|url| json!({"@type": "VirtualLocation", "url": url.as_str()}));
        let place = place.map(|(view, facts)| {
            json!(object("Place", vec![("name", view.title().into()), ("address", postal(&facts.address))]))
        });
        let mode = match (&online, &place) {
            (Some(_), Some(_)) => "MixedEventAttendanceMode",
            (Some(_), None) => "OnlineEventAttendanceMode",
            _ => "OfflineEventAttendanceMode",
        };
        let status = if next.is_moved() { "EventRescheduled" } else { "EventScheduled" };
        let locations: Vec<Value> = place.into_iter().chain(online).collect();
        LinkedData::of(
            "Event",
            vec![
                ("name", next.view.title().into()),
                ("description", description(next.view)),
                ("startDate", at(next.start).into()),
                ("endDate", at(last).into()),
                ("eventAttendanceMode", format!("https://schema.org/{mode}").into()),
                ("eventStatus", format!("https://schema.org/{status}").into()),
                ("location", locations.into()),
                ("inLanguage", language(scope, next.view).into()),
                ("url", frame.canonical.clone().into()),
                ("subjectOf", json!(object("WebPage", work(scope, frame, next.view)))),
            ],
        )
    }

    pub fn place(
        scope: Scope<'_>,
        frame: &Frame,
        (view, facts): (&ItemView, &PlaceFacts),
        first: Option<&ContactFacts>,
    ) -> LinkedData {
        let geo = facts.position.map(|[longitude, latitude]| {
            json!({"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude})
        });
        let hours = facts.hours.as_ref().filter(|_| !facts.temporarily_closed);
        let telephone = first.map(|contact| contact.phone.as_str()).unwrap_or_default();
        LinkedData::of(
            "Place",
            vec![
                ("name", view.title().into()),
                ("description", description(view)),
                ("address", postal(&facts.address)),
                ("geo", geo.into()),
                ("telephone", telephone.into()),
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
    vec![
        ("inLanguage", language(scope, item).into()),
        ("url", frame.canonical.clone().into()),
        ("license", Licence::of(licence).address().into()),
        ("isBasedOn", origin.into()),
        ("publisher", publisher.into()),
    ]
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
