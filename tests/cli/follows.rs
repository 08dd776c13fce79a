//! Following and adopting may be thought over: limits change, an adoption ends, a node is forgotten.

use super::support::{Home, answer};
use serde_json::json;

/// A district with two pages, one of them in English too, exported to a folder.
fn district() -> (Home, String) {
    let district = Home::new("Landkreis");
    let german = json!([
        answer("/kreis/de/arbeit/", "Arbeit", &[("en", "/kreis/en/work/")]),
        answer("/kreis/de/wohnen/", "Wohnen", &[]),
    ]);
    let english = json!([answer("/kreis/en/work/", "Work", &[("de", "/kreis/de/arbeit/")])]);
    district.imports("kreis", &[("pages.de", german), ("pages.en", english)], &["--name", "Kreis"]).done();
    let folder = district.path("out").to_str().unwrap().to_owned();
    district.run(&["export", &folder]).done();
    (district, folder)
}

fn town() -> Home {
    let town = Home::new("Musterstadt");
    town.run(&["region", "add", "stadt", "--name", "Stadt", "--languages", "de,en"]).done();
    town
}

/// The id of a page that the town could adopt.
fn object(town: &Home, title: &str) -> String {
    let shown = town.json(&["peers", "show", "Landkreis", "--items"]);
    let mut pages = shown["items"].as_array().unwrap().iter();
    let found =
        pages.find(|page| page["titles"]["de"] == title).unwrap_or_else(|| panic!("no {title}: {shown}"));
    found["object"].as_str().unwrap().to_owned()
}

#[test]
fn limits_that_are_given_again_replace_those_of_before() {
    let (_district, place) = district();
    let town = town();
    let follow = |more: &[&str]| town.run(&[&["follow", &place, "--yes"], more].concat()).done();
    let wanted = || town.json(&["peers", "list"])[0]["filter"].clone();
    follow(&["--languages", "en"]).says("Wanted of it: only languages en.");
    let texts = || town.json(&["peers", "show", "Landkreis", "--items"])["items"].to_string();
    assert!(texts().contains("Work") && !texts().contains("Wohnen"), "{}", texts());
    follow(&[]).says("Wanted of it: only languages en.");
    follow(&["--languages", "de,en"]).says("from now on: only languages de, en; before: only languages en.");
    assert_eq!(wanted(), json!({ "languages": ["de", "en"] }));
    assert!(texts().contains("Wohnen"), "{}", texts());
    follow(&["--everything"]).says("from now on: everything; before: only languages de, en.");
    assert_eq!(wanted(), json!({}));
    let both = ["follow", &place, "--everything", "--languages", "de"];
    town.run(&both).failed(2, &["--everything", "--languages"]);
}

#[test]
fn an_adoption_ends_and_then_its_node_can_be_forgotten() {
    let (_district, place) = district();
    let town = town();
    town.run(&["follow", &place, "--yes"]).done();
    let object = object(&town, "Arbeit");
    town.run(&["adopt", "Landkreis"]).failed(2, &["<OBJECT>"]);
    town.run(&["adopt", "Landkreis", &object]).done();
    let page = town.pages("stadt", "de")[0].0.clone();
    town.run(&["peers", "forget", "Landkreis"]).failed(5, &[&page, "adopt --remove"]);
    town.run(&["adopt", "--remove", &page, "--region", "stadt"]).failed(2, &["--remove", "--region"]);
    town.run(&["adopt", "--remove", &page]).done().says("1 items were taken out");
    assert!(town.pages("stadt", "de").is_empty());
    town.run(&["adopt", "--remove", &page]).failed(3, &[&page]);
    town.run(&["peers", "forget", "Landkreis"]).done().says("no longer followed");
    town.run(&["peers", "list"]).done().says("No node is followed yet");
    town.run(&["peers", "forget", "Landkreis"]).failed(3, &["Landkreis"]);
}

#[test]
fn all_regions_of_a_node_are_shown_until_that_is_switched_off() {
    let (_district, place) = district();
    let town = town();
    town.run(&["follow", &place, "--yes", "--show-regions"]).done().says("1 regions of it are shown here.");
    town.run(&["region", "list"]).done().says("of Landkreis");
    let shown = town.json(&["region", "list"]);
    let foreign = shown.as_array().unwrap().iter().find(|region| region["slug"] != "stadt").unwrap();
    let slug = foreign["slug"].as_str().unwrap();
    town.run(&["region", "set", slug, "--name", "Unseres"]).failed(4, &[slug, "another node"]);
    town.run(&["peers", "forget", "Landkreis"]).failed(5, &["peers set Landkreis --regions off"]);
    // What is adopted still goes to the only region of ours.
    town.run(&["adopt", "Landkreis", "--all", "events"]).done().says("0 items").says("adopt --remove");
    town.run(&["peers", "set", "Landkreis", "--regions", "off"]).done();
    assert_eq!(town.json(&["region", "list"]).as_array().unwrap().len(), 1);
}
