//! Getting to know a node: find its feed, check its identity, show it to a person, and pin it.

use super::Peers;
use super::error::PeerError;
use super::filter::Filter;
use super::store::feeds::{self, FeedRow, NodeRow};
use super::trust;
use super::verify::{self, NoteFault, Signed, Verified};
use crate::base::id::NodeId;
use crate::base::moment::Moment;
use crate::domain::identity::chain::Chain;
use crate::domain::identity::store::own_chain;
use crate::platform::db::Write;
use crate::platform::fetch::remote::Remote;
use crate::platform::fetch::{Caches, Fetcher};
use crate::tlog::merkle::Frontier;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The protocol that this version speaks.
const PROTOCOL: &str = "civic-feed/1";
/// The feed that everybody may read.
const PUBLIC_FEED: &str = "pub";

/// A node as it introduces itself, with everything checked that can be checked without knowing it.
#[derive(Clone)]
pub struct Introduction {
    pub node: NodeId,
    /// To compare by telephone: thirty digits in six groups.
    pub spoken_fingerprint: String,
    /// `<node id>/<feed>/<epoch>`
    pub origin: String,
    pub feed_url: String,
    pub identity_url: String,
    /// How many notes its identity has; more than one means that keys or addresses changed.
    pub identity_notes: usize,
    /// Where the identity says that the node lives. A place not listed there is a copy, or the node moved.
    pub urls: Vec<String>,
    /// Entries in the log, by its signed checkpoint.
    pub size: u64,
    pub(super) signed: Verified<Signed>,
    pub(super) feed: Remote,
    chain: Chain,
    place: String,
}

/// Whether a node was known before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pinned {
    New,
    /// It was followed already; its address is the one given now.
    Again,
}

#[derive(Deserialize)]
struct WellKnown {
    proto: Vec<String>,
    nodes: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    id: NodeId,
    base: String,
    feeds: BTreeMap<String, String>,
}

/// Reads `<place>/.well-known/civic-feed` of a site or an exported folder and checks who speaks there.
/// `expected`: the node it must be, needed if the place offers several.
/// # Errors: [`PeerError`] says what is missing or does not hold. Nothing is stored.
pub async fn discover(
    fetcher: &Fetcher,
    place: &str,
    expected: Option<&NodeId>,
) -> Result<Introduction, PeerError> {
    let site = Remote::open(fetcher, place)?;
    let listed = choose(listed(&site).await?, &site, expected)?;
    let no_feed = |why: &str| PeerError::NoFeed { place: site.place(), why: why.to_owned() };
    let feed_link = listed.feeds.get(PUBLIC_FEED).ok_or_else(|| no_feed("its node has no public feed"))?;
    let (base, feed) = (site.at(&listed.base)?, site.at(feed_link)?);
    // SPEC: unsigned .well-known carries hints only (§2.17): the chain decides who it is.
    let chain = trust::fetch_chain(&base, Some(&listed.id)).await?;
    let key = chain.checkpoint_key(PUBLIC_FEED);
    let key = key.ok_or_else(|| no_feed("the identity of its node names no public feed"))?;
    let answer = feed.checkpoint(None, Caches::Bypass).await?;
    if answer.status != 200 {
        return Err(PeerError::Absent { address: feed.address("checkpoint") });
    }
    let origin = key.name().to_owned();
    let signed = verify::checkpoint(&answer.bytes, &key).map_err(|fault| PeerError::Checkpoint {
        origin: origin.clone(),
        why: match fault {
            NoteFault::UnknownKey => "it is not signed by the key that the node's identity names".to_owned(),
            NoteFault::Refused(why) => why,
        },
    })?;
    Ok(Introduction {
        node: chain.node().clone(),
        spoken_fingerprint: chain.node().spoken_fingerprint(),
        origin,
        feed_url: feed.place(),
        identity_url: base.place(),
        identity_notes: chain.notes().len(),
        urls: chain.newest().document.urls.clone(),
        size: signed.checkpoint.size,
        place: site.place(),
        signed,
        feed,
        chain,
    })
}

