//! Pages and their place in the tree of a region.

use super::change::Change;
use super::error::ContentError;
use super::{Desk, archive, order, publish, store};
use crate::base::id::{PageId, RegionId};
use crate::platform::db::{Reading, Write};
use std::collections::{HashMap, HashSet};

/// Levels of a tree of pages, ours or another node's: more than readers follow, and few enough for everything that
/// walks down a tree. Without an end a foreign one could exhaust the stack.
pub const DEEPEST: usize = 64;

/// Who decides what a page says.
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
pub struct Page {
    pub id: PageId,
    /// Unique on this node; Integreat's page id.
    pub number: i64,
    pub region: RegionId,
    pub parent: Option<PageId>,
    /// Fractional key among siblings, compared by bytes.
    pub ord: String,
    pub archived: bool,
    pub stewardship: Stewardship,
    /// A picture that stands for the page: its URL, or `media:<sha256>` for one of the media of its texts.
    pub icon: Option<String>,
}

/// A page to be made; ids are chosen beforehand so that texts can point to each other.
pub struct NewPage {
    pub id: PageId,
    pub parent: Option<PageId>,
    pub ord: String,
    pub stewardship: Stewardship,
    pub icon: Option<String>,
}

/// Which page each stands below, to tell how deep.
pub struct Levels(HashMap<PageId, Option<PageId>>);

impl Levels {
    /// `pages` are all of a region.
    pub fn of(pages: &[Page]) -> Levels {
        Levels(pages.iter().map(|page| (page.id, page.parent)).collect())
    }

    /// 1 at the top of the region; `None` below [`DEEPEST`].
    pub fn level(&self, page: PageId) -> Option<usize> {
        let above = |page: &PageId| self.0.get(page).copied().flatten();
        let way = std::iter::successors(Some(page), above).take(DEEPEST + 1);
        Some(way.count()).filter(|level| *level <= DEEPEST)
    }
}

/// Makes pages without any text; parents must come before their children.
/// # Errors: a parent that is not in the region, or on the last level.
pub fn create(tx: &mut Write<'_>, region: RegionId, new: Vec<NewPage>) -> Result<Vec<Page>, ContentError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let mut levels = Levels::of(&store::pages::of_region(tx, region)?);
    let first = store::take_numbers(tx, "pages", new.len())?;
    let mut pages = Vec::with_capacity(new.len());
    for (number, new) in (first..).zip(new) {
        let NewPage { id, parent, ord, stewardship, icon } = new;
        if let Some(parent) = parent.filter(|parent| !levels.0.contains_key(parent)) {
            return Err(ContentError::OtherRegion { page: id, parent });
        }
        levels.0.insert(id, parent);
        // Where mirrored pages stand follows from their origin; adoption sees to it that none stands too deep.
        if stewardship == Stewardship::Own && levels.level(id).is_none() {
            return Err(ContentError::TooDeep { page: id });
        }
        pages.push(Page { id, number, region, parent, ord, archived: false, stewardship, icon });
    }
    store::pages::save(tx, &pages)?;
    Ok(pages)
}

/// The order key after the last child of `parent`.
pub fn last_place(
    tx: &mut impl Reading,
    region: RegionId,
    parent: Option<PageId>,
) -> Result<String, ContentError> {
    let pages = store::pages::of_region(tx, region)?;
    let last = pages.iter().filter(|page| page.parent == parent).map(|page| page.ord.as_str()).max();
    Ok(order::between(last, None))
}

/// The page, if its text may be changed here.
/// # Errors: unknown, or mirrored from another node.
pub fn editable(tx: &mut impl Reading, id: PageId) -> Result<Page, ContentError> {
    let page = store::pages::find(tx, id)?.ok_or(ContentError::UnknownPage { page: id })?;
    match page.stewardship {
        Stewardship::Own => Ok(page),
        Stewardship::Mirrored => Err(ContentError::Mirrored { page: id }),
    }
}

/// Puts pages at new places (parent and order key) and tells the log; texts stay as they are.
/// # Errors: an unknown page or parent, another region's parent, a circle, or a place so deep that one of our pages
/// would stand below the last level; mirrored ones below do not count, they are hidden there.
pub fn relocate(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    moves: &[(PageId, Option<PageId>, String)],
) -> Result<(), ContentError> {
    let mut pages = store::pages::of_region(tx, region)?;
    let mut moved = Vec::new();
    for (id, parent, ord) in moves {
        let page =
            pages.iter_mut().find(|page| page.id == *id).ok_or(ContentError::UnknownPage { page: *id })?;
        page.parent = *parent;
        page.ord.clone_from(ord);
        moved.push(page.clone());
    }
    for page in &moved {
        check_ancestors(&pages, page)?;
    }
    check_levels(&pages, &moved)?;
    store::pages::save(tx, &moved)?;
    let licence = publish::licence_of(tx, region)?;
    let told = publish::told(tx, &moved)?;
    let own: Vec<Change> = moved
        .iter()
        .filter(|page| told.contains(&page.id) && !page.archived)
        .map(|page| Change::Put(publish::placement(page, desk, &licence)))
        .collect();
    store::record(tx, &own)?;
    Ok(store::touch_content(tx)?)
}

fn check_ancestors(pages: &[Page], page: &Page) -> Result<(), ContentError> {
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

fn check_levels(pages: &[Page], moved: &[Page]) -> Result<(), ContentError> {
    let levels = Levels::of(pages);
    let ids: Vec<PageId> = moved.iter().map(|page| page.id).collect();
    let affected = archive::with_below(pages, &ids);
    let counts = |page: &Page| page.stewardship == Stewardship::Own || ids.contains(&page.id);
    let mut affected = pages.iter().filter(|page| affected.contains(&page.id) && counts(page));
    match affected.find(|page| levels.level(page.id).is_none()) {
        Some(page) => Err(ContentError::TooDeep { page: page.id }),
        None => Ok(()),
    }
}
