//! What can be wrong with the bytes of a log.

use crate::base::error::{Kind, Told};

/// Bytes that are not what their specification says, or a proof that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlogError {
    #[error("not canonical JSON of the feed's profile at byte {at}: {why}")]
    Json { at: usize, why: &'static str },
    #[error("not a tree frontier: {0}")]
    Frontier(&'static str),
    #[error("not a signed note: {0}")]
    Note(&'static str),
    #[error("not a usable key: {0}")]
    Key(&'static str),
    #[error("the signature of {name} does not fit the text it stands under")]
    BadSignature { name: String },
    #[error("no signature of {name} stands under the text")]
    NotSigned { name: String },
    #[error("not a checkpoint: {0}")]
    Checkpoint(&'static str),
    #[error("not a tile path: {0}")]
    TilePath(&'static str),
    #[error("not the data of a tile: {0}")]
    TileData(&'static str),
    #[error("not a bundle of entries: {0}")]
    Bundle(&'static str),
    #[error("the proof does not hold: {0}")]
    Proof(&'static str),
}

impl Told for TlogError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            TlogError::Json { .. } => "bad-json",
            TlogError::Frontier(_) => "bad-frontier",
            TlogError::Note(_) => "bad-note",
            TlogError::Key(_) => "bad-key",
            TlogError::BadSignature { .. } => "bad-signature",
            TlogError::NotSigned { .. } => "not-signed",
            TlogError::Checkpoint(_) => "bad-checkpoint",
            TlogError::TilePath(_) => "bad-tile-path",
            TlogError::TileData(_) => "bad-tile",
            TlogError::Bundle(_) => "bad-bundle",
            TlogError::Proof(_) => "bad-proof",
        }
    }
}
