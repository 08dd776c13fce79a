//! What an operator sees of followed nodes, and what only an operator may decide.

use super::error::PeerError;
use super::filter::Filter;
use super::store::feeds::{self, FeedRow, NodeRow};
use super::store::{fold, overview};
use super::{poll, wanted};
use crate::base::id::NodeId;
use crate::base::moment::Moment;
use crate::platform::db::{DbError, Reading, Write};
use serde::Serialize;

/// One followed feed, in a line.
#[derive(Clone, Debug, Serialize)]
pub struct Peer {
    pub node: NodeId,
    pub name: String,
    pub spoken_fingerprint: String,
    pub site: Option<String>,
    pub origin: String,
    pub feed_url: String,
    pub entries: u64,
    /// `following`, `held`, `quarantined`, `retired`, `frozen` or `blocked`.
    pub state: String,
    /// The state as a sentence.
    pub told: String,
    /// When the feed was last confirmed to be what we have, or newer.
    pub last_good: Option<Moment>,
    /// Set if that is more than 26 hours ago, or the feed is paused.
    pub unconfirmed_since: Option<Moment>,
    pub next_poll: Moment,
    pub last_error: Option<String>,
    /// Texts and pictures still to be fetched.
    pub to_fetch: i64,
    pub filter: Filter,
}

/// All about one followed feed.
#[derive(Clone, Debug, Serialize)]
pub struct PeerDetail {
    #[serde(flatten)]
    pub peer: Peer,
    pub pinned_at: Moment,
    pub identity_notes: i64,
    pub held_bytes: i64,
    /// (kind, state, count)
    pub objects: Vec<(String, String, i64)>,
    /// (language, state, count)
    pub texts: Vec<(String, String, i64)>,
    /// (operation, count)
    pub operations: Vec<(String, i64)>,
    /// Entries that were stored and not used: (reason, count).
    pub refused: Vec<(String, i64)>,
    /// What went wrong last with a text or picture.
    pub fetch_trouble: Option<String>,
    pub evidence: Vec<Evidence>,
}

/// Proof of misbehaviour that is kept.
#[derive(Clone, Debug, Serialize)]
pub struct Evidence {
    pub what: String,
    pub found_at: Moment,
    /// JSON with both notes and the tile hashes.
    pub detail: String,
}

/// Every followed feed, the longest followed first.
pub fn list(tx: &mut impl Reading, now: Moment) -> Result<Vec<Peer>, PeerError> {
    let all = feeds::feeds(tx)?;
    let mut peers = Vec::with_capacity(all.len());
    for node in feeds::nodes(tx)? {
        for feed in all.iter().filter(|feed| feed.node_id == node.node_id) {
            peers.push(peer(tx, &node, feed, now)?);
        }
    }
    Ok(peers)
}

/// The origin of the feed that a person means: by origin, node id or the start of it, name, or address.
/// # Errors: [`PeerError::Unknown`], [`PeerError::Ambiguous`].
pub fn find(tx: &mut impl Reading, text: &str) -> Result<String, PeerError> {
    let nodes = feeds::nodes(tx)?;
    let all = feeds::feeds(tx)?;
    if let Some(feed) = all.iter().find(|feed| feed.origin == text) {
        return Ok(feed.origin.clone());
    }
    let means = |node: &&NodeRow| {
        (text.len() >= 6 && node.node_id.starts_with(text)) || node.name.to_lowercase() == text.to_lowercase()
    };
    let meant: Vec<&NodeRow> = nodes.iter().filter(means).collect();
    let address = text.trim_end_matches('/');
    let at = |known: &str| known.trim_end_matches('/') == address;
    let fits = |feed: &&FeedRow| {
        let node = |node: &&NodeRow| node.node_id == feed.node_id;
        let site = nodes.iter().find(node).and_then(|node| node.site_url.as_deref());
        meant.iter().any(node) || at(&feed.url) || site.is_some_and(at)
    };
    let mut found = all.iter().filter(fits);
    match (found.next(), found.next()) {
        (Some(feed), None) => Ok(feed.origin.clone()),
        (None, _) => Err(PeerError::Unknown(text.to_owned())),
        (Some(_), Some(_)) => Err(PeerError::Ambiguous(text.to_owned())),
    }
}

/// All about the feed of this origin.
pub fn show(tx: &mut impl Reading, origin: &str, now: Moment) -> Result<PeerDetail, PeerError> {
    let unknown = || PeerError::Unknown(origin.to_owned());
    let feed = feeds::feed(tx, origin)?.ok_or_else(unknown)?;
    let node = feeds::node(tx, &feed.node_id)?.ok_or_else(unknown)?;
    let mut evidence = feeds::evidence_of(tx, origin)?;
    evidence.extend(feeds::evidence_of(tx, &feed.node_id)?);
    Ok(PeerDetail {
        peer: peer(tx, &node, &feed, now)?,
        pinned_at: Moment::from_micros(node.pinned_at),
        identity_notes: node.identity_seq + 1,
        held_bytes: feed.held_bytes,
        objects: overview::objects(tx, origin)?,
        texts: overview::heads(tx, origin)?,
        operations: overview::operations(tx, origin)?,
        refused: overview::refused_entries(tx, origin)?,
        fetch_trouble: overview::wants(tx, origin)?.1,
        evidence: evidence
            .into_iter()
            .map(|row| Evidence {
                what: row.what,
                found_at: Moment::from_micros(row.found_at),
                detail: row.detail,
            })
            .collect(),
    })
}

