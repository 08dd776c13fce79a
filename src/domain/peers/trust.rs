//! Whose keys we believe: the pinned identity chain of each followed node, and how it may grow.

use super::Peers;
use super::error::PeerError;
use super::store::feeds::{self, EvidenceRow, FeedRow, IdentityRow};
use crate::base::id::NodeId;
use crate::base::moment::Moment;
use crate::domain::identity::chain::Chain;
use crate::platform::db::Reading;
use crate::platform::fetch::remote::Remote;
use crate::tlog::signed_note::VerifierKey;

/// The chain we hold of a node. # Errors: [`PeerError::Unknown`], or [`PeerError::Identity`] if it no longer holds.
pub fn pinned_chain(tx: &mut impl Reading, node: &NodeId) -> Result<Chain, PeerError> {
    let rows = feeds::identities(tx, node.as_str())?;
    if rows.is_empty() {
        return Err(PeerError::Unknown(node.to_string()));
    }
    // A frozen node may have two notes of one number; what was seen first was pinned.
    let mut notes: Vec<&IdentityRow> = Vec::new();
    rows.iter().for_each(|row| {
        if notes.last().is_none_or(|last| last.seq < row.seq) {
            notes.push(row);
        }
    });
    let served: String = notes.iter().map(|row| row.note.as_str()).collect();
    Chain::verify_for(node, served.as_bytes())
        .map_err(|source| PeerError::Identity { place: "the database".to_owned(), source })
}

/// The rows that keep a chain.
pub fn rows_of(chain: &Chain, source: &str, now: Moment) -> Vec<IdentityRow> {
    let row = |(seq, note): (usize, &crate::domain::identity::note::IdentityNote)| IdentityRow {
        node_id: chain.node().to_string(),
        seq: i64::try_from(seq).unwrap_or(i64::MAX),
        sha256: note.digest().to_string(),
        note: note.to_string(),
        seen_at: now.micros(),
        source: source.to_owned(),
    };
    chain.notes().iter().enumerate().map(row).collect()
}

/// The key that must sign the checkpoints of `origin`, by this chain.
pub fn key_for(chain: &Chain, origin: &str) -> Result<VerifierKey, PeerError> {
    let feed = origin.split('/').nth(1).unwrap_or_default();
    let refuse = |why: String| PeerError::Checkpoint { origin: origin.to_owned(), why };
    match chain.checkpoint_key(feed) {
        Some(key) if key.name() == origin => Ok(key),
        Some(key) => Err(refuse(format!("its node has replaced this feed by {}", key.name()))),
        None => Err(refuse(format!("its node no longer names a feed {feed:?}"))),
    }
}

/// Asks a node for its identity again and keeps what is new and lawful.
/// # Errors: [`PeerError::IdentityFork`] if it contradicts what we hold; the node is frozen then and both are kept.
pub async fn refresh(peers: &Peers, feed: &FeedRow) -> Result<Chain, PeerError> {
    let place = Remote::open(&peers.fetcher, &feed.identity_url)?;
    let node: NodeId = feed.node_id.parse().map_err(|_| PeerError::Unknown(feed.node_id.clone()))?;
    let found = fetch_chain(&place, Some(&node)).await?;
    let now = peers.clock.now();
    let source = place.address("identity");
    peers
        .database
        .run(move |database| {
            database.write(|tx| {
                let pinned = pinned_chain(tx, &node)?;
                // SPEC: two valid notes with equal seq and different text: freeze node, show evidence (§2.2).
                if let Some(seq) = pinned.fork_with(&found) {
                    let why = format!("two different identity notes with number {seq}");
                    feeds::freeze(tx, node.as_str(), &why)?;
                    feeds::keep_identities(tx, &rows_of(&found, &source, now))?;
                    feeds::keep_evidence(tx, &identity_evidence(&pinned, &found, now))?;
                    return Ok(Err(PeerError::IdentityFork(node)));
                }
                if found.notes().len() <= pinned.notes().len() {
                    return Ok(Ok(pinned));
                }
                feeds::keep_identities(tx, &rows_of(&found, &source, now))?;
                Ok::<_, PeerError>(Ok(found))
            })
        })
        .await?
}

/// The identity chain that a place serves, verified. `node`: whose it must be, if that is known.
pub async fn fetch_chain(place: &Remote, node: Option<&NodeId>) -> Result<Chain, PeerError> {
    let address = place.address("identity");
    let answer = place.identity().await?;
    if answer.status != 200 {
        return Err(PeerError::Absent { address });
    }
    let chain = match node {
        Some(node) => Chain::verify_for(node, &answer.bytes),
        None => Chain::verify(&answer.bytes),
    };
    chain.map_err(|source| PeerError::Identity { place: address, source })
}

fn identity_evidence(pinned: &Chain, found: &Chain, now: Moment) -> EvidenceRow {
    let detail = serde_json::json!({ "pinned": pinned.to_string(), "found": found.to_string() });
    EvidenceRow {
        id: crate::platform::clock::Clock::default().fresh_id().to_string(),
        origin: pinned.node().to_string(),
        what: "identity-fork".to_owned(),
        detail: detail.to_string(),
        found_at: now.micros(),
    }
}
