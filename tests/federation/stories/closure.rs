//! What comes along because something is not whole without it, and goes when nothing needs it any more.

use super::kinds::{district, feast, town};
use crate::support::TestNode;
use lotse::domain::adoption::end;
use lotse::domain::content::store;
use lotse::domain::content::{ContentError, kind::ObjectKind};
use lotse::platform::db::{Read, Write};
use serde_json::json;

/// Ends what the town's item of this kind stands at the head of.
fn ends(town: &TestNode, kind: ObjectKind) -> usize {
    let find = |tx: &mut Read<'_>| Ok::<_, ContentError>(store::items::all(tx)?);
    let items = town.node.db.read(find).unwrap();
    let item = items.iter().find(|item| item.kind == kind && !item.archived).unwrap().id;
    town.node.db.write(|tx: &mut Write<'_>| end::end(tx, &town.node.desk(), item.into())).unwrap()
}

#[test]
fn a_place_that_no_event_names_any_more_goes_with_its_contacts() {
    let district = district();
    let town = town(&district);
    town.adopts(&district, "fest");
    district.tells("halle", json!({"place": {"category": "@behörde"}}), &[("de", "Turnhalle", "")]);
    district.corrects("fest", feast("2026-05-20", "halle"));
    town.syncs(&district);
    assert_eq!(town.kinds(), ["category", "event", "place"]);
    assert_eq!(town.titles("locations/", "de"), ["Turnhalle"]);
    assert_eq!(town.told("events/", "de")[0]["location"]["name"], "Turnhalle");
    // Back again, under the address it had.
    district.corrects("fest", feast("2026-05-20", "büro"));
    town.syncs(&district);
    assert_eq!(town.kinds(), ["category", "contact", "contact", "event", "organisation", "place"]);
    town.reads("/stadt/de/locations/rathaus/").is_there();
}

#[test]
fn a_contact_that_comes_to_a_place_comes_to_the_town() {
    let district = district();
    let town = town(&district);
    town.adopts(&district, "büro");
    let third = json!({"contact": {"of": "@büro", "name": "Frau Neu"}});
    district.tells("neu", third, &[]);
    town.syncs(&district);
    town.reads("/stadt/de/locations/rathaus/").says("Frau Neu");
    district.archives("neu");
    town.syncs(&district);
    town.reads("/stadt/de/locations/rathaus/").is_silent_about("Frau Neu");
    assert!(!town.holds("Frau Neu"));
}

#[test]
fn whoever_adopts_one_contact_does_not_get_everybody_at_its_place() {
    let district = district();
    let town = town(&district);
    town.adopts(&district, "beispiel");
    assert_eq!(town.kinds(), ["category", "contact", "organisation", "place"]);
    town.reads("/stadt/de/locations/rathaus/").says("Frau Beispiel").is_silent_about("Herr Muster");
    // The place for its own sake brings everybody.
    town.adopts(&district, "büro");
    town.reads("/stadt/de/locations/rathaus/").says("Herr Muster");
}

#[test]
fn what_two_adoptions_need_stays_until_the_last_of_them_ends() {
    let district = district();
    let town = town(&district);
    district.tells("lauf", feast("2026-06-01", "büro"), &[("de", "Stadtlauf", "")]);
    town.syncs(&district);
    for name in ["fest", "lauf", "büro"] {
        town.adopts(&district, name);
    }
    let all = ["category", "contact", "contact", "event", "organisation", "place"];
    assert_eq!(ends(&town, ObjectKind::Event), 1);
    assert_eq!(town.kinds(), all);
    assert_eq!(ends(&town, ObjectKind::Event), 1);
    assert_eq!(town.kinds(), [&all[..3], &all[4..]].concat());
    assert_eq!(town.titles("locations/", "de"), ["Rathaus"]);
    assert_eq!(ends(&town, ObjectKind::Place), 5);
    assert!(town.kinds().is_empty());
    // And all of it may be adopted again.
    assert_eq!(town.adopts(&district, "fest"), 6);
}
