//! Builds the picture that readers see, and follows changes: it reads what changed since the last one, and makes anew what
//! depends on that.

use super::body::Body;
use super::error::ContentError;
use super::ground::{Ground, Origins};
use super::item::Item;
use super::media::pictures::Pictures;
use super::published::{LanguageView, RegionView, Shared, Snapshot, Stamp};
use super::region::Language;
use super::stock::{self, Known, News, Stock};
use super::store;
use super::vocabulary::Vocabulary;
use crate::base::digest::Digest;
use crate::base::id::RegionId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::platform::db::Reading;
use std::collections::HashMap;
use std::sync::Arc;

/// What the last picture was made of, so that the next one is made of as little as possible.
#[derive(Default)]
pub struct Assembler {
    /// Of the content; `None`: nothing was read yet.
    version: Option<i64>,
    /// When the last picture was made.
    at: Option<Moment>,
    grounds: HashMap<RegionId, Ground>,
    origins: Origins,
    pictures: Option<Arc<Pictures>>,
    outline: Outline,
}

/// The outlines of all regions in their order, and what goes for all of them.
#[derive(Default)]
struct Outline {
    regions: Vec<Stamp>,
    vocabulary: Vocabulary,
    pictures: Arc<Pictures>,
    outline: Shared<()>,
}

/// Everything public and not over at `now`, read at once. `origins` says which items are mirrored and from where.
/// # Errors: the database cannot be read, or holds what this version does not know.
pub fn assemble(tx: &mut impl Reading, now: Moment, origins: Origins) -> Result<Snapshot, ContentError> {
    Assembler::default().refresh(tx, now, origins)
}

impl Assembler {
    /// The picture at `now`; equal to what [`assemble`] would make.
    /// # Errors: as [`assemble`]; what was read before is kept.
    pub fn refresh(
        &mut self,
        tx: &mut impl Reading,
        now: Moment,
        origins: Origins,
    ) -> Result<Snapshot, ContentError> {
        let now_at = store::versions::content_version(tx)?;
        if self.version.is_some_and(|known| now_at < known) {
            // The database was restored from a copy: what is newer in here is no longer true.
            *self = Assembler::default();
        }
        let (news, found) = stock::read(tx, self)?;
        let (version, vocabulary) = (news.version, news.vocabulary.clone());
        self.take(news);
        self.complete(&found);
        self.mark_origins(origins);
        let is_set_back = self.at.is_some_and(|at| now < at);
        (self.version, self.at) = (Some(version), Some(now));
        let mut regions: Vec<Arc<RegionView>> = Vec::with_capacity(self.grounds.len());
        for ground in self.grounds.values_mut() {
            if is_set_back {
                ground.mark_everything();
            }
            if ground.is_archived() {
                continue;
            }
            regions.push(ground.picture(now, &self.origins));
        }
        regions.sort_by(|a, b| a.name.cmp(&b.name).then(a.number.cmp(&b.number)));
        let public = self.grounds.values().filter(|ground| !ground.is_archived());
        let next_end = public.filter_map(Ground::next_end).min();
        let pictures = Pictures::current(tx, self.pictures.as_ref())?;
        self.pictures = Some(Arc::clone(&pictures));
        let outline = self.outline.of(&regions, &vocabulary, &pictures);
        Ok(Snapshot { version, outline, vocabulary, regions, pictures, next_end })
    }

    fn take(&mut self, news: News) {
        let News { version: _, vocabulary: _, regions, changed, left, items, hidden } = news;
        self.grounds.retain(|region, _| regions.contains(region));
        for (region, languages) in changed {
            let languages = preorder(languages, &region.default_language);
            match self.grounds.get_mut(&region.id) {
                Some(ground) => {
                    left.iter().for_each(|left| ground.retain(left));
                    ground.describe(region, languages);
                }
                None => drop(self.grounds.insert(region.id, Ground::of(region, languages))),
            }
        }
        for item in hidden {
            self.grounds.get_mut(&item.region).into_iter().for_each(|ground| ground.remove(item.id));
        }
        for stock in items {
            if let Some(ground) = self.grounds.get_mut(&stock.item.region) {
                ground.put(stock);
            }
        }
    }

    /// Completes texts whose bodies have come.
    fn complete(&mut self, found: &HashMap<Digest, Arc<Body>>) {
        if !found.is_empty() {
            self.grounds.values_mut().for_each(|ground| ground.complete(found));
        }
    }

    fn mark_origins(&mut self, origins: Origins) {
        let before = std::mem::replace(&mut self.origins, origins);
        let gone = before.keys().filter(|item| !self.origins.contains_key(item));
        let new = self.origins.iter().filter(|(item, origin)| before.get(item) != Some(*origin));
        for item in gone.chain(new.map(|(item, _)| item)) {
            self.grounds.values_mut().for_each(|ground| ground.mark(*item));
        }
    }
}

impl Outline {
    /// The one before, if nothing stands elsewhere.
    fn of(
        &mut self,
        regions: &[Arc<RegionView>],
        vocabulary: &Vocabulary,
        pictures: &Arc<Pictures>,
    ) -> Shared<()> {
        let regions: Vec<Stamp> = regions.iter().map(|region| region.outline.stamp()).collect();
        let is_same = self.regions == regions && self.vocabulary == *vocabulary;
        if !is_same || !Arc::ptr_eq(&self.pictures, pictures) {
            let (vocabulary, pictures) = (vocabulary.clone(), Arc::clone(pictures));
            *self = Outline { regions, vocabulary, pictures, outline: Shared::default() };
        }
        self.outline.clone()
    }
}

impl Known for Assembler {
    fn version(&self) -> Option<i64> {
        self.version
    }

    fn region(&self, region: RegionId) -> bool {
        self.grounds.contains_key(&region)
    }

    fn stock(&self, item: &Item) -> Option<&Stock> {
        self.grounds.get(&item.region)?.stock(item.id)
    }

    fn missing(&self) -> Vec<Digest> {
        self.grounds.values().flat_map(Ground::missing).collect()
    }
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
