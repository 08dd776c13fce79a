//! Asks followed feeds for news when it is time, and fetches the texts they name.

use crate::base::id::ObjectId;
use crate::domain::peers::error::PeerError;
use crate::domain::peers::store::{blobs, feeds};
use crate::domain::peers::{Peers, bodies, clear, sync};
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// Feeds that changed here, each with the objects that are other than before: what mirrors them must be refreshed.
pub type Touched = BTreeMap<String, BTreeSet<ObjectId>>;

/// Feeds that are asked at the same time.
const FEEDS_AT_ONCE: usize = 8;

/// One round: syncs every feed that is due, some at a time so that a slow one does not hold up the others, then fetches
/// what is wanted and due. Trouble with one feed is logged and stays its own. # Errors: the database cannot be read.
pub async fn tick(peers: &Peers) -> Result<Touched, PeerError> {
    clear_files(peers).await;
    let now = peers.clock.now().micros();
    let due = peers.database.run(move |database| database.read(|tx| feeds::due(tx, now))).await?;
    let mut touched = Touched::new();
    let (mut open, mut waiting) = (JoinSet::new(), due.into_iter());
    loop {
        while open.len() < FEEDS_AT_ONCE
            && let Some(origin) = waiting.next()
        {
            let peers = peers.clone();
            open.spawn(async move {
                let outcome = sync::sync(&peers, &origin, |_, _| {}).await;
                (origin, outcome)
            });
        }
        let Some(done) = open.join_next().await else { break };
        let (origin, outcome) = done.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()));
        let changed = told(&origin, outcome);
        if !changed.is_empty() {
            touched.entry(origin).or_default().extend(changed);
        }
    }
    fetch_due(peers, &mut touched).await?;
    Ok(touched)
}

/// Deletes what others let go of and did not come to delete: a process that was killed, or a refresh of mirrors.
async fn clear_files(peers: &Peers) {
    let working = peers.clone();
    if let Err(error) = peers.database.run(move |_| clear::clear(&working)).await {
        tracing::error!("a file that nothing names any more stays: {error}");
    }
}

/// Logs how a sync went; the objects that are other than before.
fn told(origin: &str, outcome: Result<sync::Synced, PeerError>) -> BTreeSet<ObjectId> {
    match outcome {
        Ok(synced) => {
            if !synced.touched.is_empty() {
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
