//! One address that shows all regions of other nodes beside its own, as they are: an aggregator.

use super::kinds::{feast, office};
use crate::support::{TestNode, page};
use lotse::domain::adoption::AdoptionError;
use lotse::domain::adoption::regions::{self, Switch};
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::region::{self, NewLanguage, Region};
use lotse::domain::content::{ContentError, archive_region, store};
use lotse::platform::db::{Read, Write};
use serde_json::{Value, json};

/// A node with a region of this address, name and one of everything.
fn town(name: &'static str, slug: &str, languages: &[&str]) -> TestNode {
    let town = TestNode::new(name);
    town.founds(slug, name, languages);
    town.publishes(page("hilfe").says("de", "Hilfe", "<p>Wir helfen</p>").says(
        "en",
        "Help",
        "<p>We help</p>",
    ));
    town.publishes(page("arzt").below("hilfe").says("de", "Arzt", "<p>Zum Arzt</p>"));
    town.tells(
        "behörde",
        json!({"category": {"icon": "office", "colour": "#2E98FB"}}),
        &[("de", "Behörde", "")],
    );
    town.tells("amt", json!({"organisation": {"slug": "amt"}}), &[("de", "Amt", "")]);
    town.tells("büro", office("Mo-Fr 08:00-12:00"), &[("de", "Rathaus", "<p>Am Markt</p>")]);
    town.tells("fest", feast("2026-05-20", "büro"), &[("de", "Sommerfest", "")]);
    let news = json!({"news": {"at": "2026-05-01T07:00:00Z", "until": "2026-05-29T07:00:00Z"}});
    town.tells("sperrung", news, &[("de", "Gesperrt", "")]);
    town.imprints("impressum", &[("de", "Impressum", "<p>Verantwortlich sind wir</p>")]);
    town
}

fn switches(node: &TestNode, other: &TestNode, to: Switch) -> usize {
    let work = |tx: &mut Write<'_>| regions::switch(tx, &node.node.desk(), &other.origin(), to);
    node.node.db.write(work).unwrap()
}

/// A node without a region of its own that shows those of two others.
fn both(one: &TestNode, other: &TestNode) -> TestNode {
    let state = TestNode::new("Land");
    for town in [one, other] {
        state.follows(town);
        assert_eq!(switches(&state, town, Switch::On), 1);
    }
    state
}

fn listed(node: &TestNode) -> Vec<String> {
    let regions = node.reads("/api/v3/regions/").json();
    regions.as_array().unwrap().iter().map(|region| region["path"].as_str().unwrap().to_owned()).collect()
}

fn region_of(node: &TestNode, slug: &str) -> Region {
    let all = |tx: &mut Read<'_>| Ok::<_, ContentError>(store::regions::all(tx)?);
    node.node.db.read(all).unwrap().into_iter().find(|region| region.slug == slug).unwrap()
}

/// An answer without what differs between nodes: numbers, hosts, and whose it is.
fn alike(answer: Value, slug: &str, site: &str) -> Value {
    match answer {
        Value::Object(members) => members
            .into_iter()
            .filter(|(name, _)| !["id", "origin", "order", "externalUrl"].contains(&name.as_str()))
            .map(|(name, value)| (name, alike(value, slug, site)))
            .collect(),
        Value::Array(all) => all.into_iter().map(|one| alike(one, slug, site)).collect(),
        Value::String(text) => {
            // Where it comes from stands below a text.
            let text = text.split("<p class=\"origin\">").next().unwrap_or_default();
            text.replace(site, "https://here/").replace(slug, "SLUG").into()
        }
        other => other,
    }
}

const LISTS: [&str; 8] = [
    "de/pages/",
    "en/pages/",
    "de/events/?combine_recurring=1",
    "de/locations/",
    "de/location-categories/",
    "de/news",
    "de/imprint/",
    "languages/",
];

