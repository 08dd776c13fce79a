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
use std::collections::{BTreeMap, BTreeSet};

/// Facts of one item, by its kind. Members that a newer version adds are passed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Facts {
    Page(PageFacts),
    Event(Box<EventFacts>),
    Place(Box<PlaceFacts>),
    Contact(Box<ContactFacts>),
    Organisation(OrganisationFacts),
    Category(CategoryFacts),
    News(NewsFacts),
    Offer(OfferFacts),
}

/// Who answers for a page, and which services it points to. A page that names neither has no facts at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageFacts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<ObjectId>,
    /// In the order in which the page shows them, each once; at most [`MOST_OFFERS`].
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "offers")]
    pub offers: Vec<ObjectId>,
}

/// Every answer that tells of a page tells its offers whole.
pub const MOST_OFFERS: usize = 32;

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

/// Each once, and no more than are shown.
fn offers<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<ObjectId>, D::Error> {
    let mut seen = BTreeSet::new();
    let named = Vec::<ObjectId>::deserialize(from)?.into_iter();
    Ok(named.filter(|offer| seen.insert(*offer)).take(MOST_OFFERS).collect())
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
            Facts::Page(_) => ObjectKind::Page,
            Facts::Event(_) => ObjectKind::Event,
            Facts::Place(_) => ObjectKind::Place,
            Facts::Contact(_) => ObjectKind::Contact,
            Facts::Organisation(_) => ObjectKind::Organisation,
            Facts::Category(_) => ObjectKind::Category,
            Facts::News(_) => ObjectKind::News,
            Facts::Offer(_) => ObjectKind::Offer,
        }
    }

    /// Whether they say nothing, so that the item is as well without them.
    pub fn is_silent(&self) -> bool {
        matches!(self, Facts::Page(page) if *page == PageFacts::default())
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

    /// The items that these facts name, which must be known for them to be whole, each with the kinds that it may be of.
    /// [`ObjectKind::needs`] says the same of all items of a kind.
    pub fn names(&self) -> Vec<(ObjectId, &'static [ObjectKind])> {
        use ObjectKind::{Category, Offer, Organisation, Place};
        let one =
            |object: Option<ObjectId>, kinds: &'static [ObjectKind]| object.map(|object| (object, kinds));
        let named: Vec<Option<_>> = match self {
            Facts::Page(PageFacts { organisation, offers }) => {
                let offers = offers.iter().map(|offer| one(Some(*offer), &[Offer]));
                std::iter::once(one(*organisation, &[Organisation])).chain(offers).collect()
            }
            Facts::Event(event) => vec![one(event.place, &[Place])],
            Facts::Place(place) => {
                vec![one(place.category, &[Category]), one(place.organisation, &[Organisation])]
            }
            Facts::Contact(contact) => vec![one(contact.of, &[Place, Organisation])],
            Facts::Organisation(_) | Facts::Category(_) | Facts::News(_) | Facts::Offer(_) => Vec::new(),
        };
        named.into_iter().flatten().collect()
    }

    /// As [`Facts::names`], whatever they are.
    pub fn refers_to(&self) -> Vec<ObjectId> {
        self.names().into_iter().map(|(object, _)| object).collect()
    }

    pub fn picture_mut(&mut self) -> Option<&mut Picture> {
        match self {
            Facts::Event(event) => event.picture.as_mut(),
            Facts::Place(place) => place.picture.as_mut(),
            Facts::Organisation(organisation) => organisation.logo.as_mut(),
            Facts::Offer(offer) => offer.picture.as_mut(),
            Facts::Page(_) | Facts::Contact(_) | Facts::Category(_) | Facts::News(_) => None,
        }
    }

    pub fn picture(&self) -> Option<&Picture> {
        match self {
            Facts::Event(event) => event.picture.as_ref(),
            Facts::Place(place) => place.picture.as_ref(),
            Facts::Organisation(organisation) => organisation.logo.as_ref(),
            Facts::Offer(offer) => offer.picture.as_ref(),
            Facts::Page(_) | Facts::Contact(_) | Facts::Category(_) | Facts::News(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, MOST_OFFERS, PageFacts};
    use serde_json::json;

    #[test]
    fn a_page_points_to_each_offer_once_and_to_no_crowd_of_them() {
        let id = |number: usize| format!("019b76da-a800-7c3e-9d1a-{number:012}");
        let many: Vec<String> = (0..1000).flat_map(|number| [id(number), id(number)]).collect();
        let facts: Facts = serde_json::from_value(json!({"page": {"offers": many}})).unwrap();
        let Facts::Page(PageFacts { offers, organisation: None }) = &facts else { panic!("{facts:?}") };
        assert_eq!(offers.len(), MOST_OFFERS);
        assert_eq!([offers[0], offers[1]].map(|offer| offer.to_string()), [id(0), id(1)]);
        assert_eq!(facts.refers_to(), *offers);
    }

    #[test]
    fn only_a_page_that_names_nobody_is_silent() {
        for (facts, is_silent) in [
            (json!({"page": {}}), true),
            (json!({"page": {"offers": ["019b76da-a800-7c3e-9d1a-000000000001"]}}), false),
            (json!({"place": {}}), false),
        ] {
            let read: Facts = serde_json::from_value(facts.clone()).unwrap();
            assert_eq!(read.is_silent(), is_silent, "{facts}");
            assert_eq!(serde_json::to_value(&read).unwrap(), facts);
        }
    }
}
