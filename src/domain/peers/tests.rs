//! Following honest and dishonest nodes, over HTTP and from folders.

use super::error::PeerError;
use super::fetch_entries::{self, Enough};
use super::filter::Filter;
use super::store::{blobs, feeds, fold as rows};
use super::testing::{Follower, Publisher, apart, body_json, object};
use super::{audit, bodies, follow, peer, sync, trust};
use crate::base::digest::Digest;
use crate::domain::content::store as content;
use crate::domain::identity::keyring::Keyring;
use crate::platform::fetch::Caches;
use crate::platform::fetch::remote::Remote;
use crate::platform::fetch::testing::{Reply, answer, gzip, ok};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

impl Follower {
    pub(super) async fn sync(&self, origin: &str) -> Result<sync::Synced, PeerError> {
        sync::sync(&self.peers, origin, |_, _| {}).await
    }

    pub(super) async fn syncs(&self, origin: &str) -> (u64, u64) {
        let synced = self.sync(origin).await.unwrap();
        bodies::fetch_wanted(&self.peers, origin, |_| {}).await.unwrap();
        (synced.from, synced.to)
    }

    /// Every text as "number language rev state [shown rev]".
    pub(super) fn texts(&self, origin: &str, numbers: std::ops::Range<u32>) -> Vec<String> {
        let ids: Vec<String> = numbers.map(|number| object(number).to_string()).collect();
        let mut heads = self.read(|tx| rows::heads_in(tx, origin, &ids));
        heads.sort_by_key(|head| (head.object.clone(), head.language.clone()));
        let number = |id: &str| u32::from_str_radix(&id[24..], 16).unwrap();
        heads
            .iter()
            .map(|head| {
                let shown = head.ready_rev.map(|rev| format!(" shows {rev}")).unwrap_or_default();
                format!("{} {} {} {}{shown}", number(&head.object), head.language, head.rev, head.state)
            })
            .collect()
    }

    pub(super) fn told(&self, origin: &str) -> peer::PeerDetail {
        let now = self.peers.clock.now();
        self.read(|tx| peer::show(tx, origin, now))
    }

    pub(super) fn bodies(&self) -> i64 {
        self.read(blobs::count_bodies)
    }
}

#[tokio::test]
async fn a_followed_node_is_read_over_http_and_its_news_arrive() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1), ("en", 1)]);
    publisher.page(2, Some(1), &[("de", 1)]);
    publisher.publish();
    let server = publisher.serve(|_| None);
    let found = follow::discover(&follower.peers.fetcher, &server.url, None).await.unwrap();
    assert_eq!((&found.node, found.size), (&publisher.node, 2));
    assert_eq!(found.spoken_fingerprint, publisher.node.spoken_fingerprint());
    assert_eq!(apart(|| found.pin(&follower.peers, &Filter::default())).unwrap(), follow::Pinned::New);
    assert_eq!(apart(|| found.pin(&follower.peers, &Filter::default())).unwrap(), follow::Pinned::Again);
    let origin = found.origin;
    assert_eq!(follower.syncs(&origin).await, (0, 2));
    assert_eq!(
        follower.texts(&origin, 1..3),
        ["1 de 1 ready shows 1", "1 en 1 ready shows 1", "2 de 1 ready shows 1"]
    );
    assert_eq!(follower.syncs(&origin).await, (2, 2));
    publisher.page(1, None, &[("de", 2)]);
    publisher.publish();
    let synced = follower.sync(&origin).await.unwrap();
    assert_eq!(synced.touched.into_iter().collect::<Vec<_>>(), [object(1)]);
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 2 want shows 1", "1 en 1 ready shows 1"]);
    bodies::fetch_wanted(&follower.peers, &origin, |_| {}).await.unwrap();
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 2 ready shows 2", "1 en 1 ready shows 1"]);
    assert_eq!(follower.bodies(), 3, "the body that nobody shows any more is gone");
    assert_eq!(follower.told(&origin).peer.told, "up to date when last asked");
}

