//! A page that is adopted brings the organisation that answers for it and its offers, follows what it names, and lets them go
//! with it.

use super::kinds::{district, town};
use crate::support::TestNode;
use lotse::base::language::LanguageTag;
use lotse::domain::content::archive;
use serde_json::{Value, json};

/// The district with a page that its office answers for, and that points to two offers.
fn telling() -> TestNode {
    let district = district();
    for (name, title) in [("jobs", "Stellen"), ("hilfe", "Hilfe")] {
        let facts = json!({"offer": {"alias": name, "url": format!("https://{name}.example/")}});
        district.tells(name, facts, &[("de", title, "")]);
    }
    let words = [("de", "Arbeit", "<p>Arbeit finden</p>"), ("en", "Work", "<p>Find work</p>")];
    district.tells("arbeit", named("amt", &["jobs", "hilfe"]), &words);
    district
}

fn named(organisation: &str, offers: &[&str]) -> Value {
    let offers: Vec<String> = offers.iter().map(|offer| format!("@{offer}")).collect();
    json!({"page": {"organisation": format!("@{organisation}"), "offers": offers}})
}

/// The name of the organisation and the addresses of the offers at the town's only page.
fn shown(town: &TestNode, language: &str) -> (Value, Vec<String>) {
    let pages = town.told("pages/", language);
    let [page] = pages.as_array().unwrap().as_slice() else { panic!("{pages}") };
    let offers = page["embedded_offers"].as_array().unwrap().iter();
    let offers = offers.map(|offer| offer["url"].as_str().unwrap().to_owned()).collect();
    (page["organization"]["name"].clone(), offers)
}

#[test]
fn a_page_brings_whom_it_names_and_follows_them() {
    let district = telling();
    let town = town(&district);
    assert_eq!(town.adopts(&district, "arbeit"), 4);
    let both = vec!["https://jobs.example/".to_owned(), "https://hilfe.example/".to_owned()];
    for language in ["de", "en"] {
        assert_eq!(shown(&town, language), (json!("Landratsamt"), both.clone()));
    }
    town.reads("/stadt/en/work/").is_there().says("https://hilfe.example/").says("Landratsamt");
    // Another address of an offer reaches the page that nobody touched.
    let elsewhere = json!({"offer": {"alias": "hilfe", "url": "https://rat.example/"}});
    district.corrects("hilfe", elsewhere);
    town.syncs(&district);
    assert_eq!(shown(&town, "de").1[1], "https://rat.example/");
    town.reads("/stadt/de/arbeit/").says("https://rat.example/").is_silent_about("https://hilfe.example/");
    // What is archived there is not told here, and what the page no longer names goes.
    district.archives("amt");
    district.corrects("arbeit", named("amt", &["hilfe"]));
    town.syncs(&district);
    assert_eq!(shown(&town, "de"), (Value::Null, vec!["https://rat.example/".to_owned()]));
    assert_eq!(town.kinds(), ["offer", "page"]);
    let page = district.id("arbeit");
    district.writes(|tx, desk| archive::unpublish(tx, desk, page, &LanguageTag::none()));
    town.syncs(&district);
    assert_eq!(town.kinds(), ["page"]);
}

#[test]
fn whoever_follows_pages_alone_holds_what_these_name() {
    let district = telling();
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de"]);
    town.follows_only(&district, r#"{"kinds":["page"]}"#);
    assert!(town.holds("https://jobs.example/"));
    town.adopts(&district, "arbeit");
    assert_eq!(shown(&town, "de").0, "Landratsamt");
    // Contacts are held, as a text may show the card of one at any time; this page shows none.
    assert_eq!(town.kinds(), ["offer", "offer", "organisation", "page"]);
}

#[test]
fn a_foreign_page_names_nothing_of_ours() {
    let district = telling();
    let town = town(&district);
    let ours = town.tells("unser", json!({"organisation": {"slug": "unser"}}), &[("de", "Unser Amt", "")]);
    town.adopts(&district, "arbeit");
    let stolen = json!({"page": {"organisation": ours, "offers": [ours]}});
    district.corrects("arbeit", stolen);
    town.syncs(&district);
    assert_eq!(shown(&town, "de"), (Value::Null, Vec::new()));
    town.reads("/stadt/de/arbeit/").is_there().is_silent_about("Unser Amt");
}
