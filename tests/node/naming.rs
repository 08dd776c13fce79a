//! What facts may name and say, and whom readers see for it.

use super::content::Town;
use lotse::base::id::{ItemId, ObjectId};
use lotse::domain::content::facts::{Facts, OfferFacts, OrganisationFacts, PageFacts};
use lotse::domain::content::item::{self, Item, NewItem};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::publish::{NewFacts, Publication, publish};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, restate};
use std::collections::HashMap;
use std::sync::Arc;

fn flat(town: &Town, kind: ObjectKind) -> Item {
    let new = NewItem::flat(town.clock.fresh_id().into(), kind);
    town.write(|tx, desk| item::create(tx, desk, town.region.id, vec![new])).unwrap().remove(0)
}

fn organisation(town: &Town, name: &str) -> Item {
    let item = flat(town, ObjectKind::Organisation);
    town.say(&item, "de", name, (Edit::Major, None));
    let facts = Facts::Organisation(OrganisationFacts { slug: name.to_lowercase(), ..Default::default() });
    town.write(|tx, desk| restate::facts(tx, desk, &item, facts)).unwrap();
    item
}

fn naming(organisation: Option<&Item>, offers: &[ObjectId]) -> Facts {
    let organisation = organisation.map(|item| item.id.into());
    Facts::Page(PageFacts { organisation, offers: offers.to_vec() })
}

#[test]
fn an_organisation_of_ours_stays_ours_though_a_stranger_uses_its_id() {
    let town = Town::new();
    let (ours, theirs) = (organisation(&town, "Rathaus"), organisation(&town, "Fremd"));
    let page = town.page(None);
    town.say(&page, "de", "Seite", (Edit::Major, None));
    town.write(|tx, desk| restate::facts(tx, desk, &page, naming(Some(&ours), &[]))).unwrap();
    let mut snapshot = town.snapshot();
    let mut region = snapshot.regions.remove(0);
    let object: ObjectId = ours.id.into();
    Arc::get_mut(&mut region).unwrap().mirrored = Arc::new(HashMap::from([(object, theirs.id)]));
    snapshot.regions.push(Arc::clone(&region));
    let (_, german) = region.edition("de").unwrap();
    let named = snapshot.named_by(german.item(page.id).unwrap(), object, &region, german);
    assert_eq!(named.unwrap().title(), "Rathaus");
}

#[test]
fn what_a_page_names_already_and_is_gone_does_not_keep_the_rest_from_being_said() {
    let town = Town::new();
    let (office, page) = (organisation(&town, "Rathaus"), town.page(None));
    town.say(&page, "de", "Seite", (Edit::Major, None));
    let fresh = || ObjectId::from(ItemId::from(town.clock.fresh_id()));
    let (gone, unknown) = (fresh(), fresh());
    let facts = NewFacts { facts: naming(None, &[gone]), media: Vec::new(), updated_at: town.clock.now() };
    let publication = Publication { item: page.id, edit: Edit::Major, texts: Vec::new(), facts: Some(facts) };
    town.write(|tx, desk| publish(tx, desk, town.region.id, vec![publication])).unwrap();
    let say = |facts: Facts| town.write(|tx, desk| restate::facts(tx, desk, &page, facts));
    say(naming(Some(&office), &[gone])).unwrap();
    let refused = say(naming(Some(&office), &[gone, unknown]));
    assert!(matches!(refused, Err(ContentError::Named { named, .. }) if named == unknown), "{refused:?}");
    let snapshot = town.snapshot();
    let (_, german) = snapshot.region("town").unwrap().edition("de").unwrap();
    let facts = german.item(page.id).unwrap().facts().unwrap().clone();
    assert_eq!(facts, naming(Some(&office), &[gone]));
}

#[test]
fn words_of_ours_that_nobody_would_read_are_refused() {
    let town = Town::new();
    let offer = flat(&town, ObjectKind::Offer);
    let post = |length: usize| [("q".to_owned(), "x".repeat(length))].into();
    for (alias, post, what, most) in [(201, post(0), "alias", 200), (200, post(4096), "post", 4096)] {
        let alias = "x".repeat(alias);
        let facts = Facts::Offer(OfferFacts { alias, url: None, post, picture: None });
        let refused = town.write(|tx, desk| restate::facts(tx, desk, &offer, facts)).unwrap_err();
        let expected = format!("{} has a {what} that is too long: at most {most} bytes are read", offer.id);
        assert_eq!(refused.to_string(), expected);
    }
    let facts =
        Facts::Offer(OfferFacts { alias: "x".repeat(200), url: None, post: post(4095), picture: None });
    town.write(|tx, desk| restate::facts(tx, desk, &offer, facts)).unwrap();
}
