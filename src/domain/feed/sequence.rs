//! The sequencer: one process at a time turns what waits into a longer signed log, in an order that survives a
//! crash after any step. Running it again is the recovery: each step looks at what is there.

use super::batch::{self, Signed};
use super::error::FeedError;
use super::files::FeedFiles;
use super::guard::GuardFolder;
use super::recover;
use super::store::{self, BlobKind, BlobState};
use crate::base::digest::Digest;
use crate::domain::content::media::clear::clear;
use crate::domain::identity::chain::Chain;
use crate::domain::identity::keyring::{Keyring, PUBLIC_FEED};
use crate::domain::identity::store::own_chain;
use crate::platform::blobs::{BlobError, Blobs};
use crate::platform::clock::Clock;
use crate::platform::db::{Database, Reading};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the feed of a node lies.
#[derive(Clone, Debug)]
pub struct FeedPlace {
    pub files: FeedFiles,
    pub guard: GuardFolder,
    /// Where the blob store lies, from which erased media are deleted.
    pub blobs: PathBuf,
    /// Base addresses of the node, with a slash at the end.
    pub urls: Vec<String>,
}

impl FeedPlace {
    /// The feed in the data folder `data`, with its guard in `guard`, of the node at `site` (with a slash at the end).
    pub fn new(data: &Path, guard: &Path, site: &str) -> FeedPlace {
        FeedPlace {
            files: FeedFiles::new(&data.join("feed")),
            guard: GuardFolder::new(guard),
            blobs: data.join("blobs"),
            urls: vec![site.to_owned()],
        }
    }
}

/// What was reached; each is the state that a crash right after it leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// No other process signs.
    Locked,
    /// The database continues what was signed last.
    GuardCompared,
    EntriesAdded,
    /// What the database holds was hashed twice.
    ReadBack,
    /// Everything is in the transaction, which is not committed.
    Signed,
    /// The database knows; nobody else does.
    Committed,
    /// From here on the signature cannot be forgotten.
    Guarded,
    /// Bundles and tiles lie there; no checkpoint names them yet.
    TilesWritten,
    CheckpointWritten,
}

/// Told after each step; an error stops there, as a crash would. Tests use it.
pub type Steps<'a> = &'a mut dyn FnMut(Step) -> Result<(), FeedError>;

/// Makes the feed longer; cloning shares everything.
#[derive(Clone)]
pub struct Sequencer {
    pub(super) database: Database,
    pub(super) keys: Arc<Keyring>,
    pub(super) clock: Clock,
    pub(super) place: FeedPlace,
}

/// How the feed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequenced {
    /// Entries in the log.
    pub size: u64,
    /// How many of them are new.
    pub added: u64,
}

impl Sequencer {
    pub fn new(database: Database, keys: Arc<Keyring>, clock: Clock, place: FeedPlace) -> Sequencer {
        Sequencer { database, keys, clock, place }
    }

    /// To be called once at the start of a process: as [`Sequencer::sequence`], and makes files again that are missing.
    /// The first run makes the node's identity and the log's first entry.
    ///
    /// # Errors
    /// As [`Sequencer::sequence`].
    pub fn recover(&self) -> Result<Sequenced, FeedError> {
        self.complete_files()?;
        let sequenced = self.sequence()?;
        self.delete_erased_media()?;
        Ok(sequenced)
    }

    /// Behind the lock: what another process is writing just now only looks incomplete.
    fn complete_files(&self) -> Result<(), FeedError> {
        let _lock = self.place.guard.lock()?;
        let feed = self.database.read(|tx| {
            let feed = store::own_feed(tx, PUBLIC_FEED)?;
            recover::compare(tx, feed.as_ref(), &self.place.guard)?;
            Ok::<_, FeedError>(feed)
        })?;
        feed.map_or(Ok(()), |feed| self.place.files.complete(&self.database, feed.frontier.size()))
    }

    /// Logs, signs and makes visible whatever waits; waits itself while another process does. Does little if nothing waits.
    ///
    /// # Errors
    /// [`FeedError`] says why nothing was signed; what was signed before stays as it is.
    pub fn sequence(&self) -> Result<Sequenced, FeedError> {
        self.sequence_in_steps(&mut |_| Ok(()))
    }

