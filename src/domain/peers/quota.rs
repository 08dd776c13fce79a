//! How much a feed may bring: bytes in all, and entries at once without a person's word.

use super::error::PeerError;
use super::store::feeds::{self, FeedRow};
use super::store::holding;
use super::verify::{Proven, Signed, Verified};
use super::{Limits, Peers, quarantine};
use crate::platform::db::{DbError, Write};

/// Counts entries that are about to be stored.
/// SPEC: per-feed blob quota 2 GiB (civic-feed §2.17). Entries take room from texts and pictures but not the other way
/// round: they are refused only if they fill the quota by themselves, for an erasure must arrive wherever texts are held.
pub fn count_entries(
    tx: &mut Write<'_>,
    origin: &str,
    proven: &Verified<Proven>,
    limits: Limits,
) -> Result<(), PeerError> {
    let unknown = || PeerError::Unknown(origin.to_owned());
    let held_bytes = feeds::feed(tx, origin)?.ok_or_else(unknown)?.held_bytes;
    let new_bytes = proven.entries.iter().map(|leaf| leaf.bytes.len()).sum::<usize>();
    let new_bytes = i64::try_from(new_bytes).unwrap_or(i64::MAX);
    let room = |held_bytes: i64| held_bytes + new_bytes <= limits.quota_bytes;
    if !room(held_bytes) && !room(held_bytes - holding::sum(tx, origin)?) {
        return Err(PeerError::OverQuota { origin: origin.to_owned(), quota_bytes: limits.quota_bytes });
    }
    Ok(feeds::add_held(tx, origin, new_bytes)?)
}

/// Whether all that was signed may be taken over now; if not, the feed waits for a person.
/// SPEC: new entries per sync without confirmation 10⁶ (civic-feed §2.17). Whoever follows a feed is told how many
/// entries it has and thereby agrees to those; only what comes on top of them is new.
pub async fn confirmed(peers: &Peers, feed: &FeedRow, signed: &Verified<Signed>) -> Result<(), PeerError> {
    let known = u64::try_from(feed.size.max(feed.confirmed_size)).unwrap_or(0);
    let new = signed.checkpoint.size.saturating_sub(known);
    let most = peers.limits.unconfirmed_entries;
    if new <= most {
        return Ok(());
    }
    let why = format!("it has {new} new entries, and at most {most} at once are taken over unasked");
    let (origin, told) = (feed.origin.clone(), why.clone());
    // The size that a person will agree to.
    let seen = quarantine::seen(&origin, signed, "origin", peers.clock.now());
    let wait = move |tx: &mut Write<'_>| -> Result<(), DbError> {
        feeds::keep_seen(tx, &seen)?;
        feeds::set_state(tx, &seen.origin, "held", Some(&told))
    };
    peers.database.run(move |database| database.write(wait)).await?;
    Err(PeerError::Held { origin, why })
}
