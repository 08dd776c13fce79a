//! Items: whatever a region publishes, and the place of pages among them in its tree.

use super::error::ContentError;
use super::kind::ObjectKind;
use super::{Desk, archive, order, publish, store};
use crate::base::id::{ItemId, RegionId};
use crate::base::moment::Moment;
use crate::platform::db::{Reading, Write};
use std::collections::{HashMap, HashSet};

/// Levels of a tree of pages, ours or another node's: more than readers follow, and few enough for everything that
/// walks down a tree. Without an end a foreign one could exhaust the stack.
pub const DEEPEST: usize = 64;

/// Who decides what an item says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stewardship {
    Own,
    /// Another node; here it can be placed and read, not edited.
    Mirrored,
}

impl Stewardship {
    pub fn as_str(self) -> &'static str {
        match self {
            Stewardship::Own => "own",
            Stewardship::Mirrored => "mirrored",
        }
    }

    pub fn parse(word: &str) -> Option<Stewardship> {
        [Stewardship::Own, Stewardship::Mirrored].into_iter().find(|s| s.as_str() == word)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    /// Unique on this node; Integreat's id of the object, in whatever version and language.
    pub number: i64,
    pub region: RegionId,
    pub kind: ObjectKind,
    /// Only pages stand below each other.
    pub parent: Option<ItemId>,
    /// Fractional key among siblings, compared by bytes.
    pub ord: String,
    pub archived: bool,
    pub stewardship: Stewardship,
    /// A picture that stands for a page: its URL, or `media:<sha256>` for one of the media of its texts. Other kinds
    /// name theirs in their facts.
    pub icon: Option<String>,
    /// Set by facts that say when they are over: readers then see the item no more.
    pub expires_at: Option<Moment>,
    /// Grows with every change; whoever changes an item names the version that they saw.
    pub version: i64,
}

/// An item to be made; ids are chosen beforehand so that texts can point to each other.
#[derive(Clone, Debug)]
pub struct NewItem {
    pub id: ItemId,
    pub kind: ObjectKind,
    pub parent: Option<ItemId>,
    pub ord: String,
    pub stewardship: Stewardship,
    pub icon: Option<String>,
    /// Nobody sees it until it is restored.
    pub archived: bool,
}

impl NewItem {
    /// A page of our own.
    pub fn page(id: ItemId, parent: Option<ItemId>, ord: String) -> NewItem {
        let (kind, stewardship) = (ObjectKind::Page, Stewardship::Own);
        NewItem { id, kind, parent, ord, stewardship, icon: None, archived: false }
    }

    /// An item of our own that stands in no tree.
    pub fn flat(id: ItemId, kind: ObjectKind) -> NewItem {
        NewItem { kind, ..NewItem::page(id, None, String::new()) }
    }
}

/// Which page each stands below, to tell how deep.
pub struct Levels(HashMap<ItemId, Option<ItemId>>);

impl Levels {
    /// `pages` are all of a region.
    pub fn of(pages: &[Item]) -> Levels {
        Levels(pages.iter().map(|page| (page.id, page.parent)).collect())
    }

    /// 1 at the top of the region; `None` below [`DEEPEST`].
    pub fn level(&self, page: ItemId) -> Option<usize> {
        let above = |page: &ItemId| self.0.get(page).copied().flatten();
        let way = std::iter::successors(Some(page), above).take(DEEPEST + 1);
        Some(way.count()).filter(|level| *level <= DEEPEST)
    }
}

