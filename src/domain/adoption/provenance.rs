//! Where each mirrored item comes from and how surely it is still so.

use super::error::AdoptionError;
use super::store;
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

/// The provenance of every mirrored item as of `now`. Confirmations are told to the hour, so that a quiet
/// feed does not make a new picture with each poll.
pub fn provenance(
    tx: &mut impl Reading,
    now: Moment,
) -> Result<HashMap<ItemId, Arc<Provenance>>, AdoptionError> {
    let mirrors = store::mirrors(tx)?;
    if mirrors.is_empty() {
        return Ok(HashMap::new());
    }
    let peers: HashMap<String, store::Peer> =
        store::peers(tx)?.into_iter().map(|peer| (peer.origin.clone(), peer)).collect();
    let labels: HashMap<(String, ObjectId), (String, Facets)> = store::labels(tx)?
        .into_iter()
        .map(|(origin, object, licence, facets)| ((origin, object), (licence, facets)))
        .collect();
    let mut all = HashMap::with_capacity(mirrors.len());
    for mirror in mirrors {
        let Some(peer) = peers.get(&mirror.origin) else { continue };
        let confirmed_at = peer.last_ok_at.map(hour_of);
        let stale = confirmed_at.is_none_or(|at| now.seconds_since(at) > FRESH_SECONDS + HOUR_SECONDS);
        let said = labels.get(&(mirror.origin.clone(), mirror.object)).cloned();
        let (licence, facets) = said.unwrap_or_default();
        let provenance = Provenance {
            node: peer.node.clone(),
            node_name: peer.name.clone(),
            object: mirror.object,
            site: peer.site.clone(),
            url: peer.site.as_ref().map(|site| format!("{site}o/{}", mirror.object)),
            licence,
            attribution: peer.name.clone(),
            facets,
            confirmed_at,
            unconfirmed_since: if stale || !peer.healthy { confirmed_at } else { None },
        };
        all.insert(mirror.item, Arc::new(provenance));
    }
    Ok(all)
}

fn hour_of(at: Moment) -> Moment {
    let seconds = at.micros().div_euclid(1_000_000);
    Moment::from_seconds(seconds - seconds.rem_euclid(HOUR_SECONDS))
}
