//! Asks the witnesses of our log for their cosignatures whenever it is longer, and now and then when it is not.

use crate::domain::feed::sequence::Sequencer;
use crate::domain::peers::error::PeerError;
use crate::domain::peers::{Peers, cosigners};

/// # Errors: the database or the feed's files cannot be read; the next call makes up for it.
pub async fn ask_due(peers: &Peers, log: &Sequencer) -> Result<(), PeerError> {
    let cosigned = cosigners::ask_due(peers, log).await?;
    if cosigned > 0 {
        tracing::info!(cosigned, "witnesses cosigned the newest checkpoint");
    }
    Ok(())
}
