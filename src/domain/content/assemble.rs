//! Builds the picture that readers see: a handful of set-based queries, then plain memory.

use super::body::Body;
use super::edition::{edition, link_translations};
use super::error::ContentError;
use super::item::Item;
use super::kind::ObjectKind;
use super::labels::Labels;
use super::published::{Edition, LanguageView, Place, Provenance, RegionView, Snapshot};
use super::region::{Language, Region};
use super::revision::Revision;
use super::store;
use super::translation::History;
use super::vocabulary::Vocabulary;
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::platform::db::Reading;
use std::collections::HashMap;
use std::sync::Arc;

/// What the picture is made of.
pub(super) struct Material {
    /// Pages by the one above them; those without one by `None`.
    pub pages: HashMap<Option<ItemId>, Vec<Item>>,
    /// Items of all other kinds that are not over yet.
    pub others: HashMap<(RegionId, ObjectKind), Vec<Item>>,
    pub public: HashMap<(ItemId, LanguageTag), Revision>,
    /// Oldest first.
    pub slugs: HashMap<(ItemId, LanguageTag), Vec<String>>,
    pub bodies: HashMap<Digest, Arc<Body>>,
    pub history: History,
    pub labels: HashMap<ItemId, Arc<Labels>>,
    pub provenance: HashMap<ItemId, Arc<Provenance>>,
    pub now: Moment,
}

/// Reads everything public and not over at `now`. `provenance` says which items are mirrored and from where; bodies
/// that `previous` holds are neither read nor parsed again.
pub fn assemble(
    tx: &mut impl Reading,
    now: Moment,
    provenance: HashMap<ItemId, Arc<Provenance>>,
    previous: Option<&Snapshot>,
) -> Result<Snapshot, ContentError> {
    let version = store::content_version(tx)?;
    let mut regions = store::regions::all(tx)?;
    regions.sort_by(|a, b| a.name.cmp(&b.name));
    let mut languages: HashMap<_, Vec<Language>> = HashMap::new();
    for (region, language) in store::regions::all_languages(tx)? {
        languages.entry(region).or_default().push(language);
    }
    let all = store::items::all(tx)?;
    let next_end = all.iter().filter_map(|item| item.expires_at).filter(|end| *end > now).min();
    let mut material = gather(tx, all, now, provenance, previous)?;
    let mut snapshot =
        Snapshot { version, next_end, vocabulary: Vocabulary::read(tx)?, ..Snapshot::default() };
    for region in regions {
        let index = snapshot.regions.len();
        let roots = roots_of(&mut material, &region);
        let languages = languages.remove(&region.id).unwrap_or_default();
        let view = region_view(region, languages, &material, &roots);
        for item in view.editions.iter().flat_map(Edition::items) {
            let place = Place { region: index, item: item.id };
            snapshot.places.insert(item.id.into(), place);
            if let Some(provenance) = &item.provenance {
                // An id of ours stays ours, even if another node uses the same.
                snapshot.places.entry(provenance.object).or_insert(place);
            }
        }
        snapshot.regions.push(Arc::new(view));
    }
    snapshot.bodies = material.bodies;
    Ok(snapshot)
}

