//! The tables of our feed: outbox, entries, the signed state, and which blobs the entries name.

use super::error::FeedError;
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::content::change::Change;
use crate::on_both;
use crate::platform::db::schema::{
    bodies, body_media, facts, media, outbox, own_blobs, own_entries, own_feed,
};
use crate::platform::db::{DbError, Reading, Write};
use crate::tlog::merkle::Frontier;
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::BTreeMap;

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

/// A body or medium that an entry of ours names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnBlob {
    pub sha256: Digest,
    pub object: ObjectId,
    pub language: LanguageTag,
    pub rev: i64,
    pub kind: BlobKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobKind {
    Body,
    Media,
}

/// What may be answered when somebody asks for a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blob {
    Unknown,
    Erased,
    /// The exact bytes of a body.
    Body(String),
    /// Lies in the blob store, if this node holds it.
    Media,
}

impl BlobKind {
    fn as_str(self) -> &'static str {
        match self {
            BlobKind::Body => "body",
            BlobKind::Media => "media",
        }
    }
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

/// Makes these blobs live; each digest may stand in the list once.
pub(super) fn add_blobs(tx: &mut Write<'_>, blobs: &BTreeMap<Digest, OwnBlob>) -> Result<(), FeedError> {
    let all: Vec<&OwnBlob> = blobs.values().collect();
    for chunk in all.chunks(ROWS_AT_ONCE) {
        let row = |blob: &&OwnBlob| {
            (
                own_blobs::sha256.eq(blob.sha256.to_string()),
                own_blobs::object.eq(blob.object.to_string()),
                own_blobs::language.eq(blob.language.as_str().to_owned()),
                own_blobs::rev.eq(blob.rev),
                own_blobs::kind.eq(blob.kind.as_str()),
                own_blobs::state.eq("live"),
            )
        };
        let rows: Vec<_> = chunk.iter().map(row).collect();
        on_both!(tx, c => diesel::insert_into(own_blobs::table)
            .values(&rows)
            .on_conflict(own_blobs::sha256)
            .do_update()
            .set((
                own_blobs::object.eq(excluded(own_blobs::object)),
                own_blobs::language.eq(excluded(own_blobs::language)),
                own_blobs::rev.eq(excluded(own_blobs::rev)),
                own_blobs::kind.eq(excluded(own_blobs::kind)),
                own_blobs::state.eq(excluded(own_blobs::state)),
            ))
            .execute(c))
        .map_err(DbError::from)?;
    }
    Ok(())
}

/// Deletes the bodies of an object, all or those revisions, and marks them and the media that only they show.
pub(super) fn erase_blobs(
    tx: &mut Write<'_>,
    object: ObjectId,
    revs: &BTreeMap<LanguageTag, Vec<i64>>,
) -> Result<(), FeedError> {
    let rows: Vec<(String, String, i64, String)> = on_both!(tx, c => own_blobs::table
        .filter(own_blobs::object.eq(object.to_string()).and(own_blobs::state.eq("live")))
        .select((own_blobs::sha256, own_blobs::language, own_blobs::rev, own_blobs::kind))
        .load(c))
    .map_err(DbError::from)?;
    let named = |language: &str, rev: i64| {
        let tag = language.parse::<LanguageTag>().ok();
        revs.is_empty() || tag.and_then(|tag| revs.get(&tag)).is_some_and(|revs| revs.contains(&rev))
    };
    let of_kind = |kind: BlobKind| -> Vec<String> {
        let chosen = rows.iter().filter(|row| row.3 == kind.as_str() && named(&row.1, row.2));
        chosen.map(|row| row.0.clone()).collect()
    };
    let erased = of_kind(BlobKind::Body);
    for chunk in erased.chunks(ROWS_AT_ONCE) {
        mark_erased(tx, chunk)?;
        on_both!(tx, c => diesel::delete(bodies::table.filter(bodies::sha256.eq_any(chunk))).execute(c))
            .map_err(DbError::from)?;
    }
    for medium in of_kind(BlobKind::Media) {
        // It stays while another body shows it, and from now on stands and falls with that one.
        match shown_by(tx, &medium)? {
            None => {
                mark_erased(tx, std::slice::from_ref(&medium))?;
                forget_medium(tx, &medium)?;
            }
            Some((object, language, rev)) => {
                let owner =
                    (own_blobs::object.eq(object), own_blobs::language.eq(language), own_blobs::rev.eq(rev));
                on_both!(tx, c => diesel::update(own_blobs::table.find(&medium)).set(owner).execute(c))
                    .map_err(DbError::from)?;
            }
        }
    }
    Ok(())
}

