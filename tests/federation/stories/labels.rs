//! What an item says of itself besides its texts goes with it to wherever it is mirrored.

use super::changes::{district, town};
use lotse::domain::adoption::provenance::provenance;
use lotse::domain::content::relabel::Relabelling;
use lotse::domain::content::vocabulary;
use lotse::platform::db::Read;

const HOUSING: &str = "019b76da-0000-7000-8000-000000000002";
const PAGE: &str = "/stadt/de/arbeit/stellensuche/";

fn about(topics: &[&str], audiences: &[&str]) -> Relabelling {
    let words = |all: &[&str]| Some(all.iter().map(|word| (*word).to_owned()).collect());
    Relabelling { topics: words(topics), audiences: words(audiences), ..Relabelling::default() }
}

#[test]
fn topics_audiences_and_licence_arrive_and_follow_when_they_change() {
    let district = district();
    let town = town(&district);
    town.reads(PAGE).is_there().is_silent_about("Themen: ").says("CC BY 4.0");

    let licence = Some("CC0-1.0".to_owned());
    district.labels("suche", Relabelling { licence, ..about(&["housing", "language"], &["family"]) });
    town.syncs(&district);
    town.reads(PAGE).is_there().says("Themen: Sprache, Wohnen").says("Für: Familien").says("CC0-1.0");
    town.reads(PAGE).is_silent_about("CC BY 4.0").says("Hier suchen Sie");
    town.reads("/stadt/en/work/job-search/").says("Topics: Language, Housing").says("For: Families");
    assert_eq!(town.api_page(PAGE)["origin"]["licence"], "CC0-1.0");
    town.reads("/stadt/de/arbeit/rechte/").is_silent_about("Themen: ").says("CC BY 4.0");

    // The licence is the region's again, and of the topics one is left.
    district.labels("suche", Relabelling { licence: Some(String::new()), ..about(&[HOUSING], &[]) });
    town.syncs(&district);
    town.reads(PAGE).says("Themen: Wohnen<").is_silent_about("Familien").says("CC BY 4.0");
}

#[test]
fn a_topic_that_only_its_author_knows_travels_and_is_named_where_it_is_known() {
    let (district, id) = (district(), "019b76da-0000-7000-8000-0000000000aa".parse().unwrap());
    let town = town(&district);
    let named = |name: &str| [("de".parse().unwrap(), name.to_owned())].into();
    let new = (vocabulary::Sort::Topic, "verein");
    district.writes(|tx, desk| vocabulary::add(tx, desk, new, Some(id), named("Vereine")));
    district.labels("suche", about(&["verein"], &[]));
    town.syncs(&district);
    town.reads(PAGE).is_there().is_silent_about("Vereine").is_silent_about("Themen");
    let mirrored = town.node.db.read(|tx: &mut Read<'_>| provenance(tx, town.clock.now())).unwrap();
    let page = mirrored.values().find(|origin| origin.object == district.id("suche").into()).unwrap();
    assert_eq!(page.facets.topics, [id.to_string()].into());

    town.writes(|tx, desk| {
        vocabulary::add(tx, desk, (vocabulary::Sort::Topic, "clubs"), Some(id), named("Klubs"))
    });
    town.reads(PAGE).says("Themen: Klubs");
    district.writes(|tx, desk| vocabulary::remove(tx, desk, "verein"));
    town.syncs(&district);
    town.reads(PAGE).is_silent_about("Klubs");
}

#[test]
fn whom_to_name_is_told_with_the_next_text() {
    let district = district();
    let town = town(&district);
    let attribution = Some("Jobcenter".to_owned());
    district.labels("suche", Relabelling { attribution, ..Relabelling::default() });
    district.reads("/kreis/de/arbeit/stellensuche/").says("Inhalte: \u{2068}Jobcenter");
    district.reads("/kreis/de/arbeit/rechte/").is_silent_about("Jobcenter").says("Landkreis Musterland");
    town.syncs(&district);
    town.reads(PAGE).is_silent_about("Jobcenter");
    district.edits("suche", "de", "Stellensuche", "<p>Auch am Abend</p>");
    town.syncs(&district);
    town.reads(PAGE).says("Auch am Abend").says("Jobcenter");
    town.reads("/stadt/en/work/job-search/").is_silent_about("Jobcenter");
}
