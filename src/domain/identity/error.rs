//! What can go wrong with identities and keys.

use crate::base::error::{Kind, Told};
use crate::base::id::NodeId;
use crate::platform::db::DbError;
use crate::tlog::error::TlogError;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("not an identity note: {0}")]
    Note(&'static str),
    #[error("not an identity note: {0}")]
    Form(#[from] TlogError),
    #[error("the chain of identity notes breaks at number {seq}: {why}")]
    Chain { seq: u64, why: &'static str },
    #[error("these identity notes belong to the node {found}, not to {expected}")]
    AnotherNode { expected: NodeId, found: NodeId },
    #[error(
        "the keys in {keys} do not belong to the identity in the database; put back the seed that this node was created with (recovery sheet), or use another database"
    )]
    ForeignKeys { keys: &'static str },
    #[error(
        "the address {0:?} cannot stand in an identity note; expected at most 200 characters of A-Z a-z 0-9 . _ : / + = -, such as https://stadt.example/"
    )]
    Address(String),
    #[error("{path} can be read by others than its owner (mode {mode:o}); set it to {wanted:o}")]
    WideOpen { path: PathBuf, mode: u32, wanted: u32 },
    #[error("there are no keys in {0}; create them with `lotse init`, or type in the recovery sheet")]
    NoKeys(PathBuf),
    #[error("there are keys in {0} already; they are never overwritten")]
    KeysExist(PathBuf),
    #[error("{0} does not hold a seed: expected one line, 32 bytes in base64")]
    BadSeed(PathBuf),
    #[error("this is not a recovery code: {0}")]
    Recovery(&'static str),
    #[error("{path}: {cause}")]
    File { path: PathBuf, cause: std::io::Error },
    #[error(transparent)]
    Database(#[from] DbError),
}

impl Told for IdentityError {
    fn kind(&self) -> Kind {
        match self {
            IdentityError::Note(_)
            | IdentityError::Form(_)
            | IdentityError::Chain { .. }
            | IdentityError::AnotherNode { .. }
            | IdentityError::Address(_)
            | IdentityError::Recovery(_) => Kind::Invalid,
            IdentityError::KeysExist(_) => Kind::Conflict,
            IdentityError::NoKeys(_) => Kind::NotFound,
            IdentityError::WideOpen { .. } => Kind::Forbidden,
            IdentityError::ForeignKeys { .. }
            | IdentityError::BadSeed(_)
            | IdentityError::File { .. }
            | IdentityError::Database(_) => Kind::Broken,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            IdentityError::Note(_) | IdentityError::Form(_) => "bad-identity-note",
            IdentityError::Chain { .. } => "broken-identity-chain",
            IdentityError::AnotherNode { .. } => "another-node",
            IdentityError::ForeignKeys { .. } => "foreign-keys",
            IdentityError::Address(_) => "bad-address",
            IdentityError::WideOpen { .. } => "keys-readable-by-others",
            IdentityError::NoKeys(_) => "no-keys",
            IdentityError::KeysExist(_) => "keys-exist",
            IdentityError::BadSeed(_) => "bad-seed",
            IdentityError::Recovery(_) => "bad-recovery-code",
            IdentityError::File { .. } => "key-file",
            IdentityError::Database(_) => "database",
        }
    }
}
