//! Rows of what each feed holds: it is counted for every feed that names it, so that none pays for another.

use super::{ROWS, chunks, feeds};
use crate::on_both;
use crate::platform::db::schema::{body_media, held_blobs};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashSet};

/// Those of `digests` that the feed holds.
pub fn held_in(tx: &mut impl Reading, origin: &str, digests: &[String]) -> Result<HashSet<String>, DbError> {
    let held = chunks(digests, |digests| {
        on_both!(tx, c => held_blobs::table.filter(held_blobs::origin.eq(origin))
            .filter(held_blobs::sha256.eq_any(digests)).select(held_blobs::sha256).load(c))
    })?;
    Ok(held.into_iter().collect())
}

/// The feed holds these from now on, each with its size in bytes.
pub fn hold(tx: &mut Write<'_>, origin: &str, blobs: &BTreeMap<String, i64>) -> Result<(), DbError> {
    let digests: Vec<String> = blobs.keys().cloned().collect();
    let held = held_in(tx, origin, &digests)?;
    let new: Vec<_> = blobs.iter().filter(|(digest, _)| !held.contains(*digest)).collect();
    for new in new.chunks(ROWS) {
        let row = |(digest, size_bytes): &(&String, &i64)| {
            (
                held_blobs::origin.eq(origin.to_owned()),
                held_blobs::sha256.eq((*digest).clone()),
                held_blobs::size_bytes.eq(**size_bytes),
            )
        };
        let rows: Vec<_> = new.iter().map(row).collect();
        on_both!(tx, c => diesel::insert_into(held_blobs::table).values(&rows).execute(c))?;
    }
    feeds::add_held(tx, origin, new.iter().map(|(_, size_bytes)| **size_bytes).sum())
}

/// The feed does not hold these any more; what it did not hold is as good.
pub fn let_go(tx: &mut Write<'_>, origin: &str, digests: &[String]) -> Result<(), DbError> {
    let sizes: Vec<i64> = chunks(digests, |digests| {
        on_both!(tx, c => diesel::delete(held_blobs::table.filter(held_blobs::origin.eq(origin))
            .filter(held_blobs::sha256.eq_any(digests))).returning(held_blobs::size_bytes).get_results(c))
    })?;
    if sizes.is_empty() {
        return Ok(());
    }
    feeds::add_held(tx, origin, -sizes.iter().sum::<i64>())
}

/// How many bytes these are.
pub fn sum(tx: &mut impl Reading, origin: &str) -> Result<i64, DbError> {
    let sizes: Vec<i64> = on_both!(tx, c => held_blobs::table.filter(held_blobs::origin.eq(origin))
        .select(held_blobs::size_bytes).load(c))?;
    Ok(sizes.iter().sum())
}

/// Those of `media` that a body which the feed holds names.
pub fn still_named(
    tx: &mut impl Reading,
    origin: &str,
    media: &[String],
) -> Result<HashSet<String>, DbError> {
    let named = chunks(media, |media| {
        on_both!(tx, c => body_media::table
            .inner_join(held_blobs::table.on(held_blobs::sha256.eq(body_media::body)))
            .filter(held_blobs::origin.eq(origin)).filter(body_media::medium.eq_any(media))
            .select(body_media::medium).distinct().load(c))
    })?;
    Ok(named.into_iter().collect())
}
