//! Items of every kind, the places of pages in the tree, and every slug that an item ever had.

use super::{BATCH, read_back, versions};
use crate::base::id::{ItemId, RegionId};
use crate::base::moment::Moment;
use crate::domain::content::item::{Item, Stewardship};
use crate::domain::content::kind::ObjectKind;
use crate::on_both;
use crate::platform::db::schema::{items, slugs};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::{BTreeSet, HashSet};

type ItemRow = (
    String,
    i64,
    String,
    String,
    Option<String>,
    String,
    bool,
    String,
    Option<String>,
    Option<i64>,
    i64,
    i64,
);

fn item(row: ItemRow) -> Result<Item, DbError> {
    let (id, number, region, kind, parent, ord, archived, stewardship, icon, expires_at, _changed, version) =
        row;
    Ok(Item {
        id: read_back(&id)?,
        number,
        region: read_back(&region)?,
        kind: kind_of(&kind)?,
        parent: parent.as_deref().map(read_back).transpose()?,
        ord,
        archived,
        stewardship: Stewardship::parse(&stewardship)
            .ok_or_else(|| DbError::Unreadable(format!("stewardship {stewardship:?}")))?,
        icon,
        expires_at: expires_at.map(Moment::from_micros),
        version,
    })
}

fn kind_of(word: &str) -> Result<ObjectKind, DbError> {
    ObjectKind::parse(word).ok_or_else(|| DbError::Unreadable(format!("kind {word:?}")))
}

pub fn all(tx: &mut impl Reading) -> Result<Vec<Item>, DbError> {
    let rows: Vec<ItemRow> = on_both!(tx, c => items::table.load(c))?;
    rows.into_iter().map(item).collect()
}

/// Those that changed after a version of the content.
pub fn since(tx: &mut impl Reading, version: i64) -> Result<Vec<Item>, DbError> {
    let rows: Vec<ItemRow> = on_both!(tx, c => items::table.filter(items::changed.gt(version)).load(c))?;
    rows.into_iter().map(item).collect()
}

/// The items that these regions have.
pub fn ids_of_regions(
    tx: &mut impl Reading,
    regions: &HashSet<RegionId>,
) -> Result<HashSet<ItemId>, DbError> {
    let regions: Vec<String> = regions.iter().map(RegionId::to_string).collect();
    let mut found = HashSet::new();
    for batch in regions.chunks(BATCH) {
        let ids: Vec<String> =
            on_both!(tx, c => items::table.filter(items::region_id.eq_any(batch)).select(items::id).load(c))?;
        for id in ids {
            found.insert(read_back(&id)?);
        }
    }
    Ok(found)
}

/// The items of these regions.
pub fn of_regions(tx: &mut impl Reading, regions: &[RegionId]) -> Result<Vec<Item>, DbError> {
    let mut found = Vec::new();
    for batch in regions.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(RegionId::to_string).collect();
        let rows: Vec<ItemRow> =
            on_both!(tx, c => items::table.filter(items::region_id.eq_any(&ids)).load(c))?;
        for row in rows {
            found.push(item(row)?);
        }
    }
    Ok(found)
}

pub fn of_region(tx: &mut impl Reading, region: RegionId) -> Result<Vec<Item>, DbError> {
    let rows: Vec<ItemRow> =
        on_both!(tx, c => items::table.filter(items::region_id.eq(region.to_string())).load(c))?;
    rows.into_iter().map(item).collect()
}

pub fn of_kind(tx: &mut impl Reading, region: RegionId, kind: ObjectKind) -> Result<Vec<Item>, DbError> {
    let rows: Vec<ItemRow> = on_both!(tx, c => items::table.filter(items::region_id.eq(region.to_string()))
        .filter(items::kind.eq(kind.as_str())).load(c))?;
    rows.into_iter().map(item).collect()
}

/// Those of every region.
pub fn all_of_kind(tx: &mut impl Reading, kind: ObjectKind) -> Result<Vec<Item>, DbError> {
    let rows: Vec<ItemRow> =
        on_both!(tx, c => items::table.filter(items::kind.eq(kind.as_str())).order(items::number).load(c))?;
    rows.into_iter().map(item).collect()
}

/// Those of `ids` that are in the region.
pub fn among(tx: &mut impl Reading, region: RegionId, ids: &[ItemId]) -> Result<Vec<Item>, DbError> {
    let mut found = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ItemId::to_string).collect();
        let rows: Vec<ItemRow> = on_both!(tx, c => items::table
            .filter(items::region_id.eq(region.to_string())).filter(items::id.eq_any(&ids)).load(c))?;
        for row in rows {
            found.push(item(row)?);
        }
    }
    Ok(found)
}

/// Those of `ids` that are known, of whatever region.
pub fn some(tx: &mut impl Reading, ids: &[ItemId]) -> Result<Vec<Item>, DbError> {
    let mut found = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ItemId::to_string).collect();
        let rows: Vec<ItemRow> = on_both!(tx, c => items::table.filter(items::id.eq_any(&ids)).load(c))?;
        for row in rows {
            found.push(item(row)?);
        }
    }
    Ok(found)
}

/// The items that this picture stands for, written as in [`Item::icon`].
pub fn with_icon(tx: &mut impl Reading, icon: &str) -> Result<Vec<Item>, DbError> {
    let rows: Vec<ItemRow> = on_both!(tx, c => items::table.filter(items::icon.eq(icon)).load(c))?;
    rows.into_iter().map(item).collect()
}