async fn listed(site: &Remote) -> Result<Vec<Listed>, PeerError> {
    let answer = site.well_known().await?;
    if answer.status != 200 {
        return Err(PeerError::Absent { address: site.address(".well-known/civic-feed") });
    }
    let no_feed = |why: String| PeerError::NoFeed { place: site.place(), why };
    let found: WellKnown = serde_json::from_slice(&answer.bytes)
        .map_err(|error| no_feed(format!("its .well-known/civic-feed is not understood: {error}")))?;
    if !found.proto.iter().any(|protocol| protocol == PROTOCOL) {
        return Err(no_feed(format!("it speaks {}, not {PROTOCOL}", found.proto.join(", "))));
    }
    Ok(found.nodes)
}

fn choose(mut listed: Vec<Listed>, site: &Remote, expected: Option<&NodeId>) -> Result<Listed, PeerError> {
    let place = site.place();
    let nodes = || listed.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    let at = match expected {
        Some(expected) => listed
            .iter()
            .position(|one| one.id == *expected)
            .ok_or_else(|| PeerError::OtherNode { place, expected: expected.clone(), found: nodes() })?,
        None if listed.len() > 1 => return Err(PeerError::SeveralNodes { place, nodes: nodes() }),
        None if listed.is_empty() => {
            return Err(PeerError::NoFeed { place, why: "it names no node".to_owned() });
        }
        None => 0,
    };
    Ok(listed.swap_remove(at))
}

impl Introduction {
    /// Trusts this node from now on: its id is pinned, its feed will be followed with this filter, and all entries that
    /// it has today are agreed to, since the person who follows was told their number.
    /// # Errors: [`PeerError::IdentityFork`] if its identity contradicts what was pinned before.
    /// Blocks, so call it where that is allowed.
    pub fn pin(&self, peers: &Peers, filter: &Filter) -> Result<Pinned, PeerError> {
        let now = peers.clock.now();
        peers.database.write(|tx| self.pin_in(tx, filter, now))
    }

    fn pin_in(&self, tx: &mut Write<'_>, filter: &Filter, now: Moment) -> Result<Pinned, PeerError> {
        let own = own_chain(tx).ok().flatten();
        if own.is_some_and(|own| *own.node() == self.node) {
            return Err(PeerError::Itself(self.place.clone()));
        }
        if feeds::node(tx, self.node.as_str())?.is_some() {
            let pinned = trust::pinned_chain(tx, &self.node)?;
            if pinned.fork_with(&self.chain).is_some() {
                return Err(PeerError::IdentityFork(self.node.clone()));
            }
        } else {
            feeds::insert_node(tx, &self.node_row(now.micros()))?;
        }
        feeds::keep_identities(tx, &trust::rows_of(&self.chain, &self.identity_url, now))?;
        if feeds::feed(tx, &self.origin)?.is_some() {
            feeds::move_feed(tx, &self.origin, &self.feed_url, &self.identity_url)?;
            feeds::confirm(tx, &self.origin, self.signed_size())?;
            return Ok(Pinned::Again);
        }
        feeds::insert_feed(tx, &self.feed_row(filter))?;
        Ok(Pinned::New)
    }

    fn signed_size(&self) -> i64 {
        i64::try_from(self.size).unwrap_or(i64::MAX)
    }

    fn node_row(&self, now: i64) -> NodeRow {
        let web = self.place.starts_with("http").then(|| self.place.clone());
        let host = url::Url::parse(&self.place).ok().and_then(|url| url.host_str().map(str::to_owned));
        NodeRow {
            node_id: self.node.to_string(),
            // Until its own profile tells more.
            name: host.unwrap_or_else(|| self.node.as_str().chars().take(12).collect()),
            site_url: web.or_else(|| self.urls.first().cloned()),
            state: "followed".to_owned(),
            pinned_at: now,
            identity_seq: 0,
            why: None,
        }
    }

    fn feed_row(&self, filter: &Filter) -> FeedRow {
        FeedRow {
            origin: self.origin.clone(),
            node_id: self.node.to_string(),
            url: self.feed_url.clone(),
            identity_url: self.identity_url.clone(),
            size: 0,
            frontier: Frontier::default().to_string(),
            note: None,
            etag: None,
            state: "following".to_owned(),
            why: None,
            filter: filter.to_json(),
            next_poll_at: 0,
            lease_until: 0,
            fail_count: 0,
            last_ok_at: None,
            last_new_at: None,
            behind_since: None,
            confirmed_size: self.signed_size(),
            held_bytes: 0,
            last_error: None,
        }
    }
}
