//! What holds for every address: errors, CORS, spellings, caching, and the doors beside API v3.

use super::cards;
use super::fixture::{Node, SITE, found_region, text};
use actix_web::http::Method;
use actix_web::{App, HttpServer, web};
use lotse::base::digest::Digest;
use lotse::base::id::ItemId;
use lotse::domain::content::body::Medium;
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::publish::{self, Publication, Text};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{Desk, archive_region};
use lotse::platform::db::Write;
use lotse::web::routes;
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::sync::Arc;

#[actix_web::test]
async fn every_error_is_json_and_open_to_all() {
    let node = Node::new();
    for (path, status, message) in [
        ("/api/v3/", 404, "Not found."),
        ("/api/v3/regions/nowhere/", 404, "No Region matches the given query."),
        ("/api/v3/nowhere/languages/", 404, "No Region matches the given query."),
        ("/api/v3/nowhere/de/pages/", 404, "No Region matches the given query."),
        ("/api/v3/musterland/fr/pages/", 404, "No language matches the given query."),
        ("/api/v3/musterland/fr/children/", 404, "No language matches the given query."),
        ("/api/v3/musterland/de/chat/x/", 404, "Not found."),
        ("/api/v3/musterland/de/page/?id=99", 404, "No Page matches the given query."),
        ("/api/v3/musterland/de/page/?url=/gone/", 404, "No matching page translation found for url."),
        ("/api/v3/musterland/de/page/?url=///", 404, "No matching page translation found for url."),
        (
            "/api/v3/musterland/de/page/?id=abc",
            400,
            "The id parameter must be a whole number, not \\\"abc\\\".",
        ),
        (
            "/api/v3/musterland/de/children/?depth=x",
            400,
            "The depth parameter must be a whole number, not \\\"x\\\".",
        ),
        ("/wp-json/extensions/v3/nothing", 404, "Not found."),
        ("/musterland/de/wp-json/extensions/v3/nothing", 404, "Not found."),
    ] {
        let told = node.get(path).await;
        assert_eq!((told.status, told.body), (status, format!("{{\"error\":\"{message}\"}}")), "{path}");
    }
    for path in ["/api/v3/", "/api/v3/regions/nowhere/", "/api/v3/musterland/de/page/", "/api/v3/regions"] {
        let told = node.get(path).await;
        assert_eq!(told.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(told.header("content-type"), "application/json");
        assert_eq!(told.header("x-content-type-options"), "nosniff");
    }
    let posted = node.ask(Method::POST, "/api/v3/regions/", &[("origin", "https://app.example")]).await;
    assert_eq!((posted.status, posted.header("allow")), (405, "GET, HEAD, OPTIONS"));
    assert_eq!(posted.header("access-control-allow-origin"), "*");
    assert!(posted.json()["error"].is_string());
}

#[actix_web::test]
async fn an_archived_region_is_as_one_that_never_was_at_every_address() {
    let node = Node::with(|db, clock| {
        let ids = cards::publish_cards(db, clock);
        let desk = Desk { clock, site: SITE };
        assert!(db.write(|tx: &mut Write<'_>| archive_region::archive(tx, &desk, "musterland")).unwrap());
        ids
    });
    assert_eq!(node.get("/api/v3/regions/").await.body, "[]");
    let below =
        ["pages/", "page/?id=11", "children/", "parents/?id=11", "pdf/", "locations/", "events/", "fcm/"];
    let below =
        below.into_iter().chain(["location-categories/", "news", "news/local-8", "imprint/", "offers/"]);
    let region = ["regions/musterland/", "musterland/languages/", "musterland/offers/"].map(str::to_owned);
    for path in below.map(|path| format!("musterland/de/{path}")).chain(region) {
        let told = node.get(&format!("/api/v3/{path}")).await;
        let expected = r#"{"error":"No Region matches the given query."}"#;
        assert_eq!((told.status, told.body.as_str()), (404, expected), "{path}");
    }
}

#[actix_web::test]
async fn a_browser_may_ask_beforehand() {
    let node = Node::new();
    let asked = [("origin", "https://app.example"), ("access-control-request-method", "GET")];
    for path in
        ["/api/v3/musterland/de/pages/", "/api/v3/whatever", "/musterland/de/wp-json/extensions/v3/pages/"]
    {
        let told = node.ask(Method::OPTIONS, path, &asked).await;
        assert_eq!((told.status, told.body.as_str()), (200, ""));
        assert_eq!(told.header("access-control-allow-origin"), "*");
        assert_eq!(told.header("access-control-max-age"), "86400");
        assert_eq!(told.header("access-control-allow-methods"), "DELETE, GET, OPTIONS, PATCH, POST, PUT");
        assert_eq!(
            told.header("access-control-allow-headers"),
            "accept, accept-encoding, authorization, content-type, dnt, origin, user-agent, x-csrftoken, \
             x-requested-with, x-integreat-development"
        );
        assert!(told.headers.get("access-control-allow-credentials").is_none());
    }
    let bare = node.ask(Method::OPTIONS, "/api/v3/regions/", &[]).await;
    assert_eq!(bare.body, node.get("/api/v3/regions/").await.body);
}

#[actix_web::test]
async fn both_spellings_of_the_slash_and_the_old_addresses_give_the_same_answer() {
    let node = Node::new();
    for (path, legacy) in [
        ("/api/v3/regions", "/wp-json/extensions/v3/sites"),
        ("/api/v3/regions/musterland", "/wp-json/extensions/v3/sites/musterland"),
        ("/api/v3/musterland/languages", "/musterland/de/wp-json/extensions/v3/languages"),
        ("/api/v3/musterland/en/pages", "/musterland/en/wp-json/extensions/v3/pages"),
        ("/api/v3/musterland/en/page?id=1", "/musterland/en/wp-json/extensions/v3/page?id=1"),
        ("/api/v3/musterland/en/post?id=1", "/musterland/en/wp-json/extensions/v3/post?id=1"),
        ("/api/v3/musterland/en/children?id=1", "/musterland/en/wp-json/extensions/v3/children?id=1"),
        ("/api/v3/musterland/en/parents?id=3", "/musterland/en/wp-json/extensions/v3/parents?id=3"),
    ] {
        let with_slash = |path: &str| match path.split_once('?') {
            Some((path, query)) => format!("{path}/?{query}"),
            None => format!("{path}/"),
        };
        let told = node.get(&with_slash(path)).await;
        assert_eq!(told.status, 200, "{path}");
        for other in [path.to_owned(), legacy.to_owned(), with_slash(legacy)] {
            assert_eq!(node.get(&other).await.body, told.body, "{other}");
        }
    }
}

#[actix_web::test]
async fn a_second_question_is_answered_without_the_bytes() {
    let node = Node::new();
    let first = node.ask(Method::GET, "/api/v3/musterland/de/pages/", &[("accept-encoding", "gzip")]).await;
    assert_eq!((first.status, first.header("content-encoding")), (200, "gzip"));
    assert!(first.header("etag").starts_with('"') && first.header("cache-control").contains("no-cache"));
    let known = [("accept-encoding", "gzip"), ("if-none-match", first.header("etag"))];
    let again = node.ask(Method::GET, "/api/v3/musterland/de/pages/", &known).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(again.header("access-control-allow-origin"), "*");
    // What was published since is seen at once.
    let empty = Arc::new(lotse::domain::content::published::Snapshot::default());
    routes::show(&node.state, empty);
    assert_eq!(node.ask(Method::GET, "/api/v3/musterland/de/pages/", &known).await.status, 404);
}

#[actix_web::test]
async fn a_real_server_gives_head_the_headers_and_no_body() {
    let node = Node::new();
    let state = node.state.clone();
    let server = HttpServer::new(move || App::new().app_data(state.clone()).configure(routes::configure))
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let asked = web::block(move || {
        let ask = |start: &str| {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            write!(stream, "{start} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        };
        (ask("GET /api/v3/regions/"), ask("HEAD /api/v3/regions/"))
    });
    let (get, head) = asked.await.unwrap();
    handle.stop(false).await;
    assert_eq!(head.split_once("\r\n\r\n").map(|(headers, _)| headers.len()), get.find("\r\n\r\n"));
    let (headers, body) = head.split_once("\r\n\r\n").unwrap();
    assert!(headers.starts_with("HTTP/1.1 200 OK") && headers.contains("etag: "), "{headers}");
    assert!(headers.to_lowercase().contains("content-length: ") && body.is_empty(), "{body}");
}

#[actix_web::test]
async fn the_node_says_whether_it_lives_and_is_ready() {
    let node = Node::new();
    assert_eq!(node.get("/health/live").await.status, 200);
    let ready = node.get("/health/ready").await;
    assert_eq!((ready.status, ready.json()["ready"].clone()), (200, json!(true)));
    assert!(ready.header("access-control-allow-origin").is_empty());
}

#[actix_web::test]
async fn held_media_are_served_under_their_digest_and_scripts_in_them_do_not_run() {
    let node = Node::with(|db, clock| {
        let desk = Desk { clock, site: SITE };
        let id: ItemId = clock.fresh_id().into();
        let (sha256, size, mime) = (Digest::of(b"<svg/>"), 6, "image/svg+xml".to_owned());
        let medium = Medium { sha256, size, mime, alt: String::new(), credit: None, lic: None };
        let shown =
            Text { media: vec![medium], ..text("de", "Plan", "plan", "<p>Plan</p>", "2026-01-01T00:00:00Z") };
        db.write(|tx: &mut Write<'_>| {
            let region = found_region(tx, &desk)?.id;
            item::create(tx, &desk, region, vec![NewItem::page(id, None, "5".to_owned())])?;
            publish::publish(tx, &desk, region, vec![Publication::of_texts(id, Edit::Major, vec![shown])])
        })
        .unwrap();
        vec![id]
    });
    let digest = node.state.blobs.put(b"<svg/>").unwrap();
    let unused = node.state.blobs.put(b"<svg />").unwrap();
    assert_eq!(node.get(&format!("/media/{unused}.svg")).await.status, 404, "no text shows it");
    let drawing = node.get(&format!("/media/{digest}.svg")).await;
    assert_eq!((drawing.status, drawing.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(drawing.header("cache-control"), "public, max-age=86400");
    assert!(drawing.header("content-security-policy").contains("sandbox"));
    let other = node.get(&format!("/media/{digest}.html")).await;
    assert_eq!(other.header("content-type"), "application/octet-stream");
    assert_eq!(other.header("content-disposition"), "attachment");
    for absent in [
        format!("/media/{}.svg", "0".repeat(64)),
        "/media/x.svg".into(),
        format!("/media/{digest}"),
        format!("/media/{digest}-320.svg"),
        format!("/media/{digest}-x.svg"),
    ] {
        assert_eq!(node.get(&absent).await.status, 404, "{absent}");
    }
}
