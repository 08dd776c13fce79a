//! A publishing node: real content, real sequencer, exported to a folder. Checks after each step that its feed is
//! valid, only ever grows, and says exactly what the editors published.

use super::plan::Meddling;
use super::served::{self, Log};
use super::shelf::{Shelf, State};
use super::town::{LICENCE, Public, SITE, Said, Town};
use lotse::base::moment::Moment;
use lotse::domain::feed::error::FeedError;
use lotse::domain::feed::export::export;
use lotse::domain::feed::sequence::{FeedPlace, Sequencer, Step};
use lotse::domain::identity::keyring::Keyring;
use lotse::platform::blobs::Blobs;
use lotse::platform::clock::Clock;
use lotse::platform::db::Database;
use lotse::platform::db::testing::{Scratch, database};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

const STEPS: [Step; 9] = [
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

pub struct Publisher {
    pub town: Town,
    pub keys: Arc<Keyring>,
    pub sequencer: Sequencer,
    pub database: Database,
    pub folder: tempfile::TempDir,
    /// What its last checkpoint names.
    pub log: Log,
    /// Checkpoints that were exported, with what they name.
    pub notes: Vec<(Vec<u8>, usize)>,
    /// It died and nothing has run since.
    pub crashed: bool,
    _scratch: Scratch,
}

impl Publisher {
    pub fn new() -> Publisher {
        let (database, _scratch) = database();
        let folder = tempfile::tempdir().unwrap();
        let keys = Arc::new(Keyring::create(&folder.path().join("keys")).unwrap());
        let clock = Clock::manual(Moment::from_seconds(1_790_000_000));
        let town = Town::found(&database, &clock);
        let sequencer = sequencer(&folder, &database, &keys, &clock);
        let (log, notes) = (Log::new(), Vec::new());
        let crashed = false;
        let mut publisher =
            Publisher { town, keys, sequencer, database, folder, log, notes, crashed, _scratch };
        publisher.sequence();
        publisher
    }

    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub fn origin(&self) -> String {
        self.sequencer.place().files.published().unwrap().origin
    }

    pub fn sequence(&mut self) {
        self.sequencer.sequence().unwrap();
        self.crashed = false;
        self.check_all_is_told();
        self.export();
    }

    /// Dies after this step; what is visible is the state before or, after the last step, the new one.
    pub fn crash(&mut self, step: usize) {
        self.crashed = true;
        let (last, before) = (STEPS[step], self.log.len());
        let mut steps = |step| if step == last { Err(FeedError::Stopped(step)) } else { Ok(()) };
        let stopped = self.sequencer.sequence_in_steps(&mut steps);
        assert!(!matches!(&stopped, Err(error) if !matches!(error, FeedError::Stopped(_))), "{stopped:?}");
        self.read_visible();
        let last_step = stopped.is_ok() || last == Step::CheckpointWritten;
        assert!(last_step || self.log.len() == before, "{last:?} made entries visible");
        self.sequencer = sequencer(&self.folder, &self.database, &self.keys, &self.town.clock);
    }

    pub fn recover(&mut self) {
        self.sequencer = sequencer(&self.folder, &self.database, &self.keys, &self.town.clock);
        self.sequencer.recover().unwrap();
        self.crashed = false;
        self.check_all_is_told();
        self.export();
    }

    /// With a guard that contradicts the database nothing is signed, and the visible feed stays.
    pub fn meddle(&mut self, how: Meddling) {
        let guard = &self.sequencer.place().guard;
        let honest = guard.last_signed().unwrap().unwrap();
        let mut other = honest.clone();
        match how {
            Meddling::Ahead => other.size += 100_000,
            Meddling::Differs => other.root = lotse::base::digest::Digest::of(b"other"),
            Meddling::Missing => fs::remove_file(guard.path().join("signed")).unwrap(),
        }
        if !matches!(how, Meddling::Missing) {
            guard.remember(&other).unwrap();
        }
        let refused = self.sequencer.sequence();
        let as_expected = match how {
            Meddling::Ahead => matches!(refused, Err(FeedError::GuardAhead { .. })),
            Meddling::Differs => matches!(refused, Err(FeedError::GuardDiffers { .. })),
            Meddling::Missing => matches!(refused, Err(FeedError::GuardMissing { .. })),
        };
        assert!(as_expected, "{how:?}: {refused:?}");
        assert!(matches!(how, Meddling::Missing) || guard.last_signed().unwrap() == Some(other));
        guard.remember(&honest).unwrap();
        let before = self.log.len();
        self.read_visible();
        assert_eq!(self.log.len(), before);
    }

    /// Reads the feed's files as a stranger; what was visible before must still be its beginning.
    fn read_visible(&mut self) {
        let data = self.folder.path();
        if !served::feed(data).join("checkpoint").exists() {
            return assert!(self.log.is_empty(), "the checkpoint is gone");
        }
        let log = served::entries(data, 0, served::size(data)).unwrap();
        assert!(log.starts_with(&self.log), "the feed was rewritten");
        self.log = log;
    }

    /// Everything that was published is in the log once, and the guard knows it.
    fn check_all_is_told(&mut self) {
        self.read_visible();
        let files = &self.sequencer.place().files;
        assert_eq!(self.sequencer.place().guard.last_signed().unwrap(), files.published());
        assert_eq!(self.sequencer.sequence().unwrap().added, 0, "sequencing again adds nothing");
        let shelf = Shelf::of(&self.log);
        let refused: Vec<_> =
            shelf.refused.iter().map(|at| String::from_utf8_lossy(&self.log[*at])).collect();
        assert!(refused.is_empty(), "entries of an honest node that followers refuse: {refused:#?}");
        assert_eq!(self.told(&shelf), self.town.public());
    }

    fn told(&self, shelf: &Shelf) -> Public {
        let mut all = Public::new();
        for (id, object) in &shelf.objects {
            let heads = shelf.heads.iter().filter(|((of, _), head)| of == id && head.state == State::Live);
            let texts: BTreeMap<String, Said> = heads
                .map(|((_, language), head)| {
                    let (rev, source) = (head.rev, head.source.clone());
                    (language.clone(), Said { rev, title: self.title(&head.body), source, public: true })
                })
                .collect();
            if object.kind != "profile" && object.state == State::Live && !texts.is_empty() {
                assert_eq!(object.licence, LICENCE, "of {id}");
                all.insert(id.clone(), (object.parent.clone().unwrap(), object.ord.clone(), texts));
            }
        }
        all
    }

    fn title(&self, body: &str) -> String {
        let digest = body.parse().unwrap();
        let bodies = self.database.read(|tx| lotse::domain::content::store::bodies::load(tx, &[digest]));
        let bytes = bodies.unwrap().remove(&digest).unwrap();
        serde_json::from_str::<serde_json::Value>(&bytes).unwrap()["title"].as_str().unwrap().to_owned()
    }

    /// Brings the site's folder up to date.
    pub fn export(&mut self) {
        let media = Blobs::open(self.folder.path().join("blobs")).unwrap();
        let exported = export(&self.sequencer, &media, &self.site()).unwrap();
        let (log, site) = (self.log.clone(), self.site());
        assert_eq!((exported.entries as usize, exported.missing_media), (log.len(), 0));
        assert_eq!(served::entries(&site, 0, log.len()).unwrap(), log);
        let note = fs::read(served::feed(&site).join("checkpoint")).unwrap();
        if self.notes.last().is_none_or(|(last, _)| *last != note) {
            self.notes.push((note, log.len()));
        }
    }
}

fn sequencer(
    folder: &tempfile::TempDir,
    database: &Database,
    keys: &Arc<Keyring>,
    clock: &Clock,
) -> Sequencer {
    let place = FeedPlace::new(folder.path(), &folder.path().join("guard"), SITE);
    Sequencer::new(database.clone(), Arc::clone(keys), clock.clone(), place)
}
