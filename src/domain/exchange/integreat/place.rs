//! Puts the pages of an import where they belong in the region's tree.

use super::error::ImportError;
use super::import::Job;
use super::placement;
use super::report::Report;
use crate::base::id::ItemId;
use crate::domain::content::item::{self, Item, NewItem};
use crate::domain::content::{archive, store as content};
use crate::platform::db::Write;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What became of pages that were hidden.
pub(super) struct Placed {
    /// An editor archived them, or the page that they are new below: their texts are not published.
    pub left: HashSet<ItemId>,
    /// An import hid them once, and they are shown now.
    pub shown: Vec<ItemId>,
}

/// Makes new pages, shows those again that an import hid, and moves those that stand elsewhere now.
pub(super) fn place(tx: &mut Write<'_>, job: &Job<'_>, report: &mut Report) -> Result<Placed, ImportError> {
    let Job { desk, region, prepared, pages: ids, memories } = *job;
    let items = &prepared.items;
    let mut here: HashMap<ItemId, Item> =
        content::items::of_region(tx, region)?.into_iter().map(|page| (page.id, page)).collect();
    let ords = ords(job, &here);
    let mut tree = Tree(here.values().map(|page| (page.id, (page.parent, page.archived))).collect());
    let mut placed = Placed { left: HashSet::new(), shown: Vec::new() };
    let (mut new, mut moves, mut restored) = (vec![], vec![], vec![]);
    let (mut left, mut repainted) = (vec![], vec![]);
    for ((item, (id, _)), ord) in items.iter().zip(ids).zip(ords) {
        let parent = item.parent.map(|parent| ids[parent].0);
        let below_left = parent.is_some_and(|parent| placed.left.contains(&parent));
        let icon = item.icon.clone();
        let Some(page) = here.remove(id) else {
            // What is shown again or moved only afterwards is hidden as yet, and so is what stands below.
            let archived = below_left || tree.is_shut(parent);
            tree.0.insert(*id, (parent, archived));
            placed.left.extend(below_left.then_some(*id));
            restored.extend((archived && !below_left).then_some(*id));
            new.push(NewItem { icon, archived, ..NewItem::page(*id, parent, ord) });
            continue;
        };
        let hid = memories.hid(*id);
        if page.archived && (below_left || !hid) {
            placed.left.insert(*id);
            left.push(*id);
        } else {
            placed.shown.extend(hid.then_some(*id));
            restored.extend(page.archived.then_some(*id));
        }
        // What readers see stays where they see it.
        let is_lost = below_left && !page.archived && page.parent != parent;
        if is_lost {
            left.push(*id);
        } else if page.parent != parent || page.ord != ord {
            moves.push((*id, parent, ord));
        }
        if page.icon != icon {
            repainted.push(Item { icon, ..page });
        }
    }
    left.extend(tree.follow(&mut moves));
    let shut = tree.show(&mut restored);
    placed.shown.retain(|page| !shut.contains(page));
    left.extend(&shut);
    placed.left.extend(shut);
    tell(job, report, &new, [&left, &restored]);
    report.moved_pages = moves.len();
    item::create(tx, desk, region, new)?;
    content::items::save(tx, &repainted)?;
    if !moves.is_empty() {
        item::relocate(tx, desk, region, &moves)?;
    }
    // Where they stand now nothing above them is hidden.
    if !restored.is_empty() {
        archive::restore(tx, desk, region, &restored)?;
    }
    Ok(placed)
}

/// Of new pages it is told only how many there are.
fn tell(job: &Job<'_>, report: &mut Report, new: &[NewItem], [left, restored]: [&[ItemId]; 2]) {
    let new: HashSet<ItemId> = new.iter().map(|new| new.id).collect();
    let known = |pages: &'_ [ItemId]| names(job, pages.iter().filter(|page| !new.contains(page)));
    report.left_pages.extend(known(left));
    report.restored_pages.extend(known(restored));
    report.new_pages = new.len();
}

