//! A following node on the real protocol path, and what its database says, read back for comparison.

use super::served;
use super::shelf::{Shelf, State};
use diesel::prelude::*;
use lotse::base::digest::Digest;
use lotse::base::moment::Moment;
use lotse::domain::peers::error::PeerError;
use lotse::domain::peers::filter::Filter;
use lotse::domain::peers::peer::{self, PeerDetail};
use lotse::domain::peers::store::{feeds, fold as rows};
use lotse::domain::peers::sync::{self, Synced};
use lotse::domain::peers::{Limits, Peers, bodies, follow};
use lotse::on_both;
use lotse::platform::blobs::Blobs;
use lotse::platform::clock::Clock;
use lotse::platform::db::schema::bodies as bodies_table;
use lotse::platform::db::testing::{Scratch, database};
use lotse::platform::db::{Database, DbError, Read, Reading, Write};
use lotse::platform::fetch::{FetchPolicy, Fetcher};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::Runtime;

pub struct Follower {
    pub peers: Peers,
    pub origin: String,
    runtime: Runtime,
    _folder: tempfile::TempDir,
    scratch: Scratch,
}

/// What is in the database of a feed.
pub struct Held {
    pub detail: PeerDetail,
    pub feed: feeds::FeedRow,
    pub entries: Vec<rows::EntryRow>,
    objects: Vec<rows::ObjectRow>,
    heads: Vec<rows::HeadRow>,
    bodies: BTreeMap<String, String>,
}

impl Follower {
    pub fn new(place: &str) -> Follower {
        let (database, scratch) = database();
        let folder = tempfile::tempdir().unwrap();
        let peers = Peers {
            limits: Limits::default(),
            database,
            fetcher: Fetcher::new(FetchPolicy { allow_private: true }),
            blobs: Blobs::open(folder.path().join("blobs")).unwrap(),
            clock: Clock::manual(Moment::from_seconds(1_800_000_000)),
        };
        // One thread for what blocks, so that waiting for the last in line is waiting for all.
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().max_blocking_threads(1).build().unwrap();
        let found = runtime.block_on(follow::discover(&peers.fetcher, place, None)).unwrap();
        found.pin(&peers, &Filter::default()).unwrap();
        Follower { peers, origin: found.origin, runtime, _folder: folder, scratch }
    }

    /// Syncs and fetches what is due.
    pub fn sync(&self) -> Result<Synced, PeerError> {
        self.runtime.block_on(self.round())
    }

    async fn round(&self) -> Result<Synced, PeerError> {
        let synced = sync::sync(&self.peers, &self.origin, |_, _| {}).await?;
        bodies::fetch_wanted(&self.peers, &self.origin, |_| {}).await?;
        Ok(synced)
    }

    /// As [`Follower::sync`], but dies after so many awaits; `None` if it did.
    pub fn sync_and_die(&mut self, awaits: u8, reopen: bool) -> Option<Result<Synced, PeerError>> {
        let outcome = self.runtime.block_on(async {
            let (mut round, mut left) = (pin!(self.round()), awaits);
            poll_fn(|context| {
                let Some(fewer) = left.checked_sub(1) else { return Poll::Ready(None) };
                left = fewer;
                round.as_mut().poll(context).map(Some)
            })
            .await
        });
        // A statement that was already on its way to the database still arrives.
        self.runtime.block_on(async { tokio::task::spawn_blocking(|| ()).await }).unwrap();
        if reopen {
            self.peers.database = Database::open(self.scratch.url()).unwrap();
        }
        outcome
    }

    pub fn audit_holds(&self, place: &str) -> bool {
        let audit = lotse::domain::peers::audit::audit(&self.peers.fetcher, place, None, |_, _| {});
        self.runtime.block_on(audit).is_ok_and(|audit| audit.holds())
    }

    pub fn resume(&self) {
        self.peers.database.write(|tx: &mut Write<'_>| peer::resume(tx, &self.origin)).unwrap();
    }

    pub fn held(&self) -> Held {
        let (origin, now) = (&self.origin, self.peers.clock.now());
        let held = self.peers.database.read(|tx: &mut Read<'_>| {
            let feed = feeds::feed(tx, origin)?.unwrap();
            let outline = rows::outline(tx, origin)?;
            let ids: Vec<String> = outline.into_iter().map(|(object, ..)| object).collect();
            let bodies: Vec<(String, String)> = on_both!(tx, c => bodies_table::table
                .select((bodies_table::sha256, bodies_table::bytes)).load(c))
            .map_err(DbError::from)?;
            Ok::<_, PeerError>(Held {
                detail: peer::show(tx, origin, now)?,
                feed,
                entries: rows::entries(tx, origin, 0, i64::MAX)?,
                objects: rows::objects_in(tx, origin, &ids)?,
                heads: rows::heads_in(tx, origin, &ids)?,
                bodies: bodies.into_iter().collect(),
            })
        });
        held.unwrap()
    }
}

