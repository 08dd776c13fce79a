//! The files that programs read beside the pages, asked over HTTP of the same small region.

use super::fixture::{self, GERMAN, NOW};
use super::tests::{page, state_of};
use crate::base::id::{NodeId, ObjectId};
use crate::base::moment::Moment;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::labels::{Facets, Labels};
use crate::domain::content::published::Snapshot;
use crate::domain::content::recurrence::Zone;
use crate::domain::content::vocabulary::Vocabulary;
use crate::domain::exchange::ical::{self, CalendarEvent};
use crate::platform::db::Read;
use crate::platform::db::testing::database;
use crate::web::routes;
use actix_web::App;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use serde_json::Value;
use std::sync::Arc;

struct Got {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// What is answered one after the other, of one node.
async fn got(snapshot: Snapshot, requests: Vec<TestRequest>) -> Vec<Got> {
    let (_kept, state) = state_of(snapshot, NOW);
    let app = App::new().app_data(state).wrap(routes::security_headers()).configure(routes::configure);
    let service = init_service(app).await;
    let mut all = Vec::new();
    for request in requests {
        let answer = call_service(&service, request.to_request()).await;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = String::from_utf8(read_body(answer).await.to_vec()).unwrap();
        all.push(Got { status, headers, text });
    }
    all
}

async fn file(path: &str) -> Got {
    got(fixture::snapshot(), vec![TestRequest::get().uri(path)]).await.remove(0)
}

async fn events(path: &str) -> Vec<CalendarEvent> {
    let got = file(path).await;
    assert_eq!((got.status, got.header("content-type")), (200, "text/calendar; charset=utf-8"), "{path}");
    let read = ical::read(got.text.as_bytes(), 1_000_000, &Zone::utc()).unwrap();
    assert!(read.complete && read.problems.is_empty(), "{:?}", read.problems);
    read.events
}

#[actix_web::test]
async fn a_calendar_holds_every_event_as_it_is_in_its_language() {
    let all = events("/musterland/de/events.ics").await;
    let snapshot = fixture::snapshot();
    let edition = &snapshot.regions[0].editions[GERMAN];
    assert_eq!(all.len(), edition.all(ObjectKind::Event).len());
    let cafe = all.iter().find(|event| event.summary == "Sprachcafé").unwrap();
    let view = edition.shelf(ObjectKind::Event).unwrap().at_slug("sprachcafe").unwrap();
    assert_eq!(cafe.uid, format!("{}@{}", ObjectId::from(view.id), NodeId::of_genesis([1; 32])));
    assert_eq!(cafe.modified, Moment::parse("2026-11-20T13:06:57Z").ok());
    assert_eq!(cafe.url.as_ref().unwrap().as_str(), "https://info.example/musterland/de/events/sprachcafe/");
    assert_eq!(cafe.location.as_deref(), Some("Bürgerhaus Musterstadt, Am Platz 4, 86150 Musterstadt"));
    assert_eq!(cafe.geo.map(|geo| (geo.latitude, geo.longitude)), Some((48.371, 10.898)));
    assert_eq!(cafe.categories, ["Beratung"]);
    let online = all.iter().find(|event| event.summary == "Beratung online").unwrap();
    assert!(online.location.as_deref().unwrap().starts_with("https://"), "{:?}", online.location);
    let text = file("/musterland/de/events.ics").await.text;
    assert!(text.contains("X-WR-CALNAME:Landkreis Musterland – Veranstaltungen\r\n"), "{text}");
    assert!(text.contains("SOURCE;VALUE=URI:https://info.example/musterland/de/events.ics\r\n"));
    // What is not translated says in which language it is.
    let arabic = file("/musterland/ar/events.ics").await.text;
    assert!(arabic.contains("SUMMARY;LANGUAGE=ar:") && arabic.contains("SUMMARY;LANGUAGE=de:"), "{arabic}");
}

#[actix_web::test]
async fn an_event_and_a_category_have_calendars_of_their_own() {
    let cafe = events("/musterland/de/events/sprachcafe.ics").await;
    assert_eq!((cafe.len(), cafe[0].summary.as_str()), (1, "Sprachcafé"));
    let advice = events("/musterland/de/events/categories/101.ics").await;
    assert!(!advice.is_empty() && advice.iter().all(|event| event.categories == ["Beratung"]));
    assert_eq!(events("/musterland/de/events/categories/102.ics").await, []);
    let former = file("/musterland/de/events/frueher-sprachcafe.ics").await;
    assert_eq!((former.status, former.header("location")), (301, "/musterland/de/events/sprachcafe.ics"));
    for nothing in [
        "/musterland/de/events/nichts.ics",
        "/musterland/de/events/categories/111.ics",
        "/musterland/de/events/categories/x.ics",
        "/nirgends/de/events.ics",
        "/musterland/xx/events.ics",
    ] {
        assert_eq!(file(nothing).await.status, 404, "{nothing}");
    }
}

#[actix_web::test]
async fn events_about_a_topic_have_a_calendar_of_their_own() {
    let mut snapshot = fixture::snapshot();
    let (database, _scratch) = database();
    snapshot.vocabulary = database.read(|tx: &mut Read<'_>| Vocabulary::read(tx)).unwrap();
    let topics = [snapshot.vocabulary.meant("language").unwrap().id.clone()].into();
    let labels = Labels { facets: Facets { topics, ..Facets::default() }, ..Labels::default() };
    let german = &mut fixture::region(&mut snapshot).editions[GERMAN];
    let shelf = german.shelves.get_mut(&ObjectKind::Event).unwrap();
    let at = shelf.by_slug["sprachcafe"];
    shelf.items[at].labels = Some(Arc::new(labels));
    let asked = |path: &str| TestRequest::get().uri(path);
    let paths = ["topics/language.ics", "topics/housing.ics", "topics/nothing.ics", "topics/worker.ics", ""];
    let requests = paths.map(|path| asked(&format!("/musterland/de/events/{path}"))).into();
    let got = got(snapshot, requests).await;
    assert_eq!(got.iter().map(|got| got.status).collect::<Vec<_>>(), [200, 200, 404, 404, 200]);
    let read = ical::read(got[0].text.as_bytes(), 1_000_000, &Zone::utc()).unwrap();
    assert_eq!((read.events.len(), read.events[0].summary.as_str()), (1, "Sprachcafé"));
    assert_eq!(read.events[0].categories, ["Beratung", "Sprache"]);
    assert!(!got[1].text.contains("VEVENT"));
    let list = &got[4].text;
    assert!(
        list.contains("/events/topics/language.ics\"") && !list.contains("/topics/housing.ics"),
        "{list}"
    );
}

#[actix_web::test]
async fn a_subscriber_who_has_the_calendar_is_told_so() {
    let ask = || TestRequest::get().uri("/musterland/de/events.ics");
    let first = got(fixture::snapshot(), vec![ask()]).await.remove(0);
    assert_eq!(first.header("access-control-allow-origin"), "*");
    assert_eq!(first.header("cache-control"), "public, no-cache");
    // Another node with the same content says the same, byte by byte.
    let known = ask().insert_header(("if-none-match", first.header("etag")));
    let post = TestRequest::post().uri("/musterland/de/events.ics");
    let head = TestRequest::with_uri("/musterland/de/events.ics").method(actix_web::http::Method::HEAD);
    let again = got(fixture::snapshot(), vec![known, post, head]).await;
    assert_eq!(again.iter().map(|got| got.status).collect::<Vec<_>>(), [304, 405, 200]);
    assert_eq!(again[2].header("etag"), first.header("etag"));
}

#[actix_web::test]
async fn a_region_without_events_keeps_an_empty_calendar() {
    let mut snapshot = fixture::snapshot();
    fixture::region(&mut snapshot).editions[GERMAN].shelves.clear();
    let empty = got(snapshot, vec![TestRequest::get().uri("/musterland/de/events.ics")]).await.remove(0);
    assert_eq!(empty.status, 200);
    assert!(empty.text.starts_with("BEGIN:VCALENDAR") && !empty.text.contains("VEVENT"));
}

#[actix_web::test]
async fn pages_of_events_name_their_calendars() {
    let list = page("/musterland/de/events/").await.html;
    for path in ["/musterland/de/events.ics", "/musterland/de/events/categories/101.ics"] {
        assert!(list.contains(&format!("<a href=\"{path}\" type=\"text/calendar\">")), "{path} in {list}");
    }
    assert!(list.contains("<link rel=\"alternate\" type=\"text/calendar; charset=utf-8\" title=\"Landkreis Musterland – Veranstaltungen\" href=\"/musterland/de/events.ics\">"), "{list}");
    let event = page("/musterland/de/events/sprachcafe/").await.html;
    assert!(
        event.contains("<a href=\"/musterland/de/events/sprachcafe.ics\" type=\"text/calendar\">"),
        "{event}"
    );
}

#[actix_web::test]
async fn news_and_changes_are_feeds_of_two_kinds() {
    let atom = file("/musterland/de/news.atom").await;
    assert_eq!((atom.status, atom.header("content-type")), (200, "application/atom+xml; charset=utf-8"));
    let read: atom_syndication::Feed = atom.text.parse().unwrap();
    assert_eq!(read.title.as_str(), "Landkreis Musterland – Neuigkeiten");
    assert_eq!((read.authors[0].name.as_str(), read.lang.as_deref()), ("Landratsamt Musterland", Some("de")));
    let json = file("/musterland/de/news.json").await;
    assert_eq!(json.header("content-type"), "application/feed+json; charset=utf-8");
    let told: Value = serde_json::from_str(&json.text).unwrap();
    let items = told["items"].as_array().unwrap();
    assert_eq!(items.len(), read.entries.len());
    let (entry, item) = (&read.entries[0], &items[0]);
    assert_eq!(entry.links[0].href, "https://info.example/musterland/de/news/local/141/");
    assert_eq!(
        (item["url"].as_str(), item["id"].as_str()),
        (Some(entry.links[0].href.as_str()), Some(entry.id.as_str()))
    );
    assert_eq!(entry.id, format!("https://info.example/o/{}/de", fixture::page_id(141)));
    assert_eq!(entry.content.as_ref().unwrap().value.as_deref(), item["content_html"].as_str());
    assert!(item["date_published"].as_str().unwrap() <= NOW && item["tags"] == serde_json::json!(["news"]));
    // Everything public that has a page in this language, whatever it is.
    let changes: Value = serde_json::from_str(&file("/musterland/ar/changes.json").await.text).unwrap();
    let snapshot = fixture::snapshot();
    let own = snapshot.regions[0].editions[fixture::ARABIC]
        .items()
        .filter(|item| !item.path.is_empty() && !item.fallback);
    assert_eq!(changes["items"].as_array().unwrap().len(), own.count());
    assert!(file("/musterland/de/changes.atom").await.text.contains("<category term=\"page\"/>"));
    let empty: atom_syndication::Feed = file("/musterland/bg/news.atom").await.text.parse().unwrap();
    assert!(empty.entries.is_empty());
}

#[actix_web::test]
async fn what_is_mirrored_names_its_origin_in_every_format() {
    let mut snapshot = fixture::snapshot();
    let mirrored = &mut fixture::region(&mut snapshot).editions[GERMAN].pages.items[1];
    mirrored.provenance = Some(Arc::new(fixture::provenance()));
    let title = mirrored.title().to_owned();
    let requests =
        ["json", "atom"].map(|kind| TestRequest::get().uri(&format!("/musterland/de/changes.{kind}"))).into();
    let got = got(snapshot, requests).await;
    let changes: Value = serde_json::from_str(&got[0].text).unwrap();
    let items = changes["items"].as_array().unwrap();
    let told = items.iter().find(|item| item["title"] == title.as_str()).unwrap();
    assert_eq!(
        (&told["_licence"], &told["authors"][0]["name"]),
        (&"CC-BY-4.0".into(), &"Landratsamt Augsburg".into())
    );
    assert_eq!(told["id"], format!("https://info.example/o/{}/de", fixture::page_id(2)));
    assert!(
        items.iter().filter(|item| item.get("authors").is_some()).count() == 1,
        "the others are the region's own"
    );
    let atom: atom_syndication::Feed = got[1].text.parse().unwrap();
    let entry = atom.entries.iter().find(|entry| entry.title.as_str() == title).unwrap();
    assert_eq!(entry.authors[0].name, "Landratsamt Augsburg");
    assert_eq!(entry.rights.as_ref().map(|rights| rights.as_str()), Some("CC-BY-4.0"));
}

#[actix_web::test]
async fn places_are_features_of_a_map() {
    let got = file("/musterland/de/locations.geojson").await;
    assert_eq!((got.status, got.header("content-type")), (200, "application/geo+json"));
    let read: Value = serde_json::from_str(&got.text).unwrap();
    assert_eq!((&read["type"], &read["licence"]), (&"FeatureCollection".into(), &"CC-BY-4.0".into()));
    let features = read["features"].as_array().unwrap();
    let house =
        features.iter().find(|feature| feature["properties"]["title"] == "Bürgerhaus Musterstadt").unwrap();
    assert_eq!(house["geometry"], serde_json::json!({"type": "Point", "coordinates": [10.898, 48.371]}));
    let told = &house["properties"];
    assert_eq!(told["url"], "https://info.example/musterland/de/locations/buergerhaus/");
    assert_eq!(
        (&told["category"]["title"], &told["organisation"]),
        (&"Beratung".into(), &"Caritas Musterland".into())
    );
    assert!(told["opening_hours"].as_str().unwrap().starts_with("Mo,Tu 08:00-12:00,14:00-16:00;"));
    assert_eq!((&told["barrier_free"], &told["address"]["street"]), (&true.into(), &"Am Platz 4".into()));
    assert!(!told["contacts"].as_array().unwrap().is_empty());
    let surgery =
        features.iter().find(|feature| feature["properties"]["title"] == "Praxis am Markt").unwrap();
    assert!(surgery["geometry"].is_null() && surgery["properties"]["temporarily_closed"] == true);
    let list = page("/musterland/de/locations/").await.html;
    assert!(
        list.contains("type=\"application/geo+json\"")
            && list.contains("href=\"/musterland/de/locations.geojson\"")
    );
}
