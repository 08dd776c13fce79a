//! Taking a whole region back, and giving it again: what stands in it stays as it is.

use super::change::Change;
use super::error::ContentError;
use super::item::Item;
use super::region::Region;
use super::{Desk, archive, profile, publish, store};
use crate::base::id::RegionId;
use crate::platform::db::Write;

/// Hides a region from readers, and tells those who follow that it and all its items are gone; nothing is lost. Whether it
/// was there to be hidden. # Errors: there is no such region, or another node publishes it.
pub fn archive(tx: &mut Write<'_>, desk: &Desk<'_>, slug: &str) -> Result<bool, ContentError> {
    let mut region = named(tx, slug)?;
    if region.settings.archived {
        return Ok(false);
    }
    region.settings.archived = true;
    store::regions::save(tx, &region)?;
    let shown = shown(tx, region.id)?;
    let told = publish::told(tx, &shown)?;
    let items = shown.iter().filter(|item| told.contains(&item.id)).map(|item| item.id.into());
    let gone: Vec<Change> = items
        .chain([region.id.into()])
        .map(|object| Change::Withdraw { object, at: desk.clock.now(), why: "archived".to_owned() })
        .collect();
    store::record(tx, &gone)?;
    Ok(true)
}

/// Shows an archived region again, with the texts its items had; see [`archive::restore`]. Whether it was archived.
/// # Errors: there is no such region.
pub fn restore(tx: &mut Write<'_>, desk: &Desk<'_>, slug: &str) -> Result<bool, ContentError> {
    let mut region = named(tx, slug)?;
    if !region.settings.archived {
        return Ok(false);
    }
    region.settings.archived = false;
    store::regions::save(tx, &region)?;
    profile::publish_region(tx, desk, &region)?;
    let shown = shown(tx, region.id)?;
    archive::show_again(tx, desk, region.id, &shown)?;
    Ok(true)
}

fn named(tx: &mut Write<'_>, slug: &str) -> Result<Region, ContentError> {
    let unknown = || ContentError::UnknownRegion { slug: slug.to_owned(), known: String::new() };
    let region = store::regions::by_slug(tx, slug)?.ok_or_else(unknown)?;
    region.refuse_foreign().map(|()| region)
}

/// Items of ours that are not archived by themselves.
fn shown(tx: &mut Write<'_>, region: RegionId) -> Result<Vec<Item>, ContentError> {
    let mut items = store::items::of_region(tx, region)?;
    items.retain(|item| !item.archived && archive::is_own(item));
    Ok(items)
}
