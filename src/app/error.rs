//! What can go wrong when the parts are put together; each room's error keeps its own words.

use crate::base::error::{Kind, Told};
use crate::config::ConfigError;
use crate::domain::access::AccessError;
use crate::domain::adoption::AdoptionError;
use crate::domain::content::ContentError;
use crate::domain::content::media::MediaError;
use crate::domain::exchange::ical::CalendarError;
use crate::domain::exchange::integreat::ImportError;
use crate::domain::feed::error::FeedError;
use crate::domain::identity::error::IdentityError;
use crate::domain::peers::error::PeerError;
use crate::domain::upkeep::UpkeepError;
use crate::platform::blobs::BlobError;
use crate::platform::db::DbError;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("{}: {cause}", path.display())]
    File { path: PathBuf, cause: std::io::Error },
    #[error("{} already holds a node; nothing was changed", path.display())]
    AlreadyInitialised { path: PathBuf },
    #[error("there is no node in {}: run `lotse init {}` first, or name its file with --config", path.display(), path.display())]
    NotInitialised { path: PathBuf },
    #[error(
        "there is no configuration file {}: look at --config and LOTSE_CONFIG. Without them {} of the folder you are \
         in is read, if it is there", path.display(), super::settings::FILE_NAME
    )]
    NoSettings { path: PathBuf },
    #[error(
        "the node in {} has lost its {}, and nobody says who it is: bring the file back, set LOTSE__NODE__NAME and \
         LOTSE__SITE__URL, or name another file with --config", folder.display(), super::settings::FILE_NAME
    )]
    Nameless { folder: PathBuf },
    #[error(
        "the keys in {} come from a recovery sheet, but the database holds no feed of theirs. This node has signed \
         before; a second beginning would look like fraud to everybody who follows. Bring back the newest backup of \
         the database, or begin a new node with `lotse init` in another folder", path.display()
    )]
    RestoredAlone { path: PathBuf },
    #[error("cannot listen on {address}: {cause}; set another with --set site.listen=127.0.0.1:8081")]
    Listen { address: String, cause: std::io::Error },
    #[error("{asked}: {expected}")]
    Asked { asked: String, expected: String },
    #[error(transparent)]
    Adoption(#[from] AdoptionError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Feed(#[from] FeedError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error(transparent)]
    Peer(#[from] PeerError),
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    Upkeep(#[from] UpkeepError),
}

impl AppError {
    /// For `map_err` on work with files.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> AppError {
        let path = path.into();
        move |cause| AppError::File { path, cause }
    }

    fn told(&self) -> Option<&dyn Told> {
        match self {
            AppError::Adoption(error) => Some(error),
            AppError::Blob(error) => Some(error),
            AppError::Calendar(error) => Some(error),
            AppError::Config(error) => Some(error),
            AppError::Content(error) => Some(error),
            AppError::Access(error) => Some(error),
            AppError::Import(error) => Some(error),
            AppError::Feed(error) => Some(error),
            AppError::Identity(error) => Some(error),
            AppError::Media(error) => Some(error),
            AppError::Peer(error) => Some(error),
            AppError::Upkeep(error) => Some(error),
            _ => None,
        }
    }
}

impl Told for AppError {
    fn kind(&self) -> Kind {
        match self {
            AppError::File { .. } => Kind::Broken,
            AppError::AlreadyInitialised { .. } => Kind::Conflict,
            AppError::NotInitialised { .. } => Kind::NotFound,
            AppError::NoSettings { .. } | AppError::Nameless { .. } => Kind::NotFound,
            AppError::RestoredAlone { .. } => Kind::Conflict,
            AppError::Listen { .. } => Kind::Busy,
            AppError::Asked { .. } => Kind::Invalid,
            AppError::Db(error) => error.kind(),
            _ => self.told().map_or(Kind::Broken, Told::kind),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            AppError::File { .. } => "file",
            AppError::AlreadyInitialised { .. } => "already-initialised",
            AppError::NotInitialised { .. } => "not-initialised",
            AppError::NoSettings { .. } => "no-settings",
            AppError::Nameless { .. } => "nameless-node",
            AppError::RestoredAlone { .. } => "restored-without-database",
            AppError::Listen { .. } => "listen",
            AppError::Asked { .. } => "asked",
            AppError::Db(error @ DbError::Outdated { .. }) => error.code(),
            AppError::Db(_) => "database",
            _ => self.told().map_or("broken", Told::code),
        }
    }
}
