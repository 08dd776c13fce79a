//! What an item is apart from its words, in the words of this API: those of `domain::content::facts`, with one struct
//! for each kind, so that a member that is added there cannot be forgotten here. The way back is in `facts_taken`.

use crate::base::id::ObjectId;
use crate::base::moment::Moment;
use crate::base::url::WebUrl;
use crate::domain::content::facts as own;
use crate::domain::content::opening_hours::OpeningHours;
use crate::domain::content::recurrence::Schedule;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One member, named as the item's kind: what it is apart from words, equal in every language. Members that say nothing
/// are left out.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(example = json!({ "place": {
    "address": { "street": "Markt 1", "postcode": "12345", "town": "Musterstadt", "country": "Deutschland" },
    "position": [10.5, 50.25],
    "on_map": true,
    "hours": "Mo-Fr 08:00-12:00; PH off",
} }))]
#[serde(rename_all = "lowercase")]
pub enum Facts {
    Page(Page),
    Event(Event),
    Place(Place),
    Contact(Contact),
    Organisation(Organisation),
    Category(Category),
    News(News),
    Offer(Offer),
}

/// Who answers for a page, and which services it points to.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The organisation's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub(super) organisation: Option<ObjectId>,
    /// The ids of offers, in the order in which the page shows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>, max_items = 32)]
    pub(super) offers: Vec<ObjectId>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub(super) when: When,
    /// Of a long event: it takes place from Monday to Friday only.
    #[serde(default, skip_serializing_if = "is_no")]
    pub(super) only_weekdays: bool,
    /// The place's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub(super) place: Option<ObjectId>,
    /// Where to take part online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "iri")]
    pub(super) online: Option<WebUrl>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) picture: Option<Picture>,
}

/// When an event takes place, by the clock of its zone. Whole days run from midnight to the midnight after the last.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    #[schema(
        example = "2026-06-02T17:00",
        pattern = "^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$"
    )]
    pub(super) start: String,
    #[schema(
        example = "2026-06-02T19:00",
        pattern = "^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$"
    )]
    pub(super) end: String,
    /// IANA name.
    #[schema(example = "Europe/Berlin")]
    pub(super) zone: String,
    #[serde(default, skip_serializing_if = "is_no")]
    pub(super) all_day: bool,
    /// How it comes back: a recurrence rule of RFC 5545.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "FREQ=WEEKLY;BYDAY=TU")]
    pub(super) rrule: Option<String>,
    /// Starts, as the rule gives them, of dates that do not take place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) cancelled: Vec<String>,
    /// By the start that the rule gives: when the date takes place instead.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) moved: BTreeMap<String, MovedDate>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MovedDate {
    pub(super) start: String,
    pub(super) end: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<Address>,
    /// Longitude and latitude in degrees, WGS 84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) position: Option<[f64; 2]>,
    /// Whether maps show it; some places, such as a hotline, only look like one.
    #[serde(default, skip_serializing_if = "is_no")]
    pub(super) on_map: bool,
    /// The category's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub(super) category: Option<ObjectId>,
    /// The organisation's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub(super) organisation: Option<ObjectId>,
    /// As OpenStreetMap's `opening_hours`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "Mo-Fr 08:00-12:00; PH off")]
    pub(super) hours: Option<OpeningHours>,
    #[serde(default, skip_serializing_if = "is_no")]
    pub(super) temporarily_closed: bool,
    /// Where to make an appointment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "iri")]
    pub(super) appointment: Option<WebUrl>,
    /// Missing: nobody has looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) barrier_free: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) picture: Option<Picture>,
}

/// An address in the parts that every country has; each may be empty.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// With the number, as one writes it there.
    #[serde(default)]
    pub(super) street: String,
    #[serde(default)]
    pub(super) postcode: String,
    #[serde(default)]
    pub(super) town: String,
    /// The country's name, as the region writes it.
    #[serde(default)]
    pub(super) country: String,
}

/// A title in some language is what the contact is responsible for; one without is the first to turn to.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The id of the place or organisation that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub(super) of: Option<ObjectId>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) email: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) phone: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) mobile: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "iri")]
    pub(super) website: Option<WebUrl>,
    /// As OpenStreetMap's `opening_hours`; missing: those of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) hours: Option<OpeningHours>,
    /// Where to make an appointment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "iri")]
    pub(super) appointment: Option<WebUrl>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// A short name for machines: a-z, 0-9 and hyphens.
    pub(super) slug: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "iri")]
    pub(super) website: Option<WebUrl>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) logo: Option<Picture>,
}

