//! Regions, languages, pages, revisions: what editors rely on.

use lotse::base::language::LanguageTag;
use lotse::base::moment::Moment;
use lotse::domain::content::archive::{self, Ground};
use lotse::domain::content::assemble::assemble;
use lotse::domain::content::body::Block;
use lotse::domain::content::change::{Change, Via};
use lotse::domain::content::item::{self, Beside, Item, NewItem};
use lotse::domain::content::publish::{self, Publication, Text};
use lotse::domain::content::published::{Freshness, RegionSettings, Snapshot};
use lotse::domain::content::region::{self, NewLanguage, NewRegion, Region};
use lotse::domain::content::revision::{Edit, Revision};
use lotse::domain::content::{ContentError, Desk, order, store, translation};
use lotse::platform::clock::Clock;
use lotse::platform::db::testing::{Scratch, database};
use lotse::platform::db::{Database, DbError, Read, Write};
use std::collections::HashMap;

/// A town with German, and English and Arabic made from it.
pub struct Town {
    pub db: Database,
    pub clock: Clock,
    pub region: Region,
    _scratch: Scratch,
}

const SITE: &str = "https://town.example/";

pub fn tag(tag: &str) -> LanguageTag {
    tag.parse().unwrap()
}

impl Town {
    pub fn new() -> Town {
        let (db, _scratch) = database();
        let clock = Clock::manual(Moment::parse("2026-05-01T08:00:00Z").unwrap());
        let region = db
            .write(|tx: &mut Write<'_>| {
                let desk = Desk { clock: &clock, site: SITE };
                let region = region::found(
                    tx,
                    &desk,
                    NewRegion {
                        slug: "town".into(),
                        name: "Town".into(),
                        default_language: tag("de"),
                        settings: RegionSettings::default(),
                    },
                )?;
                for (language, name, source) in
                    [("de", "Deutsch", None), ("en", "English", Some("de")), ("ar", "العربية", Some("en"))]
                {
                    let new = NewLanguage {
                        tag: tag(language),
                        slug: language.into(),
                        native_name: name.into(),
                        source: source.map(tag),
                    };
                    region::add_language(tx, &region, new)?;
                }
                Ok::<_, ContentError>(region)
            })
            .unwrap();
        Town { db, clock, region, _scratch }
    }

    pub fn write<T>(
        &self,
        f: impl FnOnce(&mut Write<'_>, &Desk<'_>) -> Result<T, ContentError>,
    ) -> Result<T, ContentError> {
        let desk = Desk { clock: &self.clock, site: SITE };
        self.db.write(|tx: &mut Write<'_>| f(tx, &desk))
    }

    pub fn page(&self, parent: Option<&Item>) -> Item {
        self.write(|tx, desk| {
            let parent = parent.map(|page| page.id);
            let ord = item::last_place(tx, self.region.id, parent)?;
            let id = desk.clock.fresh_id().into();
            let new = NewItem::page(id, parent, ord);
            Ok(item::create(tx, desk, self.region.id, vec![new])?.remove(0))
        })
        .unwrap()
    }

    pub fn say(&self, page: &Item, language: &str, title: &str, how: (Edit, Option<(&str, i64)>)) {
        let (edit, source) = how;
        let text = text(language, title, source);
        self.write(|tx, desk| {
            let publication = Publication::of_texts(page.id, edit, vec![text]);
            publish::publish(tx, desk, self.region.id, vec![publication])
        })
        .unwrap();
    }

    pub fn snapshot(&self) -> Snapshot {
        self.db.read(|tx: &mut Read<'_>| assemble(tx, Moment::from_seconds(0), HashMap::new())).unwrap()
    }

    pub fn changes(&self) -> Vec<Change> {
        told(&self.db).0
    }
}

/// What waits for the log, and how many bodies there are.
pub fn told(db: &Database) -> (Vec<Change>, i64) {
    use diesel::prelude::*;
    use lotse::on_both;
    use lotse::platform::db::Reading;
    use lotse::platform::db::schema::{bodies, outbox};
    let read = |tx: &mut Read<'_>| {
        let rows: Vec<String> =
            on_both!(tx, c => outbox::table.order(outbox::number).select(outbox::change).load(c))?;
        let bodies: i64 = on_both!(tx, c => bodies::table.count().get_result(c))?;
        Ok::<_, DbError>((rows, bodies))
    };
    let (rows, bodies) = db.read(read).unwrap();
    (rows.iter().map(|row| serde_json::from_str(row).unwrap()).collect(), bodies)
}

