//! Nodes cosign the logs they follow; who is asked for that hears of news at once, and nobody can be shown two histories.

use super::changes::{district, town};
use crate::support::{Reading, TestNode, page, post};
use lotse::base::digest::Digest;
use lotse::tlog::checkpoint::Checkpoint;
use lotse::tlog::signed_note::Note;
use lotse::tlog::witness::AddCheckpoint;
use std::process::Command;

fn newest(node: &TestNode) -> (Note, Checkpoint) {
    let note = node.node.sequencer.published_note().unwrap();
    let checkpoint = note.text().parse().unwrap();
    (note, checkpoint)
}

/// What a node's log would send to a witness that cosigned `old_size` entries.
fn request(log: &TestNode, old_size: u64) -> AddCheckpoint {
    let (note, checkpoint) = newest(log);
    let proof = log.node.sequencer.prove(old_size, checkpoint.size).unwrap();
    AddCheckpoint { old_size, proof, note }
}

fn asks(witness: &TestNode, request: impl ToString) -> Reading {
    post(&format!("{}feed/witness/add-checkpoint", witness.url()), &request.to_string())
}

#[track_caller]
fn is_refused(reading: &Reading, status: u16) {
    assert_eq!(reading.status, status, "{}\n{}", reading.head, reading.body);
}

#[test]
fn a_follower_that_cosigns_hears_of_news_at_once() {
    let district = district();
    let town = town(&district);
    district.asks_to_cosign(&town);
    // The town's clock stands still, so that it never is time for it to ask by itself.
    district.edits("suche", "de", "Stellensuche", "<p>Eben erst geschrieben</p>");
    town.comes_to_say("/stadt/de/arbeit/stellensuche/", "Eben erst geschrieben");
    district.comes_to_be_cosigned_by(&town);
    district.edits("suche", "de", "Stellensuche", "<p>Und noch einmal</p>");
    town.comes_to_say("/stadt/de/arbeit/stellensuche/", "Und noch einmal");
    district.comes_to_be_cosigned_by(&town);
    // The same checkpoint with another line is no other state.
    assert_eq!(town.syncs(&district), newest(&district).1.size);
}

#[test]
fn who_does_not_follow_does_not_cosign_and_keeps_nobody_waiting() {
    let (district, stranger) = (district(), TestNode::new("Fremdstadt"));
    district.asks_to_cosign(&stranger);
    district.publishes(page("neu").says("de", "Neu", "<p>Neu</p>"));
    district.comes_to_know_of(&stranger, "it does not follow this node");
    district.reads("/feed/pub/1/checkpoint").is_there().is_silent_about("/w ");
}

#[test]
fn each_request_is_answered_as_the_specification_says() {
    let (district, other) = (district(), TestNode::new("Andernorts"));
    let town = town(&district);
    let before = newest(&district).1.size;
    town.syncs(&district);
    district.edits("suche", "de", "Stellensuche", "<p>Mehr</p>");
    let size = district.node.log().unwrap();
    let good = request(&district, before);
    is_refused(&asks(&town, "old 1\n"), 400);
    is_refused(&asks(&town, request(&other, 0)), 404);
    is_refused(&asks(&town, good.to_string().replace(&format!("\n{size}\n"), "\n999\n")), 403);
    is_refused(&asks(&town, AddCheckpoint { old_size: size + 1, ..good.clone() }), 400);
    let behind = asks(&town, request(&district, 0));
    is_refused(&behind, 409);
    assert_eq!((behind.header("content-type"), &behind.body), ("text/x.tlog.size", &format!("{before}\n")));
    let mut proof = good.proof.clone();
    proof[0] = Digest::of(b"another");
    is_refused(&asks(&town, AddCheckpoint { proof, ..good.clone() }), 422);
    let cosigned = asks(&town, &good);
    cosigned.is_there().says(&format!("— {}/w ", town.node.id()));
    // A replay is no news, and the same size again is a heartbeat.
    let replayed = asks(&town, &good);
    is_refused(&replayed, 409);
    assert_eq!(replayed.body, format!("{size}\n"));
    asks(&town, request(&district, size)).is_there();
    let name = Digest::of(district.origin().as_bytes());
    let view = town.reads(&format!("/feed/witness/{name}/checkpoint"));
    view.is_there().says(good.note.text()).says(&cosigned.body);
    town.reads(&format!("/feed/witness/{}/checkpoint", Digest::of(b"nobody"))).is_missing();
    assert_eq!(town.syncs(&district), size);
}

#[test]
fn a_log_that_asks_too_often_has_to_wait_and_others_do_not() {
    let (district, other) = (district(), TestNode::new("Andernorts"));
    let town = town(&district);
    let ask = request(&district, newest(&district).1.size);
    (0..10).for_each(|_| _ = asks(&town, &ask).is_there());
    let refused = asks(&town, &ask);
    is_refused(&refused, 429);
    assert_eq!(refused.header("retry-after"), "1");
    is_refused(&asks(&town, request(&other, 0)), 404);
    town.clock.advance(1);
    asks(&town, &ask).is_there();
}

#[test]
fn a_second_history_is_not_cosigned_and_kept_as_proof() {
    let district = district();
    let town = town(&district);
    let (_, honest) = newest(&district);
    asks(&town, request(&district, honest.size)).is_there();
    let forged = Checkpoint { root: Digest::of(b"another history"), ..honest.clone() };
    let note = district.node.keys().sign_checkpoint(&forged).unwrap();
    let ask = AddCheckpoint { old_size: honest.size, proof: Vec::new(), note: note.clone() };
    is_refused(&asks(&town, &ask), 409);
    let known = town.knows(&district);
    assert_eq!(known.peer.state, "quarantined");
    let proof: serde_json::Value = serde_json::from_str(&known.evidence[0].detail).unwrap();
    assert_eq!(proof["new"]["note"], note.to_string());
    let old: Checkpoint =
        Note::parse(proof["old"]["note"].as_str().unwrap().as_bytes()).unwrap().text().parse().unwrap();
    assert_eq!(old, honest);
    // Nothing more is cosigned until a person has looked, and readers see what was good.
    is_refused(&asks(&town, request(&district, honest.size)), 404);
    town.reads("/stadt/de/arbeit/").is_there();
}

#[test]
fn a_second_implementation_gets_its_cosignature() {
    let Some(python) = std::env::var_os("LOTSE_TEST_PYTHON") else { return };
    let district = district();
    let town = town(&district);
    district.edits("suche", "de", "Stellensuche", "<p>Mehr</p>");
    let size = district.node.log().unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/witness_client.py");
    let run = Command::new(python).args([script, district.url(), town.url()]).output().unwrap();
    let told = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{told}");
    assert!(told.contains(&format!("cosigned {size} entries of {}", district.origin())), "{told}");
}
