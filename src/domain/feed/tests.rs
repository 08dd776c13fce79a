//! The feed as a whole: growing, crashing, being restored, erasing, being exported.

use super::entry::Op;
use super::error::FeedError;
use super::export::export;
use super::sequence::{FeedPlace, Sequencer, Step};
use super::store::{self, Blob};
use super::testing::{Node, SITE, erase, object, put, take_back, visible, withdraw};
use crate::base::digest::Digest;
use crate::base::moment::Moment;
use crate::domain::content::change::Change;
use crate::domain::identity::keyring::Keyring;
use crate::on_both;
use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::db::schema::{own_entries, own_feed};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use proptest::prelude::*;
use std::fs;
use std::sync::Arc;

const ALL_STEPS: [Step; 9] = [
    Step::Locked,
    Step::GuardCompared,
    Step::EntriesAdded,
    Step::ReadBack,
    Step::Signed,
    Step::Committed,
    Step::Guarded,
    Step::TilesWritten,
    Step::CheckpointWritten,
];

#[test]
fn the_first_run_makes_an_identity_and_logs_it() {
    let node = Node::new();
    assert_eq!(node.sequence(), 1);
    let chain = node.sequencer.chain().unwrap();
    let doc = chain.newest().digest();
    assert_eq!(node.visible()[0].op, Op::Identity { seq: 0, doc });
    assert_eq!(node.sequence(), 1, "a second run has nothing to do");
}

#[test]
fn the_feed_grows_over_the_edges_of_tiles_and_old_partial_ones_go() {
    let node = Node::new();
    let mut expected = 1;
    for count in [1, 3, 250, 1, 1, 255, 1, 600, 0, 24] {
        node.publish_pages(count);
        expected += count;
        assert_eq!(node.sequence(), expected as u64);
        assert_eq!(node.visible().len(), expected);
    }
    let entries = node.folder.path().join("feed/pub/1/tile/entries");
    assert!(entries.join("000").exists() && entries.join("000.gz").exists());
    assert!(!entries.join("000.p").exists());
}

#[test]
fn a_crash_after_any_step_loses_nothing_and_doubles_nothing() {
    for step in ALL_STEPS {
        for before in [0, 200] {
            let node = Node::new();
            if before > 0 {
                node.publish_pages(before);
                node.sequence();
            }
            let visible_before = node.visible().len();
            node.publish_pages(100);
            assert!(node.crash_after(step).is_err(), "{step:?}");
            let seen = node.visible().len();
            assert!(seen == visible_before || step == Step::CheckpointWritten, "{step:?}");
            node.publish_pages(1);
            let size = node.sequencer.recover().unwrap().size;
            assert_eq!((size as usize, node.visible().len()), (before + 102, before + 102), "{step:?}");
        }
    }
}

#[test]
fn a_restored_database_signs_nothing() {
    let node = Node::new();
    node.publish_pages(5);
    node.sequence();
    let yesterday = node.database.read(|tx| store::own_feed(tx, "pub")).unwrap().unwrap();
    node.publish_pages(5);
    node.sequence();
    let today = fs::read(node.files().checkpoint()).unwrap();
    restore(&node, &yesterday);
    node.publish_pages(2);
    let refused = node.sequencer.sequence();
    assert!(matches!(refused, Err(FeedError::GuardAhead { signed: 11, stored: 6, .. })), "{refused:?}");
    assert_eq!(fs::read(node.files().checkpoint()).unwrap(), today);
    assert!(matches!(node.sequencer.confirm_database(), Err(FeedError::GuardAhead { .. })));
}

#[test]
fn a_restored_database_that_wrote_on_elsewhere_signs_nothing() {
    let node = Node::new();
    node.publish_pages(5);
    node.sequence();
    let yesterday = node.database.read(|tx| store::own_feed(tx, "pub")).unwrap().unwrap();
    node.publish_pages(5);
    node.sequence();
    let guard = fs::read(node.folder.path().join("guard/signed")).unwrap();
    restore(&node, &yesterday);
    // Elsewhere the guard was lost, and somebody confirmed the old database.
    fs::remove_file(node.folder.path().join("guard/signed")).unwrap();
    assert!(matches!(node.sequencer.sequence(), Err(FeedError::GuardMissing { stored: 6, .. })));
    node.sequencer.confirm_database().unwrap();
    node.publish(&[put(object(77), &[("de", Digest::of(b"other"), 1, &[])])]);
    node.publish_pages(9);
    node.sequence();
    fs::write(node.folder.path().join("guard/signed"), guard).unwrap();
    node.publish_pages(1);
    assert!(matches!(node.sequencer.sequence(), Err(FeedError::GuardDiffers { signed: 11, .. })));
}

