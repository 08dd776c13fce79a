//! Keeps mirrors equal to their source: places, texts, withdrawals and erasures, in one pass per feed.

use super::error::AdoptionError;
use super::regions;
use super::selection::{self, Mirrors, Place, Remote, Wanted, mirrors_of};
use super::store::progress::{self, Brought, Progress};
use super::store::remote::{self, RemoteText};
use super::store::{self, Adoption, Mirror};
use crate::base::digest::Digest;
use crate::base::id::{AdoptionId, ItemId, ObjectId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::body::Body;
use crate::domain::content::item::{self, Item, NewItem, Stewardship};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::mirrored::{self, ForeignText};
use crate::domain::content::revision::Edit;
use crate::domain::content::{Desk, store as content};
use crate::domain::peers::{filter, wanted};
use crate::platform::db::{Reading, Write};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Brings the mirrors of this feed up to date with what was verified: those whose words are others, or all of them if more
/// than words is. Run twice, it changes nothing the second time.
pub fn refresh(tx: &mut Write<'_>, desk: &Desk<'_>, origin: &str) -> Result<(), AdoptionError> {
    let Some(progress) = progress::of(tx, &[origin.to_owned()])?.pop() else { return Ok(()) };
    match (due(&progress, desk.clock.now()), progress.brought) {
        (Due::Nothing, _) => Ok(()),
        (Due::Words, Some(brought)) => {
            let said = remote::texts_since(tx, origin, brought.news)?;
            let objects: BTreeSet<ObjectId> = said.iter().map(|text| text.object).collect();
            let mirrors = store::mirrors_of(tx, origin, &objects.into_iter().collect::<Vec<_>>())?;
            texts(tx, origin, &mirrors, said)?;
            Ok(progress::keep(tx, origin, Brought { news: progress.news, ..brought })?)
        }
        (Due::Words | Due::Everything, _) => refresh_all(tx, desk, origin),
    }
}

/// As [`refresh`], but looks at every mirror: what is adopted, or what stands above, is another.
pub fn refresh_all(tx: &mut Write<'_>, desk: &Desk<'_>, origin: &str) -> Result<(), AdoptionError> {
    regions::follow(tx, desk, origin)?;
    let adoptions = store::adoptions(tx, origin)?;
    let ends_at = if adoptions.is_empty() { None } else { bring(tx, desk, origin, adoptions)? };
    let Some(Progress { news, .. }) = progress::of(tx, &[origin.to_owned()])?.pop() else { return Ok(()) };
    let version = content::versions::content_version(tx)?;
    let understood = filter::understood();
    Ok(progress::keep(tx, origin, Brought { news, version, understood, ends_at })?)
}

/// Feeds whose mirrors do not show at `now` what they should: a process was killed before they did, or something of them
/// is over.
pub fn stale(tx: &mut impl Reading, now: Moment) -> Result<Vec<String>, AdoptionError> {
    let origins: Vec<String> = store::origins(tx)?.into_iter().collect();
    let all = progress::of(tx, &origins)?.into_iter();
    Ok(all.filter(|feed| due(feed, now) != Due::Nothing).map(|feed| feed.origin).collect())
}

/// What must be looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Nothing,
    Words,
    Everything,
}

fn due(feed: &Progress, now: Moment) -> Due {
    let Some(brought) = &feed.brought else { return Due::Everything };
    let is_over = brought.ends_at.is_some_and(|end| end <= now);
    // A region may have other languages now or its pages other places, and this version of the program show more.
    let shows_more = brought.understood != filter::understood();
    if is_over || shows_more || feed.moved > brought.news || feed.regions > brought.version {
        return Due::Everything;
    }
    if feed.news > brought.news { Due::Words } else { Due::Nothing }
}

