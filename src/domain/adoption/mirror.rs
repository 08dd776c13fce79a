//! Keeps mirrors equal to their source: places, texts, withdrawals and erasures, in one pass per feed.

use super::error::AdoptionError;
use super::store::{self, Adoption, Mirror, RemotePage, RemoteText, Scope};
use crate::base::digest::Digest;
use crate::base::id::{AdoptionId, ItemId, ObjectId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::body::Body;
use crate::domain::content::item::{self, DEEPEST, Item, Levels, NewItem, Stewardship};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::mirrored::{self, ForeignText};
use crate::domain::content::revision::Edit;
use crate::domain::content::{Desk, store as content};
use crate::domain::peers::{fold, wanted};
use crate::platform::db::{Reading, Write};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Brings every mirror of this feed up to date with what was verified. Run twice, it changes nothing the second time.
pub fn refresh(tx: &mut Write<'_>, desk: &Desk<'_>, origin: &str) -> Result<(), AdoptionError> {
    let mut by_region: BTreeMap<RegionId, Vec<Adoption>> = BTreeMap::new();
    for adoption in store::adoptions(tx, origin)? {
        by_region.entry(adoption.region).or_default().push(adoption);
    }
    if by_region.is_empty() {
        return Ok(());
    }
    let remote = store::remote_pages(tx, origin)?;
    for (region, adoptions) in &by_region {
        let mut mirrors = mirrors_of(tx, adoptions)?;
        let wanted = wanted(adoptions, &remote, &levels(tx, *region, adoptions, &mirrors)?);
        make(tx, desk, *region, &wanted, &mut mirrors)?;
        place(tx, *region, &wanted, &mirrors)?;
        texts(tx, origin, *region, &mirrors)?;
    }
    let basis = basis(tx, origin)?;
    Ok(content::set_fact(tx, &shown_basis(origin), &basis)?)
}

/// Feeds whose mirrors do not show yet all that they could, be it that a process was killed before they did.
pub fn stale(tx: &mut impl Reading) -> Result<Vec<String>, AdoptionError> {
    let mut stale = Vec::new();
    for origin in store::origins(tx)? {
        let basis = basis(tx, &origin)?;
        if content::fact(tx, &shown_basis(&origin))? != Some(basis) {
            stale.push(origin);
        }
    }
    Ok(stale)
}

/// What the mirrors of a feed follow from: its news, and the languages of the regions that show them.
fn basis(tx: &mut impl Reading, origin: &str) -> Result<String, AdoptionError> {
    let regions: HashSet<RegionId> =
        store::adoptions(tx, origin)?.into_iter().map(|adoption| adoption.region).collect();
    let spoken =
        content::regions::all_languages(tx)?.into_iter().filter(|(region, _)| regions.contains(region));
    let mut spoken: Vec<String> =
        spoken.map(|(region, language)| format!("{} in {region}", language.tag)).collect();
    spoken.sort();
    Ok(format!("{} news; {}", fold::news(tx, origin)?, spoken.join(", ")))
}

/// The name of the fact that says from which basis the mirrors of a feed were made.
fn shown_basis(origin: &str) -> String {
    format!("mirrored news of {origin}")
}

type Mirrors = HashMap<ObjectId, ItemId>;

/// The pages of a region that mirror objects of a feed.
fn mirrors_of(tx: &mut Write<'_>, adoptions: &[Adoption]) -> Result<Mirrors, AdoptionError> {
    let ids: HashSet<AdoptionId> = adoptions.iter().map(|adoption| adoption.id).collect();
    let all = store::mirrors(tx)?.into_iter();
    Ok(all
        .filter(|mirror| ids.contains(&mirror.adoption))
        .map(|mirror| (mirror.object, mirror.page))
        .collect())
}

/// The level of each object that was adopted by itself, where [`place`] lets it stand; none if that is too deep.
fn levels(
    tx: &mut Write<'_>,
    region: RegionId,
    adoptions: &[Adoption],
    mirrors: &Mirrors,
) -> Result<HashMap<ObjectId, usize>, AdoptionError> {
    let pages = content::items::of_region(tx, region)?;
    let levels = Levels::of(&pages);
    let parents: HashMap<ItemId, Option<ItemId>> = pages.iter().map(|page| (page.id, page.parent)).collect();
    let mirrored: HashSet<ItemId> = mirrors.values().copied().collect();
    let level = |adoption: &Adoption| {
        let stands = mirrors.get(&adoption.object).and_then(|page| parents.get(page).copied());
        let came_below = stands.flatten().is_some_and(|parent| mirrored.contains(&parent));
        let above = stands.filter(|_| !came_below).unwrap_or(adoption.parent);
        let level = above.map_or(Some(0), |above| levels.level(above))? + 1;
        (level <= DEEPEST).then_some((adoption.object, level))
    };
    Ok(adoptions.iter().filter_map(level).collect())
}

/// An object that is to stand in the region.
struct Wanted<'a, 'r> {
    page: &'r RemotePage,
    /// The one above it; `None`: it stands where its adoption put it.
    above: Option<ObjectId>,
    level: usize,
    adoption: &'a Adoption,
}

/// The adopted objects of one region, parents before children. Each object stands once: what was adopted by itself
/// stands there, however it moves upstream, and comes with no other subtree. What would stand below the last level of
/// our tree is left out. `levels` tells where the adopted ones stand.
fn wanted<'a, 'r>(
    adoptions: &'a [Adoption],
    remote: &'r [RemotePage],
    levels: &HashMap<ObjectId, usize>,
) -> Vec<Wanted<'a, 'r>> {
    let mut children: HashMap<ObjectId, Vec<&RemotePage>> = HashMap::new();
    for page in remote {
        if let Some(parent) = page.parent {
            children.entry(parent).or_default().push(page);
        }
    }
    let live: HashMap<ObjectId, &RemotePage> = remote.iter().map(|page| (page.object, page)).collect();
    // Of two decisions on one object the later one counts.
    let roots: BTreeMap<ObjectId, &Adoption> =
        adoptions.iter().map(|adoption| (adoption.object, adoption)).collect();
    let mut order = Vec::new();
    let mut seen = HashSet::new();
    let first = |(object, adoption): (&ObjectId, &&'a Adoption)| {
        let level = *levels.get(object)?;
        live.get(object).map(|page| Wanted { page, above: None, level, adoption })
    };
    let mut waiting: Vec<Wanted<'a, 'r>> = roots.iter().filter_map(first).collect();
    while let Some(Wanted { page, above, level, adoption }) = waiting.pop() {
        // A foreign tree may hold a circle; each object comes once.
        if !seen.insert(page.object) {
            continue;
        }
        order.push(Wanted { page, above, level, adoption });
        if adoption.scope == Scope::Subtree && level < DEEPEST {
            let below = children.get(&page.object).into_iter().flatten();
            let free = below.filter(|child| !roots.contains_key(&child.object));
            let (above, level) = (Some(page.object), level + 1);
            waiting.extend(free.map(|child| Wanted { page: child, above, level, adoption }));
        }
    }
    order
}

/// Which adoption brings each object that is to stand in a region.
pub(super) fn brought<'a>(
    tx: &mut Write<'_>,
    region: RegionId,
    adoptions: &'a [Adoption],
    remote: &[RemotePage],
) -> Result<HashMap<ObjectId, &'a Adoption>, AdoptionError> {
    let mirrors = mirrors_of(tx, adoptions)?;
    let levels = levels(tx, region, adoptions, &mirrors)?;
    let wanted = wanted(adoptions, remote, &levels).into_iter();
    Ok(wanted.map(|wanted| (wanted.page.object, wanted.adoption)).collect())
}

