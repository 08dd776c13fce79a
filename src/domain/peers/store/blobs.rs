//! Rows of bodies and media: what is wanted, what is here, and what nobody needs any more.

use super::fold::{HeadRow, WantRow};
use super::{KEYS, chunks};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::store::media as media_rows;
use crate::on_both;
use crate::platform::db::schema::{
    blob_wants, bodies, body_contacts, body_media, items, media, mirrors, own_blobs, remote_heads,
    remote_objects, revisions, translations,
};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Wants of a feed that may be tried at `now`, those with the fewest tries first.
pub fn due_wants(tx: &mut impl Reading, origin: &str, now: i64, most: i64) -> Result<Vec<WantRow>, DbError> {
    Ok(on_both!(tx, c => blob_wants::table.filter(blob_wants::origin.eq(origin))
        .filter(blob_wants::next_at.le(now)).order((blob_wants::tries, blob_wants::sha256)).limit(most)
        .select(WantRow::as_select()).load(c))?)
}

/// Feeds with wants that may be tried at `now`.
pub fn origins_with_wants(tx: &mut impl Reading, now: i64) -> Result<Vec<String>, DbError> {
    Ok(on_both!(tx, c => blob_wants::table.filter(blob_wants::next_at.le(now))
        .select(blob_wants::origin).distinct().order(blob_wants::origin).load(c))?)
}

/// Notes a failed attempt and when the next one is.
pub fn put_off(
    tx: &mut Write<'_>,
    want: &WantRow,
    tries: i64,
    next_at: i64,
    why: &str,
) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(blob_wants::table.find((&want.origin, &want.sha256)))
        .set((blob_wants::tries.eq(tries), blob_wants::next_at.eq(next_at), blob_wants::last_error.eq(why)))
        .execute(c))?;
    Ok(())
}

pub fn wants_in(tx: &mut impl Reading, origin: &str, digests: &[String]) -> Result<Vec<WantRow>, DbError> {
    chunks(digests, |digests| {
        on_both!(tx, c => blob_wants::table.filter(blob_wants::origin.eq(origin))
            .filter(blob_wants::sha256.eq_any(digests)).select(WantRow::as_select()).load(c))
    })
}

/// Whether some feed tried in vain so often to get one of these.
pub fn failed(tx: &mut impl Reading, digests: &[String], tries: i64) -> Result<bool, DbError> {
    let failed: Vec<String> = chunks(digests, |digests| {
        on_both!(tx, c => blob_wants::table.filter(blob_wants::sha256.eq_any(digests))
            .filter(blob_wants::tries.ge(tries)).select(blob_wants::sha256).limit(1).load(c))
    })?;
    Ok(!failed.is_empty())
}

pub fn bodies_in(tx: &mut impl Reading, digests: &[String]) -> Result<Vec<(String, String)>, DbError> {
    chunks(digests, |digests| {
        on_both!(tx, c => bodies::table.filter(bodies::sha256.eq_any(digests))
            .select((bodies::sha256, bodies::bytes)).load(c))
    })
}

/// Those of `digests` whose bodies are here.
pub fn here(tx: &mut impl Reading, digests: &[String]) -> Result<Vec<String>, DbError> {
    chunks(
        digests,
        |digests| on_both!(tx, c => bodies::table.filter(bodies::sha256.eq_any(digests)).select(bodies::sha256).load(c)),
    )
}

/// Heads whose newest body is not shown yet.
pub fn waiting_heads(tx: &mut impl Reading, origin: &str) -> Result<Vec<HeadRow>, DbError> {
    Ok(on_both!(tx, c => remote_heads::table.filter(remote_heads::origin.eq(origin))
        .filter(remote_heads::state.eq("want")).select(HeadRow::as_select()).load(c))?)
}

