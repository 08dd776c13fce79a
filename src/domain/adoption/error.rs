//! What can be in the way of an adoption.

use crate::base::error::{Kind, Told};
use crate::base::id::{ItemId, ObjectId};
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
    #[error("page {page} is not mirrored from another node; `lotse page archive` hides a page of our own")]
    NotMirrored { page: ItemId },
    #[error("page {page} came with page {root}, and goes with it")]
    CameWith { page: ItemId, root: ItemId },
    #[error("page {page} is our own and stands below what would go; move it first")]
    OwnBelow { page: ItemId },
    #[error(
        "pages of {peer} are shown here: {}; end that first, with `lotse adopt --remove <page>` for each",
        pages.iter().map(ItemId::to_string).collect::<Vec<_>>().join(", ")
    )]
    StillShown { peer: String, pages: Vec<ItemId> },
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
            AdoptionError::AlreadyHere { .. } | AdoptionError::CameWith { .. } => Kind::Conflict,
            AdoptionError::OwnBelow { .. } | AdoptionError::StillShown { .. } => Kind::Conflict,
            AdoptionError::NotMirrored { .. } => Kind::Invalid,
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
            AdoptionError::NotMirrored { .. } => "not-mirrored",
            AdoptionError::CameWith { .. } => "came-with-another-page",
            AdoptionError::OwnBelow { .. } => "own-page-below",
            AdoptionError::StillShown { .. } => "still-shown",
            AdoptionError::NoCommonLanguage { .. } => "no-common-language",
            AdoptionError::Content(error) => error.code(),
            AdoptionError::Db(_) => "database",
        }
    }
}
