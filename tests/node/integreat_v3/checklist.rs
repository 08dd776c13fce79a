//! The checklist of the reference (§8): one test a row, in its order.

use super::cards;
use super::fixture::{Node, SITE, Told, found_region, text};
use actix_web::http::Method;
use lotse::base::id::ItemId;
use lotse::base::moment::Moment;
use lotse::domain::content::facts::{Facts, NewsFacts};
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::publish::{self, NewFacts, Publication};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, Desk};
use lotse::platform::clock::Clock;
use lotse::platform::db::{Database, Write};
use serde_json::{Value, json};

const LANGUAGES: [&str; 5] = ["de", "en", "uk", "ar", "am"];

/// Twenty-five pieces of news, one an hour.
fn many_news(db: &Database, clock: &Clock) -> Vec<ItemId> {
    let desk = Desk { clock, site: SITE };
    db.write(|tx: &mut Write<'_>| {
        let region = found_region(tx, &desk)?;
        let ids: Vec<ItemId> = (0..25).map(|_| clock.fresh_id().into()).collect();
        let new = ids.iter().map(|id| NewItem::flat(*id, ObjectKind::News)).collect();
        item::create(tx, &desk, region.id, new)?;
        let first = Moment::parse("2026-04-28T00:00:00Z").unwrap();
        let publications = (0..).zip(&ids).map(|(hour, id)| {
            let at = first.plus_seconds(hour * 3600);
            let (until, channel) = (at.plus_seconds(28 * 24 * 3600), "news".into());
            let facts = Facts::News(NewsFacts { at, until, channel, message: None });
            Publication {
                item: *id,
                edit: Edit::Major,
                texts: vec![text(
                    "de",
                    &format!("Nachricht {hour}"),
                    "x",
                    "<p>Neu</p>",
                    "2026-01-10T08:00:00Z",
                )],
                facts: Some(NewFacts { facts, media: Vec::new(), updated_at: at }),
            }
        });
        publish::publish(tx, &desk, region.id, publications.collect())?;
        Ok::<_, ContentError>(ids)
    })
    .unwrap()
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

async fn list(node: &Node, path: &str) -> Vec<Value> {
    node.get(&format!("/api/v3/musterland/{path}")).await.list()
}

/// The keys of the first object in a text, in the order in which they stand there.
fn order(told: &Told, keys: &[&str]) -> bool {
    let at: Option<Vec<usize>> = keys.iter().map(|key| told.body.find(&format!("\"{key}\":"))).collect();
    at.is_some_and(|at| at.is_sorted())
}

