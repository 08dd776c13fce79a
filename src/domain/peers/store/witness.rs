//! Rows of what this node cosigned of other logs, and of the witnesses that it asks to cosign its own.

use crate::on_both;
use crate::platform::db::schema::{witness_state, witnesses};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;

/// What we cosigned last of a log.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = witness_state)]
pub struct CosignedRow {
    pub origin: String,
    pub sha256: String,
    pub size: i64,
    pub root: String,
    pub note: String,
    pub cosigned_at: i64,
}

/// A witness of our own log.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = witnesses, treat_none_as_default_value = false)]
pub struct WitnessRow {
    pub name: String,
    pub vkey: String,
    pub site_url: String,
    pub submit_url: String,
    pub added_at: i64,
    pub known_size: i64,
    pub cosigned_size: Option<i64>,
    pub cosigned_at: Option<i64>,
    pub next_ask_at: i64,
    pub fail_count: i64,
    pub last_error: Option<String>,
}

pub fn cosigned(tx: &mut impl Reading, origin: &str) -> Result<Option<CosignedRow>, DbError> {
    Ok(on_both!(tx, c => witness_state::table.find(origin)
        .select(CosignedRow::as_select()).first(c).optional())?)
}

/// What we cosigned last of the log whose origin has this SHA-256, in hex.
pub fn cosigned_by_digest(tx: &mut impl Reading, sha256: &str) -> Result<Option<CosignedRow>, DbError> {
    Ok(on_both!(tx, c => witness_state::table.filter(witness_state::sha256.eq(sha256))
        .select(CosignedRow::as_select()).first(c).optional())?)
}

/// Moves on from the size that was cosigned before, or begins if there is none; false if it is another size by now.
pub fn cosign(tx: &mut Write<'_>, before: Option<i64>, row: &CosignedRow) -> Result<bool, DbError> {
    let moved = match before {
        Some(before) => on_both!(tx, c => diesel::update(witness_state::table.find(&row.origin))
            .filter(witness_state::size.eq(before)).set(row).execute(c))?,
        None => on_both!(tx, c => diesel::insert_into(witness_state::table).values(row)
            .on_conflict_do_nothing().execute(c))?,
    };
    Ok(moved == 1)
}

/// Every witness of our own log, the longest chosen first.
pub fn all(tx: &mut impl Reading) -> Result<Vec<WitnessRow>, DbError> {
    Ok(on_both!(tx, c => witnesses::table.order((witnesses::added_at, witnesses::name))
        .select(WitnessRow::as_select()).load(c))?)
}

/// Adds a witness; one that is there already keeps what is known of it, and gets the new key and addresses.
pub fn add(tx: &mut Write<'_>, row: &WitnessRow) -> Result<(), DbError> {
    on_both!(tx, c => diesel::insert_into(witnesses::table).values(row)
        .on_conflict(witnesses::name).do_update()
        .set((witnesses::vkey.eq(&row.vkey), witnesses::site_url.eq(&row.site_url),
            witnesses::submit_url.eq(&row.submit_url), witnesses::next_ask_at.eq(row.next_ask_at),
            witnesses::fail_count.eq(0), witnesses::last_error.eq(None::<String>))).execute(c))?;
    Ok(())
}

pub fn remove(tx: &mut Write<'_>, name: &str) -> Result<(), DbError> {
    on_both!(tx, c => diesel::delete(witnesses::table.find(name)).execute(c))?;
    Ok(())
}

/// Takes the task to ask a witness, until then; false if another process has it.
pub fn take(tx: &mut Write<'_>, witness: &WitnessRow, until: i64) -> Result<bool, DbError> {
    let taken = on_both!(tx, c => diesel::update(witnesses::table.find(&witness.name))
        .filter(witnesses::next_ask_at.eq(witness.next_ask_at))
        .set(witnesses::next_ask_at.eq(until)).execute(c))?;
    Ok(taken == 1)
}

/// It cosigned this size at that time.
pub fn went_well(tx: &mut Write<'_>, name: &str, size: i64, at: i64) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(witnesses::table.find(name))
        .set((witnesses::known_size.eq(size), witnesses::cosigned_size.eq(size), witnesses::cosigned_at.eq(at),
            witnesses::next_ask_at.eq(0), witnesses::fail_count.eq(0),
            witnesses::last_error.eq(None::<String>))).execute(c))?;
    Ok(())
}

/// It did not cosign, and may be asked again from then on; `known_size` is what it holds.
pub fn went_wrong(
    tx: &mut Write<'_>,
    name: &str,
    (known_size, next): (i64, i64),
    why: &str,
) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(witnesses::table.find(name))
        .set((witnesses::known_size.eq(known_size), witnesses::next_ask_at.eq(next),
            witnesses::fail_count.eq(witnesses::fail_count + 1), witnesses::last_error.eq(why))).execute(c))?;
    Ok(())
}
