//! News from the command line.

use super::support::Home;

#[test]
fn news_are_told_listed_and_taken_back() {
    let home = Home::new("Amt");
    home.run(&["region", "add", "dorf", "--name", "Dorf", "--languages", "de,en"]).done();
    home.run(&["region", "add", "stadt", "--name", "Stadt"]).done();
    home.run(&["news", "list"]).done().says("No news.");
    let german = ["--language", "de", "--title", "Sperrung", "--text", "Bis Montag."];
    let english = ["--language", "en", "--title", "Closure", "--text", "Until Monday."];
    let add = |regions: &str, more: &[&str]| {
        home.run(&[&["--json", "news", "add", "--region", regions], &german[..], more].concat())
    };
    home.run(&[&["news", "add", "--region", "dorf", "--text", "x"], &german[..]].concat())
        .failed(2, &["equally often"]);
    home.run(&[&["news", "add", "--region", "dorf,burg"], &german[..]].concat())
        .failed(3, &["burg", "stadt"]);
    let told = add("dorf,stadt", &english).done().json();
    let waits = add("stadt", &["--at", "2999-01-01T08:00:00+01:00", "--audience", "family"]).done().json();
    assert_eq!(told["items"].as_array().unwrap().len(), 2);

    home.run(&["news", "list"])
        .done()
        .says("waits until 2999-01-01T07:00:00Z")
        .says("Closure")
        .says("told 2");
    let listed = home.json(&["news", "list", "--region", "dorf"]);
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["titles"]["en"]), (1, &"Closure".into()));
    home.run(&["news", "withdraw", told["items"][0]["item"].as_str().unwrap()]).done().says("in 2 regions");
    home.run(&["news", "withdraw", waits["items"][0]["item"].as_str().unwrap()]).done().says("in 1 regions");
    home.run(&["news", "list"]).done().says("No news.");
}
