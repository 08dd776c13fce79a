//! Places, events, news, imprint and offers as apps read them. The shapes are those of the reference's samples.

use super::fixture::{Node, SITE, found_region, text};
use lotse::base::id::ItemId;
use lotse::base::moment::Moment;
use lotse::base::url::WebUrl;
use lotse::domain::content::facts::*;
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::publish::{self, NewFacts, Publication, Text};
use lotse::domain::content::recurrence::{Schedule, Zone};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, Desk};
use lotse::platform::clock::Clock;
use lotse::platform::db::{Database, Write};
use serde_json::{Value, json};

const UPDATED: &str = "2026-01-10T08:00:00Z";
const KINDS: [ObjectKind; 12] = [
    ObjectKind::Category,
    ObjectKind::Organisation,
    ObjectKind::Place,
    ObjectKind::Contact,
    ObjectKind::Contact,
    ObjectKind::Event,
    ObjectKind::Event,
    ObjectKind::News,
    ObjectKind::Imprint,
    ObjectKind::Offer,
    ObjectKind::Page,
    ObjectKind::Organisation,
];

/// One item of every kind, two contacts, events and organisations; in the order of [`KINDS`], with the numbers 1 to 12.
pub fn publish_cards(db: &Database, clock: &Clock) -> Vec<ItemId> {
    let desk = Desk { clock, site: SITE };
    db.write(|tx: &mut Write<'_>| {
        let region = found_region(tx, &desk)?;
        let ids: Vec<ItemId> = KINDS.iter().map(|_| clock.fresh_id().into()).collect();
        let new = ids.iter().zip(KINDS).map(|(id, kind)| NewItem::flat(*id, kind)).collect();
        item::create(tx, &desk, region.id, new)?;
        let publications = ids.iter().enumerate().map(|(at, id)| Publication {
            item: *id,
            edit: Edit::Major,
            texts: texts(at, &ids),
            facts: facts(at, &ids).map(|facts| NewFacts {
                facts,
                media: Vec::new(),
                updated_at: Moment::parse(UPDATED).unwrap(),
            }),
        });
        publish::publish(tx, &desk, region.id, publications.collect())?;
        Ok::<_, ContentError>(ids)
    })
    .unwrap()
}

fn texts(at: usize, ids: &[ItemId]) -> Vec<Text> {
    let said = |language, title, slug, html| text(language, title, slug, html, UPDATED);
    match at {
        0 => vec![said("de", "Behörde", "x", "")],
        1 => vec![said("de", "Landratsamt", "x", "")],
        2 => vec![said("de", "Rathaus", "rathaus", "<p>Am Markt</p>")],
        3 => vec![said("de", "Wohngeld", "x", "")],
        5 => vec![
            said("de", "Sprachcafé", "sprachcafe", "<p>Offen für alle</p>"),
            said("en", "Language café", "language-cafe", "<p>Open to all</p>"),
        ],
        6 => vec![said("de", "Netztreff", "netztreff", "")],
        7 => vec![
            said("de", "Büro geschlossen", "x", "<p>Am Freitag &amp; Samstag</p><p>zu</p>"),
            said("en", "Office closed", "x", "<p>On Friday</p>"),
        ],
        8 => vec![said("de", "Impressum", "x", "<p>Wir</p>")],
        9 => vec![said("de", "Jobs", "x", "")],
        10 => vec![said("de", "Willkommen", "willkommen", &super::contact_cards::welcome(ids[4]))],
        11 => vec![said("de", "Freunde & Hafen e. V.", "x", "")],
        _ => Vec::new(),
    }
}

fn facts(at: usize, ids: &[ItemId]) -> Option<Facts> {
    Some(match at {
        0 => Facts::Category(CategoryFacts { icon: "office".into(), colour: "#2E98FB".into() }),
        1 => Facts::Organisation(OrganisationFacts {
            slug: "lra".into(),
            website: url("https://lra.example/"),
            logo: None,
        }),
        2 => Facts::Place(Box::new(office(ids))),
        3 => contact(ids, "Frau Amt", "amt@town.example", ""),
        4 => contact(ids, "Bürgerbüro", "", "+49 1234 567"),
        5 => Facts::Event(Box::new(EventFacts {
            when: when(
                Some("DTSTART:20260602T150000\nRRULE:FREQ=WEEKLY;BYDAY=TU"),
                "2026-06-02T17:00",
                "2026-06-02T19:00",
            ),
            only_weekdays: false,
            place: Some(ids[2].into()),
            online: None,
            picture: None,
        })),
        6 => Facts::Event(Box::new(EventFacts {
            when: when(None, "2026-05-20T00:00", "2026-05-21T23:59"),
            only_weekdays: true,
            place: None,
            online: url("https://meet.example/x"),
            picture: Some(Picture::Elsewhere("https://cms.example/p.png".parse().unwrap())),
        })),
        7 => Facts::News(NewsFacts {
            at: Moment::parse("2026-04-30T07:05:00Z").unwrap(),
            until: Moment::parse("2026-05-28T07:05:00Z").unwrap(),
            channel: "news".into(),
            message: None,
        }),
        9 => Facts::Offer(OfferFacts {
            alias: "sprungbrett".into(),
            url: url("https://jobs.example/"),
            post: [("search-plz".to_owned(), "12345".to_owned())].into(),
            picture: None,
        }),
        10 => Facts::Page(PageFacts { organisation: Some(ids[11].into()), offers: vec![ids[9].into()] }),
        11 => Facts::Organisation(OrganisationFacts {
            slug: "freunde".into(),
            website: url("https://freunde.example/"),
            logo: Some(Picture::Elsewhere("https://freunde.example/logo.png".parse().unwrap())),
        }),
        _ => return None,
    })
}

