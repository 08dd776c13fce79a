//! What holds for a mirrored page in the town's tree: nobody edits it here, it stands once, and links lead well.

use super::changes::{district, town};
use crate::support::{TestNode, page};
use lotse::base::digest::Digest;
use lotse::base::id::ItemId;
use lotse::domain::adoption::AdoptionError;
use lotse::domain::adoption::adopt::Scope;
use lotse::domain::content::archive::{self, Ground};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, item as pages};
use lotse::domain::peers::wanted;
use lotse::platform::db::Write;

/// The town's page at a path, and the digest of its text.
fn shown_at(town: &TestNode, path: &str) -> (ItemId, Digest) {
    use lotse::domain::content::assemble::assemble;
    use lotse::platform::db::Read;
    let read =
        |tx: &mut Read<'_>| assemble(tx, lotse::base::moment::Moment::from_seconds(0), Default::default());
    let snapshot = town.node.db.read::<_, ContentError>(read).unwrap();
    let mut all =
        snapshot.regions.iter().flat_map(|region| &region.editions).flat_map(|edition| &edition.pages.items);
    let page = all.find(|page| page.path == path).unwrap();
    (page.id, page.digest)
}

/// The town's page at a path.
pub fn at(town: &TestNode, path: &str) -> ItemId {
    shown_at(town, path).0
}

