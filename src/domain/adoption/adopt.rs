//! Deciding to show something of another node: one item, a page with everything below it, or all of a kind.

use super::error::AdoptionError;
use super::selection::{self, Came, Remote, mirrors_of};
pub use super::store::Scope;
use super::store::{self, Adoption, Mirror};
use super::{mirror, offers};
use crate::base::id::{AdoptionId, ItemId, ObjectId, RegionId};
use crate::domain::content::item::{self, DEEPEST, Levels};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::store as content;
use crate::domain::content::{ContentError, Desk};
use crate::platform::db::{Reading, Write};
use std::collections::{BTreeSet, HashSet};

/// What to adopt and where to put it.
pub struct Request {
    pub region: RegionId,
    /// Of a page; `None`: at the top of the region.
    pub parent: Option<ItemId>,
    /// The followed feed.
    pub origin: String,
    /// With [`Scope::All`] a region there.
    pub object: ObjectId,
    pub scope: Scope,
}

/// What came of it.
pub struct Adopted {
    pub adoption: AdoptionId,
    /// The items that came along, it included.
    pub items: usize,
}

/// Mirrors what is asked for; what it needs to be whole comes along.
/// # Errors: an unknown feed or object, one that is here already or not to be adopted, no common language, a mirrored
/// parent, one on the last level, one for what stands in no tree.
pub fn adopt(tx: &mut Write<'_>, desk: &Desk<'_>, request: Request) -> Result<Adopted, AdoptionError> {
    let request = check(tx, desk, request)?;
    let Request { region, parent, origin, object, scope } = request;
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
    let id: AdoptionId = desk.clock.fresh_id().into();
    let adopted_at = desk.clock.now();
    let before = visible_mirrors(tx, &origin, region)?.len();
    store::insert(tx, &Adoption { id, region, parent, origin: origin.clone(), object, scope, adopted_at })?;
    mirror::refresh_all(tx, desk, &origin)?;
    Ok(Adopted { adoption: id, items: visible_mirrors(tx, &origin, region)?.len().saturating_sub(before) })
}

/// The request, with what goes without saying.
fn check(tx: &mut impl Reading, desk: &Desk<'_>, request: Request) -> Result<Request, AdoptionError> {
    let Request { region, origin, object, scope, .. } = &request;
    item::refuse_foreign(tx, *region)?;
    let peers = store::peers(tx)?;
    let Some(peer) = peers.iter().find(|peer| peer.origin == *origin) else {
        return Err(AdoptionError::UnknownPeer { peer: origin.clone() });
    };
    let mut adoptions = store::adoptions(tx, origin)?;
    adoptions.retain(|adoption| adoption.region == *region);
    let remote = Remote::read(tx, origin, desk.clock.now())?;
    let unknown = || AdoptionError::UnknownObject { peer: peer.node.to_string(), object: object.to_string() };
    let kind = remote.object(*object).ok_or_else(unknown)?.kind;
    let request = match (scope, kind) {
        (Scope::All(_), _) => {
            if !offers::regions(tx, origin)?.iter().any(|region| region.object == *object) {
                return Err(AdoptionError::NoRegion { object: *object });
            }
            let same = |known: &Adoption| known.object == *object && known.scope == *scope;
            let here = adoptions.iter().any(same);
            return if here { Err(AdoptionError::AlreadyHere { object: *object }) } else { Ok(request) };
        }
        (_, ObjectKind::Imprint | ObjectKind::Profile) => {
            return Err(AdoptionError::NotToBeAdopted { object: *object, kind: kind.as_str() });
        }
        (_, ObjectKind::Page) => request,
        _ if request.parent.is_some() => {
            return Err(AdoptionError::StandsInNoTree { object: *object, kind: kind.as_str() });
        }
        _ => Request { scope: Scope::Item, ..request },
    };
    let mirrors = mirrors_of(&store::mirrors(tx, std::slice::from_ref(&request.origin))?, &adoptions);
    let items = content::items::of_region(tx, request.region)?;
    let wanted = selection::select(&items, &adoptions, &remote, &mirrors);
    // What came because something else needs it may be adopted for its own sake, to stay when that goes.
    let adopted = |object: ObjectId| {
        wanted.iter().any(|wanted| wanted.object.object == object && wanted.came == Came::Adopted)
    };
    let mut visible = visible_mirrors(tx, &request.origin, request.region)?.into_iter();
    if adopted(request.object) && visible.any(|mirror| mirror.object == request.object) {
        return Err(AdoptionError::AlreadyHere { object: request.object });
    }
    if !kind.speaks_without_words() {
        check_languages(tx, &request)?;
    }
    Ok(request)
}

fn check_languages(tx: &mut impl Reading, request: &Request) -> Result<(), AdoptionError> {
    let Request { region, origin, object, .. } = request;
    let texts = store::remote::texts(tx, origin, &[*object])?;
    let spoken = texts.into_iter().filter(|text| !text.gone && !text.language.is_none());
    let theirs: BTreeSet<String> = spoken.map(|text| text.language.to_string()).collect();
    let languages = content::regions::languages_of(tx, *region)?;
    let ours: BTreeSet<String> = languages.into_iter().map(|language| language.tag.to_string()).collect();
    if theirs.is_disjoint(&ours) {
        let list = |set: BTreeSet<String>| set.into_iter().collect::<Vec<_>>().join(", ");
        let (theirs, ours) = (list(theirs), list(ours));
        return Err(AdoptionError::NoCommonLanguage { object: *object, theirs, ours });
    }
    Ok(())
}

/// The mirrors of a feed in a region that readers may see.
fn visible_mirrors(
    tx: &mut impl Reading,
    origin: &str,
    region: RegionId,
) -> Result<Vec<Mirror>, AdoptionError> {
    let visible: HashSet<ItemId> = content::items::of_region(tx, region)?
        .into_iter()
        .filter(|item| !item.archived)
        .map(|item| item.id)
        .collect();
    let all = store::mirrors(tx, &[origin.to_owned()])?;
    Ok(all.into_iter().filter(|mirror| visible.contains(&mirror.item)).collect())
}
