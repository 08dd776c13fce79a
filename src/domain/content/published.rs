//! What readers may see: one immutable picture of all public content, built when something was published.
//! Doors answer from it without a query. Nothing that is not public is in here.

use super::facts::Facts;
use super::kind::ObjectKind;
use super::labels::{Facets, Labels};
use super::media::pictures::Pictures;
pub use super::shared::{Shared, Stamp};
use super::vocabulary::Vocabulary;
use crate::base::digest::Digest;
use crate::base::id::{ItemId, NodeId, ObjectId, RegionId};
use crate::base::language::{Direction, LanguageTag};
use crate::base::moment::Moment;
use crate::domain::content::body::Body;
use std::collections::HashMap;
use std::sync::Arc;

/// Everything public on this node at one version of its content.
#[derive(Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Grows with every change of content; two processes with equal versions serve equal bytes.
    pub version: i64,
    /// Another one as soon as anything changes that is told everywhere: a region, a language, a setting, a term, a
    /// picture, the address of an item, what a contact or a place says, or that an item comes or goes.
    pub outline: Shared<()>,
    /// What topics and audiences are called.
    pub vocabulary: Vocabulary,
    /// By name, as the region list shows them.
    pub regions: Vec<Arc<RegionView>>,
    /// When this picture is stale by itself: an item is over or is to be seen, or the next date of an event has come.
    pub next_end: Option<Moment>,
    /// How large pictures are, and which smaller copies of them there are.
    pub pictures: Arc<Pictures>,
}

/// An item's region (index into [`Snapshot::regions`]) and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub region: usize,
    pub item: ItemId,
}

#[derive(Debug, PartialEq)]
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
    pub editions: Vec<Shared<Edition>>,
    /// As [`Snapshot::outline`], for this region.
    pub outline: Shared<()>,
    /// The items that can be read here, in whatever language, with their version, which grows with every change.
    pub known: Arc<HashMap<ItemId, i64>>,
    /// Those of them that mirror foreign objects; another region of this node may mirror the same ones.
    pub mirrored: Arc<HashMap<ObjectId, ItemId>>,
}

/// How a region presents itself, all of it told in its profile; stored as JSON, absent members take these defaults.
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
    /// Set while the region is archived: readers find nothing of it, and followers were told that it is gone.
    pub archived: bool,
    /// Whether apps offer events, places, contacts and news of the region.
    pub events: bool,
    pub places: bool,
    pub contacts: bool,
    pub news: bool,
    /// Whether an event, a place and the like without a text in the reader's language is shown in the default one.
    pub fallback: bool,
    /// How long what readers say is kept.
    pub feedback_days: u32,
    /// SPDX identifier of what the region publishes.
    pub licence: String,
    /// Whom to name when it is reused.
    pub attribution: String,
    /// Of a region that another node publishes and that is shown here as it is: whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<RegionOrigin>,
}

/// Where a region comes from that is not ours.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct RegionOrigin {
    pub node: NodeId,
    pub node_name: String,
    /// What it is called there.
    pub object: ObjectId,
    /// Where it is read there, if that was told.
    pub url: Option<String>,
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
            archived: false,
            events: true,
            places: true,
            contacts: true,
            news: true,
            fallback: true,
            feedback_days: 730,
            licence: "CC-BY-4.0".to_owned(),
            attribution: String::new(),
            origin: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct LanguageView {
    pub number: i64,
    pub tag: LanguageTag,
    pub slug: String,
    pub native_name: String,
    pub direction: Direction,
    pub source: Option<LanguageTag>,
}

/// One region in one language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edition {
    /// Preorder: parents before children, siblings in their order. A page without a public parent is absent.
    pub pages: Shared<Shelf>,
    /// Indices of the pages without a parent.
    pub roots: Vec<usize>,
    /// Items of all other kinds, in the order in which people look for them: events by their next date, news from the
    /// newest on, contacts by name, everything else as it was made.
    pub shelves: HashMap<ObjectKind, Shared<Shelf>>,
}

