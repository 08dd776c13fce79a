//! Taking things back: hiding a language, archiving and restoring pages, erasing what nobody may keep.

use super::change::{Change, Variant};
use super::error::ContentError;
use super::item::{self, Item, Stewardship};
use super::revision::{Edit, Revision};
use super::{Desk, publish, store};
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::platform::db::Write;
use std::collections::{BTreeMap, HashSet};

/// Hides pages and all below them from readers and from those who follow; nothing is lost. Mirrored pages below them
/// are hidden with what they stand under, and are back with it.
pub fn archive(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    ids: &[ItemId],
) -> Result<Vec<Item>, ContentError> {
    let pages = store::items::of_region(tx, region)?;
    let hidden = with_below(&pages, ids);
    let mut archived: Vec<Item> = pages
        .into_iter()
        .filter(|page| hidden.contains(&page.id) && !page.archived && is_own(page))
        .collect();
    if archived.is_empty() {
        return Ok(archived);
    }
    for page in &mut archived {
        page.archived = true;
    }
    store::items::save(tx, &archived)?;
    let told = publish::told(tx, &archived)?;
    let changes: Vec<Change> = archived
        .iter()
        .filter(|page| told.contains(&page.id))
        .map(|page| Change::Withdraw {
            object: page.id.into(),
            at: desk.clock.now(),
            why: "archived".to_owned(),
        })
        .collect();
    store::record(tx, &changes)?;
    Ok(archived)
}

pub(super) fn is_own(page: &Item) -> bool {
    page.stewardship == item::Stewardship::Own
}

/// Pages and everything that stands below them.
pub fn with_below(pages: &[Item], ids: &[ItemId]) -> HashSet<ItemId> {
    let mut all: HashSet<ItemId> = HashSet::new();
    loop {
        let below = pages
            .iter()
            .filter(|page| ids.contains(&page.id) || page.parent.is_some_and(|parent| all.contains(&parent)));
        let more: HashSet<ItemId> = below.map(|page| page.id).collect();
        if more.is_subset(&all) {
            return all;
        }
        all.extend(more);
    }
}

/// Shows archived items of our own again with the texts they had; mirrored ones come and go with their origin. Each counts
/// as a minor revision: who follows takes nothing for new that has an old number, and translations stay as up to date as
/// they were. # Errors: a page stays hidden above one of them; the region is archived.
pub fn restore(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    ids: &[ItemId],
) -> Result<(), ContentError> {
    publish::check_open(tx, region)?;
    let mut pages = store::items::of_region(tx, region)?;
    let mut back = HashSet::new();
    for page in pages.iter_mut().filter(|page| is_hidden(page) && ids.contains(&page.id)) {
        page.archived = false;
        back.insert(page.id);
    }
    if back.is_empty() {
        return Ok(());
    }
    item::check_above(&pages, pages.iter().filter(|page| back.contains(&page.id)))?;
    pages.retain(|page| back.contains(&page.id));
    store::items::save(tx, &pages)?;
    show_again(tx, desk, region, &pages)
}

fn is_hidden(item: &Item) -> bool {
    item.archived && item.stewardship == Stewardship::Own
}

/// Tells the log of items that it took for gone, with the texts they had.
pub(super) fn show_again(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    pages: &[Item],
) -> Result<(), ContentError> {
    let ids: Vec<ItemId> = pages.iter().map(|page| page.id).collect();
    let mut public = store::revisions::public_of(tx, &ids)?;
    let digests: Vec<Digest> = public.iter().map(|revision| revision.body).collect();
    let bodies = store::bodies::load(tx, &digests)?;
    let own = publish::told(tx, pages)?;
    public.retain(|revision| own.contains(&revision.item) && bodies.contains_key(&revision.body));
    renumber(tx, &mut public)?;
    store::revisions::save_public(tx, &public)?;
    let marks = publish::Marks::of(tx, region, &ids)?;
    let mut changes = Vec::new();
    for page in pages.iter().filter(|page| own.contains(&page.id)) {
        let mut put = publish::placement(page, desk, &marks);
        put.minor = true;
        for revision in public.iter().filter(|revision| revision.item == page.id) {
            let Some(bytes) = bodies.get(&revision.body) else { continue };
            put.variants.insert(revision.language.clone(), Some(again(revision, bytes)));
        }
        changes.push(Change::Put(put));
    }
    Ok(store::record(tx, &changes)?)
}

