//! One node: starts, serves, follows, adopts, is read; looks itself over when the story ends.

use super::http::{Reading, fetch};
use lotse::app::serve::{Serving, listen};
use lotse::app::{AppError, Node};
use lotse::base::id::{ItemId, NodeId, ObjectId};
use lotse::base::moment::Moment;
use lotse::config::Config;
use lotse::domain::adoption::adopt::{self, Request, Scope};
use lotse::domain::adoption::{AdoptionError, mirror};
use lotse::domain::content::region::Region;
use lotse::domain::content::{ContentError, store};
use lotse::domain::feed::export::export;
use lotse::domain::peers::audit::{Audit, audit};
use lotse::domain::peers::error::PeerError;
use lotse::domain::peers::filter::Filter;
use lotse::domain::peers::follow::{self, Introduction};
use lotse::domain::peers::peer::{self, PeerDetail};
use lotse::jobs::sync_peers;
use lotse::platform::clock::Clock;
use lotse::platform::db::testing::Scratch;
use lotse::platform::db::{Read, Write};
use std::cell::RefCell;
use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// When every story begins: 2026-05-01T08:00:00Z.
const START: Moment = Moment::from_seconds(1_777_622_400);

/// Sooner than a request without an answer is given up.
const SOON: Duration = Duration::from_secs(15);

/// A node with a clock of its own that stands still unless somebody acts. It serves until it is switched off.
pub struct TestNode {
    pub node: Node,
    pub clock: Clock,
    pub(super) regions: RefCell<Vec<Region>>,
    /// What the story calls its pages.
    pub(super) names: RefCell<HashMap<String, ItemId>>,
    name: &'static str,
    serving: RefCell<Option<Serving>>,
    elsewhere: RefCell<Option<Serving>>,
    runtime: Runtime,
    folder: tempfile::TempDir,
    scratch: Scratch,
}

fn free_port() -> TcpListener {
    listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap()
}

fn config(folder: &Path, name: &str, url: &str, database: &str) -> Config {
    let options = [
        ("node.name", name),
        ("site.url", url),
        ("database.url", database),
        ("federation.allow_private_addresses", "true"),
    ];
    Config::of(folder, &options).unwrap()
}

impl TestNode {
    /// Makes a node and serves it on a free port.
    pub fn new(name: &'static str) -> TestNode {
        let (scratch, folder, clock) = (Scratch::new(), tempfile::tempdir().unwrap(), Clock::manual(START));
        let listener = free_port();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let node = Node::init(config(folder.path(), name, &url, scratch.url()), clock.clone()).unwrap();
        let runtime = Runtime::new().unwrap();
        let serving = runtime.block_on(Serving::start(node.clone(), listener)).unwrap();
        TestNode {
            node,
            clock,
            regions: RefCell::default(),
            names: RefCell::default(),
            name,
            serving: RefCell::new(Some(serving)),
            elsewhere: RefCell::default(),
            runtime,
            folder,
            scratch,
        }
    }

    /// Base address, with a slash at the end.
    pub fn url(&self) -> &str {
        &self.node.config.site.url
    }

    pub fn origin(&self) -> String {
        format!("{}/pub/1", self.node.id())
    }

    /// Nobody answers at its address from now on.
    pub fn is_switched_off(&self) {
        if let Some(serving) = self.serving.borrow_mut().take() {
            self.runtime.block_on(serving.stop());
        }
    }

    /// Takes connections at its address from now on, and never answers, until the value is dropped.
    pub fn falls_silent(&self) -> TcpListener {
        self.is_switched_off();
        let address = self.node.config.site.url.trim_start_matches("http://").trim_end_matches('/');
        listen(address.parse().unwrap()).unwrap()
    }

    /// Serves again where it served before.
    pub fn is_switched_on(&self) {
        let address = self.node.config.site.url.trim_start_matches("http://").trim_end_matches('/');
        let listener = listen(address.parse().unwrap()).unwrap();
        *self.serving.borrow_mut() =
            Some(self.runtime.block_on(Serving::start(self.node.clone(), listener)).unwrap());
    }

    /// Answers at the address of another node besides its own, until [`TestNode::leaves_the_other_address`].
    pub fn also_answers_at(&self, url: &str) {
        let listener =
            listen(url.trim_start_matches("http://").trim_end_matches('/').parse().unwrap()).unwrap();
        let serving = self.runtime.block_on(Serving::start(self.node.clone(), listener)).unwrap();
        *self.elsewhere.borrow_mut() = Some(serving);
    }

