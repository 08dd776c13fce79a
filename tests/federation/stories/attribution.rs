//! Whoever reads a mirrored page learns whose it is, and how surely it is still so.

use super::changes::{district, town};
use crate::support::TestNode;
use lotse::domain::content::published::RegionSettings;
use lotse::domain::content::region::{self, Region};

#[test]
fn every_answer_with_a_mirrored_page_names_its_origin() {
    let district = district();
    let town = town(&district);
    let link = format!("{}o/{}", district.url(), district.id("suche"));
    let page = town.reads("/stadt/de/arbeit/stellensuche/");
    page.is_there().says("Landkreis Musterland").says(&link).says("CC BY 4.0").says("1. Mai 2026");
    let page = town.reads("/stadt/en/work/job-search/");
    page.is_there().says("Landkreis Musterland").says(&link).says("CC BY 4.0").says("2026");
    district.reads(&link.replace(district.url(), "/")).leads_to(302, "/kreis/de/arbeit/stellensuche/");
    town.reads("/stadt/de/rathaus/").is_there().is_silent_about("Landkreis");

    let base = "/api/v3/stadt/de";
    let url = "?url=/stadt/de/arbeit/stellensuche/";
    for door in [format!("{base}/pages/"), format!("{base}/children/{url}"), format!("{base}/page/{url}")] {
        let answer = town.reads(&door);
        answer.is_there();
        let json = answer.json();
        let pages = json.as_array().cloned().unwrap_or_else(|| vec![json.clone()]);
        let page = pages.iter().find(|page| page["title"] == "Stellensuche").unwrap();
        let content = page["content"].as_str().unwrap();
        assert!(content.contains(&link) && content.contains("Landkreis Musterland"), "{door}: {content}");
        assert!(content.contains("CC-BY-4.0"), "{door}: {content}");
        assert!(page["last_updated"].as_str().unwrap().starts_with("2026-05-01T"), "{door}");
        assert_eq!(page["origin"]["node"], district.node.id().as_str());
        assert_eq!(page["origin"]["name"], "Landkreis");
        assert_eq!(page["origin"]["url"], link);
        let own = pages.iter().find(|page| page["title"] == "Rathaus");
        assert!(own.is_none_or(|page| page.get("origin").is_none()), "{door}");
    }
    let above = town.reads(&format!("{base}/parents/{url}")).json();
    assert_eq!(above[0]["origin"]["node"], district.node.id().as_str());
}

#[test]
fn a_licence_that_changes_at_the_origin_changes_where_it_is_mirrored() {
    let district = district();
    let town = town(&district);
    let before = district.region(None);
    let settings = RegionSettings { licence: "DL-DE-BY-2.0".into(), ..before.settings.clone() };
    district.writes(|tx, desk| region::describe(tx, desk, &Region { settings, ..before }));
    town.syncs(&district);
    let page = town.reads("/stadt/de/arbeit/stellensuche/");
    page.is_there().says("dl-de/by-2-0").is_silent_about("CC BY 4.0").says("Hier suchen Sie");
    assert_eq!(town.api_page("/stadt/de/arbeit/stellensuche/")["origin"]["licence"], "DL-DE-BY-2.0");
    district.reads("/kreis/de/arbeit/stellensuche/").says("dl-de/by-2-0");
    town.reads("/stadt/de/rathaus/").says("CC BY 4.0");
}

/// What a page says when nobody can confirm it.
fn is_unconfirmed(town: &TestNode) -> bool {
    let page = town.api_page("/stadt/de/arbeit/stellensuche/");
    let told = page["origin"]["unconfirmed_since"].is_string();
    let html = town.reads("/stadt/de/arbeit/stellensuche/");
    html.is_there().says("Hier suchen Sie");
    assert_eq!(html.body.contains("class=\"doubt\""), told, "{}", html.body);
    told
}

#[test]
fn when_the_origin_is_gone_the_last_good_state_stays_and_says_since_when() {
    let district = district();
    let town = town(&district);
    assert!(!is_unconfirmed(&town));
    district.is_switched_off();
    town.clock.advance(20 * 3600);
    assert!(town.tries_to_sync(&district.origin()).is_err());
    assert!(!is_unconfirmed(&town), "a day without the origin is nothing special");
    town.clock.advance(8 * 3600);
    assert!(town.tries_to_sync(&district.origin()).is_err());
    assert!(is_unconfirmed(&town));
    let page = town.api_page("/stadt/de/arbeit/stellensuche/");
    assert_eq!(page["origin"]["unconfirmed_since"], "2026-05-01T08:00:00Z");
    assert!(town.knows(&district).peer.unconfirmed_since.is_some());

    district.is_switched_on();
    town.syncs(&district);
    assert!(!is_unconfirmed(&town));
    assert!(town.knows(&district).peer.unconfirmed_since.is_none());
}
