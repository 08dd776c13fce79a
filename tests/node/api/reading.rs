//! What everybody may read: node, regions, items; selected, page by page, cached, and refused with a reason.

use super::{ITEMS, apart, below_site, show};
use crate::integreat_v3::cards::publish_cards;
use crate::integreat_v3::fixture::{Node, SITE, text};
use actix_web::http::Method;
use lotse::base::id::ItemId;
use lotse::domain::content::Desk;
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::publish::{self, Publication};
use lotse::domain::content::revision::Edit;
use lotse::platform::db::Write;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn ids(told: &Value) -> Vec<String> {
    told["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Publishes one more page of the region, or archives one, and shows it.
async fn change(node: &Node, archived: Option<ItemId>) -> ItemId {
    let state = node.state.clone();
    let work = move || {
        let desk = Desk { clock: &state.clock, site: SITE };
        state.clock.advance(1);
        let id: ItemId = state.clock.fresh_id().into();
        let region = state.showing().snapshot.regions[0].id;
        let written = state.database.write(|tx: &mut Write<'_>| {
            if let Some(archived) = archived {
                lotse::domain::content::archive::archive(tx, &desk, region, &[archived])?;
            }
            let ord = item::last_place(tx, region, None)?;
            item::create(tx, &desk, region, vec![NewItem::page(id, None, ord)])?;
            let texts = vec![text("de", "Später", "spaeter", "<p>Später</p>", "2026-04-01T00:00:00Z")];
            publish::publish(tx, &desk, region, vec![Publication::of_texts(id, Edit::Major, texts)])
        });
        written.unwrap();
        id
    };
    let id = apart(work).await;
    show(node).await;
    id
}

#[actix_web::test]
async fn node_regions_and_languages_lead_to_each_other() {
    let node = Node::new();
    let told = node.get("/api/v1/node").await.json();
    assert_eq!((&told["name"], &told["url"]), (&json!("Node"), &json!(SITE)));
    let regions = node.get(&below_site(told["regions"].as_str().unwrap())).await.json();
    let region = &regions["regions"][0];
    assert_eq!(region["slug"], "musterland");
    assert_eq!(region["aliases"], json!({ "Kleinstadt": [10.6, 50.3] }));
    assert!(regions.get("next").is_none());
    assert_eq!(node.get("/api/v1/regions/musterland").await.json(), *region);
    let languages = node.get("/api/v1/regions/musterland/languages").await.json();
    assert_eq!(languages["languages"], region["languages"]);
    let arabic = languages["languages"].as_array().unwrap().iter().find(|one| one["tag"] == "ar").unwrap();
    assert_eq!((&arabic["direction"], &arabic["source"]), (&json!("rtl"), &json!("en")));
    assert_eq!(node.get(&below_site(region["items"].as_str().unwrap())).await.status, 200);
    let document = node.get(&below_site(told["openapi"].as_str().unwrap())).await.json();
    assert_eq!(document["openapi"], "3.1.0");
}

#[actix_web::test]
async fn an_item_is_told_once_with_its_texts_by_language() {
    let node = Node::new();
    let told = node.get(&format!("{ITEMS}/{}", node.ids[1])).await;
    let item = told.json();
    assert_eq!(
        (&item["kind"], &item["number"], &item["region"]),
        (&json!("page"), &json!(2), &json!("musterland"))
    );
    assert_eq!(item["parent"], json!(node.ids[0].to_string()));
    assert_eq!(item["licence"], "CC-BY-4.0");
    let german = &item["texts"]["de"];
    assert_eq!(german["title"], "Arbeit");
    assert_eq!(german["url"], json!(format!("{SITE}musterland/de/willkommen/arbeit/")));
    let link = format!("{SITE}o/{}/de", node.ids[2]);
    assert_eq!(
        german["html"],
        json!(format!("<div><p>Zur <a href=\"{link}\">Suche &amp; mehr</a></p></div>"))
    );
    assert!(german["blocks"][0]["html"].as_str().unwrap().contains(&format!("page:{}", node.ids[2])));
    let arabic = node.get(&format!("{ITEMS}/{}", node.ids[5])).await.json();
    let url = arabic["texts"]["ar"]["url"].as_str().unwrap();
    assert!(url.is_ascii() && node.get(&below_site(url)).await.status == 200, "{url}");
    let languages: BTreeSet<&str> = item["texts"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(languages, ["de", "en"].into());
    let version = item["version"].as_i64().unwrap();
    assert!(told.header("etag").starts_with(&format!("\"{version}-")));
    let mirrored = node.get(&format!("{ITEMS}/{}", node.ids[6])).await.json();
    assert_eq!(mirrored["provenance"]["name"], "Landkreis <Nord>");
    assert_eq!(mirrored["provenance"]["unconfirmed_since"], "2026-04-01T08:00:00Z");
}

#[actix_web::test]
async fn every_kind_tells_its_facts() {
    let node = Node::with(publish_cards);
    let items = node.get(ITEMS).await.json();
    let facts = |at: usize| {
        let id = node.ids[at].to_string();
        let found = items["items"].as_array().unwrap().iter().find(|item| item["id"] == id.as_str());
        found.unwrap()["facts"].clone()
    };
    assert_eq!(facts(0), json!({ "category": { "icon": "office", "colour": "#2E98FB" } }));
    assert_eq!(facts(4)["contact"]["phone"], "+49 1234 567");
    assert_eq!(facts(5)["event"]["when"]["rrule"], "FREQ=WEEKLY;BYDAY=TU");
    assert_eq!(facts(5)["event"]["when"]["start"], "2026-06-02T17:00");
    assert_eq!(facts(5)["event"]["place"], json!(node.ids[2].to_string()));
    assert_eq!(facts(9)["offer"]["post"], json!({ "search-plz": "12345" }));
    let page = json!({ "organisation": node.ids[11], "offers": [node.ids[9]] });
    assert_eq!(facts(10), json!({ "page": page }));
    assert_eq!(facts(8), Value::Null);
    assert!(facts(2)["place"]["hours"].as_str().unwrap().contains("Mo"));
    // Who reads another language gets the default text where a kind falls back, and a number needs no words at all.
    let arabic = node.get(&format!("{ITEMS}?language=ar")).await.json();
    let place = arabic["items"].as_array().unwrap().iter().find(|item| item["kind"] == "place").unwrap();
    assert_eq!(place["texts"].as_object().unwrap().keys().collect::<Vec<_>>(), ["de"]);
    let contact =
        arabic["items"].as_array().unwrap().iter().find(|item| item["id"] == node.ids[4].to_string());
    assert_eq!(contact.unwrap()["texts"], json!({}));
    assert!(arabic["items"].as_array().unwrap().iter().all(|item| item["kind"] != "page"));
    let events = node.get(&format!("{ITEMS}?kind=event,news&language=en")).await.json();
    let expected: BTreeSet<String> = [5, 6, 7].map(|at| node.ids[at].to_string()).into();
    assert_eq!(ids(&events).into_iter().collect::<BTreeSet<_>>(), expected, "one of them is told in German");
}

#[actix_web::test]
async fn only_what_was_asked_for_is_told() {
    let node = Node::new();
    let told = node.get(&format!("{ITEMS}?fields=kind,texts.title,texts.rev")).await.json();
    let id = node.ids[0].to_string();
    let first = told["items"].as_array().unwrap().iter().find(|item| item["id"] == id.as_str()).unwrap();
    assert_eq!(first.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "kind", "texts"]);
    assert_eq!(first["texts"]["de"], json!({ "title": "Willkommen", "rev": 1 }));
    let bare = node.get(&format!("{ITEMS}/{}?fields=id", node.ids[0])).await.json();
    assert_eq!(bare, json!({ "id": node.ids[0].to_string() }));
    let newer = node.get(&format!("{ITEMS}?updated_after=2023-11-20T13:06:57.529Z&fields=id")).await.json();
    assert_eq!(ids(&newer), [node.ids[2].to_string()], "the text of that very moment is not newer");
}

#[actix_web::test]
async fn pages_stay_in_step_while_items_come_and_go() {
    let node = Node::with(publish_cards);
    let mut seen: Vec<String> = Vec::new();
    let mut next = Some(format!("{ITEMS}?limit=2&fields=kind"));
    while let Some(path) = next {
        let told = node.get(&path).await;
        let page = told.json();
        seen.extend(ids(&page));
        assert!(ids(&page).len() <= 2);
        next = page["next"].as_str().map(below_site);
        match &next {
            Some(next) => {
                assert!(told.header("link").contains(next) && told.header("link").ends_with("rel=\"next\""));
            }
            None => assert_eq!(told.header("link"), ""),
        }
        // The very item that the list goes on after is taken away, and another one is published.
        if seen.len() <= 4 {
            change(&node, Some(seen.last().unwrap().parse().unwrap())).await;
        }
    }
    let mut expected: Vec<String> = node.ids.iter().map(ToString::to_string).collect();
    expected.sort();
    assert_eq!(seen[..expected.len()], expected, "each once, in order");
    assert_eq!(seen.len(), expected.len() + 2, "and then those that were published meanwhile");
}

#[actix_web::test]
async fn whoever_has_it_already_is_told_so_and_every_web_app_may_ask() {
    let node = Node::new();
    let one = format!("{ITEMS}/{}", node.ids[0]);
    for path in
        ["/api/v1/node", "/api/v1/openapi.json", "/api/v1/regions", ITEMS, "/api/v1/regions?limit=1", &one]
    {
        let told = node.get(path).await;
        let etag = told.header("etag").to_owned();
        assert!(etag.starts_with('"') && told.header("content-type") == "application/json", "{path}");
        assert_eq!(told.header("access-control-allow-origin"), "*");
        let again = node.ask(Method::GET, path, &[("if-none-match", &etag)]).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
        assert_eq!(node.ask(Method::HEAD, path, &[]).await.header("etag"), etag);
    }
    let before = node.get(&one).await;
    change(&node, None).await;
    assert_eq!(node.get(&one).await.header("etag"), before.header("etag"), "others' changes are not its own");
    let asked = [("origin", "https://app.example"), ("access-control-request-method", "GET")];
    let told = node.ask(Method::OPTIONS, ITEMS, &asked).await;
    assert_eq!((told.status, told.header("access-control-allow-headers")), (204, "if-none-match"));
}

#[actix_web::test]
async fn what_cannot_be_answered_is_a_problem_with_a_reason() {
    let node = Node::new();
    let unknown = format!("{ITEMS}/{}", node.state.clock.fresh_id());
    let nonsense = format!("{ITEMS}/x");
    for (path, status, code, word) in [
        ("/api/v1", 404, "no-such-address", "Not found"),
        ("/api/v1/regions/", 404, "no-such-address", "Not found"),
        ("/api/v1/regions/nowhere", 404, "unknown-region", "nowhere"),
        ("/api/v1/regions/nowhere/items", 404, "unknown-region", "nowhere"),
        (unknown.as_str(), 404, "unknown-item", "public"),
        (nonsense.as_str(), 404, "unknown-item", "\"x\""),
        ("/api/v1/node?x=1", 400, "unknown-parameter", "\"x\""),
        ("/api/v1/regions/musterland/items?language=fr", 400, "parameter", "de, en, ar, am, uk"),
        ("/api/v1/regions/musterland/items?kind=tram", 400, "parameter", "event"),
    ] {
        let told = node.get(path).await;
        let problem = told.json();
        assert_eq!(told.status, status, "{path}");
        assert_eq!(told.header("content-type"), "application/problem+json");
        assert_eq!(told.header("access-control-allow-origin"), "*");
        assert_eq!((&problem["code"], &problem["status"]), (&json!(code), &json!(status)), "{path}");
        assert_eq!(problem["type"], json!(format!("urn:problem-type:lotse:{code}")));
        assert!(problem["detail"].as_str().unwrap().contains(word), "{path}: {problem}");
    }
    let wrong = node.ask(Method::DELETE, ITEMS, &[]).await;
    assert_eq!((wrong.status, wrong.json()["code"].clone()), (405, json!("wrong-method")));
}
