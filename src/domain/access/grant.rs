//! The operator gives tokens out and takes them back.

use super::error::AccessError;
use super::store;
use super::token::{Scope, Secret, Token};
use crate::base::id::{ItemId, RegionId};
use crate::base::moment::Moment;
use crate::domain::content::item;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::store::take_numbers;
use crate::platform::clock::Clock;
use crate::platform::db::{Reading, Write};
use std::collections::BTreeSet;

/// What a new token is to be.
pub struct Grant {
    pub name: String,
    pub scopes: BTreeSet<Scope>,
    /// `None`: every region, or that of the page.
    pub region: Option<RegionId>,
    /// Goes with [`Scope::PageText`] and with nothing else.
    pub page: Option<ItemId>,
    pub expires_at: Option<Moment>,
}

const LONGEST_NAME: usize = 100;

/// Makes a token. Its secret is told here and never again.
/// # Errors: a name that is none, a time that is over, a page together with other things than its text, one that is no
/// page of ours.
pub fn grant(tx: &mut Write<'_>, clock: &Clock, wanted: Grant) -> Result<(Token, Secret), AccessError> {
    let Grant { name, scopes, region, page, expires_at } = wanted;
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(AccessError::Name);
    }
    if expires_at.is_some_and(|end| end <= clock.now()) {
        return Err(AccessError::Expiry);
    }
    let is_of_page = scopes.contains(&Scope::PageText);
    if is_of_page != page.is_some() || (is_of_page && (scopes.len() > 1 || region.is_some())) {
        return Err(AccessError::Page);
    }
    let region = match page {
        Some(page) => Some(region_of(tx, page)?),
        None => region,
    };
    let (number, created_at) = (take_numbers(tx, "tokens", 1)?, clock.now());
    let token =
        Token { number, name, scopes, region, page, created_at, expires_at, revoked_at: None, used_on: None };
    let secret = Secret::fresh();
    store::insert(tx, secret.digest(), &token)?;
    Ok((token, secret))
}

fn region_of(tx: &mut Write<'_>, page: ItemId) -> Result<RegionId, AccessError> {
    match item::editable(tx, page)? {
        item if item.kind == ObjectKind::Page => Ok(item.region),
        item => Err(AccessError::NoPage { item: item.id, kind: item.kind.as_str() }),
    }
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