#[test]
fn a_third_node_serves_the_regions_of_two_others_as_they_are() {
    let north = town("Nordstadt", "nord", &["de", "en", "ar"]);
    let south = town("Südstadt", "sued", &["de", "en"]);
    let state = both(&north, &south);
    assert_eq!(listed(&state), ["nord", "sued"]);
    for (town, slug) in [(&north, "nord"), (&south, "sued")] {
        let own = town.reads(&format!("/api/v3/regions/{slug}/")).json();
        let shown = state.reads(&format!("/api/v3/regions/{slug}/"));
        assert!(shown.body.ends_with("\"}}"), "whose it is stands last: {}", shown.body);
        assert_eq!(shown.json()["origin"]["node"], town.node.id().as_str());
        assert_eq!(shown.json()["origin"]["url"], format!("{}{slug}/", town.url()));
        assert_eq!(alike(shown.json(), slug, state.url()), alike(own, slug, town.url()));
        for list in LISTS {
            let path = format!("/api/v3/{slug}/{list}");
            let (own, shown) = (town.reads(&path), state.reads(&path));
            own.is_there();
            shown.is_there();
            assert_eq!(alike(shown.json(), slug, state.url()), alike(own.json(), slug, town.url()), "{path}");
        }
        let items = state.reads(&format!("/api/v3/{slug}/de/locations/")).json();
        assert_eq!(items[0]["origin"]["object"], town.id("büro").to_string());
        state.reads(&format!("/{slug}/de/")).says("Hilfe").says("Herausgeber").says(town.url());
        state.reads(&format!("/{slug}/de/hilfe/arzt/")).says("Zum Arzt").says("Dieser Text kommt von");
    }
    state.reads("/").says("Nordstadt").says("Südstadt");
}

#[test]
fn what_changes_at_the_origin_changes_the_region() {
    let north = town("Nordstadt", "nord", &["de", "en"]);
    let state = TestNode::new("Land");
    state.follows(&north);
    switches(&state, &north, Switch::On);
    let settings = |node: &TestNode| node.reads("/api/v3/regions/nord/").json();
    let number = settings(&state)["id"].clone();
    north.corrects("büro", office("Mo-Fr 08:00-16:00"));
    north.publishes(page("neu").says("de", "Neu", "<p>Ganz neu</p>"));
    north.moves("arzt", None);
    let own = north.region(None);
    north.speaks(&own, "uk", Some("en"));
    north.publishes(page("ukrainisch").says("de", "Für Gäste", "").says("uk", "Для гостей", "<p>Так</p>"));
    north.writes(|tx, desk| {
        let mut own = store::regions::by_slug(tx, "nord")?.unwrap();
        own.name = "Stadt Nord".into();
        own.settings.postcode = "54321".into();
        own.settings.bounding_box = Some([[10.0, 50.0], [11.0, 51.0]]);
        region::describe(tx, desk, &own)
    });
    state.syncs(&north);
    let shown = settings(&state);
    assert_eq!(
        (&shown["name"], &shown["plz"], &shown["id"]),
        (&json!("Stadt Nord"), &json!("54321"), &number)
    );
    assert_eq!(shown["bounding_box"], json!([[10.0, 50.0], [11.0, 51.0]]));
    assert_eq!(shown["languages"][2]["bcp47_tag"], "uk");
    for list in ["de/pages/", "uk/pages/", "de/locations/"] {
        let (own, shown) =
            [&north, &state].map(|node| node.reads(&format!("/api/v3/nord/{list}")).json()).into();
        assert_eq!(alike(shown, "nord", state.url()), alike(own, "nord", north.url()), "{list}");
    }
    // Erased there, gone here.
    north.erases("neu", None);
    state.syncs(&north);
    assert!(state.traces_of("Ganz neu").is_empty());
}

#[test]
fn an_address_that_is_taken_gets_the_nodes_id_behind_it_and_keeps_it() {
    let one = town("Neustadt an der Donau", "neustadt", &["de", "en"]);
    let other = town("Neustadt am Main", "neustadt", &["de", "en"]);
    let state = both(&one, &other);
    let second = format!("neustadt-{}", &other.node.id().as_str()[2..8]);
    assert_eq!(listed(&state), [second.clone(), "neustadt".to_owned()]);
    state.reads(&format!("/{second}/de/hilfe/")).says("Wir helfen");
    // The first one goes; nobody moves into its address, and it gets it back.
    assert_eq!(switches(&state, &one, Switch::Off), 0);
    assert_eq!(listed(&state), [second.as_str()]);
    state.reads("/neustadt/de/hilfe/").is_missing();
    assert!(state.holds("Wir helfen"), "it is followed still");
    assert_eq!(switches(&state, &one, Switch::On), 1);
    assert_eq!(listed(&state), [second.as_str(), "neustadt"]);
    // One of ours took it meanwhile.
    switches(&state, &one, Switch::Off);
    state.founds("neustadt", "Neustadt", &["de"]);
    assert_eq!(switches(&state, &one, Switch::On), 1);
    let moved = format!("neustadt-{}", &one.node.id().as_str()[2..8]);
    assert!(listed(&state).contains(&moved), "{:?}", listed(&state));
}