fn office(ids: &[ItemId]) -> PlaceFacts {
    PlaceFacts {
        address: Address {
            street: "Markt 1".into(),
            postcode: "12345".into(),
            town: "Musterstadt".into(),
            country: "Deutschland".into(),
        },
        position: Some([10.5, 50.25]),
        on_map: true,
        category: Some(ids[0].into()),
        organisation: Some(ids[1].into()),
        hours: Some("Mo 08:00-12:00; Fr \"by appointment\"".parse().unwrap()),
        appointment: url("https://termin.example/"),
        ..PlaceFacts::default()
    }
}

fn contact(ids: &[ItemId], name: &str, email: &str, phone: &str) -> Facts {
    let (name, email, phone) = (name.into(), email.into(), phone.into());
    let of = Some(ids[2].into());
    Facts::Contact(Box::new(ContactFacts { of, name, email, phone, ..ContactFacts::default() }))
}

fn when(rule: Option<&str>, start: &str, end: &str) -> Schedule {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    Schedule::from_integreat(rule, start.parse().unwrap(), end.parse().unwrap(), berlin).unwrap()
}

fn url(url: &str) -> Option<WebUrl> {
    Some(url.parse().unwrap())
}

pub fn node() -> Node {
    Node::with(publish_cards)
}

/// Keys of an object in their order, as the text has them.
fn keys(text: &str) -> Vec<String> {
    let value: serde_json::Map<String, Value> = serde_json::from_str(text).unwrap();
    let mut keys: Vec<String> = value.keys().cloned().collect();
    keys.sort_by_key(|key| text.find(&format!("\"{key}\":")).unwrap());
    keys
}

/// The n-th object of a list, as the text has it; for objects with a key that no inner one has at its end.
fn first_of(text: &str) -> &str {
    let mut depth = 0;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        depth == 0
    });
    &text[1..=end.unwrap().0]
}

