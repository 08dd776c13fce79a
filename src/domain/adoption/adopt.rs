//! Deciding to show a page of another node, or a page with everything below it.

use super::error::AdoptionError;
use super::mirror;
pub use super::store::Scope;
use super::store::{self, Adoption, Mirror};
use crate::base::id::{ItemId, ObjectId, RegionId};
use crate::domain::content::item::{self, DEEPEST, Levels};
use crate::domain::content::store as content;
use crate::domain::content::{ContentError, Desk};
use crate::platform::db::{Reading, Write};
use std::collections::BTreeSet;

/// What to adopt and where to put it.
pub struct Request {
    pub region: RegionId,
    /// `None`: at the top of the region.
    pub parent: Option<ItemId>,
    /// The followed feed.
    pub origin: String,
    pub object: ObjectId,
    pub scope: Scope,
}

/// Puts a live mirror into the tree; the number of pages that came along.
/// # Errors: an unknown feed or object, one that is here already, no common language, a mirrored parent or one on the
/// last level.
pub fn adopt(tx: &mut Write<'_>, desk: &Desk<'_>, request: Request) -> Result<usize, AdoptionError> {
    let Request { region, parent, origin, object, scope } = request;
    check(tx, region, &origin, object)?;
    if let Some(parent) = parent {
        let parent = item::editable(tx, parent)?;
        if parent.region != region {
            return Err(ContentError::OtherRegion { page: object.into(), parent: parent.id }.into());
        }
        let level = Levels::of(&content::items::of_region(tx, region)?).level(parent.id);
        if level.is_none_or(|level| level == DEEPEST) {
            return Err(ContentError::TooDeep { page: object.into() }.into());
        }
    }
    let id = desk.clock.fresh_id().into();
    let adopted_at = desk.clock.now();
    let before = visible_mirrors(tx, region)?.len();
    store::insert(tx, &Adoption { id, region, parent, origin: origin.clone(), object, scope, adopted_at })?;
    mirror::refresh(tx, desk, &origin)?;
    Ok(visible_mirrors(tx, region)?.len().saturating_sub(before))
}

fn check(
    tx: &mut impl Reading,
    region: RegionId,
    origin: &str,
    object: ObjectId,
) -> Result<(), AdoptionError> {
    let peers = store::peers(tx)?;
    let Some(peer) = peers.iter().find(|peer| peer.origin == origin) else {
        return Err(AdoptionError::UnknownPeer { peer: origin.to_owned() });
    };
    if !store::remote_pages(tx, origin)?.iter().any(|page| page.object == object) {
        return Err(AdoptionError::UnknownObject { peer: peer.node.to_string(), object: object.to_string() });
    }
    if visible_mirrors(tx, region)?.iter().any(|mirror| mirror.object == object) {
        return Err(AdoptionError::AlreadyHere { object });
    }
    let texts = store::remote_texts(tx, origin, &[object])?;
    let theirs: BTreeSet<String> =
        texts.into_iter().filter(|text| !text.gone).map(|text| text.language.to_string()).collect();
    let languages = content::regions::languages_of(tx, region)?;
    let ours: BTreeSet<String> = languages.into_iter().map(|language| language.tag.to_string()).collect();
    if theirs.is_disjoint(&ours) {
        let list = |set: BTreeSet<String>| set.into_iter().collect::<Vec<_>>().join(", ");
        return Err(AdoptionError::NoCommonLanguage { object, theirs: list(theirs), ours: list(ours) });
    }
    Ok(())
}

/// The mirrors in a region that readers may see.
fn visible_mirrors(tx: &mut impl Reading, region: RegionId) -> Result<Vec<Mirror>, AdoptionError> {
    let visible: BTreeSet<ItemId> = content::items::of_region(tx, region)?
        .into_iter()
        .filter(|page| !page.archived)
        .map(|page| page.id)
        .collect();
    Ok(store::mirrors(tx)?.into_iter().filter(|mirror| visible.contains(&mirror.page)).collect())
}