pub fn text(language: &str, title: &str, source: Option<(&str, i64)>) -> Text {
    let html = lotse::base::html::CleanHtml::parse(&format!("<p>{title}</p>"));
    Text {
        language: tag(language),
        title: title.into(),
        slug: title.to_lowercase(),
        blocks: vec![Block { id: "b1".into(), tag: "p".into(), html }],
        wrap: None,
        media: Vec::new(),
        summary: None,
        via: Via::Human,
        source: source.map(|(language, rev)| (tag(language), rev)),
        updated_at: Moment::from_seconds(1_700_000_000),
    }
}

fn freshness(snapshot: &Snapshot, language: &str, page: &Item) -> Freshness {
    snapshot.region("town").unwrap().edition(language).unwrap().1.item(page.id).unwrap().freshness
}

#[test]
fn a_translation_is_outdated_only_by_a_change_that_matters() {
    let town = Town::new();
    let page = town.page(None);
    town.say(&page, "de", "Anmeldung", (Edit::Major, None));
    town.say(&page, "en", "Registration", (Edit::Major, Some(("de", 1))));
    assert_eq!(freshness(&town.snapshot(), "en", &page), Freshness::Current);
    town.say(&page, "de", "Anmeldung!", (Edit::Minor, None));
    assert_eq!(freshness(&town.snapshot(), "en", &page), Freshness::Current, "a typo matters to nobody");
    town.say(&page, "de", "Anmelden", (Edit::Major, None));
    assert_eq!(freshness(&town.snapshot(), "en", &page), Freshness::Outdated);
    town.say(&page, "en", "Registering", (Edit::Major, Some(("de", 3))));
    assert_eq!(freshness(&town.snapshot(), "en", &page), Freshness::Current);
}