/// Makes items without any text; parents must come before their children. A key that is too long becomes a fresh one.
/// # Errors: a parent that is not in the region, on the last level or hidden from readers; a region of another node.
pub fn create(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    new: Vec<NewItem>,
) -> Result<Vec<Item>, ContentError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    if new.iter().any(|new| new.stewardship == Stewardship::Own) {
        refuse_foreign(tx, region)?;
    }
    let mut pages = store::items::of_kind(tx, region, ObjectKind::Page)?;
    let (known, mut levels) = (pages.len(), Levels::of(&pages));
    let mut flat = Vec::new();
    let first = store::take_numbers(tx, "items", new.len())?;
    for (number, new) in (first..).zip(new) {
        let NewItem { id, kind, parent, ord, stewardship, icon, archived } = new;
        if let Some(parent) = parent.filter(|parent| !levels.0.contains_key(parent)) {
            return Err(ContentError::OtherRegion { page: id, parent });
        }
        let (expires_at, version) = (None, 1);
        let item =
            Item { id, number, region, kind, parent, ord, archived, stewardship, icon, expires_at, version };
        if kind != ObjectKind::Page {
            flat.push(item);
            continue;
        }
        levels.0.insert(id, parent);
        // Where mirrored pages stand follows from their origin; adoption sees to it that none stands too deep.
        if stewardship == Stewardship::Own && levels.level(id).is_none() {
            return Err(ContentError::TooDeep { page: id });
        }
        pages.push(item);
    }
    check_above(&pages, pages[known..].iter().filter(|page| archive::is_own(page) && !page.archived))?;
    let parents = pages[known..].iter().map(|page| page.parent).collect();
    let renewed = renew_keys(&mut pages, &parents);
    let mut new = pages.split_off(known);
    new.extend(flat);
    pages.retain(|page| renewed.contains(&page.id));
    store::items::save(tx, &new)?;
    tell_places(tx, desk, region, &pages)?;
    Ok(new)
}

/// # Errors: another node publishes the region, and nothing of ours stands there.
pub fn refuse_foreign(tx: &mut impl Reading, region: RegionId) -> Result<(), ContentError> {
    let known = store::regions::all(tx)?.into_iter().find(|known| known.id == region);
    known.map_or(Ok(()), |region| region.refuse_foreign())
}

/// Gives all children of these pages fresh order keys, in the order that they have, where the key of one of ours has
/// become too long; the pages whose keys are fresh.
fn renew_keys(pages: &mut [Item], parents: &HashSet<Option<ItemId>>) -> HashSet<ItemId> {
    let long = |page: &&Item| page.stewardship == Stewardship::Own && page.ord.len() > order::LONGEST;
    let affected: HashSet<Option<ItemId>> =
        pages.iter().filter(long).map(|page| page.parent).filter(|parent| parents.contains(parent)).collect();
    let mut renewed = HashSet::new();
    for parent in affected {
        let mut siblings: Vec<&mut Item> = pages.iter_mut().filter(|page| page.parent == parent).collect();
        siblings.sort_by(|a, b| a.ord.cmp(&b.ord).then(a.number.cmp(&b.number)));
        let keys = order::after(None, siblings.len());
        for (page, key) in siblings.into_iter().zip(keys) {
            page.ord = key;
            renewed.insert(page.id);
        }
    }
    renewed
}

/// Stores where pages stand now and tells it to the log, if the log knows them.
fn tell_places(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    pages: &[Item],
) -> Result<(), ContentError> {
    if pages.is_empty() {
        return Ok(());
    }
    store::items::save(tx, pages)?;
    publish::put_again(tx, desk, region, pages)
}

/// The order key after the last child of `parent`.
pub fn last_place(
    tx: &mut impl Reading,
    region: RegionId,
    parent: Option<ItemId>,
) -> Result<String, ContentError> {
    let pages = store::items::of_kind(tx, region, ObjectKind::Page)?;
    let last = pages.iter().filter(|page| page.parent == parent).map(|page| page.ord.as_str()).max();
    Ok(order::between(last, None))
}

/// Where a page stands among those below the same parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    Last,
    Before(ItemId),
    After(ItemId),
}

