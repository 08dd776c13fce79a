//! All SQL of this room: adoptions and mirrors here, what followed feeds say in `remote`, whole
//! regions in `regions`, and how far mirrors were brought in `progress`.

pub mod remote;
pub mod regions;
pub mod progress;

use crate::base::id::{AdoptionId, ItemId, NodeId, ObjectId, RegionId};
use crate::base::moment::Moment;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::labels::Facets;
use crate::on_both;
use crate::platform::db::schema::{
    adoptions, mirrored_feeds, mirrors, peer_feeds, peer_nodes, remote_objects,
};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const BATCH: usize = 500;

/// How much comes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This item alone.
    Item,
    /// A page with all below it; everything that a region publishes.
    Subtree,
    /// Of a region everything of one kind.
    All(ObjectKind),
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

/// An item of ours that shows a foreign object.
#[derive(Clone, Debug)]
pub struct Mirror {
    pub item: ItemId,
    pub adoption: AdoptionId,
    pub origin: String,
    pub object: ObjectId,
}

/// The followed feed behind a mirror.
#[derive(Clone, Debug, PartialEq)]
pub struct Peer {
    pub origin: String,
    pub node: NodeId,
    pub name: String,
    pub site: Option<String>,
    pub healthy: bool,
    pub last_ok_at: Option<Moment>,
    /// What it says now.
    pub news: i64,
    /// With which version of the content all its mirrors were last brought.
    pub version: Option<i64>,
}

fn stored<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, DbError> {
    text.parse().map_err(|error: T::Err| DbError::Unreadable(error.to_string()))
}

pub fn insert(tx: &mut Write<'_>, adoption: &Adoption) -> Result<(), DbError> {
    let Adoption { id, region, parent, origin, object, scope, adopted_at } = adoption;
    let (scope, kind) = match scope {
        Scope::Item => ("page", None),
        Scope::Subtree => ("subtree", None),
        Scope::All(kind) => ("subtree", Some(kind.as_str())),
    };
    let row = (
        adoptions::id.eq(id.to_string()),
        adoptions::region_id.eq(region.to_string()),
        adoptions::parent_id.eq(parent.map(|parent| parent.to_string())),
        adoptions::origin.eq(origin),
        adoptions::object.eq(object.to_string()),
        adoptions::scope.eq(scope),
        adoptions::adopted_at.eq(adopted_at.micros()),
        adoptions::kind.eq(kind),
    );
    on_both!(tx, c => diesel::insert_into(adoptions::table).values(row).execute(c))?;
    Ok(())
}

/// Every feed that something is adopted from, or whose regions are shown.
pub fn origins(tx: &mut impl Reading) -> Result<BTreeSet<String>, DbError> {
    let adopted: Vec<String> =
        on_both!(tx, c => adoptions::table.select(adoptions::origin).distinct().load(c))?;
    Ok(adopted.into_iter().chain(regions::shown(tx)?).collect())
}

/// The adoptions from this feed, the oldest first.
pub fn adoptions(tx: &mut impl Reading, origin: &str) -> Result<Vec<Adoption>, DbError> {
    let rows: Vec<AdoptionRow> = on_both!(tx, c => adoptions::table
        .filter(adoptions::origin.eq(origin)).order((adoptions::adopted_at, adoptions::id)).load(c))?;
    rows.into_iter().map(adopted).collect()
}

pub fn adoption(tx: &mut impl Reading, id: AdoptionId) -> Result<Option<Adoption>, DbError> {
    let row: Option<AdoptionRow> =
        on_both!(tx, c => adoptions::table.find(id.to_string()).first(c).optional())?;
    row.map(adopted).transpose()
}

type AdoptionRow = (String, String, Option<String>, String, String, String, i64, Option<String>);

fn adopted(row: AdoptionRow) -> Result<Adoption, DbError> {
    let (id, region, parent, origin, object, scope, adopted_at, kind) = row;
    let scope = match kind.as_deref().and_then(ObjectKind::parse) {
        Some(kind) => Scope::All(kind),
        None if scope == "page" => Scope::Item,
        None => Scope::Subtree,
    };
    Ok(Adoption {
        id: stored(&id)?,
        region: stored(&region)?,
        parent: parent.as_deref().map(stored).transpose()?,
        origin,
        object: stored(&object)?,
        scope,
        adopted_at: Moment::from_micros(adopted_at),
    })
}

type MirrorRow = (String, String, String, String);

fn mirror((item, adoption, origin, object): MirrorRow) -> Result<Mirror, DbError> {
    Ok(Mirror { item: stored(&item)?, adoption: stored(&adoption)?, origin, object: stored(&object)? })
}

