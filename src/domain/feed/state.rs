//! How the feed stands, for an operator who looks: nothing is changed.

use super::error::FeedError;
use super::sequence::Sequencer;
use super::{recover, store};
use crate::domain::identity::keyring::PUBLIC_FEED;

/// The number of entries at each stage, and what keeps the node from signing.
#[derive(Debug)]
pub struct State {
    pub signed: u64,
    /// Changes that are published and not in the log yet.
    pub waiting: u64,
    /// Entries that others can read; `None` if there is no readable checkpoint.
    pub visible: Option<u64>,
    pub fault: Option<FeedError>,
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
            })
        })
    }
}