/// The order key of a place for `page` below `parent`; no other page moves.
/// # Errors: [`ContentError::NotThere`] if the page to stand beside does not stand below that parent.
pub fn place_beside(
    tx: &mut impl Reading,
    region: RegionId,
    (page, parent): (ItemId, Option<ItemId>),
    beside: Beside,
) -> Result<String, ContentError> {
    let mut siblings = store::items::of_kind(tx, region, ObjectKind::Page)?;
    siblings.retain(|other| other.parent == parent && other.id != page);
    siblings.sort_by(|a, b| a.ord.cmp(&b.ord).then(a.number.cmp(&b.number)));
    let at = |sibling: ItemId| {
        let found = siblings.iter().position(|other| other.id == sibling);
        found.ok_or(ContentError::NotThere { page, sibling })
    };
    let at = match beside {
        Beside::Last => siblings.len(),
        Beside::Before(sibling) => at(sibling)?,
        Beside::After(sibling) => at(sibling)? + 1,
    };
    let key = |at: usize| siblings.get(at).map(|page| page.ord.as_str());
    let low = at.checked_sub(1).and_then(key);
    // Two that were made elsewhere may have the same key; then it is behind both.
    let high = (at..siblings.len()).filter_map(key).find(|high| low.is_none_or(|low| *high > low));
    Ok(order::between(low, high))
}

/// The item, if what it says may be changed here.
/// # Errors: unknown, or mirrored from another node.
pub fn editable(tx: &mut impl Reading, id: ItemId) -> Result<Item, ContentError> {
    let page = store::items::find(tx, id)?.ok_or(ContentError::UnknownItem { item: id })?;
    match page.stewardship {
        Stewardship::Own => Ok(page),
        Stewardship::Mirrored => Err(ContentError::Mirrored { item: id }),
    }
}

/// Puts pages at new places (parent and order key) and tells the log; texts stay as they are. A key that is too long
/// becomes a fresh one.
/// # Errors: an unknown page or parent, another region's parent, a circle, or a place so deep that one of our pages
/// would stand below the last level; mirrored ones below do not count, they are hidden there.
pub fn relocate(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    moves: &[(ItemId, Option<ItemId>, String)],
) -> Result<(), ContentError> {
    let mut pages = store::items::of_kind(tx, region, ObjectKind::Page)?;
    let mut moved = Vec::new();
    for (id, parent, ord) in moves {
        let page =
            pages.iter_mut().find(|page| page.id == *id).ok_or(ContentError::UnknownItem { item: *id })?;
        page.parent = *parent;
        page.ord.clone_from(ord);
        moved.push(page.clone());
    }
    for page in &moved {
        check_ancestors(&pages, page)?;
    }
    check_levels(&pages, &moved)?;
    let ids: Vec<ItemId> = moved.iter().map(|page| page.id).collect();
    let below = archive::with_below(&pages, &ids);
    if pages.iter().any(|page| page.stewardship == Stewardship::Mirrored && below.contains(&page.id)) {
        // Mirrors may have too little room now, or more: who brings them looks at regions that changed.
        store::versions::touch_region(tx, region)?;
    }
    let mut changed = renew_keys(&mut pages, &moved.iter().map(|page| page.parent).collect());
    changed.extend(moved.iter().map(|page| page.id));
    pages.retain(|page| changed.contains(&page.id));
    tell_places(tx, desk, region, &pages)
}

/// Puts a page of ours beside others, below `parent`. Nobody sees an archived page, wherever it stands.
/// # Errors: as [`relocate`] and [`place_beside`]; no page; a parent that is hidden from readers.
pub fn move_page(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    page: &Item,
    parent: Option<ItemId>,
    beside: Beside,
) -> Result<(), ContentError> {
    if !page.archived {
        let pages = store::items::of_kind(tx, page.region, ObjectKind::Page)?;
        check_above(&pages, [&Item { parent, ..page.clone() }].into_iter())?;
    }
    let ord = place_beside(tx, page.region, (page.id, parent), beside)?;
    relocate(tx, desk, page.region, &[(page.id, parent, ord)])
}

/// Whether readers who may see these items see what stands above them, up to the region. `pages` are all of the region.
/// # Errors: [`ContentError::Archived`] names the one that they do not see.
pub(super) fn check_above<'a>(
    pages: &[Item],
    shown: impl Iterator<Item = &'a Item>,
) -> Result<(), ContentError> {
    let by_id: HashMap<ItemId, &Item> = pages.iter().map(|page| (page.id, page)).collect();
    let above = |item: &Item| by_id.get(&item.parent?).copied();
    for item in shown {
        // Mirrored pages are not marked themselves where a page above them is archived.
        let mut way = std::iter::successors(above(item), |page| above(page)).take(DEEPEST);
        if let Some(hidden) = way.find(|page| page.archived) {
            return Err(ContentError::Archived { item: hidden.id });
        }
    }
    Ok(())
}

