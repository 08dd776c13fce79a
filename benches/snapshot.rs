//! The picture of a large region (1,000 pages in 15 languages, 500 places, 500 events): made from nothing, and following
//! single changes, from the question to the database to the new picture. Prints rows for `benches/README.md`.
//! `LOTSE_TEST_DATABASE=postgres` measures PostgreSQL. `cargo bench --bench snapshot -- fill <database url>` puts the
//! region into a node's database instead, to be served and measured with `benches/load`.

// A bench speaks to the terminal, and stops where a program would tell an error.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench is run by hand and prints its result")]

mod large_region;

use large_region::{LargeRegion, fill, text};
use lotse::base::id::ItemId;
use lotse::domain::content::assemble::Assembler;
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::publish::{self, Publication};
use lotse::domain::content::published::Snapshot;
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, Desk};
use lotse::platform::clock::Clock;
use lotse::platform::db::testing::database;
use lotse::platform::db::{Database, Read, Write};
use std::collections::HashMap;
use std::time::{Duration, Instant};

const EDITS: usize = 40;

fn main() {
    let (flags, words): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let clock = Clock::default();
    if let [word, url] = words.as_slice()
        && word == "fill"
    {
        drop(fill(&Database::open(url).unwrap(), &clock));
        return;
    }
    if !flags.iter().any(|flag| flag == "--bench") {
        return;
    }
    let (db, _scratch) = database();
    let began = Instant::now();
    let region = fill(&db, &clock);
    println!(
        "| making the region, 34,860 texts, by what editors do | {:.1} s |",
        began.elapsed().as_secs_f64()
    );
    let bench = Bench { db, clock, region };
    bench.run();
}

struct Bench {
    db: Database,
    clock: Clock,
    region: LargeRegion,
}

impl Bench {
    fn run(&self) {
        let mut assembler = Assembler::default();
        let (mut snapshot, first) = self.picture(&mut assembler);
        println!("| the picture from nothing | {:.0} ms |", first.as_secs_f64() * 1000.0);
        let named = self.region.pages[0];
        let page = |at: usize| self.region.pages[at * 7 % self.region.pages.len()];
        let changes: [(&str, &dyn Fn(usize)); 5] = [
            ("one page edited in German, its translations outdated", &|at| {
                self.say(page(at), "de", &format!("Seite {}", at * 7 % 1000), named)
            }),
            ("one page edited in Arabic", &|at| {
                self.say(page(at), "ar", &format!("Seite {}", at * 7 % 1000), named)
            }),
            ("one event edited in German", &|at| {
                self.say(self.region.events[at], "de", &format!("event {at}"), named)
            }),
            ("a page of the first level moved to another address", &|at| {
                self.say(self.region.pages[at % 10], "de", &format!("Anderswo {at}"), named)
            }),
            ("a new page in German", &|at| self.add(at)),
        ];
        for (what, change) in changes {
            let mut times = Vec::with_capacity(EDITS);
            for at in 0..EDITS {
                change(at);
                let (next, time) = self.picture(&mut assembler);
                assert!(next.version > snapshot.version);
                snapshot = next;
                times.push(time);
            }
            times.sort();
            let told = |time: Duration| time.as_secs_f64() * 1000.0;
            println!(
                "| {what}: median, worst of {EDITS} | {:.2} ms, {:.2} ms |",
                told(times[EDITS / 2]),
                told(times[EDITS - 1])
            );
        }
    }

    fn picture(&self, assembler: &mut Assembler) -> (Snapshot, Duration) {
        let (began, now) = (Instant::now(), self.clock.now());
        let snapshot = self.db.read(|tx: &mut Read<'_>| assembler.refresh(tx, now, HashMap::new())).unwrap();
        (snapshot, began.elapsed())
    }

    fn say(&self, item: ItemId, language: &str, title: &str, named: ItemId) {
        let new = Publication::of_texts(item, Edit::Major, vec![text(language, title, named)]);
        self.write(|tx, desk| publish::publish(tx, desk, self.region.id, vec![new]).map(drop));
    }

    fn add(&self, at: usize) {
        let id: ItemId = self.clock.fresh_id().into();
        self.write(|tx, desk| {
            let ord = item::last_place(tx, self.region.id, None)?;
            item::create(tx, desk, self.region.id, vec![NewItem::page(id, None, ord)]).map(drop)
        });
        self.say(id, "de", &format!("Ganz neu {at}"), id);
    }

    fn write(&self, f: impl FnOnce(&mut Write<'_>, &Desk<'_>) -> Result<(), ContentError>) {
        let desk = Desk { clock: &self.clock, site: "http://localhost/" };
        self.db.write(|tx: &mut Write<'_>| f(tx, &desk)).unwrap();
    }
}