/// Makes pages for objects that are here for the first time.
fn make(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    wanted: &[Wanted<'_, '_>],
    mirrors: &mut Mirrors,
) -> Result<(), AdoptionError> {
    let (mut new_pages, mut new_mirrors) = (Vec::new(), Vec::new());
    for Wanted { page, above, adoption, .. } in wanted {
        if mirrors.contains_key(&page.object) {
            continue;
        }
        let id: ItemId = desk.clock.fresh_id().into();
        // The root stands where the adoption put it, everything else as upstream.
        let (parent, ord) = match above.and_then(|above| mirrors.get(&above)) {
            Some(parent) => (Some(*parent), page.ord.clone()),
            None => (adoption.parent, item::last_place(tx, region, adoption.parent)?),
        };
        new_pages.push(NewItem {
            id,
            kind: ObjectKind::Page,
            parent,
            ord,
            stewardship: Stewardship::Mirrored,
            icon: None,
        });
        let origin = adoption.origin.clone();
        new_mirrors.push(Mirror { page: id, adoption: adoption.id, origin, object: page.object });
        mirrors.insert(page.object, id);
    }
    item::create(tx, desk, region, new_pages)?;
    Ok(store::insert_mirrors(tx, &new_mirrors)?)
}

/// Moves, hides and shows pages so that they stand as upstream.
fn place(
    tx: &mut Write<'_>,
    region: RegionId,
    wanted: &[Wanted<'_, '_>],
    mirrors: &Mirrors,
) -> Result<(), AdoptionError> {
    let mut pages: HashMap<ItemId, Item> =
        content::items::of_region(tx, region)?.into_iter().map(|page| (page.id, page)).collect();
    let mirrored: HashSet<ItemId> = mirrors.values().copied().collect();
    let mut changed = Vec::new();
    for Wanted { page: remote, above, adoption, .. } in wanted {
        let Some(page) = mirrors.get(&remote.object).and_then(|id| pages.remove(id)) else { continue };
        let mut moved = Item { archived: false, ..page.clone() };
        match above.and_then(|above| mirrors.get(&above)) {
            Some(parent) => {
                moved.parent = Some(*parent);
                moved.ord.clone_from(&remote.ord);
            }
            // It came with a subtree before it was adopted by itself; elsewhere, an editor put it.
            None if moved.parent.is_some_and(|parent| mirrored.contains(&parent)) => {
                moved.parent = adoption.parent;
                moved.ord = item::last_place(tx, region, adoption.parent)?;
            }
            None => {}
        }
        if moved != page {
            changed.push(moved);
        }
    }
    // What is left is no longer live upstream, or has left the subtree.
    let gone = mirrors.values().filter_map(|id| pages.remove(id)).filter(|page| !page.archived);
    changed.extend(gone.map(|page| Item { archived: true, ..page }));
    Ok(content::items::save(tx, &changed)?)
}

