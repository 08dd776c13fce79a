//! The tables of our feed: outbox, entries, the signed state, and which blobs the entries name.

mod blobs;

pub use blobs::{Blob, blob};
pub(super) use blobs::{
    BlobKind, BlobState, OwnBlob, Withdrawn, add_blobs, erase_blobs, is_still_needed, named_blobs,
    withdraw_blobs,
};

use super::error::FeedError;
use crate::base::digest::Digest;
use crate::domain::content::change::Change;
use crate::on_both;
use crate::platform::db::schema::{facts, outbox, own_entries, own_feed};
use crate::platform::db::{DbError, Reading, Write};
use crate::tlog::merkle::Frontier;
use diesel::prelude::*;

/// Rows in one statement: SQLite takes a limited number of values.
const ROWS_AT_ONCE: usize = 500;
const IDENTITY_IN_LOG: &str = "identity-in-log";

/// The feed as it was last signed.
#[derive(Clone, Debug)]
pub struct OwnFeed {
    pub name: String,
    pub origin: String,
    pub frontier: Frontier,
    /// The signed checkpoint.
    pub note: String,
}

/// An entry as it is stored: its leaf hash was computed before it went into the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    pub idx: u64,
    pub leaf: Digest,
    pub raw: String,
}

fn number(value: u64) -> Result<i64, FeedError> {
    i64::try_from(value).map_err(|_| FeedError::Damaged("a size is beyond 2^63"))
}

fn digest(hex: &str) -> Result<Digest, FeedError> {
    hex.parse().map_err(|_| FeedError::Damaged("a stored hash is not one"))
}

/// The feed as it was last signed; none before the first time.
///
/// # Errors
/// [`FeedError::Damaged`] if the stored frontier is not one of its size.
pub fn own_feed(tx: &mut impl Reading, name: &str) -> Result<Option<OwnFeed>, FeedError> {
    let row: Option<(String, i64, String, String)> = on_both!(tx, c => own_feed::table
        .find(name)
        .select((own_feed::origin, own_feed::size, own_feed::frontier, own_feed::note))
        .first(c)
        .optional())
    .map_err(DbError::from)?;
    let Some((origin, size, frontier, note)) = row else { return Ok(None) };
    let frontier: Frontier =
        frontier.parse().map_err(|_| FeedError::Damaged("the stored frontier is not one"))?;
    if number(frontier.size())? != size {
        return Err(FeedError::Damaged("the stored frontier has another size than the feed"));
    }
    Ok(Some(OwnFeed { name: name.to_owned(), origin, frontier, note }))
}

pub(super) fn save_feed(tx: &mut Write<'_>, feed: &OwnFeed) -> Result<(), FeedError> {
    let values = (
        own_feed::origin.eq(&feed.origin),
        own_feed::size.eq(number(feed.frontier.size())?),
        own_feed::frontier.eq(feed.frontier.to_string()),
        own_feed::note.eq(&feed.note),
    );
    on_both!(tx, c => diesel::insert_into(own_feed::table)
        .values((own_feed::name.eq(&feed.name), values.clone()))
        .on_conflict(own_feed::name)
        .do_update()
        .set(values)
        .execute(c))
    .map_err(DbError::from)?;
    Ok(())
}

