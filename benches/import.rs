//! Taking over the real region: reading the recorded answers of both languages, cleaning and joining them, one
//! transaction, signing. Then the same again, where nothing is new, and the picture that readers see. Prints rows for
//! `benches/README.md`. `LOTSE_TEST_DATABASE=postgres` measures PostgreSQL.

// A bench speaks to the terminal, and stops where a program would tell an error.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench is run by hand and prints its result")]

use lotse::domain::content::Desk;
use lotse::domain::content::assemble::assemble;
use lotse::domain::exchange::integreat::{Answers, Held, Options, Report, import, prepare};
use lotse::domain::feed::sequence::{FeedPlace, Sequencer};
use lotse::domain::identity::keyring::Keyring;
use lotse::platform::clock::Clock;
use lotse::platform::db::testing::Scratch;
use lotse::platform::db::{Database, Read, Write};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const REGION: &str = "lkaugsburg";
const RUNS: usize = 7;

fn main() {
    let runs = if std::env::args().any(|argument| argument == "--bench") { RUNS } else { 1 };
    let rounds: Vec<_> = (0..runs).map(|_| round()).collect();
    for (at, what) in [
        "import of the real region, both languages, signed",
        "the same again, nothing new",
        "the picture of it for readers",
    ]
    .into_iter()
    .enumerate()
    {
        let best = rounds.iter().map(|round| round[at]).min().unwrap();
        println!("| {what} | {:.3} s |", best.as_secs_f64());
    }
}

/// How long each step took, on an empty node.
fn round() -> [Duration; 3] {
    let (home, scratch) = (tempfile::tempdir().unwrap(), Scratch::new());
    let node = Node::new(home.path(), scratch.url());
    let (first, report) = timed(|| node.imports());
    assert!(report.new_revisions > 400, "{report}");
    let (again, report) = timed(|| node.imports());
    assert_eq!(report.new_revisions, 0, "{report}");
    let (shown, picture) = timed(|| {
        node.database.read(|tx: &mut Read<'_>| assemble(tx, node.clock.now(), HashMap::new())).unwrap()
    });
    assert_eq!(picture.regions.len(), 1);
    [first, again, shown]
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let done = work();
    (began.elapsed(), done)
}

struct Node {
    database: Database,
    clock: Clock,
    sequencer: Sequencer,
}

impl Node {
    fn new(home: &Path, database: &str) -> Node {
        let (database, clock) = (Database::open(database).unwrap(), Clock::default());
        let keys = Arc::new(Keyring::create(&home.join("keys")).unwrap());
        let place = FeedPlace::new(home, &home.join("guard"), "http://localhost/");
        let sequencer = Sequencer::new(database.clone(), keys, clock.clone(), place);
        sequencer.recover().unwrap();
        Node { database, clock, sequencer }
    }

    /// All that `lotse import` does without media.
    fn imports(&self) -> Report {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(REGION);
        let answers = Answers::read_folder(&folder, REGION).unwrap();
        let options = Options { region: REGION.to_owned(), ..Options::default() };
        let prepared = prepare(answers, &options).unwrap();
        let desk = Desk { clock: &self.clock, site: "http://localhost/" };
        let report = self.database.write(|tx: &mut Write<'_>| import(tx, &desk, prepared, &Held::default()));
        self.sequencer.sequence().unwrap();
        report.unwrap()
    }
}
