//! A node takes over a region from another one through API v3, and both answer alike but for ids.

use super::cards;
use super::fixture::{Node, SITE};
use lotse::base::id::ItemId;
use lotse::domain::content::Desk;
use lotse::domain::content::assemble::assemble;
use lotse::domain::exchange::integreat::{Answers, Held, ImportError, Options, Report, import, prepare};
use lotse::platform::clock::Clock;
use lotse::platform::db::{Database, Read, Write};
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

const LANGUAGES: [&str; 5] = ["de", "en", "uk", "ar", "am"];
/// What is recorded of each language: the name of the file, and what is asked.
const RECORDED: [(&str, &str); 7] = [
    ("pages", "pages/"),
    ("locations", "locations/"),
    ("locations-on-map", "locations/?on_map=1"),
    ("location-categories", "location-categories/"),
    ("events", "events/?combine_recurring=True"),
    ("news", "news/?size=500"),
    ("imprint", "imprint/"),
];
/// What is compared besides.
const MORE: [&str; 13] = [
    "events/",
    "fcm/",
    "fcm/?channel=news",
    "disclaimer/",
    "offers/",
    "extras/",
    "locations/?on_map=0",
    "news",
    "news/?page=2&size=1",
    "news/?source=tunews",
    "children/",
    "children/?depth=2",
    "children/?depth=9",
];

async fn record(node: &Node, folder: &Path) {
    let write = |name: String, body: String| std::fs::write(folder.join(name), body).unwrap();
    write("regions.json".into(), node.get("/api/v3/regions/").await.body);
    write("languages.json".into(), node.get("/api/v3/musterland/languages/").await.body);
    write("offers.json".into(), node.get("/api/v3/musterland/offers/").await.body);
    for language in LANGUAGES {
        for (name, path) in RECORDED {
            let told = node.get(&format!("/api/v3/musterland/{language}/{path}")).await;
            assert_eq!(told.status, 200, "{path}");
            write(format!("{name}.{language}.json"), told.body);
        }
    }
}

fn take_over(db: &Database, clock: &Clock, folder: &Path) -> Report {
    let answers = Answers::read_folder(folder, "musterland").unwrap();
    let prepared = prepare(answers, &Options { region: "musterland".into(), ..Options::default() }).unwrap();
    let desk = Desk { clock, site: SITE };
    db.write(|tx: &mut Write<'_>| import(tx, &desk, prepared, &Held::default()))
        .unwrap_or_else(|error: ImportError| panic!("{error}"))
}

/// The same with every id and number that a node gives out itself made equal.
fn levelled(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let level = |(key, value): (String, Value)| match (key.as_str(), value) {
                ("id" | "recurrence_id" | "order", Value::Number(_)) => (key, Value::from("a number")),
                ("content", Value::String(html)) => (key, Value::from(without_numbers(html))),
                ("id", Value::String(id)) => (key, Value::from(id.trim_end_matches(char::is_numeric))),
                ("externalUrl", Value::String(url)) => {
                    (key, Value::from(url.trim_end_matches(char::is_numeric)))
                }
                (_, value) => (key, levelled(value)),
            };
            members.into_iter().map(level).collect()
        }
        Value::Array(all) => all.into_iter().map(levelled).collect(),
        other => other,
    }
}

/// Cards of contacts have their numbers, which a node gives out itself.
fn without_numbers(html: String) -> String {
    let mut parts = html.split("data-contact-id=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |html, part| html + "data-contact-id=\"" + part.trim_start_matches(char::is_numeric))
}

#[actix_web::test]
async fn a_region_taken_over_from_another_node_answers_alike() {
    let origin = cards::node();
    let folder = tempfile::tempdir().unwrap();
    record(&origin, folder.path()).await;
    let path: PathBuf = folder.path().to_owned();
    let copy = Node::made_by(move |db, clock| {
        let report = take_over(db, clock, &path);
        assert_eq!(report.notes, Vec::<String>::new());
        assert_eq!((report.new_items, report.vanished_items), (11, 0));
        // The same answers again change nothing.
        let again = take_over(db, clock, &path);
        assert_eq!((again.new_items, again.new_revisions), (0, 0));
        Vec::<ItemId>::new()
    });
    assert_alike(&origin, &copy).await;
}

