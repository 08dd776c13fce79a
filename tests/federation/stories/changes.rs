//! What changes at the origin changes where it is mirrored, with the next sync.

use crate::support::{TestNode, page};

/// A district with a small tree in three languages, of which the town speaks two.
pub fn district() -> TestNode {
    let district = TestNode::new("Landkreis");
    district.founds("kreis", "Landkreis Musterland", &["de", "en", "ar"]);
    district.publishes(
        page("arbeit")
            .says("de", "Arbeit", "<p>Alles über Arbeit</p>")
            .says("en", "Work", "<p>All about work</p>")
            .says("ar", "العمل", "<p>كل شيء عن العمل</p>"),
    );
    district.publishes(
        page("suche").below("arbeit").says("de", "Stellensuche", "<p>Hier suchen Sie</p>").says(
            "en",
            "Job search",
            "<p>Search here</p>",
        ),
    );
    district.publishes(page("rechte").below("arbeit").says("de", "Rechte", "<p>Ihre Rechte</p>"));
    district.publishes(page("wohnen").says("de", "Wohnen", "<p>Eine Wohnung</p>"));
    district
}

/// A town that shows the district's pages on work beside a page of its own.
pub fn town(district: &TestNode) -> TestNode {
    town_with(district, 3)
}

/// As [`town`]; so many pages must have come.
pub fn town_with(district: &TestNode, pages: usize) -> TestNode {
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de", "en", "fr"]);
    town.publishes(page("rathaus").says("de", "Rathaus", "<p>Am Markt</p>").says(
        "en",
        "Town hall",
        "<p>Market</p>",
    ));
    town.follows(district);
    assert_eq!(town.adopts(district, "arbeit"), pages);
    town
}

#[test]
fn an_adopted_tree_stands_in_all_languages_that_both_have_and_only_those() {
    let district = district();
    let town = town(&district);
    assert_eq!(
        town.paths("de"),
        [
            "/stadt/de/rathaus/",
            "/stadt/de/arbeit/",
            "/stadt/de/arbeit/stellensuche/",
            "/stadt/de/arbeit/rechte/"
        ]
    );
    assert_eq!(town.paths("en"), ["/stadt/en/town-hall/", "/stadt/en/work/", "/stadt/en/work/job-search/"]);
    assert!(town.paths("fr").is_empty());
    town.reads("/stadt/ar/").is_missing();
    town.reads("/stadt/de/").is_there().says("Rathaus").says("Arbeit").is_silent_about("Wohnen");
}

#[test]
fn edits_children_and_moves_arrive_with_the_next_sync() {
    let district = district();
    let town = town(&district);
    district.edits("suche", "de", "Stellensuche", "<p>Jetzt auch am Abend</p>");
    district.publishes(page("lohn").below("suche").says("de", "Lohn", "<p>Mindestlohn</p>"));
    district.moves("rechte", Some("suche"));
    town.reads("/stadt/de/arbeit/stellensuche/").says("Hier suchen Sie");
    town.syncs(&district);
    town.reads("/stadt/de/arbeit/stellensuche/")
        .says("Jetzt auch am Abend")
        .is_silent_about("Hier suchen Sie");
    assert_eq!(
        town.paths("de")[1..],
        [
            "/stadt/de/arbeit/",
            "/stadt/de/arbeit/stellensuche/",
            "/stadt/de/arbeit/stellensuche/lohn/",
            "/stadt/de/arbeit/stellensuche/rechte/"
        ]
    );
    town.reads("/stadt/de/arbeit/rechte/").leads_to(301, "/stadt/de/arbeit/stellensuche/rechte/");
    // What moves in from elsewhere comes along; what moves out goes.
    district.moves("wohnen", Some("arbeit"));
    district.moves("suche", None);
    town.syncs(&district);
    assert_eq!(town.paths("de")[1..], ["/stadt/de/arbeit/", "/stadt/de/arbeit/wohnen/"]);
    town.reads("/stadt/de/arbeit/stellensuche/").is_missing();
}

