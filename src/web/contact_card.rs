//! A contact in a text, for machines: the card as Integreat's CMS draws it, which apps know by its classes.

use crate::base::language::LanguageTag;
use crate::domain::content::embedded::{self, EmbeddedContact, dialled};
use crate::domain::content::published::{ItemView, RegionView, Snapshot};
use crate::domain::content::references::{ContactReference, Detail};
use askama::Template;

/// Where a card is shown.
#[derive(Clone, Copy)]
pub struct Cards<'a> {
    /// Base address of the site, with a slash at the end.
    pub site: &'a str,
    pub snapshot: &'a Snapshot,
    pub region: &'a RegionView,
    pub language: &'a LanguageTag,
}

#[derive(Template)]
#[template(path = "templates/contact_card.html")]
struct Card {
    id: i64,
    /// Where its place is told of.
    url: Option<String>,
    heading: String,
    lines: Vec<Line>,
}

struct Line {
    href: Option<String>,
    text: String,
}

impl Cards<'_> {
    /// The card of a contact that `text` names; `None` if it is not public here.
    pub fn card(&self, text: &ItemView, reference: &ContactReference) -> Option<String> {
        let around = (self.region, self.language);
        let contact = embedded::contact(self.snapshot, around, text, reference.object)?;
        let lines = reference.shown().iter().filter_map(|detail| self.line(&contact, *detail));
        let card = Card {
            id: contact.view.number,
            url: contact.place.map(|(place, _)| self.url(place)),
            heading: contact.heading(),
            lines: lines.collect(),
        };
        // Printing into a string cannot fail.
        card.render().ok()
    }

    fn url(&self, view: &ItemView) -> String {
        format!("{}{}", self.site, view.path.trim_start_matches('/'))
    }

    fn line(&self, contact: &EmbeddedContact<'_>, detail: Detail) -> Option<Line> {
        if !contact.has(detail) {
            return None;
        }
        let facts = contact.facts;
        Some(match detail {
            Detail::Address => {
                let (view, place) = contact.place?;
                Line { href: Some(self.url(view)), text: place.address.in_a_line() }
            }
            Detail::Email => {
                Line { href: Some(format!("mailto:{}", facts.email)), text: facts.email.clone() }
            }
            Detail::Phone => Line { href: dialled(&facts.phone), text: facts.phone.clone() },
            Detail::Mobile => Line { href: dialled(&facts.mobile), text: facts.mobile.clone() },
            Detail::Website => {
                let website = facts.website.as_ref()?.to_string();
                Line { href: Some(website.clone()), text: website }
            }
        })
    }
}
