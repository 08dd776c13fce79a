//! A reading view of what followed feeds say.

use super::{BATCH, stored};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::change::Via;
use crate::domain::content::kind::ObjectKind;
use crate::on_both;
use crate::platform::db::schema::{body_contacts, remote_heads, remote_objects};
use crate::platform::db::{DbError, Reading};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A live object of a followed feed, of a kind that this version understands.
#[derive(Clone, Debug)]
pub struct RemoteObject {
    pub object: ObjectId,
    pub kind: ObjectKind,
    /// For a page the one above; for everything that stands below none, its region.
    pub parent: Option<ObjectId>,
    pub ord: String,
    /// When it is over by itself, as its log says.
    pub expires_at: Option<Moment>,
}

/// What a followed feed says in one language.
#[derive(Clone, Debug)]
pub struct RemoteText {
    pub object: ObjectId,
    pub language: LanguageTag,
    /// The newest complete body and its revision; `None`: withdrawn, erased or not here yet.
    pub ready: Option<(Digest, i64)>,
    /// Withdrawn or erased upstream: what we show must go.
    pub gone: bool,
    /// The newest revision that translations must follow, by the log; it may be newer than what is ready.
    pub major_rev: i64,
    pub via: Via,
    pub source: Option<(LanguageTag, i64)>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = remote_objects)]
struct ObjectRow {
    object: String,
    kind: String,
    parent: Option<String>,
    ord: String,
    expires_at: Option<i64>,
}

/// Every live object of a followed feed, the oldest first.
pub fn objects(tx: &mut impl Reading, origin: &str) -> Result<Vec<RemoteObject>, DbError> {
    let rows: Vec<ObjectRow> = on_both!(tx, c => remote_objects::table
        .filter(remote_objects::origin.eq(origin))
        .filter(remote_objects::state.eq("live"))
        .order(remote_objects::object)
        .select(ObjectRow::as_select())
        .load(c))?;
    known(rows)
}

/// Those of one kind.
pub fn of_kind(tx: &mut impl Reading, origin: &str, kind: ObjectKind) -> Result<Vec<RemoteObject>, DbError> {
    let rows: Vec<ObjectRow> = on_both!(tx, c => remote_objects::table
        .filter(remote_objects::origin.eq(origin))
        .filter(remote_objects::state.eq("live"))
        .filter(remote_objects::kind.eq(kind.as_str()))
        .order(remote_objects::object)
        .select(ObjectRow::as_select())
        .load(c))?;
    known(rows)
}

fn known(rows: Vec<ObjectRow>) -> Result<Vec<RemoteObject>, DbError> {
    let known = rows.into_iter().filter_map(|row| Some((ObjectKind::parse(&row.kind)?, row)));
    known
        .map(|(kind, row)| {
            let parent = row.parent.as_deref().map(stored).transpose()?;
            let expires_at = row.expires_at.map(Moment::from_micros);
            Ok(RemoteObject { object: stored(&row.object)?, kind, parent, ord: row.ord, expires_at })
        })
        .collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = remote_heads)]
struct TextRow {
    object: String,
    language: String,
    state: String,
    ready_body: Option<String>,
    ready_rev: Option<i64>,
    major_rev: i64,
    via: String,
    source_language: Option<String>,
    source_rev: Option<i64>,
}

/// What a followed feed says otherwise since it had so many news.
pub fn texts_since(tx: &mut impl Reading, origin: &str, news: i64) -> Result<Vec<RemoteText>, DbError> {
    let rows: Vec<TextRow> = on_both!(tx, c => remote_heads::table
        .filter(remote_heads::origin.eq(origin)).filter(remote_heads::news.gt(news)).select(TextRow::as_select()).load(c))?;
    rows.into_iter().map(text).collect()
}

