//! The contract of Integreat's API v3: what its apps rely on, asked over HTTP of a node with real content.

pub mod cards;
mod checklist;
mod contact_cards;
mod feedback;
pub mod fixture;
mod places_elsewhere;
mod push;
mod round_trip;
mod wire;

use fixture::{Node, SITE};
use serde_json::{Value, json};

#[actix_web::test]
async fn regions_are_told_byte_for_byte_as_apps_know_them() {
    let node = Node::new();
    let languages = concat!(
        r#"[{"id": 1, "code": "de", "bcp47_tag": "de", "native_name": "Deutsch", "dir": "LEFT_TO_RIGHT"}, "#,
        r#"{"id": 2, "code": "en", "bcp47_tag": "en", "native_name": "English", "dir": "LEFT_TO_RIGHT"}, "#,
        r#"{"id": 4, "code": "ar", "bcp47_tag": "ar", "native_name": "\u0627\u0644\u0639\u0631\u0628\u064a\u0629", "dir": "RIGHT_TO_LEFT"}, "#,
        r#"{"id": 5, "code": "am", "bcp47_tag": "am", "native_name": "\u12a0\u121b\u122d\u129b", "dir": "LEFT_TO_RIGHT"}, "#,
        r#"{"id": 3, "code": "uk", "bcp47_tag": "uk", "native_name": "\u0423\u043a\u0440\u0430\u0457\u043d\u0441\u044c\u043a\u0430", "dir": "LEFT_TO_RIGHT"}]"#,
    );
    let region = [
        r#"{"id": 1, "name": "Landkreis Musterland", "path": "musterland", "live": true, "prefix": "Landkreis", "#,
        r#""name_without_prefix": "Musterland", "plz": "12345", "extras": false, "events": false, "pois": false, "#,
        r#""contacts": false, "push_notifications": false, "longitude": 10.5, "latitude": 50.25, "#,
        r#""bounding_box": [[5.98865807458, 47.3024876979], [15.0169958839, 54.983104153]], "#,
        r#""aliases": {"Kleinstadt": {"longitude": 10.6, "latitude": 50.3}}, "tunews": false, "#,
        r#""external_news": false, "zammad_privacy_policy": null, "languages": "#,
        languages,
        r#", "is_chat_enabled": false}"#,
    ]
    .concat();
    let told = node.get("/api/v3/regions/").await;
    assert_eq!(told.body, format!("[{region}]"));
    assert_eq!(told.header("content-type"), "application/json");
    assert_eq!(node.get("/api/v3/regions/musterland/").await.body, region);
    assert_eq!(node.get("/api/v3/musterland/languages/").await.body, languages);
}

#[actix_web::test]
async fn a_page_is_told_byte_for_byte_as_apps_know_it() {
    let node = Node::new();
    let told = node.get("/api/v3/musterland/de/page/?id=3").await;
    let id = told.json()["id"].as_i64().unwrap();
    let english = node.get("/api/v3/musterland/en/page/?id=3").await.json()["id"].as_i64().unwrap();
    let expected = [
        r#"{"id": ID, "url": "https://node.example/musterland/de/willkommen/arbeit/jobsuche/", "#,
        r#""path": "/musterland/de/willkommen/arbeit/jobsuche/", "title": "Jobsuche", "#,
        r#""modified_gmt": "2026-01-01T00:00:00Z", "last_updated": "2026-01-01T01:00:00+01:00", "#,
        r#""excerpt": "Neu", "content": "<p>Neu</p>", "#,
        r#""parent": {"id": 2, "url": "https://node.example/musterland/de/willkommen/arbeit/", "path": "/musterland/de/willkommen/arbeit/"}, "#,
        r#""order": 3, "available_languages": {"en": {"id": EN, "url": "https://node.example/musterland/en/welcome/work/job-search/", "path": "/musterland/en/welcome/work/job-search/"}}, "#,
        r#""thumbnail": null, "organization": null, "hash": null, "embedded_offers": [], "slug_history": ["stellensuche", "jobsuche"]}"#,
    ]
    .concat();
    assert_eq!(told.body, expected.replace("ID", &id.to_string()).replace("EN", &english.to_string()));
    assert_eq!(node.get("/api/v3/musterland/de/post/?id=3").await.body, told.body);
}

