//! A publisher, a follower, and the judge between them: from the logs that were signed it knows by itself what the
//! follower must say and hold.

use super::faults::{self, Edge, Signed};
use super::follower::{Follower, serve};
use super::plan::{Deed, Fault, Part};
use super::publisher::Publisher;
use super::served::{self, Log};
use super::shelf::{Shelf, State};
use lotse::domain::peers::error::PeerError;
use lotse::domain::peers::sync::Synced;
use std::path::PathBuf;

const DAY_SECONDS: i64 = 24 * 3600;
/// SPEC (civic-feed §2.8): above this many new entries, bulk mode.
const BULK_ENTRIES: usize = 4096;

/// How the follower reaches the served folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    Folder,
    Http,
}

pub struct World {
    publisher: Publisher,
    follower: Follower,
    served: tempfile::TempDir,
    /// The log that the follower took over, and what it adds up to there.
    accepted: Log,
    shelf: Shelf,
    /// The largest log that it ever saw signed.
    known: usize,
    /// Since when a smaller one is shown, in seconds of its clock.
    behind_since: Option<i64>,
    quarantined: bool,
    evidence: Vec<&'static str>,
    turn: usize,
}

/// What the follower must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Accepts,
    Refuses,
    Damaged,
    Older,
    Accuses(&'static str),
    StaysPaused,
}

impl World {
    pub fn new(road: Road) -> World {
        let publisher = Publisher::new();
        let served = tempfile::tempdir().unwrap();
        served::copy(&publisher.site(), served.path());
        let place = match road {
            Road::Folder => served.path().to_str().unwrap().to_owned(),
            Road::Http => serve(served.path().to_owned()),
        };
        let follower = Follower::new(&place);
        World {
            publisher,
            follower,
            served,
            accepted: Log::new(),
            shelf: Shelf::default(),
            known: 0,
            behind_since: None,
            quarantined: false,
            evidence: Vec::new(),
            turn: 0,
        }
    }

    pub fn play(&mut self, deed: &Deed) {
        self.turn += 1;
        self.publisher.town.clock.advance(60);
        match deed {
            Deed::Edit(verbs) => {
                let publisher = &mut self.publisher;
                verbs.iter().for_each(|verb| publisher.town.edit(&publisher.database, verb));
            }
            Deed::Fill(count) => self.publisher.town.fill(&self.publisher.database, *count),
            Deed::Sequence => self.publisher.sequence(),
            Deed::CrashPublisher(step) => self.publisher.crash(*step),
            Deed::Recover => self.publisher.recover(),
            Deed::MeddleWithGuard(how) => self.publisher.meddle(*how),
            Deed::Sync => self.sync_honestly(),
            Deed::CrashFollower { awaits, reopen } => self.crash_follower(*awaits, *reopen),
            Deed::Serve(fault) => self.serve_with(*fault),
        }
    }

    /// In the end everything is told, followed, and valid.
    pub fn end(&mut self) {
        self.publisher.recover();
        self.heal();
        assert!(self.follower.audit_holds(self.publisher.site().to_str().unwrap()), "the feed is not valid");
    }

    fn site(&self) -> PathBuf {
        self.served.path().to_owned()
    }

    fn now(&self) -> i64 {
        self.follower.peers.clock.now().micros() / 1_000_000
    }

    /// The log of the last export: what a crashed publisher wrote since is not on the web server yet.
    fn exported(&self) -> Log {
        self.publisher.log[..self.publisher.notes.last().unwrap().1].to_vec()
    }

    fn serve_honestly(&mut self) -> Log {
        if !self.publisher.crashed {
            self.publisher.export();
        }
        served::copy(&self.publisher.site(), &self.site());
        let log = self.exported();
        if self.turn.is_multiple_of(2) && self.accepted.len() < log.len() {
            served::offer_range(&self.site(), &log, self.accepted.len(), log.len());
        }
        log
    }

    fn sync_honestly(&mut self) {
        let log = self.serve_honestly();
        self.follower.peers.clock.advance(60);
        self.sync_and_judge(&Signed::Log(log));
    }

    /// Serves rightly again and gives time: now all must be well, or be refused for a reason that stays.
    fn heal(&mut self) {
        self.sync_honestly();
        if self.quarantined {
            // The operator looks and goes on; what still contradicts is found again.
            self.follower.resume();
            (self.quarantined, self.behind_since) = (false, None);
            self.sync_honestly();
        }
        if !self.quarantined && self.behind_since.is_none() && !self.is_complete() {
            self.follower.peers.clock.advance(25 * 3600);
            self.sync_honestly();
            let honest = self.accepted == self.exported();
            assert!(!honest || self.is_complete(), "texts are missing though all are offered");
        }
    }