/// Every endpoint in every language, and everything that has an address or an id by itself.
async fn assert_alike(origin: &Node, copy: &Node) {
    let mut paths = Vec::new();
    for path in ["regions/", "regions/musterland/", "musterland/languages/", "musterland/offers/"] {
        paths.push((path.to_owned(), path.to_owned()));
    }
    for language in LANGUAGES {
        let at = |path: &str| format!("musterland/{language}/{path}");
        let asked = RECORDED.iter().map(|(_, path)| *path).chain(MORE);
        paths.extend(asked.map(|path| (at(path), at(path))));
        for page in origin.get(&format!("/api/v3/{}", at("pages/"))).await.list() {
            let url: String =
                url::form_urlencoded::byte_serialize(page["path"].as_str().unwrap().as_bytes()).collect();
            let doors = ["page", "post", "children", "parents"].map(|door| at(&format!("{door}/?url={url}")));
            paths.extend(doors.map(|path| (path.clone(), path)));
        }
        let news = |list: Vec<Value>| list.into_iter().map(|one| one["id"].as_str().unwrap().to_owned());
        let here = news(origin.get(&format!("/api/v3/{}", at("news"))).await.list());
        let there = news(copy.get(&format!("/api/v3/{}", at("news"))).await.list());
        paths.extend(
            here.zip(there).map(|(one, other)| (at(&format!("news/{one}")), at(&format!("news/{other}")))),
        );
    }
    for (path, there) in paths {
        let one = origin.get(&format!("/api/v3/{path}")).await;
        let other = copy.get(&format!("/api/v3/{there}")).await;
        assert_eq!(one.status, other.status, "{path}");
        assert_eq!(levelled(other.json()), levelled(one.json()), "{path}");
    }
}

#[actix_web::test]
async fn pages_with_former_addresses_come_over_with_them() {
    let origin = Node::new();
    let folder = tempfile::tempdir().unwrap();
    record_pages(&origin, folder.path()).await;
    let path: PathBuf = folder.path().to_owned();
    let copy = Node::made_by(move |db, clock| {
        take_over(db, clock, &path);
        Vec::<ItemId>::new()
    });
    let told = copy.get("/api/v3/musterland/de/page/?url=stellensuche").await.json();
    assert_eq!(told["slug_history"], serde_json::json!(["stellensuche", "jobsuche"]));
    for language in LANGUAGES {
        let path = format!("/api/v3/musterland/{language}/pages/");
        let (one, other) = (origin.get(&path).await.json(), copy.get(&path).await.json());
        assert_eq!(without_origin(levelled(other)), without_origin(levelled(one)), "{language}");
    }
}

/// A page that is a mirror at the origin is one of the copy's own, whose text says whom it is from.
fn without_origin(mut pages: Value) -> Value {
    for page in pages.as_array_mut().into_iter().flatten() {
        let Some(page) = page.as_object_mut() else { continue };
        page.remove("origin");
        if page["content"].as_str().is_some_and(|content| content.contains("nord.example")) {
            page.remove("content");
            page.remove("excerpt");
        }
    }
    pages
}

async fn record_pages(node: &Node, folder: &Path) {
    let write = |name: String, body: String| std::fs::write(folder.join(name), body).unwrap();
    write("regions.json".into(), node.get("/api/v3/regions/").await.body);
    write("languages.json".into(), node.get("/api/v3/musterland/languages/").await.body);
    for language in LANGUAGES {
        let told = node.get(&format!("/api/v3/musterland/{language}/pages/")).await;
        write(format!("pages.{language}.json"), told.body);
    }
}

#[actix_web::test]
async fn what_an_import_did_not_hear_of_is_kept_and_the_next_one_finishes_it() {
    let origin = cards::node();
    let folder = tempfile::tempdir().unwrap();
    record(&origin, folder.path()).await;
    let (whole, broken) = (folder.path().to_owned(), tempfile::tempdir().unwrap());
    let partly = broken.path().to_owned();
    for entry in std::fs::read_dir(&whole).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), partly.join(entry.file_name())).unwrap();
    }
    // One place and one event cannot be read, and of the news only those in English were delivered.
    for (name, from) in [
        ("locations.de", "\"location\": {"),
        ("locations.ar", "\"location\": {"),
        ("events.de", "\"event\": {"),
    ] {
        let file = partly.join(format!("{name}.json"));
        let told = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, told.replacen(from, "\"other\": {", 1)).unwrap();
    }
    std::fs::remove_file(partly.join("news.de.json")).unwrap();
    let copy = Node::made_by(move |db, clock| {
        let first = take_over(db, clock, &partly);
        assert!(first.notes.iter().any(|note| note.contains("place 1 of")), "{first}");
        assert!(first.notes.iter().any(|note| note.contains("event 1 of")), "{first}");
        take_over(db, clock, &whole);
        // Heard of less than before: nothing is taken back.
        let again = take_over(db, clock, &partly);
        assert_eq!((again.vanished_items, again.new_items), (0, 0), "{again}");
        let last = take_over(db, clock, &whole);
        assert_eq!((last.vanished_items, last.new_items, last.new_pages), (0, 0, 0), "{last}");
        Vec::<ItemId>::new()
    });
    assert_alike(&origin, &copy).await;
}

