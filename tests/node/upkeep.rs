//! The inbox of what readers said.

use crate::integreat_v3::fixture::Node;
use lotse::base::id::RegionId;
use lotse::domain::upkeep::UpkeepError::{self, UnknownFeedback};
use lotse::domain::upkeep::inbox::{self, State, Wanted};
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
