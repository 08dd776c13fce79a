//! Rows of what is shown of other nodes as a whole: which feeds, and where their regions stand here.

use super::stored;
use crate::base::id::ObjectId;
use crate::domain::content::mirrored_region::Standing;
use crate::on_both;
use crate::platform::db::schema::{foreign_regions, peer_feeds, shown_feeds};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use diesel::upsert::excluded;

/// Every feed whose regions are shown.
pub fn shown(tx: &mut impl Reading) -> Result<Vec<String>, DbError> {
    Ok(on_both!(tx, c => shown_feeds::table.order(shown_feeds::origin)
        .select(shown_feeds::origin).load(c))?)
}

pub fn is_shown(tx: &mut impl Reading, origin: &str) -> Result<bool, DbError> {
    let found: Option<String> = on_both!(tx, c => shown_feeds::table.find(origin)
        .select(shown_feeds::origin).first(c).optional())?;
    Ok(found.is_some())
}

pub fn show(tx: &mut Write<'_>, origin: &str) -> Result<(), DbError> {
    on_both!(tx, c => diesel::insert_into(shown_feeds::table).values(shown_feeds::origin.eq(origin))
        .on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub fn hide(tx: &mut Write<'_>, origin: &str) -> Result<(), DbError> {
    on_both!(tx, c => diesel::delete(shown_feeds::table.find(origin)).execute(c))?;
    Ok(())
}

/// Where the regions of a feed stand here, or stood once.
pub fn standings(tx: &mut impl Reading, origin: &str) -> Result<Vec<(ObjectId, Standing)>, DbError> {
    let rows: Vec<(String, String, i64, String)> = on_both!(tx, c => foreign_regions::table
        .filter(foreign_regions::origin.eq(origin))
        .select((foreign_regions::object, foreign_regions::region_id, foreign_regions::number,
            foreign_regions::slug))
        .load(c))?;
    rows.into_iter()
        .map(|(object, id, number, slug)| Ok((stored(&object)?, Standing { id: stored(&id)?, number, slug })))
        .collect()
}

/// Every address that a region of any feed has or had here.
pub fn slugs(tx: &mut impl Reading) -> Result<Vec<String>, DbError> {
    Ok(on_both!(tx, c => foreign_regions::table.select(foreign_regions::slug).load(c))?)
}

pub fn keep(tx: &mut Write<'_>, origin: &str, object: ObjectId, standing: &Standing) -> Result<(), DbError> {
    let Standing { id, number, slug } = standing;
    on_both!(tx, c => diesel::insert_into(foreign_regions::table)
        .values((foreign_regions::origin.eq(origin), foreign_regions::object.eq(object.to_string()),
            foreign_regions::region_id.eq(id.to_string()), foreign_regions::number.eq(number),
            foreign_regions::slug.eq(slug)))
        .on_conflict((foreign_regions::origin, foreign_regions::object))
        .do_update()
        .set(foreign_regions::slug.eq(excluded(foreign_regions::slug)))
        .execute(c))?;
    Ok(())
}

/// What is wanted of a feed, as its followers wrote it down.
pub fn filter(tx: &mut impl Reading, origin: &str) -> Result<Option<String>, DbError> {
    Ok(on_both!(tx, c => peer_feeds::table.find(origin).select(peer_feeds::filter).first(c).optional())?)
}
