//! What following asks of the database: as much as changed, however much is followed.

use super::adopt::{self, Request, Scope};
use super::provenance::Known;
use super::regions::{self, Switch};
use super::{AdoptionError, mirror};
use crate::domain::content::Desk;
use crate::domain::content::store as content;
use crate::domain::peers::testing::{Follower, Publisher, object};
use crate::platform::db::Write;
use crate::platform::db::testing::count_queries;
use std::sync::atomic::Ordering;

/// How many questions this asks.
fn questions<T: Send>(
    follower: &Follower,
    act: impl FnOnce(&mut Write<'_>, &Desk<'_>) -> Result<T, AdoptionError> + Send,
) -> usize {
    follower.edits(|tx, desk| {
        let count = count_queries(tx);
        act(tx, desk)?;
        Ok(count.load(Ordering::SeqCst))
    })
}

/// Follows the publisher and shows its first object with all below it.
async fn adopted(publisher: &Publisher, follower: &Follower) -> String {
    let origin = follower.follow_folder(publisher).await;
    follower.brings(&origin).await;
    let region = follower.founds_one(&publisher.node.as_str()[..12]);
    let (origin, object, scope) = (origin, object(1), Scope::Subtree);
    let request = Request { region, parent: None, origin: origin.clone(), object, scope };
    follower.edits(|tx, desk| adopt::adopt(tx, desk, request));
    origin
}

/// What it takes to show another text of one of so many pages, and then to show it at another place.
async fn one_of(pages: u32) -> (usize, usize) {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    (1..=pages).for_each(|number| publisher.page(number, (number > 1).then_some(1), &[("de", 1)]));
    publisher.publish();
    let origin = adopted(&publisher, &follower).await;
    publisher.page(2, Some(1), &[("de", 2)]);
    publisher.publish();
    follower.brings(&origin).await;
    let words = questions(&follower, |tx, desk| mirror::refresh(tx, desk, &origin));
    publisher.page(2, Some(3), &[("de", 3)]);
    publisher.publish();
    follower.brings(&origin).await;
    let places = questions(&follower, |tx, desk| mirror::refresh(tx, desk, &origin));
    assert!(follower.read(|tx| mirror::stale(tx, follower.peers.clock.now())).is_empty());
    (words, places)
}

#[tokio::test]
async fn another_text_asks_as_much_among_many_pages_as_among_few() {
    let (few, many) = (one_of(4).await, one_of(700).await);
    assert_eq!(few.0, many.0);
    // All of them are looked at, five hundred at a time.
    assert!(many.1 <= 2 * few.1, "{few:?} {many:?}");
}

/// What it takes to show something new in one of so many regions.
async fn in_one_of(count: u32) -> usize {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    for number in 1..=count {
        publisher.profile(number);
        publisher.page(1000 + number, Some(number), &[("de", 1)]);
    }
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.brings(&origin).await;
    let shown = follower.edits(|tx, desk| regions::switch(tx, desk, &origin, Switch::On));
    assert_eq!(shown, count as usize);
    publisher.page(2000, Some(1), &[("de", 1)]);
    publisher.publish();
    follower.brings(&origin).await;
    let asked = questions(&follower, |tx, desk| mirror::refresh(tx, desk, &origin));
    let items = follower.read(|tx| content::items::all(tx));
    assert_eq!(items.len(), count as usize + 1);
    asked
}

#[tokio::test]
async fn what_is_new_in_one_region_asks_as_much_among_many_regions_as_among_few() {
    assert_eq!(in_one_of(2).await, in_one_of(20).await);
}

#[tokio::test]
async fn feeds_that_are_quiet_are_not_asked_about_one_by_one() {
    let follower = Follower::new();
    let mut asked = Vec::new();
    for _ in 1..=3 {
        let mut publisher = Publisher::new();
        publisher.page(1, None, &[("de", 1)]);
        publisher.publish();
        adopted(&publisher, &follower).await;
        let now = follower.peers.clock.now();
        let mut known = Known::default();
        assert!(follower.edits(|tx, _| known.look(tx, now)));
        asked.push(questions(&follower, |tx, _| {
            assert!(!known.look(tx, now)?);
            let stale = mirror::stale(tx, now)?;
            assert!(stale.is_empty(), "{stale:?}");
            Ok(())
        }));
    }
    assert_eq!(asked, [asked[0]; 3]);
}
