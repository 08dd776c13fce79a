//! Two regions and whatever editors, importers, other nodes and time do to them.

use image::{ImageFormat, Rgb, RgbImage};
use lotse::base::digest::Digest;
use lotse::base::html::CleanHtml;
use lotse::base::id::{ItemId, NodeId};
use lotse::base::language::LanguageTag;
use lotse::base::moment::Moment;
use lotse::domain::content::body::Block;
use lotse::domain::content::change::Via;
use lotse::domain::content::facts::Facts;
use lotse::domain::content::item::{self, NewItem, Stewardship};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::labels::Facets;
use lotse::domain::content::publish::{self, NewFacts, Publication, Text};
use lotse::domain::content::published::{Provenance, RegionSettings};
use lotse::domain::content::region::{self, NewLanguage, NewRegion, Region};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, Desk};
use lotse::platform::blobs::Blobs;
use lotse::platform::clock::Clock;
use lotse::platform::db::testing::{Scratch, database};
use lotse::platform::db::{Database, Write};
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Arc, LazyLock};

pub struct World {
    pub db: Database,
    pub clock: Clock,
    pub regions: Vec<Region>,
    pub origins: HashMap<ItemId, Arc<Provenance>>,
    /// The index of the region comes first.
    pub items: RefCell<Vec<(usize, ItemId, ObjectKind)>>,
    pub mirrors: Vec<(usize, ItemId, ObjectKind)>,
    /// News that are to come, as the items that they will be.
    pub waiting: Vec<(usize, ItemId)>,
    pub blobs: Blobs,
    pub late: Vec<(Digest, String)>,
    pub said: Cell<u32>,
    _scratch: Scratch,
    _folder: tempfile::TempDir,
}

pub const SITE: &str = "https://town.example/";
pub const LANGUAGES: [&str; 4] = ["de", "en", "ar", "uk"];
pub const SLUGS: [&str; 3] = ["eins", "zwei", "drei"];
pub const HOUR: i64 = 3600;

pub fn tag(language: &str) -> LanguageTag {
    language.parse().unwrap()
}