/// What people know these pages by, in their order.
fn names<'a>(job: &Job<'_>, pages: impl Iterator<Item = &'a ItemId>) -> Vec<String> {
    let pages: HashSet<&ItemId> = pages.collect();
    let items = job.prepared.items.iter().zip(job.pages).filter(|(_, (id, _))| pages.contains(id));
    let name = |id: &ItemId, path: Option<String>| path.unwrap_or_else(|| id.to_string());
    items.map(|(item, (id, _))| name(id, item.texts.first().map(|text| text.path.clone()))).collect()
}

type Move = (ItemId, Option<ItemId>, String);

/// What each page stands below, and whether it is archived.
struct Tree(HashMap<ItemId, (Option<ItemId>, bool)>);

impl Tree {
    /// A page and all above it; more than once around where they stand in a circle.
    fn way(&self, from: Option<ItemId>) -> impl Iterator<Item = ItemId> {
        let way = std::iter::successors(from, |page| self.above(page));
        way.take(self.0.len() + 1)
    }

    fn above(&self, page: &ItemId) -> Option<ItemId> {
        self.0.get(page)?.0
    }

    /// Whether readers see nothing of what stands below this.
    fn is_shut(&self, parent: Option<ItemId>) -> bool {
        self.way(parent).any(|page| self.0.get(&page).is_some_and(|(_, archived)| *archived))
    }

    fn put(&mut self, page: ItemId, parent: Option<ItemId>) {
        self.0.entry(page).or_insert((parent, false)).0 = parent;
    }

    /// Moves pages. Where some stay that the origin moved, others may no longer be moved below them; these are taken
    /// out of `moves` and returned.
    fn follow(&mut self, moves: &mut Vec<Move>) -> Vec<ItemId> {
        let before: Vec<(ItemId, Option<ItemId>)> =
            moves.iter().map(|(page, ..)| (*page, self.above(page))).collect();
        for (page, parent, _) in moves.iter() {
            self.put(*page, *parent);
        }
        let mut dropped = Vec::new();
        let in_circle = |tree: &Tree, moves: &[Move]| {
            moves.iter().position(|(page, parent, _)| tree.way(*parent).any(|above| above == *page))
        };
        while let Some(at) = in_circle(self, moves) {
            let (page, ..) = moves.remove(at);
            self.put(page, before.iter().find(|(known, _)| *known == page).and_then(|(_, parent)| *parent));
            dropped.push(page);
        }
        dropped
    }

    /// Shows archived pages again. Those that stand below one that stays hidden are taken out of `pages` and returned.
    fn show(&mut self, pages: &mut Vec<ItemId>) -> Vec<ItemId> {
        self.archive(pages, false);
        let mut shut = Vec::new();
        loop {
            let hidden: Vec<ItemId> =
                pages.iter().copied().filter(|page| self.is_shut(self.above(page))).collect();
            if hidden.is_empty() {
                return shut;
            }
            pages.retain(|page| !hidden.contains(page));
            self.archive(&hidden, true);
            shut.extend(hidden);
        }
    }

    fn archive(&mut self, pages: &[ItemId], archived: bool) {
        for page in pages {
            self.0.entry(*page).or_insert((None, archived)).1 = archived;
        }
    }
}

/// The order key of each item.
fn ords(job: &Job<'_>, here: &HashMap<ItemId, Item>) -> Vec<String> {
    let (items, ids) = (&job.prepared.items, job.pages);
    let mut siblings: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        siblings.entry(item.parent).or_default().push(at);
    }
    let mut ords: Vec<String> = vec![String::new(); items.len()];
    for (parent, children) in &siblings {
        let parent = parent.map(|parent| ids[parent].0);
        let held = |at: &usize| {
            here.get(&ids[*at].0).filter(|page| page.parent == parent).map(|page| page.ord.as_str())
        };
        let held: Vec<Option<&str>> = children.iter().map(held).collect();
        for (at, ord) in children.iter().zip(placement::keys(&held)) {
            ords[*at] = ord;
        }
    }
    ords
}
