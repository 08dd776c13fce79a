//! What can be in the way of an adoption.

use crate::base::error::{Kind, Told};
use crate::base::id::{ItemId, ObjectId};
use crate::domain::content::ContentError;
use crate::platform::db::DbError;

#[derive(Debug, thiserror::Error)]
pub enum AdoptionError {
    #[error("{peer:?} is not a node that we follow; see `lotse peers list`, or `lotse follow` it first")]
    UnknownPeer { peer: String },
    #[error(
        "{peer} publishes nothing with the id {object}; see `lotse peers show {peer} --items` for what it has"
    )]
    UnknownObject { peer: String, object: String },
    #[error("{object} is already shown in this region")]
    AlreadyHere { object: ObjectId },
    #[error("{object} is no region; `lotse peers show <node> --items` lists the regions there")]
    NoRegion { object: ObjectId },
    #[error("{object} is of the kind {kind}, which speaks for its own region only and cannot be adopted")]
    NotToBeAdopted { object: ObjectId, kind: &'static str },
    #[error("{object} is of the kind {kind}, which stands in no tree of pages; leave --under out")]
    StandsInNoTree { object: ObjectId, kind: &'static str },
    #[error("{item} is not mirrored from another node; `lotse page archive` hides a page of our own")]
    NotMirrored { item: ItemId },
    #[error("{item} came with {root}, and goes with it; `lotse adopt --remove {root}` ends that")]
    CameWith { item: ItemId, root: ObjectId },
    #[error("page {page} is our own and stands below what would go; move it first")]
    OwnBelow { page: ItemId },
    #[error(
        "{peer} is shown here: {}; end that first, with `lotse adopt --remove <id>` for each",
        adopted.iter().map(ObjectId::to_string).collect::<Vec<_>>().join(", ")
    )]
    StillShown { peer: String, adopted: Vec<ObjectId> },
    #[error(
        "all regions of {peer} are shown here; end that first, with `lotse peers set {peer} --regions off`"
    )]
    RegionsShown { peer: String },
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
            AdoptionError::RegionsShown { .. } => Kind::Conflict,
            AdoptionError::NotMirrored { .. } | AdoptionError::NoRegion { .. } => Kind::Invalid,
            AdoptionError::NotToBeAdopted { .. } | AdoptionError::StandsInNoTree { .. } => Kind::Invalid,
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
            AdoptionError::NoRegion { .. } => "no-region",
            AdoptionError::NotToBeAdopted { .. } => "not-to-be-adopted",
            AdoptionError::StandsInNoTree { .. } => "stands-in-no-tree",
            AdoptionError::CameWith { .. } => "came-with-another",
            AdoptionError::OwnBelow { .. } => "own-page-below",
            AdoptionError::StillShown { .. } => "still-shown",
            AdoptionError::RegionsShown { .. } => "regions-shown",
            AdoptionError::NoCommonLanguage { .. } => "no-common-language",
            AdoptionError::Content(error) => error.code(),
            AdoptionError::Db(_) => "database",
        }
    }
}
