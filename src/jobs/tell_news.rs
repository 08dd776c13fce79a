//! Tells news when their time has come.

use crate::domain::content::news::{self, Outcome};
use crate::domain::content::{ContentError, Desk};
use crate::platform::db::{Database, Read, Write};

/// Tells everything that is due; how many items became public. One that cannot be told keeps no other waiting, and is
/// tried again with the next call.
/// # Errors: the first trouble, after all were tried.
pub fn tell_due(database: &Database, desk: &Desk<'_>) -> Result<usize, ContentError> {
    let due = database.read(|tx: &mut Read<'_>| news::due(tx, desk.clock.now()))?;
    let (mut told, mut trouble) = (0, None);
    for item in due {
        match database.write(|tx: &mut Write<'_>| news::tell_waiting(tx, desk, item)) {
            Ok(Outcome::Told) => told += 1,
            Ok(Outcome::Missed) => {
                tracing::warn!(%item, "news were over, or their region archived, before this node could tell them");
            }
            Ok(Outcome::Gone) => {}
            Err(error) => trouble = trouble.or(Some(error)),
        }
    }
    trouble.map_or(Ok(told), Err)
}
