//! Pages, their place in the tree, and every slug they ever had.

use super::{BATCH, read_back};
use crate::base::id::{PageId, RegionId};
use crate::domain::content::page::{Page, Stewardship};
use crate::on_both;
use crate::platform::db::schema::{pages, slugs};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use diesel::upsert::excluded;

type PageRow = (String, i64, String, Option<String>, String, bool, String, Option<String>);

fn page(row: PageRow) -> Result<Page, DbError> {
    let (id, number, region, parent, ord, archived, stewardship, icon) = row;
    Ok(Page {
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

pub fn all(tx: &mut impl Reading) -> Result<Vec<Page>, DbError> {
    let rows: Vec<PageRow> = on_both!(tx, c => pages::table.load(c))?;
    rows.into_iter().map(page).collect()
}

pub fn of_region(tx: &mut impl Reading, region: RegionId) -> Result<Vec<Page>, DbError> {
    let rows: Vec<PageRow> =
        on_both!(tx, c => pages::table.filter(pages::region_id.eq(region.to_string())).load(c))?;
    rows.into_iter().map(page).collect()
}

pub fn find(tx: &mut impl Reading, id: PageId) -> Result<Option<Page>, DbError> {
    let row: Option<PageRow> = on_both!(tx, c => pages::table.find(id.to_string()).first(c).optional())?;
    row.map(page).transpose()
}

/// Inserts pages or replaces their place, state and icon; number, region and stewardship stay.
/// Parents must come before their children.
pub fn save(tx: &mut Write<'_>, all: &[Page]) -> Result<(), DbError> {
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|page| {
                let Page { id, number, region, parent, ord, archived, stewardship, icon } = page;
                (
                    pages::id.eq(id.to_string()),
                    pages::number.eq(*number),
                    pages::region_id.eq(region.to_string()),
                    pages::parent_id.eq(parent.map(|parent| parent.to_string())),
                    pages::ord.eq(ord.clone()),
                    pages::archived.eq(*archived),
                    pages::stewardship.eq(stewardship.as_str()),
                    pages::icon.eq(icon.clone()),
                )
            })
            .collect();
        on_both!(tx, c => diesel::insert_into(pages::table)
            .values(&rows)
            .on_conflict(pages::id)
            .do_update()
            .set((
                pages::parent_id.eq(excluded(pages::parent_id)),
                pages::ord.eq(excluded(pages::ord)),
                pages::archived.eq(excluded(pages::archived)),
                pages::icon.eq(excluded(pages::icon)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Deletes pages with all that is known of them, and what stands below them.
pub fn delete(tx: &mut Write<'_>, ids: &[PageId]) -> Result<(), DbError> {
    for batch in ids.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(PageId::to_string).collect();
        on_both!(tx, c => diesel::delete(pages::table.filter(pages::id.eq_any(&ids))).execute(c))?;
    }
    Ok(())
}

/// A slug with the page that has or had it.
#[derive(Clone, Debug)]
pub struct SlugRow {
    pub region: RegionId,
    pub language: String,
    pub slug: String,
    pub page: PageId,
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
                    slugs::page_id.eq(row.page.to_string()),
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