#[test]
fn a_flipped_bit_is_found_before_it_is_signed() {
    let node = Node::new();
    node.publish_pages(5);
    node.sequence();
    change_leaf(&node, 3);
    node.publish_pages(1);
    assert!(matches!(node.sequencer.sequence(), Err(FeedError::Damaged(_))));
}

#[test]
fn a_change_that_the_log_cannot_take_is_named_and_stops_what_comes_after() {
    let node = Node::new();
    node.publish_pages(1);
    node.sequence();
    assert!(node.sequencer.state().unwrap().stuck.is_none());
    let Change::Put(mut broken) = put(object(7), &[]) else { panic!() };
    broken.licence = "free, somehow".into();
    node.publish(&[put(object(1), &[]), Change::Put(broken), put(object(2), &[])]);
    let refused = node.sequencer.sequence().unwrap_err();
    let state = node.sequencer.state().unwrap();
    assert_eq!((state.signed, state.waiting), (2, 3));
    let stuck = state.stuck.unwrap();
    assert_eq!(stuck.to_string(), refused.to_string());
    for words in ["change 3 of the outbox", &object(7).to_string(), "free, somehow", "newest version"] {
        assert!(stuck.to_string().contains(words), "{words}: {stuck}");
    }
}

#[test]
fn files_that_went_missing_are_made_again_alike() {
    let node = Node::new();
    node.publish_pages(700);
    node.sequence();
    let tile = node.folder.path().join("feed/pub/1/tile/0/001");
    let before = fs::read(&tile).unwrap();
    fs::remove_file(&tile).unwrap();
    node.sequencer.recover().unwrap();
    assert_eq!(fs::read(&tile).unwrap(), before);
    fs::remove_dir_all(node.folder.path().join("feed")).unwrap();
    node.sequence();
    assert_eq!(node.visible().len(), 701);
    // A damaged tile below the open edge is noticed when the next level is written.
    fs::write(node.folder.path().join("feed/pub/1/tile/1/000.p/2"), [0; 64]).unwrap();
    node.publish_pages(100);
    node.sequence();
    assert_eq!(node.visible().len(), 801);
}

#[test]
fn erasing_deletes_the_bodies_and_keeps_what_others_still_show() {
    let node = Node::new();
    let media = Blobs::open(node.folder.path().join("blobs")).unwrap();
    let (shared, alone) = (media.put(b"shared picture").unwrap(), media.put(b"own picture").unwrap());
    let first = node.body("first", &[shared, alone]);
    let second = node.body("second", &[shared]);
    let later = node.body("later", &[shared]);
    node.publish(&[
        put(object(2), &[("de", second, 1, &[shared])]),
        put(object(1), &[("de", first, 1, &[shared, alone])]),
        erase(1, &[("de", 1)]),
        put(object(1), &[("de", later, 2, &[])]),
    ]);
    node.sequence();
    let blob = |sha256: Digest| node.database.read(|tx| store::blob(tx, &sha256)).unwrap();
    assert_eq!(blob(first), Blob::Erased);
    assert_eq!(blob(alone), Blob::Erased);
    assert_eq!(blob(shared), Blob::Media);
    assert!(media.holds(&shared) && !media.holds(&alone));
    assert!(matches!(blob(second), Blob::Body(_)) && matches!(blob(later), Blob::Body(_)));
    assert_eq!(blob(Digest::of(b"never")), Blob::Unknown);
    node.publish(&[erase(1, &[]), erase(2, &[])]);
    assert!(node.crash_after(Step::Committed).is_err());
    node.sequencer.recover().unwrap();
    assert!(!media.holds(&shared));
    assert!([second, later, shared].into_iter().all(|sha256| blob(sha256) == Blob::Erased));
    assert_eq!(node.visible().len(), 7);
}