#[tokio::test]
async fn a_long_log_is_taken_over_in_batches_and_goes_on_where_it_broke_off() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    for number in 0..20_000u32 {
        publisher.raw(&format!(r#"{{"n":{number},"op":"later","ts":1,"v":1}}"#));
    }
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish();
    let broken = Arc::new(AtomicBool::new(true));
    let breaks = broken.clone();
    let server = publisher.serve(move |path| {
        let hit = path.contains("tile/entries/070") && breaks.load(Ordering::SeqCst);
        hit.then(|| Reply::Bytes(answer("500 Internal Server Error", "", b"")))
    });
    let origin = follower.follow(&server.url, "{}").await;
    let told = follower.sync(&origin).await.unwrap_err().to_string();
    assert!(told.contains("status 500"), "{told}");
    assert_eq!(follower.told(&origin).peer.entries, 64 * 256);
    broken.store(false, Ordering::SeqCst);
    assert_eq!(follower.syncs(&origin).await, (64 * 256, 20_001));
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 1 ready shows 1"]);
    assert!(follower.told(&origin).operations.contains(&("later".to_owned(), 20_000)));
}

#[tokio::test]
async fn bulk_mode_continues_from_the_middle_of_a_bundle() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    assert_eq!(follower.syncs(&origin).await, (0, 1));
    for number in 0..70_000u32 {
        publisher.raw(&format!(r#"{{"n":{number},"op":"later","ts":1,"v":1}}"#));
    }
    publisher.publish();
    assert_eq!(follower.syncs(&origin).await, (1, 70_001));
}

#[tokio::test]
async fn a_rewritten_history_is_refused_and_the_last_good_state_stays() {
    for more in [1, 5000] {
        let (mut publisher, follower) = (Publisher::new(), Follower::new());
        for number in 1..400 {
            publisher.page(number, None, &[("de", 1)]);
        }
        publisher.publish();
        let origin = follower.follow_folder(&publisher).await;
        follower.syncs(&origin).await;
        publisher.entries[300] = br#"{"op":"later","ts":1,"v":1}"#.to_vec();
        (0..more).for_each(|_| publisher.raw(r#"{"op":"later","ts":1,"v":1}"#));
        publisher.publish();
        let told = follower.sync(&origin).await.unwrap_err();
        assert!(matches!(told, PeerError::Quarantined { .. }), "{told}");
        assert!(told.to_string().contains("changed history"), "{told}");
        assert_eq!(follower.texts(&origin, 301..302), ["301 de 1 ready shows 1"]);
        let detail = follower.told(&origin);
        assert_eq!((detail.peer.state.as_str(), detail.peer.entries), ("quarantined", 399));
        assert_eq!(detail.evidence[0].what, "fork");
        let proof: serde_json::Value = serde_json::from_str(&detail.evidence[0].detail).unwrap();
        assert!(proof["old"]["note"].is_string() && proof["new"]["note"].is_string());
        assert!(!proof["tiles"].as_object().unwrap().is_empty());
        assert!(matches!(follower.sync(&origin).await, Err(PeerError::Quarantined { .. })));
    }
}

#[tokio::test]
async fn two_logs_of_one_size_are_a_fork() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    publisher.entries[0] = br#"{"op":"later","ts":1,"v":1}"#.to_vec();
    publisher.publish();
    let told = follower.sync(&origin).await.unwrap_err().to_string();
    assert!(told.contains("two different logs of 1 entries"), "{told}");
    let seen = follower.read(|tx| feeds::seen_at_size(tx, &origin, 1));
    assert_eq!(seen.len(), 2);
}

#[tokio::test]
async fn an_older_state_is_first_taken_for_a_stale_cache_and_after_a_day_for_a_rollback() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1)]);
    publisher.page(2, None, &[("de", 1)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    publisher.entries.pop();
    publisher.publish();
    assert!(matches!(follower.sync(&origin).await, Err(PeerError::Older { shown: 1, known: 2, .. })));
    follower.peers.clock.advance(23 * 3600);
    assert!(matches!(follower.sync(&origin).await, Err(PeerError::Older { .. })));
    assert!(follower.told(&origin).peer.unconfirmed_since.is_none());
    follower.peers.clock.advance(4 * 3600);
    assert!(follower.told(&origin).peer.unconfirmed_since.is_some());
    let told = follower.sync(&origin).await.unwrap_err().to_string();
    assert!(told.contains("rolled back"), "{told}");
    assert_eq!(follower.texts(&origin, 2..3), ["2 de 1 ready shows 1"]);
    let resume = |tx: &mut crate::platform::db::Write<'_>| peer::resume(tx, &origin);
    follower.write(resume);
    publisher.page(2, None, &[("de", 1)]);
    publisher.publish();
    assert_eq!(follower.syncs(&origin).await, (2, 2));
}

#[tokio::test]
async fn damage_on_the_way_is_not_taken_for_fraud_and_heals() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    let bundle = publisher.site().join("feed/pub/1/tile/entries/000.p/1");
    let honest = std::fs::read(&bundle).unwrap();
    let mut swapped = honest.clone();
    swapped[40] ^= 1;
    for damaged in [swapped, honest[..honest.len() - 1].to_vec(), Vec::new(), [&honest[..], &honest].concat()]
    {
        std::fs::write(&bundle, damaged).unwrap();
        let told = follower.sync(&origin).await.unwrap_err();
        assert!(matches!(told, PeerError::Corrupt { .. }), "{told}");
        assert_eq!(follower.told(&origin).peer.entries, 0);
    }
    std::fs::write(&bundle, honest).unwrap();
    assert_eq!(follower.syncs(&origin).await, (0, 1));
}

