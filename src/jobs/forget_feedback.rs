//! Deletes what readers said when it is older than its region keeps it.

use crate::domain::upkeep::{UpkeepError, inbox};
use crate::platform::clock::Clock;
use crate::platform::db::{Database, Write};

/// # Errors: the database cannot be written; the next call makes up for it.
pub fn forget_old(database: &Database, clock: &Clock) -> Result<(), UpkeepError> {
    let forgotten = database.write(|tx: &mut Write<'_>| inbox::forget_old(tx, clock))?;
    if forgotten > 0 {
        tracing::info!(forgotten, "feedback was older than its region keeps it");
    }
    Ok(())
}
