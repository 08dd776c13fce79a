//! Revisions and which of them is public.

use super::{BATCH, read_back, versions};
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::change::Via;
use crate::domain::content::revision::{Edit, Revision};
use crate::on_both;
use crate::platform::db::schema::{revisions, translations};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use diesel::upsert::excluded;

type RevisionRow = (i64, String, String, Option<i64>, String, bool, String, Option<String>, Option<i64>, i64);

fn revision(row: RevisionRow) -> Result<Revision, DbError> {
    let (number, item, language, rev, body, minor, via, source_language, source_rev, updated_at) = row;
    let source: Option<LanguageTag> = source_language.as_deref().map(read_back).transpose()?;
    Ok(Revision {
        number,
        item: read_back(&item)?,
        language: read_back(&language)?,
        rev,
        body: read_back(&body)?,
        edit: if minor { Edit::Minor } else { Edit::Major },
        via: Via::parse(&via).ok_or_else(|| DbError::Unreadable(format!("via {via:?}")))?,
        source: source.zip(source_rev),
        updated_at: Moment::from_micros(updated_at),
    })
}

/// Every public revision of every item.
pub fn all_public(tx: &mut impl Reading) -> Result<Vec<Revision>, DbError> {
    let rows: Vec<RevisionRow> = on_both!(tx, c => translations::table
        .inner_join(revisions::table.on(translations::public.eq(revisions::number.nullable())))
        .select(revisions::all_columns)
        .load(c))?;
    rows.into_iter().map(revision).collect()
}

/// The public revisions of these items.
pub fn public_of(tx: &mut impl Reading, items: &[ItemId]) -> Result<Vec<Revision>, DbError> {
    let mut found = Vec::new();
    for batch in items.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ItemId::to_string).collect();
        let rows: Vec<RevisionRow> = on_both!(tx, c => translations::table
            .inner_join(revisions::table.on(translations::public.eq(revisions::number.nullable())))
            .filter(translations::item_id.eq_any(&ids))
            .select(revisions::all_columns)
            .load(c))?;
        for row in rows {
            found.push(revision(row)?);
        }
    }
    Ok(found)
}

/// What a revision is of, public or long since replaced.
pub fn of_number(tx: &mut impl Reading, number: i64) -> Result<Option<(ItemId, LanguageTag)>, DbError> {
    let row: Option<(String, String)> = on_both!(tx, c => revisions::table
        .filter(revisions::number.eq(number))
        .select((revisions::item_id, revisions::language))
        .first(c)
        .optional())?;
    row.map(|(item, language)| Ok((read_back(&item)?, read_back(&language)?))).transpose()
}

/// Every revision of a item, oldest first.
pub fn of_item(tx: &mut impl Reading, item: ItemId) -> Result<Vec<Revision>, DbError> {
    let rows: Vec<RevisionRow> = on_both!(tx, c => revisions::table
        .filter(revisions::item_id.eq(item.to_string())).order(revisions::number).load(c))?;
    rows.into_iter().map(revision).collect()
}

/// The revisions of these items that have one of the numbers asked for with them, in whatever language.
pub fn of_revs(tx: &mut impl Reading, all: &[(ItemId, i64)]) -> Result<Vec<Revision>, DbError> {
    let mut found = Vec::new();
    for batch in all.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(|(item, _)| item.to_string()).collect();
        let revs: Vec<i64> = batch.iter().map(|(_, rev)| *rev).collect();
        let rows: Vec<RevisionRow> = on_both!(tx, c => revisions::table
            .filter(revisions::item_id.eq_any(&ids))
            .filter(revisions::rev.eq_any(&revs))
            .load(c))?;
        for row in rows {
            found.push(revision(row)?);
        }
    }
    Ok(found)
}

/// What decides freshness, of every revision: item, language, rev (none: a draft), minor, number.
pub type Step = (ItemId, LanguageTag, Option<i64>, Edit, i64);

type StepRow = (String, String, Option<i64>, bool, i64);

fn step((item, language, rev, minor, number): StepRow) -> Result<Step, DbError> {
    let edit = if minor { Edit::Minor } else { Edit::Major };
    Ok((read_back(&item)?, read_back(&language)?, rev, edit, number))
}

pub fn all_steps(tx: &mut impl Reading) -> Result<Vec<Step>, DbError> {
    let rows: Vec<StepRow> = on_both!(tx, c => revisions::table
        .select((revisions::item_id, revisions::language, revisions::rev, revisions::minor, revisions::number))
        .load(c))?;
    rows.into_iter().map(step).collect()
}