#[tokio::test]
async fn a_checkpoint_by_somebody_else_or_of_another_feed_is_refused() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish_tiles();
    let folder = tempfile::tempdir().unwrap();
    let thief = Keyring::create(&folder.path().join("keys")).unwrap();
    publisher.publish_checkpoint(&publisher.origin, &thief);
    let told = follower.sync(&origin).await.unwrap_err().to_string();
    assert!(told.contains("not signed by the key"), "{told}");
    publisher.publish_checkpoint("n1other/pub/1", &thief);
    let told = follower.sync(&origin).await.unwrap_err().to_string();
    assert!(told.contains("\"n1other/pub/1\", not of this feed"), "{told}");
    publisher.publish();
    assert_eq!(follower.syncs(&origin).await, (0, 1));
}

#[tokio::test]
async fn another_node_at_the_place_is_not_mistaken_for_the_expected_one() {
    let (one, other, follower) = (Publisher::new(), Publisher::new(), Follower::new());
    let place = one.site();
    let fetcher = &follower.peers.fetcher;
    let wrong = follow::discover(fetcher, place.to_str().unwrap(), Some(&other.node)).await;
    assert!(matches!(wrong.err(), Some(PeerError::OtherNode { .. })));
    let described = std::fs::read_to_string(place.join(".well-known/civic-feed")).unwrap();
    one.write(".well-known/civic-feed", described.replace(one.node.as_str(), other.node.as_str()).as_bytes());
    let wrong = follow::discover(fetcher, place.to_str().unwrap(), None).await;
    assert!(matches!(wrong.err(), Some(PeerError::Identity { .. })));
}

