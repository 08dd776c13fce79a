//! What readers may see: one immutable picture of all public content, built when something was published.
//! Doors answer from it without a query. Nothing that is not public is in here.

use super::facts::Facts;
use super::kind::ObjectKind;
use super::labels::{Facets, Labels};
use super::vocabulary::Vocabulary;
use crate::base::digest::Digest;
use crate::base::id::{ItemId, NodeId, ObjectId, RegionId};
use crate::base::language::{Direction, LanguageTag};
use crate::base::moment::Moment;
use crate::domain::content::body::Body;
use std::collections::HashMap;
use std::sync::Arc;

/// Everything public on this node at one version of its content.
#[derive(Default)]
pub struct Snapshot {
    /// Grows with every change of content; two processes with equal versions serve equal bytes.
    pub version: i64,
    /// What topics and audiences are called.
    pub vocabulary: Vocabulary,
    /// By name, as the region list shows them.
    pub regions: Vec<Arc<RegionView>>,
    /// When the next item is over by itself: from then on this picture is stale.
    pub next_end: Option<Moment>,
    /// Where each of our own objects and each mirrored foreign object stands here, to resolve references.
    pub places: HashMap<ObjectId, Place>,
    /// Parsed bodies, to be used again by the next snapshot.
    pub bodies: HashMap<Digest, Arc<Body>>,
}

/// An item's region (index into [`Snapshot::regions`]) and id.
#[derive(Clone, Copy)]
pub struct Place {
    pub region: usize,
    pub item: ItemId,
}

pub struct RegionView {
    pub id: RegionId,
    pub number: i64,
    pub slug: String,
    pub name: String,
    pub settings: RegionSettings,
    pub default_language: LanguageTag,
    /// Preorder of the language tree, the default language first.
    pub languages: Vec<LanguageView>,
    /// One edition per language, at the same index as in `languages`.
    pub editions: Vec<Edition>,
    /// The items that mirror foreign objects here; another region of this node may mirror the same ones.
    pub mirrored: HashMap<ObjectId, ItemId>,
}

/// How a region presents itself; stored as JSON, absent members take these defaults.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegionSettings {
    /// Such as "Landkreis"; may be empty. Part of `RegionView::name`.
    pub prefix: String,
    pub name_without_prefix: String,
    pub postcode: String,
    /// In a register of areas, such as `DE-ARS:097720000000`; may be empty. Followers find what concerns an area by it.
    pub official_key: String,
    /// IANA name.
    pub time_zone: String,
    /// Longitude and latitude in degrees, WGS 84.
    pub centre: Option<[f64; 2]>,
    /// South-west and north-east corner, each longitude then latitude.
    pub bounding_box: Option<[[f64; 2]; 2]>,
    /// Other names under which people look for the region, with longitude and latitude.
    pub aliases: std::collections::BTreeMap<String, [f64; 2]>,
    pub listed: bool,
    /// Whether apps offer events, places and news of the region.
    pub events: bool,
    pub places: bool,
    pub news: bool,
    /// Whether an event, a place and the like without a text in the reader's language is shown in the default one.
    pub fallback: bool,
    /// SPDX identifier of what the region publishes.
    pub licence: String,
    /// Whom to name when it is reused.
    pub attribution: String,
}

impl Default for RegionSettings {
    fn default() -> RegionSettings {
        RegionSettings {
            prefix: String::new(),
            name_without_prefix: String::new(),
            postcode: String::new(),
            official_key: String::new(),
            time_zone: "Europe/Berlin".to_owned(),
            centre: None,
            bounding_box: None,
            aliases: std::collections::BTreeMap::new(),
            listed: true,
            events: true,
            places: true,
            news: true,
            fallback: true,
            licence: "CC-BY-4.0".to_owned(),
            attribution: String::new(),
        }
    }
}

#[derive(Clone)]
pub struct LanguageView {
    pub number: i64,
    pub tag: LanguageTag,
    pub slug: String,
    pub native_name: String,
    pub direction: Direction,
    pub source: Option<LanguageTag>,
}

/// One region in one language.
#[derive(Default)]
pub struct Edition {
    /// Preorder: parents before children, siblings in their order. A page without a public parent is absent.
    pub pages: Shelf,
    /// Indices of the pages without a parent.
    pub roots: Vec<usize>,
    /// Items of all other kinds, in the order in which people look for them: events by their next date, news from the
    /// newest on, contacts by name, everything else as it was made.
    pub shelves: HashMap<ObjectKind, Shelf>,
}

/// Items of one kind in one language, and the ways to find one.
#[derive(Default)]
pub struct Shelf {
    pub items: Vec<ItemView>,
    pub by_id: HashMap<ItemId, usize>,
    pub by_number: HashMap<i64, usize>,
    /// Current and former slugs; an item's current slug wins over another's former one.
    pub by_slug: HashMap<String, usize>,
}

