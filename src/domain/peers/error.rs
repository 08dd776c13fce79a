//! What can go wrong between us and another node, told to the person who must act.

use crate::base::error::{Kind, Told};
use crate::base::id::NodeId;
use crate::domain::identity::error::IdentityError;
use crate::platform::blobs::BlobError;
use crate::platform::db::DbError;
use crate::platform::fetch::FetchError;

#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error("{address} is not there; a feed of civic-feed/1 is expected at that place")]
    Absent { address: String },
    #[error("{place} offers no feed: {why}")]
    NoFeed { place: String, why: String },
    #[error("{place} offers feeds of several nodes; name the one you mean: {}", told(nodes))]
    SeveralNodes { place: String, nodes: Vec<NodeId> },
    #[error("{place} is not the node you expect: expected {expected}, found {}", told(found))]
    OtherNode { place: String, expected: NodeId, found: Vec<NodeId> },
    #[error("the identity of the node at {place} does not hold: {source}")]
    Identity { place: String, source: IdentityError },
    #[error(
        "{0} published two different identity notes with one number; it is frozen until you decide, see `lotse peers show`"
    )]
    IdentityFork(NodeId),
    #[error("{node} has been {state}: {why}")]
    Halted { node: String, state: String, why: String },
    #[error("the checkpoint of {origin} is refused: {why}")]
    Checkpoint { origin: String, why: String },
    #[error(
        "{origin} shows an older state: {shown} entries, {known} were seen before; the newer state is kept and the feed asked again"
    )]
    Older { origin: String, shown: u64, known: u64 },
    #[error(
        "what {origin} delivered does not fit its signed checkpoint: {why}; nothing of it was used, it will be asked again"
    )]
    Corrupt { origin: String, why: String },
    #[error("following {origin} is paused: {why}; the last good state is kept, see `lotse peers show`")]
    Quarantined { origin: String, why: String },
    #[error("{origin} waits for your word: {why}; `lotse peers resume` takes them over")]
    Held { origin: String, why: String },
    #[error(
        "the log of {origin} alone would fill the {quota_bytes} bytes that are held of one feed; nothing more of it is taken over, unless you raise federation.blob_quota_bytes"
    )]
    OverQuota { origin: String, quota_bytes: i64 },
    #[error("{0} is being synchronised by another process; try again in a few minutes")]
    Leased(String),
    #[error("no followed node or feed is called {0:?}; `lotse peers list` names them")]
    Unknown(String),
    #[error("{0:?} fits several followed nodes; write more of its id")]
    Ambiguous(String),
    #[error("{0} is this node itself; a node does not follow itself")]
    Itself(String),
    #[error("a filter is not understood: {0}")]
    Filter(String),
}

fn told(nodes: &[NodeId]) -> String {
    nodes.iter().map(NodeId::as_str).collect::<Vec<_>>().join(", ")
}

impl Told for PeerError {
    fn kind(&self) -> Kind {
        match self {
            PeerError::Fetch(error) => error.kind(),
            PeerError::Blob(error) => error.kind(),
            PeerError::Database(_) => Kind::Broken,
            PeerError::Absent { .. } | PeerError::NoFeed { .. } | PeerError::Unknown(_) => Kind::NotFound,
            PeerError::SeveralNodes { .. } | PeerError::Ambiguous(_) => Kind::Invalid,
            PeerError::Filter(_) | PeerError::Itself(_) => Kind::Invalid,
            PeerError::Identity { .. } | PeerError::Checkpoint { .. } => Kind::Invalid,
            PeerError::OtherNode { .. } | PeerError::IdentityFork(_) => Kind::Conflict,
            PeerError::Halted { .. } | PeerError::Quarantined { .. } => Kind::Conflict,
            PeerError::Held { .. } | PeerError::OverQuota { .. } => Kind::Conflict,
            PeerError::Older { .. } | PeerError::Corrupt { .. } | PeerError::Leased(_) => Kind::Busy,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            PeerError::Fetch(error) => error.code(),
            PeerError::Blob(error) => error.code(),
            PeerError::Database(_) => "database",
            PeerError::Absent { .. } => "peer-file-absent",
            PeerError::NoFeed { .. } => "no-feed",
            PeerError::SeveralNodes { .. } => "several-nodes",
            PeerError::OtherNode { .. } => "other-node",
            PeerError::Identity { .. } => "peer-identity",
            PeerError::IdentityFork(_) => "peer-identity-fork",
            PeerError::Halted { .. } => "peer-halted",
            PeerError::Checkpoint { .. } => "peer-checkpoint",
            PeerError::Older { .. } => "peer-older",
            PeerError::Corrupt { .. } => "peer-corrupt",
            PeerError::Quarantined { .. } => "peer-quarantined",
            PeerError::Held { .. } => "peer-held",
            PeerError::OverQuota { .. } => "peer-over-quota",
            PeerError::Leased(_) => "peer-leased",
            PeerError::Unknown(_) => "unknown-peer",
            PeerError::Ambiguous(_) => "ambiguous-peer",
            PeerError::Filter(_) => "peer-filter",
            PeerError::Itself(_) => "follow-itself",
        }
    }
}
