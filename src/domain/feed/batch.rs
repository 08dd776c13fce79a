//! The signing transaction: waiting changes become entries, are read back, hashed twice, and signed.
//! If anything fails in here, nothing happened.

use super::entry::Entry;
use super::error::FeedError;
use super::from_change::logged_bytes;
use super::recover::{self, Found};
use super::sequence::{Sequencer, Step, Steps};
use super::store::{self, BlobKind, OwnBlob, OwnFeed, StoredEntry, Withdrawn};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::content::change::{Change, Put};
use crate::domain::identity::chain::Chain;
use crate::domain::identity::establish::establish;
use crate::domain::identity::keyring::PUBLIC_FEED;
use crate::platform::db::Write;
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::merkle::{Frontier, leaf_hash, tree_root};
use crate::tlog::tile::{FULL, HEIGHT};
use std::collections::BTreeMap;

/// Changes in one transaction: few enough for the memory, many enough that signing costs nothing.
pub(super) const CHANGES_AT_ONCE: usize = 16_384;

/// What a signing transaction left behind.
pub(super) struct Signed {
    pub chain: Chain,
    pub feed: OwnFeed,
    pub added: u64,
    /// Set if files may have to be deleted.
    pub erased: bool,
    /// Set if more may be waiting.
    pub more: bool,
}

/// Steps 2 and 3 of civic-feed §2.9 up to the commit.
pub(super) fn sign_waiting(
    tx: &mut Write<'_>,
    sequencer: &Sequencer,
    steps: Steps<'_>,
) -> Result<Signed, FeedError> {
    let before = store::own_feed(tx, PUBLIC_FEED)?;
    let found = recover::compare(tx, before.as_ref(), &sequencer.place.guard)?;
    steps(Step::GuardCompared)?;
    let chain = establish(tx, &sequencer.keys, &sequencer.place.urls)?;
    let mut feed = match before {
        Some(feed) => feed,
        None => begin(&chain, found, sequencer)?,
    };
    let changes = store::waiting(tx, CHANGES_AT_ONCE)?;
    let entries = new_entries(tx, &chain, &changes, (feed.frontier.size(), sequencer))?;
    let added = entries.len() as u64;
    if added == 0 {
        return Ok(Signed { chain, feed, added, erased: false, more: false });
    }
    store::add_entries(tx, &entries)?;
    steps(Step::EntriesAdded)?;
    feed.frontier = read_back(tx, &feed.frontier, added)?;
    steps(Step::ReadBack)?;
    let root = feed.frontier.root();
    let checkpoint = Checkpoint { origin: feed.origin.clone(), size: feed.frontier.size(), root };
    feed.note = sequencer.keys.sign_checkpoint(&checkpoint)?.to_string();
    store::save_feed(tx, &feed)?;
    store::set_logged_identity(tx, chain.newest().document.seq)?;
    name_blobs(tx, &changes)?;
    if let Some((last, _)) = changes.last() {
        store::forget_waiting(tx, *last)?;
    }
    steps(Step::Signed)?;
    let erased = changes.iter().any(|(_, change)| matches!(change, Change::Erase { .. }));
    Ok(Signed { chain, feed, added, erased, more: changes.len() == CHANGES_AT_ONCE })
}

fn begin(chain: &Chain, found: Found, sequencer: &Sequencer) -> Result<OwnFeed, FeedError> {
    let key = chain.checkpoint_key(PUBLIC_FEED);
    let origin = key.ok_or(FeedError::Damaged("the identity names no public feed"))?.name().to_owned();
    if found == Found::Nothing {
        // From here on a missing guard means that somebody took it away.
        let empty = Checkpoint { origin: origin.clone(), size: 0, root: Frontier::default().root() };
        sequencer.place.guard.remember(&empty)?;
    }
    let name = PUBLIC_FEED.to_owned();
    Ok(OwnFeed { name, origin, frontier: Frontier::default(), note: String::new() })
}

