//! Everything that a node publishes can be adopted, follows its origin and goes when it must: not pages only.

use crate::support::TestNode;
use lotse::base::id::ItemId;
use lotse::domain::adoption::AdoptionError;
use lotse::domain::adoption::adopt::Request;
use lotse::domain::adoption::{end, offers};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::{ContentError, item};
use lotse::domain::peers::peer;
use lotse::domain::upkeep::feedback::{Given, Opinion, Subject};
use lotse::domain::upkeep::give;
use lotse::platform::db::{Read, Write};
use serde_json::{Value, json};

const HOURS: &str = "Mo-Fr 08:00-12:00";

/// A district with an office, a feast there and a piece of news.
pub fn district() -> TestNode {
    let district = TestNode::new("Landkreis");
    district.founds("kreis", "Landkreis Musterland", &["de", "en", "ar"]);
    let category = json!({"category": {"icon": "office", "colour": "#2E98FB"}});
    district.tells("behörde", category, &[("de", "Behörde", ""), ("en", "Authority", "")]);
    district.tells("amt", json!({"organisation": {"slug": "amt"}}), &[("de", "Landratsamt", "")]);
    let words = [("de", "Rathaus", "<p>Am Markt</p>"), ("en", "Town hall", "<p>Market</p>")];
    district.tells("büro", office(HOURS), &words);
    let first = json!({"contact": {"of": "@büro", "name": "Frau Beispiel", "phone": "+49 821 4711"}});
    district.tells("beispiel", first, &[]);
    let second = json!({"contact": {"of": "@büro", "name": "Herr Muster", "email": "muster@kreis.example"}});
    district.tells("muster", second, &[("de", "Wohngeld", "")]);
    district.tells("fest", feast("2026-05-20", "büro"), &[("de", "Sommerfest", "<p>Mit Musik</p>")]);
    let news = json!({"news": {"at": "2026-05-01T07:00:00Z", "until": "2026-05-29T07:00:00Z"}});
    district.tells("sperrung", news, &[("de", "Brücke gesperrt", "<p>Bis Freitag</p>")]);
    district
}

pub fn office(hours: &str) -> Value {
    json!({"place": {
        "address": {"street": "Markt 1", "postcode": "12345", "town": "Musterstadt", "country": "Deutschland"},
        "position": [10.5, 50.25], "on_map": true, "category": "@behörde", "organisation": "@amt", "hours": hours,
    }})
}

pub fn feast(day: &str, place: &str) -> Value {
    let when =
        json!({"start": format!("{day}T17:00"), "end": format!("{day}T19:00"), "zone": "Europe/Berlin"});
    json!({"event": {"when": when, "place": format!("@{place}")}})
}

/// A town that follows the district and shows nothing of it yet.
pub fn town(district: &TestNode) -> TestNode {
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de", "en", "fr"]);
    town.follows(district);
    town
}