/// An item as readers of one language see it.
pub struct ItemView {
    pub id: ItemId,
    pub kind: ObjectKind,
    /// Equal in all languages (Integreat's id of the object).
    pub number: i64,
    /// Grows with every change of the item in any language.
    pub version: i64,
    /// The number of the public revision (Integreat's `id`).
    pub revision: i64,
    /// It is not public in this language: the text is that of the region's default language.
    pub fallback: bool,
    /// What it is apart from words; pages and imprints have none.
    pub facts: Option<Arc<Body>>,
    /// The same in the feed: 1 for the first published revision of this language.
    pub rev: i64,
    /// Of the body's exact bytes.
    pub digest: Digest,
    pub slug: String,
    /// Every slug the item ever had in this language, oldest first, the current one included.
    pub slug_history: Vec<String>,
    /// `/{region}/{language}/…/{slug}/`, not percent-encoded; empty for kinds without an address.
    pub path: String,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    /// 1 for root pages.
    pub depth: usize,
    /// Position among all pages of the region; comparable among siblings.
    pub order: i64,
    /// Claimed by the author, not measured.
    pub updated_at: Moment,
    pub freshness: Freshness,
    /// Title, blocks and media. Links in it are references: see [`Body::html`].
    pub body: Arc<Body>,
    /// A picture that stands for the page, if one was named: its URL, or `media:<sha256>` for one of the body's media.
    pub icon: Option<String>,
    /// The other languages it can be read in, by index into `RegionView::languages`.
    pub translations: Vec<Translation>,
    /// What an item of ours says of itself; see [`ItemView::facets`] and [`RegionView::licence_of`].
    pub labels: Option<Arc<Labels>>,
    /// Set when it is mirrored from another node.
    pub provenance: Option<Arc<Provenance>>,
}

/// The same item in another language.
pub struct Translation {
    pub language: usize,
    /// Its place on the shelf of its kind there.
    pub at: usize,
}

/// How a translation stands to the language it was made from (civic-feed §2.4): from revisions, never from clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Written in this language, or made from the newest source (or only minor edits came since).
    Current,
    /// The source was published again since, with a change that matters.
    Outdated,
    /// Made by a machine from the newest source and not reviewed.
    Machine,
}

/// Where a mirrored item comes from, shown wherever it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    pub node: NodeId,
    pub node_name: String,
    /// What it is called at its origin.
    pub object: ObjectId,
    /// Base address of the origin's reader site, with a slash at the end, if it told one.
    pub site: Option<String>,
    /// The item at its origin, if the origin told its address.
    pub url: Option<String>,
    /// SPDX identifier.
    pub licence: String,
    pub attribution: String,
    pub facets: Facets,
    /// When the followed feed was last confirmed to be unchanged or newer.
    pub confirmed_at: Option<Moment>,
    /// Set when the origin could not be reached for a while, was quarantined or has gone.
    pub unconfirmed_since: Option<Moment>,
}

impl Snapshot {
    pub fn region(&self, slug: &str) -> Option<&Arc<RegionView>> {
        self.regions.iter().find(|region| region.slug == slug)
    }
}

impl Snapshot {
    /// Where an object stands for readers of this region: in it if it is there, else where else it is on this node.
    pub fn place_near(&self, object: ObjectId, region: &RegionView) -> Option<Place> {
        let here = || {
            let item = *region.mirrored.get(&object)?;
            Some(Place { region: self.regions.iter().position(|known| known.id == region.id)?, item })
        };
        here().or_else(|| self.places.get(&object).copied())
    }
}

impl RegionView {
    /// SPDX identifier of the licence of an item: its own, its origin's, or the region's.
    pub fn licence_of<'a>(&'a self, item: &'a ItemView) -> &'a str {
        let own = item.labels.as_ref().and_then(|labels| labels.licence.as_ref());
        let told = item.provenance.as_ref().map(|origin| &origin.licence).or(own);
        told.unwrap_or(&self.settings.licence)
    }

    /// Whom to name when an item is reused; empty if nobody was said.
    pub fn attribution_of<'a>(&'a self, item: &'a ItemView) -> &'a str {
        if let Some(origin) = &item.provenance {
            return item.body.credit.as_ref().unwrap_or(&origin.attribution);
        }
        let own = item.labels.as_ref().and_then(|labels| labels.attribution.as_ref());
        own.unwrap_or(&self.settings.attribution)
    }

    /// The language with this slug and its edition.
    pub fn edition(&self, slug: &str) -> Option<(&LanguageView, &Edition)> {
        let index = self.languages.iter().position(|language| language.slug == slug)?;
        Some((self.languages.get(index)?, self.editions.get(index)?))
    }
}

impl Edition {
    pub fn shelf(&self, kind: ObjectKind) -> Option<&Shelf> {
        if kind == ObjectKind::Page { Some(&self.pages) } else { self.shelves.get(&kind) }
    }

    /// Every item of a kind.
    pub fn all(&self, kind: ObjectKind) -> &[ItemView] {
        self.shelf(kind).map_or(&[], |shelf| &shelf.items)
    }

    /// An item of whatever kind.
    pub fn item(&self, id: ItemId) -> Option<&ItemView> {
        self.pages.item(id).or_else(|| self.shelves.values().find_map(|shelf| shelf.item(id)))
    }
}

impl Shelf {
    pub fn item(&self, id: ItemId) -> Option<&ItemView> {
        self.items.get(*self.by_id.get(&id)?)
    }

    pub fn numbered(&self, number: i64) -> Option<&ItemView> {
        self.items.get(*self.by_number.get(&number)?)
    }

    /// The item at the end of a path: its last segment decides, former slugs count.
    pub fn at_slug(&self, slug: &str) -> Option<&ItemView> {
        self.items.get(*self.by_slug.get(slug)?)
    }
}

impl ItemView {
    pub fn facts(&self) -> Option<&Facts> {
        self.facts.as_ref()?.facts.as_ref()
    }

    /// What it is about and whom it is for, as its author says.
    pub fn facets(&self) -> &Facets {
        const NONE: &Facets = &Facets::NONE;
        let own = self.labels.as_ref().map(|labels| &labels.facets);
        self.provenance.as_ref().map(|origin| &origin.facets).or(own).unwrap_or(NONE)
    }

    pub fn title(&self) -> &str {
        &self.body.title
    }
}
