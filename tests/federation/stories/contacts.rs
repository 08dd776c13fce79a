//! A text that shows the card of a contact brings the contact with it, wherever it is adopted.

use super::kinds::{district, town};
use crate::support::{TestNode, page};
use lotse::domain::adoption::end;
use lotse::domain::content::ContentError;
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::store;
use lotse::platform::db::{Read, Write};
use serde_json::json;

const READ: &str = "/stadt/de/wohngeld/";
const TOLD: &str = "/api/v3/stadt/de/pages/";

fn card(name: &str) -> String {
    format!("<p>Fragen Sie</p><div data-contact=\"contact:{name}\"></div>")
}

/// A town that shows the district's page, whose text shows a contact of the office.
fn adopted() -> (TestNode, TestNode) {
    let district = district();
    district.publishes(page("wohngeld").says("de", "Wohngeld", &card("beispiel")));
    let town = town(&district);
    town.adopts(&district, "wohngeld");
    (district, town)
}

/// How often the town shows something of this kind.
fn count(town: &TestNode, kind: ObjectKind) -> usize {
    let items = town.node.db.read(|tx: &mut Read<'_>| Ok::<_, ContentError>(store::items::all(tx)?)).unwrap();
    items.iter().filter(|item| !item.archived && item.kind == kind).count()
}

#[test]
fn a_contact_that_an_adopted_text_shows_comes_along_and_follows_its_origin() {
    let (district, town) = adopted();
    // With the place that it belongs to, and without everybody else there.
    assert_eq!((count(&town, ObjectKind::Contact), count(&town, ObjectKind::Place)), (1, 1));
    for path in [READ, TOLD] {
        town.reads(path).is_there().says("Frau Beispiel").says("+49 821 4711").says("Markt 1");
    }
    let known = town.reads(READ).header("etag").to_owned();
    let renumbered = json!({"contact": {"of": "@büro", "name": "Frau Beispiel", "phone": "+49 821 4799"}});
    district.corrects("beispiel", renumbered);
    town.syncs(&district);
    for path in [READ, TOLD] {
        town.reads(path).says("+49 821 4799").is_silent_about("8214711").is_silent_about("821 4711");
    }
    town.reads_with(READ, &[("If-None-Match", &known)]).is_there().says("4799");
    assert!(town.traces_of("+49 821 4711").is_empty());
}

#[test]
fn a_text_that_shows_another_contact_brings_that_one_and_lets_the_first_go() {
    let (district, town) = adopted();
    district.edits("wohngeld", "de", "Wohngeld", &card("muster"));
    town.syncs(&district);
    town.reads(READ).says("muster@kreis.example").is_silent_about("Frau Beispiel");
    assert_eq!(count(&town, ObjectKind::Contact), 1);
    // One in a translation, which readers here may not have, counts as well.
    district.edits("wohngeld", "ar", "سكن", &card("beispiel"));
    town.syncs(&district);
    assert_eq!(count(&town, ObjectKind::Contact), 2);
    district.takes_back("wohngeld", "ar");
    town.syncs(&district);
    assert_eq!(count(&town, ObjectKind::Contact), 1);
    district.edits("wohngeld", "de", "Wohngeld", "<p>Fragen Sie</p>");
    town.syncs(&district);
    assert_eq!((count(&town, ObjectKind::Contact), count(&town, ObjectKind::Place)), (0, 0));
    town.reads(READ).is_there().is_silent_about("muster@kreis.example");
}

#[test]
fn whoever_wants_pages_alone_gets_the_contacts_that_they_show() {
    let district = district();
    district.publishes(page("wohngeld").says("de", "Wohngeld", &card("beispiel")));
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de"]);
    town.follows_only(&district, r#"{"kinds":["page"]}"#);
    town.adopts(&district, "wohngeld");
    town.reads(READ).is_there().says("Frau Beispiel").says("+49 821 4711");
}

#[test]
fn an_erased_contact_is_gone_from_every_text_that_showed_it() {
    let (district, town) = adopted();
    let asked = [READ, TOLD, "/print/stadt/de/"];
    for path in asked {
        town.reads(path).is_there().says("4711");
    }
    district.erases("beispiel", None);
    town.syncs(&district);
    for path in asked {
        town.reads(path)
            .is_there()
            .says("Fragen Sie")
            .is_silent_about("Beispiel")
            .is_silent_about("8214711")
            .is_silent_about("821 4711");
    }
    for words in ["Frau Beispiel", "+49 821 4711"] {
        assert!(town.traces_of(words).is_empty(), "{:?}", town.traces_of(words));
    }
    assert_eq!(count(&town, ObjectKind::Contact), 0);
}

#[test]
fn what_came_for_the_sake_of_a_text_goes_with_its_page() {
    let (district, town) = adopted();
    district.tells("hinweis", json!({"place": {}}), &[("de", "Turnhalle", &card("muster"))]);
    town.syncs(&district);
    town.adopts(&district, "hinweis");
    assert_eq!(count(&town, ObjectKind::Contact), 2);
    let find = |tx: &mut Read<'_>| Ok::<_, ContentError>(store::items::all(tx)?);
    let items = town.node.db.read(find).unwrap();
    let shown = items.iter().find(|item| !item.archived && item.kind == ObjectKind::Page).unwrap().id;
    town.node.db.write(|tx: &mut Write<'_>| end::end(tx, &town.node.desk(), shown.into())).unwrap();
    assert_eq!(count(&town, ObjectKind::Contact), 1);
    town.reads("/stadt/de/locations/turnhalle/").says("muster@kreis.example");
}
