//! All SQL of this room. Reads take any transaction, changes only a [`Write`].

pub mod bodies;
pub mod items;
pub mod labels;
pub mod media;
pub mod news;
pub mod regions;
pub mod revisions;
pub mod versions;

use super::change::Change;
use crate::on_both;
use crate::platform::db::schema::{counters, facts, outbox};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use diesel::upsert::excluded;

/// Rows per statement: SQLite takes 32,766 bound values in one.
pub(super) const BATCH: usize = 500;

/// Takes `count` fresh numbers and returns the first.
pub fn take_numbers(tx: &mut Write<'_>, counter: &str, count: usize) -> Result<i64, DbError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let last: i64 = on_both!(tx, c => diesel::insert_into(counters::table)
        .values((counters::name.eq(counter), counters::value.eq(count)))
        .on_conflict(counters::name)
        .do_update()
        .set(counters::value.eq(counters::value + excluded(counters::value)))
        .returning(counters::value)
        .get_result(c))?;
    Ok(last - count + 1)
}

/// The last number taken; 0 if none was.
pub fn last_number(tx: &mut impl Reading, counter: &str) -> Result<i64, DbError> {
    let last: Option<i64> = on_both!(tx, c => counters::table
        .find(counter).select(counters::value).first(c).optional())?;
    Ok(last.unwrap_or(0))
}

pub fn fact(tx: &mut impl Reading, name: &str) -> Result<Option<String>, DbError> {
    Ok(on_both!(tx, c => facts::table.find(name).select(facts::value).first(c).optional())?)
}

pub fn set_fact(tx: &mut Write<'_>, name: &str, value: &str) -> Result<(), DbError> {
    on_both!(tx, c => diesel::insert_into(facts::table)
        .values((facts::name.eq(name), facts::value.eq(value)))
        .on_conflict(facts::name)
        .do_update()
        .set(facts::value.eq(excluded(facts::value)))
        .execute(c))?;
    Ok(())
}

/// Puts changes into the log's waiting room, in order.
pub fn record(tx: &mut Write<'_>, changes: &[Change]) -> Result<(), DbError> {
    if changes.is_empty() {
        return Ok(());
    }
    let first = take_numbers(tx, "outbox", changes.len())?;
    let mut rows = Vec::with_capacity(changes.len());
    for (number, change) in (first..).zip(changes) {
        let change = serde_json::to_string(change).map_err(|error| DbError::Unreadable(error.to_string()))?;
        rows.push((outbox::number.eq(number), outbox::change.eq(change)));
    }
    for batch in rows.chunks(BATCH) {
        on_both!(tx, c => diesel::insert_into(outbox::table).values(batch).execute(c))?;
    }
    Ok(())
}

/// A stored text that should be an id, a tag or a digest, made by us; anything else is damage.
pub(super) fn read_back<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, DbError> {
    text.parse().map_err(|error: T::Err| DbError::Unreadable(error.to_string()))
}
