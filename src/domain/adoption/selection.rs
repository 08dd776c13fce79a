//! Which objects of a followed feed are to stand in a region of ours, where, and for the sake of which adoption.

use super::error::AdoptionError;
use super::needs::{Along, Needs};
use super::store::remote::{self, RemoteObject};
use super::store::{self, Adoption, Mirror, Scope};
use crate::base::id::{AdoptionId, ItemId, ObjectId, RegionId};
use crate::base::moment::Moment;
use crate::domain::content::item::{DEEPEST, Levels};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::store as content;
use crate::platform::db::Reading;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// What a feed has now: live, and not over.
pub(super) struct Remote {
    objects: HashMap<ObjectId, RemoteObject>,
    needs: Needs,
    /// The regions here that show one of the feed's as a whole; ours are never among them.
    foreign: HashSet<RegionId>,
}

impl Remote {
    pub fn read(tx: &mut impl Reading, origin: &str, now: Moment) -> Result<Remote, AdoptionError> {
        let live = remote::objects(tx, origin)?;
        let needs = Needs::read(tx, origin, &live)?;
        let over = |object: &RemoteObject| needs.ends_at(object).is_some_and(|end| end <= now);
        let objects = live.into_iter().filter(|object| !over(object));
        let objects = objects.map(|object| (object.object, object)).collect();
        let standings = store::regions::standings(tx, origin)?.into_iter();
        Ok(Remote { objects, needs, foreign: standings.map(|(_, standing)| standing.id).collect() })
    }

    /// Whether an adoption is of what is in a region, as it was decided; what the object says of itself now is no
    /// decision of ours.
    fn is_of_region(&self, adoption: &Adoption) -> bool {
        matches!(adoption.scope, Scope::All(_)) || self.foreign.contains(&adoption.region)
    }

    fn is_profile(&self, object: ObjectId) -> bool {
        self.object(object).is_some_and(|object| object.kind == ObjectKind::Profile)
    }

    pub fn object(&self, object: ObjectId) -> Option<&RemoteObject> {
        self.objects.get(&object)
    }

    pub fn ends_at(&self, object: &RemoteObject) -> Option<Moment> {
        self.needs.ends_at(object)
    }
}

/// An object that is to stand in the region.
pub(super) struct Wanted<'a, 'r> {
    pub object: &'r RemoteObject,
    pub place: Place,
    /// Of a page, among ours.
    level: usize,
    pub adoption: &'a Adoption,
    pub came: Came,
}

/// Where a page is to stand; everything else stands nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Where its adoption put it.
    Adopted,
    /// At the top of its region, which was adopted whole, in the order that it has there.
    Top,
    Below(ObjectId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// It, or what it is part of, was adopted.
    Adopted,
    /// Something that was adopted is not whole without it.
    Needed,
}

/// The items of a region that mirror objects of a feed.
pub(super) type Mirrors = HashMap<ObjectId, Mirror>;

/// The mirrors that these adoptions have brought.
pub(super) fn mirrors_of(tx: &mut impl Reading, adoptions: &[Adoption]) -> Result<Mirrors, AdoptionError> {
    let ids: HashSet<AdoptionId> = adoptions.iter().map(|adoption| adoption.id).collect();
    let all = store::mirrors(tx)?.into_iter().filter(|mirror| ids.contains(&mirror.adoption));
    Ok(all.map(|mirror| (mirror.object, mirror)).collect())
}

/// The objects that these adoptions, all of one region, let stand in it: parents before children, then what stands in
/// no tree in the order in which it was made.
///
/// Each object stands once: what was adopted by itself stands there, however it moves upstream, and comes with no other
/// subtree. What would stand below the last level of our tree is left out.
pub(super) fn select<'a, 'r>(
    tx: &mut impl Reading,
    region: RegionId,
    adoptions: &'a [Adoption],
    remote: &'r Remote,
    mirrors: &Mirrors,
) -> Result<Vec<Wanted<'a, 'r>>, AdoptionError> {
    let levels = levels(tx, region, adoptions, mirrors)?;
    let (mut collections, single): (Vec<&Adoption>, Vec<&Adoption>) =
        adoptions.iter().partition(|adoption| remote.is_of_region(adoption));
    // What is no region any more has nothing in it, and what became one was not adopted as such.
    collections.retain(|adoption| remote.is_profile(adoption.object));
    // Of two decisions on one object the later one counts.
    let roots: BTreeMap<ObjectId, &Adoption> =
        single.into_iter().map(|adoption| (adoption.object, adoption)).collect();
    let mut wanted = pages(&roots, &collections, remote, &levels);
    wanted.extend(flat(&roots, &collections, remote));
    wanted.extend(needed(&wanted, &remote.needs, remote));
    Ok(wanted)
}

