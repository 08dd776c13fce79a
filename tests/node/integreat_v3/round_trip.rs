//! A node takes over a region from another one through API v3, and both answer alike but for ids.

use super::cards;
use super::fixture::{Node, SITE};
use lotse::base::id::ItemId;
use lotse::domain::content::Desk;
use lotse::domain::exchange::integreat::{Answers, Held, ImportError, Options, Report, import, prepare};
use lotse::platform::clock::Clock;
use lotse::platform::db::{Database, Write};
use serde_json::Value;
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
const MORE: [&str; 4] = ["events/", "fcm/", "disclaimer/", "children/?depth=2"];

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

#[actix_web::test]
async fn a_region_taken_over_from_another_node_answers_alike() {
    let origin = cards::node();
    let folder = tempfile::tempdir().unwrap();
    record(&origin, folder.path()).await;
    let path: PathBuf = folder.path().to_owned();
    let copy = Node::made_by(move |db, clock| {
        let report = take_over(db, clock, &path);
        assert_eq!(report.notes, Vec::<String>::new());
        assert_eq!((report.new_items, report.vanished_items), (10, 0));
        // The same answers again change nothing.
        let again = take_over(db, clock, &path);
        assert_eq!((again.new_items, again.new_revisions), (0, 0));
        Vec::<ItemId>::new()
    });
    let mut paths = vec!["regions/musterland/".to_owned(), "musterland/offers/".into()];
    for language in LANGUAGES {
        let asked = RECORDED.iter().map(|(_, path)| *path).chain(MORE);
        paths.extend(asked.map(|path| format!("musterland/{language}/{path}")));
    }
    for path in paths {
        let (one, other) =
            (origin.get(&format!("/api/v3/{path}")).await, copy.get(&format!("/api/v3/{path}")).await);
        assert_eq!(one.status, other.status, "{path}");
        assert_eq!(levelled(other.json()), levelled(one.json()), "{path}");
    }
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
            let file = path.join(format!("locations.{language}.json"));
            let told = std::fs::read_to_string(&file).unwrap();
            std::fs::write(&file, told.replace("+49 1234 567", "+49 1234 999")).unwrap();
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
    let events = copy.get("/api/v3/musterland/de/events/?combine_recurring=1").await.json();
    assert_eq!(events.as_array().unwrap().len(), 1);
}

fn one_event_less(folder: &Path, language: &str) -> String {
    let told = std::fs::read_to_string(folder.join(format!("events.{language}.json"))).unwrap();
    let events: Vec<Value> = serde_json::from_str(&told).unwrap();
    serde_json::to_string(&events[1..]).unwrap()
}
