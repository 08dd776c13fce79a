//! Places: all of them by category, and a page for each with address, hours and contacts.

use super::address::{self, Scope};
use super::agenda;
use super::card::{self, AddressCard, ContactCard};
use super::events::Line;
use super::frame::{FileLink, Frame, Marked};
use super::hours::{HoursTable, Today};
use super::item::{self, Crumb, Sheet, home, related};
use super::linked_data::LinkedData;
use super::named::{Link, organisation};
use super::render::World;
use super::section::{Section, Subject};
use super::when;
use crate::base::id::ItemId;
use crate::domain::content::facts::{COLOURS, ContactFacts, Facts, ICONS, PlaceFacts};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{Edition, ItemView};
use crate::web::assets::CATEGORY_ICONS;
use crate::web::open::File;
use askama::Template;
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "reader/templates/places.html")]
struct List {
    frame: Frame,
    trail: Vec<Crumb>,
    groups: Vec<Group>,
}

/// The places of one category.
struct Group {
    category: Category,
    anchor: String,
    places: Vec<Spot>,
}

pub struct Category {
    pub icon: String,
    /// The class of the style sheet that gives it its colour; empty for a colour that is not known there.
    pub tint: String,
    pub title: Marked,
}

struct Spot {
    href: String,
    title: Marked,
    language: Option<Marked>,
    lines: Vec<String>,
    closed: bool,
    today: Option<Today>,
    barrier_free: bool,
}

pub fn all(edition: &Edition) -> impl Iterator<Item = (&ItemView, &PlaceFacts)> {
    edition.all(ObjectKind::Place).iter().filter_map(|view| match view.facts()? {
        Facts::Place(place) => Some((view, place.as_ref())),
        _ => None,
    })
}

pub fn list(world: &World<'_>, scope: Scope<'_>, today: Date) -> Result<String, askama::Error> {
    let mut frame = Frame::of(scope, Subject::Section(Section::Places), world.site);
    let titles: Vec<&str> = all(scope.edition).take(NAMED_PLACES).map(|(view, _)| view.title()).collect();
    frame.description = format!("{}: {}", frame.words.say("places").text, titles.join(" · "));
    let file = FileLink::of(scope, &frame.words, File::Places);
    frame.files.push(file);
    let groups = groups(world, scope, &frame, today);
    List { frame, trail: home(scope), groups }.render()
}

/// Places that search engines show below the title of the list.
const NAMED_PLACES: usize = 4;

/// By category in the order of their making, places without one last.
fn groups(world: &World<'_>, scope: Scope<'_>, frame: &Frame, today: Date) -> Vec<Group> {
    let categories = scope.edition.all(ObjectKind::Category).iter().map(Some).chain([None]);
    let mut groups: Vec<(Option<ItemId>, Group)> = categories
        .map(|view| {
            let anchor = view.map_or_else(|| "other".to_owned(), anchor);
            let category = category(scope, frame, view);
            (view.map(|view| view.id), Group { category, anchor, places: Vec::new() })
        })
        .collect();
    for (view, place) in all(scope.edition) {
        let wanted = category_view(world, scope, view, place).map(|category| category.id);
        if let Some((_, group)) = groups.iter_mut().find(|(known, _)| *known == wanted) {
            let hours = place.hours.as_ref().filter(|_| !place.temporarily_closed);
            group.places.push(Spot {
                href: address::encoded(&view.path),
                title: Marked::title(scope, view),
                language: Marked::language(scope, view),
                lines: card::lines(&place.address).into_iter().take(2).collect(),
                closed: place.temporarily_closed,
                today: hours.map(|hours| Today::of(frame, hours, today)),
                barrier_free: place.barrier_free == Some(true),
            });
        }
    }
    groups.into_iter().map(|(_, group)| group).filter(|group| !group.places.is_empty()).collect()
}

/// Where the list has the places of a category.
pub fn anchor(category: &ItemView) -> String {
    format!("c{}", category.number)
}

fn category_view<'s>(
    world: &World<'s>,
    scope: Scope<'s>,
    view: &ItemView,
    place: &PlaceFacts,
) -> Option<&'s ItemView> {
    let view = related(world, scope, view, place.category?)?;
    (view.kind == ObjectKind::Category).then_some(view)
}

