//! What can be wrong with what readers say, or with looking for it.

use crate::base::error::{Kind, Told};
use crate::platform::db::DbError;

#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    #[error("neither a rating nor a comment was given; one of them is needed")]
    NothingSaid,
    #[error("the comment has {length} characters; up to {most} are taken")]
    CommentTooLong { length: usize, most: usize },
    #[error("the words that were searched for are missing")]
    NoQuery,
    #[error("the search has {length} characters; up to {most} are taken")]
    QueryTooLong { length: usize, most: usize },
    #[error("there is no feedback {number}; see `lotse feedback list`")]
    UnknownFeedback { number: i64 },
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Told for UpkeepError {
    fn kind(&self) -> Kind {
        match self {
            UpkeepError::NothingSaid
            | UpkeepError::CommentTooLong { .. }
            | UpkeepError::NoQuery
            | UpkeepError::QueryTooLong { .. } => Kind::Invalid,
            UpkeepError::UnknownFeedback { .. } => Kind::NotFound,
            UpkeepError::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            UpkeepError::NothingSaid => "nothing-said",
            UpkeepError::CommentTooLong { .. } => "comment-too-long",
            UpkeepError::NoQuery => "no-query",
            UpkeepError::QueryTooLong { .. } => "query-too-long",
            UpkeepError::UnknownFeedback { .. } => "unknown-feedback",
            UpkeepError::Db(_) => "database",
        }
    }
}
