//! Once a day each followed feed is compared with what a witness saw of it (civic-feed §2.7): whoever shows two histories
//! must show one of them to us and another to somebody else.

use super::error::PeerError;
use super::quarantine::{self, Case, Charge};
use super::store::feeds::{self, FeedRow};
use super::store::fold;
use super::verify::{self, Signed, Verified};
use super::{Peers, follow, trust};
use crate::base::digest::Digest;
use crate::base::id::NodeId;
use crate::base::moment::Moment;
use crate::platform::clock;
use crate::platform::db::{Database, DbError, Read, Reading, Write};
use crate::platform::fetch::remote::Remote;
use crate::tlog::merkle::Frontier;
use crate::tlog::proof::prove_consistency;
use crate::tlog::signed_note::{Note, VerifierKey};
use std::ops::Range;

const EVERY_SECONDS: i64 = 24 * 3600;
/// Leaf hashes that are read at once.
const LEAVES_AT_ONCE: u64 = 8192;

/// A feed to compare, and with whom.
struct Comparison {
    feed: FeedRow,
    key: VerifierKey,
    /// The site of one that cosigned it and that we follow.
    site: String,
}

/// Compares every feed whose time has come. Trouble with one is logged and stays its own: it is compared tomorrow.
/// # Errors: the database cannot be read.
pub async fn compare_due(peers: &Peers) -> Result<(), PeerError> {
    let now = peers.clock.now();
    for comparison in peers.database.run(move |database| due(database, now)).await? {
        let origin = comparison.feed.origin.clone();
        match compare(peers, comparison).await {
            Ok(()) => {}
            Err(error @ PeerError::Quarantined { .. }) => tracing::error!(origin, "{error}"),
            Err(error) => tracing::info!(origin, "cannot be compared with what a witness saw: {error}"),
        }
    }
    Ok(())
}

/// Whoever takes a comparison out of the database carries it out.
fn due(database: &Database, now: Moment) -> Result<Vec<Comparison>, PeerError> {
    let feeds = database.read(|tx: &mut Read<'_>| feeds::to_compare(tx, now.micros()))?;
    let mut found = Vec::new();
    for feed in feeds {
        let next = now.plus_seconds(EVERY_SECONDS).micros();
        let comparison = database.write(|tx: &mut Write<'_>| match feeds::compared(tx, &feed, next)? {
            true => choose(tx, feed),
            false => Ok(None),
        });
        found.extend(comparison?);
    }
    Ok(found)
}

/// One of those who cosigned, by chance, so that nobody knows who will be asked.
fn choose(tx: &mut impl Reading, feed: FeedRow) -> Result<Option<Comparison>, PeerError> {
    let Some(note) = feed.note.as_deref().and_then(|note| Note::parse(note.as_bytes()).ok()) else {
        return Ok(None);
    };
    let mut sites = Vec::new();
    for line in note.signatures() {
        let node = line.name().strip_suffix("/w").filter(|node| *node != feed.node_id);
        if let Some(node) = node.map(|node| feeds::node(tx, node)).transpose()?.flatten()
            && node.state == "followed"
        {
            sites.extend(node.site_url);
        }
    }
    if sites.is_empty() {
        return Ok(None);
    }
    let site = sites.swap_remove(usize::from(u16::from_le_bytes(clock::chance::<2>())) % sites.len());
    let node: NodeId = feed.node_id.parse().map_err(|_| PeerError::Unknown(feed.node_id.clone()))?;
    let key = trust::key_for(&trust::pinned_chain(tx, &node)?, &feed.origin)?;
    Ok(Some(Comparison { feed, key, site }))
}

async fn compare(peers: &Peers, comparison: Comparison) -> Result<(), PeerError> {
    let Comparison { feed, key, site } = comparison;
    let site = Remote::open(&peers.fetcher, &site)?;
    let no_witness = |why: &str| PeerError::NoWitness { place: site.place(), why: why.to_owned() };
    let hint = follow::well_known(&site).await?.witness();
    let monitor =
        site.at(&hint.ok_or_else(|| no_witness("it does not cosign the logs of others"))?.monitor)?;
    let answer = monitor.witnessed(&Digest::of(feed.origin.as_bytes())).await?;
    if answer.status != 200 {
        return Err(no_witness("it shows nothing of this log any more"));
    }
    // What it shows carries the log's own signature, so that no witness can lie about it.
    let shown = verify::checkpoint(&answer.bytes, &key)
        .map_err(|fault| PeerError::Checkpoint { origin: feed.origin.clone(), why: fault.words() })?;
    let (working, place) = (peers.clone(), site.place());
    peers.database.run(move |_| settle(&working, &feed, &shown, &place)).await
}

/// Keeps what a witness saw, and accuses the feed if it contradicts what we saw.
fn settle(peers: &Peers, feed: &FeedRow, shown: &Verified<Signed>, place: &str) -> Result<(), PeerError> {
    let edge: Frontier = feed
        .frontier
        .parse()
        .map_err(|error: crate::tlog::error::TlogError| DbError::Unreadable(error.to_string()))?;
    let seen = quarantine::seen(&feed.origin, shown, place, peers.clock.now());
    let size = shown.checkpoint.size;
    if size > edge.size() {
        // It saw more than we did: ask at once. If the feed goes on showing us less, it was rolled back for us.
        return Ok(peers.database.write(|tx: &mut Write<'_>| {
            feeds::keep_seen(tx, &seen)?;
            feeds::ping(tx, &feed.origin, seen.size, peers.clock.now().micros())
        })?);
    }
    let root = peers.database.read(|tx: &mut Read<'_>| root_of(tx, &feed.origin, 0..size))?;
    if root == shown.checkpoint.root {
        return Ok(peers.database.write(|tx: &mut Write<'_>| feeds::keep_seen(tx, &seen))?);
    }
    let path = peers.database.read(|tx: &mut Read<'_>| {
        prove_consistency(size, edge.size(), |leaves| root_of(tx, &feed.origin, leaves))
    })?;
    let why = format!(
        "its log has another history for {place}: the first {size} entries that it showed there are others"
    );
    // SPEC: fork evidence = old note + new note + RFC 6962 path that evaluates to the new root but to a different old root.
    let detail = serde_json::json!({
        "old": { "size": size, "note": shown.note, "source": place },
        "new": { "size": edge.size(), "note": feed.note, "source": "origin" },
        "root": root.to_string(),
        "path": path.iter().map(Digest::to_string).collect::<Vec<_>>(),
    });
    let case = Case { charge: Charge::SplitView, why: why.clone(), detail, seen };
    peers.database.write(|tx: &mut Write<'_>| case.close(tx, &peers.clock))?;
    Err(PeerError::Quarantined { origin: feed.origin.clone(), why })
}

/// The root of these entries as a tree of their own.
fn root_of(tx: &mut impl Reading, origin: &str, leaves: Range<u64>) -> Result<Digest, DbError> {
    let (mut frontier, mut at) = (Frontier::default(), leaves.start);
    while at < leaves.end {
        let end = leaves.end.min(at + LEAVES_AT_ONCE);
        fold::leaves(tx, origin, at..end)?.into_iter().for_each(|leaf| frontier.push(leaf));
        at = end;
    }
    Ok(frontier.root())
}