/// Identity notes that the log does not name yet, then the changes in their order.
fn new_entries(
    tx: &mut Write<'_>,
    chain: &Chain,
    changes: &[(i64, Change)],
    (size, sequencer): (u64, &Sequencer),
) -> Result<Vec<StoredEntry>, FeedError> {
    let logged = store::logged_identity(tx)?;
    let mut all = Vec::with_capacity(changes.len() + 1);
    for note in chain.notes().iter().filter(|note| Some(note.document.seq) > logged) {
        let entry = Entry::of_identity(note, sequencer.clock.now()).to_bytes();
        let what = format!("identity note {}", note.document.seq);
        all.push(entry.map_err(|cause| FeedError::Unpublishable { what, cause })?);
    }
    for (number, change) in changes {
        all.extend(logged_bytes(change).map_err(FeedError::of_change(*number, change))?);
    }
    let entry = |(idx, bytes): (u64, Vec<u8>)| {
        let leaf = leaf_hash(&bytes);
        let raw = String::from_utf8(bytes).map_err(|_| FeedError::Damaged("an entry is not ASCII"))?;
        Ok(StoredEntry { idx, leaf, raw })
    };
    (size..).zip(all).map(entry).collect()
}

/// Hashes what the database really holds, in two ways that must agree (civic-feed §2.9 step 3: a flipped bit in a
/// leaf hash once ended the log Yeti 2022).
fn read_back(tx: &mut Write<'_>, before: &Frontier, added: u64) -> Result<Frontier, FeedError> {
    let closed = before.closed(HEIGHT);
    let rows = store::entries(tx, closed.size(), before.size() + added)?;
    let mut from_bytes = before.clone();
    for row in rows.iter().filter(|row| row.idx >= before.size()) {
        from_bytes.push(leaf_hash(row.raw.as_bytes()));
    }
    let leaves: Vec<Digest> = rows.iter().map(|row| row.leaf).collect();
    let mut from_leaves = closed;
    for tile in leaves.chunks(FULL as usize) {
        if tile.len() as u64 == FULL {
            from_leaves.push_subtree(HEIGHT, tree_root(tile))?;
        } else {
            tile.iter().for_each(|leaf| from_leaves.push(*leaf));
        }
    }
    match from_bytes == from_leaves {
        true => Ok(from_bytes),
        false => Err(FeedError::Damaged("two ways to compute the new root disagree")),
    }
}

/// Notes what becomes of the blobs that the changes name or take back, in their order.
fn name_blobs(tx: &mut Write<'_>, changes: &[(i64, Change)]) -> Result<(), FeedError> {
    let mut naming = Naming { tx, named: BTreeMap::new(), withdrawn: Withdrawn::new() };
    for (_, change) in changes {
        match change {
            Change::Put(put) => naming.put(put)?,
            Change::Withdraw { object, .. } => naming.withdraw(*object, None)?,
            Change::Erase { object, revs, .. } => {
                // What was named before it must be there to be erased; what comes after stays.
                naming.write()?;
                store::erase_blobs(naming.tx, *object, revs)?;
            }
        }
    }
    naming.write()
}

/// Changes of one sort in a row, which are written at once.
struct Naming<'t, 'c> {
    tx: &'t mut Write<'c>,
    named: BTreeMap<Digest, OwnBlob>,
    withdrawn: Withdrawn,
}

impl Naming<'_, '_> {
    fn put(&mut self, put: &Put) -> Result<(), FeedError> {
        for (language, variant) in &put.variants {
            let Some(variant) = variant else {
                self.withdraw(put.object, Some(language.clone()))?;
                continue;
            };
            if !self.withdrawn.is_empty() {
                self.write()?;
            }
            let blob = |sha256: Digest, kind: BlobKind| OwnBlob {
                sha256,
                object: put.object,
                language: language.clone(),
                rev: variant.rev,
                kind,
            };
            self.named.insert(variant.body, blob(variant.body, BlobKind::Body));
            let media = variant.media.iter();
            self.named.extend(media.map(|sha256| (*sha256, blob(*sha256, BlobKind::Media))));
        }
        Ok(())
    }

    fn withdraw(&mut self, object: ObjectId, language: Option<LanguageTag>) -> Result<(), FeedError> {
        if !self.named.is_empty() {
            self.write()?;
        }
        self.withdrawn.insert((object, language));
        Ok(())
    }

    /// Only one of both holds something.
    fn write(&mut self) -> Result<(), FeedError> {
        store::add_blobs(self.tx, &std::mem::take(&mut self.named))?;
        store::withdraw_blobs(self.tx, &std::mem::take(&mut self.withdrawn))
    }
}
