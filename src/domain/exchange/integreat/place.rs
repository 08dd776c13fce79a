//! Puts the pages of an import where they belong in the region's tree.

use super::error::ImportError;
use super::import::Job;
use super::placement;
use super::report::Report;
use crate::base::id::PageId;
use crate::domain::content::page::{self, NewPage, Page, Stewardship};
use crate::domain::content::{archive, store as content};
use crate::platform::db::Write;
use std::collections::{BTreeMap, HashMap};

/// Makes new pages, shows archived ones again, and moves those that stand elsewhere now.
pub(super) fn place(tx: &mut Write<'_>, job: &Job<'_>, report: &mut Report) -> Result<(), ImportError> {
    let Job { desk, region, prepared, pages: ids } = *job;
    let items = &prepared.items;
    let mut here: HashMap<PageId, Page> =
        content::pages::of_region(tx, region)?.into_iter().map(|page| (page.id, page)).collect();
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
    let (mut new, mut moves, mut restored, mut repainted) = (vec![], vec![], vec![], vec![]);
    for ((item, (id, _)), ord) in items.iter().zip(ids).zip(ords) {
        let parent = item.parent.map(|parent| ids[parent].0);
        let icon = item.icon.clone();
        match here.remove(id) {
            None => new.push(NewPage { id: *id, parent, ord, stewardship: Stewardship::Own, icon }),
            Some(page) => {
                restored.extend(page.archived.then_some(*id));
                if page.parent != parent || page.ord != ord {
                    moves.push((*id, parent, ord));
                }
                if page.icon != icon {
                    repainted.push(Page { icon, ..page });
                }
            }
        }
    }
    report.new_pages = new.len();
    report.moved_pages = moves.len();
    report.restored_pages = restored.len();
    page::create(tx, region, new)?;
    if !repainted.is_empty() {
        content::pages::save(tx, &repainted)?;
        content::touch_content(tx)?;
    }
    if !restored.is_empty() {
        archive::restore(tx, desk, region, &restored)?;
    }
    if !moves.is_empty() {
        page::relocate(tx, desk, region, &moves)?;
    }
    Ok(())
}
