//! A large region, made by what editors do: 1,000 pages, 500 places with contacts, 500 events, news and the rest, all of
//! it in 15 languages. The texts are about as long as those of real regions.

use lotse::base::html::CleanHtml;
use lotse::base::id::{ItemId, RegionId};
use lotse::base::language::LanguageTag;
use lotse::base::moment::Moment;
use lotse::domain::content::change::Via;
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::publish::{self, NewFacts, Publication, Text};
use lotse::domain::content::published::RegionSettings;
use lotse::domain::content::region::{self, NewLanguage, NewRegion};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, Desk, blocks, order};
use lotse::platform::clock::Clock;
use lotse::platform::db::{Database, Write};
use serde_json::json;

pub const LANGUAGES: [&str; 15] =
    ["de", "en", "ar", "uk", "ru", "tr", "fa", "fr", "es", "it", "pl", "ro", "bg", "hr", "sq"];
pub const PAGES: usize = 1_000;
pub const PLACES: usize = 500;
pub const EVENTS: usize = 500;
const CATEGORIES: usize = 20;
const CONTACTS: usize = 250;
const NEWS: usize = 50;
/// Items told in one transaction.
const AT_ONCE: usize = 50;

pub struct LargeRegion {
    pub id: RegionId,
    pub pages: Vec<ItemId>,
    pub events: Vec<ItemId>,
}

pub fn tag(language: &str) -> LanguageTag {
    language.parse().unwrap()
}

/// Founds `gross` and fills it. # Panics: the database refuses something.
pub fn fill(db: &Database, clock: &Clock) -> LargeRegion {
    let founded: Result<RegionId, ContentError> = db.write(|tx: &mut Write<'_>| {
        let desk = Desk { clock, site: SITE };
        let new = NewRegion {
            slug: "gross".to_owned(),
            name: "Landkreis Großberg".to_owned(),
            default_language: tag("de"),
            settings: RegionSettings::default(),
        };
        let region = region::found(tx, &desk, new)?;
        for language in LANGUAGES {
            let source = (language != "de").then(|| tag("de"));
            let (slug, native_name) = (language.to_owned(), language.to_uppercase());
            region::add_language(tx, &region, NewLanguage { tag: tag(language), slug, native_name, source })?;
        }
        Ok(region.id)
    });
    let filling = Filling { db, clock, region: founded.unwrap() };
    let pages = filling.pages();
    let categories =
        filling.flat(ObjectKind::Category, CATEGORIES, &|_| json!({"category": {"icon": "advice"}}));
    let places = filling.flat(ObjectKind::Place, PLACES, &|at| {
        json!({"place": {
            "address": {"street": format!("Hauptstraße {at}"), "postcode": "12345", "town": "Großberg", "country": "Deutschland"},
            "position": [10.0 + at as f64 / 1000.0, 48.0], "on_map": true,
            "category": categories[at % CATEGORIES], "hours": "Mo-Fr 09:00-17:00"}})
    });
    filling.flat(ObjectKind::Contact, CONTACTS, &|at| {
        json!({"contact": {"of": places[at], "name": format!("Kontakt {at}"), "phone": "+49 123 456", "email": "a@b.example"}})
    });
    let events = filling.flat(ObjectKind::Event, EVENTS, &|at| {
        let mut when = json!({"start": format!("2027-{:02}-{:02}T10:00", at % 12 + 1, at % 28 + 1),
            "end": format!("2027-{:02}-{:02}T12:00", at % 12 + 1, at % 28 + 1), "zone": "Europe/Berlin"});
        if at % 3 == 0 {
            when["rrule"] = json!("FREQ=WEEKLY");
        }
        json!({"event": {"when": when, "place": places[at % PLACES]}})
    });
    let now = clock.now();
    filling.flat(
        ObjectKind::News,
        NEWS,
        &|_| json!({"news": {"at": now, "until": now.plus_seconds(28 * 24 * 3600)}}),
    );
    filling.flat(ObjectKind::Offer, 3, &|at| json!({"offer": {"alias": format!("angebot-{at}")}}));
    filling.flat(ObjectKind::Imprint, 1, &|_| json!(null));
    LargeRegion { id: filling.region, pages, events }
}

