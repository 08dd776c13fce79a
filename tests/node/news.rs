//! News: told in several regions, in their languages, and not before their time.

use super::content::{Town, tag};
use lotse::base::id::{ItemId, RegionId};
use lotse::base::moment::Moment;
use lotse::domain::content::assemble::{Assembler, assemble};
use lotse::domain::content::change::Change;
use lotse::domain::content::facts::{Facts, NewsFacts};
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::news::{self, Message, NewsText, Outcome};
use lotse::domain::content::publish::{self, NewFacts, Publication};
use lotse::domain::content::published::{RegionSettings, Snapshot};
use lotse::domain::content::region::{self, NewLanguage, NewRegion};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, Desk};
use lotse::jobs::tell_news::tell_due;
use lotse::platform::db::{Read, Write};
use std::collections::HashMap;

const HOUR: i64 = 3600;

fn message(regions: &[&str], languages: &[&str]) -> Message {
    let text = |language: &&str| NewsText {
        language: tag(language),
        title: format!("Sperrung ({language})"),
        text: "Die Brücke <ist> zu.\n\nBis Montag.".into(),
    };
    Message {
        regions: regions.iter().map(|slug| (*slug).to_owned()).collect(),
        texts: languages.iter().map(text).collect(),
        at: None,
        until: None,
        audiences: vec!["family".into()],
    }
}

impl Town {
    /// A second region, in German and French.
    fn village(&self) -> RegionId {
        let settings =
            RegionSettings { official_key: "DE-ARS:097720000001".into(), ..RegionSettings::default() };
        let new = NewRegion {
            slug: "village".into(),
            name: "Village".into(),
            default_language: tag("de"),
            settings,
        };
        let region = self.write(|tx, desk| region::found(tx, desk, new)).unwrap();
        for (language, source) in [("de", None), ("fr", Some(tag("de")))] {
            let (slug, native_name) = (language.to_owned(), language.to_owned());
            let new = NewLanguage { tag: tag(language), slug, native_name, source };
            self.write(|tx, _| region::add_language(tx, &region, new)).unwrap();
        }
        region.id
    }

    fn tells(&self, message: Message) -> Result<Vec<(RegionId, ItemId)>, ContentError> {
        self.write(|tx, desk| news::tell(tx, desk, message))
    }

    fn sees(&self) -> Snapshot {
        let now = self.clock.now();
        self.db.read(|tx: &mut Read<'_>| assemble(tx, now, HashMap::new())).unwrap()
    }

    /// Titles of what readers find, by region and language.
    fn headlines(&self) -> Vec<String> {
        let snapshot = self.sees();
        let mut found = Vec::new();
        for region in &snapshot.regions {
            for (language, edition) in region.languages.iter().zip(&region.editions) {
                let news = edition.all(ObjectKind::News).iter();
                found.extend(news.map(|view| format!("{}/{} {}", region.slug, language.slug, view.title())));
            }
        }
        found
    }

    fn desk(&self) -> Desk<'_> {
        Desk { clock: &self.clock, site: "https://town.example/" }
    }

    fn known(&self) -> Vec<news::Known> {
        self.db.read(|tx: &mut Read<'_>| news::list(tx, self.clock.now())).unwrap()
    }
}

#[test]
fn one_message_is_told_in_each_of_its_regions_in_the_languages_they_have_and_taken_back_at_once() {
    let town = Town::new();
    let village = town.village();
    let before = town.changes().len();
    let told = town.tells(message(&["town", "village"], &["de", "en", "fr"])).unwrap();
    let headlines = [
        "town/de Sperrung (de)",
        "town/en Sperrung (en)",
        "village/de Sperrung (de)",
        "village/fr Sperrung (fr)",
    ];
    assert_eq!(town.headlines(), headlines);
    let puts: Vec<_> = town.changes().split_off(before);
    for (change, (region, item)) in puts.iter().zip(&told) {
        let Change::Put(put) = change else { panic!("{change:?}") };
        assert_eq!((put.object, put.parent), ((*item).into(), Some((*region).into())));
        assert_eq!(put.facets.audiences, ["family".to_owned()].into());
        assert_eq!(put.geo.is_some(), *region == village);
        assert_eq!(put.expires_at, Some(town.clock.now().plus_seconds(28 * 24 * HOUR)));
    }
    let known = town.known();
    assert_eq!((known.len(), known[0].items.len(), known[0].titles.len()), (1, 2, 3));
    let snapshot = town.sees();
    let body = &snapshot.regions[0].editions[0].all(ObjectKind::News)[0].body;
    assert_eq!(body.html().as_str(), "<p>Die Brücke &lt;ist&gt; zu.</p><p>Bis Montag.</p>");

    let gone = town.write(|tx, desk| news::withdraw(tx, desk, told[1].1)).unwrap();
    assert_eq!((gone.len(), town.headlines().len(), town.known().len()), (2, 0, 0));
    let again = town.write(|tx, desk| news::withdraw(tx, desk, told[0].1));
    assert!(matches!(again, Err(ContentError::NoNews { .. })));
}

#[test]
fn news_are_over_by_themselves_after_28_days() {
    let town = Town::new();
    town.tells(message(&["town"], &["de"])).unwrap();
    town.clock.advance(28 * 24 * HOUR - 1);
    assert_eq!(town.headlines().len(), 1);
    town.clock.advance(1);
    assert!(town.headlines().is_empty() && town.known().is_empty());
}

#[test]
fn nothing_of_news_is_anywhere_before_their_time_and_then_they_are_told_once_whoever_tries() {
    let town = Town::new();
    let before = town.changes().len();
    let at = Some(town.clock.now().plus_seconds(HOUR));
    let told = town.tells(Message { at, ..message(&["town"], &["de", "ar"]) }).unwrap();
    town.clock.advance(HOUR - 1);
    assert_eq!(tell_due(&town.db, &town.desk()).unwrap(), 0);
    assert_eq!((town.changes().len(), town.headlines().len()), (before, 0));
    assert!(town.known()[0].is_waiting && town.known()[0].items == told);
    town.clock.advance(1);
    // As many processes as there may be, all at the same time.
    let told_by = |_| {
        let (db, clock) = (town.db.clone(), town.clock.clone());
        std::thread::spawn(move || {
            tell_due(&db, &Desk { clock: &clock, site: "https://town.example/" }).unwrap()
        })
    };
    let threads: Vec<_> = (0..4).map(told_by).collect();
    let counts: Vec<usize> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 1, "{counts:?}");
    assert_eq!(town.headlines(), ["town/de Sperrung (de)", "town/ar Sperrung (ar)"]);
    assert_eq!(town.changes().len(), before + 1);
    assert!(!town.known()[0].is_waiting && town.known()[0].items == told);
    let repeated = town.write(|tx, desk| news::tell_waiting(tx, desk, told[0].1)).unwrap();
    assert_eq!(repeated, Outcome::Gone);
}