#[test]
fn what_is_withdrawn_is_kept_and_no_longer_given_to_anybody() {
    let node = Node::new();
    let target = tempfile::tempdir().unwrap();
    let media = Blobs::open(node.folder.path().join("blobs")).unwrap();
    let (shared, alone) = (media.put(b"shared picture").unwrap(), media.put(b"own picture").unwrap());
    let first = node.body("first", &[shared, alone]);
    let english = node.body("english", &[alone]);
    let second = node.body("second", &[shared]);
    let blob = |sha256: Digest| node.database.read(|tx| store::blob(tx, &sha256)).unwrap();
    let exported = || {
        export(&node.sequencer, &media, target.path()).unwrap();
        let held = [first, english, second, shared, alone];
        held.map(|sha256| target.path().join(format!("feed/pub/1/blob/{sha256}")).exists())
    };
    node.publish(&[
        put(object(2), &[("de", second, 1, &[shared])]),
        put(object(1), &[("de", first, 1, &[shared, alone]), ("en", english, 1, &[alone])]),
    ]);
    node.sequence();
    assert_eq!(exported(), [true; 5]);
    // One language, then the page.
    node.publish(&[take_back(1, "de")]);
    node.sequence();
    assert_eq!((blob(first), blob(alone), blob(shared)), (Blob::Unknown, Blob::Media, Blob::Media));
    assert_eq!(exported(), [false, true, true, true, true]);
    node.publish(&[withdraw(1)]);
    node.sequence();
    assert_eq!((blob(english), blob(alone), blob(shared)), (Blob::Unknown, Blob::Unknown, Blob::Media));
    assert_eq!(exported(), [false, false, true, true, false]);
    // Kept here, it is there at once when the page comes back.
    node.sequencer.recover().unwrap();
    assert!(media.holds(&alone) && node.holds(&first));
    node.publish(&[put(object(1), &[("de", first, 2, &[shared, alone])])]);
    node.sequence();
    assert!(matches!(blob(first), Blob::Body(_)) && blob(alone) == Blob::Media);
    assert_eq!(exported(), [true, false, true, true, true]);
    // An erasure reaches what was withdrawn.
    node.publish(&[withdraw(1), erase(1, &[])]);
    node.sequence();
    assert_eq!([first, english, alone].map(blob), [Blob::Erased, Blob::Erased, Blob::Erased]);
    assert!(!media.holds(&alone) && !node.holds(&first) && !node.holds(&english));
    assert_eq!(exported(), [false, false, true, true, false]);
}

#[test]
fn a_page_may_come_and_go_within_one_signature() {
    let node = Node::new();
    let (one, other) = (node.body("one", &[]), node.body("other", &[]));
    node.publish(&[
        put(object(1), &[("de", one, 1, &[])]),
        withdraw(1),
        put(object(1), &[("de", one, 2, &[])]),
        put(object(2), &[("de", other, 1, &[])]),
        put(object(2), &[("en", other, 1, &[])]),
        withdraw(2),
    ]);
    node.sequence();
    let blob = |sha256: Digest| node.database.read(|tx| store::blob(tx, &sha256)).unwrap();
    assert!(matches!(blob(one), Blob::Body(_)));
    assert_eq!(blob(other), Blob::Unknown);
}

#[test]
fn a_new_address_is_told_in_a_note_that_the_log_names() {
    let node = Node::new();
    node.sequence();
    let place = FeedPlace::new(node.folder.path(), &node.folder.path().join("guard"), "https://neu.example/");
    let keys = Arc::new(Keyring::load(&node.folder.path().join("keys")).unwrap());
    let clock = Clock::manual(Moment::from_seconds(1_767_300_000));
    let moved = Sequencer::new(node.database.clone(), keys, clock, place);
    assert_eq!(moved.sequence().unwrap().size, 2);
    let doc = moved.chain().unwrap().newest().digest();
    assert_eq!(node.visible()[1].op, Op::Identity { seq: 1, doc });
    assert_eq!(moved.chain().unwrap().node(), node.sequencer.chain().unwrap().node());
}

