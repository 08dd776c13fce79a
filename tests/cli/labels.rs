//! What items say of themselves, from the command line.

use super::support::{Home, answer};
use serde_json::json;

#[test]
fn an_item_is_given_a_licence_topics_and_audiences_and_they_are_taken_back() {
    let home = Home::new("Kleinstadt");
    home.imports("klein", &[("pages.de", json!([answer("/klein/de/oben/", "Oben", &[])]))], &[]).done();
    let page = home.pages("klein", "de")[0].0.clone();
    home.run(&["vocabulary", "add", "clubs", "--name", "de=Vereine", "--name", "en=Clubs"]).done();
    home.run(&["vocabulary", "list", "--language", "de"]).done().says("Vereine").says("Arbeit und Bildung");
    home.run(&["item", "set", &page]).failed(2, &["--licence", "--topic"]);
    home.run(&["item", "set", &page, "--topic", "weather"]).failed(3, &["\"weather\"", "housing", "clubs"]);
    let set =
        ["item", "set", &page, "--licence", "CC0-1.0", "--topic", "clubs,housing", "--audience", "family"];
    home.run(&set).done().says("1 item is changed");
    home.run(&set).done().says("say so already");
    let shown = home.json(&["item", "show", &page]);
    assert_eq!((&shown["licence"], &shown["audiences"]), (&json!("CC0-1.0"), &json!(["family"])));
    assert_eq!(shown["topics"].as_array().unwrap().len(), 2);
    home.run(&["vocabulary", "remove", "clubs"]).done().says("also from 1 items");
    home.run(&["item", "set", &page, "--licence", "", "--audience", ""]).done();
    home.run(&["item", "show", &page])
        .done()
        .says("CC-BY-4.0 (of the region)")
        .says("Topics       housing\n");
    let shown = home.json(&["item", "show", &page]);
    assert_eq!((&shown["licence"], &shown["audiences"]), (&json!(null), &json!([])));
}
