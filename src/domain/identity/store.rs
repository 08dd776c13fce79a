//! The node's own identity notes in the database. Those of others lie with `peers`.

use super::chain::Chain;
use super::error::IdentityError;
use crate::on_both;
use crate::platform::db::schema::identity_notes;
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;

/// This node's chain, checked; none before `lotse init`.
///
/// # Errors
/// [`IdentityError`] if the database cannot be read, or what it holds is no lawful chain.
pub fn own_chain(tx: &mut impl Reading) -> Result<Option<Chain>, IdentityError> {
    let notes: Vec<String> = on_both!(tx, c => identity_notes::table
        .order(identity_notes::seq)
        .select(identity_notes::note)
        .load(c))
    .map_err(DbError::from)?;
    if notes.is_empty() { Ok(None) } else { Chain::verify(notes.concat().as_bytes()).map(Some) }
}

/// Stores a note at its number.
pub(super) fn add_note(tx: &mut Write<'_>, seq: u64, note: &str) -> Result<(), IdentityError> {
    let seq = i64::try_from(seq).map_err(|_| IdentityError::Note("the number is too large"))?;
    on_both!(tx, c => diesel::insert_into(identity_notes::table)
        .values((identity_notes::seq.eq(seq), identity_notes::note.eq(note)))
        .execute(c))
    .map_err(DbError::from)?;
    Ok(())
}