/// Brings every mirror of a feed up to date; when the first of them is over by itself.
fn bring(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    origin: &str,
    adoptions: Vec<Adoption>,
) -> Result<Option<Moment>, AdoptionError> {
    let remote = Remote::read(tx, origin, desk.clock.now())?;
    let mut by_region: BTreeMap<RegionId, Vec<Adoption>> = BTreeMap::new();
    for adoption in adoptions {
        by_region.entry(adoption.region).or_default().push(adoption);
    }
    let mut items: HashMap<RegionId, Vec<Item>> = HashMap::new();
    for item in content::items::of_regions(tx, &by_region.keys().copied().collect::<Vec<_>>())? {
        items.entry(item.region).or_default().push(item);
    }
    let mut mirrors: HashMap<AdoptionId, Vec<Mirror>> = HashMap::new();
    for mirror in store::mirrors(tx, &[origin.to_owned()])? {
        mirrors.entry(mirror.adoption).or_default().push(mirror);
    }
    let (mut ends_at, mut all): (Option<Moment>, Vec<Mirror>) = (None, Vec::new());
    for (region, adoptions) in &by_region {
        let brought = adoptions.iter().filter_map(|one| mirrors.remove(&one.id)).flatten();
        let mut mirrors: Mirrors = brought.map(|mirror| (mirror.object, mirror)).collect();
        let mut items = items.remove(region).unwrap_or_default();
        let wanted = selection::select(&items, adoptions, &remote, &mirrors);
        if make(tx, desk, *region, &wanted, &mut mirrors)? > 0 {
            items = content::items::of_region(tx, *region)?;
        }
        hand_over(tx, &wanted, &mirrors)?;
        place(tx, *region, (&wanted, &remote), &mirrors, items)?;
        // With the profile of a region goes what was adopted as being in it.
        let adopted = adoptions.iter().filter_map(|adoption| remote.object(adoption.object));
        let ends = wanted.iter().map(|one| one.object).chain(adopted);
        ends_at = ends.filter_map(|object| remote.ends_at(object)).chain(ends_at).min();
        all.extend(mirrors.into_values());
    }
    let objects: BTreeSet<ObjectId> = all.iter().map(|mirror| mirror.object).collect();
    let said = remote::texts(tx, origin, &objects.into_iter().collect::<Vec<_>>())?;
    texts(tx, origin, &all, said)?;
    Ok(ends_at)
}

/// Which adoption brings each object that is to stand in a region; `mirrors` are those of the feed.
pub(super) fn brought<'a>(
    items: &[Item],
    mirrors: &[Mirror],
    adoptions: &'a [Adoption],
    remote: &Remote,
) -> HashMap<ObjectId, &'a Adoption> {
    let mirrors = mirrors_of(mirrors, adoptions);
    let wanted = selection::select(items, adoptions, remote, &mirrors).into_iter();
    wanted.map(|wanted| (wanted.object.object, wanted.adoption)).collect()
}

/// Makes items for objects that are here for the first time; how many.
fn make(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    wanted: &[Wanted<'_, '_>],
    mirrors: &mut Mirrors,
) -> Result<usize, AdoptionError> {
    let (mut new_items, mut new_mirrors) = (Vec::new(), Vec::new());
    for Wanted { object: remote, place, adoption, .. } in wanted {
        if mirrors.contains_key(&remote.object) {
            continue;
        }
        let id: ItemId = desk.clock.fresh_id().into();
        // The root stands where the adoption put it, everything else as upstream.
        let (parent, ord) = match (remote.kind, place) {
            (ObjectKind::Page, Place::Adopted) => {
                (adoption.parent, item::last_place(tx, region, adoption.parent)?)
            }
            (ObjectKind::Page, place) => (above(*place, mirrors), remote.ord.clone()),
            _ => (None, String::new()),
        };
        let (kind, stewardship, icon) = (remote.kind, Stewardship::Mirrored, None);
        new_items.push(NewItem { id, kind, parent, ord, stewardship, icon, archived: false });
        let (object, origin) = (remote.object, adoption.origin.clone());
        let mirror = Mirror { item: id, adoption: adoption.id, origin, object };
        new_mirrors.push(mirror.clone());
        mirrors.insert(object, mirror);
    }
    item::create(tx, desk, region, new_items)?;
    store::insert_mirrors(tx, &new_mirrors)?;
    Ok(new_mirrors.len())
}