#[actix_web::test]
async fn row_1_a_region_has_its_21_keys_in_order() {
    let node = Node::new();
    let told = node.get("/api/v3/regions/").await;
    const KEYS: [&str; 21] = [
        "id",
        "name",
        "path",
        "live",
        "prefix",
        "name_without_prefix",
        "plz",
        "extras",
        "events",
        "pois",
        "contacts",
        "push_notifications",
        "longitude",
        "latitude",
        "bounding_box",
        "aliases",
        "tunews",
        "external_news",
        "zammad_privacy_policy",
        "languages",
        "is_chat_enabled",
    ];
    for region in told.list() {
        let mut known = KEYS.to_vec();
        known.sort_unstable();
        let mut found = keys(&region);
        found.sort_unstable();
        assert_eq!(found, known);
        let corners = region["bounding_box"].as_array().unwrap();
        assert!(corners.len() == 2 && corners.iter().all(|corner| corner.as_array().unwrap().len() == 2));
        assert!(region["aliases"].is_object());
        let codes: Vec<&str> =
            region["languages"].as_array().unwrap().iter().map(|l| l["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["de", "en", "ar", "am", "uk"], "preorder of the tree, the default language first");
    }
    let first = Told { body: told.body.replace("\"id\": 1, \"code\"", "\"code\""), ..told };
    assert!(order(&first, &KEYS), "{}", first.body);
    let bare = cards::node().get("/api/v3/regions/musterland/").await.json();
    assert!(bare["aliases"].is_object());
}

#[actix_web::test]
async fn row_2_parents_come_first_and_roots_have_none() {
    let node = Node::new();
    for language in LANGUAGES {
        let mut seen = vec![Value::Null];
        for page in list(&node, &format!("{language}/pages/")).await {
            assert!(seen.contains(&page["parent"]["path"]), "{page}");
            if page["parent"]["path"].is_null() {
                assert_eq!(page["parent"], json!({"id": 0, "url": null, "path": null}));
            }
            assert!(!keys(&page["available_languages"]).contains(&language));
            assert_eq!(page["embedded_offers"], json!([]));
            seen.push(page["path"].clone());
        }
    }
}

#[actix_web::test]
async fn row_3_a_page_below_one_that_is_not_public_in_a_language_is_absent_there() {
    let node = Node::new();
    let has =
        |pages: &[Value], slug: &str| pages.iter().any(|page| page["path"].as_str().unwrap().contains(slug));
    let (german, english) = (list(&node, "de/pages/").await, list(&node, "en/pages/").await);
    assert!(has(&german, "/miete/") && !has(&english, "/rent/"));
    assert_eq!(list(&node, "uk/pages/").await, Vec::<Value>::new());
}

#[actix_web::test]
async fn row_4_children_begin_with_the_page_whatever_its_address_was() {
    let node = Node::new();
    let arabic: String = url::form_urlencoded::byte_serialize("/musterland/ar/أهلا-وسهلا".as_bytes()).collect();
    for (language, url, path) in [
        ("de", "/musterland/de/willkommen/arbeit", "/musterland/de/willkommen/arbeit/"),
        ("de", "/musterland/de/willkommen/arbeit/", "/musterland/de/willkommen/arbeit/"),
        ("de", "/musterland/de/willkommen/arbeit/stellensuche", "/musterland/de/willkommen/arbeit/jobsuche/"),
        ("ar", arabic.as_str(), "/musterland/ar/أهلا-وسهلا/"),
    ] {
        let told = list(&node, &format!("{language}/children/?depth=2&url={url}")).await;
        assert_eq!(told[0]["path"], path, "{url}");
    }
}

#[actix_web::test]
async fn row_5_a_root_page_has_no_parents_and_naming_nothing_is_refused() {
    let node = Node::new();
    assert_eq!(node.get("/api/v3/musterland/de/parents/?url=willkommen").await.body, "[]");
    let refused = node.get("/api/v3/musterland/de/parents/").await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["error"], "Either the id or the url parameter is required.");
}

#[actix_web::test]
async fn row_6_a_series_is_one_event_with_a_rule_and_always_a_location() {
    let node = cards::node();
    let events = list(&node, "de/events/?combine_recurring=True").await;
    assert_eq!(events.len(), 2);
    for event in events {
        assert!(event["location"].is_object());
        if event["meeting_url"].is_string() {
            assert!(event["location"]["id"].is_null() && event["recurrence_rule"].is_null());
        } else {
            let rule = event["recurrence_rule"].as_str().unwrap();
            let (start, rest) = rule.split_once('\n').unwrap();
            // Read by another implementation, which wants the zone that Integreat leaves out.
            let set: rrule::RRuleSet = format!("{start}Z\n{rest}").parse().unwrap();
            let first = &set.all(1).dates[0];
            let told = Moment::parse(event["event"]["start"].as_str().unwrap()).unwrap();
            assert_eq!(first.timestamp_micros(), told.micros());
        }
    }
}

#[actix_web::test]
async fn row_7_a_place_on_the_map_has_a_category_and_seven_days_or_none() {
    let node = cards::node();
    for language in LANGUAGES {
        let places = list(&node, &format!("{language}/locations/?on_map=1")).await;
        assert_eq!(places.len(), 1);
        for place in places {
            assert!(place.as_object().unwrap().contains_key("organization"));
            assert!(place["category"].is_object());
            assert!(place["location"]["latitude"].is_number() && place["location"]["longitude"].is_number());
            let hours = &place["opening_hours"];
            assert!(hours.is_null() || hours.as_array().unwrap().len() == 7, "{hours}");
        }
    }
}

#[actix_web::test]
async fn row_8_news_need_no_slash_and_come_in_pages_of_20_newest_first() {
    let node = Node::with(many_news);
    let told = node.get("/api/v3/musterland/de/news").await;
    assert_eq!((told.status, told.header("access-control-allow-origin")), (200, "*"));
    let dates: Vec<String> =
        told.list().iter().map(|news| news["display_date"].as_str().unwrap().to_owned()).collect();
    assert!(dates.len() == 20 && dates.is_sorted_by(|a, b| a >= b), "{dates:?}");
    // Added: how many there are, and where the others are.
    assert_eq!(told.header("x-total-count"), "25");
    let next = "<https://node.example/api/v3/musterland/de/news?page=2>; rel=\"next\"";
    assert!(told.header("link").contains(next), "{}", told.header("link"));
    let rest = node.get("/api/v3/musterland/de/news?page=2").await;
    assert_eq!(rest.list().len(), 5);
    assert!(!rest.header("link").contains("next") && rest.header("link").contains("rel=\"prev\""));
    assert_eq!(node.get("/api/v3/musterland/de/news?size=500").await.header("link"), "");
}

#[actix_web::test]
async fn row_9_the_imprint_falls_back_and_a_missing_one_is_404() {
    let node = cards::node();
    let told = node.get("/api/v3/musterland/ar/imprint/").await.json();
    assert_eq!((&told["id"], &told["path"]), (&Value::Null, &json!("/musterland/ar/imprint/")));
    assert_eq!(Node::new().get("/api/v3/musterland/de/imprint/").await.status, 404);
}

#[actix_web::test]
async fn row_10_feedback_is_taken_in_every_form_and_refused_with_reason() {
    let node = Node::new();
    const FORM: &str = "application/x-www-form-urlencoded";
    let path = "/api/v3/musterland/de/feedback/categories/";
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"rating\"\r\n\r\nup\r\n--b--\r\n";
    for (content_type, body, status) in [
        ("multipart/form-data; boundary=b", multipart, 201),
        (FORM, "comment=Gut", 201),
        ("application/json", r#"{"rating": null, "comment": "Gut"}"#, 201),
        (FORM, "rating=sideways", 400),
        (FORM, "", 400),
    ] {
        let told = node.send(path, content_type, body).await;
        assert_eq!((told.status, told.json().is_object()), (status, true), "{body}");
    }
    assert_eq!(node.get(path).await.status, 405);
}

#[actix_web::test]
async fn row_11_times_are_utc_with_z_or_of_the_region_and_fractions_only_if_there_are_any() {
    let pages = list(&Node::new(), "de/pages/").await;
    assert_eq!(pages[0]["modified_gmt"], "2023-11-20T13:06:57.529Z");
    assert_eq!(pages[0]["last_updated"], "2023-11-20T14:06:57.529+01:00");
    assert_eq!(pages[1]["modified_gmt"], "2023-07-20T13:06:57Z");
    assert_eq!(pages[1]["last_updated"], "2023-07-20T15:06:57+02:00");
}

#[actix_web::test]
async fn row_12_slugs_in_any_script_are_told_plainly_and_taken_encoded_once_or_twice() {
    let node = Node::new();
    for (language, path) in [
        ("ar", "/musterland/ar/أهلا-وسهلا/"),
        ("am", "/musterland/am/እንኳን-ደህና/"),
        ("de", "/musterland/de/willkommen/arbeit/"),
    ] {
        let once: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        let twice: String = url::form_urlencoded::byte_serialize(once.as_bytes()).collect();
        for url in [once, twice] {
            let told = node.get(&format!("/api/v3/musterland/{language}/page/?url={url}")).await;
            assert_eq!(told.json()["path"], path, "{url}");
        }
    }
}

#[actix_web::test]
async fn row_13_errors_are_json_and_open_to_every_app() {
    let node = Node::new();
    for (method, path, status) in [
        (Method::GET, "/api/v3/regions/nowhere/", 404),
        (Method::GET, "/api/v3/musterland/fr/pages/", 404),
        (Method::GET, "/api/v3/musterland/de/nothing/", 404),
        (Method::GET, "/api/v3/musterland/de/children/?depth=x", 400),
        (Method::GET, "/api/v3/musterland/de/locations/?on_map=x", 400),
        (Method::GET, "/api/v3/musterland/de/news/x", 404),
        (Method::GET, "/api/v3/musterland/de/pdf/?url=x", 404),
        (Method::POST, "/api/v3/musterland/de/pages/", 405),
        (Method::GET, "/musterland/de/wp-json/nothing", 404),
    ] {
        let told = node.ask(method, path, &[("origin", "https://app.example")]).await;
        assert_eq!((told.status, told.header("content-type")), (status, "application/json"), "{path}");
        assert_eq!(told.header("access-control-allow-origin"), "*", "{path}");
        assert!(told.json()["error"].as_str().is_some_and(|error| !error.is_empty()), "{path}");
    }
}