/// Shows an archived item and all below it again; how many were hidden. What stands below a page that its origin has
/// withdrawn stays hidden with it.
pub fn restore_below(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    id: ItemId,
) -> Result<usize, ContentError> {
    let items = store::items::of_region(tx, region)?;
    let withdrawn = |item: &&Item| item.archived && !is_own(item);
    let withdrawn: Vec<ItemId> = items.iter().filter(withdrawn).map(|item| item.id).collect();
    let shut = with_below(&items, &withdrawn);
    let all: Vec<ItemId> = with_below(&items, &[id]).difference(&shut).copied().collect();
    let hidden = items.iter().filter(|item| is_hidden(item) && all.contains(&item.id)).count();
    restore(tx, desk, region, &all)?;
    Ok(hidden)
}

/// Makes these revisions the next ones of their pages and languages, with the same texts.
fn renumber(tx: &mut Write<'_>, revisions: &mut [Revision]) -> Result<(), ContentError> {
    let ids: Vec<ItemId> = revisions.iter().map(|revision| revision.item).collect();
    let newest: BTreeMap<(ItemId, LanguageTag), i64> = store::revisions::newest_revs(tx, &ids)?
        .into_iter()
        .map(|(page, language, rev)| ((page, language), rev))
        .collect();
    let first = store::take_numbers(tx, "revisions", revisions.len())?;
    for (number, revision) in (first..).zip(revisions) {
        let newest = newest.get(&(revision.item, revision.language.clone())).copied().unwrap_or(0);
        (revision.number, revision.rev, revision.edit) = (number, Some(newest + 1), Edit::Minor);
    }
    Ok(())
}

/// The variant that names a revision whose body is stored.
fn again(revision: &Revision, bytes: &str) -> Variant {
    let body = super::body::Body::parse(bytes.as_bytes()).ok();
    Variant {
        body: revision.body,
        size_bytes: bytes.len() as u64,
        rev: revision.rev.unwrap_or(0),
        source: revision.source.clone(),
        via: revision.via,
        media: body.iter().flat_map(|body| &body.media).map(|medium| medium.sha256).collect(),
    }
}

/// Takes one language of a page back; its revisions stay.
pub fn unpublish(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    id: ItemId,
    language: &LanguageTag,
) -> Result<(), ContentError> {
    let page = item::editable(tx, id)?;
    publish::check_open(tx, page.region)?;
    let known = store::revisions::newest_revs(tx, &[id])?;
    if !known.iter().any(|(_, known, rev)| known == language && *rev > 0) {
        return Ok(());
    }
    store::revisions::show(tx, &[(id, language, None)])?;
    if page.archived {
        // The log knows already that all of it is gone.
        return Ok(());
    }
    let marks = publish::Marks::of(tx, page.region, &[id])?;
    let mut put = publish::placement(&page, desk, &marks);
    put.variants.insert(language.clone(), None);
    Ok(store::record(tx, &[Change::Put(put)])?)
}

/// Why bodies must go everywhere (civic-feed §2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    Gdpr17,
    Court,
    Licence,
    Error,
}

impl Ground {
    pub fn as_str(self) -> &'static str {
        match self {
            Ground::Gdpr17 => "gdpr-17",
            Ground::Court => "court",
            Ground::Licence => "licence",
            Ground::Error => "error",
        }
    }
}

/// Within this time all holders must have deleted what was erased.
const DUE_SECONDS: u64 = 72 * 3600;

/// What an erasure did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased {
    pub revisions: usize,
    /// Whether others are told to delete them: they hold nothing of what was never published.
    pub is_demanded: bool,
}

/// Deletes the text of a page here and demands it of everybody who holds it: every revision of `language`,
/// or of all languages. What was public in it disappears at once; the log keeps a hash that confirms nothing.
pub fn erase(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    id: ItemId,
    language: Option<&LanguageTag>,
    ground: Ground,
) -> Result<Erased, ContentError> {
    item::editable(tx, id)?;
    let mut gone = store::revisions::of_item(tx, id)?;
    gone.retain(|revision| language.is_none_or(|language| revision.language == *language));
    let mut revs: BTreeMap<LanguageTag, Vec<i64>> = BTreeMap::new();
    for revision in &gone {
        revs.entry(revision.language.clone()).or_default().extend(revision.rev);
    }
    let erased = Erased { revisions: gone.len(), is_demanded: revs.values().any(|revs| !revs.is_empty()) };
    let hidden: Vec<_> = revs.keys().map(|language| (id, language, None)).collect();
    store::revisions::show(tx, &hidden)?;
    let bodies: Vec<Digest> = gone.iter().map(|revision| revision.body).collect();
    store::bodies::delete(tx, &bodies)?;
    // A demand that names no language means all of them: there must be none if that language never was public.
    if !erased.is_demanded {
        return Ok(erased);
    }
    let revs = if language.is_none() { BTreeMap::new() } else { revs };
    let change = Change::Erase {
        object: id.into(),
        at: desk.clock.now(),
        why: ground.as_str().to_owned(),
        due_seconds: DUE_SECONDS,
        revs,
    };
    store::record(tx, &[change])?;
    Ok(erased)
}