#[test]
fn an_export_is_the_feed_and_grows_when_made_again() {
    let node = Node::new();
    let target = tempfile::tempdir().unwrap();
    let media = Blobs::open(node.folder.path().join("blobs")).unwrap();
    let run = || export(&node.sequencer, &media, target.path());
    assert!(matches!(run(), Err(FeedError::NothingPublished)));
    let picture = media.put(b"a picture").unwrap();
    let body = node.body("text", &[picture]);
    node.publish(&[put(object(1), &[("de", body, 1, &[picture])])]);
    node.sequence();
    let first = run().unwrap();
    assert_eq!((first.entries, first.blobs, first.missing_media), (2, 2, 0));
    assert_eq!(visible(&target.path().join("feed")), node.visible());
    assert_eq!(run().unwrap().new_files, 0);
    node.publish_pages(0);
    node.publish(&[erase(1, &[])]);
    node.sequence();
    let second = run().unwrap();
    assert_eq!((second.entries, second.blobs), (3, 0));
    assert!(!target.path().join(format!("feed/pub/1/blob/{body}")).exists());
    let described = fs::read_to_string(target.path().join(".well-known/civic-feed")).unwrap();
    assert!(described.contains(r#""pub":"feed/pub/1/""#), "{described}");
    assert!(node.sequencer.chain().unwrap().newest().document.urls == [SITE]);
}

#[test]
fn a_second_implementation_in_another_language_agrees_and_finds_tampering() {
    let Some(python) = python_with_nacl() else {
        println!("left out: no Python with PyNaCl; tests/run brings one");
        return;
    };
    let node = Node::new();
    let target = tempfile::tempdir().unwrap();
    let media = Blobs::open(node.folder.path().join("blobs")).unwrap();
    let bodies = ["one", "two", "three"].map(|text| node.body(&format!("{text:<100}"), &[]));
    node.publish(&[
        put(object(1), &[("de", bodies[0], 1, &[]), ("en", bodies[1], 1, &[])]),
        put(object(2), &[("de", bodies[2], 1, &[])]),
        erase(2, &[]),
    ]);
    node.publish_pages(0);
    node.sequence();
    export(&node.sequencer, &media, target.path()).unwrap();
    let check = || {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verify_feed.py");
        let run = std::process::Command::new(&python).arg(script).arg(target.path()).output().unwrap();
        (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned())
    };
    let (code, told) = check();
    assert!(code == Some(0) && told.contains("4 entries") && told.contains("2 bodies"), "{told}");
    for file in [
        "feed/identity".to_owned(),
        "feed/pub/1/checkpoint".into(),
        "feed/pub/1/tile/entries/000.p/4".into(),
        format!("feed/pub/1/blob/{}", bodies[1]),
    ] {
        let path = target.path().join(file);
        let honest = fs::read(&path).unwrap();
        let mut forged = honest.clone();
        forged[honest.len() / 2] ^= 1;
        fs::write(&path, forged).unwrap();
        assert_eq!(check().0, Some(1), "{}", path.display());
        fs::write(&path, honest).unwrap();
    }
    assert_eq!(check().0, Some(0));
}

fn python_with_nacl() -> Option<String> {
    let python = std::env::var("LOTSE_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_nacl = std::process::Command::new(&python).args(["-c", "import nacl.signing"]).output();
    has_nacl.is_ok_and(|run| run.status.success()).then_some(python)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_schedule_of_publishing_and_crashing_gives_every_change_once(
        rounds in prop::collection::vec((0usize..180, 0usize..12), 1..7)
    ) {
        let node = Node::new();
        let mut published = 1;
        for (count, crash) in rounds {
            node.publish_pages(count);
            published += count;
            match ALL_STEPS.get(crash) {
                Some(step) => drop(node.crash_after(*step)),
                None => drop(node.sequencer.sequence().unwrap()),
            }
            prop_assert!(node.visible().len() <= published);
        }
        node.sequencer.recover().unwrap();
        prop_assert_eq!(node.visible().len(), published);
    }
}

fn restore(node: &Node, feed: &store::OwnFeed) {
    let size = feed.frontier.size() as i64;
    node.database
        .write(|tx: &mut Write<'_>| {
            on_both!(tx, c => diesel::delete(own_entries::table.filter(own_entries::idx.ge(size))).execute(c))?;
            on_both!(tx, c => diesel::update(own_feed::table)
                .set((
                    own_feed::size.eq(size),
                    own_feed::frontier.eq(feed.frontier.to_string()),
                    own_feed::note.eq(&feed.note),
                ))
                .execute(c))?;
            Ok::<_, DbError>(())
        })
        .unwrap();
}

fn change_leaf(node: &Node, idx: i64) {
    let leaf = Digest::of(b"flipped").to_string();
    node.database
        .write(|tx: &mut Write<'_>| {
            on_both!(tx, c => diesel::update(own_entries::table.find(idx))
                .set(own_entries::leaf.eq(&leaf))
                .execute(c))
            .map_err(DbError::from)
        })
        .unwrap();
}
