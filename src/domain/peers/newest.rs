//! The newest checkpoint of a feed that is being synchronised: fetched, verified, compared with what was seen, kept.

use super::caution::{self, Word};
use super::error::PeerError;
use super::freshness::newest_cosignature;
use super::quarantine::Charge;
use super::store::feeds;
use super::sync::{Syncing, Tagged, unreadable};
use super::verify::{self, NoteFault, Signed, Verified};
use super::{poll, trust};
use crate::base::moment::Moment;
use crate::platform::fetch::Caches;

impl Syncing<'_> {
    /// The feed's checkpoint, verified; `None` if it is still the one at hand.
    pub(super) async fn newest(
        &self,
        etag: Option<&str>,
        caches: Caches,
    ) -> Result<Option<Tagged>, PeerError> {
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
                let found = trust::refresh(self.peers, &self.feed).await?;
                let key = trust::key_for(&found.chain, &self.feed.origin)?;
                let signed =
                    verify::checkpoint(&answer.bytes, &key).map_err(|fault| refuse(&fault.words()))?;
                self.take_keys(found, &signed).await?;
                signed
            }
        };
        Ok(Some((signed, answer.etag)))
    }

    /// Takes over an identity that grew, once the checkpoint that its new key signs is vouched for. SPEC: identity change is
    /// dangerous (civic-feed §2.7); where no policy names witnesses it is followed silently, as §2.2 has it.
    async fn take_keys(&self, found: trust::Found, signed: &Verified<Signed>) -> Result<(), PeerError> {
        let needed = self.peers.policy.as_ref().is_some_and(|policy| policy.needs_witnesses());
        if needed && !caution::is_vouched_for(self.peers, &self.feed, signed) {
            let why = "its node signs with another key than before".to_owned();
            return Err(caution::hold(self.peers, &self.feed, signed, why, Word::Witnesses).await);
        }
        Ok(self.peers.database.run(move |database| database.write(|tx| found.keep(tx))).await?)
    }

    /// The most entries that the feed ever showed us, whether we have them or not.
    pub(super) async fn known(&self, have: u64) -> Result<u64, PeerError> {
        let origin = self.feed.origin.clone();
        let seen =
            self.peers.database.run(move |database| database.read(|tx| feeds::largest_seen(tx, &origin)));
        Ok(have.max(seen.await?.and_then(|size| u64::try_from(size).ok()).unwrap_or(0)))
    }

    pub(super) async fn fell_behind(&self, signed: &Verified<Signed>, known: u64) -> PeerError {
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

    pub(super) async fn keep_checkpoint(
        &self,
        signed: &Verified<Signed>,
        etag: Option<String>,
    ) -> Result<(), PeerError> {
        let (feed, signed) = (self.feed.clone(), signed.clone());
        let seen = self.seen(&signed);
        let (policy, now) = (self.peers.policy.clone(), self.peers.clock.now());
        let kept = self.peers.database.run(move |database| {
            database.write(|tx| {
                feeds::keep_seen(tx, &seen)?;
                let cosigned = newest_cosignature(tx, &feed, &signed.note, policy.as_deref(), now)?;
                feeds::set_cosigned(tx, &feed.origin, cosigned)?;
                Ok::<_, PeerError>(feeds::keep_note(tx, &feed.origin, &signed.note, etag.as_deref())?)
            })
        });
        kept.await
    }
}
