//! What Integreat's API v3 says of everything that is no page: strict about what makes an item, tolerant about the rest.

use crate::base::moment::Moment;
use crate::domain::content::opening_hours::integreat::IntegreatDay;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Answers by language code, in the order of delivery.
#[derive(Debug, Default)]
pub struct CardAnswers {
    pub locations: Vec<(String, Vec<LocationAnswer>)>,
    /// Ids of the places that maps show; absent where that was not asked.
    pub on_map: Option<Vec<i64>>,
    pub categories: Vec<(String, Vec<CategoryAnswer>)>,
    pub events: Vec<(String, Vec<EventAnswer>)>,
    pub news: Vec<(String, Vec<NewsAnswer>)>,
    pub imprints: Vec<(String, ImprintAnswer)>,
    pub offers: Vec<OfferAnswer>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct LocationAnswer {
    /// Null where the region's default language stands in.
    pub id: Option<i64>,
    #[serde(flatten)]
    pub text: TextAnswer,
    #[serde(default)]
    pub meta_description: Option<String>,
    #[serde(default)]
    pub thumbnail: Option<String>,
    #[serde(default)]
    pub icon: Option<String>,
    #[serde(default)]
    pub contacts: Vec<ContactAnswer>,
    #[serde(default)]
    pub category: Option<CategoryAnswer>,
    #[serde(default)]
    pub temporarily_closed: bool,
    #[serde(default)]
    pub opening_hours: Option<Vec<IntegreatDay>>,
    #[serde(default)]
    pub appointment_url: Option<String>,
    pub location: SpotAnswer,
    #[serde(default)]
    pub organization: Option<OrganizationAnswer>,
    #[serde(default)]
    pub barrier_free: Option<bool>,
}

/// What pages, places, events and imprints have in common.
#[derive(Clone, Debug, Deserialize)]
pub struct TextAnswer {
    pub path: String,
    pub title: String,
    #[serde(default)]
    pub content: Option<String>,
    #[serde(default)]
    pub last_updated: Option<Moment>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct ContactAnswer {
    #[serde(default)]
    pub area_of_responsibility: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone_number: Option<String>,
    #[serde(default)]
    pub mobile_number: Option<String>,
    #[serde(default)]
    pub website: Option<String>,
    #[serde(default)]
    pub opening_hours: Option<Vec<IntegreatDay>>,
    #[serde(default)]
    pub appointment_url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CategoryAnswer {
    pub id: i64,
    pub name: String,
    #[serde(default)]
    pub color: Option<String>,
    #[serde(default)]
    pub icon: Option<String>,
}

/// Integreat's `location`: the object's lasting id, and its address. All null for an event that is nowhere.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SpotAnswer {
    pub id: Option<i64>,
    pub address: Option<String>,
    pub town: Option<String>,
    pub postcode: Option<String>,
    pub country: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct OrganizationAnswer {
    pub id: i64,
    pub slug: String,
    pub name: String,
    #[serde(default)]
    pub logo: Option<String>,
    #[serde(default)]
    pub website: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct EventAnswer {
    /// Null where the region's default language stands in.
    pub id: Option<i64>,
    #[serde(flatten)]
    pub text: TextAnswer,
    #[serde(default)]
    pub thumbnail: Option<String>,
    #[serde(default)]
    pub location: SpotAnswer,
    #[serde(default)]
    pub meeting_url: Option<String>,
    pub event: DatesAnswer,
    #[serde(default)]
    pub recurrence_rule: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct DatesAnswer {
    /// The event's lasting id.
    pub id: Option<i64>,
    pub start: Moment,
    pub end: Moment,
    #[serde(default)]
    pub only_weekdays: bool,
    #[serde(default)]
    pub timezone: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct NewsAnswer {
    /// `local-5`; other sources are not the region's own.
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub content: Option<String>,
    #[serde(default)]
    pub last_updated: Option<Moment>,
    pub display_date: Moment,
    #[serde(default)]
    pub channel: Option<String>,
    /// Language code to `{"id": "local-5"}`, the own language included.
    #[serde(default)]
    pub available_languages: Option<BTreeMap<String, Value>>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct ImprintAnswer {
    pub id: Option<i64>,
    #[serde(flatten)]
    pub text: TextAnswer,
}

#[derive(Clone, Debug, Deserialize)]
pub struct OfferAnswer {
    pub name: String,
    pub alias: String,
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub post: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    pub thumbnail: Option<String>,
}