impl World {
    /// Two regions; the second one speaks a language less and falls back on its default one.
    pub fn found() -> World {
        let (db, _scratch) = database();
        let clock = Clock::manual(Moment::parse("2026-05-01T08:00:00Z").unwrap());
        let founded = db.write(|tx: &mut Write<'_>| {
            let desk = Desk { clock: &clock, site: SITE };
            let mut regions = Vec::new();
            for (slug, name) in [("eins", "Zweite"), ("zwei", "Erste")] {
                let settings = RegionSettings { fallback: slug == "zwei", ..RegionSettings::default() };
                let new =
                    NewRegion { slug: slug.into(), name: name.into(), default_language: tag("de"), settings };
                let region = region::found(tx, &desk, new)?;
                region::add_language(tx, &region, language("de", None))?;
                region::add_language(tx, &region, language("en", Some("de")))?;
                if slug == "eins" {
                    region::add_language(tx, &region, language("ar", Some("en")))?;
                }
                regions.push(region);
            }
            Ok::<_, ContentError>(regions)
        });
        let _folder = tempfile::tempdir().unwrap();
        World {
            db,
            clock,
            regions: founded.unwrap(),
            origins: HashMap::new(),
            items: RefCell::default(),
            mirrors: Vec::new(),
            waiting: Vec::new(),
            blobs: Blobs::open(_folder.path()).unwrap(),
            late: Vec::new(),
            said: Cell::new(0),
            _scratch,
            _folder,
        }
    }

    pub fn write<T>(
        &self,
        f: impl FnOnce(&mut Write<'_>, &Desk<'_>) -> Result<T, ContentError>,
    ) -> Result<T, ContentError> {
        let desk = Desk { clock: &self.clock, site: SITE };
        self.db.write(|tx: &mut Write<'_>| f(tx, &desk))
    }

    pub fn page(&self, region: usize, parent: Option<ItemId>) -> ItemId {
        self.make(region, parent, (ObjectKind::Page, Stewardship::Own)).unwrap()
    }

    pub fn make(
        &self,
        region: usize,
        parent: Option<ItemId>,
        (kind, stewardship): (ObjectKind, Stewardship),
    ) -> Result<ItemId, ContentError> {
        let id: ItemId = self.clock.fresh_id().into();
        self.write(|tx, desk| {
            let region = self.regions[region].id;
            let ord = item::last_place(tx, region, parent)?;
            let new = match kind {
                ObjectKind::Page => NewItem { stewardship, ..NewItem::page(id, parent, ord) },
                kind => NewItem { stewardship, ..NewItem::flat(id, kind) },
            };
            item::create(tx, desk, region, vec![new])
        })?;
        if stewardship == Stewardship::Own {
            self.items.borrow_mut().push((region, id, kind));
        }
        Ok(id)
    }

    /// An item that stands in no tree, with facts and without a word.
    pub fn flat(&self, region: usize, kind: ObjectKind) -> ItemId {
        let id = self.make(region, None, (kind, Stewardship::Own)).unwrap();
        self.facts(region, id, kind, 5).unwrap();
        id
    }

    pub fn facts(
        &self,
        region: usize,
        item: ItemId,
        kind: ObjectKind,
        hours: u8,
    ) -> Result<(), ContentError> {
        let Some(facts) = self.some_facts(kind, hours) else { return Ok(()) };
        let updated_at = self.clock.now();
        let facts = Some(NewFacts { facts, media: Vec::new(), updated_at });
        let new = Publication { item, edit: Edit::Minor, texts: Vec::new(), facts };
        self.write(|tx, desk| publish::publish(tx, desk, self.regions[region].id, vec![new]).map(drop))
    }

    pub fn some_facts(&self, kind: ObjectKind, hours: u8) -> Option<Facts> {
        let at = |hours: i64| {
            let at = self.clock.now().plus_seconds(hours * HOUR).timestamp();
            at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%dT%H:%M").to_string()
        };
        let ahead = i64::from(hours);
        let named = self.items.borrow().get(usize::from(hours)).map(|(_, id, _)| *id);
        let value = match kind {
            ObjectKind::Event => {
                let mut when = json!({"start": at(ahead), "end": at(ahead + 2), "zone": "UTC"});
                match hours % 3 {
                    0 => when["rrule"] = json!("FREQ=DAILY"),
                    1 => when["rrule"] = json!("FREQ=DAILY;INTERVAL=2;COUNT=3"),
                    _ => {}
                }
                json!({"event": {"when": when, "place": named}})
            }
            ObjectKind::Place => {
                let picture = hours.is_multiple_of(3).then(|| json!({"held": medium(hours).0}));
                json!({"place": {"category": named, "on_map": hours.is_multiple_of(2), "picture": picture}})
            }
            ObjectKind::Contact => json!({"contact": {"name": SLUGS[usize::from(hours) % 3], "of": named}}),
            ObjectKind::Organisation => json!({"organisation": {"slug": "verein"}}),
            ObjectKind::Category => json!({"category": {"icon": "advice"}}),
            ObjectKind::News => {
                let now = self.clock.now();
                let (at, until) = (now.plus_seconds(-ahead * HOUR), now.plus_seconds(ahead * HOUR));
                json!({"news": {"at": at, "until": until}})
            }
            ObjectKind::Offer => json!({"offer": {"alias": SLUGS[usize::from(hours) % 3]}}),
            ObjectKind::Page => {
                let offers: Vec<_> = named.into_iter().collect();
                json!({"page": {"organisation": named, "offers": offers}})
            }
            ObjectKind::Imprint | ObjectKind::Profile => return None,
        };
        Some(serde_json::from_value(value).unwrap())
    }

    pub fn say(
        &self,
        region: &Region,
        item: ItemId,
        words: (&str, &str),
        edit: Edit,
    ) -> Result<(), ContentError> {
        let items = self.items.borrow();
        let at = (self.said.get() as usize + 1) % items.len().max(1);
        let named = items.get(at).map_or(item, |(_, id, _)| *id);
        drop(items);
        self.write_down(
            region,
            item,
            words,
            (edit, &format!("<p>See <a href=\"page:{named}\">there</a></p>")),
        )
    }

    /// Publishes a text of one block.
    pub fn write_down(
        &self,
        region: &Region,
        item: ItemId,
        (language, slug): (&str, &str),
        (edit, html): (Edit, &str),
    ) -> Result<(), ContentError> {
        self.said.set(self.said.get() + 1);
        let title = format!("{slug} {}", self.said.get());
        let html = CleanHtml::parse(html);
        let source = match language {
            "de" => None,
            "ar" => Some((tag("en"), 1)),
            _ => Some((tag("de"), i64::from(self.said.get() % 3))),
        };
        let text = Text {
            language: tag(language),
            title,
            slug: slug.to_owned(),
            blocks: vec![Block { id: "b1".into(), tag: "p".into(), html }],
            wrap: None,
            media: Vec::new(),
            summary: None,
            via: if self.said.get().is_multiple_of(5) { Via::Mt } else { Via::Human },
            source,
            updated_at: self.clock.now(),
        };
        let new = Publication::of_texts(item, edit, vec![text]);
        self.write(|tx, desk| publish::publish(tx, desk, region.id, vec![new]).map(drop))
    }

    /// The index of a region, and an item of our own in it.
    pub fn chosen(&self, number: u8) -> Option<(usize, ItemId, ObjectKind)> {
        let items = self.items.borrow();
        items.get(usize::from(number).checked_rem(items.len())?).copied()
    }

    pub fn mirror(&self, number: u8) -> Option<(usize, ItemId, ObjectKind)> {
        self.mirrors.get(usize::from(number).checked_rem(self.mirrors.len())?).copied()
    }

    /// A page of the region, one of ours or a mirrored one; none now and then.
    pub fn parent(&self, region: usize, number: u8) -> Option<ItemId> {
        let own = self.items.borrow();
        let own = own.iter().filter(|(at, _, kind)| *at == region && *kind == ObjectKind::Page);
        let mirrored = self.mirrors.iter().filter(|(at, _, kind)| *at == region && *kind == ObjectKind::Page);
        let pages: Vec<ItemId> = own.map(|(_, id, _)| *id).chain(mirrored.map(|(_, id, _)| *id)).collect();
        pages.get(usize::from(number) % (pages.len() + 1)).copied()
    }
}