    fn is_complete(&self) -> bool {
        let live = |head: &&super::shelf::Head| head.state == State::Live;
        let newest = |head: &super::shelf::Head| head.shown == Some((head.body.clone(), head.rev));
        self.shelf.heads.values().filter(live).all(newest)
    }

    fn serve_with(&mut self, fault: Fault) {
        // Damage is told from fraud on the true log only, which must be the exported one.
        if self.exported().len() < self.publisher.log.len() {
            self.publisher.recover();
        }
        self.serve_honestly();
        let edge =
            Edge { accepted: if self.accepted.is_empty() { &self.publisher.log } else { &self.accepted } };
        let signed = faults::apply(fault, &self.site(), &self.publisher, &edge);
        self.check_audit(fault);
        self.follower.peers.clock.advance(60);
        self.sync_and_judge(&signed);
        if matches!(fault, Fault::RollBack { for_a_day: true, .. }) {
            self.follower.peers.clock.advance(DAY_SECONDS);
            self.sync_and_judge(&signed);
        }
        self.heal();
    }

    /// A stranger who checks the whole place finds the fault too, if it is one without the publisher's key.
    fn check_audit(&self, fault: Fault) {
        let (site, log) = (self.site(), &self.publisher.log);
        let place = site.to_str().unwrap().to_owned();
        let shelf = Shelf::of(log);
        let live = shelf.heads.values().filter(|head| head.state == State::Live);
        let bodies = live.into_iter().all(|head| served::has_body(&site, &head.body));
        let as_exported = |path: &str| {
            std::fs::read(site.join(path)).ok() == std::fs::read(self.publisher.site().join(path)).ok()
        };
        let valid = as_exported("feed/identity")
            && as_exported("feed/pub/1/checkpoint")
            && served::entries(&site, 0, log.len()).as_ref() == Some(log)
            && bodies;
        match fault {
            Fault::RollBack { .. } | Fault::Rewrite { .. } | Fault::Fork { .. } => {}
            Fault::Tamper(Part::Tile, _) | Fault::Cut(Part::Tile, _) | Fault::Lose(Part::Tile, _) => {}
            _ => assert_eq!(self.follower.audit_holds(&place), valid, "an audit of {fault:?}"),
        }
    }

    fn crash_follower(&mut self, awaits: u8, reopen: bool) {
        let log = self.serve_honestly();
        self.follower.peers.clock.advance(60);
        let expected = self.expected(&Signed::Log(log.clone()));
        if let Some(outcome) = self.follower.sync_and_die(awaits, reopen) {
            return self.judge(outcome, &expected, &Signed::Log(log));
        }
        let held = self.follower.held();
        let size = held.entries.len();
        if size != self.accepted.len() {
            assert!(expected.contains(&Answer::Accepts) && size == log.len(), "half a sync was kept");
            self.take_over(&log);
        }
        if held.feed.state == "quarantined" && !self.quarantined {
            let Some(Answer::Accuses(what)) = expected.first() else { panic!("accused by a crash") };
            self.accused(what, log.len());
        }
        self.behind_since = held.feed.behind_since.map(|micros| micros / 1_000_000);
        self.check();
        // Nobody else may have the feed before the lease of the dead one ends.
        self.follower.peers.clock.advance(11 * 60);
    }

    fn sync_and_judge(&mut self, signed: &Signed) {
        let expected = self.expected(signed);
        let outcome = self.follower.sync();
        self.judge(outcome, &expected, signed);
    }

    fn expected(&self, signed: &Signed) -> Vec<Answer> {
        if self.quarantined {
            return vec![Answer::StaysPaused];
        }
        let Signed::Log(log) = signed else { return vec![Answer::Refuses] };
        let (site, have) = (self.site(), self.accepted.len());
        if log.len() < self.known {
            let since = self.behind_since.unwrap_or(self.now());
            let for_a_day = self.now() - since >= DAY_SECONDS;
            return vec![if for_a_day { Answer::Accuses("rolled-back") } else { Answer::Older }];
        }
        if log.len() == have {
            return vec![if *log == self.accepted { Answer::Accepts } else { Answer::Accuses("fork") }];
        }
        let continues = log.starts_with(&self.accepted);
        let range = served::feed(&site).join(format!("range/{have}-{}", log.len()));
        let range = std::fs::read(range).is_ok_and(|bytes| bytes == served::bundle(&log[have..], None));
        let bulk = log.len() - have > BULK_ENTRIES;
        let tiles = || {
            let exported = served::files(&served::feed(&self.publisher.site()).join("tile"));
            exported.iter().all(|path| {
                let copy = site.join(path.strip_prefix(self.publisher.site()).unwrap());
                std::fs::read(copy).ok() == std::fs::read(path).ok()
            })
        };
        match served::entries(&site, have, log.len()) {
            // Many entries at once are proven by tiles, and each bundle as a whole; not all of these are needed.
            Some(entries) if bulk && continues && entries == log[have..] && *log == self.publisher.log => {
                if tiles() {
                    vec![Answer::Accepts]
                } else {
                    vec![Answer::Accepts, Answer::Damaged]
                }
            }
            _ if range && continues && !bulk => vec![Answer::Accepts],
            Some(entries) if entries == log[have..] && continues => vec![Answer::Accepts],
            Some(entries) if hides(&entries, &log[have..]) && continues => {
                vec![Answer::Accuses("hidden-entry")]
            }
            _ if continues => vec![Answer::Damaged],
            _ if *log != self.publisher.log => vec![Answer::Accuses("fork")],
            // Another history; whether that can be proven depends on tiles that may be damaged as well.
            _ => vec![Answer::Accuses("fork"), Answer::Damaged],
        }
    }

