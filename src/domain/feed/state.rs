//! How the feed stands, for an operator who looks: nothing is changed.

use super::batch::CHANGES_AT_ONCE;
use super::error::FeedError;
use super::from_change::logged_bytes;
use super::sequence::Sequencer;
use super::{recover, store};
use crate::domain::identity::keyring::PUBLIC_FEED;
use crate::platform::db::{DbError, Reading};

/// The number of entries at each stage, and what keeps the node from signing.
#[derive(Debug)]
pub struct State {
    pub signed: u64,
    /// Changes that are published and not in the log yet.
    pub waiting: u64,
    /// Entries that others can read; `None` if there is no readable checkpoint.
    pub visible: Option<u64>,
    pub fault: Option<FeedError>,
    /// The first waiting change that the log cannot take: everything after it waits in vain.
    pub stuck: Option<FeedError>,
}

impl Sequencer {
    /// # Errors: the database cannot be read, or holds no feed yet.
    pub fn state(&self) -> Result<State, FeedError> {
        self.database.read(|tx| {
            let feed = store::own_feed(tx, PUBLIC_FEED)?.ok_or(FeedError::NothingPublished)?;
            Ok(State {
                signed: feed.frontier.size(),
                waiting: store::count_waiting(tx)?,
                visible: self.place.files.published().map(|checkpoint| checkpoint.size),
                fault: recover::compare(tx, Some(&feed), &self.place.guard).err(),
                stuck: stuck(tx)?,
            })
        })
    }
}

/// Looks through as many changes as are signed at once.
fn stuck(tx: &mut impl Reading) -> Result<Option<FeedError>, FeedError> {
    match store::waiting(tx, CHANGES_AT_ONCE) {
        Err(unreadable @ FeedError::Database(DbError::Unreadable(_))) => Ok(Some(unreadable)),
        changes => Ok(changes?.iter().find_map(|(number, change)| {
            logged_bytes(change).map_err(FeedError::of_change(*number, change)).err()
        })),
    }
}
