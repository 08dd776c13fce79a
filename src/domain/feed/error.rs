//! What can stop the feed, and what the operator can do about it.

use super::entry::EntryError;
use super::sequence::Step;
use crate::base::error::{Kind, Told};
use crate::domain::content::change::Change;
use crate::domain::identity::error::IdentityError;
use crate::platform::blobs::BlobError;
use crate::platform::db::DbError;
use crate::tlog::error::TlogError;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    #[error(
        "the guard in {guard} says that {signed} entries were signed, but the database holds only {stored}: it was \
         probably restored from a backup. Nothing is signed, because followers would see a forged feed. Bring back \
         the newest database; if it is lost, this node must begin a new feed under a new identity (`lotse init` in \
         a new data folder)"
    )]
    GuardAhead { guard: PathBuf, signed: u64, stored: u64 },
    #[error(
        "the guard in {guard} remembers another history of the first {signed} entries than the database holds: two \
         copies of this node wrote. Nothing is signed. Bring back the database that was in use when the guard was \
         last written, and stop the other copy"
    )]
    GuardDiffers { guard: PathBuf, signed: u64 },
    #[error(
        "the guard in {guard} belongs to the feed {found}, not to {expected}; put the right guard folder in its place"
    )]
    GuardOfAnother { guard: PathBuf, expected: String, found: String },
    #[error(
        "there is no guard in {guard}, but the database holds a signed feed of {stored} entries. Put the guard \
         folder back. Only if you are certain that this database is the newest there ever was: \
         `lotse doctor --confirm-database` writes a new guard"
    )]
    GuardMissing { guard: PathBuf, stored: u64 },
    #[error(
        "the guard file {0} is damaged; put back the one from the last backup of the guard folder that is not older than the database"
    )]
    GuardDamaged(PathBuf),
    #[error("the feed in the database is damaged: {0}; nothing is signed. Restore the database")]
    Damaged(&'static str),
    #[error(
        "{what} cannot become an entry of the log: {cause}. It and what was published after it stay unsigned; nothing \
         is lost, and readers of this site see it. That is a defect of this program: install its newest version, and \
         if that does not help, report this sentence to its makers"
    )]
    Unpublishable { what: String, cause: EntryError },
    #[error("{path}: {cause}")]
    File { path: PathBuf, cause: std::io::Error },
    #[error("the feed has nothing to export yet; publish something or start the node once")]
    NothingPublished,
    #[error("the file of the medium {0} cannot be read or deleted: {1}")]
    Medium(String, BlobError),
    #[error("stopped after the step {0:?}")]
    Stopped(Step),
    #[error(transparent)]
    Format(#[from] TlogError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Blobs(#[from] BlobError),
    #[error(transparent)]
    Database(#[from] DbError),
}

impl FeedError {
    /// For `map_err`: the change that waits under this number.
    pub(super) fn of_change(number: i64, change: &Change) -> impl FnOnce(EntryError) -> FeedError {
        let what = format!("change {number} of the outbox, on {},", change.object());
        move |cause| FeedError::Unpublishable { what, cause }
    }

    /// For `map_err`: which file the trouble is with.
    pub(super) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> FeedError + '_ {
        move |cause| FeedError::File { path: path.to_owned(), cause }
    }
}

impl Told for FeedError {
    fn kind(&self) -> Kind {
        match self {
            FeedError::NothingPublished => Kind::NotFound,
            FeedError::GuardAhead { .. }
            | FeedError::GuardDiffers { .. }
            | FeedError::GuardOfAnother { .. }
            | FeedError::GuardMissing { .. } => Kind::Conflict,
            FeedError::Identity(error) => error.kind(),
            FeedError::Medium(_, error) | FeedError::Blobs(error) => error.kind(),
            FeedError::GuardDamaged(_)
            | FeedError::Damaged(_)
            | FeedError::Unpublishable { .. }
            | FeedError::File { .. }
            | FeedError::Stopped(_)
            | FeedError::Format(_)
            | FeedError::Database(_) => Kind::Broken,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            FeedError::GuardAhead { .. } => "guard-ahead",
            FeedError::GuardDiffers { .. } => "guard-differs",
            FeedError::GuardOfAnother { .. } => "guard-of-another",
            FeedError::GuardMissing { .. } => "guard-missing",
            FeedError::GuardDamaged(_) => "guard-damaged",
            FeedError::Damaged(_) => "feed-damaged",
            FeedError::Unpublishable { .. } => "unpublishable-change",
            FeedError::File { .. } => "feed-file",
            FeedError::NothingPublished => "nothing-published",
            FeedError::Medium(..) => "medium-missing",
            FeedError::Blobs(error) => error.code(),
            FeedError::Stopped(_) => "stopped",
            FeedError::Format(error) => error.code(),
            FeedError::Identity(error) => error.code(),
            FeedError::Database(_) => "database",
        }
    }
}
