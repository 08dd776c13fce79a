//! Which bodies and media our entries name, and what becomes of them.

use super::{ROWS_AT_ONCE, digest};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::content::store::media as media_rows;
use crate::domain::feed::error::FeedError;
use crate::on_both;
use crate::platform::db::schema::{bodies, body_media, own_blobs};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::{BTreeMap, BTreeSet};

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

/// SPEC: only blobs referenced by a live entry are served (civic-feed §2.17); withdrawn ones may be kept privately, and
/// erased ones must be deleted (§2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobState {
    Live,
    Withdrawn,
    Erased,
}

impl BlobState {
    fn as_str(self) -> &'static str {
        match self {
            BlobState::Live => "live",
            BlobState::Withdrawn => "withdrawn",
            BlobState::Erased => "erased",
        }
    }
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
                own_blobs::state.eq(BlobState::Live.as_str()),
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

/// What is withdrawn at once: objects, each wholly or in one language.
pub type Withdrawn = BTreeSet<(ObjectId, Option<LanguageTag>)>;

/// Takes these texts, and the media that no public one shows, away from everybody; they stay here.
pub fn withdraw_blobs(tx: &mut Write<'_>, withdrawn: &Withdrawn) -> Result<(), FeedError> {
    let objects: BTreeSet<String> = withdrawn.iter().map(|(object, _)| object.to_string()).collect();
    let objects: Vec<String> = objects.into_iter().collect();
    let mut named: Vec<Named> = Vec::new();
    for chunk in objects.chunks(ROWS_AT_ONCE) {
        named.extend(named_by(tx, chunk, &[BlobState::Live])?);
    }
    let withdrawn: BTreeSet<(String, Option<String>)> = withdrawn
        .iter()
        .map(|(object, language)| (object.to_string(), language.as_ref().map(LanguageTag::to_string)))
        .collect();
    named.retain(|row| {
        let whole = (row.object.clone(), None);
        withdrawn.contains(&whole) || withdrawn.contains(&(whole.0, Some(row.language.clone())))
    });
    mark(tx, &of_kind(&named, BlobKind::Body), BlobState::Withdrawn)?;
    pass_on(tx, of_kind(&named, BlobKind::Media), BlobState::Withdrawn)
}

/// Deletes the bodies of an object, all or those revisions, and marks them and the media that only they show.
pub fn erase_blobs(
    tx: &mut Write<'_>,
    object: ObjectId,
    revs: &BTreeMap<LanguageTag, Vec<i64>>,
) -> Result<(), FeedError> {
    let revs: BTreeMap<String, &Vec<i64>> =
        revs.iter().map(|(language, revs)| (language.to_string(), revs)).collect();
    let mut named = named_by(tx, &[object.to_string()], &[BlobState::Live, BlobState::Withdrawn])?;
    named
        .retain(|row| revs.is_empty() || revs.get(&row.language).is_some_and(|revs| revs.contains(&row.rev)));
    let erased = of_kind(&named, BlobKind::Body);
    mark(tx, &erased, BlobState::Erased)?;
    for chunk in erased.chunks(ROWS_AT_ONCE) {
        on_both!(tx, c => diesel::delete(bodies::table.filter(bodies::sha256.eq_any(chunk))).execute(c))
            .map_err(DbError::from)?;
    }
    pass_on(tx, of_kind(&named, BlobKind::Media), BlobState::Erased)
}

/// A blob with the text that named it last.
#[derive(Clone, Queryable)]
struct Named {
    sha256: String,
    object: String,
    language: String,
    rev: i64,
    kind: String,
}

/// The blobs of these objects that are in one of these states.
fn named_by(
    tx: &mut impl Reading,
    objects: &[String],
    states: &[BlobState],
) -> Result<Vec<Named>, FeedError> {
    let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let rows = on_both!(tx, c => own_blobs::table
        .filter(own_blobs::object.eq_any(objects).and(own_blobs::state.eq_any(&states)))
        .select((own_blobs::sha256, own_blobs::object, own_blobs::language, own_blobs::rev, own_blobs::kind))
        .load(c));
    Ok(rows.map_err(DbError::from)?)
}

fn of_kind(named: &[Named], kind: BlobKind) -> Vec<String> {
    named.iter().filter(|row| row.kind == kind.as_str()).map(|row| row.sha256.clone()).collect()
}

fn mark(tx: &mut Write<'_>, digests: &[String], state: BlobState) -> Result<(), FeedError> {
    for chunk in digests.chunks(ROWS_AT_ONCE) {
        on_both!(tx, c => diesel::update(own_blobs::table.filter(own_blobs::sha256.eq_any(chunk)))
            .set(own_blobs::state.eq(state.as_str()))
            .execute(c))
        .map_err(DbError::from)?;
    }
    Ok(())
}

