//! A node to follow, for tests: signs what it is told to, also what an honest one never would, and lies in a folder
//! that is read as one or served over HTTP.

use super::Peers;
use super::filter::Filter;
use super::follow;
use crate::base::digest::Digest;
use crate::base::id::{NodeId, ObjectId};
use crate::base::moment::Moment;
use crate::domain::identity::chain::Chain;
use crate::domain::identity::keyring::Keyring;
use crate::domain::identity::note::IdentityDocument;
use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::db::testing::{Scratch, database};
use crate::platform::db::{DbError, Read, Write};
use crate::platform::fetch::testing::{BadServer, Reply, answer};
use crate::platform::fetch::{FetchPolicy, Fetcher};
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::entry_bundle::append_entry;
use crate::tlog::merkle::{leaf_hash, tree_root};
use crate::tlog::tile::{Layer, TilePath, write_hashes};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

pub const START: Moment = Moment::from_seconds(1_800_000_000);

/// The n-th object of any test.
pub fn object(number: u32) -> ObjectId {
    format!("019b76da-a800-7c3e-9d1a-{number:012x}").parse().unwrap()
}

pub struct Publisher {
    folder: tempfile::TempDir,
    keyring: Keyring,
    pub node: NodeId,
    pub origin: String,
    /// The log; whoever changes what was published rewrites history.
    pub entries: Vec<Vec<u8>>,
    /// Entries that are delivered without bytes.
    pub emptied: Vec<usize>,
}

impl Publisher {
    pub fn new() -> Publisher {
        let folder = tempfile::tempdir().unwrap();
        let keyring = Keyring::create(&folder.path().join("keys")).unwrap();
        let genesis = keyring.genesis(&["https://stadt.example/".to_owned()]).unwrap().to_string();
        let node = Chain::verify(genesis.as_bytes()).unwrap().node().clone();
        let origin = format!("{node}/pub/1");
        let publisher = Publisher { folder, keyring, node, origin, entries: Vec::new(), emptied: Vec::new() };
        publisher.write("feed/identity", genesis.as_bytes());
        let described = format!(
            r#"{{"proto":["civic-feed/1"],"nodes":[{{"id":"{}","base":"feed/","feeds":{{"pub":"feed/pub/1/"}}}}]}}"#,
            publisher.node
        );
        publisher.write(".well-known/civic-feed", described.as_bytes());
        publisher.publish();
        publisher
    }

    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.site().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn raw(&mut self, entry: &str) {
        self.entries.push(entry.as_bytes().to_vec());
    }

    /// A body with this title, its digest and size.
    pub fn body(&self, json: &str) -> (Digest, usize) {
        let digest = Digest::of(json.as_bytes());
        self.write(&format!("feed/pub/1/blob/{digest}"), json.as_bytes());
        (digest, json.len())
    }