#[tokio::test]
async fn entries_against_the_grammar_are_kept_counted_and_skipped() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 2)]);
    publisher.page(1, None, &[("de", 2), ("en", 1)]);
    publisher.raw(r#"{"op":"put", "ts":1,"v":1}"#);
    publisher.raw("Käse");
    publisher.entries.push(vec![0, 255, 1]);
    publisher.raw(r#"{"crit":["magic"],"magic":1,"obj":"x","op":"later","ts":1,"v":1}"#);
    publisher.put(
        "spell",
        2,
        None,
        r#""de":{"body":"hGRNg3dmAqFhkt4xM734nBbK9KPBE3T8LasxUuKMVNc","rev":1,"size":173}"#,
    );
    publisher.withdraw(7);
    publisher.page(3, None, &[("de", 1)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    assert_eq!(follower.syncs(&origin).await, (0, 9));
    assert_eq!(
        follower.texts(&origin, 1..4),
        ["1 de 2 ready shows 2", "2 de 1 unwanted", "3 de 1 ready shows 1"]
    );
    let refused = follower.told(&origin).refused;
    assert_eq!(refused.iter().map(|(_, count)| count).sum::<i64>(), 6, "{refused:?}");
    assert!(refused.iter().any(|(why, _)| why.contains("revision of de goes from 2 to 2")), "{refused:?}");
    assert!(refused.iter().any(|(why, _)| why.contains("needs newer software")), "{refused:?}");
}

#[tokio::test]
async fn what_is_withdrawn_or_erased_is_no_longer_held() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1), ("en", 1)]);
    publisher.page(2, None, &[("de", 1)]);
    publisher.page(3, None, &[("de", 1), ("en", 1)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    assert_eq!(follower.bodies(), 5);
    publisher.withdraw(1);
    publisher.erase(2);
    publisher.put("page", 3, None, r#""en":null"#);
    publisher.publish();
    assert_eq!(follower.sync(&origin).await.unwrap().touched.len(), 3);
    assert_eq!(
        follower.texts(&origin, 1..4),
        ["1 de 1 withdrawn", "1 en 1 withdrawn", "2 de 1 erased", "3 de 1 ready shows 1", "3 en 1 withdrawn"]
    );
    assert_eq!(follower.bodies(), 1);
    publisher.page(1, None, &[("de", 2)]);
    publisher.publish();
    follower.syncs(&origin).await;
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 2 ready shows 2", "1 en 1 withdrawn"]);
}

#[tokio::test]
async fn what_we_only_withdrew_is_not_erased_by_others() {
    use crate::on_both;
    use crate::platform::db::schema::own_blobs;
    use crate::platform::db::{DbError, Reading};
    use diesel::prelude::*;
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let ours = body_json(1, "de", 1);
    let sha256 = Digest::of(ours.as_bytes()).to_string();
    follower.write(|tx| {
        let row = (own_blobs::sha256.eq(&sha256), own_blobs::object.eq(object(9).to_string()));
        let text = (own_blobs::language.eq("de"), own_blobs::rev.eq(1), own_blobs::kind.eq("body"));
        on_both!(tx, c => diesel::insert_into(own_blobs::table)
            .values((row, text, own_blobs::state.eq("withdrawn"))).execute(c))?;
        crate::domain::content::store::bodies::save(tx, &[(Digest::of(ours.as_bytes()), ours.clone())])?;
        Ok::<_, DbError>(())
    });
    // Another node names the very same text.
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    publisher.erase(1);
    publisher.publish();
    follower.syncs(&origin).await;
    assert_eq!(follower.bodies(), 1);
}

#[tokio::test]
async fn an_erasure_reaches_what_was_replaced_before() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    let first = body_json(1, "de", 1);
    let row = (Digest::of(first.as_bytes()), first);
    publisher.page(1, None, &[("de", 2)]);
    publisher.publish();
    follower.syncs(&origin).await;
    // As if an older revision of a mirror had kept it.
    follower.write(|tx| content::bodies::save(tx, std::slice::from_ref(&row)));
    assert_eq!(follower.bodies(), 2);
    publisher.erase(1);
    publisher.publish();
    follower.syncs(&origin).await;
    assert_eq!(follower.bodies(), 0);
}

#[tokio::test]
async fn a_filter_chooses_languages_and_regions_and_can_be_widened_without_the_log() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.put("profile", 10, None, "");
    publisher.put("profile", 20, None, "");
    publisher.page(1, Some(10), &[("de", 1), ("en", 1)]);
    publisher.page(2, Some(20), &[("de", 1)]);
    publisher.page(3, Some(2), &[("de", 1)]);
    publisher.publish();
    let filter = format!(r#"{{"languages":["de"],"regions":["{}"]}}"#, object(10));
    let origin = follower.follow(publisher.site().to_str().unwrap(), &filter).await;
    follower.syncs(&origin).await;
    assert_eq!(
        follower.texts(&origin, 1..4),
        ["1 de 1 ready shows 1", "1 en 1 unwanted", "2 de 1 unwanted", "3 de 1 unwanted"]
    );
    let wider = Filter::parse(&format!(r#"{{"regions":["{}","{}"]}}"#, object(10), object(20))).unwrap();
    follower.write(|tx| peer::set_filter(tx, &origin, &wider));
    assert_eq!(follower.told(&origin).peer.to_fetch, 3);
    follower.syncs(&origin).await;
    assert_eq!(follower.texts(&origin, 2..4), ["2 de 1 ready shows 1", "3 de 1 ready shows 1"]);
    assert_eq!(follower.bodies(), 4);
}

#[tokio::test]
async fn a_text_is_shown_only_with_its_pictures() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let picture = [&[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a][..], &[0; 100]].concat();
    let digest = crate::base::digest::Digest::of(&picture);
    let body = format!(
        r#"{{"v":1,"salt":"AA","title":"x","blocks":[],"media":[{{"sha256":"{digest}","size":108,"mime":"image/png"}}]}}"#
    );
    let (body, size) = publisher.body(&body);
    let variant = format!(r#""de":{{"body":"{}","rev":1,"size":{size}}}"#, body.to_base64url());
    publisher.put("page", 1, None, &variant);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.syncs(&origin).await;
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 1 want"]);
    assert!(follower.told(&origin).fetch_trouble.unwrap().contains("404"));
    publisher.write(&format!("feed/pub/1/blob/{digest}"), &picture);
    follower.peers.clock.advance(120);
    follower.syncs(&origin).await;
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 1 ready shows 1"]);
    assert_eq!(follower.peers.blobs.read(&digest).unwrap(), Some(picture));
    publisher.erase(1);
    publisher.publish();
    follower.syncs(&origin).await;
    assert!(!follower.peers.blobs.holds(&digest));
}

/// A picture of a kind of which no smaller copies are made, and its digest.
fn plain_picture() -> (Vec<u8>, Digest) {
    let picture = [&b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"[..], &[0; 80]].concat();
    let digest = Digest::of(&picture);
    (picture, digest)
}

/// A node whose page has the picture, which is not to be had there.
fn without_picture(title: &str) -> Publisher {
    let (mut publisher, (picture, digest)) = (Publisher::new(), plain_picture());
    let (body, size) = publisher.body(&format!(
        r#"{{"v":1,"salt":"AA","title":"{title}","blocks":[],"media":[{{"sha256":"{digest}","size":{},"mime":"image/avif"}}]}}"#,
        picture.len()
    ));
    let variant = format!(r#""de":{{"body":"{}","rev":1,"size":{size}}}"#, body.to_base64url());
    publisher.put("page", 1, None, &variant);
    publisher.publish();
    publisher
}

/// Follows a node until its text is shown without the picture; its origin.
async fn gives_up(follower: &Follower, publisher: &Publisher) -> String {
    let origin = follower.follow_folder(publisher).await;
    for _ in 0..3 {
        follower.syncs(&origin).await;
        follower.peers.clock.advance(3600);
    }
    assert_eq!(follower.texts(&origin, 1..2), ["1 de 1 ready shows 1"]);
    origin
}

#[tokio::test]
async fn a_picture_that_comes_after_its_text_was_shown_without_it_makes_a_new_snapshot() {
    let (publisher, follower, (picture, digest)) = (without_picture("x"), Follower::new(), plain_picture());
    let origin = gives_up(&follower, &publisher).await;
    let version = || follower.read(|tx| content::versions::content_version(tx));
    let before = version();
    publisher.write(&format!("feed/pub/1/blob/{digest}"), &picture);
    follower.syncs(&origin).await;
    assert!(follower.peers.blobs.holds(&digest));
    assert!(version() > before);
}

#[tokio::test]
async fn a_picture_that_another_feed_brings_after_its_text_was_shown_without_it_makes_a_new_snapshot() {
    let (publisher, follower, (picture, digest)) = (without_picture("x"), Follower::new(), plain_picture());
    gives_up(&follower, &publisher).await;
    let other = without_picture("y");
    other.write(&format!("feed/pub/1/blob/{digest}"), &picture);
    let version = || follower.read(|tx| content::versions::content_version(tx));
    let before = version();
    let origin = follower.follow_folder(&other).await;
    follower.syncs(&origin).await;
    assert!(follower.peers.blobs.holds(&digest));
    assert!(version() > before);
}

const REDACT: &str = r#"{"idx":0,"op":"redact","ts":1,"v":1,"why":"court"}"#;

#[tokio::test]
async fn an_emptied_entry_needs_a_redact_that_says_why() {
    for explained in [true, false] {
        let (mut publisher, follower) = (Publisher::new(), Follower::new());
        publisher.page(1, None, &[("de", 1)]);
        publisher.page(2, None, &[("de", 1)]);
        if explained {
            publisher.raw(REDACT);
        }
        publisher.emptied.push(0);
        publisher.publish();
        let origin = follower.follow_folder(&publisher).await;
        match follower.sync(&origin).await {
            Ok(synced) => assert!(explained && synced.to == 3),
            Err(error) => assert!(!explained && error.to_string().contains("hides entry 0"), "{error}"),
        }
        let site = publisher.site();
        let found = audit::audit(&follower.peers.fetcher, site.to_str().unwrap(), None, |_, _| {});
        assert_eq!(found.await.unwrap().holds(), explained);
    }
}

#[tokio::test]
async fn what_hides_an_entry_is_not_taken_over_until_it_is_delivered() {
    // Few entries at once, and so many that the redact is not in the batch that it explains.
    for filling in [0, 20_000] {
        let (mut publisher, follower) = (Publisher::new(), Follower::new());
        publisher.page(1, None, &[("de", 1)]);
        (0..filling).for_each(|_| publisher.raw(r#"{"op":"other","ts":1,"v":1}"#));
        publisher.emptied.push(0);
        publisher.publish();
        let origin = follower.follow_folder(&publisher).await;
        let resume = |tx: &mut crate::platform::db::Write<'_>| peer::resume(tx, &origin);
        for _ in 0..2 {
            let error = follower.sync(&origin).await.unwrap_err();
            assert!(error.to_string().contains("hides entry 0"), "{error}");
            assert_eq!(follower.told(&origin).peer.entries, 0);
            follower.write(resume);
        }
        let mut delivered = publisher;
        delivered.emptied.clear();
        delivered.publish();
        follower.syncs(&origin).await;
        assert_eq!(follower.texts(&origin, 1..2), ["1 de 1 ready shows 1"]);

        let late = Follower::new();
        delivered.raw(REDACT);
        delivered.emptied.push(0);
        delivered.publish();
        late.follow_folder(&delivered).await;
        late.syncs(&origin).await;
        assert_eq!(late.told(&origin).peer.entries, filling + 2);
        assert!(late.texts(&origin, 1..2).is_empty());
    }
}

#[tokio::test]
async fn only_one_worker_has_a_feed_at_a_time() {
    let (publisher, follower) = (Publisher::new(), Follower::new());
    let origin = follower.follow_folder(&publisher).await;
    let taken = super::lease::take(&follower.peers, &origin).await;
    assert!(taken.is_ok());
    assert!(matches!(follower.sync(&origin).await, Err(PeerError::Leased(_))));
    follower.peers.clock.advance(super::poll::LEASE_SECONDS);
    assert!(follower.sync(&origin).await.is_ok());
    let due = |at: i64| follower.read(|tx| feeds::due(tx, at));
    let now = follower.peers.clock.now();
    assert!(due(now.micros()).is_empty());
    assert_eq!(due(now.plus_seconds(3600).micros()), [origin]);
}

#[tokio::test]
async fn an_identity_that_contradicts_the_pinned_one_freezes_the_node() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let origin = follower.follow_folder(&publisher).await;
    let identity = publisher.site().join("feed/identity");
    let chain = std::fs::read(&identity).unwrap();
    let first = crate::domain::identity::chain::Chain::verify(&chain).unwrap();
    let moved = |url: &str| {
        let mut document = first.newest().document.clone();
        (document.seq, document.prev) = (1, Some(first.newest().digest()));
        document.urls = vec![url.to_owned()];
        [&chain[..], publisher.sign_identity(&document).as_bytes()].concat()
    };
    let (one, other) = (moved("https://one.example/"), moved("https://other.example/"));
    std::fs::write(&identity, one).unwrap();
    let feed = follower.read(|tx| feeds::feed(tx, &origin)).unwrap();
    assert_eq!(trust::refresh(&follower.peers, &feed).await.unwrap().notes().len(), 2);
    std::fs::write(&identity, other).unwrap();
    assert!(matches!(trust::refresh(&follower.peers, &feed).await, Err(PeerError::IdentityFork(_))));
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish();
    let told = follower.sync(&origin).await.unwrap_err().to_string();
    assert!(told.contains("frozen"), "{told}");
    assert_eq!(follower.told(&origin).evidence[0].what, "identity-fork");
}

#[tokio::test]
async fn a_hostile_server_gets_nothing_in_and_the_follower_says_what_happened() {
    let bomb = gzip(&vec![0; 8_000_000]);
    let oversized = [&9000u16.to_be_bytes()[..], &[b'x'; 9000]].concat();
    type Meddle = Box<dyn Fn() -> Reply + Send + Sync>;
    let fine = |headers: &str, bytes: &[u8]| {
        let bytes = answer("200 OK", headers, bytes);
        Box::new(move || Reply::Bytes(bytes.clone())) as Meddle
    };
    let tricks: Vec<(&str, Meddle)> = vec![
        (
            "within 1.5 seconds",
            Box::new(|| Reply::Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx".to_vec())),
        ),
        ("more than the", Box::new(|| Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![7; 65_536]))),
        ("more than the", fine("Content-Encoding: gzip\r\n", &bomb)),
        (
            "redirects to \"http://169.254.169.254/\"",
            Box::new(|| Reply::Bytes(answer("302 Found", "Location: http://169.254.169.254/\r\n", b""))),
        ),
        (
            "broke off",
            Box::new(|| Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nabc".to_vec())),
        ),
        ("the type \"text/html\"", fine("Content-Type: text/html\r\n", b"<html>")),
        ("larger than 8192 bytes", fine("", &oversized)),
        ("not be there", Box::new(|| Reply::Bytes(answer("404 Not Found", "", b"")))),
    ];
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let origin = follower.follow_folder(&publisher).await;
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish();
    for (words, trick) in tricks {
        let server =
            publisher.serve(move |path| (path.contains("range/") || path.contains("entries/")).then(&trick));
        follower.follow(&server.url, "{}").await;
        let told = follower.sync(&origin).await.unwrap_err().to_string();
        let words = if words == "not be there" { "is not there" } else { words };
        assert!(told.contains(words), "expected {words:?} in {told:?}");
        let peer = follower.told(&origin).peer;
        assert_eq!((peer.entries, peer.state.as_str()), (0, "following"));
        assert!(peer.told.contains(words), "{}", peer.told);
    }
    follower.follow_folder(&publisher).await;
    assert_eq!(follower.syncs(&origin).await, (0, 1));
}

#[tokio::test]
async fn a_feed_that_points_into_a_private_network_is_refused() {
    let (publisher, follower) = (Publisher::new(), Follower::new());
    let careful = crate::platform::fetch::Fetcher::new(Default::default());
    let server = publisher.serve(|_| None);
    for place in [server.url.clone(), server.url.replace("http://127.0.0.1", "https://localhost")] {
        let refused = follow::discover(&careful, &place, None).await.err().unwrap().to_string();
        assert!(refused.contains("cannot be fetched"), "{refused}");
    }
    let refused = follow::discover(&careful, "https://localhost/", None).await.err().unwrap().to_string();
    assert!(refused.contains("not a public address"), "{refused}");
    drop(follower);
}

#[tokio::test]
async fn an_audit_says_what_holds_and_what_does_not() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1), ("en", 1)]);
    publisher.page(2, None, &[("de", 1)]);
    publisher.withdraw(2);
    publisher.publish();
    let site = publisher.site();
    let fetcher = &follower.peers.fetcher;
    let audit = async || audit::audit(fetcher, site.to_str().unwrap(), None, |_, _| {}).await.unwrap();
    let good = audit().await;
    assert!(good.holds(), "{:?}", good.findings);
    assert!(good.findings.iter().any(|finding| finding.words.contains("all 2 texts")), "{:?}", good.findings);
    publisher.write("feed/pub/1/blob/x", b"");
    let (digest, _) = publisher.body(&super::testing::body_json(1, "en", 1));
    publisher.write(&format!("feed/pub/1/blob/{digest}"), b"changed");
    assert!(audit().await.findings.iter().any(|finding| finding.words.contains("bytes, its entry says")));
    let bundle = site.join("feed/pub/1/tile/entries/000.p/3");
    let mut bytes = std::fs::read(&bundle).unwrap();
    bytes[30] ^= 1;
    std::fs::write(&bundle, bytes).unwrap();
    let bad = audit().await;
    assert!(
        !bad.holds()
            && bad.findings.iter().any(|finding| finding.words.contains("not those that were signed"))
    );
}

#[tokio::test]
async fn ranges_that_are_not_to_be_had_are_made_up_for_by_bundles() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1)]);
    publisher.publish();
    let refused = |status: &str| Reply::Bytes(answer(status, "Location: /elsewhere\r\n", b""));
    type Meddle = Box<dyn Fn() -> Reply + Send + Sync>;
    let tricks: Vec<Meddle> = vec![
        // Object stores answer so for what they do not hold.
        Box::new(move || refused("403 Forbidden")),
        Box::new(move || refused("500 Internal Server Error")),
        Box::new(move || refused("302 Found")),
        Box::new(|| Reply::Bytes(answer("200 OK", "Content-Type: text/html\r\n", b"<html>not here"))),
        Box::new(|| Reply::Bytes(ok(b"no entries"))),
        Box::new(|| Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx".to_vec())),
        Box::new(|| Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![7; 65_536])),
        Box::new(|| Reply::Stall(Vec::new())),
    ];
    for trick in tricks {
        let server = publisher.serve(move |path| path.contains("range/").then(&trick));
        let origin = follower.follow(&server.url, "{}").await;
        let from = publisher.entries.len() as u64 - 1;
        assert_eq!(follower.syncs(&origin).await, (from, from + 1));
        publisher.raw(r#"{"op":"later","ts":1,"v":1}"#);
        publisher.publish();
    }
}

