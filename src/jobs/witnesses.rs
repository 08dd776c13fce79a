//! What is asked of witnesses by the clock: their cosignatures under our log, and what they saw of the logs that we follow.

use crate::domain::feed::sequence::Sequencer;
use crate::domain::peers::error::PeerError;
use crate::domain::peers::{Peers, compare, cosigners};

/// Has our log cosigned whenever it is longer, and now and then when it is not.
/// # Errors: the database or the feed's files cannot be read; the next call makes up for it.
pub async fn ask_due(peers: &Peers, log: &Sequencer) -> Result<(), PeerError> {
    let cosigned = cosigners::ask_due(peers, log).await?;
    if cosigned > 0 {
        tracing::info!(cosigned, "witnesses cosigned the newest checkpoint");
    }
    Ok(())
}

/// Compares followed feeds, once a day each. # Errors: the database cannot be read; the next call makes up for it.
pub async fn compare_due(peers: &Peers) -> Result<(), PeerError> {
    compare::compare_due(peers).await
}
