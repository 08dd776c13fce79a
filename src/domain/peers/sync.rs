//! Brings a followed feed up to its newest checkpoint (civic-feed §2.8): nothing is used before it is proven, every
//! batch is one transaction, and whatever goes wrong, the last good state stays.

use super::Peers;
use super::error::PeerError;
use super::fetch_entries::{self, deliver};
use super::filter::Filter;
use super::fold;
use super::quarantine::{self, Charge};
use super::store::feeds::{self, FeedRow, SeenRow};
use super::verify::{self, NoteFault, Proven, Signed, Verified};
use super::{bulk, lease, poll, quota, redactions, tiles, trust, wanted};
use crate::base::id::ObjectId;
use crate::base::moment::Moment;
use crate::domain::content::media::clear::clear;
use crate::platform::db::{Database, DbError, Write};
use crate::platform::fetch::remote::Remote;
use crate::platform::fetch::{Caches, FetchError};
use crate::tlog::merkle::Frontier;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::timeout;

/// SPEC: above this many new entries, bulk mode (civic-feed §2.8).
const BULK_ENTRIES: u64 = 4096;

/// What a sync did.
#[derive(Clone, Debug, Default)]
pub struct Synced {
    pub origin: String,
    /// Entries before and after.
    pub from: u64,
    pub to: u64,
    /// Objects that are other than before: what shows them must look again.
    pub touched: BTreeSet<ObjectId>,
}

/// A sync in progress: one feed, leased by us.
pub struct Syncing<'a> {
    peers: &'a Peers,
    feed: FeedRow,
    pub(super) remote: Remote,
    filter: Filter,
}

/// Asks a feed for what is new, proves it and takes it over. `told` hears of progress: entries so far, entries in all.
/// # Errors: [`PeerError`] says what happened; when to try again is written down with the feed.
pub async fn sync(peers: &Peers, origin: &str, told: impl Fn(u64, u64)) -> Result<Synced, PeerError> {
    leased(peers, origin, Duration::MAX, told).await
}

/// As [`sync`], but only for so long. What was taken over until then counts; the next sync goes on from there.
/// # Errors: as [`sync`]; [`FetchError::Slow`] if nothing was taken over.
pub async fn sync_within(peers: &Peers, origin: &str, most: Duration) -> Result<Synced, PeerError> {
    leased(peers, origin, most, |_, _| {}).await
}

async fn leased(
    peers: &Peers,
    origin: &str,
    most: Duration,
    told: impl Fn(u64, u64),
) -> Result<Synced, PeerError> {
    let feed = lease::take(peers, origin).await?;
    let mut synced = Synced { origin: origin.to_owned(), ..Synced::default() };
    let work = timeout(most, attempt(peers, feed.clone(), &mut synced, &told));
    let outcome = match lease::hold(peers, origin, work).await {
        Ok(outcome) => outcome.map(|()| synced),
        Err(_) if synced.to > synced.from => Ok(synced),
        Err(_) => Err(FetchError::Slow { url: feed.url.clone(), seconds: most.as_secs_f64() }.into()),
    };
    let (working, origin) = (peers.clone(), origin.to_owned());
    let ended = move |_: &Database| {
        let settled = lease::settle(&working, &origin, &feed, outcome);
        let cleared = clear(&working.database, &working.blobs);
        settled.and_then(|synced| cleared.map(|()| synced))
    };
    peers.database.run(ended).await
}

