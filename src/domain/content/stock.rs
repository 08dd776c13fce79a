//! What the database says in public, item by item, as it is kept beside the picture that was made from it. Reading asks
//! for what changed since a version of the content, in a handful of set-based queries.

use super::body::Body;
use super::error::ContentError;
use super::item::Item;
use super::labels::Labels;
use super::published::{Freshness, ItemView};
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
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// An item that is not archived, with all that it says.
pub(super) struct Stock {
    pub item: Item,
    pub said: Vec<Said>,
    pub labels: Option<Arc<Labels>>,
    /// Whether its time was up, or had not come, when the views were made.
    pub is_out: bool,
    /// As it is seen in each language of the region, by index; `None`: it says nothing there.
    pub views: Vec<Option<ItemView>>,
    pub rank: Rank,
}

/// What is public in one language; under `zxx`, in all.
pub(super) struct Said {
    pub language: LanguageTag,
    /// Of the revision.
    pub number: i64,
    pub rev: i64,
    pub digest: Digest,
    /// `None`: it is not here, or cannot be read.
    pub body: Option<Arc<Body>>,
    pub updated_at: Moment,
    pub freshness: Freshness,
    /// Every slug it ever had in this language, oldest first.
    pub slugs: Vec<String>,
}

/// What a shelf is sorted by, and until when that stays so.
#[derive(Default)]
pub(super) struct Rank {
    pub place: (i64, String),
    pub until: Option<Moment>,
}

impl Stock {
    pub fn said(&self, language: &LanguageTag) -> Option<&Said> {
        self.said.iter().find(|said| said.language == *language)
    }

    /// The bodies that it names and that are not here.
    pub fn missing(&self) -> impl Iterator<Item = Digest> {
        self.said.iter().filter(|said| said.body.is_none()).map(|said| said.digest)
    }

    fn body(&self, digest: &Digest) -> Option<&Arc<Body>> {
        self.said.iter().find(|said| said.digest == *digest)?.body.as_ref()
    }
}

/// What is another now than at the version that was known.
pub(super) struct News {
    pub version: i64,
    pub vocabulary: Vocabulary,
    /// Every region there is.
    pub regions: HashSet<RegionId>,
    /// Those that changed, or lost items, with their languages.
    pub changed: Vec<(Region, Vec<Language>)>,
    /// Those of the changed regions' items that are still there; `None`: nothing was known before.
    pub left: Option<HashSet<ItemId>>,
    pub items: Vec<Stock>,
    /// Archived ones.
    pub hidden: Vec<Item>,
}

/// What is known already. Bodies that it holds are not read again.
pub(super) trait Known {
    /// The version of the content; `None`: nothing is known.
    fn version(&self) -> Option<i64>;
    fn region(&self, region: RegionId) -> bool;
    fn stock(&self, item: &Item) -> Option<&Stock>;
    /// Bodies that could not be read last time.
    fn missing(&self) -> Vec<Digest>;
}

/// The bodies that were missing and are here now come second.
pub(super) fn read(
    tx: &mut impl Reading,
    known: &impl Known,
) -> Result<(News, HashMap<Digest, Arc<Body>>), ContentError> {
    let version = store::versions::content_version(tx)?;
    let versions = store::regions::versions(tx)?;
    let is_news = |(region, version): &&(RegionId, i64)| {
        !known.region(*region) || known.version().is_none_or(|known| *version > known)
    };
    let changed: HashSet<RegionId> = versions.iter().filter(is_news).map(|(region, _)| *region).collect();
    let left = match known.version() {
        Some(_) => Some(store::items::ids_of_regions(tx, &changed)?),
        None => None,
    };
    let (hidden, shown) = match known.version() {
        Some(version) => store::items::since(tx, version)?,
        None => store::items::all(tx)?,
    }
    .into_iter()
    .partition(|item| item.archived);
    let items = stocks(tx, known, shown)?;
    let found = read_bodies(tx, &known.missing())?;
    let changed = regions(tx, &changed)?;
    let regions = versions.into_iter().map(|(region, _)| region).collect();
    let vocabulary = Vocabulary::read(tx)?;
    Ok((News { version, vocabulary, regions, changed, left, items, hidden }, found))
}

