//! The life of a node, told command by command.

use super::support::{Home, recorded, run_in};
use serde_json::Value;

#[test]
fn a_region_goes_from_its_recording_to_a_node_that_follows() {
    let district = Home::empty();
    district.init("Landkreis Augsburg").done().says("is ready").says("Fingerprint");
    assert!(district.run(&["serve", "--check"]).done().out.contains(&format!("url = \"{}\"", district.url)));
    let import = ["import", "integreat", "--region", "lkaugsburg", "--from", recorded(), "--media", "link"];
    district.run(&[&import[..], &["--name", "Landkreis Augsburg"]].concat()).done();
    let regions = district.json(&["region", "list"]);
    assert_eq!(regions[0]["languages"][0]["pages"], 238);
    district.run(&["doctor"]).done().says("well").says("238 pages");

    let folder = district.path("out");
    let place = folder.to_str().unwrap();
    let exported = district.json(&["export", place]);
    assert!(exported["entries"].as_i64().unwrap() > 238, "{exported}");
    assert_eq!(district.json(&["export", place])["new_files"], 0);
    district.run(&["verify", place]).done().says("The feed holds.");
    let audit = district.json(&["verify", place]);
    assert!(
        audit["findings"].as_array().unwrap().iter().all(|finding| finding["verdict"] == "holds"),
        "{audit}"
    );

    let town = Home::new("Musterstadt");
    town.run(&["region", "add", "musterstadt", "--name", "Musterstadt", "--languages", "de,en"]).done();
    town.run(&["peers", "list"]).done().says("No node is followed yet");
    let followed = town.json(&["follow", place, "--yes"]);
    assert_eq!(followed["sync"]["size"], exported["entries"]);
    let peers = town.json(&["peers", "list"]);
    assert_eq!((&peers[0]["name"], &peers[0]["state"]), (&"Landkreis Augsburg".into(), &"following".into()));
    town.run(&["peers", "show", "Landkreis Augsburg"]).done().says("verified").says("live");
    let shown = town.json(&["peers", "show", "landkreis augsburg", "--items"]);
    let top = object_of(&shown, "Deutsch lernen");
    let adopted = town.json(&["adopt", "Landkreis Augsburg", &top]);
    assert!(adopted["items"].as_i64().unwrap() > 5, "{adopted}");
    town.run(&["adopt", "Landkreis Augsburg", &top]).failed(5, &["already shown", &top]);
    let listed = town.json(&["page", "list", "--region", "musterstadt"]);
    assert_eq!(listed.as_array().unwrap().len() as i64, adopted["items"].as_i64().unwrap());
    let mirrored = listed[0]["id"].as_str().unwrap();
    town.run(&["page", "archive", mirrored]).failed(4, &["mirrored from another node", mirrored]);
    town.run(&["sync"]).done().says("0 new entries");
    town.run(&["doctor"]).done().says("Landkreis Augsburg");
}

fn object_of(shown: &Value, title: &str) -> String {
    let mut pages = shown["items"].as_array().unwrap().iter();
    let found = pages.find(|page| page["titles"]["de"] == title).unwrap_or_else(|| panic!("no {title:?}"));
    found["object"].as_str().unwrap().to_owned()
}

/// A node with two pages, one below the other, imported from a folder written here.
pub fn small() -> (Home, String, String) {
    let home = Home::new("Kleinstadt");
    let answers = home.path("answers");
    std::fs::create_dir_all(&answers).unwrap();
    let page = |id: i64, path: &str, title: &str, parent: Value| {
        serde_json::json!({
            "id": id, "url": format!("https://cms.example{path}"), "path": path, "title": title,
            "modified_gmt": "2024-01-01T08:00:00.000Z", "last_updated": "2024-01-01T09:00:00.000+01:00",
            "excerpt": title, "content": format!("<p>{title}</p>"), "parent": parent, "order": id,
            "available_languages": {}, "thumbnail": null, "organization": null, "hash": null,
        })
    };
    let pages = [
        page(1, "/klein/de/oben/", "Oben", serde_json::json!({ "id": 0, "url": null, "path": null })),
        page(
            2,
            "/klein/de/oben/unten/",
            "Unten",
            serde_json::json!({ "id": 1, "url": "https://cms.example/klein/de/oben/", "path": "/klein/de/oben/" }),
        ),
    ];
    std::fs::write(answers.join("pages.de.json"), serde_json::to_vec(&pages).unwrap()).unwrap();
    let from = answers.to_str().unwrap();
    home.run(&["import", "integreat", "--region", "klein", "--name", "Klein", "--from", from]).done();
    let listed = home.json(&["page", "list", "--region", "klein"]);
    let id = |at: usize| listed[at]["id"].as_str().unwrap().to_owned();
    let ids = (id(0), id(1));
    (home, ids.0, ids.1)
}