/// May be dropped at any await: what is committed until then stands in `synced`, but for a commit under way.
async fn attempt(
    peers: &Peers,
    feed: FeedRow,
    synced: &mut Synced,
    told: &impl Fn(u64, u64),
) -> Result<(), PeerError> {
    let remote = Remote::open(&peers.fetcher, &feed.url)?;
    let filter = Filter::parse(&feed.filter)?;
    let edge: Frontier = feed.frontier.parse().map_err(unreadable)?;
    (synced.from, synced.to) = (edge.size(), edge.size());
    let syncing = Syncing { peers, feed, remote, filter };
    syncing.looks_again().await?;
    let known = syncing.known(edge.size()).await?;
    // Only if nothing newer was ever signed does an unchanged checkpoint mean that all is well.
    let etag = syncing.feed.etag.clone().filter(|_| known == edge.size());
    let Some((mut signed, mut etag)) = syncing.newest(etag.as_deref(), Caches::Allow).await? else {
        return Ok(());
    };
    // SPEC: n < m: stale cache, retry with Cache-Control: no-cache (civic-feed §2.8).
    if signed.checkpoint.size < known
        && let Some(again) = syncing.newest(None, Caches::Bypass).await?
    {
        (signed, etag) = again;
    }
    if signed.checkpoint.size < known {
        return Err(syncing.fell_behind(&signed, known).await);
    }
    if signed.checkpoint.size == edge.size() {
        // SPEC: n = m: root must match, else fork.
        if signed.checkpoint.root != edge.root() {
            return Err(syncing.accuse(Charge::TwoOfOneSize, &signed, None).await);
        }
        return syncing.keep_checkpoint(&signed, etag).await;
    }
    quota::confirmed(peers, &syncing.feed, &signed).await?;
    let (signed, etag) = syncing.follow_up(edge, (signed, etag), synced, told).await?;
    if synced.to == signed.checkpoint.size {
        syncing.keep_checkpoint(&signed, etag).await?;
    }
    Ok(())
}

fn unreadable(error: impl std::fmt::Display) -> PeerError {
    PeerError::Database(DbError::Unreadable(error.to_string()))
}

/// A checkpoint with its ETag.
type Tagged = (Verified<Signed>, Option<String>);

/// Why a feed was not brought up to a checkpoint.
pub(super) enum Stopped {
    Trouble(PeerError),
    /// This entry has no bytes, and no entry below the checkpoint says why.
    Hidden(u64),
}

impl From<PeerError> for Stopped {
    fn from(error: PeerError) -> Stopped {
        Stopped::Trouble(error)
    }
}

