//! Keeps mirrors equal to their source: places, texts, withdrawals and erasures, in one pass per feed.

use super::error::AdoptionError;
use super::regions;
use super::selection::{self, Mirrors, Place, Remote, Wanted, mirrors_of};
use super::store::remote::{self, RemoteText};
use super::store::{self, Adoption, Mirror};
use crate::base::digest::Digest;
use crate::base::id::{ItemId, ObjectId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::body::Body;
use crate::domain::content::item::{self, Item, NewItem, Stewardship};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::mirrored::{self, ForeignText};
use crate::domain::content::revision::Edit;
use crate::domain::content::{Desk, store as content};
use crate::domain::peers::{filter, fold, wanted};
use crate::platform::db::{Reading, Write};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Brings every mirror of this feed up to date with what was verified. Run twice, it changes nothing the second time.
pub fn refresh(tx: &mut Write<'_>, desk: &Desk<'_>, origin: &str) -> Result<(), AdoptionError> {
    regions::follow(tx, desk, origin)?;
    let adoptions = store::adoptions(tx, origin)?;
    let remote = Remote::read(tx, origin, desk.clock.now())?;
    let mut by_region: BTreeMap<RegionId, Vec<Adoption>> = BTreeMap::new();
    for adoption in adoptions {
        by_region.entry(adoption.region).or_default().push(adoption);
    }
    let mut next_end: Option<Moment> = None;
    for (region, adoptions) in &by_region {
        let mut mirrors = mirrors_of(tx, adoptions)?;
        let wanted = selection::select(tx, *region, adoptions, &remote, &mirrors)?;
        make(tx, desk, *region, &wanted, &mut mirrors)?;
        hand_over(tx, &wanted, &mirrors)?;
        let items = content::items::of_region(tx, *region)?;
        let kinds: HashMap<ItemId, ObjectKind> = items.iter().map(|item| (item.id, item.kind)).collect();
        place(tx, *region, (&wanted, &remote), &mirrors, items)?;
        texts(tx, origin, *region, &mirrors, &kinds)?;
        let ends = wanted.iter().filter_map(|one| remote.ends_at(one.object));
        next_end = ends.chain(next_end).min();
    }
    let basis = basis(tx, origin)?;
    content::set_fact(tx, &shown_basis(origin), &basis)?;
    let next_end = next_end.map_or_else(String::new, |end| end.micros().to_string());
    Ok(content::set_fact(tx, &shown_until(origin), &next_end)?)
}

/// Feeds whose mirrors do not show at `now` what they should: a process was killed before they did, or something of them
/// is over.
pub fn stale(tx: &mut impl Reading, now: Moment) -> Result<Vec<String>, AdoptionError> {
    let mut stale = Vec::new();
    for origin in store::origins(tx)? {
        let basis = basis(tx, &origin)?;
        let until = content::fact(tx, &shown_until(&origin))?.and_then(|end| end.parse().ok());
        let over = until.is_some_and(|end: i64| end <= now.micros());
        if over || content::fact(tx, &shown_basis(&origin))? != Some(basis) {
            stale.push(origin);
        }
    }
    Ok(stale)
}

/// What the mirrors of a feed follow from: its news, the languages of the regions that show them, and what this version
/// of the program shows.
fn basis(tx: &mut impl Reading, origin: &str) -> Result<String, AdoptionError> {
    let regions: HashSet<RegionId> =
        store::adoptions(tx, origin)?.into_iter().map(|adoption| adoption.region).collect();
    let spoken =
        content::regions::all_languages(tx)?.into_iter().filter(|(region, _)| regions.contains(region));
    let mut spoken: Vec<String> =
        spoken.map(|(region, language)| format!("{} in {region}", language.tag)).collect();
    spoken.sort();
    let (news, understood) = (fold::news(tx, origin)?, filter::understood());
    Ok(format!("{news} news; {}; {understood}", spoken.join(", ")))
}

/// The name of the fact that says from which basis the mirrors of a feed were made.
fn shown_basis(origin: &str) -> String {
    format!("mirrored news of {origin}")
}

/// The name of the fact that says when the next of them is over, in microseconds; empty: none ever is.
fn shown_until(origin: &str) -> String {
    format!("mirrored until of {origin}")
}

/// Which adoption brings each object that is to stand in a region.
pub(super) fn brought<'a>(
    tx: &mut Write<'_>,
    region: RegionId,
    adoptions: &'a [Adoption],
    remote: &Remote,
) -> Result<HashMap<ObjectId, &'a Adoption>, AdoptionError> {
    let mirrors = mirrors_of(tx, adoptions)?;
    let wanted = selection::select(tx, region, adoptions, remote, &mirrors)?.into_iter();
    Ok(wanted.map(|wanted| (wanted.object.object, wanted.adoption)).collect())
}