#[actix_web::test]
async fn what_is_no_longer_delivered_is_archived_and_what_changed_becomes_one_revision() {
    let origin = cards::node();
    let folder = tempfile::tempdir().unwrap();
    record(&origin, folder.path()).await;
    let path: PathBuf = folder.path().to_owned();
    let copy = Node::made_by(move |db, clock| {
        take_over(db, clock, &path);
        for language in LANGUAGES {
            // The card in a page's text is drawn anew too.
            for what in ["locations", "pages"] {
                let file = path.join(format!("{what}.{language}.json"));
                let told = std::fs::read_to_string(&file).unwrap();
                let told = told.replace("+49 1234 567", "+49 1234 999");
                std::fs::write(&file, told.replace("+491234567", "+491234999")).unwrap();
            }
            std::fs::write(path.join(format!("events.{language}.json")), one_event_less(&path, language))
                .unwrap();
        }
        let changed = take_over(db, clock, &path);
        // The number stands in one contact; no text of any language is touched.
        assert_eq!((changed.new_revisions, changed.vanished_items), (1, 1));
        Vec::<ItemId>::new()
    });
    let told = copy.get("/api/v3/musterland/ar/locations/").await.json();
    assert_eq!(told[0]["phone_number"], "+49 1234 999");
    let page = copy.get("/api/v3/musterland/de/page/?url=willkommen").await.json();
    assert!(page["content"].as_str().unwrap().contains("+49 1234 999"), "{page}");
    let events = copy.get("/api/v3/musterland/de/events/?combine_recurring=1").await.json();
    assert_eq!(events.as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn whom_a_page_names_goes_and_comes_back_with_what_is_delivered() {
    let origin = cards::node();
    let folder = tempfile::tempdir().unwrap();
    record(&origin, folder.path()).await;
    let path: PathBuf = folder.path().to_owned();
    let copy = Node::made_by(move |db, clock| {
        take_over(db, clock, &path);
        let file = path.join("pages.de.json");
        let whole = std::fs::read_to_string(&file).unwrap();
        let mut pages: Value = serde_json::from_str(&whole).unwrap();
        pages[0]["organization"] = Value::Null;
        pages[0]["embedded_offers"] = serde_json::json!([]);
        std::fs::write(&file, pages.to_string()).unwrap();
        // The one that only the page named is gone; the offer is among the region's.
        let less = take_over(db, clock, &path);
        assert_eq!((less.new_revisions, less.vanished_items), (0, 1), "{less}");
        let shown = |db: &Database| {
            let assembled = |tx: &mut Read<'_>| assemble(tx, clock.now(), HashMap::new());
            let snapshot = db.read(assembled).unwrap();
            let (_, edition) = snapshot.region("musterland").unwrap().edition("de").unwrap();
            edition.pages.items[0].facts.is_some()
        };
        assert!(!shown(db));
        std::fs::write(&file, whole).unwrap();
        let more = take_over(db, clock, &path);
        assert_eq!((more.new_revisions, more.new_items, more.vanished_items), (1, 0, 0), "{more}");
        assert!(shown(db));
        // Pages name organisations and offers too, and not all: where no others are heard of, these stay.
        let names = LANGUAGES.iter().map(|language| format!("locations.{language}.json"));
        let silenced: Vec<_> = names.chain(["offers.json".to_owned()]).map(|name| path.join(name)).collect();
        let told: Vec<String> = silenced.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        silenced.iter().for_each(|file| std::fs::write(file, "[]").unwrap());
        let partly = take_over(db, clock, &path);
        assert_eq!((partly.new_items, partly.vanished_items), (0, 0), "{partly}");
        silenced.iter().zip(told).for_each(|(file, told)| std::fs::write(file, told).unwrap());
        take_over(db, clock, &path);
        Vec::<ItemId>::new()
    });
    assert_alike(&origin, &copy).await;
}

fn one_event_less(folder: &Path, language: &str) -> String {
    let told = std::fs::read_to_string(folder.join(format!("events.{language}.json"))).unwrap();
    let events: Vec<Value> = serde_json::from_str(&told).unwrap();
    serde_json::to_string(&events[1..]).unwrap()
}