impl Syncing<'_> {
    /// The feed's checkpoint, verified; `None` if it is still the one at hand.
    async fn newest(&self, etag: Option<&str>, caches: Caches) -> Result<Option<Tagged>, PeerError> {
        let answer = self.remote.checkpoint(etag, caches).await?;
        match answer.status {
            304 => return Ok(None),
            200 => {}
            _ => return Err(PeerError::Absent { address: self.remote.address("checkpoint") }),
        }
        let origin = self.feed.origin.clone();
        let refuse = |why: &str| PeerError::Checkpoint { origin: origin.clone(), why: why.to_owned() };
        let node = self.feed.node_id.parse().map_err(unreadable)?;
        let pinned =
            self.peers.database.run(move |database| database.read(|tx| trust::pinned_chain(tx, &node)));
        let key = trust::key_for(&pinned.await?, &self.feed.origin)?;
        let signed = match verify::checkpoint(&answer.bytes, &key) {
            Ok(signed) => signed,
            Err(NoteFault::Refused(why)) => return Err(refuse(&why)),
            // SPEC: no known key: refresh identity and retry once.
            Err(NoteFault::UnknownKey) => {
                let chain = trust::refresh(self.peers, &self.feed).await?;
                let key = trust::key_for(&chain, &self.feed.origin)?;
                verify::checkpoint(&answer.bytes, &key).map_err(|fault| refuse(&fault.words()))?
            }
        };
        Ok(Some((signed, answer.etag)))
    }

    /// Wants what an older version of this program could not show.
    async fn looks_again(&self) -> Result<(), PeerError> {
        let (origin, filter) = (self.feed.origin.clone(), self.filter.clone());
        self.peers.database.run(move |database| wanted::look_again(database, &origin, &filter)).await
    }

    /// The most entries that the feed ever showed us, whether we have them or not.
    async fn known(&self, have: u64) -> Result<u64, PeerError> {
        let origin = self.feed.origin.clone();
        let seen =
            self.peers.database.run(move |database| database.read(|tx| feeds::largest_seen(tx, &origin)));
        Ok(have.max(seen.await?.and_then(|size| u64::try_from(size).ok()).unwrap_or(0)))
    }

    async fn fell_behind(&self, signed: &Verified<Signed>, known: u64) -> PeerError {
        let now = self.peers.clock.now();
        let since = self.feed.behind_since.map_or(now, Moment::from_micros);
        // SPEC: after 24 h quarantine `rolled-back`.
        if now.seconds_since(since) >= poll::STALE_CACHE_SECONDS {
            return self.accuse(Charge::RolledBack, signed, None).await;
        }
        let origin = self.feed.origin.clone();
        let written = self
            .peers
            .database
            .run(move |database| database.write(|tx| feeds::fell_behind(tx, &origin, since.micros())));
        match written.await {
            Err(error) => PeerError::Database(error),
            Ok(()) => {
                PeerError::Older { origin: self.feed.origin.clone(), shown: signed.checkpoint.size, known }
            }
        }
    }

    pub(super) async fn accuse(
        &self,
        charge: Charge,
        signed: &Verified<Signed>,
        history: Option<tiles::History>,
    ) -> PeerError {
        quarantine::accuse(self.peers, &self.feed, charge, signed, history).await
    }

    async fn keep_checkpoint(
        &self,
        signed: &Verified<Signed>,
        etag: Option<String>,
    ) -> Result<(), PeerError> {
        let (origin, signed) = (self.feed.origin.clone(), signed.clone());
        let seen = self.seen(&signed);
        let kept = self.peers.database.run(move |database| {
            database.write(|tx| {
                feeds::keep_seen(tx, &seen)?;
                feeds::keep_note(tx, &origin, &signed.note, etag.as_deref())
            })
        });
        Ok(kept.await?)
    }

    fn seen(&self, signed: &Verified<Signed>) -> SeenRow {
        quarantine::seen(&self.feed.origin, signed, "origin", self.peers.clock.now())
    }

    /// Brings the feed up to its newest checkpoint, and says which that was: while entries are read, their publisher
    /// may sign a `redact` and empty what it names. Only if there is none is an entry without bytes a hidden one.
    async fn follow_up(
        &self,
        mut edge: Frontier,
        mut newest: Tagged,
        synced: &mut Synced,
        told: &impl Fn(u64, u64),
    ) -> Result<Tagged, PeerError> {
        let mut hidden = None;
        loop {
            let index = match self.catch_up(&mut edge, &newest.0, synced, told).await {
                Ok(()) => return Ok(newest),
                Err(Stopped::Trouble(error)) => return Err(error),
                Err(Stopped::Hidden(index)) => index,
            };
            let size = newest.0.checkpoint.size;
            match self.newest(None, Caches::Bypass).await? {
                Some(newer) if newer.0.checkpoint.size > size => newest = newer,
                _ => return Err(self.accuse(Charge::Hidden(index), &newest.0, None).await),
            }
            // Somebody who signs more whenever we look is never proven wrong, and never taken over either.
            if hidden.replace(index).is_some() {
                let why = format!("entry {index} has no bytes, and what was signed since does not say why");
                return Err(PeerError::Corrupt { origin: self.feed.origin.clone(), why });
            }
            tracing::info!(
                origin = self.feed.origin,
                index,
                "an entry is empty; what is signed since may say why"
            );
        }
    }

    /// Moves `edge` as far as entries are taken over.
    async fn catch_up(
        &self,
        edge: &mut Frontier,
        signed: &Verified<Signed>,
        synced: &mut Synced,
        told: &impl Fn(u64, u64),
    ) -> Result<(), Stopped> {
        told(edge.size(), signed.checkpoint.size);
        if signed.checkpoint.size - edge.size() > BULK_ENTRIES {
            bulk::catch_up(self, edge, signed, synced, told).await?;
        } else {
            let proven = self.tail(edge, signed).await?;
            let reached = proven.frontier.clone();
            self.commit(proven, signed, synced).await?;
            *edge = reached;
        }
        told(synced.to, signed.checkpoint.size);
        Ok(())
    }

    /// A few entries at once, proven by the root they reach.
    async fn tail(&self, edge: &Frontier, signed: &Verified<Signed>) -> Result<Verified<Proven>, Stopped> {
        let mut fault = TailFault::Damaged(String::new());
        // SPEC: not the signed root: one refetch bypassing caches (civic-feed §2.8).
        for caches in [Caches::Allow, Caches::Bypass] {
            let size = signed.checkpoint.size;
            let entries = match deliver(fetch_entries::tail(&self.remote, edge.size(), size, caches).await)? {
                Ok(entries) => entries,
                Err(why) => {
                    fault = TailFault::Damaged(why);
                    continue;
                }
            };
            let Some(proven) = verify::continuation(edge, entries, signed) else {
                fault = TailFault::Damaged("its entries lead to another root".to_owned());
                continue;
            };
            // SPEC: a zero-length entry without a `redact` record is treated as hiding (civic-feed §2.17).
            match redactions::hidden(&proven) {
                None => return Ok(proven),
                Some(index) => fault = TailFault::Hidden(index),
            }
        }
        Err(match fault {
            TailFault::Damaged(why) => self.decide(edge, signed, why).await.into(),
            TailFault::Hidden(index) => Stopped::Hidden(index),
        })
    }

    /// What does not fit was damaged on the way, or is another history: the tiles tell.
    pub(super) async fn decide(&self, edge: &Frontier, signed: &Verified<Signed>, why: String) -> PeerError {
        let corrupt = |why| PeerError::Corrupt { origin: self.feed.origin.clone(), why };
        // SPEC: tiles that do not authenticate: transport or server corruption, retry later. If they do but yield
        // another frontier at m: fork, and exactly these tile hashes are the evidence.
        match tiles::history(&self.remote, signed, edge.size()).await {
            Err(error) => error,
            Ok(Some(history)) if history.frontier != *edge => {
                self.accuse(Charge::Rewritten, signed, Some(history)).await
            }
            Ok(Some(_)) => corrupt(why),
            Ok(None) => corrupt(format!("{why}, and its tiles do not fit the checkpoint either")),
        }
    }

    pub(super) async fn commit(
        &self,
        proven: Verified<Proven>,
        signed: &Verified<Signed>,
        synced: &mut Synced,
    ) -> Result<(), PeerError> {
        let origin = self.feed.origin.clone();
        let (filter, limits) = (self.filter.clone(), self.peers.limits);
        let seen = self.seen(signed);
        let to = proven.frontier.size();
        // Evidence needs the note that belongs to the size, even if we are stopped right after this.
        let note = (to == signed.checkpoint.size).then(|| signed.note.clone());
        let committed = self.peers.database.run(move |database| {
            let batch = fold::read(database, &origin, &proven)?;
            database.write(|tx| {
                feeds::keep_seen(tx, &seen)?;
                quota::count_entries(tx, &origin, &proven, limits)?;
                let touched = take_over(tx, &origin, &filter, &proven, batch)?;
                note.map_or(Ok(()), |note| feeds::keep_note(tx, &origin, &note, None))?;
                Ok::<_, PeerError>(touched)
            })
        });
        synced.touched.extend(committed.await?);
        synced.to = to;
        Ok(())
    }
}

/// What is wrong with a few entries as they were delivered.
enum TailFault {
    Damaged(String),
    Hidden(u64),
}

/// One transaction: entries, their fold, and the feed's new edge.
fn take_over(
    tx: &mut Write<'_>,
    origin: &str,
    filter: &Filter,
    proven: &Verified<Proven>,
    batch: fold::Batch,
) -> Result<BTreeSet<ObjectId>, PeerError> {
    let sizes = (signed_size(proven.first), signed_size(proven.frontier.size()));
    if !feeds::advance(tx, origin, sizes, &proven.frontier.to_string())? {
        return Err(PeerError::Leased(origin.to_owned()));
    }
    fold::apply(tx, origin, filter, proven, batch)
}

fn signed_size(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
