//! News that are to come: refused where they would be public at once, and told by no answer while they wait.

use super::{Editor, ITEMS, apart, refused, show};
use crate::content::told;
use crate::integreat_v3::fixture::{Node, SITE};
use actix_web::http::Method;
use lotse::domain::content::news::{self, Message, NewsText};
use lotse::domain::content::{ContentError, Desk};
use lotse::jobs::tell_news::tell_due;
use lotse::platform::db::Write;
use serde_json::json;

/// What waits for the log, and how many bodies there are.
async fn public(node: &Node) -> (usize, i64) {
    let state = node.state.clone();
    let (changes, bodies) = apart(move || told(&state.database)).await;
    (changes.len(), bodies)
}

#[actix_web::test]
async fn news_of_tomorrow_are_not_made_through_the_api() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let news = |at: &str| {
        json!({ "kind": "news", "texts": { "de": { "title": "Sperrung", "html": "<p>Geheim</p>" } },
            "facts": { "news": { "at": at, "until": "2026-06-01T00:00:00Z", "channel": "news" } } })
    };
    let before = public(&node).await;
    // The clock of the test stands at eight.
    let answer = editor.send(Method::POST, ITEMS, None, &news("2026-05-01T08:00:01Z")).await;
    refused(&answer, 400, "news-to-come");
    assert_eq!(public(&node).await, before);
    let (one, _) = editor.make(&news("2026-05-01T08:00:00Z")).await;
    let later = news("2026-05-02T08:00:00Z")["facts"].clone();
    refused(&editor.send(Method::PUT, &format!("{one}/facts"), Some("*"), &later).await, 400, "news-to-come");
    show(&node).await;
    assert_eq!(node.get(&one).await.json()["facts"]["news"]["at"], "2026-05-01T08:00:00Z");
}

#[actix_web::test]
async fn news_that_wait_are_in_no_answer_until_their_time_has_come() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let before = public(&node).await;
    let state = node.state.clone();
    let tell = move || {
        let desk = Desk { clock: &state.clock, site: SITE };
        let text =
            NewsText { language: "de".parse().unwrap(), title: "Sperrung".into(), text: "Geheim".into() };
        let message = Message {
            regions: vec!["musterland".into()],
            texts: vec![text],
            at: Some(state.clock.now().plus_seconds(3600)),
            until: None,
            audiences: Vec::new(),
        };
        let told = state.database.write(|tx: &mut Write<'_>| news::tell(tx, &desk, message));
        told.map_err(|error: ContentError| error).unwrap()[0].1
    };
    let item = apart(tell).await;
    show(&node).await;
    let one = format!("{ITEMS}/{item}");
    refused(&node.get(&one).await, 404, "unknown-item");
    refused(&editor.state(&one).await, 404, "unknown-item");
    let lists = [
        ITEMS,
        "/api/v3/musterland/de/news",
        "/api/v3/musterland/de/fcm/",
        "/musterland/de/",
        "/musterland/de/news/",
        "/musterland/de/sitemap.xml",
        "/musterland/de/news.atom",
        "/musterland/de/news.json",
    ];
    for path in lists {
        let answer = node.get(path).await;
        assert!(!answer.body.contains("Sperrung") && !answer.body.contains("Geheim"), "{path}");
    }
    assert_eq!(public(&node).await, before, "the log hears nothing");

    node.state.clock.advance(3600);
    let state = node.state.clone();
    let due = move || tell_due(&state.database, &Desk { clock: &state.clock, site: SITE }).unwrap();
    assert_eq!(apart(due).await, 1);
    show(&node).await;
    assert_eq!(node.get(&one).await.json()["texts"]["de"]["title"], "Sperrung");
    assert!(node.get("/api/v3/musterland/de/news").await.body.contains("Sperrung"));
    assert!(public(&node).await > before);
}
