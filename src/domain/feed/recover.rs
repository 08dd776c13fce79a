//! Compares what the database holds with what the guard remembers, before anything is signed.

use super::error::FeedError;
use super::guard::GuardFolder;
use super::store::{self, OwnFeed};
use crate::base::digest::Digest;
use crate::platform::db::Reading;
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::merkle::Frontier;
use crate::tlog::signed_note::Note;

/// What the guard allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing was ever signed here.
    Nothing,
    /// The database continues what was signed, or is exactly that.
    Continues,
}

/// Leaves read at once when an older root is computed again.
const LEAVES_AT_ONCE: u64 = 8192;

/// Checks that the database continues what was signed last.
///
/// # Errors
/// [`FeedError::GuardAhead`], [`FeedError::GuardDiffers`], [`FeedError::GuardOfAnother`] or [`FeedError::GuardMissing`]
/// tell why nothing may be signed; [`FeedError::Damaged`] if the database contradicts itself.
pub fn compare(
    tx: &mut impl Reading,
    feed: Option<&OwnFeed>,
    guard: &GuardFolder,
) -> Result<Found, FeedError> {
    let folder = || guard.path().to_owned();
    let signed = guard.last_signed()?;
    let Some(feed) = feed else {
        return match signed {
            Some(signed) if signed.size > 0 => {
                Err(FeedError::GuardAhead { guard: folder(), signed: signed.size, stored: 0 })
            }
            _ => Ok(Found::Nothing),
        };
    };
    let stored = feed.frontier.size();
    check_note(feed)?;
    let Some(signed) = signed else {
        return Err(FeedError::GuardMissing { guard: folder(), stored });
    };
    // An empty guard was written before the first signature and says only that there was none.
    if signed.size > 0 && signed.origin != feed.origin {
        let expected = feed.origin.clone();
        return Err(FeedError::GuardOfAnother { guard: folder(), expected, found: signed.origin });
    }
    // SPEC: civic-feed §2.9 step 2, db.size >= guard.size and the root at guard.size equal.
    if signed.size > stored {
        return Err(FeedError::GuardAhead { guard: folder(), signed: signed.size, stored });
    }
    if signed.size > 0 && root_at(tx, feed, signed.size)? != signed.root {
        return Err(FeedError::GuardDiffers { guard: folder(), signed: signed.size });
    }
    Ok(Found::Continues)
}

/// The checkpoint that the feed's note signs.
pub fn checkpoint_of(feed: &OwnFeed) -> Result<Checkpoint, FeedError> {
    let damaged = |_| FeedError::Damaged("the stored checkpoint is not one");
    Note::parse(feed.note.as_bytes()).map_err(damaged)?.text().parse().map_err(damaged)
}

fn check_note(feed: &OwnFeed) -> Result<(), FeedError> {
    let noted = checkpoint_of(feed)?;
    let root = feed.frontier.root();
    match noted == (Checkpoint { origin: feed.origin.clone(), size: feed.frontier.size(), root }) {
        true => Ok(()),
        false => Err(FeedError::Damaged("its size and hashes are not those of its signed checkpoint")),
    }
}

fn root_at(tx: &mut impl Reading, feed: &OwnFeed, size: u64) -> Result<Digest, FeedError> {
    if size == feed.frontier.size() {
        return Ok(feed.frontier.root());
    }
    let mut frontier = Frontier::default();
    while frontier.size() < size {
        let end = size.min(frontier.size() + LEAVES_AT_ONCE);
        store::leaves(tx, frontier.size(), end)?.into_iter().for_each(|leaf| frontier.push(leaf));
    }
    Ok(frontier.root())
}
