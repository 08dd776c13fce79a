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
    let mut placed = Placed { left: HashSet::new(), shown: Vec::new() };
    let (mut new, mut moves, mut restored, mut repainted) = (vec![], vec![], vec![], vec![]);
    for ((item, (id, _)), ord) in items.iter().zip(ids).zip(ords) {
        let parent = item.parent.map(|parent| ids[parent].0);
        let below_left = parent.is_some_and(|parent| placed.left.contains(&parent));
        let name = item.texts.first().map_or_else(|| id.to_string(), |text| text.path.clone());
        let icon = item.icon.clone();
        let Some(page) = here.remove(id) else {
            // What is shown again only afterwards is hidden as yet, and so is what stands below.
            let archived = below_left || parent.is_some_and(|parent| restored.contains(&parent));
            placed.left.extend(below_left.then_some(*id));
            restored.extend((archived && !below_left).then_some(*id));
            new.push(NewItem { icon, archived, ..NewItem::page(*id, parent, ord) });
            continue;
        };
        let hid = memories.hid(*id);
        if page.archived && (below_left || !hid) {
            placed.left.insert(*id);
            report.left_pages.push(name.clone());
        } else {
            placed.shown.extend(hid.then_some(*id));
            if page.archived {
                restored.push(*id);
                report.restored_pages.push(name.clone());
            }
        }
        // What readers see stays where they see it.
        let is_lost = below_left && !page.archived && page.parent != parent;
        if is_lost {
            report.left_pages.push(name);
        } else if page.parent != parent || page.ord != ord {
            moves.push((*id, parent, ord));
        }
        if page.icon != icon {
            repainted.push(Item { icon, ..page });
        }
    }
    report.new_pages = new.len();
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
