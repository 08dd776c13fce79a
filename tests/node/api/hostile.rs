//! What a body may hold, and that nothing else gets in: whatever is sent, the answer says what is wrong with it.

use super::{Editor, ITEMS, show};
use crate::integreat_v3::cards::publish_cards;
use crate::integreat_v3::fixture::Node;
use actix_web::http::Method;
use serde_json::{Value, json};

const KEY: &str = "application/json";

#[actix_web::test]
async fn a_body_that_is_no_json_within_limits_is_refused() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let post = |content_type: &'static str, body: String| {
        let headers =
            [("authorization", editor.authorization.clone()), ("content-type", content_type.to_owned())];
        let node = &node;
        async move {
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            node.ask_with(Method::POST, ITEMS, &headers, body).await
        }
    };
    for (content_type, body, status, code) in [
        ("text/plain", "{}".to_owned(), 415, "body-of-other-type"),
        ("application/x-www-form-urlencoded", "kind=page".to_owned(), 415, "body-of-other-type"),
        (KEY, String::new(), 400, "body-malformed"),
        (KEY, "null".to_owned(), 400, "body-malformed"),
        (KEY, "[".repeat(100_000), 400, "body-malformed"),
        (KEY, format!("{{\"kind\":{}", "{\"a\":".repeat(100_000)), 400, "body-malformed"),
        (KEY, " ".repeat(4 * 1024 * 1024 + 1), 413, "body-too-large"),
        (KEY, "{\"kind\":\"page\",\"kind\":\"page\"}".to_owned(), 400, "body-malformed"),
        (
            KEY,
            "{\"kind\":\"page\",\"texts\":{\"de\":{\"title\":\"\\ud800\",\"html\":\"\"}}}".to_owned(),
            400,
            "body-malformed",
        ),
    ] {
        let told = post(content_type, body).await;
        assert_eq!((told.status, told.json()["code"].as_str()), (status, Some(code)), "{}", told.body);
        assert!(told.body.len() < 1000, "a refusal does not repeat what was sent");
    }
}

#[actix_web::test]
async fn a_member_that_cannot_be_is_named() {
    let node = Node::with(publish_cards);
    let editor = Editor::of(&node).await;
    let text = |change: Value| {
        let mut text = json!({ "title": "T", "html": "<p>x</p>" });
        text.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        json!({ "kind": "page", "texts": { "de": text } })
    };
    let event = |when: Value| json!({ "kind": "event", "facts": { "event": { "when": when } } });
    let place = |facts: Value| json!({ "kind": "place", "facts": { "place": facts } });
    let (start, end) = ("2026-06-02T17:00", "2026-06-02T19:00");
    let category = json!({ "kind": "category", "facts": { "category": { "icon": "x", "colour": "red" } } });
    for (body, word) in [
        (json!({ "kind": "page" }), "texts"),
        (json!({ "kind": "tram" }), "tram"),
        (json!({ "kind": "place" }), "facts"),
        (json!({ "kind": "page", "colour": "red" }), "colour"),
        (json!({ "kind": "page", "texts": { "fr": { "title": "T", "html": "" } } }), "fr"),
        (json!({ "kind": "page", "texts": { "zxx": { "title": "T", "html": "" } } }), "zxx"),
        (json!({ "kind": "page", "texts": { "d_e": { "title": "T", "html": "" } } }), "d_e"),
        (text(json!({ "title": "  " })), "title"),
        (text(json!({ "title": "x".repeat(1001) })), "title"),
        (text(json!({ "summary": "x".repeat(1001) })), "summary"),
        (text(json!({ "html": "<p>x</p>".repeat(5000) })), "blocks"),
        (text(json!({ "html": "x".repeat(300_000) })), "bytes"),
        (text(json!({ "html": "x".repeat(1024 * 1024 + 1) })), "html"),
        (text(json!({ "slug": "Groß/klein" })), "slug"),
        (text(json!({ "via": "oracle" })), "oracle"),
        (text(json!({ "source": { "language": "de", "rev": 0 } })), "translated"),
        (text(json!({ "source": { "language": "en", "rev": 7 } })), "newest revision is 0"),
        (text(json!({ "html": format!("<img src=\"media:{}\">", "0".repeat(64)) })), "medium"),
        (event(json!({ "start": end, "end": start, "zone": "Europe/Berlin" })), "before it starts"),
        (event(json!({ "start": start, "end": end, "zone": "Mars/Olympus" })), "Mars"),
        (event(json!({ "start": start, "end": end, "zone": "UTC", "rrule": "FREQ=SECONDLY" })), "FREQ"),
        (event(json!({ "start": start, "end": end, "zone": "UTC", "colour": 1 })), "colour"),
        (place(json!({ "hours": "always" })), "always"),
        (place(json!({ "position": [200, 0] })), "position"),
        (place(json!({ "appointment": "javascript:alert(1)" })), "javascript"),
        (place(json!({ "picture": { "held": "x" } })), "picture"),
        (place(json!({ "picture": { "held": "0".repeat(64) } })), "medium"),
        (place(json!({ "category": "x" })), "UUID"),
        (category, "colour"),
        (json!({ "kind": "page", "facts": { "news": {} } }), "missing field `at`"),
    ] {
        let told = editor.send(Method::POST, ITEMS, None, &body).await;
        assert_eq!(told.status, 400, "{body}: {}", told.body);
        let problem = told.json();
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(word), "{word}: {detail}");
    }
    show(&node).await;
    let items = node.get(ITEMS).await.json();
    assert_eq!(items["items"].as_array().unwrap().len(), node.ids.len(), "nothing was made");
}

#[actix_web::test]
async fn strange_but_allowed_words_come_back_as_words() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let title = "<script>alert(1)</script> \u{0} \u{202e}&amp; 𝕏";
    let body = json!({ "kind": "page", "texts": { "de": {
        "title": title, "html": format!("{}x", "<div>".repeat(5000)), "summary": "\u{0}" } } });
    let (one, _) = editor.make(&body).await;
    show(&node).await;
    let read = node.get(&one).await;
    assert_eq!((read.status, read.json()["texts"]["de"]["title"].clone()), (200, json!(title)));
    assert_eq!(read.json()["texts"]["de"]["html"], "x");
    let path = read.json()["texts"]["de"]["path"].as_str().unwrap().to_owned();
    let site = node.get(&lotse::base::url::encoded(&path)).await;
    assert_eq!(site.status, 200);
    assert!(!site.body.contains("<script>"));
}