fn mark_erased(tx: &mut Write<'_>, digests: &[String]) -> Result<(), FeedError> {
    on_both!(tx, c => diesel::update(own_blobs::table.filter(own_blobs::sha256.eq_any(digests)))
        .set(own_blobs::state.eq("erased"))
        .execute(c))
    .map_err(DbError::from)?;
    Ok(())
}

/// Object, language and revision of a live body that names the medium.
fn shown_by(tx: &mut Write<'_>, medium: &str) -> Result<Option<(String, String, i64)>, FeedError> {
    let first = on_both!(tx, c => own_blobs::table
        .inner_join(body_media::table.on(body_media::body.eq(own_blobs::sha256)))
        .filter(own_blobs::state.eq("live").and(own_blobs::kind.eq("body")))
        .filter(body_media::medium.eq(medium))
        .select((own_blobs::object, own_blobs::language, own_blobs::rev))
        .first(c)
        .optional());
    Ok(first.map_err(DbError::from)?)
}

/// A row says that the file is here, which it is not for long.
fn forget_medium(tx: &mut Write<'_>, medium: &str) -> Result<(), FeedError> {
    if !is_named_by_a_body(tx, medium)? {
        on_both!(tx, c => diesel::delete(media::table.find(medium)).execute(c)).map_err(DbError::from)?;
    }
    Ok(())
}

/// Whether any body here, ours or another node's, names the medium.
pub(super) fn is_named_by_a_body(tx: &mut impl Reading, medium: &str) -> Result<bool, FeedError> {
    let first: Option<String> = on_both!(tx, c => body_media::table
        .filter(body_media::medium.eq(medium))
        .select(body_media::body)
        .first(c)
        .optional())
    .map_err(DbError::from)?;
    Ok(first.is_some())
}

/// What to answer when somebody asks for this blob of our feed.
pub fn blob(tx: &mut impl Reading, sha256: &Digest) -> Result<Blob, FeedError> {
    let hex = sha256.to_string();
    let row: Option<(String, String)> = on_both!(tx, c => own_blobs::table
        .find(&hex)
        .select((own_blobs::kind, own_blobs::state))
        .first(c)
        .optional())
    .map_err(DbError::from)?;
    let Some((kind, state)) = row else { return Ok(Blob::Unknown) };
    match (kind.as_str(), state.as_str()) {
        (_, "erased") => Ok(Blob::Erased),
        ("media", _) => Ok(Blob::Media),
        _ => {
            let bytes: Option<String> =
                on_both!(tx, c => bodies::table.find(&hex).select(bodies::bytes).first(c).optional())
                    .map_err(DbError::from)?;
            Ok(bytes.map_or(Blob::Unknown, Blob::Body))
        }
    }
}

/// Every blob our entries name, with whether it is still live.
pub fn named_blobs(tx: &mut impl Reading) -> Result<Vec<(Digest, BlobKind, bool)>, FeedError> {
    let rows: Vec<(String, String, String)> = on_both!(tx, c => own_blobs::table
        .select((own_blobs::sha256, own_blobs::kind, own_blobs::state))
        .order(own_blobs::sha256)
        .load(c))
    .map_err(DbError::from)?;
    let each = rows.iter().map(|(hex, kind, state)| {
        let kind = if kind == "body" { BlobKind::Body } else { BlobKind::Media };
        Ok((digest(hex)?, kind, state == "live"))
    });
    each.collect()
}
