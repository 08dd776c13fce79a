//! What a follower makes of the cosignatures under a checkpoint, or of their absence.

use super::error::PeerError;
use super::testing::{Follower, Publisher};
use super::{compare, peer};
use crate::base::digest::Digest;
use crate::domain::identity::chain::Chain;
use crate::domain::identity::keyring::Keyring;
use crate::platform::fetch::testing::BadServer;
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::policy::Policy;
use crate::tlog::proof::{TreeHead, verify_consistency};
use crate::tlog::signed_note::Note;
use std::sync::Arc;

const HOUR: i64 = 3600;

/// A town that is followed, a witness that is followed too, and who follows them.
struct World {
    town: Publisher,
    witness: Publisher,
    follower: Follower,
    origin: String,
    /// The witness's site.
    _server: BadServer,
}

async fn world() -> World {
    let (mut town, witness, follower) = (Publisher::new(), Publisher::new(), Follower::new());
    (1..=30).for_each(|number| town.page(number, None, &[("de", 1)]));
    town.publish();
    witness.describes_its_witness();
    let server = witness.serve(|_| None);
    follower.follow(&server.url, "{}").await;
    let origin = follower.follow_folder(&town).await;
    follower.syncs(&origin).await;
    World { town, witness, follower, origin, _server: server }
}

impl World {
    /// The witness cosigns the town's checkpoint, by a clock that is so many hours off.
    fn cosigns(&self, hours_off: i64) {
        let at = self.follower.peers.clock.now().plus_seconds(hours_off * HOUR);
        self.witness.cosign(&self.town, at.unix_seconds());
    }

    fn is_unconfirmed(&self) -> bool {
        self.told().unconfirmed_since.is_some()
    }

    fn told(&self) -> peer::Peer {
        self.follower.told(&self.origin).peer
    }

    fn asks_for_quorum(&mut self) {
        let file = format!("witness w {}\nquorum w\n", self.witness.witness_key());
        self.follower.peers.policy = Some(Arc::new(Policy::parse(file.as_bytes()).unwrap()));
    }
}

#[tokio::test]
async fn a_feed_that_is_frozen_for_us_is_told_to_be_unconfirmed_though_it_answers() {
    let world = world().await;
    world.cosigns(0);
    world.follower.syncs(&world.origin).await;
    let begun = world.follower.peers.clock.now();
    assert_eq!(world.told().confirmed_by_witness, Some(begun));
    world.follower.peers.clock.advance(25 * HOUR);
    world.follower.syncs(&world.origin).await;
    assert!(!world.is_unconfirmed());
    world.follower.peers.clock.advance(2 * HOUR);
    world.follower.syncs(&world.origin).await;
    assert_eq!(world.told().unconfirmed_since, Some(begun));
    assert!(world.told().told.contains("no trusted witness confirms"), "{}", world.told().told);
    // The heartbeat: the same size, a new line.
    world.cosigns(0);
    assert_eq!(world.follower.syncs(&world.origin).await, (30, 30));
    assert!(!world.is_unconfirmed());
    // Who takes the lines away takes nothing back.
    world.town.publish();
    world.follower.peers.clock.advance(27 * HOUR);
    world.follower.syncs(&world.origin).await;
    assert!(world.is_unconfirmed());
    world.follower.write(|tx| peer::resume(tx, &world.origin));
    world.follower.syncs(&world.origin).await;
    assert!(!world.is_unconfirmed(), "a person looked, and waits for this witness no more");
}

#[tokio::test]
async fn a_witness_whose_clock_is_a_day_off_confirms_nothing() {
    let world = world().await;
    for hours_off in [24, 1] {
        world.cosigns(hours_off);
        world.follower.syncs(&world.origin).await;
        assert_eq!(world.told().confirmed_by_witness, None, "{hours_off} hours ahead");
    }
    world.cosigns(-24);
    world.follower.syncs(&world.origin).await;
    assert!(!world.is_unconfirmed(), "a day old is not too old");
    world.follower.peers.clock.advance(3 * HOUR);
    world.follower.syncs(&world.origin).await;
    assert!(world.is_unconfirmed());
}

