//! What can be wrong with a token, or with what its holder wants to do.

use super::token::Scope;
use crate::base::error::{Kind, Told};
use crate::base::id::ItemId;
use crate::domain::content::ContentError;
use crate::platform::db::DbError;

#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    #[error("the token is not known here, has expired or was revoked")]
    Stranger,
    #[error("the token is not for this: it lacks {}", .0.as_str())]
    Scope(Scope),
    #[error("the token is for another region")]
    OtherRegion,
    #[error("a token needs a name of 1 to 100 characters that tells who holds it")]
    Name,
    #[error("a token cannot expire in the past")]
    Expiry,
    #[error("a token of a page is for page:text alone, and page:text is for one page, which says the region")]
    Page,
    #[error("{item} is a {kind}; only the text of a page can be pushed")]
    NoPage { item: ItemId, kind: &'static str },
    #[error("{word:?} is nothing that a token can be for; there is {known}")]
    UnknownScope { word: String, known: String },
    #[error("there is no token {number}; see `lotse token list`")]
    UnknownToken { number: i64 },
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Told for AccessError {
    fn kind(&self) -> Kind {
        match self {
            AccessError::Stranger | AccessError::Scope(_) | AccessError::OtherRegion => Kind::Forbidden,
            AccessError::Name | AccessError::Expiry | AccessError::UnknownScope { .. } => Kind::Invalid,
            AccessError::Page | AccessError::NoPage { .. } => Kind::Invalid,
            AccessError::UnknownToken { .. } => Kind::NotFound,
            AccessError::Content(error) => error.kind(),
            AccessError::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            AccessError::Stranger => "unknown-caller",
            AccessError::Scope(_) => "missing-scope",
            AccessError::OtherRegion => "token-of-another-region",
            AccessError::Name => "token-name",
            AccessError::Expiry => "token-expiry",
            AccessError::UnknownScope { .. } => "unknown-scope",
            AccessError::Page => "token-of-page",
            AccessError::NoPage { .. } => "token-of-no-page",
            AccessError::Content(error) => error.code(),
            AccessError::UnknownToken { .. } => "unknown-token",
            AccessError::Db(error) => error.code(),
        }
    }
}
