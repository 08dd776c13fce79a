//! What a region says of itself: chosen when it is added, changed later, and by an import only where upstream changed.

use super::support::{Home, answer};
use serde_json::{Value, json};

/// What a region is called and how it is set.
fn region(home: &Home, slug: &str) -> Value {
    let regions = home.json(&["region", "list"]);
    regions.as_array().unwrap().iter().find(|region| region["slug"] == slug).unwrap().clone()
}

/// Licences in the feed, one for each entry that tells of a page.
fn licences(home: &Home) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    home.run(&["export", folder.path().to_str().unwrap()]).done();
    let bundles = std::fs::read_dir(folder.path().join("feed/pub/1/tile/entries/000.p")).unwrap();
    let bytes = bundles.map(|file| std::fs::read(file.unwrap().path()).unwrap()).next().unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let entries = text.split("\"kind\":\"page\"").skip(1);
    entries
        .map(|entry| entry.split("\"lic\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
        .collect()
}

#[test]
fn a_region_says_under_which_licence_it_publishes_and_may_change_that() {
    let home = Home::new("Amt");
    home.run(&["region", "add", "dorf", "--name", "Dorf"])
        .done()
        .says("CC-BY-4.0")
        .says("\"Dorf\"")
        .says("region set");
    home.run(&["region", "add", "x", "--name", "X", "--licence", "frei für alle"])
        .failed(2, &["\"frei für alle\"", "SPDX"]);
    let chosen = ["--licence", "CC0-1.0", "--attribution", "Stadtarchiv"];
    home.run(&[&["region", "add", "stadt", "--name", "Stadt"], &chosen[..]].concat()).done().says("CC0-1.0");
    assert_eq!(region(&home, "stadt")["settings"]["attribution"], "Stadtarchiv");

    home.run(&["region", "set", "stadt"]).failed(2, &["--name", "--licence"]);
    home.run(&["region", "set", "weiler", "--name", "W"]).failed(3, &["\"weiler\"", "dorf", "stadt"]);
    for (option, value) in [("--licence", "frei für alle"), ("--time-zone", "Mitteleuropa"), ("--name", "")]
    {
        home.run(&["region", "set", "stadt", option, value]).failed(2, &[value]);
    }
    let all =
        ["--name", "Landkreis Stadt", "--prefix", "Landkreis", "--postcode", "12345", "--listed", "false"];
    home.run(&[&["region", "set", "stadt"], &all[..]].concat()).done().says("Landkreis Stadt is changed");
    let told = region(&home, "stadt");
    assert_eq!(
        (&told["name"], &told["settings"]["name_without_prefix"]),
        (&json!("Landkreis Stadt"), &json!("Stadt"))
    );
    let expected = json!(["12345", false, "CC0-1.0", "Stadtarchiv"]);
    let settings = &told["settings"];
    assert_eq!(
        json!([settings["postcode"], settings["listed"], settings["licence"], settings["attribution"]]),
        expected
    );
    let again = home.json(&["region", "set", "stadt", "--postcode", "12345"]);
    assert_eq!(again["changed"], false);
    home.run(&["region", "set", "dorf", "--name", "Oberdorf"]).done();
    assert_eq!(region(&home, "dorf")["settings"]["attribution"], "Oberdorf");
}

#[test]
fn a_new_licence_reaches_the_feed_at_once() {
    let home = Home::new("Kleinstadt");
    let pages = json!([answer("/klein/de/eins/", "Eins", &[]), answer("/klein/de/zwei/", "Zwei", &[])]);
    home.imports("klein", &[("pages.de", pages)], &[]).done();
    assert_eq!(licences(&home), ["CC-BY-4.0", "CC-BY-4.0"]);
    home.run(&["region", "set", "klein", "--licence", "DL-DE-BY-2.0"]).done().says("DL-DE-BY-2.0");
    assert_eq!(licences(&home)[2..], ["DL-DE-BY-2.0", "DL-DE-BY-2.0"]);
}