    fn judge(&mut self, outcome: Result<Synced, PeerError>, expected: &[Answer], signed: &Signed) {
        let told = outcome.as_ref().map(|synced| synced.to).map_err(ToString::to_string);
        let answer = match &outcome {
            Ok(_) => Answer::Accepts,
            Err(PeerError::Checkpoint { .. }) => Answer::Refuses,
            Err(PeerError::Identity { .. }) => Answer::Refuses,
            Err(PeerError::Corrupt { .. } | PeerError::Absent { .. }) => Answer::Damaged,
            Err(PeerError::Older { .. }) => Answer::Older,
            Err(PeerError::Quarantined { .. }) if self.quarantined => Answer::StaysPaused,
            Err(PeerError::Quarantined { .. }) => self.accusation(),
            Err(error) => panic!("an answer nobody expects: {error}"),
        };
        // A checkpoint that is not there at all is refused by its absence.
        let absent = answer == Answer::Damaged && matches!(signed, Signed::Nothing);
        let right = expected.contains(&answer) || (absent && expected.contains(&Answer::Refuses));
        assert!(right, "expected {expected:?}, the follower said {told:?}");
        match (answer, signed) {
            (Answer::Accepts, Signed::Log(log)) => {
                self.take_over(log);
                self.behind_since = None;
            }
            (Answer::Accuses(what), Signed::Log(log)) => {
                self.accused(what, log.len());
            }
            (Answer::Older, _) => self.behind_since = Some(self.behind_since.unwrap_or(self.now())),
            _ => {}
        }
        self.check();
    }

    fn accusation(&self) -> Answer {
        let held = self.follower.held();
        let newest = held.detail.evidence.iter().max_by_key(|evidence| evidence.found_at);
        match newest.map(|evidence| evidence.what.as_str()) {
            Some("rolled-back") => Answer::Accuses("rolled-back"),
            Some("fork") => Answer::Accuses("fork"),
            Some("hidden-entry") => Answer::Accuses("hidden-entry"),
            other => panic!("paused without evidence: {other:?}"),
        }
    }

    fn accused(&mut self, what: &'static str, size: usize) {
        self.quarantined = true;
        self.behind_since = None;
        self.evidence.push(what);
        self.known = self.known.max(size);
    }

    fn take_over(&mut self, log: &[Vec<u8>]) {
        for entry in log.iter().skip(self.accepted.len()) {
            self.shelf.add(entry);
        }
        self.accepted = log.to_vec();
        self.known = self.known.max(log.len());
    }

    /// What the follower holds is what it must hold, whatever it was just served.
    fn check(&mut self) {
        let held = self.follower.held();
        assert_eq!(held.detail.peer.state, if self.quarantined { "quarantined" } else { "following" });
        let mut evidence: Vec<&str> = held.detail.evidence.iter().map(|one| one.what.as_str()).collect();
        let mut expected = self.evidence.clone();
        evidence.sort_unstable();
        expected.sort_unstable();
        assert_eq!(evidence, expected);
        assert_eq!(held.feed.size as usize, self.accepted.len());
        assert_eq!(held.entries.len(), self.accepted.len());
        for (at, (row, entry)) in held.entries.iter().zip(&self.accepted).enumerate() {
            assert_eq!(row.raw.as_bytes(), entry, "entry {at}");
            assert_eq!(row.bad_reason.is_some(), self.shelf.refused.contains(&at), "{:?}", row.bad_reason);
        }
        held.compare(&mut self.shelf, self.served.path());
    }
}

/// Whether entries are those of the log but for some without bytes.
fn hides(entries: &[Vec<u8>], log: &[Vec<u8>]) -> bool {
    let same = |(entry, signed): (&Vec<u8>, &Vec<u8>)| entry.is_empty() || entry == signed;
    entries.len() == log.len() && entries.iter().zip(log).all(same)
}
