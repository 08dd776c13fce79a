//! All SQL of this room: adoptions, mirrors, and a reading view of what followed feeds say.

use crate::base::digest::Digest;
use crate::base::id::{AdoptionId, ItemId, NodeId, ObjectId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::change::Via;
use crate::domain::content::labels::Facets;
use crate::on_both;
use crate::platform::db::schema::{adoptions, mirrors, peer_feeds, peer_nodes, remote_heads, remote_objects};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;

const BATCH: usize = 500;

/// How much of the foreign tree comes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Page,
    Subtree,
}

#[derive(Clone, Debug)]
pub struct Adoption {
    pub id: AdoptionId,
    pub region: RegionId,
    pub parent: Option<ItemId>,
    pub origin: String,
    pub object: ObjectId,
    pub scope: Scope,
    pub adopted_at: Moment,
}

/// A page of ours that shows a foreign object.
#[derive(Clone, Debug)]
pub struct Mirror {
    pub page: ItemId,
    pub adoption: AdoptionId,
    pub origin: String,
    pub object: ObjectId,
}

/// A live page of a followed feed.
#[derive(Clone, Debug)]
pub struct RemotePage {
    pub object: ObjectId,
    pub parent: Option<ObjectId>,
    pub ord: String,
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

/// The followed feed behind a mirror.
#[derive(Clone, Debug)]
pub struct Peer {
    pub origin: String,
    pub node: NodeId,
    pub name: String,
    pub site: Option<String>,
    pub healthy: bool,
    pub last_ok_at: Option<Moment>,
}

fn stored<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, DbError> {
    text.parse().map_err(|error: T::Err| DbError::Unreadable(error.to_string()))
}

pub fn insert(tx: &mut Write<'_>, adoption: &Adoption) -> Result<(), DbError> {
    let Adoption { id, region, parent, origin, object, scope, adopted_at } = adoption;
    let scope = match scope {
        Scope::Page => "page",
        Scope::Subtree => "subtree",
    };
    let row = (
        adoptions::id.eq(id.to_string()),
        adoptions::region_id.eq(region.to_string()),
        adoptions::parent_id.eq(parent.map(|parent| parent.to_string())),
        adoptions::origin.eq(origin),
        adoptions::object.eq(object.to_string()),
        adoptions::scope.eq(scope),
        adoptions::adopted_at.eq(adopted_at.micros()),
    );
    on_both!(tx, c => diesel::insert_into(adoptions::table).values(row).execute(c))?;
    Ok(())
}

/// Every feed that something is adopted from.
pub fn origins(tx: &mut impl Reading) -> Result<Vec<String>, DbError> {
    Ok(on_both!(tx, c => adoptions::table
        .select(adoptions::origin).distinct().order(adoptions::origin).load(c))?)
}

/// The adoptions from this feed, the oldest first.
pub fn adoptions(tx: &mut impl Reading, origin: &str) -> Result<Vec<Adoption>, DbError> {
    type Row = (String, String, Option<String>, String, String, String, i64);
    let rows: Vec<Row> = on_both!(tx, c => adoptions::table
        .filter(adoptions::origin.eq(origin)).order(adoptions::adopted_at).load(c))?;
    rows.into_iter()
        .map(|(id, region, parent, origin, object, scope, adopted_at)| {
            Ok(Adoption {
                id: stored(&id)?,
                region: stored(&region)?,
                parent: parent.as_deref().map(stored).transpose()?,
                origin,
                object: stored(&object)?,
                scope: if scope == "page" { Scope::Page } else { Scope::Subtree },
                adopted_at: Moment::from_micros(adopted_at),
            })
        })
        .collect()
}

pub fn mirrors(tx: &mut impl Reading) -> Result<Vec<Mirror>, DbError> {
    let rows: Vec<(String, String, String, String)> = on_both!(tx, c => mirrors::table.load(c))?;
    rows.into_iter()
        .map(|(page, adoption, origin, object)| {
            Ok(Mirror {
                page: stored(&page)?,
                adoption: stored(&adoption)?,
                origin,
                object: stored(&object)?,
            })
        })
        .collect()
}

pub fn insert_mirrors(tx: &mut Write<'_>, all: &[Mirror]) -> Result<(), DbError> {
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|mirror| {
                (
                    mirrors::item_id.eq(mirror.page.to_string()),
                    mirrors::adoption_id.eq(mirror.adoption.to_string()),
                    mirrors::origin.eq(mirror.origin.clone()),
                    mirrors::object.eq(mirror.object.to_string()),
                )
            })
            .collect();
        on_both!(tx, c => diesel::insert_into(mirrors::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Lets other adoptions bring these pages from now on.
pub fn hand_over(tx: &mut Write<'_>, pages: &[(ItemId, AdoptionId)]) -> Result<(), DbError> {
    for (page, adoption) in pages {
        on_both!(tx, c => diesel::update(mirrors::table.find(page.to_string()))
            .set(mirrors::adoption_id.eq(adoption.to_string())).execute(c))?;
    }
    Ok(())
}

/// Deletes adoptions; of the pages they brought it is no longer known where they come from.
pub fn delete(tx: &mut Write<'_>, adoptions: &[AdoptionId]) -> Result<(), DbError> {
    let ids: Vec<String> = adoptions.iter().map(AdoptionId::to_string).collect();
    on_both!(tx, c => diesel::delete(adoptions::table.filter(adoptions::id.eq_any(&ids))).execute(c))?;
    Ok(())
}

/// Every live page of a followed feed.
pub fn remote_pages(tx: &mut impl Reading, origin: &str) -> Result<Vec<RemotePage>, DbError> {
    let rows: Vec<(String, Option<String>, String)> = on_both!(tx, c => remote_objects::table
        .filter(remote_objects::origin.eq(origin))
        .filter(remote_objects::kind.eq("page"))
        .filter(remote_objects::state.eq("live"))
        .select((remote_objects::object, remote_objects::parent, remote_objects::ord))
        .load(c))?;
    rows.into_iter()
        .map(|(object, parent, ord)| {
            let parent = parent.as_deref().map(stored).transpose()?;
            Ok(RemotePage { object: stored(&object)?, parent, ord })
        })
        .collect()
}

type TextRow =
    (String, String, String, Option<String>, Option<i64>, i64, String, Option<String>, Option<i64>);

/// What a followed feed says of these objects, in every language.
pub fn remote_texts(
    tx: &mut impl Reading,
    origin: &str,
    objects: &[ObjectId],
) -> Result<Vec<RemoteText>, DbError> {
    let mut found = Vec::new();
    for batch in objects.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ObjectId::to_string).collect();
        let rows: Vec<TextRow> = on_both!(tx, c => remote_heads::table
            .filter(remote_heads::origin.eq(origin))
            .filter(remote_heads::object.eq_any(&ids))
            .select((remote_heads::object, remote_heads::language, remote_heads::state,
                remote_heads::ready_body, remote_heads::ready_rev, remote_heads::major_rev, remote_heads::via,
                remote_heads::source_language, remote_heads::source_rev))
            .load(c))?;
        for row in rows {
            found.push(remote_text(row)?);
        }
    }
    Ok(found)
}

fn remote_text(row: TextRow) -> Result<RemoteText, DbError> {
    let (object, language, state, ready_body, ready_rev, major_rev, via, source_language, source_rev) = row;
    let ready_body: Option<Digest> = ready_body.as_deref().map(stored).transpose()?;
    let source: Option<LanguageTag> = source_language.as_deref().map(stored).transpose()?;
    let gone = state == "withdrawn" || state == "erased";
    Ok(RemoteText {
        object: stored(&object)?,
        language: stored(&language)?,
        ready: ready_body.zip(ready_rev).filter(|_| !gone),
        gone,
        major_rev,
        via: Via::parse(&via).unwrap_or(Via::Human),
        source: source.zip(source_rev),
    })
}

/// Every followed feed with its node.
pub fn peers(tx: &mut impl Reading) -> Result<Vec<Peer>, DbError> {
    type Row = (String, String, String, Option<i64>, String, Option<String>, String);
    let rows: Vec<Row> = on_both!(tx, c => peer_feeds::table
        .inner_join(peer_nodes::table.on(peer_nodes::node_id.eq(peer_feeds::node_id)))
        .select((peer_feeds::origin, peer_feeds::node_id, peer_feeds::state, peer_feeds::last_ok_at,
            peer_nodes::name, peer_nodes::site_url, peer_nodes::state))
        .load(c))?;
    rows.into_iter()
        .map(|(origin, node, state, last_ok_at, name, site, node_state)| {
            Ok(Peer {
                origin,
                node: stored(&node)?,
                name,
                site,
                healthy: state == "following" && node_state == "followed",
                last_ok_at: last_ok_at.map(Moment::from_micros),
            })
        })
        .collect()
}

/// Licence and facets of mirrored objects, by feed and object.
pub fn labels(tx: &mut impl Reading) -> Result<Vec<(String, ObjectId, String, Facets)>, DbError> {
    let rows: Vec<(String, String, String, String)> = on_both!(tx, c => mirrors::table
        .inner_join(remote_objects::table.on(remote_objects::origin.eq(mirrors::origin)
            .and(remote_objects::object.eq(mirrors::object))))
        .select((mirrors::origin, mirrors::object, remote_objects::licence, remote_objects::facets))
        .load(c))?;
    rows.into_iter()
        .map(|(origin, object, licence, facets)| {
            let facets =
                serde_json::from_str(&facets).map_err(|error| DbError::Unreadable(error.to_string()))?;
            Ok((origin, stored(&object)?, licence, facets))
        })
        .collect()
}
