//! What a page names besides its words: who answers for it, and services elsewhere.

use super::address::Scope;
use super::frame::Marked;
use super::item::related;
use super::render::World;
use crate::base::id::ObjectId;
use crate::domain::content::facts::{Facts, OfferFacts, OrganisationFacts, PageFacts};
use crate::domain::content::published::ItemView;

/// A name, and where it leads to.
pub type Link = (Marked, Option<String>);

/// Only what readers of the language can see.
#[derive(Default)]
pub struct Named {
    pub organisation: Option<Link>,
    /// In the order in which the page names them.
    pub offers: Vec<Link>,
}

impl Named {
    pub fn of(world: &World<'_>, scope: Scope<'_>, page: &ItemView) -> Named {
        let Some(Facts::Page(PageFacts { organisation: of, offers })) = page.facts() else {
            return Named::default();
        };
        Named {
            organisation: of.and_then(|object| organisation(world, scope, page, object)),
            offers: offers.iter().filter_map(|object| offer(world, scope, page, *object)).collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.organisation.is_none() && self.offers.is_empty()
    }
}

/// The organisation that an item names, with its website.
pub fn organisation(world: &World<'_>, scope: Scope<'_>, item: &ItemView, object: ObjectId) -> Option<Link> {
    let view = related(world, scope, item, object)?;
    let Facts::Organisation(OrganisationFacts { website, .. }) = view.facts()? else { return None };
    Some((Marked::title(scope, view), website.as_ref().map(ToString::to_string)))
}

fn offer(world: &World<'_>, scope: Scope<'_>, page: &ItemView, object: ObjectId) -> Option<Link> {
    let view = related(world, scope, page, object)?;
    let Facts::Offer(OfferFacts { url, .. }) = view.facts()? else { return None };
    Some((Marked::title(scope, view), url.as_ref().map(ToString::to_string)))
}
