//! What one entry costs: appending it to a log, and checking it again as a follower does. No database, no network:
//! those are measured on a running node by `benches/load`. Prints rows for `benches/README.md`.

// A bench speaks to the terminal, and stops where a program would tell an error.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench is run by hand and prints its result")]

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use lotse::base::digest::Digest;
use lotse::domain::feed::entry::Entry;
use lotse::domain::identity::keyring::Keyring;
use lotse::tlog::checkpoint::Checkpoint;
use lotse::tlog::entry_bundle::{append_entry, read_entries};
use lotse::tlog::merkle::{Frontier, leaf_hash};
use lotse::tlog::signed_note::{SignatureKind, VerifierKey};
use std::hint::black_box;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

const ENTRIES: u64 = 100_000;
const BUNDLE: usize = 256;
const RUNS: usize = 7;

fn main() {
    // `cargo test --all-targets` runs this too: then a small log, once, is enough to see that it works.
    let trying = !std::env::args().any(|argument| argument == "--bench");
    let (count, runs) = if trying { (1_000, 1) } else { (ENTRIES, RUNS) };
    let entries: Vec<_> = (0..count).map(entry).collect();
    let bundles: Vec<_> = entries.chunks(BUNDLE).map(bundled).collect();
    let packed: Vec<_> = bundles.iter().map(|bundle| gzip(bundle)).collect();
    let root = appended(&entries).0;
    println!("| what | per entry | entries/s |\n|---|---:|---:|");
    row("leaf hash", count, median(runs, || entries.iter().for_each(|e| _ = black_box(leaf_hash(e)))));
    row("append: hash, frontier, bundle", count, median(runs, || drop(black_box(appended(&entries)))));
    row(
        "verify: gunzip, unbundle, hash, root",
        count,
        median(runs, || assert!(followed(&packed, entries.len(), Reading::HashesOnly) == root)),
    );
    row(
        "verify and read strictly",
        count,
        median(runs, || assert!(followed(&packed, entries.len(), Reading::Strict) == root)),
    );
    signatures(
        if trying { 1 } else { 1_000 },
        Checkpoint { origin: "bench/pub/1".into(), size: count, root },
    );
    let bytes = |bundles: &[Vec<u8>]| bundles.iter().map(Vec::len).sum::<usize>() as f64 / count as f64;
    println!(
        "\n{count} entries, {:.0} B each in a bundle, {:.0} B compressed",
        bytes(&bundles),
        bytes(&packed)
    );
}

/// A page's new revision in one language, translated from another: what most entries are.
fn entry(number: u64) -> Vec<u8> {
    // The last part of an id is chance, and does not compress.
    let id =
        |of: u64| format!("019b76da-a800-7c3e-9d1a-{}", &Digest::of(&of.to_le_bytes()).to_string()[..12]);
    let (object, parent) = (id(number % 2_000), id(number % 40));
    let body = Digest::of(&number.to_be_bytes()).to_base64url();
    let (rev, size, ts) = (1 + number / 2_000, 1_000 + number % 9_000, 1_767_225_660 + number);
    format!(
        r#"{{"kind":"page","lic":"CC-BY-4.0","obj":"{object}","op":"put","ord":"a1V","par":"{parent}","ts":{ts},"v":1,"var":{{"en":{{"body":"{body}","rev":{rev},"size":{size},"src":{{"lang":"de","rev":{rev}}},"via":"human"}}}}}}"#
    )
    .into_bytes()
}

fn bundled(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bundle = Vec::new();
    entries.iter().for_each(|entry| append_entry(&mut bundle, entry).unwrap());
    bundle
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The publisher's part: root and the bundles.
fn appended(entries: &[Vec<u8>]) -> (Digest, Vec<u8>) {
    let (mut frontier, mut bundles) = (Frontier::default(), Vec::new());
    for entry in entries {
        frontier.push(leaf_hash(entry));
        append_entry(&mut bundles, entry).unwrap();
    }
    (frontier.root(), bundles)
}

/// Whether a follower also looks at what an entry says.
#[derive(PartialEq)]
enum Reading {
    HashesOnly,
    Strict,
}

/// The follower's part: the root that the bundles yield.
fn followed(packed: &[Vec<u8>], count: usize, reading: Reading) -> Digest {
    let (mut frontier, mut bundle) = (Frontier::default(), Vec::new());
    for (at, bytes) in packed.iter().enumerate() {
        bundle.clear();
        GzDecoder::new(&**bytes).read_to_end(&mut bundle).unwrap();
        for entry in read_entries(&bundle, BUNDLE.min(count - at * BUNDLE)).unwrap() {
            frontier.push(leaf_hash(entry));
            if reading == Reading::Strict {
                black_box(Entry::parse(entry).unwrap());
            }
        }
    }
    frontier.root()
}

fn signatures(times: u32, checkpoint: Checkpoint) {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keyring::create(&folder.path().join("keys")).unwrap();
    let key = VerifierKey::new(&checkpoint.origin, SignatureKind::Ed25519, keys.feed_key().unwrap()).unwrap();
    let note = keys.sign_checkpoint(&checkpoint).unwrap();
    let sign = median(RUNS, || (0..times).for_each(|_| drop(black_box(keys.sign_checkpoint(&checkpoint)))));
    let verify = median(RUNS, || (0..times).for_each(|_| note.verify(&key).unwrap()));
    row("sign a checkpoint (each)", u64::from(times), sign);
    row("verify a checkpoint's signature (each)", u64::from(times), verify);
}

/// The median of `runs`: one slow run says more of the machine than of the program.
fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    let mut took: Vec<_> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    took.sort();
    took[took.len() / 2]
}

fn row(what: &str, count: u64, took: Duration) {
    let each = took.as_secs_f64() / count as f64;
    println!("| {what} | {:.2} µs | {:.0} |", each * 1e6, 1.0 / each);
}