pub fn insert_medium(
    tx: &mut Write<'_>,
    sha256: &str,
    size_bytes: i64,
    mime: &str,
    source: &str,
) -> Result<(), DbError> {
    on_both!(tx, c => diesel::insert_into(media::table)
        .values((media::sha256.eq(sha256), media::size_bytes.eq(size_bytes), media::mime.eq(mime),
            media::source_url.eq(source)))
        .on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Those of `digests` that are here, with their sizes in bytes.
pub fn media_in(tx: &mut impl Reading, digests: &[String]) -> Result<HashMap<String, i64>, DbError> {
    let found: Vec<(String, i64)> = chunks(digests, |digests| {
        on_both!(tx, c => media::table.filter(media::sha256.eq_any(digests))
            .select((media::sha256, media::size_bytes)).load(c))
    })?;
    Ok(found.into_iter().collect())
}

/// The media that these bodies name, as far as they are here.
pub fn media_of(tx: &mut impl Reading, bodies: &[String]) -> Result<BTreeSet<String>, DbError> {
    let named = chunks(bodies, |bodies| {
        on_both!(tx, c => body_media::table.filter(body_media::body.eq_any(bodies))
            .select(body_media::medium).load(c))
    })?;
    Ok(named.into_iter().collect())
}

/// Whether the text of one of these bodies shows a contact.
pub fn show_contacts(tx: &mut impl Reading, bodies: &[String]) -> Result<bool, DbError> {
    let shown: Vec<String> = chunks(bodies, |bodies| {
        on_both!(tx, c => body_contacts::table.filter(body_contacts::body.eq_any(bodies))
            .select(body_contacts::contact).limit(1).load(c))
    })?;
    Ok(!shown.is_empty())
}

/// Whether one of these objects of a feed is a profile.
pub fn are_profiles(tx: &mut impl Reading, origin: &str, objects: &[String]) -> Result<bool, DbError> {
    let profiles: Vec<String> = chunks(objects, |objects| {
        on_both!(tx, c => remote_objects::table.filter(remote_objects::origin.eq(origin))
            .filter(remote_objects::object.eq_any(objects))
            .filter(remote_objects::kind.eq(ObjectKind::Profile.as_str()))
            .select(remote_objects::object).limit(1).load(c))
    })?;
    Ok(!profiles.is_empty())
}

/// How sure one must be that nobody needs a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forget<'a> {
    /// Only if no head and no mirror shows it.
    Unused,
    /// Also if this feed and mirrors of it show it: they lose it with their next refresh. What another feed names
    /// stays: digests stand in public logs, and whoever repeats one must not erase for the other.
    ErasedBy(&'a str),
}

impl<'a> Forget<'a> {
    /// The feed whose word does not count. No feed has an empty name.
    fn but(self) -> &'a str {
        if let Forget::ErasedBy(origin) = self { origin } else { "" }
    }
}

/// Deletes bodies. What we published ourselves always stays.
pub fn forget_bodies(tx: &mut Write<'_>, digests: &[String], how: Forget<'_>) -> Result<(), DbError> {
    let mut idle = here(tx, digests)?;
    let mut needed = ours(tx, &idle)?;
    needed.extend(mirrored(tx, &idle, how.but())?);
    let shown = shown_by(tx, &idle)?.into_iter().filter(|(_, origin)| origin != how.but());
    needed.extend(shown.map(|(digest, _)| digest));
    idle.retain(|digest| !needed.contains(digest));
    for digests in idle.chunks(KEYS) {
        on_both!(tx, c => diesel::delete(bodies::table.filter(bodies::sha256.eq_any(digests))).execute(c))?;
    }
    Ok(())
}

/// Those of `digests` that we published and did not erase, whether our log names them already or not.
fn ours(tx: &mut impl Reading, digests: &[String]) -> Result<HashSet<String>, DbError> {
    let named: Vec<(String, String)> = chunks(digests, |digests| {
        on_both!(tx, c => own_blobs::table.filter(own_blobs::sha256.eq_any(digests))
            .select((own_blobs::sha256, own_blobs::state)).load(c))
    })?;
    let (kept, erased): (Vec<_>, Vec<_>) = named.into_iter().partition(|(_, state)| state != "erased");
    let erased: HashSet<String> = erased.into_iter().map(|(digest, _)| digest).collect();
    let written: Vec<String> = chunks(digests, |digests| {
        on_both!(tx, c => revisions::table.inner_join(items::table.on(items::id.eq(revisions::item_id)))
            .filter(revisions::body.eq_any(digests)).filter(items::stewardship.eq("own"))
            .select(revisions::body).load(c))
    })?;
    let written = written.into_iter().filter(|digest| !erased.contains(digest));
    Ok(kept.into_iter().map(|(digest, _)| digest).chain(written).collect())
}

/// Those of `digests` that a mirror shows to readers, but for mirrors of this feed. What a mirror showed before is
/// needed by nobody: a mirrored page is not edited here, and its former texts are never shown again.
fn mirrored(tx: &mut impl Reading, digests: &[String], but: &str) -> Result<Vec<String>, DbError> {
    chunks(digests, |digests| {
        on_both!(tx, c => revisions::table
            .inner_join(mirrors::table.on(mirrors::item_id.eq(revisions::item_id)))
            .inner_join(translations::table.on(translations::public.eq(revisions::number.nullable())))
            .filter(revisions::body.eq_any(digests)).filter(mirrors::origin.ne(but))
            .select(revisions::body).load(c))
    })
}

/// Those of `digests` that a head names as shown or as soon to be shown, each with the feeds of such heads.
pub fn shown_by(tx: &mut impl Reading, digests: &[String]) -> Result<Vec<(String, String)>, DbError> {
    let ready: Vec<(Option<String>, String)> = chunks(digests, |digests| {
        on_both!(tx, c => remote_heads::table.filter(remote_heads::ready_body.eq_any(digests))
            .select((remote_heads::ready_body, remote_heads::origin)).distinct().load(c))
    })?;
    let mut shown: Vec<(String, String)> =
        ready.into_iter().filter_map(|(digest, origin)| Some((digest?, origin))).collect();
    shown.extend(chunks(digests, |digests| {
        on_both!(tx, c => remote_heads::table.filter(remote_heads::body.eq_any(digests))
            .filter(remote_heads::state.eq_any(["want", "ready"]))
            .select((remote_heads::body, remote_heads::origin)).distinct().load(c))
    })?);
    Ok(shown)
}

/// Lets go of those media that no body here, no entry of ours and not the library names: their files are to be deleted.
pub fn forget_media(tx: &mut Write<'_>, digests: &[String]) -> Result<(), DbError> {
    let mut needed: HashSet<String> = chunks(digests, |digests| {
        on_both!(tx, c => body_media::table.filter(body_media::medium.eq_any(digests))
            .select(body_media::medium).distinct().load(c))
    })?
    .into_iter()
    .collect();
    needed.extend(chunks(digests, |digests| {
        on_both!(tx, c => own_blobs::table.filter(own_blobs::sha256.eq_any(digests))
            .filter(own_blobs::state.ne("erased")).select(own_blobs::sha256).load(c))
    })?);
    needed.extend(media_rows::in_library(tx, digests)?);
    let idle: Vec<String> = digests.iter().filter(|digest| !needed.contains(*digest)).cloned().collect();
    media_rows::let_go(tx, &idle)
}

/// How many bodies this node holds, ours and others'.
#[cfg(test)]
pub fn count_bodies(tx: &mut crate::platform::db::Read<'_>) -> Result<i64, DbError> {
    Ok(on_both!(tx, c => bodies::table.count().get_result(c))?)
}
