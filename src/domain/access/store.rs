//! All SQL of this room.

use super::token::{Scope, Token};
use crate::base::digest::Digest;
use crate::base::moment::Moment;
use crate::on_both;
use crate::platform::db::schema::tokens;
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use std::fmt::Display;

type Row =
    (String, i64, String, String, Option<String>, i64, Option<i64>, Option<i64>, Option<i64>, Option<String>);

fn token(row: Row) -> Result<Token, DbError> {
    let (_, number, name, scopes, region, created_at, expires_at, revoked_at, used_on, page) = row;
    Ok(Token {
        number,
        name,
        scopes: scopes.split_whitespace().map(str::parse).collect::<Result<_, _>>().map_err(unreadable)?,
        region: region.as_deref().map(str::parse).transpose().map_err(unreadable)?,
        page: page.as_deref().map(str::parse).transpose().map_err(unreadable)?,
        created_at: Moment::from_micros(created_at),
        expires_at: expires_at.map(Moment::from_micros),
        revoked_at: revoked_at.map(Moment::from_micros),
        used_on: used_on.map(Moment::from_micros),
    })
}

fn unreadable(why: impl Display) -> DbError {
    DbError::Unreadable(why.to_string())
}

pub fn insert(tx: &mut Write<'_>, sha256: Digest, new: &Token) -> Result<(), DbError> {
    let Token { number, name, scopes, region, page, created_at, expires_at, revoked_at, used_on } = new;
    let scopes: Vec<&str> = scopes.iter().copied().map(Scope::as_str).collect();
    on_both!(tx, c => diesel::insert_into(tokens::table)
        .values((
            tokens::sha256.eq(sha256.to_string()),
            tokens::number.eq(number),
            tokens::name.eq(name),
            tokens::scopes.eq(scopes.join(" ")),
            tokens::region_id.eq(region.map(|region| region.to_string())),
            tokens::created_at.eq(created_at.micros()),
            tokens::expires_at.eq(expires_at.map(Moment::micros)),
            tokens::revoked_at.eq(revoked_at.map(Moment::micros)),
            tokens::used_on.eq(used_on.map(Moment::micros)),
            tokens::item_id.eq(page.map(|page| page.to_string())),
        ))
        .execute(c))?;
    Ok(())
}

pub fn all(tx: &mut impl Reading) -> Result<Vec<Token>, DbError> {
    let rows: Vec<Row> = on_both!(tx, c => tokens::table.order(tokens::number).load(c))?;
    rows.into_iter().map(token).collect()
}

pub fn find(tx: &mut impl Reading, sha256: Digest) -> Result<Option<Token>, DbError> {
    let row: Option<Row> = on_both!(tx, c => tokens::table.find(sha256.to_string()).first(c).optional())?;
    row.map(token).transpose()
}

/// How many were there to revoke: one or none. One that was revoked before keeps its time.
pub fn revoke(tx: &mut Write<'_>, number: i64, at: Moment) -> Result<usize, DbError> {
    let known: i64 =
        on_both!(tx, c => tokens::table.filter(tokens::number.eq(number)).count().get_result(c))?;
    on_both!(tx, c => diesel::update(tokens::table
            .filter(tokens::number.eq(number)).filter(tokens::revoked_at.is_null()))
        .set(tokens::revoked_at.eq(at.micros())).execute(c))?;
    Ok(usize::try_from(known).unwrap_or(0))
}

pub fn mark_used(tx: &mut Write<'_>, number: i64, day: Moment) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(tokens::table.filter(tokens::number.eq(number)))
        .set(tokens::used_on.eq(day.micros())).execute(c))?;
    Ok(())
}
