//! Which objects of a followed feed are to stand in a region of ours, where, and for the sake of which adoption.

use super::error::AdoptionError;
use super::needs::{Along, Needs};
use super::store::remote::{self, RemoteObject};
use super::store::{self, Adoption, Mirror, Scope};
use crate::base::id::{AdoptionId, ItemId, ObjectId, RegionId};
use crate::base::moment::Moment;
use crate::domain::content::item::{DEEPEST, Item, Levels};
use crate::domain::content::kind::ObjectKind;
use crate::platform::db::Reading;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// What a feed has now: live, and not over.
pub(super) struct Remote {
    objects: HashMap<ObjectId, RemoteObject>,
    /// What stands right below each.
    below: HashMap<ObjectId, Vec<ObjectId>>,
    needs: Needs,
    /// The regions here that show one of the feed's as a whole; ours are never among them.
    foreign: HashSet<RegionId>,
}

impl Remote {
    pub fn read(tx: &mut impl Reading, origin: &str, now: Moment) -> Result<Remote, AdoptionError> {
        let live = remote::objects(tx, origin)?;
        let needs = Needs::read(tx, origin, &live)?;
        let over = |object: &RemoteObject| needs.ends_at(object).is_some_and(|end| end <= now);
        let live: Vec<RemoteObject> = live.into_iter().filter(|object| !over(object)).collect();
        let mut below: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        for object in &live {
            object.parent.iter().for_each(|parent| below.entry(*parent).or_default().push(object.object));
        }
        let objects = live.into_iter().map(|object| (object.object, object)).collect();
        let standings = store::regions::standings(tx, origin)?.into_iter();
        let foreign = standings.map(|(_, standing)| standing.id).collect();
        Ok(Remote { objects, below, needs, foreign })
    }

    /// What stands right below an object.
    fn below(&self, object: ObjectId) -> impl Iterator<Item = &RemoteObject> {
        self.below.get(&object).into_iter().flatten().filter_map(|below| self.objects.get(below))
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

/// Those of a feed's mirrors that these adoptions have brought.
pub(super) fn mirrors_of(all: &[Mirror], adoptions: &[Adoption]) -> Mirrors {
    let ids: HashSet<AdoptionId> = adoptions.iter().map(|adoption| adoption.id).collect();
    let brought = all.iter().filter(|mirror| ids.contains(&mirror.adoption));
    brought.map(|mirror| (mirror.object, mirror.clone())).collect()
}

/// The objects that these adoptions, all of one region, let stand in it: parents before children, then what stands in
/// no tree in the order in which it was made. `items` are those of the region.
///
/// Each object stands once: what was adopted by itself stands there, however it moves upstream, and comes with no other
/// subtree. What would stand below the last level of our tree is left out.
pub(super) fn select<'a, 'r>(
    items: &[Item],
    adoptions: &'a [Adoption],
    remote: &'r Remote,
    mirrors: &Mirrors,
) -> Vec<Wanted<'a, 'r>> {
    let levels = levels(items, adoptions, mirrors);
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
    wanted
}

/// The level of each page that was adopted by itself, where it is let stand; none if that is too deep.
fn levels(items: &[Item], adoptions: &[Adoption], mirrors: &Mirrors) -> HashMap<ObjectId, usize> {
    let levels = Levels::of(items);
    let parents: HashMap<ItemId, Option<ItemId>> = items.iter().map(|item| (item.id, item.parent)).collect();
    let mirrored: HashSet<ItemId> = mirrors.values().map(|mirror| mirror.item).collect();
    let level = |adoption: &Adoption| {
        let stands = mirrors.get(&adoption.object).and_then(|mirror| parents.get(&mirror.item).copied());
        let came_below = stands.flatten().is_some_and(|parent| mirrored.contains(&parent));
        let above = stands.filter(|_| !came_below).unwrap_or(adoption.parent);
        let level = above.map_or(Some(0), |above| levels.level(above))? + 1;
        (level <= DEEPEST).then_some((adoption.object, level))
    };
    adoptions.iter().filter_map(level).collect()
}

/// The adopted pages and what is below them.
fn pages<'a, 'r>(
    roots: &BTreeMap<ObjectId, &'a Adoption>,
    collections: &[&'a Adoption],
    remote: &'r Remote,
    levels: &HashMap<ObjectId, usize>,
) -> Vec<Wanted<'a, 'r>> {
    let page = |object: &ObjectId| remote.object(*object).filter(|one| one.kind == ObjectKind::Page);
    let adopted = roots.iter().filter_map(|(object, adoption)| {
        let (place, level, came) = (Place::Adopted, *levels.get(object)?, Came::Adopted);
        Some(Wanted { object: page(object)?, place, level, adoption, came })
    });
    let mut waiting: Vec<Wanted<'a, 'r>> = adopted.collect();
    for adoption in collections.iter().filter(|adoption| adoption.scope == Scope::Subtree) {
        let free = remote.below(adoption.object).filter(|page| !roots.contains_key(&page.object));
        let (place, level, came) = (Place::Top, 1, Came::Adopted);
        let pages = free.filter(|object| object.kind == ObjectKind::Page);
        waiting.extend(pages.map(|object| Wanted { object, place, level, adoption, came }));
    }
    let (mut order, mut seen) = (Vec::new(), HashSet::new());
    while let Some(page) = waiting.pop() {
        // A foreign tree may hold a circle; each object comes once.
        if !seen.insert(page.object.object) {
            continue;
        }
        if page.adoption.scope == Scope::Subtree && page.level < DEEPEST {
            let below = remote.below(page.object.object).filter(|child| child.kind == ObjectKind::Page);
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
    let stands = |object: &&'r RemoteObject| !matches!(object.kind, ObjectKind::Page | ObjectKind::Profile);
    let single = roots.iter().filter_map(|(object, adoption)| Some((remote.object(*object)?, *adoption)));
    let mut by: BTreeMap<ObjectId, (&'r RemoteObject, &'a Adoption)> = single
        .filter(|(object, _)| stands(object))
        .map(|(object, by)| (object.object, (object, by)))
        .collect();
    for adoption in collections {
        let meant =
            |object: &&'r RemoteObject| [Scope::Subtree, Scope::All(object.kind)].contains(&adoption.scope);
        for object in remote.below(adoption.object).filter(stands).filter(meant) {
            by.entry(object.object).or_insert((object, *adoption));
        }
    }
    by.into_values().map(|(object, adoption)| Wanted::flat(object, adoption, Came::Adopted)).collect()
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
