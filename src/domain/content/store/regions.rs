//! Regions and their languages.

use super::{BATCH, read_back, versions};
use crate::base::id::RegionId;
use crate::base::language::LanguageTag;
use crate::domain::content::published::RegionSettings;
use crate::domain::content::region::{Language, Region};
use crate::on_both;
use crate::platform::db::schema::{languages, regions};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;

type RegionRow = (String, i64, String, String, String, String, i64);

fn region(row: RegionRow) -> Result<Region, DbError> {
    let (id, number, slug, name, default_language, settings, _changed) = row;
    let settings: RegionSettings =
        serde_json::from_str(&settings).map_err(|error| DbError::Unreadable(error.to_string()))?;
    Ok(Region {
        id: read_back(&id)?,
        number,
        slug,
        name,
        default_language: read_back(&default_language)?,
        settings,
    })
}

pub fn all(tx: &mut impl Reading) -> Result<Vec<Region>, DbError> {
    let rows: Vec<RegionRow> = on_both!(tx, c => regions::table.load(c))?;
    rows.into_iter().map(region).collect()
}

/// Every region with the version of the content that it last changed with.
pub fn versions(tx: &mut impl Reading) -> Result<Vec<(RegionId, i64)>, DbError> {
    let rows: Vec<(String, i64)> =
        on_both!(tx, c => regions::table.select((regions::id, regions::changed)).load(c))?;
    rows.into_iter().map(|(id, version)| Ok((read_back(&id)?, version))).collect()
}

pub fn by_slug(tx: &mut impl Reading, slug: &str) -> Result<Option<Region>, DbError> {
    let row: Option<RegionRow> =
        on_both!(tx, c => regions::table.filter(regions::slug.eq(slug)).first(c).optional())?;
    row.map(region).transpose()
}

/// Inserts the region or replaces what it says of itself; id, number and slug stay.
pub fn save(tx: &mut Write<'_>, region: &Region) -> Result<(), DbError> {
    let Region { id, number, slug, name, default_language, settings } = region;
    let settings = serde_json::to_string(settings).map_err(|error| DbError::Unreadable(error.to_string()))?;
    let changeable = (
        regions::name.eq(name),
        regions::default_language.eq(default_language.as_str()),
        regions::settings.eq(&settings),
        regions::changed.eq(versions::next(tx)?),
    );
    on_both!(tx, c => diesel::insert_into(regions::table)
        .values((regions::id.eq(id.to_string()), regions::number.eq(number), regions::slug.eq(slug), changeable))
        .on_conflict(regions::id)
        .do_update()
        .set(changeable)
        .execute(c))?;
    Ok(())
}

/// Deletes a region with everything in it.
pub fn delete(tx: &mut Write<'_>, id: RegionId) -> Result<(), DbError> {
    on_both!(tx, c => diesel::delete(regions::table.find(id.to_string())).execute(c))?;
    versions::next(tx).map(drop)
}

pub fn delete_languages(tx: &mut Write<'_>, region: RegionId, tags: &[LanguageTag]) -> Result<(), DbError> {
    if tags.is_empty() {
        return Ok(());
    }
    let tags: Vec<&str> = tags.iter().map(LanguageTag::as_str).collect();
    on_both!(tx, c => diesel::delete(languages::table.filter(languages::region_id.eq(region.to_string()))
        .filter(languages::tag.eq_any(&tags))).execute(c))?;
    versions::touch_region(tx, region)
}

type LanguageRow = (String, String, i64, String, String, Option<String>, i64);

fn language(row: LanguageRow) -> Result<(RegionId, Language), DbError> {
    let (region, tag, number, slug, native_name, source, ordinal) = row;
    let source: Option<LanguageTag> = source.as_deref().map(read_back).transpose()?;
    let tag = read_back(&tag)?;
    Ok((read_back(&region)?, Language { tag, number, slug, native_name, source, ordinal }))
}

/// Every language of every region, in the order in which the region shows them.
pub fn all_languages(tx: &mut impl Reading) -> Result<Vec<(RegionId, Language)>, DbError> {
    let rows: Vec<LanguageRow> =
        on_both!(tx, c => languages::table.order((languages::ordinal, languages::number)).load(c))?;
    rows.into_iter().map(language).collect()
}

/// The languages of these regions.
pub fn languages_in(
    tx: &mut impl Reading,
    regions: &[RegionId],
) -> Result<Vec<(RegionId, Language)>, DbError> {
    let mut found = Vec::new();
    for batch in regions.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(RegionId::to_string).collect();
        let rows: Vec<LanguageRow> = on_both!(tx, c => languages::table
            .filter(languages::region_id.eq_any(&ids))
            .order((languages::ordinal, languages::number)).load(c))?;
        for row in rows {
            found.push(language(row)?);
        }
    }
    Ok(found)
}

pub fn languages_of(tx: &mut impl Reading, region: RegionId) -> Result<Vec<Language>, DbError> {
    let rows: Vec<LanguageRow> = on_both!(tx, c => languages::table
        .filter(languages::region_id.eq(region.to_string()))
        .order((languages::ordinal, languages::number)).load(c))?;
    rows.into_iter().map(|row| Ok(language(row)?.1)).collect()
}

/// Inserts the language or replaces its name and place; tag, number and slug stay.
pub fn save_language(tx: &mut Write<'_>, region: RegionId, language: &Language) -> Result<(), DbError> {
    let Language { tag, number, slug, native_name, source, ordinal } = language;
    let changeable = (
        languages::native_name.eq(native_name),
        languages::source_tag.eq(source.as_ref().map(LanguageTag::as_str)),
        languages::ordinal.eq(ordinal),
    );
    on_both!(tx, c => diesel::insert_into(languages::table)
        .values((languages::region_id.eq(region.to_string()), languages::tag.eq(tag.as_str()),
            languages::number.eq(number), languages::slug.eq(slug), changeable))
        .on_conflict((languages::region_id, languages::tag))
        .do_update()
        .set(changeable)
        .execute(c))?;
    versions::touch_region(tx, region)
}
