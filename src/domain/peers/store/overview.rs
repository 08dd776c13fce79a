//! Counts that a person wants to see of a followed feed.

use crate::on_both;
use crate::platform::db::schema::{blob_wants, peer_entries, remote_heads, remote_objects};
use crate::platform::db::{DbError, Reading};
use diesel::dsl::count_star;
use diesel::prelude::*;

/// Entries that were stored and not used, by reason, the most frequent first.
pub fn refused_entries(tx: &mut impl Reading, origin: &str) -> Result<Vec<(String, i64)>, DbError> {
    let mut counted: Vec<(Option<String>, i64)> = on_both!(tx, c => peer_entries::table
        .filter(peer_entries::origin.eq(origin)).filter(peer_entries::bad_reason.is_not_null())
        .group_by(peer_entries::bad_reason).select((peer_entries::bad_reason, count_star())).load(c))?;
    counted.sort_by_key(|(_, count)| -count);
    Ok(counted.into_iter().filter_map(|(reason, count)| Some((reason?, count))).collect())
}

/// Entries by operation.
pub fn operations(tx: &mut impl Reading, origin: &str) -> Result<Vec<(String, i64)>, DbError> {
    Ok(on_both!(tx, c => peer_entries::table.filter(peer_entries::origin.eq(origin))
        .group_by(peer_entries::op).order(peer_entries::op)
        .select((peer_entries::op, count_star())).load(c))?)
}

/// Objects by kind and state.
pub fn objects(tx: &mut impl Reading, origin: &str) -> Result<Vec<(String, String, i64)>, DbError> {
    Ok(on_both!(tx, c => remote_objects::table.filter(remote_objects::origin.eq(origin))
        .group_by((remote_objects::kind, remote_objects::state))
        .order((remote_objects::kind, remote_objects::state))
        .select((remote_objects::kind, remote_objects::state, count_star())).load(c))?)
}

/// Texts by language and state.
pub fn heads(tx: &mut impl Reading, origin: &str) -> Result<Vec<(String, String, i64)>, DbError> {
    Ok(on_both!(tx, c => remote_heads::table.filter(remote_heads::origin.eq(origin))
        .group_by((remote_heads::language, remote_heads::state))
        .order((remote_heads::language, remote_heads::state))
        .select((remote_heads::language, remote_heads::state, count_star())).load(c))?)
}

/// How many bodies and media are still to be fetched, and the last trouble with one of them.
pub fn wants(tx: &mut impl Reading, origin: &str) -> Result<(i64, Option<String>), DbError> {
    let count = on_both!(tx, c => blob_wants::table.filter(blob_wants::origin.eq(origin))
        .count().get_result(c))?;
    let trouble: Option<Option<String>> = on_both!(tx, c => blob_wants::table
        .filter(blob_wants::origin.eq(origin)).filter(blob_wants::last_error.is_not_null())
        .order(blob_wants::next_at.desc()).select(blob_wants::last_error).first(c).optional())?;
    Ok((count, trouble.flatten()))
}

/// Regions a feed holds, as (object, body digest) of their shown profiles.
pub fn profiles(tx: &mut impl Reading, origin: &str) -> Result<Vec<(String, String, String)>, DbError> {
    let rows: Vec<(String, String, Option<String>)> = on_both!(tx, c => remote_objects::table
        .inner_join(remote_heads::table.on(remote_heads::origin.eq(remote_objects::origin)
            .and(remote_heads::object.eq(remote_objects::object))))
        .filter(remote_objects::origin.eq(origin)).filter(remote_objects::kind.eq("profile"))
        .filter(remote_objects::state.eq("live")).filter(remote_heads::ready_body.is_not_null())
        .order((remote_objects::object, remote_heads::language))
        .select((remote_objects::object, remote_heads::language, remote_heads::ready_body)).load(c))?;
    Ok(rows.into_iter().filter_map(|(object, language, body)| Some((object, language, body?))).collect())
}
