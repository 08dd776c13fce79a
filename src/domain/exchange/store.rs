//! What imports of any format remember: which item came from what, and what it last looked like there.

use crate::base::id::{ItemId, RegionId};
use crate::on_both;
use crate::platform::db::schema::imported;
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use diesel::upsert::excluded;

const BATCH: usize = 500;

/// A key of an item, the page it belongs to, and the digest of what was taken over; empty if it was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    pub item: String,
    pub page: ItemId,
    pub sha256: String,
}

/// What imports from `source` into the region left behind, by key.
pub fn remembered(tx: &mut impl Reading, region: RegionId, source: &str) -> Result<Vec<Memory>, DbError> {
    let rows: Vec<(String, String, String)> = on_both!(tx, c => imported::table
        .filter(imported::region_id.eq(region.to_string()))
        .filter(imported::source.eq(source))
        .order(imported::item)
        .select((imported::item, imported::item_id, imported::sha256))
        .load(c))?;
    rows.into_iter()
        .map(|(item, page, sha256)| {
            let page = page.parse().map_err(|error| DbError::Unreadable(format!("{error}")))?;
            Ok(Memory { item, page, sha256 })
        })
        .collect()
}

/// Adds memories, or replaces those of the same keys.
pub fn remember(tx: &mut Write<'_>, region: RegionId, source: &str, all: &[Memory]) -> Result<(), DbError> {
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|memory| {
                (
                    imported::region_id.eq(region.to_string()),
                    imported::source.eq(source),
                    imported::item.eq(memory.item.as_str()),
                    imported::item_id.eq(memory.page.to_string()),
                    imported::sha256.eq(memory.sha256.as_str()),
                )
            })
            .collect();
        on_both!(tx, c => diesel::insert_into(imported::table)
            .values(&rows)
            .on_conflict((imported::region_id, imported::source, imported::item))
            .do_update()
            .set((imported::item_id.eq(excluded(imported::item_id)), imported::sha256.eq(excluded(imported::sha256))))
            .execute(c))?;
    }
    Ok(())
}