fn category(scope: Scope<'_>, frame: &Frame, view: Option<&ItemView>) -> Category {
    let facts = view.and_then(|view| match view.facts()? {
        Facts::Category(category) => Some(category),
        _ => None,
    });
    // Foreign feeds may name drawings and colours that are not here.
    let icon = facts.map(|facts| facts.icon.as_str()).filter(|icon| ICONS.contains(icon)).unwrap_or("other");
    let colour = facts.map(|facts| facts.colour.as_str()).filter(|colour| COLOURS.contains(colour));
    Category {
        tint: colour.map(|colour| colour.to_lowercase().replace('#', "tint-")).unwrap_or_default(),
        icon: format!("/{CATEGORY_ICONS}{icon}.svg"),
        title: view.map_or_else(|| frame.say("category-other"), |view| Marked::title(scope, view)),
    }
}

#[derive(Template)]
#[template(path = "reader/templates/place.html")]
struct PlacePage {
    frame: Frame,
    sheet: Sheet,
    category: Option<Category>,
    closed: bool,
    address: AddressCard,
    /// Barrier-free or not, if anybody has looked.
    access: Option<Marked>,
    organisation: Option<Link>,
    hours: Option<HoursTable>,
    appointment: Option<String>,
    contacts: Vec<ContactCard>,
    events: Vec<(Marked, Line)>,
}

/// Events that the page of a place names.
const MOST_EVENTS: usize = 5;

pub fn place(
    world: &World<'_>,
    scope: Scope<'_>,
    view: &ItemView,
    today: Date,
) -> Result<String, askama::Error> {
    let mut frame = Frame::of(scope, Some(view), world.site);
    let Some(Facts::Place(place)) = view.facts() else { return item::plain(world, scope, view) };
    let contacts = contacts(world, scope, view);
    // One without a responsibility is the first to turn to.
    let first = contacts.iter().find(|(contact, _)| contact.title().is_empty()).map(|(_, facts)| *facts);
    let owner = place.organisation.and_then(|object| related(world, scope, view, object));
    let owner = owner.and_then(|view| match view.facts()? {
        Facts::Organisation(facts) => Some((view.title(), facts.website.as_ref().map(|url| url.as_str()))),
        _ => None,
    });
    frame.description = item::description(view, &card::lines(&place.address).join(", "));
    frame.data = Some(LinkedData::place(scope, &frame, (view, place), (first, owner)));
    let sheet = Sheet::of(world, scope, &frame, view)?;
    let hours = place.hours.as_ref().filter(|_| !place.temporarily_closed);
    let access = place.barrier_free.map(|free| if free { "barrier-free" } else { "barrier-not-free" });
    PlacePage {
        category: category_view(world, scope, view, place).map(|view| category(scope, &frame, Some(view))),
        closed: place.temporarily_closed,
        address: AddressCard::of(&frame, place),
        access: access.map(|key| frame.say(key)),
        organisation: place.organisation.and_then(|object| organisation(world, scope, view, object)),
        hours: hours.map(|hours| HoursTable::of(scope, &frame, hours, today)),
        appointment: place.appointment.as_ref().map(ToString::to_string),
        contacts: contacts
            .into_iter()
            .map(|(contact, facts)| {
                let title = (!contact.title().is_empty()).then(|| Marked::title(scope, contact));
                ContactCard::of(scope, &frame, title, facts, today)
            })
            .collect(),
        events: events_at(world, scope, &frame, view, today),
        sheet,
        frame,
    }
    .render()
}

/// The contacts of a place, those without a responsibility first.
fn contacts<'s>(
    world: &World<'s>,
    scope: Scope<'s>,
    owner: &ItemView,
) -> Vec<(&'s ItemView, &'s ContactFacts)> {
    let all = scope.edition.all(ObjectKind::Contact).iter().filter_map(|view| match view.facts()? {
        Facts::Contact(facts) => Some((view, facts.as_ref())),
        _ => None,
    });
    let belongs = |(contact, facts): &(&ItemView, &ContactFacts)| {
        let of = facts.of.and_then(|object| related(world, scope, contact, object));
        of.is_some_and(|found| found.id == owner.id)
    };
    let mut found: Vec<_> = all.filter(belongs).collect();
    found.sort_by_key(|(view, _)| !view.title().is_empty());
    found
}

/// The next dates at a place, each with its day.
fn events_at(
    world: &World<'_>,
    scope: Scope<'_>,
    frame: &Frame,
    place: &ItemView,
    today: Date,
) -> Vec<(Marked, Line)> {
    let here = |entry: &agenda::Entry<'_>| {
        let at = entry.event.place.and_then(|object| related(world, scope, entry.view, object));
        at.is_some_and(|at| at.id == place.id)
    };
    let entries = agenda::coming(scope.edition, today).into_iter().filter(here).take(MOST_EVENTS);
    entries.map(|entry| (when::days(frame, &entry), Line::of(world, scope, frame, &entry))).collect()
}