/// The languages in which something that stands right below one of these objects is complete.
pub fn spoken_below(
    tx: &mut impl Reading,
    origin: &str,
    parents: &[ObjectId],
) -> Result<BTreeMap<ObjectId, BTreeSet<LanguageTag>>, DbError> {
    let mut spoken: BTreeMap<ObjectId, BTreeSet<LanguageTag>> = BTreeMap::new();
    for batch in parents.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ObjectId::to_string).collect();
        let rows: Vec<(Option<String>, String)> = on_both!(tx, c => remote_objects::table
            .inner_join(remote_heads::table.on(remote_heads::origin.eq(remote_objects::origin)
                .and(remote_heads::object.eq(remote_objects::object))))
            .filter(remote_objects::origin.eq(origin))
            .filter(remote_objects::parent.eq_any(&ids))
            .filter(remote_objects::state.eq("live"))
            .filter(remote_heads::state.ne_all(["withdrawn", "erased"]))
            .filter(remote_heads::language.ne(LanguageTag::none().as_str()))
            .filter(remote_heads::ready_body.is_not_null())
            .select((remote_objects::parent, remote_heads::language))
            .distinct()
            .load(c))?;
        for (parent, language) in rows {
            let Some(parent) = parent else { continue };
            spoken.entry(stored(&parent)?).or_default().insert(stored(&language)?);
        }
    }
    Ok(spoken)
}

/// What a followed feed says of these objects, in every language.
pub fn texts(tx: &mut impl Reading, origin: &str, objects: &[ObjectId]) -> Result<Vec<RemoteText>, DbError> {
    let mut found = Vec::new();
    for batch in objects.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ObjectId::to_string).collect();
        let rows: Vec<TextRow> = on_both!(tx, c => remote_heads::table
            .filter(remote_heads::origin.eq(origin))
            .filter(remote_heads::object.eq_any(&ids))
            .select(TextRow::as_select())
            .load(c))?;
        for row in rows {
            found.push(text(row)?);
        }
    }
    Ok(found)
}

fn text(row: TextRow) -> Result<RemoteText, DbError> {
    let ready_body: Option<Digest> = row.ready_body.as_deref().map(stored).transpose()?;
    let source: Option<LanguageTag> = row.source_language.as_deref().map(stored).transpose()?;
    let gone = row.state == "withdrawn" || row.state == "erased";
    Ok(RemoteText {
        object: stored(&row.object)?,
        language: stored(&row.language)?,
        ready: ready_body.zip(row.ready_rev).filter(|_| !gone),
        gone,
        major_rev: row.major_rev,
        via: Via::parse(&row.via).unwrap_or(Via::Human),
        source: source.zip(row.source_rev),
    })
}

/// The complete facts that a feed tells: the object, and the digest of its body.
pub fn facts(tx: &mut impl Reading, origin: &str) -> Result<Vec<(ObjectId, Digest)>, DbError> {
    let rows: Vec<(String, Option<String>)> = on_both!(tx, c => remote_heads::table
        .filter(remote_heads::origin.eq(origin))
        .filter(remote_heads::language.eq(LanguageTag::none().as_str()))
        .filter(remote_heads::state.ne_all(["withdrawn", "erased"]))
        .select((remote_heads::object, remote_heads::ready_body))
        .load(c))?;
    let ready = rows.into_iter().filter_map(|(object, body)| Some((object, body?)));
    ready.map(|(object, body)| Ok((stored(&object)?, stored(&body)?))).collect()
}

/// The contacts that the complete texts of a feed show, each with the object whose text it is.
pub fn contacts_shown(tx: &mut impl Reading, origin: &str) -> Result<Vec<(ObjectId, ObjectId)>, DbError> {
    let rows: Vec<(String, String)> = on_both!(tx, c => remote_heads::table
        .inner_join(body_contacts::table.on(remote_heads::ready_body.eq(body_contacts::body.nullable())))
        .filter(remote_heads::origin.eq(origin))
        .filter(remote_heads::state.ne_all(["withdrawn", "erased"]))
        .select((remote_heads::object, body_contacts::contact))
        .distinct()
        .load(c))?;
    rows.iter().map(|(object, contact)| Ok((stored(object)?, stored(contact)?))).collect()
}