/// Leaves media to a text that shows them, too: with a public one they stay public, with a withdrawn one they stay
/// here. From now on they stand and fall with it. Those that nobody shows become `orphaned`.
fn pass_on(tx: &mut Write<'_>, media: Vec<String>, orphaned: BlobState) -> Result<(), FeedError> {
    let mut left: BTreeSet<String> = media.into_iter().collect();
    for state in [BlobState::Live, BlobState::Withdrawn] {
        for (medium, text) in shown_by(tx, &left, state)? {
            left.remove(&medium);
            let owner = (
                own_blobs::object.eq(text.object),
                own_blobs::language.eq(text.language),
                own_blobs::rev.eq(text.rev),
                own_blobs::state.eq(state.as_str()),
            );
            on_both!(tx, c => diesel::update(own_blobs::table.find(&medium)).set(owner).execute(c))
                .map_err(DbError::from)?;
        }
    }
    let left: Vec<String> = left.into_iter().collect();
    mark(tx, &left, orphaned)?;
    if orphaned == BlobState::Erased { forget_media(tx, &left) } else { Ok(()) }
}

/// A text in this state for each of the media that one shows.
fn shown_by(
    tx: &mut impl Reading,
    media: &BTreeSet<String>,
    state: BlobState,
) -> Result<BTreeMap<String, Named>, FeedError> {
    let all: Vec<&String> = media.iter().collect();
    let mut shown = BTreeMap::new();
    for chunk in all.chunks(ROWS_AT_ONCE) {
        let texts: Vec<(String, Named)> = on_both!(tx, c => own_blobs::table
            .inner_join(body_media::table.on(body_media::body.eq(own_blobs::sha256)))
            .filter(own_blobs::state.eq(state.as_str()).and(own_blobs::kind.eq("body")))
            .filter(body_media::medium.eq_any(chunk.iter().copied()))
            .order(own_blobs::sha256)
            .select((body_media::medium, (own_blobs::sha256, own_blobs::object, own_blobs::language,
                own_blobs::rev, own_blobs::kind)))
            .load(c))
        .map_err(DbError::from)?;
        for (medium, text) in texts {
            shown.entry(medium).or_insert(text);
        }
    }
    Ok(shown)
}

/// A row says that the file is here, which it is not for long. What was uploaded goes too, if no other text shows it.
fn forget_media(tx: &mut Write<'_>, digests: &[String]) -> Result<(), FeedError> {
    let mut gone = Vec::new();
    for medium in digests {
        if !is_named_by_a_body(tx, medium)? {
            gone.push(medium.clone());
        }
    }
    Ok(media_rows::let_go(tx, &gone)?)
}

/// Whether any body here, ours or another node's, names the medium, or somebody uploaded it again.
pub fn is_still_needed(tx: &mut impl Reading, medium: &str) -> Result<bool, FeedError> {
    let uploaded = media_rows::in_library(tx, &[medium.to_owned()])?;
    Ok(!uploaded.is_empty() || is_named_by_a_body(tx, medium)?)
}

fn is_named_by_a_body(tx: &mut impl Reading, medium: &str) -> Result<bool, FeedError> {
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
        (_, "withdrawn") => Ok(Blob::Unknown),
        ("media", _) => Ok(Blob::Media),
        _ => {
            let bytes: Option<String> =
                on_both!(tx, c => bodies::table.find(&hex).select(bodies::bytes).first(c).optional())
                    .map_err(DbError::from)?;
            Ok(bytes.map_or(Blob::Unknown, Blob::Body))
        }
    }
}

/// Every blob our entries name.
pub fn named_blobs(tx: &mut impl Reading) -> Result<Vec<(Digest, BlobKind, BlobState)>, FeedError> {
    let rows: Vec<(String, String, String)> = on_both!(tx, c => own_blobs::table
        .select((own_blobs::sha256, own_blobs::kind, own_blobs::state))
        .order(own_blobs::sha256)
        .load(c))
    .map_err(DbError::from)?;
    let each = rows.iter().map(|(hex, kind, state)| {
        let kind = if kind == "body" { BlobKind::Body } else { BlobKind::Media };
        let known = [BlobState::Live, BlobState::Withdrawn].into_iter().find(|known| known.as_str() == state);
        Ok((digest(hex)?, kind, known.unwrap_or(BlobState::Erased)))
    });
    each.collect()
}