#[tokio::test]
async fn a_site_under_maintenance_does_not_spoil_its_texts() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1), ("en", 1)]);
    publisher.publish();
    let page = vec![b'x'; 100_000];
    let replies = [
        answer("302 Found", "Location: /maintenance\r\n", b""),
        answer("200 OK", "Content-Type: text/html\r\n", &page),
        answer("503 Service Unavailable", "", b""),
    ];
    for reply in replies {
        let down = Arc::new(AtomicBool::new(true));
        let (now, rev) = (down.clone(), publisher.entries.len() as i64);
        let server = publisher.serve(move |path| {
            (path.contains("blob/") && now.load(Ordering::SeqCst)).then(|| Reply::Bytes(reply.clone()))
        });
        let origin = follower.follow(&server.url, "{}").await;
        follower.syncs(&origin).await;
        assert_eq!(follower.told(&origin).peer.to_fetch, 2);
        down.store(false, Ordering::SeqCst);
        follower.peers.clock.advance(120);
        follower.syncs(&origin).await;
        let texts = [format!("1 de {rev} ready shows {rev}"), format!("1 en {rev} ready shows {rev}")];
        assert_eq!(follower.texts(&origin, 1..2), texts);
        publisher.page(1, None, &[("de", rev + 1), ("en", rev + 1)]);
        publisher.publish();
    }
}