fn above(place: Place, mirrors: &Mirrors) -> Option<ItemId> {
    let Place::Below(above) = place else { return None };
    mirrors.get(&above).map(|mirror| mirror.item)
}

/// Writes down which adoption brings each mirror now.
fn hand_over(tx: &mut Write<'_>, wanted: &[Wanted<'_, '_>], mirrors: &Mirrors) -> Result<(), AdoptionError> {
    let other = |wanted: &Wanted<'_, '_>| {
        let mirror = mirrors.get(&wanted.object.object)?;
        (mirror.adoption != wanted.adoption.id).then_some((mirror.item, wanted.adoption.id))
    };
    let handed: Vec<_> = wanted.iter().filter_map(other).collect();
    Ok(store::hand_over(tx, &handed)?)
}

/// Moves, hides and shows items so that they stand as upstream, and for as long.
fn place(
    tx: &mut Write<'_>,
    region: RegionId,
    (wanted, remote): (&[Wanted<'_, '_>], &Remote),
    mirrors: &Mirrors,
    items: Vec<Item>,
) -> Result<(), AdoptionError> {
    let mut items: HashMap<ItemId, Item> = items.into_iter().map(|item| (item.id, item)).collect();
    let mirrored: HashSet<ItemId> = mirrors.values().map(|mirror| mirror.item).collect();
    let mut changed = Vec::new();
    for Wanted { object, place, adoption, .. } in wanted {
        let id = mirrors.get(&object.object).map(|mirror| mirror.item);
        // What became another sort of thing upstream is not what we show.
        let same = |id: &ItemId| items.get(id).is_some_and(|item| item.kind == object.kind);
        let Some(item) = id.filter(same).and_then(|id| items.remove(&id)) else { continue };
        let expires_at = remote.ends_at(object);
        let mut moved = Item { archived: false, expires_at, ..item.clone() };
        match place {
            Place::Top | Place::Below(_) => {
                moved.parent = above(*place, mirrors);
                moved.ord.clone_from(&object.ord);
            }
            // It came with a subtree before it was adopted by itself; elsewhere, an editor put it.
            Place::Adopted if moved.parent.is_some_and(|parent| mirrored.contains(&parent)) => {
                moved.parent = adoption.parent;
                moved.ord = item::last_place(tx, region, adoption.parent)?;
            }
            Place::Adopted => {}
        }
        if moved != item {
            changed.push(moved);
        }
    }
    // What is left is no longer live upstream, has left the subtree, or is needed by nothing any more.
    let gone = mirrors.values().filter_map(|mirror| items.remove(&mirror.item));
    changed.extend(gone.filter(|item| !item.archived).map(|item| Item { archived: true, ..item }));
    Ok(content::items::save(tx, &changed)?)
}

/// What readers see of an item now: its body and revision, by language.
type Shown = HashMap<(ItemId, LanguageTag), (Digest, i64)>;

/// A text that is new here.
struct New {
    item: ItemId,
    region: RegionId,
    kind: ObjectKind,
    text: RemoteText,
    body: Digest,
    rev: i64,
}

