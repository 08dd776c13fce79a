//! Rows of a feed's entries and of what they add up to, always for many objects at once.

use super::{KEYS, chunks};
use crate::platform::db::many::Known;
use crate::platform::db::schema::{blob_wants, peer_entries, remote_heads, remote_objects};
use crate::platform::db::{DbError, Reading, Write};
use crate::{insert_many, on_both};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = peer_entries)]
pub struct EntryRow {
    pub origin: String,
    pub idx: i64,
    pub leaf: String,
    pub raw: String,
    pub op: String,
    pub kind: Option<String>,
    pub object: Option<String>,
    pub bad_reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = remote_objects)]
pub struct ObjectRow {
    pub origin: String,
    pub object: String,
    pub idx: i64,
    pub kind: String,
    pub licence: String,
    pub parent: Option<String>,
    pub ord: String,
    pub expires_at: Option<i64>,
    pub state: String,
    pub entry: String,
    /// JSON of [`Facets`](crate::domain::content::labels::Facets).
    pub facets: String,
}

#[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = remote_heads)]
pub struct HeadRow {
    pub origin: String,
    pub object: String,
    pub language: String,
    pub idx: i64,
    pub rev: i64,
    pub body: String,
    pub size_bytes: i64,
    pub source_language: Option<String>,
    pub source_rev: Option<i64>,
    pub via: String,
    pub minor: bool,
    /// The newest revision that is not minor; 0: none.
    pub major_rev: i64,
    pub state: String,
    pub ready_body: Option<String>,
    pub ready_rev: Option<i64>,
    pub ready_at: Option<i64>,
    /// With which news of its feed it last changed.
    pub news: i64,
}

impl ObjectRow {
    /// Whether it is of the same kind, at the same place and for as long.
    pub fn stands_as(&self, other: &ObjectRow) -> bool {
        let place = |row: &ObjectRow| {
            (row.kind.clone(), row.parent.clone(), row.ord.clone(), row.expires_at, row.state.clone())
        };
        place(self) == place(other)
    }
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = blob_wants)]
pub struct WantRow {
    pub origin: String,
    pub sha256: String,
    pub kind: String,
    pub size_bytes: i64,
    pub tries: i64,
    pub next_at: i64,
    pub last_error: Option<String>,
}

pub fn insert_entries(tx: &mut Write<'_>, rows: &[EntryRow]) -> Result<(), DbError> {
    insert_many!(tx, peer_entries [
        origin: Text, idx: BigInt, leaf: Text, raw: Text, op: Text, kind: Nullable<Text>,
        object: Nullable<Text>, bad_reason: Nullable<Text>,
    ], rows, Known::Refused)
}

/// The entries `from..to`, by index.
pub fn entries(tx: &mut impl Reading, origin: &str, from: i64, to: i64) -> Result<Vec<EntryRow>, DbError> {
    Ok(on_both!(tx, c => peer_entries::table.filter(peer_entries::origin.eq(origin))
        .filter(peer_entries::idx.ge(from)).filter(peer_entries::idx.lt(to))
        .order(peer_entries::idx).select(EntryRow::as_select()).load(c))?)
}

/// Entries in one page of [`puts_of`], of at most eight kilobytes each.
const PAGE: i64 = 512;

/// Entries from index `from` on that put this object, in their order; the first of them. None: there are no more.
pub fn puts_of(
    tx: &mut impl Reading,
    origin: &str,
    object: &str,
    from: i64,
) -> Result<Vec<(i64, String)>, DbError> {
    Ok(on_both!(tx, c => peer_entries::table.filter(peer_entries::origin.eq(origin))
        .filter(peer_entries::object.eq(object)).filter(peer_entries::idx.ge(from))
        .filter(peer_entries::op.eq("put")).order(peer_entries::idx).limit(PAGE)
        .select((peer_entries::idx, peer_entries::raw)).load(c))?)
}

pub fn objects_in(tx: &mut impl Reading, origin: &str, ids: &[String]) -> Result<Vec<ObjectRow>, DbError> {
    chunks(ids, |ids| {
        on_both!(tx, c => remote_objects::table.filter(remote_objects::origin.eq(origin))
            .filter(remote_objects::object.eq_any(ids)).select(ObjectRow::as_select()).load(c))
    })
}

pub fn heads_in(tx: &mut impl Reading, origin: &str, ids: &[String]) -> Result<Vec<HeadRow>, DbError> {
    chunks(ids, |ids| {
        on_both!(tx, c => remote_heads::table.filter(remote_heads::origin.eq(origin))
            .filter(remote_heads::object.eq_any(ids)).select(HeadRow::as_select()).load(c))
    })
}

/// Every object of a feed with its kind and parent: enough to find each one's region.
pub fn outline(
    tx: &mut impl Reading,
    origin: &str,
) -> Result<Vec<(String, String, Option<String>)>, DbError> {
    Ok(on_both!(tx, c => remote_objects::table.filter(remote_objects::origin.eq(origin))
        .select((remote_objects::object, remote_objects::kind, remote_objects::parent)).load(c))?)
}

/// Heads that a filter may want or not.
pub fn open_heads(tx: &mut impl Reading, origin: &str) -> Result<Vec<HeadRow>, DbError> {
    Ok(on_both!(tx, c => remote_heads::table.filter(remote_heads::origin.eq(origin))
        .filter(remote_heads::state.eq_any(["unwanted", "want", "ready"]))
        .select(HeadRow::as_select()).load(c))?)
}

pub fn upsert_objects(tx: &mut Write<'_>, rows: &[ObjectRow]) -> Result<(), DbError> {
    insert_many!(tx, remote_objects [
        origin: Text, object: Text, idx: BigInt, kind: Text, licence: Text, parent: Nullable<Text>, ord: Text,
        expires_at: Nullable<BigInt>, state: Text, entry: Text, facets: Text,
    ], rows, Known::Replaced(&["origin", "object"]))
}

pub fn upsert_heads(tx: &mut Write<'_>, rows: &[HeadRow]) -> Result<(), DbError> {
    insert_many!(tx, remote_heads [
        origin: Text, object: Text, language: Text, idx: BigInt, rev: BigInt, body: Text, size_bytes: BigInt,
        source_language: Nullable<Text>, source_rev: Nullable<BigInt>, via: Text, minor: Bool, major_rev: BigInt,
        state: Text, ready_body: Nullable<Text>, ready_rev: Nullable<BigInt>, ready_at: Nullable<BigInt>,
        news: BigInt,
    ], rows, Known::Replaced(&["origin", "object", "language"]))
}

/// Wants that are there already stay as they are.
pub fn insert_wants(tx: &mut Write<'_>, rows: &[WantRow]) -> Result<(), DbError> {
    insert_many!(tx, blob_wants [
        origin: Text, sha256: Text, kind: Text, size_bytes: BigInt, tries: BigInt, next_at: BigInt,
        last_error: Nullable<Text>,
    ], rows, Known::Stays)
}

pub fn delete_wants(tx: &mut Write<'_>, origin: &str, digests: &[String]) -> Result<(), DbError> {
    for digests in digests.chunks(KEYS) {
        on_both!(tx, c => diesel::delete(blob_wants::table.filter(blob_wants::origin.eq(origin))
            .filter(blob_wants::sha256.eq_any(digests))).execute(c))?;
    }
    Ok(())
}
