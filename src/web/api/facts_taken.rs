//! Facts that somebody sends become ours, or are refused with the member that cannot be.

use super::facts::{Address, Contact, Event, Facts, Page, Picture, Place, When};
use super::facts::{Category, News, Offer, Organisation};
use super::refusal::Refusal;
use crate::base::digest::Digest;
use crate::base::url::WebUrl;
use crate::domain::content::facts as own;
use crate::domain::content::recurrence::Schedule;
use std::fmt::Display;

fn wrong(member: &str, why: impl Display) -> Refusal {
    Refusal::Malformed { why: format!("{member}: {why}") }
}

impl TryFrom<Facts> for own::Facts {
    type Error = Refusal;
    fn try_from(facts: Facts) -> Result<own::Facts, Refusal> {
        Ok(match facts {
            Facts::Page(Page { organisation, offers }) => {
                own::Facts::Page(own::PageFacts { organisation, offers })
            }
            Facts::Event(event) => own::Facts::Event(Box::new(event.taken()?)),
            Facts::Place(place) => own::Facts::Place(Box::new(place.taken()?)),
            Facts::Contact(contact) => own::Facts::Contact(Box::new(contact.taken())),
            Facts::Organisation(Organisation { slug, website, logo }) => {
                let logo = logo.map(|logo| logo.taken("logo")).transpose()?;
                own::Facts::Organisation(own::OrganisationFacts { slug, website, logo })
            }
            Facts::Category(Category { icon, colour }) => {
                let digits = colour.strip_prefix('#').unwrap_or_default();
                if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                    return Err(wrong("colour", format!("{colour:?} is none; expected one such as #2E98FB")));
                }
                own::Facts::Category(own::CategoryFacts { icon, colour })
            }
            Facts::News(News { at, until, channel, message }) => {
                if until <= at {
                    return Err(wrong("until", "news must last longer than to the moment when it is told"));
                }
                own::Facts::News(own::NewsFacts { at, until, channel, message })
            }
            Facts::Offer(Offer { alias, url, post, picture }) => {
                let picture = picture.map(|picture| picture.taken("picture")).transpose()?;
                own::Facts::Offer(own::OfferFacts { alias, url, post, picture })
            }
        })
    }
}

impl Event {
    fn taken(self) -> Result<own::EventFacts, Refusal> {
        let Event { when, only_weekdays, place, online, picture } = self;
        let picture = picture.map(|picture| picture.taken("picture")).transpose()?;
        Ok(own::EventFacts { when: when.taken()?, only_weekdays, place, online, picture })
    }
}

impl When {
    /// By way of the schedule's own JSON, whose members these are.
    fn taken(self) -> Result<Schedule, Refusal> {
        let written = serde_json::to_value(self)?;
        serde_json::from_value(written).map_err(|error| wrong("when", error))
    }
}

impl Place {
    fn taken(self) -> Result<own::PlaceFacts, Refusal> {
        let Place { address, position, on_map, category, organisation, hours, .. } = self;
        let Place { temporarily_closed, appointment, barrier_free, picture, .. } = self;
        if position.is_some_and(|[longitude, latitude]| longitude.abs() > 180.0 || latitude.abs() > 90.0) {
            return Err(wrong("position", "expected longitude and latitude in degrees"));
        }
        let address = address.map_or_else(own::Address::default, |address| {
            let Address { street, postcode, town, country } = address;
            own::Address { street, postcode, town, country }
        });
        Ok(own::PlaceFacts {
            address,
            position,
            on_map,
            category,
            organisation,
            hours,
            temporarily_closed,
            appointment,
            barrier_free,
            picture: picture.map(|picture| picture.taken("picture")).transpose()?,
        })
    }
}

impl Contact {
    fn taken(self) -> own::ContactFacts {
        let Contact { of, name, email, phone, mobile, website, hours, appointment } = self;
        own::ContactFacts { of, name, email, phone, mobile, website, hours, appointment }
    }
}

impl Picture {
    fn taken(self, member: &str) -> Result<own::Picture, Refusal> {
        Ok(match self {
            Picture::Held(sha256) => {
                own::Picture::Held(sha256.parse::<Digest>().map_err(|error| wrong(member, error))?)
            }
            Picture::Elsewhere(url) => {
                own::Picture::Elsewhere(url.parse::<WebUrl>().map_err(|error| wrong(member, error))?)
            }
        })
    }
}
