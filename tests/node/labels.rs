//! What items say of themselves besides their texts, and the words for it.

use super::content::Town;
use lotse::base::id::ItemId;
use lotse::domain::content::change::{Change, Put};
use lotse::domain::content::labels::Labels;
use lotse::domain::content::relabel::{self, Relabelling};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::vocabulary::{self, Sort, Vocabulary};
use lotse::domain::content::{ContentError, archive, region, store};
use lotse::platform::db::Read;
use std::collections::BTreeMap;

fn wish(licence: Option<&str>, topics: Option<&[&str]>) -> Relabelling {
    let topics = topics.map(|topics| topics.iter().map(|word| (*word).to_owned()).collect());
    Relabelling { licence: licence.map(str::to_owned), topics, ..Relabelling::default() }
}

impl Town {
    fn label(&self, items: &[ItemId], wish: &Relabelling) -> Result<Vec<ItemId>, ContentError> {
        self.write(|tx, desk| relabel::relabel(tx, desk, items, wish))
    }

    /// What the log was told in the meantime.
    fn told(&self, act: impl FnOnce()) -> Vec<Put> {
        let before = self.changes().len();
        act();
        let put = |change| match change {
            Change::Put(put) => put,
            other => panic!("{other:?}"),
        };
        self.changes().split_off(before).into_iter().map(put).collect()
    }

