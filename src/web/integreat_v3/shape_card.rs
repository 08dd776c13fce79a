//! What pages, places and events name: contacts, categories, organisations, the spot on the map, pictures.

use super::offers::Offer;
use super::shape::Around;
use crate::base::id::ObjectId;
use crate::domain::content::facts::{
    Address, CategoryFacts, ContactFacts, Facts, OrganisationFacts, PageFacts, Picture, PlaceFacts,
};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::opening_hours::integreat::IntegreatDay;
use crate::domain::content::published::ItemView;
use crate::locale::words::Words;
use crate::web::assets::CATEGORY_ICONS;
use serde::Serialize;

/// As wide as Integreat's own small pictures, at least.
const SMALL_PICTURE_PIXELS: u32 = 300;

/// An item with its facts at hand.
pub struct Card<'a, F> {
    pub view: &'a ItemView,
    pub facts: &'a F,
}

#[derive(Serialize)]
pub struct Contact<'a> {
    area_of_responsibility: Option<&'a str>,
    name: &'a str,
    email: &'a str,
    phone_number: &'a str,
    mobile_number: &'a str,
    website: &'a str,
    opening_hours: Option<[IntegreatDay; 7]>,
    appointment_url: Option<&'a str>,
}

#[derive(Serialize)]
pub struct Category<'a> {
    id: i64,
    name: String,
    color: &'a str,
    icon: &'a str,
    icon_url: String,
    icon_color: String,
}

#[derive(Serialize)]
pub struct Organization<'a> {
    id: i64,
    slug: &'a str,
    name: &'a str,
    logo: String,
    website: &'a str,
}

/// Integreat's `location`; all null for an event that takes place nowhere.
#[derive(Default, Serialize)]
pub struct Spot<'a> {
    id: Option<i64>,
    name: Option<&'a str>,
    address: Option<&'a str>,
    town: Option<&'a str>,
    state: Option<()>,
    postcode: Option<&'a str>,
    region: Option<()>,
    country: Option<&'a str>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl<'a> Around<'a> {
    /// The item of this region that another one names in its facts.
    pub fn related(&self, item: &ItemView, object: ObjectId) -> Option<&'a ItemView> {
        self.snapshot.named_by(item, object, self.region, self.edition)
    }

    /// The contacts of a place or an organisation, by name.
    pub fn contacts_of(&self, owner: &ItemView) -> Vec<Card<'a, ContactFacts>> {
        let contacts =
            self.edition.all(ObjectKind::Contact).iter().filter_map(|view| match view.facts()? {
                Facts::Contact(facts) => Some(Card { view, facts: facts.as_ref() }),
                _ => None,
            });
        let belongs = |card: &Card<'a, ContactFacts>| {
            let of = card.facts.of.and_then(|object| self.related(card.view, object));
            of.is_some_and(|found| found.id == owner.id)
        };
        contacts.filter(belongs).collect()
    }

    pub fn contact(&self, card: Card<'a, ContactFacts>) -> Contact<'a> {
        let ContactFacts { of: _, name, email, phone, mobile, website, hours, appointment } = card.facts;
        let zone = &self.region.settings.time_zone;
        Contact {
            area_of_responsibility: Some(card.view.title()).filter(|area| !area.is_empty()),
            name,
            email,
            phone_number: phone,
            mobile_number: mobile,
            website: website.as_ref().map_or("", |url| url.as_str()),
            opening_hours: hours.as_ref().and_then(|hours| hours.to_integreat(zone)),
            appointment_url: appointment.as_ref().map(|url| url.as_str()),
        }
    }

    /// A category; apps need one for every place, so there is one for those without.
    pub fn category(&self, view: Option<&'a ItemView>) -> Category<'a> {
        let known = view.and_then(|view| match view.facts()? {
            Facts::Category(CategoryFacts { icon, colour }) => Some((view, icon.as_str(), colour.as_str())),
            _ => None,
        });
        let (id, name, icon, color) = match known {
            Some((view, icon, colour)) => (view.number, view.title().to_owned(), icon, colour),
            None => (0, Words::of(&self.language.tag).say("category-other").text, "other", "#585858"),
        };
        let icon_url = self.url(&format!("{CATEGORY_ICONS}{icon}.svg"));
        Category { id, name, color, icon, icon_url, icon_color: format!("{icon}_{color}") }
    }

    /// Who answers for a page, and the services that it points to, as far as they are public.
    pub fn named(&self, page: &ItemView) -> (Option<Organization<'a>>, Vec<Offer<'a>>) {
        let Some(Facts::Page(PageFacts { organisation, offers })) = page.facts() else {
            return (None, Vec::new());
        };
        let organization = organisation.and_then(|object| self.organization(page, object));
        let offers = offers.iter().filter_map(|object| self.offer(self.related(page, *object)?));
        (organization, offers.collect())
    }

    pub fn organization(&self, item: &ItemView, object: ObjectId) -> Option<Organization<'a>> {
        let view = self.related(item, object)?;
        let Facts::Organisation(OrganisationFacts { slug, website, logo: _ }) = view.facts()? else {
            return None;
        };
        Some(Organization {
            id: view.number,
            slug,
            name: view.title(),
            logo: self.picture(view).unwrap_or_default(),
            website: website.as_ref().map_or("", |url| url.as_str()),
        })
    }

    pub fn spot(&self, place: Option<(&'a ItemView, &'a PlaceFacts)>) -> Spot<'a> {
        let Some((view, facts)) = place else { return Spot::default() };
        let Address { street, postcode, town, country } = &facts.address;
        let told = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        let by_default =
            self.region.languages.iter().position(|known| known.tag == self.region.default_language);
        let default = by_default.and_then(|index| self.region.editions.get(index)?.item(view.id));
        Spot {
            id: Some(view.number),
            name: default.map(ItemView::title),
            address: told(street),
            town: told(town),
            postcode: told(postcode),
            country: told(country),
            latitude: facts.position.map(|[_, latitude]| latitude),
            longitude: facts.position.map(|[longitude, _]| longitude),
            ..Spot::default()
        }
    }

    /// The whole address of the picture that stands for an item.
    pub fn picture(&self, view: &ItemView) -> Option<String> {
        match view.facts()?.picture()? {
            Picture::Elsewhere(url) => Some(url.to_string()),
            Picture::Held(sha256) => {
                let path = self.medium_path(view.facts.as_ref()?, *sha256)?;
                Some(self.url(&path))
            }
        }
    }

    /// As [`Around::picture`], but small enough for a list.
    pub fn small_picture(&self, view: &ItemView) -> Option<String> {
        match view.facts()?.picture()? {
            Picture::Elsewhere(url) => Some(url.to_string()),
            Picture::Held(sha256) => {
                let body = view.facts.as_ref()?;
                let held = self.state.held(self.snapshot, body, *sha256, &self.state.about.site);
                self.lacks_media.set(self.lacks_media.get() || held.is_none());
                Some(held?.at_least(SMALL_PICTURE_PIXELS).to_owned())
            }
        }
    }
}
