//! Builds the picture that readers see: a handful of set-based queries, then plain memory.

use super::body::Body;
use super::error::ContentError;
use super::item::{DEEPEST, Item};
use super::published::{
    Edition, LanguageView, PageView, Place, Provenance, RegionView, Snapshot, Translation,
};
use super::references::Reference;
use super::region::{Language, Region};
use super::revision::Revision;
use super::store;
use super::translation::History;
use crate::base::digest::Digest;
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::platform::db::Reading;
use std::collections::HashMap;
use std::sync::Arc;

/// What the picture is made of.
struct Material {
    pages: HashMap<Option<ItemId>, Vec<Item>>,
    public: HashMap<(ItemId, LanguageTag), Revision>,
    /// Oldest first.
    slugs: HashMap<(ItemId, LanguageTag), Vec<String>>,
    bodies: HashMap<Digest, Arc<Body>>,
    history: History,
    provenance: HashMap<ItemId, Arc<Provenance>>,
}

/// Reads everything public. `provenance` says which pages are mirrored and from where; bodies that
/// `previous` holds are neither read nor parsed again.
pub fn assemble(
    tx: &mut impl Reading,
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
    let mut material = gather(tx, provenance, previous)?;
    let mut snapshot = Snapshot { version, ..Snapshot::default() };
    for region in regions {
        let index = snapshot.regions.len();
        let roots = roots_of(&mut material, &region);
        let languages = languages.remove(&region.id).unwrap_or_default();
        let view = region_view(region, languages, &material, &roots);
        for page in view.editions.iter().flat_map(|edition| &edition.pages) {
            let place = Place { region: index, page: page.id };
            snapshot.places.insert(page.id.into(), place);
            if let Some(provenance) = &page.provenance {
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
    provenance: HashMap<ItemId, Arc<Provenance>>,
    previous: Option<&Snapshot>,
) -> Result<Material, ContentError> {
    let mut pages: HashMap<Option<ItemId>, Vec<Item>> = HashMap::new();
    for page in store::items::all(tx)?.into_iter().filter(|page| !page.archived) {
        pages.entry(page.parent).or_default().push(page);
    }
    for siblings in pages.values_mut() {
        siblings.sort_by(|a, b| a.ord.cmp(&b.ord).then(a.number.cmp(&b.number)));
    }
    let public = store::revisions::all_public(tx)?;
    let mut slugs: HashMap<_, Vec<String>> = HashMap::new();
    for row in store::items::all_slugs(tx)? {
        if let Ok(language) = row.language.parse::<LanguageTag>() {
            slugs.entry((row.page, language)).or_default().push(row.slug);
        }
    }
    let bodies = read_bodies(tx, &public, previous)?;
    let history = History::of(store::revisions::all_steps(tx)?);
    let public = public.into_iter().map(|r| ((r.page, r.language.clone()), r)).collect();
    Ok(Material { pages, public, slugs, bodies, history, provenance })
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
        languages.iter().map(|language| edition(&region.slug, language, material, roots)).collect();
    link_translations(&mut editions);
    let Region { id, number, slug, name, default_language, settings } = region;
    let pages = editions.iter().flat_map(|edition| &edition.pages);
    let mirrored = pages.filter_map(|page| Some((page.provenance.as_ref()?.object, page.id))).collect();
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

fn edition(region: &str, language: &LanguageView, material: &Material, roots: &[Item]) -> Edition {
    let mut edition = Edition::default();
    let start = format!("/{region}/{}/", language.slug);
    let mut walk = Walk { language, material, edition: &mut edition, position: 0 };
    let indices = walk.siblings(roots, None, &start, 1);
    edition.roots = indices;
    index(&mut edition);
    edition
}

struct Walk<'a> {
    language: &'a LanguageView,
    material: &'a Material,
    edition: &'a mut Edition,
    /// Counts all pages of the region in preorder, public in this language or not.
    position: i64,
}

/// Where a page stands in its edition.
struct Standing<'a> {
    parent: Option<usize>,
    path: &'a str,
    depth: usize,
    order: i64,
}

impl Walk<'_> {
    fn siblings(&mut self, pages: &[Item], parent: Option<usize>, path: &str, depth: usize) -> Vec<usize> {
        let mut indices = Vec::new();
        // Whatever is in the database: a node that cannot walk down its tree would not start.
        if depth > DEEPEST {
            return indices;
        }
        for page in pages {
            self.position += 1;
            let standing = Standing { parent, path, depth, order: self.position };
            let Some(view) = self.view(page, standing) else { continue };
            let (index, own_path) = (self.edition.pages.len(), view.path.clone());
            self.edition.pages.push(view);
            indices.push(index);
            if let Some(children) = self.material.pages.get(&Some(page.id)) {
                let children = self.siblings(children, Some(index), &own_path, depth + 1);
                if let Some(view) = self.edition.pages.get_mut(index) {
                    view.children = children;
                }
            }
        }
        indices
    }

    fn view(&self, page: &Item, standing: Standing<'_>) -> Option<PageView> {
        let Standing { parent, path, depth, order } = standing;
        let key = (page.id, self.language.tag.clone());
        let revision = self.material.public.get(&key)?;
        let body = self.material.bodies.get(&revision.body)?;
        let slug_history = self.material.slugs.get(&key)?;
        let slug = slug_history.last()?;
        Some(PageView {
            id: page.id,
            number: page.number,
            revision: revision.number,
            rev: revision.rev.unwrap_or(0),
            digest: revision.body,
            slug: slug.clone(),
            slug_history: slug_history.clone(),
            path: format!("{path}{slug}/"),
            parent,
            children: Vec::new(),
            depth,
            order,
            updated_at: revision.updated_at,
            freshness: self.material.history.freshness(revision),
            body: body.clone(),
            icon: page.icon.clone().or_else(|| Some(Reference::Medium(body.icon?).to_string())),
            translations: Vec::new(),
            provenance: self.material.provenance.get(&page.id).cloned(),
        })
    }
}

fn index(edition: &mut Edition) {
    for (at, page) in edition.pages.iter().enumerate() {
        edition.by_id.insert(page.id, at);
        edition.by_number.insert(page.number, at);
        for former in &page.slug_history {
            edition.by_slug.entry(former.clone()).or_insert(at);
        }
    }
    for (at, page) in edition.pages.iter().enumerate() {
        edition.by_slug.insert(page.slug.clone(), at);
    }
}

fn link_translations(editions: &mut [Edition]) {
    let mut known: HashMap<ItemId, Vec<(usize, usize)>> = HashMap::new();
    for (language, edition) in editions.iter().enumerate() {
        for (at, page) in edition.pages.iter().enumerate() {
            known.entry(page.id).or_default().push((language, at));
        }
    }
    for (own, edition) in editions.iter_mut().enumerate() {
        for page in &mut edition.pages {
            let others = known.get(&page.id).into_iter().flatten().filter(|(language, _)| *language != own);
            page.translations =
                others.map(|(language, page)| Translation { language: *language, page: *page }).collect();
        }
    }
}
