//! This node as a witness (C2SP tlog-witness): it cosigns the logs that it follows, as long as each checkpoint continues
//! what it saw before. Whoever asks for a cosignature thereby tells us that there is something new.

use super::error::PeerError;
use super::quarantine;
use super::store::feeds::{self, FeedRow, SeenRow};
use super::store::witness::{self as rows, CosignedRow};
use super::trust;
use super::verify::{self, Signed, Verified};
use crate::base::digest::Digest;
use crate::base::error::{Kind, Told};
use crate::base::id::NodeId;
use crate::domain::identity::chain::witness_name;
use crate::domain::identity::error::IdentityError;
use crate::domain::identity::keyring::Keyring;
use crate::platform::clock::Clock;
use crate::platform::db::{Database, DbError, Read, Reading, Write};
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::error::TlogError;
use crate::tlog::merkle::Frontier;
use crate::tlog::proof::{TreeHead, verify_consistency};
use crate::tlog::signed_note::{Note, SignatureKind, VerifierKey};
use crate::tlog::witness::AddCheckpoint;
use std::sync::Arc;

/// Cosigns for those who ask; cloning shares the keys.
#[derive(Clone)]
pub struct Witness {
    database: Database,
    keys: Arc<Keyring>,
    clock: Clock,
    key: VerifierKey,
}

/// Why a checkpoint is not cosigned. What the log signed and contradicts itself is kept as evidence.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("{0}; expected: old <size>, at most 63 hashes in base64, a blank line, a signed checkpoint")]
    Malformed(#[from] TlogError),
    #[error("this node does not follow the log {0:?}, and cosigns only what it follows")]
    UnknownLog(String),
    #[error("no signature under the checkpoint is by the key of {0:?}")]
    NotSigned(String),
    #[error("the old size {old} is larger than the checkpoint's {size}")]
    OldIsLarger { old: u64, size: u64 },
    /// The old size is another than that of our newest cosignature.
    #[error("the newest checkpoint that was cosigned has {0} entries")]
    OtherSize(u64),
    /// The size is that of our newest cosignature, the root is another.
    #[error("another log of {0} entries was cosigned")]
    OtherRoot(u64),
    #[error("the proof does not lead from {old} entries to {size}")]
    Inconsistent { old: u64, size: u64 },
    #[error(transparent)]
    Key(#[from] IdentityError),
    #[error(transparent)]
    Peers(#[from] PeerError),
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Refusal {
        Refusal::Peers(error.into())
    }
}

impl Told for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Refusal::Malformed(_) | Refusal::OldIsLarger { .. } | Refusal::Inconsistent { .. } => {
                Kind::Invalid
            }
            Refusal::UnknownLog(_) => Kind::NotFound,
            Refusal::NotSigned(_) => Kind::Forbidden,
            Refusal::OtherSize(_) | Refusal::OtherRoot(_) => Kind::Conflict,
            Refusal::Key(error) => error.kind(),
            Refusal::Peers(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Refusal::Malformed(error) => error.code(),
            Refusal::UnknownLog(_) => "unknown-log",
            Refusal::NotSigned(_) => "checkpoint-not-signed",
            Refusal::OldIsLarger { .. } => "old-size-is-larger",
            Refusal::OtherSize(_) => "another-size-was-cosigned",
            Refusal::OtherRoot(_) => "another-root-was-cosigned",
            Refusal::Inconsistent { .. } => "inconsistent-checkpoint",
            Refusal::Key(error) => error.code(),
            Refusal::Peers(error) => error.code(),
        }
    }
}

impl Witness {
    /// # Errors: the keys are of no use for this.
    pub fn new(
        database: Database,
        keys: Arc<Keyring>,
        clock: Clock,
        node: &NodeId,
    ) -> Result<Witness, IdentityError> {
        let key = VerifierKey::new(&witness_name(node), SignatureKind::Cosignature, keys.witness_key()?)?;
        Ok(Witness { database, keys, clock, key })
    }

