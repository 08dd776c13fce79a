//! The operator gives tokens out and takes them back.

use super::error::AccessError;
use super::store;
use super::token::{Scope, Secret, Token};
use crate::base::id::RegionId;
use crate::base::moment::Moment;
use crate::domain::content::store::take_numbers;
use crate::platform::clock::Clock;
use crate::platform::db::{Reading, Write};
use std::collections::BTreeSet;

/// What a new token is to be.
pub struct Grant {
    pub name: String,
    pub scopes: BTreeSet<Scope>,
    /// `None`: every region.
    pub region: Option<RegionId>,
    pub expires_at: Option<Moment>,
}

const LONGEST_NAME: usize = 100;

/// Makes a token. Its secret is told here and never again.
/// # Errors: a name that is none, a time that is over.
pub fn grant(tx: &mut Write<'_>, clock: &Clock, wanted: Grant) -> Result<(Token, Secret), AccessError> {
    let Grant { name, scopes, region, expires_at } = wanted;
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(AccessError::Name);
    }
    if expires_at.is_some_and(|end| end <= clock.now()) {
        return Err(AccessError::Expiry);
    }
    let (number, created_at) = (take_numbers(tx, "tokens", 1)?, clock.now());
    let token =
        Token { number, name, scopes, region, created_at, expires_at, revoked_at: None, used_on: None };
    let secret = Secret::fresh();
    store::insert(tx, secret.digest(), &token)?;
    Ok((token, secret))
}

/// Every token that was ever given out, by number.
pub fn list(tx: &mut impl Reading) -> Result<Vec<Token>, AccessError> {
    Ok(store::all(tx)?)
}

/// Takes a token back: from now on it is of no use. # Errors: [`AccessError::UnknownToken`].
pub fn revoke(tx: &mut Write<'_>, clock: &Clock, number: i64) -> Result<(), AccessError> {
    match store::revoke(tx, number, clock.now())? {
        0 => Err(AccessError::UnknownToken { number }),
        _ => Ok(()),
    }
}
