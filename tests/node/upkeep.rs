//! The inbox of what readers said.

use crate::integreat_v3::fixture::Node;
use lotse::base::id::RegionId;
use lotse::domain::content::store::regions;
use lotse::domain::upkeep::UpkeepError::{self, UnknownFeedback};
use lotse::domain::upkeep::inbox::{self, State, Wanted};
use lotse::jobs::forget_feedback::forget_old;
use lotse::platform::clock::Clock;
use lotse::platform::db::{Read, Write};

#[actix_web::test]
async fn the_inbox_goes_from_new_to_old_and_tells_what_was_read() {
    let node = Node::new();
    for number in 1..=5 {
        node.say("de", "map", &format!("comment={number}")).await;
    }
    let region = node.state.showing().snapshot.regions[0].id;
    let clock = node.state.clock.clone();
    let told = node.state.database.run(move |db| {
        db.write(|tx: &mut Write<'_>| inbox::mark_read(tx, &clock, &[2, 4]))?;
        // Of several, all are there or none is touched.
        let gone = db.write(|tx: &mut Write<'_>| inbox::delete(tx, &[5, 9]));
        assert!(matches!(gone, Err(UnknownFeedback { number: 9 })));
        let list = |wanted: Wanted| {
            let all = db.read(|tx: &mut Read<'_>| inbox::list(tx, wanted))?;
            Ok::<Vec<i64>, UpkeepError>(all.into_iter().map(|one| one.number).collect())
        };
        let all = Wanted { region: Some(region), state: State::Any, before: None, most: 2 };
        let other = RegionId::from_uuid(Default::default());
        let told = [
            list(all)?,
            list(Wanted { before: Some(4), ..all })?,
            list(Wanted { state: State::Unread, most: 9, ..all })?,
            list(Wanted { state: State::Read, ..all })?,
            list(Wanted { region: Some(other), ..all })?,
        ];
        db.write(|tx: &mut Write<'_>| inbox::delete(tx, &[1, 3]))?;
        assert!(matches!(db.read(|tx: &mut Read<'_>| inbox::find(tx, 3)), Err(UnknownFeedback { .. })));
        Ok::<_, UpkeepError>((told, list(Wanted { region: None, most: 9, ..all })?))
    });
    let (told, left) = told.await.unwrap();
    assert_eq!(told, [vec![5, 4], vec![3, 2], vec![5, 3, 1], vec![4, 2], vec![]]);
    assert_eq!(left, [5, 4, 2]);
}

#[actix_web::test]
async fn what_readers_said_goes_when_it_is_older_than_its_region_keeps_it() {
    let node = Node::new();
    node.say("de", "map", "comment=alt").await;
    let clock = node.state.clock.clone();
    clock.advance(20 * 24 * 3600);
    node.say("de", "map", "comment=neu").await;
    let left = node.state.database.run(move |db| {
        let left = |clock: &Clock| {
            forget_old(db, clock)?;
            let wanted = Wanted { region: None, state: State::Any, before: None, most: 9 };
            let all = db.read(|tx: &mut Read<'_>| inbox::list(tx, wanted))?;
            Ok::<Vec<i64>, UpkeepError>(all.into_iter().map(|one| one.number).collect())
        };
        let kept = |days: u32| {
            db.write(|tx: &mut Write<'_>| {
                let mut region = regions::all(tx)?.remove(0);
                region.settings.feedback_days = days;
                regions::save(tx, &region)
            })
        };
        let mut told = vec![left(&clock)?];
        kept(20)?;
        told.push(left(&clock)?);
        clock.advance(1);
        told.push(left(&clock)?);
        clock.advance(20 * 24 * 3600);
        told.push(left(&clock)?);
        Ok::<_, UpkeepError>(told)
    });
    assert_eq!(left.await.unwrap(), [vec![2, 1], vec![2, 1], vec![2], vec![]]);
}