#[test]
fn a_mirrored_page_cannot_be_edited_archived_erased_or_adopted_twice() {
    let district = district();
    let town = town(&district);
    let mirrored = at(&town, "/stadt/de/arbeit/stellensuche/");
    let refused = town.try_to_say(mirrored, Edit::Major, &[("de", "Unseres", "<p>Unseres</p>")]);
    assert!(matches!(refused, Err(ContentError::Mirrored { .. })), "{refused:?}");
    let erased = town
        .node
        .db
        .write(|tx: &mut Write<'_>| archive::erase(tx, &town.node.desk(), mirrored, None, Ground::Error));
    assert!(matches!(erased, Err(ContentError::Mirrored { .. })), "{erased:?}");
    let editable = town.node.db.write(|tx: &mut Write<'_>| pages::editable(tx, mirrored));
    assert!(matches!(editable, Err(ContentError::Mirrored { .. })), "{editable:?}");
    let region = town.region(None).id;
    town.writes(|tx, desk| archive::archive(tx, desk, region, &[mirrored]));
    town.reads("/stadt/de/arbeit/stellensuche/").is_there().says("Hier suchen Sie");
    for name in ["arbeit", "suche"] {
        let again = town.tries_to_adopt(&town.request(&district, name));
        assert!(matches!(again, Err(AdoptionError::AlreadyHere { .. })), "{again:?}");
    }
    let below = town.request(&district, "wohnen");
    let below =
        town.tries_to_adopt(&lotse::domain::adoption::adopt::Request { parent: Some(mirrored), ..below });
    assert!(matches!(below, Err(AdoptionError::Content(ContentError::Mirrored { .. }))), "{below:?}");
}

#[test]
fn links_stay_inside_the_town_and_lead_to_the_origin_for_what_was_not_adopted() {
    let district = district();
    district.edits(
        "rechte",
        "de",
        "Rechte",
        r#"<p>Zur <a href="page:suche">Suche</a>, zu <a href="page:wohnen">Wohnen</a></p>"#,
    );
    let town = town(&district);
    let outside = format!("href=\"{}o/{}", district.url(), district.id("wohnen"));
    town.reads("/stadt/de/arbeit/rechte/").says("href=\"/stadt/de/arbeit/stellensuche/\"").says(&outside);
    let content = town.api_page("/stadt/de/arbeit/rechte/")["content"].as_str().unwrap().to_owned();
    let inside = format!("href=\"{}stadt/de/arbeit/stellensuche/\"", town.url());
    assert!(content.contains(&inside) && content.contains(&outside), "{content}");
    // Once the other page is here too, the same link leads to it.
    assert_eq!(town.adopts(&district, "wohnen"), 1);
    town.reads("/stadt/de/arbeit/rechte/").says("href=\"/stadt/de/wohnen/\"").is_silent_about(&outside);
}

#[test]
fn two_regions_that_show_the_same_page_each_link_to_their_own() {
    let district = district();
    district.edits("rechte", "de", "Rechte", r#"<p>Zur <a href="page:suche">Suche</a></p>"#);
    let town = town(&district);
    let other = town.founds("dorf", "Dorf", &["de"]);
    let request =
        lotse::domain::adoption::adopt::Request { region: other.id, ..town.request(&district, "arbeit") };
    assert_eq!(town.tries_to_adopt(&request).unwrap(), 3);
    for region in ["stadt", "dorf"] {
        let link = format!("{region}/de/arbeit/stellensuche/\"");
        town.reads(&format!("/{region}/de/arbeit/rechte/")).says(&format!("href=\"/{link}"));
        let content = town.api_page(&format!("/{region}/de/arbeit/rechte/"))["content"].to_string();
        assert!(content.contains(&link.replace('"', "\\\"")), "{content}");
    }
    district.edits("suche", "de", "Stellensuche", "<p>Für beide</p>");
    town.syncs(&district);
    for region in ["stadt", "dorf"] {
        town.reads(&format!("/{region}/de/arbeit/stellensuche/")).says("Für beide");
    }
}

#[test]
fn a_page_renamed_upstream_is_found_at_its_old_address_too() {
    let district = district();
    let town = town(&district);
    district.edits("suche", "de", "Arbeit finden", "<p>Hier</p>");
    district.edits("arbeit", "en", "Working", "<p>All</p>");
    town.syncs(&district);
    town.reads("/stadt/de/arbeit/arbeit-finden/").is_there();
    town.reads("/stadt/de/arbeit/stellensuche/").leads_to(301, "/stadt/de/arbeit/arbeit-finden/");
    town.reads("/stadt/en/work/").leads_to(301, "/stadt/en/working/");
    town.reads("/stadt/en/work/job-search/").leads_to(301, "/stadt/en/working/job-search/");
    let renamed = town.api_page("/stadt/de/arbeit/arbeit-finden/");
    assert_eq!(renamed["slug_history"], serde_json::json!(["stellensuche", "arbeit-finden"]));
    assert_eq!(town.api_page("/stadt/de/arbeit/stellensuche/")["path"], "/stadt/de/arbeit/arbeit-finden/");
}

#[test]
fn a_page_of_the_towns_own_keeps_its_name() {
    let district = district();
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de"]);
    town.publishes(page("unsere").says("de", "Arbeit", "<p>Bei der Stadt</p>"));
    town.follows(&district);
    town.adopts(&district, "arbeit");
    town.reads("/stadt/de/arbeit/").is_there().says("Bei der Stadt");
    town.reads("/stadt/de/arbeit-2/").is_there().says("Alles über Arbeit");
    district.edits("arbeit", "de", "Arbeit", "<p>Noch mehr</p>");
    town.syncs(&district);
    town.reads("/stadt/de/arbeit-2/").is_there().says("Noch mehr");
    town.reads("/stadt/de/arbeit-2/stellensuche/").is_there();
}

#[test]
fn an_adopted_page_stays_where_the_town_put_it_however_it_moves_upstream() {
    let district = district();
    let town = town(&district);
    district.moves("arbeit", Some("wohnen"));
    district.edits("suche", "de", "Stellensuche", "<p>Noch da</p>");
    town.syncs(&district);
    assert_eq!(town.paths("de")[1], "/stadt/de/arbeit/");
    town.reads("/stadt/de/arbeit/stellensuche/").says("Noch da");
}

#[test]
fn what_was_adopted_by_itself_comes_with_no_other_subtree() {
    let district = district();
    let town = town(&district);
    assert_eq!(town.adopts(&district, "wohnen"), 1);
    district.moves("wohnen", Some("arbeit"));
    town.syncs(&district);
    let stands = |page: &&String| page.contains("wohnen");
    assert_eq!(town.paths("de").iter().filter(stands).collect::<Vec<_>>(), ["/stadt/de/wohnen/"]);
    // A page that moves from one adopted subtree to another is the same page still.
    district.moves("suche", Some("wohnen"));
    town.syncs(&district);
    town.reads("/stadt/de/arbeit/stellensuche/").leads_to(301, "/stadt/de/wohnen/stellensuche/");
}

#[test]
fn a_single_page_comes_without_what_is_below_it() {
    let district = district();
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de"]);
    town.publishes(page("rathaus").says("de", "Rathaus", "<p>Am Markt</p>"));
    town.follows(&district);
    let request = town.request(&district, "arbeit");
    let request = lotse::domain::adoption::adopt::Request {
        scope: Scope::Item,
        parent: Some(town.id("rathaus")),
        ..request
    };
    assert_eq!(town.tries_to_adopt(&request).unwrap(), 1);
    assert_eq!(town.paths("de"), ["/stadt/de/rathaus/", "/stadt/de/rathaus/arbeit/"]);
    // What the town hides is hidden with all below it, and comes back as it was.
    town.archives("rathaus");
    district.edits("arbeit", "de", "Arbeit", "<p>Neu</p>");
    town.syncs(&district);
    assert!(town.paths("de").is_empty());
    town.restores("rathaus");
    town.reads("/stadt/de/rathaus/arbeit/").is_there().says("Neu");
}

#[test]
fn a_language_that_the_town_adds_later_comes_with_the_next_refresh() {
    let district = district();
    let town = town(&district);
    town.is_switched_off();
    assert!(town.behind().is_empty());
    town.speaks(&town.region(None), "ar", Some("de"));
    // Nothing is new at the origin, and yet the mirrors do not show all that they could.
    assert_eq!(town.behind(), [district.origin()]);
    town.is_switched_on();
    town.refreshes(&district.origin());
    assert_eq!(town.paths("ar").len(), 1);
    assert!(town.behind().is_empty());
}

#[test]
fn the_picture_that_stands_for_a_page_comes_with_it() {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nicon";
    let district = TestNode::new("Landkreis");
    district.founds("kreis", "Landkreis", &["de"]);
    district.publishes(page("bad").says("de", "Schwimmbad", "<p>Geöffnet</p>").with_icon(PNG));
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de"]);
    town.follows(&district);
    town.adopts(&district, "bad");
    let path = format!("media/{}.png", lotse::base::digest::Digest::of(PNG));
    for (node, region) in [(&district, "kreis"), (&town, "stadt")] {
        node.reads(&format!("/{region}/de/")).says(&format!("<img src=\"/{path}\" alt=\"\""));
        let thumbnail = node.api_page(&format!("/{region}/de/schwimmbad/"))["thumbnail"].clone();
        assert_eq!(thumbnail, format!("{}{path}", node.url()));
        node.reads(&path).is_there();
    }
}

#[test]
fn what_a_mirror_no_longer_shows_is_no_longer_held() {
    let district = district();
    let town = town(&district);
    let before = town.knows(&district).held_bytes;
    for words in ["Erste Fassung", "Dritte Fassung", "Vierte Fassung"] {
        district.edits("suche", "de", "Stellensuche", &format!("<p>{words}</p>"));
        town.syncs(&district);
        town.reads("/stadt/de/arbeit/stellensuche/").says(words);
    }
    assert!(!town.holds("Erste Fassung") && !town.holds("Dritte Fassung"));
    // However often an honest node corrects itself, it does not come closer to its quota by that.
    let newcomer = self::town(&district);
    assert_eq!(town.knows(&district).held_bytes, newcomer.knows(&district).held_bytes);
    assert_ne!(town.knows(&district).held_bytes, before);
    district.takes_back("suche", "de");
    town.syncs(&district);
    assert!(!town.holds("Vierte Fassung"));
}

#[test]
fn readers_keep_what_was_replaced_upstream_until_the_mirror_follows() {
    let district = district();
    let town = town(&district);
    let (_, shown) = shown_at(&town, "/stadt/de/arbeit/stellensuche/");
    district.edits("suche", "de", "Stellensuche", "<p>Neu</p>");
    town.fetches(&district.origin()).unwrap();
    assert_eq!(shown_at(&town, "/stadt/de/arbeit/stellensuche/").1, shown);
    // Nor does it help that somebody else put the same digest, and erases it.
    let erase = |tx: &mut Write<'_>| wanted::forget(tx, "n1thief/pub/1", &[], &[shown.to_string()]);
    town.node.db.write(erase).unwrap();
    assert_eq!(shown_at(&town, "/stadt/de/arbeit/stellensuche/").1, shown);
    town.refreshes(&district.origin());
    town.reads("/stadt/de/arbeit/stellensuche/").says("Neu");
}
