//! Asks followed feeds for news when it is time, and fetches the texts they name.

use crate::base::id::ObjectId;
use crate::domain::peers::error::PeerError;
use crate::domain::peers::store::{blobs, feeds};
use crate::domain::peers::{Peers, bodies, sync};
use std::collections::{BTreeMap, BTreeSet};

/// Feeds that changed here, each with the objects that are other than before: what mirrors them must be refreshed.
pub type Touched = BTreeMap<String, BTreeSet<ObjectId>>;

/// One round: syncs every feed that is due, then fetches what is wanted and due. Trouble with one feed is logged and
/// does not touch the others. # Errors: the database cannot be read.
pub async fn tick(peers: &Peers) -> Result<Touched, PeerError> {
    let now = peers.clock.now().micros();
    let due = peers.database.run(move |database| database.read(|tx| feeds::due(tx, now))).await?;
    let mut touched = Touched::new();
    for origin in due {
        match sync::sync(peers, &origin, |_, _| {}).await {
            Ok(synced) if synced.touched.is_empty() => {}
            Ok(synced) => {
                tracing::info!(origin, entries = synced.to - synced.from, "a followed feed has news");
                touched.entry(origin).or_default().extend(synced.touched);
            }
            Err(PeerError::Leased(_)) => {}
            Err(error @ (PeerError::Quarantined { .. } | PeerError::IdentityFork(_))) => {
                tracing::error!(origin, "{error}");
            }
            Err(error) => tracing::warn!(origin, "cannot synchronise: {error}"),
        }
    }
    fetch_due(peers, &mut touched).await?;
    Ok(touched)
}

/// Syncs one feed now and fetches what it names. `told` hears of entries done and in all.
/// # Errors: as [`sync::sync`].
pub async fn now(
    peers: &Peers,
    origin: &str,
    told: impl Fn(u64, u64),
) -> Result<(sync::Synced, bodies::Fetched), PeerError> {
    let mut synced = sync::sync(peers, origin, told).await?;
    let fetched = bodies::fetch_wanted(peers, origin, |_| {}).await?;
    synced.touched.extend(&fetched.ready);
    Ok((synced, fetched))
}

async fn fetch_due(peers: &Peers, touched: &mut Touched) -> Result<(), PeerError> {
    let now = peers.clock.now().micros();
    let wanting = peers.database.run(move |database| database.read(|tx| blobs::origins_with_wants(tx, now)));
    for origin in wanting.await? {
        match bodies::fetch_wanted(peers, &origin, |_| {}).await {
            Ok(fetched) => {
                if let Some(trouble) = fetched.trouble {
                    tracing::warn!(origin, failed = fetched.failed, "cannot fetch every text: {trouble}");
                }
                if !fetched.ready.is_empty() {
                    touched.entry(origin).or_default().extend(fetched.ready);
                }
            }
            Err(error) => tracing::warn!(origin, "cannot fetch texts: {error}"),
        }
    }
    Ok(())
}