    pub fn leaves_the_other_address(&self) {
        if let Some(serving) = self.elsewhere.borrow_mut().take() {
            self.runtime.block_on(serving.stop());
        }
    }

    /// Stops, and starts again as the same node on another port; the old port is free afterwards.
    pub fn moves_house(&mut self) {
        self.is_switched_off();
        let listener = free_port();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let config = config(self.folder.path(), self.name, &url, self.scratch.url());
        self.node = Node::open(config, self.clock.clone(), lotse::app::Purpose::Serve).unwrap();
        let serving = self.runtime.block_on(Serving::start(self.node.clone(), listener)).unwrap();
        *self.serving.borrow_mut() = Some(serving);
    }

    pub fn follows(&self, other: &TestNode) {
        self.follows_at(other.url(), "{}").unwrap();
    }

    /// Follows with a filter, written as JSON.
    pub fn follows_only(&self, other: &TestNode, filter: &str) {
        self.follows_at(other.url(), filter).unwrap();
    }

    /// Follows what is at an address or in a folder, and fetches it.
    /// # Errors: nobody is there, or what is there does not hold.
    pub fn follows_at(&self, place: &str, filter: &str) -> Result<String, PeerError> {
        let met = self.meets(place, None)?;
        met.pin(&self.node.peers(), &Filter::parse(filter)?)?;
        self.tries_to_sync(&met.origin)?;
        Ok(met.origin)
    }

    /// Gets to know who is at a place; nothing is stored.
    pub fn meets(&self, place: &str, expected: Option<&NodeId>) -> Result<Introduction, PeerError> {
        self.runtime.block_on(follow::discover(&self.node.fetcher, place, expected))
    }