#[test]
fn a_region_of_another_node_is_not_changed_here_and_not_told_to_our_followers() {
    let north = town("Nordstadt", "nord", &["de", "en"]);
    let state = TestNode::new("Land");
    state.founds("land", "Land", &["de"]);
    state.follows(&north);
    let before = state.node.log().unwrap();
    switches(&state, &north, Switch::On);
    let foreign = region_of(&state, "nord");
    let refused = |told: Result<(), ContentError>| {
        assert!(matches!(told, Err(ContentError::MirroredRegion { .. })), "{told:?}")
    };
    let desk = state.node.desk();
    let writes = |act: &dyn Fn(&mut Write<'_>) -> Result<(), ContentError>| {
        state.node.db.write(|tx: &mut Write<'_>| act(tx))
    };
    refused(writes(&|tx| {
        let new = vec![NewItem::page(state.clock.fresh_id().into(), None, "V".into())];
        item::create(tx, &desk, foreign.id, new).map(drop)
    }));
    refused(writes(&|tx| {
        region::describe(tx, &desk, &Region { name: "Unseres".into(), ..foreign.clone() }).map(drop)
    }));
    refused(writes(&|tx| {
        let (tag, native_name) = ("fr".parse().unwrap(), "Français".into());
        region::add_language(tx, &foreign, NewLanguage { tag, slug: "fr".into(), native_name, source: None })
            .map(drop)
    }));
    let request =
        lotse::domain::adoption::adopt::Request { region: foreign.id, ..state.request(&north, "hilfe") };
    let told = state.tries_to_adopt(&request);
    assert!(matches!(told, Err(AdoptionError::Content(ContentError::MirroredRegion { .. }))), "{told:?}");
    assert_eq!(state.node.log().unwrap(), before);
    // While it is shown its node is not forgotten.
    let kept =
        state.node.db.read(|tx: &mut Read<'_>| regions::refuse_shown(tx, &north.origin(), "Nordstadt"));
    assert!(matches!(kept, Err(AdoptionError::RegionsShown { .. })), "{kept:?}");
    // And something of it may be shown in a region of ours as well.
    assert_eq!(state.adopts(&north, "hilfe"), 2);
    state.reads("/land/de/hilfe/").is_there();
    switches(&state, &north, Switch::Off);
    state.reads("/land/de/hilfe/").is_there();
}

#[test]
fn a_region_that_is_withdrawn_there_disappears_here_and_comes_back_as_it_was() {
    let north = town("Nordstadt", "nord", &["de", "en"]);
    let state = both(&north, &town("Südstadt", "sued", &["de", "en"]));
    let number = state.reads("/api/v3/regions/nord/").json()["id"].clone();
    north.publishes(page("nur").says("de", "Nur im Norden", ""));
    state.syncs(&north);
    assert_eq!(state.traces_of("Nur im Norden"), ["bodies.bytes"]);
    north.writes(|tx, desk| archive_region::archive(tx, desk, "nord"));
    state.syncs(&north);
    assert_eq!(listed(&state), ["sued"]);
    // Its texts go with it, as nothing else shows them.
    assert_eq!(state.traces_of("Nur im Norden"), Vec::<String>::new());
    state.reads("/nord/de/").is_missing();
    north.writes(|tx, desk| archive_region::restore(tx, desk, "nord"));
    state.syncs(&north);
    assert_eq!(listed(&state), ["nord", "sued"]);
    assert_eq!(state.reads("/api/v3/regions/nord/").json()["id"], number);
    state.reads("/nord/de/hilfe/").is_there();
}

#[test]
fn only_the_regions_that_are_followed_are_shown() {
    let county = TestNode::new("Kreis");
    county.founds("ost", "Ost", &["de"]);
    county.founds("west", "West", &["de"]);
    county.publishes(page("a").of("west").says("de", "Im Westen", ""));
    let state = TestNode::new("Land");
    state.follows_only(&county, &format!(r#"{{"regions":["{}"]}}"#, county.region(Some("west")).id));
    assert_eq!(switches(&state, &county, Switch::On), 1);
    assert_eq!(listed(&state), ["west"]);
    // A region that is founded later comes by itself.
    state.wants(&county, "{}");
    county.founds("mitte", "Mitte", &["de"]);
    state.syncs(&county);
    assert_eq!(listed(&state), ["mitte", "ost", "west"]);
}