/// How places of a category look on a map and in a list.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Category {
    #[schema(example = "office")]
    pub(super) icon: String,
    /// `#RRGGBB`
    #[schema(example = "#2E98FB", pattern = "^#[0-9A-Fa-f]{6}$")]
    pub(super) colour: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct News {
    /// When it was told.
    #[schema(value_type = String, format = "date-time")]
    pub(super) at: Moment,
    /// Until when it is news.
    #[schema(value_type = String, format = "date-time")]
    pub(super) until: Moment,
    pub(super) channel: String,
    /// The same for all items that tell one message, each to another region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub(super) message: Option<ObjectId>,
}

/// A link to a service elsewhere.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// What apps know the service by.
    pub(super) alias: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "iri")]
    pub(super) url: Option<WebUrl>,
    /// Form fields to send along.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) post: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) picture: Option<Picture>,
}

/// A picture: one that this node holds, by its SHA-256 in hex, or an address elsewhere.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Picture {
    Held(String),
    Elsewhere(String),
}

fn is_no(value: &bool) -> bool {
    !*value
}

impl From<own::Facts> for Facts {
    fn from(facts: own::Facts) -> Facts {
        match facts {
            own::Facts::Page(own::PageFacts { organisation, offers }) => {
                Facts::Page(Page { organisation, offers })
            }
            own::Facts::Event(event) => Facts::Event((*event).into()),
            own::Facts::Place(place) => Facts::Place((*place).into()),
            own::Facts::Contact(contact) => Facts::Contact((*contact).into()),
            own::Facts::Organisation(own::OrganisationFacts { slug, website, logo }) => {
                Facts::Organisation(Organisation { slug, website, logo: logo.map(Picture::from) })
            }
            own::Facts::Category(own::CategoryFacts { icon, colour }) => {
                Facts::Category(Category { icon, colour })
            }
            own::Facts::News(own::NewsFacts { at, until, channel, message }) => {
                Facts::News(News { at, until, channel, message })
            }
            own::Facts::Offer(own::OfferFacts { alias, url, post, picture }) => {
                Facts::Offer(Offer { alias, url, post, picture: picture.map(Picture::from) })
            }
        }
    }
}

impl From<own::EventFacts> for Event {
    fn from(event: own::EventFacts) -> Event {
        let own::EventFacts { when, only_weekdays, place, online, picture } = event;
        Event { when: When::of(&when), only_weekdays, place, online, picture: picture.map(Picture::from) }
    }
}

impl From<own::PlaceFacts> for Place {
    fn from(place: own::PlaceFacts) -> Place {
        let own::PlaceFacts { address, position, on_map, category, organisation, hours, .. } = place;
        let own::PlaceFacts { temporarily_closed, appointment, barrier_free, picture, .. } = place;
        let own::Address { street, postcode, town, country } = address;
        let address = Address { street, postcode, town, country };
        Place {
            address: Some(address).filter(|address| !address.is_empty()),
            position,
            on_map,
            category,
            organisation,
            hours,
            temporarily_closed,
            appointment,
            barrier_free,
            picture: picture.map(Picture::from),
        }
    }
}

impl Address {
    fn is_empty(&self) -> bool {
        [&self.street, &self.postcode, &self.town, &self.country].iter().all(|part| part.is_empty())
    }
}

impl From<own::ContactFacts> for Contact {
    fn from(contact: own::ContactFacts) -> Contact {
        let own::ContactFacts { of, name, email, phone, mobile, website, hours, appointment } = contact;
        Contact { of, name, email, phone, mobile, website, hours, appointment }
    }
}

impl From<own::Picture> for Picture {
    fn from(picture: own::Picture) -> Picture {
        match picture {
            own::Picture::Held(sha256) => Picture::Held(sha256.to_string()),
            own::Picture::Elsewhere(url) => Picture::Elsewhere(url.into()),
        }
    }
}

impl When {
    fn of(schedule: &Schedule) -> When {
        let moved = schedule.moved().iter().map(|(at, moved)| {
            (written(*at), MovedDate { start: written(moved.start), end: written(moved.end) })
        });
        When {
            start: written(schedule.start()),
            end: written(schedule.end()),
            zone: schedule.zone().name().to_owned(),
            all_day: schedule.is_all_day(),
            rrule: schedule.rule().map(ToString::to_string),
            cancelled: schedule.cancelled().iter().copied().map(written).collect(),
            moved: moved.collect(),
        }
    }
}

/// `2026-06-02T17:00`, with seconds only if there are some.
fn written(at: DateTime) -> String {
    let form = if at.second() == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" };
    at.strftime(form).to_string()
}