    /// As [`Sequencer::sequence`], telling each step.
    pub fn sequence_in_steps(&self, steps: Steps<'_>) -> Result<Sequenced, FeedError> {
        // A crash anywhere before the commit leaves the database as it was: the changes wait, and the next run
        // signs them. The same entries are made again, so not even the bytes differ but for an identity's time.
        let _lock = self.place.guard.lock()?;
        steps(Step::Locked)?;
        let mut added = 0;
        loop {
            let signed = match self.nothing_waits()? {
                Some(current) => current,
                None => {
                    let signed = self.database.write(|tx| batch::sign_waiting(tx, self, steps))?;
                    steps(Step::Committed)?;
                    signed
                }
            };
            added += signed.added;
            self.make_visible(&signed, steps)?;
            if signed.erased {
                self.delete_erased_media()?;
            }
            if !signed.more {
                return Ok(Sequenced { size: signed.feed.frontier.size(), added });
            }
        }
    }

    /// The chain of this node. # Errors: [`FeedError::NothingPublished`] before the first run.
    pub fn chain(&self) -> Result<Chain, FeedError> {
        self.database.read(|tx| own_chain(tx))?.ok_or(FeedError::NothingPublished)
    }

    pub fn place(&self) -> &FeedPlace {
        &self.place
    }

    /// Writes a guard for the feed as the database holds it. Only for an operator who knows that no newer
    /// database exists: a guard that is there is never replaced.
    ///
    /// # Errors
    /// [`FeedError::NothingPublished`] if there is no feed; the errors of a comparison if there is a guard.
    pub fn confirm_database(&self) -> Result<(), FeedError> {
        let _lock = self.place.guard.lock()?;
        self.database.read(|tx| {
            let feed = store::own_feed(tx, PUBLIC_FEED)?.ok_or(FeedError::NothingPublished)?;
            match recover::compare(tx, Some(&feed), &self.place.guard) {
                Err(FeedError::GuardMissing { .. }) => {
                    self.place.guard.remember(&recover::checkpoint_of(&feed)?)
                }
                other => other.map(|_| ()),
            }
        })
    }

    /// The feed as it is, if there is nothing to sign: without a write transaction, since this is asked often.
    fn nothing_waits(&self) -> Result<Option<Signed>, FeedError> {
        self.database.read(|tx| {
            let Some(feed) = store::own_feed(tx, PUBLIC_FEED)? else { return Ok(None) };
            if store::has_outbox(tx)? || !self.identity_is_logged(tx)? {
                return Ok(None);
            }
            recover::compare(tx, Some(&feed), &self.place.guard)?;
            let chain = own_chain(tx)?.ok_or(FeedError::Damaged("a feed without an identity"))?;
            Ok(Some(Signed { chain, feed, added: 0, erased: false, more: false }))
        })
    }

    fn identity_is_logged(&self, tx: &mut impl Reading) -> Result<bool, FeedError> {
        let Some(chain) = own_chain(tx)? else { return Ok(false) };
        crate::domain::identity::establish::check_keys(&chain, &self.keys)?;
        let newest = &chain.newest().document;
        Ok(newest.urls == self.place.urls && store::logged_identity(tx)? == Some(newest.seq))
    }

    /// Deletes the files of erased media with their smaller copies, but for those that a body kept here still shows, ours
    /// or another node's, and those that were uploaded again.
    /// A crash before this is made up for by [`Sequencer::recover`].
    fn delete_erased_media(&self) -> Result<(), FeedError> {
        let told = |sha256: &Digest| {
            let sha256 = sha256.to_string();
            move |error: BlobError| FeedError::Medium(sha256, error)
        };
        let erased = self.database.read(|tx| store::named_blobs(tx))?.into_iter();
        let erased =
            erased.filter(|(_, kind, state)| (*kind, *state) == (BlobKind::Media, BlobState::Erased));
        let erased: Vec<Digest> = erased.map(|(sha256, ..)| sha256).collect();
        if erased.is_empty() {
            return Ok(());
        }
        let blobs = Blobs::open(&self.place.blobs)?;
        for sha256 in erased.iter().filter(|sha256| blobs.holds(sha256)) {
            // As the only writer, so that no other process gives the file a row meanwhile.
            self.database.write(|tx| match store::is_still_needed(tx, &sha256.to_string())? {
                true => Ok(()),
                false => blobs.delete(sha256).map_err(told(sha256)),
            })?;
        }
        clear(&self.database, &blobs)
    }

    /// Step 3 of civic-feed §2.9 after the commit: guard, then tiles, then the checkpoint that names them.
    fn make_visible(&self, signed: &Signed, steps: Steps<'_>) -> Result<(), FeedError> {
        // A crash before this left a signature that only the database knows. It names the same entries as the
        // one made here, so that nothing is signed twice differently.
        let checkpoint = recover::checkpoint_of(&signed.feed)?;
        if self.place.guard.last_signed()?.as_ref() != Some(&checkpoint) {
            self.place.guard.remember(&checkpoint)?;
        }
        steps(Step::Guarded)?;
        self.place.files.publish(&self.database, &signed.feed, &signed.chain, steps)
    }
}