#[tokio::test]
async fn a_stranger_or_the_node_itself_confirms_nothing() {
    let world = world().await;
    let stranger = Publisher::new();
    let now = world.follower.peers.clock.now().unix_seconds();
    stranger.cosign(&world.town, now);
    world.town.cosign(&world.town, now);
    world.follower.syncs(&world.origin).await;
    assert_eq!(world.told().confirmed_by_witness, None);
    assert!(!world.is_unconfirmed(), "where no witness is known, an answer confirms");
}

#[tokio::test]
async fn where_a_policy_asks_for_witnesses_an_answer_alone_confirms_nothing() {
    let mut world = world().await;
    world.asks_for_quorum();
    world.follower.peers.clock.advance(27 * HOUR);
    world.town.raw(r#"{"op":"later","ts":1,"v":1}"#);
    world.town.publish();
    world.follower.syncs(&world.origin).await;
    assert!(world.is_unconfirmed());
    world.cosigns(0);
    world.follower.syncs(&world.origin).await;
    assert!(!world.is_unconfirmed());
}

#[tokio::test]
async fn the_withdrawal_of_much_at_once_waits_for_a_person() {
    let mut world = world().await;
    (1..=5).for_each(|number| world.town.withdraw(number));
    world.town.publish();
    assert_eq!(world.follower.syncs(&world.origin).await, (30, 35), "a few are nothing special");
    (6..=25).for_each(|number| world.town.withdraw(number));
    world.town.publish();
    world.cosigns(0);
    for _ in 0..2 {
        let told = world.follower.sync(&world.origin).await.unwrap_err();
        assert!(matches!(told, PeerError::Held { .. }), "{told}");
        assert!(told.to_string().contains("it withdraws 20 of its 25 objects at once"), "{told}");
    }
    assert_eq!((world.told().entries, world.told().state.as_str()), (35, "held"));
    world.follower.write(|tx| peer::resume(tx, &world.origin));
    assert_eq!(world.follower.syncs(&world.origin).await, (35, 55));
}

#[tokio::test]
async fn the_erasure_of_much_at_once_waits_for_nobody() {
    let mut world = world().await;
    (1..=30).for_each(|number| world.town.erase(number));
    world.town.publish();
    assert_eq!(world.follower.syncs(&world.origin).await, (30, 60));
}

#[tokio::test]
async fn what_waits_for_witnesses_goes_on_by_itself_when_they_have_cosigned() {
    let mut world = world().await;
    world.asks_for_quorum();
    (1..=25).for_each(|number| world.town.withdraw(number));
    world.town.publish();
    assert!(matches!(world.follower.sync(&world.origin).await, Err(PeerError::Held { .. })));
    let due = |world: &World| {
        let now = world.follower.peers.clock.now().micros();
        world.follower.read(|tx| super::store::feeds::due(tx, now)).contains(&world.origin)
    };
    assert!(!due(&world));
    world.follower.peers.clock.advance(600);
    assert!(due(&world));
    assert!(matches!(world.follower.sync(&world.origin).await, Err(PeerError::Held { .. })));
    world.cosigns(0);
    assert_eq!(world.follower.syncs(&world.origin).await, (30, 55));
    assert_eq!(world.told().state, "following");
}

#[tokio::test]
async fn whoever_shows_a_witness_another_history_is_found_out_by_comparison() {
    let mut world = world().await;
    world.cosigns(0);
    world.follower.syncs(&world.origin).await;
    world.witness.shows(&world.town);
    compare::compare_due(&world.follower.peers).await.unwrap();
    assert_eq!(world.told().state, "following", "so far both see the same");
    // The witness is shown another page, everybody else the honest ones and more.
    let honest = world.town.entries.clone();
    world.town.entries[29] = br#"{"op":"later","ts":1,"v":1}"#.to_vec();
    world.town.publish();
    world.cosigns(0);
    world.witness.shows(&world.town);
    let forged: Checkpoint = world.town.checkpoint().text().parse().unwrap();
    world.town.entries = honest;
    (31..=36).for_each(|number| world.town.page(number, None, &[("de", 1)]));
    world.town.publish();
    world.cosigns(0);
    world.follower.syncs(&world.origin).await;
    compare::compare_due(&world.follower.peers).await.unwrap();
    assert_eq!(world.told().state, "following", "once a day is enough");
    world.follower.peers.clock.advance(25 * HOUR);
    compare::compare_due(&world.follower.peers).await.unwrap();
    let told = world.follower.told(&world.origin);
    assert_eq!(told.peer.state, "quarantined");
    assert!(told.peer.told.contains("another history"), "{}", told.peer.told);
    // Whoever gets the proof can check it alone.
    let proof: serde_json::Value = serde_json::from_str(&told.evidence[0].detail).unwrap();
    let head = |which: &str| -> TreeHead {
        let note = Note::parse(proof[which]["note"].as_str().unwrap().as_bytes()).unwrap();
        let checkpoint: Checkpoint = note.text().parse().unwrap();
        checkpoint.tree()
    };
    assert_eq!(head("old"), forged.tree());
    let genuine = TreeHead { root: proof["root"].as_str().unwrap().parse().unwrap(), ..head("old") };
    let path: Vec<Digest> = proof["path"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hash| hash.as_str().unwrap().parse().unwrap())
        .collect();
    verify_consistency(genuine, head("new"), &path).unwrap();
    assert_ne!(genuine.root, forged.root);
}

#[tokio::test]
async fn a_witness_that_saw_more_makes_us_ask_and_what_we_are_not_shown_counts() {
    let mut world = world().await;
    world.cosigns(0);
    world.follower.syncs(&world.origin).await;
    let old = world.town.checkpoint().to_string();
    world.town.page(31, None, &[("de", 1)]);
    world.town.publish();
    world.witness.shows(&world.town);
    world.town.write("feed/pub/1/checkpoint", old.as_bytes());
    compare::compare_due(&world.follower.peers).await.unwrap();
    assert!(world.told().next_poll <= world.follower.peers.clock.now());
    assert!(matches!(
        world.follower.sync(&world.origin).await,
        Err(PeerError::Older { shown: 30, known: 31, .. })
    ));
    world.follower.peers.clock.advance(25 * HOUR);
    let told = world.follower.sync(&world.origin).await.unwrap_err().to_string();
    assert!(told.contains("rolled back"), "{told}");
}

#[tokio::test]
async fn a_new_key_waits_for_witnesses_where_a_policy_names_some() {
    let mut world = world().await;
    world.asks_for_quorum();
    let folder = tempfile::tempdir().unwrap();
    let next = Keyring::create(&folder.path().join("keys")).unwrap();
    let identity = world.town.site().join("feed/identity");
    let chain = std::fs::read(&identity).unwrap();
    let first = Chain::verify(&chain).unwrap();
    let mut document = first.newest().document.clone();
    (document.seq, document.prev) = (1, Some(first.newest().digest()));
    document.feeds.get_mut("pub").unwrap().key = next.feed_key().unwrap();
    std::fs::write(&identity, [&chain[..], world.town.sign_identity(&document).as_bytes()].concat()).unwrap();
    world.town.page(31, None, &[("de", 1)]);
    world.town.publish_tiles();
    world.town.publish_checkpoint(&world.town.origin, &next);
    let told = world.follower.sync(&world.origin).await.unwrap_err();
    assert!(matches!(told, PeerError::Held { .. }) && told.to_string().contains("another key"), "{told}");
    assert_eq!(world.follower.told(&world.origin).identity_notes, 1);
    world.cosigns(0);
    world.follower.peers.clock.advance(600);
    assert_eq!(world.follower.syncs(&world.origin).await, (30, 31));
    assert_eq!(world.follower.told(&world.origin).identity_notes, 2);
}