/// What readers see of a page now: its body and revision, by language.
type Shown = HashMap<(ItemId, LanguageTag), (Digest, i64)>;

/// Shows in every language that both sides have what upstream has ready there, and nothing else.
fn texts(tx: &mut Write<'_>, origin: &str, region: RegionId, mirrors: &Mirrors) -> Result<(), AdoptionError> {
    let objects: Vec<ObjectId> = mirrors.keys().copied().collect();
    let pages: Vec<ItemId> = mirrors.values().copied().collect();
    let languages: HashSet<LanguageTag> =
        content::regions::languages_of(tx, region)?.into_iter().map(|language| language.tag).collect();
    let shown: Shown = content::revisions::public_of(tx, &pages)?
        .into_iter()
        .map(|revision| ((revision.item, revision.language), (revision.body, revision.rev.unwrap_or(0))))
        .collect();
    let mut new: Vec<(ItemId, RemoteText, Digest, i64)> = Vec::new();
    let mut hidden: Vec<(ItemId, LanguageTag)> = Vec::new();
    let mut left: Vec<String> = Vec::new();
    for text in store::remote_texts(tx, origin, &objects)? {
        let Some(page) = mirrors.get(&text.object).filter(|_| languages.contains(&text.language)) else {
            continue;
        };
        let now = shown.get(&(*page, text.language.clone()));
        match text.ready {
            Some((body, rev)) if now.map(|(body, _)| body) != Some(&body) => {
                new.push((*page, text, body, rev))
            }
            // Withdrawn, or what we show was erased before the next text is complete here.
            None if now.is_some() => hidden.push((*page, text.language)),
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

/// Reads the new bodies; one that cannot be read leaves the page as it was.
fn complete(
    tx: &mut Write<'_>,
    new: Vec<(ItemId, RemoteText, Digest, i64)>,
) -> Result<Vec<ForeignText>, AdoptionError> {
    let digests: Vec<Digest> = new.iter().map(|(_, _, body, _)| *body).collect();
    let bodies = content::bodies::load(tx, &digests)?;
    let pages: Vec<ItemId> = new.iter().map(|(page, ..)| *page).collect();
    let before: HashMap<(ItemId, LanguageTag), i64> = content::revisions::newest_revs(tx, &pages)?
        .into_iter()
        .map(|(page, language, rev)| ((page, language), rev))
        .collect();
    let mut texts = Vec::with_capacity(new.len());
    for (page, text, digest, rev) in new {
        let parsed = bodies.get(&digest).and_then(|bytes| Body::parse(bytes.as_bytes()).ok());
        let Some(parsed) = parsed else { continue };
        let before = before.get(&(page, text.language.clone())).copied().unwrap_or(0);
        let major = text.major_rev > before;
        texts.push(ForeignText {
            item: page,
            kind: ObjectKind::Page,
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
