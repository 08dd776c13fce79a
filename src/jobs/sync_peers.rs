//! Asks followed feeds for news when it is time, and fetches the texts they name.

use crate::base::id::ObjectId;
use crate::domain::peers::error::PeerError;
use crate::domain::peers::store::{blobs, feeds};
use crate::domain::peers::{Peers, bodies, sync};
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// The feeds that were asked, each with the objects that are other than before as far as is known. After a sync that
/// broke off, entries may have come all the same: mirrors of every feed in here must be looked at again.
pub type Touched = BTreeMap<String, BTreeSet<ObjectId>>;

/// Feeds that are asked at the same time, so that a slow one does not keep the others waiting.
const PARALLEL: usize = 4;

/// One round: syncs every feed that is due, then fetches what is wanted and due. Trouble with one feed is logged and
/// does not touch the others. # Errors: the database cannot be read.
pub async fn tick(peers: &Peers) -> Result<Touched, PeerError> {
    let now = peers.clock.now().micros();
    let (due, wanting) = peers
        .database
        .run(move |database| {
            database
                .read(|tx| Ok::<_, PeerError>((feeds::due(tx, now)?, blobs::origins_with_wants(tx, now)?)))
        })
        .await?;
    let due: BTreeSet<String> = due.into_iter().collect();
    let mut waiting = due.union(&wanting.into_iter().collect()).cloned().collect::<Vec<_>>().into_iter();
    let mut touched = Touched::new();
    let mut open = JoinSet::new();
    loop {
        while open.len() < PARALLEL
            && let Some(origin) = waiting.next()
        {
            let (peers, due) = (peers.clone(), due.contains(&origin));
            open.spawn(async move {
                let mut objects = if due { sync_one(&peers, &origin).await } else { BTreeSet::new() };
                objects.extend(fetch_one(&peers, &origin).await);
                (origin, objects)
            });
        }
        let Some(done) = open.join_next().await else { break };
        let (origin, objects) = done.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()));
        touched.insert(origin, objects);
    }
    Ok(touched)
}

async fn sync_one(peers: &Peers, origin: &str) -> BTreeSet<ObjectId> {
    match sync::sync(peers, origin, |_, _| {}).await {
        Ok(synced) => {
            if synced.to > synced.from {
                tracing::info!(origin, entries = synced.to - synced.from, "a followed feed has news");
            }
            return synced.touched;
        }
        Err(PeerError::Leased(_)) => {}
        Err(error @ (PeerError::Quarantined { .. } | PeerError::IdentityFork(_))) => {
            tracing::error!(origin, "{error}");
        }
        Err(error) => tracing::warn!(origin, "cannot synchronise: {error}"),
    }
    BTreeSet::new()
}

async fn fetch_one(peers: &Peers, origin: &str) -> BTreeSet<ObjectId> {
    match bodies::fetch_wanted(peers, origin, |_| {}).await {
        Ok(fetched) => {
            if let Some(trouble) = fetched.trouble {
                tracing::warn!(origin, failed = fetched.failed, "cannot fetch every text: {trouble}");
            }
            fetched.ready
        }
        Err(error) => {
            tracing::warn!(origin, "cannot fetch texts: {error}");
            BTreeSet::new()
        }
    }
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