/// How many changes wait to become entries.
pub(super) fn count_waiting(tx: &mut impl Reading) -> Result<u64, DbError> {
    let count: i64 = on_both!(tx, c => outbox::table.count().get_result(c))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Whether something waits to be logged.
pub(super) fn has_outbox(tx: &mut impl Reading) -> Result<bool, FeedError> {
    let first: Option<i64> =
        on_both!(tx, c => outbox::table.select(outbox::number).first(c).optional()).map_err(DbError::from)?;
    Ok(first.is_some())
}

/// The oldest changes that wait, in their order.
pub(super) fn waiting(tx: &mut impl Reading, most: usize) -> Result<Vec<(i64, Change)>, FeedError> {
    let rows: Vec<(i64, String)> = on_both!(tx, c => outbox::table
        .order(outbox::number)
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .load(c))
    .map_err(DbError::from)?;
    let change = |(number, json): (i64, String)| {
        let change = serde_json::from_str(&json);
        change
            .map(|change| (number, change))
            .map_err(|error| DbError::Unreadable(format!("change {number} of the outbox: {error}")).into())
    };
    rows.into_iter().map(change).collect()
}

pub(super) fn forget_waiting(tx: &mut Write<'_>, last: i64) -> Result<(), FeedError> {
    on_both!(tx, c => diesel::delete(outbox::table.filter(outbox::number.le(last))).execute(c))
        .map_err(DbError::from)?;
    Ok(())
}

pub(super) fn add_entries(tx: &mut Write<'_>, entries: &[StoredEntry]) -> Result<(), FeedError> {
    for chunk in entries.chunks(ROWS_AT_ONCE) {
        let mut rows = Vec::with_capacity(chunk.len());
        for entry in chunk {
            rows.push((
                own_entries::idx.eq(number(entry.idx)?),
                own_entries::leaf.eq(entry.leaf.to_string()),
                own_entries::raw.eq(&entry.raw),
            ));
        }
        on_both!(tx, c => diesel::insert_into(own_entries::table).values(&rows).execute(c))
            .map_err(DbError::from)?;
    }
    Ok(())
}

/// The entries `from..to` in order. # Errors: [`FeedError::Damaged`] if one is missing.
pub fn entries(tx: &mut impl Reading, from: u64, to: u64) -> Result<Vec<StoredEntry>, FeedError> {
    let (first, end) = (number(from)?, number(to)?);
    let rows: Vec<(i64, String, String)> = on_both!(tx, c => own_entries::table
        .filter(own_entries::idx.ge(first).and(own_entries::idx.lt(end)))
        .order(own_entries::idx)
        .load(c))
    .map_err(DbError::from)?;
    let mut entries = Vec::with_capacity(rows.len());
    for (expected, (idx, leaf, raw)) in (from..to).zip(rows) {
        if idx != number(expected)? {
            return Err(FeedError::Damaged("an entry is missing"));
        }
        entries.push(StoredEntry { idx: expected, leaf: digest(&leaf)?, raw });
    }
    if entries.len() as u64 != to.saturating_sub(from) {
        return Err(FeedError::Damaged("entries are missing at the end"));
    }
    Ok(entries)
}

/// The leaf hashes `from..to` in order. # Errors: [`FeedError::Damaged`] if one is missing.
pub(super) fn leaves(tx: &mut impl Reading, from: u64, to: u64) -> Result<Vec<Digest>, FeedError> {
    let (first, end) = (number(from)?, number(to)?);
    let rows: Vec<String> = on_both!(tx, c => own_entries::table
        .filter(own_entries::idx.ge(first).and(own_entries::idx.lt(end)))
        .order(own_entries::idx)
        .select(own_entries::leaf)
        .load(c))
    .map_err(DbError::from)?;
    if rows.len() as u64 != to.saturating_sub(from) {
        return Err(FeedError::Damaged("entries are missing"));
    }
    rows.iter().map(|leaf| digest(leaf)).collect()
}

/// The number of the newest identity note that the log names.
pub(super) fn logged_identity(tx: &mut impl Reading) -> Result<Option<u64>, FeedError> {
    let value: Option<String> = on_both!(tx, c => facts::table
        .find(IDENTITY_IN_LOG)
        .select(facts::value)
        .first(c)
        .optional())
    .map_err(DbError::from)?;
    let parse = |text: String| text.parse().map_err(|_| FeedError::Damaged("identity-in-log is no number"));
    value.map(parse).transpose()
}

pub(super) fn set_logged_identity(tx: &mut Write<'_>, seq: u64) -> Result<(), FeedError> {
    on_both!(tx, c => diesel::insert_into(facts::table)
        .values((facts::name.eq(IDENTITY_IN_LOG), facts::value.eq(seq.to_string())))
        .on_conflict(facts::name)
        .do_update()
        .set(facts::value.eq(seq.to_string()))
        .execute(c))
    .map_err(DbError::from)?;
    Ok(())
}