fn regions(
    tx: &mut impl Reading,
    wanted: &HashSet<RegionId>,
) -> Result<Vec<(Region, Vec<Language>)>, ContentError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut languages: HashMap<RegionId, Vec<Language>> = HashMap::new();
    for (region, language) in store::regions::all_languages(tx)? {
        languages.entry(region).or_default().push(language);
    }
    let all = store::regions::all(tx)?.into_iter().filter(|region| wanted.contains(&region.id));
    Ok(all
        .map(|region| {
            let languages = languages.remove(&region.id).unwrap_or_default();
            (region, languages)
        })
        .collect())
}

fn stocks(tx: &mut impl Reading, known: &impl Known, items: Vec<Item>) -> Result<Vec<Stock>, ContentError> {
    let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
    let (public, slug_rows, steps, mut labels) = match known.version() {
        Some(_) => (
            store::revisions::public_of(tx, &ids)?,
            store::items::slugs_of(tx, &ids)?,
            store::revisions::steps_of(tx, &ids)?,
            store::labels::of(tx, &ids)?,
        ),
        None => (
            store::revisions::all_public(tx)?,
            store::items::all_slugs(tx)?,
            store::revisions::all_steps(tx)?,
            store::labels::all(tx)?,
        ),
    };
    let history = History::of(steps);
    let mut slugs: HashMap<(ItemId, LanguageTag), Vec<String>> = HashMap::new();
    for row in slug_rows {
        if let Ok(language) = row.language.parse::<LanguageTag>() {
            slugs.entry((row.item, language)).or_default().push(row.slug);
        }
    }
    let mut public_of: HashMap<ItemId, Vec<Revision>> = HashMap::new();
    for revision in public {
        public_of.entry(revision.item).or_default().push(revision);
    }
    let mut bodies: HashMap<Digest, Arc<Body>> = HashMap::new();
    let mut missing = Vec::new();
    for item in &items {
        let held = known.stock(item);
        for revision in public_of.get(&item.id).into_iter().flatten() {
            match held.and_then(|held| held.body(&revision.body)) {
                Some(body) => drop(bodies.insert(revision.body, Arc::clone(body))),
                None => missing.push(revision.body),
            }
        }
    }
    bodies.extend(read_bodies(tx, &missing)?);
    let mut said = |revision: Revision| Said {
        freshness: history.freshness(&revision),
        slugs: slugs.remove(&(revision.item, revision.language.clone())).unwrap_or_default(),
        body: bodies.get(&revision.body).cloned(),
        number: revision.number,
        rev: revision.rev.unwrap_or(0),
        digest: revision.body,
        updated_at: revision.updated_at,
        language: revision.language,
    };
    let mut stock = |item: Item| Stock {
        said: public_of.remove(&item.id).into_iter().flatten().map(&mut said).collect(),
        labels: labels.remove(&item.id).map(Arc::new),
        is_out: false,
        views: Vec::new(),
        rank: Rank::default(),
        item,
    };
    Ok(items.into_iter().map(&mut stock).collect())
}

/// Reads and parses batch by batch, so that the bytes of all are never in memory together.
fn read_bodies(
    tx: &mut impl Reading,
    digests: &[Digest],
) -> Result<HashMap<Digest, Arc<Body>>, ContentError> {
    let mut bodies = HashMap::with_capacity(digests.len());
    for batch in digests.chunks(store::BATCH) {
        for (digest, bytes) in store::bodies::load(tx, batch)? {
            match Body::parse(bytes.as_bytes()) {
                Ok(body) => drop(bodies.insert(digest, Arc::new(body))),
                Err(error) => {
                    tracing::error!(%digest, %error, "a stored body cannot be read; its page is not shown")
                }
            }
        }
    }
    Ok(bodies)
}