    /// Under which name and key this node cosigns.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// Answers a request with the cosignature line, its end included. Blocks, so call it where that is allowed.
    /// # Errors: [`Refusal`] says why not.
    pub fn add_checkpoint(&self, request: &AddCheckpoint) -> Result<String, Refusal> {
        let checkpoint: Checkpoint = request.note.text().parse()?;
        let found = self.database.read(|tx: &mut Read<'_>| followed(tx, &checkpoint.origin))?;
        // SPEC: tlog-witness, if the checkpoint origin is unknown, 404.
        let (feed, log) = found.ok_or_else(|| Refusal::UnknownLog(checkpoint.origin.clone()))?;
        // SPEC: if none of the signatures verify against a trusted public key, 403.
        let signed = verify::checkpoint(request.note.to_string().as_bytes(), &log)
            .map_err(|_| Refusal::NotSigned(checkpoint.origin.clone()))?;
        // SPEC: the old size MUST be equal to or lower than the checkpoint size, otherwise 400.
        let (old, size) = (request.old_size, checkpoint.size);
        if old > size {
            return Err(Refusal::OldIsLarger { old, size });
        }
        let case = Asked { witness: self, request, signed, feed, log };
        // The cosignature leaves this room only after the state it stands for is committed. A crash in between costs the
        // log an answer: it asks again, and is told the new size.
        self.database.write(|tx| case.decide(tx))?
    }

    /// The newest checkpoint of the log whose origin has this SHA-256, with our cosignature; none if there is none.
    pub fn view(&self, origin_sha256: &Digest) -> Result<Option<String>, DbError> {
        let found =
            self.database.read(|tx: &mut Read<'_>| rows::cosigned_by_digest(tx, &origin_sha256.to_string()));
        Ok(found?.map(|row| row.note))
    }
}

/// A feed that we follow and whose word we still take, with the key that must sign it.
fn followed(tx: &mut impl Reading, origin: &str) -> Result<Option<(FeedRow, VerifierKey)>, PeerError> {
    let Some(feed) = feeds::feed(tx, origin)? else { return Ok(None) };
    let node = feeds::node(tx, &feed.node_id)?;
    if node.is_none_or(|node| node.state != "followed")
        || !matches!(feed.state.as_str(), "following" | "held")
    {
        return Ok(None);
    }
    let node: NodeId = feed.node_id.parse().map_err(|_| PeerError::Unknown(feed.node_id.clone()))?;
    // A node that has replaced this log by another one signs it no more.
    let log = trust::key_for(&trust::pinned_chain(tx, &node)?, origin).ok();
    Ok(log.map(|log| (feed, log)))
}

/// A request of a log that we follow, signed by it.
struct Asked<'a> {
    witness: &'a Witness,
    request: &'a AddCheckpoint,
    signed: Verified<Signed>,
    feed: FeedRow,
    log: VerifierKey,
}

impl Asked<'_> {
    fn decide(&self, tx: &mut Write<'_>) -> Result<Result<String, Refusal>, Refusal> {
        let (new, now) = (self.signed.checkpoint.tree(), self.witness.clock.now());
        let cosigned = rows::cosigned(tx, &self.feed.origin)?;
        let known = known(cosigned.as_ref(), &self.feed)?;
        let seen = quarantine::seen(&self.feed.origin, &self.signed, "add-checkpoint", now);
        if let Some(other) = other_of_this_size(tx, &seen)? {
            tracing::error!(
                origin = self.feed.origin,
                size = new.size,
                "a log asks to cosign a second history"
            );
            quarantine::two_of_one_size(&other, seen).close(tx, &self.witness.clock)?;
            return Ok(Err(Refusal::OtherRoot(known.size)));
        }
        // What was signed is kept, and looked into by a sync, whatever becomes of the request.
        feeds::keep_seen(tx, &seen)?;
        feeds::ping(tx, &self.feed.origin, seen.size, now.micros())?;
        // SPEC: the witness MUST check that the old size matches the size of the latest checkpoint it cosigned (or zero);
        // if it doesn't match, 409.
        if self.request.old_size != known.size {
            return Ok(Err(Refusal::OtherSize(known.size)));
        }
        // SPEC: if the old size matches the checkpoint size, the root hashes must be identical, else 409.
        if new.size == known.size && new.root != known.root {
            return Ok(Err(Refusal::OtherRoot(known.size)));
        }
        // SPEC: if the Merkle Consistency Proof doesn't verify, 422. The proof MUST be empty if the old size is zero.
        if verify_consistency(known, new, &self.request.proof).is_err() {
            return Ok(Err(Refusal::Inconsistent { old: known.size, size: new.size }));
        }
        let line =
            self.witness.keys.cosign(self.witness.key.name(), now.unix_seconds(), &self.signed.checkpoint)?;
        let by_log = self.request.note.signatures().iter().filter(|line| line.claims(&self.log)).cloned();
        let note = Note::new(self.request.note.text().to_owned(), by_log.chain([line.clone()]).collect())?;
        let row = CosignedRow {
            origin: seen.origin.clone(),
            sha256: Digest::of(seen.origin.as_bytes()).to_string(),
            size: seen.size,
            root: seen.root,
            note: note.to_string(),
            cosigned_at: now.micros(),
        };
        // SPEC: checking the old size and persisting the new checkpoint must be performed atomically.
        match rows::cosign(tx, cosigned.map(|row| row.size), &row)? {
            true => Ok(Ok(format!("{line}\n"))),
            false => Ok(Err(Refusal::OtherSize(known.size))),
        }
    }
}

/// A checkpoint of the same size and another root that the log signed.
fn other_of_this_size(tx: &mut impl Reading, seen: &SeenRow) -> Result<Option<SeenRow>, DbError> {
    let all = feeds::seen_at_size(tx, &seen.origin, seen.size)?;
    Ok(all.into_iter().find(|other| other.root != seen.root))
}

/// The largest tree of the log that we know to continue what we saw before: what we cosigned, or what we took over as its
/// follower. SPEC: tlog-cosignature, a cosignature states that nothing larger was observed.
fn known(cosigned: Option<&CosignedRow>, feed: &FeedRow) -> Result<TreeHead, DbError> {
    let unreadable = |error: &dyn std::fmt::Display| DbError::Unreadable(error.to_string());
    let taken: Frontier = feed.frontier.parse().map_err(|error: TlogError| unreadable(&error))?;
    let taken = TreeHead { size: taken.size(), root: taken.root() };
    let Some(row) = cosigned else { return Ok(taken) };
    let size = u64::try_from(row.size).map_err(|error| unreadable(&error))?;
    let root = row.root.parse().map_err(|error: crate::base::digest::DigestError| unreadable(&error))?;
    Ok(if size >= taken.size { TreeHead { size, root } } else { taken })
}
