//! A node with nothing but a feed, for tests of this room: changes are put into its outbox by hand.

use super::entry::Entry;
use super::error::FeedError;
use super::files::FeedFiles;
use super::sequence::{FeedPlace, Sequencer, Step};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::moment::Moment;
use crate::domain::content::change::{Change, Put, Variant, Via};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::labels::Facets;
use crate::domain::identity::chain::Chain;
use crate::domain::identity::keyring::Keyring;
use crate::on_both;
use crate::platform::clock::Clock;
use crate::platform::db::schema::{bodies, body_media, outbox};
use crate::platform::db::testing::Scratch;
use crate::platform::db::{Database, DbError, Read, Reading, Write, testing};
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::entry_bundle::read_entries;
use crate::tlog::merkle::{Frontier, leaf_hash};
use crate::tlog::signed_note::Note;
use crate::tlog::tile::{self, FULL, Layer};
use diesel::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub struct Node {
    pub sequencer: Sequencer,
    pub database: Database,
    pub folder: tempfile::TempDir,
    next: AtomicU64,
    _scratch: Scratch,
}

pub const SITE: &str = "https://stadt.example/";

impl Node {
    pub fn new() -> Node {
        let (database, scratch) = testing::database();
        let folder = tempfile::tempdir().unwrap();
        let keys = Arc::new(Keyring::create(&folder.path().join("keys")).unwrap());
        let clock = Clock::manual(Moment::from_seconds(1_767_225_600));
        let place = FeedPlace::new(folder.path(), &folder.path().join("guard"), SITE);
        let sequencer = Sequencer::new(database.clone(), keys, clock, place);
        Node { sequencer, database, folder, next: AtomicU64::new(1), _scratch: scratch }
    }

    pub fn files(&self) -> &FeedFiles {
        &self.sequencer.place.files
    }

    /// Stores a body that shows `media`; its digest.
    pub fn body(&self, text: &str, media: &[Digest]) -> Digest {
        let shown: String = media.iter().map(|sha256| format!(" {sha256}")).collect();
        let bytes = format!("{text}{shown}");
        let sha256 = Digest::of(bytes.as_bytes());
        let row = (bodies::sha256.eq(sha256.to_string()), bodies::bytes.eq(bytes));
        let name = |medium: &Digest| {
            (body_media::body.eq(sha256.to_string()), body_media::medium.eq(medium.to_string()))
        };
        let named: Vec<_> = media.iter().map(name).collect();
        self.database
            .write(|tx: &mut Write<'_>| {
                let row = row.clone();
                on_both!(tx, c => diesel::insert_into(bodies::table).values(row).execute(c))?;
                on_both!(tx, c => diesel::insert_into(body_media::table).values(&named).execute(c))
                    .map_err(DbError::from)
            })
            .unwrap();
        sha256
    }

    /// Whether the bytes of this body are here, public or not.
    pub fn holds(&self, sha256: &Digest) -> bool {
        let hex = sha256.to_string();
        let count: i64 = self
            .database
            .read(|tx: &mut Read<'_>| {
                on_both!(tx, c => bodies::table.filter(bodies::sha256.eq(&hex)).count().get_result(c))
                    .map_err(DbError::from)
            })
            .unwrap();
        count == 1
    }

    pub fn publish(&self, changes: &[Change]) {
        let first = self.next.fetch_add(changes.len() as u64, Ordering::SeqCst) as i64;
        let row = |(number, change): (i64, &Change)| {
            (outbox::number.eq(number), outbox::change.eq(serde_json::to_string(change).unwrap()))
        };
        let rows: Vec<_> = (first..).zip(changes).map(row).collect();
        self.database
            .write(|tx: &mut Write<'_>| {
                for rows in rows.chunks(500) {
                    on_both!(tx, c => diesel::insert_into(outbox::table).values(rows).execute(c))?;
                }
                Ok::<_, DbError>(())
            })
            .unwrap();
    }

    /// Publishes `count` pages with invented bodies.
    pub fn publish_pages(&self, count: usize) {
        let changes: Vec<Change> = (0..count)
            .map(|number| {
                let text = format!("page {number} of {}", self.next.load(Ordering::SeqCst));
                put(object(number as u128), &[("de", Digest::of(text.as_bytes()), 1, &[])])
            })
            .collect();
        self.publish(&changes);
    }

    pub fn sequence(&self) -> u64 {
        self.sequencer.sequence().unwrap().size
    }

    /// Sequences up to and including this step, then crashes.
    pub fn crash_after(&self, last: Step) -> Result<(), FeedError> {
        let mut steps = |step| if step == last { Err(FeedError::Stopped(step)) } else { Ok(()) };
        self.sequencer.sequence_in_steps(&mut steps).map(|_| ())
    }

    /// The whole feed as a stranger finds it in its files, checked with nothing but these.
    pub fn visible(&self) -> Vec<Entry> {
        visible(&self.folder.path().join("feed"))
    }
}

