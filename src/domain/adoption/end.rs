//! Ending an adoption: what it brought is shown no more for good, and may be adopted again elsewhere.

use super::error::AdoptionError;
use super::mirror;
use super::selection::Remote;
use super::store::{self, Adoption, Mirror, Scope};
use crate::base::id::{AdoptionId, ItemId, ObjectId, RegionId};
use crate::domain::content::item::{Item, Stewardship};
use crate::domain::content::{ContentError, Desk, archive, mirrored, store as content};
use crate::domain::peers::wanted;
use crate::platform::db::{Reading, Write};
use std::collections::HashMap;

/// What is adopted from a feed, by the ids that [`end`] takes: of ours for a single item, of the adoption for all of a
/// kind.
pub fn adopted(tx: &mut impl Reading, origin: &str) -> Result<Vec<ObjectId>, AdoptionError> {
    let adoptions = store::adoptions(tx, origin)?;
    // What stands in a whole region goes with the switch that shows it.
    let is_root = |mirror: &Mirror, region: RegionId| {
        adoptions.iter().any(|adoption| adoption.region == region && adoption.object == mirror.object)
    };
    let mut adopted: Vec<ObjectId> = adoptions.iter().filter(|one| is_collection(one)).map(told).collect();
    let mirrors = store::mirrors(tx, &[origin.to_owned()])?;
    let items: Vec<ItemId> = mirrors.iter().map(|mirror| mirror.item).collect();
    let regions: HashMap<ItemId, RegionId> =
        content::items::some(tx, &items)?.into_iter().map(|item| (item.id, item.region)).collect();
    let roots =
        mirrors.iter().filter(|one| regions.get(&one.item).is_some_and(|region| is_root(one, *region)));
    adopted.extend(roots.map(|mirror| ObjectId::from(mirror.item)));
    Ok(adopted)
}

fn is_collection(adoption: &Adoption) -> bool {
    matches!(adoption.scope, Scope::All(_))
}

fn told(adoption: &Adoption) -> ObjectId {
    adoption.id.into()
}

/// Takes the mirrors that an adoption brought out of the region; how many readers saw. `what` is the item at its head,
/// or the adoption itself. Nothing of them is kept: their addresses become free, for another item or for the same one,
/// should it be adopted again. What another adoption brings too stays with that.
/// # Errors: no mirrored item; one that came with another; one of our own stands below.
pub fn end(tx: &mut Write<'_>, desk: &Desk<'_>, what: ObjectId) -> Result<usize, AdoptionError> {
    let Head { origin, region, ended } = head(tx, what)?;
    let mirrors = store::mirrors(tx, std::slice::from_ref(&origin))?;
    let mut adoptions = store::adoptions(tx, &origin)?;
    adoptions.retain(|adoption| adoption.region == region);
    let (ended, rest): (Vec<Adoption>, Vec<Adoption>) =
        adoptions.into_iter().partition(|adoption| ended.is(adoption));
    let remote = Remote::read(tx, &origin, desk.clock.now())?;
    let items = content::items::of_region(tx, region)?;
    let brought = mirror::brought(&items, &mirrors, &rest, &remote);
    if ended.is_empty() {
        let item = mirrors.iter().find(|mirror| ObjectId::from(mirror.item) == what);
        let item = item.ok_or(AdoptionError::NotMirrored { item: what.into() })?;
        return Err(came_with(&mirrors, item, &rest, brought.get(&item.object).copied()));
    }
    let ended: Vec<AdoptionId> = ended.iter().map(|adoption| adoption.id).collect();
    let (mut kept, mut gone) = (Vec::new(), Vec::new());
    for Mirror { item, object, .. } in mirrors.iter().filter(|mirror| ended.contains(&mirror.adoption)) {
        match brought.get(object) {
            Some(adoption) => kept.push((*item, adoption.id)),
            None => gone.push(*item),
        }
    }
    refuse_own_below(&items, &gone)?;
    store::hand_over(tx, &kept)?;
    store::delete(tx, &ended)?;
    mirror::refresh_all(tx, desk, &origin)?;
    // What they showed last may be what their author has replaced since; then nobody else needs it.
    let left = content::revisions::public_of(tx, &gone)?;
    let left: Vec<String> = left.into_iter().map(|revision| revision.body.to_string()).collect();
    mirrored::remove(tx, &gone)?;
    wanted::forget(tx, &origin, &left, &[])?;
    Ok(items.iter().filter(|item| gone.contains(&item.id) && !item.archived).count())
}

/// What is to end.
struct Head {
    origin: String,
    region: RegionId,
    ended: Ended,
}

enum Ended {
    /// Every adoption of this object by itself.
    Object(ObjectId),
    Adoption(AdoptionId),
}

impl Ended {
    fn is(&self, adoption: &Adoption) -> bool {
        match self {
            Ended::Object(object) => adoption.object == *object && !is_collection(adoption),
            Ended::Adoption(id) => adoption.id == *id,
        }
    }
}

fn head(tx: &mut impl Reading, what: ObjectId) -> Result<Head, AdoptionError> {
    if let Some(adoption) = store::adoption(tx, what.into())? {
        let Adoption { id, origin, region, .. } = adoption;
        return Ok(Head { origin, region, ended: Ended::Adoption(id) });
    }
    let item: ItemId = what.into();
    let region = content::items::find(tx, item)?.ok_or(ContentError::UnknownItem { item })?.region;
    let mirror = store::mirrored_by(tx, item)?.ok_or(AdoptionError::NotMirrored { item })?;
    let Mirror { origin, object, .. } = mirror;
    Ok(Head { origin, region, ended: Ended::Object(object) })
}

/// Names what is at the head of the adoption that brought this item.
fn came_with(mirrors: &[Mirror], item: &Mirror, rest: &[Adoption], by: Option<&Adoption>) -> AdoptionError {
    let by = by.or_else(|| rest.iter().find(|adoption| adoption.id == item.adoption));
    let of_region = |mirror: &&Mirror| rest.iter().any(|adoption| adoption.id == mirror.adoption);
    let mut roots =
        mirrors.iter().filter(of_region).filter(|mirror| by.is_some_and(|by| by.object == mirror.object));
    let root = roots.next().map(|root| ObjectId::from(root.item)).or_else(|| by.map(told));
    AdoptionError::CameWith { item: item.item, root: root.unwrap_or(item.item.into()) }
}

/// Pages go with what they stand under, and ours must not go by the way.
fn refuse_own_below(items: &[Item], gone: &[ItemId]) -> Result<(), AdoptionError> {
    let below = archive::with_below(items, gone);
    let mut own =
        items.iter().filter(|item| item.stewardship == Stewardship::Own && below.contains(&item.id));
    own.next().map_or(Ok(()), |item| Err(AdoptionError::OwnBelow { page: item.id }))
}
