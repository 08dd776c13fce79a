//! What items say of themselves besides their texts, and the vocabulary in which they say it.

use super::{BATCH, read_back, versions};
use crate::base::id::ItemId;
use crate::domain::content::labels::{Facets, Labels};
use crate::domain::content::vocabulary::{Sort, StoredTerm, Term};
use crate::on_both;
use crate::platform::db::schema::{labels, vocabulary};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use diesel::upsert::excluded;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap};

type LabelsRow = (String, Option<String>, Option<String>, String);

fn read(row: LabelsRow) -> Result<(ItemId, Labels), DbError> {
    let (item, licence, attribution, facets) = row;
    let facets: Facets = document(&facets)?;
    Ok((read_back(&item)?, Labels { licence, attribution, facets }))
}

fn document<T: DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Unreadable(error.to_string()))
}

fn written(document: &impl Serialize) -> Result<String, DbError> {
    serde_json::to_string(document).map_err(|error| DbError::Unreadable(error.to_string()))
}

/// The labels of every item that has any.
pub fn all(tx: &mut impl Reading) -> Result<HashMap<ItemId, Labels>, DbError> {
    let rows: Vec<LabelsRow> = on_both!(tx, c => labels::table.load(c))?;
    rows.into_iter().map(read).collect()
}

/// The labels of those of these items that have any.
pub fn of(tx: &mut impl Reading, items: &[ItemId]) -> Result<HashMap<ItemId, Labels>, DbError> {
    let mut found = HashMap::new();
    for batch in items.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ItemId::to_string).collect();
        let rows: Vec<LabelsRow> =
            on_both!(tx, c => labels::table.filter(labels::item_id.eq_any(&ids)).load(c))?;
        for row in rows {
            found.extend([read(row)?]);
        }
    }
    Ok(found)
}

/// Inserts labels or replaces them. A new version of each item.
pub fn save(tx: &mut Write<'_>, all: &BTreeMap<ItemId, Labels>) -> Result<(), DbError> {
    let mut rows = Vec::with_capacity(all.len());
    for (item, Labels { licence, attribution, facets }) in all {
        rows.push((
            labels::item_id.eq(item.to_string()),
            labels::licence.eq(licence.clone()),
            labels::attribution.eq(attribution.clone()),
            labels::facets.eq(written(facets)?),
        ));
    }
    for batch in rows.chunks(BATCH) {
        on_both!(tx, c => diesel::insert_into(labels::table)
            .values(batch)
            .on_conflict(labels::item_id)
            .do_update()
            .set((
                labels::licence.eq(excluded(labels::licence)),
                labels::attribution.eq(excluded(labels::attribution)),
                labels::facets.eq(excluded(labels::facets)),
            ))
            .execute(c))?;
    }
    versions::touch(tx, all.keys().copied())
}

/// The terms that were added or removed, as they were first.
pub fn terms(tx: &mut impl Reading) -> Result<Vec<StoredTerm>, DbError> {
    type Row = (String, String, String, String, bool);
    let rows: Vec<Row> = on_both!(tx, c => vocabulary::table
        .order(vocabulary::number)
        .select((vocabulary::id, vocabulary::sort, vocabulary::word, vocabulary::names, vocabulary::removed))
        .load(c))?;
    rows.into_iter()
        .map(|(id, sort, word, names, removed)| {
            let unknown = || DbError::Unreadable(format!("{sort:?} as a sort of terms"));
            let sort = Sort::parse(&sort).ok_or_else(unknown)?;
            Ok(StoredTerm { term: Term { id, sort, word, names: document(&names)? }, removed })
        })
        .collect()
}

/// Inserts the term or replaces what is said of it; its place among the others stays.
pub fn save_term(tx: &mut Write<'_>, stored: &StoredTerm) -> Result<(), DbError> {
    let StoredTerm { term: Term { id, sort, word, names }, removed } = stored;
    let number = super::take_numbers(tx, "vocabulary", 1)?;
    let names = written(names)?;
    let changeable = (
        vocabulary::sort.eq(sort.as_str()),
        vocabulary::word.eq(word),
        vocabulary::names.eq(&names),
        vocabulary::removed.eq(*removed),
    );
    on_both!(tx, c => diesel::insert_into(vocabulary::table)
        .values((vocabulary::id.eq(id), vocabulary::number.eq(number), changeable))
        .on_conflict(vocabulary::id)
        .do_update()
        .set(changeable)
        .execute(c))?;
    versions::next(tx).map(drop)
}