/// The items that mirror objects of these feeds.
pub fn mirrors(tx: &mut impl Reading, origins: &[String]) -> Result<Vec<Mirror>, DbError> {
    let mut found = Vec::new();
    for origins in origins.chunks(BATCH) {
        let rows: Vec<MirrorRow> =
            on_both!(tx, c => mirrors::table.filter(mirrors::origin.eq_any(origins)).load(c))?;
        for row in rows {
            found.push(mirror(row)?);
        }
    }
    Ok(found)
}

/// The items that mirror these objects of a feed.
pub fn mirrors_of(tx: &mut impl Reading, origin: &str, objects: &[ObjectId]) -> Result<Vec<Mirror>, DbError> {
    let mut found = Vec::new();
    for batch in objects.chunks(BATCH) {
        let ids: Vec<String> = batch.iter().map(ObjectId::to_string).collect();
        let rows: Vec<MirrorRow> = on_both!(tx, c => mirrors::table
            .filter(mirrors::origin.eq(origin)).filter(mirrors::object.eq_any(&ids)).load(c))?;
        for row in rows {
            found.push(mirror(row)?);
        }
    }
    Ok(found)
}

/// What an item mirrors; `None`: it is no mirror.
pub fn mirrored_by(tx: &mut impl Reading, item: ItemId) -> Result<Option<Mirror>, DbError> {
    let row: Option<MirrorRow> =
        on_both!(tx, c => mirrors::table.find(item.to_string()).first(c).optional())?;
    row.map(mirror).transpose()
}

pub fn insert_mirrors(tx: &mut Write<'_>, all: &[Mirror]) -> Result<(), DbError> {
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|mirror| {
                (
                    mirrors::item_id.eq(mirror.item.to_string()),
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

/// Lets other adoptions bring these items from now on.
pub fn hand_over(tx: &mut Write<'_>, items: &[(ItemId, AdoptionId)]) -> Result<(), DbError> {
    let mut by_adoption: BTreeMap<AdoptionId, Vec<String>> = BTreeMap::new();
    for (item, adoption) in items {
        by_adoption.entry(*adoption).or_default().push(item.to_string());
    }
    for (adoption, items) in by_adoption {
        for batch in items.chunks(BATCH) {
            on_both!(tx, c => diesel::update(mirrors::table.filter(mirrors::item_id.eq_any(batch)))
                .set(mirrors::adoption_id.eq(adoption.to_string())).execute(c))?;
        }
    }
    Ok(())
}

/// Deletes adoptions; of the items they brought it is no longer known where they come from.
pub fn delete(tx: &mut Write<'_>, adoptions: &[AdoptionId]) -> Result<(), DbError> {
    let ids: Vec<String> = adoptions.iter().map(AdoptionId::to_string).collect();
    on_both!(tx, c => diesel::delete(adoptions::table.filter(adoptions::id.eq_any(&ids))).execute(c))?;
    Ok(())
}

/// Every followed feed with its node.
pub fn peers(tx: &mut impl Reading) -> Result<Vec<Peer>, DbError> {
    type Row = (String, String, String, Option<i64>, String, Option<String>, String, i64, Option<i64>);
    let rows: Vec<Row> = on_both!(tx, c => peer_feeds::table
        .inner_join(peer_nodes::table.on(peer_nodes::node_id.eq(peer_feeds::node_id)))
        .left_join(mirrored_feeds::table.on(mirrored_feeds::origin.eq(peer_feeds::origin)))
        .select((peer_feeds::origin, peer_feeds::node_id, peer_feeds::state, peer_feeds::last_ok_at,
            peer_nodes::name, peer_nodes::site_url, peer_nodes::state, peer_feeds::news,
            mirrored_feeds::version.nullable()))
        .load(c))?;
    rows.into_iter()
        .map(|(origin, node, state, last_ok_at, name, site, node_state, news, version)| {
            Ok(Peer {
                origin,
                node: stored(&node)?,
                name,
                site,
                healthy: state == "following" && node_state == "followed",
                last_ok_at: last_ok_at.map(Moment::from_micros),
                news,
                version,
            })
        })
        .collect()
}

/// Licence and facets of what is mirrored of these feeds, by feed and object.
pub fn labels(
    tx: &mut impl Reading,
    origins: &[String],
) -> Result<Vec<(String, ObjectId, String, Facets)>, DbError> {
    let mut found = Vec::new();
    for origins in origins.chunks(BATCH) {
        let rows: Vec<(String, String, String, String)> = on_both!(tx, c => mirrors::table
            .inner_join(remote_objects::table.on(remote_objects::origin.eq(mirrors::origin)
                .and(remote_objects::object.eq(mirrors::object))))
            .filter(mirrors::origin.eq_any(origins))
            .select((mirrors::origin, mirrors::object, remote_objects::licence, remote_objects::facets))
            .load(c))?;
        for (origin, object, licence, facets) in rows {
            let facets =
                serde_json::from_str(&facets).map_err(|error| DbError::Unreadable(error.to_string()))?;
            found.push((origin, stored(&object)?, licence, facets));
        }
    }
    Ok(found)
}