    fn labels(&self, item: ItemId) -> Labels {
        self.db
            .read(|tx: &mut Read<'_>| store::labels::of(tx, &[item]))
            .unwrap()
            .remove(&item)
            .unwrap_or_default()
    }
}

#[test]
fn labels_are_told_to_the_log_without_a_new_revision_and_only_where_they_are_new() {
    let town = Town::new();
    let (one, two, silent) = (town.page(None), town.page(None), town.page(None));
    town.say(&one, "de", "Eins", (Edit::Major, None));
    town.say(&two, "de", "Zwei", (Edit::Major, None));
    let all = [one.id, two.id, silent.id];
    let told = town
        .told(|| assert_eq!(town.label(&all, &wish(Some("CC0-1.0"), Some(&["housing"]))).unwrap().len(), 3));
    assert_eq!(told.len(), 2, "a page without a text is not known to the log: {told:?}");
    for put in &told {
        assert!(put.variants.is_empty() && put.licence == "CC0-1.0", "{put:?}");
        assert_eq!(put.facets.topics, ["019b76da-0000-7000-8000-000000000002".to_owned()].into());
    }
    assert!(
        town.told(|| assert!(town.label(&all, &wish(Some("CC0-1.0"), None)).unwrap().is_empty())).is_empty()
    );
    // Its first text tells what was said before.
    let told = town.told(|| town.say(&silent, "de", "Drei", (Edit::Major, None)));
    assert_eq!((told[0].licence.as_str(), told[0].facets.topics.len()), ("CC0-1.0", 1));
    // And so does its return from the archive.
    town.write(|tx, desk| archive::archive(tx, desk, town.region.id, &[one.id])).unwrap();
    assert!(town.told(|| drop(town.label(&[one.id], &wish(Some(""), None)).unwrap())).is_empty());
    let told =
        town.told(|| town.write(|tx, desk| archive::restore(tx, desk, town.region.id, &[one.id])).unwrap());
    assert_eq!((told[0].licence.as_str(), told[0].facets.topics.len()), ("CC-BY-4.0", 1));
}

#[test]
fn what_cannot_be_said_changes_nothing() {
    let town = Town::new();
    let page = town.page(None);
    let refused = |wish: Relabelling| town.label(&[page.id], &wish).unwrap_err();
    assert!(matches!(refused(wish(Some("frei für alle"), None)), ContentError::Licence { .. }));
    let unknown = refused(wish(Some("CC0-1.0"), Some(&["weather"]))).to_string();
    assert!(unknown.contains("weather") && unknown.contains("work-education, participation"), "{unknown}");
    assert!(matches!(refused(wish(None, Some(&["family"]))), ContentError::TermOfOtherSort { .. }));
    assert_eq!(town.labels(page.id), Labels::default());
    let nobody = town.clock.fresh_id().into();
    let refused = town.label(&[page.id, nobody], &wish(Some("CC0-1.0"), None));
    assert!(matches!(refused, Err(ContentError::UnknownItem { item }) if item == nobody));
    assert_eq!(town.labels(page.id), Labels::default());
}

#[test]
fn a_regions_licence_holds_for_items_without_their_own() {
    let town = Town::new();
    let (own, plain) = (town.page(None), town.page(None));
    town.say(&own, "de", "Eigen", (Edit::Major, None));
    town.say(&plain, "de", "Schlicht", (Edit::Major, None));
    town.label(&[own.id], &wish(Some("CC0-1.0"), None)).unwrap();
    let mut region = town.region.clone();
    region.settings.licence = "DL-DE-BY-2.0".into();
    region.settings.official_key = "DE-ARS:097720000000".into();
    let told = town.told(|| assert!(town.write(|tx, desk| region::describe(tx, desk, &region)).unwrap()));
    let licence = |id: ItemId| told.iter().find(|put| put.object == id.into()).unwrap().licence.as_str();
    assert_eq!((licence(own.id), licence(plain.id)), ("CC0-1.0", "DL-DE-BY-2.0"));
    assert!(told.iter().all(|put| put.geo.as_deref() == Some("DE-ARS:097720000000")));
    let view = &town.snapshot().regions[0];
    let shown = |id: ItemId| view.licence_of(view.editions[0].item(id).unwrap());
    assert_eq!((shown(own.id), shown(plain.id)), ("CC0-1.0", "DL-DE-BY-2.0"));
    region.settings.official_key = "Kreis 09772".into();
    let refused = town.write(|tx, desk| region::describe(tx, desk, &region));
    assert!(matches!(refused, Err(ContentError::OfficialKey { .. })));
}

#[test]
fn a_vocabulary_can_be_replaced_and_the_programs_terms_come_back_under_their_ids() {
    let town = Town::new();
    let words = || {
        let terms = town.db.read(|tx: &mut Read<'_>| Vocabulary::read(tx)).unwrap();
        terms.terms().iter().map(|term| term.word.clone()).collect::<Vec<_>>()
    };
    let add = |sort, word: &str, id: Option<&str>| {
        let id = id.map(|id| id.parse().unwrap());
        town.write(|tx, desk| vocabulary::add(tx, desk, (sort, word), id, BTreeMap::new()))
    };
    assert_eq!(words().len(), 11);
    let page = town.page(None);
    town.say(&page, "de", "Seite", (Edit::Major, None));
    town.label(&[page.id], &wish(None, Some(&["housing", "language"]))).unwrap();
    let told = town.told(|| {
        let (term, items) = town.write(|tx, desk| vocabulary::remove(tx, desk, "housing")).unwrap();
        assert_eq!((term.word.as_str(), items), ("housing", 1));
    });
    assert_eq!(told[0].facets.topics.len(), 1);
    assert!(!words().contains(&"housing".to_owned()));
    assert!(town.write(|tx, desk| vocabulary::remove(tx, desk, "housing")).is_err());

    add(Sort::Topic, "clubs", None).unwrap();
    add(Sort::Group, "elderly", None).unwrap();
    assert!(matches!(add(Sort::Topic, "clubs", None), Err(ContentError::TermTaken { .. })));
    assert!(matches!(add(Sort::Topic, "Clubs", None), Err(ContentError::TermWord { .. })));
    let id = "019b76da-0000-7000-8000-000000000002";
    assert!(matches!(add(Sort::Group, "old", Some(id)), Err(ContentError::AudienceId)));
    let back = add(Sort::Topic, "housing", Some(id)).unwrap();
    assert_eq!(back.name(&"de".parse().unwrap()).text, "Wohnen");
    assert_eq!(words().split_off(10), ["housing", "clubs", "elderly"]);
}