#[actix_web::test]
async fn a_place_is_told_byte_for_byte_as_apps_know_it() {
    let node = node();
    let told = node.get("/api/v3/musterland/de/locations/?on_map=1").await;
    let id = told.json()[0]["id"].as_i64().unwrap();
    let day = |day: &str| format!(r#"{{"allDay": false, {day}}}"#);
    let closed = day(r#""closed": true, "appointmentOnly": false, "timeSlots": []"#);
    let monday = day(
        r#""closed": false, "appointmentOnly": false, "timeSlots": [{"end": "12:00", "start": "08:00", "timezone": "Europe/Berlin"}]"#,
    );
    let friday = day(r#""closed": true, "appointmentOnly": true, "timeSlots": []"#);
    let week = [&monday, &closed, &closed, &closed, &friday, &closed, &closed].map(String::as_str).join(", ");
    let contact = |area: &str, name: &str, email: &str, phone: &str| {
        format!(
            r#"{{"area_of_responsibility": {area}, "name": "{name}", "email": "{email}", "phone_number": "{phone}", "mobile_number": "", "website": "", "opening_hours": null, "appointment_url": null}}"#
        )
    };
    let expected = [
        r#"[{"id": ID, "url": "https://node.example/musterland/de/locations/rathaus/", "#,
        r#""path": "/musterland/de/locations/rathaus/", "title": "Rathaus", "#,
        r#""modified_gmt": "2026-01-10T08:00:00Z", "last_updated": "2026-01-10T09:00:00+01:00", "#,
        r#""meta_description": "", "excerpt": "Am Markt", "content": "<p>Am Markt</p>", "#,
        r#""available_languages": OTHERS, "icon": null, "thumbnail": null, "website": "", "email": "", "#,
        r#""phone_number": "+49 1234 567", "contacts": ["#,
        &contact("null", r"B\u00fcrgerb\u00fcro", "", "+49 1234 567"),
        ", ",
        &contact("\"Wohngeld\"", "Frau Amt", "amt@town.example", ""),
        r##"], "category": {"id": 1, "name": "Beh\u00f6rde", "color": "#2E98FB", "icon": "office", "##,
        r##""icon_url": "https://node.example/static/svg/poi-category-icons/office.svg", "icon_color": "office_#2E98FB"}, "##,
        r#""temporarily_closed": false, "opening_hours": ["#,
        &week,
        r#"], "appointment_url": "https://termin.example/", "location": {"id": 3, "name": "Rathaus", "#,
        r#""address": "Markt 1", "town": "Musterstadt", "state": null, "postcode": "12345", "region": null, "#,
        r#""country": "Deutschland", "latitude": 50.25, "longitude": 10.5}, "hash": null, "#,
        r#""organization": {"id": 2, "slug": "lra", "name": "Landratsamt", "logo": "", "website": "https://lra.example/"}, "#,
        r#""barrier_free": null}]"#,
    ]
    .concat();
    let other = |language: &str| {
        format!(
            r#""{language}": {{"id": null, "url": "https://node.example/musterland/{language}/locations/rathaus/", "path": "/musterland/{language}/locations/rathaus/"}}"#
        )
    };
    let others = format!("{{{}}}", ["en", "uk", "ar", "am"].map(other).join(", "));
    assert_eq!(told.body, expected.replace("ID", &id.to_string()).replace("OTHERS", &others));
    assert_eq!(node.get("/api/v3/musterland/de/locations?on_map=off").await.body, "[]");
    let refused = node.get("/api/v3/musterland/de/locations/?on_map=Perhaps").await;
    assert_eq!((refused.status, refused.json()), (400, json!({"error": "Invalid truth value perhaps"})));
}

#[actix_web::test]
async fn a_place_without_a_text_in_a_language_is_shown_in_the_default_one_and_says_so() {
    let told = node().get("/api/v3/musterland/ar/locations/").await.json();
    assert_eq!(told[0]["id"], Value::Null);
    assert_eq!(told[0]["path"], "/musterland/ar/locations/rathaus/");
    assert_eq!(told[0]["title"], "Rathaus");
    assert!(told[0]["available_languages"]["de"]["id"].is_i64());
    assert_eq!(told[0]["available_languages"].get("ar"), None);
}

#[actix_web::test]
async fn an_event_is_told_once_with_its_rule() {
    let node = node();
    let told = node.get("/api/v3/musterland/de/events/?combine_recurring=True").await;
    let events = told.json();
    let [online, weekly] = events.as_array().unwrap().as_slice() else { panic!("{events}") };
    let expected = [
        "id",
        "url",
        "path",
        "title",
        "modified_gmt",
        "last_updated",
        "excerpt",
        "content",
        "available_languages",
        "thumbnail",
        "location",
        "location_path",
        "meeting_url",
        "event",
        "hash",
        "recurrence_rule",
    ];
    assert_eq!(keys(first_of(&told.body)), expected);
    assert_eq!(weekly["recurrence_rule"], "DTSTART:20260602T150000\nRRULE:FREQ=WEEKLY;BYDAY=TU");
    assert_eq!(weekly["location_path"], "/musterland/de/locations/rathaus/");
    let dates = r#""event": {"id": 6, "start": "2026-06-02T17:00:00+02:00", "start_date": "2026-06-02", "start_time": "17:00:00", "end": "2026-06-02T19:00:00+02:00", "end_date": "2026-06-02", "end_time": "19:00:00", "all_day": false, "only_weekdays": false, "recurrence_id": 6, "timezone": "Europe/Berlin"}"#;
    assert!(told.body.contains(dates), "{}", told.body);
    assert_eq!(online["meeting_url"], "https://meet.example/x");
    assert_eq!(online["thumbnail"], "https://cms.example/p.png");
    assert_eq!(online["location"]["id"], Value::Null);
    assert_eq!(online["location"].as_object().unwrap().len(), 10);
    assert_eq!(online["recurrence_rule"], Value::Null);
    let dates = &online["event"];
    assert_eq!((&dates["all_day"], &dates["only_weekdays"]), (&json!(true), &json!(true)));
    assert_eq!(dates["start"], "2026-05-20T00:00:00+02:00");
    assert_eq!(dates["end"], "2026-05-21T23:59:00+02:00");
}

#[actix_web::test]
async fn without_the_rule_each_date_of_the_next_month_is_told() {
    let told = node().get("/api/v3/musterland/en/events/").await.json();
    let paths: Vec<&str> =
        told.as_array().unwrap().iter().map(|event| event["path"].as_str().unwrap()).collect();
    let date = |day: &str| format!("/musterland/en/events/language-cafe${day}/");
    let mut expected = vec!["/musterland/en/events/netztreff/".to_owned()];
    expected.extend(["2026-06-02", "2026-06-09", "2026-06-16", "2026-06-23", "2026-06-30"].map(date));
    assert_eq!(paths, expected);
    let second = &told[2];
    assert_eq!((&second["id"], &second["event"]["id"]), (&Value::Null, &Value::Null));
    assert_eq!(second["event"]["start"], "2026-06-09T17:00:00+02:00");
    assert_eq!(second["available_languages"]["de"]["path"], "/musterland/de/events/sprachcafe$2026-06-09/");
    assert_eq!(second["recurrence_rule"], Value::Null);
}

#[actix_web::test]
async fn news_are_told_to_todays_apps_and_to_older_ones() {
    let node = node();
    let told = node.get("/api/v3/musterland/en/news").await;
    let expected = concat!(
        r#"[{"id": "local-8", "title": "Office closed", "content": "On Friday", "#,
        r#""last_updated": "2026-01-10T09:00:00+01:00", "display_date": "2026-04-30T07:05:00Z", "channel": "news", "#,
        r#""available_languages": {"de": {"id": "local-8"}, "en": {"id": "local-8"}}, "source": "local", "#,
        r#""externalUrl": "https://node.example/musterland/en/news/local/8"}]"#,
    );
    assert_eq!(told.body, expected);
    assert_eq!(told.header("access-control-allow-origin"), "*");
    let one = node.get("/api/v3/musterland/de/news/local-8").await.json();
    assert_eq!(one["content"], "Am Freitag & Samstag\nzu");
    for (id, why) in [
        ("x", "Invalid news id."),
        ("local-x", "Invalid news id."),
        ("tunews-8", "No matching news source was found."),
        ("local-9", "Push Notification not found in this region with this language."),
    ] {
        let refused = node.get(&format!("/api/v3/musterland/de/news/{id}/")).await;
        assert_eq!((refused.status, refused.json()), (404, json!({"error": why})), "{id}");
    }
    assert_eq!(node.get("/api/v3/musterland/uk/news/").await.body, "[]");
    assert_eq!(node.get("/api/v3/musterland/de/news/?source=tunews").await.body, "[]");
    let old = node.get("/api/v3/musterland/en/fcm/").await;
    let keys = keys(first_of(&old.body));
    let expected = [
        "id",
        "title",
        "message",
        "timestamp",
        "last_updated",
        "display_date",
        "channel",
        "available_languages",
    ];
    assert_eq!(keys, expected);
    assert_eq!(old.json()[0]["available_languages"], json!({"de": {"id": 8}, "en": {"id": 8}}));
}

#[actix_web::test]
async fn the_imprint_is_told_in_the_default_language_where_it_must_and_missing_ones_are_404() {
    let node = node();
    let told = node.get("/api/v3/musterland/am/imprint/").await;
    assert_eq!(told.json()["id"], Value::Null);
    assert_eq!(told.json()["path"], "/musterland/am/imprint/");
    assert_eq!(told.json()["content"], "<p>Wir</p>");
    assert_eq!(node.get("/api/v3/musterland/am/disclaimer/").await.body, told.body);
    assert_eq!(Node::new().get("/api/v3/musterland/de/imprint/").await.status, 404);
}

#[actix_web::test]
async fn offers_are_told_at_each_of_their_addresses() {
    let node = node();
    let expected = r#"[{"name": "Jobs", "alias": "sprungbrett", "url": "https://jobs.example/", "post": {"search-plz": "12345"}, "thumbnail": ""}]"#;
    for path in ["musterland/offers", "musterland/extras/", "musterland/ar/offers/", "musterland/de/extras"] {
        assert_eq!(node.get(&format!("/api/v3/{path}")).await.body, expected, "{path}");
    }
}

#[actix_web::test]
async fn every_address_that_apps_are_told_is_one_for_readers() {
    let node = node();
    for language in ["de", "en", "ar"] {
        for list in ["events", "locations"] {
            let paths = node.get(&format!("/api/v3/musterland/{language}/{list}/")).await.paths();
            assert!(!paths.is_empty(), "{language} {list}");
            for path in paths {
                let told = node.get(&path).await;
                // One date of an event that comes back is told on the page of the event.
                let wanted = if path.contains('$') { 301 } else { 200 };
                assert_eq!(told.status, wanted, "{path}");
            }
        }
        let imprint = node.get(&format!("/api/v3/musterland/{language}/imprint/")).await.json();
        let told = node.get(imprint["path"].as_str().unwrap()).await;
        assert_eq!((told.status, told.body.contains("<p>Wir</p>")), (200, true), "{language}");
    }
    let news = node.get("/api/v3/musterland/en/news/").await.json();
    let url = news[0]["externalUrl"].as_str().unwrap().strip_prefix(SITE).unwrap().to_owned();
    assert!(node.get(&format!("/{url}/")).await.body.contains("<h1>Office closed</h1>"), "{url}");
}