pub fn object(number: u128) -> ObjectId {
    ObjectId::from_uuid(uuid::Uuid::from_u128(number + 1))
}

pub fn put(object: ObjectId, variants: &[(&str, Digest, i64, &[Digest])]) -> Change {
    let variant = |(language, body, rev, media): &(&str, Digest, i64, &[Digest])| {
        let variant = Variant {
            body: *body,
            size_bytes: 100,
            rev: *rev,
            source: None,
            via: Via::Human,
            media: media.to_vec(),
        };
        (language.parse().unwrap(), Some(variant))
    };
    Change::Put(Put {
        object,
        at: Moment::from_seconds(1_767_225_660),
        kind: ObjectKind::Page,
        licence: "CC-BY-4.0".into(),
        parent: None,
        ord: Some("a0".into()),
        facets: Facets::NONE,
        geo: None,
        expires_at: None,
        minor: false,
        variants: variants.iter().map(variant).collect(),
    })
}

pub fn withdraw(number: u128) -> Change {
    let at = Moment::from_seconds(1_767_300_000);
    Change::Withdraw { object: object(number), at, why: "archived".into() }
}

/// Takes one language back.
pub fn take_back(number: u128, language: &str) -> Change {
    let Change::Put(mut gone) = put(object(number), &[]) else { unreachable!() };
    gone.variants.insert(language.parse().unwrap(), None);
    Change::Put(gone)
}

pub fn erase(number: u128, revs: &[(&str, i64)]) -> Change {
    let revs: BTreeMap<_, _> = revs.iter().map(|(tag, rev)| (tag.parse().unwrap(), vec![*rev])).collect();
    let at = Moment::from_seconds(1_767_312_000);
    Change::Erase { object: object(number), at, why: "gdpr-17".into(), due_seconds: 259_200, revs }
}

pub fn visible(base: &Path) -> Vec<Entry> {
    let Ok(identity) = std::fs::read(base.join("identity")) else { return Vec::new() };
    let chain = Chain::verify(&identity).unwrap();
    let feed = base.join("pub/1");
    let Ok(bytes) = std::fs::read(feed.join("checkpoint")) else { return Vec::new() };
    let note = Note::parse(&bytes).unwrap();
    note.verify(&chain.checkpoint_key("pub").unwrap()).unwrap();
    let checkpoint: Checkpoint = note.text().parse().unwrap();
    let (mut frontier, mut all) = (Frontier::default(), Vec::new());
    while frontier.size() < checkpoint.size {
        let path = tile::tile_at(Layer::Entries, frontier.size(), checkpoint.size).unwrap();
        // As C2SP tells readers: where a partial tile is gone, the full one has its beginning.
        let read = |path: &tile::TilePath| std::fs::read(feed.join(path.to_string()));
        let width = if feed.join(path.to_string()).exists() { path.width() } else { 256 };
        let bundle = read(&path).or_else(|_| read(&path.full())).unwrap();
        let entries = read_entries(&bundle, usize::from(width)).unwrap();
        for entry in &entries[..usize::from(path.width())] {
            frontier.push(leaf_hash(entry));
            all.push(Entry::parse(entry).unwrap());
        }
    }
    assert_eq!(frontier.root(), checkpoint.root, "the bundles lead to another root");
    let from_tiles = tile::frontier_of_tiles(checkpoint.size, |path| {
        let bytes = std::fs::read(feed.join(path.to_string()))
            .or_else(|_| std::fs::read(feed.join(path.full().to_string())))
            .unwrap();
        tile::read_hashes(&bytes[..usize::from(path.width()) * 32], path.width())
    });
    assert_eq!(from_tiles.unwrap(), frontier);
    assert_eq!(all.len() as u64 / FULL, checkpoint.size / FULL);
    all
}