    /// Changes what it wants of a node that it follows.
    pub fn wants(&self, other: &TestNode, filter: &str) {
        let filter = Filter::parse(filter).unwrap();
        self.node.db.write(|tx: &mut Write<'_>| peer::set_filter(tx, &other.origin(), &filter)).unwrap();
    }

    /// Asks for news as the command does: log, texts, mirrors; the number of entries it has now.
    pub fn syncs(&self, other: &TestNode) -> u64 {
        self.tries_to_sync(&other.origin()).unwrap()
    }

    pub fn tries_to_sync(&self, origin: &str) -> Result<u64, PeerError> {
        let size = self.fetches(origin)?;
        self.refreshes(origin);
        Ok(size)
    }

    /// As [`TestNode::tries_to_sync`], but its mirrors have yet to follow. A node that serves asks by itself as well;
    /// then this waits for its turn.
    pub fn fetches(&self, origin: &str) -> Result<u64, PeerError> {
        let begun = Instant::now();
        let (synced, fetched) = loop {
            match self.runtime.block_on(sync_peers::now(&self.node.peers(), origin, |_, _| {})) {
                Err(PeerError::Leased(_)) if begun.elapsed() < SOON => {}
                done => break done?,
            }
        };
        assert_eq!(fetched.trouble, None);
        Ok(synced.to)
    }

    /// Brings its mirrors of a feed up to date with what it holds.
    pub fn refreshes(&self, origin: &str) {
        let work = |tx: &mut Write<'_>| mirror::refresh(tx, &self.node.desk(), origin);
        self.node.db.write(work).unwrap();
    }

    /// The kinds of what it shows, each as often as it does.
    pub fn kinds(&self) -> Vec<&'static str> {
        let all = |tx: &mut Read<'_>| Ok::<_, ContentError>(store::items::all(tx)?);
        let items = self.node.db.read(all).unwrap().into_iter().filter(|item| !item.archived);
        let mut kinds: Vec<_> = items.map(|item| item.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds
    }

    /// Feeds whose mirrors a serving node would refresh now.
    pub fn behind(&self) -> Vec<String> {
        self.node.db.read(|tx: &mut Read<'_>| mirror::stale(tx, self.clock.now())).unwrap()
    }

    pub fn knows(&self, other: &TestNode) -> PeerDetail {
        let ask = |tx: &mut Read<'_>| peer::show(tx, &other.origin(), self.clock.now());
        self.node.db.read::<_, PeerError>(ask).unwrap()
    }

    /// Shows a page of the other node with all below it at the top of its first region.
    pub fn adopts(&self, other: &TestNode, name: &str) -> usize {
        self.tries_to_adopt(&self.request(other, name)).unwrap()
    }

    /// What [`TestNode::adopts`] asks for, to be changed.
    pub fn request(&self, other: &TestNode, name: &str) -> Request {
        let object: ObjectId = other.id(name).into();
        Request {
            region: self.region(None).id,
            parent: None,
            origin: other.origin(),
            object,
            scope: Scope::Subtree,
        }
    }

    pub fn tries_to_adopt(&self, request: &Request) -> Result<usize, AdoptionError> {
        self.clock.advance(60);
        let Request { region, parent, origin, object, scope } = request;
        let request = Request {
            region: *region,
            parent: *parent,
            origin: origin.clone(),
            object: *object,
            scope: *scope,
        };
        let adopted =
            self.node.db.write(|tx: &mut Write<'_>| adopt::adopt(tx, &self.node.desk(), request))?;
        Ok(adopted.items)
    }

    /// What a reader gets at a path, after the site was brought up to date.
    pub fn reads(&self, path: &str) -> Reading {
        self.reads_with(path, &[])
    }

    /// Asks again and again until what the node does by itself makes it say these words.
    pub fn comes_to_say(&self, path: &str, words: &str) {
        let begun = Instant::now();
        while !self.reads(path).body.contains(words) {
            assert!(begun.elapsed() < SOON, "{path} does not say {words:?} after {SOON:?}");
        }
    }

    pub fn reads_with(&self, path: &str, headers: &[(&str, &str)]) -> Reading {
        if let Some(serving) = &*self.serving.borrow() {
            self.runtime.block_on(serving.refresh()).unwrap();
        }
        fetch(&format!("{}{}", self.url(), path.trim_start_matches('/')), headers)
    }

    /// The paths that apps get in a language of its first region, parents first.
    pub fn paths(&self, language: &str) -> Vec<String> {
        self.paths_of(&self.region(None).slug, language)
    }

    pub fn paths_of(&self, region: &str, language: &str) -> Vec<String> {
        let pages = self.reads(&format!("/api/v3/{region}/{language}/pages/")).json();
        let all = pages.as_array().unwrap().iter();
        all.map(|page| page["path"].as_str().unwrap().to_owned()).collect()
    }

    /// What apps get for the page at a path.
    pub fn api_page(&self, path: &str) -> serde_json::Value {
        let parts: Vec<&str> = path.trim_start_matches('/').splitn(3, '/').collect();
        let asked = format!("/api/v3/{}/{}/page/?url={path}", parts[0], parts[1]);
        let reading = self.reads(&asked);
        reading.is_there();
        reading.json()
    }

    /// The number of entries written.
    pub fn exports(&self, folder: &Path) -> Result<u64, AppError> {
        Ok(export(&self.node.sequencer, &self.node.blobs, folder)?.entries)
    }

    /// Checks the whole feed at an address or in a folder.
    pub fn audits(&self, place: &str) -> Result<Audit, PeerError> {
        self.runtime.block_on(audit(&self.node.fetcher, place, None, |_, _| {}))
    }

    /// A folder that goes with this node.
    pub fn aside(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Its whole feed holds, every entry is of use, and nothing waits to be signed.
    fn looks_itself_over(&self) {
        assert_eq!(self.node.sequencer.state().unwrap().waiting, 0, "{} has unsigned changes", self.name);
        let folder = self.aside("last-export");
        self.exports(&folder).unwrap();
        let found = self.audits(folder.to_str().unwrap()).unwrap();
        let faults: Vec<_> = found.findings.iter().filter(|one| one.words.contains("not used")).collect();
        assert!(found.holds() && faults.is_empty(), "{}: {:#?}", self.name, found.findings);
    }
}

impl Drop for TestNode {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.looks_itself_over();
            self.is_switched_off();
        }
    }
}

impl TestNode {
    /// Whether these words are in any text that the database holds.
    pub fn holds(&self, words: &str) -> bool {
        use diesel::prelude::*;
        use lotse::on_both;
        use lotse::platform::db::schema::bodies;
        use lotse::platform::db::{DbError, Reading};
        let pattern = format!("%{words}%");
        let count = |tx: &mut Read<'_>| {
            Ok::<i64, DbError>(on_both!(tx, c => bodies::table
                .filter(bodies::bytes.like(&pattern)).count().get_result(c))?)
        };
        self.node.db.read(count).unwrap() > 0
    }
}
