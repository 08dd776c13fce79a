//! Why a file is not taken into the library, and what cannot be done with one that is there.

use super::clean::{LARGEST_FILE_BYTES, MOST_PIXELS};
use crate::base::digest::Digest;
use crate::base::error::{Kind, Told};
use crate::domain::content::ContentError;
use crate::platform::blobs::BlobError;
use crate::platform::db::DbError;

#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("the file has {size_bytes} bytes; at most {LARGEST_FILE_BYTES} are allowed")]
    TooLarge { size_bytes: usize },
    #[error("the file is of the type {found}; a picture as JPEG, PNG, WebP or GIF is expected")]
    Type { found: String },
    #[error("the file is a drawing that may hold scripts (SVG); save it as PNG or WebP")]
    Drawing,
    #[error("the picture moves, and readers could not stop it; save one view of it as PNG or JPEG")]
    Moving,
    #[error(
        "the picture has {width} × {height} pixels; at most {MOST_PIXELS} are allowed, make it smaller first"
    )]
    TooManyPixels { width: u32, height: u32 },
    #[error("the file begins like a picture ({mime}) and is none that can be shown: {why}")]
    Damaged { mime: &'static str, why: String },
    #[error("the {what} is too long; at most {most} characters are allowed")]
    TooLong { what: &'static str, most: usize },
    #[error("the library holds no medium {sha256}; `lotse media list` names them")]
    Unknown { sha256: Digest },
    #[error(
        "{sha256} is shown in {count} texts, first in {first}; replace it, or take it out of them, before deleting it"
    )]
    Used { sha256: Digest, count: usize, first: String },
    #[error("{sha256} would be replaced by itself: both files are the same picture")]
    Same { sha256: Digest },
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Told for MediaError {
    fn kind(&self) -> Kind {
        match self {
            MediaError::Unknown { .. } => Kind::NotFound,
            MediaError::Used { .. } => Kind::Conflict,
            MediaError::Content(error) => error.kind(),
            MediaError::Blob(error) => error.kind(),
            MediaError::Db(error) => error.kind(),
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            MediaError::TooLarge { .. } => "medium-too-large",
            MediaError::Type { .. } => "medium-type",
            MediaError::Drawing => "medium-drawing",
            MediaError::Moving => "medium-moving",
            MediaError::TooManyPixels { .. } => "medium-too-many-pixels",
            MediaError::Damaged { .. } => "medium-damaged",
            MediaError::TooLong { .. } => "medium-words",
            MediaError::Unknown { .. } => "unknown-medium",
            MediaError::Used { .. } => "medium-used",
            MediaError::Same { .. } => "medium-same",
            MediaError::Content(error) => error.code(),
            MediaError::Blob(error) => error.code(),
            MediaError::Db(error) => error.code(),
        }
    }
}
