//! What readers say through the apps: one story for each row of the reference's table of feedback.

use super::cards;
use super::fixture::{Node, Told};
use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::{App, test};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::store;
use lotse::domain::upkeep::feedback::{Feedback, Rating, Seen, Subject};
use lotse::domain::upkeep::inbox::{self, State, Wanted};
use lotse::platform::db::{Read, Write};
use lotse::web::routes;
use serde_json::json;

const FORM: &str = "application/x-www-form-urlencoded";
const SUCCESS: &str = r#"{"success": "Feedback successfully submitted"}"#;

impl Node {
    pub async fn send(&self, path: &str, content_type: &str, body: &str) -> Told {
        self.send_from("192.0.2.1:50000", path, content_type, body).await
    }

    async fn send_from(&self, peer: &str, path: &str, content_type: &str, body: &str) -> Told {
        let app = App::new()
            .app_data(self.state.clone())
            .wrap(routes::security_headers())
            .configure(routes::configure);
        let app = test::init_service(app).await;
        let request = test::TestRequest::post()
            .uri(path)
            .peer_addr(peer.parse().unwrap())
            .insert_header(("origin", "https://app.example"))
            .insert_header(("content-type", content_type))
            .set_payload(body.to_owned());
        let response = test::call_service(&app, request.to_request()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = to_bytes(response.into_body()).await.unwrap();
        Told { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    /// Sends a form to a kind of feedback in a language.
    pub async fn say(&self, language: &str, kind: &str, form: &str) -> Told {
        self.send(&format!("/api/v3/musterland/{language}/feedback/{kind}/"), FORM, form).await
    }

    /// What is in the inbox, oldest first.
    pub async fn inbox(&self) -> Vec<Feedback> {
        let wanted = Wanted { region: None, state: State::Any, before: None, most: 100 };
        let read = self.state.database.run(move |db| db.read(|tx: &mut Read<'_>| inbox::list(tx, wanted)));
        let mut all: Vec<Feedback> = read.await.unwrap();
        all.reverse();
        all
    }

    pub async fn last(&self) -> Feedback {
        self.inbox().await.pop().unwrap()
    }

    /// The text of an item that readers of a language see.
    pub fn seen(&self, language: &str, kind: ObjectKind, number: i64) -> Seen {
        let snapshot = &self.state.showing().snapshot;
        let (_, edition) = snapshot.region("musterland").unwrap().edition(language).unwrap();
        edition.shelf(kind).unwrap().numbered(number).unwrap().into()
    }
}

#[track_caller]
fn assert_taken(told: &Told) {
    assert_eq!((told.status, told.body.as_str()), (201, SUCCESS));
    assert_eq!(told.header("content-type"), "application/json");
    assert_eq!(told.header("access-control-allow-origin"), "*");
}

#[track_caller]
fn assert_refused(told: &Told, status: u16, message: &str) {
    assert_eq!((told.status, told.json()), (status, json!({ "error": message })));
    assert_eq!(told.header("access-control-allow-origin"), "*");
}

#[actix_web::test]
async fn the_app_sends_a_multipart_form_and_gets_json_back() {
    let node = Node::new();
    let field = |name: &str, text: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let comment = "Größe fehlt    Kontaktadresse: Keine Angabe";
    let body = [
        &field("slug", "job-search"),
        &field("rating", "down"),
        &field("category", "Inhalte"),
        &field("comment", comment),
        "--x--\r\n",
    ];
    let body: String = body.map(|part: &str| part.to_owned()).concat();
    let told =
        node.send("/api/v3/musterland/en/feedback/page/", "multipart/form-data; boundary=x", &body).await;
    assert_taken(&told);
    let Feedback { number, given, created_at, read_at } = node.last().await;
    assert_eq!((number, created_at, read_at), (1, node.state.clock.now(), None));
    assert_eq!((given.subject, given.language.as_str(), given.technical), (Subject::Page, "en", false));
    assert_eq!(given.seen, Some(node.seen("en", ObjectKind::Page, 3)));
    assert_eq!((given.opinion.rating(), given.opinion.comment()), (Some(Rating::Down), comment));
}

#[actix_web::test]
async fn a_rating_or_a_comment_is_enough_in_any_kind_of_form() {
    let node = Node::new();
    let path = "/api/v3/musterland/de/feedback/categories";
    assert_taken(&node.send(path, FORM, "rating=up").await);
    assert_taken(&node.send(path, FORM, "comment=Danke").await);
    let body = r#"{"rating": null, "comment": "Geht nicht", "category": "Technisches Feedback"}"#;
    assert_taken(&node.send(path, "application/json", body).await);
    let all = node.inbox().await;
    let told: Vec<_> = all.iter().map(|one| (one.given.opinion.rating(), one.given.technical)).collect();
    assert_eq!(told, [(Some(Rating::Up), false), (None, false), (None, true)]);
}

#[actix_web::test]
async fn checks_come_in_the_order_of_the_cms_and_with_its_words() {
    let node = Node::new();
    for (path, method, form, status, message) in [
        ("nowhere/xx/feedback/page/", Method::GET, "", 404, "No Region matches the given query."),
        ("musterland/xx/feedback/page/", Method::GET, "", 405, "Invalid request."),
        ("musterland/de/feedback/", Method::PUT, "", 405, "Invalid request."),
        ("musterland/xx/feedback/page/", Method::POST, "", 404, "No language found with slug \"xx\""),
        ("musterland/de/feedback/page/", Method::POST, "rating=good", 400, "Invalid rating."),
        ("musterland/de/feedback/page/", Method::POST, "rating=", 400, "Invalid rating."),
        (
            "musterland/de/feedback/page/",
            Method::POST,
            "comment=&slug=x",
            400,
            "Either comment or rating is required.",
        ),
        (
            "musterland/de/feedback/page/",
            Method::POST,
            "rating=up&slug=x",
            404,
            "No matching page found for slug.",
        ),
        ("musterland/de/feedback/weather/", Method::POST, "rating=up", 404, "Not found."),
    ] {
        let path = format!("/api/v3/{path}");
        let told = match method {
            Method::POST => node.send(&path, FORM, form).await,
            method => node.ask(method, &path, &[]).await,
        };
        assert_refused(&told, status, message);
        assert_eq!(told.header("allow"), if status == 405 { "POST" } else { "" }, "{path}");
    }
    assert!(node.inbox().await.is_empty());
}

#[actix_web::test]
async fn what_is_no_form_or_too_long_is_refused_with_its_reason() {
    let node = Node::new();
    let path = "/api/v3/musterland/de/feedback/search/";
    for (content_type, body, reason) in [
        ("application/json", "{".to_owned(), "Content-Type"),
        ("multipart/form-data", String::new(), "Content-Type"),
        (FORM, format!("comment={}", "a".repeat(70_000)), "65536 bytes"),
        (FORM, format!("query=x&comment={}", "a".repeat(10_001)), "up to 10000"),
        (FORM, format!("rating=up&query={}", "a".repeat(1_001)), "up to 1000"),
    ] {
        let told = node.send(path, content_type, &body).await;
        assert_eq!((told.status, told.header("access-control-allow-origin")), (400, "*"), "{reason}");
        assert!(told.json()["error"].as_str().unwrap().contains(reason), "{reason}: {}", told.body);
    }
    assert_refused(
        &node.send(path, "text/plain", "rating=up").await,
        400,
        "Either comment or rating is required.",
    );
}

#[actix_web::test]
async fn a_page_is_found_by_every_slug_it_ever_had_and_by_none_of_another_language() {
    let node = Node::new();
    for (language, slug, number) in [
        ("de", "jobsuche", 3),
        ("de", "stellensuche", 3),
        ("ar", "%D8%A3%D9%87%D9%84%D8%A7-%D9%88%D8%B3%D9%87%D9%84%D8%A7", 1),
    ] {
        assert_taken(&node.say(language, "page", &format!("rating=up&slug={slug}")).await);
        assert_eq!(
            node.last().await.given.seen,
            Some(node.seen(language, ObjectKind::Page, number)),
            "{slug}"
        );
    }
    let refused = node.say("en", "page", "rating=up&slug=jobsuche").await;
    assert_refused(&refused, 404, "No matching page found for slug.");
    let refused = node.say("en", "page", "rating=up").await;
    assert_refused(&refused, 404, "No matching page found for slug.");
}

#[actix_web::test]
async fn a_place_is_found_by_its_slug_in_the_default_language_too() {
    let node = cards::node();
    for language in ["de", "ar"] {
        assert_taken(&node.say(language, "poi", "rating=down&slug=rathaus").await);
        let given = node.last().await.given;
        assert_eq!((given.subject, given.language.as_str()), (Subject::Poi, language));
        assert_eq!(given.seen, Some(node.seen(language, ObjectKind::Place, 3)));
    }
    let refused = node.say("de", "poi", "rating=down&slug=schloss").await;
    assert_refused(&refused, 404, "No matching location found for slug.");
}

#[actix_web::test]
async fn without_fallback_a_place_is_found_in_its_own_languages_only() {
    let node = Node::with(|db, clock| {
        let ids = cards::publish_cards(db, clock);
        let alone = |tx: &mut Write<'_>| {
            let mut region = store::regions::by_slug(tx, "musterland")?.unwrap();
            region.settings.fallback = false;
            store::regions::save(tx, &region)
        };
        db.write(alone).unwrap();
        ids
    });
    assert_taken(&node.say("de", "poi", "rating=up&slug=rathaus").await);
    let refused = node.say("ar", "poi", "rating=up&slug=rathaus").await;
    assert_refused(&refused, 404, "No matching location found for slug.");
    let refused = node.say("en", "event", "rating=up&slug=sprachcafe").await;
    assert_refused(&refused, 404, "No matching event found for slug.");
}

#[actix_web::test]
async fn an_event_is_found_without_its_day_and_in_the_text_that_was_read() {
    let node = cards::node();
    for (language, slug) in [
        ("en", "language-cafe"),
        ("en", "language-cafe$2026-06-09"),
        ("en", "sprachcafe$2026-06-09"),
        ("uk", "sprachcafe"),
    ] {
        assert_taken(&node.say(language, "event", &format!("rating=up&slug={slug}")).await);
        let given = node.last().await.given;
        assert_eq!(
            (given.subject, given.seen),
            (Subject::Event, Some(node.seen(language, ObjectKind::Event, 6)))
        );
    }
    let refused = node.say("de", "event", "rating=up&slug=sprachcafe$morgen").await;
    assert_refused(&refused, 404, "No matching event found for slug.");
}

#[actix_web::test]
async fn lists_the_map_and_a_regions_first_page_need_no_more_than_an_opinion() {
    let node = cards::node();
    for (kind, subject) in [
        ("categories", Subject::Categories),
        ("events", Subject::Events),
        ("map", Subject::Map),
        ("offers", Subject::Offers),
        ("extras", Subject::Offers),
    ] {
        assert_taken(&node.say("uk", kind, "rating=up").await);
        let given = node.last().await.given;
        assert_eq!((given.subject, given.seen), (subject, None), "{kind}");
    }
}

#[actix_web::test]
async fn the_imprint_must_be_there() {
    let node = cards::node();
    assert_taken(&node.say("am", "imprint-page", "comment=Unvollständig").await);
    assert_eq!(node.last().await.given.seen, Some(node.seen("am", ObjectKind::Imprint, 9)));
    let refused = Node::new().say("de", "imprint-page", "rating=up").await;
    assert_refused(&refused, 404, "The imprint does not exist in this region for the selected language.");
}

#[actix_web::test]
async fn a_search_tells_what_was_searched_for() {
    let node = Node::new();
    for automatic in ["", "&is_automatically_send=True", "&is_automatically_send=perhaps"] {
        let told = node.say("de", "search", &format!("comment=x&query=Kita+Anmeldung{automatic}")).await;
        assert_taken(&told);
        let given = node.last().await.given;
        assert_eq!((given.subject, given.query.unwrap().as_str()), (Subject::Search, "Kita Anmeldung"));
    }
    let refused = node.say("de", "search", "comment=x&query=").await;
    assert_refused(&refused, 400, "Search query is required.");
}

#[actix_web::test]
async fn an_offer_is_known_by_its_alias_in_every_language() {
    let node = cards::node();
    for kind in ["offer", "extra"] {
        assert_taken(&node.say("ar", kind, "rating=up&slug=sprungbrett").await);
        let given = node.last().await.given;
        assert_eq!(
            (given.subject, given.seen),
            (Subject::Offer, Some(node.seen("de", ObjectKind::Offer, 10)))
        );
    }
    let refused = node.say("de", "offer", "rating=up&slug=jobs").await;
    assert_refused(&refused, 404, "No OfferTemplate matches the given query.");
}

#[actix_web::test]
async fn the_oldest_apps_send_the_address_of_what_was_read() {
    let node = cards::node();
    let path = "/api/v3/musterland/de/feedback";
    for (link, subject, number) in [
        ("https://node.example/musterland/de/disclaimer/", Subject::Imprint, 9),
        ("/musterland/de/imprint", Subject::Imprint, 9),
        ("/musterland/de/events/netztreff/?x=1", Subject::Event, 7),
    ] {
        assert_taken(&node.send(path, FORM, &format!("rating=up&permalink={link}")).await);
        let kind = if subject == Subject::Event { ObjectKind::Event } else { ObjectKind::Imprint };
        let given = node.last().await.given;
        assert_eq!((given.subject, given.seen), (subject, Some(node.seen("de", kind, number))), "{link}");
    }
    assert_refused(&node.send(path, FORM, "rating=up").await, 400, "Link is required.");
    let refused = node.send(path, FORM, "rating=up&permalink=/musterland/de/gone").await;
    assert_refused(&refused, 404, "No matching page found for slug.");
    let node = Node::new();
    let link = "rating=up&permalink=/musterland/de/willkommen/arbeit/stellensuche";
    assert_taken(&node.send(path, FORM, link).await);
    assert_eq!(node.last().await.given.seen, Some(node.seen("de", ObjectKind::Page, 3)));
}

#[actix_web::test]
async fn every_spelling_of_every_address_takes_feedback() {
    let node = Node::new();
    for base in ["/api/v3/musterland/de", "/musterland/de/wp-json/extensions/v3"] {
        for path in ["feedback/map", "feedback/map/"] {
            assert_taken(&node.send(&format!("{base}/{path}"), FORM, "rating=up").await);
        }
        for path in ["feedback", "feedback/"] {
            let told = node.send(&format!("{base}/{path}"), FORM, "rating=up&permalink=/x/wohnen/").await;
            assert_taken(&told);
        }
    }
    assert_eq!(node.inbox().await.len(), 8);
    let asked = [("origin", "https://app.example"), ("access-control-request-method", "POST")];
    let preflight = node.ask(Method::OPTIONS, "/api/v3/musterland/de/feedback/map/", &asked).await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (200, "*"));
}

#[actix_web::test]
async fn who_fills_in_the_field_that_nobody_sees_is_thanked_and_not_heard() {
    let node = Node::new();
    assert_taken(&node.say("de", "page", "comment=Buy&website=https://spam.example").await);
    assert!(node.inbox().await.is_empty());
}

#[actix_web::test]
async fn who_says_too_much_at_once_is_asked_to_wait_and_others_are_not() {
    let node = Node::new();
    for _ in 0..10 {
        assert_taken(&node.say("de", "map", "rating=up").await);
    }
    let refused = node.say("de", "map", "rating=up").await;
    assert_refused(&refused, 429, "Too many requests. Please try again later.");
    assert_eq!(refused.header("retry-after"), "60");
    // A mistake in the address costs nothing, and is told before.
    assert_eq!(node.say("xx", "map", "rating=up").await.status, 404);
    let path = "/api/v3/musterland/de/feedback/map/";
    assert_taken(&node.send_from("192.0.2.2:50000", path, FORM, "rating=up").await);
    node.state.clock.advance(60);
    assert_taken(&node.say("de", "map", "rating=up").await);
    assert_eq!(node.say("de", "map", "rating=up").await.status, 429);
}
