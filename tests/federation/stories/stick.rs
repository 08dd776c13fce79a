//! A feed is files: it travels on a stick, and any web server can serve it.

use super::changes::district;
use crate::support::{TestNode, page, static_server};
use std::process::Command;

#[test]
fn a_feed_carried_on_a_stick_arrives_like_one_over_the_network() {
    let district = district();
    let stick = district.aside("stick");
    let written = district.exports(&stick).unwrap();
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de", "en"]);
    let origin = town.follows_at(stick.to_str().unwrap(), "{}").unwrap();
    assert_eq!(origin, district.origin());
    assert_eq!(town.adopts(&district, "arbeit"), 3);
    town.reads("/stadt/en/work/job-search/").is_there().says("Search here");
    assert_eq!(town.knows(&district).peer.entries, written);
    district.edits("suche", "de", "Stellensuche", "<p>Per Post</p>");
    district.publishes(page("lohn").below("suche").says("de", "Lohn", "<p>Mindestlohn</p>"));
    assert_eq!(town.syncs(&district), written, "nobody carried the news yet");
    assert_eq!(district.exports(&stick).unwrap(), written + 2);
    assert_eq!(town.syncs(&district), written + 2);
    town.reads("/stadt/de/arbeit/stellensuche/").says("Per Post");
    town.reads("/stadt/de/arbeit/stellensuche/lohn/").is_there();
    // What is erased leaves the stick when it is written again.
    district.erases("lohn", None);
    district.exports(&stick).unwrap();
    town.syncs(&district);
    town.reads("/stadt/de/arbeit/stellensuche/lohn/").is_missing();
}

#[test]
fn any_static_server_can_serve_an_export() {
    let district = district();
    let folder = district.aside("www");
    let written = district.exports(&folder).unwrap();
    let server = static_server(&folder);
    let found = district.audits(&server).unwrap();
    assert!(found.holds() && found.entries == written, "{:#?}", found.findings);
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de"]);
    town.follows_at(&server, "{}").unwrap();
    town.adopts(&district, "arbeit");
    district.edits("suche", "de", "Stellensuche", "<p>Neu hochgeladen</p>");
    district.exports(&folder).unwrap();
    assert_eq!(town.syncs(&district), written + 1);
    town.reads("/stadt/de/arbeit/stellensuche/").says("Neu hochgeladen");
    for place in [server.as_str(), folder.to_str().unwrap(), district.url()] {
        passes_the_second_implementation(place);
    }
}

/// Runs the check that shares no code with the node, where a Python with PyNaCl is named.
fn passes_the_second_implementation(place: &str) {
    let Ok(python) = std::env::var("LOTSE_TEST_PYTHON") else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verify_feed.py");
    let run = Command::new(python).arg(script).arg(place).output().unwrap();
    let told = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{place}: {told}");
}
