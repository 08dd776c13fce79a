//! What an item is apart from its words, equal in every language. Facts stand in a body of their own, published under
//! the language tag `zxx` (BCP 47: no linguistic content). So other opening hours are one small revision, and no
//! translation goes out of date.

use super::kind::ObjectKind;
use super::opening_hours::OpeningHours;
use super::recurrence::Schedule;
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::moment::Moment;
use crate::base::url::WebUrl;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Facts of one item, by its kind. Members that a newer version adds are passed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Facts {
    Event(Box<EventFacts>),
    Place(Box<PlaceFacts>),
    Contact(Box<ContactFacts>),
    Organisation(OrganisationFacts),
    Category(CategoryFacts),
    News(NewsFacts),
    Offer(OfferFacts),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventFacts {
    pub when: Schedule,
    /// Of a long event: it takes place from Monday to Friday only.
    #[serde(default, skip_serializing_if = "is_no")]
    pub only_weekdays: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<ObjectId>,
    /// Where to take part online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<WebUrl>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceFacts {
    #[serde(skip_serializing_if = "Address::is_empty")]
    pub address: Address,
    /// Longitude and latitude in degrees, WGS 84.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "position")]
    pub position: Option<[f64; 2]>,
    /// Whether maps show it; some places, such as a hotline, only look like one.
    #[serde(skip_serializing_if = "is_no")]
    pub on_map: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<ObjectId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<ObjectId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<OpeningHours>,
    #[serde(skip_serializing_if = "is_no")]
    pub temporarily_closed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appointment: Option<WebUrl>,
    /// `None`: nobody has looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barrier_free: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// An address in the parts that every country has; `street` holds the number as one writes it there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub street: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postcode: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub town: String,
    /// The country's name, as the region writes it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
}

/// A title in some language is what the contact is responsible for; one without is the first to turn to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactFacts {
    /// The place or organisation that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<ObjectId>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phone: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mobile: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<WebUrl>,
    /// `None`: those of the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<OpeningHours>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appointment: Option<WebUrl>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganisationFacts {
    /// A short name for machines: a-z, 0-9 and hyphens.
    pub slug: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<WebUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<Picture>,
}

/// How places of a category look on a map and in a list. The app knows the words of [`ICONS`] and [`COLOURS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CategoryFacts {
    /// A word of a-z, 0-9 and `_`; one that is none is read as `other`.
    #[serde(deserialize_with = "icon")]
    pub icon: String,
    /// `#RRGGBB`; anything else is read as grey.
    #[serde(deserialize_with = "colour")]
    pub colour: String,
}

impl Default for CategoryFacts {
    fn default() -> CategoryFacts {
        CategoryFacts { icon: "other".to_owned(), colour: "#585858".to_owned() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsFacts {
    /// When it is told; before, nobody sees it.
    pub at: Moment,
    /// Until when it is news.
    pub until: Moment,
    #[serde(default = "news_channel")]
    pub channel: String,
    /// The same for all items that tell one message, each to another region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<ObjectId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferFacts {
    /// What apps know the service by, such as `sprungbrett`.
    pub alias: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<WebUrl>,
    /// Form fields to send along.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub post: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// A picture that stands for an item: one that the body's media name, or an address elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Picture {
    Held(Digest),
    Elsewhere(WebUrl),
}

/// The icons that Integreat's app draws; it knows no others.
pub const ICONS: [&str; 21] = [
    "advice",
    "culture",
    "daily_routine",
    "education",
    "finance",
    "gastronomy",
    "health",
    "house",
    "leisure",
    "media",
    "medical_aid",
    "meeting_point",
    "mental_health",
    "mobility",
    "office",
    "other",
    "other_help",
    "service",
    "shelter",
    "shopping",
    "structure",
];
/// The colours in which it draws them.
pub const COLOURS: [&str; 12] = [
    "#3700D2", "#2E98FB", "#1DC6C6", "#3F8F01", "#07DC03", "#F2DA04", "#C38E03", "#FF7C32", "#FF3333",
    "#EE36DC", "#A258FF", "#585858",
];

fn is_no(value: &bool) -> bool {
    !*value
}

/// For readers who chose no channel.
pub fn news_channel() -> String {
    "news".to_owned()
}

/// It becomes part of addresses.
fn icon<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let word = String::deserialize(from)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let usable = (1..=40).contains(&word.len()) && word.chars().all(plain);
    Ok(if usable { word } else { CategoryFacts::default().icon })
}

/// It becomes part of styles.
fn colour<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let colour = String::deserialize(from)?;
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6);
    let usable = digits.is_some_and(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()));
    Ok(if usable { colour } else { CategoryFacts::default().colour })
}

/// Only what is on the globe.
fn position<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<[f64; 2]>, D::Error> {
    let at = Option::<[f64; 2]>::deserialize(from)?;
    match at {
        Some([longitude, latitude]) if longitude.abs() > 180.0 || latitude.abs() > 90.0 => {
            Err(serde::de::Error::custom("a position is longitude and latitude in degrees"))
        }
        at => Ok(at),
    }
}

impl Address {
    pub fn is_empty(&self) -> bool {
        *self == Address::default()
    }

    /// As on an envelope, with a comma after each line.
    pub fn in_a_line(&self) -> String {
        let town = format!("{} {}", self.postcode, self.town);
        let lines = [self.street.trim(), town.trim(), self.country.trim()];
        lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

impl Facts {
    pub fn kind(&self) -> ObjectKind {
        match self {
            Facts::Event(_) => ObjectKind::Event,
            Facts::Place(_) => ObjectKind::Place,
            Facts::Contact(_) => ObjectKind::Contact,
            Facts::Organisation(_) => ObjectKind::Organisation,
            Facts::Category(_) => ObjectKind::Category,
            Facts::News(_) => ObjectKind::News,
            Facts::Offer(_) => ObjectKind::Offer,
        }
    }

    /// When the item is over by itself: an event with its last day, news after its time.
    pub fn expires_at(&self) -> Option<Moment> {
        match self {
            Facts::Event(event) => event.when.ends_at(),
            Facts::News(news) => Some(news.until),
            _ => None,
        }
    }

    /// Before this nobody is to see the item.
    pub fn begins_at(&self) -> Option<Moment> {
        match self {
            Facts::News(news) => Some(news.at),
            _ => None,
        }
    }

    /// The items that these facts name, which must be known for them to be whole; of the kinds that
    /// [`ObjectKind::needs`] says.
    pub fn refers_to(&self) -> Vec<ObjectId> {
        let named = match self {
            Facts::Event(event) => vec![event.place],
            Facts::Place(place) => vec![place.category, place.organisation],
            Facts::Contact(contact) => vec![contact.of],
            _ => Vec::new(),
        };
        named.into_iter().flatten().collect()
    }

    pub fn picture_mut(&mut self) -> Option<&mut Picture> {
        match self {
            Facts::Event(event) => event.picture.as_mut(),
            Facts::Place(place) => place.picture.as_mut(),
            Facts::Organisation(organisation) => organisation.logo.as_mut(),
            Facts::Offer(offer) => offer.picture.as_mut(),
            Facts::Contact(_) | Facts::Category(_) | Facts::News(_) => None,
        }
    }

    pub fn picture(&self) -> Option<&Picture> {
        match self {
            Facts::Event(event) => event.picture.as_ref(),
            Facts::Place(place) => place.picture.as_ref(),
            Facts::Organisation(organisation) => organisation.logo.as_ref(),
            Facts::Offer(offer) => offer.picture.as_ref(),
            Facts::Contact(_) | Facts::Category(_) | Facts::News(_) => None,
        }
    }
}