/// Changes what is wanted of a feed. Its log need not be fetched again; newly wanted texts will be.
pub fn set_filter(tx: &mut Write<'_>, origin: &str, filter: &Filter) -> Result<(), PeerError> {
    feeds::set_filter(tx, origin, &filter.to_json())?;
    // It also says which of the feed's regions are shown.
    feeds::count_news(tx, origin, feeds::News::Places)?;
    wanted::refilter(tx, origin, filter)
}

/// The operator looked at the evidence and goes on following from the last good state, by the identity pinned first.
/// A feed that still contradicts what we have is paused again with the next sync; one that waits with more entries than
/// are taken unasked is confirmed as it showed itself.
pub fn resume(tx: &mut Write<'_>, origin: &str) -> Result<(), PeerError> {
    let feed = feeds::feed(tx, origin)?.ok_or_else(|| PeerError::Unknown(origin.to_owned()))?;
    feeds::unfreeze(tx, &feed.node_id)?;
    if feed.state == "held" {
        let shown = feeds::largest_seen(tx, origin)?.unwrap_or(0);
        return Ok(feeds::confirm(tx, origin, shown)?);
    }
    Ok(feeds::set_state(tx, origin, "following", None)?)
}

/// Ends following: what the feed said is deleted, and those of its texts that nothing shows. Proof of misbehaviour and
/// the heads that were seen stay. Media files that nothing names any more go with the next [`clear`](crate::domain::content::media::clear::clear).
/// # Errors: [`PeerError::Unknown`], [`PeerError::Leased`] while it is being synchronised.
pub fn forget(tx: &mut Write<'_>, origin: &str, now: Moment) -> Result<(), PeerError> {
    let feed = feeds::feed(tx, origin)?.ok_or_else(|| PeerError::Unknown(origin.to_owned()))?;
    if feed.lease_until > now.micros() {
        return Err(PeerError::Leased(origin.to_owned()));
    }
    let heads = fold::open_heads(tx, origin)?;
    let bodies: Vec<String> =
        heads.into_iter().flat_map(|head| [Some(head.body), head.ready_body]).flatten().collect();
    feeds::delete(tx, &feed)?;
    Ok(wanted::forget(tx, origin, &bodies, &[])?)
}

fn peer(tx: &mut impl Reading, node: &NodeRow, feed: &FeedRow, now: Moment) -> Result<Peer, PeerError> {
    let id: NodeId =
        node.node_id.parse().map_err(|_| DbError::Unreadable(format!("node id {}", node.node_id)))?;
    let halted = node.state != "followed";
    let state = if halted { &node.state } else { &feed.state };
    let last_good = feed.last_ok_at.map(Moment::from_micros);
    let fresh = |at: &Moment| now.seconds_since(*at) <= poll::FRESH_SECONDS;
    let confirmed = state == "following" && last_good.as_ref().is_some_and(fresh);
    Ok(Peer {
        spoken_fingerprint: id.spoken_fingerprint(),
        node: id,
        name: node.name.clone(),
        site: node.site_url.clone(),
        origin: feed.origin.clone(),
        feed_url: feed.url.clone(),
        entries: u64::try_from(feed.size).unwrap_or(0),
        told: told(node, feed, confirmed),
        state: state.clone(),
        last_good,
        unconfirmed_since: if confirmed { None } else { last_good },
        next_poll: Moment::from_micros(feed.next_poll_at),
        last_error: feed.last_error.clone(),
        to_fetch: overview::wants(tx, &feed.origin)?.0,
        filter: Filter::parse(&feed.filter)?,
    })
}

fn told(node: &NodeRow, feed: &FeedRow, confirmed: bool) -> String {
    let why = |why: &Option<String>| why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
    let since = feed.last_ok_at.map(Moment::from_micros);
    match (node.state.as_str(), feed.state.as_str(), since) {
        ("frozen", _, _) => format!("frozen, an administrator must decide{}", why(&node.why)),
        ("blocked", _, _) => format!("blocked here{}", why(&node.why)),
        (_, "quarantined", _) => format!("paused{}; the last good state is kept", why(&feed.why)),
        (_, "held", _) => format!("waits for your word{}; the last good state is kept", why(&feed.why)),
        (_, "retired", _) => format!("closed by its node{}", why(&feed.why)),
        (_, _, None) => format!("not synchronised yet{}", why(&feed.last_error)),
        (_, _, Some(_)) if confirmed && feed.fail_count == 0 => "up to date when last asked".to_owned(),
        (_, _, Some(at)) if confirmed => format!("out of reach now, confirmed {at}{}", why(&feed.last_error)),
        (_, _, Some(at)) => format!("unconfirmed since {at}{}", why(&feed.last_error)),
    }
}
