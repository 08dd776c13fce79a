//! One worker has a feed at a time; when it is done it writes down how it went and when to ask again.

use super::error::PeerError;
use super::store::feeds::{self, FeedRow};
use super::sync::Synced;
use super::{Peers, poll};
use crate::base::moment::Moment;
use crate::platform::db::Write;
use crate::platform::fetch::FetchError;
use std::convert::Infallible;

/// Leases a feed that may be followed. # Errors: [`PeerError::Leased`] if another worker has it.
pub async fn take(peers: &Peers, origin: &str) -> Result<FeedRow, PeerError> {
    let (now, origin) = (peers.clock.now(), origin.to_owned());
    let until = now.plus_seconds(poll::LEASE_SECONDS).micros();
    let leased = peers.database.run(move |database| {
        database.write(|tx| {
            let feed = feeds::feed(tx, &origin)?.ok_or_else(|| PeerError::Unknown(origin.clone()))?;
            let node = feeds::node(tx, &feed.node_id)?.ok_or_else(|| PeerError::Unknown(origin.clone()))?;
            if node.state != "followed" {
                let why = node.why.unwrap_or_default();
                return Err(PeerError::Halted { node: node.name, state: node.state, why });
            }
            let why = || feed.why.clone().unwrap_or_default();
            match feed.state.as_str() {
                "following" => {}
                "held" => return Err(PeerError::Held { origin, why: why() }),
                _ => return Err(PeerError::Quarantined { origin, why: why() }),
            }
            match feeds::take_lease(tx, &origin, now.micros(), until)? {
                true => Ok(feed),
                false => Err(PeerError::Leased(origin)),
            }
        })
    });
    leased.await
}

/// Does the work, and shows meanwhile again and again that the worker lives.
pub async fn hold<T>(peers: &Peers, origin: &str, work: impl Future<Output = T>) -> T {
    tokio::select! {
        outcome = work => outcome,
        never = show_life(peers, origin) => match never {},
    }
}

async fn show_life(peers: &Peers, origin: &str) -> Infallible {
    loop {
        tokio::time::sleep(poll::SIGN_OF_LIFE).await;
        let until = peers.clock.now().plus_seconds(poll::LEASE_SECONDS).micros();
        let origin = origin.to_owned();
        let shown =
            peers.database.run(move |database| database.write(|tx| feeds::extend_lease(tx, &origin, until)));
        // If it fails, others may take the feed; then what is committed here is refused.
        drop(shown.await);
    }
}

/// Lets go of every feed: at the start of a server, what is leased belongs to a process that ended. Should another
/// one live after all, the two get in each other's way once, and nothing is taken over twice.
pub fn free_all(tx: &mut Write<'_>) -> Result<(), PeerError> {
    Ok(feeds::free_leases(tx)?)
}

/// Writes down how it went and when to ask again.
pub fn settle(
    peers: &Peers,
    origin: &str,
    feed: &FeedRow,
    outcome: Result<Synced, PeerError>,
) -> Result<Synced, PeerError> {
    let now = peers.clock.now();
    let written = peers.database.write(|tx| match &outcome {
        Ok(synced) => {
            let new = synced.to > synced.from;
            let last_new = if new { Some(now) } else { feed.last_new_at.map(Moment::from_micros) };
            let next = poll::after_success(peers.limits, now, last_new);
            feeds::went_well(tx, origin, now.micros(), next.micros(), new)
        }
        // A paused feed has no next time.
        Err(PeerError::Quarantined { .. } | PeerError::Held { .. } | PeerError::IdentityFork(_)) => Ok(()),
        Err(error) => {
            let patience = match error {
                PeerError::Fetch(FetchError::Status { retry_after_seconds, .. }) => *retry_after_seconds,
                _ => None,
            };
            let next = poll::after_failure(peers.limits, now, feed.fail_count, patience);
            feeds::went_wrong(tx, origin, next.micros(), &error.to_string())
        }
    });
    match (outcome, written) {
        (Ok(synced), Ok(())) => Ok(synced),
        (Ok(_), Err(error)) => Err(PeerError::Database(error)),
        // The first trouble is the one to tell.
        (Err(error), _) => Err(error),
    }
}
