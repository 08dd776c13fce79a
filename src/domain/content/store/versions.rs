//! What changed for readers, and when: the content has a version, and each item and region the one it last changed with.
//! One transaction writes at a time, so whoever saw a version has only larger ones before him.

use super::{BATCH, last_number, take_numbers};
use crate::base::id::{ItemId, RegionId};
use crate::on_both;
use crate::platform::db::schema::{items, regions};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use std::collections::BTreeSet;

const CONTENT: &str = "content";

/// How often content has changed so far: snapshots with an older version are stale.
pub fn content_version(tx: &mut impl Reading) -> Result<i64, DbError> {
    last_number(tx, CONTENT)
}

/// The version of what is being written.
pub fn next(tx: &mut Write<'_>) -> Result<i64, DbError> {
    take_numbers(tx, CONTENT, 1)
}

/// Says that readers may see these items otherwise now: a new version of each.
pub(super) fn touch(tx: &mut Write<'_>, all: impl Iterator<Item = ItemId>) -> Result<(), DbError> {
    let all: BTreeSet<ItemId> = all.collect();
    if all.is_empty() {
        return Ok(());
    }
    let version = next(tx)?;
    let all: Vec<String> = all.iter().map(ItemId::to_string).collect();
    for batch in all.chunks(BATCH) {
        on_both!(tx, c => diesel::update(items::table.filter(items::id.eq_any(batch)))
            .set((items::version.eq(items::version + 1), items::changed.eq(version))).execute(c))?;
    }
    Ok(())
}

/// Says that a region is another now, or that some of its items are gone.
pub fn touch_region(tx: &mut Write<'_>, region: RegionId) -> Result<(), DbError> {
    let version = next(tx)?;
    on_both!(tx, c => diesel::update(regions::table.find(region.to_string()))
        .set(regions::changed.eq(version)).execute(c))?;
    Ok(())
}