#[test]
fn a_page_that_is_archived_and_restored_goes_and_comes_back() {
    let district = district();
    let town = town(&district);
    district.archives("suche");
    town.syncs(&district);
    town.reads("/stadt/de/arbeit/stellensuche/").is_missing();
    town.reads("/stadt/en/work/job-search/").is_missing();
    town.reads("/stadt/de/arbeit/").is_silent_about("Stellensuche");
    district.restores("suche");
    town.syncs(&district);
    town.reads("/stadt/de/arbeit/stellensuche/").is_there().says("Hier suchen Sie");
    let english = town.reads("/stadt/en/work/job-search/");
    english.is_there().says("Search here").is_silent_about("class=\"note\"");
    let page = town.api_page("/stadt/de/arbeit/stellensuche/");
    assert_eq!(page["slug_history"], serde_json::json!(["stellensuche"]));
}

#[test]
fn whoever_comes_after_a_restoration_sees_the_page_too() {
    let district = district();
    district.archives("arbeit");
    for name in ["arbeit", "suche", "rechte"] {
        district.restores(name);
    }
    district.edits("suche", "de", "Stellensuche", "<p>Und noch einmal anders</p>");
    let town = town(&district);
    town.reads("/stadt/de/arbeit/stellensuche/").is_there().says("Und noch einmal anders");
    assert_eq!(town.paths("en"), ["/stadt/en/town-hall/", "/stadt/en/work/", "/stadt/en/work/job-search/"]);
}

#[test]
fn one_language_taken_back_leaves_the_others() {
    let district = district();
    let town = town(&district);
    district.takes_back("suche", "en");
    town.syncs(&district);
    town.reads("/stadt/en/work/job-search/").is_missing();
    town.reads("/stadt/de/arbeit/stellensuche/").is_there();
    district.edits("suche", "en", "Job search", "<p>Search again</p>");
    town.syncs(&district);
    town.reads("/stadt/en/work/job-search/").is_there().says("Search again");
}

#[test]
fn what_is_erased_at_the_origin_is_nowhere_at_the_town() {
    let district = district();
    let town = town(&district);
    district.edits("rechte", "de", "Rechte", "<p>Fragen Sie Frau Beispiel</p>");
    town.syncs(&district);
    town.reads("/stadt/de/arbeit/rechte/").says("Frau Beispiel");
    assert!(town.holds("Frau Beispiel"));
    district.erases("rechte", None);
    town.syncs(&district);
    town.reads("/stadt/de/arbeit/rechte/").is_missing();
    assert!(!town.holds("Frau Beispiel") && !district.holds("Frau Beispiel"));
    district.edits("rechte", "de", "Rechte", "<p>Fragen Sie das Amt</p>");
    town.syncs(&district);
    town.reads("/stadt/de/arbeit/rechte/").is_there().says("Fragen Sie das Amt");
}

#[test]
fn an_erased_language_goes_and_the_others_stay() {
    let district = district();
    let town = town(&district);
    district.erases("suche", Some("en"));
    town.syncs(&district);
    town.reads("/stadt/en/work/job-search/").is_missing();
    town.reads("/stadt/de/arbeit/stellensuche/").is_there();
    assert!(!town.holds("Search here"));
}

#[test]
fn nothing_of_a_mirror_enters_the_towns_own_feed() {
    let district = district();
    let town = town(&district);
    let before = town.node.log().unwrap();
    district.edits("suche", "de", "Stellensuche", "<p>Neu</p>");
    town.syncs(&district);
    assert_eq!(town.node.log().unwrap(), before);
}

#[test]
fn news_arrive_by_themselves_although_another_node_does_not_answer() {
    let (district, neighbour) = (district(), TestNode::new("Nachbarkreis"));
    let town = town(&district);
    town.follows(&neighbour);
    let _silence = neighbour.falls_silent();
    district.edits("suche", "de", "Stellensuche", "<p>Gleich zu lesen</p>");
    town.clock.advance(3600);
    town.comes_to_say("/stadt/de/arbeit/stellensuche/", "Gleich zu lesen");
}