#[test]
fn how_pages_stand_is_told_by_revisions_and_drafts() {
    let town = Town::new();
    let (top, below, hidden) = (town.page(None), town.page(None), town.page(None));
    for page in [&top, &below, &hidden] {
        town.say(page, "de", "Eins", (Edit::Major, None));
    }
    town.say(&top, "en", "One", (Edit::Major, Some(("de", 1))));
    town.write(|tx, desk| archive::archive(tx, desk, town.region.id, &[hidden.id])).unwrap();
    let stand = |language: &str| {
        let all = town.db.read(|tx: &mut Read<'_>| translation::standings(tx)).unwrap();
        all[&(town.region.id, tag(language))].to_string()
    };
    assert_eq!((stand("de"), stand("en")), ("2 up to date".into(), "1 up to date, 1 missing".into()));
    town.say(&top, "de", "Zwei", (Edit::Major, None));
    assert_eq!(stand("en"), "1 outdated, 1 missing");
    for (page, language) in [(&top, "en"), (&below, "ar")] {
        town.write(|tx, _| {
            let public = store::revisions::all_public(tx)?;
            let number = store::take_numbers(tx, "revisions", 1)?;
            let begun =
                Revision { number, item: page.id, language: tag(language), rev: None, ..public[0].clone() };
            Ok(store::revisions::save(tx, &[begun])?)
        })
        .unwrap();
    }
    assert_eq!(stand("en"), "1 in translation, 1 missing");
    assert_eq!((stand("ar"), stand("de")), ("1 in translation, 1 missing".into(), "2 up to date".into()));
}

#[test]
fn a_page_is_absent_where_its_parent_is_not_public() {
    let town = Town::new();
    let (parent, child) = {
        let parent = town.page(None);
        let child = town.page(Some(&parent));
        (parent, child)
    };
    town.say(&parent, "de", "Arbeit", (Edit::Major, None));
    town.say(&child, "de", "Suche", (Edit::Major, None));
    town.say(&child, "en", "Search", (Edit::Major, Some(("de", 1))));
    let snapshot = town.snapshot();
    let region = snapshot.region("town").unwrap();
    assert_eq!(region.edition("de").unwrap().1.pages.items[1].path, "/town/de/arbeit/suche/");
    assert!(region.edition("en").unwrap().1.pages.items.is_empty());
    assert_eq!(region.tongues(&region.edition("de").unwrap().1.pages.items[1]).count(), 1);
}

#[test]
fn a_former_slug_keeps_leading_to_its_page_and_is_never_given_away() {
    let town = Town::new();
    let (first, second) = (town.page(None), town.page(None));
    town.say(&first, "de", "Wohnen", (Edit::Major, None));
    town.say(&first, "de", "Wohnung", (Edit::Major, None));
    town.say(&second, "de", "Wohnen", (Edit::Major, None));
    let snapshot = town.snapshot();
    let (_, edition) = snapshot.region("town").unwrap().edition("de").unwrap();
    assert_eq!(edition.pages.at_slug("wohnen").unwrap().id, first.id);
    assert_eq!(edition.pages.at_slug("wohnung").unwrap().slug_history, ["wohnen", "wohnung"]);
    assert_eq!(edition.item(second.id).unwrap().slug, "wohnen-2");
}

#[test]
fn publishing_tells_the_log_where_the_page_stands_and_what_was_translated() {
    let town = Town::new();
    let page = town.page(None);
    town.say(&page, "de", "Hallo", (Edit::Major, None));
    town.say(&page, "en", "Hello", (Edit::Minor, Some(("de", 1))));
    let changes = town.changes();
    let Some(Change::Put(put)) = changes.last() else { panic!("{changes:?}") };
    assert_eq!(put.object, page.id.into());
    assert_eq!(put.parent, Some(town.region.id.into()));
    assert!(put.minor);
    let variant = put.variants[&tag("en")].as_ref().unwrap();
    assert_eq!((variant.rev, variant.source.clone()), (1, Some((tag("de"), 1))));
    assert!(!put.variants.contains_key(&tag("de")));
}

#[test]
fn pages_cannot_be_moved_below_themselves() {
    let town = Town::new();
    let top = town.page(None);
    let below = town.page(Some(&top));
    let moved = town.write(|tx, desk| {
        item::relocate(tx, desk, town.region.id, &[(top.id, Some(below.id), order::between(None, None))])
    });
    assert!(matches!(moved, Err(ContentError::Circle { .. })), "{moved:?}");
}

#[test]
fn archiving_hides_what_is_below_and_restoring_brings_back_the_same_texts() {
    let town = Town::new();
    let top = town.page(None);
    let below = town.page(Some(&top));
    town.say(&top, "de", "Oben", (Edit::Major, None));
    town.say(&below, "de", "Unten", (Edit::Major, None));
    town.write(|tx, desk| archive::archive(tx, desk, town.region.id, &[top.id])).unwrap();
    assert!(town.snapshot().region("town").unwrap().edition("de").unwrap().1.pages.items.is_empty());
    let withdrawn =
        town.changes().into_iter().filter(|change| matches!(change, Change::Withdraw { .. })).count();
    assert_eq!(withdrawn, 2);
    town.write(|tx, desk| archive::restore(tx, desk, town.region.id, &[top.id, below.id])).unwrap();
    let snapshot = town.snapshot();
    assert_eq!(snapshot.region("town").unwrap().edition("de").unwrap().1.pages.items.len(), 2);
    let Some(Change::Put(put)) = town.changes().pop() else { panic!("restoring says nothing") };
    // Followers skip what does not count further.
    assert_eq!((put.variants[&tag("de")].as_ref().unwrap().rev, put.minor), (2, true));
    let texts: Vec<&str> = snapshot
        .region("town")
        .unwrap()
        .edition("de")
        .unwrap()
        .1
        .pages
        .items
        .iter()
        .map(|page| page.body.title.as_str())
        .collect();
    assert_eq!(texts, ["Oben", "Unten"]);
}

#[test]
fn what_stands_below_an_archived_page_is_not_shown_by_itself() {
    let town = Town::new();
    let top = town.page(None);
    let below = town.page(Some(&top));
    let beside = town.page(None);
    for page in [&top, &below, &beside] {
        town.say(page, "de", "Wort", (Edit::Major, None));
    }
    let region = town.region.id;
    town.write(|tx, desk| archive::archive(tx, desk, region, &[top.id])).unwrap();
    let changes = town.changes().len();
    let refused = |told: Result<(), ContentError>, above: &Item| {
        assert!(matches!(told, Err(ContentError::Archived { item }) if item == above.id), "{told:?}");
    };
    refused(town.write(|tx, desk| archive::restore(tx, desk, region, &[below.id])), &top);
    refused(town.write(|tx, desk| archive::restore_below(tx, desk, region, below.id).map(drop)), &top);
    let new = |archived: bool| {
        let id = town.clock.fresh_id().into();
        let new = NewItem { archived, ..NewItem::page(id, Some(below.id), "V".to_owned()) };
        town.write(|tx, desk| item::create(tx, desk, region, vec![new]).map(drop))
    };
    refused(new(false), &below);
    refused(town.write(|tx, desk| item::move_page(tx, desk, &beside, Some(below.id), Beside::Last)), &below);
    assert_eq!(town.changes().len(), changes, "nothing is told of what is refused");
    new(true).unwrap();
    town.write(|tx, desk| archive::restore_below(tx, desk, region, top.id)).unwrap();
    town.write(|tx, desk| item::move_page(tx, desk, &beside, Some(below.id), Beside::Last)).unwrap();
    let snapshot = town.snapshot();
    assert_eq!(snapshot.region("town").unwrap().edition("de").unwrap().1.pages.items.len(), 3);
}

#[test]
fn erased_text_is_gone_from_the_database_and_demanded_from_everybody() {
    let town = Town::new();
    let page = town.page(None);
    town.say(&page, "de", "Frau Müller", (Edit::Major, None));
    town.say(&page, "en", "Mrs Müller", (Edit::Major, None));
    let erased =
        town.write(|tx, desk| archive::erase(tx, desk, page.id, Some(&tag("de")), Ground::Gdpr17)).unwrap();
    assert_eq!((erased.revisions, erased.is_demanded), (1, true));
    let snapshot = town.snapshot();
    assert!(snapshot.region("town").unwrap().edition("de").unwrap().1.pages.items.is_empty());
    assert_eq!(snapshot.region("town").unwrap().edition("en").unwrap().1.pages.items.len(), 1);
    let editions = snapshot.regions.iter().flat_map(|region| &region.editions);
    assert!(editions.flat_map(|edition| edition.items()).all(|item| item.title() != "Frau Müller"));
    let Some(Change::Erase { revs, why, .. }) = town.changes().pop() else { panic!("nothing demanded") };
    assert_eq!((revs[&tag("de")].clone(), why.as_str()), (vec![1], "gdpr-17"));
    let before = town.changes().len();
    let erased =
        town.write(|tx, desk| archive::erase(tx, desk, page.id, Some(&tag("uk")), Ground::Gdpr17)).unwrap();
    assert_eq!((erased.revisions, erased.is_demanded, town.changes().len()), (0, false, before));
}

#[test]
fn a_region_without_a_proper_licence_is_refused() {
    let town = Town::new();
    let settings = RegionSettings { licence: "Namensnennung, frei".into(), ..RegionSettings::default() };
    let new = NewRegion { slug: "other".into(), name: "Other".into(), default_language: tag("de"), settings };
    let refused = town.write(|tx, desk| region::found(tx, desk, new));
    assert!(matches!(refused, Err(ContentError::Licence { .. })), "{refused:?}");
}

#[test]
fn a_region_tells_the_log_only_what_the_log_says_of_it() {
    let town = Town::new();
    let (told, hidden, empty) = (town.page(None), town.page(None), town.page(None));
    town.say(&told, "de", "Oben", (Edit::Major, None));
    town.say(&hidden, "de", "Weg", (Edit::Major, None));
    town.write(|tx, desk| archive::archive(tx, desk, town.region.id, &[hidden.id])).unwrap();
    let describe = |name: &str, settings: RegionSettings| {
        let before = town.changes().len();
        let region = region::Region { name: name.into(), settings, ..town.region.clone() };
        let changed = town.write(|tx, desk| region::describe(tx, desk, &region)).unwrap();
        (changed, town.changes().split_off(before))
    };
    let postcode = RegionSettings { postcode: "12345".into(), ..RegionSettings::default() };
    assert_eq!(describe("Town", RegionSettings::default()), (false, vec![]));
    // Whoever shows the region elsewhere needs its settings; the items change with the licence alone.
    let of_region =
        |change: &Change| matches!(change, Change::Put(put) if put.object == town.region.id.into());
    for (name, settings) in [("Town", postcode.clone()), ("City", postcode.clone())] {
        let (changed, profile) = describe(name, settings);
        assert!(changed && profile.len() == 1 && of_region(&profile[0]), "{profile:?}");
    }
    assert_eq!(describe("City", postcode.clone()), (false, vec![]));
    let (_, mut licensed) = describe("City", RegionSettings { licence: "CC0-1.0".into(), ..postcode });
    let count = licensed.len();
    licensed.retain(|change| !of_region(change));
    assert_eq!(count - licensed.len(), 1);
    let [Change::Put(put)] = &licensed[..] else { panic!("{licensed:?}, and {} has no text", empty.id) };
    assert_eq!((put.object, put.licence.as_str(), put.variants.len()), (told.id.into(), "CC0-1.0", 0));
    assert_eq!(town.snapshot().regions[0].name, "City");
}

#[test]
fn a_language_cannot_be_translated_from_one_that_leads_back_to_it() {
    let town = Town::new();
    let circle = town.write(|tx, _| {
        let new = NewLanguage {
            tag: tag("en"),
            slug: "en".into(),
            native_name: "English".into(),
            source: Some(tag("ar")),
        };
        region::add_language(tx, &town.region, new)
    });
    assert!(matches!(circle, Err(ContentError::LanguageSource { .. })), "{circle:?}");
}
