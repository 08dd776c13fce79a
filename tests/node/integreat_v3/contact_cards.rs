//! Contacts in texts: the text names the contact, and what readers and apps see is the contact as it is now.

use super::cards;
use super::fixture::Node;
use lotse::base::id::{ItemId, NodeId};
use lotse::base::moment::Moment;
use lotse::domain::content::assemble::assemble;
use lotse::domain::content::facts::{ContactFacts, Facts};
use lotse::domain::content::labels::Facets;
use lotse::domain::content::publish::{self, NewFacts, Publication};
use lotse::domain::content::published::Provenance;
use lotse::domain::content::revision::Edit;
use lotse::domain::content::store;
use lotse::domain::content::{ContentError, Desk, archive};
use lotse::platform::db::{Read, Write};
use lotse::web::routes;
use std::collections::HashMap;
use std::sync::Arc;

/// The page that shows the contact, and the contact, by their place among the cards.
const CONTACT: usize = 4;
const PAGE: &str = "/api/v3/musterland/de/page/?url=willkommen";
const READ: &str = "/musterland/de/willkommen/";

/// The text of the page.
pub fn welcome(contact: ItemId) -> String {
    format!("<p>Hallo</p><div data-contact=\"contact:{contact}?show=phone,address\"></div>")
}

impl Node {
    /// Changes something and shows it, as a serving node does.
    async fn change(
        &self,
        change: impl FnOnce(&mut Write<'_>, &Desk<'_>) -> Result<(), ContentError> + Send + 'static,
    ) {
        let (state, clock) = (self.state.clone(), self.state.clock.clone());
        let database = self.state.database.clone();
        let shown = std::thread::spawn(move || {
            let desk = Desk { clock: &clock, site: super::fixture::SITE };
            database.write(|tx: &mut Write<'_>| change(tx, &desk)).unwrap();
            let now = clock.now();
            database.read(|tx: &mut Read<'_>| assemble(tx, now, HashMap::new())).unwrap()
        });
        routes::show(&state, Arc::new(shown.join().unwrap()));
    }

    /// Shows these items as mirrors of what nodes of these numbers publish.
    fn mirror(&self, from: &[(usize, u8)]) {
        let mirrors: HashMap<ItemId, Arc<Provenance>> = from
            .iter()
            .map(|(at, node)| (self.ids[*at], Arc::new(provenance(self.ids[*at], *node))))
            .collect();
        let (database, clock) = (self.state.database.clone(), self.state.clock.clone());
        let shown = std::thread::spawn(move || {
            let now = clock.now();
            database.read(|tx: &mut Read<'_>| assemble(tx, now, mirrors)).unwrap()
        });
        routes::show(&self.state, Arc::new(shown.join().unwrap()));
    }
}

fn provenance(item: ItemId, node: u8) -> Provenance {
    Provenance {
        node: NodeId::of_genesis([node; 32]),
        node_name: "Nord".into(),
        object: item.into(),
        site: None,
        url: None,
        licence: "CC-BY-4.0".into(),
        attribution: String::new(),
        facets: Facets::NONE,
        confirmed_at: None,
        unconfirmed_since: None,
    }
}

fn renumbered(item: ItemId, place: ItemId, phone: &str) -> Publication {
    let facts = ContactFacts {
        of: Some(place.into()),
        name: "Bürgerbüro".into(),
        phone: phone.into(),
        ..ContactFacts::default()
    };
    let updated_at = Moment::parse("2026-05-01T08:00:00Z").unwrap();
    let facts = NewFacts { facts: Facts::Contact(Box::new(facts)), media: Vec::new(), updated_at };
    Publication { item, edit: Edit::Major, texts: Vec::new(), facts: Some(facts) }
}

#[actix_web::test]
async fn apps_get_the_card_as_the_cms_draws_it() {
    let told = cards::node().get(PAGE).await.json();
    let card = [
        r#"<div class="contact-card notranslate" dir="ltr" translate="no" data-contact-id="5" "#,
        r#"data-contact-url="https://node.example/musterland/de/locations/rathaus/" contenteditable="false">"#,
        r#"<h4>Bürgerbüro</h4><ul class="details"><li><a href="tel:+491234567">+49 1234 567</a></li>"#,
        r#"<li><a href="https://node.example/musterland/de/locations/rathaus/">Markt 1, 12345 Musterstadt, Deutschland</a></li></ul></div>"#,
    ]
    .concat();
    assert_eq!(told["content"], format!("<p>Hallo</p>{card}"));
    assert_eq!(told["excerpt"], "HalloBürgerbüro+49 1234 567Markt 1, 12345 Musterstadt, Deutschland");
}

#[actix_web::test]
async fn readers_get_a_card_with_links_that_their_device_understands() {
    let node = cards::node();
    for path in [READ, "/print/musterland/de/"] {
        let page = node.get(path).await.body;
        assert!(page.contains("<bdi>Bürgerbüro</bdi>") && page.contains("href=\"tel:+491234567\""), "{page}");
        let phone = page.find("+49 1234 567").unwrap();
        assert!(page.find("Markt 1, 12345 Musterstadt").unwrap() > phone, "in the order of the text: {page}");
        assert!(!page.contains("data-contact"), "{page}");
    }
}

#[actix_web::test]
async fn another_number_is_seen_everywhere_at_once_and_no_text_has_a_new_revision() {
    let node = cards::node();
    let before = node.get(PAGE).await.json();
    node.get(READ).await;
    let (contact, place) = (node.ids[CONTACT], node.ids[2]);
    node.change(move |tx, desk| {
        let region = store::regions::by_slug(tx, "musterland")?.unwrap();
        publish::publish(tx, desk, region.id, vec![renumbered(contact, place, "+49 1234 999")])?;
        Ok(())
    })
    .await;
    let after = node.get(PAGE).await.json();
    assert_eq!((&after["id"], &after["last_updated"]), (&before["id"], &before["last_updated"]));
    let read = node.get(READ).await.body;
    for text in [after["content"].as_str().unwrap(), after["excerpt"].as_str().unwrap(), &read] {
        assert!(text.contains("+49 1234 999") && !text.contains("+49 1234 567"), "{text}");
    }
}

#[actix_web::test]
async fn a_contact_that_is_no_longer_there_leaves_nothing_behind() {
    let node = cards::node();
    node.get(PAGE).await;
    node.get(READ).await;
    let contact = node.ids[CONTACT];
    node.change(move |tx, desk| {
        let region = store::regions::by_slug(tx, "musterland")?.unwrap();
        archive::archive(tx, desk, region.id, &[contact])?;
        Ok(())
    })
    .await;
    assert_eq!(node.get(PAGE).await.json()["content"], "<p>Hallo</p>");
    let read = node.get(READ).await.body;
    assert!(!read.contains("Bürgerbüro") && !read.contains("1234 567"), "{read}");
}

#[actix_web::test]
async fn a_text_tells_which_objects_it_names() {
    let node = cards::node();
    let snapshot = Arc::clone(&node.state.showing().snapshot);
    let (_, edition) = snapshot.region("musterland").unwrap().edition("de").unwrap();
    let page = &edition.pages.items[0];
    assert_eq!(page.body.refers_to().into_iter().collect::<Vec<_>>(), [node.ids[CONTACT].into()]);
}

#[actix_web::test]
async fn a_foreign_text_shows_contacts_of_its_own_node_alone() {
    let node = cards::node();
    const TEXT: usize = 10;
    let shows = |told: serde_json::Value| told["content"].as_str().unwrap().contains("+49 1234 567");
    for (from, shown) in [
        // Ours may show anybody's; a foreign one neither ours nor a third node's.
        (vec![(CONTACT, 7)], true),
        (vec![(TEXT, 7), (CONTACT, 7)], true),
        (vec![(TEXT, 7)], false),
        (vec![(TEXT, 7), (CONTACT, 8)], false),
    ] {
        node.mirror(&from);
        assert_eq!(shows(node.get(PAGE).await.json()), shown, "{from:?}");
        assert_eq!(node.get(READ).await.body.contains("+49 1234 567"), shown, "{from:?}");
    }
}
