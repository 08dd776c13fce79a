//! One worker has a feed at a time; when it is done it writes down how it went and when to ask again.

use super::error::PeerError;
use super::store::feeds::{self, FeedRow};
use super::sync::Synced;
use super::{Peers, poll};
use crate::base::moment::Moment;
use crate::platform::fetch::FetchError;

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
            if feed.state != "following" {
                return Err(PeerError::Quarantined { origin, why: feed.why.unwrap_or_default() });
            }
            match feeds::take_lease(tx, &origin, now.micros(), until)? {
                true => Ok(feed),
                false => Err(PeerError::Leased(origin)),
            }
        })
    });
    leased.await
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
        Err(PeerError::Quarantined { .. } | PeerError::IdentityFork(_)) => Ok(()),
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
