//! Nodes move to other addresses and stay who they are; whoever answers at the old one is not believed.

use super::changes::{district, town};
use crate::support::TestNode;
use lotse::domain::peers::error::PeerError;

#[test]
fn followers_go_on_at_the_new_address_where_they_were() {
    let mut district = district();
    let town = town(&district);
    let (old, before) = (district.url().to_owned(), town.knows(&district).peer.entries);
    district.moves_house();
    assert_ne!(old, district.url());
    assert!(town.tries_to_sync(&district.origin()).is_err(), "nobody is at the old address");
    town.follows(&district);
    let after = town.knows(&district);
    assert_eq!((after.peer.entries, after.identity_notes), (district.node.log().unwrap(), 2));
    assert!(after.peer.entries > before && after.peer.state == "following");
    assert_eq!(after.peer.site.as_deref(), Some(district.url()));
    district.edits("suche", "de", "Stellensuche", "<p>Von der neuen Adresse</p>");
    town.syncs(&district);
    let link = format!("{}o/{}", district.url(), district.id("suche"));
    town.reads("/stadt/de/arbeit/stellensuche/")
        .says("Von der neuen Adresse")
        .says(&link)
        .is_silent_about(&old);
}

#[test]
fn another_node_at_the_old_address_is_refused_and_the_last_good_state_stays() {
    let district = district();
    let town = town(&district);
    let impostor = TestNode::new("Landkreis");
    impostor.founds("kreis", "Landkreis Musterland", &["de"]);
    let before = town.knows(&district).peer.entries;
    district.is_switched_off();
    impostor.also_answers_at(district.url());
    let refused = town.tries_to_sync(&district.origin());
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(town.knows(&district).peer.entries, before);
    town.reads("/stadt/de/arbeit/stellensuche/").is_there().says("Hier suchen Sie");
    let expected = district.node.id().clone();
    let found = town.meets(district.url(), Some(&expected));
    assert!(matches!(found, Err(PeerError::OtherNode { .. })), "{:?}", found.err());
    impostor.leaves_the_other_address();
    district.is_switched_on();
    town.syncs(&district);
}
