//! Somebody comes with a token.

use super::error::AccessError;
use super::store;
use super::token::Token;
use crate::base::digest::Digest;
use crate::base::moment::Moment;
use crate::platform::clock::Clock;
use crate::platform::db::{Reading, Write};

const DAY_SECONDS: i64 = 24 * 3600;

/// The token whose secret has this hash. # Errors: [`AccessError::Stranger`], whether it never was one, has expired or
/// was revoked: who holds it no longer need not know which.
pub fn recognise(tx: &mut impl Reading, clock: &Clock, sha256: Digest) -> Result<Token, AccessError> {
    let known = store::find(tx, sha256)?.filter(|token| token.is_valid(clock.now()));
    known.ok_or(AccessError::Stranger)
}

/// Notes that it was used today.
pub fn note_use(tx: &mut Write<'_>, clock: &Clock, token: &Token) -> Result<(), AccessError> {
    let seconds = clock.now().micros().div_euclid(1_000_000);
    let today = Moment::from_seconds(seconds - seconds.rem_euclid(DAY_SECONDS));
    if token.used_on != Some(today) {
        store::mark_used(tx, token.number, today)?;
    }
    Ok(())
}
