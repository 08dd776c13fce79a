//! What is held of followed nodes, what is counted for it, and what goes when it must.

use crate::base::digest::Digest;
use crate::domain::peers::error::PeerError;
use crate::domain::peers::keep::{Outcome, keep};
use crate::domain::peers::store::{blobs, feeds, fold as rows};
use crate::domain::peers::testing::{Follower, Publisher, body_json, object};
use crate::domain::peers::{Peers, bodies, peer, sync, wanted};
use crate::platform::fetch::remote::Remote;
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
    /// Serves the folder; while one of these files is first under way, another process of the follower syncs.
    fn serve_while_another_syncs(&self, peers: &Peers, file: String) -> BadServer {
        let (peers, origin, first) = (peers.clone(), self.origin.clone(), AtomicBool::new(true));
        self.serve(move |path| {
            if path.contains(&file) && first.swap(false, Ordering::SeqCst) {
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
    let server = publisher.serve_while_another_syncs(&follower.peers, "/blob/".to_owned());
    let origin = follower.follow(&server.url, "{}").await;
    follower.sync(&origin).await.unwrap();
    publisher.erase(1);
    publisher.publish();
    bodies::fetch_wanted(&follower.peers, &origin, |_| {}).await.unwrap();
    assert_eq!(follower.texts(&origin, 1..3), ["1 de 1 erased", "2 de 1 ready shows 1"]);
    assert_eq!(follower.bodies(), 1);
}

impl Follower {
    /// The bytes of texts and pictures that are counted for a feed of which it has all entries.
    fn held_besides_the_log(&self, publisher: &Publisher) -> i64 {
        self.told(&publisher.origin).held_bytes - publisher.log_bytes()
    }
}

/// The bytes of a picture that no other is equal to.
fn picture(number: u8) -> Vec<u8> {
    [&[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a][..], &[number; 100]].concat()
}

impl Publisher {
    /// Puts a page that names pictures, each with a size; the size of its text.
    fn page_with(&mut self, number: u32, rev: i64, pictures: &[(Digest, u64)]) -> i64 {
        let named = pictures
            .iter()
            .map(|(digest, size)| format!(r#"{{"sha256":"{digest}","size":{size},"mime":"image/png"}}"#));
        let named: Vec<String> = named.collect();
        let (body, size) = self.body(&format!(
            r#"{{"v":1,"salt":"AA","title":"{number} {rev}","blocks":[],"media":[{}]}}"#,
            named.join(",")
        ));
        let body = body.to_base64url();
        self.put("page", number, None, &format!(r#""de":{{"body":"{body}","rev":{rev},"size":{size}}}"#));
        i64::try_from(size).unwrap()
    }

    fn log_bytes(&self) -> i64 {
        i64::try_from(self.entries.iter().map(Vec::len).sum::<usize>()).unwrap()
    }

    /// Lays a picture where followers find it.
    fn lays(&self, picture: &[u8]) -> Digest {
        let digest = Digest::of(picture);
        self.write(&format!("feed/pub/1/blob/{digest}"), picture);
        digest
    }
}

#[tokio::test]
async fn what_a_picture_claims_to_be_large_is_not_taken_off_what_is_held() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let digest = publisher.lays(&picture(1));
    let size = publisher.page_with(1, 1, &[(digest, 1 << 62), (digest, 108), (digest, 1 << 62)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    assert!(follower.peers.blobs.holds(&digest));
    assert_eq!(follower.held_besides_the_log(&publisher), size + 108);
    publisher.erase(1);
    publisher.publish();
    follower.syncs(&origin).await;
    assert!(!follower.peers.blobs.holds(&digest));
    assert_eq!(follower.held_besides_the_log(&publisher), 0);
}

#[tokio::test]
async fn an_erased_picture_is_not_kept_for_a_text_that_only_tells_its_digest() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let digests = [1, 2].map(|number| publisher.lays(&picture(number)));
    publisher.page_with(1, 1, &[(digests[0], 108), (digests[1], 108)]);
    publisher.page_with(2, 1, &[(digests[1], 108)]);
    let (body, size) =
        publisher.body(&format!(r#"{{"v":1,"salt":"AA","title":"{}","blocks":[],"media":[]}}"#, digests[0]));
    let body = body.to_base64url();
    publisher.put("page", 3, None, &format!(r#""de":{{"body":"{body}","rev":1,"size":{size}}}"#));
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    publisher.erase(1);
    publisher.publish();
    follower.syncs(&origin).await;
    assert_eq!(digests.map(|digest| follower.peers.blobs.holds(&digest)), [false, true]);
    assert_eq!(follower.texts(&origin, 2..4), ["2 de 1 ready shows 1", "3 de 1 ready shows 1"]);
}

#[tokio::test]
async fn an_erased_picture_goes_even_if_the_process_that_let_go_of_it_was_killed() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let digest = publisher.lays(&picture(1));
    publisher.page_with(1, 1, &[(digest, 108)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    let ids = [object(1).to_string()];
    let text = follower.read(|tx| rows::heads_in(tx, &origin, &ids)).remove(0).body;
    // The transaction of an erasure, and nothing after it.
    follower.write(|tx| wanted::forget(tx, &origin, &[], &[text]));
    assert!(follower.peers.blobs.holds(&digest));
    follower.syncs(&origin).await;
    assert!(!follower.peers.blobs.holds(&digest));
}

#[tokio::test]
async fn nobody_asks_for_the_pictures_of_a_text_that_is_gone() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let missing = Digest::of(&picture(1));
    publisher.page_with(1, 1, &[(missing, 108)]);
    publisher.page_with(2, 1, &[(missing, 108), (Digest::of(&picture(2)), 108)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    assert_eq!(follower.told(&origin).peer.to_fetch, 2);
    publisher.erase(2);
    publisher.publish();
    follower.syncs(&origin).await;
    assert_eq!(follower.told(&origin).peer.to_fetch, 1, "the first text still waits for its picture");
    publisher.withdraw(1);
    publisher.publish();
    for number in [1, 2] {
        publisher.lays(&picture(number));
    }
    follower.syncs(&origin).await;
    follower.peers.clock.advance(24 * 3600);
    follower.syncs(&origin).await;
    assert_eq!(follower.told(&origin).peer.to_fetch, 0);
    assert!(!follower.peers.blobs.holds(&missing));
}

#[tokio::test]
async fn a_picture_that_is_erased_while_it_travels_is_not_kept() {
    let (mut publisher, mut follower) = (Publisher::new(), Follower::new());
    follower.peers.fetcher = Fetcher::within(FetchPolicy { allow_private: true }, Duration::from_secs(20));
    let digest = publisher.lays(&picture(1));
    publisher.page_with(1, 1, &[(digest, 108)]);
    publisher.publish();
    let server = publisher.serve_while_another_syncs(&follower.peers, format!("/blob/{digest}"));
    let origin = follower.follow(&server.url, "{}").await;
    follower.sync(&origin).await.unwrap();
    publisher.erase(1);
    publisher.publish();
    bodies::fetch_wanted(&follower.peers, &origin, |_| {}).await.unwrap();
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 1 erased"]);
    assert!(!follower.peers.blobs.holds(&digest));
    assert_eq!(follower.told(&origin).peer.to_fetch, 0);
}

#[tokio::test]
async fn a_picture_whose_file_is_deleted_before_its_row_is_written_is_fetched_again() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let digest = publisher.lays(&picture(1));
    publisher.page_with(1, 1, &[(digest, 108)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.sync(&origin).await.unwrap();
    std::fs::remove_file(publisher.site().join(format!("feed/pub/1/blob/{digest}"))).unwrap();
    bodies::fetch_wanted(&follower.peers, &origin, |_| {}).await.unwrap();
    publisher.lays(&picture(1));
    // It came, and another process that had let go of the same file deleted it.
    let remote = Remote::open(&follower.peers.fetcher, publisher.site().to_str().unwrap()).unwrap();
    let want = follower.read(|tx| blobs::wants_in(tx, &origin, &[digest.to_string()])).remove(0);
    let came = vec![(want, Outcome::Medium { size_bytes: 108, mime: "image/png" })];
    follower.write(|tx| keep(tx, &follower.peers, &origin, &remote, came));
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 1 want"]);
    follower.peers.clock.advance(24 * 3600);
    follower.syncs(&origin).await;
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 1 ready shows 1"]);
    assert!(follower.peers.blobs.holds(&digest));
}

#[tokio::test]
async fn what_two_feeds_name_counts_for_each_as_long_as_it_names_it() {
    let (mut town, mut other, follower) = (Publisher::new(), Publisher::new(), Follower::new());
    let mut size = 0;
    for publisher in [&mut town, &mut other] {
        let digest = publisher.lays(&picture(1));
        size = publisher.page_with(1, 1, &[(digest, 108)]);
        publisher.publish();
    }
    let [town_origin, other_origin] =
        [follower.follow_folder(&town).await, follower.follow_folder(&other).await];
    follower.syncs(&town_origin).await;
    follower.syncs(&other_origin).await;
    let held =
        |town: &Publisher, other: &Publisher| [town, other].map(|feed| follower.held_besides_the_log(feed));
    assert_eq!(held(&town, &other), [size + 108, size + 108]);
    // The other holds fast to what the town has replaced; the town does not pay for that.
    let newer = town.page_with(1, 2, &[]);
    town.publish();
    follower.syncs(&town_origin).await;
    assert_eq!(held(&town, &other), [newer, size + 108]);
    assert_eq!(follower.bodies(), 2);
    assert!(follower.peers.blobs.holds(&Digest::of(&picture(1))));
    other.erase(1);
    other.publish();
    follower.syncs(&other_origin).await;
    assert_eq!(held(&town, &other), [newer, 0]);
    assert_eq!(follower.bodies(), 1);
    assert!(!follower.peers.blobs.holds(&Digest::of(&picture(1))));
}

#[tokio::test]
async fn a_text_that_is_shown_again_within_one_batch_counts_once() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let size = publisher.page_with(1, 1, &[]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    let put = String::from_utf8(publisher.entries[0].clone()).unwrap();
    publisher.withdraw(1);
    publisher.raw(&put.replace("\"rev\":1", "\"rev\":2"));
    publisher.publish();
    follower.syncs(&origin).await;
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 2 ready shows 2"]);
    assert_eq!(follower.held_besides_the_log(&publisher), size);
}

#[tokio::test]
async fn nobody_goes_beyond_the_quota_with_texts_that_others_brought() {
    let (mut town, mut thief, mut follower) = (Publisher::new(), Publisher::new(), Follower::new());
    for publisher in [&mut town, &mut thief] {
        publisher.page(1, None, &[("de", 1)]);
        publisher.publish();
    }
    let origin = follower.follow_folder(&town).await;
    follower.syncs(&origin).await;
    follower.peers.limits.quota_bytes = thief.log_bytes() + 10;
    let stolen = follower.follow_folder(&thief).await;
    follower.syncs(&stolen).await;
    assert_eq!(follower.texts(&stolen, 1..2), ["1 de 1 want"]);
    assert!(follower.told(&stolen).fetch_trouble.unwrap().contains("quota"));
}

#[tokio::test]
async fn a_log_counts_for_what_is_held_and_ends_at_the_quota() {
    let (mut publisher, mut follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    let text = i64::try_from(body_json(1, "de", 1).len()).unwrap();
    assert_eq!(follower.told(&origin).held_bytes, publisher.log_bytes() + text);
    for number in 0..100 {
        publisher.raw(&format!(r#"{{"n":{number},"op":"later","ts":1,"v":1}}"#));
    }
    publisher.publish();
    follower.peers.limits.quota_bytes = publisher.log_bytes() - 1;
    let told = follower.sync(&origin).await.unwrap_err();
    assert!(matches!(told, PeerError::OverQuota { .. }) && told.to_string().contains("blob_quota_bytes"));
    let peer = follower.told(&origin).peer;
    assert_eq!((peer.entries, peer.state.as_str()), (1, "following"));
    assert!(peer.told.contains("nothing more of it is taken over"), "{}", peer.told);
    follower.peers.limits.quota_bytes += 1;
    assert_eq!(follower.syncs(&origin).await, (1, 101));
    assert_eq!(follower.told(&origin).held_bytes, publisher.log_bytes() + text);
}

#[tokio::test]
async fn an_erasure_arrives_where_texts_fill_the_quota() {
    let (mut publisher, mut follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    let before = follower.told(&origin).held_bytes;
    publisher.erase(1);
    publisher.publish();
    follower.peers.limits.quota_bytes = before.max(publisher.log_bytes());
    follower.syncs(&origin).await;
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 1 erased"]);
    assert_eq!((follower.bodies(), follower.told(&origin).held_bytes), (0, publisher.log_bytes()));
}

#[tokio::test]
async fn more_new_entries_than_are_taken_unasked_wait_for_a_person() {
    let (mut publisher, mut follower) = (Publisher::new(), Follower::new());
    follower.peers.limits.unconfirmed_entries = 10;
    let mut grows = |count: usize| {
        for _ in 0..count {
            publisher.raw(r#"{"op":"later","ts":1,"v":1}"#);
        }
        publisher.publish();
        publisher.site().to_str().unwrap().to_owned()
    };
    // Whoever follows was told how many entries there are; a few more may have come since.
    let place = grows(50);
    let origin = follower.follow(&place, "{}").await;
    grows(5);
    assert_eq!(follower.syncs(&origin).await, (0, 55));
    grows(10);
    assert_eq!(follower.syncs(&origin).await, (55, 65));
    grows(11);
    for _ in 0..2 {
        let told = follower.sync(&origin).await.unwrap_err().to_string();
        assert!(told.contains("it has 11 new entries") && told.contains("peers resume"), "{told}");
    }
    let peer = follower.told(&origin).peer;
    assert_eq!((peer.entries, peer.state.as_str()), (65, "held"));
    assert!(peer.told.contains("waits for your word: it has 11 new entries"), "{}", peer.told);
    assert!(follower.read(|tx| feeds::due(tx, i64::MAX)).is_empty());
    follower.write(|tx| peer::resume(tx, &origin));
    assert_eq!(follower.syncs(&origin).await, (65, 76));
    assert_eq!(follower.told(&origin).peer.state, "following");
    // To follow once more is a word as well.
    grows(11);
    assert!(matches!(follower.sync(&origin).await, Err(PeerError::Held { .. })));
    follower.follow(&place, "{}").await;
    assert_eq!(follower.syncs(&origin).await, (76, 87));
}