fn gather(
    tx: &mut impl Reading,
    all: Vec<Item>,
    now: Moment,
    provenance: HashMap<ItemId, Arc<Provenance>>,
    previous: Option<&Snapshot>,
) -> Result<Material, ContentError> {
    let mut pages: HashMap<Option<ItemId>, Vec<Item>> = HashMap::new();
    let mut others: HashMap<(RegionId, ObjectKind), Vec<Item>> = HashMap::new();
    let over = |item: &Item| item.expires_at.is_some_and(|end| end <= now);
    for item in all.into_iter().filter(|item| !item.archived && !over(item)) {
        match item.kind {
            ObjectKind::Page => pages.entry(item.parent).or_default().push(item),
            kind => others.entry((item.region, kind)).or_default().push(item),
        }
    }
    for siblings in pages.values_mut() {
        siblings.sort_by(|a, b| a.ord.cmp(&b.ord).then(a.number.cmp(&b.number)));
    }
    let public = store::revisions::all_public(tx)?;
    let mut slugs: HashMap<_, Vec<String>> = HashMap::new();
    for row in store::items::all_slugs(tx)? {
        if let Ok(language) = row.language.parse::<LanguageTag>() {
            slugs.entry((row.item, language)).or_default().push(row.slug);
        }
    }
    let bodies = read_bodies(tx, &public, previous)?;
    let history = History::of(store::revisions::all_steps(tx)?);
    let public = public.into_iter().map(|r| ((r.item, r.language.clone()), r)).collect();
    let labels = store::labels::all(tx)?.into_iter().map(|(item, labels)| (item, Arc::new(labels))).collect();
    Ok(Material { pages, others, public, slugs, bodies, history, labels, provenance, now })
}

fn read_bodies(
    tx: &mut impl Reading,
    public: &[Revision],
    previous: Option<&Snapshot>,
) -> Result<HashMap<Digest, Arc<Body>>, ContentError> {
    let mut bodies: HashMap<Digest, Arc<Body>> = HashMap::with_capacity(public.len());
    let mut missing = Vec::new();
    for digest in public.iter().map(|revision| revision.body) {
        match previous.and_then(|previous| previous.bodies.get(&digest)) {
            Some(body) => drop(bodies.insert(digest, body.clone())),
            None => missing.push(digest),
        }
    }
    for (digest, bytes) in store::bodies::load(tx, &missing)? {
        match Body::parse(bytes.as_bytes()) {
            Ok(body) => drop(bodies.insert(digest, Arc::new(body))),
            Err(error) => {
                tracing::error!(%digest, %error, "a stored body cannot be read; its page is not shown")
            }
        }
    }
    Ok(bodies)
}

/// Takes the region's root pages out of the pool of pages without a parent.
fn roots_of(material: &mut Material, region: &Region) -> Vec<Item> {
    let roots = material.pages.entry(None).or_default();
    let (mine, others) = std::mem::take(roots).into_iter().partition(|page| page.region == region.id);
    *roots = others;
    mine
}

fn region_view(region: Region, languages: Vec<Language>, material: &Material, roots: &[Item]) -> RegionView {
    let languages = preorder(languages, &region.default_language);
    let mut editions: Vec<Edition> =
        languages.iter().map(|language| edition(&region, language, material, roots)).collect();
    link_translations(&mut editions);
    let Region { id, number, slug, name, default_language, settings } = region;
    let items = editions.iter().flat_map(Edition::items);
    let mirrored = items.filter_map(|item| Some((item.provenance.as_ref()?.object, item.id))).collect();
    RegionView { id, number, slug, name, settings, default_language, languages, editions, mirrored }
}

/// The language tree from the default language down, children in their own order; a lost branch comes last.
fn preorder(all: Vec<Language>, default: &LanguageTag) -> Vec<LanguageView> {
    let mut order: Vec<LanguageTag> = Vec::with_capacity(all.len());
    let mut waiting = vec![default.clone()];
    while let Some(tag) = waiting.pop() {
        if order.contains(&tag) {
            continue;
        }
        waiting.extend(all.iter().rev().filter(|l| l.source.as_ref() == Some(&tag)).map(|l| l.tag.clone()));
        order.push(tag);
    }
    let place = |tag: &LanguageTag| order.iter().position(|known| known == tag).unwrap_or(usize::MAX);
    let mut all = all;
    all.sort_by_key(|language| (place(&language.tag), language.ordinal));
    all.into_iter()
        .map(|language| LanguageView {
            direction: language.tag.direction(),
            number: language.number,
            tag: language.tag,
            slug: language.slug,
            native_name: language.native_name,
            source: language.source,
        })
        .collect()
}
