//! Catching up with a neighbour: a log of 200,000 entries, delivered over loopback HTTP as plain files, proven, read and
//! taken over into the database. Prints a row for `benches/README.md`. `LOTSE_TEST_DATABASE=postgres` measures a follower
//! on PostgreSQL.

// A bench speaks to the terminal, and stops where a program would tell an error.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench is run by hand and prints its result")]

use actix_web::{App, HttpResponse, HttpServer, web};
use lotse::base::digest::Digest;
use lotse::base::id::ObjectId;
use lotse::domain::content::change::{Change, Put, Variant, Via};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::labels::Facets;
use lotse::domain::content::store;
use lotse::domain::feed::export::well_known;
use lotse::domain::feed::sequence::{FeedPlace, Sequencer};
use lotse::domain::identity::keyring::Keyring;
use lotse::domain::peers::filter::Filter;
use lotse::domain::peers::{Peers, follow, sync};
use lotse::platform::blobs::Blobs;
use lotse::platform::clock::Clock;
use lotse::platform::db::testing::Scratch;
use lotse::platform::db::{Database, Write};
use lotse::platform::fetch::{FetchPolicy, Fetcher};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

const ENTRIES: u64 = 200_000;
/// Pages that these entries are revisions of.
const PAGES: u64 = 10_000;

fn main() {
    // `cargo test --all-targets` runs this too: then a small log is enough to see that it works.
    let count = if std::env::args().any(|argument| argument == "--bench") { ENTRIES } else { 1_000 };
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let site = format!("http://{}/", listener.local_addr().unwrap());
    let public = folder.path().join("public");

    let began = Instant::now();
    publish(&folder.path().join("publisher"), &public, &site, count);
    println!("published {count} entries in {:.1} s", began.elapsed().as_secs_f64());

    std::thread::spawn(move || serve(listener, public));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let scratch = Scratch::new();
    let database = Database::open(scratch.url()).unwrap();
    let (size, took) = runtime.block_on(catch_up(&folder.path().join("follower"), database.clone(), &site));
    assert!(size >= count, "only {size} of {count} entries arrived");
    let seconds = took.as_secs_f64();
    println!("| catch-up of {size} entries over loopback, database included | {seconds:.2} s |");
}

/// A node whose log holds `count` entries; its feed lies in `public` as plain files. The bodies do not exist: a sync proves
/// the log, and fetches what it names afterwards.
fn publish(home: &Path, public: &Path, site: &str, count: u64) {
    std::fs::create_dir_all(home).unwrap();
    let database = Database::open(&format!("sqlite:{}", home.join("lotse.db").display())).unwrap();
    let keys = Arc::new(Keyring::create(&home.join("keys")).unwrap());
    let clock = Clock::default();
    let objects: Vec<_> = (0..PAGES).map(|_| clock.fresh_id()).collect();
    let changes: Vec<_> = (0..count).map(|number| revision(number, &objects, &clock)).collect();
    database.write(|tx: &mut Write<'_>| store::record(tx, &changes)).unwrap();
    let sequencer = Sequencer::new(database, keys, clock, FeedPlace::new(public, &home.join("guard"), site));
    sequencer.recover().unwrap();
    std::fs::create_dir_all(public.join(".well-known")).unwrap();
    let described = well_known(sequencer.chain().unwrap().node().as_str(), &format!("{site}feed/"));
    std::fs::write(public.join(".well-known/civic-feed"), described).unwrap();
}

/// A new German revision of one of the pages.
fn revision(number: u64, objects: &[ObjectId], clock: &Clock) -> Change {
    let variant = Variant {
        body: Digest::of(&number.to_be_bytes()),
        size_bytes: 1_000 + number % 9_000,
        rev: i64::try_from(1 + number / PAGES).unwrap(),
        source: None,
        via: Via::Human,
        media: Vec::new(),
    };
    Change::Put(Put {
        object: objects[usize::try_from(number % PAGES).unwrap()],
        at: clock.now(),
        kind: ObjectKind::Page,
        licence: "CC-BY-4.0".to_owned(),
        parent: Some(objects[usize::try_from(number % 40).unwrap()]),
        ord: Some("a1V".to_owned()),
        facets: Facets::NONE,
        geo: None,
        expires_at: None,
        minor: false,
        variants: [("de".parse().unwrap(), Some(variant))].into(),
    })
}

/// What any static web server does.
fn serve(listener: TcpListener, public: PathBuf) {
    let file = move |path: web::Path<String>, public: web::Data<PathBuf>| async move {
        match std::fs::read(public.join(path.into_inner())) {
            Ok(bytes) => HttpResponse::Ok().body(bytes),
            Err(_) => HttpResponse::NotFound().finish(),
        }
    };
    let public = web::Data::new(public);
    let app = move || App::new().app_data(public.clone()).route("/{path:.*}", web::get().to(file));
    let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap();
    actix_web::rt::System::new().block_on(server.run()).unwrap();
}

/// Follows the node at `site` from nothing; entries then here, and how long the sync took.
async fn catch_up(home: &Path, database: Database, site: &str) -> (u64, Duration) {
    std::fs::create_dir_all(home).unwrap();
    let peers = Peers {
        limits: lotse::domain::peers::Limits::default(),
        database,
        fetcher: Fetcher::new(FetchPolicy { allow_private: true }),
        blobs: Blobs::open(home.join("blobs")).unwrap(),
        clock: Clock::default(),
    };
    let node = follow::discover(&peers.fetcher, site, None).await.unwrap();
    tokio::task::block_in_place(|| node.pin(&peers, &Filter::default())).unwrap();
    let began = Instant::now();
    let synced = sync::sync(&peers, &node.origin, |_, _| {}).await.unwrap();
    (synced.to, began.elapsed())
}
