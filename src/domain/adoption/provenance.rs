//! Where each mirrored item comes from and how surely it is still so.

use super::error::AdoptionError;
use super::store::{self, Peer};
use crate::base::id::{ItemId, ObjectId};
use crate::base::moment::Moment;
use crate::domain::content::labels::Facets;
use crate::domain::content::published::Provenance;
use crate::platform::db::Reading;
use std::collections::HashMap;
use std::sync::Arc;

/// Without a confirmation for this long a page says so (civic-feed §2.7: fresh is at most 26 hours old).
const FRESH_SECONDS: i64 = 26 * HOUR_SECONDS;
const HOUR_SECONDS: i64 = 3600;

/// The provenance of every mirrored item as of `now`.
pub fn provenance(
    tx: &mut impl Reading,
    now: Moment,
) -> Result<HashMap<ItemId, Arc<Provenance>>, AdoptionError> {
    let mut known = Known::default();
    known.look(tx, now)?;
    Ok(known.all)
}

/// What is known of the provenance of mirrored items, from one look to the next.
#[derive(Default)]
pub struct Known {
    feeds: HashMap<String, Feed>,
    all: HashMap<ItemId, Arc<Provenance>>,
}

/// A feed with the items that mirror something of it.
struct Feed {
    told: Told,
    items: Vec<ItemId>,
}

/// What the provenance of a feed's mirrors follows from.
#[derive(PartialEq)]
struct Told {
    /// Without the time, as confirmations are told to the hour: a quiet feed does not make a new picture with each poll.
    peer: Peer,
    confirmed_at: Option<Moment>,
    is_stale: bool,
}

impl Known {
    /// The provenance of every mirrored item at the last look.
    pub fn all(&self) -> &HashMap<ItemId, Arc<Provenance>> {
        &self.all
    }

    /// Looks at what is mirrored of those feeds that are another than at the last look; whether anything is.
    pub fn look(&mut self, tx: &mut impl Reading, now: Moment) -> Result<bool, AdoptionError> {
        let told: HashMap<String, Told> =
            store::peers(tx)?.into_iter().map(|peer| (peer.origin.clone(), Told::of(peer, now))).collect();
        let new: Vec<String> = told
            .iter()
            .filter(|(origin, told)| self.feeds.get(*origin).is_none_or(|feed| feed.told != **told))
            .map(|(origin, _)| origin.clone())
            .collect();
        let (mirrors, labels) = (store::mirrors(tx, &new)?, store::labels(tx, &new)?);
        let mut labels: HashMap<(String, ObjectId), (String, Facets)> = labels
            .into_iter()
            .map(|(origin, object, licence, facets)| ((origin, object), (licence, facets)))
            .collect();
        let mut before = self.take_out(|origin, feed| told.get(origin) != Some(&feed.told));
        let mut is_other = false;
        let new = told.into_iter().filter(|(origin, _)| new.contains(origin));
        self.feeds.extend(new.map(|(origin, told)| (origin, Feed { told, items: Vec::new() })));
        for mirror in mirrors {
            let Some(feed) = self.feeds.get_mut(&mirror.origin) else { continue };
            // Several regions may mirror one object.
            let said = labels.entry((mirror.origin, mirror.object)).or_default().clone();
            let provenance = feed.told.provenance(mirror.object, said);
            let known = before.remove(&mirror.item).filter(|known| **known == provenance);
            is_other |= known.is_none();
            feed.items.push(mirror.item);
            self.all.insert(mirror.item, known.unwrap_or_else(|| Arc::new(provenance)));
        }
        Ok(is_other || !before.is_empty())
    }

    /// Takes out feeds with what is mirrored of them.
    fn take_out(&mut self, which: impl Fn(&str, &Feed) -> bool) -> HashMap<ItemId, Arc<Provenance>> {
        let gone = self.feeds.extract_if(|origin, feed| which(origin, feed));
        let items: Vec<ItemId> = gone.flat_map(|(_, feed)| feed.items).collect();
        items.into_iter().filter_map(|item| self.all.remove_entry(&item)).collect()
    }
}

impl Told {
    fn of(peer: Peer, now: Moment) -> Told {
        let confirmed_at = peer.last_ok_at.map(hour_of);
        let is_stale = confirmed_at.is_none_or(|at| now.seconds_since(at) > FRESH_SECONDS + HOUR_SECONDS);
        Told { peer: Peer { last_ok_at: None, ..peer }, confirmed_at, is_stale }
    }

    fn provenance(&self, object: ObjectId, (licence, facets): (String, Facets)) -> Provenance {
        let Told { peer, confirmed_at, is_stale } = self;
        Provenance {
            node: peer.node.clone(),
            node_name: peer.name.clone(),
            object,
            site: peer.site.clone(),
            url: peer.site.as_ref().map(|site| format!("{site}o/{object}")),
            licence,
            attribution: peer.name.clone(),
            facets,
            confirmed_at: *confirmed_at,
            unconfirmed_since: if *is_stale || !peer.healthy { *confirmed_at } else { None },
        }
    }
}

fn hour_of(at: Moment) -> Moment {
    let seconds = at.micros().div_euclid(1_000_000);
    Moment::from_seconds(seconds - seconds.rem_euclid(HOUR_SECONDS))
}
