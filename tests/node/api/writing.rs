//! Changes: who may make them, that nobody overwrites what they did not see, and what readers get afterwards.

use super::{Editor, ITEMS, apart, below_site, neighbour, refused, show, token};
use crate::integreat_v3::cards::publish_cards;
use crate::integreat_v3::fixture::{Node, SITE};
use actix_web::http::Method;
use lotse::base::id::ItemId;
use lotse::base::moment::Moment;
use lotse::domain::access::grant;
use lotse::domain::content::item::{self, NewItem, Stewardship};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::{ContentError, Desk};
use lotse::platform::db::{Read, Write};
use serde_json::{Value, json};

fn page(title: &str) -> Value {
    json!({ "kind": "page", "texts": { "de": { "title": title, "html": "<p>Eins</p><p>Zwei</p>" } } })
}

fn text(title: &str, html: &str) -> Value {
    json!({ "title": title, "html": html })
}

#[actix_web::test]
async fn only_the_holder_of_a_token_changes_anything() {
    let node = Node::new();
    let with = |authorization: String| {
        let node = &node;
        async move {
            let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
            node.ask_with(Method::POST, ITEMS, &headers, page("Neu").to_string()).await
        }
    };
    let nobody = with(String::new()).await;
    refused(&nobody, 401, "unknown-caller");
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    let (number, secret) = token(&node, None, None).await;
    refused(&with(format!("Basic {secret}")).await, 401, "unknown-caller");
    refused(&with(format!("Bearer {secret}A")).await, 401, "unknown-caller");
    assert_eq!(with(format!("bearer {secret}")).await.status, 201);
    let state = node.state.clone();
    let used = move || {
        let tokens = state.database.read(|tx: &mut Read<'_>| grant::list(tx)).unwrap();
        state.database.write(|tx: &mut Write<'_>| grant::revoke(tx, &state.clock, number)).unwrap();
        tokens[0].used_on
    };
    assert_eq!(apart(used).await, Some(Moment::parse("2026-05-01T00:00:00Z").unwrap()), "the day alone");
    refused(&with(format!("Bearer {secret}")).await, 401, "unknown-caller");

    let soon = node.state.clock.now().plus_seconds(60);
    let (_, secret) = token(&node, None, Some(soon)).await;
    assert_eq!(with(format!("Bearer {secret}")).await.status, 201);
    node.state.clock.advance(60);
    refused(&with(format!("Bearer {secret}")).await, 401, "unknown-caller");
}

#[actix_web::test]
async fn a_token_of_one_region_is_of_no_use_in_another() {
    let node = Node::new();
    let neighbour = neighbour(&node).await;
    let (_, secret) = token(&node, Some(neighbour), None).await;
    let editor = Editor { node: &node, authorization: format!("Bearer {secret}") };
    refused(&editor.send(Method::POST, ITEMS, None, &page("Neu")).await, 403, "token-of-another-region");
    let one = format!("{ITEMS}/{}", node.ids[0]);
    refused(&editor.state(&one).await, 403, "token-of-another-region");
    // The item is looked for in the region that the token is for, not in any.
    let elsewhere = format!("/api/v1/regions/nachbarland/items/{}", node.ids[0]);
    refused(&editor.state(&elsewhere).await, 404, "unknown-item");
    let text = text("Fremd", "<p>x</p>");
    let told = editor.send(Method::PUT, &format!("{elsewhere}/texts/de"), Some("*"), &text).await;
    refused(&told, 404, "unknown-item");
}

#[actix_web::test]
async fn who_only_guesses_is_soon_told_to_wait() {
    let node = Node::new();
    let headers = [("authorization", "Bearer lotse_guess")];
    for _ in 0..10 {
        let told = node.ask(Method::GET, &format!("{ITEMS}/{}/state", node.ids[0]), &headers).await;
        refused(&told, 401, "unknown-caller");
    }
    let told = node.ask(Method::GET, &format!("{ITEMS}/{}/state", node.ids[0]), &headers).await;
    refused(&told, 429, "too-often");
    assert_eq!(told.header("retry-after"), "60");
    assert_eq!(Editor::of(&node).await.state(&format!("{ITEMS}/{}", node.ids[0])).await.status, 200);
}

#[actix_web::test]
async fn nobody_overwrites_what_they_did_not_see() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let one = format!("{ITEMS}/{}", node.ids[3]);
    let (german, new) = (format!("{one}/texts/de"), text("Wohnen", "<p>Neu</p>"));
    refused(&editor.send(Method::PUT, &german, None, &new).await, 428, "version-not-named");
    for stale in ["\"0\"", "\"x\"", "W/\"1\"", ""] {
        refused(&editor.send(Method::PUT, &german, Some(stale), &new).await, 412, "stale-version");
    }
    // Whatever form the answer had: only the version counts.
    let headers = [("accept-encoding", "gzip")];
    let seen =
        node.ask(Method::GET, &format!("{one}?fields=texts.html"), &headers).await.header("etag").to_owned();
    let told = editor.send(Method::PUT, &german, Some(&format!("\"other\", {seen}")), &new).await;
    assert_eq!((told.status, told.json()["texts"]["de"]["rev"].clone()), (200, json!(2)), "{}", told.body);
    refused(&editor.send(Method::PUT, &german, Some(&seen), &new).await, 412, "stale-version");
    show(&node).await;
    let read = node.get(&one).await;
    assert_eq!(read.json()["texts"]["de"]["html"], "<p>Neu</p>");
    assert!(read.header("etag").starts_with(told.header("etag").trim_end_matches('"')));
    let again = editor.state(&one).await;
    assert_eq!(again.json(), told.json());
    assert_eq!(again.header("cache-control"), "private, no-cache");
    assert_eq!(editor.send(Method::PUT, &german, Some("*"), &new).await.status, 200);
}

#[actix_web::test]
async fn a_page_is_made_translated_moved_hidden_and_shown_again() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let (one, made) = editor.make(&page("Zwei   Wörter")).await;
    show(&node).await;
    let read = node.get(&one).await.json();
    assert_eq!(read["texts"]["de"]["title"], "Zwei Wörter");
    assert_eq!(read["texts"]["de"]["path"], "/musterland/de/zwei-wörter/");

    let english = json!({ "title": "Two words", "html": "<p>One</p><p onclick='x'>Two<script>x</script></p>", "via": "mt" });
    let told = editor.send(Method::PUT, &format!("{one}/texts/en"), Some(&made), &english).await;
    assert_eq!(told.json()["texts"]["en"]["source"], json!({ "language": "de", "rev": 1 }));
    show(&node).await;
    let read = node.get(&one).await.json();
    assert_eq!(read["texts"]["en"]["html"], "<p>One</p><p>Two</p>");
    assert_eq!(read["texts"]["en"]["freshness"], "machine");
    let ids = |language: &str| {
        let blocks = read["texts"][language]["blocks"].as_array().unwrap().iter();
        blocks.map(|block| block["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids("de"), ids("en"), "a translation shares the ids of its source");

    // A new title leaves the address alone; a change that matters makes the translation old.
    let new = text("Drei Wörter", "<p>Eins</p><p>Zwei</p><p>Drei</p>");
    let told = editor.send(Method::PUT, &format!("{one}/texts/de"), Some(told.header("etag")), &new).await;
    show(&node).await;
    let read = node.get(&one).await.json();
    assert_eq!(read["texts"]["de"]["path"], "/musterland/de/zwei-wörter/");
    assert_eq!(read["texts"]["en"]["freshness"], "outdated");

    let below = json!({ "parent": node.ids[0], "before": node.ids[1] });
    let told = editor.send(Method::PUT, &format!("{one}/position"), Some(told.header("etag")), &below).await;
    assert_eq!(told.json()["parent"], json!(node.ids[0]));
    show(&node).await;
    let children = node.get("/api/v3/musterland/de/children/?id=1&depth=1").await.list();
    let titles: Vec<&str> = children.iter().map(|page| page["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Willkommen", "Drei Wörter", "Arbeit", "Kinder"]);

    let hide = json!({ "archived": true });
    let told = editor.send(Method::PUT, &format!("{one}/state"), Some(told.header("etag")), &hide).await;
    assert_eq!((told.status, told.json()["archived"].clone()), (200, json!(true)));
    show(&node).await;
    refused(&node.get(&one).await, 404, "unknown-item");
    let seen = told.header("etag").to_owned();
    refused(
        &editor.send(Method::PUT, &format!("{one}/texts/de"), Some(&seen), &new).await,
        409,
        "archived-item",
    );
    let shown = json!({ "archived": false });
    let told = editor.send(Method::PUT, &format!("{one}/state"), Some(&seen), &shown).await;
    show(&node).await;
    assert_eq!(node.get(&one).await.status, 200);

    let seen = told.header("etag").to_owned();
    let told = editor.send(Method::DELETE, &format!("{one}/texts/en"), Some(&seen), &Value::Null).await;
    assert_eq!(told.json()["texts"].as_object().unwrap().keys().collect::<Vec<_>>(), ["de"]);
    show(&node).await;
    assert!(node.get(&one).await.json()["texts"].get("en").is_none());
}

#[actix_web::test]
async fn no_page_is_shown_below_one_that_is_hidden() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let [above, below, beside] = [0, 1, 3].map(|at| format!("{ITEMS}/{}", node.ids[at]));
    let (hide, back) = (json!({ "archived": true }), json!({ "archived": false }));
    assert_eq!(editor.send(Method::PUT, &format!("{above}/state"), Some("*"), &hide).await.status, 200);
    refused(
        &editor.send(Method::PUT, &format!("{below}/state"), Some("*"), &back).await,
        409,
        "archived-item",
    );
    let there = json!({ "parent": node.ids[1] });
    let told = editor.send(Method::PUT, &format!("{beside}/position"), Some("*"), &there).await;
    refused(&told, 409, "archived-item");
    let mut new = page("Neu");
    new["parent"] = json!(node.ids[1]);
    refused(&editor.send(Method::POST, ITEMS, None, &new).await, 409, "archived-item");
    assert_eq!(editor.send(Method::PUT, &format!("{above}/state"), Some("*"), &back).await.status, 200);
    assert_eq!(editor.send(Method::PUT, &format!("{beside}/position"), Some("*"), &there).await.status, 200);
    assert_eq!(editor.send(Method::POST, ITEMS, None, &new).await.status, 201);
}

#[actix_web::test]
async fn other_facts_are_told_and_make_no_translation_old() {
    let node = Node::with(publish_cards);
    let editor = Editor::of(&node).await;
    let place = format!("{ITEMS}/{}", node.ids[2]);
    let mut facts = node.get(&place).await.json()["facts"].clone();
    facts["place"]["hours"] = json!("Mo-Fr 09:00-17:00; PH off");
    facts["place"]["position"] = json!([10.25, 50.5]);
    let told = editor.send(Method::PUT, &format!("{place}/facts"), Some("*"), &facts).await;
    assert_eq!((told.status, told.json()["facts"]["rev"].clone()), (200, json!(2)), "{}", told.body);
    show(&node).await;
    let read = node.get(&place).await.json();
    assert_eq!(read["facts"], facts, "what is read can be sent back");
    assert_eq!(read["texts"]["de"]["freshness"], "current");
    let elsewhere =
        editor.send(Method::PUT, &format!("{ITEMS}/{}/facts", node.ids[0]), Some("*"), &facts).await;
    refused(&elsewhere, 400, "other-facts");
    // All kinds come back as they were read.
    for id in &node.ids {
        let one = format!("{ITEMS}/{id}");
        let before = node.get(&one).await.json();
        if before["facts"].is_null() {
            continue;
        }
        let told = editor.send(Method::PUT, &format!("{one}/facts"), Some("*"), &before["facts"]).await;
        assert_eq!(told.status, 200, "{}", told.body);
        show(&node).await;
        assert_eq!(node.get(&one).await.json()["facts"], before["facts"]);
    }
}

#[actix_web::test]
async fn a_page_names_who_answers_for_it_as_long_as_readers_see_them() {
    let node = Node::with(publish_cards);
    let editor = Editor::of(&node).await;
    let page = format!("{ITEMS}/{}", node.ids[10]);
    let named = async || {
        show(&node).await;
        let told = node.get("/api/v3/musterland/de/page/?url=willkommen").await.json();
        let offers = told["embedded_offers"].as_array().unwrap().len();
        (told["organization"]["slug"].clone(), offers, told["last_updated"].clone())
    };
    let set = |facts: Value| {
        let (editor, path) = (&editor, format!("{page}/facts"));
        async move { editor.send(Method::PUT, &path, Some("*"), &json!({ "page": facts })).await }
    };
    let written = json!("2026-01-10T09:00:00+01:00");
    assert_eq!(named().await, (json!("freunde"), 1, written.clone()));
    assert_eq!(set(json!({ "organisation": node.ids[1] })).await.status, 200);
    assert_eq!(named().await, (json!("lra"), 0, written.clone()), "the words are as old as before");
    let hide = |archived: bool| {
        let (editor, path) = (&editor, format!("{ITEMS}/{}/state", node.ids[1]));
        async move { editor.send(Method::PUT, &path, Some("*"), &json!({ "archived": archived })).await }
    };
    assert_eq!(hide(true).await.status, 200);
    assert_eq!(named().await, (Value::Null, 0, written.clone()));
    assert_eq!(hide(false).await.status, 200);
    assert_eq!(named().await, (json!("lra"), 0, written.clone()));
    let told = set(json!({})).await;
    assert_eq!((told.status, told.json().get("facts")), (200, None), "{}", told.body);
    assert_eq!(named().await, (Value::Null, 0, written));
    assert!(node.get(&page).await.json().get("facts").is_none());
    for (facts, code) in [
        (json!({ "organisation": node.ids[9] }), "unknown-named"),
        (json!({ "offers": [node.ids[1]] }), "unknown-named"),
        (json!({ "offers": ["019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f"] }), "unknown-named"),
        (json!({ "offers": [node.ids[9], node.ids[9]] }), "page-offers"),
    ] {
        refused(&set(facts).await, 400, code);
    }
    let with_page = json!({ "kind": "page", "texts": { "de": { "title": "Neu", "html": "" } },
        "facts": { "page": { "offers": [node.ids[9]] } } });
    let (one, _) = editor.make(&with_page).await;
    show(&node).await;
    assert_eq!(node.get(&one).await.json()["facts"], with_page["facts"]);
}

#[actix_web::test]
async fn an_item_says_on_which_terms_and_for_whom() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let one = format!("{ITEMS}/{}/labels", node.ids[3]);
    let told = node.get("/api/v1/vocabulary").await.json();
    let terms = told["terms"].as_array().unwrap();
    let housing = terms.iter().find(|term| term["word"] == "housing").unwrap();
    assert_eq!((&housing["sort"], &housing["names"]["de"]), (&json!("topic"), &json!("Wohnen")));
    let wish = json!({ "licence": "CC0-1.0", "topics": ["housing"], "audiences": ["family"] });
    let told = editor.send(Method::PUT, &one, Some("\"0\""), &wish).await;
    refused(&told, 412, "stale-version");
    let before = editor.state(&format!("{ITEMS}/{}", node.ids[3])).await.header("etag").to_owned();
    let told = editor.send(Method::PUT, &one, Some(&before), &wish).await;
    assert_eq!(told.status, 200, "{}", told.body);
    refused(&editor.send(Method::PUT, &one, Some(&before), &wish).await, 412, "stale-version");
    show(&node).await;
    let read = node.get(&format!("{ITEMS}/{}", node.ids[3])).await.json();
    assert_eq!((&read["licence"], &read["topics"]), (&json!("CC0-1.0"), &json!([housing["id"]])));
    assert_eq!(read["audiences"], json!(["family"]));
    refused(
        &editor.send(Method::PUT, &one, Some("*"), &json!({ "topics": ["moon"] })).await,
        400,
        "unknown-term",
    );
    refused(
        &editor.send(Method::PUT, &one, Some("*"), &json!({ "licence": "my own" })).await,
        400,
        "licence",
    );
    editor.send(Method::PUT, &one, Some("*"), &json!({})).await;
    show(&node).await;
    let read = node.get(&format!("{ITEMS}/{}", node.ids[3])).await.json();
    assert_eq!((&read["licence"], read.get("topics")), (&json!("CC-BY-4.0"), None));
}

#[actix_web::test]
async fn an_event_is_made_with_its_dates_and_is_over_by_itself() {
    let node = Node::with(publish_cards);
    let editor = Editor::of(&node).await;
    let when = json!({ "start": "2026-06-02T17:00", "end": "2026-06-02T19:00", "zone": "Europe/Berlin",
        "rrule": "FREQ=WEEKLY;COUNT=3;BYDAY=TU", "cancelled": ["2026-06-09T17:00"] });
    let event = json!({ "kind": "event", "texts": { "de": { "title": "Chor", "html": "" } },
        "facts": { "event": { "when": when, "place": node.ids[2] } } });
    let (one, _) = editor.make(&event).await;
    assert_eq!(editor.state(&one).await.json()["expires"], "2026-06-16T17:00:00Z");
    show(&node).await;
    assert_eq!(node.get(&one).await.json()["facts"], event["facts"]);
    assert!(node.get("/api/v3/musterland/de/events/").await.body.contains("Chor"));
    let made = node.get(&one).await.json();
    assert!(below_site(made["texts"]["de"]["url"].as_str().unwrap()).ends_with("/events/chor/"));
}

#[actix_web::test]
async fn what_another_node_says_is_not_changed_here() {
    let node = Node::new();
    let state = node.state.clone();
    let mirrored = move || {
        let desk = Desk { clock: &state.clock, site: SITE };
        let region = state.showing().snapshot.regions[0].id;
        let id: ItemId = state.clock.fresh_id().into();
        let new = NewItem { stewardship: Stewardship::Mirrored, ..NewItem::flat(id, ObjectKind::Page) };
        let made = |tx: &mut Write<'_>| item::create(tx, &desk, region, vec![new]);
        state.database.write(made).map_err(|error: ContentError| error).unwrap();
        id
    };
    let one = format!("{ITEMS}/{}", apart(mirrored).await);
    let editor = Editor::of(&node).await;
    assert_eq!(editor.state(&one).await.json()["mirrored"], true);
    let text = text("Anders", "<p>x</p>");
    for (method, path, body) in [
        (Method::PUT, "texts/de", &text),
        (Method::DELETE, "texts/de", &Value::Null),
        (Method::PUT, "position", &json!({})),
        (Method::PUT, "labels", &json!({})),
        (Method::PUT, "state", &json!({ "archived": true })),
    ] {
        let told = editor.send(method, &format!("{one}/{path}"), Some("*"), body).await;
        refused(&told, 409, "mirrored-item");
    }
}
