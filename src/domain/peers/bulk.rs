//! Many new entries at once: tiles first, then bundles that prove themselves, committed as they come (civic-feed §2.8).

use super::BATCH_TIME;
use super::error::PeerError;
use super::fetch_entries::{self, Enough, deliver};
use super::redactions::Redactions;
use super::sync::{Stopped, Synced, Syncing};
use super::tiles;
use super::verify::{self, BundleFault, BundleRoots, Proven, Signed, Verified};
use crate::platform::fetch::Caches;
use crate::tlog::merkle::Frontier;
use crate::tlog::tile::FULL;
use std::ops::Range;

/// Bundles fetched, proven and committed together in bulk mode. Each batch may be twice the one before: what several of
/// its entries change is written once. One whose entries have so many bytes, or that takes so long, ends there.
const FIRST_BATCH_BUNDLES: u64 = 64;
const BATCH_BUNDLES: u64 = 256;
const ENOUGH: Enough = Enough { bytes: 32 * 1024 * 1024, time: BATCH_TIME };

/// The way to one signed checkpoint.
struct Bulk<'a> {
    syncing: &'a Syncing<'a>,
    signed: &'a Verified<Signed>,
    roots: Verified<BundleRoots>,
    redactions: Redactions,
}

/// Takes over what follows on `edge`, and moves it. `told` hears of progress: entries so far, entries in all.
pub(super) async fn catch_up(
    syncing: &Syncing<'_>,
    edge: &mut Frontier,
    signed: &Verified<Signed>,
    synced: &mut Synced,
    told: &impl Fn(u64, u64),
) -> Result<(), Stopped> {
    let roots = roots(syncing, edge, signed).await?;
    let mut bulk = Bulk { syncing, signed, roots, redactions: Redactions::default() };
    let (first, end) = (edge.size() / FULL, bulk.end());
    let mut most = FIRST_BATCH_BUNDLES;
    let mut ahead = bulk.fetch(first..end.min(first + most), Caches::Allow).await?;
    while !ahead.numbers.is_empty() {
        let batch = bulk.take(edge, ahead).await?;
        let reached = batch.frontier.clone();
        let after = reached.size().div_ceil(FULL);
        most = BATCH_BUNDLES.min(most * 2);
        // The next bundles travel while these are written.
        let (committed, fetched) = tokio::join!(
            syncing.commit(batch, signed, synced),
            bulk.fetch(after..end.min(after + most), Caches::Allow)
        );
        committed?;
        *edge = reached;
        told(edge.size(), signed.checkpoint.size);
        ahead = fetched?;
    }
    Ok(())
}

async fn roots(
    syncing: &Syncing<'_>,
    edge: &Frontier,
    signed: &Verified<Signed>,
) -> Result<Verified<BundleRoots>, PeerError> {
    for caches in [Caches::Allow, Caches::Bypass] {
        if let Some(roots) = tiles::bundle_roots(&syncing.remote, edge, signed, caches).await? {
            return Ok(roots);
        }
    }
    Err(syncing.decide(edge, signed, "its tiles lead to another root".to_owned()).await)
}

impl Bulk<'_> {
    /// One more than the number of the last bundle.
    fn end(&self) -> u64 {
        self.signed.checkpoint.size.div_ceil(FULL)
    }

    /// As many of these bundles as one batch may hold.
    async fn fetch(&self, numbers: Range<u64>, caches: Caches) -> Result<Batch, PeerError> {
        let (remote, size) = (&self.syncing.remote, self.signed.checkpoint.size);
        let delivered = fetch_entries::bundles(remote, numbers.clone(), size, ENOUGH, caches).await;
        Ok(Batch { numbers, delivered: deliver(delivered)? })
    }

    /// A batch whose entries are proven, and those without bytes explained. If some are not, it is fetched once more:
    /// whoever stands between us and the feed can leave bytes out.
    async fn take(&mut self, edge: &Frontier, batch: Batch) -> Result<Verified<Proven>, Stopped> {
        let numbers = batch.numbers.clone();
        let proven = self.prove(edge, batch).await?;
        if self.hidden(&proven).await?.is_none() {
            return Ok(proven);
        }
        let proven = self.prove(edge, self.fetch(numbers, Caches::Bypass).await?).await?;
        match self.hidden(&proven).await? {
            None => Ok(proven),
            Some(index) => Err(Stopped::Hidden(index)),
        }
    }

    /// Proves a batch of bundles; one that is not what the tiles say is fetched once more.
    async fn prove(&self, edge: &Frontier, batch: Batch) -> Result<Verified<Proven>, PeerError> {
        let numbers = batch.numbers.clone();
        let why = match batch.prove(edge, &self.roots) {
            Ok(proven) => return Ok(proven),
            Err(why) => why,
        };
        match self.fetch(numbers, Caches::Bypass).await?.prove(edge, &self.roots) {
            Ok(proven) => Ok(proven),
            Err(_) => Err(self.syncing.decide(edge, self.signed, why).await),
        }
    }

    /// The first entry without bytes that nothing explains. The `redact` may stand far behind it, so this reads ahead
    /// as far as it must; what was read then is fetched again when its turn comes.
    async fn hidden(&mut self, proven: &Verified<Proven>) -> Result<Option<u64>, PeerError> {
        self.redactions.learn(proven);
        while let Some(index) = self.redactions.hidden(proven) {
            let edge = self.redactions.read.clone();
            if edge.size() == self.signed.checkpoint.size {
                return Ok(Some(index));
            }
            let next = edge.size() / FULL;
            let further = self.fetch(next..self.end().min(next + BATCH_BUNDLES), Caches::Allow).await?;
            self.redactions.learn(&self.prove(&edge, further).await?);
        }
        Ok(None)
    }
}

/// Bundles of these numbers as they were delivered.
struct Batch {
    numbers: Range<u64>,
    delivered: Result<Vec<Vec<verify::Leaf>>, String>,
}

impl Batch {
    fn prove(self, edge: &Frontier, roots: &Verified<BundleRoots>) -> Result<Verified<Proven>, String> {
        verify::bundles(edge, self.delivered?, roots).map_err(|fault| match fault {
            BundleFault::OtherHistory => "its bundles begin with other entries".to_owned(),
            BundleFault::OtherBytes => "a bundle is not what its signed tree holds".to_owned(),
        })
    }
}
