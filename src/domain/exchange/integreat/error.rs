//! Why a region cannot be imported at all. What is wrong with single pages stands in the report instead.

use crate::base::error::{Kind, Told};
use crate::domain::content::ContentError;
use crate::platform::blobs::BlobError;
use crate::platform::db::DbError;
use crate::platform::fetch::FetchError;

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("cannot read {path}: {source}")]
    File { path: String, source: std::io::Error },
    #[error("{place} is not what Integreat's API v3 answers: {why}")]
    Garbled { place: String, why: String },
    #[error(
        "{place} holds no pages; expected files like pages.de.json or pages.de.json.gz in a folder, or an address that answers /api/v3/"
    )]
    NoPages { place: String },
    #[error("{place} has no region {region:?}; it has: {known}")]
    UnknownRegion { place: String, region: String, known: String },
    #[error("{language:?} is not a language of the import; it has: {known}")]
    UnknownLanguage { language: String, known: String },
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Blobs(#[from] BlobError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Told for ImportError {
    fn kind(&self) -> Kind {
        match self {
            ImportError::Content(error) => error.kind(),
            ImportError::Fetch(error) => error.kind(),
            ImportError::Blobs(error) => error.kind(),
            ImportError::Db(DbError::Unreachable(_)) => Kind::Busy,
            ImportError::Db(_) => Kind::Broken,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            ImportError::File { .. } => "import-file",
            ImportError::Garbled { .. } => "import-garbled",
            ImportError::NoPages { .. } => "import-without-pages",
            ImportError::UnknownRegion { .. } => "import-unknown-region",
            ImportError::UnknownLanguage { .. } => "import-unknown-language",
            ImportError::Content(error) => error.code(),
            ImportError::Fetch(error) => error.code(),
            ImportError::Blobs(error) => error.code(),
            ImportError::Db(_) => "database",
        }
    }
}