/// One of four pictures: its digest and its bytes. The last one is wide enough for a smaller copy.
pub fn medium(number: u8) -> &'static (Digest, Vec<u8>) {
    static ALL: LazyLock<Vec<(Digest, Vec<u8>)>> = LazyLock::new(|| {
        let coded = |(width, shade)| {
            let mut bytes = Cursor::new(Vec::new());
            let image = RgbImage::from_pixel(width, 4, Rgb([shade; 3]));
            image.write_to(&mut bytes, ImageFormat::Png).unwrap();
            (Digest::of(bytes.get_ref()), bytes.into_inner())
        };
        [(8, 0), (8, 80), (8, 160), (700, 240)].map(coded).into()
    });
    &ALL[usize::from(number) % 4]
}

pub fn origin(item: ItemId, unconfirmed_since: Option<Moment>) -> Arc<Provenance> {
    // Two mirrors of one object now and then.
    let object = uuid::Uuid::from_u128(item.uuid().as_u128() % 3);
    Arc::new(Provenance {
        node: NodeId::of_genesis([7; 32]),
        node_name: "Anderswo".to_owned(),
        object: lotse::base::id::ObjectId::from_uuid(object),
        site: None,
        url: None,
        licence: "CC-BY-4.0".to_owned(),
        attribution: String::new(),
        facets: Facets::NONE,
        confirmed_at: None,
        unconfirmed_since,
    })
}

pub fn language(name: &str, source: Option<&str>) -> NewLanguage {
    NewLanguage {
        tag: tag(name),
        slug: name.to_owned(),
        native_name: format!("{name} from {source:?}"),
        source: source.map(tag),
    }
}
