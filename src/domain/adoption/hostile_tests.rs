//! Facts as no honest node would publish them: each is refused, or harms nobody but what its own node shows.

use super::adopt::{self, Request, Scope};
use super::mirror;
use super::regions::{self, Switch};
use crate::base::id::RegionId;
use crate::domain::content::assemble::assemble;
use crate::domain::content::change::Via;
use crate::domain::content::facts::Facts;
use crate::domain::content::item::{self, Item, NewItem};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::publish::{self, NewFacts, Publication, Text};
use crate::domain::content::published::{Edition, RegionView, Snapshot};
use crate::domain::content::revision::Edit;
use crate::domain::content::store as content;
use crate::domain::peers::testing::{Follower, Publisher, object};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;

/// The region of the publisher.
const REGION: u32 = 1;

impl Publisher {
    /// Puts an object with facts, and with a German title if it is not empty; both of this revision.
    fn card(&mut self, (kind, number): (&str, u32), rev: i64, facts: &Value, title: &str) {
        let mut variants = Vec::new();
        let body = |title: &str, facts: Option<&Value>| {
            let mut body =
                json!({"v": 1, "salt": "AA", "title": title, "blocks": [], "media": [], "n": number});
            if let Some(facts) = facts {
                body["facts"] = facts.clone();
            }
            body.to_string()
        };
        let bodies =
            [("de", (!title.is_empty()).then(|| body(title, None))), ("zxx", Some(body("", Some(facts))))];
        for (language, json) in bodies.iter().filter_map(|(language, json)| Some((language, json.as_ref()?)))
        {
            let (digest, size) = self.body(json);
            let digest = digest.to_base64url();
            variants.push(format!(r#""{language}":{{"body":"{digest}","rev":{rev},"size":{size}}}"#));
        }
        self.put(kind, number, Some(REGION), &variants.join(","));
    }

    fn has_a_region(&mut self) {
        self.profile(REGION);
    }

    /// Puts the profile of a region.
    pub(super) fn profile(&mut self, number: u32) {
        let card = format!(
            r#"{{"v":1,"salt":"AA","title":"Kreis","blocks":[],"region":{{"slug":"k{number}","site":"https://k.example/"}}}}"#
        );
        let (digest, size) = self.body(&card);
        let digest = digest.to_base64url();
        self.put("profile", number, None, &format!(r#""de":{{"body":"{digest}","rev":1,"size":{size}}}"#));
    }

    /// Puts the profile of the region in this revision, with these languages; `None`: of no region any more.
    fn region(&mut self, rev: i64, languages: Option<&[&str]>) {
        let mut body = json!({"v": 1, "salt": "AA", "title": "Kreis", "blocks": [], "n": rev});
        if let Some(languages) = languages {
            let languages: Vec<Value> =
                languages.iter().map(|tag| json!({"tag": tag, "slug": tag, "native_name": tag})).collect();
            let about = json!({"languages": languages, "settings": {}});
            body["region"] = json!({"slug": "kreis", "site": "https://k.example/", "about": about});
        }
        let (digest, size) = self.body(&body.to_string());
        let digest = digest.to_base64url();
        let variants = format!(r#""de":{{"body":"{digest}","rev":{rev},"size":{size}}}"#);
        self.put("profile", REGION, None, &variants);
    }
}

struct World {
    publisher: Publisher,
    follower: Follower,
    origin: String,
    region: RegionId,
}

impl World {
    /// A follower that shows all of these kinds.
    async fn following(mut publisher: Publisher, kinds: &[ObjectKind]) -> World {
        publisher.has_a_region();
        publisher.publish();
        let follower = Follower::new();
        let origin = follower.follow_folder(&publisher).await;
        follower.brings(&origin).await;
        let region = follower.founds();
        for kind in kinds {
            let (origin, object, scope) = (origin.clone(), object(REGION), Scope::All(*kind));
            let request = Request { region, parent: None, origin, object, scope };
            follower.edits(|tx, desk| adopt::adopt(tx, desk, request).map(|_| ()));
        }
        World { publisher, follower, origin, region }
    }

    async fn goes_on(&self) {
        self.publisher.publish();
        self.follower.brings(&self.origin).await;
        self.follower.edits(|tx, desk| mirror::refresh(tx, desk, &self.origin));
    }

    fn view(&self) -> (Snapshot, Arc<RegionView>) {
        let provenance =
            self.follower.read(|tx| super::provenance::provenance(tx, self.follower.peers.clock.now()));
        let snapshot = self.follower.read(|tx| assemble(tx, self.follower.peers.clock.now(), provenance));
        let region = snapshot.regions[0].clone();
        (snapshot, region)
    }

    /// The kinds of the items that are not hidden.
    fn kinds(&self) -> Vec<&'static str> {
        let items: Vec<Item> = self.follower.read(|tx| content::items::of_region(tx, self.region));
        let mut kinds: Vec<_> =
            items.iter().filter(|item| !item.archived).map(|item| item.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds
    }
}

fn event(place: u32) -> Value {
    let when = json!({"start": "2027-06-01T17:00", "end": "2027-06-01T19:00", "zone": "Europe/Berlin"});
    json!({"event": {"when": when, "place": object(place).to_string()}})
}

fn contact(of: u32, name: &str) -> Value {
    json!({"contact": {"of": object(of).to_string(), "name": name}})
}

#[tokio::test]
async fn facts_of_another_kind_than_their_object_are_not_shown_and_lead_nowhere() {
    let mut publisher = Publisher::new();
    publisher.card(("event", 2), 1, &contact(3, "Als Termin verkleidet"), "Fest");
    publisher.card(("place", 3), 1, &event(2), "Ort");
    publisher.card(("event", 4), 1, &event(5), "Lauf");
    publisher.card(("place", 5), 1, &json!({"place": {}}), "Halle");
    let mut world = World::following(publisher, &[ObjectKind::Event]).await;
    assert_eq!(world.kinds(), ["event", "event", "place"]);
    let (_, region) = world.view();
    let facts: Vec<_> = region.editions[0].all(ObjectKind::Event).iter().map(|view| view.facts()).collect();
    assert!(facts.iter().flatten().all(|facts| facts.kind() == ObjectKind::Event), "{facts:?}");
    assert_eq!(facts.iter().flatten().count(), 1);
    // What was shown stays when something that cannot be shown comes after it.
    world.publisher.card(("event", 4), 2, &contact(5, "Neu verkleidet"), "");
    world.goes_on().await;
    let (_, region) = world.view();
    assert_eq!(region.editions[0].all(ObjectKind::Event).iter().filter_map(|view| view.facts()).count(), 1);
}

#[tokio::test]
async fn an_object_that_becomes_another_kind_is_hidden() {
    let mut publisher = Publisher::new();
    publisher.card(("event", 2), 1, &event(3), "Fest");
    publisher.card(("place", 3), 1, &json!({"place": {}}), "Ort");
    let mut world = World::following(publisher, &[ObjectKind::Event]).await;
    assert_eq!(world.kinds(), ["event", "place"]);
    world.publisher.card(("contact", 3), 2, &contact(2, "Niemand"), "");
    world.goes_on().await;
    assert_eq!(world.kinds(), ["event"]);
}

#[tokio::test]
async fn a_page_that_becomes_a_region_does_not_bring_what_is_in_it() {
    let mut publisher = Publisher::new();
    publisher.page(2, Some(REGION), &[("de", 1)]);
    publisher.page(3, Some(2), &[("de", 1)]);
    let mut world = World::following(publisher, &[]).await;
    let (region, origin) = (world.region, world.origin.clone());
    let request = Request { region, parent: None, origin, object: object(2), scope: Scope::Subtree };
    world.follower.edits(|tx, desk| adopt::adopt(tx, desk, request).map(|_| ()));
    assert_eq!(world.kinds(), ["page", "page"]);
    world.publisher.put("profile", 2, None, "");
    world.publisher.page(4, Some(2), &[("de", 1)]);
    world.publisher.put("event", 5, Some(2), "");
    world.goes_on().await;
    assert!(world.kinds().is_empty(), "{:?}", world.kinds());
}

#[tokio::test]
async fn a_region_that_becomes_a_page_is_not_shown_as_one() {
    let mut publisher = Publisher::new();
    publisher.card(("event", 2), 1, &event(3), "Fest");
    let mut world = World::following(publisher, &[ObjectKind::Event]).await;
    assert_eq!(world.kinds(), ["event"]);
    world.publisher.page(REGION, None, &[("de", 2)]);
    world.publisher.page(4, Some(REGION), &[("de", 1)]);
    world.goes_on().await;
    assert!(world.kinds().is_empty(), "{:?}", world.kinds());
    world.publisher.put("profile", REGION, None, "");
    world.goes_on().await;
    assert_eq!(world.kinds(), ["event"]);
}

#[tokio::test]
async fn more_profiles_than_are_read_at_once_are_all_shown_and_each_once() {
    let mut publisher = Publisher::new();
    for number in 100..230 {
        let card = json!({"slug": "gleich", "site": "https://k.example/"});
        let body =
            json!({"v": 1, "salt": "AA", "title": format!("Kreis {number}"), "blocks": [], "region": card});
        let (digest, size) = publisher.body(&body.to_string());
        let body = format!(r#"{{"body":"{}","rev":1,"size":{size}}}"#, digest.to_base64url());
        // Two languages of one region are one region.
        publisher.put("profile", number, None, &format!(r#""de":{body},"en":{body}"#));
    }
    let world = World::following(publisher, &[]).await;
    world.follower.edits(|tx, desk| regions::switch(tx, desk, &world.origin, Switch::On).map(drop));
    let slugs: HashSet<String> =
        world.follower.read(|tx| content::regions::all(tx)).into_iter().map(|region| region.slug).collect();
    // One of ours and the publisher's first one beside them.
    assert_eq!(slugs.len(), 130 + 2);
}

/// The title of the first page of the foreign region in each of its languages.
fn titles(world: &World) -> Vec<(String, Option<String>)> {
    let (snapshot, _) = world.view();
    let foreign = snapshot.regions.iter().find(|region| region.settings.origin.is_some()).unwrap();
    let title = |edition: &Edition| edition.pages.items.first().map(|page| page.title().to_owned());
    let all = foreign.languages.iter().zip(&foreign.editions);
    all.map(|(language, edition)| (language.tag.to_string(), title(edition))).collect()
}

#[tokio::test]
async fn a_language_that_left_a_shown_region_may_come_back() {
    let mut publisher = Publisher::new();
    publisher.page(2, Some(REGION), &[("de", 1), ("en", 1)]);
    let mut world = World::following(publisher, &[]).await;
    let both = |rev: i64| {
        [("de", format!("2 de {rev}")), ("en", "2 en 1".to_owned())]
            .map(|(language, title)| (language.to_owned(), Some(title)))
    };
    world.publisher.region(2, Some(&["de", "en"]));
    world.goes_on().await;
    world.follower.edits(|tx, desk| regions::switch(tx, desk, &world.origin, Switch::On).map(drop));
    assert_eq!(titles(&world), both(1));
    world.publisher.region(3, Some(&["de"]));
    world.goes_on().await;
    assert_eq!(titles(&world), both(1)[..1]);
    world.publisher.region(4, Some(&["de", "en"]));
    world.publisher.page(2, Some(REGION), &[("de", 2)]);
    world.goes_on().await;
    assert_eq!(titles(&world), both(2));
}

#[tokio::test]
async fn a_profile_that_tells_of_no_region_any_more_takes_it_along() {
    let mut publisher = Publisher::new();
    publisher.page(2, Some(REGION), &[("de", 1)]);
    let mut world = World::following(publisher, &[]).await;
    world.follower.edits(|tx, desk| regions::switch(tx, desk, &world.origin, Switch::On).map(drop));
    assert_eq!(titles(&world).len(), 1);
    world.publisher.region(2, None);
    world.goes_on().await;
    let (snapshot, _) = world.view();
    assert!(snapshot.regions.iter().all(|region| region.settings.origin.is_none()));
}

#[tokio::test]
async fn a_region_that_is_over_takes_what_is_in_it_along_without_any_news() {
    let mut publisher = Publisher::new();
    publisher.card(("event", 2), 1, &event(3), "Fest");
    let mut world = World::following(publisher, &[ObjectKind::Event]).await;
    let end = world.follower.peers.clock.now().plus_seconds(3600);
    let (obj, exp) = (object(REGION), end.unix_seconds());
    world.publisher.raw(&format!(
        r#"{{"exp":{exp},"kind":"profile","lic":"CC-BY-4.0","obj":"{obj}","op":"put","ts":1,"v":1,"var":{{}}}}"#
    ));
    world.goes_on().await;
    assert_eq!(world.kinds(), ["event"]);
    world.follower.peers.clock.advance(3601);
    let now = world.follower.peers.clock.now();
    assert_eq!(world.follower.read(|tx| mirror::stale(tx, now)), std::slice::from_ref(&world.origin));
    world.follower.edits(|tx, desk| mirror::refresh(tx, desk, &world.origin));
    assert!(world.kinds().is_empty(), "{:?}", world.kinds());
}

#[tokio::test]
async fn references_in_circles_and_to_nothing_end() {
    let mut publisher = Publisher::new();
    publisher.card(("event", 2), 1, &event(2), "Nennt sich selbst");
    publisher.card(("event", 3), 1, &event(999), "Nennt niemanden");
    publisher.card(("event", 4), 1, &event(5), "Nennt eine Seite");
    publisher.page(5, Some(REGION), &[("de", 1)]);
    publisher.card(("contact", 6), 1, &contact(7, "A"), "");
    publisher.card(("contact", 7), 1, &contact(6, "B"), "");
    publisher.card(("place", 8), 1, &json!({"place": {"category": object(8).to_string()}}), "Ort");
    let world =
        World::following(publisher, &[ObjectKind::Event, ObjectKind::Contact, ObjectKind::Place]).await;
    assert_eq!(world.kinds(), ["contact", "contact", "event", "event", "event", "place"]);
}

#[tokio::test]
async fn a_place_may_have_thousands_of_contacts() {
    let mut publisher = Publisher::new();
    publisher.card(("place", 2), 1, &json!({"place": {}}), "Ort");
    for number in 0..3000 {
        publisher.card(("contact", 1000 + number), 1, &contact(2, &format!("N{number}")), "");
    }
    let mut world = World::following(publisher, &[ObjectKind::Place]).await;
    assert_eq!(world.kinds().len(), 3001);
    world.publisher.withdraw(2);
    world.goes_on().await;
    assert!(world.kinds().is_empty());
}

#[tokio::test]
async fn a_contact_of_another_node_does_not_stand_at_a_place_of_ours() {
    let mut publisher = Publisher::new();
    publisher.card(("contact", 6), 1, &contact(7, "A"), "");
    let mut world = World::following(publisher, &[ObjectKind::Contact]).await;
    let ours = world.follower.edits(|tx, desk| {
        let id = desk.clock.fresh_id().into();
        let new = NewItem::flat(id, ObjectKind::Place);
        item::create(tx, desk, world.region, vec![new])?;
        let facts = Facts::Place(Box::default());
        let facts = NewFacts { facts, media: Vec::new(), updated_at: desk.clock.now() };
        let text = Text {
            language: "de".parse().unwrap(),
            title: "Rathaus".into(),
            slug: "rathaus".into(),
            blocks: Vec::new(),
            wrap: None,
            media: Vec::new(),
            summary: None,
            via: Via::Human,
            source: None,
            updated_at: desk.clock.now(),
        };
        let publication = Publication { item: id, edit: Edit::Major, texts: vec![text], facts: Some(facts) };
        publish::publish(tx, desk, world.region, vec![publication])?;
        Ok(id)
    });
    let claims = json!({"contact": {"of": ours.to_string(), "name": "Betrug", "phone": "0900 666"}});
    world.publisher.card(("contact", 6), 2, &claims, "");
    world.goes_on().await;
    let (snapshot, region) = world.view();
    let edition = &region.editions[0];
    let [stranger] = edition.all(ObjectKind::Contact) else { panic!() };
    let Some(Facts::Contact(facts)) = stranger.facts() else { panic!() };
    assert_eq!(facts.of, Some(ours.into()));
    assert!(snapshot.named_by(stranger, ours.into(), &region, edition).is_none());
    let [place] = edition.all(ObjectKind::Place) else { panic!() };
    assert!(snapshot.named_by(place, ours.into(), &region, edition).is_some());
}

#[tokio::test]
async fn what_a_category_looks_like_is_a_plain_word_and_a_colour() {
    let odd = [
        ("../../../etc/passwd", "red;background:url(//evil.example)"),
        ("\"><script>", "#12345"),
        ("", "#GGGGGG"),
        ("ICON", "123456"),
    ];
    let mut publisher = Publisher::new();
    for (number, (icon, colour)) in (2..).zip(odd) {
        publisher.card(("category", number), 1, &json!({"category": {"icon": icon, "colour": colour}}), "K");
    }
    publisher.card(("category", 9), 1, &json!({"category": {"icon": "tram_2", "colour": "#a1B2c3"}}), "K");
    let world = World::following(publisher, &[ObjectKind::Category]).await;
    let (_, region) = world.view();
    let mut looks = region.editions[0].all(ObjectKind::Category).iter().map(|view| match view.facts() {
        Some(Facts::Category(category)) => (category.icon.clone(), category.colour.clone()),
        _ => panic!(),
    });
    let grey = ("other".to_owned(), "#585858".to_owned());
    assert!(looks.by_ref().take(odd.len()).all(|look| look == grey));
    assert_eq!(looks.next(), Some(("tram_2".to_owned(), "#a1B2c3".to_owned())));
}

#[tokio::test]
async fn a_page_has_no_facts() {
    let mut publisher = Publisher::new();
    publisher.card(("page", 2), 1, &contact(2, "Versteckt"), "Seite");
    let world = World::following(publisher, &[]).await;
    let (region, origin) = (world.region, world.origin.clone());
    let request = Request { region, parent: None, origin, object: object(2), scope: Scope::Subtree };
    world.follower.edits(|tx, desk| adopt::adopt(tx, desk, request).map(|_| ()));
    let (_, region) = world.view();
    let [page] = &region.editions[0].pages.items[..] else { panic!() };
    assert_eq!((page.title(), page.facts().is_none()), ("Seite", true));
}