#[tokio::test]
async fn a_redaction_between_checkpoint_and_entries_is_no_crime() {
    // Few entries at once, and so many that they come in batches.
    for filling in [0, 20_000] {
        let (mut publisher, follower) = (Publisher::new(), Follower::new());
        publisher.page(1, None, &[("de", 1)]);
        publisher.page(2, None, &[("de", 1)]);
        (0..filling).for_each(|_| publisher.raw(r#"{"op":"other","ts":1,"v":1}"#));
        publisher.publish();
        let before = std::fs::read(publisher.site().join("feed/pub/1/checkpoint")).unwrap();
        let size = publisher.entries.len() as u64;
        publisher.emptied.push(0);
        publisher.publish_tiles();
        publisher.raw(REDACT);
        publisher.publish();
        // A cache on the way still has the checkpoint from before, until it is told not to answer.
        let server = publisher.serve_heads(move |head, path| {
            let cached = path.ends_with("checkpoint") && !head.contains("no-cache");
            cached.then(|| Reply::Bytes(answer("200 OK", "Content-Type: text/plain\r\n", &before)))
        });
        let origin = follower.follow(&server.url, "{}").await;
        assert_eq!(follower.syncs(&origin).await, (0, size + 1));
        assert_eq!(follower.texts(&origin, 1..3), ["2 de 1 ready shows 1"]);
    }
}

#[tokio::test]
async fn an_entry_that_stays_hidden_however_the_log_grows_is_not_taken_over() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.page(1, None, &[("de", 1)]);
    publisher.emptied.push(0);
    publisher.publish();
    let notes: Vec<Vec<u8>> = (0..3)
        .map(|_| {
            publisher.raw(r#"{"op":"other","ts":1,"v":1}"#);
            publisher.publish();
            std::fs::read(publisher.site().join("feed/pub/1/checkpoint")).unwrap()
        })
        .collect();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let server = publisher.serve(move |path| {
        let note =
            path.ends_with("checkpoint").then(|| &notes[count.fetch_add(1, Ordering::SeqCst).min(2)])?;
        Some(Reply::Bytes(answer("200 OK", "Content-Type: text/plain\r\n", note)))
    });
    let origin = follower.follow(&server.url, "{}").await;
    asked.store(0, Ordering::SeqCst);
    let told = follower.sync(&origin).await.unwrap_err();
    assert!(matches!(told, PeerError::Corrupt { .. }), "{told}");
    let peer = follower.told(&origin).peer;
    assert_eq!((peer.entries, peer.state.as_str()), (0, "following"));
    // Now it signs no more.
    let told = follower.sync(&origin).await.unwrap_err();
    assert!(matches!(told, PeerError::Quarantined { .. }), "{told}");
}

#[tokio::test]
async fn bundles_that_take_long_come_a_few_at_a_time() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.says(3000);
    publisher.publish();
    let server = publisher.serve(|_| None);
    let remote = Remote::open(&follower.peers.fetcher, &format!("{}feed/pub/1/", server.url)).unwrap();
    let fetch = async |time| {
        let enough = Enough { bytes: usize::MAX, time };
        let bundles = fetch_entries::bundles(&remote, 0..12, 3000, enough, Caches::Allow).await;
        bundles.unwrap().unwrap().iter().map(Vec::len).collect::<Vec<_>>()
    };
    assert_eq!(fetch(Duration::MAX).await, [vec![256; 11], vec![184]].concat());
    // Those that were begun with before there was one; never none.
    assert_eq!(fetch(Duration::ZERO).await, [256; 4]);
}

/// What may happen between two syncs.
#[derive(Clone, Copy, Debug)]
enum Attack {
    Nothing,
    Tamper,
    Drop,
    Swap,
    Duplicate,
    Truncate,
    RewriteOld,
    RollBack,
    Fork,
}

const ATTACKS: [Attack; 9] = [
    Attack::Nothing,
    Attack::Tamper,
    Attack::Drop,
    Attack::Swap,
    Attack::Duplicate,
    Attack::Truncate,
    Attack::RewriteOld,
    Attack::RollBack,
    Attack::Fork,
];

impl Publisher {
    fn says(&mut self, count: usize) {
        for _ in 0..count {
            let number = self.entries.len();
            self.raw(&format!(r#"{{"n":{number},"op":"later","ts":1,"v":1}}"#));
        }
    }

    /// Delivers other entries than were signed, from `from` on.
    fn delivers(&self, attack: Attack, from: usize, at: usize) {
        let mut delivered = self.entries.clone();
        let at = from + at % (delivered.len() - from);
        match attack {
            Attack::Tamper => delivered[at][5] ^= 1,
            Attack::Drop => drop(delivered.remove(at)),
            Attack::Swap if at > from => delivered.swap(at, from),
            Attack::Swap | Attack::Duplicate => delivered.insert(at, delivered[at].clone()),
            _ => drop(delivered.pop()),
        }
        self.write_bundles(&delivered);
    }
}

async fn under_attack(attack: Attack, sizes: [usize; 3], at: usize) {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    publisher.says(sizes[0]);
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.sync(&origin).await.unwrap();
    let mut good = publisher.entries.clone();
    publisher.says(sizes[1]);
    publisher.publish();
    match attack {
        Attack::Nothing => good = publisher.entries.clone(),
        Attack::RewriteOld => publisher.entries[at % sizes[0]] = br#"{"op":"other","ts":1,"v":1}"#.to_vec(),
        Attack::RollBack => publisher.entries.truncate(sizes[0] - 1 - at % sizes[0]),
        Attack::Fork => {
            publisher.entries.truncate(sizes[0]);
            publisher.entries[at % sizes[0]] = br#"{"op":"other","ts":1,"v":1}"#.to_vec();
        }
        _ => publisher.delivers(attack, sizes[0], at),
    }
    if matches!(attack, Attack::RewriteOld | Attack::RollBack | Attack::Fork) {
        publisher.publish();
    }
    let told = follower.sync(&origin).await;
    match attack {
        Attack::Nothing => assert!(told.as_ref().is_ok_and(|synced| synced.to as usize == good.len())),
        Attack::RewriteOld | Attack::Fork => assert!(matches!(told, Err(PeerError::Quarantined { .. }))),
        Attack::RollBack => assert!(matches!(told, Err(PeerError::Older { .. }))),
        _ => assert!(matches!(told, Err(PeerError::Corrupt { .. })), "{told:?}"),
    }
    let kept = || -> Vec<Vec<u8>> {
        let rows = follower.read(|tx| rows::entries(tx, &origin, 0, i64::MAX));
        rows.into_iter().map(|row| row.raw.into_bytes()).collect()
    };
    assert!(kept() == good, "{attack:?}");
    // Damage heals with the next honest delivery; a proven lie does not.
    if matches!(told, Err(PeerError::Corrupt { .. })) {
        publisher.says(sizes[2]);
        publisher.publish();
        follower.sync(&origin).await.unwrap();
        assert!(kept() == publisher.entries);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 27, max_shrink_iters: 40, failure_persistence: None, ..Default::default()
    })]
    #[test]
    fn every_attack_on_a_feed_is_detected_and_no_honest_feed_is_accused(
        attack in proptest::sample::select(&ATTACKS[..]),
        sizes in [1usize..700, 1usize..700, 0usize..300],
        bulk in proptest::bool::weighted(0.1),
        at in 0usize..10_000,
    ) {
        let sizes = if bulk { [sizes[0], sizes[1] + 4096, sizes[2]] } else { sizes };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(under_attack(attack, sizes, at));
    }
}
