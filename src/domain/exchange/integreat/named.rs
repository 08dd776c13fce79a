//! What pages name besides their words: the organisation that answers for them, and offers. Both become items, and the
//! facts of the page name these.

use super::answers::PageAnswer;
use super::cards::answers::{OfferAnswer, OrganizationAnswer};
use super::cards::draft::{Draft, Drafting, offer_key, organisation_key};
use super::import::Job;
use super::items::Item;
use super::store::Memory;
use crate::base::digest::Digest;
use crate::base::id::{ItemId, ObjectId};
use crate::base::moment::Moment;
use crate::domain::content::facts::{Facts, MOST_OFFERS, PageFacts};
use crate::domain::content::publish::NewFacts;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Alike in all languages of a page.
#[derive(Default)]
pub(super) struct Named {
    organisation: Option<OrganizationAnswer>,
    offers: Vec<OfferAnswer>,
    /// Something cannot be read: the page may name more than this.
    pub is_garbled: bool,
}

impl Named {
    /// As the first language says that says anything. `notes` hears what cannot be read.
    pub fn of(pages: &[&PageAnswer], notes: &mut Vec<String>) -> Named {
        let mut named = Named::default();
        if let Some((page, told)) = pages.iter().find_map(|page| Some((page, page.organization.clone()?))) {
            named.organisation = read(told, &page.path, "the organisation", notes);
            named.is_garbled = named.organisation.is_none();
        }
        let Some(page) = pages.iter().find(|page| !page.embedded_offers.is_empty()) else {
            return named;
        };
        let all = page.embedded_offers.iter().cloned();
        named.offers = all.filter_map(|told| read(told, &page.path, "an offer", notes)).collect();
        named.is_garbled |= named.offers.len() < page.embedded_offers.len();
        if named.offers.len() > MOST_OFFERS {
            notes
                .push(format!("{}: it has more than {MOST_OFFERS} offers; the rest was left out", page.path));
            named.offers.truncate(MOST_OFFERS);
        }
        named
    }

    /// `id` names the item of a key. `None`: there is nothing to name.
    fn facts(&self, id: &dyn Fn(&str) -> ItemId) -> Option<Facts> {
        let organisation = self.organisation.as_ref().map(|one| id(&organisation_key(one)).into());
        let mut offers: Vec<ObjectId> = Vec::with_capacity(self.offers.len());
        for offer in self.offers.iter().map(|offer| id(&offer_key(offer)).into()) {
            if !offers.contains(&offer) {
                offers.push(offer);
            }
        }
        Some(Facts::Page(PageFacts { organisation, offers })).filter(|facts| !facts.is_silent())
    }
}

fn read<T: DeserializeOwned>(told: Value, path: &str, what: &str, notes: &mut Vec<String>) -> Option<T> {
    match serde_json::from_value(told) {
        Ok(read) => Some(read),
        Err(error) => {
            notes.push(format!("{what} of {path} cannot be read: {error}"));
            None
        }
    }
}

/// Adds what only pages name to the drafts of what is told by itself.
pub(super) fn complete(drafting: &mut Drafting<'_>, items: &[Item], drafts: &mut Vec<Draft>) {
    let mut known: HashSet<String> = drafts.iter().map(|draft| draft.key.clone()).collect();
    for Named { organisation, offers, is_garbled: _ } in items.iter().map(|item| &item.named) {
        let organisation = organisation.iter().filter(|one| known.insert(organisation_key(one)));
        drafts.extend(organisation.map(|one| drafting.organisation(one)));
        let offers = offers.iter().filter(|offer| known.insert(offer_key(offer)));
        drafts.extend(offers.map(|offer| drafting.offer(offer)));
    }
}

/// What pages name now and did not name last time.
#[derive(Default)]
pub(super) struct Changes {
    pub new: HashMap<ItemId, NewFacts>,
    /// They name nothing any more.
    pub gone: Vec<ItemId>,
    pub remember: Vec<Memory>,
}

/// Pages that are `left` hidden are looked at when they are shown again, and garbled ones when they can be read.
pub(super) fn changes(job: &Job<'_>, left: &HashSet<ItemId>, id: &dyn Fn(&str) -> ItemId) -> Changes {
    let mut changes = Changes::default();
    let pages = job.prepared.items.iter().zip(job.pages).map(|(item, (page, _))| (item, *page));
    for (item, page) in pages.filter(|(item, page)| !item.named.is_garbled && !left.contains(page)) {
        let facts = item.named.facts(id);
        let told = facts.as_ref().map(|facts| serde_json::to_string(facts).unwrap_or_default());
        let sha256 = told.map(|told| Digest::of(told.as_bytes()).to_string()).unwrap_or_default();
        let key = format!("named {page}");
        let before = job.memories.digest(&key);
        if before.unwrap_or_default() == sha256 {
            continue;
        }
        let updated_at = item.texts.iter().map(|text| text.updated_at).max();
        let updated_at = updated_at.unwrap_or(Moment::from_micros(0));
        match facts {
            Some(facts) => {
                changes.new.insert(page, NewFacts { facts, media: Vec::new(), updated_at });
            }
            None => changes.gone.push(page),
        }
        changes.remember.push(Memory { item: key, page, sha256 });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::Named;
    use crate::domain::exchange::integreat::PageAnswer;
    use serde_json::json;

    #[test]
    fn what_can_be_read_is_taken_and_the_rest_is_told() {
        let page = |members: serde_json::Value| {
            let mut told = json!({"path": "/r/de/a/", "title": "A"});
            told.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            serde_json::from_value::<PageAnswer>(told).unwrap()
        };
        let silent = page(json!({"organization": null, "embedded_offers": []}));
        let telling = page(json!({
            "organization": {"id": 3, "slug": "amt", "name": "Amt", "logo": "", "website": "https://amt.example/"},
            "embedded_offers": [{"name": "Jobs", "alias": "jobs", "url": "", "post": null, "thumbnail": ""}, {"alias": "x"}],
        }));
        let mut notes = Vec::new();
        let named = Named::of(&[&silent, &telling], &mut notes);
        assert_eq!((named.is_garbled, named.organisation.unwrap().id, named.offers.len()), (true, 3, 1));
        assert!(!Named::of(&[&silent], &mut notes).is_garbled);
        assert_eq!(notes.len(), 1);
        assert!(
            notes[0].starts_with("an offer of /r/de/a/ cannot be read: missing field `name`"),
            "{}",
            notes[0]
        );
        let garbled = page(json!({"organization": {"name": "Amt"}}));
        let named = Named::of(&[&garbled], &mut notes);
        assert!(named.is_garbled && named.organisation.is_none());
        assert!(notes[1].starts_with("the organisation of /r/de/a/ cannot be read"), "{}", notes[1]);
    }
}