/// The level of each page that was adopted by itself, where it is let stand; none if that is too deep.
fn levels(
    tx: &mut impl Reading,
    region: RegionId,
    adoptions: &[Adoption],
    mirrors: &Mirrors,
) -> Result<HashMap<ObjectId, usize>, AdoptionError> {
    let pages = content::items::of_kind(tx, region, ObjectKind::Page)?;
    let levels = Levels::of(&pages);
    let parents: HashMap<ItemId, Option<ItemId>> = pages.iter().map(|page| (page.id, page.parent)).collect();
    let mirrored: HashSet<ItemId> = mirrors.values().map(|mirror| mirror.item).collect();
    let level = |adoption: &Adoption| {
        let stands = mirrors.get(&adoption.object).and_then(|mirror| parents.get(&mirror.item).copied());
        let came_below = stands.flatten().is_some_and(|parent| mirrored.contains(&parent));
        let above = stands.filter(|_| !came_below).unwrap_or(adoption.parent);
        let level = above.map_or(Some(0), |above| levels.level(above))? + 1;
        (level <= DEEPEST).then_some((adoption.object, level))
    };
    Ok(adoptions.iter().filter_map(level).collect())
}

/// The adopted pages and what is below them.
fn pages<'a, 'r>(
    roots: &BTreeMap<ObjectId, &'a Adoption>,
    collections: &[&'a Adoption],
    remote: &'r Remote,
    levels: &HashMap<ObjectId, usize>,
) -> Vec<Wanted<'a, 'r>> {
    let all = || remote.objects.values().filter(|object| object.kind == ObjectKind::Page);
    let mut children: HashMap<ObjectId, Vec<&RemoteObject>> = HashMap::new();
    for page in all() {
        if let Some(parent) = page.parent {
            children.entry(parent).or_default().push(page);
        }
    }
    let first = |page: &'r RemoteObject| {
        let whole = |adoption: &&&'a Adoption| {
            Some(adoption.object) == page.parent && adoption.scope == Scope::Subtree
        };
        let (adoption, place, level) = match roots.get(&page.object) {
            Some(adoption) => (*adoption, Place::Adopted, *levels.get(&page.object)?),
            None => (*collections.iter().find(whole)?, Place::Top, 1),
        };
        Some(Wanted { object: page, place, level, adoption, came: Came::Adopted })
    };
    let mut waiting: Vec<Wanted<'a, 'r>> = all().filter_map(first).collect();
    let (mut order, mut seen) = (Vec::new(), HashSet::new());
    while let Some(page) = waiting.pop() {
        // A foreign tree may hold a circle; each object comes once.
        if !seen.insert(page.object.object) {
            continue;
        }
        if page.adoption.scope == Scope::Subtree && page.level < DEEPEST {
            let below = children.get(&page.object.object).into_iter().flatten();
            let free = below.filter(|child| !roots.contains_key(&child.object));
            let (place, level) = (Place::Below(page.object.object), page.level + 1);
            let (adoption, came) = (page.adoption, Came::Adopted);
            waiting.extend(free.map(|child| Wanted { object: child, place, level, adoption, came }));
        }
        order.push(page);
    }
    order
}

/// What was adopted and stands in no tree.
fn flat<'a, 'r>(
    roots: &BTreeMap<ObjectId, &'a Adoption>,
    collections: &[&'a Adoption],
    remote: &'r Remote,
) -> Vec<Wanted<'a, 'r>> {
    let by = |object: &RemoteObject| {
        let in_it = |adoption: &&&'a Adoption| {
            let all = [Scope::Subtree, Scope::All(object.kind)].contains(&adoption.scope);
            Some(adoption.object) == object.parent && all
        };
        roots.get(&object.object).or_else(|| collections.iter().find(in_it)).copied()
    };
    let stands = |object: &&RemoteObject| !matches!(object.kind, ObjectKind::Page | ObjectKind::Profile);
    let mut all: Vec<Wanted<'a, 'r>> = remote
        .objects
        .values()
        .filter(stands)
        .filter_map(|object| Some(Wanted::flat(object, by(object)?, Came::Adopted)))
        .collect();
    all.sort_by_key(|one| one.object.object);
    all
}

/// What is not adopted, and without which something adopted is not whole.
fn needed<'a, 'r>(wanted: &[Wanted<'a, 'r>], needs: &Needs, remote: &'r Remote) -> Vec<Wanted<'a, 'r>> {
    let mut known: HashSet<ObjectId> = wanted.iter().map(|one| one.object.object).collect();
    // The oldest adoption that needs it brings it, so that it changes hands only when it must.
    let mut first: Vec<_> = wanted.iter().map(|one| (one.adoption, one.object.object)).collect();
    first.sort_by_key(|(adoption, object)| (adoption.adopted_at, adoption.id, *object));
    let mut waiting: VecDeque<(ObjectId, Along, &'a Adoption)> =
        first.into_iter().map(|(adoption, object)| (object, Along::Whole, adoption)).collect();
    let mut done: HashSet<(ObjectId, Along)> =
        waiting.iter().map(|(object, how, _)| (*object, *how)).collect();
    let mut all = Vec::new();
    while let Some((object, along, adoption)) = waiting.pop_front() {
        for (needed, how) in needs.of(object, along) {
            // It may be over; and foreign facts may name each other in a circle.
            let Some(live) = remote.object(needed).filter(|_| done.insert((needed, how))) else { continue };
            if known.insert(needed) {
                all.push(Wanted::flat(live, adoption, Came::Needed));
            }
            waiting.push_back((needed, how, adoption));
        }
    }
    all.sort_by_key(|one| one.object.object);
    all
}

impl<'a, 'r> Wanted<'a, 'r> {
    fn flat(object: &'r RemoteObject, adoption: &'a Adoption, came: Came) -> Wanted<'a, 'r> {
        Wanted { object, place: Place::Adopted, level: 0, adoption, came }
    }
}
