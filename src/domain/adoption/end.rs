//! Ending an adoption: what it brought leaves the tree for good, and may be adopted again elsewhere.

use super::error::AdoptionError;
use super::mirror;
use super::store::{self, Adoption, Mirror};
use crate::base::id::{AdoptionId, ItemId, ObjectId, RegionId};
use crate::domain::content::item::{Item, Stewardship};
use crate::domain::content::{ContentError, Desk, archive, mirrored, store as content};
use crate::platform::db::{Reading, Write};
use std::collections::BTreeSet;

/// The pages at the head of what is adopted from a feed.
pub fn adopted(tx: &mut impl Reading, origin: &str) -> Result<Vec<ItemId>, AdoptionError> {
    let roots: BTreeSet<(RegionId, ObjectId)> = store::adoptions(tx, origin)?
        .into_iter()
        .map(|adoption| (adoption.region, adoption.object))
        .collect();
    let mut adopted = Vec::new();
    for mirror in store::mirrors(tx)?.into_iter().filter(|mirror| mirror.origin == origin) {
        let page = content::items::find(tx, mirror.page)?;
        let is_root = page.is_some_and(|page| roots.contains(&(page.region, mirror.object)));
        adopted.extend(is_root.then_some(mirror.page));
    }
    Ok(adopted)
}

/// Takes the mirrors that an adoption brought out of the tree; how many readers saw. Nothing of them is kept: their
/// addresses become free, for another page or for the same one, should it be adopted again. What another adoption
/// brings too moves there.
/// # Errors: not a mirrored page; one that came with another; one of our own stands below.
pub fn end(tx: &mut Write<'_>, desk: &Desk<'_>, page: ItemId) -> Result<usize, AdoptionError> {
    let unknown = ContentError::UnknownItem { item: page };
    let region = content::items::find(tx, page)?.ok_or(unknown)?.region;
    let mirrors = store::mirrors(tx)?;
    let root =
        mirrors.iter().find(|mirror| mirror.page == page).ok_or(AdoptionError::NotMirrored { page })?;
    let origin = root.origin.clone();
    let mut adoptions = store::adoptions(tx, &origin)?;
    adoptions.retain(|adoption| adoption.region == region);
    let (ended, rest): (Vec<Adoption>, Vec<Adoption>) =
        adoptions.into_iter().partition(|adoption| adoption.object == root.object);
    let remote = store::remote_pages(tx, &origin)?;
    let brought = mirror::brought(tx, region, &rest, &remote)?;
    if ended.is_empty() {
        return Err(came_with(&mirrors, root, &rest, brought.get(&root.object).copied()));
    }
    let ended: Vec<AdoptionId> = ended.iter().map(|adoption| adoption.id).collect();
    let (mut kept, mut gone) = (Vec::new(), Vec::new());
    for Mirror { page, object, .. } in mirrors.iter().filter(|mirror| ended.contains(&mirror.adoption)) {
        match brought.get(object) {
            Some(adoption) => kept.push((*page, adoption.id)),
            None => gone.push(*page),
        }
    }
    let pages = content::items::of_region(tx, region)?;
    refuse_own_below(&pages, &gone)?;
    store::hand_over(tx, &kept)?;
    store::delete(tx, &ended)?;
    mirror::refresh(tx, desk, &origin)?;
    mirrored::remove(tx, &gone)?;
    Ok(pages.iter().filter(|page| gone.contains(&page.id) && !page.archived).count())
}

/// Names the page at the head of the adoption that brought this one.
fn came_with(mirrors: &[Mirror], page: &Mirror, rest: &[Adoption], by: Option<&Adoption>) -> AdoptionError {
    let by = by.or_else(|| rest.iter().find(|adoption| adoption.id == page.adoption));
    let of_region = |mirror: &&Mirror| rest.iter().any(|adoption| adoption.id == mirror.adoption);
    let mut roots =
        mirrors.iter().filter(of_region).filter(|mirror| by.is_some_and(|by| by.object == mirror.object));
    AdoptionError::CameWith { page: page.page, root: roots.next().map_or(page.page, |root| root.page) }
}

/// Pages go with what they stand under, and ours must not go by the way.
fn refuse_own_below(pages: &[Item], gone: &[ItemId]) -> Result<(), AdoptionError> {
    let below = archive::with_below(pages, gone);
    let mut own =
        pages.iter().filter(|page| page.stewardship == Stewardship::Own && below.contains(&page.id));
    own.next().map_or(Ok(()), |page| Err(AdoptionError::OwnBelow { page: page.id }))
}