/// The only contacts of the only place, by name.
fn contacts(town: &TestNode) -> Vec<String> {
    let place = town.told("locations/", "de")[0].clone();
    let contacts = place["contacts"].as_array().unwrap().iter();
    contacts.map(|contact| contact["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_event_a_place_with_its_contacts_and_a_piece_of_news_are_adopted_and_follow_their_origin() {
    let district = district();
    let town = town(&district);
    // The feast brings the office, its category, organisation and contacts.
    assert_eq!(town.adopts(&district, "fest"), 6);
    assert_eq!(town.adopts(&district, "büro"), 0);
    assert_eq!(town.adopts(&district, "sperrung"), 1);
    let event = town.told("events/", "de")[0].clone();
    assert_eq!(event["title"], "Sommerfest");
    assert_eq!(event["location"]["address"], "Markt 1");
    assert_eq!(event["location_path"], "/stadt/de/locations/rathaus/");
    assert_eq!(event["origin"]["name"], "Landkreis");
    let place = town.told("locations/", "en")[0].clone();
    assert_eq!(place["title"], "Town hall");
    assert_eq!(
        (&place["category"]["name"], &place["category"]["icon"]),
        (&json!("Authority"), &json!("office"))
    );
    assert_eq!(place["organization"]["name"], "Landratsamt");
    assert_eq!(place["opening_hours"][0]["timeSlots"][0]["end"], "12:00");
    assert_eq!(contacts(&town), ["Frau Beispiel", "Herr Muster"]);
    assert_eq!(town.titles("news", "de"), ["Brücke gesperrt"]);
    town.reads("/stadt/de/events/").says("Sommerfest").says("Rathaus");
    let page = town.reads("/stadt/de/locations/rathaus/");
    page.says("Frau Beispiel").says("tel:+498214711").says("Wohngeld").says("Landkreis");
    // Other hours are there with the next sync, in every answer that was given before.
    let hours =
        |town: &TestNode| town.told("locations/", "de")[0]["opening_hours"][0]["timeSlots"][0]["end"].clone();
    let before = town.reads("/api/v3/stadt/de/locations/");
    district.corrects("büro", office("Mo-Fr 08:00-16:00"));
    assert_eq!(hours(&town), "12:00");
    town.syncs(&district);
    assert_eq!(hours(&town), "16:00");
    let etag = before.header("etag").to_owned();
    town.reads_with("/api/v3/stadt/de/locations/", &[("If-None-Match", &etag)]).is_there().says("16:00");
    town.reads("/stadt/de/locations/rathaus/").is_silent_about("12:00");
}

#[test]
fn an_erased_contact_is_nowhere_at_the_town_and_what_readers_said_stays() {
    let district = district();
    let town = town(&district);
    town.adopts(&district, "fest");
    let asked =
        ["/api/v3/stadt/de/locations/", "/api/v3/stadt/en/locations/", "/stadt/de/locations/rathaus/"];
    for path in asked {
        town.reads(path).says("Frau Beispiel");
    }
    assert_eq!(town.traces_of("Frau Beispiel"), ["bodies.bytes"]);
    let opinion = Opinion::new(None, "Das Büro ist verzogen").unwrap();
    let (region, language) = (town.region(None).id, "de".parse().unwrap());
    let (subject, seen, query, technical) = (Subject::Poi, None, None, false);
    let given = |tx: &mut Write<'_>| {
        give::give(tx, &town.clock, Given { region, language, subject, seen, opinion, query, technical })
    };
    town.node.db.write(given).unwrap();
    district.erases("beispiel", None);
    town.syncs(&district);
    for path in asked {
        let reading = town.reads(path);
        reading
            .is_there()
            .says("Herr Muster")
            .is_silent_about("Frau Beispiel")
            .is_silent_about("8214711")
            .is_silent_about("821 4711");
    }
    for words in ["Frau Beispiel", "+49 821 4711"] {
        assert!(town.traces_of(words).is_empty(), "{:?}", town.traces_of(words));
        assert!(district.traces_of(words).is_empty(), "{:?}", district.traces_of(words));
    }
    assert_eq!(town.traces_of("Das Büro ist verzogen"), ["feedback.comment"]);
}

#[test]
fn what_is_withdrawn_goes_and_comes_back_and_what_is_over_goes_by_itself() {
    let district = district();
    let town = town(&district);
    for name in ["fest", "sperrung"] {
        town.adopts(&district, name);
    }
    let number = town.told("events/", "de")[0]["id"].clone();
    district.archives("fest");
    town.syncs(&district);
    assert!(town.titles("events/", "de").is_empty() && town.titles("locations/", "de").is_empty());
    town.reads("/stadt/de/events/sommerfest/").is_missing();
    district.restores("fest");
    town.syncs(&district);
    assert_eq!(town.titles("events/", "de"), ["Sommerfest"]);
    assert_ne!(town.told("events/", "de")[0]["id"], number, "the id is that of the newest revision");
    assert_eq!(contacts(&town), ["Frau Beispiel", "Herr Muster"]);
    // The feast is over, and nobody says a word.
    town.clock.advance(20 * 24 * 3600);
    assert!(town.titles("events/", "de").is_empty());
    assert_eq!(town.behind(), [district.origin()]);
    town.refreshes(&district.origin());
    assert!(town.titles("locations/", "de").is_empty(), "the place came for the feast alone");
    assert!(town.behind().is_empty());
    assert_eq!(town.titles("news", "de"), ["Brücke gesperrt"]);
    // It takes place later after all.
    district.clock.advance(20 * 24 * 3600);
    district.corrects("fest", feast("2026-07-20", "büro"));
    town.syncs(&district);
    assert_eq!(town.titles("events/", "de"), ["Sommerfest"]);
    town.clock.advance(20 * 24 * 3600);
    assert!(town.titles("news", "de").is_empty());
}

#[test]
fn all_events_of_a_region_come_by_themselves_until_that_is_ended() {
    let district = district();
    let town = town(&district);
    let all = town.all_of(&district, ObjectKind::Event);
    assert_eq!(town.tries_to_adopt(&all).unwrap(), 6);
    let again = town.tries_to_adopt(&all);
    assert!(matches!(again, Err(AdoptionError::AlreadyHere { .. })), "{again:?}");
    let again = town.tries_to_adopt(&town.request(&district, "fest"));
    assert!(matches!(again, Err(AdoptionError::AlreadyHere { .. })), "{again:?}");
    district.tells("lauf", feast("2026-06-01", "büro"), &[("de", "Stadtlauf", "")]);
    district.tells("halle", json!({"place": {}}), &[("de", "Turnhalle", "")]);
    town.syncs(&district);
    assert_eq!(town.titles("events/", "de"), ["Sommerfest", "Stadtlauf"]);
    assert_eq!(town.titles("locations/", "de"), ["Rathaus"]);
    // A single one came with all of them; they end together.
    let event = |tx: &mut Read<'_>| {
        let items = lotse::domain::content::store::items::all(tx)?;
        Ok::<_, ContentError>(items.into_iter().find(|item| item.kind == ObjectKind::Event).unwrap().id)
    };
    let event: ItemId = town.node.db.read(event).unwrap();
    let ends = |what| town.node.db.write(|tx: &mut Write<'_>| end::end(tx, &town.node.desk(), what));
    let adopted = town.node.db.read(|tx: &mut Read<'_>| end::adopted(tx, &district.origin())).unwrap();
    let [adoption] = adopted[..] else { panic!("{adopted:?}") };
    let refused = ends(event.into());
    assert!(
        matches!(&refused, Err(AdoptionError::CameWith { root, .. }) if *root == adoption),
        "{refused:?}"
    );
    assert_eq!(ends(adoption).unwrap(), 7);
    assert!(town.titles("events/", "de").is_empty() && town.titles("locations/", "de").is_empty());
    let forget = |tx: &mut Write<'_>| peer::forget(tx, &district.origin(), town.clock.now());
    town.node.db.write(forget).unwrap();
    assert!(town.traces_of("Herr Muster").is_empty());
}

#[test]
fn what_is_adopted_must_be_to_be_adopted_and_stand_where_it_can() {
    let district = district();
    district.imprints("impressum", &[("de", "Impressum", "<p>Landratsamt</p>")]);
    let town = town(&district);
    let refused = |request: Request| town.tries_to_adopt(&request).unwrap_err();
    for object in [district.id("impressum").into(), district.region(None).id.into()] {
        let told = refused(Request { object, ..town.request(&district, "fest") });
        assert!(matches!(told, AdoptionError::NotToBeAdopted { .. }), "{told}");
    }
    let told =
        refused(Request { object: district.id("fest").into(), ..town.all_of(&district, ObjectKind::Event) });
    assert!(matches!(told, AdoptionError::NoRegion { .. }), "{told}");
    town.publishes(crate::support::page("rathaus").says("de", "Rathaus", ""));
    let told = refused(Request { parent: Some(town.id("rathaus")), ..town.request(&district, "fest") });
    assert!(matches!(told, AdoptionError::StandsInNoTree { .. }), "{told}");
    // A piece of news in a language that nobody reads here; a name is one in every language.
    let news = json!({"news": {"at": "2026-05-01T07:00:00Z", "until": "2026-05-29T07:00:00Z"}});
    district.tells("arabisch", news, &[("ar", "خبر", "")]);
    town.syncs(&district);
    let told = refused(town.request(&district, "arabisch"));
    assert!(matches!(told, AdoptionError::NoCommonLanguage { .. }), "{told}");
    town.adopts(&district, "beispiel");
    // What is mirrored is not edited here.
    let mirrored = |tx: &mut Read<'_>| {
        let items = lotse::domain::content::store::items::all(tx)?;
        Ok::<_, ContentError>(items.into_iter().find(|item| item.kind == ObjectKind::Contact).unwrap().id)
    };
    let contact: ItemId = town.node.db.read(mirrored).unwrap();
    let told = town.node.db.write(|tx: &mut Write<'_>| item::editable(tx, contact));
    assert!(matches!(told, Err(ContentError::Mirrored { .. })), "{told:?}");
}

#[test]
fn everything_that_can_be_adopted_is_listed_with_what_it_is_called() {
    let district = district();
    let town = town(&district);
    town.adopts(&district, "beispiel");
    let all = town.node.db.read(|tx: &mut Read<'_>| offers::offers(tx, &district.origin())).unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|offer| {
            (offer.kind.as_str(), offer.titles.values().next().map_or("", String::as_str), offer.adopted)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("profile", "Landkreis Musterland", false),
            ("category", "Behörde", true),
            ("organisation", "Landratsamt", true),
            ("place", "Rathaus", true),
            ("contact", "Frau Beispiel", true),
            ("contact", "Wohngeld", false),
            ("event", "Sommerfest", false),
            ("news", "Brücke gesperrt", false),
        ]
    );
}