/// Items of one kind in one language, and the ways to find one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shelf {
    pub items: Vec<ItemView>,
    pub by_id: Arc<HashMap<ItemId, usize>>,
    pub by_number: Arc<HashMap<i64, usize>>,
    /// Current and former slugs; an item's current slug wins over another's former one.
    pub by_slug: Arc<HashMap<String, usize>>,
}

/// An item as readers of one language see it.
pub type ItemView = Shared<View>;

#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub id: ItemId,
    pub kind: ObjectKind,
    /// Equal in all languages (Integreat's id of the object).
    pub number: i64,
    /// The number of the public revision (Integreat's `id`).
    pub revision: i64,
    /// It is not public in this language: the text is that of the region's default language.
    pub fallback: bool,
    /// What it is apart from words; imprints have none, pages only if they name somebody or something.
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
    /// Of a page: its position among those of the region, comparable among siblings. 0 for other kinds.
    pub order: i64,
    /// Claimed by the author, not measured.
    pub updated_at: Moment,
    pub freshness: Freshness,
    /// Title, blocks and media. Links in it are references: see [`Body::html`].
    pub body: Arc<Body>,
    /// A picture that stands for the page, if one was named: its URL, or `media:<sha256>` for one of the body's media.
    pub icon: Option<String>,
    /// What an item of ours says of itself; see [`ItemView::facets`] and [`RegionView::licence_of`].
    pub labels: Option<Arc<Labels>>,
    /// Set when it is mirrored from another node.
    pub provenance: Option<Arc<Provenance>>,
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

    /// All that answers may be made of: the outline, each edition, each of their shelves.
    pub fn parts(&self) -> impl Iterator<Item = Stamp> {
        let editions = self.regions.iter().flat_map(|region| &region.editions);
        let parts = editions.flat_map(|edition| {
            let shelves = edition.shelves.values().map(Shared::stamp);
            shelves.chain([edition.pages.stamp(), edition.stamp()])
        });
        parts.chain([self.outline.stamp()])
    }
}

impl RegionView {
    /// Grows with every change of an item, in whatever language; 0 if it cannot be read here.
    pub fn version_of(&self, item: ItemId) -> i64 {
        self.known.get(&item).copied().unwrap_or(0)
    }

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

    /// An item, in each language in which it can be read.
    pub fn tongues(&self, view: &ItemView) -> impl Iterator<Item = (&LanguageView, &ItemView)> {
        let (kind, id) = (view.kind, view.id);
        let all = self.languages.iter().zip(&self.editions);
        all.filter_map(move |(language, edition)| Some((language, edition.shelf(kind)?.item(id)?)))
    }
}

impl Edition {
    pub fn shelf(&self, kind: ObjectKind) -> Option<&Shared<Shelf>> {
        if kind == ObjectKind::Page { Some(&self.pages) } else { self.shelves.get(&kind) }
    }

    /// Every item of a kind.
    pub fn all(&self, kind: ObjectKind) -> &[ItemView] {
        self.shelf(kind).map_or(&[], |shelf| shelf.items.as_slice())
    }

    /// An item of whatever kind.
    pub fn item(&self, id: ItemId) -> Option<&ItemView> {
        self.pages.item(id).or_else(|| self.shelves.values().find_map(|shelf| shelf.item(id)))
    }

    /// Items of every kind.
    pub fn items(&self) -> impl Iterator<Item = &ItemView> {
        self.pages.items.iter().chain(self.shelves.values().flat_map(|shelf| &shelf.items))
    }
}

impl Shelf {
    /// Items in their order, with the ways to find them.
    pub fn of(items: Vec<ItemView>) -> Shelf {
        let (mut by_id, mut by_number, mut by_slug) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (at, item) in items.iter().enumerate() {
            by_id.insert(item.id, at);
            by_number.insert(item.number, at);
            for former in &item.slug_history {
                by_slug.entry(former.clone()).or_insert(at);
            }
        }
        for (at, item) in items.iter().enumerate().filter(|(_, item)| !item.slug.is_empty()) {
            by_slug.insert(item.slug.clone(), at);
        }
        Shelf { items, by_id: by_id.into(), by_number: by_number.into(), by_slug: by_slug.into() }
    }

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
