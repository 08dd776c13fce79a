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

#[test]
fn an_import_takes_over_what_changed_upstream_and_what_it_is_told() {
    let home = Home::new("Kleinstadt");
    let told = |name: &str, postcode: &str, live: bool| {
        json!([{ "path": "klein", "name": name, "prefix": "Stadt", "plz": postcode, "live": live,
            "longitude": 10.123456789, "latitude": 48.3, "aliases": { "Ort": { "longitude": 10.1, "latitude": 48.2 } } }])
    };
    let imports = |regions: &[Value], more: &[&str]| {
        let mut answers = vec![("pages.de", json!([answer("/klein/de/eins/", "Eins", &[])]))];
        answers.extend(regions.iter().map(|regions| ("regions", regions.clone())));
        let report = home.imports("klein", &answers, &[&["--json"], more].concat()).done().json();
        report["notes"].to_string()
    };
    let shows = |name: &str, postcode: &str, listed: bool| {
        let region = region(&home, "klein");
        let settings = &region["settings"];
        let shown = (region["name"].clone(), settings["postcode"].clone(), settings["listed"].clone());
        assert_eq!(shown, (json!(name), json!(postcode), json!(listed)));
    };
    imports(&[], &[]);
    shows("klein", "", true);
    // The first that is heard of it, and then nothing new.
    assert!(imports(&[told("Klein", "11111", true)], &[]).contains("name, postcode, prefix"));
    assert_eq!(imports(&[told("Klein", "11111", true)], &[]), "[]");
    shows("Klein", "11111", true);
    // What was changed here stays until it changes there.
    home.run(&["region", "set", "klein", "--name", "Klein am See", "--licence", "CC0-1.0"]).done();
    imports(&[told("Klein", "22222", false)], &[]);
    shows("Klein am See", "22222", false);
    imports(&[told("Kleinstadt", "22222", true)], &["--licence", "DL-DE-BY-2.0"]);
    shows("Kleinstadt", "22222", true);
    assert_eq!(region(&home, "klein")["settings"]["licence"], "DL-DE-BY-2.0");
    let decided = imports(&[], &["--name", "Neu", "--attribution", "Presseamt", "--licence", "DL-DE-BY-2.0"]);
    assert!(decided.contains("was changed: attribution, name\""), "{decided}");
    shows("Neu", "22222", true);
}

#[test]
fn a_region_that_an_editor_founded_keeps_what_it_says() {
    let home = Home::new("Kleinstadt");
    home.run(&["region", "add", "klein", "--name", "Unser Klein", "--licence", "CC0-1.0"]).done();
    let regions = |name: &str| json!([{ "path": "klein", "name": name, "plz": "11111" }]);
    let pages = json!([answer("/klein/de/eins/", "Eins", &[])]);
    home.imports("klein", &[("pages.de", pages.clone()), ("regions", regions("Klein"))], &[]).done();
    let told = region(&home, "klein");
    assert_eq!((&told["name"], &told["settings"]["licence"]), (&json!("Unser Klein"), &json!("CC0-1.0")));
    home.imports("klein", &[("pages.de", pages), ("regions", regions("Klein an der Au"))], &[]).done();
    let told = region(&home, "klein");
    assert_eq!((&told["name"], &told["settings"]["postcode"]), (&json!("Klein an der Au"), &json!("")));
}

#[test]
fn a_region_says_where_it_is_and_what_apps_offer_of_it() {
    let home = Home::new("Amt");
    home.run(&["region", "add", "kreis", "--name", "Kreis"]).done();
    let set = |more: &[&str]| home.run(&[&["region", "set", "kreis"], more].concat());
    set(&["--centre", "10.5,50.25", "--bounding-box", "-10.2,50,10.8,50.5", "--alias", "Ort=10.6,50.3"])
        .done();
    set(&["--alias", "Dorf=10.1,50.1", "--alias", "Weiler=10.2,50.2", "--feedback-days", "30"]).done();
    set(&["--contacts", "false", "--events", "false", "--official-key", "DE-ARS:097720000000"]).done();
    for wrong in
        [["--centre", "10.5"], ["--alias", "Ort"], ["--official-key", "9772"], ["--feedback-days", "0"]]
    {
        set(&wrong).failed(2, &[]);
    }
    set(&["--centre", "50.25,100"]).failed(2, &["longitude and latitude"]);
    set(&["--bounding-box", "10.2,50.5,10.8,50"]).failed(2, &["south-west"]);
    let settings = region(&home, "kreis")["settings"].clone();
    assert_eq!(settings["bounding_box"], json!([[-10.2, 50.0], [10.8, 50.5]]));
    assert_eq!(settings["aliases"], json!({ "Dorf": [10.1, 50.1], "Weiler": [10.2, 50.2] }));
    let told = json!([settings["centre"], settings["contacts"], settings["events"], settings["places"]]);
    assert_eq!(told, json!([[10.5, 50.25], false, false, true]));
    assert_eq!((&settings["feedback_days"], &settings["archived"]), (&json!(30), &json!(false)));
    set(&["--alias", ""]).done();
    assert_eq!(region(&home, "kreis")["settings"]["aliases"], json!({}));
}

#[test]
fn a_region_is_archived_and_shown_again() {
    let home = Home::new("Kleinstadt");
    home.imports("klein", &[("pages.de", json!([answer("/klein/de/eins/", "Eins", &[])]))], &[]).done();
    home.run(&["region", "archive", "gross"]).failed(3, &["klein"]);
    home.run(&["region", "archive", "klein"]).done().says("hidden");
    home.run(&["region", "archive", "klein"]).done().says("already");
    home.run(&["region", "list"]).done().says("(klein), archived");
    home.run(&["news", "add", "--region", "klein", "--language", "de", "--title", "T", "--text", "x"])
        .failed(5, &["archived"]);
    home.run(&["region", "restore", "klein"]).done().says("public again");
    assert_eq!(home.pages("klein", "de").len(), 1);
}
