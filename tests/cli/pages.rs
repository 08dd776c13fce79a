//! What is done with pages from the command line, and that nothing is done by mistake.

use super::support::{Home, answer};
use serde_json::json;

/// A node with one page in German and in British English, whose address part is `en`; and the page's id.
fn bilingual() -> (Home, String) {
    let home = Home::new("Kleinstadt");
    let languages = json!([
        { "code": "de", "bcp47_tag": "de", "native_name": "Deutsch" },
        { "code": "en", "bcp47_tag": "en-GB", "native_name": "English" },
        { "code": "fr", "bcp47_tag": "fr", "native_name": "Français" },
    ]);
    let german = answer("/klein/de/oben/", "Oben", &[("en", "/klein/en/top/")]);
    let english = answer("/klein/en/top/", "Top", &[("de", "/klein/de/oben/")]);
    let answers = [
        ("languages", languages),
        ("pages.de", json!([german])),
        ("pages.en", json!([english])),
        ("pages.fr", json!([])),
    ];
    home.imports("klein", &answers, &["--name", "Klein"]).done();
    let id = home.pages("klein", "de")[0].0.clone();
    (home, id)
}

#[test]
fn a_text_is_erased_by_whichever_name_its_language_goes_and_only_if_it_is_there() {
    for name in ["en", "en-GB"] {
        let (home, id) = bilingual();
        let erase = |language: &str, yes: &[&str]| {
            home.run(&[&["page", "erase", &id, "--why", "error", "--language", language], yes].concat())
        };
        erase("fr", &["--yes"]).failed(2, &["\"fr\"", "it has: de, en"]);
        erase(name, &[]).failed(2, &["cannot be undone", "--yes"]);
        assert_eq!(home.pages("klein", "en").len(), 1);
        erase(name, &["--yes"]).done().says("1; those who follow are told");
        assert_eq!((home.pages("klein", "en").len(), home.pages("klein", "de").len()), (0, 1));
    }
}

#[test]
fn a_page_names_who_answers_for_it_by_words_that_people_know() {
    let home = Home::new("Kleinstadt");
    let offer = |alias: &str| json!({ "name": alias, "alias": alias, "url": "https://jobs.example/", "post": null, "thumbnail": "" });
    let mut page = answer("/klein/de/oben/", "Oben", &[]);
    page["organization"] = json!({ "id": 3, "slug": "amt", "name": "Amt", "logo": "", "website": "" });
    let answers = [("pages.de", json!([page])), ("offers", json!([offer("jobs"), offer("hilfe")]))];
    home.imports("klein", &answers, &[]).done();
    let id = home.pages("klein", "de")[0].0.clone();
    let set = |wish: &[&str]| home.run(&[&["page", "set", &id], wish].concat());
    set(&[]).failed(2, &["--organisation"]);
    set(&["--offers", "geld"]).failed(3, &["\"geld\"", "jobs, hilfe"]);
    set(&["--offers", "jobs"]).done().says("those who follow are told");
    set(&["--offers", "jobs", "--organisation", "amt"]).done().says("nothing was changed");
    set(&["--offers", "hilfe,jobs"]).done().says("is changed");
    set(&["--offers", "jobs,jobs"]).failed(2, &["each once"]);
    set(&["--offers", "", "--organisation", ""]).done().says("is changed");
    set(&["--offers", ""]).done().says("nothing was changed");
}

#[test]
fn how_translations_stand_is_told_for_each_page_and_counted_for_each_language() {
    let home = Home::new("Kleinstadt");
    let mut german = json!([
        answer("/klein/de/eins/", "Eins", &[("en", "/klein/en/one/")]),
        answer("/klein/de/zwei/", "Zwei", &[("en", "/klein/en/two/")]),
        answer("/klein/de/drei/", "Drei", &[]),
    ]);
    let english = json!([
        answer("/klein/en/one/", "One", &[("de", "/klein/de/eins/")]),
        answer("/klein/en/two/", "Two", &[("de", "/klein/de/zwei/")]),
    ]);
    home.imports("klein", &[("pages.de", german.clone()), ("pages.en", english.clone())], &[]).done();
    german[1]["content"] = json!("<p>Zwei, aber anders</p>");
    german[1]["last_updated"] = json!("2025-01-01T09:00:00+01:00");
    home.imports("klein", &[("pages.de", german), ("pages.en", english)], &[]).done();
    let list = ["page", "list", "--region", "klein", "--language", "en"];
    home.run(&list).done().says("One\n").says("Two (outdated)\n").says("1 up to date, 1 outdated, 1 missing");
    assert_eq!(home.json(&list)[1]["state"], "outdated");
    home.run(&["doctor"])
        .done()
        .says("remark  klein in English: readers see 2 pages; 1 up to date, 1 outdated, 1 missing");
    let states = home.json(&["region", "list"])[0]["languages"][1]["states"].clone();
    assert_eq!(states, json!({ "current": 1, "outdated": 1, "missing": 1 }));
}