/// Makes items for objects that are here for the first time.
fn make(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    wanted: &[Wanted<'_, '_>],
    mirrors: &mut Mirrors,
) -> Result<(), AdoptionError> {
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
    Ok(store::insert_mirrors(tx, &new_mirrors)?)
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

/// A text that is new here: of which item, and its body and revision.
type New = (ItemId, ObjectKind, RemoteText, Digest, i64);

/// Shows in every language that both sides have what upstream has ready there, and its facts, and nothing else.
fn texts(
    tx: &mut Write<'_>,
    origin: &str,
    region: RegionId,
    mirrors: &Mirrors,
    kinds: &HashMap<ItemId, ObjectKind>,
) -> Result<(), AdoptionError> {
    let objects: Vec<ObjectId> = mirrors.keys().copied().collect();
    let items: Vec<ItemId> = mirrors.values().map(|mirror| mirror.item).collect();
    let languages: HashSet<LanguageTag> =
        content::regions::languages_of(tx, region)?.into_iter().map(|language| language.tag).collect();
    let shown: Shown = content::revisions::public_of(tx, &items)?
        .into_iter()
        .map(|revision| ((revision.item, revision.language), (revision.body, revision.rev.unwrap_or(0))))
        .collect();
    let mut new: Vec<New> = Vec::new();
    let mut hidden: Vec<(ItemId, LanguageTag)> = Vec::new();
    let mut left: Vec<String> = Vec::new();
    for text in remote::texts(tx, origin, &objects)? {
        let Some(item) = mirrors.get(&text.object).map(|mirror| mirror.item) else { continue };
        let Some(kind) = kinds.get(&item).copied() else { continue };
        let spoken = languages.contains(&text.language) || (text.language.is_none() && kind.has_facts());
        let now = shown.get(&(item, text.language.clone()));
        match text.ready.filter(|_| spoken) {
            Some((body, rev)) if now.map(|(body, _)| body) != Some(&body) => {
                new.push((item, kind, text, body, rev))
            }
            // Withdrawn, erased before the next text is complete here, or in a language that is no more.
            None if now.is_some() => hidden.push((item, text.language)),
            _ => continue,
        }
        left.extend(now.map(|(body, _)| body.to_string()));
    }
    mirrored::hide(tx, &hidden)?;
    let texts = complete(tx, new)?;
    mirrored::show(tx, region, texts)?;
    // Until now our readers needed what their author had already replaced.
    Ok(wanted::forget(tx, origin, &left, &[])?)
}

/// Reads the new bodies; one that cannot be read, or that holds facts of another kind, leaves the item as it was.
fn complete(tx: &mut Write<'_>, new: Vec<New>) -> Result<Vec<ForeignText>, AdoptionError> {
    let digests: Vec<Digest> = new.iter().map(|(.., body, _)| *body).collect();
    let bodies = content::bodies::load(tx, &digests)?;
    let items: Vec<ItemId> = new.iter().map(|(item, ..)| *item).collect();
    let before: HashMap<(ItemId, LanguageTag), i64> = content::revisions::newest_revs(tx, &items)?
        .into_iter()
        .map(|(item, language, rev)| ((item, language), rev))
        .collect();
    let mut texts = Vec::with_capacity(new.len());
    for (item, kind, text, digest, rev) in new {
        let parsed = bodies.get(&digest).and_then(|bytes| Body::parse(bytes.as_bytes()).ok());
        let fits = |body: &Body| !text.language.is_none() || body.tells(kind);
        let Some(parsed) = parsed.filter(fits) else { continue };
        let before = before.get(&(item, text.language.clone())).copied().unwrap_or(0);
        let major = text.major_rev > before;
        texts.push(ForeignText {
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