#[test]
fn news_that_wait_are_taken_back_without_a_trace_and_those_that_were_missed_are_not_told_late() {
    let town = Town::new();
    let before = town.changes().len();
    let at = Some(town.clock.now().plus_seconds(HOUR));
    let waiting = town.tells(Message { at, ..message(&["town"], &["de"]) }).unwrap();
    assert_eq!(town.write(|tx, desk| news::withdraw(tx, desk, waiting[0].1)).unwrap(), [waiting[0].1]);
    let until = Some(town.clock.now().plus_seconds(2 * HOUR));
    town.tells(Message { at, until, ..message(&["town"], &["de"]) }).unwrap();
    town.clock.advance(3 * HOUR);
    assert_eq!(tell_due(&town.db, &town.desk()).unwrap(), 0);
    assert!(town.headlines().is_empty() && town.known().is_empty());
    assert_eq!(town.changes().len(), before);
}

#[test]
fn news_that_cannot_be_told_are_refused_whole() {
    let town = Town::new();
    town.village();
    let before = town.changes().len();
    let refused = |message: Message| town.tells(message).unwrap_err();
    assert!(matches!(refused(message(&["town"], &["de", "fr"])), ContentError::UnknownLanguage { .. }));
    assert!(matches!(refused(message(&["town", "village"], &["en"])), ContentError::NewsUnread { .. }));
    assert!(matches!(refused(message(&["town", "town"], &["de"])), ContentError::NewsNowhere));
    assert!(matches!(refused(message(&["town", "city"], &["de"])), ContentError::UnknownRegion { .. }));
    let mut empty = message(&["town"], &["de"]);
    empty.texts[0].title = " ".into();
    assert!(matches!(refused(empty), ContentError::NewsText { .. }));
    let until = Some(town.clock.now().plus_seconds(-1));
    assert!(matches!(
        refused(Message { until, ..message(&["town"], &["de"]) }),
        ContentError::NewsOver { .. }
    ));
    let audiences = vec!["housing".to_owned()];
    let wrong = refused(Message { audiences, ..message(&["town"], &["de"]) });
    assert!(matches!(wrong, ContentError::TermOfOtherSort { .. }));
    assert_eq!((town.changes().len(), town.headlines().len()), (before, 0));
}

#[test]
fn public_news_of_tomorrow_such_as_another_nodes_are_shown_tomorrow() {
    let town = Town::new();
    let at: Moment = town.clock.now().plus_seconds(24 * HOUR);
    let id: ItemId = town.clock.fresh_id().into();
    let facts = NewsFacts { at, until: at.plus_seconds(HOUR), channel: "news".into(), message: None };
    let facts = NewFacts { facts: Facts::News(facts), media: Vec::new(), updated_at: town.clock.now() };
    let texts = vec![super::content::text("de", "Morgen", None)];
    let publication = Publication { item: id, edit: Edit::Major, texts, facts: Some(facts) };
    let desk = town.desk();
    let publish = |tx: &mut Write<'_>| {
        item::create(tx, &desk, town.region.id, vec![NewItem::flat(id, ObjectKind::News)])?;
        publish::publish(tx, &desk, town.region.id, vec![publication])
    };
    town.db.write(publish).unwrap();
    // A picture that follows changes, as a serving node's.
    let mut assembler = Assembler::default();
    let mut follows = || {
        let now = town.clock.now();
        town.db.read(|tx: &mut Read<'_>| assembler.refresh(tx, now, HashMap::new())).unwrap()
    };
    let snapshot = follows();
    assert_eq!((town.headlines().len(), snapshot.next_end), (0, Some(at)));
    assert!(snapshot.regions[0].known.is_empty());
    town.clock.advance(24 * HOUR);
    assert_eq!(town.headlines(), ["town/de Morgen"]);
    let snapshot = follows();
    assert_eq!(snapshot.regions[0].editions[0].all(ObjectKind::News).len(), 1);
    assert_eq!(snapshot.next_end, Some(at.plus_seconds(HOUR)));
    town.clock.advance(HOUR);
    assert!(follows().regions[0].editions[0].all(ObjectKind::News).is_empty() && town.headlines().is_empty());
}