pub fn steps_of(tx: &mut impl Reading, items: &[ItemId]) -> Result<Vec<Step>, DbError> {
    let mut found = Vec::new();
    for batch in items.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ItemId::to_string).collect();
        let rows: Vec<StepRow> = on_both!(tx, c => revisions::table
            .filter(revisions::item_id.eq_any(&ids))
            .select((revisions::item_id, revisions::language, revisions::rev, revisions::minor, revisions::number))
            .load(c))?;
        for row in rows {
            found.push(step(row)?);
        }
    }
    Ok(found)
}

/// The highest published `rev` of each item and language, for these items.
pub fn newest_revs(
    tx: &mut impl Reading,
    items: &[ItemId],
) -> Result<Vec<(ItemId, LanguageTag, i64)>, DbError> {
    let mut found = Vec::new();
    for batch in items.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ItemId::to_string).collect();
        let rows: Vec<(String, String, Option<i64>)> = on_both!(tx, c => revisions::table
            .filter(revisions::item_id.eq_any(&ids))
            .group_by((revisions::item_id, revisions::language))
            .select((revisions::item_id, revisions::language, diesel::dsl::max(revisions::rev)))
            .load(c))?;
        for (item, language, rev) in rows {
            found.push((read_back(&item)?, read_back(&language)?, rev.unwrap_or(0)));
        }
    }
    Ok(found)
}

/// Adds revisions and makes them the public ones of their item and language.
pub fn save_public(tx: &mut Write<'_>, all: &[Revision]) -> Result<(), DbError> {
    insert(tx, all)?;
    let shown: Vec<_> =
        all.iter().map(|revision| (revision.item, &revision.language, Some(revision.number))).collect();
    show(tx, &shown)
}

/// Adds revisions; what is public stays as it is, but translations may be outdated now.
pub fn save(tx: &mut Write<'_>, all: &[Revision]) -> Result<(), DbError> {
    insert(tx, all)?;
    versions::touch(tx, all.iter().map(|revision| revision.item))
}

fn insert(tx: &mut Write<'_>, all: &[Revision]) -> Result<(), DbError> {
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch.iter().map(row).collect();
        on_both!(tx, c => diesel::insert_into(revisions::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Names the public revision of each item and language; `None` hides the language. A new version of each item.
pub fn show(tx: &mut Write<'_>, all: &[(ItemId, &LanguageTag, Option<i64>)]) -> Result<(), DbError> {
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|(item, language, number)| {
                (
                    translations::item_id.eq(item.to_string()),
                    translations::language.eq(language.as_str()),
                    translations::public.eq(*number),
                )
            })
            .collect();
        on_both!(tx, c => diesel::insert_into(translations::table)
            .values(&rows)
            .on_conflict((translations::item_id, translations::language))
            .do_update()
            .set(translations::public.eq(excluded(translations::public)))
            .execute(c))?;
    }
    versions::touch(tx, all.iter().map(|(item, ..)| *item))
}

type NewRow<'a> = (
    diesel::dsl::Eq<revisions::number, i64>,
    diesel::dsl::Eq<revisions::item_id, String>,
    diesel::dsl::Eq<revisions::language, &'a str>,
    diesel::dsl::Eq<revisions::rev, Option<i64>>,
    diesel::dsl::Eq<revisions::body, String>,
    diesel::dsl::Eq<revisions::minor, bool>,
    diesel::dsl::Eq<revisions::via, &'a str>,
    diesel::dsl::Eq<revisions::source_language, Option<&'a str>>,
    diesel::dsl::Eq<revisions::source_rev, Option<i64>>,
    diesel::dsl::Eq<revisions::updated_at, i64>,
);

fn row(revision: &Revision) -> NewRow<'_> {
    let Revision { number, item, language, rev, body, edit, via, source, updated_at } = revision;
    (
        revisions::number.eq(*number),
        revisions::item_id.eq(item.to_string()),
        revisions::language.eq(language.as_str()),
        revisions::rev.eq(*rev),
        revisions::body.eq(body.to_string()),
        revisions::minor.eq(*edit == Edit::Minor),
        revisions::via.eq(via.as_str()),
        revisions::source_language.eq(source.as_ref().map(|(language, _)| language.as_str())),
        revisions::source_rev.eq(source.as_ref().map(|(_, rev)| *rev)),
        revisions::updated_at.eq(updated_at.micros()),
    )
}
