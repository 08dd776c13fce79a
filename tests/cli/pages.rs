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