/// Shows what upstream has ready now of what it says, in every language that both sides have, and its facts.
fn texts(
    tx: &mut Write<'_>,
    origin: &str,
    mirrors: &[Mirror],
    said: Vec<RemoteText>,
) -> Result<(), AdoptionError> {
    let ids: Vec<ItemId> = mirrors.iter().map(|mirror| mirror.item).collect();
    let items: HashMap<ItemId, (RegionId, ObjectKind)> =
        content::items::some(tx, &ids)?.into_iter().map(|item| (item.id, (item.region, item.kind))).collect();
    let regions: BTreeSet<RegionId> = items.values().map(|(region, _)| *region).collect();
    let languages = content::regions::languages_in(tx, &regions.into_iter().collect::<Vec<_>>())?;
    let languages: HashSet<(RegionId, LanguageTag)> =
        languages.into_iter().map(|(region, language)| (region, language.tag)).collect();
    let shown: Shown = content::revisions::public_of(tx, &ids)?
        .into_iter()
        .map(|revision| ((revision.item, revision.language), (revision.body, revision.rev.unwrap_or(0))))
        .collect();
    let mut by_object: HashMap<ObjectId, Vec<ItemId>> = HashMap::new();
    for mirror in mirrors {
        by_object.entry(mirror.object).or_default().push(mirror.item);
    }
    let mut new: Vec<New> = Vec::new();
    let mut hidden: Vec<(ItemId, LanguageTag)> = Vec::new();
    let mut left: Vec<String> = Vec::new();
    for text in said {
        for item in by_object.get(&text.object).into_iter().flatten().copied() {
            let Some((region, kind)) = items.get(&item).copied() else { continue };
            let facts = text.language.is_none() && kind.has_facts();
            let spoken = facts || languages.contains(&(region, text.language.clone()));
            let now = shown.get(&(item, text.language.clone()));
            match text.ready.filter(|_| spoken) {
                Some((body, rev)) if now.map(|(body, _)| body) != Some(&body) => {
                    new.push(New { item, region, kind, text: text.clone(), body, rev });
                }
                // Withdrawn, erased before the next text is complete here, or in a language that is no more.
                None if now.is_some() => hidden.push((item, text.language.clone())),
                _ => continue,
            }
            left.extend(now.map(|(body, _)| body.to_string()));
        }
    }
    mirrored::hide(tx, &hidden)?;
    for (region, texts) in complete(tx, new)? {
        mirrored::show(tx, region, texts)?;
    }
    // Until now our readers needed what their author had already replaced.
    Ok(wanted::forget(tx, origin, &left, &[])?)
}

/// Reads the new bodies, by region; one that cannot be read, or that holds facts of another kind, leaves the item as it was.
fn complete(
    tx: &mut Write<'_>,
    new: Vec<New>,
) -> Result<BTreeMap<RegionId, Vec<ForeignText>>, AdoptionError> {
    let digests: Vec<Digest> = new.iter().map(|new| new.body).collect();
    let bodies = content::bodies::load(tx, &digests)?;
    let items: Vec<ItemId> = new.iter().map(|new| new.item).collect();
    let before: HashMap<(ItemId, LanguageTag), i64> = content::revisions::newest_revs(tx, &items)?
        .into_iter()
        .map(|(item, language, rev)| ((item, language), rev))
        .collect();
    let mut texts: BTreeMap<RegionId, Vec<ForeignText>> = BTreeMap::new();
    for New { item, region, kind, text, body: digest, rev } in new {
        let parsed = bodies.get(&digest).and_then(|bytes| Body::parse(bytes.as_bytes()).ok());
        let fits = |body: &Body| !text.language.is_none() || body.tells(kind);
        let Some(parsed) = parsed.filter(fits) else { continue };
        let before = before.get(&(item, text.language.clone())).copied().unwrap_or(0);
        let major = text.major_rev > before;
        texts.entry(region).or_default().push(ForeignText {
            item,
            kind,
            language: text.language,
            body: digest,
            rev,
            edit: if major && text.major_rev >= rev { Edit::Major } else { Edit::Minor },
            missed: (major && text.major_rev < rev).then_some(text.major_rev),
            via: text.via,
            source: text.source,
            slug: parsed.slug.unwrap_or_default(),
            title: parsed.title,
            updated_at: parsed.updated.unwrap_or(Moment::from_seconds(0)),
        });
    }
    Ok(texts)
}
