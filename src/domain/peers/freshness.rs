//! Whether what a feed shows is its newest state: witnesses say when they last saw nothing larger (civic-feed §2.7).

use super::error::PeerError;
use super::store::feeds::{self, FeedRow};
use super::trust;
use crate::base::id::NodeId;
use crate::base::moment::Moment;
use crate::platform::db::Reading;
use crate::tlog::cosignature::cosigned_until;
use crate::tlog::policy::Policy;
use crate::tlog::signed_note::{Note, VerifierKey};

/// A cosignature from further in the future says more about a clock than about a feed.
/// SPEC: clock skew, now + 10 min (civic-feed §2.16).
pub const SKEW_SECONDS: i64 = 10 * 60;

/// When a feed was last confirmed to show its newest state: by a witness, if one ever did; else by its own answer.
pub fn confirmed_at(cosigned_at: Option<i64>, last_ok_at: Option<i64>) -> Option<Moment> {
    cosigned_at.or(last_ok_at).map(Moment::from_micros)
}

/// The newest trusted cosignature of a feed (microseconds), those under `note` included. Where a policy asks for witnesses
/// and none was ever seen, it is the moment in which a person agreed to the feed.
pub fn newest_cosignature(
    tx: &mut impl Reading,
    feed: &FeedRow,
    note: &str,
    policy: Option<&Policy>,
    now: Moment,
) -> Result<Option<i64>, PeerError> {
    let refuse = |error: crate::tlog::error::TlogError| PeerError::Checkpoint {
        origin: feed.origin.clone(),
        why: error.to_string(),
    };
    let note = Note::parse(note.as_bytes()).map_err(refuse)?;
    let keys = match policy.filter(|policy| policy.needs_witnesses()) {
        Some(policy) => policy.witnesses().map(|witness| witness.key.clone()).collect(),
        None => followed_witnesses(tx, feed, &note)?,
    };
    let latest = now.plus_seconds(SKEW_SECONDS).unix_seconds();
    let times = keys.iter().filter_map(|key| cosigned_until(&note, key, latest).ok());
    let newest =
        times.max().and_then(|time| i64::try_from(time).ok()).map(|time| Moment::from_seconds(time).micros());
    let known = newest.max(feed.cosigned_at);
    if known.is_some() || policy.is_none_or(|policy| !policy.needs_witnesses()) {
        return Ok(known);
    }
    Ok(feeds::node(tx, &feed.node_id)?.map(|node| node.pinned_at))
}

/// The keys of those who cosigned and whom this node follows. A node says nothing of itself.
fn followed_witnesses(
    tx: &mut impl Reading,
    feed: &FeedRow,
    note: &Note,
) -> Result<Vec<VerifierKey>, PeerError> {
    let mut keys = Vec::new();
    for line in note.signatures() {
        let node = line.name().strip_suffix("/w").and_then(|node| node.parse::<NodeId>().ok());
        let Some(node) = node.filter(|node| node.as_str() != feed.node_id) else { continue };
        let row = feeds::node(tx, node.as_str())?;
        if row.is_some_and(|row| row.state == "followed") {
            keys.extend(trust::pinned_chain(tx, &node)?.witness_key());
        }
    }
    Ok(keys)
}
