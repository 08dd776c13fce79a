//! Places of a region in one language, and what they are sorted by.

use super::ask::around;
use super::json::{bytes_of, date_time};
use super::part;
use super::refusal::Refusal;
use super::shape::{Around, Elsewhere, InOrder, Origin, credit, origin};
use super::shape_card::{Card, Category, Contact, Organization, Spot};
use crate::domain::content::facts::{ContactFacts, Facts, PlaceFacts};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::opening_hours::integreat::IntegreatDay;
use crate::domain::content::published::{ItemView, Snapshot};
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::tz::TimeZone;
use serde::Serialize;

/// What the answer on a place tells of.
const MADE_OF: [ObjectKind; 4] =
    [ObjectKind::Place, ObjectKind::Contact, ObjectKind::Category, ObjectKind::Organisation];

pub async fn all(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (region, language) = (part(&request, "region"), part(&request, "language"));
    let on_map = on_map(request.query_string())?;
    let key = format!("v3/locations/{region}/{language}/{on_map:?}");
    let answer = state.showing().answer(&key, |snapshot| {
        let around = around(&state, snapshot, region, language)?;
        let wanted = |place: &&(&ItemView, &PlaceFacts)| on_map.is_none_or(|wanted| place.1.on_map == wanted);
        let places: Vec<_> = places(&around).collect();
        let shapes: Vec<_> =
            places.iter().filter(wanted).map(|(view, place)| around.location(view, place)).collect();
        Ok::<_, Refusal>(around.answer(bytes_of(&shapes)?, &MADE_OF))
    })?;
    Ok(answer.respond(&request))
}

pub async fn categories(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (region, language) = (part(&request, "region"), part(&request, "language"));
    let key = format!("v3/location-categories/{region}/{language}");
    let build = |snapshot: &Snapshot| {
        let around = around(&state, snapshot, region, language)?;
        let all = around.edition.all(ObjectKind::Category).iter();
        let shapes: Vec<_> = all.map(|view| around.category(Some(view))).collect();
        Ok::<_, Refusal>(around.answer(bytes_of(&shapes)?, &[ObjectKind::Category]))
    };
    Ok(state.showing().answer(&key, build)?.respond(&request))
}

/// `on_map` in any spelling that Python takes for a truth value. # Errors: [`Refusal::NoTruth`].
fn on_map(query: &str) -> Result<Option<bool>, Refusal> {
    let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "on_map");
    let Some((_, value)) = asked else { return Ok(None) };
    let value = value.to_lowercase();
    match value.as_str() {
        "y" | "yes" | "t" | "true" | "on" | "1" => Ok(Some(true)),
        "n" | "no" | "f" | "false" | "off" | "0" => Ok(Some(false)),
        _ => Err(Refusal::NoTruth { value: value.chars().take(40).collect() }),
    }
}

fn places<'a>(around: &Around<'a>) -> impl Iterator<Item = (&'a ItemView, &'a PlaceFacts)> {
    around.edition.all(ObjectKind::Place).iter().filter_map(|view| match view.facts()? {
        Facts::Place(place) => Some((view, place.as_ref())),
        _ => None,
    })
}

#[derive(Serialize)]
pub struct Location<'a> {
    id: Option<i64>,
    url: String,
    path: &'a str,
    title: &'a str,
    modified_gmt: String,
    last_updated: String,
    meta_description: &'a str,
    excerpt: String,
    content: String,
    available_languages: InOrder<&'a str, Elsewhere<'a>>,
    icon: Option<String>,
    thumbnail: Option<String>,
    website: Option<&'a str>,
    email: Option<&'a str>,
    phone_number: Option<&'a str>,
    contacts: Vec<Contact<'a>>,
    category: Category<'a>,
    temporarily_closed: bool,
    opening_hours: Option<[IntegreatDay; 7]>,
    appointment_url: Option<&'a str>,
    location: Spot<'a>,
    hash: Option<()>,
    organization: Option<Organization<'a>>,
    barrier_free: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin<'a>>,
}

impl<'a> Around<'a> {
    fn location(&self, view: &'a ItemView, place: &'a PlaceFacts) -> Location<'a> {
        let PlaceFacts {
            address: _,
            position: _,
            on_map: _,
            category,
            organisation,
            hours,
            temporarily_closed,
            appointment,
            barrier_free,
            picture: _,
        } = place;
        let zone = &self.region.settings.time_zone;
        let contacts: Vec<Card<'a, ContactFacts>> = self.contacts_of(view);
        let first =
            contacts.iter().find(|contact| contact.view.title().is_empty()).map(|contact| contact.facts);
        let hours = hours.as_ref().filter(|_| !temporarily_closed);
        let told = self.told(view);
        Location {
            id: (!view.fallback).then_some(view.revision),
            url: self.url(&view.path),
            path: &view.path,
            title: view.title(),
            modified_gmt: date_time(view.updated_at, &TimeZone::UTC),
            last_updated: date_time(view.updated_at, &self.zone),
            meta_description: view.body.summary.as_deref().unwrap_or_default(),
            excerpt: told.excerpt,
            content: told.content,
            available_languages: self.elsewhere(view),
            icon: self.picture(view),
            thumbnail: self.small_picture(view),
            website: first.map(|contact| contact.website.as_ref().map_or("", |url| url.as_str())),
            email: first.map(|contact| contact.email.as_str()),
            phone_number: first.map(|contact| contact.phone.as_str()),
            contacts: contacts.into_iter().map(|contact| self.contact(contact)).collect(),
            category: self.category(category.and_then(|object| self.related(view, object))),
            temporarily_closed: *temporarily_closed,
            opening_hours: hours.and_then(|hours| hours.to_integreat(zone)),
            appointment_url: appointment.as_ref().map(|url| url.as_str()),
            location: self.spot(Some((view, place))),
            hash: None,
            organization: organisation.and_then(|object| self.organization(view, object)),
            barrier_free: *barrier_free,
            origin: view.provenance.as_deref().map(|from| origin(from, credit(view, from))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::on_map;

    #[test]
    fn a_truth_value_has_many_spellings_and_nonsense_is_refused() {
        assert_eq!(on_map("on_map=1").unwrap(), Some(true));
        assert_eq!(on_map("x=1&on_map=Off").unwrap(), Some(false));
        assert_eq!(on_map("").unwrap(), None);
        assert_eq!(on_map("on_map=MAYBE").unwrap_err().to_string(), "Invalid truth value maybe");
    }
}
