//! The places of a region as GeoJSON (RFC 7946). What maps do not show is in it without a position.

use super::around::Around;
use super::feed::summary;
use crate::domain::content::facts::{Address, CategoryFacts, ContactFacts, Facts, PlaceFacts};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::ItemView;
use serde::Serialize;

pub const MEDIA_TYPE: &str = "application/geo+json";

#[derive(Serialize)]
struct Collection<'a> {
    r#type: &'static str,
    // Foreign members, as §6.1 allows.
    name: String,
    language: &'a str,
    licence: &'a str,
    attribution: &'a str,
    features: Vec<Feature<'a>>,
}

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: String,
    /// SPEC: "If the feature is unlocated, the value is null."
    geometry: Option<Point>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Point {
    r#type: &'static str,
    /// SPEC: longitude first.
    coordinates: [f64; 2],
}

#[derive(Serialize)]
struct Properties<'a> {
    title: &'a str,
    /// Of the title and the description.
    language: &'a str,
    url: String,
    description: String,
    category: Option<Category<'a>>,
    address: &'a Address,
    organisation: Option<&'a str>,
    /// In OpenStreetMap's notation.
    opening_hours: Option<String>,
    temporarily_closed: bool,
    appointment: Option<&'a str>,
    barrier_free: Option<bool>,
    contacts: Vec<Contact<'a>>,
    /// SPDX identifier, and whom to name.
    licence: &'a str,
    attribution: &'a str,
    updated: crate::base::moment::Moment,
}

#[derive(Serialize)]
struct Category<'a> {
    id: i64,
    title: &'a str,
    icon: &'a str,
    colour: &'a str,
}

#[derive(Serialize)]
struct Contact<'a> {
    /// What it is responsible for; empty for the first to turn to.
    responsible_for: &'a str,
    name: &'a str,
    phone: &'a str,
    mobile: &'a str,
    email: &'a str,
    website: Option<&'a str>,
    opening_hours: Option<String>,
    appointment: Option<&'a str>,
}

/// Every place of the region.
pub fn places(around: &Around<'_>) -> Vec<u8> {
    let settings = &around.region.settings;
    let places = around.edition.all(ObjectKind::Place).iter().filter_map(|view| match view.facts()? {
        Facts::Place(place) => Some((view, place.as_ref())),
        _ => None,
    });
    let contacts = contacts(around);
    let collection = Collection {
        r#type: "FeatureCollection",
        name: around.titled("places"),
        language: around.language.tag.as_str(),
        licence: &settings.licence,
        attribution: &settings.attribution,
        features: places.map(|place| feature(around, place, &contacts)).collect(),
    };
    serde_json::to_vec(&collection).unwrap_or_default()
}

/// Every contact with the item that it belongs to, those without a responsibility first.
fn contacts<'a>(around: &Around<'a>) -> Vec<(&'a ItemView, &'a ItemView, &'a ContactFacts)> {
    let all = around.edition.all(ObjectKind::Contact).iter();
    let of = |view: &'a ItemView| match view.facts()? {
        Facts::Contact(contact) => Some((around.related(view, contact.of?)?, view, contact.as_ref())),
        _ => None,
    };
    let mut found: Vec<_> = all.filter_map(of).collect();
    found.sort_by_key(|(_, view, _)| !view.title().is_empty());
    found
}

fn feature<'a>(
    around: &Around<'a>,
    (view, place): (&'a ItemView, &'a PlaceFacts),
    contacts: &[(&'a ItemView, &'a ItemView, &'a ContactFacts)],
) -> Feature<'a> {
    let own = contacts.iter().filter(|(owner, ..)| owner.id == view.id);
    Feature {
        r#type: "Feature",
        id: view.id.to_string(),
        geometry: place
            .position
            .filter(|_| place.on_map)
            .map(|coordinates| Point { r#type: "Point", coordinates }),
        properties: Properties {
            title: view.title(),
            language: around.language_of(view).as_str(),
            url: around.url(&view.path),
            description: summary(view),
            category: place.category.and_then(|object| category(around.related(view, object)?)),
            address: &place.address,
            organisation: place.organisation.and_then(|object| Some(around.related(view, object)?.title())),
            opening_hours: place.hours.as_ref().map(ToString::to_string),
            temporarily_closed: place.temporarily_closed,
            appointment: place.appointment.as_ref().map(|url| url.as_str()),
            barrier_free: place.barrier_free,
            contacts: own.map(|(_, view, facts)| contact(view, facts)).collect(),
            licence: around.region.licence_of(view),
            attribution: around.region.attribution_of(view),
            updated: view.updated_at,
        },
    }
}

fn category(view: &ItemView) -> Option<Category<'_>> {
    let Facts::Category(CategoryFacts { icon, colour }) = view.facts()? else { return None };
    Some(Category { id: view.number, title: view.title(), icon, colour })
}

fn contact<'a>(view: &'a ItemView, facts: &'a ContactFacts) -> Contact<'a> {
    let ContactFacts { of: _, name, email, phone, mobile, website, hours, appointment } = facts;
    Contact {
        responsible_for: view.title(),
        name,
        phone,
        mobile,
        email,
        website: website.as_ref().map(|url| url.as_str()),
        opening_hours: hours.as_ref().map(ToString::to_string),
        appointment: appointment.as_ref().map(|url| url.as_str()),
    }
}
