//! What is held of followed nodes, what is counted for it, and what goes when it must.

use crate::domain::peers::testing::{Follower, Publisher};

#[tokio::test]
async fn an_erasure_does_not_reach_the_texts_of_another_node() {
    let (mut town, mut thief, follower) = (Publisher::new(), Publisher::new(), Follower::new());
    town.page(1, None, &[("de", 1)]);
    town.page(2, None, &[("de", 1)]);
    town.publish();
    let origin = follower.follow_folder(&town).await;
    follower.syncs(&origin).await;
    // The digests stand in the town's public log, so that anybody can name them.
    thief.page(1, None, &[("de", 1)]);
    thief.page(2, None, &[("de", 1)]);
    thief.publish();
    let stolen = follower.follow_folder(&thief).await;
    follower.syncs(&stolen).await;
    thief.erase(1);
    thief.page(2, None, &[("de", 2)]);
    thief.erase(2);
    thief.publish();
    follower.syncs(&stolen).await;
    assert_eq!(follower.texts(&stolen, 1..3), ["1 de 1 erased", "2 de 2 erased"]);
    assert_eq!(follower.texts(&origin, 1..3), ["1 de 1 ready shows 1", "2 de 1 ready shows 1"]);
    assert_eq!(follower.bodies(), 2);
    town.erase(1);
    town.withdraw(2);
    town.publish();
    follower.syncs(&origin).await;
    assert_eq!(follower.bodies(), 0, "who wrote it is obeyed");
}
