//! What is held of followed nodes, what is counted for it, and what goes when it must.

use crate::domain::peers::testing::{Follower, Publisher};
use crate::domain::peers::{Peers, bodies, sync};
use crate::platform::fetch::testing::BadServer;
use crate::platform::fetch::{FetchPolicy, Fetcher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

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

impl Publisher {
    /// Serves the folder; while the first blob is under way, another process of the follower syncs.
    fn serve_while_another_syncs(&self, peers: &Peers) -> BadServer {
        let (peers, origin, first) = (peers.clone(), self.origin.clone(), AtomicBool::new(true));
        self.serve(move |path| {
            if path.contains("/blob/") && first.swap(false, Ordering::SeqCst) {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(sync::sync(&peers, &origin, |_, _| {})).unwrap();
            }
            None
        })
    }
}

#[tokio::test]
async fn a_text_that_is_erased_while_it_travels_is_not_kept() {
    let (mut publisher, mut follower) = (Publisher::new(), Follower::new());
    follower.peers.fetcher = Fetcher::within(FetchPolicy { allow_private: true }, Duration::from_secs(20));
    publisher.page(1, None, &[("de", 1)]);
    publisher.page(2, None, &[("de", 1)]);
    publisher.publish();
    let server = publisher.serve_while_another_syncs(&follower.peers);
    let origin = follower.follow(&server.url, "{}").await;
    follower.sync(&origin).await.unwrap();
    publisher.erase(1);
    publisher.publish();
    bodies::fetch_wanted(&follower.peers, &origin, |_| {}).await.unwrap();
    assert_eq!(follower.texts(&origin, 1..3), ["1 de 1 erased", "2 de 1 ready shows 1"]);
    assert_eq!(follower.bodies(), 1);
}
