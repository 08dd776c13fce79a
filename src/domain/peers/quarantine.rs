//! What happens when a feed is caught: it is paused, everything that proves it is kept, and what was good stays.

use super::Peers;
use super::error::PeerError;
use super::store::feeds::{self, EvidenceRow, FeedRow, SeenRow};
use super::tiles::History;
use super::verify::{Signed, Verified};
use crate::base::moment::Moment;
use crate::platform::clock::Clock;
use crate::platform::db::{DbError, Write};

/// What a feed is found guilty of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// It signed a smaller log than before and has stayed with it.
    RolledBack,
    /// It signed two different logs of one size.
    TwoOfOneSize,
    /// It signed a log that does not begin with the entries it signed before.
    Rewritten,
    /// It signed one log for us and another for a witness.
    SplitView,
    /// An entry has no bytes, and no `redact` says why.
    Hidden(u64),
}

impl Charge {
    fn what(self) -> &'static str {
        match self {
            Charge::RolledBack => "rolled-back",
            Charge::TwoOfOneSize | Charge::Rewritten | Charge::SplitView => "fork",
            Charge::Hidden(_) => "hidden-entry",
        }
    }

    fn words(self, feed: &FeedRow, signed: &Signed) -> String {
        let (had, shows) = (feed.size, signed.checkpoint.size);
        match self {
            Charge::RolledBack => {
                format!(
                    "for a day its log has shown only {shows} entries, after it had shown more; it was rolled back"
                )
            }
            Charge::TwoOfOneSize => two_of(shows),
            Charge::Rewritten | Charge::SplitView => format!(
                "its log changed history: the log of {shows} entries that it signs now does not begin with the {had} entries that it signed before"
            ),
            Charge::Hidden(index) => {
                format!("its log hides entry {index}: it has no bytes and no redact says why")
            }
        }
    }
}

/// A checkpoint that was seen, to be kept for ever.
pub fn seen(origin: &str, signed: &Signed, source: &str, now: Moment) -> SeenRow {
    SeenRow {
        origin: origin.to_owned(),
        size: i64::try_from(signed.checkpoint.size).unwrap_or(i64::MAX),
        root: signed.checkpoint.root.to_string(),
        note: signed.note.clone(),
        source: source.to_owned(),
        seen_at: now.micros(),
    }
}

/// Pauses the feed and stores what proves the charge; the error to tell.
pub async fn accuse(
    peers: &Peers,
    feed: &FeedRow,
    charge: Charge,
    signed: &Verified<Signed>,
    history: Option<History>,
) -> PeerError {
    let tiles: std::collections::BTreeMap<String, Vec<String>> = history
        .into_iter()
        .flat_map(|history| history.tiles)
        .map(|(path, hashes)| (path.to_string(), hashes.iter().map(ToString::to_string).collect()))
        .collect();
    let detail = serde_json::json!({
        "old": { "size": feed.size, "frontier": feed.frontier, "note": feed.note },
        "new": { "size": signed.checkpoint.size, "note": signed.note },
        "tiles": tiles,
    });
    let seen = seen(&feed.origin, signed, "origin", peers.clock.now());
    let case = Case { charge, why: charge.words(feed, signed), detail, seen };
    let told = PeerError::Quarantined { origin: feed.origin.clone(), why: case.why.clone() };
    let clock = peers.clock.clone();
    match peers.database.run(move |database| database.write(|tx| case.close(tx, &clock))).await {
        Ok(()) => told,
        Err(error) => PeerError::Database(error),
    }
}

/// A charge with its proof.
pub struct Case {
    pub charge: Charge,
    /// For a person.
    pub why: String,
    /// A JSON object: the notes, and what shows that they contradict each other.
    pub detail: serde_json::Value,
    /// The checkpoint that it was found by.
    pub seen: SeenRow,
}

impl Case {
    /// Pauses the feed and keeps the proof.
    pub fn close(mut self, tx: &mut Write<'_>, clock: &Clock) -> Result<(), DbError> {
        self.detail["why"] = self.why.clone().into();
        feeds::set_state(tx, &self.seen.origin, "quarantined", Some(&self.why))?;
        feeds::keep_seen(tx, &self.seen)?;
        feeds::keep_evidence(
            tx,
            &EvidenceRow {
                id: clock.fresh_id().to_string(),
                origin: self.seen.origin,
                what: self.charge.what().to_owned(),
                detail: self.detail.to_string(),
                found_at: clock.now().micros(),
            },
        )
    }
}

/// The case against a feed that signed the checkpoint in `seen` and, before, the one in `known`: two logs of one size.
pub fn two_of_one_size(known: &SeenRow, seen: SeenRow) -> Case {
    let detail = serde_json::json!({
        "old": { "size": known.size, "note": known.note, "source": known.source },
        "new": { "size": seen.size, "note": seen.note, "source": seen.source },
    });
    let why = two_of(seen.size);
    Case { charge: Charge::TwoOfOneSize, why, detail, seen }
}

fn two_of(size: impl std::fmt::Display) -> String {
    format!("its log changed history: it signed two different logs of {size} entries")
}