#[actix_web::test]
async fn pages_come_with_parents_before_children_and_never_name_their_own_language() {
    let node = Node::new();
    for language in ["de", "en", "ar", "am", "uk"] {
        let pages = node.get(&format!("/api/v3/musterland/{language}/pages/")).await.list();
        let mut seen: Vec<Value> = vec![Value::Null];
        for page in &pages {
            assert!(seen.contains(&page["parent"]["path"]), "{page}");
            assert_eq!(page["parent"]["path"].is_null(), page["parent"]["id"] == json!(0));
            assert_eq!(page["parent"]["url"].is_null(), page["parent"]["path"].is_null());
            assert!(page["available_languages"].as_object().is_some_and(|all| !all.contains_key(language)));
            assert_eq!(page["embedded_offers"], json!([]));
            seen.push(page["path"].clone());
        }
    }
    let first = &node.get("/api/v3/musterland/de/pages/").await.list()[0];
    assert_eq!(first["available_languages"].as_object().unwrap().len(), 3);
    assert_eq!(first["thumbnail"], "https://elsewhere.example/icon.png");
}

#[actix_web::test]
async fn a_page_below_an_unpublished_one_is_absent() {
    let node = Node::new();
    let english = node.get("/api/v3/musterland/en/pages/").await.paths();
    assert!(
        node.get("/api/v3/musterland/de/pages/")
            .await
            .paths()
            .contains(&"/musterland/de/wohnen/miete/".into())
    );
    assert!(!english.iter().any(|path| path.contains("rent")), "{english:?}");
    // Work is public in Ukrainian, the page above it is not.
    assert_eq!(node.get("/api/v3/musterland/uk/pages/").await.body, "[]");
    let refused = node.get("/api/v3/musterland/en/page/?id=5").await;
    assert_eq!(
        (refused.status, refused.body.as_str()),
        (404, r#"{"error":"No Page matches the given url or id."}"#)
    );
}

#[actix_web::test]
async fn children_begin_with_the_page_itself_by_any_address_it_ever_had() {
    let node = Node::new();
    let below = ["/musterland/de/willkommen/arbeit/", "/musterland/de/willkommen/arbeit/jobsuche/"];
    for url in [
        "/musterland/de/willkommen/arbeit",
        "/musterland/de/willkommen/arbeit/",
        "arbeit",
        "/Musterland/de/ARBEIT",
    ] {
        let told = node.get(&format!("/api/v3/musterland/de/children/?depth=2&url={url}")).await;
        assert_eq!(told.paths(), below, "{url}");
    }
    let former = node.get("/api/v3/musterland/de/children/?depth=1&url=/musterland/de/x/stellensuche").await;
    assert_eq!(former.paths(), below[1..]);
    let by_id = node.get("/api/v3/musterland/de/children/?id=2&url=wohnen").await;
    assert_eq!(by_id.paths(), below);
    let alone = node.get("/api/v3/musterland/de/children/?id=1&depth=0").await;
    assert_eq!(alone.paths(), ["/musterland/de/willkommen/"]);
    let one_level = node.get("/api/v3/musterland/de/children/?id=1").await.paths();
    assert_eq!(one_level, ["/musterland/de/willkommen/", below[0], "/musterland/de/willkommen/kinder/"]);
}

#[actix_web::test]
async fn children_of_nothing_are_counted_from_the_roots() {
    let node = Node::new();
    let roots = node.get("/api/v3/musterland/de/children/").await.paths();
    assert_eq!(
        roots,
        ["/musterland/de/willkommen/", "/musterland/de/wohnen/", "/musterland/de/vom-landkreis/"]
    );
    assert_eq!(node.get("/api/v3/musterland/de/children/?depth=0").await.body, "[]");
    assert_eq!(node.get("/api/v3/musterland/de/children/?depth=-1").await.body, "[]");
    let all = node.get("/api/v3/musterland/de/children/?depth=9").await;
    assert_eq!(all.body, node.get("/api/v3/musterland/de/pages/").await.body);
}

#[actix_web::test]
async fn parents_lead_from_the_root_down() {
    let node = Node::new();
    let told = node.get("/api/v3/musterland/de/parents/?url=/musterland/de/willkommen/arbeit/jobsuche").await;
    assert_eq!(told.paths(), ["/musterland/de/willkommen/", "/musterland/de/willkommen/arbeit/"]);
    let root = node.get("/api/v3/musterland/de/parents/?url=willkommen").await;
    assert_eq!((root.status, root.body.as_str()), (200, "[]"));
    for missing in ["", "?url=", "?id=&url="] {
        let told = node.get(&format!("/api/v3/musterland/de/parents/{missing}")).await;
        assert_eq!(told.status, 400);
        assert_eq!(told.body, r#"{"error":"Either the id or the url parameter is required."}"#);
    }
}

#[actix_web::test]
async fn dates_are_utc_with_z_or_in_the_zone_of_the_region() {
    let node = Node::new();
    let pages = node.get("/api/v3/musterland/de/pages/").await.list();
    assert_eq!(pages[0]["modified_gmt"], "2023-11-20T13:06:57.529Z");
    assert_eq!(pages[0]["last_updated"], "2023-11-20T14:06:57.529+01:00");
    assert_eq!(pages[1]["modified_gmt"], "2023-07-20T13:06:57Z");
    assert_eq!(pages[1]["last_updated"], "2023-07-20T15:06:57+02:00");
}

#[actix_web::test]
async fn addresses_in_any_script_are_told_plainly_and_taken_in_any_spelling() {
    let node = Node::new();
    for (language, path) in [
        ("ar", "/musterland/ar/أهلا-وسهلا/"),
        ("am", "/musterland/am/እንኳን-ደህና/"),
        ("ar", "/musterland/ar/أهلا-وسهلا/الأطفال/"),
    ] {
        let pages = node.get(&format!("/api/v3/musterland/{language}/pages/")).await;
        assert!(pages.paths().contains(&path.to_owned()));
        assert!(pages.body.is_ascii());
        let encoded: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        let twice: String = url::form_urlencoded::byte_serialize(encoded.as_bytes()).collect();
        for spelling in [encoded, twice] {
            let told = node.get(&format!("/api/v3/musterland/{language}/page/?url={spelling}")).await;
            assert_eq!(told.json()["path"], path, "{spelling}");
        }
    }
}

#[actix_web::test]
async fn links_lead_to_whole_addresses_and_survive_a_change_of_address() {
    let node = Node::new();
    let german = node.get("/api/v3/musterland/de/page/?id=2").await.json();
    let expected = r#"<div><p>Zur <a href="https://node.example/musterland/de/willkommen/arbeit/jobsuche/">Suche &amp; mehr</a></p></div>"#;
    assert_eq!(german["content"], expected);
    assert_eq!(german["excerpt"], "Zur Suche &amp; mehr");
    let english = node.get("/api/v3/musterland/en/page/?id=2").await.json();
    assert!(
        english["content"].as_str().unwrap().contains("node.example/musterland/en/welcome/work/job-search/")
    );
}

#[actix_web::test]
async fn a_mirrored_page_says_whom_it_is_from_also_to_apps_that_ignore_new_members() {
    let node = Node::new();
    let page = node.get("/api/v3/musterland/en/page/?id=7").await.json();
    let origin = &page["origin"];
    assert_eq!(origin["name"], "Landkreis <Nord>");
    assert_eq!(origin["licence"], "CC-BY-4.0");
    assert_eq!(origin["object"], node.ids[6].to_string());
    assert_eq!(origin["unconfirmed_since"], "2026-04-01T08:00:00Z");
    let content = page["content"].as_str().unwrap();
    let start = "<p>Größe</p>\n<p>Mehr</p><p class=\"origin\">";
    assert!(content.starts_with(start), "{content}");
    for expected in ["Nord", "href=\"https://nord.example/o/1\"", "CC-BY-4.0", "April 1, 2026"] {
        assert!(content.contains(expected), "{expected} in {content}");
    }
    assert!(!content.contains("<Nord>") && !page["excerpt"].as_str().unwrap().contains("Nord"));
    let own = node.get("/api/v3/musterland/en/page/?id=1").await;
    assert!(!own.body.contains("\"origin\""));
}

#[actix_web::test]
async fn a_region_says_what_it_has_and_offers_no_empty_tab() {
    let told = cards::node().get("/api/v3/regions/musterland/").await.json();
    for key in ["extras", "events", "pois", "contacts", "push_notifications"] {
        assert_eq!(told[key], true, "{key}");
    }
}

#[actix_web::test]
async fn every_category_is_told_with_an_icon_that_is_there() {
    let node = cards::node();
    let told = node.get("/api/v3/musterland/en/location-categories/").await.json();
    assert_eq!(told.as_array().unwrap().len(), 1);
    let address = told[0]["icon_url"].as_str().unwrap().strip_prefix(SITE).unwrap();
    let icon = node.get(&format!("/{address}")).await;
    assert_eq!((icon.status, icon.header("content-type")), (200, "image/svg+xml"));
}

#[actix_web::test]
async fn a_page_tells_who_answers_for_it_and_its_offers_as_apps_know_them() {
    let told = cards::node().get("/api/v3/musterland/de/page/?url=willkommen").await;
    let organization = concat!(
        r#""thumbnail": null, "organization": {"id": 12, "slug": "freunde", "name": "Freunde & Hafen e. V.", "#,
        r#""logo": "https://freunde.example/logo.png", "website": "https://freunde.example/"}, "hash": null, "#,
        r#""embedded_offers": [{"name": "Jobs", "alias": "sprungbrett", "url": "https://jobs.example/", "#,
        r#""post": {"search-plz": "12345"}, "thumbnail": ""}], "slug_history": ["willkommen"]}"#,
    );
    assert!(told.body.ends_with(organization), "{}", told.body);
}