const SITE: &str = "http://localhost/";

struct Filling<'a> {
    db: &'a Database,
    clock: &'a Clock,
    region: RegionId,
}

impl Filling<'_> {
    /// Ten below each, three levels deep.
    fn pages(&self) -> Vec<ItemId> {
        let ids: Vec<ItemId> = (0..PAGES).map(|_| self.clock.fresh_id().into()).collect();
        let ords = order::after(None, PAGES);
        let parent = |at: usize| (at >= 10).then(|| ids[at / 10 - 1]);
        let new = (0..PAGES).map(|at| NewItem::page(ids[at], parent(at), ords[at].clone())).collect();
        self.write(|tx, desk| item::create(tx, desk, self.region, new).map(drop));
        self.say(&ids, "Seite", &|_| None);
        ids
    }

    fn flat(
        &self,
        kind: ObjectKind,
        count: usize,
        facts: &dyn Fn(usize) -> serde_json::Value,
    ) -> Vec<ItemId> {
        let ids: Vec<ItemId> = (0..count).map(|_| self.clock.fresh_id().into()).collect();
        let new = ids.iter().map(|id| NewItem::flat(*id, kind)).collect();
        self.write(|tx, desk| item::create(tx, desk, self.region, new).map(drop));
        self.say(&ids, kind.as_str(), &|at| {
            let facts = serde_json::from_value(facts(at)).ok()?;
            Some(NewFacts { facts, media: Vec::new(), updated_at: self.clock.now() })
        });
        ids
    }

    fn say(&self, ids: &[ItemId], what: &str, facts: &dyn Fn(usize) -> Option<NewFacts>) {
        let numbered: Vec<(usize, ItemId)> = ids.iter().copied().enumerate().collect();
        for some in numbered.chunks(AT_ONCE) {
            let publication = |(at, item): &(usize, ItemId)| {
                let texts =
                    LANGUAGES.map(|language| text(language, &format!("{what} {at}"), ids[at / 2])).into();
                Publication { item: *item, edit: Edit::Major, texts, facts: facts(*at) }
            };
            let all = some.iter().map(publication).collect();
            self.write(|tx, desk| publish::publish(tx, desk, self.region, all).map(drop));
        }
    }

    fn write(&self, f: impl FnOnce(&mut Write<'_>, &Desk<'_>) -> Result<(), ContentError>) {
        let desk = Desk { clock: self.clock, site: SITE };
        self.db.write(|tx: &mut Write<'_>| f(tx, &desk)).unwrap();
    }
}

/// What an item says in a language: some paragraphs, a list and a link.
pub fn text(language: &str, title: &str, named: ItemId) -> Text {
    let title = format!("{title} {language}");
    let paragraph = format!(
        "<p>{title}: {}</p>",
        "Wer hier ankommt, findet Rat und Hilfe bei vielen Stellen. ".repeat(4)
    );
    let list = "<ul><li>Ausweis oder Pass</li><li>Meldebescheinigung</li></ul>";
    let html = format!(
        "<h2>{title}</h2>{paragraph}{paragraph}{list}{paragraph}<p><a href=\"page:{named}\">Mehr</a></p>"
    );
    let (wrap, pieces) = blocks::split(&CleanHtml::parse(&html));
    Text {
        language: tag(language),
        slug: title.to_lowercase().replace(' ', "-"),
        title,
        blocks: blocks::identify(pieces, &[], &[]),
        wrap,
        media: Vec::new(),
        summary: None,
        via: Via::Human,
        source: (language != "de").then(|| (tag("de"), 1)),
        updated_at: Moment::from_seconds(1_780_000_000),
    }
}