#[test]
fn pages_are_hidden_shown_again_and_erased() {
    let (home, above, below) = small();
    assert_eq!(home.json(&["page", "archive", &above])["archived"], 2);
    let titles = || {
        let listed = home.json(&["page", "list", "--region", "klein"]);
        let titles = listed.as_array().unwrap().iter().map(|page| page["title"].as_str().unwrap().to_owned());
        titles.collect::<Vec<_>>()
    };
    assert!(titles().is_empty());
    home.run(&["page", "restore", &below]).failed(5, &[&above, "restore it"]);
    assert!(titles().is_empty());
    home.run(&["page", "restore", &above]).done().says("public again");
    assert_eq!(titles(), ["Oben", "Unten"]);
    assert_eq!(home.json(&["page", "erase", &below, "--why", "gdpr-17", "--yes"])["erased_revisions"], 2);
    assert_eq!(titles(), ["Oben"]);
    let folder = home.path("out");
    home.run(&["export", folder.to_str().unwrap()]).done();
    let audit = home.json(&["verify", folder.to_str().unwrap()]);
    assert!(
        audit["findings"].as_array().unwrap().iter().all(|finding| finding["verdict"] == "holds"),
        "{audit}"
    );
}

#[test]
fn a_node_that_serves_is_verified_and_followed_over_http() {
    let (home, above, _) = small();
    let served = home.serves();
    let town = Home::new("Stadt");
    town.run(&["verify", &home.url]).done().says("The feed holds.");
    town.run(&["follow", &home.url]).failed(2, &["--node", "--yes"]);
    let id = home.json(&["key", "fingerprint"])["node"].as_str().unwrap().to_owned();
    let other = town.json(&["key", "fingerprint"])["node"].as_str().unwrap().to_owned();
    town.run(&["follow", &home.url, "--node", &other]).failed(5, &[&id, &other]);
    town.run(&["follow", &home.url, "--node", &id]).done().says("Following.");
    home.run(&["follow", &home.url, "--yes"]).failed(2, &["this node itself"]);
    // Another process may work on the node while it serves.
    home.run(&["page", "archive", &above]).done();
    town.run(&["sync", &id[..10]]).done().says("2 new entries");
    assert_eq!(served.ends(), Some(0));
    let failed = town.run(&["sync"]);
    assert!(failed.code == 1 && failed.out.contains("cannot be reached"), "{failed:?}");
    town.run(&["verify", &home.url]).failed(6, &[&home.url]);
}

#[test]
fn the_keys_come_back_from_their_sheet() {
    let home = Home::new("Amt");
    let told = home.json(&["key", "fingerprint"]);
    let spoken = told["fingerprint"].as_str().unwrap();
    home.run(&["key", "fingerprint"]).done().says(spoken);
    let sheet = home.run(&["key", "sheet"]).done().says("RECOVERY SHEET of Amt").says(spoken);
    let html = home.run(&["key", "sheet", "--html"]).done().says("<svg").says(spoken);
    let code = home.json(&["key", "sheet"])["recovery_code"].as_str().unwrap().to_owned();
    for line in code.lines() {
        assert!(sheet.out.contains(line) && html.out.contains(line), "{line}");
    }
    let elsewhere = tempfile::tempdir().unwrap();
    run_in(elsewhere.path(), &["key", "restore"], &code.to_lowercase()).done().says("keys are back");
    let read = |folder: &std::path::Path| std::fs::read_to_string(folder.join("keys/seed")).unwrap();
    assert_eq!(read(elsewhere.path()), std::fs::read_to_string(home.path("keys/seed")).unwrap());
    run_in(elsewhere.path(), &["key", "restore"], &code).failed(5, &["keys"]);
    // The node has signed before: without its database it must not begin anew.
    let chosen = ["--set", "node.name=Amt", "--set", "site.url=http://localhost/"];
    let add = ["region", "add", "amt", "--name", "Amt"];
    run_in(elsewhere.path(), &[&chosen[..], &add].concat(), "").failed(5, &["backup", "database"]);
    let mistyped = code.replacen(&code[..1], if code.starts_with('7') { "8" } else { "7" }, 1);
    let third = tempfile::tempdir().unwrap();
    run_in(third.path(), &["key", "restore"], &mistyped).failed(2, &["mistyped"]);
    run_in(third.path(), &["key", "restore"], "").failed(2, &["56"]);
}
