//! What can be in the way of an adoption.

use crate::base::error::{Kind, Told};
use crate::base::id::ObjectId;
use crate::domain::content::ContentError;
use crate::platform::db::DbError;

#[derive(Debug, thiserror::Error)]
pub enum AdoptionError {
    #[error("{peer:?} is not a node that we follow; see `lotse peers list`, or `lotse follow` it first")]
    UnknownPeer { peer: String },
    #[error("{peer} publishes no page {object}; see `lotse peers show {peer}` for what it has")]
    UnknownObject { peer: String, object: String },
    #[error("page {object} is already in the tree of this region")]
    AlreadyHere { object: ObjectId },
    #[error("{object} has none of our languages: it has {theirs}, we have {ours}")]
    NoCommonLanguage { object: ObjectId, theirs: String, ours: String },
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Told for AdoptionError {
    fn kind(&self) -> Kind {
        match self {
            AdoptionError::UnknownPeer { .. } | AdoptionError::UnknownObject { .. } => Kind::NotFound,
            AdoptionError::AlreadyHere { .. } => Kind::Conflict,
            AdoptionError::NoCommonLanguage { .. } => Kind::Invalid,
            AdoptionError::Content(error) => error.kind(),
            AdoptionError::Db(DbError::Unreachable(_)) => Kind::Busy,
            AdoptionError::Db(_) => Kind::Broken,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            AdoptionError::UnknownPeer { .. } => "unknown-peer",
            AdoptionError::UnknownObject { .. } => "unknown-object",
            AdoptionError::AlreadyHere { .. } => "already-adopted",
            AdoptionError::NoCommonLanguage { .. } => "no-common-language",
            AdoptionError::Content(error) => error.code(),
            AdoptionError::Db(_) => "database",
        }
    }
}
