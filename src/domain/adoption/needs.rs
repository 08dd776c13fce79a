//! What an object must have with it to be whole where it is mirrored; the one place that knows. An event needs its place,
//! a place its category, its organisation and its contacts, a contact what it belongs to, a page the organisation that
//! answers for it and its offers, and every text the contacts whose cards it shows.

use super::error::AdoptionError;
use super::store::remote::{self, RemoteObject};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::moment::Moment;
use crate::domain::content::body::Body;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::store as content;
use crate::platform::db::Reading;
use std::collections::HashMap;

/// Bodies read at once: of a quarter of a megabyte at most.
const AT_ONCE: usize = 64;

/// How an object comes to be mirrored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Along {
    /// For its own sake: with everything that belongs to it.
    Whole,
    /// Because something belongs to it: without what else does. Who adopts one contact of the town hall gets the town
    /// hall, and not the names of everybody there.
    Named,
}

/// What the facts of a feed say of each other.
#[derive(Default)]
pub(super) struct Needs {
    kinds: HashMap<ObjectId, ObjectKind>,
    told: HashMap<ObjectId, Told>,
    /// Those that say that they belong to an object.
    contacts: HashMap<ObjectId, Vec<ObjectId>>,
    /// The contacts whose cards an object's texts show, in whatever language.
    shown: HashMap<ObjectId, Vec<ObjectId>>,
}

/// What is needed of an object's facts.
struct Told {
    names: Vec<ObjectId>,
    ends_at: Option<Moment>,
}

impl Needs {
    /// Reads all complete facts of a feed, and which contacts its complete texts show. `live` are its live objects; facts of another kind than their object's count
    /// for nothing.
    pub fn read(tx: &mut impl Reading, origin: &str, live: &[RemoteObject]) -> Result<Needs, AdoptionError> {
        let kinds: HashMap<_, _> = live.iter().map(|object| (object.object, object.kind)).collect();
        let mut needs = Needs { kinds, ..Needs::default() };
        let mut all = remote::facts(tx, origin)?;
        all.retain(|(object, _)| needs.kinds.get(object).is_some_and(|kind| kind.has_facts()));
        all.sort_by_key(|(object, _)| *object);
        for batch in all.chunks(AT_ONCE) {
            let digests: Vec<Digest> = batch.iter().map(|(_, digest)| *digest).collect();
            let bodies = content::bodies::load(tx, &digests)?;
            for (object, digest) in batch {
                needs.take(*object, bodies.get(digest).map_or("", String::as_str));
            }
        }
        for (object, contact) in remote::contacts_shown(tx, origin)? {
            needs.shown.entry(object).or_default().push(contact);
        }
        Ok(needs)
    }

    fn take(&mut self, object: ObjectId, bytes: &str) {
        let kind = self.kinds.get(&object).copied();
        let Some(facts) = Body::facts_named(bytes).filter(|facts| Some(facts.kind()) == kind) else { return };
        let names = facts.refers_to();
        if kind == Some(ObjectKind::Contact) {
            names.iter().for_each(|owner| self.contacts.entry(*owner).or_default().push(object));
        }
        self.told.insert(object, Told { names, ends_at: facts.expires_at() });
    }

    /// What must come with a live object: live ones of the kinds that it may need, each with how it comes.
    pub fn of(&self, object: ObjectId, along: Along) -> Vec<(ObjectId, Along)> {
        let Some(kind) = self.kinds.get(&object) else { return Vec::new() };
        // A contact names what it belongs to, everything else what belongs to it.
        let how = if *kind == ObjectKind::Contact { Along::Named } else { Along::Whole };
        let named = self.told.get(&object).into_iter().flat_map(|told| &told.names);
        let belonging = self.contacts.get(&object).filter(|_| along == Along::Whole).into_iter().flatten();
        let all = named.map(|named| (*named, how)).chain(belonging.map(|contact| (*contact, Along::Whole)));
        let fits = |needed: &ObjectId| self.kinds.get(needed).is_some_and(|of| kind.needs().contains(of));
        let shown = self.shown.get(&object).into_iter().flatten();
        let is_contact = |contact: &&ObjectId| self.kinds.get(contact) == Some(&ObjectKind::Contact);
        // One whose facts are not here, or not wanted here, would be nobody.
        let shown = shown.filter(is_contact).filter(|contact| self.told.contains_key(contact));
        all.filter(|(needed, _)| fits(needed)).chain(shown.map(|contact| (*contact, Along::Whole))).collect()
    }

    /// When an object is over by itself: what the log and the facts say, whichever is sooner.
    pub fn ends_at(&self, object: &RemoteObject) -> Option<Moment> {
        let told = self.told.get(&object.object).and_then(|told| told.ends_at);
        object.expires_at.into_iter().chain(told).min()
    }
}