fn check_ancestors(pages: &[Item], page: &Item) -> Result<(), ContentError> {
    let (mut above, mut seen) = (page.parent, HashSet::from([page.id]));
    while let Some(parent) = above {
        if !seen.insert(parent) {
            return Err(ContentError::Circle { page: page.id, parent: page.parent.unwrap_or(parent) });
        }
        let known = pages.iter().find(|other| other.id == parent);
        above = known.ok_or(ContentError::OtherRegion { page: page.id, parent })?.parent;
    }
    Ok(())
}

fn check_levels(pages: &[Item], moved: &[Item]) -> Result<(), ContentError> {
    let levels = Levels::of(pages);
    let ids: Vec<ItemId> = moved.iter().map(|page| page.id).collect();
    let affected = archive::with_below(pages, &ids);
    let counts = |page: &Item| page.stewardship == Stewardship::Own || ids.contains(&page.id);
    let mut affected = pages.iter().filter(|page| affected.contains(&page.id) && counts(page));
    match affected.find(|page| levels.level(page.id).is_none()) {
        Some(page) => Err(ContentError::TooDeep { page: page.id }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, ObjectKind, Stewardship, order, renew_keys};
    use crate::base::id::{ItemId, ObjectId};
    use proptest::prelude::*;

    fn page(number: i64, ord: String) -> Item {
        let id: ObjectId = ObjectId::from_uuid(uuid::Uuid::from_u128(number as u128));
        let (region, stewardship) = (ObjectId::from_uuid(uuid::Uuid::nil()).into(), Stewardship::Own);
        let (id, kind, parent, archived, icon) = (id.into(), ObjectKind::Page, None, false, None);
        let (expires_at, version) = (None, 1);
        Item { id, number, region, kind, parent, ord, archived, stewardship, icon, expires_at, version }
    }

    #[derive(Clone, Copy, Debug)]
    enum Place {
        First,
        Last,
        After(usize),
        Before(usize),
        Anywhere,
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10))]

        #[test]
        fn thousands_of_pages_put_at_one_place_keep_their_order_and_short_keys(
            place in prop_oneof![
                Just(Place::First), Just(Place::Last), Just(Place::Anywhere),
                (0usize..3).prop_map(Place::After), (0usize..3).prop_map(Place::Before),
            ],
            chance in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
        ) {
            let mut pages: Vec<Item> =
                order::after(None, 3).into_iter().zip(0..).map(|(ord, number)| page(number, ord)).collect();
            // Indices into `pages`, in their order; the first three are where things are put.
            let mut sequence: Vec<usize> = vec![0, 1, 2];
            let mut renewals = 0;
            for (number, chance) in (3..2000).zip(chance.iter().cycle()) {
                let place_of = |page: usize| sequence.iter().position(|at| *at == page).unwrap();
                let at = match place {
                    Place::First => 0,
                    Place::Last => sequence.len(),
                    Place::After(page) => place_of(page) + 1,
                    Place::Before(page) => place_of(page),
                    Place::Anywhere => chance.index(sequence.len() + 1),
                };
                let key = |at: usize| sequence.get(at).map(|page: &usize| pages[*page].ord.as_str());
                let ord = order::between(at.checked_sub(1).and_then(key), key(at));
                sequence.insert(at, pages.len());
                pages.push(page(number, ord));
                renewals += usize::from(!renew_keys(&mut pages, &[None].into()).is_empty());
                prop_assert!(pages.last().unwrap().ord.len() <= order::LONGEST);
            }
            let keys: Vec<&str> = sequence.iter().map(|page| pages[*page].ord.as_str()).collect();
            prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(keys.iter().all(|key| key.len() <= order::LONGEST));
            prop_assert!(renewals < 10, "{renewals}");
            let elsewhere: ItemId = pages[0].id;
            prop_assert!(renew_keys(&mut pages, &[Some(elsewhere)].into()).is_empty());
        }
    }
}