pub fn find(tx: &mut impl Reading, id: ItemId) -> Result<Option<Item>, DbError> {
    let row: Option<ItemRow> = on_both!(tx, c => items::table.find(id.to_string()).first(c).optional())?;
    row.map(item).transpose()
}

/// Inserts items or replaces their place, state, icon and end, which makes a new version of each; number, region, kind
/// and stewardship stay.
/// Parents must come before their children.
pub fn save(tx: &mut Write<'_>, all: &[Item]) -> Result<(), DbError> {
    if all.is_empty() {
        return Ok(());
    }
    let changed = versions::next(tx)?;
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|item| {
                let Item { id, number, region, kind, parent, ord, archived, stewardship, icon, .. } = item;
                let Item { expires_at, version, .. } = item;
                (
                    items::id.eq(id.to_string()),
                    items::number.eq(*number),
                    items::region_id.eq(region.to_string()),
                    items::kind.eq(kind.as_str()),
                    items::parent_id.eq(parent.map(|parent| parent.to_string())),
                    items::ord.eq(ord.clone()),
                    items::archived.eq(*archived),
                    items::stewardship.eq(stewardship.as_str()),
                    items::icon.eq(icon.clone()),
                    items::expires_at.eq(expires_at.map(Moment::micros)),
                    items::changed.eq(changed),
                    items::version.eq(version),
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
                items::expires_at.eq(excluded(items::expires_at)),
                items::changed.eq(excluded(items::changed)),
                items::version.eq(items::version + 1),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Deletes pages with all that is known of them, and what stands below them.
pub fn delete(tx: &mut Write<'_>, ids: &[ItemId]) -> Result<(), DbError> {
    let mut regions = BTreeSet::new();
    for batch in ids.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ItemId::to_string).collect();
        let of: Vec<String> = on_both!(tx, c => items::table
            .filter(items::id.eq_any(&ids)).select(items::region_id).distinct().load(c))?;
        regions.extend(of);
        on_both!(tx, c => diesel::delete(items::table.filter(items::id.eq_any(&ids))).execute(c))?;
    }
    regions.iter().try_for_each(|region| versions::touch_region(tx, read_back(region)?))
}

/// A slug with the item that has or had it.
#[derive(Clone, Debug)]
pub struct SlugRow {
    pub region: RegionId,
    pub kind: ObjectKind,
    pub language: String,
    pub slug: String,
    pub item: ItemId,
    /// Grows: the highest of an item in a language is its current slug.
    pub number: i64,
}

type StoredSlug = (String, String, String, String, String, i64);

fn slug_row(row: StoredSlug) -> Result<SlugRow, DbError> {
    let (region, kind, language, slug, item, number) = row;
    let (region, kind, item) = (read_back(&region)?, kind_of(&kind)?, read_back(&item)?);
    Ok(SlugRow { region, kind, language, slug, item, number })
}

pub fn all_slugs(tx: &mut impl Reading) -> Result<Vec<SlugRow>, DbError> {
    let rows: Vec<StoredSlug> = on_both!(tx, c => slugs::table.order(slugs::number).load(c))?;
    rows.into_iter().map(slug_row).collect()
}

/// The slugs of these items, each item's oldest first.
pub fn slugs_of(tx: &mut impl Reading, items: &[ItemId]) -> Result<Vec<SlugRow>, DbError> {
    let mut found = Vec::new();
    for batch in items.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ItemId::to_string).collect();
        let rows: Vec<StoredSlug> = on_both!(tx, c => slugs::table
            .filter(slugs::item_id.eq_any(&ids)).order(slugs::number).load(c))?;
        for row in rows {
            found.push(slug_row(row)?);
        }
    }
    Ok(found)
}

pub fn slugs_of_region(tx: &mut impl Reading, region: RegionId) -> Result<Vec<SlugRow>, DbError> {
    let rows: Vec<StoredSlug> = on_both!(tx, c => slugs::table
        .filter(slugs::region_id.eq(region.to_string())).order(slugs::number).load(c))?;
    rows.into_iter().map(slug_row).collect()
}

/// Those of a region in these languages.
pub fn slugs_in(
    tx: &mut impl Reading,
    region: RegionId,
    languages: &BTreeSet<&str>,
) -> Result<Vec<SlugRow>, DbError> {
    let rows: Vec<StoredSlug> = on_both!(tx, c => slugs::table
        .filter(slugs::region_id.eq(region.to_string()))
        .filter(slugs::language.eq_any(languages.iter().copied()))
        .order(slugs::number).load(c))?;
    rows.into_iter().map(slug_row).collect()
}

/// Adds slugs; one that the same item had before becomes its newest again.
pub fn save_slugs(tx: &mut Write<'_>, all: &[SlugRow]) -> Result<(), DbError> {
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|row| {
                (
                    slugs::region_id.eq(row.region.to_string()),
                    slugs::kind.eq(row.kind.as_str()),
                    slugs::language.eq(row.language.clone()),
                    slugs::slug.eq(row.slug.clone()),
                    slugs::item_id.eq(row.item.to_string()),
                    slugs::number.eq(row.number),
                )
            })
            .collect();
        on_both!(tx, c => diesel::insert_into(slugs::table)
            .values(&rows)
            .on_conflict((slugs::region_id, slugs::kind, slugs::language, slugs::slug))
            .do_update()
            .set(slugs::number.eq(excluded(slugs::number)))
            .execute(c))?;
    }
    versions::touch(tx, all.iter().map(|row| row.item))
}
