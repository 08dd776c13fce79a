//! News that wait for their time.

use super::read_back;
use crate::base::id::ItemId;
use crate::base::moment::Moment;
use crate::domain::content::news::{Draft, Waiting};
use crate::on_both;
use crate::platform::db::schema::waiting_news;
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;

type Row = (String, String, i64, String);

fn read(row: Row) -> Result<Waiting, DbError> {
    let (item, region, at, draft) = row;
    let draft: Draft =
        serde_json::from_str(&draft).map_err(|error| DbError::Unreadable(error.to_string()))?;
    Ok(Waiting { item: read_back(&item)?, region: read_back(&region)?, at: Moment::from_micros(at), draft })
}

pub fn insert(tx: &mut Write<'_>, waiting: &Waiting) -> Result<(), DbError> {
    let Waiting { item, region, at, draft } = waiting;
    let draft = serde_json::to_string(draft).map_err(|error| DbError::Unreadable(error.to_string()))?;
    on_both!(tx, c => diesel::insert_into(waiting_news::table)
        .values((
            waiting_news::item_id.eq(item.to_string()),
            waiting_news::region_id.eq(region.to_string()),
            waiting_news::due_at.eq(at.micros()),
            waiting_news::news.eq(&draft),
        ))
        .execute(c))?;
    Ok(())
}

/// All that waits, what is due first coming first.
pub fn all(tx: &mut impl Reading) -> Result<Vec<Waiting>, DbError> {
    let rows: Vec<Row> = on_both!(tx, c => waiting_news::table
        .order((waiting_news::due_at, waiting_news::item_id)).load(c))?;
    rows.into_iter().map(read).collect()
}

/// What is due by now.
pub fn due(tx: &mut impl Reading, now: Moment) -> Result<Vec<ItemId>, DbError> {
    let ids: Vec<String> = on_both!(tx, c => waiting_news::table
        .filter(waiting_news::due_at.le(now.micros()))
        .order((waiting_news::due_at, waiting_news::item_id))
        .select(waiting_news::item_id)
        .load(c))?;
    ids.iter().map(|id| read_back(id)).collect()
}

pub fn find(tx: &mut impl Reading, item: ItemId) -> Result<Option<Waiting>, DbError> {
    let row: Option<Row> = on_both!(tx, c => waiting_news::table.find(item.to_string()).first(c).optional())?;
    row.map(read).transpose()
}

pub fn delete(tx: &mut Write<'_>, item: ItemId) -> Result<(), DbError> {
    on_both!(tx, c => diesel::delete(waiting_news::table.find(item.to_string())).execute(c))?;
    Ok(())
}
