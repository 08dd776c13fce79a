//! An adoption can be undone, and a node forgotten: nothing stays behind, and all of it may be done again.

use super::changes::{district, town};
use super::mirrors::at;
use crate::support::TestNode;
use lotse::base::id::ItemId;
use lotse::domain::adoption::adopt::Request;
use lotse::domain::adoption::{AdoptionError, end};
use lotse::domain::peers::error::PeerError;
use lotse::domain::peers::peer;
use lotse::platform::db::Write;

fn ends(town: &TestNode, page: ItemId) -> Result<usize, AdoptionError> {
    town.node.db.write(|tx: &mut Write<'_>| end::end(tx, &town.node.desk(), page.into()))
}

#[test]
fn a_page_that_was_adopted_at_the_wrong_place_is_adopted_at_another() {
    let district = district();
    let town = town(&district);
    assert_eq!(ends(&town, at(&town, "/stadt/de/arbeit/")).unwrap(), 3);
    assert_eq!((town.paths("de").len(), town.paths("en").len()), (1, 1));
    district.edits("suche", "de", "Stellensuche", "<p>Neu</p>");
    town.syncs(&district);
    town.reads("/stadt/de/arbeit/stellensuche/").is_missing();
    let below = Request { parent: Some(town.id("rathaus")), ..town.request(&district, "arbeit") };
    assert_eq!(town.tries_to_adopt(&below).unwrap(), 3);
    town.reads("/stadt/de/rathaus/arbeit/stellensuche/").is_there().says("Neu");
    town.reads("/stadt/de/arbeit/stellensuche/").leads_to(301, "/stadt/de/rathaus/arbeit/stellensuche/");
}

#[test]
fn what_its_author_replaced_before_an_adoption_ended_goes_with_it() {
    let district = district();
    let town = town(&district);
    district.edits("suche", "de", "Stellensuche", "<p>Nur heute</p>");
    town.syncs(&district);
    district.edits("suche", "de", "Stellensuche", "<p>Neu</p>");
    town.fetches(&district.origin()).unwrap();
    town.reads("/stadt/de/arbeit/stellensuche/").says("Nur heute");
    ends(&town, at(&town, "/stadt/de/arbeit/")).unwrap();
    assert!(!town.holds("Nur heute"));
}

#[test]
fn only_a_whole_adoption_ends() {
    let district = district();
    let town = town(&district);
    let (root, below) = (at(&town, "/stadt/de/arbeit/"), at(&town, "/stadt/de/arbeit/rechte/"));
    let refused = ends(&town, below);
    assert!(
        matches!(&refused, Err(AdoptionError::CameWith { root: named, .. }) if *named == root.into()),
        "{refused:?}"
    );
    let refused = ends(&town, town.id("rathaus"));
    assert!(matches!(refused, Err(AdoptionError::NotMirrored { .. })), "{refused:?}");
    assert_eq!(town.paths("de").len(), 4);
}

#[test]
fn what_another_adoption_brings_too_goes_on_to_be_shown_there() {
    let district = district();
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de"]);
    town.follows(&district);
    for name in ["suche", "arbeit", "wohnen"] {
        town.adopts(&district, name);
    }
    assert!(town.paths("de").contains(&"/stadt/de/stellensuche/".to_owned()));
    // It stood by itself, and comes with its own tree now.
    assert_eq!(ends(&town, at(&town, "/stadt/de/stellensuche/")).unwrap(), 0);
    town.reads("/stadt/de/arbeit/stellensuche/").is_there();
    // It moved upstream from one adopted tree to another, which keeps it.
    let search = at(&town, "/stadt/de/arbeit/stellensuche/");
    district.moves("suche", Some("wohnen"));
    town.syncs(&district);
    assert_eq!(ends(&town, at(&town, "/stadt/de/arbeit/")).unwrap(), 2);
    assert_eq!(town.paths("de"), ["/stadt/de/wohnen/", "/stadt/de/wohnen/stellensuche/"]);
    assert_eq!(at(&town, "/stadt/de/wohnen/stellensuche/"), search);
    district.edits("suche", "de", "Stellensuche", "<p>Noch da</p>");
    town.syncs(&district);
    town.reads("/stadt/de/wohnen/stellensuche/").says("Noch da");
}

#[test]
fn a_node_is_forgotten_with_all_that_came_from_it_and_may_be_met_again() {
    let district = district();
    let town = town(&district);
    let origin = district.origin();
    let adopted =
        |town: &TestNode| town.node.db.write(|tx: &mut Write<'_>| end::adopted(tx, &origin)).unwrap();
    let page = at(&town, "/stadt/de/arbeit/");
    assert_eq!(adopted(&town), [page.into()]);
    ends(&town, page).unwrap();
    assert!(adopted(&town).is_empty() && town.holds("Eine Wohnung"));
    let forget =
        || town.node.db.write(|tx: &mut Write<'_>| peer::forget(tx, &origin, town.clock.now()).map(drop));
    forget().unwrap();
    assert!(!town.holds("Eine Wohnung") && town.holds("Am Markt"));
    assert!(matches!(forget(), Err(PeerError::Unknown(_))));
    town.follows(&district);
    assert_eq!(town.adopts(&district, "arbeit"), 3);
    town.reads("/stadt/de/arbeit/").is_there().says("Alles über Arbeit");
}
