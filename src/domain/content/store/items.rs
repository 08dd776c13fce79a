//! Pages, their place in the tree, and every slug they ever had.

use super::{BATCH, read_back};
use crate::base::id::{ItemId, RegionId};
use crate::domain::content::item::{Item, Stewardship};
use crate::on_both;
use crate::platform::db::schema::{items, slugs};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use diesel::upsert::excluded;

type PageRow = (String, i64, String, Option<String>, String, bool, String, Option<String>);

fn page(row: PageRow) -> Result<Item, DbError> {
    let (id, number, region, parent, ord, archived, stewardship, icon) = row;
    Ok(Item {
        id: read_back(&id)?,
        number,
        region: read_back(&region)?,
        parent: parent.as_deref().map(read_back).transpose()?,
        ord,
        archived,
        stewardship: Stewardship::parse(&stewardship)
            .ok_or_else(|| DbError::Unreadable(format!("stewardship {stewardship:?}")))?,
        icon,
    })
}

pub fn all(tx: &mut impl Reading) -> Result<Vec<Item>, DbError> {
    let rows: Vec<PageRow> = on_both!(tx, c => items::table.load(c))?;
    rows.into_iter().map(page).collect()
}

pub fn of_region(tx: &mut impl Reading, region: RegionId) -> Result<Vec<Item>, DbError> {
    let rows: Vec<PageRow> =
        on_both!(tx, c => items::table.filter(items::region_id.eq(region.to_string())).load(c))?;
    rows.into_iter().map(page).collect()
}

pub fn find(tx: &mut impl Reading, id: ItemId) -> Result<Option<Item>, DbError> {
    let row: Option<PageRow> = on_both!(tx, c => items::table.find(id.to_string()).first(c).optional())?;
    row.map(page).transpose()
}

/// Inserts pages or replaces their place, state and icon; number, region and stewardship stay.
/// Parents must come before their children.
pub fn save(tx: &mut Write<'_>, all: &[Item]) -> Result<(), DbError> {
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|page| {
                let Item { id, number, region, parent, ord, archived, stewardship, icon } = page;
                (
                    items::id.eq(id.to_string()),
                    items::number.eq(*number),
                    items::region_id.eq(region.to_string()),
                    items::parent_id.eq(parent.map(|parent| parent.to_string())),
                    items::ord.eq(ord.clone()),
                    items::archived.eq(*archived),
                    items::stewardship.eq(stewardship.as_str()),
                    items::icon.eq(icon.clone()),
                )
            })
            .collect();
        on_both!(tx, c => diesel::insert_into(items::table)
            .values(&rows)
            .on_conflict(items::id)
            .do_update()
            .set((
                items::parent_id.eq(excluded(items::parent_id)),
                items::ord.eq(excluded(items::ord)),
                items::archived.eq(excluded(items::archived)),
                items::icon.eq(excluded(items::icon)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Deletes pages with all that is known of them, and what stands below them.
pub fn delete(tx: &mut Write<'_>, ids: &[ItemId]) -> Result<(), DbError> {
    for batch in ids.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ItemId::to_string).collect();
        on_both!(tx, c => diesel::delete(items::table.filter(items::id.eq_any(&ids))).execute(c))?;
    }
    Ok(())
}

/// A slug with the page that has or had it.
#[derive(Clone, Debug)]
pub struct SlugRow {
    pub region: RegionId,
    pub language: String,
    pub slug: String,
    pub page: ItemId,
    /// Grows: the highest of a page in a language is its current slug.
    pub number: i64,
}

type StoredSlug = (String, String, String, String, i64);

fn slug_row(row: StoredSlug) -> Result<SlugRow, DbError> {
    let (region, language, slug, page, number) = row;
    Ok(SlugRow { region: read_back(&region)?, language, slug, page: read_back(&page)?, number })
}

pub fn all_slugs(tx: &mut impl Reading) -> Result<Vec<SlugRow>, DbError> {
    let rows: Vec<StoredSlug> = on_both!(tx, c => slugs::table.order(slugs::number).load(c))?;
    rows.into_iter().map(slug_row).collect()
}

pub fn slugs_of_region(tx: &mut impl Reading, region: RegionId) -> Result<Vec<SlugRow>, DbError> {
    let rows: Vec<StoredSlug> = on_both!(tx, c => slugs::table
        .filter(slugs::region_id.eq(region.to_string())).order(slugs::number).load(c))?;
    rows.into_iter().map(slug_row).collect()
}

/// Adds slugs; one that the same page had before becomes its newest again.
pub fn save_slugs(tx: &mut Write<'_>, all: &[SlugRow]) -> Result<(), DbError> {
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|row| {
                (
                    slugs::region_id.eq(row.region.to_string()),
                    slugs::language.eq(row.language.clone()),
                    slugs::slug.eq(row.slug.clone()),
                    slugs::item_id.eq(row.page.to_string()),
                    slugs::number.eq(row.number),
                )
            })
            .collect();
        on_both!(tx, c => diesel::insert_into(slugs::table)
            .values(&rows)
            .on_conflict((slugs::region_id, slugs::language, slugs::slug))
            .do_update()
            .set(slugs::number.eq(excluded(slugs::number)))
            .execute(c))?;
    }
    Ok(())
}