impl Held {
    /// Everything but what is shown must be as `shelf` says; of that, each text is the newest or the one before.
    /// Afterwards `shelf` knows which.
    pub fn compare(&self, shelf: &mut Shelf, site: &std::path::Path) {
        let objects = self.objects.iter().map(|row| {
            let state = state(&row.state).unwrap();
            let object = super::shelf::Object {
                kind: row.kind.clone(),
                licence: row.licence.clone(),
                parent: row.parent.clone(),
                ord: row.ord.clone(),
                state,
            };
            (row.object.clone(), object)
        });
        assert_eq!(objects.collect::<BTreeMap<_, _>>(), shelf.objects);
        assert_eq!(self.heads.len(), shelf.heads.len());
        for row in &self.heads {
            let place = (row.object.clone(), row.language.clone());
            let head = shelf.heads.get_mut(&place).unwrap();
            let shown = row.ready_body.clone().zip(row.ready_rev);
            let newest = (head.body.clone(), head.rev);
            let fetched = shown.as_ref() == Some(&newest) && head.state == State::Live;
            assert!(fetched || shown == head.shown, "{place:?} shows {shown:?}, not {:?}", head.shown);
            let fresh = fetched && head.shown.as_ref() != Some(&newest);
            assert!(!fresh || served::has_body(site, &head.body), "{place:?} shows what nobody served");
            head.shown = shown;
            assert_eq!((row.rev, &row.body, row.size_bytes), (head.rev, &head.body, head.size), "{place:?}");
            let source = row.source_language.clone().zip(row.source_rev);
            assert_eq!((source, row.minor), (head.source.clone(), head.minor), "{place:?}");
            match head.state {
                State::Live => assert_eq!(row.state, if fetched { "ready" } else { "want" }, "{place:?}"),
                gone => assert_eq!(state(&row.state), Some(gone), "{place:?}"),
            }
        }
        for (digest, bytes) in &self.bodies {
            assert_eq!(Digest::of(bytes.as_bytes()).to_string(), *digest);
        }
        assert!(
            self.bodies.keys().eq(shelf.shown().iter()),
            "bodies are kept that nothing shows, or missing"
        );
        let log = self.entries.iter().map(|entry| entry.raw.len()).sum::<usize>();
        let held = log + self.bodies.values().map(String::len).sum::<usize>();
        assert_eq!(self.feed.held_bytes, held as i64, "what it holds is counted wrongly");
    }
}

fn state(text: &str) -> Option<State> {
    match text {
        "live" => Some(State::Live),
        "withdrawn" => Some(State::Withdrawn),
        "erased" => Some(State::Erased),
        _ => None,
    }
}

/// Serves a folder as a plain web server does, on a loopback port, until the process ends.
pub fn serve(site: std::path::PathBuf) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let site = site.clone();
            std::thread::spawn(move || answer(stream, &site));
        }
    });
    url
}

fn answer(mut stream: std::net::TcpStream, site: &std::path::Path) {
    use std::io::{BufRead, BufReader, Write as _};
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let mut head: Vec<String> = Vec::new();
    for line in BufReader::new(&stream).lines().map_while(Result::ok) {
        if line.is_empty() {
            break;
        }
        head.push(line);
    }
    let path = head.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let file = std::fs::read(site.join(path.trim_start_matches('/')));
    let (status, tag, bytes) = match file {
        Err(_) => ("404 Not Found", String::new(), Vec::new()),
        Ok(bytes) => {
            let tag = format!("\"{}\"", Digest::of(&bytes));
            let same = head.iter().any(|line| line.to_lowercase() == format!("if-none-match: {tag}"));
            if same { ("304 Not Modified", tag, Vec::new()) } else { ("200 OK", tag, bytes) }
        }
    };
    let tag = if tag.is_empty() { tag } else { format!("ETag: {tag}\r\n") };
    let length = bytes.len();
    let kind = "Content-Type: application/octet-stream";
    let head =
        format!("HTTP/1.1 {status}\r\n{tag}{kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(&[head.as_bytes(), &bytes].concat());
}
