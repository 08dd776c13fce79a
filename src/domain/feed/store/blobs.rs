//! Which bodies and media our entries name, and what becomes of them.

use super::{ROWS_AT_ONCE, digest};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::feed::error::FeedError;
use crate::on_both;
use crate::platform::db::schema::{bodies, own_blobs};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::BTreeMap;

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

/// Makes these blobs live; each digest may stand in the list once.
pub fn add_blobs(tx: &mut Write<'_>, blobs: &BTreeMap<Digest, OwnBlob>) -> Result<(), FeedError> {
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
pub fn erase_blobs(
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
            None => mark_erased(tx, &[medium])?,
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

/// Object, language and revision of a live body that names the medium: bodies name media by their digest in hex.
fn shown_by(tx: &mut Write<'_>, medium: &str) -> Result<Option<(String, String, i64)>, FeedError> {
    let first = on_both!(tx, c => own_blobs::table
        .inner_join(bodies::table.on(bodies::sha256.eq(own_blobs::sha256)))
        .filter(own_blobs::state.eq("live").and(own_blobs::kind.eq("body")))
        .filter(bodies::bytes.like(format!("%{medium}%")))
        .select((own_blobs::object, own_blobs::language, own_blobs::rev))
        .first(c)
        .optional());
    Ok(first.map_err(DbError::from)?)
}

/// Whether any body here, ours or another node's, names the medium.
pub fn is_named_by_a_body(tx: &mut impl Reading, medium: &Digest) -> Result<bool, FeedError> {
    let first: Option<String> = on_both!(tx, c => bodies::table
        .filter(bodies::bytes.like(format!("%{medium}%")))
        .select(bodies::sha256)
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
