//! A third party says what a page says, with the token of that page.

use super::cards;
use super::fixture::{Node, Told};
use crate::api::{apart, show};
use actix_web::http::Method;
use lotse::base::id::ItemId;
use lotse::domain::access::AccessError;
use lotse::domain::access::grant::{self, Grant, grant};
use lotse::domain::access::token::{Scope, Secret};
use lotse::domain::content::archive;
use lotse::domain::content::item::{self, NewItem, Stewardship};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::{ContentError, Desk};
use lotse::platform::db::{DbError, Read, Write};
use serde_json::{Value, json};
use std::sync::mpsc::channel;
use std::time::Duration;

const WORK: usize = 1;
const PATH: &str = "/api/v3/musterland/de/pushpage/";

/// A token for these things and this page; its number and secret.
async fn granted(node: &Node, scopes: &[Scope], page: Option<ItemId>) -> Result<(i64, String), AccessError> {
    let (state, scopes) = (node.state.clone(), scopes.iter().copied().collect());
    let work = move || {
        let wanted = Grant { name: "Verband".into(), scopes, region: None, page, expires_at: None };
        let (token, secret) = state.database.write(|tx: &mut Write<'_>| grant(tx, &state.clock, wanted))?;
        Ok((token.number, secret.reveal().to_owned()))
    };
    apart(work).await
}

async fn token_of(node: &Node, page: usize) -> (i64, String) {
    granted(node, &[Scope::PageText], Some(node.ids[page])).await.unwrap()
}

async fn push(node: &Node, path: &str, body: &Value) -> Told {
    node.ask_with(Method::POST, path, &[("origin", "https://other.example")], body.to_string()).await
}

#[track_caller]
fn assert_told(told: &Told, status: u16, word: &str) {
    assert_eq!((told.status, told.body.as_str()), (status, format!("{{\"status\": \"{word}\"}}").as_str()));
    assert_eq!(told.header("content-type"), "application/json");
    assert_eq!(told.header("access-control-allow-origin"), "*");
}

#[actix_web::test]
async fn the_holder_of_a_pages_token_changes_its_text_and_nothing_else() {
    let node = Node::new();
    let (number, token) = token_of(&node, WORK).await;
    let before = node.get("/api/v3/musterland/de/page/?id=2").await.json();
    let html = "<h1>Neu</h1><p onclick=\"x\">Heute<script>alert(1)</script></p>";
    assert_told(&push(&node, PATH, &json!({"content": html, "token": token})).await, 200, "success");
    show(&node).await;
    let after = node.get("/api/v3/musterland/de/page/?id=2").await.json();
    assert_eq!(after["content"], "<h2>Neu</h2><p>Heute</p>");
    for same in ["title", "path", "slug_history", "parent", "order", "embedded_offers"] {
        assert_eq!(after[same], before[same], "{same}");
    }
    assert!(
        after["id"].as_i64() > before["id"].as_i64() && after["last_updated"] == "2026-05-01T10:00:00+02:00"
    );
    let english = node.get("/api/v3/musterland/en/page/?id=2").await.json();
    assert!(english["content"].as_str().unwrap().contains("job-search"), "the other language stays");
    // The same again is no news; another language and the old address do as well, and without the slash.
    assert_told(&push(&node, PATH, &json!({"content": html, "token": token})).await, 200, "success");
    let legacy = "/musterland/en/wp-json/extensions/v3/pushpage";
    assert_told(
        &push(&node, legacy, &json!({"content": "<p>New</p>", "token": token})).await,
        200,
        "success",
    );
    show(&node).await;
    assert_eq!(node.get("/api/v3/musterland/de/page/?id=2").await.json()["id"], after["id"]);
    assert_eq!(node.get("/api/v3/musterland/en/page/?id=2").await.json()["content"], "<p>New</p>");
    let state = node.state.clone();
    let used = move || {
        let tokens = state.database.read(|tx: &mut Read<'_>| grant::list(tx)).unwrap();
        state.database.write(|tx: &mut Write<'_>| grant::revoke(tx, &state.clock, number)).unwrap();
        tokens[0].used_on.is_some()
    };
    assert!(apart(used).await);
    assert_told(&push(&node, PATH, &json!({"content": html, "token": token})).await, 403, "denied");
}

#[actix_web::test]
async fn what_is_no_push_is_an_error_and_who_has_no_token_for_it_is_denied() {
    let node = Node::new();
    let (_, token) = token_of(&node, WORK).await;
    let (_, editor) = granted(&node, &[Scope::ContentWrite], None).await.unwrap();
    for body in ["", "[]", "{", "{}", "{\"content\": \"x\"}", "{\"content\": 1, \"token\": \"x\"}"] {
        let told =
            node.ask_with(Method::POST, PATH, &[("origin", "https://o.example")], body.to_owned()).await;
        assert_told(&told, 405, "error");
        assert_eq!(told.header("allow"), "POST");
    }
    assert_told(&node.get(PATH).await, 405, "error");
    for token in ["", "x", editor.as_str(), &format!("{token}x")] {
        assert_told(&push(&node, PATH, &json!({"content": "x", "token": token})).await, 403, "denied");
    }
    // The page has no text in that language, or the text is longer than what can be published.
    let arabic = "/api/v3/musterland/ar/pushpage/";
    assert_told(&push(&node, arabic, &json!({"content": "x", "token": token})).await, 405, "error");
    let long = "x".repeat(300 * 1024);
    assert_told(&push(&node, PATH, &json!({"content": long, "token": token})).await, 405, "error");
    let huge = "x".repeat(2 * 1024 * 1024);
    let told = push(&node, PATH, &json!({"content": huge, "token": token})).await;
    assert_eq!((told.status, told.json()["error"].is_string()), (413, true));
    for nowhere in ["/api/v3/nowhere/de/pushpage/", "/api/v3/musterland/fr/pushpage/"] {
        let told = push(&node, nowhere, &json!({"content": "x", "token": token})).await;
        assert_eq!((told.status, told.json()["error"].is_string()), (404, true));
    }
    // A token of a page opens no other door.
    let headers = [("authorization", format!("Bearer {token}"))];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let state = format!("/api/v1/regions/musterland/items/{}/state", node.ids[WORK]);
    assert_eq!(node.ask(Method::GET, &state, &headers).await.json()["code"], "missing-scope");
}

#[actix_web::test]
async fn who_guesses_tokens_is_told_to_wait() {
    let node = Node::new();
    for _ in 0..10 {
        assert_told(&push(&node, PATH, &json!({"content": "x", "token": "x"})).await, 403, "denied");
    }
    let told = push(&node, PATH, &json!({"content": "x", "token": "x"})).await;
    assert_eq!((told.status, told.header("retry-after")), (429, "60"));
}

#[actix_web::test]
async fn strangers_are_denied_without_a_turn_at_writing() {
    let node = Node::new();
    let (state, (tell, is_held), (release, may_go)) = (node.state.clone(), channel(), channel::<()>());
    let writing = std::thread::spawn(move || {
        let hold = |_: &mut Write<'_>| {
            tell.send(()).unwrap();
            // Ends as well where the story fails before.
            may_go.recv().ok();
            Ok::<_, DbError>(())
        };
        state.database.write(hold).unwrap();
    });
    is_held.recv().unwrap();
    let unknown = Secret::fresh();
    let body = json!({"content": "<p>x</p>", "token": unknown.reveal()});
    for _ in 0..10 {
        let told = actix_web::rt::time::timeout(Duration::from_secs(60), push(&node, PATH, &body)).await;
        assert_told(&told.expect("it waits for the writer"), 403, "denied");
    }
    assert_eq!(push(&node, PATH, &body).await.status, 429);
    release.send(()).unwrap();
    writing.join().unwrap();
}

#[actix_web::test]
async fn only_a_page_of_ours_has_a_token_and_an_archived_one_is_not_written_to() {
    let node = cards::node();
    let refused = |scopes: &'static [Scope], page: Option<ItemId>| {
        let node = &node;
        async move { granted(node, scopes, page).await.unwrap_err() }
    };
    const TEXT: &[Scope] = &[Scope::PageText];
    assert!(matches!(refused(TEXT, None).await, AccessError::Page));
    let page = node.ids[10];
    assert!(matches!(refused(&Scope::ALL, Some(page)).await, AccessError::Page));
    assert!(matches!(refused(&[Scope::ContentWrite], Some(page)).await, AccessError::Page));
    assert!(matches!(refused(TEXT, Some(node.ids[2])).await, AccessError::NoPage { kind: "place", .. }));
    let state = node.state.clone();
    let mirrored = move || {
        let desk = Desk { clock: &state.clock, site: "https://node.example/" };
        let region = state.showing().snapshot.regions[0].id;
        let id: ItemId = state.clock.fresh_id().into();
        let new = NewItem { stewardship: Stewardship::Mirrored, ..NewItem::flat(id, ObjectKind::Page) };
        state.database.write(|tx: &mut Write<'_>| item::create(tx, &desk, region, vec![new])).unwrap();
        id
    };
    let mirrored = apart(mirrored).await;
    let error = refused(TEXT, Some(mirrored)).await;
    assert!(matches!(error, AccessError::Content(ContentError::Mirrored { .. })), "{error}");

    let (_, token) = granted(&node, TEXT, Some(page)).await.unwrap();
    let state = node.state.clone();
    let archive = move || {
        let desk = Desk { clock: &state.clock, site: "https://node.example/" };
        let region = state.showing().snapshot.regions[0].id;
        let hidden = |tx: &mut Write<'_>| archive::archive(tx, &desk, region, &[page]);
        state.database.write(hidden).unwrap().len()
    };
    assert_eq!(apart(archive).await, 1);
    assert_told(&push(&node, PATH, &json!({"content": "x", "token": token})).await, 405, "error");
}