    /// Puts a page in some languages, each with its revision; the title tells both.
    pub fn page(&mut self, number: u32, parent: Option<u32>, texts: &[(&str, i64)]) {
        let mut variants = Vec::new();
        for (language, rev) in texts {
            let (body, size) = self.body(&body_json(number, language, *rev));
            let body = body.to_base64url();
            variants.push(format!(r#""{language}":{{"body":"{body}","rev":{rev},"size":{size}}}"#));
        }
        self.put("page", number, parent, &variants.join(","));
    }

    pub fn put(&mut self, kind: &str, number: u32, parent: Option<u32>, variants: &str) {
        let parent = parent.map(|parent| format!(r#""par":"{}","#, object(parent))).unwrap_or_default();
        let obj = object(number);
        self.raw(&format!(
            r#"{{"kind":"{kind}","lic":"CC-BY-4.0","obj":"{obj}","op":"put",{parent}"ts":1,"v":1,"var":{{{variants}}}}}"#
        ));
    }

    pub fn withdraw(&mut self, number: u32) {
        let obj = object(number);
        self.raw(&format!(r#"{{"obj":"{obj}","op":"withdraw","ts":1,"v":1,"why":"over"}}"#));
    }

    pub fn erase(&mut self, number: u32) {
        let obj = object(number);
        self.raw(&format!(r#"{{"obj":"{obj}","op":"erase","ts":1,"v":1,"why":"court"}}"#));
    }

    /// Signs all entries and writes every file of the feed.
    pub fn publish(&self) {
        self.publish_tiles();
        self.publish_checkpoint(&self.origin, &self.keyring);
    }

    pub fn publish_tiles(&self) {
        for (number, entries) in self.entries.chunks(256).enumerate() {
            let mut bundle = Vec::new();
            for (at, entry) in entries.iter().enumerate() {
                let empty = self.emptied.contains(&(number * 256 + at));
                append_entry(&mut bundle, if empty { b"" } else { entry }).unwrap();
            }
            self.write_tile(Layer::Entries, number, entries.len(), &bundle);
        }
        let mut hashes = self.leaves();
        for level in 0.. {
            for (number, chunk) in hashes.chunks(256).enumerate() {
                self.write_tile(Layer::Hashes(level), number, chunk.len(), &write_hashes(chunk));
            }
            hashes = hashes.chunks_exact(256).map(tree_root).collect();
            if hashes.is_empty() {
                break;
            }
        }
    }

    /// Lays these entries where the signed ones belong.
    pub fn write_bundles(&self, delivered: &[Vec<u8>]) {
        let mut delivered = delivered.iter();
        for (number, signed) in self.entries.chunks(256).enumerate() {
            let last = (number + 1) * 256 >= self.entries.len();
            let mut bundle = Vec::new();
            for entry in delivered.by_ref().take(if last { usize::MAX } else { 256 }) {
                append_entry(&mut bundle, entry).unwrap();
            }
            self.write_tile(Layer::Entries, number, signed.len(), &bundle);
        }
    }

    fn leaves(&self) -> Vec<Digest> {
        self.entries.iter().map(|entry| leaf_hash(entry)).collect()
    }

    fn write_tile(&self, layer: Layer, number: usize, width: usize, bytes: &[u8]) {
        let path = TilePath::new(layer, number as u64, width as u16).unwrap();
        self.write(&format!("feed/pub/1/{path}"), bytes);
    }

    pub fn publish_checkpoint(&self, origin: &str, keyring: &Keyring) {
        let checkpoint = Checkpoint {
            origin: origin.to_owned(),
            size: self.entries.len() as u64,
            root: tree_root(&self.leaves()),
        };
        self.write(
            "feed/pub/1/checkpoint",
            keyring.sign_checkpoint(&checkpoint).unwrap().to_string().as_bytes(),
        );
    }

    pub fn sign_identity(&self, document: &IdentityDocument) -> String {
        self.keyring.sign_identity(document).unwrap().to_string()
    }

    /// Serves the folder as a web server would; `meddle` may answer differently.
    pub fn serve(&self, meddle: impl Fn(&str) -> Option<Reply> + Send + Sync + 'static) -> BadServer {
        self.serve_heads(move |_, path| meddle(path))
    }

    /// As [`Publisher::serve`]; `meddle` is given the whole head of each request, and its path.
    pub fn serve_heads(
        &self,
        meddle: impl Fn(&str, &str) -> Option<Reply> + Send + Sync + 'static,
    ) -> BadServer {
        let site = self.site();
        BadServer::start(move |head| {
            let path = head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
            if let Some(reply) = meddle(head, &path) {
                return reply;
            }
            let Ok(bytes) = fs::read(site.join(path)) else {
                return Reply::Bytes(answer("404 Not Found", "", b""));
            };
            let etag = format!("\"{}\"", Digest::of(&bytes));
            if head.to_lowercase().contains(&format!("if-none-match: {etag}")) {
                return Reply::Bytes(answer("304 Not Modified", &format!("ETag: {etag}\r\n"), b""));
            }
            Reply::Bytes(answer("200 OK", &format!("ETag: {etag}\r\nContent-Type: text/plain\r\n"), &bytes))
        })
    }
}

pub fn body_json(number: u32, language: &str, rev: i64) -> String {
    format!(
        r#"{{"v":1,"salt":"AAECAwQFBgcICQoLDA0ODw","title":"{number} {language} {rev}","blocks":[{{"id":"b1","t":"p","html":"<p>Text</p>"}}],"media":[]}}"#
    )
}

/// A node that follows, with a clock that tests set.
pub struct Follower {
    pub peers: Peers,
    held: Option<(Scratch, tempfile::TempDir)>,
}

/// Calls that block, on a thread of their own: PostgreSQL's connections cannot be used on one that runs futures.
pub fn apart<T: Send>(call: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(call).join().unwrap())
}

impl Drop for Follower {
    fn drop(&mut self) {
        let held = self.held.take();
        apart(|| drop(held));
    }
}

impl Follower {
    pub fn new() -> Follower {
        let (database, scratch) = apart(database);
        let folder = tempfile::tempdir().unwrap();
        let policy = FetchPolicy { allow_private: true };
        let peers = Peers {
            limits: super::Limits::default(),
            database,
            fetcher: Fetcher::within(policy, Duration::from_millis(1500)),
            blobs: Blobs::open(folder.path().join("blobs")).unwrap(),
            clock: Clock::manual(START),
        };
        Follower { peers, held: Some((scratch, folder)) }
    }

    pub fn read<T: Send, E: From<DbError> + std::fmt::Debug + Send>(
        &self,
        ask: impl FnOnce(&mut Read<'_>) -> Result<T, E> + Send,
    ) -> T {
        apart(|| self.peers.database.read(ask)).unwrap()
    }

    pub fn write<T: Send, E: From<DbError> + std::fmt::Debug + Send>(
        &self,
        change: impl FnOnce(&mut Write<'_>) -> Result<T, E> + Send,
    ) -> T {
        apart(|| self.peers.database.write(change)).unwrap()
    }

    /// Follows the feed at a place with this filter; its origin.
    pub async fn follow(&self, place: &str, filter: &str) -> String {
        let found = follow::discover(&self.peers.fetcher, place, None).await.unwrap();
        apart(|| found.pin(&self.peers, &Filter::parse(filter).unwrap())).unwrap();
        found.origin
    }

    /// Follows the publisher's folder.
    pub async fn follow_folder(&self, publisher: &Publisher) -> String {
        self.follow(publisher.site().to_str().unwrap(), "{}").await
    }
}
